"""The `cosim` command."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from cosim.version import VERSION

if TYPE_CHECKING:
    from rich.console import Console

    from cosim.compare import Comparison, Summary
    from cosim.report.progress import ProgressOn
    from cosim.scenario.schema import Scenario
    from cosim.study import Study

RESULTS = Path("results", "local")
"""Where results go unless told otherwise, in the folder in which the command is given."""

FAILED, BAD_INPUT = 1, 2
"""Exit codes: something ran and failed; the input was at fault, or Ctrl-C ended it."""

SHOWN_FAILURES = 5
"""Failed runs that are named one by one."""

app = typer.Typer(
    name="cosim",
    help="Who supplies the public services of an old residential compound, and what that changes.",
    epilog="Exit codes: 0 done, 1 something ran and failed, 2 bad input or stopped.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How tables are printed."""

    text = "text"
    json = "json"


class SchemaFormat(StrEnum):
    """How the schema is printed."""

    json = "json"
    table = "table"


Seed = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of the study; replicates derive theirs from it.")
]
Months = Annotated[
    int | None, typer.Option("--months", min=1, help="Months from month 0  [default: the scenario's].")
]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes  [default: one per core].")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Set a key of the scenario, such as supply.mode=multi_centre."
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder for the results  [default: results/local/NAME].")
]
Printed = Annotated[Format, typer.Option("--format", help="How to print the tables.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cosim {VERSION}")
        raise typer.Exit


@app.callback()
def cosim(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Who supplies the public services of an old residential compound, and what that changes."""


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario's name, or a TOML file.")],
    seed: Seed = 1,
    months: Months = None,
    replicates: Annotated[
        int, typer.Option("--replicates", "-r", min=1, help="How often, with other luck.")
    ] = 1,
    jobs: Jobs = None,
    changes: Changes = None,
    output: Output = None,
    printed: Printed = Format.text,
) -> None:
    """Run one scenario and show what became of the compound."""
    with _plain_errors(), _study_errors():
        from cosim.compare import summarise
        from cosim.report.terminal import print_summary
        from cosim.study import run_study

        arms = _load([scenario], months, changes)
        folder = _folder_for(arms, output)
        with _progress() as progress:
            study = run_study(arms, replicates=replicates, seed=seed, jobs=jobs, progress=progress)
        _finish(study, folder, summarise(study), print_summary, printed)


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
    jobs: Jobs = None,
    changes: Changes = None,
    output: Output = None,
    printed: Printed = Format.text,
) -> None:
    """Compare scenarios: same people, same history, same luck; each against the first."""
    names = scenarios or ["single_centre", "multi_centre"]
    with _plain_errors(), _study_errors():
        from cosim.compare.comparison import beside_no_reform
        from cosim.compare.comparison import compare as run_comparison
        from cosim.report.terminal import print_comparison

        arms = beside_no_reform(_load(names, months, changes))
        folder = _folder_for(arms, output)
        with _progress() as progress:
            found = run_comparison(arms, replicates=replicates, seed=seed, jobs=jobs, progress=progress)
        _finish(found.study, folder, found, print_comparison, printed)


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
    with _plain_errors(), _study_errors():
        from cosim.compare.experiments import LOOKED_AT, lever_effects, read_trials
        from cosim.report.experiments import levers_page
        from cosim.scenario import Problem, ScenarioError, load_scenario
        from cosim.scenario.errors import did_you_mean
        from cosim.scenario.reading import shipped_folder

        base, trials = read_trials(experiment or shipped_folder("experiments") / "levers.toml")
        known = [trial.key for trial in trials]
        for key in only or ():
            if key not in known:
                hint = did_you_mean(key, known)
                raise ScenarioError([Problem(file="--only", key=key, message="this is no lever", hint=hint)])
        if months is not None:
            base = load_scenario(base, {"study.months": months})
        chosen = [trial for trial in trials if not only or trial.key in only]
        with _progress() as progress:
            found = lever_effects(base, chosen, replicates=replicates, seed=seed, jobs=jobs, progress=progress)
        _show_table(found, levers_page(found, base.name, replicates, seed, len(LOOKED_AT)), output, printed)


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
    with _plain_errors(), _study_errors():
        from cosim.compare.experiments import category_modes
        from cosim.report.experiments import modes_page

        base = _load([scenario], months, changes)[0]
        with _progress() as progress:
            found = category_modes(base, replicates=replicates, seed=seed, jobs=jobs, progress=progress)
        _show_table(found, modes_page(found, base, replicates, seed), output, printed)


def _show_table(table: Any, page: str, output: Path | None, printed: Format) -> None:
    """Print a page or its table, or write it where it should go."""
    text = table.to_json(orient="records", indent=2, force_ascii=False) if printed is Format.json else page
    if output is None:
        typer.echo(text)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        typer.echo(text)
        _leave(f"{output} cannot be written: {error.strerror}. The table is above.", BAD_INPUT)
    typer.echo(f"written: {output}", err=True)


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(help="TOML files, or names of shipped scenarios.")],
) -> None:
    """Check scenarios and name everything that is wrong with them."""
    with _plain_errors():
        from cosim.scenario import ScenarioError, load_scenario

        faulty = 0
        for name in files:
            try:
                load_scenario(name)
            except ScenarioError as error:
                faulty += 1
                typer.echo(f"{error}\n", err=True)
            else:
                typer.echo(f"ok  {name}")
    if faulty:
        raise typer.Exit(BAD_INPUT)


@app.command()
def schema(
    printed: Annotated[
        SchemaFormat, typer.Option("--format", help="JSON Schema, or a table for reading.")
    ] = SchemaFormat.json,
) -> None:
    """Show every key of a scenario: default, unit, bounds, source, and what a lever costs."""
    with _plain_errors():
        import json

        from cosim.report.parameters import print_parameters
        from cosim.scenario.schema import Scenario

        if printed is SchemaFormat.table:
            print_parameters(_console())
        else:
            typer.echo(json.dumps(Scenario.model_json_schema(), indent=2, ensure_ascii=False))


@app.command()
def scenarios(printed: Printed = Format.text) -> None:
    """List the scenarios that come with cosim."""
    with _plain_errors():
        import json

        from cosim.scenario import load_scenario, shipped_scenarios

        titles = {name: load_scenario(name).title for name in shipped_scenarios()}
        if printed is Format.json:
            typer.echo(json.dumps(titles, indent=2, ensure_ascii=False))
            return
        width = max(map(len, titles))
        for name, title in titles.items():
            typer.echo(f"{name:{width}}  {title}")


def _load(names: Sequence[str], months: int | None, changes: Sequence[str] | None) -> list["Scenario"]:
    """Load scenarios with the changes that were asked for on the command line."""
    from cosim.scenario import Problem, ScenarioError, load_scenario, parse_override

    parsed = [parse_override(change) for change in changes or ()]
    overrides = dict(parsed)
    twice = sorted(key for key in overrides if sum(key == other for other, _ in parsed) > 1)
    if twice:
        raise ScenarioError(
            Problem(file="--set", key=key, message="this key is set twice", hint="give it once") for key in twice
        )
    if months is not None:
        overrides["study.months"] = months
    return [load_scenario(name, overrides) for name in names]


def _folder_for(arms: Sequence["Scenario"], output: Path | None) -> Path:
    """Return where the results go, once it is sure that they can."""
    from cosim.study import check_output, labels_of

    folder = RESULTS / "-".join(labels_of(arms)) if output is None else output
    check_output(folder)
    return folder


@contextmanager
def _progress() -> Iterator["ProgressOn"]:
    """Show progress on standard error, and say so if there is something to compile first."""
    from cosim.report.progress import ProgressOn
    from cosim.rules.compiled import is_warm

    if not is_warm():
        typer.echo("compiling, once (about half a minute)", err=True)
    with ProgressOn(sys.stderr) as progress:
        yield progress


def _finish(
    study: "Study",
    folder: Path,
    result: "Comparison | Summary",
    show: Callable[[Any, "Console"], None],
    printed: Format,
) -> None:
    """Write and show what came out, say what is missing, and leave with the right exit code."""
    from cosim.report.files import as_json, files_of
    from cosim.study import OutputError, write_study

    for failure in study.failures[:SHOWN_FAILURES]:
        typer.echo(f"failed: {failure.label}, replicate {failure.replicate}: {failure.error}", err=True)
    if len(study.failures) > SHOWN_FAILURES:
        typer.echo(f"failed: {len(study.failures) - SHOWN_FAILURES} more", err=True)
    if not study.complete:
        if study.failures:
            typer.echo(study.failures[0].trace, err=True)
        typer.echo(f"{study.shortfall}; nothing was written", err=True)
        raise typer.Exit(BAD_INPUT if study.stopped else FAILED)
    unwritten: OutputError | None = None
    try:
        place = write_study(study, folder, files_of(result))
        typer.echo(f"results: {place}", err=True)
    except OutputError as error:
        unwritten = error
    if printed is Format.json:
        typer.echo(as_json(result))
    else:
        show(result, _console())
    if study.shortfall:
        typer.echo(study.shortfall, err=True)
    if unwritten is not None:
        raise unwritten
    if study.shortfall:
        raise typer.Exit(BAD_INPUT if study.stopped else FAILED)


def _console() -> "Console":
    """Return standard output as rich sees it."""
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what a user can mend into a message and an exit code."""
    from cosim.scenario.errors import ScenarioError

    try:
        yield
    except KeyboardInterrupt:
        _leave("stopped by Ctrl-C", BAD_INPUT)
    except ScenarioError as error:
        _leave(str(error), BAD_INPUT)


@contextmanager
def _study_errors() -> Iterator[None]:
    """Do the same for what can go wrong around a study."""
    from cosim.study import OutputError, WorkersDied

    try:
        yield
    except OutputError as error:
        _leave(str(error), BAD_INPUT)
    except WorkersDied as error:
        _leave(str(error), FAILED)


def _leave(message: str, code: int) -> NoReturn:
    """Say why on standard error, and exit."""
    typer.echo(message, err=True)
    raise typer.Exit(code) from None


def main() -> None:
    """Run the command; characters that a terminal does not know are replaced, not fatal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
