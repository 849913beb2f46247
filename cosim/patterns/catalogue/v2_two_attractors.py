"""V2: two attractors in fee payment, and hysteresis: bad service, unwilling to pay, worse service; or the other way.

Two worlds with the same people and luck are pushed apart for five years: in one the fee is dear and residents rate the
firm, in the other the fee is halved. Then both live by the shipped rules for ten years. If payment has two attractors,
they stay where they were pushed. And the fee's level goes up step by step and down again, ten years a step: with
hysteresis, payment at some level depends on the way by which it was come to.

Ten years, because the loop itself is slow: what is left after two or three of them is memory, not an attractor.
`fee.initial_share` is no way to begin from low or high payment: it holds for every household that moves in later, too.

What the model does. At the shipped values payment has one attractor. The loop is there, and close to the point at
which it would feed itself, so that a push takes years to fade; but households differ so much in their readiness to pay
(`fee.taste_spread`, assumed) that only some of them change their mind with the service. With households half as
different, and a firm that keeps a little less for itself (`--set fee.taste_spread=1 --set property_firm.slack=0.34`),
there are two, and payment stays with either for decades.
"""

from collections.abc import Mapping

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario

YEARS = 12
PUSH, STAY = 5 * YEARS, 10 * YEARS
"""Months of pushing payment up or down, and of living with what came of it; the latter also for a step of the sweep."""
WINDOW = 2 * YEARS
"""Months at the end of a stretch over which payment is averaged."""
LEVELS = (0.6, 0.8, 1.0, 1.2, 1.4)
"""Levels of the fee, against its rate, on the way up; then the same down again."""


def stretches(*stretch: tuple[int, Mapping[str, object]]) -> dict[str, object]:
    """Return settings for stretches of months, each with what the firm's section is set to."""
    starts = np.cumsum([0, *(months for months, _ in stretch)]).tolist()
    levers = [{"property_firm": firm} for _, firm in stretch]
    changes = [{"month": month, "set": lever} for month, lever in zip(starts[:-1], levers, strict=True)]
    return {"study.months": starts[-1], "changes": changes}


BY_THE_RULES = (STAY, {"fee_level": 1.0, "residents_rate": False})
LOW, HIGH, SWEEP = "pushed down", "pushed up", "fee up and down"
ARMS = {
    LOW: Arm("single_centre", stretches((PUSH, {"fee_level": 0.5}), BY_THE_RULES)),
    HIGH: Arm("single_centre", stretches((PUSH, {"fee_level": 1.6, "residents_rate": True}), BY_THE_RULES)),
    SWEEP: Arm("single_centre", stretches(*((STAY, {"fee_level": level}) for level in LEVELS + LEVELS[-2::-1]))),
}  # fmt: skip


def read(community: Community) -> dict[str, float]:
    """Return the share of households that pay at the end of each stretch between changes, by its number from 1."""
    pays = community.run().months.set_index("month")["fee_collection"]
    starts = [change.month for change in community.settings.changes]
    ends = [*starts[1:], community.settings.study.months]
    return {f"stretch {n}": float(pays.loc[end - WINDOW : end - 1].mean()) for n, end in enumerate(ends, 1)}


def apart(readings: Readings) -> np.ndarray:
    """Return whether the two ends are at least a quarter of all households apart, bool per replicate."""
    return np.asarray(readings[HIGH]["stretch 2"] - readings[LOW]["stretch 2"] >= 0.25)


def widest(readings: Readings) -> np.ndarray:
    """Return how much more pay on the way down than on the way up, at the level where that is most."""
    way = readings[SWEEP].to_numpy()
    steps = len(LEVELS)
    return np.asarray((way[:, steps:] - way[:, steps - 2 :: -1]).max(axis=1))


def senseless(scenario: Scenario) -> str:
    """Say where there is no fee to pay, or the pattern's own way with it would be undone."""
    if scenario.fee.rate == 0.0:
        return "there is no fee (fee.rate is 0)"
    moved = scenario.property_firm.fee_level != 1.0 or scenario.property_firm.residents_rate
    return "it moves the fee's level and the firm's rating itself (property_firm)" if moved else ""


V2 = Pattern(
    id="V2",
    kind="validation",
    title="Two attractors in fee payment, and hysteresis",
    title_zh="物业费缴纳的两个稳态与滞后",
    observed="bad service, unwilling to pay, worse service; a deadlock in Shanghai's 祥和家园, and 97 % after its end",
    source="Banyuetan 2024(11); Shanghai 祥和家园, 2025",
    mark="R",
    arms=ARMS,
    read=read,
    criteria=(
        Criterion("Ends at least .25 apart", apart, low=0.80, unit="share of seeds"),
        Criterion("Widest gap between down and up", widest, low=0.15, unit="share of households"),
    ),
    senseless=senseless,
)
