"""Gather: residents decide whether to come to a meeting or a bench session, and are informed there."""

from typing import Any

import numpy as np

from cosim.month.residents_order import Deciding, intends, likely_to_act
from cosim.rules.compiled import kernel
from cosim.rules.numeric import ONE
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import PARTY
from cosim.world.population import columns
from cosim.world.world import World


def gather(world: World, where: np.ndarray, cost: float, purpose: Purpose, *, deliberates: bool) -> np.ndarray:
    """Return the rows of residents who come, int64[n]; `where` bool[B] are the buildings that are invited.

    Only where people deliberate does coming count as taking part.
    """
    r, c = world.residents, world.circumstances
    came = come(
        columns(Deciding, r), r.deliberated, world.constants["taking_part"], where, np.float32(c.kept),
        np.float32(cost), np.float32(c.migrant_cost), world.month, deliberates, world.stream(purpose),
    )  # fmt: skip
    r.informed[came] = 1.0
    return came


@kernel
def come(
    r: Any, deliberated: np.ndarray, p: Any, where: np.ndarray, kept: float, cost: float, migrant_cost: float,
    month: int, deliberates: bool, chance: np.uint64,
) -> np.ndarray:  # fmt: skip
    """Rows of residents who come, int64[n]; writes the month and habit of those who deliberate."""
    likely = np.empty(r.key.size, np.float32)
    for i in range(likely.size):
        intention = intends(r, i, p, PARTY, kept, cost + migrant_cost * r.migrant[i]) + p.habit * r.habit[i]
        likely[i] = likely_to_act(r, i, p, intention, p.deliberate_threshold, p.contribute_ceiling)
    came, n = np.empty(likely.size, np.int64), 0
    for i in range(likely.size):
        if uniform(chance, r.key[i]) < likely[i] and r.present[i] and where[r.building[i]]:
            came[n] = i
            n += 1
            if deliberates:
                deliberated[i] = month
                r.habit[i] += p.habit_gain * (ONE - r.habit[i])
    return came[:n]
