"""Refuse to compare scenarios that are not the same people with the same history."""

from collections.abc import Sequence

from cosim.language import told
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.field import Section
from cosim.scenario.keys import keys_of
from cosim.scenario.mechanisms import TABLE, Mechanisms, levers_at_rest
from cosim.scenario.reading import POPULATION_FILES
from cosim.scenario.schema import Scenario

NOT_HISTORY = frozenset({"study.replicates", *(f"population.{key}" for key in POPULATION_FILES)})
"""Facts that may differ, since they touch nobody's life; of files, what they say counts, which is `digest`.

Names are not among them, though nothing depends on them: one name has to mean one person in both.
"""

MISSING = told("not there")
"""Stands for a key that one of two scenarios does not have."""


NOT_COMPARABLE = told(
    "These scenarios are not the same people with the same history, "
    "so their difference would not be the effect of how services are supplied."
)
HOW_TO_MEND = told(
    "Only levers may differ; `cosim schema --format table` marks them. Give the keys below one value: "
    "let both files extend one parent, or set it for all with --set."
)


def check_same_people(scenarios: Sequence[Scenario], labels: Sequence[str]) -> None:
    """Raise ScenarioError unless the scenarios differ in levers alone; it lists every other key."""
    faults = []
    for scenario, label in zip(scenarios[1:], labels[1:], strict=True):
        first, other = facts_of(scenarios[0]), facts_of(scenario)
        for key in sorted(first.keys() | other.keys() - of_one_alone(scenarios[0], scenario)):
            here, there = first.get(key, MISSING), other.get(key, MISSING)
            if here != there:
                message = told(
                    "{here} in {first}, {there} in {other}",
                    here=_written(here), first=labels[0], there=_written(there), other=label,
                )  # fmt: skip
                both = told("{names} and {last}", names=labels[0], last=label)
                faults.append(Problem(file=both, key=key, message=message))
    if faults:
        raise ScenarioError([Problem(message=NOT_COMPARABLE, hint=HOW_TO_MEND), *faults])


def with_the_same_mechanisms(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return the scenarios, each with the mechanisms of all: at rest, where it does nothing, in one that has it not.

    So what is measured of a mechanism is measured in all of them.
    """
    resting = {
        name: levers_at_rest(section)
        for scenario in reversed(scenarios) for name, section in scenario.mechanisms.in_force.items()
    }  # fmt: skip
    return [_with_mechanisms(scenario, {**resting, **scenario.mechanisms.in_force}) for scenario in scenarios]


def _with_mechanisms(scenario: Scenario, sections: dict[str, Section]) -> Scenario:
    if sections.keys() == scenario.mechanisms.in_force.keys():
        return scenario
    found = scenario.model_copy(update={TABLE: Mechanisms(**sections)})
    found.__dict__.pop("timeline", None)  # of its own, in which later levers find the mechanisms
    return found


def of_one_alone(one: Scenario, other: Scenario) -> set[str]:
    """Return the facts of mechanisms that one of two scenarios has not: there they concern nobody."""
    alone = one.mechanisms.in_force.keys() ^ other.mechanisms.in_force.keys()
    keys = [*keys_of(one.mechanisms, TABLE), *keys_of(other.mechanisms, TABLE)]
    return {key.dotted for key in keys if not key.lever and key.table.split(".")[1] in alone}


def facts_of(scenario: Scenario) -> dict[str, object]:
    """Return every fact that two scenarios must share to be compared: dotted key and value."""
    return {key.dotted: key.value for key in keys_of(scenario) if not key.lever and key.dotted not in NOT_HISTORY}


def _written(value: object) -> str:
    """Return a value as a reader of scenarios knows it."""
    if isinstance(value, Section):
        return "{ " + ", ".join(f"{key} = {part}" for key, part in value.model_dump(exclude_unset=True).items()) + " }"
    if isinstance(value, tuple):
        return ", ".join(map(_written, value)) or told("none")
    return value if isinstance(value, str) else str(value)
