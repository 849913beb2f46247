"""Follow a resident or a building through the worlds on screen, in runs of their own beside the page.

The runs have the same scenarios and the same luck, and so are the runs on screen; that is checked. They go on from
where they are, so that one more month costs no more than a month.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.community import Community
from cosim.dashboard.background import Background
from cosim.dashboard.frames import Frame, frame_of
from cosim.dashboard.turns import Turns
from cosim.dashboard.worlds import REPLICATE, Worlds
from cosim.study.running import seed_of
from cosim.study.tracing.person import PersonWatcher
from cosim.study.tracing.places import BuildingWatcher
from cosim.study.tracing.watching import Watcher, watch
from cosim.world.orders import Order, Stage
from cosim.world.world import World

AT_ONCE = threading.BoundedSemaphore(2)
"""Runs beside a page that the whole server does at once; others wait for their turn."""
STEPS_TOLD = 10
"""In how many steps progress is told: each draws the page anew."""


class Picked(NamedTuple):
    """Who or what is looked at: whoever was the `arrival`-th to live in a row, or a building; -1 for none."""

    row: int = -1
    building: int = -1
    arrival: int = -1


class Case(NamedTuple):
    """An order as it stood at the end of a month: number, place in the services, stage, months since it was placed."""

    month: int
    number: int
    category: int
    stage: Stage
    months: int


class Cases(Watcher):
    """Keeps how orders stand that are `mine`."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[Case] = []

    def mine(self, order: Order) -> bool:
        """Whether an order is one of those that are watched."""
        raise NotImplementedError

    def keep_cases(self, world: World) -> None:
        """Keep how they stand this month."""
        for order in (*world.orders.open.values(), *world.orders.ended_now):
            if self.mine(order):
                stands = (order.number, order.category, order.stage, world.month - order.placed)
                self.cases.append(Case(world.month, *stands))

    def cases_at(self, position: int) -> list[Case]:
        """Return the last that was known of each order after as many months, the youngest order first."""
        found = {case.number: case for case in self.cases if case.month < position}
        return sorted(found.values(), key=lambda case: -case.number)


class Standing(NamedTuple):
    """What the register knows of a person in a month: age, tenure by number, ties as rows, the strongest first."""

    arrival: int
    age: float
    tenure: int
    tied: tuple[int, ...]
    strength: tuple[float, ...]


class LifeWatcher(PersonWatcher, Cases):
    """Watches whoever lives in a row: what tracing tells of them, their orders, and their ties; `standing` by month."""

    def __init__(self, row: int, arrival: int) -> None:
        super().__init__(row)
        self.looked_at = arrival
        self.standing: dict[int, Standing] = {}
        self._person = -1

    def mine(self, order: Order) -> bool:
        """Whether the person asked for it."""
        return self._person in order.asked

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Close the month's record."""
        super().end_month(world, institutions)
        r, row = world.residents, self.row
        here = bool(r.present[row])
        if here and int(r.arrival[row]) == self.looked_at:
            self._person = int(world.people_in(np.array([row]))[0])
        self.keep_cases(world)
        if not here:
            return
        known = world.ties.other[row] >= 0
        order = np.argsort(-world.ties.strength[row][known], kind="stable")
        self.standing[world.month] = Standing(
            int(r.arrival[row]), float(r.age[row]), int(world.households.tenure[r.household[row]]),
            tuple(world.ties.other[row][known][order].tolist()), tuple(world.ties.strength[row][known][order].tolist()),
        )  # fmt: skip


class HouseWatcher(BuildingWatcher, Cases):
    """Watches a building: what tracing tells of it, and the orders of that place."""

    def mine(self, order: Order) -> bool:
        """Whether it is about this building."""
        return order.place == self.building

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Record the building as the month leaves it."""
        super().end_month(world, institutions)
        self.keep_cases(world)


class Followed:
    """The runs in which somebody or something is watched; `reached` is the position up to which they have come."""

    def __init__(self, worlds: Worlds, picked: Picked) -> None:
        self.worlds, self.picked = worlds, picked
        self.reached = -1
        self.watchers: list[LifeWatcher | HouseWatcher] = []
        self._communities: list[Community] = []
        self._lock = threading.Lock()

    def work(self, position: int, tell: Callable[[float], None], turns: Turns) -> None:
        """Bring all runs to a position that has been computed on screen, telling the share that is done.

        Raises RuntimeError if they turn out not to be the runs on screen.
        """
        with _one_of_few(tell), self._lock:
            missing = self._missing(position)
            for done, community in enumerate(missing, 1):
                with turns.turn():
                    community.step()
                tell(round(STEPS_TOLD * done / len(missing)) / STEPS_TOLD)
            self._arrive(position)

    def catch_up(self, position: int) -> None:
        """Do so at once, for a month that a page can wait for; nothing if work is under way. Raises as `work`."""
        if self._lock.acquire(blocking=False):
            try:
                for community in self._missing(position):
                    community.step()
                self._arrive(position)
            finally:
                self._lock.release()

    def _missing(self, position: int) -> list[Community]:
        """Return for each month that is missing the community that is to pass it."""
        if not self._communities:
            self._begin()
        return [it for it in self._communities for _ in range(it.month, position)]

    def _arrive(self, position: int) -> None:
        """Check the runs against the page, and say how far they have come."""
        for community, frames in zip(self._communities, self.worlds.frames, strict=True):
            if community.month == position and not same_month(frame_of(community), frames[position]):
                raise RuntimeError("the run that is traced is not the run on screen")
        self.reached = max(self.reached, position)

    def _begin(self) -> None:
        luck = seed_of(self.worlds.seed, REPLICATE)
        picked = self.picked
        for scenario in self.worlds.scenarios:
            community = Community(scenario, rng=luck)
            watcher = LifeWatcher(picked.row, picked.arrival) if picked.row >= 0 else HouseWatcher(picked.building)
            watch(community, [watcher])
            self.watchers.append(watcher)
            self._communities.append(community)


@contextmanager
def _one_of_few(tell: Callable[[float], None]) -> Iterator[None]:
    """Wait until few others work, or nobody waits for the work any more."""
    while not AT_ONCE.acquire(timeout=0.25):
        tell(0.0)
    try:
        yield
    finally:
        AT_ONCE.release()


def same_month(one: Frame, other: Frame) -> bool:
    """Whether two frames are of the same month of the same run."""
    same = (np.array_equal(a, b, equal_nan=True) for a, b in zip(one[3:6], other[3:6], strict=True))
    return np.array_equal(one.people, other.people) and np.array_equal(one.arrival, other.arrival) and all(same)


class Life:
    """What a visitor's page shows of somebody or something: who it is, and what became of them so far."""

    def __init__(self, changed: Callable[[], None], turns: Turns) -> None:
        self.background = Background(changed)
        self.turns = turns
        self.followed: Followed | None = None
        self.decision = ""
        self._wanted = -1

    def follow(self, worlds: Worlds, picked: Picked) -> Followed:
        """Return the runs that follow it, which go on to the position on screen if they have not come that far."""
        followed = self.followed
        if followed is None or followed.worlds is not worlds or followed.picked != picked:
            self.background.stop()
            followed = self.followed = Followed(worlds, picked)
            self._wanted = -1
        if 0 <= followed.reached == worlds.position - 1 and not self.background.running:
            followed.catch_up(worlds.position)
        elif max(followed.reached, self._wanted) < worlds.position:
            goal = self._wanted = worlds.latest
            self.background.start(lambda tell: followed.work(goal, tell, self.turns))
        return followed

    def wait(self, seconds: float = 30.0) -> None:
        """Wait until no work is under way. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while self.background.running:
            if time.monotonic() > end:
                raise TimeoutError("the work has not come to an end")
            time.sleep(0.01)

    def tied(self, worlds: Worlds, picked: Picked) -> list[int]:
        """Return the rows to which the person has ties at the position on screen, in the first world they live in."""
        followed = self.followed
        if followed is None or followed.worlds is not worlds or followed.picked != picked or picked.row < 0:
            return []
        for watcher in followed.watchers:
            found = standing_at(watcher, min(followed.reached, worlds.position), picked.arrival)
            if found:
                return list(found.tied)
        return []


def standing_at(watcher: LifeWatcher | HouseWatcher, position: int, arrival: int) -> Standing | None:
    """Return what is known of a person after as many months; None if they do not live here then."""
    found = watcher.standing.get(position - 1) if isinstance(watcher, LifeWatcher) else None
    return found if found is not None and found.arrival == arrival else None
