"""How far a study is and how long it will take, on standard error."""

import time
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cosim.language import ENGLISH, Language

TENTHS = 10
MOST_POINTS = 500
"""Moments that are remembered to tell the pace."""
EVERY_SECONDS = 2.0
"""Where there is no terminal: a line for every tenth of the work, but not more often than this."""


class ProgressOn:
    """Shows how far a study is: a bar in a terminal, a line now and then elsewhere.

    A context manager; called with the runs done and the runs there are, as `run_study` does, and with how many have
    failed where that is known, as `sweep` does.
    """

    def __init__(self, stream: TextIO, say: Language = ENGLISH) -> None:
        self._stream, self._say = stream, say
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
            self._task = self._bar.add_task(say("starting"), total=None)
        self._told, self._tenths = time.monotonic(), 0
        self._points: list[tuple[float, float]] = []

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

    def __call__(self, done: float, total: int, failed: int = 0) -> None:
        """Show that `done` of `total` runs are over, `failed` of them without a result."""
        now, share = time.monotonic(), done / total
        if not self._points or now - self._points[-1][0] >= 1:
            self._points.append((now, done))
        if len(self._points) > MOST_POINTS:
            del self._points[1::2]
        since, then = self._past(done)
        pace = (done - then) / (now - since) if done > then and now > since else 0.0
        say = self._say
        extra = say(", {pace:.2g} runs/s", pace=pace) if pace > 0 else ""
        extra += say(", {count} failed", count=failed) if failed else ""
        if self._bar:
            words = say("run {number} of {total}{extra}", number=min(int(done) + 1, total), total=total, extra=extra)
            self._bar.update(self._task, completed=done, total=total, description=words)
            return
        if int(share * TENTHS) == self._tenths or now - self._told < EVERY_SECONDS or done >= total:
            return
        left = say(", about {time} left", time=in_words((total - done) / pace, say)) if pace > 0 else ""
        runs = say.many("{count} run", "{count} runs", total)
        self._stream.write(say("{share:3.0f} % of {runs}", share=share * 100, runs=runs) + f"{extra}{left}\n")
        self._stream.flush()
        self._told, self._tenths = now, int(share * TENTHS)

    def _past(self, done: float) -> tuple[float, float]:
        """Return when how many runs were done, about half way back: the pace since then is the present one."""
        half = (self._points[0][1] + done) / 2
        return max(point for point in self._points if point[1] <= max(half, self._points[0][1]))


def in_words(seconds: float, say: Language = ENGLISH) -> str:
    """Return a time to wait, coarsely."""
    if seconds < 90:
        return say("{number:.0f} s", number=max(seconds, 1))
    if seconds < 5400:
        return say("{number:.0f} min", number=seconds / 60)
    return say("{number:.1f} h", number=seconds / 3600)
