"""Tables of a page: outcomes, groups, costs, services and persons, in one scenario or against the first."""

import math
from collections.abc import Sequence

import pandas as pd

from cosim.compare import Comparison, Summary
from cosim.compare.people import LOOKED_AT, TELLING
from cosim.display.words import (
    NOTHING,
    arm_name,
    capitalised,
    group_name,
    headline,
    interval,
    measure_name,
    number,
    percent,
    signed,
)
from cosim.language import Language
from cosim.outcomes.measures import CATEGORY_MEASURES, MEASURES
from cosim.report.page.differing import service_name
from cosim.report.page.parts import Row, Table
from cosim.report.page.words import NONE, in_brackets, semicolons, size_of, verdict, verdict_word

COSTS = ("cost_government", "cost_partners", "cost_residents", "cost_total", "volunteer_hours")
SERVICE = ("condition", "wait", "cost_government", "cost_partners")
"""Outcomes that are shown for every service."""
PARTS = ("total", "resources", "arrangement")
TRAITS = ("group", "tenure", "age", "months_lived", "ties")
"""By what persons are told apart; buildings are too many for a page."""
EXTREMES = ("participation", "satisfaction", "trust_government")
FEW = 0.01
"""Share of persons below which a kind of persons is not named: its mean says little."""


def of(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return the rows of one scenario."""
    return table[table["scenario"] == label]


def outcome_table(found: Comparison, label: str, say: Language) -> Table:
    """Return the headline outcomes of a scenario against the first."""
    rows = of(found.outcomes, label).set_index("outcome")
    lines = []
    for name in headline():
        row = rows.loc[name]
        size = size_of(row)
        lines.append(
            Row(
                measure_name(name, say),
                [
                    number(row["mean_a"], size), number(row["mean_b"], size), signed(row["difference"], size),
                    interval(row["low"], row["high"], size, say), verdict_word(verdict(row, name), say),
                ],
            )
        )  # fmt: skip
    arms = [capitalised(arm_name(name, say)) for name in (found.labels[0], label)]
    head = say("outcome"), *arms, say("difference"), say("95 % interval"), say("what it says")
    note = say(
        "Shares and scales run from 0 to 1, as the mean of the last twelve months; money is per resident and year. "
        "Intervals are paired, each for itself. Better, worse or different: the difference stands at 5 % over all "
        "headline outcomes together (Holm)."
    )
    caption = say("Headline outcomes: {arm} against {against}", arm=arm_name(label, say),
                  against=arm_name(found.labels[0], say))  # fmt: skip
    return Table(caption, head, lines, note, words=frozenset({4}))


def group_table(found: Comparison, label: str, say: Language) -> Table:
    """Return what a scenario changes for every group of residents."""
    rows = of(found.by_group, label).set_index(["group", "outcome"])
    groups = list(rows.index.unique("group"))
    lines = []
    for name in headline("resident"):
        cells = []
        for group in groups:
            row = rows.loc[(group, name)]
            text = signed(row["difference"], size_of(row))
            cells.append(say("({difference})", difference=text) if verdict(row, name) == NONE else text)
        lines.append(Row(measure_name(name, say), cells))
    head = say("outcome"), *(capitalised(group_name(group, say)) for group in groups)
    note = say("In brackets: no difference detected, over all groups and outcomes together (Holm).")
    if len(found.study.complete) < 2:
        note = say("One pair of runs cannot tell these from luck.")
    caption = say("Differences by group: {arm}", arm=arm_name(label, say))
    return Table(caption, head, lines, note)


def person_table(found: Comparison, label: str, say: Language) -> Table:
    """Return how many persons gain and lose, of those who live in both worlds."""
    rows = of(found.twins, label).set_index("outcome")
    lines = []
    for name in (name for name in LOOKED_AT if name in rows.index):
        row = rows.loc[name]
        shares = [NOTHING if math.isnan(row[kind]) else percent(row[kind], say) for kind in ("gain", "lose")]
        middle = [signed(row[cut], 0.1) for cut in ("q05", "q50", "q95")]
        lines.append(Row(measure_name(name, say), [*shares, *middle]))
    head = say("outcome"), say("gain"), say("lose"), say("5 % of persons are below"), say("median"), \
        say("5 % are above")  # fmt: skip
    covered = rows["covered"].iloc[0]
    note = say(
        "Gain and lose: by more than {telling}. {share} of the residents at the end live in both worlds.",
        telling=TELLING, share=NOTHING if math.isnan(covered) else percent(covered, say),
    )  # fmt: skip
    return Table(say("The same persons in both worlds: {arm}", arm=arm_name(label, say)), head, lines, note)


def extremes_table(found: Comparison, label: str, say: Language) -> Table | None:
    """Return which kind of persons gains most and which least; None where none is told from the others."""
    rows = of(found.who_gains, label)
    lines = []
    for name in EXTREMES:
        mine = rows[
            (rows["outcome"] == name) & (rows["share"] >= FEW) & rows["trait"].isin(TRAITS) & rows["low"].notna()
        ].sort_values("difference", kind="stable")
        if mine.empty or mine.iloc[-1]["low"] <= mine.iloc[0]["high"]:
            continue
        both = (mine.iloc[-1], mine.iloc[0])
        cells = [say("{who}: {difference}", who=_kind(row, say), difference=_own(row, say)) for row in both]
        lines.append(Row(measure_name(name, say), cells))
    if not lines:
        return None
    head = say("outcome"), say("who gains most"), say("who gains least, or loses")
    note = say("Kinds of persons by group, tenure, age, time lived here and ties; in brackets, 95 % intervals.")
    return Table(say("Who gains most and least: {arm}", arm=arm_name(label, say)), head, lines, note,
                 words=frozenset({0, 1}))  # fmt: skip


def _own(row: pd.Series, say: Language) -> str:
    difference, around = signed(row["difference"], 0.1), interval(row["low"], row["high"], 0.1, say)
    return say("{difference} ({interval})", difference=difference, interval=around)


def _kind(row: pd.Series, say: Language) -> str:
    """Return a kind of persons in words."""
    stratum = str(row["stratum"])
    if row["trait"] not in ("age", "months_lived", "ties"):
        return {
            "came later": say("moved in after month 0"), "owned": say("owners"), "let": say("tenants"),
            "public_rental": say("tenants of public housing"),
        }.get(stratum, group_name(stratum, say))  # fmt: skip
    low, _, high = stratum.replace(" and more", "").partition(" to ")
    values = say("{low} to {high}", low=low, high=high) if high else say("{low} and more", low=low)
    return {
        "age": say("aged {values}", values=values),
        "months_lived": say("{values} months lived here", values=values),
        "ties": say("{values} ties", values=values),
    }[row["trait"]]


def cost_table(found: Comparison, label: str, say: Language) -> Table:
    """Return what a scenario costs each payer against the first."""
    rows = of(found.outcomes, label).set_index("outcome")
    lines = []
    for name in COSTS:
        row = rows.loc[name]
        size = size_of(row)
        cells = [number(row["mean_a"], size), number(row["mean_b"], size), in_brackets(row, say)]
        lines.append(Row(measure_name(name, say), cells, strong=name == "cost_total"))
    arms = [capitalised(arm_name(name, say)) for name in (found.labels[0], label)]
    caption = say("Who pays, per resident and year: {arm}", arm=arm_name(label, say))
    return Table(caption, (say("payer"), *arms, say("difference")), lines, _about_costs(say))


def _about_costs(say: Language) -> str:
    return say(
        "Public cost is money for work and paid staff time; residents' cost is their shares of work and property fees. "
        "Total cost has volunteers' hours in it, at a price."
    )


def service_table(found: Comparison, label: str, say: Language) -> Table:
    """Return condition, wait and costs of every service in both scenarios."""
    rows = of(found.by_category, label).set_index(["category", "outcome"])
    lines = []
    for category in rows.index.unique("category"):
        cells = []
        for name in SERVICE:
            row = rows.loc[(category, name)]
            pair = number(row["mean_a"]), number(row["mean_b"])
            cells.append(" → ".join(pair) if row["n"] > 0 else NOTHING)
        lines.append(Row(service_name(found.study.scenarios[0], category, say), cells))
    return Table(say("Services, before and after: {arm}", arm=arm_name(label, say)), _service_head(say), lines)


def _service_head(say: Language) -> Sequence[str]:
    units = {name: say(CATEGORY_MEASURES[name].unit) for name in SERVICE}
    return [
        say("service"),
        *(say("{measure}, {unit}", measure=say.label(CATEGORY_MEASURES[name]), unit=units[name]) for name in SERVICE),
    ]


def split_table(found: Comparison, say: Language) -> Table:
    """Return what of each difference is due to resources, and what to arrangement, for both kinds of equal cost."""
    names = {"public_budget": say("Equal public cost"), "total_resources": say("Equal total resources")}
    lines = []
    for control, title in names.items():
        parts = found.split[found.split["control"] == control].set_index(["outcome", "part"])
        match = found.resources.set_index("control").loc[control]
        reached = say(
            "{control}: {reached} of {aim} yuan reached with {factor} times the public budget", control=title,
            reached=number(match["reached"]), aim=number(match["aim"]), factor=f"{match['factor']:.2f}",
        )  # fmt: skip
        lines.append(Row(reached))
        for name in (name for name in headline() if (name, "total") in parts.index):
            size = size_of(parts.loc[(name, "total")])
            cells = [_part(parts.loc[(name, part)], size, say) for part in PARTS]
            lines.append(Row(measure_name(name, say), cells))
    head = say("outcome"), say("difference"), say("by resources"), say("by arrangement")
    note = say("In brackets: 95 % intervals, each for itself.")
    return Table(say("Resources or arrangement"), head, lines, note)


def _part(row: pd.Series, size: float, say: Language) -> str:
    if math.isnan(row["low"]):
        return signed(row["difference"], size)
    around = interval(row["low"], row["high"], size, say)
    return say("{difference} ({interval})", difference=signed(row["difference"], size), interval=around)


def level_table(found: Summary, say: Language) -> Table:
    """Return the headline outcomes of one scenario."""
    rows, many = found.outcomes.set_index("outcome"), len(found.study.complete) > 1
    spread = [say("lowest to highest")] if many else []
    lines = [
        Row(measure_name(name, say), _levels(rows.loc[name], many, say))
        for name in headline() if MEASURES[name].unit != "yuan"
    ]  # fmt: skip
    note = say("Shares and scales from 0 to 1, as the mean of twelve months: the last of the warm-up, and the last.")
    return Table(say("Outcomes"), [say("outcome"), say("in the warm-up"), say("at the end"), *spread], lines, note)


def level_cost_table(found: Summary, say: Language) -> Table:
    """Return what one scenario costs each payer."""
    rows, many = found.outcomes.set_index("outcome"), len(found.study.complete) > 1
    spread = [say("lowest to highest")] if many else []
    lines = [
        Row(measure_name(name, say), _levels(rows.loc[name], many, say), strong=name == "cost_total") for name in COSTS
    ]
    head = [say("payer"), say("in the warm-up"), say("from month 0 on"), *spread]
    return Table(say("Who pays, per resident and year"), head, lines, _about_costs(say))


def _levels(row: pd.Series, many: bool, say: Language) -> list[str]:
    """Return an outcome before and at the end, and its range over several runs."""
    cells = [number(row["before"]), number(row["mean"])]
    ends = say("{low} to {high}", low=number(row["lowest"]), high=number(row["highest"]))
    return [*cells, ends] if many else cells


def level_group_table(found: Summary, say: Language) -> Table:
    """Return the residents' headline outcomes by group, in one scenario."""
    rows = found.by_group.set_index(["group", "outcome"])
    groups = list(rows.index.unique("group"))
    lines = [
        Row(measure_name(name, say), [number(rows.loc[(group, name), "mean"]) for group in groups])
        for name in headline("resident")
    ]
    return Table(say("Outcomes by group"), (say("outcome"), *(capitalised(group_name(g, say)) for g in groups)), lines)


def level_service_table(found: Summary, say: Language) -> Table:
    """Return condition, wait and costs of every service, in one scenario."""
    rows = found.by_category.set_index(["category", "outcome"])
    scenario = found.study.scenarios[0]
    lines = [
        Row(service_name(scenario, name, say), [number(rows.loc[(name, outcome), "mean"]) for outcome in SERVICE])
        for name in rows.index.unique("category")
    ]
    return Table(say("Services"), _service_head(say), lines)


def trap_sentence(fee_trap: pd.DataFrame, share: str, say: Language) -> str:
    """Say how many runs end in the fee trap."""
    items = [
        say("{arm}: {trapped} of {count}", arm=arm_name(row.scenario, say), trapped=row.trapped, count=row.replicates)
        for row in fee_trap.itertuples()
    ]
    return say("Runs that end with fewer than {share} of the households paying the fee (fee trap): {items}.",
               share=share, items=semicolons(items, say))  # fmt: skip
