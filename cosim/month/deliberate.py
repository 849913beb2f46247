"""Deliberate: one call, meetings, disclosure; work that is discussed with those concerned meets the need more often."""

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.gather import gather
from cosim.rules.compiled import kernel
from cosim.rules.numeric import ONE
from cosim.scenario.institutions import RUNGS
from cosim.world.chance import Purpose, uniform
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Stage
from cosim.world.world import World

FAINTEST, LOUDEST = 0.25, 2.0
"""Bounds of a place's weight where those who come to a meeting set priorities."""


def deliberate(world: World, institutions: Institutions) -> None:
    """Hold a meeting when one is due and there is time for it; make decisions public."""
    lever, c, committee = world.settings.deliberate, world.circumstances, institutions.committee
    rung = RUNGS[lever.rung]
    due = (world.month * lever.meetings) % 12 < lever.meetings
    if due and committee.hours.spend(world.per_thousand(lever.hours_per_meeting) * rung.hours, "meetings"):
        c.meeting = True
        called = lever.call and committee.hours.spend(world.per_thousand(lever.call_hours), "call")
        came = come_to_meeting(world)
        _discuss(world, came, lever.call_breadth if called else 0.0)
    if lever.disclosure and committee.hours.spend(world.per_thousand(lever.disclosure_hours), "public decisions"):
        c.told = lever.told
        for order in world.orders.standing(Stage.ACCEPTED, Stage.IN_WORK, Stage.DELIVERED):
            order.explained = True
    read_decisions(world)


def _discuss(world: World, came: np.ndarray, called: float) -> None:
    """Note how well the meeting knows each order's place, and the weight that its place has there."""
    lever = world.settings.deliberate
    rung = RUNGS[lever.rung]
    present = np.bincount(world.residents.building[came], minlength=world.adults.size)
    adults = np.maximum(world.adults, 1)
    usual = came.size / max(int(world.adults.sum()), 1)
    for order in world.orders.standing(Stage.PLACED, Stage.CLIMBING, Stage.ACCEPTED):
        share = usual if order.place == COMPOUND else float(present[order.place] / adults[order.place])
        known = min(share / lever.breadth + called, 1.0)
        if rung.sets_priorities and usual > 0.0:
            order.voice = min(max(share / usual, FAINTEST), LOUDEST)
            order.captured = known == 0.0 and order.breadth == 0.0
        if known == 0.0:
            continue
        if order.breadth == 0.0:  # talked about for the first time: later meetings hold nothing up
            order.ready = world.month + rung.months
        order.breadth = max(order.breadth, rung.fit * known)


def come_to_meeting(world: World) -> np.ndarray:
    """Let residents decide whether to come; return the rows of those who do, int64[n]."""
    c = world.circumstances
    if c.meeting:
        everywhere = np.ones(world.adults.size, np.bool_)
        c.met = gather(world, everywhere, world.settings.deliberate.meeting_cost, Purpose.MEETING, deliberates=True)
    return c.met


def read_decisions(world: World) -> None:
    """Let those who read what was decided be informed."""
    c, r = world.circumstances, world.residents
    if c.told > 0.0:
        be_told(r.key, r.informed, c.told, world.stream(Purpose.TOLD))


@kernel
def be_told(key: np.ndarray, informed: np.ndarray, told: float, chance: np.uint64) -> None:
    """Inform each resident with a probability."""
    for i in range(key.size):
        if uniform(chance, key[i]) < told:
            informed[i] = ONE
