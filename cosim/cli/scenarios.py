"""Commands about scenarios as files: validate, schema, scenarios, diff, new."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cosim.cli.app import BAD_INPUT, Format, Printed, app, console, load, plain_errors, show_written, text_of
from cosim.cli.speaking import say, spoken


class SchemaFormat(StrEnum):
    """How the schema is printed."""

    json = "json"
    table = "table"


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(help="TOML files, or names of shipped scenarios and experiments.")],
) -> None:
    """Check scenarios and experiments, and name everything that is wrong with them."""
    with plain_errors():
        from cosim.scenario import ScenarioError, load_scenario
        from cosim.scenario.inhabitants import missing_words
        from cosim.study.experiment import is_experiment, load_experiment

        faulty = 0
        for name in files:
            try:
                arms = load_experiment(name).arms if is_experiment(name) else [load_scenario(name)]
                words = list(dict.fromkeys(line for arm in arms for line in missing_words(arm)))
            except ScenarioError as error:
                faulty += 1
                typer.echo(f"{text_of(error)}\n", err=True)
            else:
                typer.echo("\n    ".join([say("ok  {file}", file=name), *map(spoken().again, words)]))
    if faulty:
        raise typer.Exit(BAD_INPUT)


@app.command()
def schema(
    printed: Annotated[
        SchemaFormat, typer.Option("--format", help="JSON Schema, or a table for reading.")
    ] = SchemaFormat.json,
) -> None:
    """Show every key of a scenario: default, unit, bounds, source, and what a lever costs."""
    with plain_errors():
        import json

        from cosim.report.parameters import print_parameters
        from cosim.scenario.schema import Scenario

        if printed is SchemaFormat.table:
            print_parameters(console(), spoken())
        else:
            typer.echo(json.dumps(Scenario.model_json_schema(), indent=2, ensure_ascii=False))


@app.command()
def scenarios(printed: Printed = Format.text) -> None:
    """List the scenarios that come with cosim."""
    with plain_errors():
        import json

        from cosim.scenario import load_scenario, shipped_scenarios

        known = {name: load_scenario(name) for name in shipped_scenarios()}
        titles = {name: spoken().pick(scenario.title, scenario.title_zh) for name, scenario in known.items()}
        if printed is Format.json:
            english = {name: scenario.title for name, scenario in known.items()}
            typer.echo(json.dumps(english, indent=2, ensure_ascii=False))
            return
        width = max(map(len, titles))
        for name, title in titles.items():
            typer.echo(f"{name:{width}}  {title}")


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A shipped scenario's name, or a TOML file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    printed: Printed = Format.text,
) -> None:
    """Show what differs between two scenarios, and what the levers cost."""
    with plain_errors():
        from cosim.report.difference import difference, difference_json, difference_page

        found = difference(*load([first, second], None, None))
        typer.echo(difference_json(found) if printed is Format.json else difference_page(found, spoken()))


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="NAME.toml", help="The file to write; it must not exist.")],
    extends: Annotated[str, typer.Option("--extends", help="What it lies over.")] = "multi_centre",
    title: Annotated[str | None, typer.Option("--title", help="Its title.")] = None,
) -> None:
    """Write a new scenario with every lever in it, commented out."""
    with plain_errors():
        from cosim.report.template import new_scenario

        new_scenario(file, extends, title)
        show_written(file)
