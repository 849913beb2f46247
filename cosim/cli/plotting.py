"""The command that draws figures of results: plot."""

from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosim.cli.app import Lang, Language, app, language_of, plain_errors, show_written, study_errors
from cosim.cli.speaking import spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cosim.language import Language as Spoken
    from cosim.report.figures import Entry, Saved

ALL = "all"
"""Stands for every figure that can be drawn."""
OTHERS = ("jpg", "jpeg", "gif", "tif", "tiff", "webp", "eps", "ps", "bmp")
"""Endings of pictures that are not written."""


class Kind(StrEnum):
    """Kinds of files that a figure can be."""

    png = "png"
    svg = "svg"
    pdf = "pdf"


@app.command()
def plot(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Folder of a comparison, run, sweep, calibration or patterns.", show_default=False
        ),
    ],
    figure: Annotated[
        str | None,
        typer.Argument(help="Name of a figure, or all  [default: list those that can be drawn].", show_default=False),
    ] = None,
    kinds: Annotated[
        list[Kind] | None, typer.Option("--format", help="Kind of file; may be repeated  [default: png].")
    ] = None,
    lang: Language = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="This scenario alone  [default: each that has a figure].")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file, or a folder  [default: `figures` in DIR].")
    ] = None,
) -> None:
    """Draw figures of a result, or list those that can be drawn of it."""
    with plain_errors(), study_errors():
        from cosim.display.style import NO_CHINESE_FONT, readable
        from cosim.report.figures import CATALOGUE, entry_of, pages, read_saved, write_figure
        from cosim.study.store import FIGURES

        chosen = list(CATALOGUE) if figure in (None, ALL) else [entry_of(figure)]
        result, asked = read_saved(folder), language_of(lang)
        if figure is None:
            _list(chosen, result, asked)
            return
        if figure == ALL:
            chosen = [entry for entry in chosen if not entry.why_not(result) and not (scenario and not entry.each)]
        say = readable(asked)
        if say is not asked:
            typer.echo(spoken().again(NO_CHINESE_FONT), err=True)
        file, kinds = _file_and_kinds(output, kinds or [])
        named = chain.from_iterable(pages(entry, result, scenario or "", say) for entry in chosen)
        if file is not None:
            named = chain([_only(list(named), file)])
        suffix = "" if say.code == Lang.en else f".{say.code}"
        for name, page in named:
            for kind in kinds:
                path = file or (output or folder / FIGURES) / f"{name}{suffix}.{kind.value}"
                write_figure(page, path, kind.value)
                show_written(path)


def _file_and_kinds(output: Path | None, kinds: list[Kind]) -> tuple[Path | None, list[Kind]]:
    """Return the file that was named, None if it is a folder, and kinds of files: that by which its name ends, if any.

    Raises ScenarioError for a file of a kind that there is not, or of another one than was asked for.
    """
    from cosim.language import told
    from cosim.scenario import Problem, ScenarioError
    from cosim.scenario.errors import together

    ending = output.suffix[1:].lower() if output is not None and not output.is_dir() else ""
    known = [kind.value for kind in Kind]
    if ending in OTHERS or (ending in known and kinds and [kind.value for kind in kinds] != [ending]):
        wanted = together(kinds) if ending in known else told("no .{ending} file", ending=ending)
        message = told("its name ends with .{ending}, and {wanted} can be written", ending=ending, wanted=wanted)
        problem = Problem(
            file="-o", key=str(output), message=message, allowed=", ".join(f".{name}" for name in known),
            hint=told("name a file of that kind, or a folder"),
        )  # fmt: skip
        raise ScenarioError([problem])
    return (output, [Kind(ending)]) if ending in known else (None, kinds or [Kind.png])


def _only(named: "list[tuple[str, Figure]]", file: Path) -> "tuple[str, Figure]":
    """Return the only figure that goes into a file. Raises ScenarioError if there are several."""
    from cosim.language import told
    from cosim.scenario import Problem, ScenarioError

    if len(named) != 1:
        names = ", ".join(name for name, _ in named) or told("none")
        hint = told("name a folder, or one figure, and a scenario with --scenario")
        message = told("one file holds one figure, and there are {count}: {names}", count=len(named), names=names)
        raise ScenarioError([Problem(file="-o", key=str(file), message=message, hint=hint)])
    return named[0]


def _list(entries: "list[Entry]", result: "Saved", say: "Spoken") -> None:
    """Print which figures can be drawn, and why the others cannot."""
    reasons = {entry.name: entry.why_not(result) for entry in entries}
    typer.echo(say("Figures that can be drawn of this folder:"))
    for entry in entries:
        if not reasons[entry.name]:
            typer.echo(f"  {entry.name:<12} {say.label(entry)}")
    typer.echo(say("Others:"))
    for entry in entries:
        if reasons[entry.name]:
            what = {"figure": say.label(entry), "reason": reasons[entry.name]}
            why = say("{figure}: {reason}", **what)
            typer.echo(f"  {entry.name:<12} {why}")
