"""Ties between residents: weighted, undirected, in fixed slots; both ends keep the same strength.

Near neighbours are drawn from the keys of pairs: one more resident adds ties there and changes none. Acquaintances are
drawn by place, so that one in a dwelling with one more adult may be somebody else.
"""

from typing import Any

import numpy as np

from cosim.rules.compiled import kernel, rule
from cosim.rules.numeric import clip
from cosim.rules.ties import acquaintance, joint_activity
from cosim.world.chance import bell, pair_key, sub_key, uniform
from cosim.world.columns import SLOTS

REACH = 6
"""Households to either side that are near neighbours."""
USUAL_ADULTS = 3.0
"""Adults in a dwelling that the mean number of near neighbours is stated for."""
ATTEMPTS = 4
"""Draws that a person makes for one acquaintance of like origin."""


class Ties:
    """Slots, filled from the left: `other` int32[N, SLOTS] (-1: free), `strength` float32, `near` bool."""

    def __init__(self, residents: int) -> None:
        self.other = np.full((residents, SLOTS), -1, np.int32)
        self.strength = np.zeros((residents, SLOTS), np.float32)
        self.near = np.zeros((residents, SLOTS), np.bool_)

    def edges(self) -> list[tuple[int, int, float]]:
        """Return every tie once, as (row, row, strength)."""
        rows, slots = np.nonzero(self.other >= 0)
        others = self.other[rows, slots]
        once = rows < others
        return list(
            zip(
                rows[once].tolist(),
                others[once].tolist(),
                self.strength[rows[once], slots[once]].tolist(),
                strict=True,
            )
        )


@rule
def degree(other: np.ndarray, i: int) -> int:
    """Count the ties of a row."""
    n = 0
    while n < SLOTS and other[i, n] >= 0:
        n += 1
    return n


@rule
def slot_of(other: np.ndarray, i: int, j: int) -> int:
    """Slot in which row `i` keeps its tie to `j`, or -1."""
    for k in range(SLOTS):
        if other[i, k] == j:
            return k
        if other[i, k] < 0:
            return -1
    return -1


@rule
def tie(other: np.ndarray, strength: np.ndarray, near: np.ndarray, i: int, j: int, s: float, is_near: bool) -> bool:
    """Make a tie if both have a free slot and none exists; return whether it was made."""
    a, b = degree(other, i), degree(other, j)
    if i == j or a == SLOTS or b == SLOTS or slot_of(other, i, j) >= 0:
        return False
    other[i, a] = j
    strength[i, a] = s
    near[i, a] = is_near
    other[j, b] = i
    strength[j, b] = s
    near[j, b] = is_near
    return True


@rule
def drop(other: np.ndarray, strength: np.ndarray, near: np.ndarray, i: int, k: int) -> None:
    """Empty slot `k` of row `i`; the last tie moves into it. The other end is the caller's."""
    last = degree(other, i) - 1
    other[i, k] = other[i, last]
    strength[i, k] = strength[i, last]
    near[i, k] = near[i, last]
    other[i, last] = -1


@rule
def forget(i: int, forgotten: float, other: np.ndarray, strength: np.ndarray, near: np.ndarray) -> None:
    """Empty the slots of row `i` that are weaker than `forgotten`; the other end finds out by itself."""
    k = 0
    while k < SLOTS and other[i, k] >= 0:
        if strength[i, k] < forgotten:
            drop(other, strength, near, i, k)
        else:
            k += 1


@kernel
def untie(rows: np.ndarray, other: np.ndarray, strength: np.ndarray, near: np.ndarray) -> None:
    """Remove all ties of people who leave."""
    for i in rows:
        while other[i, 0] >= 0:
            j = other[i, 0]
            drop(other, strength, near, i, 0)
            drop(other, strength, near, j, slot_of(other, j, i))


@rule
def like(same_origin: bool, homophily: float) -> float:
    """Relative chance of a tie, 1 at most: `homophily` for the same origin, its complement for another."""
    return (homophily if same_origin else 1.0 - homophily) / max(homophily, 1.0 - homophily)


@rule
def outgoing(sociability: np.uint64, key: np.uint64, spread: float) -> float:
    """A person's sociability, mean about 1, never negative."""
    return clip(1.0 + spread * bell(sociability, key), 0.0, 3.0)


@kernel
def know_neighbours(
    rows: np.ndarray, start: float, pair: np.uint64, sociability: np.uint64,
    people: Any, homes: Any, t: Any, other: np.ndarray, strength: np.ndarray, near: np.ndarray,
) -> None:  # fmt: skip
    """Tie people to near neighbours of their household: a draw for every pair within reach in the building."""
    base = t.neighbours / (2.0 * REACH * USUAL_ADULTS)
    for i in rows:
        h = people.household[i]
        mine = outgoing(sociability, people.key[i], t.sociability)
        for g in range(max(h - REACH, 0), min(h + REACH + 1, homes.first.size)):
            if g == h or homes.building[g] != homes.building[h]:
                continue
            for j in range(homes.first[g], homes.first[g] + homes.size[g]):
                if not people.present[j]:
                    continue
                theirs = outgoing(sociability, people.key[j], t.sociability)
                chance = base * mine * theirs * like(people.migrant[i] == people.migrant[j], t.homophily)
                if uniform(pair, pair_key(people.key[i], people.key[j])) < chance:
                    tie(other, strength, near, i, j, start, True)


@kernel
def know_acquaintances(
    stub: np.uint64, sociability: np.uint64, building_homes: np.ndarray,
    people: Any, homes: Any, t: Any, other: np.ndarray, strength: np.ndarray, near: np.ndarray,
) -> None:  # fmt: skip
    """Tie everybody to a few people farther away, in the own building or another one.

    `building_homes` int64[B + 1] is the first household of each building, and where the last one ends.
    """
    buildings = building_homes.size - 1
    for i in range(people.key.size):
        if not people.present[i]:
            continue
        wanted = 0.5 * t.acquaintances * outgoing(sociability, people.key[i], t.sociability)
        count = int(wanted + uniform(stub, sub_key(people.key[i], 99)))
        for number in range(count):
            for attempt in range(ATTEMPTS):
                key = sub_key(people.key[i], number * ATTEMPTS + attempt)
                b = people.building[i]
                if uniform(stub, sub_key(key, 1)) < t.across_buildings:
                    b = min(int(uniform(stub, sub_key(key, 2)) * buildings), buildings - 1)
                lowest, beyond = building_homes[b], building_homes[b + 1]
                g = min(lowest + int(uniform(stub, sub_key(key, 3)) * (beyond - lowest)), beyond - 1)
                j = homes.first[g] + min(int(uniform(stub, sub_key(key, 4)) * homes.size[g]), homes.size[g] - 1)
                if g == people.household[i] or not people.present[j]:
                    continue
                if uniform(stub, sub_key(key, 5)) < like(people.migrant[i] == people.migrant[j], t.homophily):
                    tie(other, strength, near, i, j, max(t.other_base, t.forgotten + 0.1), False)
                    break


@rule
def _meet(
    i: int, j: int, chance: np.uint64, people_key: np.ndarray, t: Any,
    other: np.ndarray, strength: np.ndarray, near: np.ndarray,
) -> None:  # fmt: skip
    k = slot_of(other, i, j)
    if k >= 0:
        s = joint_activity(strength[i, k], t.joint_gain)
        strength[i, k] = s
        strength[j, slot_of(other, j, i)] = s
    elif uniform(chance, pair_key(people_key[i], people_key[j])) < t.open_to_new * acquaintance(
        degree(other, i), degree(other, j), t.crowding
    ):
        tie(other, strength, near, i, j, max(t.joint_gain, t.forgotten + 0.02), False)


@kernel
def act_together(
    acted: np.ndarray, building: np.ndarray, partner: np.uint64, chance: np.uint64, people_key: np.ndarray, t: Any,
    other: np.ndarray, strength: np.ndarray, near: np.ndarray,
) -> None:  # fmt: skip
    """Let people who acted (rows in order of buildings, int64[n]) each meet another one of their building.

    In a group of n, each meets the one who stands a drawn number of places further on, in a ring.
    """
    start = 0
    while start < acted.size:
        end = start + 1
        while end < acted.size and building[acted[end]] == building[acted[start]]:
            end += 1
        n = end - start
        if n > 1:
            step = 1 + int(uniform(partner, np.uint64(building[acted[start]])) * (n - 1))
            for a in range(n):
                _meet(acted[start + a], acted[start + (a + step) % n], chance, people_key, t, other, strength, near)
        start = end
