"""The top line: what this is, the seed, the language, the link; and messages."""

from collections.abc import Callable
from typing import Any

import solara

from cosim.dashboard.visitor import Visitor
from cosim.language import Language
from cosim.scenario import ScenarioError


@solara.component_vue("top.vue", vuetify=False)
def Top(
    words: dict[str, str],
    lang: str,
    seed: int,
    link: str,
    messages: list[str],
    event_look: Callable[[dict[str, str]], None],
    event_seed: Callable[[str], None],
    event_dismiss: Callable[[int], None],
) -> None:
    """Draw it."""


def _said(message: str | ScenarioError, say: Language) -> str:
    return message.text(say) if isinstance(message, ScenarioError) else say.again(message)


def show(visitor: Visitor) -> None:
    """Show the top line."""
    say = visitor.say
    words: dict[str, Any] = {
        "title": say("Two communities side by side"), "seed": say("Seed"), "set": say("Set"), "link": say("Copy link"),
        "copied": say("Link copied"), "language": say("Language"), "close": say("Close"), "messages": say("Messages"),
        "seed_help": say("Chance: the same seed, the same luck for the same people"),
    }  # fmt: skip
    Top(
        words=words, lang=visitor.view.lang, seed=visitor.view.seed, link=visitor.view.link(),
        messages=[_said(message, say) for message in visitor.messages], event_look=visitor.look,
        event_seed=visitor.set_seed, event_dismiss=visitor.dismiss,
    )  # fmt: skip
