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
AN_OUTCOME = told(
    "a measure such as participation, one of a group (participation.migrant) or a category (condition.water)"
)


def name_faults(name: str, *, from_file: bool) -> Iterator[Refusal]:
    """Refuse a name that cannot be the name of a folder everywhere; `from_file`: it is that of the file."""
    if re.fullmatch(r"[\w-]{1,100}", name) is None:
        what = (
            told("the file's name, which is the experiment's unless it says another,")
            if from_file
            else told("the name")
        )
        hint = told('give it one: name = "my_experiment"') if from_file else ""
        message = told("{what} has signs that a folder's should not have, or too many: '{name}'", what=what, name=name)
        yield Refusal("name", message, told("up to 100 letters, digits, - and _"), hint)


def outcome_faults(outcomes: Sequence[str], categories: Sequence[str] | None) -> Iterator[Refusal]:
    """Refuse what is no outcome of scenarios with these categories (None: not known), and what is named twice."""
    if not outcomes:
        yield Refusal(
            "outcomes", told("no outcome is named, so nothing would be kept"), AN_OUTCOME, told("or delete this key")
        )
    for place, outcome in enumerate(outcomes):
        if outcome in outcomes[:place]:
            yield Refusal("outcomes", told("'{outcome}' stands twice", outcome=outcome), hint=told("keep one of them"))
        else:
            yield from _outcome_fault(outcome, categories)


def _outcome_fault(outcome: str, categories: Sequence[str] | None) -> Iterator[Refusal]:
    measure, point, part = outcome.partition(".")
    if not point:
        if not is_measure(measure):
            hint = did_you_mean(measure, MEASURES)
            if measure in CATEGORY_MEASURES:
                hint = told("it is measured by category: {measure}.water", measure=measure)
            yield Refusal("outcomes", told("there is no outcome '{outcome}'", outcome=outcome), AN_OUTCOME, hint)
        return
    if part in GROUPS:
        if measure not in RESIDENT_MEASURES:
            message = told("'{measure}' is not measured for groups of residents", measure=measure)
            hint = did_you_mean(measure, RESIDENT_MEASURES)
            if measure in MEASURES:
                hint = told("write it without the group: {measure}", measure=measure)
            yield Refusal(
                "outcomes",
                told("{message}: {outcome}", message=message, outcome=outcome),
                ", ".join(RESIDENT_MEASURES),
                hint,
            )
    elif categories is None or part in categories:
        if measure not in CATEGORY_MEASURES:
            hint = did_you_mean(measure, CATEGORY_MEASURES)
            message = told(
                "'{measure}' is not measured for categories of service: {outcome}", measure=measure, outcome=outcome
            )
            yield Refusal("outcomes", message, ", ".join(CATEGORY_MEASURES), hint)
    else:
        message = told(
            "'{part}' is neither a group nor a category of every scenario: {outcome}", part=part, outcome=outcome
        )
        parts = [*GROUPS, *categories]
        yield Refusal("outcomes", message, ", ".join(parts), did_you_mean(part, parts))


def absent_outcome_faults(
    outcomes: Sequence[str], arms: Sequence[Scenario], keys: Iterable[str]
) -> Iterator[Refusal]:
    """Refuse outcomes of a mechanism that no scenario has, and none of the factors (`keys`) puts in force."""
    own = [outcome for outcome in outcomes if "." not in outcome and outcome not in MEASURES]
    put = {key.split(".")[1] for key in keys if key.startswith(f"{TABLE}.")}
    has = {name for arm in arms for name in arm.mechanisms.in_force} | put
    for name in mechanism_names() if own else ():
        for outcome in (it for it in own if name not in has and it in measures_of_mechanisms([name])):
            table = f"[{TABLE}.{name}]"
            message = told("{outcome} is measured where {table} is in force, and no scenario has it",
                           outcome=outcome, table=table)  # fmt: skip
            hint = told("an empty table {table} is enough: at its defaults it does nothing", table=table)
            yield Refusal("outcomes", message, hint=hint)


def until_faults(experiment: Experiment) -> Iterator[Refusal]:
    """Refuse an end that no number of replicates could bring about."""
    until = experiment.until
    if until is None:
        return
    if len(experiment.scenarios) == 1:
        message = told("an interval of differences needs a second scenario to differ from the first")
        yield Refusal("until", message, hint=told("name another scenario, or delete [until]"))
    if until.outcome not in experiment.outcomes:
        message = told("'{outcome}' is not among the outcomes that are kept", outcome=until.outcome)
        hint = did_you_mean(until.outcome, experiment.outcomes) or told("name it in `outcomes`")
        yield Refusal("until.outcome", message, ", ".join(experiment.outcomes), hint)
    if until.max_replicates < experiment.replicates:
        message = told(
            "{max_replicates} is less than `replicates`, with which it begins", max_replicates=until.max_replicates
        )
        yield Refusal("until.max_replicates", message, told("at least {replicates}", replicates=experiment.replicates))


def design_faults(design: Design, keys: Sequence[str]) -> Iterator[Refusal]:
    """Refuse keys that the method needs or does not use, and factors that it cannot do with; `keys` are theirs."""
    uses = OF_METHODS[design.method]
    for key in ("points", "trajectories", "levels", "cases"):
        given = getattr(design, key) is not None
        if given and key not in uses:
            homes = [method for method, used in OF_METHODS.items() if key in used]
            message = told(
                "the method '{method}' does not use this key; {names} would",
                method=design.method,
                names=" and ".join(homes),
            )
            allowed = ", ".join(("method", *uses))
            yield Refusal(f"design.{key}", message, allowed, told("delete it, or choose another method"))
        elif not given and key in uses[:1]:
            yield Refusal(
                f"design.{key}", told("the method '{method}' needs this key, and it is not there", method=design.method)
            )
    if design.method == "list" and keys:
        message = told("the method 'list' takes its factors from the columns of its CSV file")
        yield Refusal("factors", message, hint=told("delete this table"))
    if design.method not in ("list", "grid") and not keys:
        yield Refusal(
            "factors", told("the design is empty: the method '{method}' needs a factor to vary", method=design.method)
        )
    points = design.points
    if design.method == "sobol" and points is not None and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        message = told("{points} is not a power of two, which Sobol's sequence needs to be even", points=points)
        yield Refusal(
            "design.points",
            message,
            "1, 2, 4, 8, 16, …",
            told("take {below} or {number}", below=below, number=2 * below),
        )
    if design.levels is not None and design.levels % 2 and design.method == "morris":
        message = told("{levels} is odd, and a step of Morris goes half of the levels", levels=design.levels)
        yield Refusal("design.levels", message, told("an even number"), told("take {number}", number=design.levels + 1))


def range_faults(design: Design, factors: Sequence[Factor]) -> Iterator[Refusal]:
    """Refuse ranges that do not go with the method."""
    for factor in factors:
        said = factor.said
        if not isinstance(said, Range) or design.method == "list":
            continue
        here = f"factors.{factor.key}.steps"
        if design.method != "grid":
            if said.steps is not None:
                yield Refusal(
                    here,
                    told("steps are for a grid; the method '{method}' draws", method=design.method),
                    hint=told("delete it"),
                )
        elif said.steps is None:
            yield Refusal(
                here, told("a grid needs to know how many values of a range it takes"), told("such as steps = 5")
            )
        elif len(set(factor.steps)) < said.steps:
            message = told(
                "{steps} steps give only {count} different whole numbers",
                steps=said.steps,
                count=len(set(factor.steps)),
            )
            most = int(said.high - said.low) + 1
            yield Refusal(here, message, told("at most {most} steps", most=most), told("or write the values in a list"))


def size_faults(design: Design, factors: Sequence[Factor]) -> Iterator[Refusal]:
    """Refuse more points than a study can hold."""
    points = number_of_points(factors, design)
    if points > MOST_POINTS:
        message, hint = (
            told("the design has {points:,} points", points=points),
            told("take fewer values, or a design that draws"),
        )
        yield Refusal("factors", message, told("at most {most:,}", most=MOST_POINTS), hint)
