"""Every key of a scenario with its default, unit, bounds, source and, for a lever, price."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic.fields import FieldInfo
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosim.display.words import NOTHING
from cosim.language import ENGLISH, Language, told
from cosim.scenario.keys import mechanism_keys, schema_keys
from cosim.scenario.places import Place
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
    """Return every key of a scenario, in the order of the schema, and those of mechanisms."""
    return [
        Parameter(
            section=key.table,
            name=key.name,
            default=_written(key.value),
            unit=key.about["unit"],
            bounds=_bounds(key.field),
            mark=key.about["mark"],
            source=key.about["source"],
            price=key.about.get("price", ""),
        )
        for key in (*schema_keys(Scenario, default=Scenario.model_construct()), *mechanism_keys())
    ]


def print_parameters(console: Console, say: Language = ENGLISH) -> None:
    """Print the keys as a table, section by section."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    for heading, share in _headings(say):
        table.add_column(heading, ratio=share, overflow="fold")
    for section, members in groupby(parameters(), key=lambda parameter: parameter.section):
        table.add_section()
        table.add_row(Text(f"[{section}]", style="bold"))
        for it in members:
            known = say("{mark}: {source}", mark=say(it.mark), source=_source(it, say))
            if it.price:
                known += "\n" + say("lever, costs {price}", price=say(it.price))
            unit = say(it.unit)
            bounds = say("{unit}, {bounds}", unit=unit, bounds=say.again(it.bounds)) if it.bounds else unit
            table.add_row(it.name, it.default or NOTHING, bounds, known)
    console.print(table)


def _headings(say: Language) -> tuple[tuple[str, int], ...]:
    """Return the heads of the columns, and how wide these are beside each other."""
    return (say("key"), 7), (say("default"), 4), (say("unit, bounds"), 7), (say("how known; price"), 11)


def _source(it: Parameter, say: Language) -> str:
    """Say where a default comes from; a plain choice is no choice among several, as a unit of that name is."""
    return say.pick("choice", "自行设定") if it.source == "choice" else say(it.source)


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
    return str(list(value) if isinstance(value, tuple) else value)


def _bounds(field: FieldInfo) -> str:
    """Return the bounds of a number, or the choices."""
    choices = Place.of(field).choices
    if choices:
        return " | ".join(choices)
    found = Place.of(field).bounds
    if not found:
        return ""
    low, high = found.get("ge", found.get("gt")), found.get("le", found.get("lt"))
    if low is None or high is None:
        raise TypeError("a number needs a least and a greatest value")
    least, most = _plain(low), _plain(high)
    if "gt" in found:
        least = told("above {bound}", bound=least)
    if "lt" in found:
        most = told("below {bound}", bound=most)
    return told("{low} to {high}", low=least, high=most)


def _plain(bound: float) -> str:
    """Return a bound without an exponent or idle zeros."""
    return f"{int(bound):,}" if bound == int(bound) else f"{bound}"
