"""The plan of a compound: where its buildings, homes and residents are drawn.

Files know which building somebody lives in, not where it stands: buildings stand in rows by their number, each as high
as the storeys that old compounds have. Computed once for a world, never when it is looked at.
"""

from typing import NamedTuple

import numpy as np

from cosim.world.world import World

STOREYS = 6
"""Storeys of a building, unless it has fewer homes."""
SHAPE = 1.7
"""Width of the plan over its height."""
GAP = 1.0
"""Distance between buildings, in homes."""
ABREAST = 3
"""Residents of a home that are drawn beside each other."""


class Plan(NamedTuple):
    """A plan in units of one home's width, from the upper left corner.

    `size` is its width and height; `buildings` the corner, width and height of each, float32[buildings, 4]; `homes` the
    corner of each home, which is one unit wide and high, float32[homes, 2]; `people` the centre of each row's dot,
    float32[rows, 2].
    """

    size: tuple[float, float]
    buildings: np.ndarray
    homes: np.ndarray
    people: np.ndarray

    def as_bytes(self) -> bytes:
        """Return buildings, homes and people one after the other, as the page takes them."""
        return b"".join(np.ascontiguousarray(part, np.float32).tobytes() for part in self[1:])


def plan_of(world: World) -> Plan:
    """Return the plan of a world's compound."""
    homes = world.households
    count = np.bincount(homes.building)
    high = min(STOREYS, int(np.max(count)))
    wide = -(-int(np.max(count)) // high)
    columns = max(1, round(float(np.sqrt(SHAPE * count.size * (high + GAP) / (wide + GAP)))))
    columns = min(columns, count.size)
    lines = -(-count.size // columns)
    number = np.arange(count.size)
    left = GAP / 2 + (number % columns) * (wide + GAP)
    top = GAP / 2 + (number // columns) * (high + GAP)
    shape = np.broadcast_to([wide, high], (count.size, 2))
    place = np.arange(homes.rows) - np.concatenate([[0], np.cumsum(count)[:-1]])[homes.building]
    corner = np.column_stack([left[homes.building] + place % wide, top[homes.building] + place // wide])
    return Plan(
        (columns * (wide + GAP), lines * (high + GAP)),
        np.column_stack([left, top, shape]).astype(np.float32), corner.astype(np.float32),
        _people(world, corner).astype(np.float32),
    )  # fmt: skip


def _people(world: World, corner: np.ndarray) -> np.ndarray:
    """Return the centres of residents' dots, in lines of `ABREAST` inside their homes."""
    home = world.residents.household
    within = np.arange(home.size) - world.households.first[home]
    lines = np.maximum(-(-world.households.size[home] // ABREAST), 2)
    step = np.minimum(1.0 / ABREAST, 1.0 / lines)
    return corner[home] + np.column_stack([(within % ABREAST + 0.5) / ABREAST, (within // ABREAST + 0.5) * step])
