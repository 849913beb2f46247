"""The command line, from Typer itself: every command with its arguments and options."""

import typer

from cosim.cli import app
from generated import table


def lines() -> str:
    """Return a section for each command, in the order in which `cosim --help` lists them."""
    return "\n\n".join(_section(name, command) for name, command in typer.main.get_command(app).commands.items())


def value() -> str:
    """Return how many commands there are."""
    return str(len(typer.main.get_command(app).commands))


def _section(name: str, command: "typer.core.TyperCommand") -> str:
    context = typer.Context(command, info_name=f"cosim {name}", terminal_width=500)
    usage = command.get_usage(context).removeprefix("Usage: ")
    records = [it.get_help_record(context) for it in command.params]
    rows = [(f"`{shown}`", said.replace("*", "\\*")) for shown, said in filter(None, records)]
    options = table(("argument or option", "what it is"), rows)
    return f"## cosim {name}\n\n{command.help}\n\n```text\n{usage}\n```\n\n{options}"
