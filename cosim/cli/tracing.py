"""The command that follows one subject through the months: trace."""

from pathlib import Path
from typing import Annotated

import typer

from cosim.cli.app import (
    Changes,
    Format,
    Months,
    Printed,
    Seed,
    app,
    check_file,
    load,
    plain_errors,
    progress,
    show_text,
)
from cosim.cli.speaking import spoken


@app.command()
def trace(
    scenarios: Annotated[list[str], typer.Argument(help="A scenario, or two beside each other.")],
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="ROW[.K]", help="Who lives in a row at month 0, or its person K; or a name."),
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", metavar="CASE", help="A number, or a service and its place: water@9.")
    ] = None,
    building: Annotated[str | None, typer.Option("--building", metavar="N", help="A building, from 0.")] = None,
    institution: Annotated[
        str | None, typer.Option("--institution", metavar="NAME", help="Such as government or enterprise_1.")
    ] = None,
    seed: Seed = 1,
    replicate: Annotated[int, typer.Option("--replicate", min=1, help="Which replicate of the study.")] = 1,
    months: Months = None,
    first: Annotated[int | None, typer.Option("--from", help="First month to show  [default: 0].")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last month to show  [default: the last].")] = None,
    month: Annotated[int | None, typer.Option("--month", help="This month alone, with all that was not done.")] = None,
    changes: Changes = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File for the trace.")] = None,
    printed: Printed = Format.text,
) -> None:
    """Follow one person, order, building or institution: what happened, and why."""
    with plain_errors():
        from cosim.report.tracing import trace_json, trace_page
        from cosim.study.tracing import trace as follow

        check_file(output)
        arms = load(scenarios, months, changes)
        with progress() as tell:
            found = follow(
                arms, person=person, order=order, building=building, institution=institution, seed=seed,
                replicate=replicate, first=first, last=last, month=month, progress=tell,
            )  # fmt: skip
        show_text(trace_json(found) if printed is Format.json else trace_page(found, spoken()), output)
