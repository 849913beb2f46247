"""The parameters of the reference compound: what each key is in LY and in its reforms, and how that is known."""

from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from cosim.scenario import Scenario, load_scenario
from cosim.scenario.field import Section
from cosim.scenario.keys import Key, keys_of, schema_keys
from cosim.scenario.mechanisms import TABLE, mechanism_names
from cosim.scenario.places import Place
from generated import table

REFORMS = ("multi_centre", "reform_2018")
"""Scenarios that a lever's table tells besides LY before its reform."""


def lines(what: str, section: str = "") -> str:
    """Return a table of the "facts" or "levers" of one section of a scenario, such as trust or partners.enterprise; or
    what this section is "about"; or the "services" of LY, or all
    "mechanisms", which LY does without. `*` stands for a name that the scenario gives.
    """
    of_one = {"facts": _facts, "levers": _levers, "about": _about}
    return of_one[what](section) if section else {"services": _services, "mechanisms": _mechanisms}[what]()


def _about(section: str) -> str:
    return " ".join((_section(section).__doc__ or "").split())


def _facts(section: str) -> str:
    heads = ("key", "default" if _anywhere(section) else "in LY", "unit and range", "how it is known")
    keys = _in(section, lever=False)
    return table(heads, [(f"`{key.name}`", _written(key.value), _range(key), _known(key)) for key in keys])


def _levers(section: str) -> str:
    values = ("default",) if _anywhere(section) else ("LY before", *(f"`{name}`" for name in REFORMS))
    others = [{key.dotted: key.value for key in keys_of(load_scenario(name))} for name in REFORMS]
    rows = []
    for key in _in(section, lever=True):
        found = [key.value, *(other[key.dotted] for other in others if key.dotted in other)]
        rows.append((f"`{key.name}`", *map(_written, found), _range(key), key.about["price"], _known(key)))
    return table(("lever", *values, "unit and range", "price", "how it is known"), rows)


def _services() -> str:
    """Return a table of LY's service categories: a row a key, a column a category."""
    services = load_scenario("ly").categories
    keys = schema_keys(type(next(iter(services.values()))))
    rows = [(f"`{key.name}`", *(_written(getattr(it, key.name)) for it in services.values())) for key in keys]
    return table(("", *(f"`{name}`" for name in services)), rows)


def _mechanisms() -> str:
    """Return heading, words and tables of every mechanism."""
    parts = []
    for name in mechanism_names():
        section = f"{TABLE}.{name}"
        parts += [f"### {section}", _about(section), _levers(section), _facts(section)]
    return "\n\n".join(parts)


def _anywhere(section: str) -> bool:
    """Whether LY has no single value: a table stands there as often as a scenario likes, or is a mechanism's."""
    return "*" in section or section.startswith(f"{TABLE}.") or get_origin(_place(section).kind) is tuple


def _in(section: str, *, lever: bool) -> list[Key]:
    keys = schema_keys(_section(section), section) if _anywhere(section) else keys_of(load_scenario("ly"))
    return [key for key in keys if key.table == section and key.lever == lever]


def _place(section: str) -> Place:
    place = Place(Scenario)
    for name in section.split("."):
        below = place.below(name)
        assert below is not None, f"no section [{section}]"
        place = below
    return place


def _section(section: str) -> type[Section]:
    kind = _place(section).kind
    found: type[Section] = get_args(kind)[0] if get_origin(kind) is tuple else kind
    return found


def _known(key: Key) -> str:
    return f"**{key.about['mark']}**: {key.about['source']}"


def _range(key: Key) -> str:
    return f"{key.about['unit']}{_bounds(key.field)}"


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
    return str(value) if value not in ("", None) else "none"
