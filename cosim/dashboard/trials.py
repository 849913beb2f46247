"""Is it luck? Thirty pairs of runs beside the page, one visitor's at a time, the others in a line.

The pairs are run, compared and reported by a process of its own, with less right to the processor than the page.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Literal, NamedTuple

import numpy as np

from cosim.compare import Comparison, compare, quantiles
from cosim.dashboard.background import draw, draw_beside
from cosim.display.words import headline
from cosim.language import CODES, language
from cosim.scenario.schema import Scenario
from cosim.study import cores

PAIRS = 30
"""Pairs of runs in one trial."""
LONGEST = 10
"""Trials in the line, the one that is under way included."""
BAND = (0.025, 0.5, 0.975)
"""Quantiles of the pairs that a band shows: its lower end, the middle and its upper end."""
YIELDING = 15
"""By how much the process's right to the processor is lower (Unix "niceness")."""
FIELDS = ("mean_a", "mean_b", "difference", "low", "high", "superiority", "n", "p_holm")

State = Literal["waiting", "running", "done", "failed", "given up"]


class Found(NamedTuple):
    """What a trial found: `FIELDS` of each headline outcome, and what differs month by month in the middle 95 %.

    `months` are the numbers of the months, 1 the first one as on the clock, `bands` has for each outcome `BAND` by
    month, float32[3, months]; `reports` are whole pages by language.
    """

    pairs: int
    effects: dict[str, dict[str, float]]
    months: list[int]
    bands: dict[str, np.ndarray]
    reports: dict[str, str]


class Trial:
    """One visitor's trial; `changed` is called, in a thread of its own, whenever what is told here has changed."""

    def __init__(self, scenarios: Sequence[Scenario], seed: int, changed: Callable[[], None]) -> None:
        self.scenarios, self.seed, self.changed = tuple(scenarios), seed, changed
        self.state: State = "waiting"
        self.share = 0.0
        self.begun = 0.0
        self.found: Found | None = None
        self.fault = ""

    @property
    def remaining(self) -> float | None:
        """Seconds that are left, as far as the pace so far tells; None before anything is done."""
        if self.state != "running" or self.share <= 0:
            return None
        return (time.monotonic() - self.begun) * (1 - self.share) / self.share


class Line:
    """The trials of a room: one under way, the others behind it in the order in which they came."""

    def __init__(self, pairs: int = PAIRS, longest: int = LONGEST) -> None:
        self.pairs, self.longest = pairs, longest
        self._line: list[Trial] = []
        self._lock = threading.Lock()
        self._process: Any = None

    def join(self, trial: Trial) -> bool:
        """Take a place at the end, and return True, unless the line is as long as it may be."""
        with self._lock:
            if len(self._line) >= self.longest:
                return False
            self._line.append(trial)
            if len(self._line) == 1:
                threading.Thread(target=self._work, daemon=True).start()
        return True

    def place(self, trial: Trial) -> int:
        """Return how many trials come before one in the line; 0 for one that is under way, or not in the line."""
        with self._lock:
            return self._line.index(trial) if trial in self._line else 0

    def leave(self, trial: Trial) -> None:
        """Give up a trial: its place in the line, and its process if it is under way."""
        with self._lock:
            if trial not in self._line:
                return
            trial.state = "given up"
            if self._line[0] is trial:
                _end(self._process)
            else:
                self._line.remove(trial)
        draw_beside(*(other.changed for other in self._line.copy()))

    def close(self) -> None:
        """Give up all trials."""
        for trial in reversed(self._line.copy()):
            self.leave(trial)

    def _work(self) -> None:
        """Make the first trial of the line, until there is none."""
        more = True
        while more:
            trial = self._line[0]
            try:
                self._make(trial)
            except OSError as fault:
                trial.state, trial.fault = "failed", str(fault)
            with self._lock:
                self._line.remove(trial)
                more = bool(self._line)
            for one in (trial, *self._line.copy()):
                draw(one.changed)

    def _make(self, trial: Trial) -> None:
        """Start a trial's process, and hear what it says until its end."""
        context = multiprocessing.get_context("spawn")
        ear, mouth = context.Pipe(duplex=False)
        with self._lock:
            if trial.state == "given up":
                return
            self._process = context.Process(target=_try, args=(mouth, trial.scenarios, trial.seed, self.pairs))
            self._process.start()
            trial.state, trial.begun = "running", time.monotonic()
        mouth.close()
        draw(trial.changed)
        with suppress(EOFError, OSError):
            while True:
                said = ear.recv()
                if isinstance(said, Found):
                    trial.found = said
                elif isinstance(said, str):
                    trial.fault = said
                else:
                    trial.share = said
                    draw(trial.changed)
        self._process.join()
        if trial.state == "running":
            trial.state = "done" if trial.found else "failed"


def _end(process: Any) -> None:
    """End a process; its workers notice that it is gone, and end themselves."""
    if process is not None:
        process.kill()


def _try(mouth: Any, scenarios: Sequence[Scenario], seed: int, pairs: int) -> None:
    """Run the pairs in this process and its workers, and say the share that is done, and at last what was found."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(YIELDING)
    jobs = cores() if hasattr(os, "nice") else max(1, cores() - 1)
    try:
        found = compare(
            scenarios, replicates=pairs, seed=seed, jobs=jobs, progress=lambda done, total: mouth.send(done / total)
        )
        mouth.send(found_by(found) if found.study.complete else str(found.study.shortfall))
    except BrokenPipeError:
        return
    except Exception as fault:
        mouth.send(f"{type(fault).__name__}: {fault}")


def found_by(comparison: Comparison) -> Found:
    """Return what is shown of a comparison of two scenarios."""
    from cosim.report.page import report

    rows = comparison.outcomes.set_index("outcome")
    effects = {name: {key: float(rows.loc[name, key]) for key in FIELDS} for name in headline() if name in rows.index}
    months, bands = bands_of(comparison, list(effects))
    reports = {code: report(comparison, {}, language(code)) for code in CODES}
    return Found(len(comparison.study.complete), effects, months, bands, reports)


def bands_of(comparison: Comparison, outcomes: Sequence[str]) -> tuple[list[int], dict[str, np.ndarray]]:
    """Return the months from 1 on, and for each outcome `BAND` of what differs in each of them over the pairs."""
    table = comparison.months
    table = table[table["month"] >= 0]
    bands, months = dict[str, np.ndarray](), list[int]()
    for outcome in outcomes:
        if outcome not in table:
            continue
        first, other = (
            table[table["scenario"] == label].pivot(index="month", columns="replicate", values=outcome)
            for label in comparison.labels
        )
        apart = (other - first)[comparison.study.complete]
        months = [int(month) + 1 for month in apart.index]
        bands[outcome] = quantiles(apart.to_numpy(), BAND).astype(np.float32)
    return months, bands
