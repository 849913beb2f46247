"""Sentences made from the numbers of a comparison; the answer in three is in `in_three.py`.

Each says what the numbers say: gains and losses by the same rule and in the same order, the size of a difference with
its interval, and that no difference was detected where none was.
"""

import math
from collections.abc import Sequence
from functools import partial

import pandas as pd

from cosim.compare.people import TELLING
from cosim.display.words import capitalised, group_name, headline, number, percent, sentences
from cosim.language import Language
from cosim.outcomes.measures import MEASURES
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

SHOWN = 6
"""Outcomes of one verdict that a sentence names; the table has all."""
PAYERS = ("cost_government", "cost_partners", "cost_residents")
SPLIT = ("participation", "trust_government", "satisfaction", "fee_collection")
"""Outcomes of which a sentence says what is resources and what arrangement."""


def outcomes_without_costs(level: str | None = None) -> list[str]:
    """Return the headline outcomes that are no costs, in order."""
    return [name for name in headline(level) if MEASURES[name].unit != "yuan"]


def what_changes(rows: pd.DataFrame, arm: str, against: str, say: Language) -> tuple[str, list[str]]:
    """Say in how many outcomes an arm is better, in how many worse; and as a list which, and by how much.

    `rows` has difference, low, high, mean_a, mean_b and p_holm by outcome.
    """
    found = {name: verdict(rows.loc[name], name) for name in outcomes_without_costs() if name in rows.index}
    of = {kind: [name for name in found if found[name] == kind] for kind in (BETTER, WORSE, CHANGED, NONE, UNKNOWN)}
    if UNTOLD in found.values():
        return _one_pair(rows, [name for name in found if found[name] == UNTOLD], say), []
    text = say(
        "Of {count} headline outcomes that are no costs, {arm} is better than {against} in {better} and worse in "
        "{worse}; in {none} no difference was detected.",
        count=len(found), arm=arm, against=against, better=len(of[BETTER]), worse=len(of[WORSE]), none=len(of[NONE]),
    )  # fmt: skip
    lists = {
        BETTER: say("Better: {outcomes}."),
        WORSE: say("Worse: {outcomes}."),
        CHANGED: say("Different, and neither better nor worse by itself: {outcomes}."),
        NONE: say("No difference detected: {outcomes}."),
        UNKNOWN: say("Not known: {outcomes}."),
    }
    items = []
    for kind, said in lists.items():
        word = in_sentence if kind in (NONE, UNKNOWN) else partial(changed, rows)
        if of[kind]:
            items.append(said.format(outcomes=_first_of([word(name, say) for name in of[kind]], say)))
    return text, items


def _one_pair(rows: pd.DataFrame, names: Sequence[str], say: Language) -> str:
    """Say what differs in a single pair of runs."""
    items = _first_of([changed(rows, name, say) for name in names], say)
    return say("One pair of runs cannot tell a difference from luck. In this pair: {outcomes}.", outcomes=items)


def _first_of(items: Sequence[str], say: Language) -> str:
    """Return a list of the first few items, and how many more there are."""
    shown = commas(items[:SHOWN], say)
    if len(items) <= SHOWN:
        return shown
    return say("{outcomes}; {count} more in the table", outcomes=shown, count=len(items) - SHOWN)


def for_whom(by_group: pd.DataFrame, twins: pd.DataFrame, say: Language) -> str:
    """Say for each group in how many outcomes it gains and loses, and how many persons gain and lose.

    `by_group` is indexed by group and outcome; `twins` by outcome, without rows if persons were not followed.
    """
    names = [name for name in outcomes_without_costs("resident") if MEASURES[name].better]
    groups = list(by_group.index.unique("group"))
    kinds = {group: [verdict(by_group.loc[(group, name)], name) for name in names] for group in groups}
    said = []
    if any(kind == UNTOLD for found in kinds.values() for kind in found):
        items = [_one_group(by_group, group, say) for group in groups]
        said.append(say("Participation in this pair, by group: {groups}.", groups=commas(items, say)))
    else:
        counts = [
            say("{group} {better} better, {worse} worse", group=group_name(group, say), better=found.count(BETTER),
                worse=found.count(WORSE))
            for group, found in kinds.items()
        ]  # fmt: skip
        said.append(
            say("Of {count} outcomes of residents: {groups}.", count=len(names), groups=semicolons(counts, say))
        )  # fmt: skip
        items = [_one_group(by_group, group, say) for group in groups]
        said.append(say("Participation by group: {groups}.", groups=commas(items, say)))
    known = twins[twins["lose"].notna()] if len(twins) else twins
    if len(known) and "satisfaction" in known.index:
        said.append(_persons(known, say))
    return sentences(*said, say=say)


def _one_group(by_group: pd.DataFrame, group: str, say: Language) -> str:
    difference = in_brackets(by_group.loc[(group, "participation")], say)
    return say("{group} {difference}", group=group_name(group, say), difference=difference)


def _persons(twins: pd.DataFrame, say: Language) -> str:
    """Say how many persons gain and lose in satisfaction, and in what most of them lose."""
    row = twins.loc["satisfaction"]
    said = say(
        "Of the same persons in both worlds, {gain} gain and {lose} lose in satisfaction (by more than {telling}).",
        gain=percent(row["gain"], say), lose=percent(row["lose"], say), telling=TELLING,
    )  # fmt: skip
    most = str(twins["lose"].idxmax())
    if not twins.loc[most, "lose"]:
        return sentences(said, say("Nobody loses by more than that in any outcome."), say=say)
    losers = say("Most lose in {outcome}: {share}.", outcome=in_sentence(most, say),
                 share=percent(twins.loc[most, "lose"], say))  # fmt: skip
    return sentences(said, losers, say=say)


def at_what_cost(rows: pd.DataFrame, say: Language) -> str:
    """Say what it costs in all, and who pays it."""
    total = rows.loc["cost_total"]
    kind = verdict(total, "cost_total")
    if kind == UNKNOWN:
        return say("What it costs is not known.")
    payers = [changed(rows, name, say) for name in PAYERS]
    text = say(
        "In all it costs {difference} yuan per resident and year, from {before} to {after}; by payer: {payers}.",
        difference=in_brackets(total, say), before=number(total["mean_a"]), after=number(total["mean_b"]),
        payers=commas(payers, say),
    )  # fmt: skip
    if kind != NONE:
        return text
    return sentences(text, say("No difference in total cost was detected."), say=say)


def resources_or_arrangement(resources: pd.DataFrame, split: pd.DataFrame, arm: str, say: Language) -> str:
    """Say what of the differences is due to resources, and what to arrangement, at equal total resources."""
    parts = split[split["control"] == "total_resources"].set_index(["outcome", "part"])
    match = resources.set_index("control").loc["total_resources"]
    items = []
    for name in SPLIT:
        total, by_means, by_way = (parts.loc[(name, part)] for part in ("total", "resources", "arrangement"))
        if math.isnan(total["difference"]):
            continue
        items.append(
            say(
                "{outcome}: resources {resources}, arrangement {arrangement}", outcome=in_sentence(name, say),
                resources=in_brackets(by_means, say), arrangement=in_brackets(by_way, say),
            )
        )  # fmt: skip
    text = say(
        "What the first scenario reaches if it may cost as much as {arm} is due to resources, the rest to "
        "arrangement. {items}.",
        arm=arm, items=capitalised(semicolons(items, say)),
    )  # fmt: skip
    if match["verdict"] == "met":
        return text
    missed = say(
        "Equal cost was not reached: {reached} instead of {aim} yuan per resident and year.",
        reached=number(match["reached"]), aim=number(match["aim"]),
    )  # fmt: skip
    return sentences(text, missed, say=say)


def how_sure(rows: pd.DataFrame, pairs: int, say: Language) -> str:
    """Say how many pairs of runs there are, and how many differences stand over all outcomes together."""
    if pairs < 2:
        return say("There is one pair of runs: no interval, and no difference that can be told from luck.")
    kinds = [verdict(rows.loc[name], name) for name in headline() if name in rows.index]
    clear = sum(kind in (BETTER, WORSE, CHANGED) for kind in kinds)
    return say(
        "{pairs} pairs of runs with the same people, history and luck. {clear} of {count} headline differences stand "
        "at 5 % over all of them together (Holm's method); brackets hold 95 % intervals, each for itself.",
        pairs=pairs, clear=clear, count=len(kinds),
    )  # fmt: skip


def in_worlds(effects: pd.DataFrame, worlds: int, say: Language) -> str:
    """Say in what share of plausible worlds outcomes rise and fall; `effects` has raises and lowers by outcome."""
    items = [
        rises_in(effects, name, say)
        for name in (*SPLIT, "cost_total") if name in effects.index and not math.isnan(effects.loc[name, "raises"])
    ]  # fmt: skip
    return say(
        "In {worlds} plausible worlds (other parameters that fit what is known): {items}.", worlds=worlds,
        items=semicolons(items, say),
    )  # fmt: skip


def rises_in(effects: pd.DataFrame, outcome: str, say: Language) -> str:
    """Say in what share of plausible worlds an outcome rises and falls."""
    return say(
        "{outcome} rises in {raises}, falls in {lowers}", outcome=in_sentence(outcome, say),
        raises=percent(effects.loc[outcome, "raises"], say), lowers=percent(effects.loc[outcome, "lowers"], say),
    )  # fmt: skip
