"""Tables about individuals in two worlds: with and without those who left, twins, and who gains."""

import pandas as pd
from rich.console import Console

from cosim.compare import Comparison
from cosim.compare.people import LOOKED_AT, TELLING
from cosim.display.words import NOTHING, group_name, interval, measure_name, percent, sentences, signed
from cosim.language import ENGLISH, Language, told
from cosim.report.layout import bracketed, new_table, note

COMPARED = ("participation", "trust_neighbours", "trust_government")
"""Outcomes of which is said who gains most and least."""
OTHERS = {
    "came later": told("came later"), "owned": told("owned"), "let": told("let"),
    "public_rental": told("public rental"),
}  # fmt: skip
"""Strata that are no groups and no ranges."""
FEW = 0.01
"""Share of twins below which a stratum is not named: its mean says little."""


def print_individuals(comparison: Comparison, label: str, console: Console, say: Language = ENGLISH) -> None:
    """Print what becomes of people in one scenario against the first."""
    if comparison.twins.empty:
        return
    by_people, twins, gains = (
        table[table["scenario"] == label] for table in (comparison.by_people, comparison.twins, comparison.who_gains)
    )
    _print_by_people(by_people, console, say)
    _print_twins(twins, console, say)
    _print_extremes(gains, console, say)


def _print_by_people(found: pd.DataFrame, console: Console, say: Language) -> None:
    """Print the differences with and without those who left or came."""
    table = new_table(say("state at the end, difference"), say("all present"), say("stayers"), say("fixed cohort"))
    rows = found.set_index(["who", "outcome"])
    for outcome in LOOKED_AT:
        cells = []
        for who in ("all", "stayers", "cohort"):
            row = rows.loc[(who, outcome)]
            size = max(abs(row["mean_a"]), abs(row["mean_b"]))
            cells.append(bracketed(row["difference"], row["low"], row["high"], size))
        table.add_row(measure_name(outcome, say), *cells)
    people = [f"{rows.loc[(who, 'voice'), 'people_b']:,.0f}" for who in ("all", "stayers", "cohort")]
    table.add_row(say("people"), *people)
    console.print(table)
    brackets = say("In brackets: its own 95 % interval covers zero.") if found["low"].notna().any() else ""
    who = say("Stayers: here from month 0 to the end in both. Cohort: of month 0, each as when last here.")
    note(console, sentences(who, brackets, say=say))


def _print_twins(found: pd.DataFrame, console: Console, say: Language) -> None:
    """Print how differences of the same person in both worlds are distributed."""
    table = new_table(
        say("same person in both worlds"), "5 %", say("median"), "95 %", say("gain"), say("lose"), say("luck"),
        whole=["95 %"],
    )  # fmt: skip
    for row in found.to_dict("records"):
        cuts = [signed(row[name], 0.1) for name in ("q05", "q50", "q95")]
        luck = NOTHING if pd.isna(row["luck"]) else percent(row["luck"], say)
        shares = [NOTHING if pd.isna(row[name]) else percent(row[name], say) for name in ("gain", "lose")]
        table.add_row(measure_name(row["outcome"], say), *cuts, *shares, luck)
    console.print(table)
    covered = percent(found["covered"].iloc[0], say)
    about = say(
        "{share} of residents at the end live in both. gain, lose: by more than {telling}. luck: share of the variance "
        "between persons' differences that does not come back in other replicates.",
        share=covered, telling=TELLING,
    )  # fmt: skip
    note(console, about)


def _print_extremes(found: pd.DataFrame, console: Console, say: Language) -> None:
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
            say(
                "{who} ({difference}, {interval})",
                who=_stratum(row, say),
                difference=signed(row["difference"], 0.1),
                interval=interval(row["low"], row["high"], 0.1, say),
            )
            for row in (mine.iloc[0], mine.iloc[-1])
        )
        extremes = {"outcome": measure_name(outcome, say), "most": most, "least": least}
        console.print(say("{outcome}: most {most}, least {least}", **extremes))
    note(console, say("All strata, and every building's dwellings: who_gains.csv, places.csv."))


def _stratum(row: pd.Series, say: Language) -> str:
    """Return a stratum in words."""
    stratum = str(row["stratum"])
    if row["trait"] not in ("age", "months_lived", "ties"):
        return say(OTHERS[stratum]) if stratum in OTHERS else group_name(stratum, say)
    low, _, high = stratum.replace(" and more", "").partition(" to ")
    values = say("{low} to {high}", low=low, high=high) if high else say("{low} and more", low=low)
    return {
        "age": say("{values} years old", values=values),
        "months_lived": say("{values} months lived here", values=values),
        "ties": say("{values} ties", values=values),
    }[row["trait"]]
