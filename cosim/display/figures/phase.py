"""A phase diagram: where, over one to three factors, a reform wins and where it loses."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from cosim.display.factors import factor_name, outcome_name
from cosim.display.style import (
    COLOURS,
    FAINT,
    INK,
    SMALL,
    blank,
    drawable,
    drawn,
    heading,
    panel_heading,
    plain_frame,
    shortened,
    wrapped,
)
from cosim.display.words import arm_name, capitalised, listed, plain, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import measure_of

SIZE = (2.9, 2.75)
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
UNKNOWN, UNSURE, HATCH = "#DDDDDD", "#FFFFFFB0", "#9A9A9A"
"""Colours of cells without a pair, and of what lies on cells whose interval covers zero."""
FACTOR_WIDTH = 38
"""Columns to a line of a factor's name."""
FIXED = ("scenario", "against", "point", "n", "mean_a", "mean_b", "difference", "low", "high", "verdict")
"""Columns of differences that are no factors."""


@drawn
def phase_figure(found: Mapping[str, pd.DataFrame], scenario: str, say: Language = ENGLISH) -> Figure | None:
    """Draw what a scenario changes over the factors that vary; None where they cannot be drawn in a plane.

    `found` has the differences of each outcome (`cosim.study.sensitivity.differences`). One factor gives a line with
    paired 95 % intervals; two whose levels make a grid give a map; a third of few levels gives a map for each of them.
    Cells whose interval covers zero, or that have none, are hatched.
    """
    mine = {outcome: table[table["scenario"] == scenario] for outcome, table in found.items()}
    first = next(iter(mine.values()))
    if not has_plane(first):
        return None
    factors = _varying(first)
    title = say(
        "Where {scenario} wins and loses against {against}",
        scenario=arm_name(scenario, say), against=arm_name(first["against"].iloc[0], say),
    )  # fmt: skip
    if len(factors) == 1:
        return _lines(mine, factors[0], title, say)
    if len(factors) == 2:
        return _maps(mine, factors, title, say)
    third = _third(first, factors)
    return _maps_by(mine, [key for key in factors if key != third], third, title, say)


def has_plane(points: pd.DataFrame) -> bool:
    """Whether the points of a design, a row each, can be drawn in a plane."""
    factors = _varying(points)
    if len(factors) == 1:
        return True
    if not 2 <= len(factors) <= 3 or not _is_grid(points, factors):
        return False
    return len(factors) == 2 or len(_levels(points[_third(points, factors)])) <= MOST_PANELS


def _third(points: pd.DataFrame, factors: Sequence[str]) -> str:
    """Return the factor that has fewest levels."""
    return min(factors, key=lambda key: len(_levels(points[key])))


def _varying(table: pd.DataFrame) -> list[str]:
    """Return the factors of which there is more than one value."""
    return [
        key for key in table if key not in FIXED and not key.startswith("unit:") and len(_levels(table[key])) > 1
    ]


def _levels(values: pd.Series) -> list[Any]:
    """Return a factor's values: numbers sorted, anything else in the order of the design."""
    levels = list(values.unique())
    return sorted(levels) if pd.api.types.is_numeric_dtype(values) else levels


def _is_grid(table: pd.DataFrame, factors: Sequence[str]) -> bool:
    """Whether every combination of the factors' values is one point, and there are few enough of them to see."""
    sizes = [len(_levels(table[key])) for key in factors]
    return len(table) == math.prod(sizes) and not table.duplicated(list(factors)).any() and max(sizes) <= MOST_LEVELS


def _new_figure(rows: int, columns: int) -> tuple[Figure, Any]:
    """Return an empty figure with its panels."""
    figure = blank(max(0.9 + SIZE[0] * columns, 6.2), 1.6 + SIZE[1] * rows)
    return figure, figure.subplots(rows, columns, squeeze=False)


def _shape(panels: int) -> tuple[int, int]:
    """Return rows and columns for so many panels."""
    rows = math.ceil(panels / IN_A_ROW)
    return rows, math.ceil(panels / rows)


def _lines(mine: Mapping[str, pd.DataFrame], key: str, title: str, say: Language) -> Figure:
    """Draw the differences along one factor."""
    figure, axes = _new_figure(*_shape(len(mine)))
    for axis, (outcome, table) in zip(axes.flat, mine.items(), strict=False):
        _line(axis, table, key, outcome, say)
    _name_outer(axes, len(mine), key, "", say)
    points = say(
        "Points: mean differences; lines and bands: paired 95 % intervals. Filled: the interval excludes zero."
    )
    heading(figure, title, f"{sentences(points, _about_colours(mine, say), say=say)}\n{_about_keys([key], say)}")
    return figure


def _line(axis: Axes, table: pd.DataFrame, key: str, outcome: str, say: Language) -> None:
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
    _head(axis, outcome, say)
    plain_frame(axis)
    if not numbers:
        axis.set_xticks(range(len(levels)), [_level(level, say) for level in levels])
        axis.set_xlim(-0.5, len(levels) - 0.5)
    axis.yaxis.set_major_locator(MaxNLocator(5))


def _maps(mine: Mapping[str, pd.DataFrame], factors: Sequence[str], title: str, say: Language) -> Figure:
    """Draw a map of two factors for each outcome."""
    figure, axes = _new_figure(*_shape(len(mine)))
    across, up = _by_length(next(iter(mine.values())), factors)
    for axis, (outcome, table) in zip(axes.flat, mine.items(), strict=False):
        _colour_bar(figure, _map(axis, table, across, up, outcome, _largest(table), say), [axis])
        _head(axis, outcome, say)
    _name_outer(axes, len(mine), across, up, say)
    heading(figure, title, _about_maps(mine, [across, up], say))
    return figure


def _maps_by(mine: Mapping[str, pd.DataFrame], factors: Sequence[str], third: str, title: str, say: Language) -> Figure:
    """Draw a row of maps for each outcome, one for each level of a third factor."""
    first = next(iter(mine.values()))
    levels = _levels(first[third])
    across, up = _by_length(first, factors)
    figure, axes = _new_figure(len(mine), len(levels))
    for row, (outcome, table) in zip(axes, mine.items(), strict=True):
        for axis, level in zip(row, levels, strict=True):
            shown = _map(axis, table[table[third] == level], across, up, outcome, _largest(table), say)
            fixed = shortened(f"{factor_name(third, say)}{say.pick(': ', '：')}{_level(level, say)}", FACTOR_WIDTH)
            panel_heading(axis, capitalised(outcome_name(outcome, say)) if axis is row[0] else "", fixed)
        _colour_bar(figure, shown, list(row), say("difference, {unit}", unit=say(measure_of(outcome).unit_of_level)))
    _name_outer(axes, axes.size, across, up, say)
    heading(figure, title, _about_maps(mine, [across, up, third], say))
    return figure


def _by_length(table: pd.DataFrame, factors: Sequence[str]) -> tuple[str, str]:
    """Return the factor that goes across, which has more levels, and the one that goes up."""
    up, across = sorted(factors, key=lambda key: len(_levels(table[key])))
    return across, up


def _largest(table: pd.DataFrame) -> float:
    """Return the end of the colour scale, the same on both sides of zero."""
    largest = table["difference"].abs().max()
    return float(largest) if largest > 0 else 1.0


def _map(axis: Axes, table: pd.DataFrame, across: str, up: str, outcome: str, largest: float, say: Language) -> Any:
    """Draw one map, and return what its colours stand for."""
    columns, rows = _levels(table[across]), _levels(table[up])
    cells = table.set_index([up, across])
    whole = pd.MultiIndex.from_product([rows, columns])
    shape = len(rows), len(columns)
    shown = cells["difference"].reindex(whole).to_numpy(dtype=float).reshape(shape)
    clear = ((cells["low"] > 0) | (cells["high"] < 0)).reindex(whole).to_numpy(dtype=bool).reshape(shape)
    colours = axis.pcolormesh(
        np.ma.masked_invalid(shown), cmap=SCALES[measure_of(outcome).better], vmin=-largest, vmax=largest,
        edgecolors="#FFFFFF", linewidth=0.6,
    )  # fmt: skip
    axis.set_facecolor(UNKNOWN)
    for row, column in np.argwhere(~clear):
        faded = Rectangle((column, row), 1, 1, facecolor=UNSURE, hatch="////", linewidth=0, edgecolor=HATCH)
        axis.add_patch(faded)
    for row, column in np.argwhere(clear & (shown < 0)):
        axis.plot(column + 0.5, row + 0.5, "_", color=INK, markersize=min(9.0, 90.0 / max(shape)), markeredgewidth=1.1)
    plain_frame(axis)
    axis.grid(visible=False)
    axis.set_xticks(*_ticks(columns, say))
    axis.set_yticks(*_ticks(rows, say))
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    return colours


def _ticks(levels: Sequence[Any], say: Language, most: int = 8) -> tuple[list[float], list[str]]:
    """Return where ticks stand and what they say: in the middle of a cell, not too many."""
    step = math.ceil(len(levels) / most)
    places = [place + 0.5 for place in range(0, len(levels), step)]
    return places, [_level(level, say) for level in levels[::step]]


def _level(level: Any, say: Language) -> str:
    """Return a factor's value as a scenario file has it; a name as words."""
    if isinstance(level, bool | np.bool_):
        return say("yes") if level else say("no")
    if isinstance(level, int | float | np.number):
        return f"{level:,.4g}".replace("-", "−")
    return drawable(say(plain(str(level))))


def _name_outer(axes: Any, panels: int, across: str, up: str, say: Language) -> None:
    """Hide what is no panel, and name the factors below the lowest panels and left of the first ones."""
    columns = axes.shape[1]
    for number, axis in enumerate(axes.flat):
        axis.set_visible(number < panels)
        if number + columns >= panels:
            axis.set_xlabel(wrapped(factor_name(across, say), FACTOR_WIDTH), fontsize=SMALL, color=INK)
        if up and number % columns == 0:
            axis.set_ylabel(wrapped(factor_name(up, say), FACTOR_WIDTH), fontsize=SMALL, color=INK)


def _head(axis: Axes, outcome: str, say: Language) -> None:
    """Write an outcome's name and unit above a panel."""
    unit = say("difference, {unit}", unit=say(measure_of(outcome).unit_of_level))
    panel_heading(axis, capitalised(outcome_name(outcome, say)), unit)


def _colour_bar(figure: Figure, colours: Any, axes: list[Axes], label: str = "") -> None:
    """Draw what the colours stand for."""
    bar = figure.colorbar(colours, ax=axes, shrink=0.9, aspect=22, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label(label, fontsize=SMALL, color=FAINT)
    plain_frame(bar.ax)
    bar.ax.grid(visible=False)
    bar.ax.tick_params(length=0)
    bar.ax.yaxis.set_major_locator(MaxNLocator(5, symmetric=True))


def _about_maps(mine: Mapping[str, pd.DataFrame], keys: Sequence[str], say: Language) -> str:
    """Say what colours, hatching and dashes are."""
    pairs = max(int(table["n"].max()) for table in mine.values())
    cells = say(
        "A dash: the difference is negative. Hatched: the paired 95 % interval, each for itself, covers zero (up to "
        "{count} pairs a cell). Grey: no finished pair.",
        count=pairs,
    )
    return f"{sentences(_about_colours(mine, say), cells, say=say)}\n{_about_keys(keys, say)}"


def _about_colours(mine: Mapping[str, pd.DataFrame], say: Language) -> str:
    """Say what colours are."""
    neither = [outcome_name(outcome, say) for outcome in mine if measure_of(outcome).better == 0]
    usual = say("Blue: for the better, orange: for the worse.")
    if not neither:
        return usual
    which = say("For {outcomes}, green is more, purple less.", outcomes=listed(list(map(str.lower, neither)), say))
    return sentences(usual, which, say=say)


def _about_keys(keys: Sequence[str], say: Language) -> str:
    """Say by which keys of a scenario the factors go."""
    return say("Keys: {keys}.", keys=say.pick(", ", "、").join(keys))
