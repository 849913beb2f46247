"""Commands that run the model: run, compare, levers, modes, mechanisms."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cosim.cli.app import (
    FAILED,
    Changes,
    Format,
    Jobs,
    Months,
    Output,
    Printed,
    Reported,
    Seed,
    app,
    check_file,
    command_line,
    finish,
    folder_for,
    leave,
    load,
    overrides,
    plain_errors,
    progress,
    show_table,
    show_text,
    study_errors,
)
from cosim.cli.speaking import say

if TYPE_CHECKING:
    from cosim.report.progress import ProgressOn
    from cosim.scenario import Scenario


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario's name, or a TOML file.")],
    seed: Seed = 1,
    months: Months = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", min=1, help="How often, with other luck.")] = 1,
    jobs: Jobs = None,
    changes: Changes = None,
    output: Output = None,
    printed: Printed = Format.text,
    reported: Reported = False,
) -> None:
    """Run one scenario and show what became of the compound."""
    with plain_errors(), study_errors():
        from cosim.compare import summarise
        from cosim.report.terminal import print_summary
        from cosim.study import run_study

        arms = load([scenario], months, changes)
        folder = folder_for(arms, output)
        with progress() as tell:
            study = run_study(arms, replicates=replicates, seed=seed, jobs=jobs, progress=tell)
        again = command_line("run", scenario, replicates=replicates, seed=seed, months=months, set=changes)
        finish(study, folder, summarise(study), print_summary, printed, again, reported)


@app.command()
def compare(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Two or more, or one against the same compound without a reform"
            "  [default: single_centre multi_centre].",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 1,
    months: Months = None,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", "-r", min=1, help="Pairs of runs  [default: the scenario's]."),
    ] = None,
    ensemble: Annotated[
        bool, typer.Option("--ensemble", help="One pair in each plausible world: intervals of what is not known, too.")
    ] = False,
    sets: Annotated[
        Path | None, typer.Option("--sets", metavar="FILE", help="As --ensemble, with worlds of your own.")
    ] = None,
    controls: Annotated[
        bool, typer.Option("--controls", help="Also: equal resources, renovation by supply, and the ladder of stages.")
    ] = False,
    decompose: Annotated[
        bool, typer.Option("--decompose", help="Also: what each stage contributes, over all orders (Shapley).")
    ] = False,
    jobs: Jobs = None,
    changes: Changes = None,
    output: Output = None,
    printed: Printed = Format.text,
    reported: Reported = False,
) -> None:
    """Compare scenarios: same people, same history, same luck; each against the first."""
    names = scenarios or ["single_centre", "multi_centre"]
    with plain_errors(), study_errors():
        from cosim.compare.comparison import beside_no_reform
        from cosim.compare.comparison import compare as run_comparison
        from cosim.report.terminal import print_comparison

        arms = beside_no_reform(load(names, months, changes))
        worlds = _plausible_worlds(sets, arms[-1], changes) if ensemble or sets else ()
        folder = folder_for(arms, output)
        with progress() as tell:
            found = run_comparison(
                arms, replicates=replicates, seed=seed, jobs=jobs, worlds=worlds, controls=controls,
                decompose=decompose, progress=tell,
            )  # fmt: skip
        again = command_line(
            "compare", *names, replicates=replicates, seed=seed, months=months, set=changes, ensemble=ensemble,
            sets=sets, controls=controls, decompose=decompose,
        )  # fmt: skip
        finish(found.study, folder, found, print_comparison, printed, again, reported)


def _plausible_worlds(file: Path | None, arm: "Scenario", changes: Changes) -> tuple[dict[str, Any], ...]:
    """Return the parameter sets of plausible worlds; refuse to change a key for which each has a value of its own.

    Says on standard error if they were calibrated for another compound than the arm's.
    """
    from cosim.ensemble.sets import is_elsewhere, read_ensemble
    from cosim.language import told
    from cosim.scenario import Problem, ScenarioError

    plausible = read_ensemble(file)
    for key in overrides(changes):
        if key in plausible.sets[0]:
            message = told("every plausible world has a value of its own for this key")
            hint = told("leave one of the two out")
            raise ScenarioError([Problem(file="--set", key=key, message=message, hint=hint)])
    if is_elsewhere(plausible, arm):
        warning = say(
            "these worlds are plausible for the compound of {compound}, and {scenario} is another one: "
            "nothing says that they are here",
            compound=plausible.scenario, scenario=arm.name,
        )  # fmt: skip
        typer.echo(warning, err=True)
    return plausible.sets


@contextmanager
def _every_run() -> Iterator["ProgressOn"]:
    """Show progress, and leave if a run fails."""
    from cosim.compare.comparison import Unfinished

    try:
        with progress() as tell:
            yield tell
    except Unfinished as error:
        leave(say("{what}; nothing was written", what=error.args[0]), FAILED)


@app.command()
def levers(
    experiment: Annotated[
        Path | None, typer.Argument(help="What is low and high for each lever  [default: the shipped levers.toml].")
    ] = None,
    seed: Seed = 1,
    months: Months = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", min=2, help="Pairs of runs for each lever.")] = 8,
    jobs: Jobs = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="This lever alone; may be repeated.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File for the page.")] = None,
    printed: Printed = Format.text,
) -> None:
    """Show what every lever moves, by how much, and at what cost."""
    with plain_errors(), study_errors():
        from cosim.compare.experiments import LOOKED_AT, lever_effects, read_trials
        from cosim.language import told
        from cosim.report.experiments import levers_page
        from cosim.scenario import Problem, ScenarioError, load_scenario
        from cosim.scenario.errors import did_you_mean
        from cosim.scenario.reading import shipped_folder

        check_file(output)
        base, trials = read_trials(experiment or shipped_folder("experiments") / "levers.toml")
        known = [trial.key for trial in trials]
        for key in only or ():
            if key not in known:
                hint = did_you_mean(key, known)
                raise ScenarioError([Problem(file="--only", key=key, message=told("this is no lever"), hint=hint)])
        if months is not None:
            base = load_scenario(base, {"study.months": months})
        chosen = [trial for trial in trials if not only or trial.key in only]
        with _every_run() as tell:
            found = lever_effects(base, chosen, replicates=replicates, seed=seed, jobs=jobs, progress=tell)
        show_table(found, levers_page(found, base.name, replicates, seed, len(LOOKED_AT)), output, printed)


@app.command()
def modes(
    scenario: Annotated[str, typer.Argument(help="The scenario whose categories are supplied by other modes.")] = (
        "multi_centre"
    ),
    seed: Seed = 1,
    months: Months = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", min=2, help="Pairs of runs for each mode.")] = 6,
    jobs: Jobs = None,
    changes: Changes = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File for the page.")] = None,
    printed: Printed = Format.text,
) -> None:
    """Supply each category by every mode that it can have, one at a time."""
    with plain_errors(), study_errors():
        from cosim.compare.experiments import category_modes
        from cosim.report.experiments import modes_page

        check_file(output)
        base = load([scenario], months, changes)[0]
        with _every_run() as tell:
            found = category_modes(base, replicates=replicates, seed=seed, jobs=jobs, progress=tell)
        show_table(found, modes_page(found, base, replicates, seed), output, printed)


@app.command()
def mechanisms(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Two, or one against the same compound without a reform  [default: single_centre reform_2018].",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 1,
    months: Months = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", min=2, help="Pairs of runs.")] = 20,
    jobs: Jobs = None,
    changes: Changes = None,
    variants: Annotated[
        Path | None, typer.Option("--variants", help="Nulls and alternatives  [default: the shipped mechanisms.toml].")
    ] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="This variant alone; may be repeated.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File for the page.")] = None,
    printed: Printed = Format.text,
) -> None:
    """Show which stages of a reform do the work, for whom, and what the effect needs: nulls and alternatives."""
    with plain_errors(), study_errors():
        from cosim.compare.comparison import beside_no_reform
        from cosim.compare.mechanisms import mechanisms as take_apart
        from cosim.compare.variants import read_variants
        from cosim.language import told
        from cosim.report.mechanisms import mechanisms_json, mechanisms_page
        from cosim.scenario import Problem, ScenarioError
        from cosim.scenario.errors import Refusal
        from cosim.scenario.reading import shipped_folder

        check_file(output)
        named = scenarios or ["single_centre", "reform_2018"]
        arms = beside_no_reform(load(named, months, changes))
        if len(arms) != 2:
            message = told("mechanisms are those of one reform: two scenarios, not {count}", count=len(arms))
            raise ScenarioError([Problem(message=message)])
        known = read_variants(variants or shipped_folder("experiments") / "mechanisms.toml")
        names = [variant.name for variant in known]
        unknown = [Refusal.unknown("--only", name, names).problem() for name in only or () if name not in names]
        if unknown:
            raise ScenarioError(unknown)
        chosen = [variant for variant in known if not only or variant.name in only]
        with _every_run() as tell:
            found = take_apart(arms, chosen, replicates=replicates, seed=seed, jobs=jobs, progress=tell)
        again = command_line(
            "mechanisms", *named, replicates=replicates, seed=seed, months=months, set=changes, variants=variants,
            only=only,
        )  # fmt: skip
        as_json = printed is Format.json
        page = mechanisms_json(found, seed, again) if as_json else mechanisms_page(found, chosen, seed, again)
        show_text(page, output)
