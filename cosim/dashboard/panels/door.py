"""The door: what a tab shows that has no place in the room."""

from collections.abc import Callable
from typing import Any

import solara

from cosim.dashboard.guest import Guest
from cosim.dashboard.link import view_of
from cosim.language import language


@solara.component_vue("door.vue", vuetify=False)
def Door(words: dict[str, str], again: bool, lang: str, event_enter: Callable[[Any], None]) -> None:
    """Draw it."""


def show(guest: Guest) -> None:
    """Say why there are no worlds, and how they come back."""
    room = guest.room
    view, _ = view_of(guest.link, room.names, room.limits.months, room.usual)
    say = language(view.lang)
    full = {
        "title": say("The room is full"), "enter": say("Try again"),
        "text": say(
            "{count} people are using this dashboard, as many as it can serve at once. "
            "This page tries again by itself every ten seconds.", count=room.limits.visitors,
        ),
    }  # fmt: skip
    released = {
        "title": say("This page has rested"), "enter": say("Go on where you were"),
        "text": say(
            "Nobody has used it for a while, so its worlds were put away to make room. "
            "They come back with the same people and the same luck."
        ),
    }  # fmt: skip
    is_full = guest.why == "full"
    Door(
        words=full if is_full else released, again=is_full, lang=view.lang, event_enter=lambda _: guest.enter()
    )  # fmt: skip
