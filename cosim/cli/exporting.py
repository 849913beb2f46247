"""The command that writes results for other programs: export."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from cosim.cli.app import Language, app, language_of, plain_errors, progress, study_errors
from cosim.cli.speaking import say, spoken


@app.command()
def export(
    folder: Annotated[
        Path, typer.Argument(help="Folder of a comparison, of runs or of a sweep.", show_default=False)
    ],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", "-f",
            help="csv, parquet, xlsx, dta, sav, graphml, gexf or datapackage; may be repeated  [default: all].",
        ),
    ] = None,
    lang: Language = None,
    bom: Annotated[
        bool, typer.Option("--bom/--no-bom", help="Whether CSV files begin with the mark that Excel needs.")
    ] = True,
    network_month: Annotated[
        list[int] | None,
        typer.Option("--network-month", help="Month of a network; may be repeated  [default: 0 and the last]."),
    ] = None,
    replicate: Annotated[int, typer.Option("--replicate", min=1, help="Replicate of the networks.")] = 1,
    point: Annotated[int, typer.Option("--point", min=0, help="Point of the networks, in a sweep.")] = 0,
    people: Annotated[
        Path | None, typer.Option("--people", help="Folder of the files of people  [default: where you are].")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the export  [default: `export` in the result's].")
    ] = None,
) -> None:  # fmt: skip
    """Write results for other programs: Excel, Stata, SPSS, R, Python, Gephi; with a dictionary."""
    with plain_errors(), study_errors():
        from cosim.compare.saved import command_of, read_result
        from cosim.export.exporting import check_formats
        from cosim.export.exporting import export as write
        from cosim.export.network import FORMATS, Asked
        from cosim.study.store import EXPORT

        chosen = check_formats(formats or ())
        asked = Asked(tuple(network_month or ()), replicate, point, people)
        result = read_result(folder, people)
        place = output or folder / EXPORT
        with progress() if set(FORMATS) & set(chosen) else nullcontext():
            made = write(
                result, place, formats=chosen, lang=language_of(lang).code, bom=bom, asked=asked,
                command=command_of(folder),
            )  # fmt: skip
        for line in (*made.notes, *made.missing):
            typer.echo(spoken().again(line), err=True)
        count = len(made.files)
        typer.echo(say("export: {folder} ({count} files)", folder=made.folder, count=count), err=True)
