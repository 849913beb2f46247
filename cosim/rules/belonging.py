"""Belonging to the place."""

import math

from cosim.rules.compiled import rule


@rule
def target(
    months_here: float,
    tie_strength: float,
    condition: float,
    signed_off: float,
    settling: float,
    w_time: float,
    w_ties: float,
    w_condition: float,
    w_orders: float,
) -> float:
    """Belonging a person drifts to, in [0, 1]: time lived here, ties, condition of the place, orders signed off.

    Length of residence is the core of the systemic model of attachment (Theodori 2004); disorder lowers
    attachment (Sharp 2014). `settling` is the number of months after which 63 % of the time term is reached.
    `tie_strength` is the sum of strengths, saturating at half for a sum of 1. Weights sum to 1.
    """
    time = 1.0 - math.exp(-months_here / settling)
    ties = tie_strength / (1.0 + tie_strength)
    return w_time * time + w_ties * ties + w_condition * condition + w_orders * signed_off


@rule
def drift(belonging: float, target: float, pace: float) -> float:
    """Belonging after a month, in [0, 1]."""
    return belonging + pace * (target - belonging)
