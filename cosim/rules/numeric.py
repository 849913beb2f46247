"""Arithmetic that every rule may use."""

from typing import cast

import numpy as np

from cosim.rules.compiled import rule


def literal(number: float) -> float:
    """A number of rules that run for everybody: a bare one is float64, and would widen the whole loop around it."""
    return cast("float", np.float32(number))


ZERO, HALF, ONE = literal(0.0), literal(0.5), literal(1.0)
TINY = literal(1e-9)
"""Least divisor, where nothing is divided by nothing."""
SIX = literal(6.0)
TOP = tuple(map(literal, (34459425.0, 4729725.0, 135135.0, 990.0)))
BOTTOM = tuple(map(literal, (34459425.0, 16216200.0, 945945.0, 13860.0, 45.0)))
"""Continued fraction of the logistic function: coefficients of even powers."""


@rule
def clip(x: float, low: float, high: float) -> float:
    """Return `x`, or the bound that it passes."""
    return min(max(x, low), high)


@rule
def logistic(x: float) -> float:
    """Logistic function 1 / (1 + exp(-x)) to within 5e-6; flat beyond |x| = 12.

    Ninth-order continued fraction of tanh(x / 2), so that results do not depend on a mathematics library.
    """
    h = clip(HALF * x, -SIX, SIX)
    s = h * h
    top = TOP[0] + s * (TOP[1] + s * (TOP[2] + s * (TOP[3] + s)))
    bottom = BOTTOM[0] + s * (BOTTOM[1] + s * (BOTTOM[2] + s * (BOTTOM[3] + s * BOTTOM[4])))
    return HALF + HALF * h * top / bottom
