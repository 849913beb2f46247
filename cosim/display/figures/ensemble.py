"""A figure of an ensemble: sign and size of a reform's effects over all plausible worlds."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from cosim.display.factors import outcome_name
from cosim.display.style import COLOURS, DOTS_PER_INCH, FAINT, INK, SHADE
from cosim.display.words import capitalised, percent, plain
from cosim.outcomes.measures import measure_of

WIDTH, LINE = 9.6, 0.37
"""Width of the figure and height of a row, in inches."""
WORLD, BAR = "#8C8C8C", COLOURS[0]
CAPTION = (
    "Grey dots: what the reform changes in one plausible world, a parameter set that gives the compound as it is known "
    "(C1 to C5). Blue: median, and the middle 90 % of worlds. Right: share of worlds in which it raises or lowers the "
    "outcome by more than luck."
)


def ensemble_figure(by_set: pd.DataFrame, table: pd.DataFrame, scenario: str, against: str) -> Figure:
    """Draw what a scenario changes in every set, one row per outcome; money has a panel of its own.

    `by_set` has scenario, set, outcome and difference; `table` scenario, outcome, low, median, high, raises, lowers.
    """
    mine = by_set[by_set["scenario"] == scenario]
    rows = table[table["scenario"] == scenario].set_index("outcome")
    money = [outcome for outcome in rows.index if measure_of(outcome).unit == "yuan"]
    panels = [[outcome for outcome in rows.index if outcome not in money], money]
    heights = [len(panel) + 0.6 for panel in panels]
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06, hspace=0.02)
    figure = Figure((WIDTH, 1.7 + LINE * sum(heights)), dpi=DOTS_PER_INCH, layout=layout, facecolor="white")
    worlds = int(rows["worlds"].max())
    title = f"What {plain(scenario)} changes against {plain(against)}, in {worlds} plausible worlds"
    figure.suptitle(textwrap.fill(title, 78), x=0.012, ha="left", fontsize=13, fontweight="bold", color=INK)
    axes = figure.subplots(2, 1, squeeze=False, height_ratios=heights)[:, 0]
    courses = {str(name): part["difference"].to_numpy() for name, part in mine.groupby("outcome")}
    for axis, outcomes in zip(axes, panels, strict=True):
        _panel(axis, outcomes, courses, rows)
    axes[0].set_xlabel("difference, share or 0 to 1", fontsize=8.5, color=FAINT, loc="left")
    axes[1].set_xlabel("difference, yuan per resident and year", fontsize=8.5, color=FAINT, loc="left")
    figure.supxlabel(textwrap.fill(CAPTION, 145), x=0.012, ha="left", fontsize=8.5, color=FAINT)
    return figure


def _panel(axis: Axes, outcomes: Sequence[str], values: Mapping[str, np.ndarray], rows: pd.DataFrame) -> None:
    """Draw outcomes that share a unit, the first on top."""
    for place, outcome in enumerate(outcomes):
        row, found = rows.loc[outcome], values[outcome]
        if place % 2 == 0:
            axis.axhspan(-place - 0.5, -place + 0.5, color=SHADE, linewidth=0)
        spread = (np.arange(found.size) * 0.618034) % 1.0 - 0.5
        axis.plot(found, -place + 0.55 * spread, ".", markersize=3.4, color=WORLD, alpha=0.55, markeredgewidth=0)
        axis.hlines(-place, row["low"], row["high"], color=BAR, linewidth=2.2)
        axis.plot(row["median"], -place, "o", markersize=5.5, color=BAR, markeredgecolor="white")
        said = f"{percent(row['raises'])} ▲   {percent(row['lowers'])} ▼"
        axis.text(1.01, -place, said, transform=axis.get_yaxis_transform(), va="center", fontsize=8.5, color=INK)
    axis.axvline(0.0, color=INK, linewidth=0.9)
    names = [capitalised(outcome_name(outcome)) for outcome in outcomes]
    axis.set_yticks([-float(place) for place in range(len(outcomes))], names, fontsize=9, color=INK)
    axis.set_ylim(-len(outcomes) + 0.5, 0.5)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color("#BBBBBB")
    axis.tick_params(axis="x", colors=FAINT, labelsize=8.5, length=3)
    axis.tick_params(axis="y", length=0)
