"""N1: bad own experience weighs r times as much as good; of what one is told, bad and good weigh about the same.

After a few months of a real compound everybody gets the same news, first good, then, from the same trust, as bad. What
trust moves by is read from the phases of the month themselves, with chance encounters and the return to the set point
taken out of them: `conclude` for one's own experience, `talk` for hearsay.
"""

from collections.abc import Callable

import numpy as np

from cosim.community import Community
from cosim.month.residents_sign_off import conclude
from cosim.month.talk import talk
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario
from cosim.world.columns import TARGETS

NEWS = 0.5
"""Size of the signal, good or bad."""
ARM = "without reform"


def bad_to_good(community: Community, tell: Callable[[float], None]) -> float:
    """Return how much further trust falls after bad news than it rises after good, over everybody and all targets."""
    r = community.world.residents
    before, moved = r.trust.copy(), {}
    for news in (NEWS, -NEWS):
        tell(news)
        moved[news] = np.abs(r.trust - before)[r.present].sum(dtype=np.float64)
        r.trust[:] = before
    return float(moved[-NEWS] / moved[NEWS])


def read(community: Community) -> dict[str, float]:
    """Return the weight of bad news against good: of own experience in units of r, and of hearsay."""
    world = community.run().world
    nothing = np.float32(0.0)
    world.constants["trust"] = world.constants["trust"]._replace(encounter=nothing, pull=nothing)
    world.circumstances.seen[:] = 0.0

    def experience(news: float) -> None:
        world.circumstances.own[:] = news
        conclude(world)

    def hearsay(news: float) -> None:
        world.residents.published[:, : len(TARGETS)] = news
        talk(world, community.institutions)

    own = bad_to_good(community, experience) / community.settings.trust.loss_ratio
    return {"own": own, "hearsay": bad_to_good(community, hearsay)}


def own(readings: Readings) -> np.ndarray:
    """Return the weight of bad own experience against good, in units of r."""
    return readings[ARM]["own"].to_numpy()


def hearsay(readings: Readings) -> np.ndarray:
    """Return the weight of bad hearsay against good."""
    return readings[ARM]["hearsay"].to_numpy()


def senseless(scenario: Scenario) -> str:
    """Say where nobody learns from such news."""
    if scenario.trust.gain == 0.0 or scenario.trust.hearsay_gain == 0.0:
        return "nobody learns (trust.gain, trust.hearsay_gain)"
    return "news of this size goes unnoticed (trust.notice)" if scenario.trust.notice > 0.25 else ""


N1 = Pattern(
    id="N1",
    kind="verification",
    title="Bad experience weighs r times as much as good, hearsay the same",
    title_zh="亲历的负面信息权重为正面的r倍，传闻则对称",
    observed="asymmetry of what is lived through, none of what is described: the model's form",
    source="sign: Slovic 1993; Frontiers in Psychology 2023, n = 286",
    mark="R",
    arms={ARM: Arm("single_centre", {"study.warmup_months": 0, "study.months": 3})},
    read=read,
    criteria=(
        Criterion("Bad against good own experience, over r", own, low=0.99, high=1.01, unit="ratio"),
        Criterion("Bad against good hearsay", hearsay, low=0.9, high=1.1, unit="ratio"),
    ),
    replicates=5,
    senseless=senseless,
)
