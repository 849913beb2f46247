"""Which runs a sweep consists of: points of the design x scenarios x replicates, numbered replicate by replicate."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cosim.language import told
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study.experiment import Planned, scenario_at
from cosim.study.one_run import Run
from cosim.study.running import seed_of


class Shard(NamedTuple):
    """One of several parts into which a sweep is divided."""

    part: int
    """From 1."""
    of: int

    def __str__(self) -> str:
        """Return it as it is given: 3/10."""
        return f"{self.part}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Return the shard that a user named, such as "3/10". Raises ScenarioError."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    shard = Shard(int(found[1]), int(found[2])) if found else Shard(0, 0)
    if not 1 <= shard.part <= shard.of:
        message = told("'{text}' is no part of a study", text=text)
        allowed = told("i/n with i from 1 to n, such as 3/10 for the third of ten")
        raise ScenarioError([Problem(file="--shard", message=message, allowed=allowed)])
    return shard


class Place(NamedTuple):
    """Where a run stands in its study."""

    replicate: int
    """From 1."""
    point: int
    """From 0, as all below."""
    arm: int


@dataclass(frozen=True)
class Plan:
    """The runs of a sweep, or of one shard of it; a run's number is the same in every shard."""

    planned: Planned
    shard: Shard | None = None

    def __post_init__(self) -> None:
        """Refuse shards beyond what there is to share out."""
        pieces = self.points * (1 if self.adaptive else self.planned.experiment.replicates)
        if self.shard and self.shard.of > pieces:
            what = told("points") if self.adaptive else told("pairs of a point and a replicate")
            message = told(
                "{of} shards for {pieces} {what} leave shards without a run", of=self.shard.of, pieces=pieces, what=what
            )
            raise ScenarioError(
                [Problem(file="--shard", message=message, allowed=told("at most {pieces} shards", pieces=pieces))]
            )

    @property
    def points(self) -> int:
        """Number of points of the design."""
        return len(self.planned.points.values)

    @property
    def arms(self) -> int:
        """Number of scenarios."""
        return len(self.planned.labels)

    @property
    def adaptive(self) -> bool:
        """Whether points have more replicates where results vary more."""
        return self.planned.experiment.until is not None

    @property
    def most_replicates(self) -> int:
        """The most replicates that a point can have."""
        experiment = self.planned.experiment
        return experiment.until.max_replicates if experiment.until else experiment.replicates

    @property
    def total(self) -> int:
        """Number of runs of the whole study if every point has the most replicates."""
        return self.points * self.arms * self.most_replicates

    def place(self, number: int) -> Place:
        """Return where a run stands."""
        rest, arm = divmod(number, self.arms)
        replicate, point = divmod(rest, self.points)
        return Place(replicate + 1, point, arm)

    def number(self, place: Place) -> int:
        """Return the number of a run."""
        return ((place.replicate - 1) * self.points + place.point) * self.arms + place.arm

    @cached_property
    def mine(self) -> np.ndarray:
        """Whether each run belongs to this shard, bool[total].

        A point's scenarios stay together, as they are compared; so do its replicates where their number is adaptive.
        """
        pair = np.arange(self.total) // self.arms
        if self.shard is None:
            return np.ones(self.total, bool)
        whole = pair % self.points if self.adaptive else pair
        return np.equal(whole % self.shard.of, self.shard.part - 1)

    def seed(self, replicate: int) -> int:
        """Return the seed of a replicate: the same at every point and in every scenario."""
        return seed_of(self.planned.experiment.seed, replicate)

    def run(self, number: int) -> Run:
        """Return a run, ready to be made."""
        replicate, point, arm = self.place(number)
        points = self.planned.points
        scenario = scenario_at(self.planned.arms[arm], points.keys, points.values[point])
        return Run(scenario, self.planned.labels[arm], replicate, self.seed(replicate), number=number)
