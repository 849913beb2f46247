"""Patterns: what was observed somewhere, how to look for it in the model, and what counts as found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from shlex import quote
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from cosim.community import Community
from cosim.language import told
from cosim.scenario.schema import Scenario
from cosim.scenario.toml_text import write_value
from cosim.statistics import CONFIDENCE, paired_difference
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

    `value` takes the readings and returns one number per replicate, NaN where there was nothing to read; where it
    returns booleans, what is asked for is the share of replicates in which they are true. Beware: a comparison with NaN
    is false. `(x > 0.3).where(x.notna())` leaves such replicates out. Raises ValueError for bounds that nothing, or
    everything, lies within.
    """

    name: str
    value: Callable[[Readings], Sequence[Any] | np.ndarray | pd.Series]
    low: float = -np.inf
    high: float = np.inf
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"criterion '{self.name}': low ({self.low:g}) must not be above high ({self.high:g})")
        if self.low == -np.inf and self.high == np.inf:
            raise ValueError(f"criterion '{self.name}' needs a bound, low or high: as it is, everything meets it")
        if not callable(self.value):
            raise ValueError(f"criterion '{self.name}': value must be a function of the readings")

    @property
    def bounds(self) -> str:
        """The criterion in words: `.60 to .75`, `at least 0`."""
        low, high = (f"{bound:g}".replace("-", "−") for bound in (self.low, self.high))
        if np.isinf(self.high):
            return told("at least {bound}", bound=low)
        if np.isinf(self.low):
            return told("at most {bound}", bound=high)
        return told("{low} to {high}", low=low, high=high)


def anywhere(scenario: Scenario) -> str:
    """Say that a pattern makes sense in every scenario."""
    return ""


@dataclass(frozen=True)
class Pattern:
    """A pattern as a small experiment.

    `observed`, `source` and `mark` (R read in the source, D derived from it, B background knowledge) say what is known;
    `read` lets one community live to its end and returns named numbers (they may be NaN where nothing happened).
    A pattern passes if all its criteria do, and fails if one does. `senseless` returns why it makes no sense in an
    arm's scenario, or nothing. Raises ValueError for a kind that is none, and for what is missing.
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

    def __post_init__(self) -> None:
        for wrong, message in (
            (not isinstance(self.id, str) or not self.id, "id must be a word"),
            (self.kind not in get_args(Kind), f"kind must be one of {', '.join(get_args(Kind))}, not '{self.kind}'"),
            (not _all_are(Arm, self.arms, Mapping), "arms must map names to Arm(…), one at least"),
            (not _all_are(Criterion, self.criteria, tuple), "criteria must be a tuple of Criterion(…), one at least"),
            (not callable(self.read), "read must be a function of a community"),
            (not isinstance(self.replicates, int) or self.replicates < 1, "replicates must be 1 or more"),
        ):
            if wrong:
                raise ValueError(f"pattern '{self.id}': {message}")


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
    share: bool = False
    """Whether it is a share of replicates."""
    missing: int = 0
    """Number of replicates in which there was nothing to read."""
    error: str = ""
    """What went wrong if the criterion could not be worked out."""

    @property
    def n(self) -> int:
        """Number of replicates in which there was something to read."""
        return int(self.values.size)


class Unreadable(ValueError):  # noqa: N818 (reads as what it is)
    """What a pattern's function returned are not the numbers that are needed."""


def judge(criterion: Criterion, readings: Readings) -> Finding:
    """Hold the readings to a criterion.

    Pass if the whole 95 % interval lies within the bounds, fail if all of it lies outside, else undecided; undecided
    with fewer than `FEWEST` replicates, too. The interval is Student's t of a mean, and exact (Clopper and Pearson) of
    a share. Replicates in which there was nothing to read (NaN) are left out. Raises Unreadable if there is not one
    number, or boolean, per replicate; and whatever the criterion's own function raises.
    """
    expected = len(next(iter(readings.values())))
    given = criterion.value(readings)
    found = list(given) if np.ndim(given) == 1 else None
    if found is None or len(found) != expected:
        got = "what is no row of numbers" if found is None else f"{len(found)} numbers"
        raise Unreadable(f"value must return one number per replicate, {expected} here, and returned {got}")
    known = [value for value in found if not _is_missing(value)]
    is_share = bool(known) and all(isinstance(value, bool | np.bool_) for value in known)
    values = np.array([_as_number(value) for value in known])
    missing = expected - values.size
    if not values.size:
        return nothing_found(criterion, missing=missing)
    if is_share:
        low, high = map(float, share_interval(values.sum(), values.size))
    else:
        mean = paired_difference(np.zeros(values.size), values)
        low, high = mean.low, mean.high
    verdict = _verdict(criterion, low, high) if values.size >= FEWEST else "undecided"
    return Finding(criterion, values, float(values.mean()), low, high, verdict, is_share, missing)


def nothing_found(criterion: Criterion, error: str = "", missing: int = 0) -> Finding:
    """Return a finding without a number in it."""
    return Finding(criterion, np.array([]), np.nan, np.nan, np.nan, "undecided", missing=missing, error=error)


def _verdict(criterion: Criterion, low: float, high: float) -> Verdict:
    if criterion.low <= low and high <= criterion.high:
        return "pass"
    return "fail" if high < criterion.low or criterion.high < low else "undecided"


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a pattern from those on its criteria; undecided if there is none."""
    if "fail" in verdicts:
        return "fail"
    return "pass" if verdicts and all(verdict == "pass" for verdict in verdicts) else "undecided"


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
    def failed(self) -> int:
        """How many replicates have a run that failed."""
        return len({failure.replicate for failure in self.failures})

    @property
    def command(self) -> str:
        """The command that finds the same again."""
        return command_for([self])


def command_for(answers: Sequence[Answer]) -> str:
    """Return the command that finds the same again; the answers share replicates, seed and settings."""
    first = answers[0]
    asked = dict.fromkeys(quote(answer.pattern.file or answer.pattern.id) for answer in answers)
    changed = "".join(f" --set {quote(f'{key}={write_value(value)}')}" for key, value in first.settings.items())
    return f"cosim patterns {' '.join(asked)} --replicates {first.replicates} --seed {first.seed}{changed}"


def _all_are(what: type, given: Any, kind: type) -> bool:
    """Whether it is a filled tuple, or mapping, of these."""
    if not isinstance(given, kind) or not given:
        return False
    parts: Any = given.values() if isinstance(given, Mapping) else given
    return all(isinstance(part, what) for part in parts)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float | np.floating) and bool(np.isnan(value)))


def _as_number(value: Any) -> float:
    """Return a finite number. Raises Unreadable for anything else."""
    number = float(value) if isinstance(value, bool | np.bool_ | Real) else np.inf
    if not np.isfinite(number):
        raise Unreadable(f"value must return numbers or booleans, NaN where there is nothing to read, not {value!r}")
    return number


def share_interval(count: Any, of: Any) -> tuple[Any, Any]:
    """Return the exact 95 % interval (Clopper and Pearson) of a share; of many, if arrays are given."""
    tail = 0.5 - 0.5 * CONFIDENCE
    low = np.where(np.greater(count, 0), stats.beta.ppf(tail, count, of - count + 1), 0.0)
    high = np.where(np.less(count, of), stats.beta.ppf(1 - tail, count + 1, of - count), 1.0)
    return low[()], high[()]
