"""Every key of a scenario: what the schema says of it, and what a scenario gives it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from cosim.scenario.field import Section
from cosim.scenario.mechanisms import TABLE, Mechanisms
from cosim.scenario.places import Place

ANY = "*"
"""Stands for any name of a table that a user names."""


class Key(NamedTuple):
    """A key that is a fact or a lever: the table it stands in, its name, its field, and its value or default."""

    table: str
    name: str
    field: FieldInfo
    value: Any

    @property
    def dotted(self) -> str:
        """The key with its tables, such as population.migrant_share."""
        return f"{self.table}.{self.name}".lstrip(".")

    @property
    def about(self) -> dict[str, Any]:
        """What the schema says of it: unit, source, mark, label; a lever's price and what it works through."""
        extra = self.field.json_schema_extra
        assert isinstance(extra, dict)
        return extra

    @property
    def lever(self) -> bool:
        """Whether it is a lever; it is a fact otherwise."""
        return bool(self.about["lever"])


def keys_of(section: Section, table: str = "") -> Iterator[Key]:
    """Yield every key below a section with its value, in the order of the schema; user's own tables by their names."""
    own = section.__pydantic_extra__ or {}
    for name in (*type(section).model_fields, *own):
        value, inner = getattr(section, name), f"{table}.{name}".lstrip(".")
        if isinstance(value, Section):
            yield from keys_of(value, inner)
        elif isinstance(value, Mapping) and any(isinstance(part, Section) for part in value.values()):
            for part_name, part in value.items():
                yield from keys_of(part, f"{inner}.{part_name}")
        elif name in type(section).model_fields and type(section).model_fields[name].json_schema_extra:
            yield Key(table, name, type(section).model_fields[name], value)


def schema_keys(section: type[Section], table: str = "", default: Section | None = None) -> Iterator[Key]:
    """Yield every key that may stand below a section with its default (None if needed), in the order of the schema.

    `*` stands for the name of a user's own table; `default` is what the section is unless something is said. Keys of
    mechanisms, which most compounds do without, are `mechanism_keys`.
    """
    for name, field in section.model_fields.items():
        inner = f"{table}.{name}".lstrip(".")
        kind = field.annotation
        usual = getattr(default, name) if default is not None else None if field.is_required() else field.default
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from schema_keys(kind, inner, usual)
        elif field.json_schema_extra:
            yield Key(table, name, field, usual)
        else:
            yield from _below_any_name(Place(kind), inner)
    yield from _below_any_name(Place(section), table)


def mechanism_keys() -> Iterator[Key]:
    """Yield every key of every mechanism with its default, as `schema_keys` does those of every compound."""
    for name, section in Mechanisms.tables().items():
        yield from schema_keys(section, f"{TABLE}.{name}", section())


def _below_any_name(place: Place, table: str) -> Iterator[Key]:
    each = place.open_to
    if isinstance(each, type) and issubclass(each, Section):
        yield from schema_keys(each, f"{table}.{ANY}")


