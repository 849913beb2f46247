"""Deciding to act: planned behaviour with a visible norm and cooperator types."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import ONE, ZERO, clip, logistic

CONDITIONAL = 0
FREE_RIDER = 1
HUMP_SHAPED = 2


@rule
def conditional_response(cooperator: int, share: float, slope: float) -> float:
    """What a person would give when a `share` of others gives, in [0, 1].

    Conditional cooperators follow with a slope below one, free riders give nothing, hump-shaped cooperators
    follow up to one half and then let the others do it (Fischbacher et al. 2001: 50 %, 30 %, 14 %).
    """
    followed = min(share, ONE - share) if cooperator == HUMP_SHAPED else share
    return ZERO if cooperator == FREE_RIDER else slope * followed


@rule
def attitude(belief: float, grievance: float) -> float:
    """Outcome belief times grievance, in [0, 1]: a cause to act, weighed by whether acting is thought to help."""
    return belief * grievance


@rule
def control(efficacy: float, cost: float) -> float:
    """Perceived behavioural control in [-1, 1]: belief that one's voice counts, less the cost of the channel."""
    return efficacy - cost


@rule
def intention(
    attitude: float, norm: float, control: float, w_attitude: float, w_norm: float, w_control: float
) -> float:
    """Intention as a weighted sum; the subjective norm weighs least (Armitage & Conner 2001, 185 studies)."""
    return w_attitude * attitude + w_norm * norm + w_control * control


@rule
def probability(intention: float, threshold: float, steepness: float, ceiling: float) -> float:
    """Probability of acting this month, at most `ceiling`.

    Fewer than a third of those with the strongest intention acted (Okun & Sloane 2002, volunteers, n = 647).
    """
    return ceiling * logistic(steepness * (intention - threshold))


@rule
def personal_threshold(mean: float, stretch: float, own: float, harder: float) -> float:
    """Share of ties that must act before a person does; none at all where it is 0 or less.

    `own` and `harder` are in units of intention: how this person differs from others, and the form from a meeting.
    """
    return mean + stretch * own + harder


@rule
def follows(seen: float, mobilisation: float, threshold: float, ceiling: float) -> float:
    """Probability of acting this month: `ceiling` once enough others are seen to act, mobilisation added; else 0.

    The threshold model of Granovetter (1978), with a person's ties for the crowd.
    """
    return ceiling if seen + mobilisation >= threshold else ZERO


@rule
def fatigue(months_since: float, span: float) -> float:
    """Extra cost of acting again soon, in [0, 1]: 1 right after acting, 0 after `span` months."""
    return clip(ONE - months_since / span, ZERO, ONE)


@rule
def mobilise(mobilised: float, trust_party: float, kept: float, floor: float, strength: float) -> float:
    """Mobilisation in [0, 1] after a visit: in proportion to trust in the Party organisation and promises kept."""
    push = strength * trust_party * (floor + (ONE - floor) * kept)
    return mobilised + push * (ONE - mobilised)
