"""What is exported of a result: its tables, typed as the dictionary declares them, nothing known as empty."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cosim.compare.comparison import Comparison, count_forms
from cosim.compare.saved import Result, tables_of
from cosim.export.dictionary import Parts, declared, parts_of
from cosim.language import told
from cosim.scenario.errors import ScenarioError
from cosim.study import Study
from cosim.study.sensitivity import METHODS, differences
from cosim.study.sweep import StudyFolder
from cosim.study.tables import Declared

TYPES = {"string": pa.string(), "integer": pa.int64(), "boolean": pa.bool_()}
"""Types of columns; numbers keep the precision that they have."""


@dataclass(frozen=True)
class Laid:
    """A table with the declarations of its columns, in their order."""

    name: str
    columns: tuple[Declared, ...]
    rows: pa.Table


@dataclass(frozen=True)
class Tables:
    """The tables of a result.

    `parts` are names of groups and services (`dictionary.parts_of`), `missing` sentences on what is not there.
    """

    tables: tuple[Laid, ...]
    parts: Parts
    missing: tuple[str, ...]


def tables_to_export(result: Result) -> Tables:
    """Return all tables of a result that have rows. Raises OutputError if the result cannot be read."""
    if isinstance(result, StudyFolder):
        return _of_sweep(result)
    study = count_forms(result.study, result.forms) if isinstance(result, Comparison) else result.study
    frames = tables_of(result) | {"worlds": _worlds(study)} | _courses(study)
    missing = [study.shortfall] if study.shortfall else []
    parts = parts_of(scenario.model_dump(mode="json") for scenario in study.scenarios)
    return _tables(frames, parts, missing)


def laid(name: str, frame: pd.DataFrame, parts: Parts) -> Laid:
    """Return a table with every column in its declared type; empty text, and what is no finite number, are nothing."""
    columns, arrays = [], []
    for column in frame:
        declaration = declared(name, str(column), parts)
        values = frame[column]
        if declaration.kind == "string" and values.dtype == object:
            values = values.map(str, na_action="ignore")  # a building's number beside "all"
        array = pa.array(values, from_pandas=True)
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        if declaration.kind != "string" and not _is_number(array.type):
            declaration = replace(declaration, kind="string", low=None, high=None)
        array = _typed(array, declaration)
        columns.append(declaration)
        arrays.append(array)
    return Laid(name, tuple(columns), pa.Table.from_arrays(arrays, names=[column.name for column in columns]))


def _typed(array: pa.Array, declaration: Declared) -> pa.Array:
    """Return a column in its declared type."""
    if declaration.kind == "number":
        numbers = array if pa.types.is_floating(array.type) else array.cast(pa.float64())
        return pc.if_else(pc.is_finite(numbers), numbers, None)
    typed = array.cast(TYPES[declaration.kind])
    return pc.if_else(pc.equal(typed, ""), None, typed) if declaration.kind == "string" else typed


def _is_number(kind: pa.DataType) -> bool:
    of = pa.types
    return of.is_integer(kind) or of.is_floating(kind) or of.is_boolean(kind) or of.is_null(kind)


def _tables(frames: Mapping[str, pd.DataFrame], parts: Parts, missing: Sequence[str]) -> Tables:
    """Return the tables that have rows."""
    found = tuple(laid(name, frame, parts) for name, frame in frames.items() if len(frame))
    return Tables(found, parts, tuple(missing))


def _courses(study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables of a study's runs."""
    return {name: getattr(study, name) for name in ("runs", "months", "groups", "categories", "orders")}


def _worlds(study: Study) -> pd.DataFrame:
    """Return the world of each replicate; without rows if all were run in the same one."""
    count = len(study.worlds)
    rows = [{"replicate": 1 + k, **study.worlds[k % count]} for k in range(study.replicates if count else 0)]
    return pd.DataFrame(rows)


def _of_sweep(study: StudyFolder) -> Tables:
    """Return the tables of a sweep: its design, what can be told of it, runs and months."""
    counts = study.state.counts()
    missing = []
    if counts["failed"] or counts["not run"]:
        total = sum(counts.values())
        missing.append(
            told(
                "of {total:,} runs {failed:,} failed and {left:,} are not made",
                total=total,
                failed=counts["failed"],
                left=counts["not run"],
            )
        )
    frames = {"design": study.points}
    several, drawn = len(study.plan.planned.labels) > 1, study.experiment.design.method in METHODS
    asked: dict[str, Callable[[], pd.DataFrame]] = {
        "differences": lambda: _differences(study) if several else pd.DataFrame(),
        "indices": lambda: study.indices() if drawn else pd.DataFrame(),
        "boxes": lambda: study.boxes() if several and study.plan.planned.points.keys else pd.DataFrame(),
    }
    for name, make in asked.items() if counts["done"] else ():
        try:
            frames[name] = make()
        except ScenarioError as error:
            missing.append(told("{what} cannot be told: {reasons}", what=name, reasons=_reasons(error)))
    frames |= {"runs": study.runs, "months": study.months}
    return _tables(frames, parts_of(study.description["scenarios"].values()), missing)


def _reasons(error: ScenarioError) -> str:
    """Return what is wrong, each with what to do."""
    each = (
        told("{reason}, {hint}", reason=problem.message, hint=problem.hint) if problem.hint else problem.message
        for problem in error.problems
    )
    return reduce(lambda first, other: told("{first}; {other}", first=first, other=other), each)


def _differences(study: StudyFolder) -> pd.DataFrame:
    """Return what the other scenarios change against the first, for all outcomes and points."""
    runs, points, found = study.runs, study.points, []
    for outcome in study.experiment.outcomes:
        table = differences(runs, points, outcome, labels=study.plan.planned.labels)
        table.insert(2, "outcome", outcome)
        found.append(table)
    return pd.concat(found, ignore_index=True)
