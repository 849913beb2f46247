"""How far a study is and how long it will take, on standard error."""

import time
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

TENTHS = 10
EVERY_SECONDS = 2.0
"""Where there is no terminal: a line for every tenth of the work, but not more often than this."""


class ProgressOn:
    """Shows how far a study is: a bar in a terminal, a line now and then elsewhere.

    A context manager; called with the runs done and the runs there are, as `run_study` does.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Progress | None = None
        if stream.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeRemainingColumn(),
                console=Console(file=stream),
                transient=True,
            )
            self._task = self._bar.add_task("starting", total=None)
        self._told, self._tenths = time.monotonic(), 0
        self._points = [(self._told, 0.0)]

    def __enter__(self) -> "ProgressOn":
        """Start to show."""
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.stop()

    def __call__(self, done: float, total: int) -> None:
        """Show that `done` of `total` runs are over."""
        if self._bar:
            words = f"run {min(int(done) + 1, total)} of {total}"
            self._bar.update(self._task, completed=done, total=total, description=words)
            return
        now, share = time.monotonic(), done / total
        if now - self._points[-1][0] >= 1:
            self._points.append((now, share))
        if int(share * TENTHS) == self._tenths or now - self._told < EVERY_SECONDS or done >= total:
            return
        since, then = max(point for point in self._points if point[1] <= share / 2)
        left = (now - since) * (1 - share) / (share - then)
        self._stream.write(f"{share * 100:3.0f} % of {_runs(total)}, about {_in_words(left)} left\n")
        self._stream.flush()
        self._told, self._tenths = now, int(share * TENTHS)


def _runs(total: int) -> str:
    """Return a number of runs."""
    return f"{total} run" if total == 1 else f"{total} runs"


def _in_words(seconds: float) -> str:
    """Return a time to wait, coarsely."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
