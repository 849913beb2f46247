"""V5: trust in neighbours is stable: people's answers correlate at about .73 over four years.

A quiet world: no reform, no shock. Who lives here at the end of the warm-up and still does four years later is the same
person, in the same row with the same number of arrival; their trust then and now is correlated.

What the model does. It is more stable than people are. Most of what tells persons apart is their set point, which never
changes; what befalls them (`trust.encounter`, `trust.encounter_spread`) moves them little around it, at the shipped
speed of learning (`trust.gain`). With twice that speed the correlation is within the bounds; but then mean trust sinks,
since bad encounters weigh more than good ones.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario
from cosim.world.columns import NEIGHBOURS

ARM = "quiet"


def read(community: Community) -> dict[str, float]:
    """Return the correlation of stayers' trust at the end of the warm-up and of the run, and how many there are."""
    while community.month < 0:
        community.step()
    world = community.world
    people = world.people_in(np.nonzero(world.residents.present)[0])
    before = dict(zip(people.tolist(), world.residents.trust[world.still_here(people), NEIGHBOURS], strict=True))
    community.run()
    rows = world.still_here(people)
    then = np.array([before[person] for person in world.people_in(rows).tolist()], np.float64)
    now = world.residents.trust[rows, NEIGHBOURS].astype(np.float64)
    known = rows.size > 2 and then.std() > 0.0 and now.std() > 0.0
    return {"correlation": float(np.corrcoef(then, now)[0, 1]) if known else np.nan, "stayers": rows.size}


def correlation(readings: Readings) -> np.ndarray:
    """Return the correlation over four years."""
    return readings[ARM]["correlation"].to_numpy()


def senseless(scenario: Scenario) -> str:
    """Say where the world is not quiet, or nobody differs from anybody."""
    if scenario.shocks or scenario.changes:
        return "the world is not quiet (shocks, changes)"
    return "" if scenario.trust.spread else "everybody is alike (trust.spread is 0)"


V5 = Pattern(
    id="V5",
    kind="validation",
    title="Trust in neighbours is stable over four years",
    title_zh="对邻居的信任四年间的稳定性",
    observed="four-year individual stability of .73, Netherlands, n = 692",
    source="Bekkers 2012",
    mark="R",
    arms={ARM: Arm("single_centre", {"study.months": 48})},
    read=read,
    criteria=(Criterion("Correlation over four years", correlation, low=0.60, high=0.85, unit="correlation"),),
    senseless=senseless,
)
