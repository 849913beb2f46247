"""Tables about controls: resources or arrangement, renovation by supply, the ladder, the decomposition."""

import pandas as pd
from rich.console import Console
from rich.text import Text

from cosim.compare import Comparison
from cosim.display.words import STAGES, measure_name, number, plain
from cosim.report.layout import bracketed, new_table, note

SHOWN = ("participation", "trust_neighbours", "trust_government", "satisfaction", "fee_collection", "cost_total")
"""Outcomes that the tables show; files hold all headline outcomes."""
SHORT = {
    "participation": "taking part", "trust_neighbours": "trust neigh- bours", "trust_government": "trust govern- ment",
    "satisfaction": "satis- faction", "fee_collection": "fees paid", "cost_total": "cost, yuan",
}  # fmt: skip
"""Headings of narrow columns."""
EQUAL = {"public_budget": "equal public cost", "total_resources": "equal total resources"}


def print_controls(comparison: Comparison, console: Console) -> None:
    """Print the controls that were asked for, and why any is missing."""
    if not comparison.split.empty:
        _print_split(comparison, console)
    if not comparison.square.empty:
        _print_effects(comparison.square, "effect", "Renovation by supply", console)
    if not comparison.ladder.empty:
        _print_effects(comparison.ladder, "stage", "Ladder: each stage laid over those above", console)
    if not comparison.decomposition.empty:
        title = "Each stage, as a mean over all orders of the stages (Shapley value)"
        _print_effects(comparison.decomposition, "stage", title, console)
    if not comparison.split.empty or not comparison.decomposition.empty:
        many = len(comparison.study.complete) > 1
        brackets = "In brackets: the paired 95 % interval, each for itself, covers zero. " if many else ""
        note(console, f"{brackets}Money per resident and year.")


def _print_split(comparison: Comparison, console: Console) -> None:
    """Print how much of each difference is resources, and how much arrangement."""
    first = plain(comparison.labels[0])
    for row in comparison.resources.to_dict("records"):
        name = row["control"]
        console.print(Text(f"Resources or arrangement: {EQUAL[name]}", style="bold"))
        table = new_table("outcome", "difference", "by resources", "by arrangement")
        parts = comparison.split[comparison.split["control"] == name].set_index(["outcome", "part"])
        for outcome in SHOWN:
            sizes = parts.loc[outcome, ["mean_a", "mean_b"]].abs().to_numpy().max()
            rows = [parts.loc[(outcome, part)] for part in ("total", "resources", "arrangement")]
            cells = [bracketed(row["difference"], row["low"], row["high"], sizes) for row in rows]
            table.add_row(measure_name(outcome), *cells)
        console.print(table)
        missed = {
            "nearest": f" Not met: of all that was tried, {number(row['reached'])} came nearest.",
            "out of reach": f" That is out of reach: {number(row['reached'])} is the nearest.",
        }
        note(
            console,
            f"Resources: {first} with {row['factor']:.2f} times its public budget, and staff if that is more than 1, "
            f"to cost {number(row['aim'])} too.{missed.get(row['verdict'], '')} Arrangement: the rest.",
        )


def _print_effects(found: pd.DataFrame, kind: str, title: str, console: Console) -> None:
    """Print one row for each effect or stage, a column for each outcome."""
    console.print(Text(title, style="bold"))
    table = new_table(kind, *[SHORT[outcome] for outcome in SHOWN], widest=9)
    rows = found.set_index([kind, "outcome"])
    for name in found[kind].unique():
        cells = []
        for outcome in SHOWN:
            row = rows.loc[(name, outcome)]
            size = 100.0 if outcome == "cost_total" else 0.1
            cells.append(bracketed(row["difference"], row["low"], row["high"], size))
        table.add_row(STAGES.get(name, plain(name)), *cells)
    console.print(table)
