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


@rule
def swayed(trust: float, others: float, set_point: float, stubbornness: float, pace: float) -> float:
    """Trust after a month of hearing how much `others` trust: a step of `pace` towards them and the own set point.

    The form of Friedkin and Johnsen: `stubbornness` is the weight of the set point, 1 for those whom nobody sways.
    """
    return trust + pace * (stubbornness * set_point + (ONE - stubbornness) * others - trust)
