"""What a study's factors and outcomes are called."""

import re
from functools import cache

from cosim.display.words import GROUPS, group_name, plain
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import measure_of

SHORTENED = re.compile(r"[:(,：（，]")
"""Signs after which a label only explains itself."""


def factor_name(key: str, say: Language = ENGLISH) -> str:
    """Return the schema's label of a dotted key, without what explains it; the key's last word if there is none."""
    labels = _labels(say)
    if key in labels:
        return labels[key]
    parts = key.split(".")
    for place in range(1, len(parts)):
        below_any = ".".join([*parts[:place], "*", *parts[place + 1 :]])
        if below_any in labels:
            return _of(labels[below_any], parts[place], say)
    return plain(parts[-1])


def outcome_name(outcome: str, say: Language = ENGLISH) -> str:
    """Return an outcome's label, with the group or the category that it is of."""
    _, _, part = outcome.partition(".")
    label = say.label(measure_of(outcome))
    return _of(label, part, say) if part else label


def _of(label: str, part: str, say: Language) -> str:
    """Return a label of a group or a category."""
    name = group_name(part, say) if part in GROUPS else say.pick(plain(part), _categories().get(part, plain(part)))
    return say("{what}, {part}", what=label, part=name)


@cache
def _labels(say: Language) -> dict[str, str]:
    """Return the short label of every key of the schema; `*` stands for a name of the user's."""
    from cosim.scenario.keys import mechanism_keys, schema_keys
    from cosim.scenario.schema import Scenario

    labels = {key.dotted: say.pick(**key.about["label"]) for key in (*schema_keys(Scenario), *mechanism_keys())}
    return {key: SHORTENED.split(label)[0].strip() for key, label in labels.items()}


@cache
def _categories() -> dict[str, str]:
    """Return the Chinese names of the shipped categories."""
    from cosim.scenario import load_scenario

    return {name: category.label_zh for name, category in load_scenario("ly").categories.items()}
