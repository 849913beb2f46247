"""How the scenarios of a page differ: levers with their prices, services by how they are supplied, later changes."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from cosim.compare.controls import STAGES as SECTIONS
from cosim.display.factors import factor_name
from cosim.display.words import NOTHING, arm_name, capitalised, plain, sentences, stage_name
from cosim.language import Language
from cosim.report.difference import NOT_SET, Difference, ScenarioDifference, SuppliedOtherwise, arranged, difference
from cosim.report.page.parts import Paragraph, Part, Row, Table
from cosim.report.page.words import commas
from cosim.scenario.schema import Scenario


def in_short(first: Scenario, other: Scenario, label: str, say: Language) -> Iterator[Part]:
    """Yield what differs in short: how many levers in which stages, and the services by mode of supply."""
    found = difference(first, other)
    if found.nothing:
        yield Paragraph(say("{arm} differs from the first scenario in nothing but names.", arm=arm_name(label, say)))
        return
    title = say.pick(other.title, other.title_zh)
    said = [say("{title}.", title=title)] if title else []
    yield Paragraph(sentences(*said, _counts(found, say), say=say), capitalised(arm_name(label, say)))
    if found.levers:
        yield _by_stage(found, label, say)
    if found.supply:
        yield _supply(found, first, label, say)


def in_full(first: Scenario, other: Scenario, label: str, say: Language) -> Iterator[Part]:
    """Yield every lever that differs, with its price, and what changes later."""
    found = difference(first, other)
    if found.levers:
        yield _levers(found, label, say)
    later = [*_later(found.changes["a"], say), *_later(found.changes["b"], say)]
    if later:
        head = say("month"), say("lever"), say("value")
        yield Table(say("Levers that change later: {arm}", arm=arm_name(label, say)), head, later,
                    words=frozenset({0, 1}))  # fmt: skip


def _counts(found: ScenarioDifference, say: Language) -> str:
    """Say how much differs."""
    levers = say.many("{count} lever differs", "{count} levers differ", len(found.levers))
    supply = say.many(
        "{count} service is supplied in another way", "{count} services are supplied in another way", len(found.supply)
    )
    said = [say("{levers}; {supply}.", levers=levers, supply=supply)]
    if found.facts:
        said.append(say("Facts differ too: this is not the same place, and differences are not the reform's alone."))
    return sentences(*said, say=say)


def _stage_of(lever: Difference) -> str:
    """Return the stage of the reform that a lever belongs to."""
    section = lever.key.partition(".")[0]
    return next(stage for stage, sections in SECTIONS.items() if section in sections)


def _staged(found: ScenarioDifference) -> Iterator[tuple[str, list[Difference]]]:
    """Yield the levers that differ, stage by stage."""
    ordered = sorted(found.levers, key=lambda lever: list(SECTIONS).index(_stage_of(lever)))
    for stage, levers in groupby(ordered, key=_stage_of):
        yield stage, list(levers)


def _by_stage(found: ScenarioDifference, label: str, say: Language) -> Table:
    rows = [
        Row(capitalised(stage_name(stage, say)), [commas([factor_name(lever.key, say) for lever in levers], say)])
        for stage, levers in _staged(found)
    ]
    return Table(
        say("Levers that differ, by stage of the reform: {arm}", arm=arm_name(label, say)),
        [say("stage"), say("levers")], rows,
        note=say("What each was and is, and what it costs, stands at the end of this page."), words=frozenset({0}),
    )  # fmt: skip


def _levers(found: ScenarioDifference, label: str, say: Language) -> Table:
    rows = []
    for stage, levers in _staged(found):
        rows.append(Row(capitalised(stage_name(stage, say))))
        rows += [
            Row(_label(lever, say), [written(lever.a, say), written(lever.b, say), say(lever.unit), say(lever.price)])
            for lever in levers
        ]
    head = say("lever"), say("before"), say("after"), say("unit"), say("what it costs")
    caption = say("Levers that differ, and the price of each: {arm}", arm=arm_name(label, say))
    return Table(caption, head, rows, words=frozenset({2, 3}))


def _label(lever: Difference, say: Language) -> str:
    """Return a lever's label; of one service with its name."""
    name, parts = say.pick(lever.label, lever.label_zh), lever.key.split(".")
    return say("{lever}, {service}", lever=name, service=plain(parts[1])) if len(parts) > 2 else name


def written(value: Any, say: Language) -> str:
    """Return a lever's value as people read it."""
    if value == NOT_SET or value is None:
        return NOTHING
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, str):
        return say(plain(value))
    if isinstance(value, Mapping):
        return commas([f"{say(plain(key))} {written(part, say)}" for key, part in value.items()], say)
    if isinstance(value, tuple | list):
        return commas([written(part, say) for part in value], say) or NOTHING
    return f"{value:,g}"


def _supply(found: ScenarioDifference, first: Scenario, label: str, say: Language) -> Table:
    """Return the services that are supplied otherwise, those with the same arrangements in one line."""

    def same(it: SuppliedOtherwise) -> str:
        return json.dumps([it.a, {**it.b, "partners": ()}], sort_keys=True, default=list)

    alike: dict[str, list[SuppliedOtherwise]] = {}
    for it in found.supply:
        alike.setdefault(same(it), []).append(it)
    rows = []
    for group in alike.values():
        services = [service_name(first, it.category, say) for it in group]
        modes = [say(plain(str(side["mode"]))) for side in (group[0].a, group[0].b)]
        rows.append(Row(commas(services, say), [*modes, arranged({**group[0].b, "partners": ()}, say)]))
    head = say("services"), say("before"), say("after"), say("who decides, does, pays and oversees")
    return Table(say("How services are supplied: {arm}", arm=arm_name(label, say)), head, rows,
                 words=frozenset({0, 1, 2}))  # fmt: skip


def service_name(scenario: Scenario, category: str, say: Language) -> str:
    """Return what a scenario calls a category of service."""
    service = scenario.categories[category]
    return say.pick(service.label or plain(category), service.label_zh)


def _later(changes: list[dict[str, Any]], say: Language) -> Iterator[Row]:
    """Yield a line for each lever that a change sets."""
    for change in changes:
        for key, value in change["set"].items():
            yield Row(str(change["month"]), [key, written(value, say)])
