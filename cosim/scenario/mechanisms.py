"""The mechanisms that a scenario may have besides what every compound has: one table each, `[mechanisms.NAME]`.

What a mechanism is stands in its own file, `cosim/mechanisms/NAME.py`, with the section that describes it here. That
file is imported when a scenario first speaks of it: the schema knows the names alone.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema

from cosim.language import told
from cosim.scenario.errors import Problem, Refusal, Refused, ScenarioError
from cosim.scenario.explain import refusals
from cosim.scenario.field import Section, is_lever

TABLE = "mechanisms"
"""The table of a scenario in which they stand."""


@cache
def mechanism_names() -> tuple[str, ...]:
    """Return the names of all mechanisms, in order: those of their files; files that begin with _ are none."""
    files = (Path(__file__).parents[1] / "mechanisms").glob("*.py")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


@cache
def mechanism_class(name: str) -> Any:
    """Return the class of a mechanism, of `cosim.mechanisms.Mechanism`.

    Raises KeyError for a name of none, ScenarioError for a file that does not hold one as it should.
    """
    if name not in mechanism_names():
        raise KeyError(name)
    try:
        return importlib.import_module(f"cosim.mechanisms.{name}").MECHANISM
    except (TypeError, ValueError, ImportError, AttributeError) as error:
        message = told("this mechanism does not load: {error}", error=error)
        hint = told("docs/howto/mechanism.md says what a mechanism's file holds")
        raise ScenarioError([Problem(file=f"cosim/mechanisms/{name}.py", message=message, hint=hint)]) from error


class ByName(Mapping[str, type[Section]]):
    """The section of each mechanism by its name; its file is imported when it is asked for."""

    def __getitem__(self, name: str) -> type[Section]:
        section: type[Section] = mechanism_class(name).section
        return section

    def __iter__(self) -> Iterator[str]:
        return iter(mechanism_names())

    def __len__(self) -> int:
        return len(mechanism_names())


class Mechanisms(Section):
    """Mechanisms that are in force, each described in a table of its own; without one a compound does not have it."""

    model_config = ConfigDict(extra="allow")

    @classmethod
    def tables(cls) -> Mapping[str, type[Section]]:
        """The section of each mechanism by its name."""
        return ByName()

    @model_validator(mode="before")
    @classmethod
    def described_by_its_own_section(cls, said: Any) -> Any:
        """Check each table against the section of its mechanism; report every fault at once."""
        if not isinstance(said, Mapping):
            return said
        found, faults = dict[str, Any](), list[Refusal]()
        for name, table in said.items():
            if name not in mechanism_names():
                faults.append(Refusal.unknown(name, name, list(mechanism_names())))
                continue
            try:
                section = cls.tables()[name]
            except ScenarioError as error:
                faults += (Refusal(name, it.message, hint=it.hint, file=it.file) for it in error.problems)
                continue
            try:
                found[name] = section.model_validate(table)
            except ValidationError as error:
                below = (replace(fault, key=f"{name}.{fault.key}".rstrip(".")) for fault in refusals(error, section))
                faults += below
        if faults:
            raise Refused(faults)
        return found

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON Schema: a property for each mechanism."""
        schema = handler.resolve_ref_schema(handler(core))
        properties = {name: section.model_json_schema() for name, section in cls.tables().items()}
        return schema | {"properties": properties, "additionalProperties": False}

    @property
    def in_force(self) -> dict[str, Section]:
        """The sections of the mechanisms that the scenario has, by name."""
        return dict(self.__pydantic_extra__ or {})

    def at_rest(self) -> "Mechanisms":
        """Return the same mechanisms with every lever at its default, where none of them does anything."""
        return type(self)(**{name: levers_at_rest(section) for name, section in self.in_force.items()})


def levers_at_rest(section: Section) -> Section:
    """Return a section with every lever of its own at its default."""
    defaults = {key: field.default for key, field in type(section).model_fields.items() if is_lever(field)}
    return section.model_copy(update=defaults) if defaults else section
