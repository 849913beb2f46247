"""Values set from outside a file: `--set population.migrant_share=0.6`."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cosim.language import told
from cosim.scenario.errors import Problem, Refusal, ScenarioError
from cosim.scenario.places import Place
from cosim.scenario.reading import Layer, frozen, with_full_paths
from cosim.scenario.toml_text import KEEP_ONE, parse

EXAMPLE = "population.migrant_share=0.6"
WHERE = "--set"
"""What stands for the file in a message about an override."""


def parse_override(text: str) -> tuple[str, object]:
    """Split "supply.mode=multi_centre" into a dotted key and a value.

    The value is one of TOML, or a bare word, which is text: true, 3, 0.5, ["a", "b"], multi_centre. Raises
    ScenarioError.
    """
    key, equals, written = (part.strip() for part in text.partition("="))
    if not key or not equals or not written:
        raise _refused(key, told("'{given}' is not key=value", given=text), told("such as {example}", example=EXAMPLE))
    if re.fullmatch(r"(?!\d)\w[\w-]*", written) and written not in ("true", "false", "nan", "inf"):
        return key, written
    try:
        (value,) = parse(f"value = {written.encode().decode()}").values()
    except ValueError:
        raise _refused(
            key,
            told("'{given}' is not a value", given=written),
            told('a number, true or false, a word, a list such as ["a", "b"], or "text in quotation marks"'),
            told("quotation marks may need quoting for your shell: --set '{key}=\"…\"'", key=key),
        ) from None
    return key, value


def override_layer(overrides: Mapping[str, object]) -> Layer:
    """Return overrides with dotted keys as a layer of tables. Raises ScenarioError."""
    tree: dict[str, Any] = {}
    faults = []
    for key, value in overrides.items():
        *tables, last = key.split(".")
        table: Any = tree
        for name in tables:
            table = table.setdefault(name, {}) if isinstance(table, dict) else None
        if not all([*tables, last]):
            faults.append(Refusal(key, told("a part of this key is empty"), told("names with a point between them")))
        elif not isinstance(table, dict) or last in table:
            faults.append(Refusal(key, told("this is set twice"), hint=KEEP_ONE))
        else:
            table[last] = frozen(value)
    layer = Layer(WHERE, with_full_paths(tree, Path()))
    if faults:
        raise ScenarioError([layer.problem(fault) for fault in faults])
    return layer


def unknown_names(
    overrides: Mapping[str, object], base: Mapping[str, Any], schema: Place
) -> Iterator[Refusal]:
    """Refuse overrides in a table whose name is the user's own choice and in no file: most likely a slip."""
    for key in overrides:
        place: Place | None = schema
        tree: Any = base
        *tables, _ = key.split(".")
        for depth, name in enumerate(tables, 1):
            if place is None or not isinstance(tree, Mapping):
                break
            if not place.names and place.open_to is not None and name not in tree:
                yield Refusal.unknown(".".join(tables[:depth]), name, tree)
            place, tree = place.below(name), tree.get(name)


def _refused(key: str, message: str, allowed: str, hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(file=WHERE, key=key, message=message, allowed=allowed, hint=hint)])
