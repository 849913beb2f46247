"""Whom a reader means by a name."""

import re

from cosim.scenario.inhabitants import person_rows
from cosim.scenario.schema import Scenario

ROW = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
"""How a row is written, with the number of its person or without."""


def people_called(scenario: Scenario, text: str) -> dict[str, int]:
    """Return the names, with their rows, that a text may mean: the whole name, else those that have its words in them.

    A number means a row, unless it is a whole name.
    """
    known = person_rows(scenario)
    if text in known:
        return {text: known[text]}
    if not text or ROW.fullmatch(text):
        return {}
    return {name: row for name, row in known.items() if f" {text} " in f" {name} "}
