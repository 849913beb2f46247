"""Commons care and disputes: norms spread, those who enforce them need time, and neighbours fall out."""

import numpy as np
import pytest

from cosim.community import Community
from cosim.month.commons import care, commons, keeping_share
from cosim.month.disputes import disputes, quarrel
from cosim.world.columns import NEIGHBOURS, PARTY

QUIET = {"study.warmup_months": 0, "disputes.by_encroachment": 0.0, "disputes.by_works": 0.0}
KNOWN = {
    "norms.watch_hours": 12.0, "norms.sanction_hours": 0.5, "norms.mediation_hours": 2.0, "norms.mediated": 0.5,
    "commons.ill_will": 0.4, "commons.conduct_seen": 0.5,
    "disputes.hurt": 0.6, "disputes.relief": 0.3, "disputes.settling": 0.08,
}  # fmt: skip
"""What the answers below are worked out from."""


def opened(compound, **overrides: object) -> Community:
    """Return a compound whose first month has opened: hours and money are there, nothing has happened yet."""
    community = compound(**(QUIET | KNOWN | overrides))
    community.world.open_month(0)
    for body in community.institutions.all():
        body.receive_budget()
        body.open_month()
    return community


def another_month(community: Community) -> None:
    """Open the next month."""
    community.world.circumstances.own[:] = 0.0
    community.world.open_month(community.world.month + 1)
    for body in community.institutions.all():
        body.open_month()


class TestKeeping:
    """Households follow what they see others do."""

    @staticmethod
    def after(compound, seen: float, **overrides: object) -> np.ndarray:
        """Return who keeps after a month in which everybody reconsiders; only the first half of buildings keeps."""
        community = compound(600, 400, 2, **(QUIET | {"commons.review": 1.0, "commons.w_others": 10.0} | overrides))
        world = community.world
        world.households.keeps[:] = world.households.building == 0
        world.keeping = keeping_share(world)
        assert world.keeping.tolist() == [1.0, 0.0]
        world.circumstances.conduct_seen = seen
        care(world)
        homes = world.households
        assert world.keeping == pytest.approx([homes.keeps[homes.building == b].mean() for b in (0, 1)])
        return world.keeping

    def test_it_spreads_among_those_who_see_it(self, compound):
        among_keepers, among_others = self.after(compound, 1.0)
        assert among_keepers > among_others + 0.3

    def test_what_nobody_sees_does_not_spread(self, compound):
        among_keepers, among_others = self.after(compound, 0.0)
        assert among_keepers == pytest.approx(among_others, abs=0.15)  # three standard errors of 200 households

    def test_free_riders_do_not_care_what_others_do(self, compound):
        unmoved = {"population.free_riders": 1.0, "population.hump_shaped": 0.0}
        among_keepers, among_others = self.after(compound, 1.0, **unmoved)
        assert among_keepers == pytest.approx(among_others, abs=0.15)

    def test_who_does_not_reconsider_goes_on(self, compound):
        assert self.after(compound, 1.0, **{"commons.review": 0.0}).tolist() == [1.0, 0.0]

    def test_belonging_keeps(self, compound):
        shares = []
        for belonging in (0.0, 1.0):
            community = compound(600, 400, 2, **(QUIET | {"commons.review": 1.0}))
            community.world.residents.belonging[:] = belonging
            care(community.world)
            shares.append(community.world.households.keeps.mean())
        assert shares[1] > shares[0] + 0.2


class TestNorms:
    """Watching, sanctions, publicity and rewards, each for its price."""

    @pytest.mark.parametrize(
        ("watch", "sanctions", "met"), [(0.0, 1.0, (0.0, 0.0)), (0.5, 0.0, (0.5, 0.0)), (0.5, 0.8, (0.5, 0.8))]
    )
    def test_watch_and_sanctions_need_one_another(self, compound, watch, sanctions, met):
        community = opened(compound, **{"norms.watch": watch, "norms.sanctions": sanctions})
        commons(community.world, community.institutions)
        c = community.world.circumstances
        assert (c.watch, c.sanction) == met
        assert community.world.households.warned.any() == (met[1] > 0.0)

    def test_alone_neither_changes_anything_together_they_keep_more(self, compound):
        def keeping(watch: float, sanctions: float) -> list[float]:
            norms = {"norms.watch": watch, "norms.sanctions": sanctions, "study.months": 12}
            return compound(**norms).run().months["keeping"].tolist()

        nothing = keeping(0.0, 0.0)
        assert keeping(1.0, 0.0) == keeping(0.0, 1.0) == nothing
        assert keeping(1.0, 1.0)[-1] > nothing[-1] + 0.1

    def test_they_take_hours_and_without_them_do_not_happen(self, compound):
        norms = {"norms.watch": 0.5, "norms.sanctions": 0.8}
        community = opened(compound, **norms)
        encroaching = int((~community.world.households.keeps).sum())
        commons(community.world, community.institutions)
        uses = community.institutions.committee.hours.uses
        assert uses["watching"] == pytest.approx(12.0 * 0.2 * 0.5)
        assert uses["sanctions"] == pytest.approx(0.5 * encroaching * 0.5)
        community = opened(compound, **norms, **{"norms.sanction_hours": 100.0})
        commons(community.world, community.institutions)
        assert (community.world.circumstances.watch, community.world.circumstances.sanction) == (0.5, 0.0)
        community = opened(compound, **norms, **{"norms.watch_hours": 10_000.0})
        commons(community.world, community.institutions)
        assert (community.world.circumstances.watch, community.world.circumstances.sanction) == (0.0, 0.0)

    def test_a_first_offence_is_only_warned_and_the_next_one_resented(self, compound):
        never = {"commons.intercept": -10.0, "commons.w_sanction": 0.0}
        community = opened(compound, **never, **{"norms.watch": 1.0, "norms.sanctions": 0.5})
        world, c, homes = community.world, community.world.circumstances, community.world.households
        offending = ~homes.keeps
        commons(world, community.institutions)
        assert np.array_equal(homes.warned, offending)
        assert np.abs(c.own).max() == 0.0

        another_month(community)
        again = ~homes.keeps & homes.warned
        commons(world, community.institutions)
        assert again.any()
        resenting = again[world.residents.household]
        assert c.own[resenting, PARTY] == pytest.approx(-0.4 * 0.5)
        assert np.abs(c.own[~resenting]).max() == 0.0
        assert np.abs(np.delete(c.own, PARTY, axis=1)).max() == 0.0

    def test_who_keeps_is_never_warned(self, compound):
        always = {"commons.initial_share": 1.0, "commons.intercept": 10.0}
        community = compound(**always, **{"norms.watch": 1.0, "norms.sanctions": 1.0}).run()
        assert not community.world.households.warned.any()

    def test_a_household_that_moves_in_has_not_been_warned(self, compound):
        world = opened(compound).world
        world.households.warned[:] = True
        world.vacate(world.rows_of(np.array([3])))
        world.settle(np.array([3], np.int32))
        assert np.nonzero(~world.households.warned)[0].tolist() == [3]

    def test_rewards_are_paid_to_those_who_keep_until_the_budget_is_out(self, compound):
        community = opened(compound, **{"norms.rewards": 120.0, "government.budget": 60.0})  # 1,000 yuan a month
        world, government = community.world, community.institutions.government
        keeping = int(world.households.keeps.sum())
        commons(world, community.institutions)
        assert world.circumstances.reward == pytest.approx(1.2)
        assert world.ledger.overhead["government"] == pytest.approx(10.0 * keeping)
        left = world.ledger.balance["government"]
        assert left == pytest.approx(1000.0 - 10.0 * keeping)
        paid = 0
        while government.can_pay(10.0 * int(world.households.keeps.sum())):
            another_month(community)
            commons(world, community.institutions)
            paid += 1
        assert 0 < paid < 5
        another_month(community)
        before = world.ledger.balance["government"]
        commons(world, community.institutions)
        assert world.circumstances.reward == 0.0
        assert world.ledger.balance["government"] == before > 0.0

    def test_publicity_changes_what_is_seen_and_nothing_without_hours(self, compound):
        seen = []
        for overrides in ({}, {"norms.publicity": True}, {"norms.publicity": True, "norms.publicity_hours": 9000.0}):
            community = opened(compound, **overrides)
            commons(community.world, community.institutions)
            seen.append(community.world.circumstances.conduct_seen)
        assert seen == [0.5, 1.0, 0.5]


def test_encroachment_wears_common_pool_services_and_no_other(compound):
    """Everybody keeps, or nobody does, and nothing else happens."""
    nothing = {"taking_part.order_threshold": 2.0, "taking_part.steepness": 50.0, "commons.review": 0.0}
    kept, encroached = (
        compound(**nothing, **{"commons.initial_share": share, "property_firm.upkeep": 0.0, "study.months": 12}).run()
        for share in (1.0, 0.0)
    )
    for k, name in enumerate(kept.world.facilities.names):
        well, badly = (community.world.facilities.condition[:, k] for community in (kept, encroached))
        if name in ("cleaning_greening", "roads_parking"):
            assert (well > badly).all(), name
        else:
            assert np.array_equal(well, badly), name


def in_dispute(compound, **overrides: object) -> Community:
    """Return a compound in which a dispute breaks out wherever one can, and then none any more."""
    quarrelsome = {"commons.initial_share": 0.0, "disputes.by_encroachment": 1.0}
    community = opened(compound, **(quarrelsome | overrides))
    quarrel(community.world)
    constants = community.world.constants
    constants["disputes"] = constants["disputes"]._replace(by_encroachment=np.float32(0.0))
    return community


class TestDisputes:
    """Two households, ties between them, and whoever helps."""

    @pytest.fixture
    def place(self, compound) -> Community:
        return in_dispute(compound)

    def test_both_households_are_in_it_and_near_one_another_in_a_building(self, place):
        homes = place.world.households
        quarrelling = np.nonzero(homes.rival >= 0)[0]
        assert quarrelling.size == 2 * place.world.disputes > 20
        for h in quarrelling.tolist():
            g = homes.rival[h]
            assert homes.rival[g] == h != g
            assert homes.building[g] == homes.building[h]
            assert abs(g - h) <= 6

    def test_both_are_hurt_and_nobody_else(self, place):
        own, homes = place.world.circumstances.own, place.world.households
        hurt = (homes.rival >= 0)[place.world.residents.household]
        assert own[hurt, NEIGHBOURS] == pytest.approx(-0.6)
        assert own[~hurt, NEIGHBOURS].max(initial=0.0) == 0.0
        assert np.abs(np.delete(own, NEIGHBOURS, axis=1)).max() == 0.0

    def test_ties_between_them_are_halved_and_no_other(self, place, compound):
        world, before = place.world, opened(compound).world.ties.strength
        household, rival = world.residents.household, world.households.rival
        rows, slots = np.nonzero(world.ties.other >= 0)
        between = rival[household[rows]] == household[world.ties.other[rows, slots]]
        assert between.any()
        factor = world.ties.strength[rows, slots] / before[rows, slots]
        assert factor[between] == pytest.approx(0.5)
        assert factor[~between] == pytest.approx(1.0)

    def test_settled_both_are_relieved(self, place):
        world = place.world
        standing = world.disputes
        in_it = (world.households.rival >= 0)[world.residents.household]
        world.circumstances.own[:] = 0.0
        world.circumstances.settling = 1.0
        quarrel(world)
        assert (world.settled, world.disputes) == (standing, 0)
        assert (world.households.rival == -1).all()
        assert world.circumstances.own[in_it, NEIGHBOURS] == pytest.approx(0.3)
        assert np.abs(world.circumstances.own[~in_it]).max(initial=0.0) == 0.0

    def test_a_household_that_moves_away_ends_it_without_relief(self, place):
        world = place.world
        h = int(np.nonzero(world.households.rival >= 0)[0][0])
        g, standing = int(world.households.rival[h]), world.disputes
        world.vacate(world.rows_of(np.array([g])))
        world.settle(np.array([g], np.int32))
        assert world.households.rival[g] == -1
        world.circumstances.own[:] = 0.0
        world.circumstances.settling = 0.0
        quarrel(world)
        assert world.households.rival[h] == -1
        assert (world.settled, world.disputes) == (0, standing - 1)
        assert np.abs(world.circumstances.own).max() == 0.0

    def test_without_mediation_they_settle_by_themselves_and_cost_nobody_time(self, place):
        disputes(place.world, place.institutions)
        assert place.world.circumstances.settling == pytest.approx(0.08)
        assert "mediation" not in place.institutions.committee.hours.uses

    @pytest.mark.parametrize(("enough_for", "settling"), [(1.0, 0.5), (0.0, 0.08), (0.25, 0.25 * 0.5 + 0.75 * 0.08)])
    def test_mediation_takes_hours_for_each_and_settles_faster(self, compound, enough_for, settling):
        place = in_dispute(compound, **{"norms.mediation": True})
        world, committee = place.world, place.institutions.committee
        for h in np.nonzero(world.households.rival >= 0)[0].tolist():
            if world.disputes > 20 and world.households.rival[h] > h:
                world.households.rival[[h, world.households.rival[h]]] = -1
                world.disputes -= 1
        assert world.disputes == 20
        committee.hours.open_month(40.0 * enough_for + 0.5)
        disputes(world, place.institutions)
        assert committee.hours.uses.get("mediation", 0.0) == pytest.approx(40.0 * enough_for)
        assert world.circumstances.settling == pytest.approx(settling)
        assert world.disputes == 20 - world.settled
