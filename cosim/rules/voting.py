"""An owner's vote on a matter of the compound."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import HALF, logistic


@rule
def agreeing(
    need: float,
    trust: float,
    cost: float,
    intercept: float,
    w_need: float,
    w_trust: float,
    w_cost: float,
) -> float:
    """Probability of voting yes: `need` is grievance in [0, 1], `trust` that in whoever proposes, `cost` the
    household's share in months of its property fee. Perceived benefit, risk and fairness carry owners' compliance
    (extended planned behaviour, 362 owners); the form and its sizes are ours.
    """
    return logistic(intercept + w_need * need + w_trust * (trust - HALF) - w_cost * cost)
