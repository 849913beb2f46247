"""The answer in three sentences, made from the numbers: what changes, what it costs, how sure it is."""

import math
from collections import Counter

import pandas as pd

from cosim.compare import Comparison
from cosim.display.words import arm_name, headline
from cosim.language import Language
from cosim.report.page import sure, tables
from cosim.report.page.answer import PAYERS, outcomes_without_costs, rises_in
from cosim.report.page.words import (
    BETTER,
    CHANGED,
    NONE,
    UNKNOWN,
    UNTOLD,
    WORSE,
    changed,
    commas,
    in_brackets,
    in_sentence,
    semicolons,
    verdict,
)

FIRST = ("participation", "trust_neighbours", "trust_government")
"""Outcomes that the first sentence names, whatever becomes of them; worlds are told of the first and the last."""


def in_three(found: Comparison, label: str, effects: pd.DataFrame, say: Language) -> tuple[str, str, str]:
    """Return three sentences about a scenario against the first; `effects` are those in the shipped worlds, if any."""
    rows = tables.of(found.outcomes, label).set_index("outcome")
    arm, against = arm_name(label, say), arm_name(found.labels[0], say)
    return what_changes(rows, arm, against, say), what_it_costs(found, rows, say), how_sure(found, label, effects, say)


def what_changes(rows: pd.DataFrame, arm: str, against: str, say: Language) -> str:
    """Say what becomes of participation and trust, and in how many outcomes it is better and worse."""
    named = commas([_of_one(rows, name, say) for name in FIRST], say)
    kinds = Counter(verdict(rows.loc[name], name) for name in outcomes_without_costs())
    if kinds[UNTOLD]:
        return say(
            "{arm} instead of {against}, in one pair of runs, which cannot tell a difference from luck: {outcomes}.",
            arm=arm, against=against, outcomes=named,
        )  # fmt: skip
    return say(
        "{arm} instead of {against}: {outcomes}; of {count} headline outcomes that are no costs {better} are better, "
        "{worse} are worse, and {none} show no difference.",
        arm=arm, against=against, outcomes=named, count=kinds.total(), better=kinds[BETTER], worse=kinds[WORSE],
        none=kinds[NONE],
    )  # fmt: skip


def _of_one(rows: pd.DataFrame, outcome: str, say: Language) -> str:
    kind = verdict(rows.loc[outcome], outcome)
    if kind == NONE:
        return say("no difference detected in {outcome}", outcome=in_sentence(outcome, say))
    if kind == UNKNOWN:
        return say("{outcome} not known", outcome=in_sentence(outcome, say))
    return changed(rows, outcome, say)


def what_it_costs(found: Comparison, rows: pd.DataFrame, say: Language) -> str:
    """Say what it costs, who pays, and how much of participation's difference is resources, if that was told apart."""
    if verdict(rows.loc["cost_total"], "cost_total") == UNKNOWN:
        cost = say("What it costs is not known")
    else:
        payers = commas([changed(rows, name, say) for name in PAYERS], say)
        total = in_brackets(rows.loc["cost_total"], say)
        cost = say("It costs {total} yuan per resident and year ({payers})", total=total, payers=payers)
    parts = found.split
    if parts.empty:
        return say("{cost}; what comes from money and what from arrangement was not separated.", cost=cost)
    parts = parts[(parts["control"] == "total_resources") & (parts["outcome"] == FIRST[0])].set_index("part")
    return say(
        "{cost}; at equal total resources, {resources} of the difference in participation comes from resources and "
        "{arrangement} from arrangement.",
        cost=cost, resources=in_brackets(parts.loc["resources"], say),
        arrangement=in_brackets(parts.loc["arrangement"], say),
    )  # fmt: skip


def how_sure(found: Comparison, label: str, effects: pd.DataFrame, say: Language) -> str:
    """Say how many differences stand, in how many worlds they are there, and how many observed patterns hold."""
    rows = tables.of(found.outcomes, label).set_index("outcome")
    kinds = [verdict(rows.loc[name], name) for name in headline()]
    pairs = len(found.study.complete)
    clear = sum(kind in (BETTER, WORSE, CHANGED) for kind in kinds)
    stand = say("One pair of runs shows no interval") if pairs < 2 else say(
        "{clear} of {named} headline differences stand in {pairs} pairs of runs",
        clear=clear, named=len(kinds), pairs=pairs,
    )  # fmt: skip
    return say("{stand}; {worlds}; {patterns}.", stand=stand, worlds=_worlds(found, label, effects, say),
               patterns=_patterns(say))  # fmt: skip


def _worlds(found: Comparison, label: str, effects: pd.DataFrame, say: Language) -> str:
    if found.study.worlds:
        effects = tables.of(found.over_worlds, label).set_index("outcome")
    if effects.empty:
        return say("other parameters were not tried")
    count = min(len(found.study.worlds), len(found.study.complete)) or int(effects["worlds"].max())
    items = semicolons([_rises(effects, name, say) for name in (FIRST[0], FIRST[-1])], say)
    return say("in {worlds} plausible worlds {items}", worlds=count, items=items)


def _rises(effects: pd.DataFrame, outcome: str, say: Language) -> str:
    if math.isnan(effects.loc[outcome, "raises"]):
        return say("{outcome} not known", outcome=in_sentence(outcome, say))
    return rises_in(effects, outcome, say)


def _patterns(say: Language) -> str:
    counts = sure.validation()
    if not counts:
        return say("how the model stands against observed patterns was not asked")
    return say("of {count} patterns observed elsewhere the model meets {met}", count=counts.total(), met=counts["pass"])
