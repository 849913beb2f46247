"""A study: every scenario with every replicate, in this process or on several."""

import os
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from cosim.language import Told, told
from cosim.rules.compiled import is_warm, mark_warm
from cosim.scenario.loader import load_scenario
from cosim.scenario.schema import Scenario
from cosim.study.memory import check_memory
from cosim.study.one_run import Failure, Result, Run, Tables, make_run
from cosim.study.pool import Work, run_in_pool

Settings = Mapping[str, Any]
"""Values of a scenario's keys, by dotted key."""
Progress = Callable[[float, int], None]
"""Told how many runs are done (a fraction for the one under way) and how many there are."""


@dataclass(frozen=True)
class Study:
    """Many runs and what came out of them.

    The tables hold the finished runs, one after the other: `scenario` and `replicate`, then the columns of
    the community's own tables. `orders` has a row for every order (`outcomes/orders.py`); `people`, kept on demand, one
    for everybody of month 0 and of the last month (`outcomes/register.py`). `runs` has a row for every planned run:
    scenario, replicate, seed, status (done, failed, not run) and error.
    """

    labels: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    replicates: int
    seed: int
    runs: pd.DataFrame
    months: pd.DataFrame
    groups: pd.DataFrame
    categories: pd.DataFrame
    people: pd.DataFrame
    orders: pd.DataFrame
    failures: tuple[Failure, ...]
    stopped: bool
    """Whether Ctrl-C ended it early."""
    worlds: tuple[Settings, ...] = ()
    """Settings of the replicates, one after the other, where each is run in a world of its own."""

    @property
    def name(self) -> str:
        """The scenarios' names, joined."""
        return "-".join(self.labels)

    @property
    def complete(self) -> list[int]:
        """The replicates that are finished in every scenario."""
        done = self.runs[self.runs["status"] == "done"].groupby("replicate").size()
        return [int(replicate) for replicate in done.index[done == len(self.labels)]]

    @property
    def shortfall(self) -> Told | None:
        """A sentence on what is missing, or None if every run is done."""
        if len(self.complete) == self.replicates:
            return None
        why = told("{failed} of {runs} runs failed", failed=len(self.failures), runs=len(self.runs))
        if self.stopped:
            why = told("stopped by Ctrl-C")
        return _shortfall(why, len(self.complete), self.replicates, len(self.labels) > 1)


def _shortfall(why: Told, done: int, replicates: int, several: bool) -> Told:
    """Say how many replicates are finished, in all scenarios where there are `several`, and why not all of them."""
    if done == 0 and several:
        return told(
            "{why}: none of {replicates} replicates are finished in every scenario", why=why, replicates=replicates
        )
    if done == 0:
        return told("{why}: none of {replicates} replicates are finished", why=why, replicates=replicates)
    values = {"why": why, "done": done, "replicates": replicates}
    if done == 1 and several:
        return told("{why}: {done} of {replicates} replicates is finished in every scenario and is used", **values)
    if done == 1:
        return told("{why}: {done} of {replicates} replicates is finished and is used", **values)
    if several:
        return told("{why}: {done} of {replicates} replicates are finished in every scenario and are used", **values)
    return told("{why}: {done} of {replicates} replicates are finished and are used", **values)


@cache
def seed_of(study_seed: int, replicate: int) -> int:
    """Return the seed of a replicate, a whole number below 2**32; nothing else goes into it."""
    return int(np.random.SeedSequence((study_seed, replicate)).generate_state(1)[0])


def plan_runs(
    scenarios: Sequence[Scenario],
    replicates: int,
    seed: int,
    keep_people: bool = False,
    worlds: Sequence[Settings] = (),
) -> list[Run]:
    """List the runs, replicate by replicate, so that a study that is stopped is balanced.

    With `worlds`, each replicate is run in the next of them, and after the last one in the first again.
    """
    labels = labels_of(scenarios)
    return [
        Run(
            load_scenario(scenario, worlds[(replicate - 1) % len(worlds)]) if worlds else scenario,
            label, replicate, seed_of(seed, replicate), keep_people, number,
        )
        for number, (replicate, (label, scenario)) in enumerate(
            product(range(1, replicates + 1), zip(labels, scenarios, strict=True))
        )
    ]  # fmt: skip


def run_study(
    scenarios: Sequence[Scenario],
    *,
    replicates: int = 1,
    seed: int = 1,
    jobs: int | None = None,
    start_method: str = "spawn",
    keep_people: bool = False,
    worlds: Sequence[Settings] = (),
    progress: Progress | None = None,
) -> Study:
    """Run every scenario `replicates` times, with the same seeds in each.

    `jobs` is the number of processes (default: one per core that may be used; 1: this process).
    `start_method` is how they start: spawn, fork or forkserver. Results depend on neither. `keep_people` keeps a
    register of people from month 0 to the end of every run. With `worlds` each replicate is run with the next of these
    settings, the same in every scenario. Ctrl-C keeps what is finished; a run that fails is listed and the others go
    on. Raises ValueError for numbers that make no sense, ScenarioError if there is not enough memory or a world cannot
    be, WorkersDied if processes cannot be started.
    """
    _check(replicates=replicates, seed=seed, jobs=jobs)
    runs = plan_runs(scenarios, replicates, seed, keep_people, worlds)
    wanted = min(jobs or cores(), len(runs))
    check_memory(runs, wanted)
    results: dict[tuple[int, str], Result] = {}
    stopped = False

    def tell(extra: float = 0.0) -> None:
        if progress is not None:
            progress(len(results) + extra, len(runs))

    try:
        with closing(make_runs(runs, len(scenarios), wanted, start_method, tell)) as finished:
            for result in finished:
                results[_key(result.run)] = result
                tell()
    except KeyboardInterrupt:
        stopped = True
    return replace(_collect(scenarios, replicates, seed, runs, results, stopped), worlds=tuple(worlds))


def make_runs(
    runs: list[Run], first: int, jobs: int, start_method: str, tell: Callable[[float], None], work: Work = make_run
) -> Generator[Any, None, None]:
    """Yield what `work` makes of each run; the `first` of them are made here if they compile what workers then load."""
    warm = is_warm()
    here = len(runs) if jobs == 1 else 0 if warm else first
    failed = False
    for number, run in enumerate(runs[:here], start=1):
        result = work(run, _month_counter(run, tell))
        failed = failed or isinstance(result.outcome, Failure)
        if number == first and not (warm or failed):
            mark_warm()
        yield result
    if runs[here:]:
        rest = iter(runs[here:])
        yield from run_in_pool(lambda: next(rest, None), work, jobs, start_method)


def _month_counter(run: Run, tell: Callable[[float], None]) -> Callable[..., None]:
    """Return what reports the share of this run's months that are over, month by month."""
    total = run.scenario.study.warmup_months + run.scenario.study.months
    done = 0

    def count(*_: object) -> None:
        nonlocal done
        done += 1
        tell(min(done / total, 1.0))

    return count


def _collect(
    scenarios: Sequence[Scenario],
    replicates: int,
    seed: int,
    runs: list[Run],
    results: dict[tuple[int, str], Result],
    stopped: bool,
) -> Study:
    """Put results in the order of the plan, whichever came first."""
    outcomes = [results[key].outcome if key in results else None for key in map(_key, runs)]
    listed = pd.DataFrame(
        {
            "scenario": [run.label for run in runs],
            "replicate": [run.replicate for run in runs],
            "seed": [run.seed for run in runs],
            "status": [_status(outcome) for outcome in outcomes],
            "error": [outcome.error if isinstance(outcome, Failure) else "" for outcome in outcomes],
        }
    )
    done = [(run, made) for run, made in zip(runs, outcomes, strict=True) if isinstance(made, Tables)]
    return Study(
        labels=labels_of(scenarios),
        scenarios=tuple(scenarios),
        replicates=replicates,
        seed=seed,
        runs=listed,
        months=_stacked((run, tables.months) for run, tables in done),
        groups=_stacked((run, tables.groups) for run, tables in done),
        categories=_stacked((run, tables.categories) for run, tables in done),
        people=_stacked((run, tables.people) for run, tables in done),
        orders=_stacked((run, tables.orders) for run, tables in done),
        failures=tuple(outcome for outcome in outcomes if isinstance(outcome, Failure)),
        stopped=stopped,
    )


def _key(run: Run) -> tuple[int, str]:
    """Return what tells a run from every other in its study."""
    return run.replicate, run.label


def _status(outcome: Tables | Failure | None) -> str:
    """Return what became of a run."""
    if outcome is None:
        return "not run"
    return "failed" if isinstance(outcome, Failure) else "done"


def _stacked(tables: Iterable[tuple[Run, pd.DataFrame]]) -> pd.DataFrame:
    """Put the runs' tables under one another, each with its scenario and replicate in front."""
    frames = []
    for run, table in tables:
        frame = table.copy()
        frame.insert(0, "scenario", run.label)
        frame.insert(1, "replicate", run.replicate)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def labels_of(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the scenarios' names, with a number behind those that occur again."""
    names = [scenario.name for scenario in scenarios]
    return tuple(
        name if name not in names[:place] else f"{name} ({names[:place].count(name) + 1})"
        for place, name in enumerate(names)
    )


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check(*, replicates: int, seed: int, jobs: int | None) -> None:
    """Raise ValueError for numbers that make no sense."""
    if replicates < 1:
        raise ValueError(f"replicates must be at least 1, not {replicates}")
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, not {seed}")
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
