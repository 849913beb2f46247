"""The difference between two arms whose replicates are pairs: same people, same history, same luck."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class PairedDifference:
    """What two arms' paired values say about the difference b - a.

    `n` counts the pairs in which both values are known; the means, the difference and the interval
    are taken over these. All have the unit of the values. Fewer than two pairs give no interval:
    `low`, `high` and `narrowed` are NaN then.
    """

    n: int
    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    narrowed: float
    """1 - width of the paired interval / width of Welch's unpaired one; at most 1, negative if
    pairing widened it, NaN if neither arm varies."""

    @property
    def has_interval(self) -> bool:
        """Whether there were enough pairs for an interval."""
        return self.n >= 2

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval exists and lies wholly on one side of zero."""
        return self.low > 0 or self.high < 0


def paired_difference(a: ArrayLike, b: ArrayLike, confidence: float = CONFIDENCE) -> PairedDifference:
    """Compare arm b with arm a, pair by pair, with a t interval for the mean of b - a.

    `a` and `b` hold one value per replicate, in the same order. A pair with a NaN is left out.
    Raises ValueError if the arms differ in length.
    """
    first = np.asarray(a, dtype=np.float64)
    second = np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"the arms are not pairs: {first.shape} values against {second.shape}")
    known = ~(np.isnan(first) | np.isnan(second))
    first, second = first[known], second[known]
    n = len(first)
    if n == 0:
        return PairedDifference(0, *[float("nan")] * 6)
    mean_a, mean_b = float(first.mean()), float(second.mean())
    difference = float((second - first).mean())
    if n == 1:
        return PairedDifference(n, mean_a, mean_b, difference, *[float("nan")] * 3)
    low, high = _paired_interval(first, second, confidence)
    return PairedDifference(
        n, mean_a, mean_b, difference, low, high, _narrowed(high - low, first, second, confidence)
    )


def _paired_interval(a: Values, b: Values, confidence: float) -> tuple[float, float]:
    """Return the t interval of the mean of b - a; of no width if every pair differs by the same."""
    differences = b - a
    rounding = 64 * np.finfo(np.float64).eps * max(np.abs(a).max(), np.abs(b).max())
    if np.ptp(differences) <= rounding:
        return float(differences.mean()), float(differences.mean())
    from scipy import stats  # half a second that a run without a comparison need not pay

    interval = stats.ttest_rel(b, a).confidence_interval(confidence)
    return float(interval.low), float(interval.high)


def _narrowed(width: float, a: Values, b: Values, confidence: float) -> float:
    """Return how much narrower the paired interval is than Welch's, as a share of the latter."""
    if np.ptp(a) == 0 and np.ptp(b) == 0:
        return float("nan")
    from scipy import stats

    with warnings.catch_warnings():
        # One arm that never varies has a variance of exactly zero, which is no loss of precision.
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        unpaired = stats.ttest_ind(b, a, equal_var=False).confidence_interval(confidence)
    return 1.0 - width / float(unpaired.high - unpaired.low)
