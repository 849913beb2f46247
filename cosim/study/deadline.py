"""A run that takes too long: ended between two months, or with its process if it never comes to the next."""

import faulthandler
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import TIMEOUT_MAX
from typing import IO, Any

from cosim.study.one_run import Failure, Overdue, Run

GRACE = 5.0
"""Seconds beyond its time limit after which a run counts as stuck: it should have noticed between two months."""


def within(timeout: float | None, each_month: Callable[..., None]) -> Callable[..., None]:
    """Return `each_month` that also raises Overdue once `timeout` seconds are over, whatever the clock is set to."""
    if timeout is None:
        return each_month
    limit = time.monotonic() + timeout

    def check(*seen: Any) -> None:
        if time.monotonic() > limit:
            raise Overdue(timeout)
        each_month(*seen)

    return check


@dataclass
class Watch:
    """Ends the process if it is not left within `timeout` seconds and some grace; `place` then says where it was.

    Nothing else can end a run that is stuck inside a month, be it in compiled code. One at a time in a process.
    """

    timeout: float | None
    place: Path
    _written: IO[str] | None = None

    def trace(self) -> str:
        """Return where the process was that it ended; empty if it ended none."""
        return self.place.read_text(encoding="utf-8", errors="replace") if self.place.exists() else ""

    def __enter__(self) -> None:
        """Start to watch."""
        if self.timeout is not None:
            self._written = self.place.open("w", encoding="utf-8")
            faulthandler.dump_traceback_later(min(self.timeout + GRACE, TIMEOUT_MAX), exit=True, file=self._written)

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        if self._written is not None:
            faulthandler.cancel_dump_traceback_later()
            self._written.close()
            self.place.unlink()


def stuck(run: Run, timeout: float, trace: str) -> Failure:
    """Say that a run hung inside a month; `trace` tells where."""
    return Failure(run.label, run.replicate, f"{Overdue(timeout)}: stuck inside a month", trace)
