"""Tables of runs as Parquet: every column carries its unit and meaning."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from cosim.outcomes.levels import measures_of
from cosim.outcomes.measures import Measure
from cosim.scenario.reading import POPULATION_FILES

KEYS = {
    "run": ("number", "number of the run in its study, from 0: replicate by replicate, point by point"),
    "scenario": ("name", "name of the scenario"),
    "point": ("number", "number of the design's point, from 0"),
    "replicate": ("number", "number of the replicate; the same number is the same luck in every scenario"),
    "seed": ("number", "what decides the replicate's luck: Community(scenario, rng=seed)"),
    "status": ("word", "done, failed or not run"),
    "error": ("text", "what went wrong and where; empty if nothing did"),
    "month": ("month", "month; negative in the shared warm-up, 0 the first under the scenario"),
    "group": ("name", "group of residents: long-term, migrant or Party member"),
    "category": ("name", "category of service"),
    "order": ("number", "number of the order in its run; people who ask for the same join one order"),
    "building": ("number", "number of the building; -1 for the whole compound"),
    "placed": ("month", "month in which the order was placed"),
    "taken": ("month", "month in which the community or the office took it; none if nobody did"),
    "begun": ("month", "month in which work on it began, for the last time; none if it did not"),
    "delivered": ("month", "month in which its work was done, for the last time; none if it was not"),
    "ended": ("month", "month in which it was signed off, rejected or lost; none while it is open"),
    "result": ("word", "signed off, rejected, lost, or open at the end"),
    "people": ("people", "how many asked"),
    "handler": ("word", "who took it: community or government; empty if nobody did"),
    "producer": ("word", "who does the work; empty before it begins"),
    "reopened": ("times", "how often those who asked sent the work back"),
    "cost": ("yuan", "what its work cost"),
    "fit": ("share", "part of the need that the work met; none if it was not delivered"),
}
"""Unit and meaning of the columns that are not measures."""


def as_parquet(table: pd.DataFrame) -> bytes:
    """Return a table of keys and measures as a Parquet file."""
    measures = measures_of(table)
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    said = {name: key_metadata(name) if name in KEYS else described(measures[name]) for name in arrow.schema.names}
    fields = [field.with_metadata(said[field.name]) for field in arrow.schema]
    return parquet_bytes(arrow.cast(pa.schema(fields, arrow.schema.metadata)))


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def read_parquet(path: Path) -> pa.Table:
    """Return the table of a Parquet file.

    By this thread alone: Arrow's own threads may still be there when a short process ends, which then aborts
    (https://github.com/apache/arrow/issues/34314). `parquet.read_table` starts one, whatever it is told.
    """
    return parquet.ParquetFile(pa.BufferReader(path.read_bytes()), pre_buffer=False).read(use_threads=False)


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Return a table for pandas, made by this thread alone."""
    return table.to_pandas(use_threads=False)


def key_metadata(name: str) -> dict[str, str]:
    """Return unit and meaning of a column that is no measure."""
    unit, meaning = KEYS[name]
    return {"unit": unit, "meaning": meaning}


def described(measure: Measure) -> dict[str, str]:
    """Return a measure's unit, meaning and labels."""
    return {"unit": measure.unit, "meaning": measure.meaning, "en": measure.en, "zh": measure.zh}


def without_folders(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario's tables with the names of the files it reads, and not where they are."""
    names = {key: Path(tree["population"][key]).name for key in POPULATION_FILES}
    return {**tree, "population": tree["population"] | names}
