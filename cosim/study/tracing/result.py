"""Trace one subject through the months of a run, or of two beside each other."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.community import Community
from cosim.language import told
from cosim.rules.compiled import is_warm, mark_warm
from cosim.scenario import load_scenario
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.inhabitants import name_of
from cosim.scenario.same_people import check_same_people
from cosim.scenario.schema import Scenario
from cosim.study.running import Progress, labels_of, seed_of
from cosim.study.tracing.body import InstitutionWatcher
from cosim.study.tracing.order import OrderWatcher
from cosim.study.tracing.person import PersonWatcher
from cosim.study.tracing.places import BuildingWatcher
from cosim.study.tracing.sentences import telling
from cosim.study.tracing.subject import Subject, read_months, read_subject, refusal
from cosim.study.tracing.watching import Event, Watcher, run_watched

MOST = 2
"""Scenarios that are traced beside each other."""


@dataclass(frozen=True)
class Trace:
    """What became of one subject, month by month.

    `kind` is person, order, building or institution; `about` says for each scenario who or what it is, and what is
    missing. `months` has a row for each scenario and month (and order); `events` a record for everything that happened:
    scenario, month, kind, `text`, and numbers; a decision has `terms`, `probability`, `draw`, and `acted`.
    """

    kind: str
    labels: tuple[str, ...]
    about: tuple[str, ...]
    seed: int
    replicate: int
    months: pd.DataFrame
    events: list[Event]

    def __repr__(self) -> str:
        """Say what was traced."""
        return f"Trace of {'; '.join(self.about)}: {len(self.months)} rows, {len(self.events)} events"

    def document(self) -> dict[str, Any]:
        """Return everything as plain values, NaN as None."""
        rows = self.months.astype(object).where(self.months.notna(), None).to_dict("records")
        return {
            "kind": self.kind, "scenarios": list(self.labels), "about": list(self.about), "seed": self.seed,
            "replicate": self.replicate, "months": _plain(rows), "events": _plain(self.events),
        }  # fmt: skip

    def _repr_html_(self) -> str:
        """Show the months as a table, and below it what happened."""
        lines = [
            f"<li>{html.escape(e['scenario'])}, month {e['month']}: {html.escape(e['text'])}</li>"
            for e in self.events
            if telling(e)
        ]
        heads = "".join(f"<p>{html.escape(line)}</p>" for line in self.about)
        return f"{heads}{self.months.to_html(index=False, max_rows=40)}<ul>{''.join(lines)}</ul>"


def trace(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
    *,
    person: str | int | None = None,
    order: str | int | None = None,
    building: int | str | None = None,
    institution: str | None = None,
    seed: int = 1,
    replicate: int = 1,
    months: int | None = None,
    first: int | None = None,
    last: int | None = None,
    month: int | None = None,
    overrides: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Follow one subject through a run, the same run as without it; through two scenarios with the same people at most.

    `person` is a row (who lives there at month 0) or "ROW.K", the person of that arrival number, from 0, or a name
    where people have names; `order` a number, each scenario's own, or "category@place" such as "water@9" or
    "parcels@compound"; `building` a number; `institution` an account such as "government" or "enterprise_1". Just one
    of them. `first` and `last`, or `month`, say which months to return (default: from 0 to the last). `seed`, `months`
    and `overrides` are those of `compare`, `replicate` the number of its replicate, from 1.

    Raises ScenarioError for faulty scenarios, for scenarios that are not the same people, and for a subject or a month
    that does not exist.
    """
    given = [scenarios] if isinstance(scenarios, str | Path | Scenario) else list(scenarios)
    if not 1 <= len(given) <= MOST:
        message = told("{count} scenarios", count=len(given))
        raise ScenarioError([Problem(file="trace", message=message, allowed=told("one, or two"))])
    if replicate < 1 or seed < 0:
        raise ValueError(f"replicate {replicate} and seed {seed}: replicates are numbered from 1, seeds from 0")
    changes = dict(overrides or {}) | ({} if months is None else {"study.months": months})
    arms = [load_scenario(scenario, changes) for scenario in given]
    labels = labels_of(arms)
    check_same_people(arms, labels)
    asked = {"person": person, "order": order, "building": building, "institution": institution}
    subjects = [read_subject(asked, arm) for arm in arms]
    spans = [read_months(first, last, month, arm) for arm in arms]
    found = []
    for number, (arm, subject, span) in enumerate(zip(arms, subjects, spans, strict=True)):

        def tell(share: float, done: int = number) -> None:
            if progress is not None:
                progress(done + share, len(arms))

        found.append(_follow(arm, seed_of(seed, replicate), subject, span, tell))
    if all(span[1] == arm.study.months - 1 for arm, span in zip(arms, spans, strict=True)) and not is_warm():
        mark_warm()
    return _beside(subjects[0], labels, found, seed, replicate)


@dataclass(frozen=True)
class _Found:
    """What was found in one scenario, or why there is nothing."""

    about: str
    rows: list[dict[str, Any]]
    events: list[Event]
    missing: ScenarioError | None = None


def _follow(arm: Scenario, luck: int, subject: Subject, span: tuple[int, int], tell: Callable[[float], None]) -> _Found:
    """Run a scenario and return what its subject lived through."""
    makers: dict[str, Callable[[], Watcher]] = {
        "person": lambda: PersonWatcher(subject.row),
        "order": lambda: OrderWatcher(subject),
        "building": lambda: BuildingWatcher(subject.number),
        "institution": lambda: InstitutionWatcher(subject.given),
    }
    watcher = makers[subject.kind]()
    run_watched(Community(arm, rng=luck), [watcher], max(span[1], 0), tell)
    if isinstance(watcher, PersonWatcher):
        return _one_person(watcher, subject, span, arm)
    rows, events = _within(watcher.rows, span), _within(watcher.events, span)
    if isinstance(watcher, OrderWatcher):
        return _orders(watcher, subject, rows, events, span, arm.name)
    name: str = subject.given.replace("_", " ")
    if subject.kind == "building":
        name = told("building {number}", number=subject.number)
    return _Found(name, rows, events)


def _within(records: list[dict[str, Any]], span: tuple[int, int]) -> list[dict[str, Any]]:
    return [record for record in records if span[0] <= record["month"] <= span[1]]


def _one_person(watcher: PersonWatcher, subject: Subject, span: tuple[int, int], arm: Scenario) -> _Found:
    """Return what one of the people of a row lived through."""
    arrival = watcher.at_month_0 if subject.arrival is None else subject.arrival
    people = [
        told("{person} {stay}", person=f"{subject.row}.{k}", stay=_stay(stay)) for k, stay in watcher.stays.items()
    ]
    known = told(
        "people of row {row} up to month {month}: {people}",
        row=subject.row, month=max(span[1], 0),
        people=people or told("none"),
    )  # fmt: skip
    if arrival not in watcher.stays:
        message = told("this person has not lived here in {scenario}", scenario=arm.name)
        if arrival is None:
            message = told("nobody lives in row {row} at month 0 in {scenario}", row=subject.row, scenario=arm.name)
        row = told("row {row}", row=subject.row)
        return _Found(row, [], [], refusal("person", subject.given, message, known))
    stay = watcher.stays[arrival]
    rows = [row for row in _within(watcher.rows, span) if row["arrival"] == arrival]
    events = [event for event in _within(watcher.events, span) if event["arrival"] == arrival]
    person, called = f"{subject.row}.{arrival}", name_of(arm, subject.row, arrival)
    if called:
        person += f" ({called})"
    about = _about(person, stay)
    if not rows and not events:
        message = told(
            "person {person} is not here in {span} in {scenario}: {stay}",
            person=person, span=_span(span), scenario=arm.name, stay=_stay(stay),
        )  # fmt: skip
        return _Found(about, [], [], refusal("person", subject.given, message, known))
    return _Found(about, rows, events)


def _about(person: str, stay: Mapping[str, Any]) -> str:
    """Say who somebody is."""
    kind = told("migrant") if stay["migrant"] else told("long-term resident")
    if stay["member"]:
        kind = told("Party member")
    return told(
        "person {person}: {kind}, {cooperator}, own threshold {threshold:.2f}, household {household}, "
        "building {building}; {stay}",
        person=person, kind=kind, cooperator=stay["cooperator"], threshold=stay["threshold"],
        household=stay["household"], building=stay["building"], stay=_stay(stay),
    )  # fmt: skip


def _stay(stay: Mapping[str, Any]) -> str:
    """Say from when to when somebody lives here."""
    came = told("moved in in month {month}", month=stay["from"])
    if stay["from"] < 0:
        came = told("lives here since month {month}", month=stay["from"])
    if stay["until"] is None:
        return came
    return told("{came}, left in month {month} ({why})", came=came, month=stay["until"], why=stay["why"])


def _span(span: tuple[int, int]) -> str:
    if span[0] == span[1]:
        return told("month {month}", month=span[0])
    return told("months {first} to {last}", first=span[0], last=span[1])


def _orders(
    watcher: OrderWatcher, subject: Subject, rows: list[dict[str, Any]], events: list[Event], span: tuple[int, int],
    name: str,
) -> _Found:  # fmt: skip
    """Return the orders of a case, or say that there is none."""
    about = told("order {order}", order=subject.given)
    if rows or events:
        if subject.number:
            case = f"{rows[0]['category']}@{rows[0]['place']}"
            about = told("order {order} ({case}), a number that is each scenario's own", order=subject.given, case=case)
        return _Found(about, rows, events)
    allowed: str
    known = sorted({event["month"] for event in watcher.events})
    if known:
        message = told("it is not open in {span} in {scenario}", span=_span(span), scenario=name)
        words = {"first": known[0], "last": known[-1]}
        allowed = told("something happens to it from month {first} to month {last}", **words)
    elif subject.number:
        words = {"number": subject.number, "scenario": name, "month": span[1]}
        message = told("there is no order {number} in {scenario} up to month {month}", **words)
        allowed = told("no order has been placed by then")
        if watcher.latest:
            allowed = told("from {low} to {high}", low=1, high=watcher.latest)
    else:
        message = told("nobody asks for it in {scenario} up to month {month}", scenario=name, month=span[1])
        allowed = ""
    return _Found(about, [], [], refusal("order", subject.given, message, allowed))


def _beside(subject: Subject, labels: tuple[str, ...], found: list[_Found], seed: int, replicate: int) -> Trace:
    """Put what was found in each scenario under one roof; raise ScenarioError if none has the subject."""
    missing = [part.missing for part in found if part.missing]
    if len(missing) == len(found):
        raise ScenarioError(problem for error in missing for problem in error.problems)
    rows, events, about = [], [], []
    for label, part in zip(labels, found, strict=True):
        rows += [{"scenario": label, **row} for row in part.rows]
        events += [{"scenario": label, **event} for event in part.events]
        about.append(part.missing.problems[0].message if part.missing else part.about)
    order = {label: place for place, label in enumerate(labels)}
    rows.sort(key=lambda row: (row["month"], order[row["scenario"]]))
    events.sort(key=lambda event: (event["month"], order[event["scenario"]]))
    return Trace(subject.kind, labels, tuple(about), seed, replicate, pd.DataFrame(rows), events)


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    return value.item() if hasattr(value, "item") else value
