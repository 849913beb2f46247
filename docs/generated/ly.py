"""The parameters of the reference compound: what each key is in LY and in its reforms, and how that is known."""

from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from cosim.scenario import Scenario, load_scenario
from cosim.scenario.field import Section
from cosim.scenario.keys import Key, keys_of, schema_keys
from cosim.scenario.places import Place

REFORMS = ("multi_centre", "reform_2018")
"""Scenarios that a lever's table tells besides LY before its reform."""


def lines(what: str, table: str = "") -> str:
    """Return a table of the "facts" or "levers" of one table of a scenario, such as trust or partners.enterprise; or
    what this table is "about"; or the "services" of LY. `*` stands for a name that the scenario gives.
    """
    tables = {"facts": _facts, "levers": _levers, "about": _about}
    return tables[what](table) if table else _services()


def _about(table: str) -> str:
    return " ".join((_section(table).__doc__ or "").split())


def _facts(table: str) -> str:
    rows = [
        f"| key | {'default' if _anywhere(table) else 'in LY'} | unit and range | how it is known |",
        "| --- | --- | --- | --- |",
    ]
    for key in _in(table, lever=False):
        rows.append(
            f"| `{key.name}` | {_written(key.value)} | {_range(key)} | **{key.about['mark']}**: "
            f"{_safe(key.about['source'])} |"
        )
    return "\n".join(rows)


def _levers(table: str) -> str:
    heads = ["LY before", *(f"`{name}`" for name in REFORMS)] if not _anywhere(table) else ["default"]
    rows = [
        f"| lever | {' | '.join(heads)} | unit and range | price | how it is known |",
        f"|{' --- |' * (len(heads) + 4)}",
    ]
    others = [{key.dotted: key.value for key in keys_of(load_scenario(name))} for name in REFORMS]
    for key in _in(table, lever=True):
        values = [key.value, *(other[key.dotted] for other in others if key.dotted in other)]
        rows.append(
            f"| `{key.name}` | {' | '.join(map(_written, values))} | {_range(key)} | {_safe(key.about['price'])} "
            f"| **{key.about['mark']}**: {_safe(key.about['source'])} |"
        )
    return "\n".join(rows)


def _services() -> str:
    """Return a table of LY's service categories: a row a key, a column a category."""
    categories = load_scenario("ly").categories
    rows = [f"| | {' | '.join(f'`{name}`' for name in categories)} |", f"| --- |{' --- |' * len(categories)}"]
    for key in schema_keys(type(next(iter(categories.values())))):
        values = [_written(getattr(category, key.name)) for category in categories.values()]
        rows.append(f"| `{key.name}` | {' | '.join(values)} |")
    return "\n".join(rows)


def _anywhere(table: str) -> bool:
    """Whether a table stands there as often as a scenario likes, so that LY has no single value."""
    return "*" in table or get_origin(_place(table).kind) is tuple


def _in(table: str, *, lever: bool) -> list[Key]:
    keys = schema_keys(_section(table), table) if _anywhere(table) else keys_of(load_scenario("ly"))
    return [key for key in keys if key.table == table and key.lever == lever]


def _place(table: str) -> Place:
    place = Place(Scenario)
    for name in table.split("."):
        below = place.below(name)
        assert below is not None, f"no table [{table}]"
        place = below
    return place


def _section(table: str) -> type[Section]:
    kind = _place(table).kind
    section: type[Section] = get_args(kind)[0] if get_origin(kind) is tuple else kind
    return section


def _range(key: Key) -> str:
    return f"{_safe(key.about['unit'])}{_bounds(key.field)}"


def _bounds(field: FieldInfo) -> str:
    place = Place.of(field)
    if place.choices:
        return ": " + ", ".join(f"`{choice}`" for choice in place.choices)
    ends = place.bounds
    if not ends:
        return ""
    low, high = ends.get("ge", ends.get("gt")), ends.get("le", ends.get("lt"))
    return f", {'above ' * ('gt' in ends)}{low:,g} to {'below ' * ('lt' in ends)}{high:,g}".replace("-", "−")


def _written(value: Any) -> str:
    """Return a value as a table shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:,.6g}".replace("-", "−")
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "none"
    return _safe(str(value)) if value not in ("", None) else "none"


def _safe(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
