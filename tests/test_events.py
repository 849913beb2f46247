"""What happens at a date: shocks that strike every arm alike, and levers that change."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.community import Community
from cosim.month.live import live
from cosim.month.open import open_month
from cosim.scenario import ScenarioError, load_scenario
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Stage

NOBODY_ORDERS = {"taking_part.order_threshold": 2.0, "taking_part.steepness": 50.0}


def without_wear(community: Community) -> Community:
    """Let nothing wear, break or be kept up, so that condition changes by what is tested alone."""
    f = community.world.facilities
    f.deterioration[:] = f.fault[:] = f.upkeep_share[:] = 0.0
    return community


class TestShocks:
    """They strike in their month, in every arm alike."""

    @staticmethod
    def struck(compound, mode: str, **shock: object) -> np.ndarray:
        """Return what a shock of month 0 takes from each service, float32[B, categories]."""
        community = without_wear(compound(**{"shocks": (shock | {"month": 0},), "supply.mode": mode}))
        community.phases = (open_month, live)
        before = community.world.facilities.condition.copy()
        for _ in range(2):
            community.step()
        assert np.array_equal(community.world.facilities.condition, before)
        community.step()
        assert community.world.month == 0
        return before - community.world.facilities.condition

    def test_a_flood_takes_from_every_building_what_it_draws_and_the_mean_from_all(self, compound):
        lost = self.struck(compound, "single_centre", kind="flood", size=0.25)
        wide = compound().world.facilities.compound_wide
        depth = lost[:, ~wide]
        assert depth == pytest.approx(depth[:, :1].repeat(depth.shape[1], axis=1), abs=1e-6)
        assert (depth > 0.0).all()
        assert (depth <= 0.25).all()
        assert len({round(float(d), 6) for d in depth[:, 0]}) == 5
        assert lost[:, wide] == pytest.approx(float(depth[:, 0].mean()), abs=1e-6)

    def test_a_failure_takes_its_size_from_one_service_everywhere(self, compound):
        lost = self.struck(compound, "single_centre", kind="failure", category="heating", size=0.3)
        heating = compound().world.facilities.names.index("heating")
        assert lost[:, heating] == pytest.approx(0.3, abs=1e-6)
        assert np.delete(lost, heating, axis=1).max() == 0.0

    @pytest.mark.parametrize("shock", [{"kind": "flood"}, {"kind": "failure", "category": "parcels"}])
    def test_both_arms_lose_the_same(self, compound, shock):
        arms = [self.struck(compound, mode, **shock) for mode in ("single_centre", "multi_centre")]
        assert arms[0].max() > 0.0
        assert np.array_equal(*arms)

    def test_nothing_falls_below_nothing(self, compound):
        lost = self.struck(compound, "single_centre", kind="failure", category="heating", size=1.0)
        assert lost.max() == np.float32(0.45)

    def test_the_warm_up_can_be_struck_as_well(self, compound):
        community = compound(shocks=({"month": -1, "kind": "partner_quits", "partner": "public_unit_2"},))
        community.step()
        assert not community.institutions.named("public_unit_2").gone
        community.step()
        assert community.institutions.named("public_unit_2").gone


class TestAPartnerThatQuits:
    """It leaves with its money; what it had in hand waits for somebody else."""

    @staticmethod
    def left(compound, number: int, mode: str = "multi_centre") -> Community:
        """Return a compound after month 1, in which a partner quits that was at work on elderly care."""
        community = compound(**{
            "shocks": ({"month": 1, "kind": "partner_quits", "partner": "social_organisation_1"},),
            "partners.social_organisation.number": number, "partners.social_organisation.money": 100.0,
            "government.budget": 10_000.0, "study.warmup_months": 0, "supply.mode": mode, **NOBODY_ORDERS,
        })  # fmt: skip
        world = community.world
        who = world.people_in(world.people_at(COMPOUND)[:3]).tolist()
        order = world.orders.ask(world.facilities.names.index("elderly_care"), COMPOUND, 0, who, 0.5)
        order.stage = Stage.ACCEPTED
        community.step()
        assert world.ledger.balance["social_organisation_1"] > 0.0
        community.step()
        return community

    @staticmethod
    def order(community: Community):
        (order,) = community.world.orders.open.values()
        return order

    def test_it_takes_its_money_along_and_never_gets_any_again(self, compound):
        community = self.left(compound, 2)
        body = community.institutions.named("social_organisation_1")
        for _ in range(3):
            assert body.gone
            assert community.world.ledger.balance["social_organisation_1"] == 0.0
            community.step()
        assert body.hours.available == 0.0
        other = community.institutions.named("social_organisation_2")
        assert other.hours.available == pytest.approx(200.0)
        assert community.world.ledger.balance["social_organisation_2"] > 0.0

    def test_alone_it_leaves_its_work_to_nobody(self, compound):
        order = self.order(self.left(compound, 1))
        assert order.history[-2:] == [(0, "begun by social_organisation_1"), (1, "given up by social_organisation_1")]
        assert order.stage is Stage.ACCEPTED

    def test_another_can_take_the_work_up_at_once_and_begins_anew(self, compound):
        order = self.order(self.left(compound, 2))
        assert order.history[-1] == (1, "begun by social_organisation_2")
        assert (order.stage, order.progress) == (Stage.IN_WORK, 0)

    def test_it_quits_in_both_arms(self, compound):
        for mode in ("single_centre", "multi_centre"):
            assert self.left(compound, 1, mode).institutions.named("social_organisation_1").gone


VISITS = {"party_leads": {"visits": 2.0}}


class TestChanges:
    """Levers that change at the beginning of a month."""

    @staticmethod
    def run(compound, *changes: tuple[int, dict], **overrides: object) -> Community:
        set_at = tuple({"month": month, "set": levers} for month, levers in changes)
        return compound(**{"changes": set_at, "study.months": 8, **overrides}).run()

    def test_before_its_month_nothing_differs_by_a_bit_and_then_something_does(self, compound):
        plain, changed = self.run(compound).months, self.run(compound, (3, VISITS)).months
        early = plain["month"] < 3
        pd.testing.assert_frame_equal(plain[early], changed[early], check_exact=True)
        assert (plain.loc[~early, "mobilisation"] < changed.loc[~early, "mobilisation"]).all()

    def test_a_change_in_month_0_is_the_lever_itself(self, compound):
        early, lever = self.run(compound, (0, VISITS)), self.run(compound, **{"party_leads.visits": 2.0})
        pd.testing.assert_frame_equal(early.months, lever.months, check_exact=True)
        plain = self.run(compound).months
        before = plain["month"] < 0
        pd.testing.assert_frame_equal(plain[before], early.months[before], check_exact=True)

    def test_changes_add_up_whatever_the_order_in_which_they_are_written(self, compound):
        written = (
            (5, {"party_leads": {"visits": 0.5}}), (2, VISITS | {"supply": {"mode": "multi_centre"}}),
            (5, {"supply": {"water": {"mode": "direct"}}}),
        )  # fmt: skip
        seen = {}
        community = self.run(
            compound, *written, observers=[lambda c: seen.update({c.world.month: c.world.settings})]
        )
        assert sorted(community.settings.timeline) == [2, 5]
        assert [seen[m].party_leads.visits for m in (-1, 1, 2, 4, 5, 7)] == [0.0, 0.0, 2.0, 2.0, 0.5, 0.5]
        assert [seen[m].mode_of("water") for m in (1, 2, 5)] == ["direct", "grant", "direct"]
        assert [seen[m].mode_of("heating") for m in (1, 2, 5)] == ["direct", "grant", "grant"]
        assert community.world.arrangements[0].producers == ("government",)
        pd.testing.assert_frame_equal(community.months, self.run(compound, *written[::-1]).months, check_exact=True)

    def test_they_do_not_reach_the_scenario_without_a_reform(self, compound):
        settings = self.run(compound, (3, VISITS)).settings
        assert settings.status_quo().changes == settings.no_reform().changes == ()


def refused(text: str) -> str:
    """Return the text with which a file over LY is refused."""
    Path("mine.toml").write_text(f'extends = "ly"\n{text}', encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("mine.toml")
    return str(caught.value)


def change(month: int, levers: str) -> str:
    return f"[[changes]]\nmonth = {month}\nset = {{ {levers} }}\n"


@pytest.fixture
def _folder(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_folder")
class TestChangesThatAreRefused:
    """Each with its month or key, and what is allowed."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                change(3, "party_leads.visits = 1.0") * 2,
                "changes.set.party_leads.visits\n    'party_leads.visits' is set twice in month 3\n    keep one",
            ),
            (
                change(120, "party_leads.visits = 1.0"),
                "changes.month\n    month 120 is after the last one\n    allowed: from 0 to 119\n"
                "    let study.months be larger, or the change earlier",
            ),
            (
                change(-1, "party_leads.visits = 1.0"),
                "changes.month\n    -1 is too small\n    allowed: a whole number from 0 to 1_199 (month)",
            ),
            (
                change(3, "study.months = 12"),
                "changes.set.study.months\n    'study.months' is a fact of the compound, which no reform changes\n"
                "    allowed: a lever; `cosim schema --format table` marks them",
            ),
            (
                change(3, "party_leads = {}"),
                "changes.set\n    the change of month 3 sets nothing\n    allowed: a lever or more",
            ),
            ("[[changes]]\nmonth = 3\n", "changes.set\n    the change of month 3 sets nothing\n"),
            (change(3, "party_leads.vists = 1.0"), "party_leads.vists\n    there is no key 'vists' here\n    allow"),
            (change(3, "party_leads.vists = 1.0"), "\n    did you mean 'visits'?"),
            (change(3, "partyleads.visits = 1.0"), "\n    'visits' belongs in [party_leads]"),
            (change(3, "party_leads.visits = 9.0"), "party_leads.visits\n    9.0 is too large\n    allowed: "),
            (change(3, 'supply.water.mode = "voluntary"'), "supply.water.mode\n    water cannot have the mode"),
            (change(3, 'supply.watr.mode = "grant"'), "\n    did you mean 'water'?"),
        ],
    )
    def test_the_text_says_what_is_wrong(self, text, said):
        assert said in refused(text)

    def test_levers_of_one_month_may_stand_in_two_tables(self):
        Path("mine.toml").write_text(
            'extends = "ly"\n' + change(3, "party_leads.visits = 1.0") + change(3, "party_leads.sessions = 2")
        )
        assert load_scenario("mine.toml").timeline[3].party_leads.sessions == 2

    @pytest.mark.parametrize("lever", ["party_leads.vists = 1.0", "party_leads.visits = 9.0"])
    def test_the_text_names_the_file_and_table_that_hold_the_change(self, lever):
        Path("parent.toml").write_text('extends = "ly"\n[party_leads]\nvisits = 0.5\n', encoding="utf-8")
        Path("mine.toml").write_text('extends = "parent"\n' + change(3, lever), encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_scenario("mine.toml")
        assert str(caught.value).startswith(f"mine.toml, line 2: changes.set.{lever.split(' ')[0]}\n")

    def test_a_lever_that_is_a_table_can_change(self):
        payers = "supply.water.payers = { government = 0.25, residents = 0.75 }"
        Path("mine.toml").write_text('extends = "ly"\n' + change(3, payers), encoding="utf-8")
        after = load_scenario("mine.toml").timeline[3]
        assert after.arrangement("water").payers == {"government": 0.25, "residents": 0.75}

    @pytest.mark.parametrize("below", ["party_leads.visits.x = 1", "shocks.month = 1"])
    def test_a_key_below_a_value_is_refused(self, below):
        assert refused(change(3, below)).startswith("mine.toml, line 2: ")


@pytest.mark.usefixtures("_folder")
class TestShocksThatAreRefused:
    """A slip in a name, a month outside the run."""

    @pytest.mark.parametrize(
        ("shock", "said"),
        [
            ('month = 3\nkind = "floood"', 'kind\n    "floood" is not among the choices'),
            ('month = 120\nkind = "flood"', "month\n    120 is outside the run\n    allowed: from -24 to 119"),
            ('month = -25\nkind = "flood"', "month\n    -25 is outside the run\n    allowed: from -24 to 119"),
            ('month = 3\nkind = "failure"\ncategory = "watr"', "category\n    there is no 'watr'"),
            ('month = 3\nkind = "failure"', "category\n    a shock of the kind 'failure' needs this key"),
            ('month = 3\nkind = "partner_quits"\npartner = "public_unit_9"', "partner\n    there is no 'public_unit"),
        ],
    )
    def test_the_text_says_what_is_wrong(self, shock, said):
        assert refused(f"[[shocks]]\n{shock}\n").startswith(f"mine.toml, line 2: shocks.{said}")
