"""The clock: play, pause, one month on or back, to a month, speed, reset."""

from collections.abc import Callable
from typing import Any

import solara

from cosim.dashboard.visitor import Visitor

SPEEDS = (1, 2, 4, 10)
"""Months a second to choose from."""


@solara.component_vue("clock.vue", vuetify=False)
def Clock(
    words: dict[str, str],
    speeds: list[int],
    position: int,
    goal: int,
    latest: int,
    last: int,
    ready: bool,
    beat: int,
    event_go: Callable[[int], None],
    event_more: Callable[[Any], None],
    event_reset: Callable[[Any], None],
) -> None:
    """Draw it."""


def show(visitor: Visitor) -> None:
    """Show the clock."""
    say, worlds = visitor.say, visitor.worlds
    words = {
        "clock": say("Clock"), "play": say("Play"), "pause": say("Pause"), "back": say("One month back"),
        "on": say("One month on"), "reset": say("Reset"), "to": say("To month"), "speed": say("Months a second"),
        "now": say("Month {month} of {last}", month=worlds.position, last=worlds.last),
        "year": _year(worlds.position, say) if worlds.ready else say("The shared warm-up is under way"),
        "lost": say("The connection is lost. It goes on as soon as the server answers."),
    }  # fmt: skip
    Clock(
        words=words, speeds=[speed for speed in SPEEDS if speed <= visitor.room.limits.speed],
        position=worlds.position, goal=visitor.goal, latest=worlds.latest, last=worlds.last, ready=worlds.ready,
        beat=visitor.beat, event_go=visitor.go, event_more=lambda _: visitor.more(),
        event_reset=lambda _: visitor.reset(),
    )  # fmt: skip


def _year(position: int, say: Any) -> str:
    if position == 0:
        return say("The end of the shared past")
    return say("Year {year}, month {month}", year=(position - 1) // 12 + 1, month=(position - 1) % 12 + 1)
