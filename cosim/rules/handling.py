"""How a person judges the way an order was dealt with."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import HALF, ONE, clip


@rule
def judgement(
    outcome: float,
    wait: float,
    replied: float,
    explained: float,
    w_outcome: float,
    w_wait: float,
    w_reply: float,
    w_explained: float,
) -> float:
    """Satisfaction with the handling of one order, in [0, 1].

    `outcome` in [0, 1] is how far it solved the problem, `wait` in [0, 1] how much of the person's patience
    it used up, `replied` and `explained` are 0 or 1. Outcome counts most (Esaiasson et al. 2016; Nonami 2015),
    and a reply helps even if it is late (survey experiments in Hubei, n = 205). Weights sum to 1.
    """
    return w_outcome * outcome + w_wait * (1.0 - wait) + w_reply * replied + w_explained * explained


@rule
def result_signal(condition: float, expected: float, margin: float, gain: float) -> float:
    """Signal in [-1, 1] about those who did and paid the work: what stands now against what was expected."""
    return clip(gain * (condition - expected - margin), -ONE, ONE)


@rule
def fading(memory: float, rate: float) -> float:
    """Memory in [0, 1] after a month in which nothing happened: it fades toward 0.5, no opinion."""
    return memory + rate * (HALF - memory)
