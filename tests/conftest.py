"""What the tests share: two small places, and integers that wrap."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from cosim.community import Community


@pytest.fixture(autouse=True, scope="session")
def wrapping_integers() -> Iterator[None]:
    """Let 64-bit integers wrap, as keyed draws mean them to; as plain Python NumPy would warn of it."""
    with np.errstate(over="ignore"):
        yield


@pytest.fixture
def village() -> Community:
    """Return the shipped dozen people, before their first month, with conservation checked."""
    return Community("village", rng=1, check=True)


@pytest.fixture(scope="session")
def compound() -> Callable[..., Community]:
    """Return a maker of small compounds: LY's services, fewer people, two months of warm-up and six more.

    Working time is per 1,000 residents, so a few people need more of it to get anything done.
    """
    partners = (f"partners.{kind}" for kind in ("social_organisation", "enterprise", "public_unit"))
    hours = {f"{body}.staff_hours": 1000.0 for body in ("government", "committee", *partners)}

    def make(
        residents: int = 200, households: int = 70, buildings: int = 5, *, rng: int = 1, **overrides: Any
    ) -> Community:
        small = {
            "population.residents": residents,
            "population.households": households,
            "population.buildings": buildings,
            "study.warmup_months": 2,
            "study.months": 6,
        }
        observers = overrides.pop("observers", ())
        return Community("ly", rng=rng, check=True, observers=observers, **(small | hours | overrides))

    return make
