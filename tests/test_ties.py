"""Who knows whom: undirected, weighted, in sixteen slots."""

import numpy as np
import pytest

from cosim.scenario import load_scenario
from cosim.world.chance import Purpose, stream
from cosim.world.constants import constants
from cosim.world.ties import SLOTS, Ties, act_together, degree, slot_of, tie, untie


@pytest.fixture
def three() -> Ties:
    """Return ties among four: 0-1 and 0-2; 3 knows nobody."""
    ties = Ties(4)
    assert tie.py_func(ties.other, ties.strength, ties.near, 0, 1, 0.25, True)
    assert tie.py_func(ties.other, ties.strength, ties.near, 0, 2, 0.5, False)
    return ties


def test_a_tie_has_two_ends(three):
    assert three.edges() == [(0, 1, 0.25), (0, 2, 0.5)]
    assert [degree(three.other, i) for i in range(4)] == [2, 1, 1, 0]
    assert slot_of(three.other, 2, 0) == 0
    assert slot_of(three.other, 0, 2) == 1
    assert slot_of(three.other, 1, 2) == -1


@pytest.mark.parametrize("pair", [(1, 1), (0, 1), (1, 0)], ids=["with oneself", "twice", "twice, backwards"])
def test_no_tie_with_oneself_and_no_second_one(three, pair):
    assert not tie.py_func(three.other, three.strength, three.near, *pair, 0.9, True)
    assert three.edges() == [(0, 1, 0.25), (0, 2, 0.5)]


def test_nobody_keeps_more_than_sixteen():
    ties = Ties(SLOTS + 2)
    made = [tie.py_func(ties.other, ties.strength, ties.near, 0, j, 0.5, True) for j in range(1, SLOTS + 2)]
    assert made == [True] * SLOTS + [False]
    assert not tie.py_func(ties.other, ties.strength, ties.near, SLOTS + 1, 0, 0.5, True)
    assert degree(ties.other, 0) == SLOTS
    assert degree(ties.other, SLOTS + 1) == 0
    assert slot_of(ties.other, 0, SLOTS) == SLOTS - 1
    assert slot_of(ties.other, 0, SLOTS + 1) == -1


def test_who_leaves_takes_all_ties_along(three):
    untie(np.array([1], np.int32), three.other, three.strength, three.near)
    assert three.edges() == [(0, 2, 0.5)]
    assert not three.near[0, 0]
    untie(np.array([0], np.int32), three.other, three.strength, three.near)
    assert three.edges() == []
    assert (three.other == -1).all()


def meet(ties: Ties, rows: list[int], buildings: list[int], **changed: float) -> None:
    settings = load_scenario("ly", {f"ties.{name}": value for name, value in changed.items()})
    act_together(
        np.array(rows),
        np.array(buildings, np.int32),
        stream(1, 0, Purpose.PARTNER),
        stream(1, 0, Purpose.ACQUAINT),
        np.arange(len(buildings), dtype=np.uint64),
        constants(settings.ties),
        ties.other,
        ties.strength,
        ties.near,
    )


def test_strangers_who_act_together_make_a_tie():
    ties = Ties(4)
    meet(ties, [0, 1, 2], [0, 0, 0, 0], crowding=0.0, joint_gain=0.2)
    assert sorted(ties.edges()) == [(i, j, np.float32(0.2)) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert not ties.near.any()


def test_those_who_know_each_other_grow_closer():
    ties = Ties(3)
    tie.py_func(ties.other, ties.strength, ties.near, 0, 1, 0.5, True)
    tie.py_func(ties.other, ties.strength, ties.near, 1, 2, 0.5, True)
    tie.py_func(ties.other, ties.strength, ties.near, 0, 2, 0.5, True)
    meet(ties, [0, 1, 2], [0, 0, 0], joint_gain=0.2)
    assert [strength for _, _, strength in ties.edges()] == pytest.approx([0.6, 0.6, 0.6])


def test_nobody_meets_alone_or_across_buildings():
    ties = Ties(4)
    meet(ties, [0, 2], [0, 0, 1, 1], crowding=0.0)
    assert ties.edges() == []


def test_in_a_ring_everybody_meets_two_and_who_has_ties_makes_few_more():
    made = []
    for crowding in (0.0, 10.0):
        ties = Ties(41)
        meet(ties, list(range(41)), [0] * 41, crowding=crowding)
        made.append(len(ties.edges()))
    # Without crowding all 41 meetings make a tie; with it, those of people who know nobody: about half.
    assert made[0] == 41
    assert 17 <= made[1] < 30


@pytest.mark.parametrize("neighbours", [0.0, 3.0, 8.0])
def test_after_months_both_ends_still_agree(compound, neighbours):
    ties = compound(**{"ties.neighbours": neighbours, "moving.migrant_rate": 0.1}).run().world.ties
    taken = ties.other >= 0
    assert taken.any()
    assert np.array_equal(taken, np.sort(taken, axis=1)[:, ::-1]), "slots are filled from the left"
    for i, k in zip(*np.nonzero(taken), strict=True):
        j = ties.other[i, k]
        back = np.nonzero(ties.other[j] == i)[0]
        assert back.size == 1
        assert i != j
        assert ties.strength[j, back[0]] == ties.strength[i, k]
        assert ties.near[j, back[0]] == ties.near[i, k]
        assert 0.0 < ties.strength[i, k] <= 1.0
