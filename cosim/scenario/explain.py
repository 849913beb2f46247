"""Translate what pydantic refuses into words for the author of a scenario."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from pydantic import ValidationError

from cosim.scenario.errors import Refusal, Refused, did_you_mean
from cosim.scenario.field import Section
from cosim.scenario.places import Place, find_place
from cosim.scenario.toml_text import write_value

WANTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
"""What was expected, by pydantic's type of error."""
OUT_OF_BOUNDS = {
    "greater_than_equal": "too small",
    "greater_than": "too small",
    "less_than_equal": "too large",
    "less_than": "too large",
    "finite_number": "not a finite number",
}
GIVEN = (
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "text"),
    ((list, tuple), "a list"),
    ((date, datetime, time), "a date or a time"),
)
"""What a value is, by its type; the first that fits."""
LONGEST = 60
"""Characters of a value that are repeated in a message."""


def refusals(error: ValidationError, schema: type[Section]) -> Iterator[Refusal]:
    """Yield a refusal for everything that `schema` found wrong."""
    for fault in error.errors(include_url=False):
        path = _written_path(fault["loc"])
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, Refused):
            for refusal in cause.refusals:
                yield Refusal(
                    ".".join([*path, refusal.key]), refusal.message, refusal.allowed, refusal.hint
                )
        elif fault["type"] == "extra_forbidden" or fault["loc"][-1:] == ("[key]",):
            yield unknown_key(path, schema)
        else:
            yield _wrong_value(path, fault["type"], fault["input"], fault["msg"], schema)


def _written_path(location: tuple[int | str, ...]) -> list[str]:
    """Return the key as it is written in a file: without the number of a list's element."""
    return [part for part in location if isinstance(part, str) and part != "[key]"]


def unknown_key(path: list[str], schema: type[Section]) -> Refusal:
    """Refuse a key that the schema does not know and name those that it knows there."""
    *above, key = path
    place = find_place(schema, above)
    names = place.names if place is not None else []
    homes = [name for name in schema.model_fields if key in Place(schema).below(name).names]
    hint = did_you_mean(key, names)
    if not hint and homes:
        hint = f"'{key}' belongs in {' or '.join(f'[{home}]' for home in homes)}"
    return Refusal(".".join(path), f"there is no key '{key}' here", ", ".join(names), hint)


def _wrong_value(path: list[str], fault: str, value: Any, words: str, schema: type[Section]) -> Refusal:
    place = find_place(schema, path)
    hint = ""
    if fault in OUT_OF_BOUNDS:
        message, hint = f"{shown(value)} is {OUT_OF_BOUNDS[fault]}", ""
    elif fault == "literal_error":
        message = f"{shown(value)} is not among the choices"
    elif fault in WANTED:
        message = _wrong_type(value, WANTED[fault])
    else:
        message = words
    return Refusal(".".join(path), message, place.allowed() if place else "", hint)
