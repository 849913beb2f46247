"""The command that calibrates by ensemble."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cosim.cli.app import (
    BAD_INPUT,
    RESULTS,
    Format,
    Jobs,
    Printed,
    app,
    console,
    leave,
    plain_errors,
    progress,
    show_written,
    study_errors,
)
from cosim.cli.speaking import say, spoken


@app.command()
def calibrate(
    priors: Annotated[
        Path | None, typer.Argument(help="Priors and what is asked  [default: the shipped calibration.toml].")
    ] = None,
    jobs: Jobs = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder  [default: results/local/calibration].")
    ] = None,
    printed: Printed = Format.text,
) -> None:
    """Find the parameter sets that give the compound as it is known, and what reforms do in each of them.

    Goes on where it was when called again.
    """
    with plain_errors(), study_errors():
        from cosim.ensemble.calibrating import calibrate as run_calibration
        from cosim.ensemble.priors import CALIBRATION, read_calibration
        from cosim.report.ensemble import as_json, print_calibration, write_calibration

        said = read_calibration(priors)
        folder = output or RESULTS / CALIBRATION
        with progress() as tell:

            def stage(words: str) -> Callable[..., None]:
                typer.echo(spoken().again(words), err=True)
                return tell

            try:
                found = run_calibration(said, folder, stage, jobs)
            except KeyboardInterrupt:
                kept = say("stopped; what was run is kept in {folder}, and the same command goes on", folder=folder)
                leave(kept, BAD_INPUT)
        for path in write_calibration(found, folder, priors):
            show_written(path)
        if printed is Format.json:
            typer.echo(as_json(found))
        else:
            print_calibration(found, console(), spoken())
