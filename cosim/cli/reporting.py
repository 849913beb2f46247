"""The command that makes a page of a result: report."""

from pathlib import Path
from typing import Annotated

import typer

from cosim.cli.app import Language, app, check_file, language_of, plain_errors, show_written, study_errors
from cosim.cli.speaking import spoken as words


@app.command()
def report(
    folder: Annotated[
        Path, typer.Argument(help="Folder that `cosim compare`, `run` or `sweep` has written.", show_default=False)
    ],
    lang: Language = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File for the page  [default: report.LANG.html in the folder]."),
    ] = None,
) -> None:
    """Make one page of a result, to hand on or to print: the answer, figures, tables, how sure, where from."""
    with plain_errors(), study_errors():
        from cosim.compare.saved import read_result
        from cosim.report.page import report as page_of
        from cosim.report.page.writing import without_font, write_page
        from cosim.study.sweep.files import read_mark

        check_file(output)
        say = language_of(lang)
        result, said = read_result(folder), read_mark(folder) or {}
        for line in without_font(say):
            typer.echo(words().again(line), err=True)
        written = write_page(page_of(result, said, say), folder, say, output)
        show_written(written)
