"""Residents as Mesa agents: views of one row, for as long as that person lives there."""

import numpy as np
import pytest

from cosim.agents.residents import HasLeft, LongTermResident, Migrant, PartyMember, Resident
from cosim.world.columns import GOVERNMENT, RESIDENT_COLUMNS


@pytest.fixture
def someone(village) -> Resident:
    return village.resident(3)


def test_shows_every_column_of_the_row(village, someone):
    people = village.world.residents
    for column in RESIDENT_COLUMNS:
        assert np.array_equal(getattr(someone, column.name), getattr(people, column.name)[3]), column.name
    assert someone.trust_government == people.trust[3, GOVERNMENT]


def test_shows_the_row_as_it_is_now(village, someone):
    village.world.residents.belonging[3] = 0.875
    assert someone.belonging == 0.875


def test_what_it_hands_out_is_a_copy(village, someone):
    someone.trust[:] = 0.0
    assert village.world.residents.trust[3].min() > 0.0


def test_knows_its_neighbours(compound):
    community = compound()
    one, other, strength = community.world.ties.edges()[0]
    assert community.resident(one).neighbours[other] == community.resident(other).neighbours[one] == strength
    assert len(community.resident(one).neighbours) == (community.world.ties.other[one] >= 0).sum()


@pytest.mark.parametrize("asked", ["age", "trust_party", "neighbours"])
def test_a_person_who_left_cannot_be_asked(village, someone, asked):
    village.world.vacate(np.array([3], np.int32))
    with pytest.raises(HasLeft, match="the person of row 3, arrival 0, has left the compound"):
        getattr(someone, asked)


def test_nor_be_taken_for_whoever_lives_there_next(village, someone):
    dwelling = village.world.residents.household[3]
    before = set(village.agents)
    village.world.vacate(village.world.rows_of(np.array([dwelling])))
    village.world.settle(np.array([dwelling], np.int32))
    with pytest.raises(HasLeft, match="row 3, arrival 0"):
        _ = someone.age
    successor = village.resident(3)
    assert successor is not someone
    assert successor.arrived == village.world.month
    assert someone not in village.agents
    assert successor in set(village.agents) - before


@pytest.mark.parametrize("name", ["agee", "trust_nobody"])
def test_has_no_other_attribute(someone, name):
    with pytest.raises(AttributeError, match=f"has no '{name}'"):
        getattr(someone, name)


@pytest.mark.parametrize("row", [-1, 12])
def test_a_row_that_does_not_exist_has_nobody(village, row):
    with pytest.raises(LookupError, match=f"nobody lives in row {row}; rows go from 0 to 11"):
        village.resident(row)


def test_an_empty_row_has_nobody(village):
    village.world.vacate(np.array([3], np.int32))
    with pytest.raises(LookupError, match="nobody lives in row 3"):
        village.resident(3)


def test_a_member_is_a_member_whatever_the_origin(compound):
    community = compound(**{"population.member_share": 0.5, "population.migrant_share": 0.5})
    kinds = community.agents_by_type
    people = community.world.residents
    assert len(kinds[PartyMember]) == people.member.sum()
    assert len(kinds[Migrant]) == (people.migrant & ~people.member).sum()
    assert len(kinds[LongTermResident]) == (~people.migrant & ~people.member).sum()
    assert {agent.migrant for agent in kinds[PartyMember]} == {True, False}
