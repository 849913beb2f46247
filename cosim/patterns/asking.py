"""Asking patterns: their runs, each with its own luck, side by side; then the verdicts."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from cosim.patterns.arms import World, sensible_scenarios
from cosim.patterns.pattern import Answer, Criterion, Finding, Pattern, Readings, Unreadable, judge, nothing_found
from cosim.patterns.reading import Source, check_sendable, file_and_line, line_of_function, read, source_of
from cosim.study import Failure, Progress, Run, cores, make_runs, seed_of
from cosim.study.memory import check_memory
from cosim.study.one_run import Result, place_of


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

    `replicates` stands for what each pattern asks for itself. `settings` hold in every arm. Runs that fail are listed
    in the answers, and so is a criterion that cannot be worked out (`Finding.error`). Raises ScenarioError where a
    pattern makes no sense under the settings, ValueError for numbers that make none, WorkersDied if processes cannot be
    started. Ctrl-C is KeyboardInterrupt. On several processes, the `read` of a pattern that was neither found by
    `find_patterns` nor is in the catalogue must be a function at the top level of a module or script.
    """
    asked = ask_in([{}], patterns, replicates=replicates, seed=seed, settings=settings, jobs=jobs, progress=progress)
    return next(asked)


def ask_in(
    worlds: Sequence[World],
    patterns: Sequence[Pattern],
    *,
    replicates: int | None = None,
    seed: int = 1,
    settings: World | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[list[Answer]]:
    """Look for the same patterns in many worlds, with the same luck in each; yield each world's answers in turn.

    A world's settings lie beneath what a pattern sets in its arms; `settings`, which hold in all worlds, above it.
    """
    _check(patterns, replicates, seed, jobs)
    if not worlds:
        return
    planned = [_Plan(patterns, world, settings or {}, replicates, seed) for world in worlds]
    of_run = [plan for plan in planned for _ in plan.runs]
    runs = [replace(run, number=number) for number, run in enumerate(run for plan in planned for run in plan.runs)]
    wanted = min(jobs or cores(), len(runs))
    check_memory(sorted(runs, key=lambda run: run.scenario.population.residents)[-wanted:], wanted)
    done, following = 0, 0

    def tell(extra: float = 0.0) -> None:
        if progress is not None:
            progress(done + extra, len(runs))

    sources = {label: source for plan in planned for label, source in plan.sources.items()}
    if wanted > 1:
        check_sendable(sources)
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

    def __init__(
        self, patterns: Sequence[Pattern], world: World, settings: World, replicates: int | None, seed: int
    ) -> None:
        self.patterns, self.settings, self.seed = patterns, {**world, **settings}, seed
        self.replicates = {pattern.id: replicates or pattern.replicates for pattern in patterns}
        self.sources: dict[str, Source] = {}
        self.labels: dict[tuple[str, str], str] = {}
        wanted: dict[str, int] = {}
        scenarios: dict[str, Any] = {}
        known: dict[Any, str] = {}
        for pattern in patterns:
            for arm, scenario in sensible_scenarios(pattern, settings, world).items():
                key = (pattern.read, scenario.model_dump_json())
                label = known.setdefault(key, f"{pattern.id} {arm}")
                self.labels[pattern.id, arm] = label
                scenarios.setdefault(label, scenario)
                self.sources.setdefault(label, source_of(pattern))
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
        findings = tuple(_judged(pattern, criterion, readings) for criterion in pattern.criteria) if whole else ()
        return Answer(pattern, findings, replicates, self.seed, self.settings, failures)


def _judged(pattern: Pattern, criterion: Criterion, readings: Readings) -> Finding:
    """Hold readings to a criterion; an error in its function is told by the finding."""
    try:
        return judge(criterion, readings)
    except Unreadable as error:
        text = f"{error} ({line_of_function(criterion.value)})"
    except Exception as error:
        own, _ = file_and_line(criterion.value)
        text = f"{type(error).__name__}: {error} ({place_of(error, own)})"
    return nothing_found(criterion, text)


def _check(patterns: Sequence[Pattern], replicates: int | None, seed: int, jobs: int | None) -> None:
    """Raise ValueError for what makes no sense."""
    if not patterns:
        raise ValueError("name one pattern at least")
    for name, value, least in (("replicates", replicates, 1), ("seed", seed, 0), ("jobs", jobs, 1)):
        if value is not None and value < least:
            raise ValueError(f"{name} must be at least {least}, not {value}")
