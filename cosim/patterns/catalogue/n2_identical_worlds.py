"""N2: two identical scenarios differ by zero everywhere.

The full reform is run twice, each time in a run of its own: the two differ in nothing but a number that no run reads
(for how many replicates it was asked). Every measure of every month, of the compound, its groups and services, and
every column of residents and households at the end must be the same to the last bit.
"""

from zlib import crc32

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings

MONTHS = {"study.months": 24}
ONE, OTHER = "one", "the other"


def read(community: Community) -> dict[str, float]:
    """Return a checksum of every column of every table."""
    community.run()
    found: dict[str, np.ndarray] = {}
    for name in ("months", "groups", "categories"):
        table = getattr(community, name).select_dtypes("number")
        found |= {f"{name} {column}": table[column].to_numpy() for column in table}
    for name in ("residents", "households"):
        rows = getattr(community.world, name)
        found |= {f"{name} {column.name}": getattr(rows, column.name) for column in rows.columns}
    return {name: float(crc32(np.ascontiguousarray(values).tobytes())) for name, values in found.items()}


def differing(readings: Readings) -> np.ndarray:
    """Return how many columns differ between the two."""
    return np.asarray((readings[ONE] != readings[OTHER]).sum(axis=1))


N2 = Pattern(
    id="N2",
    kind="verification",
    title="Two identical scenarios differ by zero",
    title_zh="两个相同情景无差异",
    observed="nothing: chance is keyed by who, what and when",
    source="the model's form",
    mark="",
    arms={
        ONE: Arm("reform_2018", {**MONTHS, "study.replicates": 20}),
        OTHER: Arm("reform_2018", {**MONTHS, "study.replicates": 21}),
    },
    read=read,
    criteria=(Criterion("Columns that differ", differing, high=0, unit="columns"),),
    replicates=5,
)
