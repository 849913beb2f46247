"""What must hold between the keys of an experiment file, factors apart."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cosim.language import told
from cosim.outcomes.measures import (
    CATEGORY_MEASURES,
    GROUPS,
    MEASURES,
    RESIDENT_MEASURES,
    is_measure,
    measures_of_mechanisms,
)
from cosim.scenario.errors import Refusal, did_you_mean
from cosim.scenario.mechanisms import TABLE, mechanism_names
from cosim.scenario.schema import Scenario
from cosim.study.experiment.designs import Factor, number_of_points
from cosim.study.experiment.schema import MOST_POINTS, Design, Experiment, Range

OF_METHODS = {
    "grid": (),
    "latin_hypercube": ("points",),
    "sobol": ("points",),
    "morris": ("trajectories", "levels"),
    "list": ("cases",),
}
"""The keys of `[design]` that each method uses; it needs the first."""
AN_OUTCOME = "a measure such as participation, one of a group (participation.migrant) or a category (condition.water)"


def name_faults(name: str, *, from_file: bool) -> Iterator[Refusal]:
    """Refuse a name that cannot be the name of a folder everywhere; `from_file`: it is that of the file."""
    if re.fullmatch(r"[\w-]{1,100}", name) is None:
        what = "the file's name, which is the experiment's unless it says another," if from_file else "the name"
        hint = 'give it one: name = "my_experiment"' if from_file else ""
        message = f"{what} has signs that a folder's should not have, or too many: '{name}'"
        yield Refusal("name", message, "up to 100 letters, digits, - and _", hint)


def outcome_faults(outcomes: Sequence[str], categories: Sequence[str] | None) -> Iterator[Refusal]:
    """Refuse what is no outcome of scenarios with these categories (None: not known), and what is named twice."""
    if not outcomes:
        yield Refusal("outcomes", "no outcome is named, so nothing would be kept", AN_OUTCOME, "or delete this key")
    for place, outcome in enumerate(outcomes):
        if outcome in outcomes[:place]:
            yield Refusal("outcomes", f"'{outcome}' stands twice", hint="keep one of them")
        else:
            yield from _outcome_fault(outcome, categories)


def _outcome_fault(outcome: str, categories: Sequence[str] | None) -> Iterator[Refusal]:
    measure, point, part = outcome.partition(".")
    if not point:
        if not is_measure(measure):
            hint = did_you_mean(measure, MEASURES)
            if measure in CATEGORY_MEASURES:
                hint = f"it is measured by category: {measure}.water"
            yield Refusal("outcomes", f"there is no outcome '{outcome}'", AN_OUTCOME, hint)
        return
    if part in GROUPS:
        if measure not in RESIDENT_MEASURES:
            message = f"'{measure}' is not measured for groups of residents"
            hint = did_you_mean(measure, RESIDENT_MEASURES)
            if measure in MEASURES:
                hint = f"write it without the group: {measure}"
            yield Refusal("outcomes", f"{message}: {outcome}", ", ".join(RESIDENT_MEASURES), hint)
    elif categories is None or part in categories:
        if measure not in CATEGORY_MEASURES:
            hint = did_you_mean(measure, CATEGORY_MEASURES)
            message = f"'{measure}' is not measured for categories of service: {outcome}"
            yield Refusal("outcomes", message, ", ".join(CATEGORY_MEASURES), hint)
    else:
        message = f"'{part}' is neither a group nor a category of every scenario: {outcome}"
        parts = [*GROUPS, *categories]
        yield Refusal("outcomes", message, ", ".join(parts), did_you_mean(part, parts))


def absent_outcome_faults(
    outcomes: Sequence[str], arms: Sequence[Scenario], labels: Sequence[str], keys: Iterable[str]
) -> Iterator[Refusal]:
    """Refuse outcomes of a mechanism that a scenario does not have, nor any of the factors (`keys`) puts in force."""
    own = [outcome for outcome in outcomes if "." not in outcome and outcome not in MEASURES]
    put = {key.split(".")[1] for key in keys if key.startswith(f"{TABLE}.")}
    for name in mechanism_names() if own else ():
        has = [name in put or name in arm.mechanisms.in_force for arm in arms]
        lacking = [label for label, there in zip(labels, has, strict=True) if not there]
        for outcome in (it for it in own if lacking and it in measures_of_mechanisms([name])):
            table = f"[{TABLE}.{name}]"
            message = told(
                "{outcome} is measured where {table} is in force, which {scenario} has not",
                outcome=outcome, table=table, scenario=", ".join(lacking),
            )  # fmt: skip
            hint = told("an empty table {table} is enough: at its defaults it does nothing", table=table)
            yield Refusal("outcomes", message, hint=hint)


def until_faults(experiment: Experiment) -> Iterator[Refusal]:
    """Refuse an end that no number of replicates could bring about."""
    until = experiment.until
    if until is None:
        return
    if len(experiment.scenarios) == 1:
        message = "an interval of differences needs a second scenario to differ from the first"
        yield Refusal("until", message, hint="name another scenario, or delete [until]")
    if until.outcome not in experiment.outcomes:
        message = f"'{until.outcome}' is not among the outcomes that are kept"
        hint = did_you_mean(until.outcome, experiment.outcomes) or "name it in `outcomes`"
        yield Refusal("until.outcome", message, ", ".join(experiment.outcomes), hint)
    if until.max_replicates < experiment.replicates:
        message = f"{until.max_replicates} is less than `replicates`, with which it begins"
        yield Refusal("until.max_replicates", message, f"at least {experiment.replicates}")


def design_faults(design: Design, keys: Sequence[str]) -> Iterator[Refusal]:
    """Refuse keys that the method needs or does not use, and factors that it cannot do with; `keys` are theirs."""
    uses = OF_METHODS[design.method]
    for key in ("points", "trajectories", "levels", "cases"):
        given = getattr(design, key) is not None
        if given and key not in uses:
            homes = [method for method, used in OF_METHODS.items() if key in used]
            message = f"the method '{design.method}' does not use this key; {' and '.join(homes)} would"
            allowed = ", ".join(("method", *uses))
            yield Refusal(f"design.{key}", message, allowed, "delete it, or choose another method")
        elif not given and key in uses[:1]:
            yield Refusal(f"design.{key}", f"the method '{design.method}' needs this key, and it is not there")
    if design.method == "list" and keys:
        message = "the method 'list' takes its factors from the columns of its CSV file"
        yield Refusal("factors", message, hint="delete this table")
    if design.method not in ("list", "grid") and not keys:
        yield Refusal("factors", f"the design is empty: the method '{design.method}' needs a factor to vary")
    points = design.points
    if design.method == "sobol" and points is not None and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        message = f"{points} is not a power of two, which Sobol's sequence needs to be even"
        yield Refusal("design.points", message, "1, 2, 4, 8, 16, …", f"take {below} or {2 * below}")
    if design.levels is not None and design.levels % 2 and design.method == "morris":
        message = f"{design.levels} is odd, and a step of Morris goes half of the levels"
        yield Refusal("design.levels", message, "an even number", f"take {design.levels + 1}")


def range_faults(design: Design, factors: Sequence[Factor]) -> Iterator[Refusal]:
    """Refuse ranges that do not go with the method."""
    for factor in factors:
        said = factor.said
        if not isinstance(said, Range) or design.method == "list":
            continue
        here = f"factors.{factor.key}.steps"
        if design.method != "grid":
            if said.steps is not None:
                yield Refusal(here, f"steps are for a grid; the method '{design.method}' draws", hint="delete it")
        elif said.steps is None:
            yield Refusal(here, "a grid needs to know how many values of a range it takes", "such as steps = 5")
        elif len(set(factor.steps)) < said.steps:
            message = f"{said.steps} steps give only {len(set(factor.steps))} different whole numbers"
            most = int(said.high - said.low) + 1
            yield Refusal(here, message, f"at most {most} steps", "or write the values in a list")


def size_faults(design: Design, factors: Sequence[Factor]) -> Iterator[Refusal]:
    """Refuse more points than a study can hold."""
    points = number_of_points(factors, design)
    if points > MOST_POINTS:
        message, hint = f"the design has {points:,} points", "take fewer values, or a design that draws"
        yield Refusal("factors", message, f"at most {MOST_POINTS:,}", hint)
