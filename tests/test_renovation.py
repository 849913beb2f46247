"""The renovation programme: a pilot, then phases; within its grant, and whatever the mode of supply."""

import numpy as np
import pytest

from cosim.community import Community
from cosim.scenario import ScenarioError, load_scenario

HOMES, BUILDINGS = 14, 5
"""Households of a building, and buildings."""
COSTS = {"water": 10_560.0, "power_gas": 10_560.0, "heating": 16_320.0, "fire_safety": 8_720.0}
"""By hand, at the condition of the start: 12,000 x (0.25 + 1.4 x 0.45), and so on."""
ROADS = 3_248.0
"""The compound's roads and parking: 14,000 per 1,000 residents, here 200, x (0.25 + 1.4 x 0.65)."""
GOOD, UNWATCHED = 0.92, 0.78


def programme(compound, **overrides: object) -> Community:
    """Return a compound in which nothing happens but a programme with phases of two months, a building each.

    Nothing wears or breaks, nobody orders anything, and no work misses the need.
    """
    community = compound(**{
        "renovation.grant": 10_000.0, "renovation.pilot": 0.2, "renovation.months": 2, "study.months": 14,
        "deliberate.missed": 0.0, "taking_part.order_threshold": 2.0, "taking_part.steepness": 50.0, **overrides,
    })  # fmt: skip
    f = community.world.facilities
    f.deterioration[:] = f.fault[:] = f.upkeep_share[:] = 0.0
    return community


def until(community: Community, month: int) -> Community:
    """Step until a month has passed."""
    while community.world.month < month or not community._record:
        community.step()
    return community


def condition(community: Community, *names: str) -> np.ndarray:
    f = community.world.facilities
    return f.condition[:, [f.names.index(name) for name in names]]


class TestPhases:
    """A pilot, then phase by phase, then what serves the whole compound."""

    def test_the_pilot_comes_first_and_the_others_follow(self, compound):
        community = programme(compound)
        before = condition(community, *COSTS).copy()
        for month in range(10):
            done = (month + 1) // 2
            now = condition(until(community, month), *COSTS)
            assert now[:done] == pytest.approx(GOOD)
            assert np.array_equal(now[done:], before[done:])
            assert community.world.renovated.tolist() == [True] * done + [False] * (BUILDINGS - done)

    def test_what_serves_the_compound_comes_last(self, compound):
        community = programme(compound)
        assert condition(until(community, 8), "roads_parking") == pytest.approx(0.35)
        assert condition(until(community, 9), "roads_parking") == pytest.approx(GOOD)

    def test_a_pilot_of_every_building_is_the_programme(self, compound):
        community = until(programme(compound, **{"renovation.pilot": 1.0}), 1)
        assert condition(community, *COSTS, "roads_parking") == pytest.approx(GOOD)

    def test_it_begins_in_its_month(self, compound):
        community = programme(compound, **{"renovation.start": 3})
        assert not until(community, 3).world.renovated.any()
        assert until(community, 4).world.renovated.tolist() == [True] + [False] * 4

    def test_works_are_lived_with_where_they_are_and_while_they_are(self, compound):
        works = []
        programme(compound, observers=[lambda c: works.append(c.world.circumstances.works.copy())]).run()
        under_way = np.array(works)
        assert under_way.shape == (16, BUILDINGS)
        for month in range(14):
            here = [1.0 if building == month // 2 else 0.0 for building in range(BUILDINGS)]
            assert under_way[month + 2].tolist() == here
        assert under_way[:2].max() == 0.0

    def test_works_bring_disputes(self, compound):
        likely = {"disputes.by_works": 0.5, "disputes.by_encroachment": 0.0}
        assert programme(compound, **likely).run().months["disputes"].max() > 0.0
        assert programme(compound, **likely, **{"renovation.grant": 0.0}).run().months["disputes"].max() == 0.0


class TestMoney:
    """A grant for every household; what is not spent goes back."""

    @pytest.mark.parametrize("grant", [100.0, 650.0, 1300.0, 2000.0, 3300.0, 10_000.0])
    def test_no_more_is_spent_than_granted_and_every_yuan_in_the_ledger(self, compound, grant):
        work = []

        def look(c: Community) -> None:
            done = int(c.world.renovated.sum())
            assert c.world.renovation_spent <= grant * HOMES * (done if done < BUILDINGS else BUILDINGS) + 1e-6
            work.append(c.world.ledger.work.sum(axis=1))
            assert c.world.ledger.balance.get("renovation", 0.0) == pytest.approx(0.0, abs=1e-6)

        community = programme(compound, observers=[look], **{"renovation.grant": grant}).run()
        assert sum(work)[0] == pytest.approx(community.world.renovation_spent)
        assert sum(work)[1:].tolist() == [0.0, 0.0]

    def test_one_dearer_than_everything_is_bounded_by_what_the_works_cost(self, compound):
        spent = BUILDINGS * sum(COSTS.values()) + ROADS
        for grant in (4_000.0, 200_000.0):
            community = programme(compound, **{"renovation.grant": grant}).run()
            assert community.world.renovation_spent == pytest.approx(spent, rel=1e-5)

    @pytest.mark.parametrize("grant", [0.0, 40.0])
    def test_one_too_small_does_nothing(self, compound, grant):
        """2,800 yuan together: less than the roads cost, and 560 a building less than the cheapest work."""
        community = programme(compound, **{"renovation.grant": grant})
        before = community.world.facilities.condition.copy()
        assert np.array_equal(community.run().world.facilities.condition, before)
        assert community.world.renovation_spent == 0.0

    def test_what_a_building_cannot_do_with_its_part_serves_the_compound(self, compound):
        community = programme(compound, **{"renovation.grant": 240.0}).run()  # 3,360 a building, 16,800 together
        assert community.world.renovation_spent == pytest.approx(ROADS, rel=1e-5)
        assert condition(community, "roads_parking") == pytest.approx(GOOD)

    def test_the_worst_is_done_first_as_far_as_the_money_goes(self, compound):
        """Fire safety (0.4) and heating (0.45) cost 25,040; then neither water nor power (10,560) is within reach."""
        community = programme(compound, **{"renovation.grant": 2_400.0}).run()  # 33,600 a building
        assert condition(community, "fire_safety", "heating") == pytest.approx(GOOD)
        assert condition(community, "water", "power_gas") == pytest.approx(0.55)

    def test_a_work_beyond_the_purse_leaves_it_to_a_cheaper_one(self, compound):
        community = programme(compound, **{"renovation.grant": 1_400.0}).run()  # 19,600: fire safety and water
        assert condition(community, "fire_safety", "water") == pytest.approx(GOOD)
        assert condition(community, "heating", "power_gas")[:, 0] == pytest.approx(0.45)
        assert condition(community, "heating", "power_gas")[:, 1] == pytest.approx(0.55)


class TestWork:
    """What it covers, and how well it is done."""

    def test_it_covers_the_basic_tier_alone(self, compound):
        community = programme(compound)
        others = [name for name in community.world.facilities.names if name not in {*COSTS, "roads_parking"}]
        before = condition(community, *others).copy()
        assert np.array_equal(condition(community.run(), *others), before)

    def test_or_what_it_names(self, compound):
        community = programme(compound, **{"renovation.categories": ("security", "culture")})
        before = condition(community, *COSTS, "roads_parking").copy()
        community.run()
        assert condition(community, "security", "culture") == pytest.approx(GOOD)
        assert np.array_equal(condition(community, *COSTS, "roads_parking"), before)

    def test_nobody_names_what_is_not_there(self):
        with pytest.raises(ScenarioError, match=r"(?s)there is no 'watr'\n.*did you mean 'water'\?"):
            load_scenario("ly", {"renovation.categories": ("watr",)})

    def test_without_the_governments_hours_it_is_done_worse(self, compound):
        community = programme(compound, **{"renovation.supervision_hours": 10_000.0}).run()
        assert condition(community, *COSTS, "roads_parking") == pytest.approx(UNWATCHED)

    def test_supervision_takes_hours_of_the_government_for_every_building(self, compound):
        community = until(programme(compound, **{"renovation.pilot": 0.4, "renovation.supervision_hours": 3.0}), 0)
        assert community.institutions.government.hours.uses["renovation"] == 6.0

    def test_the_pilot_runs_the_whole_risk_of_missing_the_need_and_later_phases_half(self, compound):
        """What misses brings half of the way: with a risk of 1 all of the pilot, later one in two."""
        place = {"population.households": 100, "population.buildings": 50}
        community = programme(compound, **place, **{"deliberate.missed": 1.0, "renovation.pilot": 0.5}).run()
        now = condition(community, "water")[:, 0]
        halfway = np.float32((0.55 + GOOD) / 2)
        missed = np.isclose(now, halfway)
        assert missed[:25].all()
        assert now[~missed] == pytest.approx(GOOD)
        assert 4 <= missed[25:].sum() <= 21  # of 25 at one in two

    def test_one_centre_or_many_it_does_the_same(self, compound):
        arms = [programme(compound, **{"supply.mode": mode}).run() for mode in ("single_centre", "multi_centre")]
        assert arms[0].world.renovation_spent == arms[1].world.renovation_spent > 0.0
        assert np.array_equal(*(arm.world.facilities.condition for arm in arms))
        assert not any(arm.world.orders.counts["placed"] for arm in arms)
