"""A trace as text: a table of its months, and below it what happened and why."""

import json
import math
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from cosim.display.words import NOTHING, number
from cosim.study.tracing import Trace, plain, telling, three, two
from cosim.world.columns import TARGETS

WIDTH = 98
"""Columns of the page."""
CLOSE = 3
"""Months up to which everything is told, also what was not done."""
SHORT = {
    "expectation": "expect", "satisfaction": "satisf", "grievance": "griev", "trust_neighbours": "neigh",
    "trust_government": "gov", "trust_party": "party", "trust_firm": "firm", "trust_partners": "part",
    "probability_to_ask": "P ask", "belonging": "belong", "condition": "cond", "meeting": "met", "openings": "opens",
}  # fmt: skip
"""Headings that would be wider than their numbers."""
DID = {
    "meeting": "met", "session": "sat", "joint work": "worked", "vote": "voted", "stand": "stood", "fee": "pays",
    "keeping": "keeps",
}  # fmt: skip
"""What was done, in a word."""
PERSON = (
    "condition", "expectation", "satisfaction", "grievance", *(f"trust_{t}" for t in TARGETS), "belonging",
    "probability_to_ask",
)  # fmt: skip
BUILDING = (
    "adults", "paying", "keeping", "openings", "hands", "works", "orders", "asked", "meeting", "visits", "renovated",
)  # fmt: skip
MOOD = ("satisfaction", "grievance", "belonging", *(f"trust_{t}" for t in TARGETS))
ORDER = ("order", "stage", "age", "asked", "severity", "priority", "condition", "progress")
BODY = ("hours", "used", "money", "standing", "quality", "projects", "delivered", "effort", "fund")
"""Columns of a table by kind of subject."""


def trace_json(trace: Trace) -> str:
    """Return a trace as JSON: every number of every month and decision."""
    return json.dumps(trace.document(), indent=2, ensure_ascii=False, allow_nan=False)


def trace_page(trace: Trace) -> str:
    """Return a trace as text."""
    blocks = [_heading(trace), *_tables(trace), _happened(trace)]
    return "\n\n".join(block for block in blocks if block)


def _letters(trace: Trace) -> dict[str, str]:
    return dict(zip(trace.labels, ("A", "B"), strict=False)) if len(trace.labels) > 1 else {trace.labels[0]: ""}


def _heading(trace: Trace) -> str:
    lines = [f"Seed {trace.seed}, replicate {trace.replicate}; shares and trust in [0, 1]."]
    if trace.kind in ("order", "institution"):
        lines += _wrapped("What is short is read when the month's projects have been shared out.", "")
    for (label, letter), about in zip(_letters(trace).items(), trace.about, strict=True):
        lines += _wrapped(f"{about}", f"{letter}  {label}: " if letter else f"{label}: ")
    return "\n".join(lines)


def _tables(trace: Trace) -> Iterator[str]:
    """Yield the table of months, and for a building that of its services, for an institution that of its hours."""
    rows = trace.months.to_dict("records")
    if not rows:
        return
    if trace.kind == "person":
        yield _table(trace, rows, PERSON, _last_of_person)
    elif trace.kind == "order":
        yield _table(trace, rows, ORDER, _last_of_order)
    elif trace.kind == "building":
        yield _table(trace, rows, BUILDING)
        yield _table(trace, rows, MOOD)
        services = [name for name in trace.months.columns if name.startswith("condition_")]
        for start in range(0, len(services), 6):
            block = services[start : start + 6]
            yield "Condition\n" + _table(trace, rows, block)
    else:
        columns = [name for name in BODY if name in trace.months.columns]
        yield _table(trace, rows, columns, _last_of_body)


def _last_of_person(row: dict[str, Any]) -> str:
    about = f"({plain(row['grievance_about'])}) " if row["grievance_about"] else ""
    did = [DID.get(kind, kind) for kind in row["did"].split(", ") if kind]
    return about + ", ".join(f"asked for {plain(row['asked'])}" if kind == "order" else kind for kind in did)


def _last_of_order(row: dict[str, Any]) -> str:
    doers = row["partner"] or row["producers"]
    return f"{plain(row['handler'])}{' / ' if doers else ''}{plain(doers)}"


def _last_of_body(row: dict[str, Any]) -> str:
    uses = {key[6:]: value for key, value in row.items() if key.startswith("hours_") and not math.isnan(value)}
    return ", ".join(f"{plain(use)} {number(hours)}" for use, hours in sorted(uses.items(), key=lambda use: -use[1]))


def _table(trace: Trace, rows: list[dict[str, Any]], columns: Sequence[str], last: Any = None) -> str:
    """Return a table: a line for each scenario and month, scenarios of one month under each other."""
    letters = _letters(trace)
    heads = [SHORT.get(name, plain(name.removeprefix("condition_"))) for name in columns]
    cells = [[_cell(name, row.get(name)) for name in columns] for row in rows]
    widths = [max(len(head), *(len(line[k]) for line in cells)) for k, head in enumerate(heads)]
    front = 8 if len(letters) > 1 else 5
    room = max(WIDTH - front - sum(widths) - 2 * len(widths), 24)
    lines = ["month".ljust(front) + "".join(f"  {head:>{width}}" for head, width in zip(heads, widths, strict=True))]
    before = None
    for row, line in zip(rows, cells, strict=True):
        month = "" if row["month"] == before and trace.kind != "order" else str(row["month"])
        before = row["month"]
        start = f"{month:>5}" + (f"  {letters[row['scenario']]}" if front > 5 else "")
        text = start + "".join(f"  {cell:>{width}}" for cell, width in zip(line, widths, strict=True))
        words = textwrap.wrap(last(row), room) if last is not None else []
        lines.append(f"{text}  {words[0]}" if words else text)
        lines += [" " * (len(text) + 2) + more for more in words[1:]]
    return "\n".join(lines)


def _cell(name: str, value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or name in ("adults", "orders", "projects", "delivered"):
        return f"{value:,.0f}"
    if name in ("hours", "used", "money", "fund", "openings", "hands", "works", "priority"):
        return number(value) if name != "money" else f"{value:,.0f}"
    return three(value) if name == "probability_to_ask" else two(value)


def _happened(trace: Trace) -> str:
    """Return what happened, month by month."""
    months = trace.months["month"].nunique() if len(trace.months) else 0
    close = months <= CLOSE
    told = [event for event in trace.events if event["text"] and (close or telling(event))]
    letters, lines = _letters(trace), []
    for (month, scenario), events in groupby(told, key=lambda event: (event["month"], event["scenario"])):
        letter = f" {letters[scenario]}" if letters[scenario] else ""
        for place, event in enumerate(events):
            start = f"month {month}{letter}: "
            lines += _wrapped(event["text"], start if place == 0 else " " * len(start), len(start))
    silent = len([event for event in trace.events if event["text"]]) - len(told)
    if silent:
        lines += ["", f"{silent} decisions not to act are told by --month, and by --format json."]
    return "\n".join(lines)


def _wrapped(text: str, start: str, indent: int = 4) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=" " * indent, break_long_words=False)
