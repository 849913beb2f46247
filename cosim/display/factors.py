"""What a study's factors and outcomes are called."""

import re
from functools import cache

from cosim.display.words import GROUPS, plain
from cosim.outcomes.measures import measure_of

SHORTENED = re.compile(r"[:(,]")
"""Signs after which a label only explains itself."""


def factor_name(key: str) -> str:
    """Return the schema's label of a dotted key, without what explains it; the key's last word if there is none."""
    labels = _labels()
    if key in labels:
        return labels[key]
    parts = key.split(".")
    for place in range(1, len(parts)):
        below_any = ".".join([*parts[:place], "*", *parts[place + 1 :]])
        if below_any in labels:
            return f"{labels[below_any]}, {plain(parts[place])}"
    return plain(parts[-1])


def outcome_name(outcome: str) -> str:
    """Return an outcome's label, with the group or the category that it is of."""
    _, _, part = outcome.partition(".")
    label = measure_of(outcome).en
    return f"{label}, {GROUPS.get(part, plain(part))}" if part else label


@cache
def _labels() -> dict[str, str]:
    """Return the short label of every key of the schema; `*` stands for a name of the user's."""
    from cosim.scenario.keys import schema_keys
    from cosim.scenario.schema import Scenario

    return {key.dotted: SHORTENED.split(key.about["label"]["en"])[0].strip() for key in schema_keys(Scenario)}
