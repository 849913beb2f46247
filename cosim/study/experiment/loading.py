"""Load an experiment: read it, check it against its scenarios, draw its design, check every point."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from cosim.language import told
from cosim.scenario.errors import Problem, Refusal, ScenarioError
from cosim.scenario.explain import refusals
from cosim.scenario.loader import load_scenario
from cosim.scenario.same_people import with_the_same_mechanisms
from cosim.scenario.schema import Scenario
from cosim.study.experiment.arms import find_scenarios, load_arms, with_settings
from cosim.study.experiment.cases import Cases, read_cases
from cosim.study.experiment.checks import (
    absent_outcome_faults,
    design_faults,
    name_faults,
    outcome_faults,
    range_faults,
    size_faults,
    until_faults,
)
from cosim.study.experiment.designs import Factor, Points, drawn_points, grid_points
from cosim.study.experiment.factors import key_faults, read_factor, value_faults
from cosim.study.experiment.reading import Said, flattened, read_experiment
from cosim.study.experiment.schema import Design, Experiment
from cosim.study.experiment.together import point_problems
from cosim.study.running import labels_of


class Planned(NamedTuple):
    """An experiment that was checked, and what it makes: scenarios and points."""

    experiment: Experiment
    arms: tuple[Scenario, ...]
    """The scenarios with the experiment's settings, the reference first."""
    labels: tuple[str, ...]
    """Their names, each unlike the others."""
    points: Points


def load_experiment(
    source: str | Path | Mapping[str, Any] | Experiment,
    overrides: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Planned:
    """Return the experiment of a TOML file, of a shipped name ("phase_diagram"), of tables, or one made in Python.

    `overrides` are keys of the file that win over it, {"replicates": 3}; `settings` are laid over its settings,
    {"study.months": 12}. Paths are seen from the file; from the working folder if there is none. Raises ScenarioError,
    which names every problem with its file and line.
    """
    said, folder = read_experiment(source)
    tree = {**said.tree, **(overrides or {})}
    if settings:
        tree["settings"] = {**dict(flattened(tree.get("settings", {}))), **settings}
    said = replace(said, tree=tree)
    options = {key: f"--{key}" for key in overrides or {}} | {f"settings.{key}": "--set" for key in settings or {}}
    loading = _Loading(said, folder, options)
    planned = loading.plan()
    if planned is None or loading.problems:
        files = list(dict.fromkeys([said.file, *(problem.file for problem in loading.problems)]))
        raise ScenarioError(sorted(loading.problems, key=lambda found: (files.index(found.file), found.line or 0)))
    return planned


def scenario_at(arm: Scenario, keys: Sequence[str], values: Sequence[Any]) -> Scenario:
    """Return a scenario at a point of a design. Raises ScenarioError."""
    return load_scenario(arm, dict(zip(keys, values, strict=True)))


class _Loading:
    """An experiment on its way from text to a plan; `problems` collects all that is wrong with it.

    A step that rests on something faulty is left out, so that one fault is not told twice.
    """

    def __init__(self, said: Said, folder: Path, options: Mapping[str, str]) -> None:
        self.said, self.folder, self.options = said, folder, options
        self.problems: list[Problem] = []
        self.cases: Cases | None = None

    def plan(self) -> Planned | None:
        """Return the plan; None if something is wrong."""
        tree = dict(self.said.tree)
        factors, settings = self._flat(tree, "factors"), self._flat(tree, "settings")
        experiment, wrong = self._typed(tree)
        names, plain = self._scenarios(experiment, "scenarios" not in wrong)
        categories = None if plain is None else [
            name for name in plain[0].categories if all(name in arm.categories for arm in plain)
        ]  # fmt: skip
        self._refuse(name_faults(experiment.name, from_file=bool(self.said.text) and not self.said.depth(("name",))))
        if "outcomes" not in wrong:
            self._refuse(outcome_faults(experiment.outcomes, categories))
        if not wrong & {"until", "scenarios", "outcomes", "replicates"}:
            self._refuse(until_faults(experiment))
        keys = [key for key, _ in factors]
        faulty = self._refuse(key_faults(keys, [key for key, _ in settings], categories))
        ready = self._settings(dict(settings), faulty)
        arms = self._arms(plain, dict(settings)) if ready and plain is not None else None
        found = self._factors(dict(factors), faulty)
        points = None
        if "design" not in wrong:
            points = self._points(experiment, found, keys, categories, dict(settings))
        if arms is None or points is None:
            return None
        self._refuse(absent_outcome_faults(experiment.outcomes, arms, keys))
        self.problems += point_problems(arms, labels_of(arms), points, self._place_of)
        said = {
            "scenarios": names,
            "settings": dict(settings),
            "factors": {factor.key: factor.said for factor in found},
            "design": self._design(experiment.design),
        }
        return Planned(experiment.model_copy(update=said), arms, labels_of(arms), points)

    def _refuse(self, faults: Iterable[Refusal]) -> set[str]:
        """Note faults; return their keys."""
        faults = list(faults)
        for fault in faults:
            option = self.options.get(fault.key)
            found = replace(fault, file=option, key=fault.key.removeprefix("settings.")) if option else fault
            self.problems.append(found.problem() if found.file else self.said.problem(found))
        return {fault.key for fault in faults}

    def _flat(self, tree: dict[str, Any], table: str) -> list[tuple[str, Any]]:
        """Take a table of dotted keys out of the tree."""
        said = tree.pop(table, {})
        if isinstance(said, Mapping):
            return list(flattened(said))
        allowed = told('a table of dotted keys, such as "government.budget"')
        self._refuse(
            [Refusal(table, told("this is no table"), allowed, told("write [{table}] above them", table=table))]
        )
        return []

    def _typed(self, tree: dict[str, Any]) -> tuple[Experiment, set[str]]:
        """Return the experiment without factors and settings, and its faulty keys, whose defaults stand in for them."""
        try:
            return Experiment.model_validate(tree), set()
        except ValidationError as error:
            self._refuse(refusals(error, Experiment))
            wrong = {str(fault["loc"][0]) for fault in error.errors()}
        sound = {key: value for key, value in tree.items() if key not in wrong}
        return Experiment.model_validate({"scenarios": (), **sound}), wrong

    def _scenarios(self, experiment: Experiment, sound: bool) -> tuple[tuple[str, ...], list[Scenario] | None]:
        """Return what the scenarios are called, and the scenarios as they are; None if there is one that is not."""
        if not sound:
            return (), None
        if not experiment.scenarios:
            self._refuse([Refusal("scenarios", told("no scenario is named"), told("a list, the reference first"))])
            return (), None
        names, faults = find_scenarios(experiment.scenarios, self.folder)
        self._refuse(faults)
        arms, problems = load_arms(names)
        self.problems += problems
        return names, arms if len(arms) == len(experiment.scenarios) else None

    def _settings(self, settings: Mapping[str, Any], faulty: set[str]) -> bool:
        """Check values of settings, and return whether all can be used."""
        sound = {key: value for key, value in settings.items() if f"settings.{key}" not in faulty}
        faults = [fault for key, value in sound.items() for fault in value_faults(key, value)]
        self._refuse(Refusal(f"settings.{fault.key}", fault.message, fault.allowed, fault.hint) for fault in faults)
        return len(sound) == len(settings) and not faults

    def _arms(self, plain: Sequence[Scenario], settings: Mapping[str, Any]) -> tuple[Scenario, ...] | None:
        """Return the scenarios with the settings."""
        arms, faults = with_settings(plain, labels_of(plain), settings)
        return None if self._refuse(faults) else tuple(with_the_same_mechanisms(arms))

    def _factors(self, factors: Mapping[str, Any], faulty: set[str]) -> list[Factor]:
        """Return the factors that are as they should be."""
        found = []
        for key, value in factors.items():
            if f"factors.{key}" not in faulty:
                factor, faults = read_factor(key, value)
                self._refuse(faults)
                found += [factor] if factor else []
        return found

    def _points(
        self,
        experiment: Experiment,
        factors: list[Factor],
        keys: Sequence[str],
        categories: list[str] | None,
        settings: Iterable[str],
    ) -> Points | None:
        """Return the points of the design; None if something is wrong with it, or with one of its factors."""
        design = self._design(experiment.design)
        wrong = self._refuse([*design_faults(design, keys), *range_faults(design, factors)])
        if design.method == "list":
            if design.cases is not None:
                self.cases, faults = read_cases(design.cases, categories, settings)
                self._refuse(faults)
            return Points(self.cases.keys, self.cases.values, None) if self.cases else None
        if wrong or len(factors) < len(keys) or self._refuse(size_faults(design, factors)):
            return None
        return grid_points(factors) if design.method == "grid" else drawn_points(factors, design, experiment.seed)

    def _design(self, design: Design) -> Design:
        """Return the design with the full path of its cases."""
        full = None if design.cases is None else os.path.abspath(self.folder / design.cases)
        return design.model_copy(update={"cases": full})

    def _place_of(self, point: int, key: str) -> tuple[str, int | None]:
        """Return the file and the line that say what a key is at a point."""
        if self.cases is not None:
            return self.cases.file, self.cases.lines[point]
        found = self.said.problem(Refusal(f"factors.{key}", ""))
        return found.file, found.line
