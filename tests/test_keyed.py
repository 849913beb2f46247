"""Keyed randomness: a person's luck hangs on who that person is, and on nothing else.

Not on who else lives here, which scenario holds, who watches, in which process or order things are done.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cosim.agents.residents import LongTermResident
from cosim.community import Community
from cosim.world.chance import Purpose
from cosim.world.columns import HOUSEHOLD_COLUMNS, RESIDENT_COLUMNS
from cosim.world.ties import SLOTS
from cosim.world.world import World

REFORM = {
    "supply.mode": "multi_centre",
    "party_leads.visits": 1.0,
    "residents_order.order_desk": True,
    "party_takes.delegation": True,
    "party_takes.replies": True,
    "party_takes.load_cap": 0.4,
    "deliberate.meetings": 6,
    "residents_sign_off.acceptance_check": True,
    "residents_sign_off.disclosure": True,
    "property_firm.residents_rate": True,
}


def by_key(keys: np.ndarray, values: np.ndarray) -> dict[int, object]:
    """Return values by the key of the person or household that they belong to."""
    return dict(zip(keys.tolist(), values.tolist(), strict=True))


def bonds(world: World, *, near: bool) -> dict[frozenset[int], float]:
    """Return the strength of every tie of one sort, by the keys of the two people."""
    keys, ties = world.residents.key, world.ties
    rows, slots = np.nonzero((ties.other >= 0) & (ties.near == near))
    others = ties.other[rows, slots]
    return {
        frozenset((int(keys[i]), int(keys[j]))): float(s)
        for i, j, s in zip(rows, others, ties.strength[rows, slots], strict=True)
    }


def everything(world: World) -> bytes:
    """Return all columns and ties as bytes."""
    columns = [getattr(world.residents, column.name) for column in RESIDENT_COLUMNS]
    columns += [getattr(world.households, column.name) for column in HOUSEHOLD_COLUMNS]
    return b"".join(c.tobytes() for c in (*columns, world.ties.other, world.ties.strength, world.ties.near))


def tables(community: Community) -> str:
    """Return the three tables of results with every digit."""
    return "".join(table.to_csv() for table in (community.months, community.groups, community.categories))


@pytest.mark.parametrize("seed", [1, 2, 3])
class TestOneMoreResident:
    """The same compound with 200 and with 201 adults, and room for more ties than anybody has."""

    @pytest.fixture
    def two(self, compound, seed):
        made = [compound(n, **{"population.seed": seed, "ties.neighbours": 2.0}) for n in (200, 201)]
        for community in made:
            assert (community.world.ties.other >= 0).sum(axis=1).max() < SLOTS
        return made

    @pytest.fixture
    def newcomer(self, two):
        few, more = (set(community.world.residents.key.tolist()) for community in two)
        (key,) = more - few
        assert few < more
        return key

    def test_everybody_else_is_who_they_were(self, two, newcomer):
        few, more = (community.world.residents for community in two)
        for column in RESIDENT_COLUMNS:
            before = by_key(few.key, getattr(few, column.name))
            after = by_key(more.key, getattr(more, column.name))
            del after[newcomer]
            assert after == before, column.name

    def test_one_household_is_larger_and_no_other_is_changed(self, two, newcomer):
        few, more = (community.world.households for community in two)
        grown = np.nonzero(more.size != few.size)[0]
        assert grown.tolist() == [newcomer >> 32]
        assert more.size[grown] == few.size[grown] + 1
        for column in HOUSEHOLD_COLUMNS:
            if column.name not in ("size", "first"):
                assert np.array_equal(getattr(few, column.name), getattr(more, column.name)), column.name

    def test_near_neighbours_know_each_other_as_before(self, two, newcomer):
        few, more = (bonds(community.world, near=True) for community in two)
        assert {pair: strength for pair, strength in more.items() if newcomer not in pair} == few

    def test_acquaintances_change_with_the_newcomers_household_alone(self, two, newcomer):
        few, more = (bonds(community.world, near=False).keys() for community in two)
        assert few
        for pair in few ^ more:
            assert newcomer >> 32 in {key >> 32 for key in pair}

    def test_nobody_elses_first_month_is_changed(self, two, newcomer):
        for community in two:
            community.step()
        few, more = (community.world.residents for community in two)
        for name in ("present", "arrival", "age", "expectation", "satisfaction", "safety", "grievance"):
            before, after = (by_key(r.key, getattr(r, name)) for r in (few, more))
            del after[newcomer]
            assert after == before, name

    def test_nobody_elses_draws_are_changed(self, two, newcomer):
        few, more = (community.world for community in two)
        for purpose in Purpose:
            for key in few.residents.key[:5].tolist():
                assert few.draw(purpose, key) == more.draw(purpose, key)


class TestOnePopulation:
    """Who lives in a compound is a fact of the compound."""

    def test_all_replicates_begin_with_the_same_people(self, compound):
        assert everything(compound(rng=1).world) == everything(compound(rng=2).world)

    def test_all_scenarios_begin_with_the_same_people(self, compound):
        assert everything(compound().world) == everything(compound(**REFORM).world)

    def test_another_seed_is_another_population(self, compound):
        assert everything(compound().world) != everything(compound(**{"population.seed": 2}).world)

    def test_whoever_moves_in_next_is_the_same_in_every_replicate(self, compound):
        """The k-th household of a dwelling is one household, whenever it comes."""
        homes = [compound(rng=rng, **{"moving.migrant_rate": 0.5}).run().world.households for rng in (1, 2)]
        both = (homes[0].arrival == homes[1].arrival) & (homes[0].arrival > 0)
        assert both.sum() > 3
        for name in ("key", "migrant", "children", "area", "taste", "fee"):
            assert np.array_equal(getattr(homes[0], name)[both], getattr(homes[1], name)[both]), name


class TestLevers:
    """What a lever does not touch stays as it is, digit by digit."""

    def test_a_reform_leaves_the_months_before_it_alone(self, compound):
        before, after = (compound(**levers).run().months for levers in ({}, REFORM))
        past = before["month"] < 0
        assert before[past].equals(after[past])
        assert not before[~past].equals(after[~past])

    def test_rating_the_firm_comes_after_the_orders_of_the_month(self, compound):
        """It is paid for in the phase `pay`: what residents ordered and who took it is history by then."""
        now = {"study.warmup_months": 0, "study.months": 6}
        usual, rated = (compound(**now, **levers) for levers in ({}, {"property_firm.residents_rate": True}))
        for community in (usual, rated):
            community.step()
        names = usual.world.facilities.names
        log = list(usual.world.orders.log(names))
        assert log
        assert list(rated.world.orders.log(names)) == log
        assert rated.institutions.firm.effort > usual.institutions.firm.effort
        people = [community.world.residents for community in (usual, rated)]
        for name in ("ordered", "trust", "grievance", "mobilisation", "deliberated", "coproduced"):
            assert np.array_equal(*(getattr(r, name) for r in people)), name

    def test_the_same_case_has_the_same_luck_under_every_lever(self, compound):
        luck = []
        for levers in ({}, REFORM):
            orders = compound(**{"study.warmup_months": 0}, **levers).run().world.orders
            cases = [*orders.ended, *orders.open.values()]
            luck.append({(case.category, case.place, case.placed): case.luck for case in cases})
        both = luck[0].keys() & luck[1].keys()
        assert len(both) >= 3
        assert {case: luck[0][case] for case in both} == {case: luck[1][case] for case in both}


class TestWatching:
    """Observers look and draw nothing."""

    @staticmethod
    def look_at_everything(community: Community) -> None:
        assert len(community.agents) > community.latest("residents")
        assert all(0.0 < agent.trust_neighbours < 1.0 for agent in community.agents_by_type[LongTermResident])
        assert community.to_networkx().number_of_nodes() == community.latest("residents")
        assert community.datacollector.model_vars["month"][-1] == community.months["month"].iloc[-1]
        assert not community.world.faults()
        list(community.world.orders.log(community.world.facilities.names))
        community.random.random()
        community.rng.random()
        np.random.random()

    def test_watched_and_unwatched_runs_are_equal(self, compound):
        unwatched, watched = compound(), compound(observers=[self.look_at_everything])
        unwatched.run()
        watched.run(on_month=self.look_at_everything)
        assert tables(watched) == tables(unwatched)
        assert everything(watched.world) == everything(unwatched.world)


class TestHowARunIsMade:
    """By hand or at one go, alone or among others, in whatever process."""

    def test_stepping_by_hand_is_running(self, compound):
        by_hand, at_one_go = compound(), compound().run()
        while by_hand.running:
            by_hand.step()
        assert tables(by_hand) == tables(at_one_go)

    def test_runs_do_not_touch_each_other(self, compound):
        alone = compound(rng=5).run()
        one, other = compound(rng=5), compound(rng=6, **REFORM)
        while one.running:
            one.step()
            other.step()
        assert tables(one) == tables(alone)

    @pytest.mark.parametrize(("method", "hash_seed"), [("spawn", "0"), ("fork", "1")])
    def test_processes_and_hash_seeds_change_nothing(self, method, hash_seed, tmp_path):
        script = tmp_path / "village.py"
        script.write_text(VILLAGE, encoding="utf-8")
        told = subprocess.run(
            [sys.executable, script, method],
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(Path(__file__).parent.parent)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        here = [Community("village", rng=rng).run() for rng in (1, 2)]
        expected = " ".join(hashlib.sha256(tables(made).encode()).hexdigest() for made in here)
        assert told == [expected, expected]


VILLAGE = """
import hashlib
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from cosim.community import Community


def digest(rng):
    made = Community("village", rng=rng).run()
    tables = "".join(table.to_csv() for table in (made.months, made.groups, made.categories))
    return hashlib.sha256(tables.encode()).hexdigest()


if __name__ == "__main__":
    print(digest(1), digest(2), flush=True)
    with ProcessPoolExecutor(1, multiprocessing.get_context(sys.argv[1])) as pool:
        print(*pool.map(digest, (1, 2)))
"""
