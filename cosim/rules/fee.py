"""A household's decision to pay the property fee.

No published agent-based model of this decision was found; the form is ours. Level of service, not
disconfirmation, decides: a fading memory of bad service would dissolve the low-fee trap that practitioners
describe (bad service, unwilling to pay, worse service: Banyuetan 2024).
"""

from cosim.rules.compiled import rule
from cosim.rules.numeric import HALF, ONE, logistic


@rule
def property_service(condition: float, effort: float, w_condition: float) -> float:
    """Property service as a household sees it, in [0, 1]: state of the firm's categories and its effort now."""
    return w_condition * condition + (ONE - w_condition) * effort


@rule
def paying(
    service: float,
    trust_firm: float,
    others: float,
    burden: float,
    taste: float,
    intercept: float,
    w_service: float,
    neutral_service: float,
    w_trust: float,
    w_others: float,
) -> float:
    """Probability that a household which reviews the decision goes on to pay.

    `others` is its conditional response to the share of neighbours who pay, less one half of that response's
    reach, in [-0.5, 0.5]; `burden` in logits; `taste` a fixed household difference in logits.
    """
    logit = intercept + w_service * (service - neutral_service) + w_trust * (trust_firm - HALF)
    return logistic(logit + w_others * others - burden + taste)
