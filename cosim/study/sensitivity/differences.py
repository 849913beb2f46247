"""Where a reform wins or loses, point by point: the table behind a phase diagram."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.language import told
from cosim.outcomes.measures import measure_of
from cosim.scenario.errors import Problem, ScenarioError
from cosim.statistics import paired_differences
from cosim.study.sensitivity.cells import cells, check_outcomes, effects, factors_of

UNDECIDED, UNKNOWN = "undecided", "unknown"
VERDICTS = {1: ("wins", "loses"), -1: ("loses", "wins"), 0: ("raises", "lowers")}
"""What a reform does that has more or less of a measure, by whether more of it is better."""


def differences(runs: pd.DataFrame, points: pd.DataFrame, outcome: str, *, labels: Sequence[str]) -> pd.DataFrame:
    """Return a row for each scenario but the first and each point: what it changes there against the first.

    Columns: `scenario`, `against`, `point`, the factors; `n` pairs of replicates finished in both; `mean_a` (the
    first), `mean_b`, `difference`, and `low` to `high`, its paired 95 % t interval, in the outcome's unit; `verdict`:
    wins or loses where the interval excludes zero (raises or lowers for an outcome of which more is neither better nor
    worse), undecided where it does not or is missing, unknown without a pair. Each interval is for itself: of a hundred
    points at which nothing changes, five or so are called a win or a loss.

    Raises ScenarioError for an unknown outcome, or a study of one scenario.
    """
    check_outcomes(runs, [outcome])
    check_effects(labels)
    better = measure_of(outcome).better
    keep = ["point", *factors_of(points)]
    found = []
    for scenario, against in effects(labels):
        pairs = paired_differences(cells(runs, points, against, outcome), cells(runs, points, scenario, outcome))
        table = points[keep].reset_index(drop=True).join(
            pairs[["n", "mean_a", "mean_b", "difference", "low", "high"]]
        )  # fmt: skip
        table.insert(0, "scenario", scenario)
        table.insert(1, "against", against)
        found.append(table.assign(verdict=_verdicts(pairs, better)))
    return pd.concat(found, ignore_index=True)


def check_effects(labels: Sequence[str]) -> None:
    """Raise ScenarioError unless there is a scenario to compare with the first."""
    if len(labels) < 2:
        message = told("one scenario has nothing to be compared with")
        hint = told("name two or more: the others are compared with the first")
        raise ScenarioError([Problem(key="scenarios", message=message, hint=hint)])


def _verdicts(pairs: pd.DataFrame, better: int) -> NDArray[np.str_]:
    """Return what each point's interval says."""
    more, less = VERDICTS[better]
    return np.select([pairs["n"] == 0, pairs["low"] > 0, pairs["high"] < 0], [UNKNOWN, more, less], UNDECIDED)
