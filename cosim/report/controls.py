"""Tables about controls: resources or arrangement, renovation by supply, the ladder, the decomposition."""

import pandas as pd
from rich.console import Console
from rich.text import Text

from cosim.compare import Comparison
from cosim.display.words import arm_name, measure_name, number, sentences, stage_name
from cosim.language import ENGLISH, Language, told
from cosim.report.layout import bracketed, new_table, note

SHOWN = ("participation", "trust_neighbours", "trust_government", "satisfaction", "fee_collection", "cost_total")
"""Outcomes that the tables show; files hold all headline outcomes."""
SHORT = {
    "participation": told("taking part"), "trust_neighbours": told("trust neigh- bours"),
    "trust_government": told("trust govern- ment"), "satisfaction": told("satis- faction"),
    "fee_collection": told("fees paid"), "cost_total": told("cost, yuan"),
}  # fmt: skip
"""Headings of narrow columns."""
KINDS = {"effect": told("effect"), "stage": told("stage")}
"""Headings of what is told apart."""
EFFECTS = {
    "supply, without renovation": told("supply, without renovation"),
    "supply, with renovation": told("supply, with renovation"), "interaction": told("interaction"),
}  # fmt: skip
"""Effects of supply and renovation; those of renovation bear the name of a scenario."""
EQUAL = {"public_budget": told("equal public cost"), "total_resources": told("equal total resources")}


def print_controls(comparison: Comparison, console: Console, say: Language = ENGLISH) -> None:
    """Print the controls that were asked for, and why any is missing."""
    if not comparison.split.empty:
        _print_split(comparison, console, say)
    if not comparison.square.empty:
        _print_effects(comparison.square, "effect", say("Renovation by supply"), console, say)
    if not comparison.ladder.empty:
        _print_effects(comparison.ladder, "stage", say("Ladder: each stage laid over those above"), console, say)
    if not comparison.decomposition.empty:
        title = say("Each stage, as a mean over all orders of the stages (Shapley value)")
        _print_effects(comparison.decomposition, "stage", title, console, say)
    if not comparison.split.empty or not comparison.decomposition.empty:
        many = len(comparison.study.complete) > 1
        brackets = say("In brackets: the paired 95 % interval, each for itself, covers zero.") if many else ""
        note(console, sentences(brackets, say("Money per resident and year."), say=say))


def _print_split(comparison: Comparison, console: Console, say: Language) -> None:
    """Print how much of each difference is resources, and how much arrangement."""
    first = arm_name(comparison.labels[0], say)
    for row in comparison.resources.to_dict("records"):
        name = row["control"]
        console.print(Text(say("Resources or arrangement: {what}", what=EQUAL[name]), style="bold"))
        table = new_table(say("outcome"), say("difference"), say("by resources"), say("by arrangement"))
        parts = comparison.split[comparison.split["control"] == name].set_index(["outcome", "part"])
        for outcome in SHOWN:
            sizes = parts.loc[outcome, ["mean_a", "mean_b"]].abs().to_numpy().max()
            rows = [parts.loc[(outcome, part)] for part in ("total", "resources", "arrangement")]
            cells = [bracketed(row["difference"], row["low"], row["high"], sizes) for row in rows]
            table.add_row(measure_name(outcome, say), *cells)
        console.print(table)
        reached = number(row["reached"])
        missed = {
            "nearest": say("Not met: of all that was tried, {number} came nearest.", number=reached),
            "out of reach": say("That is out of reach: {number} is the nearest.", number=reached),
        }
        means = say(
            "Resources: {first} with {factor:.2f} times its public budget, and staff if that is more than 1, "
            "to cost {aim} too.",
            first=first, factor=row["factor"], aim=number(row["aim"]),
        )  # fmt: skip
        note(console, sentences(means, missed.get(row["verdict"], ""), say("Arrangement: the rest."), say=say))


def _print_effects(found: pd.DataFrame, kind: str, title: str, console: Console, say: Language) -> None:
    """Print one row for each effect or stage, a column for each outcome."""
    console.print(Text(title, style="bold"))
    table = new_table(say(KINDS[kind]), *[say(SHORT[outcome]) for outcome in SHOWN], widest=9)
    rows = found.set_index([kind, "outcome"])
    for name in found[kind].unique():
        cells = []
        for outcome in SHOWN:
            row = rows.loc[(name, outcome)]
            size = 100.0 if outcome == "cost_total" else 0.1
            cells.append(bracketed(row["difference"], row["low"], row["high"], size))
        table.add_row(stage_name(name, say) if kind == "stage" else _effect_name(name, say), *cells)
    console.print(table)


def _effect_name(effect: str, say: Language) -> str:
    """Return the name of an effect of supply or of renovation."""
    if effect in EFFECTS:
        return say(EFFECTS[effect])
    return say("renovation, {scenario}", scenario=arm_name(effect.removeprefix("renovation, "), say))
