"""What differs between two scenarios, and what the levers among it cost."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import reduce
from typing import Any

from cosim.display.words import percent, plain
from cosim.language import ENGLISH, Language, told
from cosim.language.lines import lines
from cosim.scenario.keys import Key, keys_of
from cosim.scenario.same_people import MISSING, NOT_HISTORY, of_one_alone
from cosim.scenario.schema import Change, Scenario
from cosim.scenario.supply import Arrangement
from cosim.scenario.toml_text import write_value

WIDTH = 98
"""Columns of the page."""
NOT_SET = told("not set")
"""Stands for a lever that a scenario leaves to another one."""
FACTS_DIFFER = told(
    "These facts differ, so the two are not the same people with the same history: `cosim compare` refuses them. "
    "What differs between their results would not be the effect of how services are supplied."
)


@dataclass(frozen=True)
class Difference:
    """One key that two scenarios give different values; a fact has no price."""

    key: str
    a: Any
    b: Any
    unit: str
    label: str
    label_zh: str
    price: str


@dataclass(frozen=True)
class SuppliedOtherwise:
    """A category that two scenarios supply differently: the arrangement of each, as modes and overrides make it."""

    category: str
    label: str
    a: dict[str, Any]
    b: dict[str, Any]


@dataclass(frozen=True)
class ScenarioDifference:
    """All that differs between two scenarios, `a` and `b`.

    `facts` are those for which they cannot be compared, `settings` facts that touch nobody's life; `changes` and
    `shocks` are what is in one of them and not in the other.
    """

    a: str
    b: str
    facts: list[Difference]
    settings: list[Difference]
    levers: list[Difference]
    supply: list[SuppliedOtherwise]
    changes: dict[str, list[dict[str, Any]]]
    shocks: dict[str, list[dict[str, Any]]]

    @property
    def nothing(self) -> bool:
        """Whether nothing differs."""
        lists = (self.facts, self.settings, self.levers, self.supply, *self.changes.values(), *self.shocks.values())
        return not any(lists)


def difference(a: Scenario, b: Scenario) -> ScenarioDifference:
    """Return all that differs between two scenarios but their names and texts, and what only one has to describe."""
    ours, theirs = ({key.dotted: key for key in keys_of(scenario)} for scenario in (a, b))
    apart = of_one_alone(a, b)
    found: dict[str, list[Difference]] = {"facts": [], "settings": [], "levers": []}
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        key = ours.get(name) or theirs[name]
        here, there = (_value(keys.get(name), key.lever) for keys in (ours, theirs))
        if name == "shocks" or here == there or name in apart:
            continue
        kind = "levers" if key.lever else "settings" if name in NOT_HISTORY else "facts"
        unit, label, price = str(key.about["unit"]), key.about["label"], str(key.about.get("price", ""))
        found[kind].append(Difference(name, here, there, unit, label["en"], label["zh"], price))
    return ScenarioDifference(
        a.name,
        b.name,
        found["facts"],
        found["settings"],
        found["levers"],
        list(_supplied_otherwise(a, b)),
        _only_in(list(map(_change, a.changes)), list(map(_change, b.changes))),
        _only_in([shock.model_dump() for shock in a.shocks], [shock.model_dump() for shock in b.shocks]),
    )


def _value(key: Key | None, lever: bool) -> Any:
    """Return a key's value, and words where there is none."""
    if key is None or key.value is None:
        return NOT_SET if lever else MISSING
    return key.value


def _change(change: Change) -> dict[str, Any]:
    return {"month": change.month, "set": dict(change.levers)}


def _only_in(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {"a": [it for it in a if it not in b], "b": [it for it in b if it not in a]}


def _supplied_otherwise(a: Scenario, b: Scenario) -> Iterator[SuppliedOtherwise]:
    for name, category in a.categories.items():
        if name in b.categories:
            here, there = (_supplied(scenario, name) for scenario in (a, b))
            if here != there:
                yield SuppliedOtherwise(name, category.label, here, there)


def _supplied(scenario: Scenario, category: str) -> dict[str, Any]:
    arrangement: Arrangement = scenario.arrangement(category)
    partners = scenario.partners_of(category) if "partner" in arrangement.producers else ()
    return {"mode": scenario.mode_of(category), **arrangement.model_dump(), "partners": partners}


def difference_json(found: ScenarioDifference) -> str:
    """Return what differs as JSON."""
    document = {**asdict(found), "comparable": not (found.facts or any(found.shocks.values()))}
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def difference_page(found: ScenarioDifference, say: Language = ENGLISH) -> str:
    """Return what differs as text: facts first, for they forbid a comparison."""
    heading = f"A {found.a}\nB {found.b}"
    if found.nothing:
        nothing = say("Nothing differs but, at most, names and texts.")
        return f"{heading}\n\n{nothing}"
    blocks = [heading]
    shocked = list(_events(found.shocks, _shock_words, say))
    if found.facts or shocked:
        facts = [_entry(it, say) for it in found.facts] + shocked
        blocks.append("\n".join([say("FACTS"), *lines(say(FACTS_DIFFER), WIDTH), "", *facts]))
    if found.settings:
        blocks.append(
            "\n".join([say("Settings that touch nobody's life"), *(_entry(it, say) for it in found.settings)])
        )
    if found.levers:
        blocks.append("\n".join([say("Levers, and the price of each"), *(_entry(it, say) for it in found.levers)]))
    if found.supply:
        supplied = [line for it in found.supply for line in _supply_lines(it, say)]
        blocks.append("\n".join([say("How services are supplied at month 0"), *supplied]))
    changes = list(_events(found.changes, _change_words, say))
    if changes:
        blocks.append("\n".join([say("Levers that change later"), *changes]))
    return "\n\n".join(blocks)


def _entry(it: Difference, say: Language) -> str:
    head = f"{it.key}: {_written(it.a, say)} → {_written(it.b, say)}"
    words = say("{label} ({unit})", label=say.pick(it.label, it.label_zh), unit=say(it.unit))
    if it.price:
        words = say("{lever}; price: {price}", lever=words, price=say(it.price))
    return "\n".join([head, *_indented(words)])


def _written(value: Any, say: Language) -> str:
    return say(value) if value in (MISSING, NOT_SET) else write_value(value)


def _indented(words: str) -> list[str]:
    return lines(words, WIDTH, "    ", "    ")


def _supply_lines(it: SuppliedOtherwise, say: Language) -> Iterator[str]:
    before, after = (say(plain(supplied["mode"])) for supplied in (it.a, it.b))
    if it.a["mode"] == it.b["mode"]:
        yield say("{category}: {mode} in both, arranged differently", category=it.category, mode=before)
    else:
        yield f"{it.category}: {before} → {after}"
    for letter, supplied in (("A", it.a), ("B", it.b)):
        yield from _indented(f"{letter}: {arranged(supplied, say)}")


def arranged(supplied: Mapping[str, Any], say: Language) -> str:
    """Return who decides, does, pays and oversees, with the kinds of partner if any are named."""
    producers = {name: say(plain(name)) for name in supplied["producers"]}
    if supplied["partners"]:
        names = [say(plain(name)) for name in supplied["partners"]]
        either = reduce(lambda first, other: told("{first} or {other}", first=first, other=other), names)
        producers["partner"] = say("{names} ({partners})", names=producers["partner"], partners=either)
    payers = [f"{say(plain(payer))} {percent(share, say)}" for payer, share in supplied["payers"].items() if share > 0]
    return say(
        "arranged by {arranger}, done by {producers}, paid by {payers}, overseen by {overseer}",
        arranger=say(plain(supplied["arranger"])), producers=list(producers.values()), payers=payers,
        overseer=say(plain(supplied["overseer"])),
    )  # fmt: skip


def _events(events: Mapping[str, list[dict[str, Any]]], words: Any, say: Language) -> Iterator[str]:
    for letter, listed in events.items():
        for event in listed:
            about = {"letter": letter.upper(), "month": event["month"], "what": words(event, say)}
            yield say("only in {letter}, month {month}: {what}", **about)


def _change_words(change: Mapping[str, Any], say: Language) -> str:
    return ", ".join(f"{key} = {write_value(value)}" for key, value in change["set"].items())


def _shock_words(shock: Mapping[str, Any], say: Language) -> str:
    if shock["kind"] == "partner_quits":
        return say("{partner} quits", partner=shock["partner"])
    what = say(plain(shock["kind"]))
    if shock["kind"] == "failure":
        what = say("failure of {category}", category=plain(shock["category"]))
    return say("{what}, size {size:g}", what=what, size=shock["size"])
