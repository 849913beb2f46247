"""What people see and hear of each other."""

import math

from cosim.rules.compiled import rule
from cosim.rules.numeric import ONE


@rule
def smallness(adults: float, scale: float) -> float:
    """How far a community is small enough for everyone to see everything, in (0, 1]."""
    return math.exp(-adults / scale)


@rule
def visibility(informed: float, smallness: float, floor: float) -> float:
    """Share of other people's conduct that a person can see, in [0, 1]: from meetings, and from small numbers."""
    return floor + (ONE - floor) * max(informed, smallness)


@rule
def forgetting(informed: float, heard: float, loss: float) -> float:
    """How well informed a person is after a month, in [0, 1]: news fades unless somebody passes it on."""
    return max(informed * (ONE - loss), heard)
