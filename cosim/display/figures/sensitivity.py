"""A figure of sensitivity: which factors move which outcome, and how much of that may be luck."""

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cosim.display.factors import factor_name, outcome_name
from cosim.display.style import (
    COLOURS,
    FAINT,
    INK,
    SMALL,
    blank,
    drawn,
    heading,
    panel_heading,
    row_frame,
    shortened,
    wrapped,
)
from cosim.display.words import NOTHING, arm_name, capitalised, percent, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import measure_of

MOST = 12
"""Factors that are shown, and outcomes to a figure."""
IN_A_ROW = 4
PANEL, LABELS = 2.35, 3.2
"""Width in inches of a panel, and of the names beside a row of them."""
LINE = 0.34
"""Height in inches of a factor."""
KEY, NAME_WIDTH, TITLE_WIDTH = 6.5, 44, 28
"""Type size of a factor's key; columns of its name, and to a line of a panel's title."""
UP, DOWN, BOTH_WAYS, LUCK = COLOURS[2], COLOURS[3], "#C4C4C4", COLOURS[1]
HATCH = "/////"
"""Lies on bars of what lowers an outcome, so that they can be told apart in grey."""
ONE_WAY = 0.5
"""Share of the mean size that the mean effect has at least where a factor works one way."""


@drawn
def sensitivity_figure(
    found: pd.DataFrame, scenario: str, against: str = "", most: int = MOST, say: Language = ENGLISH
) -> Figure:
    """Draw a target's indices: a panel for each outcome, a bar for each of the `most` factors that move any most.

    `found` are indices as `cosim.study.sensitivity.indices` returns them; `scenario` and `against` name the target.
    """
    mine = found[(found["scenario"] == scenario) & (found["against"] == against)]
    by = "mu_star" if "mu_star" in mine else "ST"
    outcomes = list(mine["outcome"].unique())
    shown = _factors(mine, by, most)
    rows = math.ceil(len(outcomes) / IN_A_ROW)
    columns = math.ceil(len(outcomes) / rows)
    figure = blank(LABELS + PANEL * columns, 1.6 + rows * (1.0 + LINE * len(shown)))
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for axis, outcome in zip(axes.flat, outcomes, strict=False):
        _panel(axis, mine[mine["outcome"] == outcome].set_index("factor").loc[shown], outcome, by, say)
    for axis in axes.flat[len(outcomes) :]:
        axis.set_visible(False)
    for axis in axes[:, 0]:
        _name(axis, shown, say)
    heading(figure, _title(scenario, against, say), _caption(mine, by, len(shown), say))
    return figure


def _title(scenario: str, against: str, say: Language) -> str:
    """Return the question that the figure answers."""
    name = arm_name(scenario, say)
    if against:
        other = arm_name(against, say)
        return say("Which factors move what {scenario} changes against {against}?", scenario=name, against=other)
    return say("Which factors move outcomes under {scenario}?", scenario=name)


def _factors(mine: pd.DataFrame, by: str, most: int) -> list[str]:
    """Return the factors that move any outcome most, beside the one that moves it most; largest first."""
    wide = mine.pivot(index="factor", columns="outcome", values=by)
    largest = (wide / wide.max()).max(axis="columns").fillna(0.0)
    return list(largest.sort_values(ascending=False, kind="stable").index[:most])


def _panel(axis: Axes, found: pd.DataFrame, outcome: str, by: str, say: Language) -> None:
    """Draw one outcome, the first factor on top."""
    heights = -pd.Series(range(len(found)), index=found.index, dtype=float)
    size, half = found[by], found[f"{by}_conf"]
    if by == "mu_star":
        one_way = found["mu"].abs() >= ONE_WAY * size
        colours = [(UP if up else DOWN) if way else BOTH_WAYS for up, way in zip(found["mu"] > 0, one_way, strict=True)]
        axis.barh(
            heights, size, height=0.56, color=colours, edgecolor="white", linewidth=0,
            hatch=[HATCH if colour == DOWN else "" for colour in colours],
        )  # fmt: skip
        axis.plot(found["sigma"], heights, "o", markersize=4.2, markerfacecolor="white", markeredgecolor=INK,
                  markeredgewidth=0.9, zorder=4)  # fmt: skip
    else:
        axis.barh(heights, size, height=0.56, color=COLOURS[4], alpha=0.55, linewidth=0)
        axis.barh(heights, found["S1"].clip(lower=0), height=0.26, color=COLOURS[0], linewidth=0)
    axis.hlines(heights, (size - half).clip(lower=0), size + half, zorder=3, color=INK, linewidth=1.0)
    axis.vlines(found["luck"], heights - 0.38, heights + 0.38, color=LUCK, linewidth=1.6, zorder=5)
    axis.set_ylim(-len(found) + 0.4, 0.6)
    axis.set_xlim(0.0, None if by == "mu_star" and size.max() > 0 else 1.05)
    unit = say(measure_of(outcome).unit_of_level) if by == "mu_star" else say("share of variance")
    noise = found["noise"].iloc[0]
    told = say("noise {share}", share=NOTHING if pd.isna(noise) else percent(noise, say))
    panel_heading(axis, wrapped(capitalised(outcome_name(outcome, say)), TITLE_WIDTH), f"{unit}\n{told}")
    row_frame(axis)
    axis.xaxis.set_major_locator(MaxNLocator(4))


def _name(axis: Axes, factors: Sequence[str], say: Language) -> None:
    """Write each factor's name beside its bar, and its key below in small."""
    places = [-float(place) for place in range(len(factors))]
    names = [shortened(factor_name(key, say), NAME_WIDTH) for key in factors]
    axis.set_yticks([place + 0.17 for place in places], names, fontsize=SMALL, color=INK)
    axis.set_yticks([place - 0.25 for place in places], list(factors), fontsize=KEY, color=FAINT, minor=True)


def _caption(mine: pd.DataFrame, by: str, shown: int, say: Language) -> str:
    """Say what bars, lines and marks are."""
    if by == "mu_star":
        bars = say(
            "Bars: μ*, mean size of the effect over a factor's whole range, or of switching it. Green: it raises the "
            "outcome; purple, hatched: it lowers it; grey: both, depending on the rest. Circles: σ; beyond the bar, "
            "the effect depends much on the rest, or bends. Black lines: 95 % intervals of μ*. Orange ticks: the μ* "
            "that luck alone would give."
        )
    else:
        bars = say(
            "Light bars: total effect ST, with what a factor does together with others; dark bars: S1, what it does "
            "alone. Black lines: 95 % intervals of ST. Orange ticks: the part of ST that is luck."
        )
    every = mine["factor"].nunique()
    which = say("The {shown} of {every} factors that move any outcome most.", shown=shown, every=every)
    return sentences(bars, which if shown < every else "", say=say)
