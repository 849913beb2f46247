"""A figure of supply: by which mode each service is supplied, and in which condition that leaves it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.marks import (
    Mark,
    interval_line,
    lanes,
    marks_of_arms,
    rows,
    under_key,
    zero_line,
)
from cosim.display.style import INK, blank, drawn, heading, panel_heading, wrapped
from cosim.display.words import made_with, number, plain, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import CATEGORY_MEASURES
from cosim.scenario import Scenario
from cosim.study import Study

LANE, ROW, CELL, NARROWEST = 0.14, 0.4, 1.75, 2.9
"""Inches that a scenario takes in a row, least height of a row, width of a cell, and least width of all cells."""
CONDITION = LinearSegmentedColormap.from_list("condition", ["#FFFFFF", "#4FA3D9"])
"""From none to the best condition; light enough for dark type."""


@drawn
def supply_figure(study: Study, by_category: pd.DataFrame, *, say: Language = ENGLISH) -> Figure:
    """Return the modes and conditions of all categories, and what differs in condition and waiting.

    `by_category` is the table of a comparison, or of one scenario's summary, whose wait is then shown as it is.
    """
    arms = marks_of_arms(study, say)
    others = arms[1:]
    names = list(by_category["category"].unique())
    row = max(ROW, len(others) * LANE + 0.14)
    width = max(CELL * len(arms), NARROWEST)
    figure = blank(2.4 + width + (5.6 if others else 3.2), 2.4 + row * len(names))
    body = under_key(figure, [mark.key() for mark in others] if len(others) > 1 else [])
    widths = [width, *([2.5, 2.5] if others else [2.8])]
    axes = body.subplots(1, len(widths), width_ratios=widths)
    _map(axes[0], study, by_category, names, arms, say)
    panel_heading(axes[0], say("Mode of supply, and condition"), say("condition, 0 to 1"))
    for axis, outcome in zip(axes[1:], ("condition", "wait") if others else ("wait",), strict=True):
        rows(axis, names)
        axis.tick_params(labelleft=False)
        measure = CATEGORY_MEASURES[outcome]
        if others:
            _differences(axis, by_category[by_category["outcome"] == outcome], names, others)
            under = say("difference to {first}", first=arms[0].name)
            under = say("{what}, {part}", what=under, part=say(measure.unit))
        else:
            _levels(axis, by_category[by_category["outcome"] == outcome], names, arms[0])
            under = say(measure.unit)
        panel_heading(axis, say.label(measure), wrapped(under, 44))
        axis.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    heading(figure, say("How is each service supplied, and in which condition is it?"), _caption(study, say))
    return figure


def condition_of(by_category: pd.DataFrame, label: str) -> pd.Series:
    """Return the mean condition by category that a scenario reaches, from a comparison's table or a summary's."""
    found = by_category[by_category["outcome"] == "condition"]
    if "mean" in found:
        return found.set_index("category")["mean"]
    own = found[found["scenario"] == label]
    if len(own):
        return own.set_index("category")["mean_b"]
    return found.drop_duplicates("category").set_index("category")["mean_a"]


def _map(
    axis: Axes, study: Study, by_category: pd.DataFrame, names: Sequence[str], arms: Sequence[Mark], say: Language
) -> None:
    """Draw a cell per category and scenario: its mode, and its condition as a number and as a colour."""
    reached = np.column_stack([condition_of(by_category, mark.label).loc[names] for mark in arms])
    edges = np.arange(len(arms) + 1) - 0.5, np.arange(len(names) + 1) - 0.5
    axis.pcolormesh(*edges, reached, cmap=CONDITION, vmin=0.0, vmax=1.0, edgecolors="white", linewidth=1.5)
    for column, scenario in enumerate(study.scenarios):
        for row, name in enumerate(names):
            told = number(reached[row, column])
            axis.text(column - 0.45, row, _mode(scenario, name, say), va="center", fontsize=8, color=INK)
            axis.text(column + 0.45, row, told, va="center", ha="right", fontsize=8, color=INK)
    axis.set_xlim(-0.5, len(arms) - 0.5)
    axis.set_ylim(len(names) - 0.5, -0.5)
    categories = study.scenarios[0].categories
    labels = [say.pick(categories[name].label, categories[name].label_zh) for name in names]
    axis.set_yticks(range(len(names)), labels)
    axis.set_xticks(range(len(arms)), [wrapped(mark.name, 22) for mark in arms])
    axis.tick_params(length=0, labelsize=9, labelcolor=INK)
    axis.spines[:].set_visible(False)


def _mode(scenario: Scenario, category: str, say: Language) -> str:
    """Return the mode by which a category is supplied, and the one to which it changes later."""
    modes = [at.mode_of(category) for at in (scenario, *scenario.timeline.values())]
    first, last = say(plain(modes[0])), say(plain(modes[-1]))
    return first if first == last else f"{first}\n→ {last}"


def _differences(axis: Axes, found: pd.DataFrame, names: Sequence[str], others: Sequence[Mark]) -> None:
    """Draw a row per category, in it a lane per scenario: the difference with its interval."""
    zero_line(axis)
    for mark, lane in zip(others, lanes(len(others), 0.6), strict=True):
        mine = found[found["scenario"] == mark.label].set_index("category").loc[list(names)]
        for row, it in enumerate(mine.itertuples()):
            interval_line(axis, it.low, it.high, row + lane, mark.colour)
        axis.plot(
            mine["difference"], np.arange(len(names)) + lane, mark.marker, color=mark.colour, markersize=5,
            label=mark.label,
        )  # fmt: skip


def _levels(axis: Axes, found: pd.DataFrame, names: Sequence[str], mark: Mark) -> None:
    """Draw a row per category: the mean over replicates, from the lowest to the highest of them."""
    mine = found.set_index("category").loc[list(names)]
    for row, it in enumerate(mine.itertuples()):
        interval_line(axis, it.lowest, it.highest, row, mark.colour)
    axis.plot(mine["mean"], range(len(names)), mark.marker, color=mark.colour, markersize=5, label=mark.label)
    axis.set_xlim(0.0, max(np.nanmax(mine["highest"], initial=1.0) * 1.05, 1.0))


def _caption(study: Study, say: Language) -> str:
    """Say what cells, marks and lines are."""
    count = len(study.complete)
    cells = say("Cells: mode of supply and mean condition of the last 12 months; the darker, the better.")
    later = say("An arrow leads to the mode to which a category changes later.")
    if len(study.labels) == 1 and count == 1:
        marks = say("One replicate: marks without intervals.")
    elif len(study.labels) == 1:
        marks = say("Marks: mean of {count} replicates; lines: from the lowest to the highest of them.", count=count)
    elif count == 1:
        marks = say("Marks: differences of one replicate, which tells no interval.")
    else:
        marks = say(
            "Marks: mean of paired differences over {count} replicates; lines: 95 % interval of each, where there is "
            "more than one pair.",
            count=count,
        )
    missing = say("No mark: nothing to compare was signed off in the last 12 months.")
    if len(study.labels) == 1:
        missing = say("No mark: nothing was signed off in the last 12 months.")
    if any(scenario.timeline for scenario in study.scenarios):
        cells = sentences(cells, later, say=say)
    return f"{cells}\n{sentences(marks, missing, made_with(study.seed, say), say=say)}"
