"""Tables for the terminal; they fit into 80 columns and use more when there are more."""

import math
from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosim.compare import Comparison, Summary
from cosim.compare.forms import FORMS
from cosim.display.words import (
    GROUPS,
    NOTHING,
    headline,
    interval,
    measure_name,
    number,
    percent,
    plain,
    signed,
    sparkline,
)
from cosim.outcomes.measures import CATEGORY_MEASURES, FEE_TRAP, MEASURES
from cosim.report.controls import print_controls
from cosim.report.individuals import print_individuals
from cosim.report.layout import new_table, note
from cosim.report.worlds import print_worlds
from cosim.statistics import SIGNIFICANCE
from cosim.study import Study

CATEGORY_OUTCOMES = ("condition", "wait", "cost_government", "cost_partners")
"""Outcomes shown for every category; costs in yuan per resident and year."""

ROOM_FOR_TRENDS = 100
"""Columns of a terminal from which a comparison shows trends."""


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print what the later scenarios change against the first."""
    study = comparison.study
    names = " and ".join(plain(label) for label in study.labels[1:])
    _heading(console, f"What changes with {names} against {plain(study.labels[0])}", study)
    for label in study.labels[1:]:
        if study.worlds:
            print_worlds(comparison, label, console)
        console.print(_differences(comparison, label, console.width >= ROOM_FOR_TRENDS))
        note(console, _about_intervals(comparison, label))
        if len(comparison.forms) < len(FORMS):
            note(console, _about_forms(comparison.forms))
        console.print(_differences_by_group(comparison, label))
        console.print(_categories_in_two_arms(comparison, label))
        if _has_intervals(study):
            note(console, "In brackets, or with ≈: not clear, over all of a table's rows and scenarios.")
        print_individuals(comparison, label, console)
    print_controls(comparison, console)
    _print_trap(comparison.fee_trap, console)


def print_summary(summary: Summary, console: Console) -> None:
    """Print what one scenario's runs came to."""
    study = summary.study
    _heading(console, study.scenarios[0].title or plain(study.labels[0]), study)
    console.print(_outcomes(summary))
    console.print(_outcomes_by_group(summary))
    console.print(_categories(summary))
    _print_trap(summary.fee_trap, console)


def _heading(console: Console, title: str, study: Study) -> None:
    """Print what was run and what the numbers are."""
    settings = study.scenarios[0].study
    count = len(study.complete)
    people = "same people, same history; " if len(study.labels) > 1 else ""
    months = "all months" if settings.months <= 12 else f"the last 12 of {settings.months} months"
    console.print(Text(title, style="bold"))
    note(
        console,
        f"{count} replicate{'s' if count != 1 else ''}, seed {study.seed}; {people}mean of {months}; "
        "money per resident and year, from month 0 on.",
    )


def _has_intervals(study: Study) -> bool:
    """Whether there are enough replicates for intervals."""
    return len(study.complete) > 1


def _about_intervals(comparison: Comparison, label: str) -> str:
    """Say what the intervals are, and what pairing did for them."""
    if not _has_intervals(comparison.study):
        return "One replicate: a difference without an interval. Ask for more with --replicates."
    lines = [
        "95 % interval: paired, each for itself. clear: the difference stands at 5 %",
        "over all headline outcomes and scenarios together (Holm).",
    ]
    if not comparison.study.worlds:
        lines.append("Of luck, for one set of parameters; --ensemble compares in many that are plausible.")
    found = _of(comparison.outcomes, label)
    found = found[found["outcome"].isin(headline())]
    moved = found[found["p"] < 1]
    removed = moved["variance_removed"].median()
    if not (found["p"] < 1).any():
        lines.append("No pair differs in any of these outcomes.")
    elif not math.isnan(removed):
        did = "removed" if removed >= 0 else "added"
        lines.append(f"Pairing {did} {percent(abs(removed))} of the differences' variance (median).")
    return "\n".join(lines)


def _about_forms(forms: Sequence[str]) -> str:
    """Say what counts as participation where not every form is open in every arm."""
    if not forms:
        return "Participation is not compared: no form of it is open in every arm at the end."
    counted = ", ".join(MEASURES[form].en.lower() for form in forms)
    return f"Participation counts {counted} alone: other forms are not open in every arm at the end."


def _differences(comparison: Comparison, label: str, roomy: bool) -> Table:
    """Return the headline outcomes of two arms; with their course over time where there is room."""
    certain = ["95 % interval", "clear"] if _has_intervals(comparison.study) else []
    trends = ["trends, by year"] if roomy else []
    arms = (plain(comparison.labels[0]), plain(label))
    table = new_table("outcome", *arms, "difference", *certain, *trends, widest=None if roomy else 10)
    rows = _of(comparison.outcomes, label).set_index("outcome")
    for outcome in headline():
        row = rows.loc[outcome]
        size = max(abs(row["mean_a"]), abs(row["mean_b"]))
        difference = Text(signed(row["difference"], size), style="bold" if _clear(row) else "")
        means = number(row["mean_a"]), number(row["mean_b"])
        cells: list[str | Text] = [measure_name(outcome), *means, difference]
        if certain:
            verdict = {True: "yes", False: "no", None: NOTHING}[_clear(row)]
            cells += [interval(row["low"], row["high"], size), verdict]
        if trends:
            cells.append(_two_trends(comparison, label, outcome))
        table.add_row(*cells)
    return table


def _differences_by_group(comparison: Comparison, label: str) -> Table:
    """Return the difference in every group of residents."""
    found = _of(comparison.by_group, label).set_index(["group", "outcome"])
    groups = list(dict.fromkeys(found.index.get_level_values("group")))
    table = new_table("for whom", *[GROUPS.get(group, plain(group)) for group in groups])
    for outcome in headline("resident"):
        cells = []
        for group in groups:
            row = found.loc[(group, outcome)]
            text = signed(row["difference"], max(abs(row["mean_a"]), abs(row["mean_b"])))
            cells.append(f"({text})" if _unclear(row, comparison.study) else text)
        table.add_row(measure_name(outcome), *cells)
    return table


def _categories_in_two_arms(comparison: Comparison, label: str) -> Table:
    """Return condition, wait and cost of every category, in both arms."""
    found = _of(comparison.by_category, label).set_index(["category", "outcome"])
    table = new_table("category", *[CATEGORY_MEASURES[outcome].en.lower() for outcome in CATEGORY_OUTCOMES])
    for category in found.index.unique("category"):
        cells = []
        for outcome in CATEGORY_OUTCOMES:
            row = found.loc[(category, outcome)]
            arrow = "≈" if _unclear(row, comparison.study) else "→"
            known = row["n"] > 0
            cells.append(f"{number(row['mean_a'])} {arrow} {number(row['mean_b'])}" if known else NOTHING)
        table.add_row(_category_name(comparison.study, category), *cells)
    return table


def _outcomes(summary: Summary) -> Table:
    """Return the headline outcomes of one scenario, with their course over the years."""
    study = summary.study
    many = len(study.complete) > 1
    spread = ["lowest to highest"] if many else []
    table = new_table("outcome", "warm-up", "result", *spread, "trend, by year")
    rows = summary.outcomes.set_index("outcome")
    for outcome in headline():
        row = rows.loc[outcome]
        cells: list[str | Text] = [
            measure_name(outcome),
            number(row["before"]),
            Text(number(row["mean"]), style="bold"),
        ]
        if many:
            cells.append(f"{number(row['lowest'])} to {number(row['highest'])}")
        table.add_row(*cells, sparkline(yearly(study.months, outcome)))
    return table


def _outcomes_by_group(summary: Summary) -> Table:
    """Return the residents' headline outcomes in every group."""
    found = summary.by_group.set_index(["group", "outcome"])
    groups = list(found.index.unique("group"))
    table = new_table("for whom", *[GROUPS.get(group, plain(group)) for group in groups])
    for outcome in headline("resident"):
        cells = [number(found.loc[(group, outcome), "mean"]) for group in groups]
        table.add_row(measure_name(outcome), *cells)
    return table


def _categories(summary: Summary) -> Table:
    """Return condition, wait and cost of every category of service."""
    found = summary.by_category.set_index(["category", "outcome"])
    table = new_table("category", *[CATEGORY_MEASURES[outcome].en.lower() for outcome in CATEGORY_OUTCOMES])
    for category in found.index.unique("category"):
        cells = [number(found.loc[(category, outcome), "mean"]) for outcome in CATEGORY_OUTCOMES]
        table.add_row(_category_name(summary.study, category), *cells)
    return table


def yearly(months: pd.DataFrame, outcome: str) -> list[float]:
    """Return an outcome's mean over replicates, year by year from month 0."""
    branch = months[months["month"] >= 0]
    return [float(mean) for mean in branch.groupby(branch["month"] // 12)[outcome].mean()]


def _two_trends(comparison: Comparison, label: str, outcome: str) -> str:
    """Return the course of an outcome in both arms, on one scale."""
    months = comparison.months
    arms = [yearly(months[months["scenario"] == arm], outcome) for arm in (comparison.labels[0], label)]
    both = sparkline([*arms[0], *arms[1]])
    return f"{both[: len(arms[0])]} {both[len(arms[0]) :]}"


def _of(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return the rows that compare this scenario with the first."""
    return frame[frame["scenario"] == label]


def _clear(row: pd.Series) -> bool | None:
    """Whether a difference stands over all of its family together; None if it has no p-value."""
    if math.isnan(row["p_holm"]):
        return None
    return bool(row["p_holm"] < SIGNIFICANCE)


def _unclear(row: pd.Series, study: Study) -> bool:
    """Whether a difference is known and may be none, in a study with enough replicates to tell."""
    return row["n"] > 0 and _has_intervals(study) and not _clear(row)


def _category_name(study: Study, category: str) -> str:
    """Return what the scenario calls a category."""
    return study.scenarios[0].categories[category].label or plain(category)


def _print_trap(fee_trap: pd.DataFrame, console: Console) -> None:
    """Say how many replicates end in the fee trap."""
    console.print(f"Fee trap: replicates that end with fewer than {percent(FEE_TRAP)} of households paying")
    for row in fee_trap.itertuples():
        console.print(f"  {plain(row.scenario)}: {row.trapped} of {row.replicates}")
