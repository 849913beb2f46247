"""Leaving: by moving house and by death."""

import math

from cosim.rules.compiled import rule
from cosim.rules.numeric import HALF, ONE


@rule
def leaving(
    rate: float, satisfied: float, belonging: float, w_satisfaction: float, w_belonging: float, usual_belonging: float
) -> float:
    """Probability that a household moves away this month: its usual `rate`, less where people like living.

    Attachment lowers moving (Sharp 2014).
    """
    pull = w_satisfaction * (satisfied - HALF) + w_belonging * (belonging - usual_belonging)
    return min(rate * math.exp(-pull), ONE)


@rule
def dying(age: float, log_hazard: float, slope: float) -> float:
    """Probability of death this month at `age` in years (Gompertz: log yearly hazard at age 0 and its slope)."""
    return min(math.exp(log_hazard + slope * age) / 12.0, 1.0)
