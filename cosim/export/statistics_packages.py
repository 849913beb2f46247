"""Tables for Stata (.dta, format 118) and SPSS (.sav), with variable and value labels in one language.

Words become numbers with value labels, in the order in which the dictionary declares them, or in which they come up.
Names that Stata or SPSS would refuse are changed in one way for both (`variable_names`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cosim.export.tables import Laid
from cosim.study.tables import Declared

LONGEST = 32
"""Characters of a name in Stata."""
RESERVED = {
    "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_pi", "_pred", "_rc",
    "_skip", "str", "strl", "using", "with", "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to",
}  # fmt: skip
"""Words that Stata or SPSS keep for themselves."""
LABEL = 80
"""Characters of a variable's label in Stata; SPSS takes more."""
STATA, SPSS = "dta", "sav"
WHEN = {STATA: b"01 Jan 1980 00:00", SPSS: b"01 Jan 8000:00:00"}
"""Time that the files bear, so that the same study gives the same bytes."""
INT32 = 2**31 - 28
"""Largest whole number that Stata keeps as one (a long); larger ones become doubles, which hold them exactly."""

Naming = Callable[[Declared, str], str]
"""Says a word that stands in a column."""


def variable_names(names: Sequence[str]) -> dict[str, str]:
    """Return the name of each column in Stata and SPSS.

    Signs other than A to Z, digits and _ become _; a name that begins with no letter, or is a word of either program,
    gets a v_ in front; it is cut to 32 characters, and numbered where another has the same in letters of either case.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        if not plain[0].isalpha() or plain.lower() in RESERVED or re.fullmatch(r"str\d+", plain.lower()):
            plain = f"v_{plain}"
        plain = plain[:LONGEST].rstrip("_")
        number, chosen = 1, plain
        while chosen.lower() in taken:
            number += 1
            chosen = f"{plain[: LONGEST - len(str(number)) - 1]}_{number}"
        taken.add(chosen.lower())
        found[name] = chosen
    return found


def write_statistics(
    path: Path, kind: str, table: Laid, title: str, label: Callable[[Declared], str], word: Naming
) -> None:
    """Write a table as `kind` (STATA or SPSS); `label` names a column, `word` what stands in it."""
    import pyreadstat

    names = variable_names([column.name for column in table.columns])
    columns: dict[str, Any] = {}
    labels: dict[str, dict[int | float, str]] = {}
    for column, values in zip(table.columns, table.rows.columns, strict=True):
        name, array = names[column.name], values.combine_chunks()
        if is_coded(column):
            codes = codes_of(column, array)
            labels[name] = {number: word(column, text) for text, number in codes.items()}
            array = pc.index_in(array, pa.array(list(codes), pa.string()))
            array = pc.add(array, pa.scalar(1, pa.int32()))
        elif column.kind == "boolean":
            labels[name] = {0: word(column, "no"), 1: word(column, "yes")}
            array = pc.cast(array, pa.int8())
        columns[name] = _plain(array)
    frame = pd.DataFrame(columns)
    said: dict[str, str | None] = {names[column.name]: label(column)[:LABEL] for column in table.columns}
    if kind == STATA:
        pyreadstat.write_dta(frame, path, title[:LABEL], said, version=14, variable_value_labels=labels)
    else:
        measures = {names[column.name]: _measure(column) for column in table.columns}
        pyreadstat.write_sav(
            frame, path, title[:LABEL], said, row_compress=True, variable_value_labels=labels,
            variable_measure=measures,
        )  # fmt: skip
    _without_time(path, kind)


def is_coded(column: Declared) -> bool:
    """Whether a column's words become numbers with labels: all strings but free text."""
    return column.kind == "string" and column.unit != "text"


def codes_of(column: Declared, values: pa.Array) -> dict[str, int]:
    """Return the number of each word of a column, from 1."""
    words = column.words or pc.drop_null(pc.unique(values)).to_pylist()
    return {word: number for number, word in enumerate(words, 1)}


def _plain(array: pa.Array) -> np.ndarray | pd.Series:
    """Return a column as both programs have it: whole numbers where all are known and small, doubles, text."""
    if pa.types.is_string(array.type):
        return pd.Series(array.fill_null("").to_pylist(), dtype=object)
    if pa.types.is_integer(array.type) and len(array) and array.null_count == 0:
        bounds: Mapping[str, int] = pc.min_max(array).as_py()
        if bounds["min"] > -INT32 and bounds["max"] < INT32:
            return array.to_numpy(zero_copy_only=False).astype(np.int32)
    if pa.types.is_floating(array.type):
        return pc.fill_null(array, float("nan")).to_numpy()
    return pc.fill_null(array.cast(pa.float64()), float("nan")).to_numpy()


def _measure(column: Declared) -> str:
    """Return the level of measurement, as SPSS calls it."""
    return "nominal" if column.kind in ("string", "boolean") else "scale"


def _without_time(path: Path, kind: str) -> None:
    """Overwrite the time at which a file was written."""
    with path.open("r+b") as file:
        if kind == SPSS:
            place = 92  # creation_date and creation_time of the header
        else:
            head = file.read(4096)
            place = head.index(b"<timestamp>") + len(b"<timestamp>") + 1
            if head[place - 1] != len(WHEN[kind]):
                raise ValueError(f"{path} has no time where Stata's format 118 has one")
        file.seek(place)
        file.write(WHEN[kind])
