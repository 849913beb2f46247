"""V3: Party members vote more, 65 to 48 %, in the residents' committee's election; with no parameter by membership.

Turnout is personal, in the second election after the start; the compound is unreformed, as where the model's turnout
was calibrated on the same survey (C2). That no constant of voting goes by membership is looked at, too: the election
is held once more with everybody's membership turned around, and nobody may vote otherwise.

What the model does. Members meet every month, and so have much stronger ties and know far more of common affairs. But a
vote asks for trust in the Party organisation, promises kept, grievance, efficacy, habit and the visible norm, and in
all of these members are like others. Strength of ties weighs whom one sees, not how much the norm counts; the norm is
of meetings and joint work, which are rare here; knowing of common affairs does not make voting easier.
"""

import numpy as np

from cosim.community import Community
from cosim.month.review import FIRST_ELECTION, elect
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario

ELECTION = 24
"""Month of the election; the run ends with it."""
ARM = "without reform"


def read(community: Community) -> dict[str, float]:
    """Return turnout of members and of others, and how many would vote otherwise if membership alone were changed."""
    world = community.run().world
    r = world.residents
    voted, here, member = r.voted == world.month, r.present.copy(), r.member.copy()
    r.member[:] = ~member
    again, _ = elect(world)
    r.member[:] = member
    return {
        "members": voted[here & member].mean(),
        "others": voted[here & ~member].mean(),
        "changed": np.count_nonzero(again[here] != voted[here]),
    }


def ratio(readings: Readings) -> np.ndarray:
    """Return members' turnout over that of others."""
    return np.asarray(readings[ARM]["members"] / readings[ARM]["others"])


def changed(readings: Readings) -> np.ndarray:
    """Return how many people's vote goes by membership itself."""
    return readings[ARM]["changed"].to_numpy()


def senseless(scenario: Scenario) -> str:
    """Say where there are no members, or only members, or no election in that month."""
    if not 0.0 < scenario.population.member_share < 1.0:
        return "there are no two groups (population.member_share)"
    held = (ELECTION - FIRST_ELECTION) % scenario.committee.term == 0
    return "" if held else f"there is no election in month {ELECTION} (committee.term)"


V3 = Pattern(
    id="V3",
    kind="validation",
    title="Party members vote more",
    title_zh="党员投票率更高",
    observed="65.1 % of Party members and 48.4 % of the masses said they had voted, N = 6,581",
    source="Shanghai survey, 《嬗变中的上海》",
    mark="R",
    arms={ARM: Arm("single_centre", {"study.months": ELECTION + 1})},
    read=read,
    criteria=(
        Criterion("Members' turnout over that of others", ratio, low=1.2, high=1.6, unit="ratio"),
        Criterion("Votes that go by membership itself", changed, high=0, unit="people"),
    ),
    senseless=senseless,
)
