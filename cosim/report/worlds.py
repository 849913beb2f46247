"""What differs over many worlds, where a comparison was run in each of them."""

from rich.console import Console

from cosim.compare import Comparison
from cosim.display.words import headline, interval, measure_name, percent, signed
from cosim.language import ENGLISH, Language
from cosim.report.layout import new_table, note


def print_worlds(comparison: Comparison, label: str, console: Console, say: Language = ENGLISH) -> None:
    """Print what differs over the worlds in which a comparison was run, one replicate in each."""
    found = comparison.over_worlds
    mine = found[found["scenario"] == label].set_index("outcome")
    worlds = say("90 % of worlds")
    table = new_table(say("outcome"), say("median"), worlds, say("above"), say("below"), whole=[worlds])
    for outcome in headline():
        row = mine.loc[outcome]
        size = max(abs(row["low"]), abs(row["high"]))
        table.add_row(
            measure_name(outcome, say), signed(row["median"], size), interval(row["low"], row["high"], size, say),
            percent(row["raises"], say), percent(row["lowers"], say),
        )  # fmt: skip
    pairs = int(mine["pairs"].max())
    many = {"pairs": pairs, "worlds": min(len(comparison.study.worlds), pairs)}
    note(
        console, say("Differences of {pairs} pairs in {worlds} plausible worlds: what is not known, and luck.", **many)
    )
    console.print(table)
