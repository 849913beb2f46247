"""A guest: one tab, which sees its worlds while it has a place in the room."""

import time
from collections.abc import Callable
from typing import Literal

from cosim.dashboard.background import draw_beside
from cosim.dashboard.room import Room
from cosim.dashboard.visitor import Visitor

Why = Literal["", "full", "released"]
"""Why a guest sees no worlds: the room is full, or nobody has used the page for a long time."""


class Guest:
    """One tab: `visitor` is its view while it has a place; else `why` says what happened and `link` what it saw.

    `changed` is called after everything that changes it.
    """

    def __init__(self, room: Room, query: str, changed: Callable[[], None]) -> None:
        self.room = room
        self.link = query
        self.visitor: Visitor | None = None
        self.why: Why = "full"
        self.used = time.monotonic()
        self._changed = changed
        self._take_place()

    def enter(self) -> None:
        """Take a place if there is one, and show what the link says."""
        self._take_place()
        self._changed()

    def leave(self) -> None:
        """Give up the place."""
        self.room.guests.remove(self)
        self._forget()

    def release(self) -> None:
        """Free what belongs to the view, which its link brings back."""
        self._forget()
        self.why = "released"
        draw_beside(self._changed)

    def _take_place(self) -> None:
        self.used = time.monotonic()
        if self.visitor is not None or not self.room.guests.add(self, self.room.limits.visitors):
            return
        self.why, self.visitor = "", Visitor(self.room, self.link, self._used)

    def _used(self) -> None:
        self.used = time.monotonic()
        self._changed()

    def _forget(self) -> None:
        if self.visitor is not None:
            self.visitor.leave()
            self.link, self.visitor = self.visitor.view.link(), None
