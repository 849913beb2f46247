"""A trace as text: a table of its months, and below it what happened and why."""

import json
import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from cosim.display.words import NOTHING, number
from cosim.language import ENGLISH, Language, told
from cosim.language.lines import columns as wide
from cosim.language.lines import left, lines, right
from cosim.study.tracing import Trace, plain, telling, three, two
from cosim.world.columns import TARGETS

WIDTH = 98
"""Columns of the page."""
INDENT = "    "
CLOSE = 3
"""Months up to which everything is told, also what was not done."""
HEADS = {
    "condition": told("cond"), "expectation": told("expect"), "satisfaction": told("satisf"),
    "grievance": told("griev"), "trust_neighbours": told("neigh"), "trust_government": told("gov"),
    "trust_party": told("party"), "trust_firm": told("firm"), 
    "belonging": told("belong"), "probability_to_ask": told("P ask"), "adults": told("adults"),
    "paying": told("paying"), "keeping": told("keeping"), "openings": told("opens"), "hands": told("hands"),
    "works": told("works"), "orders": told("orders"), "asked": told("asked"), "meeting": told("attended"),
    "visits": told("visits"), "renovated": told("renovated"), "order": told("order"), "stage": told("stage"),
    "age": told("age"), "severity": told("severity"), "priority": told("priority"), "progress": told("progress"),
    "hours": told("hours"), "used": told("used"), "money": told("money"), "standing": told("standing"),
    "quality": told("quality"), "projects": told("projects"), "delivered": told("delivered"),
    "effort": told("effort"), "fund": told("fund"),
}  # fmt: skip
"""Headings; services are headed by their names."""
DID = {
    "meeting": told("attended"), "session": told("sat"), "joint work": told("worked"), "vote": told("voted"),
    "stand": told("stood"), "fee": told("pays"), "keeping": told("keeps"),
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


def trace_page(trace: Trace, say: Language = ENGLISH) -> str:
    """Return a trace as text."""
    blocks = [_heading(trace, say), *_tables(trace, say), _happened(trace, say)]
    return "\n\n".join(block for block in blocks if block)


def _letters(trace: Trace) -> dict[str, str]:
    return dict(zip(trace.labels, ("A", "B"), strict=False)) if len(trace.labels) > 1 else {trace.labels[0]: ""}


def _heading(trace: Trace, say: Language) -> str:
    about = {"seed": trace.seed, "replicate": trace.replicate}
    found = [say("Seed {seed}, replicate {replicate}; shares and trust in [0, 1].", **about)]
    if trace.kind in ("order", "institution"):
        found += lines(say("What is short is read when the month's projects have been shared out."), WIDTH, "", INDENT)
    for (label, letter), who in zip(_letters(trace).items(), trace.about, strict=True):
        found += lines(say.again(who), WIDTH, f"{letter}  {label}: " if letter else f"{label}: ", INDENT)
    return "\n".join(found)


def _tables(trace: Trace, say: Language) -> Iterator[str]:
    """Yield the table of months, and for a building that of its services, for an institution that of its hours."""
    rows = trace.months.to_dict("records")
    if not rows:
        return
    if trace.kind == "person":
        yield _table(trace, rows, PERSON, say, _last_of_person)
    elif trace.kind == "order":
        yield _table(trace, rows, ORDER, say, _last_of_order)
    elif trace.kind == "building":
        yield _table(trace, rows, BUILDING, say)
        yield _table(trace, rows, MOOD, say)
        services = [name for name in trace.months.columns if name.startswith("condition_")]
        for start in range(0, len(services), 6):
            block = services[start : start + 6]
            yield say("Condition") + "\n" + _table(trace, rows, block, say)
    else:
        known = [name for name in BODY if name in trace.months.columns]
        yield _table(trace, rows, known, say, _last_of_body)


def _last_of_person(row: dict[str, Any], say: Language) -> str:
    about = f"({say(plain(row['grievance_about']))}) " if row["grievance_about"] else ""
    did = [say(DID.get(kind, kind)) for kind in row["did"].split(", ") if kind and kind != "order"]
    if "order" in row["did"].split(", "):
        place = row["did"].split(", ").index("order")
        did.insert(place, say("asked for {category}", category=say(plain(row["asked"]))))
    return about + say(", ").join(did)


def _last_of_order(row: dict[str, Any], say: Language) -> str:
    doers = row["partner"] or row["producers"]
    said = say(", ").join(say(plain(name)) for name in doers.split(", "))
    return f"{say(plain(row['handler']))}{' / ' if doers else ''}{said}"


def _last_of_body(row: dict[str, Any], say: Language) -> str:
    uses = {key[6:]: value for key, value in row.items() if key.startswith("hours_") and not math.isnan(value)}
    ordered = sorted(uses.items(), key=lambda use: -use[1])
    return say(", ").join(f"{say(plain(use))} {number(hours)}" for use, hours in ordered)


def _table(trace: Trace, rows: list[dict[str, Any]], columns: Sequence[str], say: Language, last: Any = None) -> str:
    """Return a table: a line for each scenario and month, scenarios of one month under each other."""
    letters = _letters(trace)
    heads = [_head(name, say) for name in columns]
    cells = [[_cell(name, row.get(name), say) for name in columns] for row in rows]
    widths = [max(wide(head), *(wide(line[k]) for line in cells)) for k, head in enumerate(heads)]
    front = 8 if len(letters) > 1 else 5
    room = max(WIDTH - front - sum(widths) - 2 * len(widths), 24)
    found = [
        left(say("month"), front) + "".join(f"  {right(it, width)}" for it, width in zip(heads, widths, strict=True))
    ]
    before = None
    for row, line in zip(rows, cells, strict=True):
        month = "" if row["month"] == before and trace.kind != "order" else str(row["month"])
        before = row["month"]
        start = f"{month:>5}" + (f"  {letters[row['scenario']]}" if front > 5 else "")
        text = start + "".join(f"  {right(cell, width)}" for cell, width in zip(line, widths, strict=True))
        words = lines(last(row, say), room) if last is not None else []
        found.append(f"{text}  {words[0]}" if words else text)
        found += [" " * (wide(text) + 2) + more for more in words[1:]]
    return "\n".join(found)


def _head(name: str, say: Language) -> str:
    if name == "trust_partners":
        return say.pick("part", "共建")
    return say(HEADS.get(name, plain(name.removeprefix("condition_"))))


def _cell(name: str, value: Any, say: Language) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    if isinstance(value, str):
        return say(value) if name == "stage" else value
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int) or name in ("adults", "orders", "projects", "delivered"):
        return f"{value:,.0f}"
    if name in ("hours", "used", "money", "fund", "openings", "hands", "works", "priority"):
        return number(value) if name != "money" else f"{value:,.0f}"
    return three(value) if name == "probability_to_ask" else two(value)


def _happened(trace: Trace, say: Language) -> str:
    """Return what happened, month by month."""
    months = trace.months["month"].nunique() if len(trace.months) else 0
    close = months <= CLOSE
    shown = [event for event in trace.events if event["text"] and (close or telling(event))]
    letters = _letters(trace)
    found: list[str] = []
    for (month, scenario), events in groupby(shown, key=lambda event: (event["month"], event["scenario"])):
        when = say("month {month}", month=month)
        start = (
            say("{month} {world}: ", month=when, world=letters[scenario])
            if letters[scenario]
            else say("{month}: ", month=when)
        )
        blank = " " * wide(start)
        for place, event in enumerate(events):
            found += lines(say.again(event["text"]), WIDTH, start if place == 0 else blank, blank)
    silent = len([event for event in trace.events if event["text"]]) - len(shown)
    if silent:
        words = say("{count} decisions not to act are told by --month, and by --format json.", count=silent)
        found += ["", words]
    return "\n".join(found)
