"""A figure of controls: what each difference is made of, as points with their intervals."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.courses import PANELS, SIZE
from cosim.display.style import COLOURS, DOTS_PER_INCH, FAINT, INK
from cosim.display.words import STAGES, capitalised, plain
from cosim.outcomes.measures import MEASURES

GAP = 0.7
"""Empty space between the parts of a figure, in rows."""


class Row(NamedTuple):
    """One line of every panel: its name, colour and height, and the difference by outcome."""

    name: str
    colour: str
    height: float
    found: pd.DataFrame


def controls_figure(labels: Sequence[str], split: pd.DataFrame, stages: pd.DataFrame, stages_are: str) -> Figure:
    """Return each difference, split into resources and arrangement (`split`), and stage by stage (`stages`).

    Either may be empty; `stages_are` says what a stage's number is.
    """
    rows = _rows(split, stages)
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.05)
    figure = Figure(figsize=SIZE, dpi=DOTS_PER_INCH, layout=layout, facecolor="white")
    title = f"What makes the difference between {plain(labels[0])} and {plain(labels[1])}?"
    figure.suptitle(title, x=0.012, ha="left", fontsize=14, fontweight="bold", color=INK)
    axes = figure.subplots(2, 3, sharey=True)
    for axis, outcome in zip(axes.flat, PANELS, strict=True):
        _panel(axis, outcome, rows)
    for axis in axes[:, 0]:
        axis.set_yticks([row.height for row in rows], [row.name for row in rows], fontsize=9, color=INK)
    resources = (
        f"Resources: {plain(labels[0])} with public means to cost what {plain(labels[1])} costs in all; "
        "arrangement: the rest. "
        if len(split)
        else ""
    )
    lines = f"{resources}{stages_are}\nPoints: mean differences; lines: paired 95 % intervals."
    figure.supxlabel(lines.strip(), x=0.012, ha="left", fontsize=8.5, color=FAINT)
    return figure


def _rows(split: pd.DataFrame, stages: pd.DataFrame) -> list[Row]:
    """Return the lines from top to bottom."""
    rows: list[Row] = []
    height = 0.0
    if len(split):
        equal = split[split["control"] == "total_resources"]
        for part, colour in (("total", INK), ("resources", COLOURS[1]), ("arrangement", COLOURS[0])):
            rows.append(Row(part, colour, height, equal[equal["part"] == part].set_index("outcome")))
            height -= 1.0
        height -= GAP
    for stage in stages["stage"].unique() if len(stages) else ():
        found = stages[stages["stage"] == stage].set_index("outcome")
        rows.append(Row(STAGES.get(stage, plain(stage)), COLOURS[2], height, found))
        height -= 1.0
    return rows


def _panel(axis: Axes, outcome: str, rows: Sequence[Row]) -> None:
    """Draw one outcome."""
    axis.axvline(0.0, color="#BBBBBB", linewidth=0.9, zorder=0)
    for row in rows:
        found = row.found.loc[outcome]
        axis.plot([found["low"], found["high"]], [row.height] * 2, color=row.colour, linewidth=2.2, alpha=0.45)
        axis.plot([found["difference"]], [row.height], "o", color=row.colour, markersize=5.5)
    axis.set_ylim(rows[-1].height - 0.6, rows[0].height + 0.6)
    axis.set_title(capitalised(MEASURES[outcome].en), loc="left", fontsize=11, color=INK, pad=16)
    unit = MEASURES[outcome].unit_of_level
    axis.text(0, 1.02, f"difference, {unit}", transform=axis.transAxes, fontsize=8.5, color=FAINT, va="bottom")
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color("#BBBBBB")
    axis.tick_params(axis="x", colors=FAINT, labelsize=8.5, length=3)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x", color="#E6E6E6", linewidth=0.7)
    axis.set_axisbelow(True)
    axis.xaxis.set_major_locator(MaxNLocator(5))
