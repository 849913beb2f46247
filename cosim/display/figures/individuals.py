"""A figure of individuals: how differently persons fare in two worlds, who gains and who loses, and who is counted."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.marks import (
    Mark,
    bar_key,
    interval_line,
    lanes,
    marks,
    marks_of_arms,
    rows,
    under_key,
    zero_line,
)
from cosim.display.style import FAINT, FRAME, INK, blank, drawn, heading, panel_heading, wrapped
from cosim.display.words import NOTHING, arm_name, group_name, listed, made_with, percent, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import GROUPS, MEASURES
from cosim.study import Study

WIDTH, ROW = 13.0, 0.62
"""Width of the figure and height of a row, in inches."""
OUTCOMES = (
    "trust_neighbours", "trust_government", "trust_party", "trust_firm", "satisfaction", "belonging", "participation",
    "fee_collection",
)  # fmt: skip
CAME_LATER = "came later"
KINDS = (*GROUPS, CAME_LATER)
"""Groups of those who lived here at month 0, and those who came after it."""
WHO = ("all", "stayers", "cohort")
UNDER = 56
"""Columns of what stands under a panel's title."""
SPREAD = 0.62
"""Part of a row that its lanes take."""


@drawn
def individuals_figure(
    study: Study, by_people: pd.DataFrame, twins: pd.DataFrame, who_gains: pd.DataFrame, *, say: Language = ENGLISH
) -> Figure:
    """Return how persons' differences are spread, who gains and who loses, and what counting others would give.

    Needs a comparison: the tables are its own of these names. A block of three panels for each scenario after the
    first.
    """
    first, *others = marks_of_arms(study, say)
    groups = marks(KINDS, [*(group_name(group, say) for group in GROUPS), say("moved in after month 0")])
    counted = marks(WHO, [say("all at the end"), say("stayers"), say("all of month 0, as last seen")])
    figure = blank(WIDTH, 2.7 + len(others) * (0.95 + ROW * len(OUTCOMES)))
    both = [(bar_key(mark), mark.key()) for mark in groups]
    body = under_key(figure, [*both, *_keys(say), *(mark.key_in_ink() for mark in counted)])
    axes = body.subplots(len(others), 3, squeeze=False, sharex="col", width_ratios=[1.25, 1.25, 1.0])
    for (spread, gains, means), mark in zip(axes, others, strict=True):
        of = mark.label
        _spread(spread, _of(twins, of), _of(who_gains, of), groups)
        _gains(gains, _of(who_gains, of), groups, say)
        _means(means, _of(by_people, of), counted)
        for axis in (spread, gains, means):
            axis.tick_params(labelleft=axis is spread, labelbottom=True)
        spread.set_yticks(range(len(OUTCOMES)), [wrapped(say.label(MEASURES[name]), 24) for name in OUTCOMES])
        less = say("{other} less {first}, same person", other=mark.name, first=first.name)
        panel_heading(spread, say("One person's difference"), wrapped(less, UNDER))
        panel_heading(gains, say("Who loses, who gains"), say("share of the group that loses or gains more than 0.02"))
        panel_heading(means, say("Who is counted"), say("difference of means"))
    heading(figure, say("Who gains, and who loses?"), _caption(study, twins, say))
    return figure


def _of(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return a scenario's rows of a table."""
    return table[table["scenario"] == label]


def _frame(axis: Axes) -> None:
    """Lay out a row per outcome."""
    rows(axis, [""] * len(OUTCOMES))
    zero_line(axis)


def _spread(axis: Axes, twins: pd.DataFrame, who_gains: pd.DataFrame, groups: Sequence[Mark]) -> None:
    """Draw each outcome's quantiles over persons, and the mean of each group."""
    _frame(axis)
    found = twins.set_index("outcome")
    means = who_gains[who_gains["trait"] == "group"].set_index(["stratum", "outcome"])
    for row, name in enumerate(OUTCOMES):
        q = found.loc[name]
        if MEASURES[name].unit != "share":
            axis.plot([q["q05"], q["q95"]], [row] * 2, color=FRAME, linewidth=5, solid_capstyle="butt", zorder=1)
            axis.barh(
                row, q["q75"] - q["q25"], SPREAD + 0.14, left=q["q25"], color="#D9D9D9", edgecolor=FRAME, linewidth=0.8,
                zorder=1.5,
            )  # fmt: skip
            axis.plot([q["q50"]] * 2, [row - 0.38, row + 0.38], color=INK, linewidth=1.4, zorder=2)
        for mark, lane in zip(groups, lanes(len(groups), SPREAD - 0.1), strict=True):
            mine = means.loc[(mark.label, name)]
            interval_line(axis, mine["low"], mine["high"], row + lane, mark.colour)
            axis.plot(
                [mine["difference"]], [row + lane], mark.marker, color=mark.colour, markersize=4.5,
                label=f"{mark.label} {name}", zorder=3,
            )  # fmt: skip
    axis.xaxis.set_major_locator(MaxNLocator(5))


def _gains(axis: Axes, who_gains: pd.DataFrame, groups: Sequence[Mark], say: Language) -> None:
    """Draw, for each outcome and group, the share who lose to the left and the share who gain to the right."""
    _frame(axis)
    found = who_gains[who_gains["trait"] == "group"].set_index(["stratum", "outcome"])
    height = SPREAD / (len(groups) - 1) * 0.84
    for mark, lane in zip(groups, lanes(len(groups), SPREAD), strict=True):
        mine = found.loc[[(mark.label, name) for name in OUTCOMES]]
        places = np.arange(len(OUTCOMES)) + lane
        for sign, what in ((1.0, "gain"), (-1.0, "lose")):
            axis.barh(
                places, sign * mine[what].to_numpy(), height, color=mark.colour, hatch=mark.hatch, edgecolor="white",
                linewidth=0.0, label=f"{mark.label} {what}",
            )  # fmt: skip
    least = -found["lose"].max() if found["lose"].notna().any() else 0.0
    axis.set_xlim(min(least * 1.05, axis.get_xlim()[0], -0.06), 1.0)
    axis.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axis.xaxis.set_major_formatter(lambda share, _: percent(abs(share), say))


def _means(axis: Axes, by_people: pd.DataFrame, counted: Sequence[Mark]) -> None:
    """Draw each outcome's difference for each way of counting people."""
    _frame(axis)
    found = by_people.set_index(["who", "outcome"])
    for mark, lane in zip(counted, lanes(len(counted), SPREAD - 0.1), strict=True):
        for row, name in enumerate(OUTCOMES):
            mine = found.loc[(mark.label, name)]
            interval_line(axis, mine["low"], mine["high"], row + lane, FAINT)
            axis.plot(
                [mine["difference"]], [row + lane], mark.marker, color=INK, markersize=4.5, label=f"{mark.label} {name}"
            )
    axis.xaxis.set_major_locator(MaxNLocator(5))


def _keys(say: Language) -> list[Patch | Line2D]:
    """Return the legend's entries of the distribution."""
    box = Patch(facecolor="#D9D9D9", edgecolor=FRAME, label=say("middle half of all persons"))
    whole = Line2D([], [], color=FRAME, linewidth=5, label=say("middle 90 %"))
    middle = Line2D([], [], color=INK, marker="|", linestyle="", markersize=9, label=say("median"))
    return [box, whole, middle]


def _caption(study: Study, twins: pd.DataFrame, say: Language) -> str:
    """Say who is compared, who is missing, and what marks and lines are."""
    covered = twins.drop_duplicates("scenario").set_index("scenario")["covered"]
    shares = [percent(covered[label], say) for label in study.labels[1:] if covered[label] >= 0.0]
    who = say(
        "Left and middle: persons who live in both worlds at the end ({shares} of those of {first}); whoever left one "
        "of them is missing there. Right: the same difference for all who live here at the end, for those of month 0 "
        "who stayed in both worlds, and for all of month 0, each as last seen, so that leaving takes nobody out.",
        shares=listed(shares, say) if shares else NOTHING, first=arm_name(study.labels[0], say),
    )  # fmt: skip
    count = len(study.complete)
    lines = say("One replicate: marks without intervals.") if count == 1 else say(
        "Marks: means over {count} replicates; lines: paired 95 % intervals.", count=count
    )
    yes = say("A person takes part, or pays, or does not: no distribution is drawn of these.")
    return f"{who}\n{sentences(lines, yes, made_with(study.seed, say), say=say)}"
