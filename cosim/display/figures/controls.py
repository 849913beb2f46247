"""A figure of controls: what each difference is made of, as points with their intervals."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.courses import PANELS, SIZE
from cosim.display.style import COLOURS, FRAME, INK, NAME, blank, drawn, heading, panel_heading, row_frame
from cosim.display.words import arm_name, capitalised, sentences, stage_name
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import MEASURES

GAP = 0.7
"""Empty space between the parts of a figure, in rows."""


class Row(NamedTuple):
    """One line of every panel: its name, colour and height, and the difference by outcome."""

    name: str
    colour: str
    height: float
    found: pd.DataFrame


@drawn
def controls_figure(
    labels: Sequence[str], split: pd.DataFrame, ladder: pd.DataFrame, shapley: pd.DataFrame, say: Language = ENGLISH
) -> Figure:
    """Return each difference, split into resources and arrangement, and stage by stage.

    Any table may be empty; of the stages' two the `shapley` one is drawn if it is there, else the `ladder`.
    """
    first, other = (arm_name(label, say) for label in labels)
    stages = ladder if shapley.empty else shapley
    rows = _rows(split, stages, say)
    figure = blank(*SIZE)
    axes = figure.subplots(2, 3, sharey=True)
    for axis, outcome in zip(axes.flat, PANELS, strict=True):
        _panel(axis, outcome, rows, say)
    for axis in axes[:, 0]:
        axis.set_yticks([row.height for row in rows], [row.name for row in rows], fontsize=NAME, color=INK)
    said = []
    if len(split):
        said.append(
            say(
                "Resources: {first} with public means to cost what {other} costs in all; arrangement: the rest.",
                first=first, other=other,
            )
        )  # fmt: skip
    if len(stages):
        said.append(
            say("Stages: each laid over those above.") if shapley.empty
            else say("Stages: mean contribution over all orders (Shapley value).")
        )  # fmt: skip
    points = say("Points: mean differences; lines: paired 95 % intervals.")
    title = say("What makes the difference between {first} and {other}?", first=first, other=other)
    heading(figure, title, f"{sentences(*said, say=say)}\n{points}")
    return figure


def _rows(split: pd.DataFrame, stages: pd.DataFrame, say: Language) -> list[Row]:
    """Return the lines from top to bottom."""
    rows: list[Row] = []
    height = 0.0
    if len(split):
        equal = split[split["control"] == "total_resources"]
        parts = (
            ("total", say("total"), INK),
            ("resources", say("resources"), COLOURS[1]),
            ("arrangement", say("arrangement"), COLOURS[0]),
        )
        for part, name, colour in parts:
            rows.append(Row(capitalised(name), colour, height, equal[equal["part"] == part].set_index("outcome")))
            height -= 1.0
        height -= GAP
    for stage in stages["stage"].unique() if len(stages) else ():
        found = stages[stages["stage"] == stage].set_index("outcome")
        rows.append(Row(capitalised(stage_name(stage, say)), COLOURS[2], height, found))
        height -= 1.0
    return rows


def _panel(axis: Axes, outcome: str, rows: Sequence[Row], say: Language) -> None:
    """Draw one outcome."""
    axis.axvline(0.0, color=FRAME, linewidth=0.9, zorder=0)
    for row in rows:
        found = row.found.loc[outcome]
        axis.plot([found["low"], found["high"]], [row.height] * 2, color=row.colour, linewidth=2.2, alpha=0.45)
        axis.plot([found["difference"]], [row.height], "o", color=row.colour, markersize=5.5)
    axis.set_ylim(rows[-1].height - 0.6, rows[0].height + 0.6)
    unit = say("difference, {unit}", unit=say(MEASURES[outcome].unit_of_level))
    panel_heading(axis, capitalised(say.label(MEASURES[outcome])), unit)
    row_frame(axis)
    axis.xaxis.set_major_locator(MaxNLocator(5))
