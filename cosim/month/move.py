"""Move: people leave and arrive; those who acted together get to know each other; belonging drifts."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.residents_order import due_to_settle
from cosim.rules import belonging as belonging_rules
from cosim.rules import moving as rules
from cosim.rules.compiled import kernel
from cosim.rules.numeric import ONE, ZERO
from cosim.world.chance import Purpose, uniform
from cosim.world.population import MIGRANT_NEEDS, HouseholdColumns, become, columns, profile
from cosim.world.ties import act_together
from cosim.world.world import World

GROWN_UP = (20.0, 40.0)
"""Ages in years between which somebody who joins a household is drawn."""
OLDEST = 129
"""Age in years at which death is certain, whatever the hazard; the column of ages ends a year later."""


class Belonging(NamedTuple):
    """Columns that belonging reads and writes."""

    building: np.ndarray
    profile: np.ndarray
    arrived: np.ndarray
    embedded: np.ndarray
    signed_off: np.ndarray
    belonging: np.ndarray


class Leaving(NamedTuple):
    """Columns of residents that moving reads."""

    key: np.ndarray
    household: np.ndarray
    present: np.ndarray
    age: np.ndarray
    satisfaction: np.ndarray
    belonging: np.ndarray


def move(world: World, institutions: Institutions) -> None:
    """Change ties, belonging and who lives here, in this order."""
    get_to_know(world)
    belong(world)
    become_long_term(world)
    come_and_go(world)


def get_to_know(world: World) -> None:
    """Strengthen ties between people who acted together: work, meetings, sessions, members' own meeting."""
    r, ties, c = world.residents, world.ties, world.circumstances
    for acted in (c.worked, c.met, c.sat, world.members):
        act_together(
            acted, r.building, world.stream(Purpose.PARTNER), world.stream(Purpose.ACQUAINT),
            r.key, world.constants["ties"], ties.other, ties.strength, ties.near,
        )  # fmt: skip


def belong(world: World) -> None:
    """Let belonging drift to its target."""
    lived = world.circumstances.condition @ world.facilities.needs.T
    drift(columns(Belonging, world.residents), world.constants["belonging"], lived, world.month)


@kernel
def drift(r: Any, p: Any, lived: np.ndarray, month: int) -> None:
    """One month of belonging; `lived` float32[B, profiles] is the condition each profile lives with."""
    here = np.empty(r.belonging.size, np.float32)
    for i in range(here.size):
        here[i] = lived[np.uint32(r.building[i]), np.uint8(r.profile[i])]
    for i in range(here.size):
        target = belonging_rules.target(
            np.float32(month - r.arrived[i]), r.embedded[i], here[i], np.float32(month - r.signed_off[i] < 12),
            p.settling, p.w_time, p.w_ties, p.w_condition, p.w_orders,
        )  # fmt: skip
        r.belonging[i] = belonging_rules.drift(r.belonging[i], target, p.pace)


def become_long_term(world: World) -> None:
    """Let migrant households that have lived here long enough count as long-term, as many as there are places for."""
    r, homes = world.residents, world.households
    settled = due_to_settle(world)[: world.circumstances.places]
    if settled.size:
        rows = world.rows_of(settled)
        homes.migrant[settled] = False
        r.migrant[rows] = False
        r.profile[rows] &= ~np.int8(MIGRANT_NEEDS)


def come_and_go(world: World) -> None:
    """Let people die, households move away and others move in, and grown children or relatives join."""
    r, homes = world.residents, world.households
    gone, dwellings, joining = depart(
        columns(HouseholdColumns, homes), columns(Leaving, r), world.constants["moving"],
        world.stream(Purpose.LEAVE), world.stream(Purpose.DIE), world.stream(Purpose.JOIN),
    )  # fmt: skip
    world.vacate(gone)
    if dwellings.size:
        world.settle(dwellings)
    if joining.size:
        world.circumstances.own[joining] = 0.0
        join(
            joining, world.month, world.person, world.done, world.home, world.population_streams,
            world.constants["population"], world.constants["trust"], world.start,
        )  # fmt: skip
        world.meet_neighbours(joining)


@kernel
def depart(
    homes: Any, r: Any, p: Any, leaves: np.uint64, dies: np.uint64, joins: np.uint64
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of people who go, households that leave (also those that die out), and empty rows that are filled."""
    n = r.present.size
    gone, leaving, joining = np.empty(n, np.int32), np.empty(homes.key.size, np.int32), np.empty(n, np.int32)
    people, households, places = 0, 0, 0
    risk = np.array([rules.dying(np.float32(age + 0.5), p.log_hazard, p.hazard_slope) for age in range(OLDEST + 1)])
    risk[OLDEST] = 1.0
    touched = np.zeros(homes.key.size, np.bool_)
    for i in range(n):
        if r.present[i]:
            touched[r.household[i]] |= uniform(dies, r.key[i]) < risk[int(r.age[i])]
        else:
            touched[r.household[i]] |= uniform(joins, r.key[i]) < p.joining
    migrants_at_most = rules.leaving(p.migrant_rate, ZERO, ZERO, p.w_satisfaction, p.w_belonging, p.usual_belonging)
    others_at_most = rules.leaving(p.long_term_rate, ZERO, ZERO, p.w_satisfaction, p.w_belonging, p.usual_belonging)
    for h in range(homes.key.size):
        at_most = migrants_at_most if homes.migrant[h] else others_at_most
        if uniform(leaves, homes.key[h]) >= at_most and not touched[h]:
            continue  # nearly all households, and so without a look at their members
        first, end = homes.first[h], homes.first[h] + homes.size[h]
        before, empty = people, places
        alive, satisfied, belonging = ZERO, ZERO, ZERO
        for i in range(first, end):
            if not r.present[i]:
                if uniform(joins, r.key[i]) < p.joining:
                    joining[places] = i
                    places += 1
            elif uniform(dies, r.key[i]) < risk[int(r.age[i])]:
                gone[people] = i
                people += 1
            else:
                alive += ONE
                satisfied += r.satisfaction[i]
                belonging += r.belonging[i]
        if alive > ZERO:
            rate = p.migrant_rate if homes.migrant[h] else p.long_term_rate
            likely = rules.leaving(
                rate, satisfied / alive, belonging / alive, p.w_satisfaction, p.w_belonging, p.usual_belonging
            )
            if uniform(leaves, homes.key[h]) >= likely:
                continue
        leaving[households] = h
        households += 1
        people, places = before, empty
        for i in range(first, end):
            gone[people] = i
            people += 1
    return gone[:people], leaving[:households], joining[:places]


@kernel
def join(
    rows: np.ndarray, month: int, people: Any, done: Any, homes: Any, s: Any, who: Any, trust: Any, start: Any
) -> None:
    """Fill empty places (rows, int64[n]) in inhabited households with a grown child or a relative."""
    for i in rows:
        h = people.household[i]
        place = i - homes.first[h]
        people.migrant[i] = homes.migrant[h]
        youngest, oldest = GROWN_UP
        become(i, place, month, youngest, people, done, s, who, trust, start)
        age = youngest + (oldest - youngest) * uniform(s.age, people.key[i])
        people.age[i] = age
        people.profile[i] = profile(age, homes.children[h], homes.migrant[h])
