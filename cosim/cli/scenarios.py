"""Commands about scenarios as files: validate, schema, scenarios."""

from enum import StrEnum
from typing import Annotated

import typer

from cosim.cli.app import BAD_INPUT, Format, Printed, app, console, plain_errors


class SchemaFormat(StrEnum):
    """How the schema is printed."""

    json = "json"
    table = "table"


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(help="TOML files, or names of shipped scenarios.")],
) -> None:
    """Check scenarios and name everything that is wrong with them."""
    with plain_errors():
        from cosim.scenario import ScenarioError, load_scenario
        from cosim.scenario.own_community import missing_words

        faulty = 0
        for name in files:
            try:
                words = missing_words(load_scenario(name))
            except ScenarioError as error:
                faulty += 1
                typer.echo(f"{error}\n", err=True)
            else:
                typer.echo("\n    ".join([f"ok  {name}", *words]))
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
            print_parameters(console())
        else:
            typer.echo(json.dumps(Scenario.model_json_schema(), indent=2, ensure_ascii=False))


@app.command()
def scenarios(printed: Printed = Format.text) -> None:
    """List the scenarios that come with cosim."""
    with plain_errors():
        import json

        from cosim.scenario import load_scenario, shipped_scenarios

        titles = {name: load_scenario(name).title for name in shipped_scenarios()}
        if printed is Format.json:
            typer.echo(json.dumps(titles, indent=2, ensure_ascii=False))
            return
        width = max(map(len, titles))
        for name, title in titles.items():
            typer.echo(f"{name:{width}}  {title}")
