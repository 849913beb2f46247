"""The levers: what a reform can change, in what range, at what price, and what differs from the preset."""

import math
from collections.abc import Callable
from typing import Any

import solara

from cosim.dashboard.changes import in_force
from cosim.dashboard.link import table
from cosim.dashboard.visitor import Visitor
from cosim.display.words import capitalised, plain
from cosim.language import Language
from cosim.scenario.from_text import LARGEST_TEXT
from cosim.scenario.levers import Lever, levers_of
from cosim.scenario.schema import Scenario

WIDEST = 1000.0
"""A number with a range up to this has a slider."""


@solara.component_vue("levers.vue", vuetify=False)
def Levers(
    words: dict[str, str],
    sides: list[dict[str, str]],
    side: str,
    sections: list[dict[str, Any]],
    now: dict[str, Any],
    differs: list[dict[str, str]],
    largest: int,
    last: bool,
    event_side: Callable[[str], None],
    event_change: Callable[[dict[str, Any]], None],
    event_back: Callable[[str], None],
    event_toml: Callable[[str], None],
    event_upload: Callable[[dict[str, str]], None],
) -> None:
    """Draw them."""


def show(visitor: Visitor) -> None:
    """Show the levers of one side."""
    say, worlds, side = visitor.say, visitor.worlds, visitor.levers_of
    shown = visitor.sides[side]
    here = in_force(shown.scenario, worlds.position)
    listed, was = _by_key(here), _by_key(in_force(shown.preset, worlds.position))
    differs = [key for key, lever in listed.items() if key not in was or was[key].value != lever.value]
    words = {
        "levers": say("Levers"), "side": say("Change"), "find": say("Find"), "price": say("Price"),
        "default": say("without the reform"),
        "next": say("From month {month} on", month=worlds.position), "start": say("From the start"),
        "chosen": say("Chosen, not yet in force"), "none": say("Nothing differs from the preset."),
        "differs": say("Differs from the preset now"), "back": say("Back to the preset"),
        "toml": say("Download as TOML"), "upload": say("Upload a scenario (TOML)"), "forget": say("Forget"),
        "too_large": say("This file is larger than {most:,} bytes, the most that a scenario's text may have.",
                         most=LARGEST_TEXT),
        "link": say("A link holds levers that were changed here, but no scenario that was uploaded."),
        "over": say("This is the last month. Go back to change something from a month on."),
        "help": say(
            "Choose values, then from when they hold. The same people live through it again with the same luck."
        ),
        "source": say("Source"),
    }  # fmt: skip
    Levers(
        words=words, sides=[{"side": one, "label": _side_name(one, visitor.title(one), say)} for one in visitor.sides],
        side=side, sections=_sections(list(listed.values()), say), now={key: it.value for key, it in listed.items()},
        differs=[{"key": key, "label": _label(listed[key], say),
                  "text": say("{value} instead of {before}", value=_written(listed[key].value, say),
                              before=_written(was[key].value, say) if key in was else say("nothing"))}
                 for key in differs],
        largest=LARGEST_TEXT, last=worlds.position >= worlds.last, event_side=visitor.look_at_levers_of,
        event_change=lambda what: visitor.change(table(what).get("levers"), table(what).get("at") == "start"),
        event_back=lambda _: visitor.back_to_preset(), event_toml=lambda _: visitor.give_toml(),
        event_upload=lambda what: visitor.upload(*map(table(what).get, ("name", "data"))),
    )  # fmt: skip




def _by_key(scenario: Scenario) -> dict[str, Lever]:
    return {lever.key: lever for lever in levers_of(scenario)}


def _side_name(side: str, title: str, say: Language) -> str:
    return say("left: {scenario}", scenario=title) if side == "left" else say("right: {scenario}", scenario=title)


def _label(lever: Lever, say: Language) -> str:
    name = capitalised(say.label(lever))
    return say("{label} ({place})", label=name, place=lever.section_name(say)) if lever.service else name


def _sections(levers: list[Lever], say: Language) -> list[dict[str, Any]]:
    """Return the levers by section, as the template takes them."""
    sections: dict[str, dict[str, Any]] = {}
    for lever in levers:
        place = sections.setdefault(lever.section, {"name": capitalised(lever.section_name(say)), "levers": []})
        place["levers"].append(
            {
                "key": lever.key, "label": capitalised(say.label(lever)), "unit": say(lever.unit), "kind": lever.kind,
                "low": lever.bounds.get("ge", lever.bounds.get("gt")),
                "high": lever.bounds.get("le", lever.bounds.get("lt")), "slides": _slides(lever),
                "choices": [{"value": it, "label": capitalised(say(plain(it)))} for it in lever.choices],
                "allowed": "" if lever.choices else say.again(lever.allowed),
                "price": say(lever.price).replace("`", ""), "default": _written(lever.default, say),
                "source": say(lever.source),
            }
        )  # fmt: skip
    return list(sections.values())


def _slides(lever: Lever) -> bool:
    low, high = lever.bounds.get("ge", math.inf), lever.bounds.get("le", math.inf)
    return high - low <= WIDEST


def _written(value: Any, say: Language) -> str:
    """Return a lever's value as a reader knows it."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, dict):
        return ", ".join(f"{say(plain(key))} {_written(part, say)}" for key, part in value.items()) or say("nothing")
    if isinstance(value, list | tuple):
        return ", ".join(_written(part, say) for part in value) or say("nothing")
    return say(plain(value)) if isinstance(value, str) else f"{value:g}"
