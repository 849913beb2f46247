"""Tables of a sweep: what moves an outcome, and where a reform wins or loses."""

from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosim.display.factors import outcome_name
from cosim.display.words import NOTHING, interval, number, percent, plain, signed
from cosim.language import told
from cosim.outcomes.measures import measure_of
from cosim.report.layout import new_table, note

MOST = 10
"""Factors that are shown for an outcome."""
ABOUT_MORRIS = (
    "μ*: mean size of the effect of a factor over its whole range, or of switching it; ±: 95 % interval. "
    "μ: the same with signs; smaller than μ*, it works both ways. σ: how unlike the effects are; near μ* or above, the "
    "effect depends on the other factors, or bends. luck: the μ* that luck alone would give. A screening: it ranks "
    "factors, and shares out no variance."
)
ABOUT_SOBOL = (
    "ST: share of the variance that a factor has a part in, alone or with others; S1: alone; ±: 95 % interval. "
    "luck: the part of ST that is luck. Where ST is well above S1, the factor works through others. The shares hold "
    "for the ranges that were drawn from."
)
ABOUT_NOISE = "noise: share of the variance between the design's points that is luck. More replicates make it smaller."
ABOUT_BOXES = (
    "Points of the design by their own paired 95 % interval, most losses first. foretold: share of points left out "
    "whose verdict a tree of the others foretells; unless it beats always saying the commonest, boxes may be luck."
)


def print_indices(found: pd.DataFrame, console: Console, most: int = MOST) -> None:
    """Print the `most` factors that move each outcome most, for each target, and what the numbers mean.

    `found` are indices as `cosim.study.sensitivity.indices` returns them.
    """
    morris = "mu_star" in found
    for (scenario, against), of_target in found.groupby(["scenario", "against"], sort=False):
        what = told(
            "What moves what {scenario} changes against {against}", scenario=plain(scenario), against=plain(against)
        )
        console.print(Text(what if against else f"What moves outcomes under {plain(scenario)}", style="bold"))
        for outcome, rows in of_target.groupby("outcome", sort=False):
            _print_outcome(outcome, rows, console, morris, most)
    note(console, ABOUT_MORRIS if morris else ABOUT_SOBOL)
    note(console, ABOUT_NOISE)


def _print_outcome(outcome: str, rows: pd.DataFrame, console: Console, morris: bool, most: int) -> None:
    """Print one outcome's factors."""
    first = rows.iloc[0]
    unit = f", {measure_of(outcome).unit_of_level}" if morris else ", shares of variance"
    console.print(f"\n{outcome_name(outcome)}{unit}. {_made_of(first, morris)}")
    if rows["rank"].isna().all():
        note(console, "No indices: too little is finished, or this does not vary between the points.")
        return
    shown = rows.sort_values("rank", kind="stable").head(most)
    console.print(_morris(shown) if morris else _sobol(shown))
    if len(rows) > most:
        note(console, _and_others(len(rows) - most))


def _and_others(count: int) -> str:
    return "and 1 factor that moves it less" if count == 1 else f"and {count} factors that move it less"


def _made_of(row: pd.Series, morris: bool) -> str:
    """Say how much is noise, and what was used."""
    blocks = "trajectories" if morris else "blocks"
    noise = NOTHING if pd.isna(row["noise"]) else percent(row["noise"])
    dropped = f", {row['dropped']} dropped" if row["dropped"] else ""
    times = "replicate" if row["replicates"] == 1 else "replicates"
    return f"noise {noise}; {row['used']} {blocks}{dropped}; {row['replicates']} {times}"


def _morris(rows: pd.DataFrame) -> Table:
    table = new_table("factor", "μ* ±", "μ", "σ", "luck")
    for row in rows.to_dict("records"):
        size = row["mu_star"]
        table.add_row(
            row["factor"],
            f"{number(size)} ± {number(row['mu_star_conf'])}",
            signed(row["mu"], size),
            number(row["sigma"]),
            number(row["luck"]),
        )
    return table


def _sobol(rows: pd.DataFrame) -> Table:
    table = new_table("factor", "ST ±", "S1 ±", "luck")
    for row in rows.to_dict("records"):
        shares = [f"{_share(row[name])} ± {_share(row[f'{name}_conf'])}" for name in ("ST", "S1")]
        table.add_row(row["factor"], *shares, _share(row["luck"]))
    return table


def _share(value: float) -> str:
    """Return a share of the variance with two decimals."""
    return NOTHING if pd.isna(value) else f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")


def print_boxes(found: pd.DataFrame, console: Console) -> None:
    """Print where a reform wins and where it loses, in words.

    `found` are boxes as `cosim.study.sensitivity.boxes` returns them.
    """
    for (scenario, against), of_target in found.groupby(["scenario", "against"], sort=False):
        console.print(Text(f"Where {plain(scenario)} wins or loses against {plain(against)}", style="bold"))
        for outcome, rows in of_target.groupby("outcome", sort=False):
            better = measure_of(outcome).better
            first = rows.iloc[0]
            foretold = NOTHING if pd.isna(first["right"]) else percent(first["right"])
            commonest = percent(first["right_without"])
            unit = measure_of(outcome).unit_of_level
            console.print(f"\n{outcome_name(outcome)}, {unit}. foretold {foretold}, commonest {commonest}")
            console.print(_box_table(rows, ("wins", "loses") if better else ("raises", "lowers")))
    note(console, ABOUT_BOXES)


def _box_table(rows: pd.DataFrame, verdicts: Sequence[str]) -> Table:
    """Return boxes with their points by verdict."""
    counted = (*verdicts, "undecided")
    table = new_table("points of the design where", *counted, "difference")
    for row in rows.to_dict("records"):
        where = str(row["box"]).replace(" and ", "\n  and ")
        table.add_row(where, *[str(row[name]) for name in counted], signed(row["difference"]), end_section=True)
    return table


def print_differences(found: dict[str, pd.DataFrame], console: Console) -> None:
    """Print what the other scenarios change against the first, at the only point of a design without factors."""
    for name, rows in found.items():
        against = plain(rows["against"].iloc[0])
        console.print(f"\n{outcome_name(name)}, {measure_of(name).unit_of_level}, against {against}")
        table = new_table("scenario", "difference", "95 % interval", "pairs")
        for row in rows.to_dict("records"):
            size = max(abs(row["mean_a"]), abs(row["mean_b"]))
            span = interval(row["low"], row["high"], size)
            table.add_row(plain(row["scenario"]), signed(row["difference"], size), span, str(row["n"]))
        console.print(table)
