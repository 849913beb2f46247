"""What owners' votes change: their share of a project, the maintenance fund, common income, and the property firm."""

import numpy as np
import pytest

from cosim.community import Community
from cosim.month.partners_deliver import partners_deliver
from cosim.month.pay import pay
from cosim.month.review import review
from cosim.world.columns import FIRM, OWNED, PARTY
from cosim.world.orders import Order, Stage

ALL_COME = {"taking_part.vote_threshold": -1.0, "taking_part.steepness": 50.0, "taking_part.vote_ceiling": 1.0}
NOTHING_SPEAKS = {"voting.w_need": 0.0, "voting.w_trust": 0.0, "voting.w_cost": 0.0}
ALL_AGREE, NOBODY_AGREES = ({"voting.intercept": at, **NOTHING_SPEAKS} for at in (10.0, -10.0))
OWNED_ALL = {f"population.{name}": 0.0 for name in ("migrants_rent", "public_rental", "let")}
OWNERS = {"owners.committee": True, **OWNED_ALL}
SHARED = {
    "supply.cleaning_greening.mode": "co_production", "supply.cleaning_greening.partners": ("social_organisation",),
    "partners.social_organisation.money": 10_000.0, "government.budget": 10_000.0,
}  # fmt: skip
"""Of work on cleaning and greening, residents pay a tenth."""
NOBODY_ORDERS = {"taking_part.order_threshold": 2.0}


def opened(compound, **overrides: object) -> Community:
    """Return a compound of owners who all come to vote, in a month that has opened, with an owners' committee."""
    community = compound(**({"study.warmup_months": 0, **OWNERS, **ALL_COME, **NOBODY_ORDERS} | overrides))
    world, owners = community.world, community.institutions.owners
    world.open_month(0)
    owners.formed, owners.seated = True, [(0, int(world.residents.arrival[0]))]
    for body in community.institutions.all():
        body.receive_budget()
        body.open_month()
    assert owners.at_work
    assert (world.households.tenure == OWNED).all()
    return community


def order_for(community: Community, category: str, place: int = 0) -> Order:
    """Place an order in the book that waits for somebody to take it up."""
    world = community.world
    who = world.people_in(world.people_at(place)[:3]).tolist()
    order = world.orders.ask(world.facilities.names.index(category), place, world.month, who, 0.5)
    order.stage, order.accepted = Stage.ACCEPTED, world.month
    return order


class TestConsent:
    """Work that residents pay for waits for them; or they are charged, and resent it."""

    def test_work_begins_in_the_month_in_which_they_consent(self, compound):
        community = opened(compound, **SHARED, **ALL_AGREE, **{"owners.consent": True})
        order = order_for(community, "cleaning_greening")
        partners_deliver(community.world, community.institutions)
        assert order.history[-2:] == [(0, "owners consent"), (0, "begun by social_organisation_1")]
        assert community.world.ledger.work[2, order.category] == pytest.approx(0.1 * order.cost)
        assert np.abs(community.world.circumstances.own[:, PARTY]).max() == 0.0

    def test_withheld_it_waits_and_is_asked_for_again_after_a_year(self, compound):
        waits = {"owners.consent": True, "study.warmup_months": 0, "study.months": 26}
        community = compound(
            **SHARED, **NOBODY_AGREES, **OWNERS, **ALL_COME, **NOBODY_ORDERS, **waits,
            **{"partners_deliver.backstop_months": 3},
        )  # fmt: skip
        order = order_for(community, "cleaning_greening")
        community.run()
        assert order.history[1:] == [(0, "owners do not consent"), (12, "owners do not consent"), (24, "lost")]
        assert community.categories["cost_residents"].sum() == 0.0

    def test_who_agrees_the_second_time_is_served_then(self, compound):
        asked = {"owners.consent": True, "study.warmup_months": 0, "study.months": 14}
        community = compound(**SHARED, **NOBODY_AGREES, **OWNERS, **ALL_COME, **NOBODY_ORDERS, **asked)
        order = order_for(community, "cleaning_greening")
        for _ in range(3):
            community.step()
        constants = community.world.constants
        constants["voting"] = constants["voting"]._replace(intercept=np.float32(10.0))
        community.run()
        assert order.history[1:4] == [
            (0, "owners do not consent"), (12, "owners consent"), (12, "begun by social_organisation_1")
        ]  # fmt: skip

    def test_without_hours_for_the_vote_it_is_put_off_not_refused(self, compound):
        community = opened(compound, **SHARED, **ALL_AGREE, **{"owners.consent": True, "owners.assembly_hours": 9000.0})
        order = order_for(community, "cleaning_greening")
        partners_deliver(community.world, community.institutions)
        assert (order.stage, order.history) == (Stage.ACCEPTED, [(0, "placed")])
        assert order.next_vote < 0

    def test_a_project_they_pay_nothing_for_needs_no_vote(self, compound):
        paid = {"supply.cleaning_greening.payers": {"government": 1.0}}
        community = opened(compound, **SHARED | paid, **NOBODY_AGREES, **{"owners.consent": True})
        order = order_for(community, "cleaning_greening")
        partners_deliver(community.world, community.institutions)
        assert order.stage is Stage.IN_WORK
        assert "assemblies" not in community.institutions.owners.hours.uses

    @pytest.mark.parametrize(("would", "ill_will"), [(ALL_AGREE, 0.0), (NOBODY_AGREES, -0.3)])
    def test_charged_unasked_those_of_the_place_resent_it_who_would_have_refused(self, compound, would, ill_will):
        community = opened(compound, **SHARED, **would, **{"partners_deliver.routine_openings": 0.0})
        order = order_for(community, "cleaning_greening", 2)
        partners_deliver(community.world, community.institutions)
        assert order.stage is Stage.IN_WORK
        r, own = community.world.residents, community.world.circumstances.own
        assert own[r.building == 2, PARTY] == pytest.approx(ill_will)
        assert np.abs(own[r.building != 2, PARTY]).max() == 0.0

    def test_a_large_charge_is_resented_by_more(self, compound):
        resenting = []
        for factor in (1.0, 10.0):
            cost = {"categories.cleaning_greening.cost": 1_000.0 * factor}
            community = opened(compound, **SHARED | cost, **{"voting.w_cost": 20.0, "voting.w_trust": 0.0})
            order_for(community, "cleaning_greening")
            partners_deliver(community.world, community.institutions)
            resenting.append(int((community.world.circumstances.own[:, PARTY] < 0.0).sum()))
        assert resenting[0] < resenting[1]


class TestFund:
    """The owners' own money, for public shares that the government cannot pay."""

    @staticmethod
    def begun(compound, may_spend: bool, **overrides: object) -> tuple[Community, Order]:
        rich = {"owners.fund": 1000.0, "owners.use_fund": True, "government.budget": 0.0}
        rich |= {"supply.water.mode": "contract"}
        community = opened(compound, **(rich | overrides))
        community.institutions.owners.formed = True
        community.institutions.owners.may_spend = may_spend
        order = order_for(community, "water")
        partners_deliver(community.world, community.institutions)
        return community, order

    def test_closed_it_is_not_touched(self, compound):
        community, order = self.begun(compound, may_spend=False)
        assert order.stage is Stage.ACCEPTED
        assert community.world.ledger.work[:, order.category].tolist() == [0.0, 0.0, 0.0]

    def test_it_holds_so_much_a_square_metre_at_the_start(self, compound):
        world = opened(compound, **{"owners.fund": 1000.0}).world
        area = float(world.households.area.sum(dtype=np.float64))
        assert world.ledger.balance["fund"] == pytest.approx(1000.0 * area)

    def test_open_it_pays_what_the_government_cannot(self, compound):
        closed, _ = self.begun(compound, may_spend=False)
        community, order = self.begun(compound, may_spend=True)
        before, after = (c.world.ledger.balance["fund"] for c in (closed, community))
        assert order.stage is Stage.IN_WORK
        assert order.cost > 0.0
        assert before - after == pytest.approx(order.cost)
        assert community.world.ledger.work[:, order.category].tolist() == [0.0, 0.0, order.cost]

    def test_without_a_committee_it_is_closed(self, compound):
        community, _ = self.begun(compound, may_spend=False)
        community.institutions.owners.formed, community.institutions.owners.may_spend = False, True
        before = community.world.ledger.balance["fund"]
        partners_deliver(community.world, community.institutions)
        assert community.world.ledger.balance["fund"] == before

    def test_the_government_pays_as_long_as_it_can(self, compound):
        community, order = self.begun(compound, may_spend=True, **{"government.budget": 10_000.0})
        assert community.world.ledger.work[:, order.category].tolist() == [order.cost, 0.0, 0.0]

    def test_an_empty_fund_pays_nothing(self, compound):
        community, order = self.begun(compound, may_spend=True, **{"owners.fund": 0.01})
        assert order.stage is Stage.ACCEPTED
        assert community.world.ledger.balance["fund"] > 0.0

    @pytest.mark.parametrize(("would", "opened_for_the_year"), [(ALL_AGREE, True), (NOBODY_AGREES, False)])
    def test_owners_open_it_once_a_year(self, compound, would, opened_for_the_year):
        community = opened(compound, **would, **{"owners.use_fund": True})
        for may in (False, True):
            community.institutions.owners.may_spend = may
            community.world.month = 11
            review(community.world, community.institutions)
            assert community.institutions.owners.may_spend is opened_for_the_year

    def test_it_is_closed_where_they_may_not_decide(self, compound):
        community = opened(compound, **ALL_AGREE)
        community.institutions.owners.may_spend = True
        community.world.month = 11
        review(community.world, community.institutions)
        assert not community.institutions.owners.may_spend


class TestCommonIncome:
    """0.03 yuan a square metre and month: the firm's, until owners have claimed it and somebody keeps the books."""

    @pytest.mark.parametrize(
        ("claimed", "changed", "to_the_fund"),
        [(True, {}, True), (False, {}, False), (True, {"owners.accounts_hours": 9000.0}, False)],
    )
    def test_where_it_goes(self, compound, claimed, changed, to_the_fund):
        nobody_pays = {"fee.initial_share": 0.0, "fee.intercept": -10.0, "owners.common_income": True}
        community = opened(compound, **nobody_pays, **changed)
        world, ledger = community.world, community.world.ledger
        community.institutions.owners.collects = claimed
        before = dict(ledger.balance)
        pay(world, community.institutions)
        income = 0.03 * float(world.households.area.sum(dtype=np.float64))
        assert ledger.balance["fund"] - before["fund"] == pytest.approx(income if to_the_fund else 0.0)
        left_the_compound = before["outside"] - ledger.balance["outside"]
        assert left_the_compound == pytest.approx(income if to_the_fund else 0.0)  # a firm spends it as it comes

    @pytest.mark.parametrize(("against", "claimed"), [(0, True), (17, True), (18, False)])
    def test_claiming_it_takes_three_quarters(self, compound, against, claimed):
        """Of 70 owners 52.5; by area as well."""
        community = opened(compound, **ALL_AGREE, **{"owners.common_income": True})
        community.world.households.area[:] = 75.0
        community.world.households.rival[:against] = 0
        community.world.month = 11
        review(community.world, community.institutions)
        assert community.institutions.owners.collects is claimed


class TestFirm:
    """Owners hire a firm, and dismiss it where they do not trust it."""

    @staticmethod
    def decided(compound, *, hired: bool, trust: float, **overrides: object) -> Community:
        community = opened(compound, **({"owners.hire_firm": True} | ALL_AGREE | {"voting.w_trust": 20.0} | overrides))
        firm = community.institutions.firm
        community.world.residents.trust[:, FIRM] = trust
        firm.hired, firm.effort, firm.standing = hired, 0.7, 0.9
        community.world.month = 11
        review(community.world, community.institutions)
        return community

    def test_hired_it_begins_anew_and_is_judged(self, compound):
        firm = self.decided(compound, hired=False, trust=0.9).institutions.firm
        assert (firm.hired, firm.effort, firm.standing) == (True, 0.22, 0.5)
        assert firm.slack == 0.20

    def test_trusted_it_stays(self, compound):
        firm = self.decided(compound, hired=True, trust=0.9).institutions.firm
        assert (firm.hired, firm.effort, firm.standing) == (True, 0.7, 0.9)

    def test_distrusted_another_comes(self, compound):
        firm = self.decided(compound, hired=True, trust=0.1).institutions.firm
        assert (firm.hired, firm.effort, firm.standing) == (True, 0.22, 0.5)

    def test_nobody_hires_where_owners_may_not(self, compound):
        firm = self.decided(compound, hired=False, trust=0.1, **{"owners.hire_firm": False}).institutions.firm
        assert (firm.hired, firm.effort) == (False, 0.7)
        assert firm.slack == 0.38

    def test_the_strictest_judge_decides(self, compound):
        firm = opened(compound).institutions.firm
        assert firm.slack == 0.38
        firm.rota = 0.5
        assert firm.slack == pytest.approx(0.38 - 0.5 * 0.13)
        firm.hired = True
        assert firm.slack == 0.20
        firm.rated = True
        assert firm.slack == 0.10

    def test_bankrupt_at_once_and_with_nobody_to_take_over_the_place_runs_on_without(self, compound):
        ruin = {"fee.initial_share": 0.0, "fee.intercept": -10.0, "property_firm.loss_months": 1, "study.months": 30}
        community = compound(**ruin, **{"study.warmup_months": 0, "supply.mode": "multi_centre"}).run()
        months = community.months
        assert months["firm_effort"].tolist() == [0.0] * 30
        assert community.institutions.firm.absent_for == 30
        assert community.institutions.firm.hours.available == 0.0
        assert months["orders_placed"].sum() > 0.0
        assert not any(o.partner == "property_firm" for o in community.world.orders.ended)

    def test_a_firm_that_left_is_no_longer_the_owners(self, compound):
        firm = opened(compound, **{"property_firm.loss_months": 1, "fee.intercept": -10.0}).institutions.firm
        firm.hired = True
        firm.manage(0.0, 5000.0)
        assert (firm.absent_for, firm.hired, firm.slack) == (1, False, 0.38)
