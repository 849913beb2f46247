"""Two worlds in step: the same people with the same luck under two scenarios, or one world alone."""

import time
from collections.abc import Sequence

from cosim.community import Community
from cosim.dashboard.frames import Frame, frame_of
from cosim.scenario.same_people import check_same_people
from cosim.scenario.schema import Scenario
from cosim.study.running import labels_of, seed_of
from cosim.world.world import World

REPLICATE = 1
"""Which replicate of a study of the same seed is on screen."""


class Worlds:
    """One or two communities that pass their months together.

    A position is the number of months that have passed since month 0; at 0 the shared warm-up is just over. `position`
    is the one on screen, `latest` the furthest that has been computed (-1: not even the warm-up is over), `last` the
    end. `frames` has a list for each world: what is kept of every position up to `latest`.

    Raises ScenarioError for two scenarios that are not about the same people.
    """

    def __init__(self, scenarios: Sequence[Scenario], seed: int) -> None:
        check_same_people(scenarios, labels_of(scenarios))
        self.scenarios = tuple(scenarios)
        self.seed = seed
        self.last = min(scenario.study.months for scenario in scenarios)
        self.frames: tuple[list[Frame], ...] = tuple([] for _ in scenarios)
        self.position = 0
        self._communities: list[Community] = []

    @property
    def latest(self) -> int:
        """The furthest position that has been computed."""
        return len(self.frames[-1]) - 1

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over, so that there is something to show."""
        return self.latest >= 0

    @property
    def now(self) -> list[Frame]:
        """What is on screen: a frame for each world."""
        return [frames[self.position] for frames in self.frames]

    @property
    def world(self) -> World:
        """The first world as it stands at the furthest position."""
        return self._communities[0].world

    @property
    def size(self) -> int:
        """Bytes of memory that the frames take."""
        return sum(frame.size for frames in self.frames for frame in frames)

    def work(self, position: int, seconds: float) -> bool:
        """Compute months up to a position, for about as many seconds at most; return whether it is reached.

        Every call computes something, so that calling it again and again comes to an end.
        """
        wanted, end = min(position, self.last), time.monotonic() + seconds
        if not self._communities:
            luck = seed_of(self.seed, REPLICATE)
            self._communities = [Community(scenario, rng=luck) for scenario in self.scenarios]
        while self.latest < wanted:
            for community, frames in zip(self._communities, self.frames, strict=True):
                self._step(community, frames)
            if time.monotonic() > end:
                break
        return self.latest >= wanted

    @staticmethod
    def _step(community: Community, frames: list[Frame]) -> None:
        """Let a month pass, and keep it unless it is one of the warm-up before its last."""
        if not (community.month == 0 and not frames):
            community.step()
        if community.month >= 0:
            frames.append(frame_of(community))

    def show(self, position: int) -> None:
        """Put a position that has been computed on screen."""
        self.position = max(0, min(position, self.latest))
