"""Translate what pydantic refuses into words for the author of a scenario."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from functools import reduce
from typing import Any

from pydantic import ValidationError

from cosim.language import told
from cosim.scenario.errors import Refusal, Refused, did_you_mean
from cosim.scenario.field import Section
from cosim.scenario.places import Place, find_place
from cosim.scenario.toml_text import write_value

WANTED = {
    "bool_type": told("true or false"),
    "int_type": told("a whole number"),
    "float_type": told("a number"),
    "string_type": told("text"),
    "tuple_type": told("a list"),
    "dict_type": told("a table"),
    "model_type": told("a table"),
}
"""Pydantic's type of error: what should stand there."""
A_CHOICE = told("one of the choices")
FAULTS = {
    "greater_than_equal": told("too small"),
    "greater_than": told("too small"),
    "less_than_equal": told("too large"),
    "less_than": told("too large"),
    "finite_number": told("not a finite number"),
    "literal_error": told("not among the choices"),
}
"""Pydantic's type of error: what is wrong with the value."""
TOML_VALUES = (str, bool, int, float, tuple, date, time)
"""The types of value that TOML can write, tables apart."""
LONGEST = 60
"""Number of characters of a value that a message repeats."""


def refusals(error: ValidationError, schema: type[Section]) -> Iterator[Refusal]:
    """Yield a refusal for everything that `schema` found wrong."""
    for fault in error.errors(include_url=False):
        path = [part for part in fault["loc"] if isinstance(part, str) and part != "[key]"]
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, Refused):
            for refusal in cause.refusals:
                yield refusal if refusal.file else replace(refusal, key=".".join([*path, refusal.key]))
        elif fault["type"] == "extra_forbidden" or "[key]" in fault["loc"]:
            yield unknown_key([str(part) for part in fault["loc"] if part != "[key]"], schema)
        else:
            place = find_place(schema, path)
            yield Refusal(
                ".".join(path),
                _message(fault["type"], fault["input"], fault["msg"]),
                place.allowed() if place else "",
                _hint(fault["type"], fault["input"], place, find_place(schema, path[:-1]), path),
            )


def unknown_key(path: list[str], schema: type[Section]) -> Refusal:
    """Refuse a key that the schema does not know; name those that it knows there, or where it belongs."""
    above = find_place(schema, path[:-1])
    names = above.names if above else []
    if len(path) == 1:
        names = schema.keys_in_file()
    tables = [["supply", path[1]]] if path[0] == "categories" and len(path) == 3 else [[n] for n in schema.model_fields]
    homes = [f"[{'.'.join(table)}]" for table in tables if _knows(find_place(schema, table), path[-1])]
    if homes:
        home = reduce(lambda first, other: told("{first} or {other}", first=first, other=other), homes)
        hint: str = told("'{key}' belongs in {home}", key=path[-1], home=home)
    else:
        hint = did_you_mean(path[-1], names)
    return Refusal(".".join(path), told("there is no key '{key}' here", key=path[-1]), ", ".join(names), hint)


def _knows(place: Place | None, key: str) -> bool:
    return place is not None and key in place.names


def _message(fault: str, value: Any, words: str) -> str:
    if fault == "missing":
        return told("this key is needed, and is not there")
    if isinstance(value, dict) and fault in (*WANTED, "literal_error"):
        return told("this is a table, not {wanted}", wanted=WANTED.get(fault, A_CHOICE))
    if fault in FAULTS:
        return told("{value} is {fault}", value=_shown(value), fault=FAULTS[fault])
    if fault not in WANTED:
        return words
    if fault == "float_type" and type(value) is int:
        return told("{value} is {fault}", value=_shown(value), fault=FAULTS["less_than"])
    return told("{value} is not {wanted}", value=_shown(value), wanted=WANTED[fault])


def _shown(value: Any) -> str:
    """Write a value as the author did, unless it is long."""
    if isinstance(value, int) and abs(value) >= 10**LONGEST:
        return told("a number this long")
    text = write_value(value) if isinstance(value, TOML_VALUES) else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _hint(fault: str, value: Any, place: Place | None, above: Place | None, path: list[str]) -> str:
    """Guess what the author meant."""
    if fault == "literal_error" and isinstance(value, str) and place:
        return did_you_mean(value, place.choices)
    if fault == "less_than_equal" and place and " from 0 to 1 " in place.allowed() and 2 <= value <= 100:
        return told("{percent:g} % is written {share:g}", percent=value, share=value / 100)
    if fault == "int_type" and isinstance(value, float) and value.is_integer():
        return told("write {value}", value=int(value))
    if fault == "tuple_type" and isinstance(value, str):
        return told("write a list: [{value}]", value=write_value(value))
    if fault == "model_type" and above and above.open_to is not None:
        return did_you_mean(path[-1], above.names)
    if fault in ("bool_type", "int_type", "float_type") and isinstance(value, str) and _is_toml(value):
        return told("write it without quotation marks: {value}", value=value)
    return ""


def _is_toml(text: str) -> bool:
    """Whether a text between quotation marks would be a value without them; one of that kind is short."""
    if len(text) > LONGEST:
        return False
    try:
        tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return False
    return True
