"""What a sweep keeps of a run: a level for every outcome, and its months; made where the run is made."""

import json
import os
import platform
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from cosim.outcomes.levels import run_level
from cosim.outcomes.measures import GROUPS, measure_of
from cosim.study.deadline import within
from cosim.study.experiment import Experiment
from cosim.study.one_run import Failure, Run, Tables, failure_of, make_run
from cosim.study.tables import described, key_metadata

ROW = b"run"
"""Key of the schema's metadata under which a file of one run holds its row of the table of runs."""


class Kept(NamedTuple):
    """What is kept of every run."""

    outcomes: tuple[str, ...]
    record_every: int
    """Months between months that are kept, from month 0 on, beside the last; 0: none."""


class Record(NamedTuple):
    """What is kept of one run that was made."""

    levels: tuple[float, ...]
    """In the order of the outcomes; NaN where no month has a value."""
    content: bytes
    """The file of the run: its months, and its row."""


class Made(NamedTuple):
    """A run, what came of it, and how it went."""

    run: Run
    outcome: Record | Failure
    seconds: float | None = None
    """None where the process that made it cannot say."""
    where: str = ""
    """Host and process."""


def kept_of(experiment: Experiment) -> Kept:
    """Return what an experiment keeps of every run."""
    return Kept(experiment.outcomes, experiment.record_every)


def recorder(kept: Kept, timeout: float | None) -> Callable[..., Made]:
    """Return what makes a run and keeps what is to be kept of it; it can be sent to another process."""
    return partial(_make_record, kept, timeout)


def _nothing(*_: Any) -> None:
    """Do nothing after a month."""


def _make_record(kept: Kept, timeout: float | None, run: Run, each_month: Callable[..., None] = _nothing) -> Made:
    began = time.monotonic()
    outcome = make_run(run, within(timeout, each_month)).outcome
    try:
        record = outcome if isinstance(outcome, Failure) else record_of(run, outcome, kept)
    except Exception as error:
        record = failure_of(run, error)
    return Made(run, record, round(time.monotonic() - began, 3), f"{platform.node()}:{os.getpid()}")


def record_of(run: Run, tables: Tables, kept: Kept) -> Record:
    """Return what is kept of a run's tables."""
    month = tables.months["month"].to_numpy()
    lived = float(tables.months["residents"].to_numpy()[month >= 0].sum()) / 12
    courses = {outcome: _course(tables, outcome) for outcome in kept.outcomes}
    levels = tuple(run_level(measure_of(name), month, course, lived) for name, course in courses.items())
    every = kept.record_every
    recorded = (month >= 0) & (((month % every == 0) | (month == month[-1])) if every else False)
    rows = {name: course[recorded] for name, course in courses.items()}
    return Record(levels, _encode(run, month[recorded], rows, {"status": "done", "error": "", "levels": levels}))


def record_of_failure(run: Run, failure: Failure, kept: Kept) -> Record:
    """Return what is kept of a run that failed: its row alone."""
    none = np.empty(0)
    levels = (float("nan"),) * len(kept.outcomes)
    row = {"status": "failed", "error": failure.error, "levels": levels}
    return Record(levels, _encode(run, none.astype(np.int64), dict.fromkeys(kept.outcomes, none), row))


def months_schema(outcomes: tuple[str, ...]) -> pa.Schema:
    """Return the columns of the table of months, each with its unit and meaning."""
    keys = {"run": pa.int64(), "scenario": pa.string(), "replicate": pa.int64(), "month": pa.int64()}
    fields = [pa.field(name, kind, metadata=key_metadata(name)) for name, kind in keys.items()]
    return pa.schema(fields + [outcome_field(name) for name in outcomes])


def outcome_field(outcome: str, level: bool = False) -> pa.Field:
    """Return the column of an outcome: its course, or its `level`, which may have another unit."""
    _, _, part = outcome.partition(".")
    measure = measure_of(outcome)
    said = described(measure) | ({"part": part} if part else {})
    if level:
        said["unit"] = measure.unit_of_level
    return pa.field(outcome, pa.float64(), metadata=said)


def _course(tables: Tables, outcome: str) -> np.ndarray:
    """Return an outcome month by month, of the whole compound, a group or a category; NaN for a group of nobody."""
    name, _, part = outcome.partition(".")
    if not part:
        return np.asarray(tables.months[name], np.float64)
    table: pd.DataFrame = tables.groups if part in GROUPS else tables.categories
    rows = table[table["group" if part in GROUPS else "category"] == part]
    course = np.asarray(rows[name], np.float64)
    if part in GROUPS and name != "residents":
        return np.where(rows["residents"] > 0, course, np.nan)
    return course


def _encode(run: Run, month: np.ndarray, courses: dict[str, np.ndarray], row: dict[str, Any]) -> bytes:
    """Return months and row as an Arrow file."""
    schema = months_schema(tuple(courses))
    count = len(month)
    columns = [np.full(count, run.number), [run.label] * count, np.full(count, run.replicate), month]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=False)]
    arrays += [pa.array(course, pa.float64(), from_pandas=True) for course in courses.values()]
    table = pa.Table.from_arrays(arrays, schema=schema.with_metadata({ROW: json.dumps(row)}))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def decode(content: bytes) -> tuple[pa.Table, dict[str, Any]]:
    """Return months and row of one run's file."""
    alone = pa.ipc.IpcReadOptions(use_threads=False)
    table = pa.ipc.open_file(pa.BufferReader(content), options=alone).read_all()
    row = json.loads(table.schema.metadata[ROW])
    return table.replace_schema_metadata(None), row
