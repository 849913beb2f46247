"""What a calibration file says: priors of all parameters that are not known, draws, what is asked of the sets kept."""

from collections.abc import Iterator, Set
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property, reduce
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidationError
from scipy.stats.qmc import LatinHypercube

from cosim.language import told
from cosim.scenario import load_scenario
from cosim.scenario.errors import Problem, ScenarioError, did_you_mean, together
from cosim.scenario.explain import refusals
from cosim.scenario.field import Section
from cosim.scenario.keys import schema_keys
from cosim.scenario.reading import read_toml, shipped_folder
from cosim.scenario.schema import Scenario
from cosim.statistics import Values

CALIBRATION = "calibration"
"""Name of the shipped file."""
DIGITS = 4
"""Significant digits of a drawn value."""


class Prior(Section):
    """All values of a parameter that are thought possible, each as likely as any other."""

    low: float
    high: float


class Draws(Section):
    """How many sets are drawn, and how often each is run."""

    waves: tuple[Annotated[int, Field(ge=1, le=1_000_000)], ...] = Field(..., min_length=1)
    chance: float = Field(..., ge=0.0, lt=1.0)
    replicates: int = Field(..., ge=1, le=1000)
    seed: int = Field(..., ge=0, le=2**32 - 1)


class Effects(Section):
    """What is compared in every set that is kept; the first scenario is the reference."""

    scenarios: tuple[str, ...] = Field(..., min_length=2)
    replicates: int = Field(..., ge=2, le=1000)


class Asked(Section):
    """In how many sets the validation patterns are asked, and with how many replicates."""

    sets: int = Field(..., ge=0, le=100_000)
    replicates: int = Field(..., ge=1, le=1000)


class Calibration(Section):
    """A calibration of `scenario`, an unreformed compound.

    `priors` by key; `rest` maps a weight to those that it makes up to 1 with; `fixed` a reason to what is not varied.
    """

    title: str = ""
    title_zh: str = ""
    scenario: str
    draws: Draws
    effects: Effects
    patterns: Asked
    rest: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fixed: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    priors: dict[str, Prior] = Field(min_length=1)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of a set: those with a prior, then the weights that are left."""
        return (*self.priors, *self.rest)

    def draw(self, points: int, seed: int) -> Values:
        """Return a Latin hypercube from 0 to 1, points × priors."""
        return LatinHypercube(d=len(self.priors), rng=np.random.default_rng(seed)).random(points)

    def sets_at(self, unit: Values) -> list[dict[str, Any]]:
        """Return the parameter sets at points of the unit cube."""
        whole = {key for key in self.priors if type(self.shipped[key]) is int}
        return [self._set(row, whole) for row in unit.tolist()]

    @cached_property
    def shipped(self) -> dict[str, Any]:
        """The set that the scenario has now."""
        base = load_scenario(self.scenario)
        return {key: reduce(getattr, key.split("."), base) for key in self.keys}

    def _set(self, shares: list[float], whole: Set[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for (key, prior), share in zip(self.priors.items(), shares, strict=True):
            if key in whole:
                found[key] = int(min(prior.low + np.floor(share * (prior.high - prior.low + 1)), prior.high))
            else:
                value = float(f"{prior.low + share * (prior.high - prior.low):.{DIGITS}g}")
                found[key] = min(max(value, prior.low), prior.high)
        for key, others in self.rest.items():
            found[key] = round(1.0 - sum(found[other] for other in others), 10)
        return found

    def unit_of(self, chosen: dict[str, Any]) -> Values:
        """Return where a set stands between the ends of each prior: 0 is low, 1 high."""
        ends = [(chosen[key], prior.low, prior.high) for key, prior in self.priors.items()]
        return np.array([(value - low) / (high - low) for value, low, high in ends])


def read_calibration(path: Path | None = None) -> Calibration:
    """Return the shipped calibration, or that of a file. Raises ScenarioError, with all that is wrong in it."""
    path = path or shipped_folder("experiments") / f"{CALIBRATION}.toml"
    layer = read_toml(path, str(path))
    try:
        said = Calibration.model_validate(layer.tree)
    except ValidationError as error:
        raise ScenarioError(layer.problem(fault) for fault in refusals(error, Calibration)) from None
    problems = list(_faults(said, str(path)))
    if problems:
        raise ScenarioError(problems)
    return said


def _faults(said: Calibration, file: str) -> Iterator[Problem]:
    """Yield what is wrong with scenario, priors and weights: unknown keys, ends out of bounds or in the wrong order."""
    try:
        load_scenario(said.scenario)
    except ScenarioError as error:
        yield from error.problems
        return
    for scenario in said.effects.scenarios:
        try:
            load_scenario(scenario)
        except ScenarioError as error:
            yield from (replace(problem, file=f"{file}: effects.scenarios: {scenario}") for problem in error.problems)
    if len(set(said.effects.scenarios)) < len(said.effects.scenarios):
        yield Problem(file=file, key="effects.scenarios", message=told("a scenario stands here twice"))
    known = [key.dotted for key in schema_keys(Scenario) if not key.lever]
    for forms in said.fixed.values():
        for form in forms:
            if not any(fnmatchcase(key, form) for key in known):
                yield Problem(file=file, key="fixed", message=told("'{form}' is no fact of a scenario", form=form))
    for key in said.keys:
        if is_fixed(said, key):
            yield Problem(file=file, key=f"priors.{key}", message=told("`fixed` says that this is not varied"))
    for key in said.keys:
        if key not in known:
            yield Problem(
                file=file, key=key, message=told("this is no fact of a scenario"), hint=did_you_mean(key, known)
            )
    for key, others in said.rest.items():
        for other in others:
            if other not in said.priors:
                yield Problem(file=file, key=f"rest.{key}", message=told("'{other}' has no prior", other=other))
                return
        least = round(1.0 - sum(said.priors[other].high for other in others), 10)
        if least < 0.0:
            message = told(
                "it would be {least:g} where {names} are at their high ends", least=least, names=together(others)
            )
            hint = told("lower these ends until they sum to 1 or less")
            yield Problem(file=file, key=f"rest.{key}", message=message, allowed=told("0 or more"), hint=hint)
    for key, prior in said.priors.items():
        if prior.low >= prior.high:
            message = told("low, {low:g}, is not below high, {high:g}", low=prior.low, high=prior.high)
            yield Problem(file=file, key=f"priors.{key}", message=message)
    if any(key not in known for key in said.keys):
        return
    middle = np.full(len(said.priors), 0.5)
    for end, words in ((0.0, "low"), (1.0, "high")):
        corner = np.full(len(said.priors), end)
        if _fault(said, corner) is None:
            continue
        for number, key in enumerate(said.priors):
            alone = np.where(np.arange(corner.size) == number, end, middle)
            found = _fault(said, alone)
            if found is not None and (found.key == key or _fault(said, middle) is None):
                yield Problem(file=file, key=f"priors.{key}.{words}", message=found.message, allowed=found.allowed)


def _fault(said: Calibration, shares: Values) -> Problem | None:
    """Return what is wrong with the set at a point of the unit cube."""
    try:
        load_scenario(said.scenario, said.sets_at(shares[None, :])[0])
    except ScenarioError as error:
        return error.problems[0]
    return None


def is_fixed(said: Calibration, key: str) -> bool:
    """Whether a calibration says that a key is not varied."""
    return any(fnmatchcase(key, form) for forms in said.fixed.values() for form in forms)
