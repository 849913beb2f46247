"""Sign and size of what a reform does, over all plausible worlds."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cosim.outcomes.measures import GROUPS
from cosim.patterns import Answer, Pattern
from cosim.study.experiment.schema import HEADLINES

BY_GROUP = ("participation", "trust_neighbours", "trust_government", "satisfaction")
OUTCOMES = (*HEADLINES, *(f"{name}.{group}" for name in BY_GROUP for group in GROUPS))
"""What is compared in every set."""
SURE = 1.96
"""Standard errors from zero at which a world's difference is more than luck."""
SHARES = (0.05, 0.5, 0.95)


def differences(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the paired differences of each set's scenarios to the first one.

    `runs` has scenario, point (the set), replicate, and the outcomes. One row per scenario, set and outcome:
    difference (mean over replicates) and variance (between replicates; luck).
    """
    reference, *others = runs["scenario"].unique()
    levels = runs.set_index(["scenario", "point", "replicate"])[list(OUTCOMES)]
    found = []
    for name in others:
        by_set = (levels.loc[name] - levels.loc[reference]).groupby("point")
        long = pd.DataFrame({"difference": by_set.mean().stack(), "variance": by_set.var().stack()}).reset_index()
        long.columns = ["set", "outcome", "difference", "variance"]
        long.insert(0, "scenario", name)
        found.append(long)
    return pd.concat(found, ignore_index=True)


def over_worlds(found: pd.DataFrame, replicates: int, shipped: int = -1) -> pd.DataFrame:
    """Return one row per scenario and outcome: what a reform does over all sets.

    worlds
        number of sets
    low, median, high
        5 %, 50 % and 95 % quantile of the sets' differences
    raises, lowers
        share of sets in which the difference is above or below zero by more than luck (1.96 standard errors, from the
        variance between replicates, pooled over sets; all sets have the same replicates' luck)
    shipped, below
        the difference in the `shipped` set, and the share of sets whose difference is less; NaN if it is not among them
    """
    rows = []
    for (scenario, outcome), part in found.groupby(["scenario", "outcome"], sort=False):
        means = part["difference"].to_numpy()
        error = float(np.sqrt(part["variance"].mean() / replicates))
        low, median, high = np.quantile(means, SHARES)
        rows.append(
            {
                "scenario": scenario, "outcome": outcome, "worlds": means.size, "low": low, "median": median,
                "high": high, "raises": float((means > SURE * error).mean()),
                "lowers": float((means < -SURE * error).mean()),
                **_shipped(part, shipped),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _shipped(part: pd.DataFrame, shipped: int) -> dict[str, float]:
    own = part.loc[part["set"] == shipped, "difference"]
    if own.empty:
        return {"shipped": np.nan, "below": np.nan}
    return {"shipped": float(own.iloc[0]), "below": float((part["difference"] < own.iloc[0]).mean())}


def read_answers(answers: Sequence[Answer]) -> dict[str, list[float]]:
    """Return what was found of each pattern in one set: the value of each criterion."""
    return {answer.pattern.id: [finding.value for finding in answer.findings] for answer in answers}


def pass_rates(worlds: Sequence[Mapping[str, Sequence[float]]], patterns: Sequence[Pattern]) -> pd.DataFrame:
    """Return one row per pattern and criterion: in what share of the sets it holds, and the spread of its value.

    pattern, title, criterion, bounds
        what is asked; a last row of a pattern with several criteria, "all of them", asks them together: where one fails
        it does not hold, even if there was nothing to read for another
    worlds, holds
        sets in which there was something to read, and the share of them whose value lies within the bounds
    low, median, high
        5 %, 50 % and 95 % quantile of the value
    """
    rows = []
    for pattern in patterns:
        values = np.array([world[pattern.id] for world in worlds if len(world[pattern.id]) == len(pattern.criteria)])
        if not values.size:
            continue
        low_ends, high_ends = (np.array([getattr(c, end) for c in pattern.criteria]) for end in ("low", "high"))
        inside = (values >= low_ends) & (values <= high_ends)
        head = {"pattern": pattern.id, "title": pattern.title}
        for place, criterion in enumerate(pattern.criteria):
            known = ~np.isnan(values[:, place])
            low, median, high = np.quantile(values[known, place], SHARES) if known.any() else [np.nan] * 3
            holds = float(inside[known, place].mean()) if known.any() else np.nan
            rows.append(
                {
                    **head, "criterion": criterion.name, "bounds": criterion.bounds, "worlds": int(known.sum()),
                    "holds": holds, "low": low, "median": median, "high": high,
                }
            )  # fmt: skip
        if len(pattern.criteria) > 1:
            fails = (~np.isnan(values) & ~inside).any(axis=1)
            known = fails | inside.all(axis=1)
            holds = float(1.0 - fails[known].mean()) if known.any() else np.nan
            rows.append({**head, "criterion": "all of them", "worlds": int(known.sum()), "holds": holds})
    return pd.DataFrame(rows)
