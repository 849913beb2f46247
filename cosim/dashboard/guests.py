"""Guests: the tabs that are open, how many have a place, and which of them nobody uses."""

import gc
import threading
import time
from typing import Protocol

from cosim.dashboard.memory import give_back

STALE = 5 * 60.0
"""Seconds without use after which a guest gives way to a new one when the room is full."""
LOOKED_AFTER = 0.1
"""How often idle guests are looked for, as a share of the time that they may be idle."""
SELDOM = 3.0
"""Seconds between one look and the next, at least."""


class Guest(Protocol):
    """Whoever can have a place (`cosim.dashboard.guest`); `used` is when it was last used."""

    used: float

    def release(self) -> None:
        """Free what belongs to the view."""


class Guests:
    """The guests of a room that have a place."""

    def __init__(self) -> None:
        self._guests: list[Guest] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._guests)

    def add(self, guest: Guest, most: int) -> bool:
        """Give a guest one of `most` places, if need be that of the one that has been idle longest; return whether."""
        gone = None
        with self._lock:
            if len(self._guests) >= most:
                gone = min(self._guests, key=lambda it: it.used)
                if time.monotonic() - gone.used < STALE:
                    return False
                self._guests.remove(gone)
            self._guests.append(guest)
        if gone is not None:
            gone.release()
        return True

    def remove(self, guest: Guest) -> None:
        """Take a guest's place away."""
        with self._lock:
            if guest in self._guests:
                self._guests.remove(guest)

    def release_idle(self, idle: float) -> int:
        """Release the guests that have been idle for so many seconds, and return how many there were."""
        with self._lock:
            gone = [guest for guest in self._guests if time.monotonic() - guest.used >= idle]
            self._guests = [guest for guest in self._guests if guest not in gone]
        for guest in gone:
            guest.release()
        return len(gone)

    def look_after(self, idle: float) -> threading.Event:
        """Release idle guests, and give memory back to the machine, until the event that is returned is set."""
        over = threading.Event()

        def work() -> None:
            while not over.wait(max(LOOKED_AFTER * idle, SELDOM)):
                self.release_idle(idle)
                gc.collect()
                give_back()

        threading.Thread(target=work, daemon=True).start()
        return over
