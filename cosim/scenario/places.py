"""What the schema says about a key: which keys stand below it, and in plain words what may be its value."""

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from cosim.language import told
from cosim.scenario.field import Section
from cosim.scenario.toml_text import write_value

KINDS = {
    bool: told("true or false"), int: told("a whole number"), float: told("a number"), str: told("text")
}  # fmt: skip
"""Type of a value: what it is called."""
BOUNDS = ("ge", "gt", "le", "lt")
"""Pydantic's names of bounds: at least, above, at most, below."""


class Place(NamedTuple):
    """A key of the schema: the type of its value, and the field that describes it (a section needs none)."""

    kind: Any
    field: FieldInfo | None = None

    @classmethod
    def of(cls, field: FieldInfo) -> "Place":
        """Return the place of the key that a field describes."""
        return cls(_without_none(field.annotation), field)

    @property
    def names(self) -> list[str]:
        """The keys that may stand below; empty where any name may, and where no key may."""
        if _is_section(self.kind):
            own = [field.alias or name for name, field in self.kind.model_fields.items()]
            return [*own, *self.kind.tables()]
        if get_origin(self.kind) is dict:
            return list(get_args(get_args(self.kind)[0]))
        return []

    @property
    def choices(self) -> list[Any]:
        """The values to choose from, for the key or for each value in its list; empty where any may stand."""
        kind = get_args(self.kind)[0] if get_origin(self.kind) is tuple else self.kind
        return list(get_args(kind)) if get_origin(kind) is Literal else []

    @property
    def open_to(self) -> Any:
        """The type of what stands below names that the user chooses; None where there are no such names."""
        if _is_section(self.kind) and "__pydantic_extra__" in self.kind.__annotations__:
            return get_args(self.kind.__annotations__["__pydantic_extra__"])[1]
        if get_origin(self.kind) is dict and not self.names:
            return get_args(self.kind)[1]
        return None

    @property
    def joins(self) -> bool:
        """Whether a child's table is laid over its parent's; any other value is replaced as a whole."""
        return _is_section(self.kind) or _is_section(self.open_to)

    def below(self, key: str) -> "Place | None":
        """Return the place of a key below this one; None for a key that the schema does not know.

        The keys of a list of tables are those of its tables.
        """
        if get_origin(self.kind) is tuple:
            return Place(get_args(self.kind)[0]).below(key)
        if _is_section(self.kind) and key in self.kind.model_fields:
            field = self.kind.model_fields[key]
            return Place.of(field)
        if _is_section(self.kind) and key in self.kind.tables():
            return Place(self.kind.tables()[key])
        if self.open_to is not None:
            return Place(self.open_to)
        if get_origin(self.kind) is dict:
            return Place(get_args(self.kind)[1])
        return None

    @property
    def bounds(self) -> dict[str, float]:
        """The bounds of a number by their names of `BOUNDS`."""
        limits = self.field.metadata if self.field else ()
        return {name: getattr(limit, name) for limit in limits for name in BOUNDS if hasattr(limit, name)}

    def allowed(self) -> str:
        """Say what may stand here, with its bounds and its unit."""
        kind = _allowed(self.kind)
        return _with_unit(_bounded(kind, self.bounds), self.field) if self.kind in (int, float) else kind


def find_place(schema: type[Section], path: Sequence[str]) -> Place | None:
    """Return the place of a key, its tables first; None for a key that the schema does not know."""
    place: Place | None = Place(schema)
    for key in path:
        place = place.below(key) if place is not None else None
    return place


def write_number(number: float) -> str:
    """Write a number as it may stand in TOML, with an underscore between thousands: 4_000_000."""
    return f"{int(number):_}" if float(number).is_integer() else repr(number)


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    return kind


def _allowed(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return told("one of {choices}", choices=", ".join(write_value(choice) for choice in get_args(kind)))
    if get_origin(kind) is tuple:
        return told("a list, each value {kind}", kind=_allowed(get_args(kind)[0]))
    if kind in KINDS:
        return KINDS[kind]
    place = Place(kind)
    keys = told("a table with the keys {keys}", keys=", ".join(place.names))
    if place.open_to is not None:
        if place.names:
            return told("{keys} and a table for each name", keys=keys)
        return told("a table of tables, one for each name")
    if get_origin(kind) is dict:
        return told("{keys}, each value {kind}", keys=keys, kind=_allowed(get_args(kind)[1]))
    return keys


def _bounded(kind: str, bounds: Mapping[str, float]) -> str:
    """Return "a number from 0 to 1": a kind of number with its bounds."""
    written = {name: write_number(bound) for name, bound in bounds.items()}
    if bounds.keys() == {"ge", "le"}:
        return told("{kind} from {low} to {high}", kind=kind, low=written["ge"], high=written["le"])
    for name, bound in written.items():
        if name == "ge":
            kind = told("{kind} at least {bound}", kind=kind, bound=bound)
        elif name == "gt":
            kind = told("{kind} above {bound}", kind=kind, bound=bound)
        elif name == "le":
            kind = told("{kind} at most {bound}", kind=kind, bound=bound)
        else:
            kind = told("{kind} below {bound}", kind=kind, bound=bound)
    return kind


def _with_unit(number: str, field: FieldInfo | None) -> str:
    about = field.json_schema_extra if field else None
    unit = about.get("unit") if isinstance(about, dict) else None
    return told("{label} ({unit})", label=number, unit=told(str(unit))) if unit else number
