"""What an ensemble says: over plausible worlds, in how many, by how much."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from cosim.compare import Comparison
from cosim.display.ensemble_figure import ensemble_figure
from cosim.display.factors import outcome_name
from cosim.display.figure import as_png
from cosim.display.words import NOTHING, headline, interval, measure_name, percent, plain, signed
from cosim.ensemble.calibrating import SHIPPED, Calibrated
from cosim.report.layout import new_table, note
from cosim.study import OutputError
from cosim.study.store import explain


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
    worlds = int(mine["worlds"].max())
    note(console, f"Differences in {worlds} plausible worlds, a pair in each: what is not known, and luck.")
    console.print(table)


def print_calibration(found: Calibrated, console: Console) -> None:
    """Print how many sets were kept, what reforms do in them, and in how many the validation patterns hold."""
    tried, kept = len(found.tried), len(found.sets)
    console.print(f"{kept} of {tried} parameter sets meet all calibration patterns")
    if found.medoid == SHIPPED:
        note(console, "The set closest to all the others is the one that is shipped.")
    else:
        shipped = "meets" if bool(found.tried.loc[SHIPPED, "kept"]) else "does not meet"
        note(console, f"The set closest to all the others is number {found.medoid}; the shipped one {shipped} them.")
    for scenario in found.effects["scenario"].unique():
        console.print(_effects_table(found, scenario))
    note(console, "raises, lowers: share of worlds in which the difference is more than luck.")
    if len(found.patterns):
        console.print(_patterns_table(found.patterns))


def _effects_table(found: Calibrated, scenario: str) -> Table:
    mine = found.effects[found.effects["scenario"] == scenario]
    title = f"{plain(scenario)}, against {plain(found.said.effects.scenarios[0])}"
    table = new_table(title, "median", "90 % of worlds", "raises", "lowers")
    for row in mine.to_dict("records"):
        size = max(abs(row["low"]), abs(row["high"]))
        table.add_row(
            outcome_name(row["outcome"]), signed(row["median"], size), interval(row["low"], row["high"], size),
            percent(row["raises"]), percent(row["lowers"]),
        )  # fmt: skip
    return table


def _patterns_table(rates: pd.DataFrame) -> Table:
    table = new_table("pattern", "criterion", "bounds", "holds in", "median", "90 % of worlds")
    for row in rates.to_dict("records"):
        holds = NOTHING if pd.isna(row["holds"]) else f"{percent(row['holds'])} of {row['worlds']}"
        known = not pd.isna(row.get("median", float("nan")))
        spread = f"{row['low']:.3g} to {row['high']:.3g}" if known else NOTHING
        median = f"{row['median']:.3g}" if known else NOTHING
        bounds = row["bounds"] if isinstance(row["bounds"], str) else ""
        table.add_row(f"{row['pattern']}  {row['title']}", row["criterion"], bounds, holds, median, spread)
    return table


def tables_of(found: Calibrated) -> dict[str, pd.DataFrame]:
    """Return the tables by the name of their file."""
    tables = {"effects": found.effects, "waves": found.fits, "patterns": found.patterns}
    return {name: table for name, table in tables.items() if len(table)}


def write_calibration(found: Calibrated, folder: Path) -> list[Path]:
    """Write tables as CSV and a figure for each reform beside what was run. Raises OutputError."""
    files = {f"{name}.csv": table.to_csv(index=False, float_format="%.6g").encode() for name, table in
             tables_of(found).items()}  # fmt: skip
    against = found.said.effects.scenarios[0]
    for scenario in found.effects["scenario"].unique():
        figure = ensemble_figure(found.by_set, found.effects, scenario, against)
        files[f"effects_{scenario}.png"] = as_png(figure)
    try:
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise OutputError(explain(error, folder)) from error
    return [folder / name for name in files]


def as_json(found: Calibrated) -> str:
    """Return the tables as one JSON object; what is not known is null."""
    document: dict[str, Any] = {"tried": len(found.tried), "kept": len(found.sets), "medoid": found.medoid}
    for name, table in tables_of(found).items():
        document[name] = json.loads(table.to_json(orient="records"))
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
