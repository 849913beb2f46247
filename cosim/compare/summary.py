"""One scenario's runs in a few numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pandas.core.groupby import SeriesGroupBy

from cosim.outcomes.levels import count_trapped, measures_of, run_levels
from cosim.study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Summary:
    """What one scenario's runs came to.

    `outcomes`, `by_group` and `by_category` have one row per outcome (and group or category): `before`, the
    mean over the last 12 months of the warm-up (of costs: over all of it), `mean`, `lowest` and `highest`
    over the replicates, their number `n` and the `unit`. `fee_trap` counts the replicates that end with
    fewer than half of the households paying the property fee.
    """

    study: Study
    outcomes: pd.DataFrame
    by_group: pd.DataFrame
    by_category: pd.DataFrame
    fee_trap: pd.DataFrame

    @property
    def months(self) -> pd.DataFrame:
        """The finished runs month by month: scenario, replicate, month and every measure."""
        return self.study.months

    def plot(self) -> "Figure":
        """Return a figure of the headline outcomes over time, residents' by group."""
        from cosim.display.figures.courses import summary_figure

        return summary_figure(self.study)

    def _repr_html_(self) -> str:
        """Return the headline outcomes as a table for a notebook."""
        from cosim.display.notebook import summary_html

        return summary_html(self.study, self.outcomes)


def summarise(study: Study) -> Summary:
    """Summarise a study of one scenario; the tables are empty if no run is finished."""
    if not study.complete:
        return Summary(study, *[pd.DataFrame()] * 4)
    return Summary(
        study,
        outcomes=_over_replicates(study.months, study.months),
        by_group=_over_replicates(study.groups, study.months),
        by_category=_over_replicates(study.categories, study.months),
        fee_trap=count_trapped(run_levels(study.months, study.months), study.labels),
    )


def _over_replicates(table: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Return one row per outcome (and group or category)."""
    found = _values(table, months).agg(["mean", "min", "max", "count"])
    found.columns = pd.Index(["mean", "lowest", "highest", "n"])
    found.insert(0, "before", _values(_warm_up(table), _warm_up(months)).mean())
    found = found.reset_index()
    return found.assign(unit=[measures_of(table)[name].unit_of_level for name in found["outcome"]])


def _values(table: pd.DataFrame, months: pd.DataFrame) -> SeriesGroupBy:
    """Return the replicates' levels, by group or category and outcome."""
    parts = [name for name in ("group", "category") if name in table]
    long = run_levels(table, months).melt(["scenario", "replicate", *parts], var_name="outcome")
    return long.groupby([*parts, "outcome"], sort=False)["value"]


def _warm_up(table: pd.DataFrame) -> pd.DataFrame:
    """Return the months before month 0, numbered from 0."""
    before = table[table["month"] < 0]
    return before.assign(month=before["month"] - before["month"].min())
