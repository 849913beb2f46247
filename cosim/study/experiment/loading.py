"""Load an experiment: read it, check it against its scenarios, draw its design, check every point."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from cosim.scenario.errors import Problem, Refusal, ScenarioError, did_you_mean
from cosim.scenario.explain import refusals
from cosim.scenario.loader import load_scenario
from cosim.scenario.reading import shipped_scenarios
from cosim.scenario.schema import Scenario
from cosim.study.experiment.designs import Points, drawn_points, grid_points
from cosim.study.experiment.factors import read_factor
from cosim.study.experiment.reading import flattened, read_experiment
from cosim.study.experiment.schema import Experiment
from cosim.study.running import labels_of


class Planned(NamedTuple):
    """An experiment that was checked, and what it makes: scenarios and points."""

    experiment: Experiment
    arms: tuple[Scenario, ...]
    """The scenarios with the experiment's settings, the reference first."""
    labels: tuple[str, ...]
    """Their names, each unlike the others."""
    points: Points


def load_experiment(source: str | Path | Mapping[str, Any] | Experiment) -> Planned:
    """Return the experiment of a TOML file, of a shipped name ("phase_diagram"), of tables, or one made in Python.

    Paths in it are seen from its file; from the working folder if it has none. Raises ScenarioError, which names every
    problem with its file and line.
    """
    said, folder = read_experiment(source)
    tree = dict(said.tree)
    settings = dict(flattened(tree.get("settings", {})))
    factors = [read_factor(key, value)[0] for key, value in flattened(tree.get("factors", {}))]
    tree |= {"settings": settings, "factors": {factor.key: factor.said for factor in factors}}
    experiment = Experiment.model_validate(tree)
    arms = tuple(load_scenario(name, settings) for name in experiment.scenarios)
    draw = experiment.design.method != "grid"
    points = drawn_points(factors, experiment.design, experiment.seed) if draw else grid_points(factors)
    return Planned(experiment, arms, labels_of(arms), points)


def scenario_at(arm: Scenario, keys: Sequence[str], values: Sequence[Any]) -> Scenario:
    """Return a scenario at a point of a design. Raises ScenarioError."""
    return load_scenario(arm, dict(zip(keys, values, strict=True)))
