"""What an ensemble says: over plausible worlds, in how many, by how much."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from cosim.display.factors import outcome_name
from cosim.display.figures.ensemble import ensemble_figure
from cosim.display.style import as_bytes
from cosim.display.words import (
    GROUPS,
    NOTHING,
    arm_name,
    capitalised,
    interval,
    percent,
    plain,
    signed,
)
from cosim.ensemble.calibrating import SHIPPED, Calibrated
from cosim.ensemble.sets import ENSEMBLE
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import MEASURES
from cosim.report.layout import markdown_table, new_table, note
from cosim.study import OutputError
from cosim.study.store import explain
from cosim.study.sweep.files import put


def print_calibration(found: Calibrated, console: Console, say: Language = ENGLISH) -> None:
    """Print how many sets were kept, what reforms do in them, and in how many the validation patterns hold."""
    tried, kept = len(found.tried), len(found.sets)
    console.print(say("{kept} of {tried} parameter sets meet all calibration patterns", kept=kept, tried=tried))
    note(console, _closest(found, say))
    for scenario in found.effects["scenario"].unique():
        console.print(_effects_table(found, scenario, say))
    note(console, say("raises, lowers: share of worlds in which the difference is more than luck."))
    if len(found.patterns):
        console.print(_patterns_table(found.patterns, say))


def _closest(found: Calibrated, say: Language) -> str:
    """Say which set is closest to all the others, and whether the shipped one is among those that are kept."""
    if found.medoid == SHIPPED:
        return say("The set closest to all the others is the one that is shipped.")
    number = found.medoid
    if bool(found.tried.loc[SHIPPED, "kept"]):
        return say("The set closest to all the others is number {number}; the shipped one meets them.", number=number)
    return say(
        "The set closest to all the others is number {number}; the shipped one does not meet them.", number=number
    )


def _effects_table(found: Calibrated, scenario: str, say: Language) -> Table:
    mine = found.effects[found.effects["scenario"] == scenario]
    against = arm_name(found.said.effects.scenarios[0], say)
    title = say("{scenario}, against {against}", scenario=arm_name(scenario, say), against=against)
    worlds = say("90 % of worlds")
    table = new_table(title, say("median"), worlds, say("raises"), say("lowers"), whole=[worlds])
    for row in mine.to_dict("records"):
        size = max(abs(row["low"]), abs(row["high"]))
        table.add_row(
            outcome_name(row["outcome"], say), signed(row["median"], size),
            interval(row["low"], row["high"], size, say), percent(row["raises"], say), percent(row["lowers"], say),
        )  # fmt: skip
    return table


def _patterns_table(rates: pd.DataFrame, say: Language) -> Table:
    table = new_table(say("pattern"), say("criterion"), say("bounds"), say("holds in"), say("median"))
    for row in rates.to_dict("records"):
        _, *cells, _ = _rate(row, say)
        table.add_row(row["pattern"], *cells)
    return table


ABOUT = """\
# In which plausible worlds does the reform work?

Written by `cosim calibrate`: {tried} parameter sets, drawn from the priors in `{file}` ({priors}
parameters) in {waves} waves; {kept} give the unreformed compound as it is known (C1 to C5 of `cosim patterns`, mean of
{replicates} runs). They are the plausible worlds, in `{sets}`. In each, supply is compared with the
same people, history and luck, {effects} times, with the same luck in every world.

What these worlds share is the model's form and what the priors allow. A reform that works in all of them works for
every parameter that fits what is known of the unreformed compound; whether the form is right is what the validation
patterns are for. `cosim compare {option}` compares any two scenarios in these worlds.
"""


def ensemble_page(found: Calibrated, priors: Path | None) -> str:
    """Return the page about an ensemble; `priors` is the user's file of them, None the shipped one."""
    said = found.said
    if priors is None:
        places = {"file": "experiments/calibration.toml", "sets": f"experiments/{ENSEMBLE}", "option": "--ensemble"}
    else:
        places = {"file": priors.name, "sets": ENSEMBLE, "option": f"--sets {ENSEMBLE}"}
    parts = [
        ABOUT.format(
            tried=len(found.tried), priors=len(said.priors), waves=len(said.draws.waves), kept=len(found.sets),
            replicates=said.draws.replicates, effects=said.effects.replicates, **places,
        ),
        "## What is kept\n\n" + _waves_table(found) + "\n" + _about_medoid(found) + "\n\n" + _about_parameters(found),
    ]  # fmt: skip
    for scenario in found.effects["scenario"].unique():
        parts.append(_about_scenario(found, scenario))
    if len(found.patterns):
        asked = min(said.patterns.sets, len(found.sets))
        parts.append(ABOUT_PATTERNS.format(sets=asked, replicates=said.patterns.replicates))
        parts.append(_rates_as_markdown(found.patterns))
    return "\n".join(parts)


ABOUT_SHIPPED = """\
The set closest to all the others ({where}) is the one that
is shipped. That says little, as most priors were laid around it. What counts is where it stands among them in what a
reform does: the last two columns of the tables below.\
"""
ABOUT_PATTERNS = """\
## How often the validation patterns hold

Asked with {sets} of these parameter sets, {replicates} replicates each, in the patterns' own compound (LY) and beneath
what a pattern itself sets: the share of sets in which the value lies within the bounds, and the middle 90 % of values.
No parameter was moved to meet them.
"""


def _waves_table(found: Calibrated) -> str:
    """Return the share of sets that meet each calibration pattern, wave by wave."""
    names = list(found.fits["measure"].unique())
    head = ["wave", "sets", *(MEASURES[name].en.lower() if name in MEASURES else name for name in names)]
    rows = []
    for wave, part in found.fits.groupby("wave"):
        row = part.set_index("measure")
        cells = []
        for name in names:
            foreseen = row.loc[name].get("explained", float("nan"))
            known = "" if pd.isna(foreseen) else f" (R² {foreseen:.2f})"
            cells.append(f"{row.loc[name, 'met']:.1%}{known}")
        rows.append([str(wave), str(int(row["sets"].iloc[0])), *cells])
    return markdown_table(head, rows) + "\nShare of sets that meet a pattern; R² of the emulator that drew the wave.\n"


def _about_medoid(found: Calibrated) -> str:
    """Say which set is closest to all the others, and whether that is the shipped one."""
    if found.medoid == SHIPPED:
        where = "the medoid, each parameter from 0 to 1 between its prior's ends"
        return ABOUT_SHIPPED.format(where=where)
    met = "meets" if bool(found.tried.loc[SHIPPED, "kept"]) else "does not meet"
    return f"The set closest to all the others is number {found.medoid}. The shipped one {met} the patterns."


def _about_parameters(found: Calibrated) -> str:
    """Say of which parameters the calibration patterns tell anything, and what."""
    told = found.parameters[found.parameters["told"]]
    text = (
        f"Meeting C1 to C5 tells something of {len(told)} of the {len(found.parameters)} parameters (their kept values "
        "differ from the prior; Kolmogorov and Smirnov, 5 % over all). The others are as unknown as before: what is "
        "said below holds over all that they may be."
    )
    rows = [
        [
            f"`{row['key']}`", f"{row['low']:g} to {row['high']:g}", f"{row['kept_low']:.3g} to {row['kept_high']:.3g}",
            f"{row['kept_median']:.3g}", f"{row['shipped']:g}",
        ]
        for row in told.to_dict("records")
    ]  # fmt: skip
    table = markdown_table(["parameter", "prior", "90 % of kept sets", "median", "shipped"], rows)
    return textwrap.fill(text, 118) + "\n\n" + table


def _about_scenario(found: Calibrated, scenario: str) -> str:
    """Return what a scenario changes: in words, as a figure, as a table."""
    mine = found.effects[found.effects["scenario"] == scenario]
    against = found.said.effects.scenarios[0]
    rows = [
        [
            outcome_name(row["outcome"]), signed(row["median"], size := max(abs(row["low"]), abs(row["high"]))),
            interval(row["low"], row["high"], size), percent(row["raises"]), percent(row["lowers"]),
            signed(row["shipped"], size), NOTHING if pd.isna(row["below"]) else percent(row["below"]),
        ]
        for row in mine.to_dict("records")
    ]  # fmt: skip
    head = ["outcome", "median", "90 % of worlds", "raises in", "lowers in", "shipped set", "worlds below it"]
    name = capitalised(plain(scenario))
    return (
        f"## {name} against {plain(against)}\n\n{textwrap.fill(in_words(mine), 118)}\n\n"
        f"![{name}: differences in every world](effects_{scenario}.png)\n\n"
        f"{markdown_table(head, rows)}\n"
    )


def in_words(effects: pd.DataFrame) -> str:
    """Return what one scenario changes over plausible worlds, as sentences."""
    rows = effects.set_index("outcome")
    worlds = int(rows["worlds"].max())
    names = ("participation", "trust_neighbours", "trust_government", "satisfaction")
    signs = ", ".join(_sign(rows.loc[name], name) for name in names)
    sentences = [f"Of {worlds} plausible worlds, it raises {signs}."]
    cost, public = rows.loc["cost_total"], rows.loc["cost_government"]
    sentences.append(
        f"It costs {signed(cost['median'])} yuan per resident and year in all ({interval(cost['low'], cost['high'])}), "
        f"of which public money {signed(public['median'])} ({interval(public['low'], public['high'])})."
    )
    for name in names[:3]:
        groups = [f"{GROUPS[group]} {signed(rows.loc[f'{name}.{group}', 'median'], 0.1)}" for group in GROUPS]
        sentences.append(f"{capitalised(outcome_name(name))} by group: {', '.join(groups)} (medians).")
    return " ".join(sentences)


def _sign(row: Any, name: str) -> str:
    """Say in how many worlds an outcome rises, and in how many it falls."""
    lowers = f", lowers it in {percent(row['lowers'])}" if row["lowers"] > 0 else ""
    return f"{outcome_name(name).lower()} in {percent(row['raises'])} ({interval(row['low'], row['high'])}{lowers})"


def _rates_as_markdown(rates: pd.DataFrame) -> str:
    """Return the pass rates as a table of a page."""
    head = ["pattern", "criterion", "bounds", "holds in", "median", "90 % of worlds"]
    return markdown_table(head, [_rate(row) for row in rates.to_dict("records")])


def _rate(row: Any, say: Language = ENGLISH) -> list[str]:
    """Return the cells of a pass rate."""
    holds = NOTHING
    if not pd.isna(row["holds"]):
        holds = say("{part} of {whole}", part=percent(row["holds"], say), whole=row["worlds"])
    known = not pd.isna(row.get("median", float("nan")))
    spread = f"{row['low']:.3g} to {row['high']:.3g}" if known else NOTHING
    median = f"{row['median']:.3g}" if known else NOTHING
    bounds = row["bounds"] if isinstance(row["bounds"], str) else ""
    return [f"{row['pattern']}  {row['title']}", say(row["criterion"]), bounds, holds, median, spread]


def tables_of(found: Calibrated) -> dict[str, pd.DataFrame]:
    """Return the tables by the name of their file."""
    tables = {
        "effects": found.effects, "waves": found.fits, "patterns": found.patterns, "parameters": found.parameters,
    }  # fmt: skip
    return {name: table for name, table in tables.items() if len(table)}


def write_calibration(found: Calibrated, folder: Path, priors: Path | None) -> list[Path]:
    """Write a page, tables as CSV, and a figure for each reform beside what was run. Raises OutputError.

    `priors` is the user's file of them, None the shipped one.
    """
    files = {f"{name}.csv": table.to_csv(index=False, float_format="%.6g").encode() for name, table in
             tables_of(found).items()}  # fmt: skip
    files["ensemble.md"] = ensemble_page(found, priors).encode()
    against = found.said.effects.scenarios[0]
    for scenario in found.effects["scenario"].unique():
        figure = ensemble_figure(found.by_set, found.effects, scenario, against)
        files[f"effects_{scenario}.png"] = as_bytes(figure)
    try:
        for name, content in files.items():
            put(folder / name, content)
    except OSError as error:
        raise OutputError(explain(error, folder)) from error
    return [folder / name for name in files]


def as_json(found: Calibrated) -> str:
    """Return the tables as one JSON object; what is not known is null."""
    document: dict[str, Any] = {"tried": len(found.tried), "kept": len(found.sets), "medoid": found.medoid}
    for name, table in tables_of(found).items():
        document[name] = json.loads(table.to_json(orient="records"))
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
