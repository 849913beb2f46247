"""N4: nothing is lost and nothing made: people, households, orders, money and hours add up every month.

Counted in the unreformed compound, and in the one with all of the reform's practices.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings

MONTHS = {"study.months": 60}
ARMS = {"without reform": Arm("single_centre", MONTHS), "with all practices": Arm("reform_2018", MONTHS)}


def read(community: Community) -> dict[str, float]:
    """Return how many invariants did not hold, over all months."""
    faults = 0
    while community.running:
        community.step()
        faults += len(community.faults())
    return {"faults": faults}


def faults(readings: Readings) -> np.ndarray:
    """Return how many invariants did not hold, over all months of both compounds."""
    return np.sum([readings[arm]["faults"].to_numpy() for arm in ARMS], axis=0)


N4 = Pattern(
    id="N4",
    kind="verification",
    title="People, households, orders, money and hours add up",
    title_zh="人、户、单、钱、工时守恒",
    observed="nothing is lost and nothing made",
    source="the model's form",
    mark="",
    arms=ARMS,
    read=read,
    criteria=(Criterion("Invariants that did not hold", faults, high=0, unit="faults"),),
    replicates=5,
)
