"""Frictionless Data Package: what stands in the CSV and Parquet files, for programs (Table Schema).

https://specs.frictionlessdata.io: every column with type, unit, range, and labels and meanings in both languages.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cosim.export.dictionary import TITLES
from cosim.export.tables import Laid
from cosim.language import Language, language
from cosim.study.tables import Declared
from cosim.version import VERSION

FILE = "datapackage.json"
PARQUET, CSV = "parquet", "csv"


def describe_package(
    folder: Path, name: str, title: str, tables: Sequence[Laid], formats: Sequence[str], say: Language
) -> bytes:
    """Return datapackage.json for the files of tables that are in `folder` as `formats` (CSV, PARQUET)."""
    resources = [
        _resource(folder / kind / f"{table.name}.{kind}", kind, table, say) for kind in formats for table in tables
    ]
    package = {
        "name": name,
        "title": title,
        "version": VERSION,
        "profile": "data-package",
        "resources": resources,
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(path: Path, kind: str, table: Laid, say: Language) -> dict[str, Any]:
    """Return what is said of a file."""
    content = path.read_bytes()
    said: dict[str, Any] = {
        "name": table.name if kind == CSV else f"{table.name}-{kind}",
        "title": say(TITLES[table.name]),
        "path": f"{kind}/{path.name}",
        "format": kind,
        "mediatype": "text/csv" if kind == CSV else "application/vnd.apache.parquet",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if kind == CSV:
        said |= {"profile": "tabular-data-resource", "type": "table", "encoding": "utf-8",
                 "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "header": True}}  # fmt: skip
    else:
        said |= {"type": "file"}
    said["schema"] = {"fields": [field_of(column, say) for column in table.columns], "missingValues": [""]}
    return said


def field_of(column: Declared, say: Language) -> dict[str, Any]:
    """Return a column as a field of a Table Schema; beyond the standard: unit, labels and meanings."""
    chinese = language("zh")
    bounds = {"minimum": column.low, "maximum": column.high, "enum": list(column.words) or None}
    if column.kind == "string":
        bounds |= {"minimum": None, "maximum": None}
    constraints = {name: bound for name, bound in bounds.items() if bound is not None}
    return {
        "name": column.name,
        "type": column.kind,
        "title": say.label(column),
        "description": say(column.meaning),
        "unit": column.unit,
        "title_en": column.en,
        "title_zh": column.zh,
        "description_en": column.meaning,
        "description_zh": chinese(column.meaning),
        **({"constraints": constraints} if constraints else {}),
    }
