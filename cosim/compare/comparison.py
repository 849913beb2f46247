"""Compare ways of supplying services: same people, same history, then the scenarios part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cosim.compare import controls as control
from cosim.compare import people
from cosim.compare.forms import forms_of, like_for_like
from cosim.language import language, told
from cosim.outcomes.levels import count_trapped, measures_of, run_levels
from cosim.outcomes.measures import MEASURES
from cosim.scenario import load_scenario
from cosim.scenario.errors import Problem, ScenarioError, together
from cosim.scenario.same_people import check_same_people, with_the_same_mechanisms
from cosim.scenario.schema import Scenario
from cosim.statistics import (
    SHARES,
    bootstrap_intervals,
    holm,
    months_to_half,
    paired_differences,
    quantiles,
    simultaneous_intervals,
)
from cosim.study import Progress, Study, WorkersDied, labels_of, run_study

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Comparison:
    """What the second and any further scenarios change against the first.

    `outcomes`, `by_group` and `by_category` have one row per scenario, outcome (and group or category):

    scenario, against
        the arm, and the first one, which it is compared with
    mode_a, mode_b
        named mode by which both arms supply the category (`by_category` only)
    outcome, unit
        the measure, as a mean over the last 12 months or, for costs, per resident and year
    mean_a, mean_b, difference
        mean of the first arm, of the other, and of their paired difference b - a
    low, high
        95 % t interval of the difference, for itself; NaN with fewer than two pairs
    low_all, high_all
        t intervals that cover at 95 % for all of the row's family at once (Bonferroni)
    low_boot, high_boot
        95 % bootstrap-t interval, for itself, which allows for skew; NaN with fewer than eight pairs
    effect_size
        difference in standard deviations between replicates (Hedges' d_av)
    superiority
        share of pairs in which b is larger, ties counted half
    variance_removed
        share of the difference's variance that pairing took away
    months_to_half, months_to_half_low, months_to_half_high
        month from which on at least half of the final difference is there, with a 95 % bootstrap interval; NaN where
        the final difference may be none (`outcomes` only)
    n
        number of pairs
    p, p_holm
        p-value of the paired t test, and adjusted for the row's family (Holm)

    A table's headline outcomes, in all scenarios (and groups or categories), are one family; its other rows another.

    `fee_trap` counts, for each scenario, the replicates that end with fewer than half of the households
    paying the property fee: where there are two such basins, a mean over both describes neither.

    `by_people`, `twins`, `who_gains` and `places` are about individuals (`compare/people.py`), `resources`, `split`,
    `square`, `ladder` and `decomposition` about controls (`compare/controls.py`), without rows if not asked for;
    `unfinished` says why they are missing in spite of that. `forms` are the forms of contributing that were open in
    every arm: `participation` counts these alone.
    """

    study: Study
    forms: tuple[str, ...]
    outcomes: pd.DataFrame
    by_group: pd.DataFrame
    by_category: pd.DataFrame
    fee_trap: pd.DataFrame
    by_people: pd.DataFrame = field(default_factory=pd.DataFrame)
    twins: pd.DataFrame = field(default_factory=pd.DataFrame)
    who_gains: pd.DataFrame = field(default_factory=pd.DataFrame)
    places: pd.DataFrame = field(default_factory=pd.DataFrame)
    resources: pd.DataFrame = field(default_factory=pd.DataFrame)
    split: pd.DataFrame = field(default_factory=pd.DataFrame)
    square: pd.DataFrame = field(default_factory=pd.DataFrame)
    ladder: pd.DataFrame = field(default_factory=pd.DataFrame)
    decomposition: pd.DataFrame = field(default_factory=pd.DataFrame)
    unfinished: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the scenarios; the others are compared with the first."""
        return self.study.labels

    @property
    def arms(self) -> pd.DataFrame:
        """Each arm by itself: scenario, outcome, mean over replicates, 5 %, 50 % and 95 % quantiles, n and unit."""
        if not self.study.complete:
            return pd.DataFrame()
        levels = _levels(self.study, self.months)
        measures = measures_of(levels)
        return pd.concat(
            [_arm(label, levels[levels["scenario"] == label][list(measures)]) for label in self.labels],
            ignore_index=True,
        )

    @property
    def over_worlds(self) -> pd.DataFrame:
        """What differs in how many worlds, where each replicate was run in a world of its own; else without rows.

        scenario, outcome, unit
            as in `outcomes`
        low, median, high
            5 %, 50 % and 95 % quantile of the differences of all pairs: what is not known of the world, and luck
        raises, lowers
            share of pairs in which the scenario is above and below the first
        pairs
            number of pairs, one in each world unless there are more pairs than worlds
        """
        if not (self.study.worlds and self.study.complete):
            return pd.DataFrame()
        levels = _by_arm(self.study, self.forms, self.study.complete)
        first = levels[self.labels[0]]
        return pd.concat([_over_worlds(label, levels[label] - first) for label in self.labels[1:]], ignore_index=True)

    @property
    def pairs(self) -> pd.DataFrame:
        """What differs in each pair of runs: scenario, replicate, outcome and difference, of the levels of runs."""
        levels = _by_arm(self.study, self.forms, self.study.complete)
        first = levels[self.labels[0]]
        tables = [
            (levels[label] - first).reset_index().melt("replicate", var_name="outcome", value_name="difference")
            for label in self.labels[1:]
        ]
        return pd.concat(tables, keys=self.labels[1:], names=["scenario"]).reset_index("scenario")

    @property
    def months(self) -> pd.DataFrame:
        """The finished runs month by month: scenario, replicate, month and every measure, forms like for like."""
        return like_for_like(self.study.months, self.forms)

    def plot(self, lang: str = "en") -> "Figure":
        """Return a figure of the headline outcomes over time, in every arm; `lang` is its language, en or zh."""
        from cosim.display.figures.courses import comparison_figure

        return comparison_figure(count_forms(self.study, self.forms), say=language(lang))

    def plot_controls(self, lang: str = "en") -> "Figure":
        """Return a figure of what the differences are made of; ValueError if no control was asked for."""
        from cosim.display.figures.controls import controls_figure

        if self.split.empty and self.decomposition.empty:
            raise ValueError("there are no controls to plot; compare with controls=True or decompose=True")
        return controls_figure(self.labels, self.split, self.ladder, self.decomposition, say=language(lang))

    def _repr_html_(self) -> str:
        """Return the headline outcomes as a table for a notebook."""
        from cosim.display.notebook import comparison_html

        return comparison_html(self.study, self.outcomes)


def compare(
    scenarios: Sequence[str | Path | Scenario] = ("single_centre", "multi_centre"),
    *,
    replicates: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    months: int | None = None,
    overrides: Mapping[str, object] | None = None,
    worlds: Sequence[Mapping[str, Any]] = (),
    controls: bool = False,
    decompose: bool = False,
    start_method: str = "spawn",
    progress: Progress | None = None,
) -> Comparison:
    """Run the scenarios with the same people, history and luck, and compare each with the first.

    `scenarios` are names of shipped scenarios, paths or Scenario objects that differ in levers alone; one alone is
    compared with the same compound without a reform. `replicates` defaults to what the first scenario says, `months`
    (from month 0) likewise; `overrides` maps dotted keys to values, for every arm. `worlds` are settings, such as
    parameter sets that are plausible: each replicate is run in the next of them, and `over_worlds` says what differs
    in how many. `replicates` is then their number, unless it is given. `controls` and `decompose`, for two
    arms, say how much of a difference is resources and which stage makes it (`compare/controls.py`). `seed`, `jobs`,
    `start_method` and `progress` are those of `run_study`. Replicates that did not finish in every arm are left out.

    Raises ScenarioError for scenarios that are faulty or are not the same people, ValueError for numbers
    that make no sense.
    """
    changes = dict(overrides or {}) | ({} if months is None else {"study.months": months})
    arms = [load_scenario(scenario, changes) for scenario in scenarios]
    if not arms:
        raise ValueError("a comparison needs a scenario")
    arms = with_the_same_mechanisms(beside_no_reform(arms))
    check_same_people(arms, labels_of(arms))
    extra = [name for name, wanted in (("controls", controls), ("decompose", decompose)) if wanted]
    if extra and len(arms) != 2:
        message = told("{names} are for two scenarios, not for {count}", names=together(extra), count=len(arms))
        raise ScenarioError([Problem(message=message, hint=told("compare two at a time"))])
    if extra and worlds:
        message = told("{names} are for one world, not for an ensemble", names=together(extra))
        raise ScenarioError([Problem(message=message, hint=told("compare with the one or with the other"))])
    count = (len(worlds) or arms[0].study.replicates) if replicates is None else replicates
    work = Work(seed, jobs, start_method, progress, controls, decompose)
    study = work.run(arms, count, keep_people=True, worlds=worlds)
    found = compare_study(study)
    if not extra or not study.complete:
        return found
    if study.stopped:
        return replace(found, unfinished=told("{names}: not begun", names=together(extra)))
    return _with_controls(found, arms, work)


class Unfinished(Exception):  # noqa: N818 (a state, not a fault)
    """A control that did not come to an end."""


@dataclass
class Work:
    """How to run studies of one comparison, and how much of it is done.

    The number of runs ahead is known but for controls that are alike, which are run once.
    """

    seed: int
    jobs: int | None
    start_method: str
    progress: Progress | None
    controls: bool
    decompose: bool
    done: int = 0
    ahead: int = 0

    def run(
        self,
        scenarios: Sequence[Scenario],
        replicates: int,
        *,
        keep_people: bool = False,
        worlds: Sequence[Mapping[str, Any]] = (),
    ) -> Study:
        """Run a study as part of the comparison."""
        now = len(scenarios) * replicates
        self.ahead = max(self.ahead, now)

        def tell(done: float, total: int) -> None:
            if self.progress is not None:
                self.progress(self.done + done, self.done + self.ahead)

        study = run_study(
            scenarios, replicates=replicates, seed=self.seed, jobs=self.jobs, start_method=self.start_method,
            keep_people=keep_people, worlds=worlds, progress=tell,
        )  # fmt: skip
        self.done += now
        self.ahead -= now
        return study


def _with_controls(found: Comparison, arms: Sequence[Scenario], work: Work) -> Comparison:
    """Add the controls that are asked for; what is computed already is kept, whatever becomes of them."""
    levels = _by_arm(found.study, found.forms, found.study.complete)

    def run(scenarios: Sequence[Scenario], replicates: int) -> list[pd.DataFrame]:
        named = [scenario.model_copy(update={"name": f"control {n}"}) for n, scenario in enumerate(scenarios, 1)]
        study = work.run(named, replicates)
        needed = [number for number in found.study.complete if number <= replicates]
        if not set(needed) <= set(study.complete):
            raise Unfinished(told("{what}: {reason}", what=told("controls"), reason=study.shortfall))
        return list(_by_arm(study, found.forms, needed).values())

    first, other = arms
    cells = control.Cells(levels[found.labels[0]], levels[found.labels[1]], arms, run)
    tables: dict[str, pd.DataFrame] = {}
    wanted: dict[Any, Scenario] = {}
    try:
        if work.controls:
            wanted |= control.rungs(first, other) | control.corners(first, other)
        if work.decompose:
            wanted |= control.combined(first, other)
        work.ahead = cells.runs_for(wanted)
        if work.controls:
            work.ahead += len(control.RESOURCES) * (cells.replicates + 2 * control.PROBES)
            equal = control.equal_means(cells, first, other)
            wanted |= {name: scenario for name, (_, scenario) in equal.items()}
        work.ahead = cells.runs_for(wanted)
        cells.levels(wanted)
        if work.controls:
            tables["resources"], tables["split"] = control.resources(cells, first, other, equal)
            tables["square"] = control.square(cells, first, other)
            tables["ladder"] = control.ladder(cells, first, other)
        if work.decompose:
            tables["decomposition"] = control.decompose(cells, first, other)
    except Unfinished as reason:
        return replace(found, **tables, unfinished=reason.args[0])
    except KeyboardInterrupt:
        return replace(
            found,
            **tables,
            unfinished=told("{what}: {reason}", what=told("controls"), reason=told("stopped by Ctrl-C")),
        )
    except (WorkersDied, ScenarioError) as reason:
        return replace(
            found, **tables, unfinished=told("{what}: {reason}", what=told("controls"), reason=_text_of(reason))
        )
    return replace(found, **tables)


def _text_of(error: Exception) -> str:
    """Return what an error says, as it was told where that is one sentence."""
    return error.args[0] if isinstance(error.args[0], str) else str(error)


def _by_arm(study: Study, forms: Sequence[str], replicates: Sequence[int]) -> dict[str, pd.DataFrame]:
    """Return the levels of every arm, in order: a row per replicate, a column per outcome."""
    levels = run_levels(like_for_like(study.months, forms), study.months)
    arms = dict(list(levels.groupby("scenario", sort=False)))
    found = {label: arms[label].set_index("replicate").drop(columns="scenario") for label in study.labels}
    return {label: levels.loc[list(replicates)] for label, levels in found.items()}


def beside_no_reform(arms: list[Scenario]) -> list[Scenario]:
    """Return the arms of a comparison: one alone stands behind the same compound without a reform."""
    return [arms[0].no_reform(), *arms] if len(arms) == 1 else arms


def compare_study(study: Study) -> Comparison:
    """Compare the scenarios of a study, over the replicates that are finished in every one of them."""
    if not study.complete:
        return Comparison(study, (), *[pd.DataFrame()] * 4)
    forms = forms_of(study)
    counted = count_forms(study, forms)
    levels = _levels(counted, counted.months)
    return Comparison(
        study,
        forms,
        outcomes=_differences(counted, levels, []),
        by_group=_differences(counted, _levels(counted, counted.groups), ["group"]),
        by_category=_with_modes(study, _differences(study, _levels(study, study.categories), ["category"])),
        fee_trap=count_trapped(levels, study.labels),
        **_individuals(counted),
    )


def count_forms(study: Study, forms: Sequence[str]) -> Study:
    """Return a study whose participation counts some forms alone."""
    tables = {name: like_for_like(getattr(study, name), forms) for name in ("months", "groups", "people")}
    return replace(study, **tables)


def _individuals(study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables about individuals; none if no register was kept."""
    makers: dict[str, Callable[[people.Pair], Iterable[dict[str, Any]]]] = {
        "by_people": people.by_people,
        "twins": people.twins,
        "who_gains": people.who_gains,
        "places": people.places,
    }
    if study.people.empty:
        return {}
    arms = dict(list(study.people.groupby("scenario", sort=False)))
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in makers}
    for label in study.labels[1:]:
        pair = people.Pair(arms[study.labels[0]], arms[label], study.complete)
        for name, make in makers.items():
            table = pd.DataFrame(make(pair))
            table.insert(0, "scenario", label)
            table.insert(1, "against", study.labels[0])
            tables[name].append(table)
    return {name: pd.concat(made, ignore_index=True) for name, made in tables.items()}


def _levels(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return the levels of the complete replicates."""
    return run_levels(table[table["replicate"].isin(study.complete)], study.months)


def _arm(label: str, values: pd.DataFrame) -> pd.DataFrame:
    """Return one row per outcome of an arm, from its levels by replicate."""
    found = quantiles(values.to_numpy().T)
    shares = {f"q{share * 100:02.0f}": row for share, row in zip(SHARES, found, strict=True)}
    columns = {"scenario": label, "outcome": list(values), "mean": values.mean().to_numpy(), **shares}
    units = [MEASURES[outcome].unit_of_level for outcome in values]
    return pd.DataFrame({**columns, "n": values.count().to_numpy(), "unit": units})


def _over_worlds(label: str, differences: pd.DataFrame) -> pd.DataFrame:
    """Return one row per outcome, from the differences of pairs."""
    low, median, high = quantiles(differences.to_numpy().T)
    pairs = differences.count()
    signs = {
        name: (those.sum() / pairs).to_numpy()
        for name, those in (("raises", differences > 0), ("lowers", differences < 0))
    }
    columns = {"scenario": label, "outcome": list(differences), "low": low, "median": median, "high": high, **signs}
    units = [MEASURES[outcome].unit_of_level for outcome in differences]
    return pd.DataFrame({**columns, "pairs": pairs.to_numpy(), "unit": units})


def _differences(study: Study, levels: pd.DataFrame, parts: list[str]) -> pd.DataFrame:
    """Return one row per scenario after the first, part and outcome."""
    what = [*parts, "outcome"]
    long = levels.melt(["scenario", "replicate", *parts], var_name="outcome")
    order = long[what].drop_duplicates()
    wide = long.pivot(index=what, columns=["scenario", "replicate"], values="value")
    wide = wide.loc[pd.MultiIndex.from_frame(order) if parts else order["outcome"]]
    against = study.labels[0]
    rows = []
    for label in study.labels[1:]:
        a, b = wide[against].to_numpy(), wide[label].to_numpy()
        low, high = bootstrap_intervals(a, b)
        found = paired_differences(a, b).assign(low_boot=low, high_boot=high)
        names = order.reset_index(drop=True).assign(scenario=label, against=against)
        rows.append(pd.concat([names, found, *([] if parts else [_half_times(study, label)])], axis="columns"))
    table = pd.concat(rows, ignore_index=True)
    measures = measures_of(levels)
    headline = np.array([measures[outcome].headline for outcome in table["outcome"]])
    for family in (headline, ~headline):
        mine = table.loc[family]
        low, high = simultaneous_intervals(mine["low"], mine["high"], mine["n"])
        table.loc[family, ["low_all", "high_all"]] = np.column_stack([low, high])
        table.loc[family, "p_holm"] = holm(mine["p"])
    table["unit"] = [measures[outcome].unit_of_level for outcome in table["outcome"]]
    return table[[name for name in ("scenario", "against", *what, *FOUND) if name in table]]


def _half_times(study: Study, label: str) -> pd.DataFrame:
    """Return for every measure from which month on half of its final difference is there."""
    first, second = _courses(study, study.labels[0]).align(_courses(study, label), join="inner", axis="index")
    halves = [
        months_to_half(first[outcome], second[outcome], window=12 if _flows(outcome) else 1)
        for outcome in first.columns.unique(0)
    ]
    columns = {"months_to_half": "months", "months_to_half_low": "low", "months_to_half_high": "high"}
    return pd.DataFrame({name: [getattr(half, field) for half in halves] for name, field in columns.items()})


def _courses(study: Study, label: str) -> pd.DataFrame:
    """Return an arm's months from month 0 on, with a column per measure and replicate; costs per resident and year."""
    months = study.months[(study.months["scenario"] == label) & study.months["replicate"].isin(study.complete)]
    months = months[months["month"] >= 0].set_index(["month", "replicate"]).drop(columns="scenario")
    spent = [name for name in months if MEASURES[name].summary == "per_resident_year"]
    months[spent] = months[spent].div(months["residents"] / 12, axis="index")
    return months.unstack()


def _flows(outcome: str) -> bool:
    """Whether a measure tells what came in a month, not what stands at its end."""
    return MEASURES[outcome].summary == "per_resident_year" or outcome in FLOWS


def _with_modes(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Add by which mode each category is supplied in both arms."""
    arms = dict(zip(study.labels, study.scenarios, strict=True))
    modes = [
        [arms[row[side]].mode_of(row["category"]) for side in ("against", "scenario")]
        for row in table[["against", "scenario", "category"]].to_dict("records")
    ]
    place = table.columns.get_loc("outcome")
    table.insert(place, "mode_a", [a for a, _ in modes])
    table.insert(place + 1, "mode_b", [b for _, b in modes])
    return table


FOUND = (
    "mean_a", "mean_b", "difference", "low", "high", "low_all", "high_all", "low_boot", "high_boot", "effect_size",
    "superiority", "variance_removed", "months_to_half", "months_to_half_low", "months_to_half_high", "n", "unit",
    "p", "p_holm",
)  # fmt: skip
"""Columns of a comparison after those that say what is compared."""

FLOWS = ("orders_placed", "requests", "orders_signed_off", "orders_rejected", "orders_lost", "wait")
"""Measures, besides costs, of what came in a month: smoothed over a year before half of their effect is sought."""
