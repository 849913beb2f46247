"""Who supplies what: modes that a category can have, how a producer is chosen, alliances, sites, pools, payers."""

import numpy as np
import pytest

from cosim.community import Community
from cosim.month.partners_deliver import Terms, project_cost
from cosim.scenario import ScenarioError, load_scenario
from cosim.scenario.supply import MODES, cannot_have
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Order, Stage

LY = load_scenario("ly")


def refused(**overrides: object) -> str:
    """Return the text with which a scenario is refused."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario("ly", overrides)
    return str(caught.value)


def order_for(community: Community, category: str, place: int = COMPOUND) -> Order:
    """Place an order in the book that waits for somebody to take it up."""
    world = community.world
    who = world.people_in(world.people_at(place)[:3]).tolist()
    order = world.orders.ask(world.facilities.names.index(category), place, world.month, who, 0.5)
    order.stage, order.accepted, order.luck = Stage.ACCEPTED, world.month, 0.1
    return order


class TestModesThatCannotBe:
    """A refusal says why, and lists the modes that can."""

    @pytest.mark.parametrize(
        ("category", "mode", "reason", "allowed"),
        [
            (
                "water", "self_provision",
                "only licensed crews may work on it, and this mode needs residents' hands", "direct, contract, grant",
            ),
            (
                "health", "market_entry", "nobody can be charged for a public good, so no enterprise enters",
                "direct, contract, grant",
            ),
            (
                "security", "market_entry", "no user pays for it: its margin is 0",
                "direct, contract, grant, voluntary, self_provision, co_production",
            ),
        ],
    )  # fmt: skip
    def test_the_text_says_why_and_what_can_be(self, category, mode, reason, allowed):
        assert refused(**{f"supply.{category}.mode": mode}) == (
            f"--set: supply.{category}.mode\n    {category} cannot have the mode '{mode}': {reason}\n"
            f"    allowed: one of {allowed}"
        )

    def test_a_category_whose_own_mode_cannot_be_is_refused_where_it_would_hold(self):
        own = {"categories.heating.multi_centre": "co_production"}
        assert load_scenario("ly", own).mode_of("heating") == "direct"
        text = refused(**own, **{"supply.mode": "multi_centre"})
        assert "heating cannot have the mode 'co_production'" in text

    @pytest.mark.parametrize("name", LY.categories)
    def test_what_the_list_allows_is_allowed_and_nothing_else(self, name):
        category = LY.categories[name]
        for mode in MODES:
            hands = mode in ("voluntary", "self_provision", "co_production")
            unsold = mode == "market_entry" and (category.good == "public" or category.margin == 0.0)
            assert bool(cannot_have(category, mode)) == ((category.licensed and hands) or unsold)
            if cannot_have(category, mode):
                refused(**{f"supply.{name}.mode": mode})
            else:
                assert load_scenario("ly", {f"supply.{name}.mode": mode}).mode_of(name) == mode


class TestAward:
    """Who is asked first: by turn of the list, by standing, or by time that is left."""

    @pytest.fixture
    def bodies(self, village):
        """Two social organisations and two public units: the second of each is better, the first of each is freer."""
        bodies = village.institutions.partners
        for n, body in enumerate(bodies):
            body.standing = 0.1 * n
            body.hours.open_month(100.0 - 10.0 * n)
        return village.institutions

    def asked(self, bodies, award: str) -> list[str]:
        kinds = ("social_organisation", "public_unit")
        return [body.account for body in bodies.candidates(kinds, award)]

    def test_an_assignment_goes_by_the_list(self, bodies):
        turn = ["social_organisation_1", "social_organisation_2", "public_unit_1", "public_unit_2"]
        assert self.asked(bodies, "assign") == turn

    def test_a_contract_goes_to_the_best_standing(self, bodies):
        best = ["public_unit_2", "public_unit_1", "social_organisation_2", "social_organisation_1"]
        assert self.asked(bodies, "contract") == best

    def test_open_entry_goes_to_whoever_has_most_time(self, bodies):
        bodies.partners[0].hours.spend(95.0, "projects")
        free = ["social_organisation_2", "public_unit_1", "public_unit_2", "social_organisation_1"]
        assert self.asked(bodies, "open_entry") == free

    def test_who_has_left_is_not_asked(self, bodies):
        bodies.partners[1].quit()
        for award in ("assign", "contract", "open_entry"):
            assert "social_organisation_2" not in self.asked(bodies, award)
            assert len(self.asked(bodies, award)) == 3

    @pytest.mark.parametrize(("award", "chosen"), [("assign", "1"), ("contract", "2"), ("open_entry", "1")])
    def test_the_work_goes_to_the_first_that_can(self, compound, award, chosen):
        community = compound(**{
            "supply.elderly_care.mode": "contract", "supply.elderly_care.award": award, "study.warmup_months": 0,
            "government.budget": 10_000.0,
        })  # fmt: skip
        first, second = community.institutions.partners[:2]
        first.standing, second.standing = 0.4, 0.6
        order = order_for(community, "elderly_care")
        community.step()
        assert order.partner == f"social_organisation_{chosen}"


ALLIED = {
    "partners_deliver.party_alliance": True,
    "partners_deliver.charity_alliance": True,
    "partners_deliver.self_governance_alliance": True,
    "party_leads.staff_hours": 1000.0,
    "partners_deliver.alliance_gain": 0.08,
    "partners_deliver.alliance_fading": 0.03,
    "partners_deliver.alliance_hours": 5.0,
    "partners_deliver.alliance_means": 1.0,
}


class TestAlliances:
    """Stocks that joint projects build, and that fade."""

    @pytest.fixture
    def party(self, compound):
        community = compound(**ALLIED, **{"study.warmup_months": 0})
        community.institutions.party.open_month()
        return community.institutions.party

    def test_a_joint_project_builds_the_alliance_of_its_side(self, party):
        party.work_jointly("public_unit")
        party.work_jointly("public_unit")
        assert party.alliances == pytest.approx({"party": 0.08 + 0.08 * 0.92, "charity": 0.0, "self_governance": 0.0})
        party.work_jointly("enterprise")
        assert sum(party.alliances.values()) == pytest.approx(0.1536)

    def test_it_fades_by_a_share_a_month(self, party):
        party.alliances["charity"] = 0.5
        party.open_month()
        party.open_month()
        assert party.alliances["charity"] == pytest.approx(0.5 * 0.97**2)

    def test_an_alliance_nobody_has_time_for_is_not_built(self, compound):
        community = compound(**ALLIED | {"party_leads.staff_hours": 11.0}, **{"study.warmup_months": 0})
        party = community.institutions.party  # 2.2 hours: two alliances at an hour each, not three
        party.open_month()
        assert party.kept_alliances == ["party", "charity"]
        for side in ("public_unit", "social_organisation", "residents"):
            party.work_jointly(side)
        assert party.alliances == pytest.approx({"party": 0.08, "charity": 0.08, "self_governance": 0.0})

    def test_it_raises_the_means_of_its_side_and_of_no_other(self, party):
        world, institutions = party.world, party.model.institutions
        party.alliances["party"] = 0.25
        for body in institutions.partners:
            body.open_month()
            usual = getattr(world.settings.partners, body.kind)
            factor = 1.25 if body.kind == "public_unit" else 1.0
            assert body.hours.available == pytest.approx(factor * usual.staff_hours * 0.2)
            assert body.yearly_budget() == pytest.approx(factor * usual.money * 200 / 2)

    def test_it_grows_in_a_run_that_has_joint_projects(self, compound):
        reform = {"supply.mode": "multi_centre", "study.months": 24, "government.budget": 1000.0}
        allied = compound(**reform, **ALLIED).run()
        assert max(allied.institutions.party.alliances.values()) > 0.0
        alone = compound(**reform).run()
        assert set(alone.institutions.party.alliances.values()) == {0.0}


class TestSites:
    """An upgraded service that lacks room stays below a ceiling; each site is paid for once."""

    @staticmethod
    def after_one_project(compound, sites: int, *categories: str, **overrides: object) -> Community:
        """Return a compound that has done one good project of each category, and nothing else."""
        community = compound(**{
            "partners_deliver.sites": sites, "partners_deliver.oversight": 1.0, "deliberate.missed": 0.0,
            "government.budget": 10_000.0, "study.warmup_months": 0, "study.months": 8,
            "taking_part.order_threshold": 2.0, "taking_part.steepness": 50.0, **overrides,
        })  # fmt: skip
        for name in categories:
            order_for(community, name)
        for name in categories:
            k = community.world.facilities.names.index(name)
            community.world.facilities.deterioration[k] = community.world.facilities.fault[k] = 0.0
        return community.run()

    def reached(self, community: Community, name: str) -> float:
        f = community.world.facilities
        return f.condition_at(f.names.index(name), COMPOUND)

    def test_without_a_site_good_work_ends_at_the_ceiling(self, compound):
        community = self.after_one_project(compound, 0, "culture", "health")
        assert self.reached(community, "culture") == pytest.approx(0.6)
        assert self.reached(community, "health") == pytest.approx(0.92)  # needs no site
        assert community.world.sites == set()

    def test_with_a_site_it_is_as_good_as_any(self, compound):
        community = self.after_one_project(compound, 3, "culture", "elderly_care", "childcare")
        for name in ("culture", "elderly_care", "childcare"):
            assert self.reached(community, name) == pytest.approx(0.92)

    def test_a_site_costs_money_once_and_goes_to_the_worst_off_first(self, compound):
        """Elderly care and childcare stand at 0.3, culture at 0.35."""
        spent: list[float] = []
        community = self.after_one_project(
            compound, 2, "culture", "elderly_care", "childcare",
            observers=[lambda c: spent.append(c.world.ledger.overhead["government"])],
        )  # fmt: skip
        names, deliver = community.world.facilities.names, community.settings.partners_deliver
        assert {names[k] for k in community.world.sites} == {"elderly_care", "childcare"}
        assert sum(spent) == pytest.approx(2 * deliver.site_money * 0.2)
        assert np.count_nonzero(spent) == 2
        assert self.reached(community, "culture") == pytest.approx(0.6)

    def test_without_the_money_there_is_no_site_but_the_work_goes_on(self, compound):
        community = self.after_one_project(compound, 1, "culture", **{"partners_deliver.site_money": 1e9})
        assert community.world.sites == set()
        assert self.reached(community, "culture") == pytest.approx(0.6)


class TestTalentPool:
    """Matched volunteers replace more paid work."""

    def test_the_cost_of_work_is_less_by_what_they_are_worth(self, village):
        world = village.world
        deliver = world.settings.partners_deliver
        order = order_for(village, "cleaning_greening", 0)
        mode = MODES["co_production"]
        unmatched, matched = (
            project_cost(world, order, mode, Terms(0.0, factor * deliver.volunteer_value, 0.0)) for factor in (1.0, 1.5)
        )
        assert unmatched - matched == pytest.approx(6 * 5.2 * 20.0 * 0.5)
        alone = project_cost(world, order, MODES["contract"], Terms(0.0, 1e9, 0.0))
        assert unmatched == pytest.approx(alone - 6 * 5.2 * 20.0)
        assert project_cost(world, order, mode, Terms(0.0, 1e9, 0.0)) == pytest.approx(0.6 * alone)

    def test_it_is_kept_by_the_committee_and_gone_without_its_hours(self, compound):
        def cost(**overrides: object) -> float:
            community = compound(**{
                "supply.cleaning_greening.mode": "co_production", "government.budget": 10_000.0,
                "partners.social_organisation.money": 10_000.0, "study.warmup_months": 0, **overrides,
            })  # fmt: skip
            order = order_for(community, "cleaning_greening", 0)
            community.step()
            assert order.stage is Stage.IN_WORK
            return order.cost

        pool = {"partners_deliver.talent_pool": True, "partners_deliver.pool_gain": 2.0}
        assert cost(**pool) == pytest.approx(cost() - 6 * 5.2 * 20.0)
        assert cost(**pool, **{"partners_deliver.pool_hours": 9000.0}) == cost()


class TestPayers:
    """Each payer pays its share of the same cost."""

    @pytest.mark.parametrize(
        ("mode", "government", "partners", "residents"),
        [("contract", 1.0, 0.0, 0.0), ("grant", 0.5, 0.5, 0.0), ("co_production", 0.6, 0.3, 0.1)],
    )
    def test_by_mode(self, compound, mode, government, partners, residents):
        self.check(compound, {"mode": mode}, (government, partners, residents))

    def test_by_an_override_of_the_mode(self, compound):
        payers = {"government": 0.25, "partner": 0.35, "residents": 0.4}
        self.check(compound, {"mode": "contract", "payers": payers}, (0.25, 0.35, 0.4))

    @staticmethod
    def check(compound, supply: dict[str, object], shares: tuple[float, float, float]) -> None:
        community = compound(**{
            **{f"supply.cleaning_greening.{key}": value for key, value in supply.items()},
            "supply.cleaning_greening.partners": ("social_organisation",), "categories.cleaning_greening.cost": 400.0,
            "government.budget": 10_000.0, "partners.social_organisation.money": 10_000.0, "study.warmup_months": 0,
        })  # fmt: skip
        order = order_for(community, "cleaning_greening", 0)
        community.step()
        assert order.cost > 0.0
        k = order.category
        assert community.world.ledger.work[:, k] == pytest.approx([order.cost * share for share in shares])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"mode": "direct", "award": "open_entry"}, "no partner takes part under the mode 'direct'"),
        ({"mode": "direct", "partners": ("enterprise",)}, "no partner takes part under the mode 'direct'"),
        ({"mode": "contract", "award": "self_provision"}, "a partner has to be chosen"),
        ({"mode": "contract", "arranger": "residents"}, "residents have no hours to coordinate others' work"),
        ({"mode": "contract", "partners": ("enterprise", "enterprise")}, "a kind of partner is named twice"),
    ],
)
def test_what_would_do_nothing_is_refused(said, reason):
    with pytest.raises(ScenarioError, match=reason):
        load_scenario("ly", {f"supply.roads_parking.{part}": value for part, value in said.items()})


def test_a_payer_with_no_share_is_no_party():
    payers = {"government": 1.0, "residents": 0.0}
    with_nobody = load_scenario("ly", {"supply.water.payers": payers}).arrangement("water")
    assert with_nobody.parties == load_scenario("ly").arrangement("water").parties


def test_a_partner_cannot_pay_where_none_takes_part():
    with pytest.raises(ScenarioError, match="a partner is to pay, and none takes part under the mode 'direct'"):
        load_scenario("ly", {"supply.water.payers": {"government": 0.2, "partner": 0.8}})
