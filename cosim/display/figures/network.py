"""A figure of the compound as a plan: buildings, the people in them, and their ties."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, sqrt
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from cosim.display.figures.marks import MARKERS, under_key
from cosim.display.style import COLOURS, FAINT, FRAME, SHADE, blank, drawn, heading, panel_heading
from cosim.display.words import arm_name, group_name, made_with, number, percent, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import GROUPS, MEASURES

SIDE = 6.8
"""Inches of a plan."""
ALLEY = 0.16
"""Space between buildings, in widths of a building."""
INSET = 0.09
"""Space between a wall and the nearest dot, in widths of a building."""
GROUP = "group"
MANY = 600
"""Ties from which on their lines and the dots are kept as a picture in vector files."""
LIGHT = {"within": ("#8C8C8C", 0.6), "between": (COLOURS[5], 0.9)}
"""Colour and width of ties."""
DOT = 0.6
"""Width of a dot, in distances between dots."""


Line = tuple[tuple[float, float], tuple[float, float]]


class Plan(NamedTuple):
    """Where everything is: buildings' lower left corners by number, and each resident's place by node."""

    corners: dict[int, tuple[float, float]]
    places: dict[int, tuple[float, float]]
    abreast: int
    """Most people in a row."""


@drawn
def network_figure(
    graphs: Mapping[str, nx.Graph], attribute: str = GROUP, *, seed: int, say: Language = ENGLISH
) -> Figure:
    """Return a plan of one or two communities: buildings in a grid, residents as dots by their dwelling, ties as lines.

    `graphs` are `Community.to_networkx()` by the scenario's label. Dots show `attribute`: "group", or a number of the
    nodes such as "trust_neighbours". Every dwelling has the same place in all plans. Raises ValueError for an attribute
    that the nodes lack.
    """
    for label, graph in graphs.items():
        lacking = [node for node, of in graph.nodes(data=True) if attribute != GROUP and attribute not in of]
        if lacking:
            known = sorted({name for _, of in graph.nodes(data=True) for name in of})
            raise ValueError(f"residents of {label} have no '{attribute}'; they have {', '.join(known)}, or 'group'")
    plan = plan_of(list(graphs.values()))
    scale = _scale(graphs.values(), attribute)
    wide, tall = _extent(plan)
    figure = blank(SIDE * len(graphs) + (0.2 if attribute == GROUP else 0.9), 1.9 + SIDE * tall / wide)
    body = under_key(figure, _keys(graphs.values(), attribute, say))
    axes = body.subplots(1, len(graphs), squeeze=False)[0]
    for axis, (label, graph) in zip(axes, graphs.items(), strict=True):
        _draw(axis, graph, plan, attribute, scale)
        panel_heading(axis, arm_name(label, say), _counted(graph, attribute, say))
    if attribute != GROUP:
        bar = body.colorbar(ScalarMappable(scale, "cividis"), ax=list(axes), fraction=0.025, pad=0.01)
        bar.ax.tick_params(colors=FAINT, labelsize=8.5)
        bar.outline.set_visible(False)
        bar.set_label(_name(attribute, say), fontsize=9, color=FAINT)
    month = next(iter(graphs.values())).graph.get("month")
    heading(figure, say("Who knows whom?"), _caption(month, seed, say))
    return figure


def plan_of(graphs: Sequence[nx.Graph]) -> Plan:
    """Return where buildings and residents are: nodes of a building in order, in rows and columns within its walls."""
    homes: dict[int, set[tuple[int, int]]] = {}
    for graph in graphs:
        for node, of in graph.nodes(data=True):
            homes.setdefault(of["building"], set()).add((of["household"], node))
    across = ceil(sqrt(len(homes)))
    down = ceil(len(homes) / across)
    corners = {
        building: ((k % across) * (1 + ALLEY), (down - 1 - k // across) * (1 + ALLEY))
        for k, building in enumerate(sorted(homes))
    }
    places = {}
    for building, (left, low) in corners.items():
        side = ceil(sqrt(len(homes[building])))
        step = (1 - 2 * INSET) / max(side - 1, 1)
        drop = (1 - 2 * INSET) / max(ceil(len(homes[building]) / side) - 1, 1)
        for k, (_, node) in enumerate(sorted(homes[building])):
            places[node] = (left + INSET + k % side * step, low + 1 - INSET - k // side * drop)
    return Plan(corners, places, ceil(sqrt(max(map(len, homes.values())))))


def group_of(person: Mapping[str, Any]) -> str:
    """Return the group of a node of `Community.to_networkx()`: a Party member counts as such, whatever the origin."""
    return "member" if person["member"] else "migrant" if person["migrant"] else "long_term"


def _scale(graphs: Iterable[nx.Graph], attribute: str) -> Normalize:
    """Return the range of an attribute's colours: 0 to 1 narrowed to what there is, the same in all plans."""
    if attribute == GROUP:
        return Normalize(0.0, 1.0)
    values = np.array([value for graph in graphs for _, value in graph.nodes(data=attribute)], np.float64)
    known = values[np.isfinite(values)]
    if not known.size:
        return Normalize(0.0, 1.0)
    low, high = np.quantile(known, [0.02, 0.98])
    return Normalize(low, high if high > low else low + 1.0)


def _draw(axis: Axes, graph: nx.Graph, plan: Plan, attribute: str, scale: Normalize) -> None:
    """Draw one community."""
    axis.set_aspect("equal")
    axis.set_axis_off()
    for left, low in plan.corners.values():
        axis.add_patch(Rectangle((left, low), 1, 1, facecolor=SHADE, edgecolor=FRAME, linewidth=0.8, zorder=0))
    picture = graph.number_of_edges() > MANY
    for kind, (colour, width) in LIGHT.items():
        lines = _lines(graph, plan, kind == "within")
        alpha = float(np.clip(4.0 / sqrt(max(len(lines) / len(plan.corners), 1.0)), 0.15, 0.8))
        axis.add_collection(
            LineCollection(lines, colors=colour, linewidths=width, alpha=alpha, zorder=1, rasterized=picture)
        )
    size = min(DOT * SIDE * 72 / (_extent(plan)[0] * plan.abreast), 9.0) ** 2
    nodes = list(graph.nodes(data=True))
    places = np.array([plan.places[node] for node, _ in nodes]).reshape(-1, 2)
    if attribute == GROUP:
        groups = np.array([group_of(of) for _, of in nodes])
        for group, colour, marker in zip(GROUPS, COLOURS, MARKERS, strict=False):
            mine = places[groups == group]
            axis.scatter(
                mine[:, 0], mine[:, 1], s=size, c=colour, marker=marker, linewidths=0, zorder=2, rasterized=picture,
                label=group,
            )  # fmt: skip
    else:
        values = np.array([of[attribute] for _, of in nodes], np.float64)
        axis.scatter(
            places[:, 0], places[:, 1], s=size, c=values, cmap="cividis", norm=scale, linewidths=0.25, edgecolors=FAINT,
            zorder=2, rasterized=picture, label=attribute,
        )  # fmt: skip
    wide, tall = _extent(plan)
    axis.set_xlim(-0.05, wide + 0.05)
    axis.set_ylim(-0.05, tall + 0.05)


def _extent(plan: Plan) -> tuple[float, float]:
    """Return a plan's width and height, in widths of a building."""
    xs, ys = zip(*plan.corners.values(), strict=True)
    return max(xs) + 1.0, max(ys) + 1.0


def _lines(graph: nx.Graph, plan: Plan, within: bool) -> list[Line]:
    """Return both ends of the ties within buildings, or of those between them."""
    home = dict(graph.nodes(data="building"))
    return [(plan.places[a], plan.places[b]) for a, b in graph.edges if (home[a] == home[b]) is within]


def _name(attribute: str, say: Language) -> str:
    """Return an attribute's name."""
    return say.label(MEASURES[attribute]) if attribute in MEASURES else attribute.replace("_", " ")


def _keys(graphs: Iterable[nx.Graph], attribute: str, say: Language) -> list[Line2D]:
    """Return the legend's entries."""
    dots = [
        Line2D([], [], color=colour, marker=marker, linestyle="", markersize=6, label=group_name(group, say))
        for group, colour, marker in zip(GROUPS, COLOURS, MARKERS, strict=False)
    ]
    ties = [Line2D([], [], color=LIGHT["within"][0], linewidth=1.6, label=say("tie within a building"))]
    if any(map(_out, graphs)):
        ties.append(Line2D([], [], color=LIGHT["between"][0], linewidth=1.6, label=say("tie between buildings")))
    return [*(dots if attribute == GROUP else []), *ties]


def _out(graph: nx.Graph) -> int:
    """Return how many ties lead to another building."""
    home = dict(graph.nodes(data="building"))
    return sum(home[a] != home[b] for a, b in graph.edges)


def _counted(graph: nx.Graph, attribute: str, say: Language) -> str:
    """Return how many people and ties there are, how many lead out of the building, and the attribute's mean."""
    people, ties = graph.number_of_nodes(), graph.number_of_edges()
    told = say("{people} residents, {ties} ties", people=f"{people:,}", ties=f"{ties:,}")
    if out := _out(graph):
        told = say(
            "{people} residents, {ties} ties, {share} of them between buildings",
            people=f"{people:,}", ties=f"{ties:,}", share=percent(out / ties, say),
        )  # fmt: skip
    if attribute == GROUP or not people:
        return told
    mean = np.mean([value for _, value in graph.nodes(data=attribute)])
    return say("{what}, {part}", what=told, part=say("mean {value}", value=number(float(mean))))


def _caption(month: int | None, seed: int, say: Language) -> str:
    """Say what is drawn, and when."""
    what = say(
        "Squares: buildings, which stand in rows for the eye, not as on the ground. Dots: adult residents, household "
        "by household, at the same place in every plan; an empty place is a person who is not there. Lines: ties."
    )
    when = "" if month is None else say("State at the end of month {month}.", month=month)
    return sentences(what, when, made_with(seed, say), say=say)
