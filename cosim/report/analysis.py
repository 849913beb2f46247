"""All that a sweep's design can tell: computed, printed, and written as tables and figures."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from rich.console import Console

from cosim.display.figures.sensitivity import sensitivity_figure
from cosim.display.style import as_bytes
from cosim.language import ENGLISH, Language, told
from cosim.report.figures import phase_pages
from cosim.report.layout import note
from cosim.report.sensitivity import print_boxes, print_differences, print_indices
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study import OutputError
from cosim.study.sensitivity import METHODS, boxes, differences, indices
from cosim.study.store import explain
from cosim.study.sweep import StudyFolder
from cosim.study.sweep.files import ANALYSIS


class Analysis(NamedTuple):
    """What was found in a sweep; None for what its design cannot tell."""

    counts: dict[str, int]
    """Runs that are done, failed, not run."""
    indices: pd.DataFrame | None
    """How much each factor moves each outcome: designs of Morris and Sobol."""
    differences: dict[str, pd.DataFrame] | None
    """For each outcome, what the other scenarios change against the first, point by point."""
    boxes: pd.DataFrame | None
    """Where the other scenarios win and lose, in words."""


def analyse(study: StudyFolder, outcomes: Sequence[str] | None) -> Analysis:
    """Return all that a sweep's design can tell. Raises ScenarioError for an unknown outcome, or if that is nothing."""
    design, labels = study.experiment.design, study.plan.planned.labels
    names, drawn = list(outcomes or study.experiment.outcomes), design.method in METHODS
    if not drawn and len(labels) < 2:
        message = told(
            "a {method} design has no indices, and one scenario has nothing to be compared with", method=design.method
        )
        hint = told("name two scenarios, or the design morris or sobol")
        raise ScenarioError([Problem(file=str(study.path), message=message, hint=hint)])
    several, runs, points = len(labels) > 1, study.runs, study.points
    return Analysis(
        counts=study.state.counts(),
        indices=indices(
            runs,
            points,
            names,
            labels=labels,
            method=design.method,
            levels=design.levels,
        )
        if drawn
        else None,
        differences={name: differences(runs, points, name, labels=labels) for name in names} if several else None,
        boxes=boxes(runs, points, names, labels=labels) if several and study.plan.planned.points.keys else None,
    )


def print_analysis(found: Analysis, console: Console, say: Language = ENGLISH) -> None:
    """Print indices, of what a reform changes where there are several scenarios, and boxes."""
    counts = found.counts
    if counts["not run"] or counts["failed"]:
        total = {"total": sum(counts.values()), "done": counts["done"]}
        note(console, say("of {total:,} runs {done:,} are done; what follows rests on these", **total))
    if found.indices is not None:
        effects = found.indices[found.indices["against"] != ""]
        print_indices(effects if len(effects) else found.indices, console, say=say)
        if len(effects):
            note(console, say("Above: what the reform changes. Indices of each scenario alone are in indices.csv."))
    if found.boxes is not None:
        print_boxes(found.boxes, console, say)
    elif found.differences is not None:
        print_differences(found.differences, console, say)


def as_json(found: Analysis) -> str:
    """Return the tables as one JSON object; what is not known is null."""
    tables = {"indices": found.indices, "boxes": found.boxes}
    document: dict[str, object] = {name: _rows(table) for name, table in tables.items() if table is not None}
    if found.differences is not None:
        document["differences"] = {name: _rows(table) for name, table in found.differences.items()}
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=lambda value: value.item())


def _rows(table: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]


def write_analysis(found: Analysis, study: StudyFolder, output: Path | None) -> Path:
    """Write tables as CSV and figures as PNG, and return into which folder. Raises OutputError."""
    folder = study.path / ANALYSIS if output is None else output
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for before in [*folder.glob("indices_*.png"), *folder.glob("differences_*.png")]:
            before.unlink()
        for name, content in _files(found):
            (folder / name).write_bytes(content)
    except OSError as error:
        raise OutputError(explain(error, folder)) from error
    return folder


def _files(found: Analysis) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files."""
    if found.indices is not None:
        yield "indices.csv", found.indices.to_csv(index=False).encode()
        for scenario, against in found.indices[["scenario", "against"]].drop_duplicates().itertuples(index=False):
            name = f"indices_{scenario}_against_{against}.png" if against else f"indices_{scenario}.png"
            yield name, as_bytes(sensitivity_figure(found.indices, scenario, against))
    if found.boxes is not None:
        yield "boxes.csv", found.boxes.to_csv(index=False).encode()
    if found.differences is not None:
        tables = [table.assign(outcome=name) for name, table in found.differences.items()]
        yield "differences.csv", pd.concat(tables, ignore_index=True).to_csv(index=False).encode()
        for scenario in tables[0]["scenario"].unique():
            yield from _phase_figures(found.differences, scenario)


def _phase_figures(found: dict[str, pd.DataFrame], scenario: str) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of what a scenario changes over the factors, so many outcomes a figure."""
    figures = list(phase_pages(found, scenario, ENGLISH))
    for number, figure in enumerate(figures, 1):
        page = f"_{number}" if len(figures) > 1 else ""
        yield f"differences_{scenario}{page}.png", as_bytes(figure)
