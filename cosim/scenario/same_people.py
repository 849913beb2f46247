"""Refuse to compare scenarios that are not the same people with the same history."""

from collections.abc import Iterator, Mapping, Sequence

from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.field import Section
from cosim.scenario.schema import Scenario, is_lever

NOT_HISTORY = frozenset({"study.replicates"})
"""Facts that may differ, since they touch nobody's life."""

MISSING = "not there"
"""Stands for a key that one of two scenarios does not have."""


NOT_COMPARABLE = (
    "These scenarios are not the same people with the same history, "
    "so their difference would not be the effect of how services are supplied."
)
HOW_TO_MEND = (
    "Only levers may differ; `cosim schema --format table` marks them. Give the keys below one value: "
    "let both files extend one parent, or set it for all with --set."
)


def check_same_people(scenarios: Sequence[Scenario], labels: Sequence[str]) -> None:
    """Raise ScenarioError unless the scenarios differ in levers alone; it lists every other key."""
    first = dict(_facts(scenarios[0]))
    faults = []
    for scenario, label in zip(scenarios[1:], labels[1:], strict=True):
        other = dict(_facts(scenario))
        for key in sorted(first.keys() | other.keys()):
            here, there = first.get(key, MISSING), other.get(key, MISSING)
            if here != there:
                message = f"{here} in {labels[0]}, {there} in {label}"
                faults.append(Problem(file=f"{labels[0]} and {label}", key=key, message=message))
    if faults:
        raise ScenarioError([Problem(message=NOT_COMPARABLE, hint=HOW_TO_MEND), *faults])


def _facts(section: Section, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the dotted key and the value of everything below `section` that is a fact."""
    for name, field in type(section).model_fields.items():
        value, key = getattr(section, name), prefix + name
        if isinstance(value, Section):
            yield from _facts(value, f"{key}.")
        elif isinstance(value, Mapping) and any(isinstance(part, Section) for part in value.values()):
            for part_name, part in value.items():
                yield from _facts(part, f"{key}.{part_name}.")
        elif field.json_schema_extra and not is_lever(field) and key not in NOT_HISTORY:
            yield key, value
