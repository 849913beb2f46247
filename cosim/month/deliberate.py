"""Deliberate: residents meet; work that is discussed with those concerned meets the need more often."""

from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.residents_order import Deciding, intends
from cosim.rules import taking_part as rules
from cosim.rules.compiled import kernel
from cosim.rules.numeric import ONE
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import PARTY
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Stage
from cosim.world.population import columns
from cosim.world.world import World


def deliberate(world: World, institutions: Institutions) -> None:
    """Hold a meeting when one is due and there is time to prepare it; note which orders were discussed."""
    lever = world.settings.deliberate
    due = (world.month * lever.meetings) % 12 < lever.meetings
    hours = world.per_thousand(lever.hours_per_meeting)
    if not (due and institutions.committee.hours.spend(hours, "meetings")):
        return
    world.circumstances.meeting = True
    came = come_to_meeting(world)
    buildings = set(world.residents.building[came].tolist())
    for order in world.orders.standing(Stage.PLACED, Stage.CLIMBING, Stage.ACCEPTED):
        if came.size and (order.place == COMPOUND or order.place in buildings):
            order.deliberated = True


def come_to_meeting(world: World) -> np.ndarray:
    """Let residents decide whether to come; they are informed then. Return their rows, int64[n]."""
    r, c = world.residents, world.circumstances
    if not c.meeting:
        return np.empty(0, np.int64)
    came = meet(
        columns(Deciding, r), r.deliberated, world.constants["taking_part"], np.float32(c.kept),
        np.float32(world.settings.deliberate.meeting_cost), np.float32(world.settings.residents_order.migrant_cost),
        world.month, world.stream(Purpose.MEETING),
    )  # fmt: skip
    r.informed[came] = 1.0
    c.met = came
    return came


@kernel
def meet(
    r: Any, deliberated: np.ndarray, p: Any, kept: float, cost: float, migrant_cost: float,
    month: int, chance: np.uint64,
) -> np.ndarray:  # fmt: skip
    """Rows of residents who come to the meeting, int64[n]; writes the month, and habit."""
    likely = np.empty(r.key.size, np.float32)
    for i in range(likely.size):
        intention = intends(r, i, p, PARTY, kept, cost + migrant_cost * r.migrant[i]) + p.habit * r.habit[i]
        likely[i] = rules.probability(intention, p.deliberate_threshold, p.steepness, p.contribute_ceiling)
    came, n = np.empty(likely.size, np.int64), 0
    for i in range(likely.size):
        if uniform(chance, r.key[i]) < likely[i] and r.present[i]:
            came[n] = i
            n += 1
            deliberated[i] = month
            r.habit[i] += p.habit_gain * (ONE - r.habit[i])
    return came[:n]
