"""Tables of runs as Parquet: every column carries its unit and meaning."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from cosim.outcomes.levels import measures_of
from cosim.outcomes.measures import GROUPS, Measure
from cosim.scenario.reading import POPULATION_FILES

Kind = Literal["string", "integer", "number", "boolean"]


@dataclass(frozen=True)
class Declared:
    """A column of a table: what stands in it, in which unit, and what it means.

    `low` and `high` are the bounds of its values, which may reach them (None: there is none); `words` all that a string
    may be, if that is known. `unit` "text" is for strings of which hardly two are alike, "name" and "word" for others.
    """

    name: str
    kind: Kind
    unit: str
    en: str
    zh: str
    meaning: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()


KEYS = {
    declared.name: declared
    for declared in (
        Declared("run", "integer", "number", "Run", "运行编号",
                 "number of the run in its study, from 0: replicate by replicate, point by point", 0),
        Declared("scenario", "string", "name", "Scenario", "情景", "name of the scenario"),
        Declared("point", "integer", "number", "Design point", "设计点", "number of the design's point, from 0", 0),
        Declared("replicate", "integer", "number", "Replicate", "重复",
                 "number of the replicate; the same number is the same luck in every scenario", 1),
        Declared("seed", "integer", "number", "Seed", "随机种子",
                 "what decides the replicate's luck: Community(scenario, rng=seed)", 0),
        Declared("status", "string", "word", "Status", "状态", "done, failed or not run",
                 words=("done", "failed", "not run")),
        Declared("error", "string", "text", "Error", "错误", "what went wrong and where; empty if nothing did"),
        Declared("month", "integer", "month", "Month", "月份",
                 "month; negative in the shared warm-up, 0 the first under the scenario"),
        Declared("group", "string", "name", "Group", "群体",
                 "group of residents: long-term, migrant or Party member", words=GROUPS),
        Declared("category", "string", "name", "Service", "服务", "category of service"),
        Declared("order", "integer", "number", "Order", "单号",
                 "number of the order in its run; people who ask for the same join one order", 0),
        Declared("building", "integer", "number", "Building", "楼栋",
                 "number of the building; -1 for the whole compound", -1),
        Declared("placed", "integer", "month", "Placed", "下单月份", "month in which the order was placed"),
        Declared("taken", "integer", "month", "Taken", "接单月份",
                 "month in which the community or the office took it; none if nobody did"),
        Declared("begun", "integer", "month", "Begun", "开工月份",
                 "month in which work on it began, for the last time; none if it did not"),
        Declared("delivered", "integer", "month", "Delivered", "做单月份",
                 "month in which its work was done, for the last time; none if it was not"),
        Declared("ended", "integer", "month", "Ended", "了结月份",
                 "month in which it was signed off, rejected or lost; none while it is open"),
        Declared("result", "string", "word", "Result", "结果", "signed off, rejected, lost, or open at the end",
                 words=("signed off", "rejected", "lost", "open")),
        Declared("people", "integer", "people", "People", "下单人数", "how many asked", 0),
        Declared("handler", "string", "word", "Handler", "接单方",
                 "who took it: community or government; empty if nobody did"),
        Declared("producer", "string", "word", "Producer", "做单方", "who does the work; empty before it begins"),
        Declared("reopened", "integer", "times", "Sent back", "返工次数",
                 "how often those who asked sent the work back", 0),
        Declared("cost", "number", "yuan", "Cost", "成本", "what its work cost", 0),
        Declared("fit", "number", "share", "Fit", "匹配度",
                 "part of the need that the work met; none if it was not delivered", 0, 1),
    )
}  # fmt: skip
"""The columns of runs and of their tables that are no measures."""


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
    """Return unit, meaning and labels of a column that is no measure."""
    return described(KEYS[name])


def described(column: Measure | Declared) -> dict[str, str]:
    """Return unit, meaning and labels of a measure, or of another column."""
    return {"unit": column.unit, "meaning": column.meaning, "en": column.en, "zh": column.zh}


def without_folders(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario's tables with the names of the files it reads, and not where they are."""
    names = {key: Path(tree["population"][key]).name for key in POPULATION_FILES}
    return {**tree, "population": tree["population"] | names}
