"""Sensitivity indices: how much each factor of a design moves an outcome, after Morris and after Sobol."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.language import told
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study.experiment import LEVELS, UNIT
from cosim.study.sensitivity.cells import (
    Target,
    Values,
    check_outcomes,
    factors_of,
    targets,
    two_way,
    values_of,
    varies,
)

METHODS = {"morris": ("mu_star", 1, told("trajectories")), "sobol": ("ST", 2, told("blocks of the base sample"))}
"""Designs that have indices: the index that ranks, points of a block beyond the factors, what a block is."""
COLUMNS = {"morris": ("mu", "mu_star", "mu_star_conf", "sigma"), "sobol": ("S1", "S1_conf", "ST", "ST_conf")}
FEWEST = 2
"""Blocks without which there is no index."""
RESAMPLES = 400
"""Resamples of blocks behind the confidence intervals."""
SEED = 1
"""Seed of the resamples, fixed so that a study gives the same intervals each time."""


class Design(NamedTuple):
    """A design of blocks: the points as drawn, in [0, 1], and which factors have no distances between their values."""

    method: str
    levels: int
    keys: list[str]
    unit: Values
    switches: NDArray[np.bool_]
    size: int
    """Points in a block."""


def indices(
    runs: pd.DataFrame,
    points: pd.DataFrame,
    outcomes: Sequence[str],
    *,
    labels: Sequence[str],
    method: str,
    levels: int | None = None,
) -> pd.DataFrame:
    """Return a row for each target, outcome and factor, in this order.

    Targets are every scenario alone (`against` empty) and each other scenario against the first, paired by replicate.
    `runs` and `points` are a study's runs and design; `levels` those of a Morris design, if it names them. Analysed
    are the means over replicates (`two_way`), over the unit cube from which the design was drawn.

    Columns beside `scenario`, `against`, `outcome` and `factor`: `rank` (1 moves the outcome most).
    Morris (1991), Campolongo et al. (2007): `mu`, `mu_star` and `sigma` are mean, mean size and standard deviation of
    the factor's elementary effects in the outcome's unit, a step's effect scaled up to the whole range; of a factor
    with two values, or without numbers, the effect of switching. `mu_star_conf` is half of a 95 % interval.
    Sobol, estimated after Saltelli et al. (2010): `S1` and `ST`, shares of the variance, with halves of 95 % intervals.
    `luck` is the `mu_star` that luck alone would give, or the part of `ST` that is luck; `noise` the share of the
    variance between the points' means that is (one number per target and outcome). `used` and `dropped` count
    trajectories (Morris) or blocks of the base sample (Sobol): one in which a point has no value is dropped. Fewer than
    two left, or means that do not vary (Sobol), give NaN. `replicates` is how many the point with fewest has.

    Raises ScenarioError for another design, an unknown outcome, or if no target has two blocks left.
    """
    check_outcomes(runs, outcomes)
    points = points.sort_values("point")
    design = _design(points, method, levels or LEVELS)
    found = [_rows(runs, points, design, target, outcome) for target in targets(labels) for outcome in outcomes]
    if all((rows["used"] < FEWEST).all() for rows in found):
        what = METHODS[method][2]
        most = max(int(rows["used"].max()) for rows in found)
        message = told(
            "{what} finished at every point: {most}; indices need at least {fewest}",
            what=what,
            most=most,
            fewest=FEWEST,
        )
        hint = told("run the study again to make what is missing, with --retry-failed for runs that failed")
        raise ScenarioError([Problem(key="design.method", message=message, hint=hint)])
    return pd.concat(found, ignore_index=True)


def _design(points: pd.DataFrame, method: str, levels: int) -> Design:
    """Return the design, or raise ScenarioError if it is none that has indices."""
    if method not in METHODS:
        message = told("a {method} design has no sensitivity indices", method=method)
        hint = told("where a reform wins or loses can be told from any design")
        raise ScenarioError([Problem(key="design.method", message=message, allowed=", ".join(METHODS), hint=hint)])
    keys = factors_of(points)
    size = len(keys) + METHODS[method][1]
    if not keys or len(points) % size:
        message = told(
            "{points} points are no {method} design of {factors} factors, which has blocks of {size}",
            points=len(points),
            method=method,
            factors=len(keys),
            size=size,
        )
        raise ScenarioError([Problem(key="design", message=message)])
    unit = points[[UNIT + key for key in keys]].to_numpy(dtype=np.float64)
    switches = np.array([not _has_distances(points[key]) for key in keys])
    return Design(method, levels, keys, unit, switches, size)


def _has_distances(values: pd.Series) -> bool:
    """Whether a factor's values are more than two numbers, so that a step may be a part of the way."""
    return bool(pd.api.types.is_numeric_dtype(values) and values.nunique() > 2)


def _rows(runs: pd.DataFrame, points: pd.DataFrame, design: Design, target: Target, outcome: str) -> pd.DataFrame:
    """Return the indices of one target and outcome, a row per factor."""
    values = values_of(runs, points, target, outcome)
    whole = np.all((~np.isnan(values)).any(axis=1).reshape(-1, design.size), axis=1)
    used = int(whole.sum())
    frame = pd.DataFrame({"scenario": target.scenario, "against": target.against, "outcome": outcome,
                          "factor": design.keys})  # fmt: skip
    by = METHODS[design.method][0]
    names = (*COLUMNS[design.method], "luck")
    found: dict[str, Any] = dict.fromkeys(names, np.nan)
    noise, fewest = np.nan, 0
    if used >= FEWEST:
        kept = np.repeat(whole, design.size)
        means, noise = two_way(values[kept])
        fewest = int((~np.isnan(values[kept])).sum(axis=1).min())
        analyse = _morris if design.method == "morris" else _sobol
        found |= analyse(design, design.unit[kept], means, values[kept])
    frame = frame.assign(rank=np.nan, **{name: found[name] for name in names}, noise=noise)
    frame["rank"] = frame[by].rank(ascending=False, method="min").astype("Int64")
    return frame.assign(used=used, dropped=len(whole) - used, replicates=fewest)


def _problem(design: Design) -> dict[str, Any]:
    """Return the factors as SALib wants them."""
    return {"num_vars": len(design.keys), "names": design.keys, "bounds": [[0.0, 1.0]] * len(design.keys)}


def _morris(design: Design, unit: Values, means: Values, values: Values) -> dict[str, Values]:
    """Return mean, mean size and spread of elementary effects."""
    from SALib.analyze import morris

    found = morris.analyze(
        _problem(design), unit, means, num_levels=design.levels, num_resamples=RESAMPLES, conf_level=0.95, seed=SEED
    )
    delta = design.levels / (2 * (design.levels - 1))
    scale = np.where(design.switches, delta, 1.0)
    moved = np.abs(np.diff(_blocks(unit, design), axis=1)).argmax(axis=2)
    steps = _variance_of_mean(np.diff(_blocks(values, design), axis=1))
    luck = np.array([np.sqrt(2 / np.pi * _mean(steps[moved == factor])) for factor in range(len(design.keys))]) / delta
    effects = {name: np.asarray(found[name], dtype=np.float64) for name in COLUMNS["morris"]} | {"luck": luck}
    return {name: effect * scale for name, effect in effects.items()}


def _sobol(design: Design, unit: Values, means: Values, values: Values) -> dict[str, Values]:
    """Return first-order and total indices; nothing where the base sample does not vary."""
    from SALib.analyze import sobol

    base = means.reshape(-1, design.size)[:, [0, -1]]
    if not varies(base):
        return {}
    found = sobol.analyze(
        _problem(design), means, calc_second_order=False, num_resamples=RESAMPLES, conf_level=0.95, seed=SEED
    )
    blocks = _blocks(values, design)
    steps = _variance_of_mean(blocks[:, 1:-1] - blocks[:, :1])
    luck = np.array([_mean(steps[:, factor]) for factor in range(len(design.keys))]) / (2 * base.var())
    shares = {name: np.asarray(found[name], dtype=np.float64) for name in COLUMNS["sobol"]}
    return shares | {"luck": np.minimum(luck, np.maximum(shares["ST"], 0.0))}


def _blocks(values: Values, design: Design) -> Values:
    """Return rows of points as blocks by points of a block by columns."""
    return values.reshape(-1, design.size, values.shape[1])


def _variance_of_mean(values: Values) -> Values:
    """Return the variance of the mean of the known values along the last axis; NaN with fewer than two."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    filled = np.where(known, values, 0.0)
    rest = np.where(known, values - (filled.sum(axis=-1) / np.maximum(count, 1))[..., None], 0.0)
    return np.where(count > 1, (rest**2).sum(axis=-1) / np.maximum(count - 1, 1) / np.maximum(count, 1), np.nan)


def _mean(values: Values) -> float:
    """Return the mean of the known values; NaN if there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan
