"""The evaluation index: the article's five parts, from 0 to 100 between fixed anchors, so that arms compare."""

from collections.abc import Mapping

import numpy as np

ANCHORS = {
    "convenience": (24.0, 0.0),
    "precision": (0.0, 1.0),
    "transparency": (0.0, 0.5),
    "low_cost": (1000.0, 200.0),
    "participation": (0.0, 0.25),
}
"""Where each part is 0 and where it is 100: months that open orders have waited, share of projects that met the need,
informedness, yuan per resident and year, participation times promises kept. Assumed."""
WORST, BEST = np.array(list(ANCHORS.values())).T


def evaluate(values: Mapping[str, float]) -> dict[str, float]:
    """Return `index` and its parts `index_…` for values in the units of `ANCHORS`, clipped to 0 and 100."""
    reached = np.array([values[name] for name in ANCHORS])
    parts = np.clip(100.0 * (reached - WORST) / (BEST - WORST), 0.0, 100.0)
    names = [f"index_{name}" for name in ANCHORS]
    return {"index": float(np.mean(parts)), **dict(zip(names, parts.tolist(), strict=True))}
