"""A resident or a building: who it is, and what became of it in both worlds up to the month on screen."""

from collections.abc import Callable
from typing import Any

import solara

from cosim.dashboard.following import Picked
from cosim.dashboard.link import LONGEST, whole_number
from cosim.dashboard.lives import building_courses, building_facts, cases, decision, facts, person_courses, story, ties
from cosim.dashboard.panels import parts
from cosim.dashboard.panels.charts import INKS
from cosim.dashboard.panels.courses import show_courses
from cosim.dashboard.visitor import Visitor
from cosim.language import Language, told
from cosim.scenario.inhabitants import building_names, name_of
from cosim.scenario.names import people_called
from cosim.scenario.schema import Scenario

MOST_NAMES = 12
"""People who are named when a part of a name means several."""


@solara.component_vue("life.vue", vuetify=False)
def LifePanel(
    words: dict[str, str],
    names: list[str],
    colours: list[str],
    given: str,
    counts: list[int],
    row: int,
    building: int,
    buildings: list[str],
    arrivals: list[dict[str, Any]],
    arrival: int,
    progress: float,
    fault: str,
    found: dict[str, Any],
    event_find: Callable[[str], None],
    event_pick: Callable[[dict[str, int]], None],
    event_decision: Callable[[str], None],
) -> None:
    """Draw it."""


def show(visitor: Visitor) -> None:
    """Show the resident or the building that is looked at."""
    say, worlds, picked, work = visitor.say, visitor.worlds, visitor.picked, visitor.life.background
    scenario = visitor.sides["left"].scenario
    found = _found(visitor) if worlds.ready and picked != Picked() else {}
    LifePanel(
        words=_words(visitor), names=[visitor.title(side) for side in visitor.sides], colours=list(INKS),
        given=_given(scenario, picked), row=picked.row, building=picked.building,
        counts=[scenario.population.residents, scenario.population.buildings],
        buildings=_buildings(scenario, say), arrivals=_arrivals(visitor) if found else [], arrival=picked.arrival,
        progress=work.share if work.running else -1.0,
        fault=say("This could not be followed: {fault}", fault=work.error) if work.error else "", found=found,
        event_find=lambda text: find(visitor, text),
        event_pick=parts(visitor.pick, "row", "building", "arrival"),
        event_decision=visitor.look_at_decision,
    )  # fmt: skip
    if found:
        courses = person_courses(visitor) if picked.row >= 0 else building_courses(visitor)
        show_courses(visitor, say("Measures month by month"), courses)


def find(visitor: Visitor, given: object) -> None:
    """Look at a resident by row, or by a name or a part of it that nobody else has."""
    text, scenario = str(given).strip(), visitor.sides["left"].scenario
    called, last = people_called(scenario, text), scenario.population.residents - 1
    row = whole_number(text, last)
    if len(called) > 1:
        visitor.tell(told("Several residents are called “{given}”: {names}.", given=text[:LONGEST],
                          names=[*called][:MOST_NAMES]))  # fmt: skip
        visitor.changed()
    elif called:
        visitor.pick(next(iter(called.values())), arrival=0)
    elif row is None:
        visitor.tell(told("There is no resident “{given}”; rows go from 0 to {last}.", given=text[:LONGEST], last=last))
        visitor.changed()
    else:
        visitor.pick(row)


def _found(visitor: Visitor) -> dict[str, Any]:
    """Return what is shown, in the visitor's words, of somebody or something."""
    followed = visitor.life.follow(visitor.worlds, visitor.picked)
    about = {"cases": cases(visitor, followed), "stories": story(visitor, followed)}
    if visitor.picked.row < 0:
        return about | {"facts": building_facts(visitor, followed), "decisions": [], "decision": {}, "ties": []}
    kinds, terms = decision(visitor, followed)
    return about | {
        "facts": facts(visitor, followed), "decisions": kinds, "decision": terms, "ties": ties(visitor, followed),
    }  # fmt: skip


def _words(visitor: Visitor) -> dict[str, str]:
    say, worlds, picked = visitor.say, visitor.worlds, visitor.picked
    last = visitor.sides["left"].scenario.population.residents - 1
    return {
        "life": say("Resident and building"), "resident": say("Resident (0 to {last})", last=last),
        "show": say("Show"), "previous": say("Previous"), "next": say("Next"), "building": say("Building"),
        "none": say("none"), "arrival": say("Who lived here"),
        "nobody": say("Nobody is looked at yet. Click on a resident or a building on a map, or choose here."),
        "title": _title(visitor), "fact": say("About"), "decision": say("Terms of a decision"),
        "which": say("Decision"), "last": say("the last one"), "term": say("Term"), "ties": say("Ties"),
        "ties_of": say("Row and strength; lines on the maps lead there."), "orders": say("Orders"),
        "order": say("Order"), "service": say("Service"), "stage": say("Stage"), "months": say("Months"),
        "more": say("Older ones are left out."),
        "story": say("Life so far") if picked.row >= 0 else say("What happened"),
        "nothing": say("Nothing to tell yet."),
        "warming": "" if worlds.ready else say("The shared warm-up is under way"),
        "work": say("Both worlds are gone through once more, to see what the maps do not keep."),
    }  # fmt: skip


def _title(visitor: Visitor) -> str:
    say, picked, scenario = visitor.say, visitor.picked, visitor.sides["left"].scenario
    if picked.row >= 0:
        return say("Resident {name}", name=_given(scenario, picked))
    return _buildings(scenario, say)[picked.building] if picked.building >= 0 else ""


def _given(scenario: Scenario, picked: Picked) -> str:
    """Return what stands in the field for a resident: the name, else the row; empty for none."""
    return "" if picked.row < 0 else name_of(scenario, picked.row, picked.arrival) or str(picked.row)


def _buildings(scenario: Scenario, say: Language) -> list[str]:
    """Return what the buildings of a scenario are called."""
    names = building_names(scenario) or range(scenario.population.buildings)
    return [say("Building {number}", number=name) for name in names]


def _arrivals(visitor: Visitor) -> list[dict[str, Any]]:
    """Return those who lived in the row in either world up to the furthest month, if they are several."""
    row, frames = visitor.picked.row, visitor.worlds.frames
    if row < 0:
        return []
    first, last = min(int(it[0].arrival[row]) for it in frames), max(int(it[-1].arrival[row]) for it in frames)
    known = sorted({*range(max(first, 0), last + 1), visitor.picked.arrival})
    name = visitor.say("Resident {name}", name=row)
    return [{"arrival": it, "label": f"{name}.{it}"} for it in known] if len(known) > 1 else []
