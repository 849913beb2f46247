"""Facilities: the condition of every service category at every building, in [0, 1]."""

from typing import Any

import numpy as np

from cosim.rules.commons import worn
from cosim.rules.compiled import kernel
from cosim.rules.facilities import deteriorated, maintained
from cosim.world.chance import uniform

RUIN = 0.12
"""Condition to which a facility deteriorates without any care."""
COMPOUND = -1
"""Place of a facility that serves the whole compound."""
LEAST_FAULT, LARGEST_FAULT = 0.05, 0.30
"""Condition lost by a sudden fault, at least and at most."""
SAFETY = ("security", "fire_safety")
"""Categories that perceived safety rests on; where none is supplied, it rests on all services."""


class Facilities:
    """Condition float32[buildings, categories]; a compound-wide category has one value in all its rows.

    `broken`, bool of the same shape, marks the month's sudden faults; `commons` the common-pool services, which wear by
    what households do to them.
    """

    def __init__(self, scenario: Any) -> None:
        categories = scenario.categories
        self.names = tuple(categories)
        buildings = scenario.population.buildings
        described = list(categories.values())
        self.compound_wide = np.array([c.scope == "compound" for c in described])
        self.condition = np.tile(np.array([c.initial for c in described], np.float32), (buildings, 1))
        self.deterioration = np.array([c.deterioration for c in described])
        self.fault = np.array([c.fault for c in described])
        self.upkeep_share = np.array([c.upkeep_share for c in described])
        self.commons = np.array([c.good == "common_pool" for c in described])
        self.broken = np.zeros(self.condition.shape, np.bool_)
        self.needs = _needs(described).astype(np.float32)
        share = self.upkeep_share if self.upkeep_share.any() else np.ones(len(described))
        self.upkeep_weights = (share / share.sum()).astype(np.float32)
        self.importance = self.needs / self.needs.max(axis=1, keepdims=True)
        self.safety = [k for k, name in enumerate(self.names) if name in SAFETY] or list(range(len(self.names)))

    def place(self, category: int, building: int) -> int:
        """Where an order for a category belongs that is placed in a building."""
        return COMPOUND if self.compound_wide[category] else building

    def rows(self, place: int) -> Any:
        """Index of the rows of `condition` that a place stands for."""
        return slice(None) if place == COMPOUND else place

    def condition_at(self, category: int, place: int) -> float:
        """Return the condition of a facility."""
        return float(self.condition[0 if place == COMPOUND else place, category])

    def set_condition(self, category: int, place: int, value: float) -> None:
        """Set the condition of a facility."""
        self.condition[self.rows(place), category] = value


def _needs(categories: list[Any]) -> np.ndarray:
    """Need weights float64[8 profiles, categories]; each profile's sum to 1."""
    weights = np.zeros((8, len(categories)))
    for p in range(8):
        for c, category in enumerate(categories):
            weight = category.need
            weight *= category.need_old if p & 1 else 1.0
            weight *= category.need_children if p & 2 else 1.0
            weight *= category.need_migrant if p & 4 else 1.0
            weights[p, c] = weight
    total = weights.sum(axis=1, keepdims=True)
    return np.divide(weights, total, out=np.full_like(weights, 1 / max(len(categories), 1)), where=total > 0)


@kernel
def wear(
    condition: np.ndarray, broken: np.ndarray, compound_wide: np.ndarray, commons: np.ndarray, keeping: np.ndarray,
    deterioration: np.ndarray, fault: np.ndarray, upkeep_share: np.ndarray, effort: float, upkeep: float,
    intensity: float, faults: np.uint64, severity: np.uint64,
) -> None:  # fmt: skip
    """One month of wear, sudden faults and routine upkeep; `keeping` float32[B] is the share that keeps the commons."""
    buildings, categories = condition.shape
    everywhere = keeping.mean()
    for c in range(categories):
        for b in range(1 if compound_wide[c] else buildings):
            rate = deterioration[c]
            if commons[c]:
                rate = worn(rate, 1.0 - (everywhere if compound_wide[c] else keeping[b]), intensity)
            q = deteriorated(condition[b, c], rate, RUIN)
            key = np.uint64(c) << np.uint64(32) | np.uint64(b)
            broken[b, c] = uniform(faults, key) < fault[c]
            if broken[b, c]:
                q = max(q - (LEAST_FAULT + (LARGEST_FAULT - LEAST_FAULT) * uniform(severity, key)), 0.0)
            condition[b, c] = maintained(q, upkeep_share[c], effort, upkeep)
        if compound_wide[c]:
            condition[:, c] = condition[0, c]
