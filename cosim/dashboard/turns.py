"""Turns: whoever wants to compute waits for those who came before, so that nobody starves the others."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 0.2
"""Seconds that a turn may take when nobody waits."""
LEAST = 0.02
"""Seconds that a turn may take however many wait."""


class Turns:
    """One turn at a time, first come, first served; a page asks for one at a time, so all pages get as many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue = deque[threading.Event]()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return max(len(self._queue) - 1, 0)

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Wait for a turn, and give the seconds that it may take: fewer the more others wait."""
        mine = threading.Event()
        with self._lock:
            self._queue.append(mine)
            if len(self._queue) == 1:
                mine.set()
        mine.wait()
        try:
            yield max(AT_ONCE / (1 + self.waiting), LEAST)
        finally:
            with self._lock:
                self._queue.popleft()
                if self._queue:
                    self._queue[0].set()
