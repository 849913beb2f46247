"""A study's runs as tables of points by replicates, and the two-way layout that tells what is luck in them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.outcomes.measures import CATEGORY_MEASURES, GROUPS, is_measure
from cosim.scenario.errors import Refusal, ScenarioError
from cosim.statistics import ROUNDING
from cosim.study.experiment import UNIT

Values = NDArray[np.float64]

SINGULAR = 1e-9
"""Eigenvalues below this share of the largest are none: what is the same for all replicates cannot be told."""


class Target(NamedTuple):
    """What is explained: a scenario's outcome, or what it has more of than another, pair by pair."""

    scenario: str
    against: str
    """The scenario that is subtracted; empty if none is."""


class Layout(NamedTuple):
    """What a two-way layout of points and replicates says."""

    means: Values
    """Mean of each point, as if every replicate had been finished there."""
    noise: float
    """Share of the variance between these means that luck accounts for, 0 to 1; NaN if that cannot be told."""


def targets(labels: Sequence[str]) -> list[Target]:
    """Return every scenario alone and, where there are others, each of them against the first."""
    return [Target(label, "") for label in labels] + effects(labels)


def effects(labels: Sequence[str]) -> list[Target]:
    """Return every other scenario against the first."""
    return [Target(label, labels[0]) for label in labels[1:]]


def factors_of(points: pd.DataFrame) -> list[str]:
    """Return the dotted keys of a design's factors."""
    return [name for name in points if name != "point" and not name.startswith(UNIT)]


def check_outcomes(runs: pd.DataFrame, outcomes: Sequence[str]) -> None:
    """Raise ScenarioError unless every outcome is one that the study recorded."""
    known = [name for name in runs if is_outcome(name)]
    unknown = [outcome for outcome in outcomes if outcome not in known]
    if unknown:
        raise ScenarioError(Refusal.unknown("outcomes", outcome, known).problem() for outcome in unknown)


def is_outcome(name: str) -> bool:
    """Whether a column holds a measure of the compound, of a group (trust_firm.migrant) or category (wait.heating)."""
    measure, _, part = name.partition(".")
    return is_measure(measure) if not part or part in GROUPS else measure in CATEGORY_MEASURES


def cells(runs: pd.DataFrame, points: pd.DataFrame, scenario: str, outcome: str) -> pd.DataFrame:
    """Return an outcome by point (rows, in the order of the design) and replicate; NaN where no run is finished."""
    done = runs[(runs["status"] == "done") & (runs["scenario"] == scenario)]
    wide = done.pivot(index="point", columns="replicate", values=outcome)
    replicates = sorted(runs["replicate"].unique())
    return wide.reindex(index=points["point"], columns=replicates).astype(np.float64)


def values_of(runs: pd.DataFrame, points: pd.DataFrame, target: Target, outcome: str) -> Values:
    """Return a target's values, points by replicates; a difference is known where both of its runs are finished."""
    values = cells(runs, points, target.scenario, outcome)
    if target.against:
        values = values - cells(runs, points, target.against, outcome)
    return np.asarray(values)


def two_way(values: Values) -> Layout:
    """Fit value = point + replicate + rest by least squares to the values that are known, at least one in every row.

    Replicates have the same luck at every point (common random numbers). What a replicate adds everywhere therefore
    moves no point against another: it is taken out, and only the rest, the interaction of point and replicate, is
    noise in the means. With a value in every cell the means are the plain means, s² is the mean square of the
    interaction and the noise is (s² / replicates) / Var(means). With cells missing, means are adjusted for which
    replicates are there, and noise is s² tr(M C) / (points - 1) / Var(means), C being the means' covariance in units
    of s² and M what subtracts the mean: the part of Var(means) that would be there if all points were alike.
    Above 1, by chance, it is 1. NaN without two replicates somewhere, or where the means do not vary.
    """
    known = ~np.isnan(values)
    filled, weights = np.where(known, values, 0.0), known.astype(np.float64)
    shares = weights / weights.sum(axis=1, keepdims=True)
    plain = (shares * filled).sum(axis=1)
    normal = np.diag(weights.sum(axis=0)) - weights.T @ shares
    sizes, directions = np.linalg.eigh(normal)
    told = sizes > SINGULAR * max(float(np.max(sizes)), 1.0)
    inverse = directions[:, told] / sizes[told] @ directions[:, told].T
    replicates = inverse @ (filled.sum(axis=0) - weights.T @ plain)
    means = plain - shares @ replicates
    freedom = int(known.sum()) - len(values) - int(told.sum())
    if freedom < 1 or len(values) < 2 or not varies(means):
        return Layout(means, np.nan)
    rest = np.where(known, values - means[:, None] - replicates, 0.0)
    centred = shares - shares.mean(axis=0)
    trace = (1 / weights.sum(axis=1)).sum() * (1 - 1 / len(values)) + np.trace(inverse @ centred.T @ centred)
    luck = (rest**2).sum() / freedom * trace / (len(values) - 1)
    return Layout(means, float(min(luck / means.var(ddof=1), 1.0)))


def varies(values: Values) -> bool:
    """Whether values differ by more than rounding."""
    return bool(np.ptp(values) > ROUNDING * np.abs(values).max())
