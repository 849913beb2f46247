"""Levers that a visitor changes: from the start, or from the month that comes next."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cosim.language import told
from cosim.scenario import Problem, ScenarioError, load_scenario, parse_override
from cosim.scenario.levers import levers_of
from cosim.scenario.schema import Scenario
from cosim.scenario.toml_text import write_value

WRITTEN = re.compile(r"(left|right)(?:@(\d{1,4}))?:(.+)", re.DOTALL)
"""How a change stands in a link: left@12:party_leads.visits=0.5"""


class Change(NamedTuple):
    """A lever of one side that was changed, from the start (`month` is None) or from a month on."""

    side: str
    month: int | None
    key: str
    value: Any

    def __str__(self) -> str:
        """Return it as it stands in a link."""
        when = "" if self.month is None else f"@{self.month}"
        return f"{self.side}{when}:{self.key}={write_value(self.value)}"


def read_change(text: str) -> Change:
    """Return a change from a link. Raises ScenarioError."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        allowed = told("such as {example}", example="left:party_leads.visits=0.5, right@12:supply.mode=multi_centre")
        message = told("'{given}' is not a change", given=text[:60])
        raise ScenarioError([Problem(file="set", message=message, allowed=allowed)])
    key, value = parse_override(found[3])
    return Change(found[1], int(found[2]) if found[2] else None, key, value)


def together(changes: Iterable[Change]) -> dict[tuple[str, int | None], dict[str, Any]]:
    """Return changes by side and month, those from the start first; of several of one lever the last one counts."""
    found: dict[tuple[str, int | None], dict[str, Any]] = {}
    for it in changes:
        found.setdefault((it.side, it.month), {})[it.key] = it.value
    return dict(sorted(found.items(), key=lambda item: -1 if item[0][1] is None else item[0][1]))


def changed(scenario: Scenario, month: int | None, levers: Mapping[str, Any]) -> Scenario:
    """Return a scenario in which levers, by dotted key, are otherwise from the start, or from a month on.

    Raises ScenarioError for what is not a lever, for values that are not allowed, and for a world that is impossible.
    """
    known = {lever.key for lever in levers_of(scenario)}
    wrong = [key for key in levers if key not in known]
    if wrong:
        message = told("this is not a lever, and only levers can be changed here")
        raise ScenarioError([Problem(key=key, message=message) for key in wrong])
    if month is None:
        return load_scenario(scenario, levers)
    kept = [change.model_dump() for change in scenario.changes if change.month != month]
    here = next((dict(change.levers) for change in scenario.changes if change.month == month), {})
    tables: dict[str, Any] = {}
    for key, value in (here | dict(levers)).items():
        *names, last = key.split(".")
        table = tables
        for name in names:
            table = table.setdefault(name, {})
        table[last] = value
    ordered = sorted([*kept, {"month": month, "set": tables}], key=lambda change: change["month"])
    return load_scenario(scenario, {"changes": ordered})


def in_force(scenario: Scenario, position: int) -> Scenario:
    """Return the scenario whose levers hold in the month that comes after a position."""
    begun = [month for month in scenario.timeline if month <= position]
    return scenario.timeline[max(begun)] if begun else scenario
