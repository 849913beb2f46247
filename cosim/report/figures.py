"""The catalogue of figures: what can be drawn of a result by name, and from which results."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from cosim.compare import Comparison, Summary
from cosim.compare.saved import read_result
from cosim.display.figures.costs import costs_figure
from cosim.display.figures.ensemble import ensemble_figure
from cosim.display.figures.forest import forest_figure
from cosim.display.figures.funnel import funnel_figure
from cosim.display.figures.individuals import individuals_figure
from cosim.display.figures.network import network_figure
from cosim.display.figures.phase import has_plane, phase_figure
from cosim.display.figures.sensitivity import sensitivity_figure
from cosim.display.figures.supply import supply_figure
from cosim.display.figures.trust import trust_figure
from cosim.display.style import as_bytes
from cosim.display.words import headline
from cosim.ensemble.kept import Effects, holds_effects, read_effects
from cosim.export.network import networks
from cosim.language import Language, told
from cosim.report.patterns import Answers, figure_of_records, holds_answers, read_answers
from cosim.scenario.errors import Problem, Refusal, ScenarioError
from cosim.scenario.reading import POPULATION_FILES
from cosim.study import OutputError
from cosim.study.running import plan_runs
from cosim.study.sensitivity import METHODS, differences
from cosim.study.store import explain
from cosim.study.sweep import StudyFolder

Saved = Comparison | Summary | StudyFolder | Effects | Answers
"""What a folder may hold that figures are drawn of."""
Pages = Iterator[Figure]
UNFIT = re.compile(r'[\\/:*?"<>|\s]')
"""Signs of a scenario's name that a file's name may not have everywhere."""
PANELS = 6
"""Outcomes that share a phase diagram."""


class Source(NamedTuple):
    """A kind of result: what it is, the command that makes one, and how it is known."""

    what: str
    command: str
    fits: Callable[[Any], bool]


RUN = Source(told("the runs of one scenario"), "cosim run ly", lambda result: isinstance(result, Summary))
COMPARISON = Source(told("a comparison"), "cosim compare", lambda result: isinstance(result, Comparison))
WORLDS = Source(
    told("a comparison in plausible worlds"), "cosim compare --ensemble",
    lambda result: isinstance(result, Comparison) and bool(result.study.worlds),
)  # fmt: skip
CONTROLS = Source(
    told("a comparison with controls"), "cosim compare --controls",
    lambda result: isinstance(result, Comparison) and not (result.split.empty and result.decomposition.empty),
)  # fmt: skip
SWEEP = Source(told("a sweep"), "cosim sweep phase_diagram", lambda result: isinstance(result, StudyFolder))
SCREENING = Source(
    told("a sweep by Morris or Sobol"), "cosim sweep screening",
    lambda result: isinstance(result, StudyFolder) and result.experiment.design.method in METHODS,
)  # fmt: skip
CALIBRATION = Source(told("a calibration"), "cosim calibrate", lambda result: isinstance(result, Effects))
PATTERNS = Source(told("answers of patterns"), "cosim patterns -o DIR", lambda result: isinstance(result, Answers))


@dataclass(frozen=True)
class Entry:
    """A figure of the catalogue."""

    name: str
    en: str
    zh: str
    sources: tuple[Source, ...]
    """Kinds of result of which it can be drawn."""
    draw: Callable[[Any, str, Language], Pages]
    """Draws the pages of a result, for a scenario if there is one for each, in a language."""
    each: bool = False
    """Whether there is one for each scenario that is compared with the first."""
    lacks: Callable[[Any], str] = lambda result: ""
    """Says why it cannot be drawn of a result of the right kind; nothing if it can."""

    def why_not(self, result: Saved) -> str:
        """Say why this figure cannot be drawn of a result, and which command makes one that it needs; else nothing."""
        if any(source.fits(result) for source in self.sources):
            return self.lacks(result)
        needed = (told("{what} (`{command}`)", what=it.what, command=it.command) for it in self.sources)
        either = reduce(lambda first, other: told("{first} or {other}", first=first, other=other), needed)
        return told("needs {results}", results=either)


def _courses(result: Comparison | Summary, scenario: str, say: Language) -> Pages:
    yield result.plot(say.code)


def _controls(result: Comparison, scenario: str, say: Language) -> Pages:
    yield result.plot_controls(say.code)


def _ensemble(result: Comparison | Effects, scenario: str, say: Language) -> Pages:
    """Draw a calibration's effects; of a comparison what differs in each pair, which has a world of its own."""
    if isinstance(result, Effects):
        against = result.table.loc[result.table["scenario"] == scenario, "against"].iloc[0]
        yield ensemble_figure(result.by_set, result.table, scenario, against, say=say)
    else:
        pairs = result.pairs.rename(columns={"replicate": "set"})
        table = result.over_worlds.rename(columns={"pairs": "worlds"})
        table = table[table["outcome"].isin(headline())]
        yield ensemble_figure(pairs, table, scenario, result.labels[0], sure=False, say=say)


def _phase(study: StudyFolder, scenario: str, say: Language) -> Pages:
    yield from phase_pages(_all_differences(study, study.experiment.outcomes), scenario, say)


def _all_differences(study: StudyFolder, outcomes: Sequence[str]) -> dict[str, pd.DataFrame]:
    runs, points, labels = study.runs, study.points, study.plan.planned.labels
    return {name: differences(runs, points, name, labels=labels) for name in outcomes}


def phase_pages(found: Mapping[str, pd.DataFrame], scenario: str, say: Language) -> Pages:
    """Draw what a scenario changes over the factors, so many outcomes a page; nothing where there is no plane."""
    names = list(found)
    for place in range(0, len(names), PANELS):
        figure = phase_figure({name: found[name] for name in names[place : place + PANELS]}, scenario, say=say)
        if figure is not None:
            yield figure


def _phase_lacks(study: StudyFolder) -> str:
    if len(study.plan.planned.labels) < 2:
        return told("the sweep has one scenario, and nothing to compare it with; sweep two")
    if not has_plane(study.points):
        return told(
            "its design is no line and no grid of two or three factors with few levels, such as phase_diagram has"
        )
    return ""


def _sensitivity(study: StudyFolder, scenario: str, say: Language) -> Pages:
    """Draw what moves the changes that a scenario makes; of a single scenario, what moves its outcomes."""
    first, *others = study.plan.planned.labels
    yield sensitivity_figure(study.indices(), scenario, first if others else "", say=say)


def _sensitivity_lacks(study: StudyFolder) -> str:
    try:
        study.indices()
    except ScenarioError as error:
        return error.problems[0].message
    return ""


def _patterns(answers: Answers, scenario: str, say: Language) -> Pages:
    yield figure_of_records(answers.records, say)


def _network(result: Comparison | Summary, scenario: str, say: Language) -> Pages:
    """Draw the ties of the first replicate at its end, which is run again for them, beside those of the first arm."""
    study = result.study
    runs = plan_runs(study.scenarios, 1, study.seed, worlds=study.worlds)
    shown = [run for run in runs if run.label in (study.labels[0], scenario)]
    last = study.scenarios[0].study.months - 1
    graphs = {found.scenario: found.graph for found in networks(shown, [last])}
    yield network_figure(graphs, seed=study.seed, say=say)


def _network_lacks(result: Comparison | Summary) -> str:
    population = result.study.scenarios[0].population
    named = [getattr(population, key) for key in POPULATION_FILES]
    missing = [name for name in named if name and not Path(name).is_file()]
    if not missing:
        return ""
    return told(
        "the first replicate is run again for its ties, and its people's files are not here: {files}", files=missing
    )


BOTH = (COMPARISON, RUN)
CATALOGUE = (
    Entry("courses", "Time courses", "时间过程", BOTH, _courses),
    Entry(
        "forest", "Differences of all headline outcomes", "各主要结果的差异", (COMPARISON,),
        lambda it, scenario, say: iter([forest_figure(it.study, it.outcomes, say=say)]),
    ),
    Entry(
        "individuals", "The same person in both worlds", "两个世界中的同一个人", (COMPARISON,),
        lambda it, scenario, say: iter([individuals_figure(it.study, it.by_people, it.twins, it.who_gains, say=say)]),
        lacks=lambda it: "" if len(it.twins) else told("no register of people was kept in this comparison"),
    ),
    Entry(
        "funnel", "What becomes of orders", "订单的去向", BOTH,
        lambda it, scenario, say: iter([funnel_figure(it.study, say=say)]),
    ),
    Entry(
        "trust", "Trust, before and after", "改革前后的信任", BOTH,
        lambda it, scenario, say: iter([trust_figure(it.study, say=say)]),
    ),
    Entry(
        "costs", "What it costs, and who pays", "成本几何，由谁承担", BOTH,
        lambda it, scenario, say: iter([costs_figure(it.study, say=say)]),
    ),
    Entry(
        "supply", "Modes of supply, and conditions", "各项服务的供给模式与状况", BOTH,
        lambda it, scenario, say: iter([supply_figure(it.study, it.by_category, say=say)]),
    ),
    Entry("network", "Who knows whom", "谁认识谁", BOTH, _network, True, _network_lacks),
    Entry("controls", "What a difference is made of", "差异由何而来", (CONTROLS,), _controls),
    Entry("ensemble", "Effects in plausible worlds", "各可信世界中的效应", (WORLDS, CALIBRATION), _ensemble, True),
    Entry("phase", "Where a reform wins and loses", "改革何处占优、何处失利", (SWEEP,), _phase, True, _phase_lacks),
    Entry("sensitivity", "Which factors matter", "哪些因素重要", (SCREENING,), _sensitivity, True, _sensitivity_lacks),
    Entry("patterns", "Patterns against evidence", "模式与证据对照", (PATTERNS,), _patterns),
)  # fmt: skip


def entry_of(name: str) -> Entry:
    """Return a figure of the catalogue. Raises ScenarioError for a name that is none."""
    known = {entry.name: entry for entry in CATALOGUE}
    if name not in known:
        raise ScenarioError([Refusal.unknown("FIGURE", name, [*known, "all"]).problem()])
    return known[name]


def read_saved(folder: Path) -> Saved:
    """Return what a folder holds that figures are drawn of. Raises OutputError if there is nothing."""
    if holds_answers(folder):
        return read_answers(folder)
    if holds_effects(folder):
        return read_effects(folder)
    return read_result(folder)


def scenarios_of(result: Saved) -> list[str]:
    """Return the scenarios that have a figure each: those compared with the first, or the only one."""
    if isinstance(result, Answers):
        return []
    if isinstance(result, Effects):
        return list(result.table["scenario"].unique())
    labels = result.plan.planned.labels if isinstance(result, StudyFolder) else result.study.labels
    return list(labels[1:] or labels)


def pages(entry: Entry, result: Saved, scenario: str, say: Language) -> Iterator[tuple[str, Figure]]:
    """Yield the name of each page of a figure, and the page; for one scenario, or for each if that is empty.

    Raises ScenarioError for a figure that cannot be drawn of this result, and for an unknown scenario.
    """
    reason = entry.why_not(result)
    if reason:
        raise ScenarioError([Problem(file="FIGURE", key=entry.name, message=reason)])
    known = scenarios_of(result)
    if scenario and not entry.each:
        message = told("this figure shows all scenarios at once")
        raise ScenarioError(
            [Problem(file="--scenario", key=scenario, message=message, hint=told("leave --scenario out"))]
        )
    if scenario and scenario not in known:
        raise ScenarioError([Refusal.unknown("--scenario", scenario, known).problem()])
    chosen = [scenario] if scenario else known if entry.each else [""]
    for name in chosen:
        front = f"{entry.name}_{UNFIT.sub('_', name)}" if name and len(known) > 1 else entry.name
        drawn = list(entry.draw(result, name, say))
        for number, page in enumerate(drawn, 1):
            yield f"{front}_{number}" if len(drawn) > 1 else front, page


def write_figure(figure: Figure, path: Path, kind: str) -> None:
    """Write a figure as a file of a kind, one of `cosim.display.style.FORMATS`. Raises OutputError."""
    content = as_bytes(figure, kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(explain(error, path)) from error
