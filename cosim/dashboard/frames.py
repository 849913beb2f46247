"""Frames: what is kept of every month of one world, so that a visitor can go back."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cosim.community import Community
from cosim.outcomes.measures import CATEGORY_MEASURES, MEASURES, PERSON_MEASURES
from cosim.outcomes.observe import YEAR
from cosim.outcomes.register import states
from cosim.world.orders import ENDED, Stage

MAPPED = (
    "participation", "trust_neighbours", "trust_government", "trust_party", "trust_firm", "satisfaction", "belonging",
    "condition", "grievance", "safety", "informed", "efficacy", "fee_collection",
)  # fmt: skip
"""Measures of one person that the map can show, each from 0 to 1."""
STEPS = 254
"""A person's measure is kept as a whole number from 0 to this."""
NOBODY = 255
"""Stands for a row in which nobody lives."""
WAITING = (Stage.PLACED, Stage.CLIMBING, Stage.ACCEPTED, Stage.IN_WORK, Stage.DELIVERED)
"""Stages in which an order stands open, in order."""
COLUMNS = [PERSON_MEASURES.index(name) for name in MAPPED]


class Queue(NamedTuple):
    """Orders of one month by stage.

    `open` are those that stand in each of `WAITING`, int[5], and `age` the mean months since they were placed, float[5]
    (NaN where none stands); `moved` those that were taken, begun and delivered this month, int[3]; `ended` those that
    ended in each of `ENDED`, int[3]; `placed` those that were placed, `wait` the mean months from placing to signing
    off of those signed off this month (NaN if none was).
    """

    open: np.ndarray
    age: np.ndarray
    moved: np.ndarray
    ended: np.ndarray
    placed: int
    wait: float


class Frame(NamedTuple):
    """One month of a world as the page shows it.

    `people` holds `MAPPED` of every row, uint8[measures, rows], `group` the place of each in `GROUPS`, uint8[rows],
    both `NOBODY` where nobody lives; `arrival` who of those that lived in a row it is, int32[rows]. `whole` holds every
    measure of the compound, float32[measures], `groups` those of residents by group, float32[3, measures], `categories`
    those of services, float32[categories, measures]; `acts` how many residents came to the meeting, to bench sessions
    and to joint work this month, and how many buildings have been renovated so far, int[4].
    """

    people: np.ndarray
    group: np.ndarray
    arrival: np.ndarray
    whole: np.ndarray
    groups: np.ndarray
    categories: np.ndarray
    acts: np.ndarray
    queue: Queue

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return sum(part.nbytes for part in (*self[:7], *self.queue[:4]))


def frame_of(community: Community) -> Frame:
    """Return what is to be kept of the month that passed last."""
    residents, row = community.world.residents, community.last
    here = residents.present
    shown = states(community.world, np.arange(residents.rows))[:, COLUMNS]
    people = np.rint(np.clip(shown, 0.0, 1.0) * STEPS).astype(np.uint8).T
    people[:, ~here] = NOBODY
    group = np.where(residents.member, 2, residents.migrant).astype(np.uint8)
    group[~here] = NOBODY
    whole = np.array([row.whole[name] for name in MEASURES], np.float32)
    month = community.world.circumstances
    acts = np.array([month.met.size, month.sat.size, month.worked.size, community.world.renovated.sum()])
    return Frame(
        np.ascontiguousarray(people), group, residents.arrival.copy(), whole,
        row.groups.astype(np.float32), row.categories.astype(np.float32), acts, queue_of(community),
    )  # fmt: skip


def queue_of(community: Community) -> Queue:
    """Return how the orders stand."""
    world = community.world
    count, age = np.zeros(len(WAITING), int), np.zeros(len(WAITING))
    for order in world.orders.open.values():
        stage = WAITING.index(order.stage)
        count[stage] += 1
        age[stage] += world.month - order.placed
    mean = np.divide(age, count, out=np.full(len(WAITING), np.nan), where=count > 0)
    ended = np.array([sum(order.stage is stage for order in world.orders.ended_now) for stage in ENDED])
    dates = [
        (order.taken, order.begun, order.delivered)
        for order in (*world.orders.open.values(), *world.orders.ended_now)
    ]
    moved = np.array([sum(date[step] == world.month for date in dates) for step in range(3)])
    return Queue(count, mean, moved, ended, int(world.orders.month_placed.sum()), community.latest("wait"))


def moved_between(before: Frame, after: Frame) -> tuple[int, int]:
    """Return how many people came to live here between two months that follow each other, and how many left."""
    was, here, other = before.group != NOBODY, after.group != NOBODY, before.arrival != after.arrival
    return int(np.count_nonzero(here & (~was | other))), int(np.count_nonzero(was & (~here | other)))


def same_person(left: Frame, right: Frame) -> np.ndarray:
    """Return for every row whether the same person lives there in both worlds, bool[rows]."""
    return (left.group != NOBODY) & (right.group != NOBODY) & (left.arrival == right.arrival)


def course(frames: Sequence[Frame], measure: str, part: int | None = None, *, of: str = "whole") -> np.ndarray:
    """Return a measure month by month, float32[frames]; costs and hours per resident and year, as a run's levels.

    `of` says of what: the `whole` compound, one of the `groups` or one of the `categories`, `part` which one.
    """
    if of == "whole":
        values = np.array([frame.whole[PLACE[measure]] for frame in frames], np.float32)
        if MEASURES[measure].summary == "per_resident_year":
            values *= YEAR / np.array([frame.whole[PLACE["residents"]] for frame in frames])
        return values
    place = CATEGORY_PLACE[measure] if of == "categories" else GROUP_PLACE[measure]
    return np.array([getattr(frame, of)[part, place] for frame in frames], np.float32)


PLACE = {name: place for place, name in enumerate(MEASURES)}
CATEGORY_PLACE = {name: place for place, name in enumerate(CATEGORY_MEASURES)}
GROUP_PLACE = {name: place for place, name in enumerate(n for n, it in MEASURES.items() if it.level == "resident")}
