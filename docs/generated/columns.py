"""The columns of the state: of residents, or of households (`columns households`)."""

import numpy as np

from cosim.world.columns import HOUSEHOLD_COLUMNS, NEVER, RESIDENT_COLUMNS, Column
from generated import table

TABLES = {"residents": RESIDENT_COLUMNS, "households": HOUSEHOLD_COLUMNS}


def lines(of: str = "residents") -> str:
    """Return the table."""
    return table(("column", "meaning", "中文", "unit", "range", "type"), map(_row, TABLES[of]))


def value(of: str = "residents") -> str:
    """Return how many there are."""
    return str(len(TABLES[of]))


def _row(it: Column) -> tuple[str, ...]:
    low = "never" if it.low == NEVER else f"{it.low:,}"
    wide = f" × {it.width}" if it.width > 1 else ""
    return f"`{it.name}`", it.en, it.zh, it.unit, f"{low} to {it.high:,}", np.dtype(it.dtype).name + wide
