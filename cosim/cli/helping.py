"""Help, and what typer says of a command line that it does not understand, in the language of the command line.

Commands declare their help in English. It is looked up when a page of help is laid out; English pages are typer's own.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from io import StringIO
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cosim.cli.speaking import OPTION, say, speaking, spoken
from cosim.language import ENGLISH
from cosim.language.lines import columns, lines

Context: Any = TyperCommand.context_class
Formatter: Any = Context.formatter_class
Refused: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What typer raises for a command line that it does not understand; older releases take it from click."""

TYPERS = (
    "Usage: ", "Arguments", "Options", "Commands", "Show this message and exit.",
    "default: {value}", "env var: {name}", "required",
    "Try '{command}' for help.", "Error: {what}", "Aborted!",
    "Invalid value for {what}: {reason}", "Value error, {what}", "{value} is not one of {values}.",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be greater than or equal to {bound}", "Input should be less than or equal to {bound}",
    "{value} is not a valid {kind}.", "{value} is not in the range {range}.",
    "Missing argument {name}.", "Missing option {name}.", "Missing command.",
    "No such command {name}. Did you mean {names}?", "No such command {name}.",
    "No such option: {name} (Possible options: {names})", "No such option: {name} Did you mean {names}?",
    "No such option: {name}",
    "Option {name} requires an argument.", "Option {name} does not take a value.",
    "Got unexpected extra argument(s) ({what})", "Got unexpected extra argument ({what})",
    "Got unexpected extra arguments ({what})",
)  # fmt: skip
"""What typer, click and pydantic say here, names in braces where something is filled in; of two, the longer first."""


class SpokenContext(Context):
    """A command that is being understood; it lays out its help in the language of the command line."""

    def make_formatter(self) -> Any:
        """Return what lays out help."""
        if spoken() is ENGLISH:
            return super().make_formatter()
        return SpokenFormatter(width=self.terminal_width, max_width=self.max_content_width)


class SpokenFormatter(Formatter):
    """Lays out help in another language than English, whose characters may be wide."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, say("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list."""
        said = say("{heading}:", heading=say(heading))
        self.write(f"{'':>{self.current_indent}}{said}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, each looked up as a whole."""
        indent = " " * self.current_indent
        paragraphs = [" ".join(part.split()) for part in cleandoc(text).split("\n\n")]
        self.write("\n\n".join("\n".join(lines(say(part), self.width, indent, indent)) for part in paragraphs) + "\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names, and what each means."""
        indent = self.current_indent
        first = min(max(columns(name) for name, _ in rows), col_max) + col_spacing
        for name, meaning in rows:
            said = lines(helped(meaning), max(self.width - first - 2, 10))
            if columns(name) > first - col_spacing:
                said = ["", *said]
            front = " " * indent + name
            for line in said or [""]:
                self.write(f"{front + ' ' * (first + indent - columns(front)) if line else front}{line}\n")
                front = ""


def helped(text: str) -> str:
    """Say what an option, an argument or a command is for; what typer adds in brackets, too."""
    found = re.fullmatch(r"(.*?)(?: *\[([^\[\]]*)\])?", text, re.DOTALL)
    assert found is not None, "any text is one, with nothing in brackets"
    help, extra = found.groups(default="")
    parts = "；".join(retold(part) for part in extra.split("; ")) if extra else ""
    return "  ".join(filter(None, (say(help) if help else "", f"[{parts}]" if parts else "")))


def retold(text: str) -> str:
    """Say a text of typer's again: by the first of its templates from which it can have been made."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return say(template, **{name: retold(part) for name, part in found.groupdict().items()})
    return text


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for template in TYPERS:
        pieces = re.split(r"\{(\w+)\}", template)
        places = [f"(?P<{piece}>.+)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)]
        yield template, re.compile("".join(places))


class SpokenCommand(TyperCommand):
    """A command whose help is said in the language of the command line."""

    context_class = SpokenContext


class SpokenGroup(TyperGroup):
    """The application: it decides on the language before anything is understood."""

    context_class = SpokenContext

    def main(self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any) -> Any:  # type: ignore[override]
        """Understand a command line and do what it asks."""
        words = self._language_first(sys.argv[1:] if args is None else list(args))
        with speaking(words) as speaks:
            if speaks is ENGLISH or not standalone_mode:
                return super().main(words, standalone_mode=standalone_mode, **extra)
            try:
                code = super().main(words, standalone_mode=False, **extra)
            except Refused as error:
                typer.echo(_said(error), err=True, nl=False)
                sys.exit(error.exit_code)
            except typer.Abort:
                typer.echo(say("Aborted!"), err=True)
                sys.exit(1)
            sys.exit(code if isinstance(code, int) else 0)

    def _language_first(self, words: list[str]) -> list[str]:
        """Return a command line with the language before the command, where the command itself knows no language."""
        command = next((self.commands[word] for word in words if word in self.commands), None)
        if command is None or any(OPTION in option.opts for option in command.params):
            return words
        for place, word in enumerate(words):
            size = 2 if word == OPTION else 1
            if word == OPTION or word.startswith(f"{OPTION}="):
                return words[place : place + size] + words[:place] + words[place + size :]
        return words

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands; in another language than English by the first sentence of what each is for."""
        if spoken() is ENGLISH:
            super().format_commands(ctx, formatter)
            return
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, _sentence(command.help or "")) for name, command in named if command])


def _sentence(help: str) -> str:
    """Return the first sentence of a help, said; nothing is left for it to be looked up."""
    paragraph = " ".join(cleandoc(help).split("\n\n")[0].split())
    return say(paragraph).partition("。")[0]


def _said(error: Any) -> str:
    """Return what typer would print of an error, said line by line."""
    printed = StringIO()
    error.show(printed)
    return "".join(f"{retold(line)}\n" for line in printed.getvalue().splitlines())
