"""Trust in others, updated by signals in log-odds."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import ONE, ZERO, clip, literal

FOUR = literal(4.0)
LOWEST, HIGHEST = literal(0.001), literal(0.999)
"""Bounds of trust, so that log-odds stay finite."""


@rule
def believe(trust: float, signal: float, gain: float, loss_ratio: float, notice: float) -> float:
    """Trust in (0, 1) after one signal in [-1, 1].

    A step of size `gain * signal` in log-odds (scaled so that `gain` is the step at trust 0.5); bad news
    weighs `loss_ratio` times as much as good news. A signal weaker than `notice` changes nothing.
    Asymmetry: Slovic 1993, for what one lives through; for what one is told about it is absent
    (trust game, n = 286, Frontiers in Psychology 2023), so hearsay passes a ratio near 1.
    """
    weight = loss_ratio if signal < ZERO else ONE
    step = ZERO if abs(signal) < notice else gain * signal * weight
    return clip(trust + FOUR * trust * (ONE - trust) * step, LOWEST, HIGHEST)


@rule
def return_to_set_point(trust: float, set_point: float, pull: float) -> float:
    """Trust after a month without news: a slow return to the person's own set point.

    Individual trust is stable over years: correlation 0.73 over four years (Bekkers 2012, n = 692).
    """
    return trust + pull * (set_point - trust)
