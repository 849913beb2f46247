"""Statistics of arms whose replicates are pairs: same people, same history, same luck.

docs/statistics.md has the formulas, their sources and how often the intervals cover. SciPy's and statsmodels' tests are
imported where they are used: a run without a comparison need not wait for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

SIGNIFICANCE = 0.05
CONFIDENCE = 1 - SIGNIFICANCE
SHARES = (0.05, 0.5, 0.95)
"""Quantiles by which an arm is described."""

RESAMPLES = 4999
"""Bootstrap resamples: the 2.5th percentile of so many is the 125th from below, with nothing to interpolate."""
COURSES = 399
"""Bootstrap resamples of whole courses, whose months come in whole numbers and need fewer."""
BOOTSTRAP_PAIRS = 8
"""Fewest pairs for a bootstrap interval; with fewer, resamples repeat each other."""
BOOTSTRAP_SEED = 20180301
"""All bootstrap intervals draw the same resamples, so that a comparison gives the same ones each time."""

ROUNDING = 256 * np.finfo(np.float64).eps
"""Differences that vary by less than this share of the largest value vary by rounding alone."""

YEAR = 12
"""Months at the end of a course that make up its final level."""


@dataclass(frozen=True)
class PairedDifference:
    """What two arms' paired values say about the difference b - a.

    `n` counts the pairs in which both values are known; all else is taken over these, and NaN without any. Means,
    difference and interval have the unit of the values. With fewer than two pairs `low`, `high`, `effect_size`,
    `variance_removed` and `p` are NaN.
    """

    n: int
    mean_a: float
    mean_b: float
    difference: float
    low: float
    """Lower end of the t interval of the mean difference; both ends are the difference where it never varies."""
    high: float
    effect_size: float
    """Difference in standard deviations of an arm (d_av), without the bias of few pairs; NaN with two pairs, or where
    arms that never vary differ."""
    superiority: float
    """Share of pairs in which b is larger than a, ties counted half: 0 to 1."""
    variance_removed: float
    """Share of the difference's variance that pairing took away, 1 - Var(b - a) / (Var(a) + Var(b)): 1 if all of it,
    negative if pairing added some, NaN if neither arm varies."""
    p: float
    """Two-sided p-value of the paired t test: 1 if no pair differs, 0 if all differ by the same."""

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval exists and lies wholly on one side of zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class HalfTime:
    """Month from which on half of the final effect is there, with the ends of its 95 % interval, in months."""

    months: float
    low: float
    high: float


def paired_difference(a: ArrayLike, b: ArrayLike, confidence: float = CONFIDENCE) -> PairedDifference:
    """Compare arm b with arm a, pair by pair.

    `a` and `b` hold one value per replicate, in the same order. A pair with a NaN is left out.
    Raises ValueError if the arms differ in length.
    """
    first, second = _pairs(a, b, dimensions=1)
    found = _fields(first[None, :], second[None, :], confidence)
    return PairedDifference(**{name: values[0].item() for name, values in found.items()})


def paired_differences(a: ArrayLike, b: ArrayLike, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Return a row for each row of `a` and `b` (outcomes by replicates), with the fields of `PairedDifference`.

    Raises ValueError if the arms differ in shape.
    """
    return pd.DataFrame(_fields(*_pairs(a, b, dimensions=2), confidence))


def quantiles(values: ArrayLike, shares: tuple[float, ...] = SHARES) -> Values:
    """Return quantiles of the known values along the last axis, on a new first axis; NaN where none is known."""
    known = np.asarray(values, dtype=np.float64)
    found = np.full((len(shares), *known.shape[:-1]), np.nan)
    some = ~np.isnan(known).all(axis=-1)
    found[:, some] = np.nanquantile(known[some], shares, axis=-1)
    return found


def bootstrap_intervals(a: ArrayLike, b: ArrayLike) -> tuple[Values, Values]:
    """Return the ends of a 95 % bootstrap-t interval of the mean difference, for each row of `a` and `b`.

    It bends with skewed differences, where the t interval stays symmetric. NaN with fewer than `BOOTSTRAP_PAIRS` pairs,
    and where more than 2.5 % of the resamples do not vary. Raises ValueError if the arms differ in shape.
    """
    first, second = _pairs(a, b, dimensions=2)
    low, high = np.full((2, len(first)), np.nan)
    for rows, x, y in _by_number_of_pairs(first, second):
        if x.shape[1] >= BOOTSTRAP_PAIRS:
            low[rows], high[rows] = _bootstrap_t(_differences(x, y))
    return low, high


def holm(p: ArrayLike) -> Values:
    """Return p-values adjusted by Holm's method over all of them that are known; NaN stays NaN.

    Rejecting where these are below 5 % has a chance of at most 5 % to reject any hypothesis of the family that is true.
    """
    from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

    values = np.asarray(p, dtype=np.float64)
    adjusted = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    if known.any():
        adjusted[known] = multipletests(values[known], method="holm")[1]
    return adjusted


def simultaneous_intervals(low: ArrayLike, high: ArrayLike, n: ArrayLike) -> tuple[Values, Values]:
    """Return intervals that all cover at once with 95 %, from t intervals that cover at 95 % each (Bonferroni).

    `low`, `high` and `n` belong to one family; members without an interval do not count. Both this and `holm` are
    needed: Holm's test finds more, but has no intervals of its own that say how large the differences are; these do,
    but are wider. A difference may thus be clear by Holm while its interval here covers zero, never the reverse.
    """
    from scipy.special import stdtrit

    ends = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    known = ~np.isnan(ends[0])
    middle, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
    wider = np.full(middle.shape, np.nan)
    freedom = np.asarray(n)[known] - 1
    tail = SIGNIFICANCE / 2
    wider[known] = half[known] * stdtrit(freedom, 1 - tail / max(int(known.sum()), 1)) / stdtrit(freedom, 1 - tail)
    return middle - wider, middle + wider


def months_to_half(course_a: ArrayLike, course_b: ArrayLike, window: int = 1) -> HalfTime:
    """Return from which month on the mean difference stays beyond half of its final level, counted from 0.

    `course_a` and `course_b` hold a value per month from month 0 on (rows) and replicate (columns). The final level is
    the mean of the last 12 months; months without a value do not count. `window` is over how many months up to each the
    mean difference is averaged first: 1 for what stands, 12 for what flows; after a step it comes half a window late.
    NaN where the final difference's 95 % t interval covers zero, and where the last month still falls short of half.
    The interval is that of the percentiles over resampled replicates; NaN with fewer than `BOOTSTRAP_PAIRS` of them, an
    end also where the course of a resample at that end has no such month.

    Raises ValueError if the courses differ in shape, or for a window below 1.
    """
    first, second = _pairs(course_a, course_b, dimensions=2)
    if window < 1:
        raise ValueError(f"a window is 1 month or more, not {window}")
    final_a, final_b = _mean(first[-YEAR:]), _mean(second[-YEAR:])
    if not paired_difference(final_a, final_b).excludes_zero:
        return HalfTime(np.nan, np.nan, np.nan)
    courses = second - first
    months = _half_of(courses, np.ones((1, courses.shape[1])), window)[0]
    if (~np.isnan(final_b - final_a)).sum() < BOOTSTRAP_PAIRS:
        return HalfTime(float(months), np.nan, np.nan)
    resampled = np.sort(_half_of(courses, _resamples(courses.shape[1])[:COURSES], window))
    last = _rank(COURSES)
    return HalfTime(float(months), float(resampled[last]), float(resampled[-1 - last]))


def _pairs(a: ArrayLike, b: ArrayLike, dimensions: int) -> tuple[Values, Values]:
    """Return both arms as arrays; ValueError if they are not pairs."""
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.ndim != dimensions:
        raise ValueError(f"the arms are not pairs: {first.shape} values against {second.shape}")
    return first, second


def _by_number_of_pairs(a: Values, b: Values) -> Iterator[tuple[NDArray[np.intp], Values, Values]]:
    """Yield the rows with equally many known pairs, and these pairs alone; rows without any are left out."""
    known = ~(np.isnan(a) | np.isnan(b))
    counts = known.sum(axis=1)
    for n in np.unique(counts[counts > 0]):
        rows = np.flatnonzero(counts == n)
        mine = known[rows]
        yield rows, a[rows][mine].reshape(-1, n), b[rows][mine].reshape(-1, n)


def _differences(a: Values, b: Values) -> Values:
    """Return b - a; where a row's differences vary by rounding alone, they are made one and the same."""
    differences = b - a
    rounding = ROUNDING * np.maximum(np.abs(a), np.abs(b)).max(axis=1)
    mean = differences.mean(axis=1)
    constant = np.where(np.abs(mean) <= rounding, 0.0, mean)
    return np.where((np.ptp(differences, axis=1) <= rounding)[:, None], constant[:, None], differences)


def _fields(a: Values, b: Values, confidence: float) -> dict[str, NDArray[Any]]:
    """Return the fields of `PairedDifference` for every row."""
    found: dict[str, NDArray[Any]] = {name: np.full(len(a), np.nan) for name in PairedDifference.__dataclass_fields__}
    found["n"] = np.zeros(len(a), dtype=np.int64)
    for rows, first, second in _by_number_of_pairs(a, b):
        found["n"][rows] = first.shape[1]
        for name, values in _of_known_pairs(first, second, confidence).items():
            found[name][rows] = values
    return found


def _of_known_pairs(a: Values, b: Values, confidence: float) -> dict[str, Values]:
    """Return what rows of equally many known pairs say, by field; what one pair does not say is left out."""
    differences = _differences(a, b)
    found = {
        "mean_a": a.mean(axis=1),
        "mean_b": b.mean(axis=1),
        "difference": differences[:, 0].copy(),
        "superiority": ((b > a) + 0.5 * (b == a)).mean(axis=1),
    }
    if a.shape[1] < 2:
        return found
    from scipy import stats

    varies = np.ptp(differences, axis=1) > 0
    found["difference"][varies] = differences[varies].mean(axis=1)
    low, high = found["difference"].copy(), found["difference"].copy()
    p = np.where(found["difference"] == 0, 1.0, 0.0)
    if varies.any():
        tested = stats.ttest_rel(b[varies], a[varies], axis=1)
        interval = tested.confidence_interval(confidence)
        low[varies], high[varies], p[varies] = interval.low, interval.high, tested.pvalue
    return found | {"low": low, "high": high, "p": p} | _against_spread(a, b, found["difference"])


def _against_spread(a: Values, b: Values, difference: Values) -> dict[str, Values]:
    """Return the effect size and the share of variance that pairing removed."""
    from scipy.special import poch

    n = a.shape[1]
    x, y = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    for arm, values in ((x, a), (y, b)):
        arm[np.ptp(values, axis=1) <= ROUNDING * np.abs(values).max(axis=1)] = 0.0
    var_a, var_b, shared = ((one * other).sum(axis=1) / (n - 1) for one, other in ((x, x), (y, y), (x, y)))
    total = var_a + var_b
    varies = total > 0
    removed = np.full(len(a), np.nan)
    removed[varies] = 2 * shared[varies] / total[varies]
    size = np.where(difference == 0, 0.0, np.nan)
    # The mean of two correlated variances has fewer degrees of freedom than 2 (n - 1) (Satterthwaite).
    squares = var_a[varies] ** 2 + var_b[varies] ** 2 + 2 * shared[varies] ** 2
    freedom = (n - 1) * total[varies] ** 2 / squares
    if n > 2:
        # Hedges' factor, gamma(f / 2) / (sqrt(f / 2) gamma((f - 1) / 2)).
        unbiased = poch((freedom - 1) / 2, 0.5) / np.sqrt(freedom / 2)
        size[varies] = unbiased * difference[varies] / np.sqrt(total[varies] / 2)
    return {"effect_size": size, "variance_removed": removed}


def _bootstrap_t(differences: Values) -> tuple[Values, Values]:
    """Return both ends of the studentised bootstrap interval of each row's mean."""
    n = differences.shape[1]
    mean = differences.mean(axis=1)
    low, high = mean.copy(), mean.copy()
    varies = np.ptp(differences, axis=1) > 0
    spread = differences[varies].std(axis=1)
    scaled = (differences[varies] - mean[varies, None]) / spread[:, None]
    weights = _resamples(n) / n
    centres = _weighted(scaled, weights)
    variances = _weighted(scaled**2, weights) - centres**2
    # A resample that does not vary lies infinitely many of its standard errors away.
    still = variances <= ROUNDING * n
    ratios = np.where(still, np.where(np.abs(centres) <= ROUNDING * n, 0.0, np.copysign(np.inf, centres)), centres)
    ratios = np.sort(ratios / np.sqrt(np.where(still, 1.0, variances)), axis=1)
    last = _rank(RESAMPLES)
    upper, lower = ratios[:, -1 - last], ratios[:, last]
    defined = np.isfinite(upper) & np.isfinite(lower)
    low[varies] = np.where(defined, mean[varies] - np.where(defined, upper, 0.0) * spread, np.nan)
    high[varies] = np.where(defined, mean[varies] - np.where(defined, lower, 0.0) * spread, np.nan)
    return low, high


def _weighted(values: Values, weights: Values) -> Values:
    """Return each row's sum under each weighting; a library's threads would cost more than they save."""
    return np.einsum("rp,wp->rw", values, weights)


@cache
def _resamples(n: int) -> Values:
    """Return how often each of n pairs is drawn, in every resample."""
    return np.random.default_rng((BOOTSTRAP_SEED, n)).multinomial(n, np.full(n, 1 / n), RESAMPLES).astype(np.float64)


def _rank(resamples: int) -> int:
    """Return the place, from 0, of the value below which 2.5 % of so many sorted resamples lie."""
    return round((resamples + 1) * SIGNIFICANCE / 2) - 1


def _mean(values: Values) -> Values:
    """Return the mean of each column's known values; NaN where there is none."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    sums = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


def _half_of(courses: Values, weights: Values, window: int) -> Values:
    """Return the month from which on each weighting's mean course stays beyond half of its end; NaN if it has none."""
    known = ~np.isnan(courses)
    sums = _weighted(np.where(known, courses, 0.0), weights)
    counts = _weighted(known.astype(np.float64), weights)
    with np.errstate(invalid="ignore"):  # a month that no replicate drawn has a value for has no mean
        mean = sums / counts
    final = _mean(mean[-YEAR:])
    smooth = _rolling_mean(mean, window) * np.sign(final)
    end = len(courses)
    short = smooth < np.abs(final) / 2
    after = np.where(short.any(axis=0), end - short[::-1].argmax(axis=0), 0)
    reached = (np.arange(end)[:, None] >= after) & ~np.isnan(smooth)
    return np.where(reached.any(axis=0) & (final != 0.0), reached.argmax(axis=0), np.nan)


def _rolling_mean(values: Values, window: int) -> Values:
    """Return the mean of the known values in the `window` rows up to each, fewer at the start."""
    if window == 1:
        return values
    known = ~np.isnan(values)
    totals = np.cumsum(np.where(known, values, 0.0), axis=0)
    counts = np.cumsum(known, axis=0)
    totals[window:], counts[window:] = totals[window:] - totals[:-window], counts[window:] - counts[:-window]
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.nan)
