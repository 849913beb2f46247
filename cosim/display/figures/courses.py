"""Figures: six panels that show when the arms part, and by how much."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, MultipleLocator
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from cosim.display.style import COLOURS, DOTS_PER_INCH, FAINT, INK, SHADE
from cosim.display.words import GROUPS, capitalised, plain
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
LABEL_WIDTH, TITLE_WIDTH = 18, 80
"""Characters to a line."""
TICKS = 8
"""Most steps along the months."""


@dataclass(frozen=True)
class Curve:
    """One line of a panel: its name and colour, and its values by month (rows) and replicate (columns)."""

    name: str
    colour: str
    values: pd.DataFrame


def comparison_figure(study: Study) -> Figure:
    """Return the arms' course over time: their mean, and the band that holds 95 % of the replicates."""
    arms = list(zip(study.labels, COLOURS * len(study.labels), strict=False))
    months = study.months[study.months["replicate"].isin(study.complete)]

    def curves(outcome: str) -> list[Curve]:
        return [
            Curve(plain(label), colour, _course(months[months["scenario"] == label], outcome)) for label, colour in arms
        ]

    others = " and ".join(plain(label) for label in study.labels[1:])
    verb = "replaces" if len(study.labels) == 2 else "replace"
    title = f"What changes when {others} {verb} {plain(study.labels[0])}?"
    return _grid(title, study, [(outcome, curves(outcome)) for outcome in PANELS])


def summary_figure(study: Study) -> Figure:
    """Return one scenario's course over time, residents' outcomes by group."""

    def curves(outcome: str) -> list[Curve]:
        if outcome not in PEOPLE:
            return [Curve("", INK, _course(study.months, outcome))]
        groups = study.groups.groupby("group", sort=False)
        return [
            Curve(GROUPS.get(group, plain(group)), colour, _course(of_group, outcome))
            for (group, of_group), colour in zip(groups, COLOURS, strict=False)
        ]

    title = f"How does {plain(study.labels[0])} develop, and for whom?"
    return _grid(title, study, [(outcome, curves(outcome)) for outcome in PANELS])


def _course(months: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return an outcome by month and replicate; money as what a resident cost over the year before."""
    wide = months.pivot(index="month", columns="replicate", values=outcome)
    if MEASURES[outcome].summary != "per_resident_year":
        return wide
    lived = months.pivot(index="month", columns="replicate", values="residents")
    year = {"window": 12, "min_periods": min(12, len(wide))}
    return wide.rolling(**year).sum() / lived.rolling(**year).sum() * 12


def _grid(title: str, study: Study, panels: Sequence[tuple[str, list[Curve]]]) -> Figure:
    """Draw the panels, three in a row, under a title and above a line that explains them."""
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.02, hspace=0.04)
    figure = Figure(figsize=SIZE, dpi=DOTS_PER_INCH, layout=layout, facecolor="white")
    title = textwrap.fill(title, TITLE_WIDTH)
    figure.suptitle(title, x=0.012, ha="left", fontsize=14, fontweight="bold", color=INK)
    axes = figure.subplots(2, 3, sharex=True)
    for axis, (outcome, curves) in zip(axes.flat, panels, strict=True):
        _panel(axis, outcome, curves, bands=len(study.labels) > 1 or len(curves) == 1)
    _label_warm_up(axes[0, 0], panels[0][1][0])
    unit = "years" if _in_years(axes[0, 0]) else "months"
    for axis in axes[1]:
        axis.set_xlabel(f"{unit} since month 0", fontsize=9, color=FAINT)
    figure.supxlabel(_caption(study), x=0.012, ha="left", fontsize=8.5, color=FAINT)
    return figure


def _panel(axis: Axes, outcome: str, curves: list[Curve], bands: bool) -> None:
    """Draw one outcome, with or without bands over the replicates."""
    for curve in curves:
        month = curve.values.index.to_numpy()
        mean = curve.values.mean(axis="columns").to_numpy()
        axis.plot(month, mean, color=curve.colour, linewidth=1.8, solid_capstyle="round")
        if bands and curve.values.shape[1] > 1:
            low, high = (curve.values.quantile(share, axis="columns").to_numpy() for share in MIDDLE)
            axis.fill_between(month, low, high, color=curve.colour, alpha=0.16, linewidth=0)
    first, last = curves[0].values.index.min(), curves[0].values.index.max()
    axis.set_xlim(first, last + 1)
    if first < 0:
        axis.axvspan(first, 0, color=SHADE, zorder=0, linewidth=0)
    axis.set_title(capitalised(MEASURES[outcome].en), loc="left", fontsize=11, color=INK, pad=16)
    unit = MEASURES[outcome].unit_of_level
    axis.text(0, 1.02, unit, transform=axis.transAxes, fontsize=8.5, color=FAINT, va="bottom")
    _set_scale(axis, outcome)
    _label_ends(axis, curves)
    _plain_frame(axis)


def _set_scale(axis: Axes, outcome: str) -> None:
    """Choose a scale on which small wobbles stay small; mark where the fee trap begins."""
    low, high = axis.get_ylim()
    if outcome in ("fee_collection", "condition"):
        low, high = 0.0, 1.0
    elif MEASURES[outcome].summary == "per_resident_year" or MEASURES[outcome].unit == "share":
        low, high = 0.0, high * 1.05
    elif high - low < 0.2:
        middle = (low + high) / 2
        low, high = middle - 0.1, middle + 0.1
    axis.set_ylim(low, high)
    if outcome == "fee_collection":
        axis.axhline(FEE_TRAP, color=FAINT, linewidth=0.8, linestyle=(0, (2, 3)))
        hint = "below the dots: fee trap"
        axis.text(0.98, 0.03, hint, transform=axis.transAxes, fontsize=7.5, color=FAINT, ha="right")


def _label_ends(axis: Axes, curves: list[Curve]) -> None:
    """Write each curve's name where it ends, names pushed apart where curves meet."""
    named = [curve for curve in curves if curve.name]
    names = [textwrap.fill(curve.name, LABEL_WIDTH) for curve in named]
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
            fontsize=8.5,
            color=curve.colour,
            va="center",
            annotation_clip=False,
        )


def _pushed_apart(places: Sequence[float], heights: Sequence[float]) -> NDArray[np.float64]:
    """Return the places in the same order, moved as little as is needed for these heights side by side."""
    known = np.nan_to_num(places, nan=0.5)
    order = np.argsort(known, kind="stable")
    tops = np.cumsum(np.asarray(heights)[order])
    steps = tops - np.asarray(heights)[order] / 2
    moved = np.empty(len(order))
    moved[order] = isotonic_regression(known[order] - steps).x + steps
    return moved


def _plain_frame(axis: Axes) -> None:
    """Leave two axes, light lines and few numbers."""
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color("#BBBBBB")
    axis.tick_params(colors=FAINT, labelsize=8.5, length=3)
    axis.grid(axis="y", color="#E6E6E6", linewidth=0.7)
    axis.set_axisbelow(True)
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


def _label_warm_up(axis: Axes, curve: Curve) -> None:
    """Name the shaded months, once, above or below the curve."""
    first = axis.get_xlim()[0]
    if first < 0:
        before = curve.values[curve.values.index < 0].to_numpy()
        known = before[~np.isnan(before)]
        above = known.size == 0 or known.mean() < np.mean(axis.get_ylim())
        axis.text(
            first / 2,
            0.97 if above else 0.03,
            "shared warm-up",
            transform=axis.get_xaxis_transform(),
            fontsize=7.5,
            color=FAINT,
            ha="center",
            va="top" if above else "bottom",
            rotation=90,
        )


def _caption(study: Study) -> str:
    """Say what lines and bands are."""
    count = len(study.complete)
    if count == 1:
        lines = "One replicate."
    elif len(study.labels) > 1:
        lines = f"Lines: mean of {count} replicates; bands: the middle 95 % of them."
    else:
        lines = f"Lines: mean of {count} replicates; bands, in the lower row: the middle 95 % of them."
    shared = (
        "Same people and same luck in every scenario; one history until month 0.\n" if len(study.labels) > 1 else ""
    )
    return f"{shared}{lines} Money: a resident's share of the twelve months before. cosim, seed {study.seed}."
