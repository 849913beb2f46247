"""Controls: is a difference money in disguise? And which stage of the reform makes it?

Each control is a scenario between the two that are compared, run with the same people, history and luck:

- *resources*: the first arrangement with what the other one costs, in public money or in all (partners' money, fees
  and priced volunteer hours counted). What that changes is due to resources; what is left, to arrangement.
- *square*: both ways of supply, each with and without the renovation programme.
- *ladder*: the stages of the reform, laid over the first scenario one after the other.
- *decomposition*: every combination of stages; a stage's Shapley value is its mean contribution over all orders.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations, pairwise
from math import factorial
from typing import Any

import pandas as pd

from cosim.language import told
from cosim.outcomes.measures import MEASURES
from cosim.scenario import load_scenario
from cosim.scenario.errors import ScenarioError
from cosim.scenario.field import is_lever
from cosim.scenario.institutions import Renovation
from cosim.scenario.schema import Change, Scenario
from cosim.statistics import paired_difference
from cosim.study import labels_of

STAGES: Mapping[str, tuple[str, ...]] = {
    "party_leads": ("party_leads",),
    "residents_order": ("residents_order",),
    "party_takes": ("party_takes",),
    "partners_deliver": ("supply", "deliberate", "partners_deliver"),
    "residents_sign_off": ("residents_sign_off", "owners", "property_firm", "norms", "review"),
    "public_means": ("government", "renovation"),
    "mechanisms": ("mechanisms",),
}
"""The five stages of the reform and the sections that hold their levers; money and renovation, and what only some
compounds have, are no stage of it, and count as one more each where they differ."""

RESOURCES = {"public_budget": "cost_government", "total_resources": "cost_total"}
"""What is made equal, and the cost that measures it."""
PROBES = 4
"""Replicates by which the means of the first arrangement are matched to the other's cost."""
TRIES = 8
CLOSE = 0.01
"""Share of the cost within which two costs count as equal."""
MOST = 8.0
"""Largest factor on the first arrangement's public means."""
NARROW = 0.005
"""Factors that differ by less are one."""
RENOVATION = "renovation_only"
"""Shipped scenario whose programme the square uses where neither arm has one."""

OUTCOMES = (*(name for name, measure in MEASURES.items() if measure.headline), "cost_partners", "cost_residents")


def differing_stages(first: Scenario, other: Scenario) -> list[str]:
    """Return the stages in whose levers two scenarios differ, in order."""
    return [stage for stage in STAGES if _content(mix(first, other, [stage])) != _content(first)]


def mix(first: Scenario, other: Scenario, stages: Collection[str]) -> Scenario:
    """Return the first scenario with some stages' levers as the other one has them, later changes too.

    Raises ScenarioError if these levers do not go together.
    """
    taken = {section for stage in stages for section in STAGES[stage]}
    update: dict[str, Any] = {section: getattr(other, section) for section in taken}
    changes = _kept(first, lambda section: section not in taken) + _kept(other, lambda section: section in taken)
    name = " + ".join(stages) or first.name
    return _checked(first, {**update, "changes": changes}, name)


def _kept(scenario: Scenario, wanted: Callable[[str], bool]) -> tuple[Change, ...]:
    """Return a scenario's later changes to the sections that are wanted."""
    parts = (
        (change.month, {section: tree for section, tree in change.set.items() if wanted(section)})
        for change in scenario.changes
    )
    return tuple(Change.model_validate({"month": month, "set": kept}) for month, kept in parts if kept)


def with_means(first: Scenario, factor: float, name: str) -> Scenario:
    """Return a scenario with its public budget times a factor, and with as many times the staff if that is above 1.

    Later changes of both are scaled alike.
    """
    means = first.government

    def scaled(key: str, value: float) -> float:
        staff = means.staff_hours + value
        return value * factor if key == "budget" else value + staff * max(factor - 1.0, 0.0)

    keys = ("budget", "hired_hours")
    government = means.model_copy(update={key: scaled(key, getattr(means, key)) for key in keys})
    changes = []
    for change in first.changes:
        own = change.set.get("government", {})
        later = {key: scaled(key, value) if key in keys else value for key, value in own.items()}
        tree = {**change.set, "government": later} if later else change.set
        changes.append(Change.model_validate({"month": change.month, "set": tree}))
    return _checked(first, {"government": government, "changes": tuple(changes)}, name)


def most_means(first: Scenario) -> float:
    """Return the largest factor on a scenario's means that the schema's bounds allow, `MOST` at most."""
    fields = type(first.government).model_fields
    budget, hired = (
        next(limit.le for limit in fields[key].metadata if hasattr(limit, "le")) for key in ("budget", "hired_hours")
    )
    most = MOST
    for scenario in (first, *first.timeline.values()):
        means = scenario.government
        staff = means.staff_hours + means.hired_hours
        most = min(most, budget / max(means.budget, 1e-9), 1.0 + (hired - means.hired_hours) / max(staff, 1e-9))
    return float(most)


def _checked(base: Scenario, update: Mapping[str, Any], name: str) -> Scenario:
    """Return a copy of a scenario with other parts, checked as a whole."""
    changed = base.model_copy(update={**update, "name": name})
    changed.__dict__.pop("timeline", None)
    try:
        return load_scenario(changed).model_copy(update={"name": name})
    except ScenarioError as error:
        raise ScenarioError(
            [
                replace(problem, file=told("control '{name}' of {scenario}", name=name, scenario=base.name))
                for problem in error.problems
            ]
        ) from None


def _content(scenario: Scenario) -> str:
    """Return what decides a scenario's runs; in which order changes of a month are written does not."""
    later = sorted((change.month, key, repr(value)) for change in scenario.changes for key, value in change.levers)
    return f"{scenario.model_dump_json(exclude={'name', 'title', 'title_zh', 'description', 'changes'})} {later}"


EqualMeans = Mapping[str, tuple[float, Scenario]]
Runner = Callable[[Sequence[Scenario], int], list[pd.DataFrame]]
"""Runs scenarios for a number of replicates; returns a row per replicate for each of them."""


class Cells:
    """Scenarios between two arms: each content is run once, and kept as a row of outcomes per replicate.

    `first` and `other` are the levels of both arms, by replicate; `run` makes those of further scenarios, for all
    replicates up to a number.
    """

    def __init__(self, first: pd.DataFrame, other: pd.DataFrame, arms: Sequence[Scenario], run: Runner) -> None:
        self.replicates = int(first.index.max())
        self.run = run
        self.known = dict(zip(map(_content, arms), (first, other), strict=True))

    def runs_for(self, scenarios: Mapping[Any, Scenario]) -> int:
        """Return how many runs it takes to have these scenarios."""
        return len({_content(scenario) for scenario in scenarios.values()} - set(self.known)) * self.replicates

    def levels(self, scenarios: Mapping[Any, Scenario]) -> dict[Any, pd.DataFrame]:
        """Return the levels of scenarios by key; runs what has not been run."""
        missing = {_content(scenario): scenario for scenario in scenarios.values()}
        missing = {content: scenario for content, scenario in missing.items() if content not in self.known}
        if missing:
            self.known |= dict(zip(missing, self.run(list(missing.values()), self.replicates), strict=True))
        return {key: self.known[_content(scenario)] for key, scenario in scenarios.items()}


def rungs(first: Scenario, other: Scenario) -> dict[Any, Scenario]:
    """Return the scenarios of the ladder: the first stages of the other one laid over the first one, by how many."""
    stages = differing_stages(first, other)
    return {n: mix(first, other, stages[:n]) for n in range(len(stages) + 1)}


def ladder(cells: Cells, first: Scenario, other: Scenario) -> pd.DataFrame:
    """Return what each stage changes when stages are laid over the first scenario one after the other.

    step, stage, outcome; mean_a, mean_b, difference, low, high, n
        before and after the step
    """
    levels = cells.levels(rungs(first, other))
    return pd.DataFrame(
        {"step": step, "stage": stage, "outcome": outcome, **paired(levels[step - 1], levels[step], outcome)}
        for step, stage in enumerate(differing_stages(first, other), 1)
        for outcome in OUTCOMES
    )


def corners(first: Scenario, other: Scenario) -> dict[Any, Scenario]:
    """Return both scenarios without and with a renovation programme: the other's, the first's, or a shipped one."""
    arms = (other, first, load_scenario(RENOVATION))
    programme = next(found for found in map(_programme, arms) if found is not None)
    none = first.no_reform().renovation
    levers = {name: getattr(programme, name) for name, lever in type(none).model_fields.items() if is_lever(lever)}
    done = none.model_copy(update=levers)
    found: dict[Any, Scenario] = {}
    for arm, scenario in (("first", first), ("other", other)):
        changes = _kept(scenario, lambda section: section != "renovation")
        for renovated, renovation in ((False, none), (True, done)):
            update = {"renovation": renovation, "changes": changes}
            found[arm, renovated] = _checked(scenario, update, scenario.name)
    return found


def _programme(scenario: Scenario) -> Renovation | None:
    """Return a scenario's renovation programme, also one that a later change begins; None if it has none."""
    for month, later in ((0, scenario), *sorted(scenario.timeline.items())):
        if later.renovation.grant > 0.0:
            return later.renovation.model_copy(update={"start": max(later.renovation.start, month)})
    return None


def square(cells: Cells, first: Scenario, other: Scenario) -> pd.DataFrame:
    """Return effects of supply without and with renovation, of renovation under either supply, and their interaction.

    effect, outcome; mean_a, mean_b, difference, low, high, n
        of the interaction: the effect of supply without and with renovation, and what that differs by
    """
    levels = cells.levels(corners(first, other))
    name_a, name_b = labels_of([first, other])
    effects = {
        "supply, without renovation": (("first", False), ("other", False)),
        "supply, with renovation": (("first", True), ("other", True)),
        f"renovation, {name_a}": (("first", False), ("first", True)),
        f"renovation, {name_b}": (("other", False), ("other", True)),
    }
    rows = [
        {"effect": effect, "outcome": outcome, **paired(levels[low], levels[high], outcome)}
        for effect, (low, high) in effects.items()
        for outcome in OUTCOMES
    ]
    without = levels["other", False] - levels["first", False]
    beside = levels["other", True] - levels["first", True]
    rows += [{"effect": "interaction", "outcome": name, **paired(without, beside, name)} for name in OUTCOMES]
    return pd.DataFrame(rows)


def equal_means(cells: Cells, first: Scenario, other: Scenario) -> dict[str, tuple[float, Scenario]]:
    """Return the first scenario with the means that make it cost what the other one does, by control, with the factor.

    Searched for on the first `PROBES` replicates; `next_factor` says how.
    """
    arms = cells.levels({"first": first, "other": other})
    probes = int(arms["first"].index[:PROBES].max())
    tried = {name: [(1.0, float(arms["first"][cost].loc[:probes].mean()))] for name, cost in RESOURCES.items()}
    aims = {name: float(arms["other"][cost].loc[:probes].mean()) for name, cost in RESOURCES.items()}
    most = most_means(first)
    for _ in range(TRIES):
        following = {name: next_factor(tried[name], aims[name], most) for name in RESOURCES}
        wanted = {name: factor for name, factor in following.items() if factor is not None}
        if not wanted:
            break
        made = cells.run([with_means(first, factor, name) for name, factor in wanted.items()], probes)
        for (name, factor), levels in zip(wanted.items(), made, strict=True):
            tried[name].append((factor, float(levels[RESOURCES[name]].mean())))
    best = {
        name: min(pairs, key=lambda pair: (abs(pair[1] - aims[name]), -abs(pair[0] - 1.0)))[0]
        for name, pairs in tried.items()
    }
    return {name: (factor, with_means(first, factor, name)) for name, factor in best.items()}


def resources(cells: Cells, first: Scenario, other: Scenario, equal: EqualMeans) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what made costs equal, and how much of each difference that explains.

    The first table: control, factor on the first scenario's public means, `aim` and `reached` in yuan per resident and
    year, and a verdict: met (to 2 %), nearest (of all that was tried), or out of reach of the factors that can be. The
    second: control, outcome, part (total, resources, arrangement); mean_a, mean_b, difference, low, high, n. Resources
    and arrangement sum to the total.
    """
    arms = cells.levels({"first": first, "other": other})
    made = cells.levels({name: scenario for name, (_, scenario) in equal.items()})
    taken, split = [], []
    for name, cost in RESOURCES.items():
        aim, reached = float(arms["other"][cost].mean()), float(made[name][cost].mean())
        close = abs(reached - aim) <= 2.0 * CLOSE * aim
        factor = equal[name][0]
        verdict = "met" if close else "nearest" if 0.0 < factor < most_means(first) else "out of reach"
        taken.append({"control": name, "factor": factor, "aim": aim, "reached": reached, "verdict": verdict})
        paths = {
            "total": (arms["first"], arms["other"]),
            "resources": (arms["first"], made[name]),
            "arrangement": (made[name], arms["other"]),
        }
        for outcome in OUTCOMES:
            for part, (a, b) in paths.items():
                split.append({"control": name, "outcome": outcome, "part": part, **paired(a, b, outcome)})
    return pd.DataFrame(taken), pd.DataFrame(split)


def next_factor(tried: Sequence[tuple[float, float]], aim: float, most: float = MOST) -> float | None:
    """Return the factor to try next for a cost, from (factor, cost) so far; None if one is close or none can be.

    Between two neighbours of which one costs too little and one too much, it is in turn where a line through both meets
    the aim, and halfway: costs can rise in steps, and even fall.
    """
    if min(abs(cost - aim) for _, cost in tried) <= CLOSE * abs(aim):
        return None
    known = sorted(tried)
    for (low, cheap), (high, dear) in pairwise(known):
        if cheap < aim < dear:
            share = (aim - cheap) / (dear - cheap) if len(tried) % 2 else 0.5
            return low + (high - low) * share if high - low > NARROW else None
    short = all(cost < aim for _, cost in tried)
    *others, (factor, cost) = known if short else reversed(known)
    if others:
        rise = (cost - others[-1][1]) / (factor - others[-1][0])
        beyond = factor + (aim - cost) / rise if rise > 0.0 else most if short else 0.0
    else:
        beyond = factor * (aim / cost) ** 2 if cost > 0.0 else most
    beyond = min(max(beyond, 0.0), most)
    return None if abs(beyond - factor) < NARROW else beyond


def combined(first: Scenario, other: Scenario) -> dict[Any, Scenario]:
    """Return a scenario for every set of stages: those as in the other one, the rest as in the first."""
    return {taken: mix(first, other, taken) for taken in _subsets(differing_stages(first, other))}


def decompose(cells: Cells, first: Scenario, other: Scenario) -> pd.DataFrame:
    """Return each stage's Shapley value: its mean contribution over all orders in which stages can be added.

    Without rows if the scenarios do not differ.

    stage, outcome, difference, low, high, n
        the value as a mean over replicates with its 95 % interval; the stages of an outcome sum to its difference
    """
    stages = differing_stages(first, other)
    levels = cells.levels(combined(first, other))
    rows = []
    for stage in stages:
        value = sum(
            weight * (levels[_with(taken, stage, stages)] - levels[taken])
            for taken, weight in shapley_weights(stage, stages)
        )
        nothing = value * 0.0
        rows += [{"stage": stage, "outcome": outcome, **paired(nothing, value, outcome)} for outcome in OUTCOMES]
    return pd.DataFrame(rows).drop(columns=["mean_a", "mean_b"], errors="ignore")


def shapley_weights(stage: str, stages: Sequence[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield every set of the other stages, and the share of orders in which just these come before `stage`.

    |S|! (n - |S| - 1)! / n! (Shapley 1953).
    """
    n = len(stages)
    for taken in _subsets([other for other in stages if other != stage]):
        yield taken, factorial(len(taken)) * factorial(n - len(taken) - 1) / factorial(n)


def _subsets(stages: Sequence[str]) -> list[tuple[str, ...]]:
    """Return every set of stages, each in order."""
    return list(chain.from_iterable(combinations(stages, size) for size in range(len(stages) + 1)))


def _with(taken: Collection[str], stage: str, stages: Sequence[str]) -> tuple[str, ...]:
    """Return a set with one more stage, in order."""
    return tuple(other for other in stages if other in taken or other == stage)


def paired(a: pd.DataFrame, b: pd.DataFrame, outcome: str) -> dict[str, Any]:
    """Return the columns of a paired difference."""
    found = paired_difference(a[outcome].to_numpy(), b[outcome].to_numpy())
    return {name: getattr(found, name) for name in ("mean_a", "mean_b", "difference", "low", "high", "n")}
