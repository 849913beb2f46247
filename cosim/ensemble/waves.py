"""History matching: rule out what an emulator is sure will not meet the calibration patterns, and draw from the rest.

An emulator here is a regression of a pattern's statistic on all parameters, linear in each and quadratic in those where
that says most, with the scatter that it leaves. It is used to save runs, never in place of them: every set that is kept
was run.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from cosim.ensemble.priors import Calibration, Values
from cosim.patterns import Criterion

QUADRATIC = 20
"""Parameters whose square enters the regression, for each statistic."""
TINY = 1e-9
"""Scatter that an emulator has at least: that of a statistic which never varies."""
AT_A_TIME = 4096
"""Points drawn at a time in search of those that are not ruled out."""
MOST = 4_000_000
"""Points drawn at most."""


class Emulator(NamedTuple):
    """A statistic as a function of a point of the unit cube."""

    coefficients: Values
    squared: NDArray[np.int_]
    """Numbers of the parameters whose square is in it."""
    scatter: float
    """Standard deviation of what it leaves, replicates' luck included."""
    explained: float
    """Share of the variance that it explains (adjusted R²); NaN if there is none."""

    def mean(self, unit: Values) -> Values:
        """Return the expected statistic at points of the unit cube."""
        return _terms(unit, self.squared) @ self.coefficients


def fit(unit: Values, statistic: Values) -> Emulator:
    """Return an emulator of a statistic, sets × parameters and sets."""
    linear = _terms(unit, np.array([], np.int_))
    bent = (unit - 0.5) ** 2
    bends = (bent - bent.mean(axis=0)).T @ (statistic - linear @ _solve(linear, statistic))
    squared = np.sort(np.argsort(-np.abs(bends), kind="stable")[:QUADRATIC])
    terms = _terms(unit, squared)
    coefficients = _solve(terms, statistic)
    left = statistic - terms @ coefficients
    variance = float(left @ left) / max(len(statistic) - terms.shape[1], 1)
    total = float(statistic.var(ddof=1))
    explained = 1.0 - variance / total if total > 0.0 else np.nan
    return Emulator(coefficients, squared, max(float(np.sqrt(variance)), TINY), explained)


def _solve(terms: Values, statistic: Values) -> Values:
    """Return the coefficients of least squares."""
    return np.asarray(np.linalg.lstsq(terms, statistic, rcond=None)[0], dtype=np.float64)


def _terms(unit: Values, squared: NDArray[np.int_]) -> Values:
    centred = unit - 0.5
    return np.hstack([np.ones((len(unit), 1)), centred, centred[:, squared] ** 2])


def chance(emulators: Sequence[Emulator], criteria: Sequence[Criterion], unit: Values) -> Values:
    """Return the emulated chance, at each point, that every statistic lies within its bounds."""
    found = np.ones(len(unit))
    for emulator, criterion in zip(emulators, criteria, strict=True):
        mean = emulator.mean(unit)
        found *= norm.cdf((criterion.high - mean) / emulator.scatter) - norm.cdf(
            (criterion.low - mean) / emulator.scatter
        )
    return found


def not_ruled_out(
    said: Calibration, emulators: Sequence[Emulator], criteria: Sequence[Criterion], points: int, wave: int
) -> Values:
    """Return points of the unit cube that the emulators do not rule out.

    They are draws from the priors, without those whose chance to meet all criteria is below `draws.chance`. There may
    be fewer of them than asked for, if hardly any point is left.
    """
    rng = np.random.default_rng((said.draws.seed, wave))
    kept: list[Values] = []
    drawn = 0
    while sum(map(len, kept)) < points and drawn < MOST:
        unit = rng.random((AT_A_TIME, len(said.priors)))
        drawn += AT_A_TIME
        kept.append(unit[chance(emulators, criteria, unit) >= said.draws.chance])
    return np.concatenate(kept)[:points]
