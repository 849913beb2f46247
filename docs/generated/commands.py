"""The command line, from Typer itself: every command with its arguments and options, in English or Chinese."""

import typer

from cosim.cli import app
from cosim.cli.helping import helped
from cosim.cli.speaking import say, speaking
from generated import table

HEADS = {"en": ("argument or option", "what it is"), "zh": ("参数或选项", "说明")}


def lines(lang: str = "en") -> str:
    """Return a section for `cosim` itself and each command, in the order in which `cosim --help` lists them."""
    group = typer.main.get_command(app)
    named = {"cosim": group, **{f"cosim {name}": command for name, command in group.commands.items()}}
    with speaking(["--lang", lang]):
        return "\n\n".join(_section(name, command, lang) for name, command in named.items())


def value() -> str:
    """Return how many commands there are."""
    return str(len(typer.main.get_command(app).commands))


def _section(name: str, command: "typer.core.TyperCommand", lang: str) -> str:
    context = typer.Context(command, info_name=name, terminal_width=500)
    usage = command.get_usage(context).removeprefix("Usage: ")
    records = [it.get_help_record(context) for it in command.params]
    rows = [(f"`{shown}`", _said(about, lang)) for shown, about in filter(None, records)]
    help = "\n\n".join(say(" ".join(part.split())) for part in command.help.split("\n\n"))
    return f"## {name}\n\n{help}\n\n```text\n{usage}\n```\n\n{table(HEADS[lang], rows)}"


def _said(about: str, lang: str) -> str:
    return (about if lang == "en" else helped(about)).replace("*", "\\*")
