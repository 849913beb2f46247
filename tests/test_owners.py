"""Owners vote: quorum, majorities, proxies; what they may decide, and what happens without them."""

import numpy as np
import pytest

from cosim.community import Community
from cosim.month.owners_vote import FORM, FUND, HIRE, INCOME, SHARE, Result, call_vote
from cosim.world.columns import LET, OWNED, PUBLIC_RENTAL

ALL_COME = {"taking_part.vote_threshold": -1.0, "taking_part.steepness": 50.0, "taking_part.vote_ceiling": 1.0}
NOTHING_SPEAKS = {"voting.w_need": 0.0, "voting.w_trust": 0.0, "voting.w_cost": 0.0}
ALL_AGREE, NOBODY_AGREES = ({"voting.intercept": at, **NOTHING_SPEAKS} for at in (10.0, -10.0))
STAND = {"committee.term": 1, "taking_part.stand_threshold": -1.0, "taking_part.stand_ceiling": 1.0}
COMMITTEE = {"owners.committee": True, "study.warmup_months": 0, **ALL_COME, **ALL_AGREE, **STAND}
EVERYTHING = {
    f"owners.{name}": True
    for name in ("committee", "proxies", "hire_firm", "consent", "use_fund", "common_income")
}


def opened(compound, **overrides: object) -> Community:
    """Return 60 equal dwellings of owners, twelve in each building, in a month that has opened.

    All owners come to vote, nobody else gives a proxy; all agree, unless they are in a dispute.
    """
    settled = {"study.warmup_months": 0, "voting.by_proxy": 0.0, "owners.assembly_hours": 4.0, **ALL_COME, **ALL_AGREE}
    community = compound(200, 60, 5, **(settled | overrides))
    world = community.world
    world.households.tenure[:] = OWNED
    world.households.area[:] = 75.0
    world.open_month(0)
    for body in community.institutions.all():
        body.receive_budget()
        body.open_month()
    return community


def vote(community: Community, matter: int = FORM, *where: int) -> Result:
    result = call_vote(community.world, community.institutions, matter, *where)
    assert result is not None
    return result


class TestQuorum:
    """Two thirds, of owners and of area; who is absent counts among them."""

    @pytest.mark.parametrize(("here", "passed"), [(60, True), (40, True), (39, False), (0, False)])
    def test_by_heads(self, compound, here, passed):
        community = opened(compound)
        community.world.households.tenure[here:] = LET
        assert vote(community) == (passed, here / 60, pytest.approx(here / 60))

    def test_by_area(self, compound):
        community = opened(compound)
        homes = community.world.households
        homes.tenure[45:] = LET
        assert vote(community).passed
        homes.area[45:] = 150.0
        assert vote(community) == (False, 0.75, pytest.approx(45 / 75))

    def test_large_flats_do_not_make_up_for_missing_heads(self, compound):
        community = opened(compound)
        homes = community.world.households
        homes.tenure[30:] = LET
        homes.area[:30] = 400.0
        result = vote(community)
        assert (result.passed, result.heads) == (False, 0.5)
        assert result.area > 0.8

    def test_public_rental_is_no_owner(self, compound):
        community = opened(compound)
        community.world.households.tenure[30:] = PUBLIC_RENTAL
        assert vote(community) == (True, 1.0, 1.0)
        community.world.households.tenure[:] = PUBLIC_RENTAL
        assert vote(community) == (False, 0.0, 0.0)


class TestMajorities:
    """More than half of those who vote, or three quarters; by heads and by area. Who is in a dispute votes no."""

    @staticmethod
    def against(community: Community, number: int) -> Community:
        community.world.households.rival[:number] = 0
        return community

    @pytest.mark.parametrize(
        ("matter", "most"), [(FORM, 29), (HIRE, 29), (FUND, 29), (INCOME, 15), (SHARE, 15)]
    )
    def test_it_passes_up_to_so_many_against_it_and_no_further(self, compound, matter, most):
        assert vote(self.against(opened(compound), most), matter).passed
        assert not vote(self.against(opened(compound), most + 1), matter).passed

    def test_by_area_as_well(self, compound):
        community = self.against(opened(compound), 20)
        assert vote(community).passed
        community.world.households.area[:20] = 160.0  # 3,200 of 6,200 square metres
        assert not vote(community).passed

    def test_only_those_of_the_place_are_asked(self, compound):
        community = self.against(opened(compound), 12)  # all of the first building
        assert not vote(community, SHARE, 0).passed
        assert vote(community, SHARE, 1).passed


class TestHours:
    """A vote takes time in proportion to those concerned; proxies take more and bring more owners."""

    def test_without_hours_there_is_no_vote(self, compound):
        community = opened(compound, **{"owners.assembly_hours": 1010.0})
        assert call_vote(community.world, community.institutions, FORM) is None
        assert call_vote(community.world, community.institutions, SHARE, 0) is not None  # a fifth of them

    def test_it_takes_the_owners_committees_time_first(self, compound):
        community = opened(compound)
        owners, committee = community.institutions.owners, community.institutions.committee
        owners.hours.open_month(1.0)
        for _ in range(2):
            vote(community)
        assert owners.hours.uses == {"assemblies": pytest.approx(0.8)}
        assert committee.hours.uses["assemblies"] == pytest.approx(0.8)

    @pytest.mark.parametrize(("collected", "found"), [(False, 0.15), (True, 0.75)])
    def test_proxies_raise_turnout(self, compound, collected, found):
        community = compound(600, 400, 4, **{"owners.proxies": collected, "study.warmup_months": 0, **ALL_COME})
        community.world.open_month(0)
        community.institutions.committee.open_month()
        community.world.households.tenure[:] = LET
        assert vote(community).heads == pytest.approx(found, abs=3.3 * 0.022)
        uses = community.institutions.committee.hours.uses
        assert ("proxies" in uses) == collected

    def test_absent_owners_decide_by_chance(self, compound):
        community = opened(compound, **{"voting.by_proxy": 1.0, "voting.ordinary": 0.25})
        community.world.households.tenure[:] = LET
        assert vote(community).passed
        community = opened(compound, **{"voting.by_proxy": 1.0, "voting.ordinary": 0.75})
        community.world.households.tenure[:] = LET
        assert vote(community) == (False, 1.0, 1.0)


class TestCommittee:
    """Formed by a vote and by those who stand; it needs help, and its chair time."""

    def test_it_is_formed_at_the_end_of_a_year_and_works_from_then_on(self, compound):
        found = []

        def look(c: Community) -> None:
            found.append((c.institutions.owners.formed, c.institutions.owners.at_work))

        owned = {"population.migrants_rent": 0.0, "study.months": 14}
        community = compound(observers=[look], **COMMITTEE, **owned).run()
        assert found == [(False, False)] * 11 + [(True, False)] + [(True, True)] * 2
        assert len(community.institutions.owners.seated) == 5
        homes, r = community.world.households, community.world.residents
        assert all(homes.tenure[r.household[row]] == OWNED for row, _ in community.institutions.owners.seated)
        assert community.institutions.owners.hours.available == 20.0
        assert community.months["turnout_owners"].notna().tolist() == [False] * 11 + [True] * 3

    @pytest.mark.parametrize(
        "missing",
        [
            {"taking_part.stand_ceiling": 0.0},
            {"owners.chaired_by_member": True, "population.member_share": 0.0},
            {"owners.committee": False},
            {"committee.staff_hours": 0.0, "committee.seat_hours": 0.0},
        ],
        ids=["nobody stands", "no member to chair it", "not wanted", "no hours for the vote"],
    )
    def test_there_is_none(self, compound, missing):
        community = compound(**COMMITTEE | {"population.migrants_rent": 0.0, "study.months": 26} | missing).run()
        assert not community.institutions.owners.formed
        assert community.months["turnout_owners"].isna().all()

    @pytest.mark.parametrize("rent", [0.7, 1.0])
    def test_a_quorum_that_is_never_met_forms_none_and_breaks_nothing(self, compound, rent):
        """Most owners are absent and give no proxy; or all of them, and then nobody can stand either."""
        absent = {"voting.by_proxy": 0.0, "population.migrant_share": 1.0, "population.migrants_rent": rent}
        wanted = COMMITTEE | EVERYTHING | {"owners.proxies_found": 0.0, "supply.mode": "multi_centre"}
        community = compound(**wanted | absent | {"study.months": 26}).run()
        assert (community.world.households.tenure == LET).mean() == pytest.approx(rent, abs=0.2)
        assert not community.institutions.owners.formed
        turnout = community.months["turnout_owners"]
        assert turnout.isna().all() if rent == 1.0 else 0.0 < turnout.iloc[-1] < 2 / 3
        assert community.months["fund"].nunique() == 1

    @pytest.mark.parametrize(("spare", "at_work"), [(40.0, True), (0.1, False)])
    def test_a_chair_without_time_chairs_nothing(self, compound, spare, at_work):
        community = opened(compound, **COMMITTEE, **{"owners.chaired_by_member": True})
        world, owners = community.world, community.institutions.owners
        row = int(world.members[3])
        owners.formed, owners.seated = True, [(row, int(world.residents.arrival[row]))]
        world.spare[3] = spare
        owners.open_month()
        assert (owners.formed, owners.at_work) == (True, at_work)
        used = world.settings.owners.chair_hours if at_work else 0.0
        assert world.spare[3] == pytest.approx(spare - used)
        assert world.member_hours == pytest.approx(used)

    def test_its_chair_is_the_member_with_the_strongest_ties(self, compound):
        wanted = COMMITTEE | {"owners.chaired_by_member": True, "population.migrants_rent": 0.0, "study.months": 12}
        community = compound(**wanted).run()
        r, seated = community.world.residents, community.institutions.owners.seated
        assert len(seated) == 5
        assert r.member[seated[0][0]]

    def test_a_chair_who_is_no_member_does_not_count(self, compound):
        community = opened(compound, **COMMITTEE, **{"owners.chaired_by_member": True})
        world, owners = community.world, community.institutions.owners
        row = int(np.nonzero(~world.residents.member)[0][0])
        owners.formed, owners.seated = True, [(row, int(world.residents.arrival[row]))]
        owners.open_month()
        assert not owners.at_work

    def test_it_ends_with_its_last_member_and_with_the_lever(self, compound):
        community = opened(compound, **COMMITTEE)
        owners, world = community.institutions.owners, community.world
        owners.formed, owners.seated = True, [(0, int(world.residents.arrival[0])), (1, 99)]
        owners.open_month()
        assert (owners.formed, len(owners.seated)) == (True, 1)
        world.vacate(np.array([0], np.int32))
        owners.open_month()
        assert (owners.formed, owners.hours.available) == (False, 0.0)
