"""Load a scenario: read its files, lay them over one another, check the whole."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cosim.language import told
from cosim.scenario.errors import MOST_FAULTS, Problem, Refusal, ScenarioError, first_faults
from cosim.scenario.explain import refusals
from cosim.scenario.overrides import override_layer, unknown_names
from cosim.scenario.own_community import COUNTED
from cosim.scenario.places import Place
from cosim.scenario.reading import Layer, find_parent, read_chain
from cosim.scenario.schema import Scenario
from cosim.scenario.toml_text import write_toml


def load_scenario(source: str | Path | Scenario, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Return the scenario of a TOML file, of a shipped name ("ly"), or another one with changes.

    `overrides` maps dotted keys to values, {"supply.mode": "multi_centre"}. They win over the file, as a file
    wins over the one that it extends. Raises ScenarioError, which names every problem with its file and line.
    """
    overrides = overrides or {}
    if isinstance(source, Scenario):
        name, files = source.name, [Layer(told("scenario '{name}'", name=source.name), _tree(source))]
    else:
        name, files = read_chain(source)
    return scenario_of(name, files, overrides)


def scenario_of(name: str, files: Sequence[Layer], overrides: Mapping[str, object]) -> Scenario:
    """Return the scenario that files, the furthest parent first, and overrides make. Raises ScenarioError."""
    schema, tree = Place(Scenario), dict[str, Any]()
    for file in files:
        tree = _laid_over(tree, file.tree, schema)
    faults = first_faults(unknown_names(overrides, tree, schema))
    layers = [*files, override_layer(overrides)]
    tree = _laid_over(tree, layers[-1].tree, schema)
    if "name" in tree:
        faults.append(Refusal("name", told("a scenario has the name of its file"), hint=told("delete this key")))
    tree.pop("extends", None)
    if "extends" in layers[-1].tree:
        faults.append(Refusal("extends", told("only a file can say what it extends")))
    try:
        scenario = Scenario.model_validate({**tree, "name": name})
    except ValidationError as error:
        faults += first_faults(refusals(error, Scenario))
    else:
        faults += _counted_otherwise(scenario, layers)
    if faults:
        problems = [_located(fault, layers, files[-1]) for fault in faults[:MOST_FAULTS]]
        order = list(dict.fromkeys([*(layer.file for layer in layers), *(found.file for found in problems)]))
        problems.sort(key=lambda found: (order.index(found.file), found.line or 0))
        if len(faults) > MOST_FAULTS:
            problems.append(Problem(message=told("there is more that is wrong; this is what was found first")))
        raise ScenarioError(problems)
    return scenario


def to_toml(scenario: Scenario) -> str:
    """Write all of a scenario, defaults too, as TOML; a file of its name with that text loads equal."""
    return write_toml(_tree(scenario))


def as_child(scenario: Scenario, parent: str) -> str:
    """Write the shortest TOML that extends a shipped scenario and loads as this one, under its name.

    It says all of the scenario, as `to_toml` does, where the parent has what a child cannot take away: a category, or
    another way of supplying one. Raises ScenarioError for a parent that is not shipped.
    """
    schema, tree = Place(Scenario), _tree(scenario)
    above = _tree(load_scenario(find_parent(None, Layer("", {"extends": parent}))))
    said = _beyond(above, tree, schema)
    return write_toml({"extends": parent, **said} if _laid_over(above, said, schema) == tree else tree)


def _beyond(base: Mapping[str, Any], tree: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return what `tree` says otherwise than `base`."""
    said = {}
    for key, value in tree.items():
        below = place.below(key)
        if key in base and isinstance(value, Mapping) and below and below.joins:
            value = _beyond(base[key], value, below)
            if not value:
                continue
        elif key in base and base[key] == value:
            continue
        said[key] = value
    return said


def _tree(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(exclude={"name"}, exclude_none=True)


def _laid_over(base: Mapping[str, Any], top: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return `base` with the keys of `top`: tables of parts are joined, all else is replaced."""
    tree = dict(base)
    for key, value in top.items():
        below = place.below(key)
        both = isinstance(value, Mapping) and isinstance(tree.get(key), Mapping)
        tree[key] = _laid_over(tree[key], value, below) if both and below and below.joins else value
    return tree


def _counted_otherwise(scenario: Scenario, layers: Sequence[Layer]) -> Iterator[Refusal]:
    """Refuse a number of people that is said beside, or over, the files from which they are counted."""
    if not getattr(scenario.population, "from"):
        return
    said: dict[str, Any] = {}
    for layer in layers:
        population = layer.tree.get("population", {})
        if "from" in population:
            said = {}  # what layers below say holds for other people
        said |= {key: population[key] for key in COUNTED if key in population}
    for key, number in said.items():
        counted = getattr(scenario.population, key)
        if number != counted:
            message = told(
                "{number} here, but {counted} in the files that [population] names", number=number, counted=counted
            )
            hint = told("delete this key: it is counted from the files")
            yield Refusal(f"population.{key}", message, hint=hint)


def _located(fault: Refusal, layers: Sequence[Layer], otherwise: Layer) -> Problem:
    """Return a fault with its place: the last layer that sets the key, or most of the tables above it."""
    if fault.file:
        return fault.problem()
    path = fault.key.split(".")
    layers = [layer for layer in reversed(layers) if layer.depth(path)] or [otherwise]
    return max(layers, key=lambda layer: layer.depth(path)).problem(fault)
