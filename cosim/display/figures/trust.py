"""A figure of trust: in whom, over time, and before and after by group."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.marks import Mark, lanes, marks_of_arms, rows, under_key
from cosim.display.style import FAINT, INK, SHADE, blank, drawn, heading, plain_frame, wrapped
from cosim.display.words import group_name, made_with, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.levels import run_levels
from cosim.outcomes.measures import GROUPS, MEASURES
from cosim.study import Study

WIDTH = 13.0
"""Inches."""
TARGETS = ("neighbours", "government", "party", "firm", "partners")
OUTCOMES = tuple(f"trust_{target}" for target in TARGETS)
MIDDLE = (0.025, 0.975)
"""The middle 95 % of the replicates."""
STEPS = (1, 2, 5, 10)
"""Steps that people count in."""
EVERYBODY = "everybody"


@drawn
def trust_figure(study: Study, *, say: Language = ENGLISH) -> Figure:
    """Return residents' trust in each target over time, and by group before and after; of one scenario or more."""
    arms = marks_of_arms(study, say)
    lane = 0.13 * len(arms) + 0.18
    figure = blank(WIDTH, 4.9 + lane * (len(GROUPS) + 1))
    body = under_key(figure, [*map(_line, arms if len(arms) > 1 else ()), *_keys(say)])
    axes = body.subplots(2, len(OUTCOMES), height_ratios=[2.6, lane * (len(GROUPS) + 1)])
    before, after = trust_before(study), trust_after(study)
    for column, outcome in enumerate(OUTCOMES):
        course, groups = axes[:, column]
        if column:
            course.sharey(axes[0, 0])
            groups.sharex(axes[1, 0])
        _course(course, study, outcome, arms)
        _groups(groups, before[outcome], after[outcome], arms, say)
        course.set_title(wrapped(say.label(MEASURES[outcome]), 28), loc="left", fontsize=10, color=INK)
        course.tick_params(labelleft=column == 0)
        groups.tick_params(labelleft=column == 0)
        course.set_xlabel(say("years since month 0"), fontsize=9, color=FAINT)
        groups.set_xlabel(say("trust, 0 to 1"), fontsize=9, color=FAINT)
    axes[0, 0].set_ylabel(say("trust, 0 to 1"), fontsize=9, color=FAINT)
    title = say("Whom do residents trust, before and after?")
    if len(arms) == 1:
        title = say("Whom do residents trust in {arm}, before and after?", arm=arms[0].name)
    heading(figure, title, _caption(study, say))
    return figure


def trust_before(study: Study) -> pd.DataFrame:
    """Return trust at month 0 by group and replicate: the last month before it, or the first one there is.

    The index is (group, replicate), `everybody` one of the groups. All scenarios share the history before month 0.
    """
    months = _everybody_and_groups(study)
    before = months[(months["scenario"] == study.labels[0])]
    month = before["month"][before["month"] < 0].max() if (before["month"] < 0).any() else before["month"].min()
    return before[before["month"] == month].set_index(["group", "replicate"]).sort_index()[list(OUTCOMES)]


def trust_after(study: Study) -> pd.DataFrame:
    """Return trust as the mean of the last 12 months by scenario, group and replicate."""
    levels = run_levels(_everybody_and_groups(study), study.months)
    return levels.set_index(["scenario", "group", "replicate"]).sort_index()[list(OUTCOMES)]


def _everybody_and_groups(study: Study) -> pd.DataFrame:
    """Return trust month by month, of all residents and of each group, in the complete replicates."""
    kept = ["scenario", "replicate", "month", "group", *OUTCOMES]
    both = pd.concat([study.months.assign(group=EVERYBODY)[kept], study.groups[kept]], ignore_index=True)
    return both[both["replicate"].isin(study.complete)]


def _course(axis: Axes, study: Study, outcome: str, arms: Sequence[Mark]) -> None:
    """Draw trust in one target over time, a line per scenario."""
    months = study.months[study.months["replicate"].isin(study.complete)]
    for mark in arms:
        mine = months[months["scenario"] == mark.label]
        wide = mine.pivot(index="month", columns="replicate", values=outcome)
        years = wide.index / 12
        axis.plot(years, wide.mean(axis="columns"), color=mark.colour, linestyle=mark.dash, linewidth=1.8)
        if wide.shape[1] > 1:
            low, high = (wide.quantile(share, axis="columns") for share in MIDDLE)
            axis.fill_between(years, low, high, color=mark.colour, alpha=0.16, linewidth=0)
    plain_frame(axis, "y")
    first = months["month"].min() / 12
    axis.set_xlim(first, (months["month"].max() + 1) / 12)
    if first < 0:
        axis.axvspan(first, 0, color=SHADE, zorder=0, linewidth=0)
    axis.xaxis.set_major_locator(MaxNLocator(4, steps=STEPS))
    axis.yaxis.set_major_locator(MaxNLocator(5, steps=STEPS))


def _groups(axis: Axes, before: pd.Series, after: pd.Series, arms: Sequence[Mark], say: Language) -> None:
    """Draw a row per group: a tick at month 0, from it a line to each scenario's level at the end."""
    names = (EVERYBODY, *GROUPS)
    rows(axis, [say("everybody"), *(group_name(group, say) for group in GROUPS)])
    for row, group in enumerate(names):
        start = before.loc[group].mean()
        axis.plot([start] * 2, [row - 0.36, row + 0.36], color=INK, linewidth=1.6)
        for mark, lane in zip(arms, lanes(len(arms), 0.5), strict=True):
            ends = after.loc[mark.label, group]
            axis.plot([start, ends.mean()], [row + lane] * 2, color=mark.colour, linewidth=1.0, linestyle=mark.dash)
            if len(ends) > 1:
                axis.plot(
                    ends.quantile(list(MIDDLE)), [row + lane] * 2, color=mark.colour, linewidth=3.6, alpha=0.35,
                    solid_capstyle="butt",
                )  # fmt: skip
            axis.plot([ends.mean()], [row + lane], mark.marker, color=mark.colour, markersize=5, label=mark.label)
    axis.xaxis.set_major_locator(MaxNLocator(4, steps=STEPS))


def _line(mark: Mark) -> Line2D:
    """Return a scenario's entry of the legend, its line and its mark."""
    return Line2D([], [], color=mark.colour, linestyle=mark.dash, marker=mark.marker, markersize=5, label=mark.name)


def _keys(say: Language) -> list[Line2D]:
    """Return the legend's entry of what all scenarios have."""
    start = Line2D([], [], color=INK, marker="|", linestyle="", markersize=9, markeredgewidth=1.6)
    start.set_label(say("at month 0"))
    return [start]


def _caption(study: Study, say: Language) -> str:
    """Say what lines, bands and marks are."""
    count = len(study.complete)
    above = say("Above: all residents; shaded years: the warm-up before month 0.")
    below = say("Below: from the level at month 0 to the mean of the last 12 months, by group.")
    if count == 1:
        what = say("One replicate: no bands.")
    else:
        what = say(
            "Lines and marks: mean of {count} replicates; bands and thick lines: the middle 95 % of them.", count=count
        )
    return f"{sentences(above, below, say=say)}\n{sentences(what, made_with(study.seed, say), say=say)}"
