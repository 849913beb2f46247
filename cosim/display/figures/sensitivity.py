"""A figure of sensitivity: which factors move which outcome, and how much of that may be luck."""

import math
import textwrap
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from cosim.display.factors import factor_name, outcome_name
from cosim.display.style import COLOURS, DOTS_PER_INCH, FAINT, INK
from cosim.display.words import NOTHING, capitalised, percent, plain
from cosim.outcomes.measures import measure_of

MOST = 12
"""Factors that are shown, and outcomes to a figure."""
IN_A_ROW = 4
PANEL, LABELS = 2.35, 3.2
"""Width in inches of a panel, and of the names beside a row of them."""
LINE = 0.34
"""Height in inches of a factor."""
UP, DOWN, BOTH_WAYS, LUCK = COLOURS[2], COLOURS[3], "#9A9A9A", COLOURS[1]
ONE_WAY = 0.5
"""Share of the mean size that the mean effect has at least where a factor works one way."""


def sensitivity_figure(found: pd.DataFrame, scenario: str, against: str = "", most: int = MOST) -> Figure:
    """Draw a target's indices: a panel for each outcome, a bar for each of the `most` factors that move any most.

    `found` are indices as `cosim.study.sensitivity.indices` returns them; `scenario` and `against` name the target.
    """
    mine = found[(found["scenario"] == scenario) & (found["against"] == against)]
    by = "mu_star" if "mu_star" in mine else "ST"
    outcomes = list(mine["outcome"].unique())
    shown = _factors(mine, by, most)
    rows = math.ceil(len(outcomes) / IN_A_ROW)
    columns = math.ceil(len(outcomes) / rows)
    size = (LABELS + PANEL * columns, 1.55 + rows * (0.85 + LINE * len(shown)))
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.02, hspace=0.04)
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, layout=layout, facecolor="white")
    name = plain(scenario)
    what = f"what {name} changes against {plain(against)}" if against else f"outcomes under {name}"
    title = textwrap.fill(f"Which factors move {what}?", int(size[0] * 7.5))
    figure.suptitle(title, x=0.012, ha="left", fontsize=14, fontweight="bold", color=INK)
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for axis, outcome in zip(axes.flat, outcomes, strict=False):
        _panel(axis, mine[mine["outcome"] == outcome].set_index("factor").loc[shown], outcome, by)
    for axis in axes.flat[len(outcomes) :]:
        axis.set_visible(False)
    for axis in axes[:, 0]:
        _name(axis, shown)
    figure.supxlabel(_caption(mine, by, len(shown), int(size[0] * 15.5)), x=0.012, ha="left", fontsize=8.5, color=FAINT)
    return figure


def _factors(mine: pd.DataFrame, by: str, most: int) -> list[str]:
    """Return the factors that move any outcome most, beside the one that moves it most; largest first."""
    wide = mine.pivot(index="factor", columns="outcome", values=by)
    largest = (wide / wide.max()).max(axis="columns").fillna(0.0)
    return list(largest.sort_values(ascending=False, kind="stable").index[:most])


def _panel(axis: Axes, found: pd.DataFrame, outcome: str, by: str) -> None:
    """Draw one outcome, the first factor on top."""
    heights = -pd.Series(range(len(found)), index=found.index, dtype=float)
    size, half = found[by], found[f"{by}_conf"]
    if by == "mu_star":
        one_way = found["mu"].abs() >= ONE_WAY * size
        colours = [(UP if up else DOWN) if way else BOTH_WAYS for up, way in zip(found["mu"] > 0, one_way, strict=True)]
        axis.barh(heights, size, height=0.56, color=colours, alpha=0.8, linewidth=0)
        axis.plot(found["sigma"], heights, "o", markersize=4.2, markerfacecolor="white", markeredgecolor=INK,
                  markeredgewidth=0.9, zorder=4)  # fmt: skip
    else:
        axis.barh(heights, size, height=0.56, color=COLOURS[4], alpha=0.55, linewidth=0)
        axis.barh(heights, found["S1"].clip(lower=0), height=0.26, color=COLOURS[0], linewidth=0)
    axis.hlines(heights, (size - half).clip(lower=0), size + half, zorder=3, color=INK, linewidth=1.0)
    axis.vlines(found["luck"], heights - 0.38, heights + 0.38, color=LUCK, linewidth=1.6, zorder=5)
    axis.set_ylim(-len(found) + 0.4, 0.6)
    axis.set_xlim(0.0, None if by == "mu_star" and size.max() > 0 else 1.05)
    axis.set_title(textwrap.fill(capitalised(outcome_name(outcome)), 26), loc="left", fontsize=10.5, color=INK, pad=16)
    noise = found["noise"].iloc[0]
    unit = measure_of(outcome).unit_of_level if by == "mu_star" else "share of variance"
    unit = unit.replace("per resident and year", "a year")
    told = NOTHING if pd.isna(noise) else percent(noise)
    axis.text(0, 1.01, f"{unit}; noise {told}", transform=axis.transAxes, fontsize=8, color=FAINT, va="bottom")
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color("#BBBBBB")
    axis.tick_params(axis="x", colors=FAINT, labelsize=8, length=3)
    axis.grid(axis="x", color="#E6E6E6", linewidth=0.7)
    axis.tick_params(axis="y", which="both", length=0)
    axis.set_axisbelow(True)
    axis.xaxis.set_major_locator(MaxNLocator(4))


def _name(axis: Axes, factors: Sequence[str]) -> None:
    """Write each factor's name beside its bar, and its key below in small."""
    places = [-float(place) for place in range(len(factors))]
    names = [textwrap.shorten(factor_name(key), 48, placeholder=" …") for key in factors]
    axis.set_yticks([place + 0.17 for place in places], names, fontsize=8.5, color=INK)
    axis.set_yticks([place - 0.23 for place in places], list(factors), fontsize=6.5, color=FAINT, minor=True)


def _caption(mine: pd.DataFrame, by: str, shown: int, width: int) -> str:
    """Say what bars, lines and marks are."""
    if by == "mu_star":
        bars = (
            "Bars: μ*, mean size of the effect over a factor's whole range, or of switching it. Green: it raises the "
            "outcome, purple: it lowers it, grey: both, depending on the rest. Circles: σ; beyond the bar, the effect "
            "depends much on the rest, or bends. Black lines: 95 % intervals of μ*. Orange ticks: the μ* that luck "
            "alone would give."
        )
    else:
        bars = (
            "Light bars: total effect ST, with what a factor does together with others; dark bars: S1, what it does "
            "alone. Black lines: 95 % intervals of ST. Orange ticks: the part of ST that is luck."
        )
    every = mine["factor"].nunique()
    which = f" The {shown} of {every} factors that move any outcome most." if shown < every else ""
    return textwrap.fill(bars + which, width)
