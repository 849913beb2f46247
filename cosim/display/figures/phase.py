"""A phase diagram: where, over one to three factors, a reform wins and where it loses."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from cosim.display.factors import factor_name, outcome_name
from cosim.display.style import COLOURS, DOTS_PER_INCH, FAINT, INK
from cosim.display.words import capitalised, plain
from cosim.outcomes.measures import measure_of

PANEL = (2.9, 2.75)
"""Width and height in inches of a panel."""
IN_A_ROW = 3
MOST_LEVELS = 25
"""Levels of a factor that a map has room for."""
MOST_PANELS = 5
"""Levels of a third factor that are drawn side by side."""
WINS = LinearSegmentedColormap.from_list("wins", [COLOURS[1], "#FFFFFF", COLOURS[0]])
LOSES = WINS.reversed()
NEITHER = LinearSegmentedColormap.from_list("neither", [COLOURS[3], "#FFFFFF", COLOURS[2]])
SCALES = {1: WINS, -1: LOSES, 0: NEITHER}
"""Colours by whether more of an outcome is better: blue is for the better, orange for the worse."""
FIXED = ("scenario", "against", "point", "n", "mean_a", "mean_b", "difference", "low", "high", "verdict")
"""Columns of differences that are no factors."""


def phase_figure(found: Mapping[str, pd.DataFrame], scenario: str) -> Figure | None:
    """Draw what a scenario changes over the factors that vary; None where they cannot be drawn in a plane.

    `found` has the differences of each outcome (`cosim.study.sensitivity.differences`). One factor gives a line with
    paired 95 % intervals; two whose levels make a grid give a map; a third of few levels gives a map for each of them.
    Cells whose interval covers zero, or that have none, are hatched.
    """
    mine = {outcome: table[table["scenario"] == scenario] for outcome, table in found.items()}
    first = next(iter(mine.values()))
    factors = _varying(first)
    against = first["against"].iloc[0]
    title = f"Where {plain(scenario)} wins and loses against {plain(against)}"
    if len(factors) == 1:
        return _lines(mine, factors[0], title)
    if not 2 <= len(factors) <= 3 or not _is_grid(first, factors):
        return None
    if len(factors) == 2:
        return _maps(mine, factors, title)
    levels = {key: len(_levels(first[key])) for key in factors}
    third = min(factors, key=lambda key: levels[key])
    if levels[third] > MOST_PANELS:
        return None
    return _maps_by(mine, [key for key in factors if key != third], third, title)


def _varying(table: pd.DataFrame) -> list[str]:
    """Return the factors of which there is more than one value."""
    return [key for key in table if key not in FIXED and len(_levels(table[key])) > 1]


def _levels(values: pd.Series) -> list[Any]:
    """Return a factor's values: numbers sorted, anything else in the order of the design."""
    levels = list(values.unique())
    return sorted(levels) if pd.api.types.is_numeric_dtype(values) else levels


def _is_grid(table: pd.DataFrame, factors: Sequence[str]) -> bool:
    """Whether every combination of the factors' values is one point, and there are few enough of them to see."""
    sizes = [len(_levels(table[key])) for key in factors]
    return len(table) == math.prod(sizes) and not table.duplicated(list(factors)).any() and max(sizes) <= MOST_LEVELS


def _new_figure(title: str, rows: int, columns: int) -> tuple[Figure, Any]:
    """Return an empty figure with its panels."""
    size = (max(0.9 + PANEL[0] * columns, 6.2), 1.5 + PANEL[1] * rows)
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.05)
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, layout=layout, facecolor="white")
    figure.suptitle(textwrap.fill(title, int(size[0] * 7.5)), x=0.012, ha="left", fontsize=14, fontweight="bold",
                    color=INK)  # fmt: skip
    return figure, figure.subplots(rows, columns, squeeze=False)


def _explain(figure: Figure, text: str) -> None:
    """Write below the panels what is in them."""
    width = int(figure.get_figwidth() * 15.5)
    figure.supxlabel(textwrap.fill(text, width), x=0.012, ha="left", fontsize=8.5, color=FAINT)


def _shape(panels: int) -> tuple[int, int]:
    """Return rows and columns for so many panels."""
    rows = math.ceil(panels / IN_A_ROW)
    return rows, math.ceil(panels / rows)


def _lines(mine: Mapping[str, pd.DataFrame], key: str, title: str) -> Figure:
    """Draw the differences along one factor."""
    figure, axes = _new_figure(title, *_shape(len(mine)))
    for axis, (outcome, table) in zip(axes.flat, mine.items(), strict=False):
        _line(axis, table, key, outcome)
    for axis in axes.flat[len(mine) :]:
        axis.set_visible(False)
    points = "Points: mean differences; lines and bands: paired 95 % intervals. Filled: the interval excludes zero. "
    _explain(figure, points + _about_colours(mine))
    return figure


def _line(axis: Axes, table: pd.DataFrame, key: str, outcome: str) -> None:
    """Draw one outcome's differences along a factor: joined where it has numbers."""
    numbers = pd.api.types.is_numeric_dtype(table[key]) and not pd.api.types.is_bool_dtype(table[key])
    levels = _levels(table[key])
    table = table.sort_values(key) if numbers else table
    places = table[key].astype(float) if numbers else table[key].map(levels.index).astype(float)
    scale = SCALES[measure_of(outcome).better]
    clear = (table["low"] > 0) | (table["high"] < 0)
    ends = [scale(1.0 if up else 0.0) for up in table["difference"] > 0]
    axis.axhline(0.0, color="#888888", linewidth=0.9, zorder=1)
    if numbers:
        axis.plot(places, table["difference"], color=FAINT, linewidth=1.2, zorder=2)
        axis.fill_between(places, table["low"], table["high"], color=FAINT, alpha=0.15, linewidth=0)
    axis.vlines(places, table["low"], table["high"], color=ends, linewidth=1.6, zorder=2)
    axis.scatter(
        places, table["difference"], s=26, zorder=3, edgecolors=ends, linewidths=1.3,
        facecolors=[colour if known else "#FFFFFF" for colour, known in zip(ends, clear, strict=True)],
    )  # fmt: skip
    if not numbers:
        axis.set_xticks(range(len(levels)), [_level(level) for level in levels])
        axis.set_xlim(-0.5, len(levels) - 0.5)
    _head(axis, outcome)
    axis.set_xlabel(_factor(key), fontsize=8.5, color=INK)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color("#BBBBBB")
    axis.grid(axis="y", color="#E6E6E6", linewidth=0.7)
    axis.set_axisbelow(True)
    axis.tick_params(colors=FAINT, labelsize=8, length=3)
    axis.yaxis.set_major_locator(MaxNLocator(5))


def _maps(mine: Mapping[str, pd.DataFrame], factors: Sequence[str], title: str) -> Figure:
    """Draw a map of two factors for each outcome."""
    figure, axes = _new_figure(title, *_shape(len(mine)))
    across, up = _by_length(next(iter(mine.values())), factors)
    for axis, (outcome, table) in zip(axes.flat, mine.items(), strict=False):
        _colour_bar(figure, _map(axis, table, across, up, outcome, _largest(table)), [axis])
        _head(axis, outcome)
        _label_axes(axis, across, up)
    for axis in axes.flat[len(mine) :]:
        axis.set_visible(False)
    _explain(figure, _about_maps(mine))
    return figure


def _maps_by(mine: Mapping[str, pd.DataFrame], factors: Sequence[str], third: str, title: str) -> Figure:
    """Draw a row of maps for each outcome, one for each level of a third factor."""
    first = next(iter(mine.values()))
    levels = _levels(first[third])
    across, up = _by_length(first, factors)
    figure, axes = _new_figure(title, len(mine), len(levels))
    for row, (outcome, table) in zip(axes, mine.items(), strict=True):
        for axis, level in zip(row, levels, strict=True):
            drawn = _map(axis, table[table[third] == level], across, up, outcome, _largest(table))
            _label_axes(axis, across, up if axis is row[0] else "")
            axis.set_title(f"{plain(third.rpartition('.')[2])}: {_level(level)}", loc="left", fontsize=8.5, color=FAINT)
        _head(row[0], outcome, f"{plain(third.rpartition('.')[2])}: {_level(levels[0])}")
        _colour_bar(figure, drawn, list(row), f"difference, {measure_of(outcome).unit_of_level}")
    _explain(figure, _about_maps(mine))
    return figure


def _by_length(table: pd.DataFrame, factors: Sequence[str]) -> tuple[str, str]:
    """Return the factor that goes across, which has more levels, and the one that goes up."""
    up, across = sorted(factors, key=lambda key: len(_levels(table[key])))
    return across, up


def _largest(table: pd.DataFrame) -> float:
    """Return the end of the colour scale, the same on both sides of zero."""
    largest = table["difference"].abs().max()
    return float(largest) if largest > 0 else 1.0


def _map(axis: Axes, table: pd.DataFrame, across: str, up: str, outcome: str, largest: float) -> Any:
    """Draw one map, and return what its colours stand for."""
    columns, rows = _levels(table[across]), _levels(table[up])
    cells = table.set_index([up, across])
    whole = pd.MultiIndex.from_product([rows, columns])
    shape = len(rows), len(columns)
    shown = cells["difference"].reindex(whole).to_numpy(dtype=float).reshape(shape)
    clear = ((cells["low"] > 0) | (cells["high"] < 0)).reindex(whole).to_numpy(dtype=bool).reshape(shape)
    drawn = axis.pcolormesh(
        np.ma.masked_invalid(shown), cmap=SCALES[measure_of(outcome).better], vmin=-largest, vmax=largest,
        edgecolors="#FFFFFF", linewidth=0.6,
    )  # fmt: skip
    axis.set_facecolor("#DDDDDD")
    for row, column in np.argwhere(~clear):
        faded = Rectangle((column, row), 1, 1, facecolor="#FFFFFFB0", hatch="////", linewidth=0, edgecolor="#9A9A9A")
        axis.add_patch(faded)
    axis.set_xticks(*_ticks(columns))
    axis.set_yticks(*_ticks(rows))
    axis.tick_params(colors=FAINT, labelsize=8, length=0)
    axis.spines[:].set_visible(False)
    return drawn


def _ticks(levels: Sequence[Any], most: int = 8) -> tuple[list[float], list[str]]:
    """Return where ticks stand and what they say: in the middle of a cell, not too many."""
    step = math.ceil(len(levels) / most)
    return [place + 0.5 for place in range(0, len(levels), step)], [_level(level) for level in levels[::step]]


def _level(level: Any) -> str:
    """Return a factor's value as a scenario file has it."""
    if isinstance(level, bool | np.bool_):
        return str(level).lower()
    return f"{level:,.4g}" if isinstance(level, int | float | np.number) else plain(str(level))


def _label_axes(axis: Axes, across: str, up: str) -> None:
    """Name the factors along a map's sides."""
    axis.set_xlabel(_factor(across), fontsize=8.5, color=INK)
    if up:
        axis.set_ylabel(_factor(up), fontsize=8.5, color=INK)


def _factor(key: str) -> str:
    """Return a factor's name, and below it its key."""
    return f"{textwrap.shorten(factor_name(key), 36, placeholder=' …')}\n{key}"


def _head(axis: Axes, outcome: str, below: str = "") -> None:
    """Write an outcome's name and unit above a panel."""
    unit = below or f"difference, {measure_of(outcome).unit_of_level}"
    axis.set_title(capitalised(outcome_name(outcome)), loc="left", fontsize=11, color=INK, pad=16)
    below_it = axis.text(0, 1.02, unit, transform=axis.transAxes, fontsize=8.5, color=FAINT, va="bottom")
    below_it.set_in_layout(False)


def _colour_bar(figure: Figure, drawn: Any, axes: list[Axes], label: str = "") -> None:
    """Draw what the colours stand for."""
    bar = figure.colorbar(drawn, ax=axes, shrink=0.9, aspect=22, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label(label, fontsize=8.5, color=FAINT)
    bar.ax.tick_params(colors=FAINT, labelsize=8, length=0)
    bar.ax.yaxis.set_major_locator(MaxNLocator(5, symmetric=True))


def _about_maps(mine: Mapping[str, pd.DataFrame]) -> str:
    """Say what colours and hatching are."""
    pairs = max(int(table["n"].max()) for table in mine.values())
    return (
        f"{_about_colours(mine)} Hatched: the paired 95 % interval, each for itself, covers zero (up to {pairs} pairs "
        "a cell). Grey: no finished pair."
    )


def _about_colours(mine: Mapping[str, pd.DataFrame]) -> str:
    """Say what colours are."""
    neither = [outcome_name(outcome).lower() for outcome in mine if measure_of(outcome).better == 0]
    which = f" For {' and '.join(neither)}, green is more, purple less." if neither else ""
    return f"Blue: for the better, orange: for the worse.{which}"
