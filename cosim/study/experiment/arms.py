"""The scenarios of an experiment: found, loaded, and given its settings."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cosim.language import told
from cosim.scenario.errors import Problem, Refusal, ScenarioError, did_you_mean, together
from cosim.scenario.loader import load_scenario
from cosim.scenario.reading import shipped_scenarios
from cosim.scenario.schema import Scenario


def find_scenarios(names: Sequence[str], folder: Path) -> tuple[tuple[str, ...], list[Refusal]]:
    """Return shipped names, and full paths of all other scenarios, as seen from `folder`; and which do not exist."""
    shipped, found, faults = shipped_scenarios(), [], []
    for name in names:
        path = os.path.abspath(folder / name)
        if name in shipped or os.path.isfile(path):
            found.append(name if name in shipped else path)
            continue
        beside = [file.name for file in sorted(folder.glob("*.toml"))]
        allowed = told("the path of a TOML file, or one of {names}", names=", ".join(shipped))
        message = told("there is no scenario '{name}'", name=name)
        faults.append(Refusal("scenarios", message, allowed, did_you_mean(name, [*shipped, *beside])))
    return tuple(found), faults


def load_arms(names: Sequence[str]) -> tuple[list[Scenario], list[Problem]]:
    """Load scenarios without settings; problems are in the scenarios' own files."""
    arms, problems = [], list[Problem]()
    for name in names:
        try:
            arms.append(load_scenario(name))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    return arms, problems


def with_settings(
    arms: Sequence[Scenario], labels: Sequence[str], settings: Mapping[str, Any]
) -> tuple[tuple[Scenario, ...], list[Refusal]]:
    """Return the scenarios with the settings, or why these do not go with them."""
    made, where = [], dict[Problem, list[str]]()
    for arm, label in zip(arms, labels, strict=True):
        try:
            made.append(load_scenario(arm, settings) if settings else arm)
        except ScenarioError as error:
            for found in error.problems:
                where.setdefault(replace(found, file="", line=None), []).append(label)
    faults = []
    for found, labels in where.items():
        message = told(
            "{names} cannot be with these settings: {message}", names=together(labels), message=found.message
        )
        if found.key in settings:
            faults.append(Refusal(f"settings.{found.key}", message, found.allowed, found.hint))
        else:
            faults.append(
                Refusal("settings", told("{key}: {message}", key=found.key, message=message), found.allowed, found.hint)
            )
    return tuple(made), faults
