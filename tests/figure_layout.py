"""What tests of figures share: all that is written in a figure, and what is wrong with where it stands."""

from itertools import combinations

from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

SLACK = 1.0
"""Pixels by which boxes may touch."""


def texts(figure: Figure) -> list[Text]:
    """Return all that is written in a figure, as it is drawn."""
    FigureCanvasAgg(figure).draw()
    unseen = [text for axis in figure.axes if not axis.get_visible() for text in axis.findobj(Text)]
    bare = [axis for axis in figure.axes if not axis.axison]
    unseen += [text for axis in bare for side in (axis.xaxis, axis.yaxis) for text in side.findobj(Text)]
    beyond = [label for axis in figure.axes for side in (axis.xaxis, axis.yaxis) for label in _beyond(side)]
    left_out = set(map(id, [*unseen, *beyond]))
    found = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [text for text in found if id(text) not in left_out]


def _beyond(side: Axis) -> list[Text]:
    """Return an axis' labels that stand for numbers outside its range, and are not drawn."""
    low, high = sorted(side.get_view_interval())
    ticks = [*side.get_major_ticks(), *side.get_minor_ticks()]
    return [
        label
        for tick in ticks
        for label in (tick.label1, tick.label2)
        if not low - 1e-9 <= tick.get_loc() <= high + 1e-9
    ]


def misplaced(figure: Figure) -> list[str]:
    """Return what is written over something else, or over the figure's edge."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    outside = [
        f"over the edge: {said!r}"
        for said, box in boxes
        if box.x0 < figure.bbox.x0 - SLACK
        or box.x1 > figure.bbox.x1 + SLACK
        or box.y0 < figure.bbox.y0 - SLACK
        or box.y1 > figure.bbox.y1 + SLACK
    ]
    inner = [(said, box.padded(-SLACK)) for said, box in boxes if box.width > 2 * SLACK and box.height > 2 * SLACK]
    over = [
        f"over each other: {one!r} and {other!r}"
        for (one, first), (other, second) in combinations(inner, 2)
        if first.overlaps(second)
    ]
    return outside + over
