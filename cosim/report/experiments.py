"""Tables of experiments as Markdown, which reads well in a terminal too."""

import pandas as pd

from cosim.display.words import NOTHING, interval, number, plain, signed
from cosim.outcomes.measures import MEASURES
from cosim.report.layout import markdown_table
from cosim.scenario.schema import Scenario

ABOUT_LEVERS = """\
# What every lever moves

Written by `cosim levers`: {replicates} replicates, seed {seed}, in `{base}`, with the settings of
`experiments/levers.toml`. Each lever is set low and high with the same people, history and luck. Shown is the measure
that it moves most clearly, out of {looked_at}: mean at low and high, the paired difference, and an interval that allows
for having looked at all of them (95 % together). What it costs: differences in yuan per resident and year, total and
public. It works through the named fields of `cosim/world/circumstances.py`, and by no other way
(`tests/test_causal_paths.py`).
"""
ABOUT_MODES = """\
# Every category under every mode that it can have

Written by `cosim modes`: {replicates} replicates, seed {seed}; one category's mode is changed at a time, the others
stay as in `{base}` (its own mode is marked ·). Condition and wait in months are the last year's; costs are the
category's, in yuan per resident and year. The last columns are differences of the whole compound to `{base}`;
in brackets where the paired 95 % interval covers zero.
"""


def levers_page(effects: pd.DataFrame, base: str, replicates: int, seed: int, looked_at: int) -> str:
    """Return the page about levers."""
    head = ("lever", "low → high", "moves most", "means", "difference", "interval", "total", "public", "through")
    rows = []
    for row in effects.to_dict("records"):
        size = max(abs(row["mean_low"]), abs(row["mean_high"]))
        found = (
            MEASURES[row["outcome"]].en,
            f"{number(row['mean_low'])} → {number(row['mean_high'])}",
            signed(row["difference"], size),
            interval(row["low_end"], row["high_end"], size),
        )
        cost = signed(row["cost_total"]), signed(row["cost_government"])
        rows.append(
            [f"`{row['lever']}`", f"{_written(row['low'])} → {_written(row['high'])}"]
            + ([*found] if row["moves"] else ["nothing beyond noise", NOTHING, NOTHING, NOTHING])
            + [*cost, row["through"]]
        )
    prices = [[f"`{row['lever']}`", row["price"]] for row in effects.to_dict("records")]
    text = ABOUT_LEVERS.format(base=base, replicates=replicates, seed=seed, looked_at=looked_at)
    costs = markdown_table(("lever", "price"), prices)
    return f"{text}\n{markdown_table(head, rows)}\n\n## What each lever costs, and from which pool\n\n{costs}"


def modes_page(table: pd.DataFrame, base: Scenario, replicates: int, seed: int) -> str:
    """Return the page about categories and modes."""
    head = (
        "category", "mode", "condition", "wait", "public", "partners", "residents", "trust neighbours",
        "trust government", "participation", "total cost",
    )  # fmt: skip
    rows = []
    for row in table.to_dict("records"):
        cells = [base.categories[row["category"]].label, plain(row["mode"]) + (" ·" if row["usual"] else "")]
        cells += [number(row[name]) for name in ("condition", "wait", "cost_government", "cost_partners")]
        cells.append(number(row["cost_residents"]))
        for name in ("trust_neighbours", "trust_government", "participation", "cost_total"):
            text = signed(row[name], 0.1 if name != "cost_total" else None)
            unclear = not (row[f"{name}_low"] > 0.0 or row[f"{name}_high"] < 0.0)
            cells.append(f"({text})" if unclear else text)
        rows.append(cells)
    return f"{ABOUT_MODES.format(base=base.name, replicates=replicates, seed=seed)}\n{markdown_table(head, rows)}"


def _written(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
