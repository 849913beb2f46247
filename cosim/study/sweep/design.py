"""The design of a sweep as a table, written and read; and a factor's values as a column of it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from cosim.scenario.places import find_place
from cosim.scenario.reading import frozen
from cosim.scenario.schema import Scenario
from cosim.study.experiment import UNIT, Points
from cosim.study.sweep.files import DESIGN, read_table
from cosim.study.tables import key_metadata


def design_table(points: Points) -> pa.Table:
    """Return a design as a table: point, factors, and where their values were drawn."""
    keys, values, unit = points
    fields, arrays = [pa.field("point", pa.int64(), metadata=key_metadata("point"))], [pa.array(range(len(values)))]
    for place, key in enumerate(keys):
        column = factor_column([row[place] for row in values])
        fields.append(pa.field(key, column.array.type, metadata=factor_metadata(key) | {"coded": column.coded}))
        arrays.append(column.array)
    for key, drawn in zip(keys, () if unit is None else unit.T, strict=unit is not None):
        words = {"unit": "0 to 1", "meaning": f"where the value of {key} was drawn"}
        fields.append(pa.field(f"{UNIT}{key}", pa.float64(), metadata=words))
        arrays.append(pa.array(drawn))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def read_design(folder: Path) -> Points:
    """Return the design that a folder holds."""
    table = read_table(folder / DESIGN)
    keys = [name for name in table.column_names if name != "point" and not name.startswith(UNIT)]
    columns = [_values(table.schema.field(key), table[key]) for key in keys]
    drawn = [f"{UNIT}{key}" for key in keys if f"{UNIT}{key}" in table.column_names]
    unit = np.column_stack([table[name].to_numpy() for name in drawn]) if drawn else None
    values = tuple(zip(*columns, strict=True)) if keys else ((),) * table.num_rows
    return Points(tuple(keys), values, unit)


def _values(field: pa.Field, column: pa.ChunkedArray) -> list[Any]:
    values = column.to_pylist()
    return [frozen(json.loads(value)) for value in values] if field.metadata[b"coded"] == b"JSON" else values


class Column(NamedTuple):
    """A factor's values as a column."""

    array: pa.Array
    coded: str
    """JSON for lists and tables, and for values of several kinds; else plain."""


def factor_column(values: Sequence[Any]) -> Column:
    """Return a factor's values as a column."""
    kinds = {type(value) for value in values}
    if len(kinds) == 1 and kinds <= {int, float, bool, str}:
        return Column(pa.array(values), "plain")
    return Column(pa.array([json.dumps(value, ensure_ascii=False) for value in values], pa.string()), "JSON")


def factor_metadata(key: str) -> dict[str, str]:
    """Return unit and labels of a factor, as the schema of scenarios has them."""
    place = find_place(Scenario, key.split("."))
    words = place.field.json_schema_extra if place and place.field else None
    if not isinstance(words, dict):
        return {"unit": "choice", "meaning": f"factor {key}"}
    label: Any = words["label"]
    return {"unit": str(words["unit"]), "meaning": f"factor: {label['en']}", **label}
