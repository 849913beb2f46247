"""The command that holds the model against evidence: patterns."""

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cosim.cli.app import (
    BAD_INPUT,
    FAILED,
    Changes,
    Format,
    Jobs,
    Printed,
    Seed,
    app,
    console,
    leave,
    overrides,
    plain_errors,
    progress,
    show_failures,
    study_errors,
)
from cosim.cli.speaking import say, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosim.patterns import Pattern


@app.command()
def patterns(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Patterns by their id, or a Python file of your own that holds some  [default: all that are shipped].",
            show_default=False,
        ),
    ] = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", "-r", min=1, help="Replicates  [default: each pattern's own].")
    ] = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    changes: Changes = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for table, figure and JSON  [default: nothing is written]."),
    ] = None,
    printed: Printed = Format.text,
) -> None:
    """Hold the model against patterns that were observed: pass, fail or undecided. A fail is a result: exit code 0."""
    with plain_errors(), study_errors():
        from cosim.patterns import ask
        from cosim.report.patterns import as_json, criterion_errors, failures_of, print_patterns, write_patterns
        from cosim.study import OutputError, check_output

        settings = overrides(changes)
        if output is not None:
            check_output(output)
        with redirect_stdout(sys.stderr):
            chosen = _chosen(names or [], settings)
            with progress() as tell:
                answers = ask(chosen, replicates=replicates, seed=seed, settings=settings, jobs=jobs, progress=tell)
        failures = failures_of(answers)
        show_failures(failures)
        if not any(answer.findings for answer in answers):
            nothing = say("no replicate is whole; nothing was written")
            leave(f"{failures[0].trace}\n{nothing}", FAILED)
        unwritten: OutputError | None = None
        if output is not None:
            try:
                typer.echo(say("results: {folder}", folder=write_patterns(answers, output)), err=True)
            except OutputError as error:
                unwritten = error
        if printed is Format.json:
            typer.echo(as_json(answers))
        else:
            print_patterns(answers, console(), spoken())
        if unwritten is not None:
            raise unwritten
        if wrong := criterion_errors(answers, spoken()):
            leave("\n\n".join(wrong), BAD_INPUT)
        if failures:
            failed = spoken().many(
                "{count} run failed; verdicts rest on the replicates that are whole",
                "{count} runs failed; verdicts rest on the replicates that are whole",
                len(failures),
            )
            leave(failed, FAILED)


def _chosen(names: "Sequence[str]", settings: dict[str, Any]) -> "Sequence[Pattern]":
    """Return the patterns asked for; of all, those that make sense under the settings, and say which do not."""
    from cosim.patterns import find_patterns, fitting

    found = find_patterns(names)
    if names:
        return found
    kept, left = fitting(found, settings)
    for name, why in left.items():
        typer.echo(say("{name} is left out, as it makes no sense here: {why}", name=name, why=why), err=True)
    if not kept:
        leave(say("no pattern is left; leave a --set out"), BAD_INPUT)
    return kept
