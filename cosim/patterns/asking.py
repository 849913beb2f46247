"""Asking patterns: their runs, each with its own luck, side by side; then the verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.community import Community
from cosim.patterns.loading import patterns_of, shipped_patterns
from cosim.patterns.pattern import Answer, Pattern, judge
from cosim.scenario import load_scenario
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study import Failure, Progress, Run, cores, make_runs, seed_of
from cosim.study.memory import check_memory
from cosim.study.one_run import Result, failure_of, spare_imports

World = Mapping[str, Any]
"""Settings by dotted key that hold in every arm of every pattern."""
Source = tuple[str, str]
"""File (empty: the catalogue) and id of a pattern: by these a worker finds it."""


def ask(
    patterns: Sequence[Pattern],
    *,
    replicates: int | None = None,
    seed: int = 1,
    settings: World | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[Answer]:
    """Look for patterns, each in its own runs, and return an answer for each.

    `replicates` stands for what each pattern asks for itself. `settings` hold in every arm. Raises ScenarioError where
    a pattern makes no sense under them, WorkersDied if processes cannot be started. Ctrl-C is KeyboardInterrupt.
    """
    worlds = [settings or {}]
    return next(ask_in(worlds, patterns, replicates=replicates, seed=seed, jobs=jobs, progress=progress))


def ask_in(
    worlds: Sequence[World],
    patterns: Sequence[Pattern],
    *,
    replicates: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[list[Answer]]:
    """Look for the same patterns in many worlds, with the same luck in each; yield each world's answers in turn."""
    planned = [_Plan(patterns, world, replicates, seed) for world in worlds]
    of_run = [plan for plan in planned for _ in plan.runs]
    runs = [replace(run, number=number) for number, run in enumerate(run for plan in planned for run in plan.runs)]
    wanted = min(jobs or cores(), len(runs))
    check_memory(runs, wanted)
    done, following = 0, 0

    def tell(extra: float = 0.0) -> None:
        if progress is not None:
            progress(done + extra, len(runs))

    sources = {label: source for plan in planned for label, source in plan.sources.items()}
    with closing(make_runs(runs, len(planned[0].sources), wanted, "spawn", tell, partial(read, sources))) as finished:
        for result in finished:
            done += 1
            tell()
            of_run[result.run.number].take(result)
            while following < len(planned) and not planned[following].missing:
                yield planned[following].answers()
                following += 1


class _Plan:
    """The runs that patterns ask for in one world; arms that are equal, and read in the same way, share theirs."""

    def __init__(self, patterns: Sequence[Pattern], world: World, replicates: int | None, seed: int) -> None:
        self.patterns, self.world, self.seed = patterns, dict(world), seed
        self.replicates = {pattern.id: replicates or pattern.replicates for pattern in patterns}
        self.sources: dict[str, Source] = {}
        self.labels: dict[tuple[str, str], str] = {}
        wanted: dict[str, int] = {}
        scenarios: dict[str, Any] = {}
        known: dict[Any, str] = {}
        for pattern in patterns:
            refuse_senseless(pattern, world)
            for arm, said in pattern.arms.items():
                scenario = load_scenario(said.scenario, {**said.settings, **world})
                key = (pattern.read, scenario.model_dump_json())
                label = known.setdefault(key, f"{pattern.id} {arm}")
                self.labels[pattern.id, arm] = label
                scenarios.setdefault(label, scenario)
                self.sources.setdefault(label, (pattern.file, pattern.id))
                wanted[label] = max(wanted.get(label, 0), self.replicates[pattern.id])
        self.runs = [
            Run(scenarios[label], label, replicate, seed_of(seed, replicate))
            for replicate in range(1, max(wanted.values()) + 1)
            for label in scenarios
            if replicate <= wanted[label]
        ]
        self.results: dict[str, dict[int, Result]] = {label: {} for label in scenarios}
        self.missing = len(self.runs)

    def take(self, result: Result) -> None:
        """Note what was read in a run."""
        self.results[result.run.label][result.run.replicate] = result
        self.missing -= 1

    def answers(self) -> list[Answer]:
        """Return an answer for every pattern."""
        return [self._answer(pattern) for pattern in self.patterns]

    def _answer(self, pattern: Pattern) -> Answer:
        replicates = self.replicates[pattern.id]
        results = {arm: self.results[self.labels[pattern.id, arm]] for arm in pattern.arms}
        outcomes = {
            arm: {number: result.outcome for number, result in made.items() if number <= replicates}
            for arm, made in results.items()
        }
        failures = tuple(
            outcome for made in outcomes.values() for outcome in made.values() if isinstance(outcome, Failure)
        )
        whole = [
            number
            for number in range(1, replicates + 1)
            if not any(isinstance(made[number], Failure) for made in outcomes.values())
        ]
        readings = {
            arm: pd.DataFrame([made[number] for number in whole], index=whole) for arm, made in outcomes.items()
        }
        findings = tuple(judge(criterion, readings) for criterion in pattern.criteria) if whole else ()
        return Answer(pattern, findings, replicates, self.seed, self.world, failures)


def refuse_senseless(pattern: Pattern, settings: World) -> None:
    """Raise ScenarioError if a pattern makes no sense in one of its arms under these settings."""
    if why := senseless(pattern, settings):
        hint = "ask for other patterns, or leave this setting as it is"
        raise ScenarioError([Problem(file="--set", key=pattern.id, message=f"makes no sense here: {why}", hint=hint)])


def senseless(pattern: Pattern, settings: World) -> str:
    """Return why a pattern makes no sense under these settings, or nothing."""
    scenarios = (load_scenario(arm.scenario, {**arm.settings, **settings}) for arm in pattern.arms.values())
    return next(filter(None, map(pattern.senseless, scenarios)), "")


def read(sources: Mapping[str, Source], run: Run, each_month: Any) -> Result:
    """Let a community live as its pattern says, and read it; an error becomes a failure, not an exception."""
    spare_imports()
    file, name = sources[run.label]
    known = patterns_of(Path(file)) if file else shipped_patterns()
    pattern = next(pattern for pattern in known if pattern.id == name)
    try:
        community = Community(run.scenario, rng=run.seed, observers=(each_month,))
        found = {key: float(value) for key, value in pattern.read(community).items()}
        return Result(run, found)  # type: ignore[arg-type]
    except Exception as error:
        return Result(run, failure_of(run, error))
