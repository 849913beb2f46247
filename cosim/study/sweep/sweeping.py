"""Run a sweep: what is missing of it, on this machine or a cluster, until all is done or it is stopped."""

import heapq
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from cosim.language import told
from cosim.rules.compiled import is_warm, mark_warm
from cosim.scenario.reading import POPULATION_FILES
from cosim.study.cluster import check_cluster, run_on_dask
from cosim.study.experiment import Experiment, load_experiment
from cosim.study.memory import check_memory
from cosim.study.one_run import Failure, Run
from cosim.study.pool import run_in_pool
from cosim.study.running import cores
from cosim.study.store import OutputError
from cosim.study.sweep.folder import StudyFolder
from cosim.study.sweep.made_with import made_with
from cosim.study.sweep.plan import Plan, parse_shard
from cosim.study.sweep.record import Made, kept_of, recorder
from cosim.study.sweep.state import FAILED, NOT_RUN
from cosim.study.sweep.store import KEPT, Store, describe

RESULTS = Path("results", "local")
"""Where studies go unless told otherwise, in the folder in which they are called for."""

Told = Callable[[int, int, int], None]
"""Told how many runs are settled, how many there are, and how many have failed."""


@dataclass(frozen=True, kw_only=True)
class How:
    """How a sweep is run; what comes out does not depend on it.

    `jobs`
        processes (None: one per core that may be used)
    `dask`
        address of a Dask scheduler to use instead
    `timeout`
        seconds after which a run is a failure (None: never)
    `max_failures`
        stop when more runs than this have failed (None: never)
    `retry_failed`
        make failed runs again
    `accept_code`
        go on with a study that other code has begun
    `start_method`
        of processes: spawn, fork or forkserver
    """

    jobs: int | None = None
    dask: str | None = None
    timeout: float | None = None
    max_failures: int | None = None
    retry_failed: bool = False
    accept_code: bool = False
    start_method: str = "spawn"

    def __post_init__(self) -> None:
        """Raise ValueError for numbers that make no sense."""
        if self.jobs is not None and self.jobs < 1:
            raise ValueError(f"jobs must be at least 1, not {self.jobs}")
        if self.timeout is not None and not self.timeout > 0:
            raise ValueError(f"timeout must be above 0 seconds, not {self.timeout}")
        if self.max_failures is not None and self.max_failures < 0:
            raise ValueError(f"max_failures must be 0 or more, not {self.max_failures}")


def sweep(
    experiment: str | Path | Mapping[str, Any] | Experiment,
    *,
    output: str | Path | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    shard: str | None = None,
    progress: Told | None = None,
    **how: Any,
) -> StudyFolder:
    """Run what is missing of a sweep, and return its folder.

    `experiment` is a shipped name, a TOML file, or what would stand in one. `output` is the folder (default:
    results/local/NAME); called again with the same folder, a sweep goes on where it was. `replicates`, `seed` and
    `settings` win over the experiment's. With `shard`, "3/10", it runs that part of the study, in a folder
    `shard-3-of-10` of `output`. Further keywords are those of `How`. A run that fails is a row, and the others go on;
    Ctrl-C keeps what is finished. Raises ScenarioError for an experiment that cannot be run, OutputError for a folder
    that cannot be used, ClusterError, and WorkersDied if processes cannot be started.
    """
    plan = plan_sweep(experiment, replicates, seed, settings, shard)
    return run_plan(plan, folder_of(plan, output), How(**how), progress)


def plan_sweep(
    experiment: str | Path | Mapping[str, Any] | Experiment,
    replicates: int | None = None,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    shard: str | None = None,
) -> Plan:
    """Return the checked plan of a sweep; see `sweep`."""
    asked = {"replicates": replicates, "seed": seed}
    said = {key: value for key, value in asked.items() if value is not None}
    planned = load_experiment(experiment, said, settings)
    return Plan(planned, parse_shard(shard) if shard is not None else None)


def folder_of(plan: Plan, output: str | Path | None) -> Path:
    """Return where a sweep, or its shard, is kept."""
    folder = RESULTS / plan.planned.experiment.name if output is None else Path(output)
    return folder / f"shard-{plan.shard.part}-of-{plan.shard.of}" if plan.shard else folder


def run_plan(plan: Plan, folder: Path, how: How, progress: Told | None = None) -> StudyFolder:
    """Run what is missing of a plan in its folder; see `sweep`."""
    jobs = how.jobs or cores()
    if how.dask:
        check_cluster(how.dask, made_with)
    else:
        check_memory([_largest(plan)], jobs)
    with Store(folder, plan, describe(plan, made_with()), how.accept_code) as store:
        store.start(jobs=jobs, dask=how.dask, people=_people(plan))
        stopped = _Sweeping(store, how, progress).go(jobs)
        store.stop(stopped or "finished")
    return StudyFolder(store.path, stopped)


class Terminated(KeyboardInterrupt):
    """The system asks this process to end, as batch systems do when a job's time is over."""


@contextmanager
def stops_when_terminated() -> Iterator[Event]:
    """Let SIGTERM do what Ctrl-C does; what is yielded is set once it came."""
    came = Event()

    def stop(*_: object) -> None:
        came.set()
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, before)


class _Sweeping:
    """A sweep that is under way: which run is next, and what to do with one that is done."""

    def __init__(self, store: Store, how: How, progress: Told | None) -> None:
        self.store, self.how, self.progress = store, how, progress
        self.attempts = store.log.attempts()
        missing = store.state.wanted() & (store.state.status == NOT_RUN)
        if how.retry_failed:
            missing |= store.state.wanted() & (store.state.status == FAILED)
            for number in np.flatnonzero(missing & (store.state.status == FAILED)).tolist():
                store.state.forget(number)
        self.waiting: list[int] = np.flatnonzero(missing).tolist()
        """A heap of run numbers: the smallest is next, so that a study that is stopped is balanced."""
        counts = store.state.counts()
        self.settled, self.total = counts["done"] + counts["failed"], sum(counts.values())
        self.failed, self.failed_before = counts["failed"], counts["failed"]

    def next(self) -> Run | None:
        """Return the next run to be made; None if there is none at present."""
        return self.store.plan.run(heapq.heappop(self.waiting)) if self.waiting else None

    def go(self, jobs: int) -> str:
        """Make all runs; return why it ended early, or an empty text."""
        self._tell()
        try:
            if self.waiting and not (self.how.dask or is_warm()) and (why := self._compile()):
                return why
            with closing(self._made(self.next, min(jobs, max(len(self.waiting), 1)))) as made:
                return self._take(made)
        except Terminated:
            return told("stopped by SIGTERM")
        except KeyboardInterrupt:
            return told("stopped by Ctrl-C")

    def _compile(self) -> str:
        """Make one run of each scenario by one process alone, so that the others find everything compiled.

        Returns why it was stopped, or an empty text.
        """
        first = iter([heapq.heappop(self.waiting) for _ in range(min(self.store.plan.arms, len(self.waiting)))])
        before = self.failed
        with closing(self._made(lambda: next(map(self.store.plan.run, first), None), 1)) as made:
            why = self._take(made)
        if self.failed == before:
            mark_warm()
        return why

    def _take(self, made: Iterable[Made]) -> str:
        """Keep what comes; return why it was stopped, or an empty text."""
        limit = self.how.max_failures
        for one in made:
            number = one.run.number
            self.attempts[number] += 1
            self.store.record(one, self.attempts[number])
            added = self.store.state.grow(self.store.plan.place(number).point)
            for more in added:
                heapq.heappush(self.waiting, more)
            self.settled, self.total = self.settled + 1, self.total + len(added)
            self.failed += isinstance(one.outcome, Failure)
            self._tell()
            failed = self.failed - self.failed_before
            if limit is not None and failed > limit:
                if failed > 1:
                    return told("stopped after {count} failed runs", count=failed)
                return told("stopped after 1 failed run")
        return ""

    def _made(self, source: Callable[[], Run | None], jobs: int) -> Generator[Made, None, None]:
        """Yield runs as they are done."""
        work = recorder(kept_of(self.store.plan.planned.experiment), self.how.timeout)
        if self.how.dask:
            results = run_on_dask(source, work, self.how.dask, made_with, self.how.timeout)
        else:
            results = run_in_pool(source, work, jobs, self.how.start_method, self.how.timeout)
        try:
            with closing(results):
                for one in results:
                    yield one if isinstance(one, Made) else Made(one.run, one.outcome)
        except OSError as error:
            raise OutputError(
                told("The processes that make runs cannot work: {error}.{kept}", error=error, kept=KEPT)
            ) from error

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.settled, self.total, self.failed)


def _people(plan: Plan) -> dict[str, str]:
    """Return where the files stand from which scenarios take their people, by name."""
    populations = [arm.population for arm in plan.planned.arms]
    files = [getattr(population, key) for population in populations for key in POPULATION_FILES]
    return {Path(file).name: file for file in files if file}


def _largest(plan: Plan) -> Run:
    """Return a run with the most residents, as far as the design's extremes show."""
    points = plan.planned.points
    if "population.residents" not in points.keys:
        return max((plan.run(arm) for arm in range(plan.arms)), key=lambda run: run.scenario.population.residents)
    place = points.keys.index("population.residents")
    point = max(range(plan.points), key=lambda number: points.values[number][place])
    return plan.run(point * plan.arms)
