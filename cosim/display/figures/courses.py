"""Figures: six panels that show when the arms part, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from cosim.display.style import (
    FAINT,
    INK,
    SHADE,
    SMALL,
    TINY,
    blank,
    drawable,
    drawn,
    heading,
    panel_heading,
    plain_frame,
    strokes,
    wrapped,
)
from cosim.display.words import arm_name, capitalised, group_name, listed, made_with, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import FEE_TRAP, MEASURES
from cosim.study import Study

SIZE = (11.0, 6.6)
"""Width and height in inches."""

PANELS = (
    "participation",
    "trust_neighbours",
    "trust_government",
    "fee_collection",
    "condition",
    "cost_total",
)
PEOPLE = PANELS[:3]
"""What a run shows by group: the upper row."""
MIDDLE = (0.025, 0.975)
"""The band holds the middle 95 % of the replicates."""
LINE_HEIGHT = 0.075
"""Height of a line of a label, as a share of a panel's height."""
LABEL_WIDTH = 18
"""Columns to a line of a label."""
TICKS = 8
"""Most steps along the months."""


@dataclass(frozen=True)
class Curve:
    """One line of a panel: its name, colour and dashes, and its values by month (rows) and replicate (columns)."""

    name: str
    colour: str
    dashes: Any
    values: pd.DataFrame


@drawn
def comparison_figure(study: Study, say: Language = ENGLISH) -> Figure:
    """Return the arms' course over time: their mean, and the band that holds 95 % of the replicates."""
    names = [arm_name(label, say) for label in study.labels]
    arms = list(zip(study.labels, names, strokes(len(names)), strict=True))
    months = study.months[study.months["replicate"].isin(study.complete)]

    def curves(outcome: str) -> list[Curve]:
        return [Curve(name, *how, _course(months[months["scenario"] == label], outcome)) for label, name, how in arms]

    first, *others = names
    several = listed(others, say)
    title = say.many(
        "What changes when {others} replaces {first}?",
        "What changes when {others} replace {first}?",
        count=len(others),
        others=several,
        first=first,
    )
    return _grid(title, study, [(outcome, curves(outcome)) for outcome in PANELS], say)


@drawn
def summary_figure(study: Study, say: Language = ENGLISH) -> Figure:
    """Return one scenario's course over time, residents' outcomes by group."""

    def curves(outcome: str) -> list[Curve]:
        if outcome not in PEOPLE:
            return [Curve("", INK, "-", _course(study.months, outcome))]
        groups = study.groups.groupby("group", sort=False)
        return [
            Curve(group_name(str(group), say), *how, _course(of_group, outcome))
            for (group, of_group), how in zip(groups, strokes(groups.ngroups), strict=True)
        ]

    title = say("How does {scenario} develop, and for whom?", scenario=arm_name(study.labels[0], say))
    return _grid(title, study, [(outcome, curves(outcome)) for outcome in PANELS], say)


def _course(months: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return an outcome by month and replicate; money as what a resident cost over the year before."""
    wide = months.pivot(index="month", columns="replicate", values=outcome)
    if MEASURES[outcome].summary != "per_resident_year":
        return wide
    lived = months.pivot(index="month", columns="replicate", values="residents")
    year = {"window": 12, "min_periods": min(12, len(wide))}
    return wide.rolling(**year).sum() / lived.rolling(**year).sum() * 12


def _grid(title: str, study: Study, panels: Sequence[tuple[str, list[Curve]]], say: Language) -> Figure:
    """Draw the panels, three in a row, under a title and above a line that explains them."""
    figure = blank(*SIZE)
    axes = figure.subplots(2, 3, sharex=True)
    for axis, (outcome, curves) in zip(axes.flat, panels, strict=True):
        _panel(axis, outcome, curves, len(study.labels) > 1 or len(curves) == 1, say)
    _label_warm_up(axes[0, 0], panels[0][1][0], say)
    unit = say("years since month 0") if _in_years(axes[0, 0]) else say("months since month 0")
    for axis in axes[1]:
        axis.set_xlabel(unit, fontsize=SMALL, color=FAINT)
    heading(figure, title, _caption(study, say))
    return figure


def _panel(axis: Axes, outcome: str, curves: list[Curve], bands: bool, say: Language) -> None:
    """Draw one outcome, with or without bands over the replicates."""
    for curve in curves:
        month = curve.values.index.to_numpy()
        mean = curve.values.mean(axis="columns").to_numpy()
        axis.plot(month, mean, color=curve.colour, linestyle=curve.dashes, linewidth=1.8)
        if bands and curve.values.shape[1] > 1:
            low, high = (curve.values.quantile(share, axis="columns").to_numpy() for share in MIDDLE)
            axis.fill_between(
                month, low, high, facecolor=to_rgba(curve.colour, 0.15), edgecolor=to_rgba(curve.colour, 0.6),
                linewidth=0.6, linestyle=curve.dashes,
            )  # fmt: skip
    first, last = curves[0].values.index.min(), curves[0].values.index.max()
    axis.set_xlim(first, last + 1)
    if first < 0:
        axis.axvspan(first, 0, color=SHADE, zorder=0, linewidth=0)
    panel_heading(axis, capitalised(say.label(MEASURES[outcome])), say(MEASURES[outcome].unit_of_level))
    _set_scale(axis, outcome, say)
    _label_ends(axis, curves)
    plain_frame(axis)
    _set_ticks(axis)


def _set_scale(axis: Axes, outcome: str, say: Language) -> None:
    """Choose a scale on which small wobbles stay small; mark where the fee trap begins."""
    low, high = axis.get_ylim()
    if outcome in ("fee_collection", "condition"):
        low, high = 0.0, 1.0
    elif MEASURES[outcome].summary == "per_resident_year" or MEASURES[outcome].unit == "share":
        low, high = 0.0, max(high * 1.05, 0.1)
    elif high - low < 0.2:
        middle = (low + high) / 2
        low, high = middle - 0.1, middle + 0.1
    axis.set_ylim(low, high)
    if outcome == "fee_collection":
        axis.axhline(FEE_TRAP, color=FAINT, linewidth=0.8, linestyle=(0, (2, 3)))
        hint = say("below the dots: fee trap")
        axis.text(0.98, 0.03, hint, transform=axis.transAxes, fontsize=TINY, color=FAINT, ha="right")


def _label_ends(axis: Axes, curves: list[Curve]) -> None:
    """Write each curve's name where it ends, names pushed apart where curves meet."""
    named = [curve for curve in curves if curve.name]
    names = [wrapped(drawable(curve.name), LABEL_WIDTH) for curve in named]
    low, high = axis.get_ylim()
    ends = [(float(curve.values.iloc[-1].mean()) - low) / (high - low) for curve in named]
    heights = [LINE_HEIGHT * (name.count("\n") + 1) for name in names]
    for curve, name, place in zip(named, names, _pushed_apart(ends, heights), strict=True):
        axis.annotate(
            name,
            (1.0, place),
            xycoords="axes fraction",
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=SMALL,
            color=curve.colour,
            va="center",
            annotation_clip=False,
        )


def _pushed_apart(places: Sequence[float], heights: Sequence[float]) -> NDArray[np.float64]:
    """Return the places in the same order, moved as little as is needed for these heights side by side, in a panel."""
    known = np.nan_to_num(places, nan=0.5)
    order = np.argsort(known, kind="stable")
    if not len(order):
        return known
    tops = np.cumsum(np.asarray(heights)[order])
    steps = tops - np.asarray(heights)[order] / 2
    moved = np.empty(len(order))
    room = max(1.0 - float(tops[-1]), 0.0)
    moved[order] = np.clip(isotonic_regression(known[order] - steps).x, 0.0, room) + steps
    return moved


def _set_ticks(axis: Axes) -> None:
    """Leave few numbers: those in which people count months or years."""
    axis.yaxis.set_major_locator(MaxNLocator(5))
    axis.xaxis.set_major_locator(MultipleLocator(_months_between_ticks(axis)))
    if _in_years(axis):
        axis.xaxis.set_major_formatter(lambda month, _: f"{month / 12:.0f}".replace("-", "−"))


def _months_between_ticks(axis: Axes) -> int:
    """Return a step that people count months in."""
    first, last = axis.get_xlim()
    return next(step for step in (1, 3, 6, 12, 24, 60, 120, 240) if last - first <= TICKS * step)


def _in_years(axis: Axes) -> bool:
    """Whether the panel is long enough for years."""
    return _months_between_ticks(axis) >= 12


def _label_warm_up(axis: Axes, curve: Curve, say: Language) -> None:
    """Name the shaded months, once, above or below the curve; Chinese is written downwards."""
    first = axis.get_xlim()[0]
    if first < 0:
        before = curve.values[curve.values.index < 0].to_numpy()
        known = before[~np.isnan(before)]
        above = known.size == 0 or known.mean() < np.mean(axis.get_ylim())
        label = say("shared warm-up")
        axis.text(
            first / 2,
            0.97 if above else 0.03,
            label if label.isascii() else "\n".join(label),
            transform=axis.get_xaxis_transform(),
            fontsize=TINY,
            color=FAINT,
            ha="center",
            va="top" if above else "bottom",
            rotation=90 if label.isascii() else 0,
        )


def _caption(study: Study, say: Language) -> str:
    """Say what lines and bands are."""
    count, several = len(study.complete), len(study.labels) > 1
    shared = say("Same people and same luck in every scenario; one history until month 0.") if several else ""
    if count == 1:
        lines = say("One replicate: no bands.")
    elif several:
        lines = say("Lines: mean of {count} replicates; bands: the middle 95 % of them.", count=count)
    else:
        lines = say("Lines: mean of {count} replicates; bands, in the lower row: the middle 95 % of them.", count=count)
    money = say("Money: a resident's share of the twelve months before.")
    return f"{shared}\n{sentences(lines, money, made_with(study.seed, say), say=say)}"
