"""A figure of differences: each headline outcome against the first scenario, with its intervals and in numbers."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.marks import (
    CLEAR,
    Mark,
    beside,
    interval_line,
    lanes,
    marks_of_arms,
    rows,
    under_key,
    zero_line,
)
from cosim.display.style import blank, drawn, heading, panel_heading
from cosim.display.words import arm_name, headline, made_with, sentences, signed
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import MEASURES
from cosim.study import Study

WIDTH = 10.0
"""Inches."""
LANE, ROW = 0.17, 0.16
"""Inches that a scenario takes in a row, and those between rows."""
DIRECTIONS = {1: " ▲", -1: " ▼", 0: ""}


@drawn
def forest_figure(study: Study, outcomes: pd.DataFrame, *, say: Language = ENGLISH) -> Figure:
    """Return the differences of headline outcomes to the first scenario; needs a comparison.

    `outcomes` is the comparison's table of that name.
    """
    others = marks_of_arms(study, say)[1:]
    kinds = [
        [name for name in headline() if (MEASURES[name].unit == "yuan") is money] for money in (False, True)
    ]
    row = len(others) * LANE + ROW
    figure = blank(WIDTH, 2.6 + row * sum(map(len, kinds)))
    body = under_key(figure, [mark.key() for mark in others] if len(others) > 1 else [])
    axes = body.subplots(2, 1, height_ratios=[len(names) for names in kinds])
    for axis, names in zip(axes, kinds, strict=True):
        _panel(axis, names, outcomes, others, say)
    first = arm_name(study.labels[0], say)
    under = say("difference to {first}", first=first)
    panel_heading(axes[0], say("Shares and scales from 0 to 1"), under)
    unit = say("yuan per resident and year")
    panel_heading(axes[1], say("Money"), say("{what}, {part}", what=under, part=unit))
    alone = bool(outcomes["low"].isna().all())
    title = say("What differs from {first}?", first=first)
    if len(others) == 1:
        title = say("What differs between {first} and {other}?", first=first, other=others[0].name)
    heading(figure, title, _caption(study, alone, say))
    return figure


def _panel(axis: Axes, names: Sequence[str], outcomes: pd.DataFrame, others: Sequence[Mark], say: Language) -> None:
    """Draw a row per outcome, in it a lane per scenario."""
    rows(axis, [say.label(MEASURES[name]) + DIRECTIONS[MEASURES[name].better] for name in names])
    zero_line(axis)
    spread = (len(others) - 1) * LANE / (len(others) * LANE + ROW)
    for mark, lane in zip(others, lanes(len(others), spread), strict=True):
        found = outcomes[outcomes["scenario"] == mark.label].set_index("outcome")
        for place, name in enumerate(names):
            _difference(axis, found.loc[name], place + lane, mark)
            beside(axis, place + lane, _numbers(found.loc[name]))
    axis.xaxis.set_major_locator(MaxNLocator(6))


def _difference(axis: Axes, found: pd.Series, place: float, mark: Mark) -> None:
    """Draw one difference: its interval, thinner the one for the whole family, and its mark, filled where clear."""
    axis.plot(
        [found["low_all"], found["high_all"]], [place] * 2, "|-", color=mark.colour, linewidth=0.8, markersize=4
    )
    interval_line(axis, found["low"], found["high"], place, mark.colour)
    axis.plot(
        [found["difference"]], [place], mark.marker, color=mark.colour, markersize=5.5,
        markerfacecolor=mark.colour if found["p_holm"] < CLEAR else "white", label=f"{mark.label} {found.name}",
    )  # fmt: skip


def _numbers(found: pd.Series) -> str:
    """Return a difference with its interval, as it is written beside its row."""
    size = found["difference"]
    if pd.isna(found["low"]):
        return signed(size)
    return f"{signed(size)}  [{signed(found['low'], size)}, {signed(found['high'], size)}]"


def _caption(study: Study, alone: bool, say: Language) -> str:
    """Say what marks and lines are."""
    if alone:
        what = say("Marks: differences of one replicate, which tells no interval; hollow, as nothing can be clear.")
    else:
        what = say(
            "Marks: mean of paired differences over {count} replicates, filled where clear (p < 5 %, adjusted for all "
            "rows by Holm's method), else hollow. Thick lines and numbers: 95 % interval of one difference; thin "
            "lines: intervals that hold for all rows at once.",
            count=len(study.complete),
        )
    better = say("▲ more is better, ▼ less is better.")
    return f"{what}\n{sentences(better, made_with(study.seed, say), say=say)}"
