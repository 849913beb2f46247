"""Files of a sweep's folder: where each stands, and how one is put in place whole or not at all."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from cosim.language import told
from cosim.study.store import EXPORT, FIGURES, MARK, REPORTS, OutputError
from cosim.study.tables import read_parquet

STORE = 1
"""Version of the folder's layout."""
CUT = 256
"""Runs whose months share a file."""
DESIGN, RUNS, LOG, LOCK = "design.parquet", "runs.parquet", "log.jsonl", ".lock"
MONTHS, PENDING = "months", "pending"
"""Folders: months of settled runs, `CUT` runs a file; runs whose file of months is still open, each by itself."""
NEW = ".new"
"""Ending of a file that is being written."""
ANALYSIS = "sensitivity"
"""Folder of what was found in the study."""
OWN = {MARK, DESIGN, RUNS, LOG, LOCK, MONTHS, PENDING, ANALYSIS, EXPORT, FIGURES, *REPORTS.values()}


def months_file(folder: Path, part: int) -> Path:
    """Return the file of months of the runs from part x CUT on."""
    return folder / MONTHS / f"{part * CUT:07}.parquet"


def pending_file(folder: Path, number: int) -> Path:
    """Return the file of one run."""
    return folder / PENDING / f"{number:07}.arrow"


def pending_numbers(folder: Path) -> list[int]:
    """Return the numbers of runs that have a file of their own, in order."""
    place = folder / PENDING
    if not place.is_dir():
        return []
    return sorted(int(name.removesuffix(".arrow")) for name in os.listdir(place) if name.endswith(".arrow"))


def put(path: Path, content: bytes, lasting: bool = False) -> None:
    """Write a file so that it is there whole or not at all; `lasting`: even if the power fails."""
    beside = path.with_name(path.name + NEW)
    with beside.open("wb") as file:
        file.write(content)
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    beside.replace(path)


def read_mark(folder: Path) -> dict[str, Any] | None:
    """Return what study.json says; None if there is none that can be read."""
    try:
        said = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        return None
    return said if isinstance(said, dict) else None


def read_table(path: Path) -> pa.Table:
    """Return a table of a study. Raises OutputError if it cannot be read."""
    with _readable(path):
        return read_parquet(path)


def check_table(path: Path) -> None:
    """Raise OutputError if a table of a study cannot be read; looks at its end alone, which says what is in it."""
    with _readable(path):
        parquet.read_metadata(path)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        reason, of_months = str(error).splitlines()[0].rstrip("."), path.parent.name == MONTHS
        anew = told("delete it: its runs are then made again") if of_months else told("run the study anew elsewhere")
        raise OutputError(
            told(
                "{path} cannot be read ({reason}). Bring it back from a copy, or {anew}.",
                path=path,
                reason=reason,
                anew=anew,
            )
        ) from error


def read_bytes(path: Path) -> bytes | None:
    """Return a file's content; None if it has just gone."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
