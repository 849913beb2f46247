"""Asking patterns: their runs, each with its own luck, side by side; then the verdicts."""

import pickle
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.community import Community
from cosim.patterns.loading import patterns_of, shipped_patterns
from cosim.patterns.pattern import Answer, Criterion, Finding, Pattern, Readings, Unreadable, judge, nothing_found
from cosim.scenario import Scenario, load_scenario
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.overrides import WHERE
from cosim.study import Failure, Progress, Run, cores, make_runs, seed_of
from cosim.study.memory import check_memory
from cosim.study.one_run import Result, failure_of, line_of, place_of, spare_imports

World = Mapping[str, Any]
"""Settings by dotted key that hold in every arm of every pattern."""
Reading = Callable[[Community], Mapping[str, float]]
Source = tuple[str, str] | Reading
"""Where a worker finds how to read a run: file (empty: the catalogue) and id of a pattern, or a function by itself."""


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
    _check(patterns, replicates, seed, jobs)
    if not worlds:
        return
    planned = [_Plan(patterns, world, replicates, seed) for world in worlds]
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
        _check_sendable(sources)
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
            for arm, scenario in scenarios_of(pattern, world).items():
                key = (pattern.read, scenario.model_dump_json())
                label = known.setdefault(key, f"{pattern.id} {arm}")
                self.labels[pattern.id, arm] = label
                scenarios.setdefault(label, scenario)
                self.sources.setdefault(label, _source(pattern))
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
        return Answer(pattern, findings, replicates, self.seed, self.world, failures)


def fitting(patterns: Sequence[Pattern], settings: World) -> tuple[list[Pattern], dict[str, str]]:
    """Return the patterns that make sense under these settings, and for each other one, by id, why not.

    Raises ScenarioError, for the first one, where the settings can be used in none.
    """
    kept: list[Pattern] = []
    left: dict[str, str] = {}
    errors: list[ScenarioError] = []
    for pattern in patterns:
        try:
            why = senseless(pattern, settings)
        except ScenarioError as error:
            errors.append(error)
            first = error.problems[0]
            why = ": ".join(part for part in (first.key, first.message) if part)
        if why:
            left[pattern.id] = why
        else:
            kept.append(pattern)
    if not kept and errors:
        raise errors[0]
    return kept, left


def refuse_senseless(pattern: Pattern, settings: World) -> None:
    """Raise ScenarioError if a pattern makes no sense in one of its arms under these settings."""
    if why := senseless(pattern, settings):
        hint = "ask for other patterns, or leave this setting as it is"
        raise ScenarioError([Problem(file=WHERE, key=pattern.id, message=f"makes no sense here: {why}", hint=hint)])


def senseless(pattern: Pattern, settings: World) -> str:
    """Return why a pattern makes no sense under these settings, or nothing.

    Raises ScenarioError if an arm cannot be loaded, or the pattern's own function fails.
    """
    scenarios = scenarios_of(pattern, settings).values()
    try:
        return next(filter(None, map(pattern.senseless, scenarios)), "")
    except Exception as error:
        text = f"its function `senseless` failed: {type(error).__name__}: {error} ({place_of(error, pattern.file)})"
        raise ScenarioError([Problem(file=pattern.file, key=pattern.id, message=text)]) from error


def scenarios_of(pattern: Pattern, settings: World) -> dict[str, Scenario]:
    """Return the scenario of each arm. Raises ScenarioError, which tells faults of the arm from those of the settings.

    A setting wins over an arm's own.
    """
    found = {}
    for name, arm in pattern.arms.items():
        try:
            found[name] = load_scenario(arm.scenario, {**arm.settings, **settings})
        except ScenarioError as error:
            place = f"{pattern.file or 'pattern'}: {pattern.id}, arm '{name}'"
            raise ScenarioError(_located(problem, place, settings) for problem in error.problems) from None
    return found


def _located(problem: Problem, place: str, settings: World) -> Problem:
    """Return a problem of an arm with its place, unless it is one of the settings."""
    said = any(f"{key}.".startswith(f"{problem.key}.") or problem.key.startswith(f"{key}.") for key in settings)
    if problem.file == WHERE and problem.key and said:
        return problem
    file = "" if problem.file == WHERE else problem.file
    return replace(problem, file=": ".join(filter(None, (place, file))))


def _judged(pattern: Pattern, criterion: Criterion, readings: Readings) -> Finding:
    """Hold readings to a criterion; an error in its function is told by the finding."""
    try:
        return judge(criterion, readings)
    except Unreadable as error:
        text = f"{error} ({_line_of_function(criterion.value)})"
    except Exception as error:
        own, _ = _file_and_line(criterion.value)
        text = f"{type(error).__name__}: {error} ({place_of(error, own)})"
    return nothing_found(criterion, text)


def read(sources: Mapping[str, Source], run: Run, each_month: Any) -> Result:
    """Let a community live as its pattern says, and read it; an error becomes a failure, not an exception.

    What a user's file prints goes to standard error: standard output belongs to the results.
    """
    spare_imports()
    own = ""
    try:
        with redirect_stdout(sys.stderr):
            function = _function(sources[run.label])
            own = _file_and_line(function)[0]
            community = Community(run.scenario, rng=run.seed, observers=(each_month,))
            return Result(run, _numbers(function(community), function))  # type: ignore[arg-type]
    except Unreadable as error:
        return Result(run, replace(failure_of(run, error), error=str(error)))
    except (Exception, SystemExit) as error:
        return Result(run, failure_of(run, error, own))


def _source(pattern: Pattern) -> Source:
    """Return where a worker finds a pattern's function."""
    if pattern.file:
        return pattern.file, pattern.id
    shipped = next((known.id for known in shipped_patterns() if known.read is pattern.read), None)
    return pattern.read if shipped is None else ("", shipped)


def _function(source: Source) -> Reading:
    """Return a pattern's function."""
    if callable(source):
        return source
    file, name = source
    known = patterns_of(Path(file)) if file else shipped_patterns()
    return next(pattern.read for pattern in known if pattern.id == name)


def _check_sendable(sources: Mapping[str, Source]) -> None:
    """Raise ValueError for functions that cannot be sent to other processes."""
    for label, source in sources.items():
        try:
            pickle.dumps(source)
        except (pickle.PicklingError, AttributeError, TypeError):
            message = "its read cannot be sent to other processes: write it at the top level of a file, or use jobs=1"
            raise ValueError(f"pattern '{label.split(' ')[0]}': {message}") from None


def _numbers(found: Any, function: Reading) -> dict[str, float]:
    """Return what was read as numbers. Raises Unreadable, which names the function, for anything else."""
    place = _line_of_function(function)
    if not isinstance(found, Mapping) or not found:
        raise Unreadable(f"read must return names and numbers, such as {{'turnout': 0.5}}, not {found!r:.60} ({place})")
    numbers = {}
    for key, value in found.items():
        try:
            numbers[str(key)] = float("no number" if isinstance(value, str | bytes) else value)
        except (TypeError, ValueError):
            raise Unreadable(f"read returned {value!r:.60} for '{key}', which is no number ({place})") from None
    return numbers


def _line_of_function(function: Callable[..., Any]) -> str:
    """Return file and line where a function is written; its name where that is not known."""
    file, line = _file_and_line(function)
    return line_of(file, line) if file else repr(function)


def _file_and_line(function: Callable[..., Any]) -> tuple[str, int]:
    """Return where a function is written; no file for what is not written in Python."""
    while isinstance(function, partial):
        function = function.func
    code = getattr(function, "__code__", None)
    return ("", 0) if code is None else (code.co_filename, code.co_firstlineno)


def _check(patterns: Sequence[Pattern], replicates: int | None, seed: int, jobs: int | None) -> None:
    """Raise ValueError for what makes no sense."""
    if not patterns:
        raise ValueError("name one pattern at least")
    for name, value, least in (("replicates", replicates, 1), ("seed", seed, 0), ("jobs", jobs, 1)):
        if value is not None and value < least:
            raise ValueError(f"{name} must be at least {least}, not {value}")
