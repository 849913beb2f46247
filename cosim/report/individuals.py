"""Tables about individuals in two worlds: with and without those who left, twins, and who gains."""

import pandas as pd
from rich.console import Console

from cosim.compare import Comparison
from cosim.compare.people import LOOKED_AT, TELLING
from cosim.display.words import GROUPS, NOTHING, interval, measure_name, percent, plain, signed
from cosim.report.layout import bracketed, new_table, note

COMPARED = ("participation", "trust_neighbours", "trust_government")
"""Outcomes of which is said who gains most and least."""
TRAITS = {"age": "years old", "months_lived": "months lived here", "ties": "ties"}
FEW = 0.01
"""Share of twins below which a stratum is not named: its mean says little."""


def print_individuals(comparison: Comparison, label: str, console: Console) -> None:
    """Print what becomes of people in one scenario against the first."""
    if comparison.twins.empty:
        return
    by_people, twins, gains = (
        table[table["scenario"] == label] for table in (comparison.by_people, comparison.twins, comparison.who_gains)
    )
    _print_by_people(by_people, console)
    _print_twins(twins, console)
    _print_extremes(gains, console)


def _print_by_people(found: pd.DataFrame, console: Console) -> None:
    """Print the differences with and without those who left or came."""
    table = new_table("state at the end, difference", "all present", "stayers", "fixed cohort")
    rows = found.set_index(["who", "outcome"])
    for outcome in LOOKED_AT:
        cells = []
        for who in ("all", "stayers", "cohort"):
            row = rows.loc[(who, outcome)]
            size = max(abs(row["mean_a"]), abs(row["mean_b"]))
            cells.append(bracketed(row["difference"], row["low"], row["high"], size))
        table.add_row(measure_name(outcome), *cells)
    people = [f"{rows.loc[(who, 'voice'), 'people_b']:,.0f}" for who in ("all", "stayers", "cohort")]
    table.add_row("people", *people)
    console.print(table)
    brackets = " In brackets: its own 95 % interval covers zero." if found["low"].notna().any() else ""
    who = "Stayers: here from month 0 to the end in both. Cohort: of month 0, each as when last here."
    note(console, who + brackets)


def _print_twins(found: pd.DataFrame, console: Console) -> None:
    """Print how differences of the same person in both worlds are distributed."""
    table = new_table("same person in both worlds", "5 %", "median", "95 %", "gain", "lose", "luck")
    for row in found.to_dict("records"):
        cuts = [signed(row[name], 0.1) for name in ("q05", "q50", "q95")]
        luck = NOTHING if pd.isna(row["luck"]) else percent(row["luck"])
        shares = [NOTHING if pd.isna(row[name]) else percent(row[name]) for name in ("gain", "lose")]
        table.add_row(measure_name(row["outcome"]), *cuts, *shares, luck)
    console.print(table)
    covered = percent(found["covered"].iloc[0])
    note(
        console,
        f"{covered} of residents at the end live in both. gain, lose: by more than {TELLING}. luck: share of the "
        "variance between persons' differences that does not come back in other replicates.",
    )


def _print_extremes(found: pd.DataFrame, console: Console) -> None:
    """Say who gains most and least, where both intervals lie apart."""
    for outcome in COMPARED:
        mine = found[
            (found["outcome"] == outcome)
            & (found["share"] >= FEW)
            & (found["trait"] != "building")
            & found["low"].notna()
        ].sort_values("difference")
        if mine.empty or mine.iloc[-1]["low"] <= mine.iloc[0]["high"]:
            continue
        least, most = (
            f"{_stratum(row)} ({signed(row['difference'], 0.1)}, {interval(row['low'], row['high'], 0.1)})"
            for row in (mine.iloc[0], mine.iloc[-1])
        )
        console.print(f"{measure_name(outcome)}: most {most}, least {least}")
    note(console, "All strata, and every building's dwellings: who_gains.csv, places.csv.")


def _stratum(row: pd.Series) -> str:
    """Return a stratum in words."""
    name = GROUPS.get(row["stratum"], plain(row["stratum"]))
    return f"{name} {TRAITS[row['trait']]}" if row["trait"] in TRAITS else name


