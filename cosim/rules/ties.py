"""Ties between two people, strength in [0, 1]."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import ONE


@rule
def everyday(strength: float, base: float, pace: float) -> float:
    """Strength after a month without a joint activity: it fades, or grows, to the level of everyday contact."""
    return strength + pace * (base - strength)


@rule
def joint_activity(strength: float, gain: float) -> float:
    """Strength after acting together: s + gain (1 - s)."""
    return strength + gain * (ONE - strength)


@rule
def acquaintance(degree_a: float, degree_b: float, crowding: float) -> float:
    """Probability that two strangers who act together make a tie: the less likely the more ties both have."""
    return 1.0 / (1.0 + crowding * (degree_a + degree_b))
