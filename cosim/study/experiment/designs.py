"""The points of a design: which values of the factors are run together."""

import math
from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cosim.study.experiment.schema import Design, Range

DIGITS = 12
"""Significant digits of a value between the ends of a range: 0.6, not 0.6000000000000001."""
LEVELS = 4
"""Levels of a Morris design, unless it says otherwise: what the literature usually takes."""


UNIT = "unit:"
"""Before a factor's key: the column of where its values were drawn, from 0 to 1, in a table of points."""


class Points(NamedTuple):
    """What is run: the values of all factors at every point."""

    keys: tuple[str, ...]
    """Dotted keys of the factors."""
    values: tuple[tuple[Any, ...], ...]
    """Points × factors."""
    unit: NDArray[np.float64] | None
    """Points × factors from 0 to 1, as drawn, which is what sensitivity analysis needs; None if nothing was drawn."""


class Factor(NamedTuple):
    """A factor with what its key asks of it."""

    key: str
    said: tuple[Any, ...] | Range
    """Its values, or its range."""
    whole: bool = False
    """Whether its values are whole numbers."""

    def at(self, share: float) -> Any:
        """Return the value that stands `share`, from 0 to 1, of the way through its range or its values."""
        if not isinstance(self.said, Range):
            number = len(self.said)
            return self.said[min(int(share * number + 1e-9), number - 1)]
        low, high = self.said.low, self.said.high
        if self.said.scale == "log":
            value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        else:
            value = low + share * (high - low)
        value = min(max(float(f"{value:.{DIGITS}g}"), low), high)
        return math.floor(value + 0.5) if self.whole else value

    @property
    def steps(self) -> tuple[Any, ...]:
        """The values that a grid takes."""
        if not isinstance(self.said, Range):
            return self.said
        assert self.said.steps is not None
        return tuple(self.at(step / (self.said.steps - 1)) for step in range(self.said.steps))


def grid_points(factors: Sequence[Factor]) -> Points:
    """Return all combinations, those of the last factor side by side; a single point if there is no factor."""
    return Points(_keys(factors), tuple(product(*(factor.steps for factor in factors))), None)


def drawn_points(factors: Sequence[Factor], design: Design, seed: int) -> Points:
    """Return the points of a design that draws, the same ones for the same seed."""
    drawn = {"latin_hypercube": _latin_hypercube, "sobol": _sobol, "morris": _morris}
    unit = np.ascontiguousarray(drawn[design.method](design, len(factors), seed), dtype=np.float64)
    values = tuple(
        tuple(factor.at(share) for factor, share in zip(factors, row, strict=True)) for row in unit.tolist()
    )
    return Points(_keys(factors), values, unit)


def number_of_points(factors: Sequence[Factor], design: Design) -> int:
    """Return how many points a design has, without drawing it."""
    if design.method == "sobol":
        return (design.points or 0) * (len(factors) + 2)
    if design.method == "morris":
        return (design.trajectories or 0) * (len(factors) + 1)
    if design.method == "latin_hypercube":
        return design.points or 0
    sizes = (factor.said.steps or 0 if isinstance(factor.said, Range) else len(factor.said) for factor in factors)
    return math.prod(sizes)


def _keys(factors: Sequence[Factor]) -> tuple[str, ...]:
    return tuple(factor.key for factor in factors)


def _latin_hypercube(design: Design, factors: int, seed: int) -> NDArray[np.float64]:
    from scipy.stats.qmc import LatinHypercube

    points: NDArray[np.float64] = LatinHypercube(d=factors, rng=np.random.default_rng(seed)).random(design.points)
    return points


def _sobol(design: Design, factors: int, seed: int) -> NDArray[np.float64]:
    """Draw Saltelli's scheme for first and total indices: points × (factors + 2) rows."""
    from SALib.sample.sobol import sample

    points: NDArray[np.float64] = sample(_problem(factors), design.points, calc_second_order=False, seed=seed)
    return points


def _morris(design: Design, factors: int, seed: int) -> NDArray[np.float64]:
    """Draw trajectories: in each, every factor changes once, so that it has factors + 1 rows."""
    from SALib.sample.morris import sample

    levels = design.levels or LEVELS
    points: NDArray[np.float64] = sample(_problem(factors), design.trajectories, num_levels=levels, seed=seed)
    return points


def _problem(factors: int) -> dict[str, Any]:
    """Return the unit cube as SALib describes it."""
    return {"num_vars": factors, "names": [str(number) for number in range(factors)], "bounds": [[0.0, 1.0]] * factors}
