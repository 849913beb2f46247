"""Figures of patterns: for each criterion what is asked for, what every replicate gave, and the verdict."""

import re
import textwrap
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from cosim.display.style import COLOURS, DOTS_PER_INCH, FAINT, INK
from cosim.display.words import number

BAND, EDGE = "#E4E4E4", "#8C8C8C"
MARKS = {"pass": ("o", COLOURS[0], COLOURS[0]), "fail": ("X", COLOURS[1], COLOURS[1]), "undecided": ("D", INK, "white")}
"""Marker, colour of its line, colour of its inside: told apart by shape, too."""
WIDTH, LINE, GAP, INDENT = 11.0, 0.34, 0.22, 0.15
"""Inches: of the figure, of a row, above a group, before a criterion below its pattern's title."""
ID, LABEL, ASKED, STRIP, FOUND, VERDICT = 0.15, 0.8, 5.3, (5.45, 8.1), 8.2, 10.08
"""Where columns begin; where what is asked for ends."""
ID_SIGNS, LABEL_SIGNS, TEXT_SIGNS = 8, 49, 118
"""Characters to a pattern's name, to a label, and to a line of text."""
SPREAD = 0.24
"""How far dots lie above and below the middle of their row, in rows."""


class Row(NamedTuple):
    """A criterion as it is drawn; bounds that are not there are infinite."""

    group: str
    name: str
    """Name of the pattern."""
    title: str
    """Title of the pattern where it has several criteria; else empty."""
    whole: str
    """Verdict on the pattern."""
    label: str
    asked: str
    low: float
    high: float
    values: Sequence[float]
    """One number per replicate."""
    value: float
    interval: tuple[float, float]
    verdict: str
    share: bool
    """Whether values are 0 or 1."""
    unit: str = ""


def patterns_figure(rows: Sequence[Row], caption: str) -> Figure:
    """Return all criteria below one another, by group, each on a scale of its own."""
    groups = list(dict.fromkeys(row.group for row in rows))
    titles = {row.name for row in rows if row.title}
    below = textwrap.fill(f"{caption} {_about()} Each row has a scale of its own.", TEXT_SIGNS + 36)
    foot = 0.3 + 0.17 * (below.count("\n") + 1)
    inner = (len(rows) + len(titles)) * LINE + len(groups) * (LINE + GAP) - GAP
    height = 0.7 + inner + foot
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH, facecolor="white")
    axis = figure.add_axes((0.0, foot / height, 1.0, inner / height))
    axis.set_axis_off()
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_xlim(0.0, WIDTH)
    axis.set_ylim(-inner, 0.0)
    title = "Patterns: what is asked for, and what the model does"
    figure.text(ID / WIDTH, 1 - 0.2 / height, title, fontsize=14, fontweight="bold", color=INK, va="top")
    place = GAP
    for group in groups:
        place -= GAP + LINE / 2
        _heading(axis, place, group, first=group == groups[0])
        place -= LINE / 2
        name = ""
        for row in (row for row in rows if row.group == group):
            if row.name != name:
                name = row.name
                _name(axis, place - LINE / 2, row)
                place -= LINE if row.title else 0.0
            place -= LINE
            _row(axis, place + LINE / 2, row)
    figure.text(ID / WIDTH, 0.15 / height, below, fontsize=8.5, color=FAINT, va="bottom", linespacing=1.35)
    return figure


def pattern_figure(rows: Sequence[Row], title: str, caption: str) -> Figure:
    """Return the criteria of one pattern, each with its scale."""
    title, caption = (textwrap.fill(drawable(text), signs) for text, signs in ((title, 84), (caption, TEXT_SIGNS + 24)))
    about = textwrap.fill(_about(), TEXT_SIGNS + 24)
    lines = title.count("\n") * 1.6 + caption.count("\n") + about.count("\n") + 2
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08, hspace=0.06)
    size = (9.5, 0.75 + 0.18 * lines + 1.35 * len(rows))
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, layout=layout, facecolor="white")
    figure.suptitle(title, x=0.012, ha="left", fontsize=14, fontweight="bold", color=INK)
    for axis, row in zip(figure.subplots(len(rows), 1, squeeze=False)[:, 0], rows, strict=True):
        _panel(axis, row)
    text = f"{caption}\n{about}"
    figure.supxlabel(text, x=0.012, ha="left", fontsize=8.5, color=FAINT, linespacing=1.35)
    return figure


def drawable(text: str) -> str:
    """Return a text with … for what the figures' font has no signs for."""
    known = _signs()
    return re.sub(r"\0+", "…", "".join(sign if ord(sign) in known or sign == "\n" else "\0" for sign in text))


@cache
def _signs() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties())).get_charmap())


def _about() -> str:
    return (
        "Shaded: what is asked for. Small dots: replicates. Large marks: their mean, or share, with the 95 % interval; "
        "a disc passes, a cross fails, an open diamond is undecided."
    )


def _heading(axis: Axes, place: float, group: str, first: bool) -> None:
    """Write a group's name, and above the first what the columns are."""
    axis.text(ID, place, drawable(group), fontsize=10, fontweight="bold", color=INK, va="center")
    axis.plot([ID, WIDTH - ID], [place - LINE / 2] * 2, color="#BBBBBB", linewidth=0.8)
    if first:
        style: dict[str, Any] = {"fontsize": 8.5, "color": FAINT, "va": "center"}
        axis.text(ASKED, place, "asked for", ha="right", **style)
        axis.text(FOUND, place, "found", **style)
        axis.text(VERDICT, place, "verdict", **style)


def _name(axis: Axes, place: float, row: Row) -> None:
    """Write a pattern's name, and its title if that has a line of its own."""
    style: dict[str, Any] = {"fontsize": 9, "color": INK, "va": "center"}
    name = drawable(row.name)
    axis.text(ID, place, name if len(name) <= ID_SIGNS else f"{name[: ID_SIGNS - 1]}…", **style)
    if row.title:
        title = textwrap.shorten(drawable(row.title), TEXT_SIGNS, placeholder=" …")
        axis.text(LABEL, place, f"{title} ({row.whole})", **style)


def _row(axis: Axes, place: float, row: Row) -> None:
    """Draw a criterion in a line."""
    indent = INDENT if row.title else 0.0
    label = textwrap.shorten(drawable(row.label), LABEL_SIGNS, placeholder=" …")
    axis.text(LABEL + indent, place, label, fontsize=9, color=INK, va="center")
    axis.text(ASKED, place, row.asked, fontsize=8.5, color=FAINT, ha="right", va="center")
    _, line, _ = MARKS[row.verdict]
    axis.text(VERDICT, place, row.verdict, fontsize=9, color=line, va="center",
              fontweight="bold" if row.verdict == "fail" else "normal")  # fmt: skip
    if not len(row.values):
        axis.text(STRIP[0], place, "nothing to read", fontsize=8.5, color=FAINT, va="center")
        return
    low, high = _range(row)

    def across(value: float | np.ndarray) -> np.ndarray:
        return STRIP[0] + (np.clip(value, low, high) - low) / (high - low) * (STRIP[1] - STRIP[0])

    axis.plot(STRIP, [place] * 2, color="#D5D5D5", linewidth=0.7, zorder=0)
    _draw(axis, row, place, LINE, across)
    axis.text(FOUND, place, _found(row), fontsize=8.5, color=INK, va="center")


def _panel(axis: Axes, row: Row) -> None:
    """Draw a criterion with its scale."""
    axis.set_xlim(*_range(row))
    axis.set_ylim(-0.5, 0.5)
    axis.set_title(textwrap.fill(drawable(row.label), 100), loc="left", fontsize=10.5, color=INK, pad=17)
    said = f"asked for: {row.asked}; found: {_found(row)}; {row.verdict}"
    axis.text(0, 1.04, said, transform=axis.transAxes, fontsize=8.5, color=FAINT, va="bottom")
    axis.set_yticks([])
    if not len(row.values):
        axis.set_xticks([])
        axis.spines[:].set_visible(False)
        return
    low, high = axis.get_xlim()
    _draw(axis, row, 0.0, 1.0, lambda value: np.clip(value, low, high))
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color("#BBBBBB")
    axis.tick_params(axis="x", colors=FAINT, labelsize=8.5, length=3)
    axis.xaxis.set_major_locator(MaxNLocator(7))
    if row.unit:
        axis.set_xlabel(drawable(row.unit), fontsize=8.5, color=FAINT, loc="right")


def _draw(axis: Axes, row: Row, place: float, height: float, across: Callable[[Any], Any]) -> None:
    """Draw band, dots, interval and mark around a height; `across` says where a value lies."""
    left, right = across(row.low), across(row.high)
    axis.fill_between([left, right], place - 0.4 * height, place + 0.4 * height, color=BAND, linewidth=0, zorder=1)
    for bound, where in ((row.low, left), (row.high, right)):
        if np.isfinite(bound):
            axis.plot([where] * 2, [place - 0.4 * height, place + 0.4 * height], color=EDGE, linewidth=1.0, zorder=2)
    values = np.asarray(row.values)
    lanes = place + SPREAD * height * (np.arange(values.size) * 0.381966 % 1 * 2 - 1)
    axis.plot(across(values), lanes, "o", color=INK, alpha=0.35, markersize=2.6, markeredgewidth=0, zorder=3)
    marker, line, inside = MARKS[row.verdict]
    if np.isfinite(row.interval[0]):
        ends = across(np.array(row.interval))
        axis.plot(ends, [place] * 2, color=line, linewidth=2.4, zorder=4, solid_capstyle="butt")
    hollow = inside == "white"
    axis.plot([across(row.value)], [place], marker, markerfacecolor=inside, markeredgecolor=line if hollow else "white",
              markersize=7.5 if hollow else 9.0, markeredgewidth=1.4 if hollow else 0.9, zorder=5)  # fmt: skip


def _range(row: Row) -> tuple[float, float]:
    """Return the ends of a criterion's scale: all that there is to see, and a little more."""
    seen = [value for value in (*row.values, *row.interval, row.low, row.high) if np.isfinite(value)]
    low, high = min(seen), max(seen)
    if row.share:
        low, high = min(low, 0.0), max(high, 1.0)
    pad = 0.08 * (high - low) or 0.1 * abs(high) or 1.0
    return low - pad, high + pad


def _found(row: Row) -> str:
    """Return value and interval in words."""
    if not len(row.values):
        return "nothing to read"
    low, high = row.interval
    if not np.isfinite(low):
        return number(row.value)
    size = max(abs(low), abs(high))
    return f"{number(row.value, size)} ({number(low, size)} to {number(high, size)})"
