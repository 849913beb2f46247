"""Alternative submodels: each changes one rule, does what it says, and is traced like the usual one."""

import numpy as np
import pytest
from traced_trust import compare_trust

from cosim import Community
from cosim.month.residents_order import ask_for_services
from cosim.month.review import elect
from cosim.month.talk import talk
from cosim.scenario import load_scenario
from cosim.study.tracing.person import PersonWatcher
from cosim.study.tracing.watching import watch

THRESHOLD = {"taking_part.form": "threshold"}
LEVELS = {"talk.form": "levels"}
BUSY = {
    "party_leads.visits": 2.0, "party_leads.sessions": 6, "deliberate.meetings": 12, "committee.term": 12,
    "partners_deliver.routine_openings": 100, "study.months": 14, "party_leads.staff_hours": 4000.0,
}  # fmt: skip
"""So that every form of taking part comes up in a small place within 14 months."""


def states(community: Community) -> list[np.ndarray]:
    people = community.world.residents
    return [getattr(people, column.name) for column in people.columns]


class TestUnchosen:
    """What is not chosen changes nothing, not by one bit."""

    @pytest.mark.parametrize(
        "unused",
        [
            {"taking_part.mean_threshold": 0.9, "taking_part.threshold_stretch": 5.0},
            {"talk.stubbornness": 0.0},
        ],
        ids=["of thresholds", "of stubbornness"],
    )
    def test_the_facts_of_the_alternative(self, compound, unused):
        usual, other = compound().run(), compound(**unused).run()
        assert usual.months.to_csv() == other.months.to_csv()
        for one, same in zip(states(usual), states(other), strict=True):
            assert np.array_equal(one, same)

    @pytest.mark.parametrize("chosen", [THRESHOLD, LEVELS], ids=["threshold", "levels"])
    def test_whereas_the_choice_itself_does(self, compound, chosen):
        assert compound().run().months.to_csv() != compound(**chosen).run().months.to_csv()


class TestThresholds:
    """Granovetter (1978): people act once enough others are seen to act."""

    def test_who_votes_and_stands_is_decided_by_others_alone(self, compound):
        ceilings = {"taking_part.vote_ceiling": 1.0, "taking_part.stand_ceiling": 1.0}
        world = compound(**THRESHOLD, **ceilings).world
        r, p = world.residents, world.settings.taking_part
        r.norm[:] = np.linspace(0.0, 1.0, r.rows)
        r.mobilisation[::3] = 0.25
        r.trust[:], r.grievance[:], r.efficacy[:], r.habit[:] = 0.001, 0.0, 0.0, 0.0
        voting, standing = elect(world)
        for found, harder in (
            (voting, p.vote_threshold - p.deliberate_threshold),
            (standing, p.stand_threshold - p.deliberate_threshold),
        ):
            own = p.mean_threshold + p.threshold_stretch * r.threshold + harder
            reached = r.norm + r.mobilisation >= own
            clear = np.abs(r.norm + r.mobilisation - own) > 1e-5
            assert np.array_equal(found[clear & r.present], reached[clear & r.present])
            assert 0 < found.sum() < r.present.sum()

    def test_who_has_reached_it_asks_at_the_ceiling_and_nobody_else_does(self, compound):
        world = compound(600, 210, 5, **THRESHOLD).world
        r, p = world.residents, world.settings.taking_part
        r.grievance[:], r.norm[:] = 0.5, 0.3
        harder = p.order_threshold - p.deliberate_threshold
        reached = p.mean_threshold + p.threshold_stretch * r.threshold + harder <= 0.3
        asked = np.zeros(r.rows, bool)
        asked[ask_for_services(world)[0]] = True
        assert not asked[~reached].any()
        n = int(reached.sum())
        assert asked.sum() / n == pytest.approx(p.order_ceiling, abs=3.0 * np.sqrt(0.09 / n))

    def test_a_small_change_of_thresholds_tips_the_whole(self, compound):
        """The reason why the model is famous: many thresholds a little lower, and nearly everybody acts."""
        shares = []
        for mean in (0.45, 0.1):
            known = {"taking_part.mean_threshold": mean, "taking_part.threshold_stretch": 1.0, "study.months": 48}
            seen = {"talk.visibility_floor": 1.0, "deliberate.meetings": 12}
            shares.append(compound(**THRESHOLD, **known, **seen).run().months["participation"].iloc[-1])
        assert shares[0] < 0.05
        assert shares[1] > 0.6


class TestLevels:
    """Friedkin and Johnsen: trust drifts to what those one has ties with think, and to the own set point."""

    @pytest.fixture
    def world(self, compound):
        def of(stubbornness: float):
            community = compound(
                **LEVELS, **{"talk.stubbornness": stubbornness, "trust.hearsay_gain": 0.5, "ties.joint_gain": 0.5}
            )
            world = community.world
            world.open_month(0)
            return world, community.institutions

        return of

    @pytest.mark.parametrize("stubbornness", [0.0, 0.3, 1.0])
    def test_one_month_is_the_weighted_mean_of_levels_at_its_opening(self, world, stubbornness):
        world, institutions = world(stubbornness)
        r, ties = world.residents, world.ties
        r.trust[:] = np.random.default_rng(1).uniform(0.1, 0.9, r.trust.shape)
        before, alone = r.trust.copy(), ties.other[:, 0] < 0
        weights = np.zeros((r.rows, r.rows))
        for i, j, strength in ties.edges():
            weights[i, j] = weights[j, i] = strength
        alone = weights.sum(axis=1) == 0.0
        weights[~alone] /= weights[~alone].sum(axis=1, keepdims=True)
        talk(world, institutions)
        aims = stubbornness * r.set_point + (1.0 - stubbornness) * weights @ before
        expected = np.where(alone[:, None], before, before + 0.5 * (aims - before))
        assert r.trust == pytest.approx(expected, abs=1e-6)
        assert not alone.all()

    def test_signals_do_not_travel(self, world):
        worlds = []
        for signal in (0.0, -1.0):
            one, institutions = world(0.5)
            one.residents.published[:, :5] = signal
            talk(one, institutions)
            worlds.append(one.residents)
        assert np.array_equal(worlds[0].trust, worlds[1].trust)
        assert np.array_equal(worlds[0].norm, worlds[1].norm)

    def test_everything_else_of_talk_is_as_before(self, compound):
        worlds = []
        for chosen in ({}, LEVELS):
            community = compound(**chosen)
            community.world.open_month(0)
            community.world.residents.published[:, 5:7] = 0.5
            talk(community.world, community.institutions)
            worlds.append(community.world)
        usual, other = worlds
        for column in ("norm", "embedded", "close_ties", "informed"):
            assert np.array_equal(getattr(usual.residents, column), getattr(other.residents, column)), column
        assert np.array_equal(usual.ties.strength, other.ties.strength)

    def test_it_wears_away_what_people_differ_by_unless_they_are_stubborn(self, compound):
        quiet = {"trust.encounter": 0.0, "trust.gain": 0.0, "trust.pull": 0.0, "study.months": 48}
        spread = {
            stubborn: compound(**LEVELS, **quiet, **{"talk.stubbornness": stubborn}).run().months["trust_spread"]
            for stubborn in (0.0, 1.0)
        }
        assert spread[0.0].iloc[-1] < 0.75 * spread[0.0].iloc[0]
        assert spread[1.0].iloc[-1] > 0.9 * spread[1.0].iloc[0]  # people come and go


@pytest.mark.parametrize("chosen", [THRESHOLD, LEVELS], ids=["threshold", "levels"])
def test_a_trace_gives_the_reasons_by_which_people_decided(compound, chosen):
    community = compound(**BUSY, **chosen)
    watchers = [PersonWatcher(row) for row in range(community.world.residents.rows)]
    watch(community, watchers)
    community.run()
    assert community.months.to_csv() == compound(**BUSY, **chosen).run().months.to_csv()
    told = []
    for watcher in watchers:
        decisions = [e for e in watcher.events if e["kind"] in ("order", "meeting", "session", "joint work", "vote")]
        assert [e for e in decisions if e["acted"] != (e["able"] and e["draw"] < e["probability"])] == []
        told += [e["text"] for e in decisions if e["acted"]]
    assert compare_trust(watchers) > 5000
    by_others = [text for text in told if "of the own ties are seen to contribute" in text]
    assert len(by_others) == (len(told) if chosen is THRESHOLD else 0)
    assert told


@pytest.mark.parametrize(("key", "given"), [("taking_part.form", "planed"), ("talk.form", "level")])
def test_a_form_that_does_not_exist_is_refused(key, given):
    with pytest.raises(ValueError, match="is not among the choices"):
        load_scenario("ly", {key: given})
