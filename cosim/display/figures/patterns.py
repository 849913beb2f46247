"""Figures of patterns: for each criterion what is asked for, what every replicate gave, and the verdict."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cosim.display.style import (
    COLOURS,
    DOTS_PER_INCH,
    FAINT,
    FRAME,
    INK,
    NAME,
    SMALL,
    TITLE,
    blank,
    drawable,
    drawn,
    heading,
    panel_heading,
    row_frame,
    wrapped,
)
from cosim.display.words import number, sentences
from cosim.language import ENGLISH, Language

BAND, EDGE = "#E4E4E4", "#8C8C8C"
MARKS = {"pass": ("o", COLOURS[0], COLOURS[0]), "fail": ("X", COLOURS[1], COLOURS[1]), "undecided": ("D", INK, "white")}
"""Marker, colour of its line, colour of its inside: told apart by shape, too."""
WIDTH, LINE, MORE, GAP, INDENT = 11.4, 0.34, 0.19, 0.22, 0.15
"""Inches: width of the figure, height of a row and of each further line in it, above a group, before a criterion below
its pattern's title."""
ID, LABEL, ASKED, STRIP, FOUND, VERDICT = 0.15, 0.8, 5.55, (5.75, 8.4), 8.55, 10.5
"""Where columns begin; where what is asked for ends."""
NAME_COLUMNS, LABEL_COLUMNS, TITLE_COLUMNS, CAPTION_COLUMNS = 8, 50, 112, 156
"""Columns of type to a pattern's name, a label, a title in a line of its own, and a line of the caption."""
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


@drawn
def patterns_figure(rows: Sequence[Row], caption: str, say: Language = ENGLISH) -> Figure:
    """Return all criteria below one another, by group, each on a scale of its own."""
    groups = list(dict.fromkeys(row.group for row in rows))
    scales = say("Each row has a scale of its own.")
    below = wrapped(sentences(_about(say), scales, caption, say=say), CAPTION_COLUMNS)
    foot = 0.3 + 0.2 * (below.count("\n") + 1)
    named = {row.name: row for row in reversed(rows)}
    lines = [*map(_label, rows), *(_title(row, say) for row in named.values() if row.title)]
    inner = sum(map(_height, lines)) + len(groups) * (LINE + GAP) - GAP
    height = 0.7 + inner + foot
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH, facecolor="white")
    axis = figure.add_axes((0.0, foot / height, 1.0, inner / height))
    axis.set_axis_off()
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_xlim(0.0, WIDTH)
    axis.set_ylim(-inner, 0.0)
    title = say("Patterns: what is asked for, and what the model does")
    figure.text(ID / WIDTH, 1 - 0.2 / height, title, fontsize=TITLE, fontweight="bold", color=INK, va="top")
    place = GAP
    for group in groups:
        place -= GAP + LINE / 2
        _heading(axis, place, group, group == groups[0], say)
        place -= LINE / 2
        for row in (row for row in rows if row.group == group):
            if row is named[row.name]:
                first = _height(_title(row, say) if row.title else _label(row))
                _name(axis, place - first / 2, row, say)
                place -= first if row.title else 0.0
            place -= _height(_label(row))
            _row(axis, place + _height(_label(row)) / 2, row, say)
    figure.text(ID / WIDTH, 0.15 / height, below, fontsize=SMALL, color=FAINT, va="bottom", linespacing=1.35)
    return figure


@drawn
def pattern_figure(rows: Sequence[Row], title: str, caption: str, say: Language = ENGLISH) -> Figure:
    """Return the criteria of one pattern, each with its scale."""
    width = 9.5
    lines = (len(caption) * (2 if say.code == "zh" else 1)) // 130 + len(title) // 60 * 2 + 4
    figure = blank(width, 0.75 + 0.18 * lines + 1.35 * len(rows))
    for axis, row in zip(figure.subplots(len(rows), 1, squeeze=False)[:, 0], rows, strict=True):
        _panel(axis, row, say)
    heading(figure, title, f"{caption}\n{_about(say)}")
    return figure


def _about(say: Language) -> str:
    return say(
        "Shaded: what is asked for. Small dots: replicates. Large marks: their mean, or share, with the 95 % interval; "
        "a disc passes, a cross fails, an open diamond is undecided."
    )


def _heading(axis: Axes, place: float, group: str, first: bool, say: Language) -> None:
    """Write a group's name, and above the first what the columns are."""
    axis.text(ID, place, drawable(group), fontsize=NAME, fontweight="bold", color=INK, va="center")
    axis.plot([ID, WIDTH - ID], [place - LINE / 2] * 2, color=FRAME, linewidth=0.8)
    if first:
        style: dict[str, Any] = {"fontsize": SMALL, "color": FAINT, "va": "center"}
        axis.text(ASKED, place, say("asked for"), ha="right", **style)
        axis.text(FOUND, place, say("found"), **style)
        axis.text(VERDICT, place, say("verdict"), **style)


def _height(text: str) -> float:
    """Return how high a row with such a label is, in inches."""
    return LINE + MORE * text.count("\n")


def _label(row: Row) -> str:
    """Return a criterion's label in lines; behind its pattern's name where that has no room in its column."""
    front = "" if row.title or len(row.name) <= NAME_COLUMNS else f"{row.name}: "
    return wrapped(drawable(f"{front}{row.label}"), LABEL_COLUMNS)


def _title(row: Row, say: Language) -> str:
    """Return a pattern's title and verdict in lines; behind its name where that has no room in its column."""
    front = "" if len(row.name) <= NAME_COLUMNS else f"{row.name}: "
    said = say("{title} ({verdict})", title=f"{front}{row.title}", verdict=_verdict(row.whole, say))
    return wrapped(drawable(said), TITLE_COLUMNS)


def _name(axis: Axes, place: float, row: Row, say: Language) -> None:
    """Write a pattern's name, and its title if that has lines of its own."""
    style: dict[str, Any] = {"fontsize": NAME, "color": INK, "va": "center", "linespacing": 1.3}
    if len(row.name) <= NAME_COLUMNS:
        axis.text(ID, place, drawable(row.name), **style)
    if row.title:
        axis.text(LABEL, place, _title(row, say), **style)


def _verdict(verdict: str, say: Language) -> str:
    """Return a verdict in words."""
    return {"pass": say("pass"), "fail": say("fail"), "undecided": say("undecided")}[verdict]


def _row(axis: Axes, place: float, row: Row, say: Language) -> None:
    """Draw a criterion in a line."""
    indent = INDENT if row.title else 0.0
    axis.text(LABEL + indent, place, _label(row), fontsize=NAME, color=INK, va="center", linespacing=1.3)
    axis.text(ASKED, place, row.asked, fontsize=SMALL, color=FAINT, ha="right", va="center")
    _, line, _ = MARKS[row.verdict]
    axis.text(VERDICT, place, _verdict(row.verdict, say), fontsize=NAME, color=line, va="center",
              fontweight="bold" if row.verdict == "fail" else "normal")  # fmt: skip
    if not len(row.values):
        axis.text(STRIP[0], place, say("nothing to read"), fontsize=SMALL, color=FAINT, va="center")
        return
    low, high = _range(row)

    def across(value: float | np.ndarray) -> np.ndarray:
        return STRIP[0] + (np.clip(value, low, high) - low) / (high - low) * (STRIP[1] - STRIP[0])

    axis.plot(STRIP, [place] * 2, color=FRAME, linewidth=0.7, zorder=0)
    _draw(axis, row, place, LINE, across)
    axis.text(FOUND, place, _found(row, say), fontsize=SMALL, color=INK, va="center")


def _panel(axis: Axes, row: Row, say: Language) -> None:
    """Draw a criterion with its scale."""
    axis.set_xlim(*_range(row))
    axis.set_ylim(-0.5, 0.5)
    said = say(
        "asked for: {asked}; found: {found}; {verdict}",
        asked=row.asked, found=_found(row, say), verdict=_verdict(row.verdict, say),
    )  # fmt: skip
    panel_heading(axis, wrapped(drawable(row.label), 92), said)
    axis.set_yticks([])
    if not len(row.values):
        axis.set_xticks([])
        axis.spines[:].set_visible(False)
        return
    low, high = axis.get_xlim()
    _draw(axis, row, 0.0, 1.0, lambda value: np.clip(value, low, high))
    row_frame(axis)
    axis.grid(visible=False)
    axis.xaxis.set_major_locator(MaxNLocator(7))
    if row.unit:
        axis.set_xlabel(drawable(row.unit), fontsize=SMALL, color=FAINT, loc="right")


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


def _found(row: Row, say: Language) -> str:
    """Return value and interval in words."""
    if not len(row.values):
        return say("nothing to read")
    low, high = row.interval
    if not np.isfinite(low):
        return number(row.value)
    size = max(abs(low), abs(high))
    return say(
        "{value} ({low} to {high})", value=number(row.value, size), low=number(low, size), high=number(high, size)
    )
