"""The tables of a comparison or a summary as JSON for other programs, and as files for a study's folder."""

import json
import math
from typing import Any

import pandas as pd

from cosim.compare import Comparison, Summary
from cosim.display.style import as_bytes

TABLES = (
    "outcomes", "over_worlds", "arms", "by_group", "by_category", "fee_trap", "by_people", "twins", "who_gains",
    "places", "resources", "split", "square", "ladder", "decomposition",
)  # fmt: skip
"""Tables of results, in the order in which they are read."""


def tables_of(result: Comparison | Summary) -> dict[str, pd.DataFrame]:
    """Return the tables that were made by name, as they are called in JSON and as CSV files."""
    found = {name: getattr(result, name, pd.DataFrame()) for name in TABLES}
    return {name: table for name, table in found.items() if len(table.columns)}


def as_json(result: Comparison | Summary) -> str:
    """Return the tables as one JSON object; what is not known is null."""
    study = result.study
    document: dict[str, Any] = {
        "scenarios": list(study.labels),
        "seed": study.seed,
        "replicates": study.replicates,
        "complete": study.complete,
    }
    for name, table in tables_of(result).items():
        document[name] = [
            {column: None if _unknown(value) else value for column, value in row.items()}
            for row in table.to_dict("records")
        ]
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def files_of(result: Comparison | Summary) -> dict[str, bytes]:
    """Return the tables as CSV and the figures as PNG, by file name."""
    files = {f"{name}.csv": table.to_csv(index=False).encode() for name, table in tables_of(result).items()}
    files["figure.png"] = as_bytes(result.plot())
    if isinstance(result, Comparison) and not (result.split.empty and result.decomposition.empty):
        files["controls.png"] = as_bytes(result.plot_controls())
    return files


def _unknown(value: object) -> bool:
    """Whether a cell is a number that is not known."""
    return isinstance(value, float) and math.isnan(value)
