"""What figures of rows share: how scenarios and groups are told apart in colour and in grey, their rows and legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from math import ceil
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from cosim.display.style import COLOURS, DASHES, FAINT, INK, NAME, SHADE, SMALL, row_frame
from cosim.display.words import arm_name
from cosim.language import Language
from cosim.study import Study

MARKERS = ("o", "s", "D", "^", "v", "P")
HATCHES = ("", "/////", ".....", "\\\\\\\\\\", "xxxxx", "-----")
"""In the order of the colours."""
CLEAR = 0.05
"""A difference is clear where its p-value, adjusted for its family, is below this."""

ENTRY, LETTER = 0.6, 0.07
"""Inches that an entry of a legend takes, and each column of its name."""


@dataclass(frozen=True)
class Mark:
    """How one of several is drawn: `label` is its name in tables, `name` what people read."""

    label: str
    name: str
    colour: str
    marker: str
    hatch: str
    dash: Any

    def key(self) -> Line2D:
        """Return its entry of a legend."""
        return Line2D([], [], color=self.colour, marker=self.marker, linestyle="", markersize=6, label=self.name)

    def key_in_ink(self) -> Line2D:
        """Return its entry of a legend where colours tell something else."""
        return Line2D([], [], color=INK, marker=self.marker, linestyle="", markersize=6, label=self.name)


def marks(labels: Sequence[str], names: Sequence[str]) -> list[Mark]:
    """Return a mark for each label, always the same for the same place."""
    looks = zip(*map(cycle, (COLOURS, MARKERS, HATCHES, DASHES)), strict=False)
    return [Mark(label, name, *look) for label, name, look in zip(labels, names, looks, strict=False)]


def marks_of_arms(study: Study, say: Language) -> list[Mark]:
    """Return the mark of each scenario of a study, the first one's first."""
    return marks(study.labels, [arm_name(label, say) for label in study.labels])


def rows(axis: Axes, names: Sequence[str]) -> None:
    """Lay out rows at 0, 1, 2 … from the top, every other one shaded, with their names."""
    row_frame(axis)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_yticks(range(len(names)), names)
    axis.tick_params(axis="y", labelsize=9.5, labelcolor=INK)
    for row in range(0, len(names), 2):
        axis.axhspan(row - 0.5, row + 0.5, color=SHADE, linewidth=0, zorder=-1)


def lanes(count: int, spread: float) -> NDArray[np.float64]:
    """Return where within a row each of `count` marks stands, from the top."""
    return np.linspace(-spread / 2, spread / 2, count) if count > 1 else np.zeros(1)


def zero_line(axis: Axes) -> None:
    """Draw the line of no difference."""
    axis.axvline(0.0, color=FAINT, linewidth=0.9, zorder=0.5)


def beside(axis: Axes, row: float, text: str) -> None:
    """Write a text to the right of a panel at a row."""
    axis.annotate(
        text, (1.0, row), xycoords=axis.get_yaxis_transform(), xytext=(6, 0), textcoords="offset points",
        fontsize=SMALL, color=INK, va="center", annotation_clip=False,
    )  # fmt: skip


def bar_key(mark: Mark) -> Patch:
    """Return the entry of a legend for a bar."""
    return Patch(facecolor=mark.colour, hatch=mark.hatch, edgecolor="white", linewidth=0.0, label=mark.name)


def under_key(figure: Figure, entries: Sequence[Artist | tuple[Artist, ...]]) -> FigureBase:
    """Write a legend below the title, and return what is left of a figure for the panels.

    An entry is an artist with a label, or several that mean the same.
    """
    if not entries:
        return figure
    names = [str((entry[0] if isinstance(entry, tuple) else entry).get_label()) for entry in entries]
    width, height = figure.get_size_inches()
    needed = ENTRY * len(names) + LETTER * sum(1 if letter.isascii() else 2 for letter in "".join(names))
    lines = ceil(needed / (width - 0.4))
    tall = 0.12 + 0.2 * lines
    strip, body = np.asarray(figure.subfigures(2, 1, height_ratios=[tall, height - tall]))
    strip.legend(
        list(entries), names, loc="center left", bbox_to_anchor=(0.012, 0.5), ncols=ceil(len(entries) / lines),
        frameon=False, fontsize=NAME, labelcolor=INK, handletextpad=0.5, columnspacing=1.6, borderaxespad=0.0,
        borderpad=0.0, handler_map={tuple: HandlerTuple(ndivide=None)},
    )  # fmt: skip
    return body


def interval_line(axis: Axes, low: float, high: float, place: float, colour: str) -> None:
    """Draw an interval as a thick line at a height; nothing where it is unknown."""
    axis.plot([low, high], [place] * 2, color=colour, linewidth=2.4, solid_capstyle="butt")
