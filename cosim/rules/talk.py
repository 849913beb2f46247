"""What people see and hear of each other."""

import math

from cosim.rules.compiled import rule


@rule
def visibility(informed: float, adults: float, floor: float, scale: float) -> float:
    """Share of other people's conduct that a person can see, in [0, 1].

    It comes from meetings (`informed`) and from small numbers: in a village everyone sees everything.
    """
    small = math.exp(-adults / scale)
    return floor + (1.0 - floor) * max(informed, small)


@rule
def forgetting(informed: float, heard: float, loss: float) -> float:
    """How well informed a person is after a month, in [0, 1]: news fades unless somebody passes it on."""
    return max(informed * (1.0 - loss), heard)
