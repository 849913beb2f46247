"""How a month goes: its phases in order, what they rest on, which levers act in them, and what came of them."""

from collections.abc import Callable, Sequence
from typing import Any

import solara

from cosim.dashboard.changes import in_force
from cosim.dashboard.frames import PLACE, Frame, moved_between
from cosim.dashboard.panels.charts import INKS
from cosim.dashboard.phases import COUNTS, WORDS, PhaseWords
from cosim.dashboard.visitor import Visitor
from cosim.display.words import NOTHING, capitalised, number
from cosim.language import Language
from cosim.month.phases import PHASES
from cosim.outcomes.measures import MEASURES
from cosim.scenario.levers import Lever, levers_of
from cosim.scenario.schema import Scenario


@solara.component_vue("month.vue", vuetify=False)
def MonthPanel(
    words: dict[str, str],
    lang: str,
    names: list[str],
    colours: list[str],
    phases: list[dict[str, Any]],
    event_levers: Callable[[str], None],
) -> None:
    """Draw it."""


def show(visitor: Visitor) -> None:
    """Show the phases, and what happened in the month on screen."""
    say, worlds = visitor.say, visitor.worlds
    words = {
        "month": say("How a month goes"), "evidence": say("What it rests on"), "levers": say("Levers that act here"),
        "here": say("This month"), "none": say("No lever acts here."),
        "change": say("Change levers"), "differ": say("Bold: the worlds differ in it now."),
        "help": say("Every month goes through these phases in this order; residents see one another as published at "
                    "its opening."),
        "warming": "" if worlds.ready else say("The shared warm-up is under way"),
    }  # fmt: skip
    here = [levers_in_force(side.scenario, worlds.position) for side in visitor.sides.values()]
    MonthPanel(
        words=words, lang=visitor.view.lang, names=[visitor.title(side) for side in visitor.sides],
        colours=list(INKS), phases=[_phase(visitor, WORDS[phase], here) for phase in PHASES],
        event_levers=lambda _: visitor.look({"panel": "levers"}),
    )  # fmt: skip


def levers_in_force(scenario: Scenario, position: int) -> dict[str, Lever]:
    """Return the levers that hold at a position, by dotted key; those of single services are left out."""
    return {lever.key: lever for lever in levers_of(in_force(scenario, position)) if lever.service is None}


def _phase(visitor: Visitor, words: PhaseWords, here: Sequence[dict[str, Lever]]) -> dict[str, Any]:
    say, worlds = visitor.say, visitor.worlds
    levers = [lever for lever in here[0].values() if lever.section.split(".")[0] in words.sections]
    return {
        "name": say.label(words), "term": "" if say.code == "zh" else words.zh, "what": say(words.what),
        "evidence": [say(it) for it in words.evidence],
        "levers": [_lever(lever, here, say) for lever in levers],
        "numbers": [
            {
                "label": _label(name, say), "meaning": _meaning(name, say),
                "values": [_number(name, frames[: worlds.position + 1]) for frames in worlds.frames],
            }
            for name in words.numbers
        ] if worlds.ready else [],
    }  # fmt: skip


def _lever(lever: Lever, here: Sequence[dict[str, Lever]], say: Language) -> dict[str, Any]:
    """Return a lever's label, and whether the worlds differ in it."""
    values = [side[lever.key].value for side in here]
    return {"label": capitalised(say.label(lever)), "differs": values[0] != values[-1]}


def _label(name: str, say: Language) -> str:
    return capitalised(say(COUNTS[name])) if name in COUNTS else capitalised(say.label(MEASURES[name]))


def _meaning(name: str, say: Language) -> str:
    return "" if name in COUNTS else say(MEASURES[name].meaning)


def _number(name: str, frames: Sequence[Frame]) -> str:
    """Return a number of the last of these months as text."""
    if name not in COUNTS:
        value = float(frames[-1].whole[PLACE[name]])
        whole = MEASURES[name].unit in ("orders", "requests", "meetings", "openings", "disputes", "people")
        return f"{value:,.0f}" if whole else number(value)
    found = count(name, frames)
    return NOTHING if found is None else f"{found:,}"


def count(name: str, frames: Sequence[Frame]) -> int | None:
    """Return one of `COUNTS` of the last of these months; None where the month before is not known."""
    frame = frames[-1]
    if name in ("came", "left"):
        return moved_between(*frames[-2:])[("came", "left").index(name)] if len(frames) > 1 else None
    acts = dict(zip(("met", "sat", "worked", "renovated"), frame.acts.tolist(), strict=True))
    return (acts | dict(zip(("taken", "begun", "delivered"), frame.queue.moved.tolist(), strict=True)))[name]
