"""A figure of an ensemble: sign and size of a reform's effects over all plausible worlds."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cosim.display.factors import outcome_name
from cosim.display.style import COLOURS, FAINT, INK, NAME, SHADE, SMALL, blank, drawn, heading, row_frame
from cosim.display.words import arm_name, capitalised, percent, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import measure_of

WIDTH, LINE = 9.6, 0.34
"""Width of the figure and height of a row, in inches."""
WORLD, BAR = "#8C8C8C", COLOURS[0]
RAISES, LOWERS = 42.0, 86.0
"""Where the columns of shares end, in points from the panels' right edge."""


@drawn
def ensemble_figure(
    by_set: pd.DataFrame,
    table: pd.DataFrame,
    scenario: str,
    against: str,
    *,
    sure: bool = True,
    say: Language = ENGLISH,
) -> Figure:
    """Draw what a scenario changes in every world, one row per outcome; money has a panel of its own.

    `by_set` has scenario, set, outcome and difference, or no rows where single worlds are not known; `table` scenario,
    outcome, worlds, low, median, high, raises, lowers. `sure` says that these shares are of differences that are more
    than luck.
    """
    rows = table[table["scenario"] == scenario].set_index("outcome")
    money = [outcome for outcome in rows.index if measure_of(outcome).unit == "yuan"]
    panels = [panel for panel in ([outcome for outcome in rows.index if outcome not in money], money) if panel]
    heights = [len(panel) + 0.6 for panel in panels]
    figure = blank(WIDTH, 1.95 + LINE * sum(heights))
    axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
    found = by_set[by_set["scenario"] == scenario] if len(by_set) else pd.DataFrame(columns=["outcome", "difference"])
    courses = {str(name): part["difference"].to_numpy() for name, part in found.groupby("outcome")}
    for axis, outcomes in zip(axes, panels, strict=True):
        _panel(axis, outcomes, courses, rows, say)
        unit = say("yuan per resident and year") if outcomes == money else say("share, or 0 to 1")
        axis.set_xlabel(say("difference, {unit}", unit=unit), fontsize=SMALL, color=FAINT, loc="left")
    for place, word in ((RAISES, say("raises")), (LOWERS, say("lowers"))):
        _beside(axes[0], 0.5, place, word, FAINT)
    names = {"scenario": arm_name(scenario, say), "against": arm_name(against, say)}
    title = say.many(
        "What {scenario} changes against {against}, in {count} plausible world",
        "What {scenario} changes against {against}, in {count} plausible worlds",
        count=int(rows["worlds"].max()),
        **names,
    )
    heading(figure, title, _caption(bool(courses), sure, say))
    return figure


def _panel(
    axis: Axes, outcomes: Sequence[str], values: Mapping[str, np.ndarray], rows: pd.DataFrame, say: Language
) -> None:
    """Draw outcomes that share a unit, the first on top."""
    for place, outcome in enumerate(outcomes):
        row, found = rows.loc[outcome], values.get(outcome, np.array([]))
        if place % 2 == 0:
            axis.axhspan(-place - 0.5, -place + 0.5, color=SHADE, linewidth=0, zorder=0)
        spread = (np.arange(found.size) * 0.618034) % 1.0 - 0.5
        axis.plot(found, -place + 0.55 * spread, ".", markersize=3.4, color=WORLD, alpha=0.55, markeredgewidth=0)
        axis.hlines(-place, row["low"], row["high"], color=BAR, linewidth=2.2)
        axis.plot(row["median"], -place, "o", markersize=5.5, color=BAR, markeredgecolor="white")
        for where, share in ((RAISES, row["raises"]), (LOWERS, row["lowers"])):
            _beside(axis, -place, where, percent(share, say), INK)
    axis.axvline(0.0, color=INK, linewidth=0.9)
    row_frame(axis)
    names = [capitalised(outcome_name(outcome, say)) for outcome in outcomes]
    axis.set_yticks([-float(place) for place in range(len(outcomes))], names, fontsize=NAME, color=INK)
    axis.set_ylim(-len(outcomes) + 0.5, 0.5)


def _beside(axis: Axes, height: float, place: float, text: str, colour: str) -> None:
    """Write a text so that it ends `place` points right of a panel; over the panel if that is the height of its top."""
    axis.annotate(
        text, (1.0, height), (place, 4.0 if height > 0 else 0.0), xycoords=("axes fraction", "data"),
        textcoords="offset points", fontsize=SMALL, color=colour, ha="right", annotation_clip=False,
        va="bottom" if height > 0 else "center",
    )  # fmt: skip


def _caption(dots: bool, sure: bool, say: Language) -> str:
    """Say what dots, bars and shares are."""
    world = (
        say(
            "Grey dots: what the scenario changes in one plausible world, a parameter set that gives the compound as "
            "it is known (C1 to C5)."
        )
        if dots
        else say("A plausible world is a parameter set that gives the compound as it is known (C1 to C5).")
    )
    bars = say("Blue: median, and the middle 90 % of worlds.")
    shares = (
        say("Right: share of worlds in which it raises or lowers the outcome by more than luck.")
        if sure
        else say("Right: share of worlds in which it raises or lowers the outcome, luck included.")
    )
    return sentences(world, bars, shares, say=say)
