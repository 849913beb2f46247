"""A figure of orders: how many reach each stage, what becomes of the others, and after how many months."""


import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cosim.display.figures.marks import (
    Mark,
    bar_key,
    interval_line,
    lanes,
    marks_of_arms,
    rows,
    under_key,
)
from cosim.display.style import FAINT, INK, blank, drawn, heading, panel_heading
from cosim.display.words import made_with, percent, sentences
from cosim.language import ENGLISH, Language
from cosim.study import Study

WIDTH = 11.0
"""Inches."""
LANE, ROW = 0.19, 0.14
"""Inches that a scenario takes in a row, and those between rows."""
STAGES = ("placed", "taken", "begun", "delivered", "signed off")
OTHERS = ("rejected", "lost", "open")
"""What becomes of orders that are not signed off."""
LABEL = 1.17
"""Length of the counts' axis, in bars of the longest: room for a number."""
ROWS = (*STAGES, *OTHERS)
MIDDLE = (0.25, 0.5, 0.75)


@drawn
def funnel_figure(study: Study, *, say: Language = ENGLISH) -> Figure:
    """Return how many of the orders placed from month 0 on reach each stage, and when; of one scenario or more."""
    arms = marks_of_arms(study, say)
    found = stages_of_orders(study)
    row = len(arms) * LANE + ROW
    figure = blank(WIDTH, 2.5 + row * len(ROWS))
    body = under_key(figure, [bar_key(mark) for mark in arms] if len(arms) > 1 else [])
    counts, months = body.subplots(1, 2, sharey=True, width_ratios=[1.5, 1.0])
    for axis in (counts, months):
        rows(axis, _names(say))
        axis.axhline(len(STAGES) - 0.5, color=FAINT, linewidth=0.9, linestyle=(0, (2, 3)))
    height = LANE / row
    for mark, lane in zip(arms, lanes(len(arms), (len(arms) - 1) * height), strict=True):
        _arm(counts, months, found.loc[mark.label], mark, lane, height, say)
    counts.set_xlim(0.0, max(found["orders"].max(), 1.0) * LABEL)
    months.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    months.tick_params(labelleft=False)
    panel_heading(counts, say("How many orders"), say("orders in a run, and share of those placed"))
    panel_heading(months, say("How long it took"), say("months since placing"))
    title = say("What becomes of what residents order?")
    if len(arms) == 1:
        title = say("What becomes of what residents order in {arm}?", arm=arms[0].name)
    heading(figure, title, _caption(study, say))
    return figure


def stages_of_orders(study: Study) -> pd.DataFrame:
    """Return for each scenario and stage (or other result) how many orders came to it, and after how many months.

    `orders` is the mean over runs that are complete; `low`, `median` and `high` are quartiles of the months since
    placing over all orders of these runs. Only orders placed from month 0 on count. For an open order the months are
    those up to the last month.
    """
    replicates = study.complete
    orders = study.orders[(study.orders["placed"] >= 0) & study.orders["replicate"].isin(replicates)]
    last = int(study.months["month"].max())
    found = {}
    for label in study.labels:
        mine = orders[orders["scenario"] == label]
        for name in ROWS:
            waited = _reached(mine, name, last)
            quartiles = np.quantile(waited, MIDDLE) if len(waited) else [np.nan] * len(MIDDLE)
            found[label, name] = (len(waited) / len(replicates), *quartiles)
    return pd.DataFrame.from_dict(found, orient="index", columns=["orders", "low", "median", "high"]).set_axis(
        pd.MultiIndex.from_tuples(found, names=["scenario", "stage"])
    )


def _names(say: Language) -> list[str]:
    """Return the names of the rows."""
    stages = [say("placed"), say("taken"), say("begun"), say("delivered"), say("signed off")]
    return [*stages, say("rejected"), say("lost"), say("open")]


def _reached(orders: pd.DataFrame, name: str, last: int) -> pd.Series:
    """Return the months since placing of the orders that came to a stage or result."""
    if name == "open":
        return last - orders.loc[orders["result"] == name, "placed"]
    date = "ended" if name in ("signed off", *OTHERS) else name
    those = orders["result"] == name if date == "ended" else orders[date].notna()
    return (orders.loc[those, date] - orders.loc[those, "placed"]).astype(float)


def _arm(
    counts: Axes, months: Axes, found: pd.DataFrame, mark: Mark, lane: float, height: float, say: Language
) -> None:
    """Draw a scenario's lane in every row of both panels."""
    places = np.arange(len(ROWS)) + lane
    sizes = found.loc[list(ROWS), "orders"].to_numpy()
    counts.barh(
        places, sizes, height * 0.86, color=mark.colour, hatch=mark.hatch, edgecolor="white", linewidth=0.0,
        label=mark.label,
    )  # fmt: skip
    for place, size, name in zip(places, sizes, ROWS, strict=True):
        share = f" · {percent(size / sizes[0], say)}" if size and name != "placed" else ""
        decimals = 0 if size == round(size) or size >= 100 else 1
        counts.annotate(
            f"{size:,.{decimals}f}{share}", (size, place), xytext=(4, 0), textcoords="offset points", va="center",
            fontsize=8, color=INK,
        )  # fmt: skip
    for place, row in zip(places[1:], found.loc[list(ROWS[1:])].itertuples(), strict=True):
        interval_line(months, row.low, row.high, place, mark.colour)
        months.plot([row.median], [place], mark.marker, color=mark.colour, markersize=5.5, label=mark.label)


def _caption(study: Study, say: Language) -> str:
    """Say what bars, marks and lines are, and what the end hides."""
    count = len(study.complete)
    bars = say("Bars: orders placed from month 0 on, mean of {count} runs.", count=count)
    if count == 1:
        bars = say("Bars: orders placed from month 0 on, in one run.")
    marks = say("Marks: median months from placing to the stage; lines: the middle half of the orders that reached it.")
    end = say(
        "Orders that are open at the end may yet get further: counts and months of later stages are too low by these. "
        "Months of open orders: waited so far. An order that was sent back counts with its last date."
    )
    return f"{sentences(bars, marks, say=say)}\n{sentences(end, made_with(study.seed, say), say=say)}"
