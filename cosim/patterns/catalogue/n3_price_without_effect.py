"""N3: a lever that is priced but of no effect shows a difference of zero, and its price.

The lever is cadres sent to an unreformed compound. They are paid beside the projects' budget, and bring working time to
the Party branch and the residents' committee. Where nothing else is reformed the branch has nothing to do with it, and
the committee already has the time for its yearly meeting: by construction nothing can follow but the wages.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario

PRICE = ("cost_government", "cost_total", "index", "index_low_cost")
"""Measures in which wages are counted."""
WITHOUT, WITH = "without cadres", "with cadres"
MONTHS = {"study.months": 36}


def read(community: Community) -> dict[str, float]:
    """Return the mean of every measure from month 0 on; costs in yuan per resident and year."""
    months = community.run().months.set_index("month").loc[0:]
    means = months.mean()
    costs = [name for name in means.index if name.startswith("cost_")]
    means[costs] = 12.0 * means[costs] / means["residents"]
    return dict(means)


def moved(readings: Readings) -> np.ndarray:
    """Return how many measures differ, those apart in which wages are counted."""
    one, other = (readings[arm].drop(columns=list(PRICE)) for arm in (WITHOUT, WITH))
    return np.asarray(((one != other) & ~(one.isna() & other.isna())).sum(axis=1))


def price(readings: Readings) -> np.ndarray:
    """Return what the cadres cost, in yuan per resident and year."""
    return np.asarray(readings[WITH]["cost_government"] - readings[WITHOUT]["cost_government"])


def senseless(scenario: Scenario) -> str:
    """Say where there is a use for what cadres bring."""
    lead = scenario.party_leads.model_copy(update={"cadres": 0.0})
    rest = scenario.model_copy(update={"party_leads": lead})
    if rest.model_dump() != scenario.status_quo().model_dump():
        return "another lever may have a use for cadres' time"
    left = scenario.committee.staff_hours * (1.0 - scenario.party_takes.administrative_load)
    enough = left >= scenario.deliberate.hours_per_meeting
    return "" if enough else "the residents' committee lacks the time for its meetings (committee.staff_hours)"


N3 = Pattern(
    id="N3",
    kind="verification",
    title="A lever that is priced but of no effect",
    title_zh="有成本而无作用的措施",
    observed="nothing but a cost: nobody has a use for the time that is paid for",
    source="the model's form",
    mark="",
    arms={
        WITHOUT: Arm("single_centre", MONTHS),
        WITH: Arm("single_centre", {**MONTHS, "party_leads.cadres": 4.0}),
    },
    read=read,
    criteria=(
        Criterion("Measures that differ, cost apart", moved, high=0, unit="measures"),
        Criterion("What the lever costs", price, low=1.0, unit="yuan per resident and year"),
    ),
    replicates=5,
    senseless=senseless,
)
