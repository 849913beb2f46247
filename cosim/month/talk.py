"""Talk: last month's signals travel along ties as hearsay; ties not used return to everyday strength."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import talk as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.ties import everyday
from cosim.rules.trust import believe
from cosim.world.columns import CONTRIBUTED, INFORMED, NEIGHBOURS
from cosim.world.population import columns
from cosim.world.ties import SLOTS, drop
from cosim.world.world import World

ZERO = np.float32(0.0)


class Talking(NamedTuple):
    """Columns that talk reads and writes."""

    present: np.ndarray
    trust: np.ndarray
    published: np.ndarray
    informed: np.ndarray
    norm: np.ndarray
    embedded: np.ndarray
    close_ties: np.ndarray


def talk(world: World, institutions: Institutions) -> None:
    """Let residents hear from those they have ties with."""
    ties = world.ties
    adults = int(np.count_nonzero(world.residents.present))
    hear(
        columns(Talking, world.residents), world.constants["talk"], world.constants["trust"], world.constants["ties"],
        ties.other, ties.strength, ties.near, float(adults),
    )  # fmt: skip


@rule
def hearsay(level: float, signal: float, trust: Any) -> float:
    """Trust after hearsay: the mean of neighbours' signals, tie- and trust-weighted."""
    return believe(level, signal, trust.hearsay_gain, trust.hearsay_loss_ratio, trust.notice)


@kernel
def hear(
    r: Any, p: Any, trust: Any, t: Any, other: np.ndarray, strength: np.ndarray, near: np.ndarray, adults: float
) -> None:
    """One month of talk: hearsay, the visible norm, news, and the fading of ties."""
    seen_anyway = rules.visibility(0.0, rules.smallness(adults, p.small_numbers), p.visibility_floor)
    for i in range(r.present.size):
        if not r.present[i]:
            continue
        total, close, k = 0.0, 0, 0
        h0, h1, h2, h3, h4, news, acting = ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO
        while k < SLOTS and other[i, k] >= 0:
            said, s = r.published[other[i, k]], strength[i, k]
            h0 += s * said[0]
            h1 += s * said[1]
            h2 += s * said[2]
            h3 += s * said[3]
            h4 += s * said[4]
            news += s * said[INFORMED]
            acting += s * said[CONTRIBUTED]
            total += s
            close += s > t.near_isolate
            s = everyday(s, t.neighbour_base if near[i, k] else t.other_base, t.pace)
            strength[i, k] = s
            if s < t.forgotten:
                drop(other, strength, near, i, k)
            else:
                k += 1
        r.embedded[i] = total
        r.close_ties[i] = close
        informed = rules.forgetting(r.informed[i], min(p.passing_on * news, 1.0), p.forgetting)
        r.informed[i] = informed
        if total > 0.0:
            seen = max(rules.visibility(informed, 0.0, p.visibility_floor), seen_anyway)
            r.norm[i] = min(seen * acting / total, 1.0)
            weight = r.trust[i, NEIGHBOURS] / total
            r.trust[i, 0] = hearsay(r.trust[i, 0], weight * h0, trust)
            r.trust[i, 1] = hearsay(r.trust[i, 1], weight * h1, trust)
            r.trust[i, 2] = hearsay(r.trust[i, 2], weight * h2, trust)
            r.trust[i, 3] = hearsay(r.trust[i, 3], weight * h3, trust)
            r.trust[i, 4] = hearsay(r.trust[i, 4], weight * h4, trust)
        else:
            r.norm[i] = 0.0
