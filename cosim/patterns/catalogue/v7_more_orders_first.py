"""V7: responsiveness first raises the number of requests; later it falls only where causes are removed.

The unreformed compound, the same one with a responsive desk (as in V6), and one with the desk in which the causes of
requests are removed too: every service is renovated in the first years, for as much as it takes, and residents rate the
firm that does the upkeep. Later is the fifth year, as in V6. Beijing counts contacts; here a request is a person who
asks. It is held against the unreformed compound in the same year. In Beijing merged lines, a new channel and the
epidemic had a part in the rise.

What the model does. Requests rise with the desk, somewhat more than in Beijing, since asking is easier: the channels
alone do nearly all of it, and how requests are answered hardly any. Where causes are removed they do fall when the
works end, in the third year, and in the fifth there are more than at first: in the third the verdict would be another.
Whether somebody asks depends on having any grievance, and hardly on how large it is; after the works services wear and
expectations rise, so that nearly everybody soon has some, if less than before. Promises kept, and efficacy where orders
end well, do the rest: with both held still, requests stay below the first year's. Where nothing wears or breaks, they
fall by most and do not come back.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.catalogue.v6_responsive_desk import DESK, kept
from cosim.patterns.catalogue.v6_responsive_desk import senseless as senseless_desk
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario

YEARS = 5
MONTHS = {"study.months": 12 * YEARS}
BEFORE, DESK_ALONE, CAUSES_TOO = "unreformed", "responsive", "responsive, causes removed"
EVERYTHING = (
    "water", "power_gas", "heating", "roads_parking", "fire_safety", "cleaning_greening", "security", "parcels",
    "elderly_care", "childcare", "health", "culture",
)  # fmt: skip
"""LY's services: a programme that names none renovates the basic ones alone."""
REMOVED = {"renovation.grant": 20_000.0, "property_firm.residents_rate": True}
CAUSES = {**REMOVED, "renovation.categories": EVERYTHING}
"""More yuan per household than all of it costs; what is not spent goes back."""


def read(community: Community) -> dict[str, float]:
    """Return the number of requests, by year from 1 on."""
    months = community.run().months
    months = months[months["month"] >= 0]
    requests = months.groupby(months["month"] // 12)["requests"].sum()
    return {f"year {year + 1}": float(requests[year]) for year in range(YEARS)}


def first_year(readings: Readings) -> np.ndarray:
    """Return requests of the first year with the desk, over those without it."""
    return np.asarray(readings[DESK_ALONE]["year 1"] / readings[BEFORE]["year 1"])


def later(readings: Readings, arm: str) -> np.ndarray:
    """Return requests of the fifth year over those of the first, as against the unreformed compound in both years."""
    against = readings[BEFORE]
    return np.asarray((readings[arm]["year 5"] / against["year 5"]) / (readings[arm]["year 1"] / against["year 1"]))


def later_alone(readings: Readings) -> np.ndarray:
    """Return how requests went on with the desk alone."""
    return later(readings, DESK_ALONE)


def later_without_causes(readings: Readings) -> np.ndarray:
    """Return how requests went on where their causes were removed."""
    return later(readings, CAUSES_TOO)


def senseless(scenario: Scenario) -> str:
    """Say where a setting from outside gives every arm, or none, a part of the desk or of what removes causes."""
    removed, desk = kept(scenario, REMOVED), all(kept(scenario, DESK))
    renovated = scenario.renovation.grant > 0.0
    if any(removed) != all(removed) or (renovated and not (desk and all(removed))):
        return "what removes causes is the same in every arm, so they differ by less"
    return senseless_desk(scenario)


V7 = Pattern(
    id="V7",
    kind="validation",
    title="Responsiveness first raises requests; they fall later only where causes are removed",
    title_zh="响应先推高诉求量，消除成因后才下降",
    observed="about 4 million contacts a year before 2018, 6.96 million in 2019; −30 % where causes were settled",
    source="Beijing's hotline 12345; Shanghai 南龚",
    mark="R",
    arms={
        BEFORE: Arm("single_centre", MONTHS),
        DESK_ALONE: Arm("single_centre", {**MONTHS, **DESK}),
        CAUSES_TOO: Arm("single_centre", {**MONTHS, **DESK, **CAUSES}),
    },
    read=read,
    criteria=(
        Criterion("Requests in the first year, with desk over without", first_year, low=1.0, unit="ratio"),
        Criterion("Desk alone: fifth year over first", later_alone, low=1.0, unit="ratio"),
        Criterion("Causes removed: fifth year over first", later_without_causes, high=1.0, unit="ratio"),
    ),
    senseless=senseless,
)
