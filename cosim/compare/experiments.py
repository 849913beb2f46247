"""Experiments that come with cosim: what every lever moves, and every category under every mode that it can have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import Field, ValidationError

from cosim.compare.whole import whole
from cosim.language import told
from cosim.outcomes.levels import run_levels
from cosim.outcomes.measures import MEASURES
from cosim.scenario import load_scenario
from cosim.scenario.errors import Problem, Refusal, ScenarioError, did_you_mean
from cosim.scenario.explain import refusals
from cosim.scenario.field import Section
from cosim.scenario.keys import ANY, schema_keys
from cosim.scenario.reading import Layer, read_toml
from cosim.scenario.schema import Scenario
from cosim.scenario.supply import MODES, cannot_have
from cosim.statistics import SIGNIFICANCE, paired_difference, paired_differences
from cosim.study import Progress, run_study

MONEY = ("cost_total", "cost_government", "cost_partners", "cost_residents", "volunteer_hours", "fund")
"""Measures that tell a price, not an effect."""
LOOKED_AT = tuple(
    name
    for name, measure in MEASURES.items()
    if name not in (*MONEY, "residents", "trust_spread", "orders_placed", "requests", "expectation")
    and name not in ("index", "index_low_cost", "meetings", "openings")
)
"""Measures among which the one is sought that a lever moves most."""
MODE_MEASURES = ("condition", "wait", "cost_government", "cost_partners", "cost_residents")
MODE_OUTCOMES = ("trust_neighbours", "trust_government", "participation", "cost_total")
"""What the table of categories and modes shows: of the category, and of the compound."""


class Trial(NamedTuple):
    """A lever set low and high, with settings of both arms in which it matters."""

    key: str
    low: Any
    high: Any
    settings: Mapping[str, Any]


def levers_of(section: type[Section]) -> Iterator[tuple[str, Any]]:
    """Yield the dotted key and the field of every lever in a section's tables, but for those of a user's own tables."""
    for key in schema_keys(section):
        if key.lever and ANY not in key.table.split("."):
            yield key.dotted, key.field


class LeverSetting(Section):
    """What an experiment says of a lever."""

    low: Any = None
    high: Any = None
    settings: dict[str, Any] = Field(default_factory=dict, alias="with")


class LeverTrials(Section):
    """A file that says what is low and high for levers in a base scenario."""

    scenario: str = "multi_centre"
    levers: dict[str, LeverSetting] = Field(default_factory=dict)


def read_trials(path: Path) -> tuple[Scenario, list[Trial]]:
    """Return the base scenario and a trial for every lever, as the file says.

    Raises ScenarioError, which names every fault with its line: what cannot be read, a key that is no lever, a value
    out of bounds.
    """
    layer = read_toml(path, str(path))
    try:
        said = LeverTrials.model_validate(layer.tree)
    except ValidationError as error:
        raise ScenarioError(_placed(layer, fault) for fault in refusals(error, LeverTrials)) from None
    fields = dict(levers_of(Scenario))
    faults = list(_faults(said, fields))
    base = load_scenario(said.scenario)
    trials = []
    for key, field in fields.items():
        words = said.levers.get(key, LeverSetting())
        low = field.default if words.low is None else words.low
        high = _other_end(field, low) if words.high is None else words.high
        trials.append(Trial(key, low, high, words.settings))
        for value in (low, high):
            try:
                load_scenario(base, {**words.settings, key: value})
            except ScenarioError as error:
                found = error.problems[0]
                faults.append(Refusal(f"levers.{key}", found.message, found.allowed, found.hint))
    if faults:
        raise ScenarioError(_placed(layer, fault) for fault in faults)
    return base, trials


def _faults(said: LeverTrials, fields: Mapping[str, Any]) -> Iterator[Refusal]:
    """Yield what is wrong with the keys of levers."""
    for key, words in said.levers.items():
        if key not in fields:
            yield Refusal(f"levers.{key}", told("'{key}' is no lever", key=key), hint=did_you_mean(key, list(fields)))
        elif key in words.settings:
            yield Refusal(f"levers.{key}", told("`with` sets the lever itself"), hint=told("use low and high"))


def _placed(layer: Layer, fault: Refusal) -> Problem:
    """Return a refusal with its line, though keys of levers have dots in them."""
    above = [path for path in layer.lines if f"{fault.key}.".startswith(f"{'.'.join(path)}.")]
    return replace(layer.problem(fault), line=layer.lines[max(above, key=len)] if above else None)


def _other_end(field: Any, low: Any) -> Any:
    if isinstance(low, bool):
        return not low
    ends = [getattr(limit, name) for limit in field.metadata for name in ("le", "ge") if hasattr(limit, name)]
    return next((type(low)(end) for end in ends if end != low), low)


def lever_effects(
    base: Scenario,
    trials: Sequence[Trial],
    *,
    replicates: int = 8,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return one row per lever: what moves most from its low to its high setting, and what that costs.

    lever, low, high
        the key and its two settings
    outcome, mean_low, mean_high, difference, low_end, high_end
        the measure with the largest difference against its interval, whose level allows for having looked at all
        (Bonferroni over `LOOKED_AT`, at 95 % together)
    moves
        whether that interval excludes zero
    cost_total, cost_government
        differences in yuan per resident and year
    through, price
        what the schema says

    Ctrl-C is KeyboardInterrupt; raises Unfinished if runs failed.
    """
    arms = []
    for number, trial in enumerate(trials):
        for side, value in (("low", trial.low), ("high", trial.high)):
            arm = load_scenario(base, {**trial.settings, trial.key: value})
            arms.append(arm.model_copy(update={"name": f"{number} {side}"}))
    study = whole(run_study(arms, replicates=replicates, seed=seed, jobs=jobs, progress=progress), "levers")
    levels = run_levels(study.months, study.months).set_index(["scenario", "replicate"])
    fields = dict(levers_of(Scenario))
    rows = []
    for number, trial in enumerate(trials):
        low, high = (levels.loc[f"{number} {side}"] for side in ("low", "high"))
        together = 1.0 - SIGNIFICANCE / len(LOOKED_AT)
        looked_at = list(LOOKED_AT)
        found = paired_differences(low[looked_at].to_numpy().T, high[looked_at].to_numpy().T, together)
        place = max(found.index, key=lambda row: _clarity(found.loc[row]))
        outcome, most = looked_at[place], found.loc[place]
        prices = {name: float((high[name] - low[name]).mean()) for name in ("cost_total", "cost_government")}
        extra = fields[trial.key].json_schema_extra
        rows.append(
            {
                "lever": trial.key, "low": trial.low, "high": trial.high, "outcome": outcome,
                "mean_low": most.mean_a, "mean_high": most.mean_b, "difference": most.difference,
                "low_end": most.low, "high_end": most.high, "moves": bool(most.low > 0 or most.high < 0),
                **prices, "through": ", ".join(extra["through"]), "price": extra["price"],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _clarity(found: Any) -> float:
    """Return how large a difference is against half of its interval; 0 where there is none."""
    half = 0.5 * (found.high - found.low)
    if found.difference == 0.0 or not half >= 0.0:
        return 0.0
    return float(abs(found.difference) / max(half, 1e-12))


def category_modes(
    base: Scenario,
    *,
    replicates: int = 6,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return one row per category and mode that it can have, the others supplied as in `base`.

    A mode replaces all that `base` says of the category's supply, but for its partners. Raises ScenarioError for a base
    whose modes change later, Unfinished if runs failed; Ctrl-C is KeyboardInterrupt.

    category, mode, usual
        and whether that is the category's mode in `base`
    condition, wait, cost_government, cost_partners, cost_residents
        of the category: last year's means, yuan per resident and year
    trust_neighbours, trust_government, participation, cost_total
        differences of the whole compound to `base`, with the ends of their paired 95 % intervals `…_low`, `…_high`
    """
    changed = [key for change in base.changes for key, _ in change.levers if key.startswith("supply.")]
    if changed:
        message = told("modes cannot be tried in a scenario that changes them later")
        raise ScenarioError([Problem(file=base.name, key=f"changes.set.{changed[0]}", message=message)])
    arms = [base.model_copy(update={"name": "base"})]
    pairs = []
    for category, described in base.categories.items():
        for mode in MODES:
            if cannot_have(described, mode) or (mode != "direct" and not base.partners_of(category)):
                continue
            arms.append(_with_mode(base, category, mode))
            pairs.append((category, mode))
    study = whole(run_study(arms, replicates=replicates, seed=seed, jobs=jobs, progress=progress), "modes")
    compound = run_levels(study.months, study.months).set_index(["scenario", "replicate"])
    parts = run_levels(study.categories, study.months).set_index(["scenario", "category"])
    rows = []
    for category, mode in pairs:
        name = f"{category} {mode}"
        row: dict[str, Any] = {"category": category, "mode": mode, "usual": base.mode_of(category) == mode}
        row |= {part: float(parts.loc[(name, category), part].mean()) for part in MODE_MEASURES}
        for outcome in MODE_OUTCOMES:
            found = paired_difference(compound.loc["base", outcome].to_numpy(), compound.loc[name, outcome].to_numpy())
            row |= {outcome: found.difference, f"{outcome}_low": found.low, f"{outcome}_high": found.high}
        rows.append(row)
    return pd.DataFrame(rows)


def _with_mode(base: Scenario, category: str, mode: str) -> Scenario:
    """Return `base` with one category supplied by a mode, and nothing else of its own but its partners."""
    tree = base.model_dump(exclude_none=True)
    own = tree["supply"].get(category, {})
    kept = {"partners": own["partners"]} if "partners" in own and mode != "direct" else {}
    tree["supply"][category] = {"mode": mode, **kept}
    return Scenario.model_validate({**tree, "name": f"{category} {mode}"})
