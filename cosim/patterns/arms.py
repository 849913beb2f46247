"""The scenarios of a pattern's arms under settings from outside, and whether the pattern makes sense in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cosim.language import told
from cosim.patterns.pattern import Pattern
from cosim.scenario import Scenario, load_scenario
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.overrides import WHERE
from cosim.study.one_run import place_of

World = Mapping[str, Any]
"""Settings by dotted key that hold in every arm of every pattern."""


def fitting(patterns: Sequence[Pattern], settings: World) -> tuple[list[Pattern], dict[str, str]]:
    """Return the patterns that make sense under these settings, and for each other one, by id, why not.

    Raises ScenarioError, for the first one, where the settings can be used in none.
    """
    kept: list[Pattern] = []
    left: dict[str, str] = {}
    errors: list[ScenarioError] = []
    for pattern in patterns:
        try:
            why = senseless(pattern, scenarios_of(pattern, settings))
        except ScenarioError as error:
            errors.append(error)
            first = error.problems[0]
            why = told("{key}: {message}", key=first.key, message=first.message) if first.key else first.message
        if why:
            left[pattern.id] = why
        else:
            kept.append(pattern)
    if errors and len(errors) == len(patterns):
        raise errors[0]
    return kept, left


def sensible_scenarios(pattern: Pattern, settings: World, world: World) -> dict[str, Scenario]:
    """Return the scenario of each arm. Raises ScenarioError if the pattern makes no sense in one of them."""
    scenarios = scenarios_of(pattern, settings, world)
    if why := senseless(pattern, scenarios):
        hint = told("ask for other patterns, or leave this setting as it is")
        raise ScenarioError(
            [Problem(file=WHERE, key=pattern.id, message=told("makes no sense here: {why}", why=why), hint=hint)]
        )
    return scenarios


def senseless(pattern: Pattern, scenarios: Mapping[str, Scenario]) -> str:
    """Return why a pattern makes no sense in these scenarios of its arms, or nothing.

    It does not with fewer months than its arms say. Raises ScenarioError if the pattern's own function fails.
    """
    for name, scenario in scenarios.items():
        needed, months = pattern.arms[name].settings.get("study.months", 0), scenario.study.months
        if months < needed:
            return told("it takes {needed} months, and there are {months}", needed=needed, months=months)
    try:
        return next(filter(None, map(pattern.senseless, scenarios.values())), "")
    except Exception as error:
        what = f"{type(error).__name__}: {error} ({place_of(error, pattern.file)})"
        text = told("its function `senseless` failed: {error}", error=what)
        raise ScenarioError([Problem(file=pattern.file, key=pattern.id, message=text)]) from error


def scenarios_of(pattern: Pattern, settings: World, world: World | None = None) -> dict[str, Scenario]:
    """Return the scenario of each arm. Raises ScenarioError, which tells faults of the arm from those of the settings.

    A setting wins over an arm's own, which wins over the `world`: what a pattern does in its arms is the experiment.
    """
    found = {}
    for name, arm in pattern.arms.items():
        try:
            found[name] = load_scenario(arm.scenario, {**(world or {}), **arm.settings, **settings})
        except ScenarioError as error:
            file = pattern.file or told("pattern")
            place = told("{file}: {pattern}, arm '{name}'", file=file, pattern=pattern.id, name=name)
            raise ScenarioError(_located(problem, place, settings) for problem in error.problems) from None
    return found


def _located(problem: Problem, place: str, settings: World) -> Problem:
    """Return a problem of an arm with its place, unless it is one of the settings."""
    said = any(f"{key}.".startswith(f"{problem.key}.") or problem.key.startswith(f"{key}.") for key in settings)
    if problem.file == WHERE and problem.key and said:
        return problem
    file = "" if problem.file == WHERE else problem.file
    return replace(problem, file=told("{place}: {key}", place=place, key=file) if file else place)
