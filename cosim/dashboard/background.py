"""Work that takes seconds, beside the page that asked for it."""

import logging
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818 (reads as what it is)
    """Work was stopped because nobody waits for it any more."""


def draw(changed: Callable[[], None]) -> None:
    """Draw a page anew that is not the one whose thread this is, and may have gone meanwhile."""
    try:
        changed()
    except Exception:
        log.debug("a page could not be drawn", exc_info=True)


def draw_beside(*changed: Callable[[], None]) -> None:
    """Draw such pages in a thread of its own, so that no page waits for another."""
    threading.Thread(target=lambda: [draw(page) for page in changed], daemon=True).start()


class Background:
    """One piece of work at a time in a thread of its own; starting another one, or `stop`, ends the one before.

    `act` is called with a function that takes the share that is done (0 to 1) and raises `Stopped` once nobody waits;
    what it returns is `result`, what it raises `error`. `changed` is called after every whole per cent and at the end.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.share = 0.0
        self.running = False
        self.result: Any = None
        self.error: Exception | None = None
        self._changed = changed
        self._turn = 0
        self._lock = threading.Lock()

    def start(self, act: Callable[[Callable[[float], None]], Any]) -> None:
        """Begin a piece of work."""
        with self._lock:
            self._turn += 1
            self.share, self.running, self.result, self.error = 0.0, True, None, None
            turn = self._turn
        threading.Thread(target=self._work, args=(turn, act), daemon=True).start()

    def stop(self) -> None:
        """Forget what was begun and what came of it."""
        with self._lock:
            self._turn += 1
            self.share, self.running, self.result, self.error = 0.0, False, None, None

    def _work(self, turn: int, act: Callable[[Callable[[float], None]], Any]) -> None:
        def tell(share: float) -> None:
            with self._lock:
                if turn != self._turn:
                    raise Stopped
                told, self.share = self.share, share
            if int(100 * told) != int(100 * share):
                self._changed()

        result, error = None, None
        try:
            result = act(tell)
        except Stopped:
            return
        except Exception as fault:
            error = fault
        with self._lock:
            if turn != self._turn:
                return
            self.result, self.error, self.running, self.share = result, error, False, 1.0
        self._changed()
