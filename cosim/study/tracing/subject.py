"""What is to be traced, as a user names it; what does not exist is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from cosim.language import told
from cosim.scenario.errors import Problem, ScenarioError, did_you_mean, together
from cosim.scenario.inhabitants import building_names, person_rows
from cosim.scenario.names import ROW, people_called
from cosim.scenario.schema import Scenario
from cosim.world.facilities import COMPOUND

SUBJECTS = ("person", "order", "building", "institution")
"""What can be traced."""
EVERYWHERE = "compound"
"""How the place of a compound-wide service is written."""


@dataclass(frozen=True)
class Subject:
    """One subject: its kind, the words in which it was named, and what they stand for.

    `row` and `arrival` (None: whoever lives there at month 0) of a person, `number` of an order or building, `category`
    and `place` of a case.
    """

    kind: str
    given: str
    row: int = -1
    arrival: int | None = None
    number: int = 0
    category: str = ""
    place: int = 0


def refusal(option: str, given: str, message: str, allowed: str = "", hint: str = "") -> ScenarioError:
    """Return a refusal of an option's value."""
    return ScenarioError([Problem(file=f"--{option} {given}".rstrip(), message=message, allowed=allowed, hint=hint)])


def read_subject(asked: Mapping[str, object], scenario: Scenario) -> Subject:
    """Return what is to be traced in a scenario; `asked` has a value or None for each of `SUBJECTS`.

    Raises ScenarioError for none or several, and for what this scenario does not have.
    """
    given = {kind: str(asked[kind]) for kind in SUBJECTS if asked.get(kind) is not None}
    if len(given) != 1:
        message = told("nothing is named that could be traced")
        if given:
            message = told("{names} are asked for at once", names=together(given))
        options = reduce(
            lambda one, other: told("{first} or {other}", first=one, other=other), map("--{}".format, SUBJECTS)
        )
        raise ScenarioError([Problem(file="trace", message=message, allowed=told("one of {options}", options=options))])
    ((kind, text),) = given.items()
    readers = {"person": _person, "order": _order, "building": _building, "institution": _institution}
    return readers[kind](text.strip(), scenario)


def _person(text: str, scenario: Scenario) -> Subject:
    named, rows = person_rows(scenario), scenario.population.residents
    called = people_called(scenario, text)
    if len(called) == 1:
        return Subject("person", text, row=next(iter(called.values())), arrival=0)
    if called:
        raise refusal(
            "person",
            text,
            told(
                "{count} people of {name} are called so",
                count=len(called),
                name=scenario.name,
            ),
            ", ".join(called),
        )
    allowed = told(
        "a row from 0 to {last}, or row and arrival such as 12.1 (the second person of row 12)",
        last=rows - 1,
    )
    if any(name.replace(".", "").isdigit() for name in named):  # a number is a name then, and never a row
        hint = did_you_mean(text, named)
        raise refusal(
            "person",
            text,
            told(
                "there is no person '{text}' in {name}",
                text=text,
                name=scenario.name,
            ),
            told("a person of its file"),
            hint,
        )
    if scenario.population.names:
        allowed = told("{rows}, or a name: {names}", rows=allowed, names=list(named))
    elif named:
        allowed = told("{rows}, or a person of its file", rows=allowed)
    found = ROW.fullmatch(text)
    if not found:
        raise refusal(
            "person",
            text,
            told(
                "'{text}' is not a person",
                text=text,
            ),
            allowed,
            did_you_mean(text, named),
        )
    row = int(found[1])
    if row >= rows:
        raise refusal("person", text, told("there is no row {row} in {name}", row=row, name=scenario.name), allowed)
    return Subject("person", text, row=row, arrival=int(found[2]) if found[2] is not None else None)


def _building(text: str, scenario: Scenario) -> Subject:
    return Subject("building", text, number=_building_number("building", text, text, scenario))


def _building_number(option: str, text: str, written: str, scenario: Scenario) -> int:
    names, last = building_names(scenario), scenario.population.buildings - 1
    if written in names:
        return names.index(written)
    numbered = any(name.isdigit() for name in names)  # a number is a name then, and never a place in order
    allowed: str = ", ".join(names) if numbered else told("from {low} to {high}", low=0, high=last)
    if names and not numbered:
        allowed = told("{numbers}, or {names}", numbers=allowed, names=list(names))
    if numbered or not re.fullmatch(r"\d+", written, re.ASCII) or int(written) > last:
        raise refusal(
            option,
            text,
            told(
                "there is no building '{written}' in {name}",
                written=written,
                name=scenario.name,
            ),
            allowed,
        )
    return int(written)


def _order(text: str, scenario: Scenario) -> Subject:
    if re.fullmatch(r"\d+", text, re.ASCII):
        if int(text) == 0:
            raise refusal("order", text, told("there is no order 0"), told("orders are numbered from 1"))
        return Subject("order", text, number=int(text))
    category, at, place = (part.strip() for part in text.partition("@"))
    allowed = told("a number such as 17, or a service and its place such as water@9 or parcels@compound")
    if not at:
        raise refusal("order", text, told("'{text}' is not an order", text=text), allowed)
    category = category.replace(" ", "_")
    names = list(scenario.categories)
    if category not in names:
        hint = did_you_mean(category, names)
        raise refusal(
            "order",
            text,
            told(
                "there is no category '{category}' in {name}",
                category=category,
                name=scenario.name,
            ),
            ", ".join(names),
            hint,
        )
    whole = scenario.categories[category].scope == "compound"
    if place == EVERYWHERE or whole:
        if not (place == EVERYWHERE and whole):
            message = (
                told(
                    "{category} serves the whole compound",
                    category=category,
                )
                if whole
                else told(
                    "{category} is ordered by building",
                    category=category,
                )
            )
            last = scenario.population.buildings - 1
            right = (
                f"{category}@{EVERYWHERE}"
                if whole
                else told("{low} to {high}", low=f"{category}@0", high=f"{category}@{last}")
            )
            raise refusal("order", text, message, right)
        return Subject("order", text, category=category, place=COMPOUND)
    return Subject("order", text, category=category, place=_building_number("order", text, place, scenario))


def _institution(text: str, scenario: Scenario) -> Subject:
    names = institution_names(scenario)
    if text not in names:
        hint = did_you_mean(text, names)
        message = told("there is no institution '{text}' in {name}", text=text, name=scenario.name)
        raise refusal("institution", text, message, ", ".join(names), hint)
    return Subject("institution", text)


def institution_names(scenario: Scenario) -> list[str]:
    """Return the accounts of a scenario's institutions."""
    partners = scenario.partners
    kinds = {kind: getattr(partners, kind).number for kind in type(partners).model_fields}
    bodies = ["government", "party", "committee", "owners", "property_firm"]
    return bodies + [f"{kind}_{n + 1}" for kind, number in kinds.items() for n in range(number)]


def read_months(first: int | None, last: int | None, month: int | None, scenario: Scenario) -> tuple[int, int]:
    """Return the first and the last month to show, by default 0 and the scenario's last. Raises ScenarioError."""
    study = scenario.study
    allowed = told("from {low} to {high}", low=-study.warmup_months, high=study.months - 1)
    if month is not None and (first is not None or last is not None):
        raise refusal(
            "month", str(month), told("one month and a range of months are asked for at once"), told("one of them")
        )
    for option, given in (("month", month), ("from", first), ("to", last)):
        if given is not None and not -study.warmup_months <= given < study.months:
            raise refusal(
                option,
                str(given),
                told(
                    "month {given} is outside the run of {name}",
                    given=given,
                    name=scenario.name,
                ),
                allowed,
            )
    if month is not None:
        return month, month
    start = 0 if first is None else first
    end = study.months - 1 if last is None else last
    if start > end:
        raise refusal(
            "from",
            str(start),
            told(
                "it is after the last month to show, {end}",
                end=end,
            ),
            told(
                "at most {most:,}",
                most=end,
            ),
        )
    return start, end


Record = dict[str, Any]
"""One month of a subject, or one thing that happened to it: names and values."""
