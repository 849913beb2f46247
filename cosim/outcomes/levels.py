"""From a run's months to one number per outcome: what arms are compared by."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.outcomes.measures import CATEGORY_MEASURES, FEE_TRAP, MEASURES, Measure

LAST_YEAR = 12
"""Months at the end of a run over which a level is averaged; a shorter run is averaged whole."""

IDENTITY = ("scenario", "replicate", "group", "category")
"""Columns that say whose row it is."""


def measures_of(table: pd.DataFrame) -> dict[str, Measure]:
    """Return the declarations of a table's measures: those of categories, or those of the compound."""
    return CATEGORY_MEASURES if "category" in table else MEASURES


def run_levels(table: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Return one row per run (and group or category) of `table` with one number per outcome.

    A level is the mean over the last 12 months, months without a value left out. A cost is what was spent
    from month 0 on, divided by the resident-years lived then in the whole compound, which `months` tells.
    """
    keys = [name for name in IDENTITY if name in table]
    outcomes = [name for name in table if name not in (*IDENTITY, "month")]
    measures = measures_of(table)
    spent = [name for name in outcomes if measures[name].summary == "per_resident_year"]
    levels = [name for name in outcomes if name not in spent]
    branch = table[table["month"] >= 0]
    last_year = branch[branch["month"] > branch["month"].max() - LAST_YEAR]
    means = last_year.groupby(keys, sort=False)[levels].mean()
    lived = months[months["month"] >= 0].groupby(["scenario", "replicate"])["residents"].sum() / 12
    sums = branch.groupby(keys, sort=False)[spent].sum(min_count=1)
    costs = sums.div(lived, axis=0).reindex(means.index)
    return pd.concat([means, costs], axis=1)[outcomes].reset_index()


def run_level(measure: Measure, month: NDArray[np.int_], values: NDArray[np.float64], lived: float) -> float:
    """Return what `run_levels` gives for one outcome of one run: many times faster, and equal up to rounding.

    `month` and `values` are the run's, `lived` the resident-years from month 0 on in the whole compound. NaN where no
    month has a value.
    """
    spent = measure.summary == "per_resident_year"
    counted = values[(month >= 0) & (spent | (month > np.max(month) - LAST_YEAR)) & ~np.isnan(values)]
    if not counted.size:
        return float("nan")
    return float(counted.sum() / lived) if spent else float(counted.mean())


def count_trapped(levels: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Count, for each scenario, the replicates that end in the fee trap, out of how many."""
    ends = levels.set_index("scenario")["fee_collection"]
    return pd.DataFrame(
        {
            "scenario": labels,
            "trapped": [int((ends.loc[[label]] < FEE_TRAP).sum()) for label in labels],
            "replicates": [len(ends.loc[[label]]) for label in labels],
        }
    )
