"""The command about what a sweep found: sensitivity."""

from pathlib import Path
from typing import Annotated

import typer

from cosim.cli.app import Format, Printed, app, console, plain_errors, study_errors


@app.command()
def sensitivity(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.", show_default=False)],
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="This outcome alone; may be repeated  [default: all].")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for tables and figures  [default: `sensitivity` in the sweep's]."),
    ] = None,
    printed: Printed = Format.text,
) -> None:
    """Show which factors matter (designs of Morris and Sobol), and where a reform wins or loses."""
    with plain_errors(), study_errors():
        from cosim.report.sensitivity import analyse, as_json, print_analysis, write_analysis
        from cosim.study import OutputError
        from cosim.study.sweep import StudyFolder

        study = StudyFolder(folder)
        found = analyse(study, outcome)
        unwritten: OutputError | None = None
        try:
            typer.echo(f"written: {write_analysis(found, study, output)}", err=True)
        except OutputError as error:
            unwritten = error
        if printed is Format.json:
            typer.echo(as_json(found))
        else:
            print_analysis(found, console())
        if unwritten is not None:
            raise unwritten
