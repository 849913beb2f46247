"""Orders on their way, and the phases of a month: numbers are the order book's, and every phase has its words."""

import re
from itertools import pairwise

import numpy as np
import pytest

from cosim.community import Community
from cosim.dashboard.frames import PLACE, WAITING, frame_of, moved_between, queue_of
from cosim.dashboard.panels.month import count, levers_in_force
from cosim.dashboard.panels.orders import ended_so_far, lines, mean_wait
from cosim.dashboard.phases import COUNTS, WORDS
from cosim.dashboard.stages import STAGES
from cosim.dashboard.worlds import REPLICATE, Worlds
from cosim.language import language
from cosim.month.phases import PHASES
from cosim.outcomes.measures import MEASURES
from cosim.scenario import load_scenario
from cosim.scenario.keys import keys_of, schema_keys
from cosim.scenario.schema import Scenario
from cosim.study.running import seed_of
from cosim.world.orders import ENDED, Stage

SAY = language("en")


@pytest.fixture(scope="module")
def run(compound):
    """Return a small reformed compound after its months, and the frames of all of them from month 0 on."""
    community = compound(**{"supply.mode": "multi_centre", "study.months": 36, "government.budget": 4000.0})
    frames = []
    while community.running:
        community.step()
        if community.month >= 0:
            frames.append(frame_of(community))
    return community, frames


# Orders


def test_what_stands_is_what_stood_and_came_less_what_ended(run):
    _, frames = run
    for before, after in pairwise(frames):
        came, ended = after.queue.placed, int(after.queue.ended.sum())
        assert after.queue.open.sum() == before.queue.open.sum() + came - ended
        assert after.whole[PLACE["orders_open"]] == after.queue.open.sum()


def test_what_moved_is_what_the_order_book_dates(run):
    community, frames = run
    book = community.world.orders
    every = [*book.ended, *book.open.values()]
    for month, frame in enumerate(frames[1:]):
        said = [sum(what.startswith(word) for it in every for when, what in it.history if when == month)
                for word in ("taken", "begun", "delivered")]  # fmt: skip
        assert frame.queue.moved.tolist() == said
    assert sum(frame.queue.moved.sum() for frame in frames) > 0


def test_waits_so_far_are_those_of_the_order_book(run):
    community, frames = run
    done = [it for it in community.world.orders.ended if it.ended >= 0 and it.stage is Stage.SIGNED_OFF]
    assert len(done) > 0
    assert mean_wait(frames) == pytest.approx(np.mean([it.ended - it.placed for it in done]))
    for place, stage in enumerate(ENDED):
        ended = [it for it in community.world.orders.ended if it.ended >= 0 and it.stage is stage]
        assert ended_so_far(frames)[place] == len(ended)
    assert np.isnan(mean_wait(frames[:1]))
    assert ended_so_far(frames[:1]).tolist() == [0, 0, 0]


def test_ages_are_those_of_the_orders_that_stand(run):
    community, _ = run
    queue, world = queue_of(community), community.world
    for place, stage in enumerate(WAITING):
        ages = [world.month - it.placed for it in world.orders.standing(stage)]
        assert queue.open[place] == len(ages)
        np.testing.assert_equal(queue.age[place], np.mean(ages) if ages else np.nan)


def test_the_table_shows_both_worlds_and_their_difference():
    scenario = load_scenario("village")
    worlds = Worlds([scenario, load_scenario("village", {"supply.mode": "multi_centre"})], 1)
    worlds.work(12, 60.0)
    table = {line["label"]: line for line in lines(worlds.frames, SAY)}
    left, right = (frames[-1].queue for frames in worlds.frames)
    standing = table["Standing: Accepted"]
    assert standing["values"] == [str(left.open[2]), str(right.open[2])]
    apart = int(right.open[2] - left.open[2])
    assert standing["difference"] == ("0" if apart == 0 else f"{apart:+d}".replace("-", "−"))
    assert standing["meaning"] == STAGES[Stage.ACCEPTED].meaning
    assert all(line["difference"] in ("0", "–") for line in lines([worlds.frames[0]] * 2, SAY))
    assert all(len(line["values"]) == 1 for line in lines(worlds.frames[:1], SAY))


# The month


def test_every_phase_is_declared_with_words_evidence_and_numbers_that_there_are():
    assert set(WORDS) == set(PHASES)
    zh = language("zh")
    for phase in PHASES:
        words = WORDS[phase]
        assert re.search(r"[\u4e00-\u9fff]", words.zh)
        assert words.en[0].isupper()
        assert re.search(r"[\u4e00-\u9fff]", zh(words.what))
        assert words.evidence
        assert all(zh(it) != it for it in words.evidence)
        assert all(name in MEASURES or name in COUNTS for name in words.numbers)


def test_every_lever_acts_in_a_phase():
    tables = {key.table.split(".")[0] for key in schema_keys(Scenario) if key.lever}
    said = {section for words in WORDS.values() for section in words.sections}
    assert said == tables


def test_levers_in_force_are_those_of_the_month_that_comes():
    scenario = load_scenario("village")
    levers = levers_in_force(scenario, 3)
    assert levers["deliberate.meetings"].value == scenario.deliberate.meetings
    known = {key.dotted for key in keys_of(scenario) if key.lever}
    assert set(levers) == {key for key in known if not re.match(r"supply\..+\.", key)}


def test_counts_are_those_of_the_month(compound):
    community = compound(**{"deliberate.meetings": 12, "party_leads.sessions": 12, "party_leads.staff_hours": 2000.0})
    frames, met, sat = [], 0, 0
    while community.running:
        before = community.world.residents.present.copy(), community.world.residents.arrival.copy()
        community.step()
        frames.append(frame_of(community))
        c, r = community.world.circumstances, community.world.residents
        assert count("met", frames) == c.met.size
        assert count("sat", frames) == c.sat.size
        assert count("worked", frames) == c.worked.size
        assert count("renovated", frames) == community.world.renovated.sum()
        if len(frames) > 1:
            same = before[0] & r.present & (before[1] == r.arrival)
            assert moved_between(*frames[-2:]) == (int((r.present & ~same).sum()), int((before[0] & ~same).sum()))
            assert count("came", frames) == int((r.present & ~same).sum())
        met, sat = met + c.met.size, sat + c.sat.size
    assert met > 0
    assert sat > 0
    assert count("came", frames[:1]) is None
    assert {name for name in COUNTS if count(name, frames) is None} == set()


def test_a_frame_stays_small():
    scenario = load_scenario("single_centre")
    community = Community(scenario, rng=seed_of(1, REPLICATE))
    community.step()
    people = scenario.population.residents
    assert frame_of(community).size < 20 * people
