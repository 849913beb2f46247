"""Terms of one person's or one household's decision: the month's own rules, in the month's own precision.

Records hold copies of one row (people) or of one household's rows, taken just before the decision.
"""

import math
from typing import Any

import numpy as np

from cosim.month.residents_order import YOUNG, intends, likely_to_act
from cosim.rules import commons, experience, fee, moving, taking_part
from cosim.rules.compiled import kernel
from cosim.rules.numeric import HALF, ONE, TINY, ZERO, clip
from cosim.rules.talk import swayed
from cosim.rules.trust import believe, return_to_set_point
from cosim.world.chance import SLICES, bell, bits, slice_of, sub_key, uniform

ACTION = (
    "belief", "grievance", "attitude", "seen", "usual", "mobilisation", "norm", "efficacy", "cost", "control",
    "threshold", "habit", "intention",
)  # fmt: skip
"""What `weigh` returns, in order; `intention` is net of the personal threshold."""
FEE = ("service", "trust", "others", "burden", "taste", "probability")
KEEPING = ("others", "belonging", "sanction", "reward", "probability")
LEAVING = ("rate", "satisfaction", "belonging", "probability")
"""What the kernels of the same names return, in order."""


@kernel
def weigh(r: Any, p: Any, target: int, kept: float, cost: float, w_habit: float) -> np.ndarray:
    """Terms of one person's intention, float32[ACTION]; the last is what `intends` says, and habit."""
    belief = HALF * (r.trust[0, target] + kept)
    seen = taking_part.conditional_response(r.cooperator[0], r.norm[0], p.conditional_slope)
    usual = taking_part.conditional_response(r.cooperator[0], p.usual_share, p.conditional_slope)
    intention = intends(r, 0, p, target, kept, cost) + w_habit * r.habit[0]
    out = np.empty(13, np.float32)
    out[0], out[1], out[2] = belief, r.grievance[0], taking_part.attitude(belief, r.grievance[0])
    out[3], out[4], out[5] = seen, usual, r.mobilisation[0]
    out[6], out[7], out[8] = seen - usual + r.mobilisation[0], r.efficacy[0], cost
    out[9], out[10], out[11] = taking_part.control(r.efficacy[0], cost), r.threshold[0], w_habit * r.habit[0]
    out[12] = intention
    return out


@kernel
def likelihood(r: Any, p: Any, intention: float, threshold: float, ceiling: float) -> float:
    """Probability that one person acts."""
    return likely_to_act(r, 0, p, intention, threshold, ceiling)


@kernel
def own_threshold(own: float, threshold: float, p: Any) -> float:
    """Share of ties that must act before one person does, in a form with this threshold."""
    return taking_part.personal_threshold(
        p.mean_threshold, p.threshold_stretch, own, threshold - p.deliberate_threshold
    )


@kernel
def cost_of_acting(
    migrant: bool, since: float, age: float, cost: float, online: float, divide: float, extra: float, p: Any
) -> np.ndarray:
    """Cost of the channel off line and on line, of acting again `since` months after the last time, float32[3]."""
    out = np.empty(3, np.float32)
    out[0] = cost + extra * migrant
    out[1] = online + divide * max(age - YOUNG, ZERO)
    out[2] = p.fatigue * taking_part.fatigue(since, p.fatigue_months)
    return out


@kernel
def complaints(expected: float, condition: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Complaint about each service, float32[categories]."""
    out = np.empty(condition.size, np.float32)
    for c in range(condition.size):
        out[c] = experience.complaint(expected, condition[c], weights[c])
    return out


@kernel
def paying(
    present: np.ndarray, cooperator: np.ndarray, trust: np.ndarray, due: float, taste: float, p: Any, slope: float,
    condition: float, effort: float, level: float, share: float,
) -> np.ndarray:  # fmt: skip
    """Terms of a household's decision to pay, float32[FEE]; NaN where nobody is there to decide."""
    out = np.full(6, np.nan, np.float32)
    total, n, kind = ZERO, ZERO, 0
    for i in range(present.size):
        if present[i]:
            if n == ZERO:
                kind = cooperator[i]
            total += trust[i]
            n += ONE
    if n == ZERO:
        return out
    out[0] = fee.property_service(condition, effort, p.w_condition)
    out[1] = total / n
    out[2] = taking_part.conditional_response(kind, share, slope) - HALF * slope
    out[3] = p.burden * level * due / max(p.rate * p.area, TINY)
    out[4] = taste
    out[5] = fee.paying(
        out[0], out[1], out[2], out[3], taste, p.intercept, p.w_service, p.neutral_service, p.w_trust, p.w_others
    )
    return out


@kernel
def keeping(
    present: np.ndarray, cooperator: np.ndarray, belongs: np.ndarray, p: Any, slope: float, seen: float, watch: float,
    sanction: float, warned: bool, reward: float,
) -> np.ndarray:  # fmt: skip
    """Terms of a household's conduct, float32[KEEPING]; NaN where nobody is there to decide."""
    out = np.full(5, np.nan, np.float32)
    belonging, n, kind = ZERO, ZERO, 0
    for i in range(present.size):
        if present[i]:
            if n == ZERO:
                kind = cooperator[i]
            belonging += belongs[i]
            n += ONE
    if n == ZERO:
        return out
    out[0] = taking_part.conditional_response(kind, seen, slope) - HALF * slope
    out[1] = belonging / n
    out[2] = watch * commons.severity(sanction, warned)
    out[3] = reward
    out[4] = commons.keeping(
        out[0], out[1], out[2], reward, p.intercept, p.w_others, p.w_belonging, p.w_sanction, p.w_reward
    )
    return out


@kernel
def leaving(alive: np.ndarray, satisfied: np.ndarray, belongs: np.ndarray, migrant: bool, p: Any) -> np.ndarray:
    """Terms of a household's moving away, float32[LEAVING]; NaN where nobody is left to move."""
    out = np.full(4, np.nan, np.float32)
    n, satisfaction, belonging = ZERO, ZERO, ZERO
    for i in range(alive.size):
        if alive[i]:
            n += ONE
            satisfaction += satisfied[i]
            belonging += belongs[i]
    if n == ZERO:
        return out
    out[0] = p.migrant_rate if migrant else p.long_term_rate
    out[1], out[2] = satisfaction / n, belonging / n
    out[3] = moving.leaving(out[0], out[1], out[2], p.w_satisfaction, p.w_belonging, p.usual_belonging)
    return out


@kernel
def risk_of_death(age: float, oldest: int, p: Any) -> float:
    """Probability that somebody of this age dies this month."""
    years = int(age)
    if years >= oldest:
        return 1.0
    return moving.dying(np.float32(years + 0.5), p.log_hazard, p.hazard_slope)


@kernel
def hearsay(published: np.ndarray, other: np.ndarray, strength: np.ndarray, trust: np.ndarray, p: Any) -> np.ndarray:
    """What a person hears about each target, and trust after it, float32[2, 5]; `other` and `strength` are its ties."""
    out = np.zeros((2, 5), np.float32)
    total = ZERO
    for k in range(other.size):
        if other[k] < 0:
            break
        s = strength[k]
        for t in range(5):
            out[0, t] += s * published[other[k], t]
        total += s
    weight = trust[0] * (ONE / max(total, TINY))
    for t in range(5):
        out[0, t] = weight * out[0, t]
        out[1, t] = believe(trust[t], out[0, t], p.hearsay_gain, p.hearsay_loss_ratio, p.notice)
    return out


@kernel
def opinions(
    levels: np.ndarray, other: np.ndarray, strength: np.ndarray, trust: np.ndarray, set_point: np.ndarray,
    stubbornness: float, pace: float,
) -> np.ndarray:  # fmt: skip
    """How much a person's ties trust each target on average, less the own trust, and trust after it, float32[2, 5].

    `levels` float32[n, 5] are those of the ties.
    """
    out = np.zeros((2, 5), np.float32)
    out[1] = trust
    total = ZERO
    for k in range(other.size):
        if other[k] < 0:
            break
        total += strength[k]
    if total <= ZERO:
        return out
    for t in range(5):
        level = ZERO
        for k in range(other.size):
            if other[k] < 0:
                break
            level += strength[k] * levels[k, t]
        out[0, t] = level / total - trust[t]
        out[1, t] = swayed(trust[t], level / total, set_point[t], stubbornness, pace)
    return out


@kernel
def concluded(
    own: np.ndarray, trust: np.ndarray, set_point: np.ndarray, seen: np.ndarray, routine: np.ndarray, key: np.uint64,
    noticed: float, p: Any, h: Any, encounters: np.uint64, notices: np.uint64,
) -> np.ndarray:  # fmt: skip
    """Signals from what was seen and from chance encounters, all signals together, return to the set point, and trust
    after it, float32[5, 5]; `own` are the other signals of the month.
    """
    out = np.zeros((5, 5), np.float32)
    often = np.uint64(math.ceil(p.encounter * SLICES))
    weight = h.seen_weight if uniform(notices, key) < noticed else ZERO
    lots = bits(encounters, key)
    for k in range(5):
        out[0, k] = weight * clip(seen[k], -ONE, ONE)
        total = own[k] + out[0, k]
        if slice_of(lots, k) < often:
            luck = np.float32(bell(encounters, sub_key(key, k)))
            out[1, k] = p.routine * routine[k] + p.encounter_spread * luck
            total += out[1, k]
        out[2, k] = clip(total, -ONE, ONE)
        out[3, k] = return_to_set_point(trust[k], set_point[k], p.pull)
        out[4, k] = believe(out[3, k], out[2, k], p.gain, p.loss_ratio, p.notice)
    return out


@kernel
def other_key(key: np.uint64, number: int) -> np.uint64:
    """Key for the `number`-th draw of the same purpose by the same person or household."""
    return sub_key(key, number)
