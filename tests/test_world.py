"""What exists: people in columns, dwellings, facilities, and what is checked of them."""

from typing import Any

import numpy as np
import pytest

from cosim.community import Community
from cosim.scenario import load_scenario
from cosim.world.chance import Purpose, stream
from cosim.world.columns import (
    GOVERNMENT,
    HOUSEHOLD_COLUMNS,
    LET,
    PARTNERS,
    PUBLIC_RENTAL,
    RESIDENT_COLUMNS,
    Column,
    Table,
)
from cosim.world.constants import constants
from cosim.world.facilities import COMPOUND, LARGEST_FAULT, LEAST_FAULT, Facilities, wear
from cosim.world.population import MOST_ADULTS, household_sizes


class TestColumns:
    """State is declared once."""

    @pytest.fixture
    def table(self) -> Table:
        share = Column("trust", np.float32, "share", 0, 1, "Trust", "信任", initial=0.5, width=2)
        return Table((share, Column("age", np.float32, "years", 18, 130, "Age", "年龄", initial=40)), rows=3)

    def test_begins_with_what_is_declared(self, table):
        assert table.age.tolist() == [40.0, 40.0, 40.0]
        assert table.trust.shape == (3, 2)
        assert (table.trust == 0.5).all()
        assert table.faults() == []

    def test_refuses_a_name_that_is_not(self, table):
        with pytest.raises(AttributeError, match="no column 'agee'"):
            _ = table.agee

    @pytest.mark.parametrize("wrong", [17.9, 130.5, np.nan, np.inf])
    def test_reports_what_leaves_its_range(self, table, wrong):
        table.age[1] = wrong
        assert table.faults() == ["age leaves [18, 130]"]

    def test_reports_every_column(self, table):
        table.age[0] = 0
        table.trust[2, 1] = -0.1
        assert table.faults() == ["trust leaves [0, 1]", "age leaves [18, 130]"]

    @pytest.mark.parametrize("columns", [RESIDENT_COLUMNS, HOUSEHOLD_COLUMNS], ids=["residents", "households"])
    def test_every_column_says_what_it_is(self, columns):
        assert len({column.name for column in columns}) == len(columns)
        for column in columns:
            assert column.unit
            assert column.en
            assert column.zh
            assert column.low <= column.initial <= column.high
            assert np.array(column.initial, column.dtype) == pytest.approx(column.initial)

    def test_an_empty_compound_is_in_range(self):
        assert Table(RESIDENT_COLUMNS, 0).faults() == []


class TestHouseholdSizes:
    """Adults are dealt out to dwellings, one after another, each by a draw of its own."""

    def test_everybody_has_a_place_and_no_dwelling_is_empty(self):
        sizes = household_sizes(1, 350, 1000)
        assert (len(sizes), sizes.sum()) == (350, 1000)
        assert sizes.min() >= 1

    def test_one_more_adult_enlarges_one_dwelling(self):
        for residents in range(100, 140):
            grown = household_sizes(1, 100, residents + 1) - household_sizes(1, 100, residents)
            assert np.sort(grown).tolist() == [0] * 99 + [1]

    def test_one_adult_each(self):
        assert household_sizes(1, 5, 5).tolist() == [1] * 5

    def test_a_full_compound_has_twelve_adults_everywhere(self):
        assert household_sizes(1, 3, 36).tolist() == [MOST_ADULTS] * 3

    def test_another_seed_is_another_allocation(self):
        assert household_sizes(1, 100, 300).tolist() != household_sizes(2, 100, 300).tolist()


class TestPopulation:
    """Facts of the scenario, seen in many people."""

    def test_shares_are_those_of_the_scenario(self, compound):
        world = compound(2000, 700, 20).world
        people, who = world.residents, world.settings.population
        # Standard errors: 0.018 for 700 households, below 0.011 for 2,000 adults.
        assert world.households.migrant.mean() == pytest.approx(who.migrant_share, abs=3.3 * 0.018)
        assert world.households.keeps.mean() == pytest.approx(world.settings.commons.initial_share, abs=3.3 * 0.019)
        assert world.households.pays.mean() == pytest.approx(world.settings.fee.initial_share, abs=3.3 * 0.018)
        assert people.member.mean() == pytest.approx(who.member_share, abs=3.3 * 0.011)
        assert (people.cooperator == 1).mean() == pytest.approx(who.free_riders, abs=3.3 * 0.011)
        assert (people.cooperator == 2).mean() == pytest.approx(who.hump_shaped, abs=3.3 * 0.011)

    def test_set_points_have_the_mean_spread_and_common_part_that_they_should(self, compound):
        world = compound(2000, 700, 20).world
        points, trust = world.residents.set_point.astype(float), world.settings.trust
        assert points[:, GOVERNMENT].mean() == pytest.approx(trust.government, abs=0.01)
        assert points[:, GOVERNMENT].std() == pytest.approx(trust.spread, abs=0.01)
        # What all targets share in one person correlates them: 0.09 squared over 0.14 squared.
        together = np.corrcoef(points[:, GOVERNMENT], points[:, PARTNERS])[0, 1]
        assert together == pytest.approx((trust.common_spread / trust.spread) ** 2, abs=0.06)

    def test_profiles_say_who_is_old_has_children_or_came_from_elsewhere(self, compound):
        world = compound().world
        people, homes = world.residents, world.households
        assert np.array_equal(people.profile & 1 == 1, people.age >= 60)
        assert np.array_equal(people.profile & 2 == 2, homes.children[people.household])
        assert np.array_equal(people.profile & 4 == 4, homes.migrant[people.household])

    def test_tenure_is_that_of_the_households_origin(self, compound):
        world = compound(2000, 700, 20).world
        homes, who = world.households, world.settings.population
        migrants, others = homes.tenure[homes.migrant], homes.tenure[~homes.migrant]
        # Standard errors: 0.021 among some 280 migrant households, below 0.014 among the others.
        assert (migrants == LET).mean() == pytest.approx(who.migrants_rent, abs=3.3 * 0.021)
        assert not (migrants == PUBLIC_RENTAL).any()
        assert (others == PUBLIC_RENTAL).mean() == pytest.approx(who.public_rental, abs=3.3 * 0.014)
        assert (others == LET).mean() == pytest.approx(who.let, abs=3.3 * 0.014)

    def test_rows_of_a_building_stand_together(self, compound):
        world = compound().world
        assert (np.diff(world.residents.building) >= 0).all()
        here = [world.people_at(building) for building in range(5)]
        assert np.concatenate(here).tolist() == world.people_at(COMPOUND).tolist() == list(range(200))

    def test_arrivals_keep_the_share_of_migrants(self, village):
        """Of 100 households 40 are migrant: 1.0 of them leave a month, and 0.18 of the others."""
        world = village.world
        world.settings = load_scenario(
            "village",
            {"population.migrant_share": 0.4, "moving.migrant_rate": 0.025, "moving.long_term_rate": 0.003},
        )
        assert world.arriving_migrants() == pytest.approx(1.0 / 1.18)

    def test_where_nobody_leaves_arrivals_are_like_everybody(self, village):
        world = village.world
        world.settings = load_scenario("village", {"moving.migrant_rate": 0.0, "moving.long_term_rate": 0.0})
        assert world.arriving_migrants() == world.settings.population.migrant_share

    def test_constants_are_the_numbers_of_their_section(self):
        scenario = load_scenario("ly")
        record = constants(scenario.trust)
        assert record.gain == np.float32(scenario.trust.gain)
        assert all(isinstance(value, np.float32) for value in constants(scenario.population))


class TestFacilities:
    """Wear, faults and upkeep, for one category that serves a building and one that serves all."""

    @staticmethod
    def month(start: float, **changed: float) -> np.ndarray:
        """Return condition after a month: three buildings; the second category is the compound's."""
        return TestFacilities.month_and_faults(start, **changed)[0]

    @staticmethod
    def month_and_faults(start: float, **changed: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return condition after a month and what broke; `keeping` is a share for each building."""
        condition = np.full((3, 2), start, np.float32)
        broken = np.ones((3, 2), np.bool_)
        facts = {
            "deterioration": 0.0,
            "fault": 0.0,
            "upkeep_share": 0.0,
            "effort": 0.0,
            "upkeep": 0.0,
            "intensity": 0.0,
            "commons": [False, False],
            "keeping": [0.5, 0.5, 0.5],
        } | changed
        wear(
            condition,
            broken,
            np.array([False, True]),
            np.array(facts["commons"]),
            np.array(facts["keeping"], np.float32),
            np.full(2, facts["deterioration"]),
            np.full(2, facts["fault"]),
            np.full(2, facts["upkeep_share"]),
            facts["effort"],
            facts["upkeep"],
            facts["intensity"],
            stream(1, 0, Purpose.FAULT),
            stream(1, 0, Purpose.SEVERITY),
        )
        return condition, broken

    def test_nothing_happens_of_itself(self):
        assert (self.month(0.5) == 0.5).all()

    def test_wear_is_a_share_of_what_stands_above_ruin(self):
        assert self.month(0.52, deterioration=0.05) == pytest.approx(0.5, abs=1e-7)

    def test_upkeep_is_share_times_effort_of_what_is_missing(self):
        assert self.month(0.5, upkeep_share=0.8, effort=0.5, upkeep=0.1) == pytest.approx(0.52, abs=1e-7)

    def test_a_fault_takes_what_its_place_draws(self):
        lost = 0.8 - self.month(0.8, fault=1.0)
        assert (lost >= LEAST_FAULT).all()
        assert (lost <= LARGEST_FAULT).all()
        assert len(set(lost[:, 0].tolist())) == 3
        assert len(set(lost[:, 1].tolist())) == 1

    def test_what_broke_is_noted_where_it_did_and_forgotten_in_a_quiet_month(self):
        condition, broken = self.month_and_faults(0.8, fault=0.5)
        assert np.array_equal(broken[:, 0], condition[:, 0] < 0.8)
        assert {bool(b) for b in broken[:, 0]} == {True, False}
        assert broken[0, 1] == (condition[0, 1] < 0.8)
        _, broken = self.month_and_faults(0.8)
        assert not broken[:, 0].any()
        assert not broken[0, 1]

    def test_commons_wear_by_what_the_households_of_their_place_do_to_them(self):
        """Of 0.4 above ruin: 0.1 where half encroach; 0.1 x (1 + 0.4) where all do, 0.1 x (1 - 0.4) where nobody does.

        What serves the compound wears by the mean of the buildings, here one half.
        """
        facts = {"deterioration": 0.25, "intensity": 0.8, "keeping": [0.0, 0.5, 1.0]}
        condition = self.month(0.52, commons=[True, True], **facts)
        assert condition[:, 0] == pytest.approx([0.38, 0.42, 0.46], abs=1e-6)
        assert condition[:, 1] == pytest.approx([0.42] * 3, abs=1e-6)
        assert self.month(0.52, **facts) == pytest.approx(0.42, abs=1e-6)

    def test_there_is_nothing_below_nothing(self):
        assert (self.month(0.0, fault=1.0) == 0.0).all()

    @pytest.fixture
    def facilities(self, village) -> Facilities:
        return village.world.facilities

    def test_an_order_belongs_to_the_building_or_to_the_compound(self, facilities):
        heating, parcels = facilities.names.index("heating"), facilities.names.index("parcels")
        assert facilities.place(heating, 1) == 1
        assert facilities.place(parcels, 1) == COMPOUND

    def test_what_is_set_at_a_place_is_read_there(self, facilities):
        facilities.set_condition(0, 1, 0.75)
        facilities.set_condition(7, COMPOUND, 0.25)
        assert facilities.condition[:, 0].tolist() == [pytest.approx(0.55), 0.75]
        assert facilities.condition[:, 7].tolist() == [0.25, 0.25]
        assert facilities.condition_at(0, 1) == 0.75
        assert facilities.condition_at(7, COMPOUND) == 0.25

    def test_needs_are_weights_that_sum_to_one(self, facilities):
        assert facilities.needs.shape == (8, 12)
        assert facilities.needs.sum(axis=1) == pytest.approx(1.0)
        care = facilities.names.index("elderly_care")
        assert facilities.needs[1, care] > facilities.needs[0, care]

    def test_who_needs_nothing_in_particular_needs_everything_alike(self):
        scenario = load_scenario("village", {f"categories.{name}.need": 0.0 for name in load_scenario("ly").categories})
        assert Facilities(scenario).needs == pytest.approx(1 / 12)


class TestFaults:
    """`check=True` notices when something has been lost."""

    def test_people_are_followed_from_row_to_row(self, village):
        world = village.world
        asked = world.people_in(np.array([2, 3, 4])).tolist()
        assert world.still_here(asked).tolist() == [2, 3, 4]
        world.vacate(np.array([3], np.int32))
        world.residents.arrival[4] += 1
        assert world.still_here(asked).tolist() == [2]

    def test_a_sound_world_has_none(self, village):
        assert village.run().world.faults() == []

    def test_an_empty_dwelling(self, village):
        world = village.world
        world.vacate(world.rows_of(np.array([0])))
        assert world.faults() == ["households: 4 inhabited of 5"]

    def test_a_tie_to_somebody_who_left(self, compound):
        world = compound().world
        i, _, _ = world.ties.edges()[0]
        world.residents.present[i] = False
        assert "people: somebody who left still has ties" in world.faults()
        assert "people: somebody is tied to a person who left" in world.faults()

    def test_a_value_out_of_range_stops_a_checked_run(self, village):
        village.step()
        village.world.residents.hours[0] = -1.0
        with pytest.raises(RuntimeError, match=r"month -1: hours leaves \[0, 400\]"):
            village.step()

    def test_hours_that_nobody_had_stop_a_checked_run(self, village):
        def overwork(world, institutions):
            institutions.government.hours.used += 1000.0

        village.phases = (*village.phases, overwork)
        with pytest.raises(RuntimeError, match=r"month -2: hours: government used 10\d\d\.\d\d of"):
            village.step()

    def test_an_unchecked_run_goes_on(self):
        village = Community("village", rng=1)
        village.step()
        village.world.residents.hours[0] = -1.0
        village.step()
        assert village.world.faults() == ["hours leaves [0, 400]"]
