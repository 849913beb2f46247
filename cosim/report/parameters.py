"""Every key of a scenario with its default, unit, bounds, source and, for a lever, price."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosim.display.words import NOTHING
from cosim.scenario.schema import Scenario


@dataclass(frozen=True)
class Parameter:
    """One key that a scenario may set."""

    section: str
    """Dotted name of the table it stands in; `*` stands for any name."""
    name: str
    default: str
    unit: str
    bounds: str
    """Least and greatest value, or the choices."""
    mark: str
    """How the default is known: read, derived, calibrated or assumed."""
    source: str
    price: str
    """What the lever costs and from which pool; empty for a fact."""


def parameters() -> list[Parameter]:
    """Return every key of a scenario, in the order of the schema."""
    schema = Scenario.model_json_schema()
    return list(_below(schema, {}, "", schema["$defs"]))


def print_parameters(console: Console) -> None:
    """Print the keys as a table, section by section."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    for heading, share in (("key", 7), ("default", 4), ("unit, bounds", 7), ("how known; price", 11)):
        table.add_column(heading, ratio=share, overflow="fold")
    for section, members in groupby(parameters(), key=lambda parameter: parameter.section):
        table.add_section()
        table.add_row(Text(f"[{section}]", style="bold"))
        for it in members:
            price = f"\nlever, costs {it.price}" if it.price else ""
            bounds = f", {it.bounds}" if it.bounds else ""
            known = f"{it.mark}: {it.source}{price}"
            table.add_row(it.name, it.default or NOTHING, f"{it.unit}{bounds}", known)
    console.print(table)


def _below(
    node: Mapping[str, Any], defaults: Mapping[str, Any], section: str, definitions: Mapping[str, Any]
) -> Iterator[Parameter]:
    """Yield the parameters below an object of the JSON Schema."""
    for name, field in node["properties"].items():
        inner = f"{section}.{name}".lstrip(".")
        if "$ref" in field:
            yield from _below(_resolved(field, definitions), field.get("default", {}), inner, definitions)
        elif "additionalProperties" in field:
            yield from _below_any_name(field, inner, definitions)
        elif "unit" in field:
            yield Parameter(
                section=section,
                name=name,
                default=_written(defaults.get(name, field.get("default"))),
                unit=field["unit"],
                bounds=_bounds(field),
                mark=field["mark"],
                source=field["source"],
                price=field.get("price", ""),
            )
    yield from _below_any_name(node, section, definitions)


def _below_any_name(node: Mapping[str, Any], section: str, definitions: Mapping[str, Any]) -> Iterator[Parameter]:
    """Yield the parameters of the tables that an object holds under names of the user's choice."""
    each = node.get("additionalProperties")
    if isinstance(each, dict) and "$ref" in each:
        yield from _below(_resolved(each, definitions), {}, f"{section}.*", definitions)


def _resolved(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference inside the schema points at."""
    found: Mapping[str, Any] = definitions[field["$ref"].rsplit("/", 1)[1]]
    return found


def _written(value: Any) -> str:
    """Return a default as it would be written in a scenario; empty if there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float) and value == int(value) and abs(value) >= 1000:
        return f"{value:.1f}"
    return str(value)


def _bounds(field: Mapping[str, Any]) -> str:
    """Return the bounds of a number or of a list's members, or the choices."""
    for part in (field, *field.get("anyOf", ()), field.get("items", {})):
        if "enum" in part:
            return " | ".join(part["enum"])
        low = part.get("minimum", part.get("exclusiveMinimum"))
        high = part.get("maximum", part.get("exclusiveMaximum"))
        if low is not None:
            above = "above " if "exclusiveMinimum" in part else ""
            below = "below " if "exclusiveMaximum" in part else ""
            return f"{above}{_plain(low)} to {below}{_plain(high)}"
    return ""


def _plain(bound: float) -> str:
    """Return a bound without an exponent or idle zeros."""
    return f"{int(bound):,}" if bound == int(bound) else f"{bound}"
