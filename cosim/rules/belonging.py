"""Belonging to the place."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import ONE


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
    attachment (Sharp 2014). Half of the time term is reached after `settling` months, half of the term for ties
    at a sum of strengths of 1. Weights sum to 1.
    """
    time = months_here / (months_here + settling)
    ties = tie_strength / (ONE + tie_strength)
    return w_time * time + w_ties * ties + w_condition * condition + w_orders * signed_off


@rule
def drift(belonging: float, target: float, pace: float) -> float:
    """Belonging after a month, in [0, 1]."""
    return belonging + pace * (target - belonging)
