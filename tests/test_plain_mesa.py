"""The plain Mesa model that cosim is timed against lives the same lives."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SMALL = {
    "population.residents": 150,
    "population.households": 52,
    "population.buildings": 3,
    "study.warmup_months": 2,
}


@pytest.fixture
def side_by_side() -> Iterator[Any]:
    """Give `benchmarks.side_by_side`, which is no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent.parent)
        yield import_module("benchmarks.side_by_side")


def test_compiled_and_plain_residents_live_alike(side_by_side):
    world = side_by_side.established("multi_centre", **SMALL)
    held = side_by_side.HeldFixed.of(world)
    plain = side_by_side.PlainCommunity(world, held)
    begun = world.month + 1
    found = side_by_side.live_side_by_side(world, held, plain, months=3)
    assert found.faults == []
    assert found.people == np.count_nonzero(world.residents.present)
    for happened in ("ordered", "deliberated", "voted", "arrived"):
        assert np.any(getattr(world.residents, happened) >= begun), f"nobody {happened}"


def test_a_single_person_who_differs_is_found(side_by_side):
    world = side_by_side.established("multi_centre", **SMALL)
    held = side_by_side.HeldFixed.of(world)
    plain = side_by_side.PlainCommunity(world, held)
    somebody = next(adult for home in plain.households for adult in home.adults.values() if adult.ties)
    somebody.trust[0] += 1e-3
    somebody.voted += 1
    next(iter(somebody.ties.values())).strength += 1e-3
    somebody.home.pays = not somebody.home.pays
    found = side_by_side.live_side_by_side(world, held, plain, months=3)
    assert [fault.partition(":")[0] for fault in found.faults] == ["voted", "trust", "pays", "ties"]
    assert plain.month == world.month == side_by_side.ESTABLISHED - 1
