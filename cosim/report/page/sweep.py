"""The page about a sweep: its design, how far it is, where a reform wins and loses, what moves outcomes."""

import math
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pandas as pd

from cosim.display.factors import factor_name
from cosim.display.words import (
    NOTHING,
    arm_name,
    capitalised,
    interval,
    listed,
    number,
    percent,
    plain,
    sentences,
    signed,
)
from cosim.language import Language
from cosim.outcomes.measures import measure_of
from cosim.report.analysis import Analysis
from cosim.report.page import drawings, sure
from cosim.report.page.differing import written
from cosim.report.page.parts import Page, Paragraph, Part, Row, Section, Table
from cosim.report.page.provenance import provenance
from cosim.report.page.words import commas, in_sentence, semicolons
from cosim.report.sensitivity import conditions
from cosim.study.experiment.schema import Range
from cosim.study.sensitivity import METHODS
from cosim.study.sweep import StudyFolder

MOST = 8
"""Factors that are shown for an outcome."""


def analysed(study: StudyFolder) -> Analysis:
    """Return what a sweep's design can tell of the runs that are done; None or empty for what it cannot."""
    labels, names = study.plan.planned.labels, study.experiment.outcomes
    several, counts = len(labels) > 1, study.state.counts()
    found = {name: study.differences(name) for name in names} if several else None
    paired = found is not None and any((table["n"] > 0).any() for table in found.values())
    tree = paired and bool(study.plan.planned.points.keys) and find_spec("sklearn") is not None
    return Analysis(
        counts=counts,
        indices=study.indices() if study.experiment.design.method in METHODS else None,
        differences=found if paired else None,
        boxes=study.boxes() if tree else None,
    )


def sweep_page(study: StudyFolder, command: str, say: Language) -> Page:
    """Return the page of a sweep, of the runs that are done."""
    experiment, labels, found = study.experiment, study.plan.planned.labels, analysed(study)
    names = listed([arm_name(label, say) for label in labels], say)
    made = study.description["made_with"]
    sections = [
        Section("design", say("What was tried"), list(_design(study, say))),
        Section("wins", say("Where a reform wins and where it loses"), list(_wins(found, say))),
        Section("moves", say("What moves the outcomes"), list(_moves(found, say))),
        Section("outcomes", say("Outcomes over all points"), list(_outcomes(study, found, say))),
        Section("sure", say("How sure this is"), [_luck(experiment.replicates, say), *sure.about_patterns(say),
                                                  sure.about_parameters(say)]),
        Section("provenance", say("Where this comes from"), list(
            provenance(made, command, experiment.seed, experiment.replicates, say))),
    ]  # fmt: skip
    return Page(
        lang=say.pick("en", "zh-Hans"),
        kicker=say("cosim: a sweep of simulations"),
        title=say.pick(experiment.title, experiment.title_zh)
        or say("What do {arms} do over many settings?", arms=names),
        lead=say(
            "{points} points, {scenarios}: {arms}; {replicates} replicates of each.", points=study.plan.points,
            scenarios=say.many("{count} scenario", "{count} scenarios", len(labels)), arms=names,
            replicates=experiment.replicates,
        ),
        answer=[_answer(found, say), Paragraph(_how_far(found.counts, say), say("How far it is"))],
        sections=[section for section in sections if section.parts],
        notice=_notice(found.counts, say),
    )  # fmt: skip


def _notice(counts: dict[str, int], say: Language) -> str:
    if not counts["not run"] and not counts["failed"]:
        return drawings.no_font(say)
    unfinished = say(
        "Unfinished: this page rests on the runs that are done. The same `cosim sweep` again goes on with the others."
    )
    return sentences(unfinished, drawings.no_font(say), say=say)


def _how_far(counts: dict[str, int], say: Language) -> str:
    return say(
        "{done} of {total} runs are done; {failed} failed, {left} are left.", done=f"{counts['done']:,}",
        total=f"{sum(counts.values()):,}", failed=f"{counts['failed']:,}", left=f"{counts['not run']:,}",
    )  # fmt: skip


def _answer(found: Analysis, say: Language) -> Paragraph:
    """Say at how many points each scenario wins, loses, and neither; or which factor moves each outcome most."""
    lead, said = say("In short"), []
    for label in _others(found):
        items = [
            say("{outcome} {better} better, {worse} worse", outcome=in_sentence(name, say),
                **_verdicts(rows, label, name))
            for name, rows in (found.differences or {}).items()
        ]  # fmt: skip
        said.append(say("{arm}, by points: {outcomes}.", arm=capitalised(arm_name(label, say)),
                        outcomes=semicolons(items, say)))  # fmt: skip
    if said:
        count = max(int((rows["n"] > 0).sum()) for rows in (found.differences or {}).values()) // len(said)
        text = say(
            "At how many of {count} points of the design the scenarios are better and worse than the first one:",
            count=count,
        )
        return Paragraph(text, lead, said)
    if found.indices is not None:
        first = found.indices[(found.indices["against"] == "") & (found.indices["rank"] == 1)]
        items = [
            say(
                "{outcome}: {factor}",
                outcome=capitalised(in_sentence(row.outcome, say)),
                factor=factor_name(row.factor, say),
            )
            for row in first.itertuples()
        ]
        return Paragraph(say("What moves each outcome most:"), lead, items)
    if not found.counts["done"]:
        return Paragraph(say("Nothing can be said yet: no run is done."), lead)
    return Paragraph(say("Nothing is compared here. The outcomes over all points are below."), lead)


def _others(found: Analysis) -> list[str]:
    """Return the scenarios that are compared with the first."""
    tables = list((found.differences or {}).values())
    return list(tables[0]["scenario"].unique()) if tables else []


def _verdicts(rows: pd.DataFrame, label: str, outcome: str) -> dict[str, int]:
    """Return at how many points a scenario is better (or more) and worse (or less), of how many."""
    verdicts = rows.loc[rows["scenario"] == label, "verdict"]
    names = ("wins", "loses") if measure_of(outcome).better else ("raises", "lowers")
    better, worse = (int((verdicts == name).sum()) for name in names)
    return {"better": better, "worse": worse, "count": int((verdicts != "unknown").sum())}


def _luck(replicates: int, say: Language) -> Paragraph:
    text = say(
        "{replicates} replicates of each point. Verdicts on points rest on each point's own 95 % interval: of a "
        "hundred points at which nothing changes, about five are called better or worse.",
        replicates=replicates,
    )
    return Paragraph(text, say("Luck"))


def _design(study: StudyFolder, say: Language) -> Iterator[Part]:
    """Yield what was varied."""
    experiment = study.experiment
    rows = [Row(factor_name(key, say), [_levels(values, say), key]) for key, values in experiment.factors.items()]
    if rows:
        yield Table(say("Factors"), (say("Factor"), say("values"), say("key")), rows, words=frozenset({0, 1}))
    settings = [Row(factor_name(key, say), [written(value, say), key]) for key, value in experiment.settings.items()]
    if settings:
        yield Table(say("The same in every run"), (say("what"), say("value"), say("key")), settings,
                    words=frozenset({0, 1}))  # fmt: skip
    method = say(plain(experiment.design.method))
    yield Paragraph(say("Design: {method}, {points} points.", method=method, points=study.plan.points))


def _levels(values: Any, say: Language) -> str:
    """Return what values a factor takes."""
    if not isinstance(values, Range):
        return commas([written(value, say) for value in values], say)
    text = say("{low} to {high}", low=f"{values.low:,g}", high=f"{values.high:,g}")
    return say("{range}, {steps} values", range=text, steps=values.steps) if values.steps else text


def _outcomes(study: StudyFolder, found: Analysis, say: Language) -> Iterator[Part]:
    """Yield the spread of each outcome over the runs, where nothing was compared."""
    runs = study.runs
    done = runs[runs["status"] == "done"]
    if found.differences is not None or done.empty:
        return
    lines = []
    for name in study.experiment.outcomes:
        cuts = done[name].quantile([0.0, 0.5, 1.0])
        size = float(cuts.abs().max())
        lines.append(Row(capitalised(in_sentence(name, say)), [number(cut, size) for cut in cuts]))
    head = say("outcome"), say("lowest"), say("median"), say("highest")
    yield Table(say("Outcomes of all runs that are done"), head, lines)


def _wins(found: Analysis, say: Language) -> Iterator[Part]:
    """Yield where scenarios win and lose: maps, counts and boxes."""
    differences = found.differences or {}
    for count, label in enumerate(_others(found)):
        yield from drawings.of_phases(differences, label, f"phase{count}", say)
        yield _counts_table(found, label, say)
        if found.boxes is not None:
            yield _box_table(found.boxes[found.boxes["scenario"] == label], label, say)


def _counts_table(found: Analysis, label: str, say: Language) -> Table:
    lines = []
    for name, rows in (found.differences or {}).items():
        counts, mine = _verdicts(rows, label, name), rows[rows["scenario"] == label]
        size = float(mine["difference"].abs().max())
        low, high = mine["difference"].min(), mine["difference"].max()
        lines.append(
            Row(
                capitalised(in_sentence(name, say)),
                [str(counts["better"]), str(counts["worse"]),
                 str(counts["count"] - counts["better"] - counts["worse"]), interval(low, high, size, say)],
            )
        )  # fmt: skip
    head = say("outcome"), say("better (or more)"), say("worse (or less)"), say("undecided"), \
        say("smallest to largest difference")  # fmt: skip
    return Table(say("Points by verdict: {arm}", arm=arm_name(label, say)), head, lines)


def _box_table(boxes: pd.DataFrame, label: str, say: Language) -> Table:
    lines = []
    for outcome, rows in boxes.groupby("outcome", sort=False):
        lines.append(Row(capitalised(in_sentence(str(outcome), say))))
        names = ("wins", "loses") if measure_of(str(outcome)).better else ("raises", "lowers")
        lines += [
            Row(box_words(str(row["box"]), say), [*(str(row[name]) for name in (*names, "undecided")),
                                                   signed(row["difference"])])
            for row in rows.to_dict("records")
        ]  # fmt: skip
    head = say("where"), say("better (or more)"), say("worse (or less)"), say("undecided"), say("mean difference")
    note = say("Points of the design, by a tree of at most three questions; counts are points by their own interval.")
    return Table(say("Where it wins and loses: {arm}", arm=arm_name(label, say)), head, lines, note)


def box_words(box: str, say: Language) -> str:
    """Return the conditions of a box in the page's language."""
    return semicolons(conditions(box, say, lambda key: factor_name(key, say)), say)


def _moves(found: Analysis, say: Language) -> Iterator[Part]:
    """Yield how much each factor moves each outcome."""
    if found.indices is None:
        return
    known = found.indices[found.indices["rank"].notna()]
    if known.empty:
        yield Paragraph(say("Too little is done yet to say which factors matter."))
        return
    effects = known[known["against"] != ""]
    targets = (effects if len(effects) else known)[["scenario", "against"]].drop_duplicates()
    for count, (scenario, against) in enumerate(targets.itertuples(index=False)):
        yield from drawings.of_indices(found.indices, scenario, against, f"indices{count}", say)
        mine = known[(known["scenario"] == scenario) & (known["against"] == against)]
        yield _index_table(mine, scenario, say)


def _index_table(rows: pd.DataFrame, scenario: str, say: Language) -> Table:
    morris = "mu_star" in rows
    lines = []
    for outcome, of_outcome in rows.groupby("outcome", sort=False):
        lines.append(Row(capitalised(in_sentence(str(outcome), say))))
        for row in of_outcome.sort_values("rank", kind="stable").head(MOST).to_dict("records"):
            names = ("mu_star", "mu_star_conf", "sigma") if morris else ("ST", "ST_conf", "S1")
            cells = [number(row[name]) for name in names]
            luck = NOTHING if pd.isna(row["luck"]) else number(row["luck"])
            lines.append(Row(factor_name(row["factor"], say), [f"{cells[0]} ± {cells[1]}", cells[2], luck]))
    first = say("mean size of effect (μ*)") if morris else say("share of variance, with others (ST)")
    second = say("spread of effects (σ)") if morris else say("alone (S1)")
    noise = rows["noise"].max()
    known = say("At most {share} of the variance between points is luck.", share=percent(noise, say))
    note = "" if math.isnan(noise) else known
    return Table(say("What moves outcomes most: {arm}", arm=arm_name(scenario, say)),
                 (say("Factor"), first, second, say("luck")), lines, note)  # fmt: skip
