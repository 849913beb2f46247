"""Talk: last month's signals travel along ties as hearsay; ties not used return to everyday strength."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import talk as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.numeric import ONE, TINY, ZERO
from cosim.rules.ties import everyday
from cosim.rules.trust import believe
from cosim.world.columns import CONTRIBUTED, INFORMED, NEIGHBOURS, SLOTS
from cosim.world.population import columns
from cosim.world.ties import forget
from cosim.world.world import World


class Talking(NamedTuple):
    """Columns that talk reads and writes."""

    trust: np.ndarray
    set_point: np.ndarray
    published: np.ndarray
    informed: np.ndarray
    norm: np.ndarray
    embedded: np.ndarray
    close_ties: np.ndarray


def talk(world: World, institutions: Institutions) -> None:
    """Let residents hear from those they have ties with: last month's signals, or how much others trust."""
    ties, r, p, trust = world.ties, columns(Talking, world.residents), world.constants["talk"], world.constants["trust"]
    if world.settings.talk.form == "levels":
        # Nothing has moved trust since the month's opening: these are the levels as published then.
        sway(r.trust, r.trust.copy(), r.set_point, ties.other, ties.strength, p.stubbornness, trust.hearsay_gain)
        trust = trust._replace(hearsay_gain=ZERO)
    hear(r, p, trust, world.constants["ties"], ties.other, ties.strength, ties.near, world.adults.sum())


@kernel
def sway(
    trust: np.ndarray, published: np.ndarray, set_point: np.ndarray, other: np.ndarray, strength: np.ndarray,
    stubbornness: float, pace: float,
) -> None:  # fmt: skip
    """One month of talk about levels: trust moves towards the tie-weighted mean of what neighbours' was.

    Who has no ties hears nothing, and stays as before.
    """
    for i in range(len(trust)):
        total = ZERO
        for k in range(SLOTS):
            if other[i, k] < 0:
                break
            total += strength[i, k]
        if total <= ZERO:
            continue
        for target in range(trust.shape[1]):
            level = ZERO
            for k in range(SLOTS):
                if other[i, k] < 0:
                    break
                level += strength[i, k] * published[other[i, k], target]
            trust[i, target] = rules.swayed(
                trust[i, target], level / total, set_point[i, target], stubbornness, pace
            )


@kernel
def hear(
    r: Any, p: Any, trust: Any, t: Any, other: np.ndarray, strength: np.ndarray, near: np.ndarray, adults: int
) -> None:
    """One month of talk: hearsay, the visible norm, news, and the fading of ties."""
    seen_anyway = rules.visibility(ZERO, np.float32(rules.smallness(adults, p.small_numbers)), p.visibility_floor)
    everyday_level = np.array([t.other_base, t.neighbour_base])
    heard = np.empty((r.norm.size, 5), np.float32)
    for i in range(r.norm.size):
        total, close, weakest = ZERO, 0, ONE
        h0, h1, h2, h3, h4, news, acting = ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO
        for k in range(SLOTS):
            if other[i, k] < 0:
                break
            said, s = r.published[np.uint32(other[i, k])], strength[i, k]
            h0 += s * said[0]
            h1 += s * said[1]
            h2 += s * said[2]
            h3 += s * said[3]
            h4 += s * said[4]
            news += s * said[INFORMED]
            acting += s * said[CONTRIBUTED]
            total += s
            close += s > t.near_isolate
            s = everyday(s, everyday_level[np.uint8(near[i, k])], t.pace)
            strength[i, k] = s
            weakest = min(weakest, s)
        if weakest < t.forgotten:
            forget(i, t.forgotten, other, strength, near)
        r.embedded[i] = total
        r.close_ties[i] = close
        share = ONE / max(total, TINY)
        weight = r.trust[i, NEIGHBOURS] * share
        heard[i, 0] = weight * h0
        heard[i, 1] = weight * h1
        heard[i, 2] = weight * h2
        heard[i, 3] = weight * h3
        heard[i, 4] = weight * h4
        r.informed[i] = rules.forgetting(r.informed[i], min(p.passing_on * news, ONE), p.forgetting)
        seen = max(rules.visibility(r.informed[i], ZERO, p.visibility_floor), seen_anyway)
        r.norm[i] = min(seen * acting * share, ONE)
    believe_hearsay(r.trust.reshape(-1), heard.reshape(-1), trust)


@rule
def believe_hearsay(level: np.ndarray, heard: np.ndarray, p: Any) -> None:
    """Update trust from hearsay: the mean of neighbours' signals, tie- and trust-weighted; 5 numbers a resident."""
    for k in range(level.size):
        level[k] = believe(level[k], heard[k], p.hearsay_gain, p.hearsay_loss_ratio, p.notice)
