"""Mechanisms: which part of a reform does the work, for whom, and which parts of the model its effect needs.

- *stages*: each stage of the reform alone, taken out of the whole, and in the order of the ladder.
- *variants*: the reform's effect under null models and alternative submodels (`compare/variants.py`), beside the effect
  in the usual model.

All with the same people, history and luck; every content is run once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cosim.compare.comparison import Work
from cosim.compare.controls import Cells, differing_stages, mix, paired, rungs
from cosim.compare.variants import Variant, laid_over, usual_ceilings
from cosim.compare.whole import whole
from cosim.language import told
from cosim.outcomes.levels import run_levels
from cosim.outcomes.measures import GROUPS, RESIDENT_MEASURES
from cosim.scenario.errors import Problem, ScenarioError, together
from cosim.scenario.same_people import check_same_people
from cosim.scenario.schema import Scenario
from cosim.statistics import simultaneous_intervals
from cosim.study import Progress, Study, labels_of, seed_of

OUTCOMES = ("participation", "trust_neighbours", "trust_government", "satisfaction", "cost_total")
"""What mechanisms are judged by."""
WHOLE = "all"
"""Stands for the whole compound among groups."""
WAYS = ("alone", "ladder", "off")
"""How a stage is looked at: laid over the first arm by itself; after those before it; as the last one of all."""
STANDARD = "standard"
"""Name of the model as it is, among variants."""
READINGS = {
    "no clear change": "a clear effect in the usual model, and no clear change of it",
    "smaller": "a clear effect is left, but clearly nearer to zero: part of it needs what the variant takes away",
    "gone": "the effect changes clearly, and no clear one is left: it needs what the variant takes away",
    "turned": "the effect is clear, and of the other sign",
    "larger": "the effect is clearly farther from zero",
    "appears": "no clear effect in the usual model, but one under the variant, clearly other",
    "no clear effect": "no clear effect in the usual model, and none that the variant brings",
}
"""What the effect under a variant can be, beside that in the usual model; empty where nothing is known."""


@dataclass(frozen=True)
class Mechanisms:
    """What stages and variants do, tidy: a row for each outcome and group ("all" is the whole compound).

    stages
        way, stage, outcome, group; mean_a, mean_b, difference, low, high, n, clear. What the stage adds: to the first
        arm (alone), to the stages before it (ladder), to all others (off: what is lost when it is taken out)
    variants
        kind, variant, outcome, group; mean_a, mean_b, difference, low, high, n, clear: both arms' means and the
        reform's effect under the variant; change, change_low, change_high, change_clear: that effect less the usual
        one (NaN for the usual model itself); reading: what follows, in a word (`READINGS`)
    ceilings
        those of random participation, by dotted key

    Intervals hold at 95 % each for itself; `clear` says whether one that holds for the whole table at once excludes
    zero (Bonferroni). Money is in yuan per resident and year, and is the compound's alone.
    """

    arms: tuple[str, ...]
    """Names of the scenario without the reform and of that with it."""
    replicates: int
    months: int
    stages: pd.DataFrame
    variants: pd.DataFrame
    ceilings: Mapping[str, float]


def mechanisms(
    arms: Sequence[Scenario],
    variants: Sequence[Variant],
    *,
    replicates: int = 20,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Mechanisms:
    """Take a reform apart: two arms, the first without it.

    `seed`, `jobs` and `progress` are those of `run_study`; intervals need two replicates. Raises ScenarioError for arms
    that are not the same people, do not differ in any stage, or do not go with a variant, and for a variant that is the
    usual model; ValueError for other than two
    arms or for fewer than two replicates; Unfinished if runs failed.
    """
    if len(arms) != 2 or replicates < 2:
        raise ValueError(f"mechanisms need two arms and two replicates, not {len(arms)} and {replicates}")
    check_same_people(arms, labels_of(arms))
    first, other = arms
    stages = differing_stages(first, other)
    if not stages:
        message = told("these scenarios differ in no stage of the reform, so there is nothing to take apart")
        raise ScenarioError([Problem(file=together(labels_of(arms)), message=message)])
    _refuse_usual(arms, variants)
    measured = any(variant.usual_rates for variant in variants)
    ceilings = usual_ceilings(first, seed_of(seed, 1)) if measured else {}
    wanted: dict[Any, Scenario] = {("ladder", n): rung for n, rung in rungs(first, other).items()}
    for stage in stages:
        wanted["alone", stage] = mix(first, other, [stage])
        wanted["off", stage] = mix(first, other, [one for one in stages if one != stage])
    for variant in variants:
        wanted |= {(variant.name, arm): laid_over(arms[arm], variant, ceilings) for arm in (0, 1)}
    levels = _run(arms, wanted, replicates, Work(seed, jobs, "spawn", progress, False, False))
    return Mechanisms(
        labels_of(arms), replicates, first.study.months, _stage_table(levels, stages),
        _variant_table(levels, variants), ceilings,
    )  # fmt: skip


def _refuse_usual(arms: Sequence[Scenario], variants: Sequence[Variant]) -> None:
    """Raise ScenarioError for variants that are the usual model: both arms have their settings already."""
    same = [one for one in variants if not one.usual_rates and all(laid_over(arm, one, {}) == arm for arm in arms)]
    message = told("this variant is the usual model: both scenarios have its settings already")
    hint = told("give it other settings, or name the others with --only")
    if same:
        raise ScenarioError(
            Problem(
                file="variants",
                key=one.name,
                message=told("{message} ({settings})", message=message, settings=_said(one)),
                hint=hint,
            )
            for one in same
        )


def _said(variant: Variant) -> str:
    return ", ".join(f"{key} = {value}" for key, value in variant.settings.items())


def _run(
    arms: Sequence[Scenario], wanted: Mapping[Any, Scenario], replicates: int, work: Work
) -> dict[Any, pd.DataFrame]:
    """Return the levels of the arms (keys 0 and 1) and of all that is wanted."""

    def run(scenarios: Sequence[Scenario], replicates: int) -> list[pd.DataFrame]:
        named = [scenario.model_copy(update={"name": f"mechanism {n}"}) for n, scenario in enumerate(scenarios)]
        return _levels(whole(work.run(named, replicates), "mechanisms"))

    work.ahead = (2 + len(wanted)) * replicates
    first, other = run(arms, replicates)
    cells = Cells(first, other, arms, run)
    work.ahead = cells.runs_for(wanted)
    return cells.levels({0: arms[0], 1: arms[1], **wanted})


def _levels(study: Study) -> list[pd.DataFrame]:
    """Return the levels of each scenario: a row per replicate, a column per outcome and group ("participation.all")."""
    whole = run_levels(study.months, study.months).assign(group=WHOLE)
    parts = run_levels(study.groups, study.months)
    both = pd.concat([whole, parts], ignore_index=True)
    columns = pd.Index([f"{outcome}.{group}" for outcome, group in _columns()])
    found = []
    for label in study.labels:
        wide = both[both["scenario"] == label].pivot(index="replicate", columns="group", values=list(OUTCOMES))
        wide.columns = pd.Index([f"{outcome}.{group}" for outcome, group in wide.columns])
        found.append(wide.reindex(columns=columns))
    return found


def _columns() -> list[tuple[str, str]]:
    """Return the outcomes and groups that tables hold, in order."""
    return [
        (outcome, group) for outcome in OUTCOMES for group in (WHOLE, *(GROUPS if outcome in RESIDENT_MEASURES else ()))
    ]


def _stage_table(levels: Mapping[Any, pd.DataFrame], stages: Sequence[str]) -> pd.DataFrame:
    """Return what each stage adds, in each way of looking at it."""
    rows = []
    for way in WAYS:
        for step, stage in enumerate(stages, 1):
            without, with_it = {
                "alone": (0, ("alone", stage)),
                "ladder": (("ladder", step - 1), ("ladder", step)),
                "off": (("off", stage), 1),
            }[way]
            for outcome, group in _columns():
                found = paired(levels[without], levels[with_it], f"{outcome}.{group}")
                rows.append({"way": way, "stage": stage, "outcome": outcome, "group": group, **found})
    table = pd.DataFrame(rows)
    table["clear"] = _clear(table["low"], table["high"], table["n"])
    return table


def _variant_table(levels: Mapping[Any, pd.DataFrame], variants: Sequence[Variant]) -> pd.DataFrame:
    """Return the effect of the reform under the usual model and each variant, and what that differs by."""
    usual = levels[1] - levels[0]
    cases = [(STANDARD, STANDARD, levels[0], levels[1])]
    cases += [(one.kind, one.name, levels[one.name, 0], levels[one.name, 1]) for one in variants]
    rows = []
    for kind, name, a, b in cases:
        effect = b - a
        for outcome, group in _columns():
            column = f"{outcome}.{group}"
            row = {"kind": kind, "variant": name, "outcome": outcome, "group": group, **paired(a, b, column)}
            change = paired(usual, effect, column) if name != STANDARD else {}
            row |= {"change": change.get("difference", np.nan)}
            row |= {f"change_{end}": change.get(end, np.nan) for end in ("low", "high")}
            rows.append(row)
    table = pd.DataFrame(rows)
    table["clear"] = _clear(table["low"], table["high"], table["n"])
    table["change_clear"] = _clear(table["change_low"], table["change_high"], table["n"])
    standard = table[table["variant"] == STANDARD].set_index(["outcome", "group"])
    table["reading"] = [read(standard.loc[(row.outcome, row.group)], row) for row in table.itertuples()]
    return table


def read(usual: Any, found: Any) -> str:
    """Return what an effect under a variant says, from rows of the table of variants: one of `READINGS`."""
    if np.isnan(found.change):
        return ""
    if not usual.clear:
        return "appears" if found.change_clear and found.clear else "no clear effect"
    if not found.change_clear:
        return "no clear change"
    if not found.clear:
        return "gone"
    if found.difference * usual.difference < 0.0:
        return "turned"
    return "larger" if abs(found.difference) > abs(usual.difference) else "smaller"


def _clear(low: pd.Series, high: pd.Series, n: pd.Series) -> Any:
    """Return for each row whether an interval that holds for all rows at once excludes zero."""
    least, most = simultaneous_intervals(low.to_numpy(), high.to_numpy(), n.to_numpy())
    return (least > 0.0) | (most < 0.0)
