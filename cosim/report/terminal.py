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
    NOTHING,
    arm_name,
    group_name,
    headline,
    interval,
    measure_name,
    number,
    percent,
    plain,
    shown,
    signed,
    sparkline,
)
from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import CATEGORY_MEASURES, FEE_TRAP, MEASURES
from cosim.report.controls import print_controls
from cosim.report.individuals import print_individuals
from cosim.report.layout import new_table, note
from cosim.report.worlds import print_worlds
from cosim.scenario.errors import together
from cosim.statistics import SIGNIFICANCE
from cosim.study import Study

CATEGORY_OUTCOMES = ("condition", "wait", "cost_government", "cost_partners")
"""Outcomes shown for every category; costs in yuan per resident and year."""

ROOM_FOR_TRENDS = 100
"""Columns of a terminal from which a comparison shows trends."""


def print_comparison(comparison: Comparison, console: Console, say: Language = ENGLISH) -> None:
    """Print what the later scenarios change against the first."""
    study = comparison.study
    names = together(arm_name(label, say) for label in study.labels[1:])
    first = arm_name(study.labels[0], say)
    _heading(console, say("What changes with {names} against {first}", names=names, first=first), study, say)
    for label in study.labels[1:]:
        if study.worlds:
            print_worlds(comparison, label, console, say)
        console.print(_differences(comparison, label, console.width >= ROOM_FOR_TRENDS, say))
        note(console, _about_intervals(comparison, label, say))
        if len(comparison.forms) < len(FORMS):
            note(console, _about_forms(comparison.forms, say))
        console.print(_differences_by_group(comparison, label, say))
        console.print(_categories_in_two_arms(comparison, label, say))
        if _has_intervals(study):
            note(console, say("In brackets, or with ≈: not clear, over all of a table's rows and scenarios."))
        print_individuals(comparison, label, console, say)
    print_controls(comparison, console, say)
    _print_trap(comparison.fee_trap, console, say)


def print_summary(summary: Summary, console: Console, say: Language = ENGLISH) -> None:
    """Print what one scenario's runs came to."""
    study = summary.study
    scenario = study.scenarios[0]
    title = say.pick(scenario.title, scenario.title_zh) or arm_name(study.labels[0], say)
    _heading(console, title, study, say)
    console.print(_outcomes(summary, say))
    console.print(_outcomes_by_group(summary, say))
    console.print(_categories(summary, say))
    _print_trap(summary.fee_trap, console, say)


def _heading(console: Console, title: str, study: Study, say: Language) -> None:
    """Print what was run and what the numbers are."""
    settings = study.scenarios[0].study
    count = len(study.complete)
    people = say("same people, same history; ") if len(study.labels) > 1 else ""
    months = say("the last 12 of {months} months", months=settings.months)
    if settings.months <= 12:
        months = say("all months")
    console.print(Text(title, style="bold"))
    about = {"seed": study.seed, "people": people, "months": months}
    note(
        console,
        say.many("{count} replicate", "{count} replicates", count)
        + say(", seed {seed}; {people}mean of {months}; money per resident and year, from month 0 on.", **about),
    )


def _has_intervals(study: Study) -> bool:
    """Whether there are enough replicates for intervals."""
    return len(study.complete) > 1


def _about_intervals(comparison: Comparison, label: str, say: Language) -> str:
    """Say what the intervals are, and what pairing did for them."""
    if not _has_intervals(comparison.study):
        return say("One replicate: a difference without an interval. Ask for more with --replicates.")
    lines = [
        say("95 % interval: paired, each for itself. clear: the difference stands at 5 %"),
        say("over all headline outcomes and scenarios together (Holm)."),
    ]
    if not comparison.study.worlds:
        lines.append(say("Of luck, for one set of parameters; --ensemble compares in many that are plausible."))
    found = _of(comparison.outcomes, label)
    found = found[found["outcome"].isin(headline())]
    moved = found[found["p"] < 1]
    removed = moved["variance_removed"].median()
    if not (found["p"] < 1).any():
        lines.append(say("No pair differs in any of these outcomes."))
    elif not math.isnan(removed):
        share = percent(abs(removed), say)
        if removed >= 0:
            lines.append(say("Pairing removed {share} of the differences' variance (median).", share=share))
        else:
            lines.append(say("Pairing added {share} of the differences' variance (median).", share=share))
    return "\n".join(lines)


def _about_forms(forms: Sequence[str], say: Language) -> str:
    """Say what counts as participation where not every form is open in every arm."""
    if not forms:
        return say("Participation is not compared: no form of it is open in every arm at the end.")
    counted = say(", ").join(say.label(MEASURES[form]).lower() for form in forms)
    return say("Participation counts {forms} alone: other forms are not open in every arm at the end.", forms=counted)


def _differences(comparison: Comparison, label: str, roomy: bool, say: Language) -> Table:
    """Return the headline outcomes of two arms; with their course over time where there is room."""
    certain = [say("95 % interval"), say("clear")] if _has_intervals(comparison.study) else []
    trends = [say("trends, by year")] if roomy else []
    arms = (arm_name(comparison.labels[0], say), arm_name(label, say))
    table = new_table(
        say("outcome"), *arms, say("difference"), *certain, *trends,
        widest=None if roomy else 10, whole=certain[:1], trends=trends,
    )  # fmt: skip
    rows = _of(comparison.outcomes, label).set_index("outcome")
    for outcome in shown(comparison.study.scenarios):
        row = rows.loc[outcome]
        size = max(abs(row["mean_a"]), abs(row["mean_b"]))
        difference = Text(signed(row["difference"], size), style="bold" if _clear(row) else "")
        means = number(row["mean_a"]), number(row["mean_b"])
        cells: list[str | Text] = [measure_name(outcome, say), *means, difference]
        if certain:
            verdict = {True: say("yes"), False: say("no"), None: NOTHING}[_clear(row)]
            cells += [interval(row["low"], row["high"], size, say), verdict]
        if trends:
            cells.append(_two_trends(comparison, label, outcome))
        table.add_row(*cells)
    return table


def _differences_by_group(comparison: Comparison, label: str, say: Language) -> Table:
    """Return the difference in every group of residents."""
    found = _of(comparison.by_group, label).set_index(["group", "outcome"])
    groups = list(dict.fromkeys(found.index.get_level_values("group")))
    table = new_table(say("for whom"), *[group_name(group, say) for group in groups])
    for outcome in headline("resident"):
        cells = []
        for group in groups:
            row = found.loc[(group, outcome)]
            text = signed(row["difference"], max(abs(row["mean_a"]), abs(row["mean_b"])))
            cells.append(f"({text})" if _unclear(row, comparison.study) else text)
        table.add_row(measure_name(outcome, say), *cells)
    return table


def _categories_in_two_arms(comparison: Comparison, label: str, say: Language) -> Table:
    """Return condition, wait and cost of every category, in both arms."""
    found = _of(comparison.by_category, label).set_index(["category", "outcome"])
    table = new_table(
        say("category"), *[say.label(CATEGORY_MEASURES[outcome]).lower() for outcome in CATEGORY_OUTCOMES]
    )
    for category in found.index.unique("category"):
        cells = []
        for outcome in CATEGORY_OUTCOMES:
            row = found.loc[(category, outcome)]
            arrow = "≈" if _unclear(row, comparison.study) else "→"
            known = row["n"] > 0
            cells.append(f"{number(row['mean_a'])} {arrow} {number(row['mean_b'])}" if known else NOTHING)
        table.add_row(_category_name(comparison.study, category, say), *cells)
    return table


def _outcomes(summary: Summary, say: Language) -> Table:
    """Return the headline outcomes of one scenario, with their course over the years."""
    study = summary.study
    many = len(study.complete) > 1
    spread, trend = [say("lowest to highest")] if many else [], say("trend, by year")
    heads = (say("outcome"), say("warm-up"), say("result"), *spread, trend)
    table = new_table(*heads, whole=spread, trends=[trend])
    rows = summary.outcomes.set_index("outcome")
    for outcome in shown(study.scenarios):
        row = rows.loc[outcome]
        cells: list[str | Text] = [
            measure_name(outcome, say),
            number(row["before"]),
            Text(number(row["mean"]), style="bold"),
        ]
        if many:
            cells.append(say("{low} to {high}", low=number(row["lowest"]), high=number(row["highest"])))
        table.add_row(*cells, sparkline(yearly(study.months, outcome)))
    return table


def _outcomes_by_group(summary: Summary, say: Language) -> Table:
    """Return the residents' headline outcomes in every group."""
    found = summary.by_group.set_index(["group", "outcome"])
    groups = list(found.index.unique("group"))
    table = new_table(say("for whom"), *[group_name(group, say) for group in groups])
    for outcome in headline("resident"):
        cells = [number(found.loc[(group, outcome), "mean"]) for group in groups]
        table.add_row(measure_name(outcome, say), *cells)
    return table


def _categories(summary: Summary, say: Language) -> Table:
    """Return condition, wait and cost of every category of service."""
    found = summary.by_category.set_index(["category", "outcome"])
    table = new_table(
        say("category"), *[say.label(CATEGORY_MEASURES[outcome]).lower() for outcome in CATEGORY_OUTCOMES]
    )
    for category in found.index.unique("category"):
        cells = [number(found.loc[(category, outcome), "mean"]) for outcome in CATEGORY_OUTCOMES]
        table.add_row(_category_name(summary.study, category, say), *cells)
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


def _category_name(study: Study, category: str, say: Language) -> str:
    """Return what the scenario calls a category."""
    said = study.scenarios[0].categories[category]
    return say.pick(said.label, said.label_zh) or plain(category)


def _print_trap(fee_trap: pd.DataFrame, console: Console, say: Language) -> None:
    """Say how many replicates end in the fee trap."""
    share = percent(FEE_TRAP, say)
    console.print(say("Fee trap: replicates that end with fewer than {share} of households paying", share=share))
    for row in fee_trap.itertuples():
        counts = {"scenario": arm_name(row.scenario, say), "trapped": row.trapped, "replicates": row.replicates}
        console.print(say("  {scenario}: {trapped} of {replicates}", **counts))
