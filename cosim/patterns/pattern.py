"""Patterns: what was observed somewhere, how to look for it in the model, and what counts as found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from shlex import quote
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from cosim.community import Community
from cosim.scenario.schema import Scenario
from cosim.scenario.toml_text import write_value
from cosim.statistics import CONFIDENCE
from cosim.study import Failure

Kind = Literal["calibration", "verification", "validation"]
"""Used to choose parameters; does the code do what the form says; held against evidence, never tuned to."""
Verdict = Literal["pass", "fail", "undecided"]

FEWEST = 5
"""Replicates below which there is no verdict."""

Readings = Mapping[str, pd.DataFrame]
"""What was read: for each arm a table with a row per replicate, the same replicates in every arm."""


@dataclass(frozen=True)
class Arm:
    """A world in which a pattern is looked for: a shipped scenario with settings of its own."""

    scenario: str = "single_centre"
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Criterion:
    """One thing that must hold: `value` of each replicate lies, on average, within [low, high].

    `value` takes the readings and returns one number per replicate; where it returns booleans, what is asked for is
    the share of replicates in which they are true.
    """

    name: str
    value: Callable[[Readings], Sequence[Any] | np.ndarray | pd.Series]
    low: float = -np.inf
    high: float = np.inf
    unit: str = ""

    @property
    def bounds(self) -> str:
        """The criterion in words: `.60 to .75`, `at least 0`."""
        if np.isinf(self.high):
            return f"at least {self.low:g}"
        return f"at most {self.high:g}" if np.isinf(self.low) else f"{self.low:g} to {self.high:g}"


def anywhere(scenario: Scenario) -> str:
    """Say that a pattern makes sense in every scenario."""
    return ""


@dataclass(frozen=True)
class Pattern:
    """A pattern as a small experiment.

    `observed`, `source` and `mark` (R read in the source, D derived from it, B background knowledge) say what is known;
    `read` lets one community live to its end and returns named numbers (they may be NaN where nothing happened).
    A pattern passes if all its criteria do, and fails if one does. `senseless` returns why it makes no sense in an
    arm's scenario, or nothing.
    """

    id: str
    kind: Kind
    title: str
    title_zh: str
    observed: str
    source: str
    mark: str
    arms: Mapping[str, Arm]
    read: Callable[[Community], Mapping[str, float]]
    criteria: tuple[Criterion, ...]
    replicates: int = 20
    senseless: Callable[[Scenario], str] = anywhere
    file: str = ""
    """Where it is written, if that is no file of the catalogue; filled in by whoever reads it."""


@dataclass(frozen=True)
class Finding:
    """What became of a criterion: mean over n replicates, its 95 % interval, and the verdict."""

    criterion: Criterion
    values: np.ndarray
    """One number per replicate in which there was something to read."""
    value: float
    low: float
    high: float
    verdict: Verdict

    @property
    def n(self) -> int:
        """Number of replicates in which there was something to read."""
        return int(self.values.size)


def judge(criterion: Criterion, readings: Readings) -> Finding:
    """Hold the readings to a criterion.

    Pass if the whole 95 % interval lies within the bounds, fail if all of it lies outside, else undecided; undecided
    with fewer than `FEWEST` replicates, too. The interval is Student's t of a mean, and exact (Clopper and Pearson) of
    a share.
    """
    found = np.asarray(criterion.value(readings))
    is_share = found.dtype == np.bool_
    values = found.astype(np.float64)
    values = values[~np.isnan(values)]
    if not values.size:
        return Finding(criterion, values, np.nan, np.nan, np.nan, "undecided")
    value = float(values.mean())
    low, high = _share_interval(values) if is_share else _mean_interval(values)
    verdict: Verdict = "undecided"
    if values.size >= FEWEST:
        if criterion.low <= low and high <= criterion.high:
            verdict = "pass"
        elif high < criterion.low or criterion.high < low:
            verdict = "fail"
    return Finding(criterion, values, value, low, high, verdict)


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a pattern from those on its criteria."""
    if "fail" in verdicts:
        return "fail"
    return "pass" if all(verdict == "pass" for verdict in verdicts) else "undecided"


@dataclass(frozen=True)
class Answer:
    """What became of a pattern: a finding for each criterion, and the runs that failed."""

    pattern: Pattern
    findings: tuple[Finding, ...]
    replicates: int
    seed: int
    settings: Mapping[str, Any]
    failures: tuple[Failure, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Pass, fail or undecided."""
        return together([finding.verdict for finding in self.findings])

    @property
    def command(self) -> str:
        """The command that finds the same again."""
        asked = self.pattern.file or self.pattern.id
        changed = "".join(f" --set {quote(f'{key}={write_value(value)}')}" for key, value in self.settings.items())
        return f"cosim patterns {asked} --replicates {self.replicates} --seed {self.seed}{changed}"


def _mean_interval(values: np.ndarray) -> tuple[float, float]:
    if values.size < 2:
        return float("nan"), float("nan")
    half = stats.t.ppf(0.5 + 0.5 * CONFIDENCE, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return float(values.mean() - half), float(values.mean() + half)


def _share_interval(values: np.ndarray) -> tuple[float, float]:
    interval = stats.binomtest(int(values.sum()), int(values.size)).proportion_ci(CONFIDENCE)
    return float(interval.low), float(interval.high)
