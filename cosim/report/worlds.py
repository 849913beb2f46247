"""What differs over many worlds, where a comparison was run in each of them."""

from rich.console import Console

from cosim.compare import Comparison
from cosim.display.words import headline, interval, measure_name, percent, signed
from cosim.report.layout import new_table, note


def print_worlds(comparison: Comparison, label: str, console: Console) -> None:
    """Print what differs over the worlds in which a comparison was run, one replicate in each."""
    found = comparison.over_worlds
    mine = found[found["scenario"] == label].set_index("outcome")
    table = new_table("outcome", "median", "90 % of worlds", "above", "below")
    for outcome in headline():
        row = mine.loc[outcome]
        size = max(abs(row["low"]), abs(row["high"]))
        table.add_row(
            measure_name(outcome), signed(row["median"], size), interval(row["low"], row["high"], size),
            percent(row["raises"]), percent(row["lowers"]),
        )  # fmt: skip
    pairs = int(mine["pairs"].max())
    worlds = min(len(comparison.study.worlds), pairs)
    note(console, f"Differences of {pairs} pairs in {worlds} plausible worlds: what is not known, and luck.")
    console.print(table)
