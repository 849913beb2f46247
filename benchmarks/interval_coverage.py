"""How often intervals hold the truth, and families raise a false alarm; how right effect sizes are.

Writes `results/statistics`, which docs/statistics.md shows.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from cosim.statistics import bootstrap_intervals, holm, paired_differences, simultaneous_intervals

RESULTS = Path(__file__).resolve().parent.parent / "results" / "statistics"
SETS, BATCH, SEED = 10_000, 500, 1
PAIRS = (8, 12, 20, 30)
OUTCOMES, FAMILIES, FAMILY_PAIRS = 14, 5_000, 20
SIZE = 0.8
Rng = np.random.Generator
DIFFERENCES: dict[str, Callable[[Rng, tuple[int, int]], np.ndarray]] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "gamma, skewness 1": lambda rng, shape: rng.gamma(4.0, size=shape) - 4.0,
    "lognormal, skewness 1.8": lambda rng, shape: rng.lognormal(0.0, 0.5, shape) - np.exp(0.125),
    "exponential, skewness 2": lambda rng, shape: rng.exponential(size=shape) - 1.0,
    "t with 5 degrees of freedom": lambda rng, shape: rng.standard_t(5, shape),
}
"""Distributions of paired differences whose mean is 0."""
SHARED = {"nothing": 0.0, "a quarter of their variance": 0.25, "two thirds of it": 2 / 3}
"""What the outcomes of a family share."""


def share_that_holds(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return for each interval whether it holds 0."""
    return (low <= 0) & (high >= 0)


def intervals() -> pd.DataFrame:
    """Return how often 95 % intervals hold a mean difference of 0."""
    rows = []
    for place, (name, draw) in enumerate(DIFFERENCES.items()):
        for pairs in PAIRS:
            rng, held = np.random.default_rng([SEED, place, pairs]), []
            for _ in range(SETS // BATCH):
                differences = draw(rng, (BATCH, pairs))
                nothing = np.zeros_like(differences)
                t = paired_differences(nothing, differences)
                boot = bootstrap_intervals(nothing, differences)
                held.append([share_that_holds(t["low"], t["high"]).mean(), share_that_holds(*boot).mean()])
            with_t, with_bootstrap = np.mean(held, axis=0)
            rows.append({"differences": name, "pairs": pairs, "t": with_t, "bootstrap": with_bootstrap})
    return pd.DataFrame(rows)


def families() -> pd.DataFrame:
    """Return how often families of outcomes that nothing moves raise an alarm, and hold the truth."""
    rows = []
    for place, (name, shared) in enumerate(SHARED.items()):
        rng, counts = np.random.default_rng([SEED, 100 + place]), np.zeros(3)
        for _ in range(FAMILIES):
            arms = (np.sqrt(shared) * rng.normal(size=(1, FAMILY_PAIRS))
                    + np.sqrt(1 - shared) * rng.normal(size=(OUTCOMES, FAMILY_PAIRS)) for _ in "ab")  # fmt: skip
            found = paired_differences(*arms)
            adjusted = holm(found["p"]) if OUTCOMES * found["p"].min() < 0.05 else np.ones(OUTCOMES)
            wide = simultaneous_intervals(found["low"], found["high"], found["n"])
            counts += [(adjusted < 0.05).any(), share_that_holds(*wide).all(),
                       share_that_holds(found["low"], found["high"]).all()]  # fmt: skip
        alarms, together, each = counts / FAMILIES
        rows.append({"outcomes share": name, "alarms": alarms, "together": together, "each": each})
    return pd.DataFrame(rows)


def sizes() -> pd.DataFrame:
    """Return by what share of a true size the mean effect size is off."""
    rows = []
    for pairs in (3, 6, 10, 20):
        for correlation in (0.0, 0.6):
            rng = np.random.default_rng([SEED, 200, pairs, int(10 * correlation)])
            shared = np.sqrt(correlation) * rng.normal(size=(20 * SETS, pairs))
            a, b = (shared + np.sqrt(1 - correlation) * rng.normal(size=shared.shape) for _ in "ab")
            found = paired_differences(a, b + SIZE)["effect_size"].mean()
            rows.append({"pairs": pairs, "correlation": correlation, "bias": found / SIZE - 1})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    RESULTS.mkdir(exist_ok=True)
    for made in (sizes, intervals, families):
        made().to_csv(RESULTS / f"{made.__name__}.csv", index=False)
