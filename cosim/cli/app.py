"""What all commands share: the application, options, loading, progress, results and errors."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from cosim.cli.helping import SpokenCommand, SpokenGroup
from cosim.cli.speaking import VARIABLE, say, spoken
from cosim.version import VERSION

if TYPE_CHECKING:
    from rich.console import Console

    from cosim.compare import Comparison, Summary
    from cosim.language import Language as Spoken
    from cosim.report.progress import ProgressOn
    from cosim.scenario.schema import Scenario
    from cosim.study import Failure, Study

RESULTS = Path("results", "local")
"""Where results go unless told otherwise, in the folder in which the command is given."""

FAILED, BAD_INPUT = 1, 2
"""Exit codes: something ran and failed; the input was at fault, or Ctrl-C ended it."""

SHOWN_FAILURES = 5
"""Failed runs that are named one by one."""


class Application(typer.Typer):
    """An application whose commands all say their help in the language of the command line."""

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Return what makes a command of a function."""
        return super().command(name, cls=SpokenCommand, **options)


app = Application(
    name="cosim",
    cls=SpokenGroup,
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


class Lang(StrEnum):
    """Languages of what is made."""

    en = "en"
    zh = "zh"


Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the study; replicates derive theirs from it.")]
Months = Annotated[int | None, typer.Option("--months", min=1, help="Months from month 0  [default: the scenario's].")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes  [default: one per core].")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set a key of the scenario, such as supply.mode=multi_centre."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder for the results  [default: results/local/NAME].")
]
Language = Annotated[
    Lang | None, typer.Option("--lang", help="Language: English or Chinese  [default: that of the command line].")
]
Printed = Annotated[Format, typer.Option("--format", help="How to print the tables.")]
Reported = Annotated[bool, typer.Option("--report", help="Also write a page of the result, in English and Chinese.")]


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
    lang: Annotated[
        Lang | None,
        typer.Option(
            "--lang", envvar=VARIABLE, help="Language of all that is said: English or Chinese  [default: the locale's]."
        ),
    ] = None,
) -> None:
    """Who supplies the public services of an old residential compound, and what that changes."""


def language_of(asked: Lang | None) -> "Spoken":
    """Return the language that an option of a command names; by default that of the command line."""
    from cosim.language import language

    return spoken() if asked is None else language(asked.value)


def overrides(changes: Sequence[str] | None) -> dict[str, Any]:
    """Return the keys that were set on the command line, with their values."""
    from cosim.language import told
    from cosim.scenario import Problem, ScenarioError, parse_override

    parsed = [parse_override(change) for change in changes or ()]
    found = dict(parsed)
    twice = sorted(key for key in found if sum(key == other for other, _ in parsed) > 1)
    if twice:
        raise ScenarioError(
            Problem(file="--set", key=key, message=told("this key is set twice"), hint=told("give it once"))
            for key in twice
        )
    return found


def load(names: Sequence[str], months: int | None, changes: Sequence[str] | None) -> list["Scenario"]:
    """Load scenarios with the changes that were asked for on the command line."""
    from cosim.scenario import load_scenario
    from cosim.scenario.inhabitants import missing_words

    found = overrides(changes)
    if months is not None:
        found["study.months"] = months
    arms = [load_scenario(name, found) for name in names]
    for line in dict.fromkeys(line for arm in arms for line in missing_words(arm)):
        typer.echo(spoken().again(line), err=True)
    return arms


def folder_for(arms: Sequence["Scenario"], output: Path | None) -> Path:
    """Return where the results go, once it is sure that they can."""
    from cosim.study import check_output, labels_of

    folder = RESULTS / "-".join(labels_of(arms)) if output is None else output
    check_output(folder)
    return folder


@contextmanager
def progress() -> Iterator["ProgressOn"]:
    """Show progress on standard error, and say so if there is something to compile first.

    SIGTERM, which batch systems send when a job's time is over, does what Ctrl-C does, and is named.
    """
    from cosim.report.progress import ProgressOn
    from cosim.rules.compiled import is_warm
    from cosim.study.sweep import stops_when_terminated

    if not is_warm():
        typer.echo(say("compiling, once (about half a minute)"), err=True)
    with stops_when_terminated() as terminated:
        try:
            with ProgressOn(sys.stderr, spoken()) as progress:
                yield progress
        finally:
            if terminated.is_set():
                typer.echo(say("SIGTERM has come; it does what Ctrl-C does"), err=True)


def finish(
    study: "Study",
    folder: Path,
    result: "Comparison | Summary",
    show: Callable[[Any, "Console", "Spoken"], None],
    printed: Format,
    command: str,
    reported: bool = False,
) -> None:
    """Write and show what came out, say what is missing, and leave with the right exit code."""
    from cosim.report.files import as_json, files_of
    from cosim.study import OutputError, write_study

    show_failures(study.failures)
    if not study.complete:
        if study.failures:
            typer.echo(study.failures[0].trace, err=True)
        typer.echo(say("{what}; nothing was written", what=study.shortfall), err=True)
        raise typer.Exit(BAD_INPUT if study.stopped else FAILED)
    unwritten: OutputError | None = None
    try:
        place = write_study(study, folder, files_of(result), command)
        typer.echo(say("results: {folder}", folder=place), err=True)
        if reported:
            show_pages(result, place)
    except OutputError as error:
        unwritten = error
    if printed is Format.json:
        typer.echo(as_json(result))
    else:
        show(result, console(), spoken())
    missing = [text for text in (study.shortfall, getattr(result, "unfinished", "")) if text]
    for text in missing:
        typer.echo(spoken().again(text), err=True)
    if unwritten is not None:
        raise unwritten
    if missing:
        raise typer.Exit(BAD_INPUT if any("Ctrl-C" in text for text in missing) else FAILED)


def show_pages(result: "Comparison | Summary", folder: Path) -> None:
    """Write the page about a result in every language, and say where."""
    from cosim.language import CODES, language
    from cosim.report.page.writing import without_font, write_pages

    for line in (line for code in CODES for line in without_font(language(code))):
        typer.echo(spoken().again(line), err=True)
    for page in write_pages(result, folder):
        show_written(page)


def command_line(*words: object, **options: object) -> str:
    """Return a command as it can be typed again; files by their names alone, options that are not set left out.

    An option with several values is repeated; True stands for one without a value.
    """
    said = [Path(str(word)).name if Path(str(word)).suffix else str(word) for word in words]
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        for one in value if isinstance(value, list) else [value]:
            if one is True:
                said.append(flag)
            elif one not in (None, False):
                said += [flag, Path(one).name if isinstance(one, Path) else str(one)]
    return shlex.join(["cosim", *said])


def show_failures(failures: "Sequence[Failure]") -> None:
    """Name the first runs that failed on standard error, and count the others."""
    for failure in failures[:SHOWN_FAILURES]:
        about = {"scenario": failure.label, "replicate": failure.replicate, "error": failure.error}
        typer.echo(say("failed: {scenario}, replicate {replicate}: {error}", **about), err=True)
    if len(failures) > SHOWN_FAILURES:
        typer.echo(say("failed: {count} more", count=len(failures) - SHOWN_FAILURES), err=True)


def console() -> "Console":
    """Return standard output as rich sees it."""
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a user can mend into a message and an exit code."""
    from cosim.rules.errors import CacheError
    from cosim.scenario.errors import ScenarioError

    try:
        yield
    except KeyboardInterrupt:
        leave(say("stopped by Ctrl-C"), BAD_INPUT)
    except (ScenarioError, CacheError) as error:
        leave(text_of(error), BAD_INPUT)


@contextmanager
def study_errors() -> Iterator[None]:
    """Do the same for what can go wrong around a study."""
    from cosim.study import ClusterError, OutputError, WorkersDied

    try:
        yield
    except (OutputError, ClusterError) as error:
        leave(text_of(error), BAD_INPUT)
    except WorkersDied as error:
        leave(text_of(error), FAILED)


def text_of(error: BaseException) -> str:
    """Return what an error says, said again where it was told."""
    from cosim.scenario.errors import ScenarioError

    if isinstance(error, ScenarioError):
        return error.text(spoken())
    return spoken().again(error.args[0]) if error.args and isinstance(error.args[0], str) else str(error)


def leave(message: str, code: int) -> NoReturn:
    """Say why on standard error, and exit."""
    typer.echo(message, err=True)
    raise typer.Exit(code) from None


def show_table(table: Any, page: str, output: Path | None, printed: Format) -> None:
    """Print a page or its table, or write it where it should go."""
    show_text(table.to_json(orient="records", indent=2, force_ascii=False) if printed is Format.json else page, output)


def check_file(output: Path | None) -> None:
    """Leave if a text cannot be written where it should go, before any time is spent on it."""
    if output is None:
        return
    try:
        if output.exists():
            output.open("ab").close()
        else:
            existing = next(place for place in output.absolute().parents if place.exists())
            TemporaryFile(dir=existing).close()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        what = {"file": output, "reason": reason}
        leave(say("{file} cannot be written: {reason}. Choose another file with -o.", **what), BAD_INPUT)


def show_text(text: str, output: Path | None) -> None:
    """Print a text, or write it where it should go."""
    if output is None:
        typer.echo(text)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        typer.echo(text)
        what = {"file": output, "reason": error.strerror}
        leave(say("{file} cannot be written: {reason}. What it would hold is above.", **what), BAD_INPUT)
    show_written(output)


def show_written(file: Path) -> None:
    """Say which file was written."""
    typer.echo(say("written: {file}", file=file), err=True)
