"""Lift retrofit: who gains and who pays by floor, what compensation does, and how owners decide."""

import numpy as np
import pytest

from cosim import Community
from cosim.mechanisms.lift_retrofit import LiftRetrofit, agreeing, gain_of, terms_of
from cosim.world.columns import LET, NEVER, OWNED

FLOORS = np.repeat(np.arange(6), 2)
SMALL = {
    "population.residents": 240,
    "population.households": 90,
    "population.buildings": 5,
    "study.warmup_months": 0,
    "study.months": 30,
}


def community(**said):
    over = {f"mechanisms.lift_retrofit.{key}": value for key, value in {"offered": True, **said}.items()}
    return Community("multi_centre", rng=1, check=True, **SMALL, **over)


class TestTerms:
    def test_the_top_gains_and_the_ground_floor_loses(self):
        assert gain_of.py_func(5, 5, 0.25, 0.05) == pytest.approx(0.25)
        assert gain_of.py_func(0, 5, 0.25, 0.05) == pytest.approx(-0.05)
        assert np.all(np.diff(terms_of(np.arange(6), LiftRetrofit()).gain) > 0)

    def test_the_cost_is_shared_by_floor_and_the_subsidy_is_taken_off(self):
        terms = terms_of(FLOORS, LiftRetrofit(subsidy=0.4))
        assert terms.cost.sum() == pytest.approx(0.6 * 500_000.0)
        assert terms.cost[0] == 0.0
        assert terms.cost[-1] == pytest.approx(5 * terms.cost[2])

    def test_compensation_goes_from_floors_that_gain_to_those_that_lose_and_nothing_is_lost(self):
        terms = terms_of(FLOORS, LiftRetrofit(compensation=1.0))
        assert terms.compensation.sum() == pytest.approx(0.0, abs=1e-6)
        assert np.all(terms.compensation[terms.gain < 0] > 0)
        assert terms.surplus[0] == pytest.approx(0.0, abs=1e-6), "all of the loss is made good"
        assert np.all(terms.compensation[-2:] < 0)

    def test_without_compensation_the_ground_floor_is_left_with_its_loss(self):
        said = LiftRetrofit(compensation=0.0)
        assert terms_of(FLOORS, said).surplus[0] == pytest.approx(-said.loss * said.worth)

    def test_half_a_compensation_makes_half_good(self):
        surplus = [terms_of(FLOORS, LiftRetrofit(compensation=share)).surplus[0] for share in (0.0, 0.5, 1.0)]
        assert surplus[1] == pytest.approx((surplus[0] + surplus[2]) / 2)

    def test_more_surplus_and_more_trust_make_agreeing_likelier(self):
        likely = [agreeing.py_func(surplus, 75_000.0, 0.5, 6.0, 4.0) for surplus in (-50_000.0, 0.0, 50_000.0)]
        assert likely == sorted(likely)
        assert likely[1] == pytest.approx(0.5)
        assert agreeing.py_func(0.0, 75_000.0, 0.8, 6.0, 4.0) > 0.5


class TestStairwells:
    def test_every_dwelling_is_on_one_floor_of_one_stairwell(self):
        world = (it := community(homes=6, floors=3)).world
        lifts = it.mechanisms[0]
        assert lifts.first[0] == 0
        assert lifts.first[-1] == world.households.rows
        buildings = world.households.building
        for low, high in zip(lifts.first[:-1], lifts.first[1:], strict=True):
            assert len(set(buildings[low:high].tolist())) == 1
            floors = lifts.floor[low:high].tolist()
            assert floors == sorted(floors)
            assert set(floors) == {0, 1, 2}

    def test_a_building_smaller_than_a_stairwell_is_one(self):
        lifts = community(homes=60).mechanisms[0]
        assert len(lifts.begun) == SMALL["population.buildings"]


class TestDecision:
    def test_where_all_gain_a_lift_is_built_and_lived_with(self):
        it = community(subsidy=1.0, loss=0.0, w_surplus=100.0, months=2, proposal_hours=0.1).run()
        lifts, at_home = it.mechanisms[0], it.world.circumstances.at_home
        assert it.months["lifts"].iloc[-1] > 0.5
        built = np.nonzero(lifts.begun > NEVER)[0]
        homes = it.world.households
        for stairwell in built.tolist():
            top = lifts.first[stairwell + 1] - 1
            assert at_home[homes.first[top]] == pytest.approx(0.25)
        unbuilt = [h for s in np.nonzero(lifts.begun == NEVER)[0] for h in range(lifts.first[s], lifts.first[s + 1])]
        assert not at_home[homes.first[unbuilt]].any()

    def test_where_it_is_worth_nothing_nobody_agrees(self):
        months = community(subsidy=0.0, w_surplus=100.0, proposal_hours=0.1, cost=1e8).run().months
        assert months["lifts"].max() == 0.0
        assert months["lifts_refused"].sum() > 0

    def test_a_quorum_is_needed(self):
        it = community(subsidy=1.0, loss=0.0, w_surplus=100.0, proposal_hours=0.1)
        homes = it.world.households
        homes.tenure[:] = LET
        it.run()
        assert it.months["lifts"].max() == 0.0, "absent owners, few of whom send a proxy, make no quorum"

    def test_nobody_is_asked_without_the_committees_hours(self):
        months = community(subsidy=1.0, proposal_hours=10_000.0).run().months
        assert months[["lifts", "lifts_refused"]].to_numpy().sum() == 0.0

    def test_a_stairwell_that_refused_is_asked_again_a_year_later(self):
        it = community(subsidy=0.0, w_surplus=100.0, cost=1e8, proposal_hours=0.01).run()
        refused = it.months.set_index("month")["lifts_refused"]
        stairwells = len(it.mechanisms[0].begun)
        assert refused.loc[[0, 12, 24]].tolist() == [stairwells] * 3
        assert refused.sum() == 3 * stairwells

    def test_the_outvoted_ground_floor_falls_out_unless_it_is_compensated(self):
        """Only the ground floor has something to lose; all others are bound to agree."""
        said = {"subsidy": 1.0, "loss": 0.2, "gain": 1.0, "floors": 9, "homes": 18, "w_surplus": 100.0, "quarrel": 1.0}
        quarrels = {}
        for share in (0.0, 1.0):
            it = community(**said, compensation=share, proposal_hours=0.01, running=0.0)
            it.world.households.tenure[:] = OWNED
            it.step()
            lifts = it.mechanisms[0]
            quarrels[share] = len(it.world.circumstances.fall_out)
            assert (lifts.begun > NEVER).any()
        assert quarrels[0.0] > 0
        assert quarrels[1.0] == 0

    def test_who_falls_out_is_in_a_dispute_and_never_agrees_to_anything(self):
        it = community(subsidy=1.0, loss=0.2, gain=1.0, floors=9, homes=18, w_surplus=100.0, quarrel=1.0,
                       proposal_hours=0.01)  # fmt: skip
        it.world.households.tenure[:] = OWNED
        it.step()
        pairs = it.world.circumstances.fall_out
        rivals = it.world.households.rival
        assert [rivals[one] for one, _ in pairs] == [other for _, other in pairs]


class TestBooks:
    def test_who_pays_what(self):
        months = community(subsidy=0.4, worth=5e6, cost=500_000.0, running=0.0, proposal_hours=0.01).run().months
        without = Community("multi_centre", rng=1, **SMALL).run().months
        row = months[months["lifts_refused"].notna()].iloc[0]
        begun = (row["cost_residents"] - without["cost_residents"].iloc[0]) / 300_000.0
        assert begun > 0
        assert begun == pytest.approx(round(begun))
        assert (row["cost_government"] - without["cost_government"].iloc[0]) == pytest.approx(begun * 200_000.0)

    def test_compensation_is_counted_where_it_is_paid_and_costs_the_community_nothing(self):
        said = {"subsidy": 1.0, "worth": 5e6, "running": 0.0, "proposal_hours": 0.01}
        first = {share: community(**said, compensation=share).run().months.iloc[0] for share in (0.0, 1.0)}
        assert first[0.0]["lift_compensation"] == 0.0
        assert first[1.0]["lift_compensation"] > 0.0
        assert first[1.0]["cost_residents"] == first[0.0]["cost_residents"]
