"""Read an experiment file: find it, parse it, and bring its factors and settings to dotted keys."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from cosim.language import told
from cosim.scenario.errors import Refusal, ScenarioError
from cosim.scenario.places import find_place
from cosim.scenario.reading import Layer, find_file, frozen, read_toml, shipped_folder
from cosim.scenario.schema import Scenario
from cosim.scenario.toml_text import key_lines
from cosim.study.experiment.schema import Experiment, Range

OTHERS = {"levers": ("levers", "levers"), "mechanisms": ("mechanisms", "nulls"), "calibration": ("calibrate", "priors")}
"""Shipped files of other commands: the command, and the table by which such a file is known."""
IN_PYTHON = "experiment"
"""What an experiment that is in no file is called in messages."""


class Said(Layer):
    """What an experiment says, and where; `factors."government.budget"` and `factors.government.budget` are one key."""

    @cached_property
    def lines(self) -> dict[tuple[str, ...], int]:
        """The line of every key, quoted dotted keys taken apart."""
        found: dict[tuple[str, ...], int] = {}
        for path, line in key_lines(self.text).items():
            found.setdefault(tuple(".".join(path).split(".")), line)
        return found

    def depth(self, path: Any) -> int:
        """Return how much of a key stands in the file."""
        return next((length for length in range(len(path), 0, -1) if tuple(path[:length]) in self.lines), 0)


def shipped_experiments() -> dict[str, Path]:
    """Return the experiments that come with cosim: their names and their files."""
    return {name: path for name, path in _shipped_files().items() if name not in OTHERS}


def is_experiment(source: str) -> bool:
    """Whether what the user named is an experiment: a shipped one, or a file that names scenarios."""
    if source in shipped_experiments():
        return True
    try:
        return "scenarios" in tomllib.loads(Path(source).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False


def read_experiment(source: str | Path | Mapping[str, Any] | Experiment) -> tuple[Said, Path]:
    """Return what an experiment says, and the folder from which its paths are seen. Raises ScenarioError.

    `source` is the path of a TOML file, the name of a shipped experiment, tables, or an experiment.
    """
    if isinstance(source, Experiment):
        source = source.model_dump(exclude_unset=True)
    if isinstance(source, Mapping):
        return Said(IN_PYTHON, frozen(_plain(source))), Path()
    files = _shipped_files()
    path = files[source] if source in OTHERS else find_file(source, shipped_experiments(), "experiment")
    layer = read_toml(path, told("{file} (shipped)", file=path.name) if path in files.values() else str(path))
    said = Said(layer.file, {"name": path.stem, **layer.tree}, layer.text)
    for shipped, (command, table) in OTHERS.items():
        if table in said.tree:
            message = told("this is a file for `cosim {command}`, not an experiment", command=command)
            allowed = told("scenarios, factors and a design: docs/experiments.md")
            option = {"mechanisms": " --variants"}.get(command, "")
            line = f"cosim {command}" + ("" if source == shipped else f"{option} {source}")
            hint = told("run: {command}", command=line)
            raise ScenarioError([said.problem(Refusal(table, message, allowed, hint))])
    if not layer.tree:
        hint = told('start it with: scenarios = ["single_centre", "multi_centre"]')
        raise ScenarioError([said.problem(Refusal("", told("nothing is set in this file"), hint=hint))])
    return said, path.parent


def _shipped_files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(shipped_folder("experiments").glob("*.toml"))}


def _plain(value: Any) -> Any:
    """Return a copy of what Python code says with nothing in it that TOML could not say, arrays and ranges as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, Range):
        return value.model_dump(exclude_unset=True)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple | range):
        return [_plain(part) for part in value]
    return value.tolist() if hasattr(value, "tolist") else value


def flattened(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield dotted keys and values of factors or settings, whether their keys are written in quotation marks or not.

    A table is a value where it is a range, or where the scenario's key has a table for its value.
    """
    for name, value in table.items():
        path = (*above, *name.split("."))
        place = find_place(Scenario, path)
        leaf = place is not None and place.field is not None and bool(place.field.json_schema_extra)
        if isinstance(value, Mapping) and value and not leaf and not _is_range(value):
            yield from flattened(value, path)
        else:
            yield ".".join(path), value


def _is_range(value: Mapping[str, Any]) -> bool:
    return value.keys() <= Range.model_fields.keys()
