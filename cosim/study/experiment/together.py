"""Check that a scenario exists at every point: keys may each be right, and not go together."""

import math
import re
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from cosim.language import told
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.loader import load_scenario
from cosim.scenario.schema import Scenario
from cosim.scenario.toml_text import write_value
from cosim.study.experiment.designs import Points

GROUPS = (
    r"population\.(households|residents|buildings|names)$",
    r"population\.(free_riders|hump_shaped)$",
    r"population\.(public_rental|let)$",
    r"(taking_part|handling|belonging)\.w_",
    r"(categories|supply|shocks|partners|renovation|study)\b",
)
"""Keys that scenarios check against others of their group; any other key is right or wrong by itself.

A large design is checked in seconds because of it: 20,000 points hold few different combinations of these.
"""
PlaceOf = Callable[[int, str], tuple[str, int | None]]
"""Tells the file and the line that say what a key is at a point."""
SHOWN = 5
"""Refused points that are shown; the others are counted."""
LONGEST = 160
"""Signs of a point's values that a message repeats."""


def point_problems(
    arms: Sequence[Scenario], labels: Sequence[str], points: Points, place_of: PlaceOf
) -> list[Problem]:
    """Return what is wrong with the first points at which no scenario can be made, and how many more there are."""
    refused: dict[int, tuple[str, Problem]] = {}
    for group in GROUPS:
        keys = [key for key in points.keys if re.match(group, key)]
        columns = [[row[place] for row in points.values] for place, key in enumerate(points.keys) if key in keys]
        known: dict[str, tuple[str, Problem] | None] = {}

        def fault_of(values: Sequence[Any], keys: Any = keys, known: Any = known) -> tuple[str, Problem] | None:
            said = repr(values)
            if said not in known:
                known[said] = _fault(arms, labels, dict(zip(keys, values, strict=True)))
            found: tuple[str, Problem] | None = known[said]
            return found

        if not keys or _few_and_right(columns, fault_of):
            continue
        for number, values in enumerate(zip(*columns, strict=True)):
            fault = fault_of(values)
            if fault is not None:
                refused.setdefault(number, fault)
    shown = [_problem(points, number, refused[number], place_of) for number in sorted(refused)[:SHOWN]]
    if len(refused) > SHOWN:
        more = told("{more} more of {count} points are refused", more=len(refused) - SHOWN, count=len(points.values))
        shown.append(Problem(file=shown[-1].file, line=shown[-1].line, message=more))
    return shown


def _few_and_right(columns: Sequence[list[Any]], fault_of: Callable[[Sequence[Any]], object]) -> bool:
    """Whether all is right at the corners of the points, and these are fewer than the points.

    What scenarios ask of numbers together is a sum or an order, which holds between corners if it holds there. So the
    least and the greatest number stand for all of them; of anything else, every value counts.
    """
    ends = []
    for column in columns:
        numbers = all(type(value) in (int, float) for value in column)
        distinct = {repr(value): value for value in ([min(column), max(column)] if numbers else column)}
        ends.append(list(distinct.values()))
    return math.prod(map(len, ends)) < len(columns[0]) and not any(map(fault_of, product(*ends)))


def _fault(arms: Sequence[Scenario], labels: Sequence[str], chosen: dict[str, Any]) -> tuple[str, Problem] | None:
    """Return the first scenario that does not take these values, and why."""
    for arm, label in zip(arms, labels, strict=True):
        try:
            load_scenario(arm, chosen)
        except ScenarioError as error:
            return label, error.problems[0]
    return None


def _problem(points: Points, number: int, fault: tuple[str, Problem], place_of: PlaceOf) -> Problem:
    label, found = fault
    pairs = zip(points.keys, points.values[number], strict=True)
    values = ", ".join(f"{key} = {write_value(value)}" for key, value in pairs)
    values = values if len(values) <= LONGEST else f"{values[:LONGEST]}…"
    file, line = place_of(number, found.key)
    return Problem(
        file=file, line=line, key=found.key, allowed=found.allowed, hint=found.hint,
        message=told(
            "point {number} in {label}: {message} ({values})",
            number=number, label=label, message=found.message, values=values
        ),
    )  # fmt: skip
