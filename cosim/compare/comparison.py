"""Compare ways of supplying services: same people, same history, then the scenarios part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cosim.compare.levels import count_trapped, measures_of, run_levels
from cosim.compare.paired import paired_difference
from cosim.scenario import load_scenario
from cosim.scenario.same_people import check_same_people
from cosim.scenario.schema import Scenario
from cosim.study import Progress, Study, labels_of, run_study


@dataclass(frozen=True)
class Comparison:
    """What the second and any further scenarios change against the first.

    `outcomes`, `by_group` and `by_category` have one row per scenario, outcome (and group or category):

    scenario, against
        the arm, and the first one, which it is compared with
    outcome, unit
        the measure, as a mean over the last 12 months or, for costs, per resident and year
    mean_a, mean_b, difference
        mean of the first arm, of the other, and of their paired difference b - a
    low, high
        95 % t interval of the difference; NaN with fewer than two pairs
    narrowed
        share of the unpaired interval's width that pairing took away
    n
        number of pairs
    mode_a, mode_b
        named mode by which both arms supply the category (`by_category` only)

    `fee_trap` counts, for each scenario, the replicates that end with fewer than half of the households
    paying the property fee: where there are two such basins, a mean over both describes neither.
    """

    study: Study
    outcomes: pd.DataFrame
    by_group: pd.DataFrame
    by_category: pd.DataFrame
    fee_trap: pd.DataFrame

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the scenarios; the others are compared with the first."""
        return self.study.labels

    @property
    def months(self) -> pd.DataFrame:
        """The finished runs month by month: scenario, replicate, month and every measure."""
        return self.study.months


def compare(
    scenarios: Sequence[str | Path | Scenario] = ("single_centre", "multi_centre"),
    *,
    replicates: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    months: int | None = None,
    overrides: Mapping[str, object] | None = None,
    start_method: str = "spawn",
    progress: Progress | None = None,
) -> Comparison:
    """Run the scenarios with the same people, history and luck, and compare each with the first.

    `scenarios` are names of shipped scenarios, paths or Scenario objects that differ in levers alone; one alone is
    compared with the same compound without a reform. `replicates` defaults to what the first scenario says, `months`
    (from month 0) likewise; `overrides` maps dotted keys to values, for every arm. `seed`, `jobs`, `start_method` and
    `progress` are those of `run_study`. Replicates that did not finish in every arm are left out.

    Raises ScenarioError for scenarios that are faulty or are not the same people, ValueError for numbers
    that make no sense.
    """
    changes = dict(overrides or {}) | ({} if months is None else {"study.months": months})
    arms = [load_scenario(scenario, changes) for scenario in scenarios]
    if not arms:
        raise ValueError("a comparison needs a scenario")
    arms = beside_no_reform(arms)
    check_same_people(arms, labels_of(arms))
    study = run_study(
        arms,
        replicates=arms[0].study.replicates if replicates is None else replicates,
        seed=seed,
        jobs=jobs,
        start_method=start_method,
        progress=progress,
    )
    return compare_study(study)


def beside_no_reform(arms: list[Scenario]) -> list[Scenario]:
    """Return the arms of a comparison: one alone stands behind the same compound without a reform."""
    return [arms[0].no_reform(), *arms] if len(arms) == 1 else arms


def compare_study(study: Study) -> Comparison:
    """Compare the scenarios of a study, over the replicates that are finished in every one of them."""
    if not study.complete:
        return Comparison(study, *[pd.DataFrame()] * 4)
    levels = _levels(study, study.months)
    return Comparison(
        study,
        outcomes=_differences(study, levels, []),
        by_group=_differences(study, _levels(study, study.groups), ["group"]),
        by_category=_with_modes(study, _differences(study, _levels(study, study.categories), ["category"])),
        fee_trap=count_trapped(levels, study.labels),
    )


def _levels(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return the levels of the complete replicates."""
    return run_levels(table[table["replicate"].isin(study.complete)], study.months)


def _differences(study: Study, levels: pd.DataFrame, parts: list[str]) -> pd.DataFrame:
    """Return one row per scenario after the first, part and outcome."""
    long = levels.melt(["scenario", "replicate", *parts], var_name="outcome")
    order = long[[*parts, "outcome"]].drop_duplicates().to_dict("records")
    wide = long.pivot(index=[*parts, "outcome"], columns=["scenario", "replicate"], values="value")
    first, measures = wide[study.labels[0]], measures_of(levels)
    rows = []
    for label in study.labels[1:]:
        for what in order:
            key = tuple(what.values()) if parts else what["outcome"]
            found = paired_difference(first.loc[key].to_numpy(), wide[label].loc[key].to_numpy())
            rows.append(
                {"scenario": label, "against": study.labels[0], **what}
                | {name: getattr(found, name) for name in FOUND}
                | {"unit": measures[what["outcome"]].unit_of_level}
            )
    return pd.DataFrame(rows)


def _with_modes(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Add by which mode each category is supplied in both arms."""
    arms = dict(zip(study.labels, study.scenarios, strict=True))
    modes = [
        [arms[row[side]].mode_of(row["category"]) for side in ("against", "scenario")]
        for row in table[["against", "scenario", "category"]].to_dict("records")
    ]
    return table.assign(mode_a=[a for a, _ in modes], mode_b=[b for _, b in modes])


FOUND = ("mean_a", "mean_b", "difference", "low", "high", "narrowed", "n")
"""Columns of a comparison that come from the paired differences."""
