"""Factors and settings of an experiment against the schema of scenarios: which keys, which values, which ranges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from cosim.language import told
from cosim.scenario.errors import Refusal, Refused, did_you_mean
from cosim.scenario.explain import refusals, unknown_key
from cosim.scenario.keys import ANY, mechanism_keys, schema_keys
from cosim.scenario.places import KINDS, Place, find_place
from cosim.scenario.reading import POPULATION_FILES
from cosim.scenario.schema import Scenario
from cosim.scenario.toml_text import write_value
from cosim.study.experiment.designs import Factor
from cosim.study.experiment.schema import Range

NOT_HERE = {
    "study.replicates": (told("how often a run is repeated is a key of the experiment"), told("use: replicates = …")),
    "population.names": (told("no run depends on what people are called"), told("name them in a scenario")),
    **dict.fromkeys(
        (f"population.{name}" for name in (*POPULATION_FILES, "digest")),
        (
            told("files of people are named by a scenario"),
            told("write a scenario for each, and list them in `scenarios`"),
        ),
    ),
}
"""Keys of a scenario that an experiment may neither vary nor set: why, and what to do."""
ONLY_WORDS = ("label", "label_zh")
"""Facts that no run depends on: what a category is called."""
A_KEY = told("a fact or a lever of scenarios, such as government.budget; `cosim schema --format table` lists them")
VALUES = told("a list of values, or { low = …, high = … }")
KEEP_ONE = told("keep one of them")


def key_fault(key: str, categories: Sequence[str] | None) -> Refusal | None:
    """Refuse what is no fact or lever of scenarios with these categories (None: not known), or may not be said here."""
    path = key.split(".")
    place = find_place(Scenario, path)
    if not all(path):
        return Refusal(key, told("a part of this key is empty"), A_KEY)
    if key in NOT_HERE:
        why, what_to_do = NOT_HERE[key]
        return Refusal(key, why, hint=what_to_do)
    if categories is not None and len(path) == 3 and path[0] in ("supply", "categories") and path[1] not in categories:
        return Refusal.unknown(key, path[1], categories)
    if place is None:
        fault = unknown_key(path, Scenario)
        message = fault.message if len(path) > 1 else told("there is no key '{key}' in a scenario", key=key)
        allowed = fault.allowed if len(path) > 1 and fault.allowed else A_KEY
        return replace(fault, message=message, allowed=allowed, hint=fault.hint or did_you_mean(key, _keys(categories)))
    if path[-1] in ONLY_WORDS:
        return Refusal(key, told("no run depends on what a category is called"), A_KEY)
    above = find_place(Scenario, path[:-1])
    if above is not None and above.field is not None and above.field.json_schema_extra:
        return Refusal(
            key,
            told("this is a part of {key}, whose value is said as a whole", key=".".join(path[:-1])),
            above.allowed(),
        )
    if place.field is None or not place.field.json_schema_extra:
        below = [f"{key}.{name}" for name in place.names]
        message = told("'{key}' is text about a scenario, not a fact or a lever", key=key)
        if below:
            message = told("'{key}' is a table, not a fact or a lever", key=key)
        return Refusal(key, message, ", ".join(below) or A_KEY)
    return None


def _keys(categories: Sequence[str] | None) -> Iterator[str]:
    """Yield every fact and lever."""
    for key in (*schema_keys(Scenario), *mechanism_keys()):
        if ANY in key.dotted:
            yield from (key.dotted.replace(ANY, name) for name in categories or ())
        else:
            yield key.dotted


def key_faults(factors: Iterable[str], settings: Iterable[str], categories: Sequence[str] | None) -> Iterator[Refusal]:
    """Refuse keys that are unknown, said twice, or one inside the other; the refusals name `factors` or `settings`."""
    said = [("factors", key) for key in factors] + [("settings", key) for key in settings]
    seen: dict[str, str] = {}
    for table, key in said:
        here = f"{table}.{key}"
        if key in seen:
            message = told("'{key}' stands twice", key=key)
            if seen[key] != table:
                message = told("'{key}' stands twice: it is in [{table}] too", key=key, table=seen[key])
            yield Refusal(here, message, hint=KEEP_ONE)
            continue
        seen[key] = table
        fault = key_fault(key, categories)
        if fault is not None:
            yield replace(fault, key=here)
    for key, table in seen.items():
        for above in (other for other in seen if key.startswith(f"{other}.")):
            yield Refusal(
                f"{table}.{key}",
                told("'{above}' in [{table}] holds this key already", above=above, table=seen[above]),
                hint=KEEP_ONE,
            )


def value_faults(key: str, value: Any) -> list[Refusal]:
    """Refuse a value that the field of a known key does not take, whatever other keys say."""
    tree: Any = value
    for name in reversed(key.split(".")):
        tree = {name: tree}
    try:
        Scenario.model_validate(tree)
    except ValidationError as error:
        if any(isinstance(fault.get("ctx", {}).get("error"), Refused) for fault in error.errors()):
            return []  # the field takes it; how it goes with other keys is another question
        return [fault for fault in refusals(error, Scenario) if f"{fault.key}.".startswith(f"{key}.")]
    return []


def as_its_key_has_it(key: str, value: Any) -> Any:
    """Return a value in the type of its field: 60 is 60.0 where a number may have decimals."""
    place = find_place(Scenario, key.split("."))
    return float(value) if place is not None and place.kind is float and type(value) is int else value


def read_factor(key: str, said: Any) -> tuple[Factor | None, list[Refusal]]:
    """Return the factor of a known key, or what is wrong with what is said of it; refusals are at `factors.KEY`."""
    here = f"factors.{key}"
    place = find_place(Scenario, key.split("."))
    assert place is not None
    if isinstance(said, Mapping) and (place.kind in KINDS or said.keys() <= Range.model_fields.keys()):
        return _read_range(key, said, place)
    if not isinstance(said, tuple):
        hint = told(
            "write a list: [{value}]; or say it in [settings] if it is the same in every run", value=write_value(said)
        )
        return None, [Refusal(here, told("one value is no list of values"), VALUES, hint)]
    if not said:
        return None, [Refusal(here, told("this factor has no value"), VALUES)]
    faults = [replace(fault, key=here) for value in said for fault in value_faults(key, value)]
    if faults:
        return None, faults
    values = tuple(as_its_key_has_it(key, value) for value in said)
    twice = [value for place, value in enumerate(values) if value in values[:place]]
    if twice:
        return None, [Refusal(here, told("{value} stands twice", value=write_value(twice[0])), told("each value once"))]
    return Factor(key, values), []


def _read_range(key: str, said: Mapping[str, Any], place: Place) -> tuple[Factor | None, list[Refusal]]:
    here = f"factors.{key}"
    if place.kind not in (int, float):
        hint = told("write them out: [false, true]") if place.kind is bool else told("write its values in a list")
        return None, [Refusal(here, told("a range is of numbers, and this key has none"), place.allowed(), hint)]
    try:
        said_range = Range.model_validate(said)
    except ValidationError as error:
        return None, [replace(fault, key=f"{here}.{fault.key}") for fault in refusals(error, Range)]
    faults = []
    low, high = said_range.low, said_range.high
    for name, end in (("low", low), ("high", high)):
        wrong = value_faults(key, int(end) if place.kind is int and end.is_integer() else end)
        faults += [replace(fault, key=f"{here}.{name}") for fault in wrong]
    if low >= high:
        faults.append(
            Refusal(
                f"{here}.low",
                told("{low:g} is not below high, which is {high:g}", low=low, high=high),
                told("a number below high"),
            )
        )
    if said_range.scale == "log" and low <= 0.0:
        message = told("a range on the scale 'log' cannot begin at {low:g}", low=low)
        faults.append(Refusal(f"{here}.low", message, told("a number above 0"), told('or: scale = "linear"')))
    return (None, faults) if faults else (Factor(key, said_range, place.kind is int), [])
