"""Keeping what is shared."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import HALF, ONE, logistic


@rule
def keeping(
    others: float,
    belonging: float,
    deterrence: float,
    reward: float,
    intercept: float,
    w_others: float,
    w_belonging: float,
    w_sanction: float,
    w_reward: float,
) -> float:
    """Probability that a household which reconsiders keeps shared space instead of encroaching on it.

    `others` is its conditional response to the keeping that it sees, less one half of that response's reach
    (conditional cooperation with monitoring: Rustagi et al. 2010); `deterrence` in [0, 1] the chance of being noticed
    times the severity that follows; `reward` in hundreds of yuan a year.
    """
    logit = intercept + w_others * others + w_belonging * (belonging - HALF) + w_sanction * deterrence
    return logistic(logit + w_reward * reward)


@rule
def severity(sanction: float, warned: bool) -> float:
    """Severity that an encroachment would bring, in [0, 1]: half at first, for it is only a warning then."""
    return sanction if warned else HALF * sanction


@rule
def worn(rate: float, encroaching: float, intensity: float) -> float:
    """Monthly deterioration of a common-pool service; its usual `rate` where half of the households encroach."""
    return rate * (ONE + intensity * (encroaching - HALF))
