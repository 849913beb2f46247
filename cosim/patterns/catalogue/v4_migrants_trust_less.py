"""V4: migrants trust neighbours less, by about 7 %, from equal starts.

Everybody begins at a personal set point, drawn in the same way for migrants and long-term residents, and there is no
warm-up: at the start the two differ by the luck of the draw only, which is looked at. Three years later, of all who
live here then, long-term residents should trust neighbours more.

What the model does. The gap has the wrong sign. Bad encounters weigh more than good ones, so that trust sinks below its
set point as people live here; migrants move more often, and whoever has just come still trusts as at the start. Fewer
and younger ties cost nothing: hearsay is a mean over ties, whatever their number, and a chance encounter with a
neighbour is as likely, and as good, for somebody who knows nobody.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario
from cosim.world.columns import NEIGHBOURS

ARM = "without reform"


def gap(community: Community) -> float:
    """Return mean trust in neighbours of long-term residents less that of migrants, of those who live here now."""
    r = community.world.residents
    trust = r.trust[:, NEIGHBOURS].astype(np.float64)
    return float(trust[r.present & ~r.migrant].mean() - trust[r.present & r.migrant].mean())


def read(community: Community) -> dict[str, float]:
    """Return the gap before the first month, and after the last."""
    start = gap(community)
    return {"start": start, "end": gap(community.run())}


def at(when: str) -> Criterion:
    """Return the criterion on the gap at the start or at the end."""
    name, bounds = {"start": ("Gap at the start", (-0.02, 0.02)), "end": ("Gap after three years", (0.02, 0.09))}[when]

    def value(readings: Readings) -> np.ndarray:
        return readings[ARM][when].to_numpy()

    return Criterion(name, value, *bounds, unit="trust, 0 to 1")


def senseless(scenario: Scenario) -> str:
    """Say where there are no two groups."""
    return "" if 0.0 < scenario.population.migrant_share < 1.0 else "there are no two groups (population.migrant_share)"


V4 = Pattern(
    id="V4",
    kind="validation",
    title="Migrants trust neighbours less, from equal starts",
    title_zh="流动人口对邻居的信任较低",
    observed="migration lowers trust in neighbours by .473 on a scale of 0 to 10, from a mean of 6.69",
    source="CFPS, Zhang et al. 2025",
    mark="R",
    arms={ARM: Arm("single_centre", {"study.warmup_months": 0, "study.months": 36})},
    read=read,
    criteria=(at("start"), at("end")),
    senseless=senseless,
)
