"""A figure of costs: who pays how much, and what differs."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.marks import (
    HATCHES,
    Mark,
    beside,
    interval_line,
    lanes,
    marks_of_arms,
    rows,
    under_key,
    zero_line,
)
from cosim.display.style import COLOURS, INK, blank, drawn, heading, panel_heading, wrapped
from cosim.display.words import NOTHING, made_with, sentences
from cosim.language import ENGLISH, Language
from cosim.outcomes.levels import run_levels
from cosim.statistics import paired_differences
from cosim.study import Study

WIDTH = 12.5
"""Inches."""
LANE, ROW = 0.18, 0.16
"""Inches that a scenario takes in a row of differences, and those between rows."""
UNDER = 62
"""Columns of what stands under a panel's title."""
PARTS = ("work", "staff", "partners", "residents", "hours")
"""Parts of the total cost, which sum to it."""
TOTAL = "total"
SHARE = 0.045
"""Least part of the longest bar in which a number finds room."""


@drawn
def costs_figure(study: Study, *, say: Language = ENGLISH) -> Figure:
    """Return what each payer pays per resident and year, and the differences to the first scenario; of one or more."""
    arms = marks_of_arms(study, say)
    found = cost_parts(study)
    others = arms[1:]
    row = len(others) * LANE + ROW if others else 0.0
    figure = blank(WIDTH, max(2.9 + row * (len(PARTS) + 1), 2.4 + 0.62 * len(arms)))
    keys = [*_keys(say), *([mark.key_in_ink() for mark in others] if len(others) > 1 else [])]
    body = under_key(figure, keys)
    axes = body.subplots(1, 2 if others else 1, squeeze=False, width_ratios=[1.45, 1.0] if others else None)[0]
    _levels(axes[0], found, arms)
    panel_heading(axes[0], say("Who pays"), say("yuan per resident and year"))
    if others:
        _differences(axes[1], found, study.labels[0], others, say)
        under = say("difference to {first}", first=arms[0].name)
        unit = say("yuan per resident and year")
        panel_heading(axes[1], say("What differs"), wrapped(say("{what}, {part}", what=under, part=unit), UNDER))
    heading(figure, say("What do services cost, and who pays?"), _caption(study, bool(others), say))
    return figure


def cost_parts(study: Study) -> pd.DataFrame:
    """Return the parts of the total cost in yuan per resident and year, by scenario and replicate.

    work
        government's money for work on services
    staff
        the rest of the public cost: staff of government, Party branch and committee, and what is spent on no service
    partners, residents
        partners' own money; residents' shares of work, and property fees
    hours
        priced hours of volunteers and members: what is left of the total
    total
        the sum
    """
    key = ["scenario", "replicate"]
    whole = run_levels(study.months, study.months).set_index(key)
    work = run_levels(study.categories, study.months).groupby(key, sort=False)["cost_government"].sum()
    paid = whole["cost_government"] + whole["cost_partners"] + whole["cost_residents"]
    parts = pd.DataFrame(
        {
            "work": work,
            "staff": whole["cost_government"] - work,
            "partners": whole["cost_partners"],
            "residents": whole["cost_residents"],
            "hours": whole["cost_total"] - paid,
            TOTAL: whole["cost_total"],
        }
    )
    return parts[parts.index.get_level_values("replicate").isin(study.complete)].sort_index()


def _names(say: Language) -> dict[str, str]:
    """Return the names of the parts."""
    return {
        "work": say("government: work"),
        "staff": say("government, Party, committee: staff and overhead"),
        "partners": say("partners"),
        "residents": say("residents: fees and shares"),
        "hours": say("volunteers and members: priced hours"),
    }


def _keys(say: Language) -> list[Patch]:
    """Return the legend's entries of the parts."""
    return [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.0, label=name)
        for name, colour, hatch in zip(_names(say).values(), COLOURS, HATCHES, strict=False)
    ]


def _levels(axis: Axes, found: pd.DataFrame, arms: Sequence[Mark]) -> None:
    """Draw a bar per scenario, its parts from left to right, what is negative to the left of zero."""
    rows(axis, [wrapped(mark.name, 20) for mark in arms])
    means = found.groupby(level="scenario").mean().loc[[mark.label for mark in arms]]
    longest = float(means[list(PARTS)].clip(lower=0.0).sum(axis="columns").max())
    for row, (label, parts) in enumerate(means.iterrows()):
        ends = {1.0: 0.0, -1.0: 0.0}
        for part, colour, hatch in zip(PARTS, COLOURS, HATCHES, strict=False):
            size = float(parts[part])
            side = float(np.copysign(1.0, size))
            axis.barh(
                row, size, 0.56, left=ends[side], color=colour, hatch=hatch, edgecolor="white", linewidth=0.6,
                label=f"{label} {part}",
            )  # fmt: skip
            if abs(size) > SHARE * longest:
                axis.text(
                    ends[side] + size / 2, row, _money(size), ha="center", va="center", fontsize=8.5, color=INK,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.6},
                )  # fmt: skip
            ends[side] += size
        axis.annotate(
            _money(parts[TOTAL]), (ends[1.0], row), xytext=(5, 0), textcoords="offset points", va="center",
            fontsize=10, fontweight="bold", color=INK,
        )  # fmt: skip
    axis.set_xlim(right=max(longest, 1.0) * 1.12)
    axis.xaxis.set_major_locator(MaxNLocator(6))


def _differences(axis: Axes, found: pd.DataFrame, first: str, others: Sequence[Mark], say: Language) -> None:
    """Draw a row per part and the total, in it a lane per scenario: the paired difference with its interval."""
    names = [wrapped(name, 26) for name in _names(say).values()]
    rows(axis, [*names, say("total")])
    zero_line(axis)
    parts = [*PARTS, TOTAL]
    a = found.loc[first, parts].to_numpy().T
    places = lanes(len(others), (len(others) - 1) * LANE / (len(others) * LANE + ROW))
    for mark, lane in zip(others, places, strict=True):
        differences = paired_differences(a, found.loc[mark.label, parts].to_numpy().T)
        for row, (part, colour) in enumerate(zip(parts, (*COLOURS[: len(PARTS)], INK), strict=True)):
            size, low, high = differences.loc[row, ["difference", "low", "high"]]
            interval_line(axis, low, high, row + lane, colour)
            axis.plot([size], [row + lane], mark.marker, color=colour, markersize=5.5, label=f"{mark.label} {part}")
            beside(axis, row + lane, _money(size, "+"))
    axis.xaxis.set_major_locator(MaxNLocator(5))


def _money(yuan: float, sign: str = "") -> str:
    """Return yuan, whole ones from 10 on; `sign` is "+" for differences."""
    if np.isnan(yuan):
        return NOTHING
    decimals = 0 if abs(yuan) >= 9.95 else 1
    rounded = round(yuan, decimals) + 0.0
    return f"{rounded:{sign if rounded else ''},.{decimals}f}".replace("-", "−")


def _caption(study: Study, others: bool, say: Language) -> str:
    """Say what bars, marks and lines are."""
    count = len(study.complete)
    bars = say("Bars: all costs from month 0 on, mean of {count} runs; in bold their total.", count=count)
    if count == 1:
        bars = say("Bars: all costs from month 0 on, in one run; in bold their total.")
    counted = say(
        "Nothing is counted twice: government's money for work and the other public costs (staff time, what is spent "
        "on no service) sum to the public cost; hours of volunteers and members are priced, nobody is paid for them."
    )
    marks = ""
    if others and count == 1:
        marks = say("Marks: differences of one replicate, which tells no interval.")
    elif others:
        marks = say("Marks: mean of paired differences; lines: 95 % interval of each.")
    return f"{sentences(bars, marks, say=say)}\n{sentences(counted, made_with(study.seed, say), say=say)}"
