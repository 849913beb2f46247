"""Arithmetic that every rule may use."""

from cosim.rules.compiled import rule


@rule
def clip(x: float, low: float, high: float) -> float:
    """Return `x`, or the bound that it passes."""
    return min(max(x, low), high)


@rule
def logistic(x: float) -> float:
    """Logistic function 1 / (1 + exp(-x)) to within 5e-6; flat beyond |x| = 12.

    Ninth-order continued fraction of tanh(x / 2), so that results do not depend on a mathematics library.
    """
    h = min(max(0.5 * x, -6.0), 6.0)
    s = h * h
    top = 34459425.0 + s * (4729725.0 + s * (135135.0 + s * (990.0 + s)))
    bottom = 34459425.0 + s * (16216200.0 + s * (945945.0 + s * (13860.0 + s * 45.0)))
    return 0.5 + 0.5 * h * top / bottom
