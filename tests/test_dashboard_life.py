"""A resident or a building on the page: the run that is told is the run on screen, and every word has its number."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from cosim.community import Community
from cosim.dashboard import following, lives
from cosim.dashboard.following import Followed, Picked, same_month
from cosim.dashboard.frames import MAPPED, NOBODY, STEPS, frame_of
from cosim.dashboard.panels import life
from cosim.dashboard.panels.life import find
from cosim.dashboard.room import Room
from cosim.dashboard.stages import STAGES
from cosim.dashboard.telling import CAUSES, DECISIONS, DONE, OTHERS, PLANNED, SENTENCES, sentence, shown, terms_of
from cosim.dashboard.turns import Turns
from cosim.dashboard.visitor import Visitor
from cosim.dashboard.worlds import REPLICATE, Worlds
from cosim.language import language
from cosim.scenario import load_scenario
from cosim.study.running import seed_of
from cosim.study.tracing import trace
from cosim.study.tracing.person import PersonWatcher
from cosim.study.tracing.sentences import ASKING
from cosim.study.tracing.watching import run_watched
from cosim.world.orders import Stage

PAIR = "?left=long&right=long&set=right:deliberate.meetings=12&set=right:party_leads.visits=1"
ONE = "?left=long&right=none"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def room():
    """Return a room with the dozen people of the village for five years."""
    return Room(files={"long": load_scenario("village", {"study.months": 60})})


@pytest.fixture
def visitor(room):
    """Return a maker of visitors at a position."""

    def make(query=PAIR, position=12):
        found = Visitor(room, query, lambda: None)
        go(found, position)
        return found

    return make


def go(found, position):
    """Bring a position on screen."""
    found.go(position)
    while not found.worlds.ready or found.worlds.position < found.goal:
        found.more()
    assert found.worlds.position == position


def followed(found):
    """Return what follows the one who is looked at, when its work is over."""
    found.life.follow(found.worlds, found.picked)
    found.life.wait()
    assert found.life.background.error is None
    return found.life.follow(found.worlds, found.picked)


def facts(found):
    return {line["label"]: line["values"] for line in lives.facts(found, followed(found))}


# The runs


def test_the_run_that_is_told_is_the_run_on_screen(visitor):
    found = visitor()
    found.pick(3)
    told = followed(found)
    assert told.reached == 12
    traced = trace([side.scenario for side in found.sides.values()], person=3, seed=1, replicate=REPLICATE, last=11)
    for watcher, label in zip(told.watchers, traced.labels, strict=True):
        said = [it["text"] for it in traced.events if it["scenario"] == label]
        stay = watcher.at_month_0
        assert said == [it["text"] for it in watcher.events if it["month"] >= 0 and it["arrival"] == stay]


def test_another_run_is_found_out(visitor):
    found = visitor()
    other = Worlds(found.worlds.scenarios, 2)
    other.frames = found.worlds.frames
    with pytest.raises(RuntimeError, match="not the run on screen"):
        Followed(other, Picked(3, arrival=0)).catch_up(12)
    assert not same_month(found.worlds.now[0], found.worlds.frames[0][11])


def test_one_month_on_costs_one_month_and_the_past_is_known(visitor):
    found = visitor()
    found.pick(3)
    told = followed(found)
    before = [len(watcher.events) for watcher in told.watchers]
    go(found, 13)
    assert found.life.follow(found.worlds, found.picked) is told
    assert not found.life.background.running
    assert told.reached == 13
    assert [len(it.events) for it in told.watchers] > before
    go(found, 4)
    assert found.life.follow(found.worlds, found.picked) is told
    assert lives.reached(found, told) == 4
    for watcher in told.watchers:
        assert all(it["month"] < 4 for it in lives._events(found, told, watcher))


def test_another_person_another_seed_and_other_levers_are_followed_anew(visitor):
    found = visitor()
    found.pick(3)
    told = followed(found)
    found.pick(4)
    other = followed(found)
    assert other is not told
    assert other.watchers[0].row == 4
    found.set_seed("2")
    go(found, 12)
    assert followed(found) is not other


def test_only_few_runs_go_on_at_once_and_one_that_nobody_waits_for_gives_up(visitor, monkeypatch):
    class Gone(Exception):  # noqa: N818 (reads as what it is)
        pass

    def tell(share):
        raise Gone

    found = visitor()
    with following.AT_ONCE, following.AT_ONCE, pytest.raises(Gone):
        Followed(found.worlds, Picked(building=0)).work(12, tell, Turns())
    with pytest.raises(Gone):
        Followed(found.worlds, Picked(building=0)).work(12, tell, Turns())
    for _ in range(2):
        assert following.AT_ONCE.acquire(blocking=False), "a run that gave up keeps no place"
    for _ in range(2):
        following.AT_ONCE.release()


def test_progress_is_told_in_few_steps(visitor):
    found, shares = visitor(), []
    Followed(found.worlds, Picked(building=0)).work(12, shares.append, Turns())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(set(shares)) <= following.STEPS_TOLD + 1


# Who it is


def test_facts_are_those_of_the_world(visitor):
    found = visitor()
    for side, scenario in enumerate(found.worlds.scenarios):
        alone = Community(scenario, rng=seed_of(1, REPLICATE))
        while alone.month < 12:
            alone.step()
        r, homes = alone.world.residents, alone.world.households
        for row in np.nonzero(r.present)[0].tolist():
            found.pick(row, None, int(r.arrival[row]))
            said = {label: values[side] for label, values in facts(found).items()}
            home = int(r.household[row])
            assert said["Now"] == "lives here"
            assert said["Age"] == str(int(r.age[row]))
            assert said["Household"] == str(home)
            assert said["Ties"] == str(int((alone.world.ties.other[row] >= 0).sum()))
            pays = f"the household {'pays' if homes.pays[home] else 'does not pay'}"
            assert said["Property fee"] == ("–" if r.arrived[row] == 11 else pays), "who has just come: nothing yet"
            group = "Party members" if r.member[row] else "Migrants" if r.migrant[row] else "Long-term"
            assert said["Group"] == group


def test_ties_lead_to_the_rows_that_are_tied(visitor):
    found = visitor()
    alone = Community(found.worlds.scenarios[0], rng=seed_of(1, REPLICATE))
    while alone.month < 12:
        alone.step()
    ties = alone.world.ties
    row = int(np.argmax((ties.other >= 0).sum(axis=1)))
    found.pick(row)
    assert found.tied() == [], "nothing is known yet"
    left, _ = lives.ties(found, followed(found))
    known = set(ties.other[row][ties.other[row] >= 0].tolist())
    assert known == set(found.tied()) == {it["row"] for it in left["to"]}
    assert left["count"].startswith(str(len(known)))


def moved(scenario):
    """Return a row, its first person, and the position at which that person is gone."""
    alone = Worlds([scenario], 1)
    alone.work(alone.last, 60.0)
    first = alone.frames[0][0]
    for position, frame in enumerate(alone.frames[0]):
        gone = np.nonzero((first.group != NOBODY) & ((frame.group == NOBODY) | (frame.arrival != first.arrival)))[0]
        if gone.size:
            return int(gone[0]), int(first.arrival[gone[0]]), position
    raise AssertionError("nobody has left")


def test_who_has_left_is_told_plainly_with_month_and_reason(visitor, room):
    row, arrival, position = moved(room.files["long"])
    found = visitor(ONE, position + 1)
    found.pick(row, None, arrival)
    (state,) = facts(found)["Now"]
    assert re.match(rf"left in month {position}: (died|moved away with the household); (nobody|somebody else) ", state)
    values = lives.person_courses(found)[0].values
    assert np.isnan(values[0, position:]).all()
    assert np.isfinite(values[0, :position]).all()
    go(found, position - 1)
    assert facts(found)["Now"] == ["lives here"]
    found.pick(row, None, arrival + 1)
    assert facts(found)["Now"][0].startswith("has not moved in so far")
    assert facts(found)["Age"] == ["–"], "nothing is told of somebody who is not there yet"


def test_courses_are_those_of_the_frames(visitor):
    found = visitor()
    found.pick(2)
    for name, course in zip(lives.COURSES, lives.person_courses(found), strict=True):
        for side, frames in enumerate(found.worlds.frames):
            kept = [frame.people[MAPPED.index(name), 2] / STEPS for frame in frames]
            np.testing.assert_allclose(course.values[side], kept, rtol=1e-6)


# What happened, in words


@pytest.fixture(scope="module")
def happened(compound):
    """Return events of many people of a small compound with everything that a reform does."""
    levers = {
        "supply.mode": "multi_centre", "party_leads.visits": 0.5, "party_leads.sessions": 12, "deliberate.meetings": 12,
        "deliberate.disclosure": True, "norms.sanctions": 0.5, "norms.watch": 0.8, "study.months": 30,
        "residents_order.hotline": True,
    }  # fmt: skip
    community = compound(**levers)
    watchers = [PersonWatcher(row) for row in range(200)]
    run_watched(community, watchers, 29, lambda share: None)
    services = {name: it.label for name, it in community.settings.categories.items()}
    chinese = {name: it.label_zh for name, it in community.settings.categories.items()}
    return [event for watcher in watchers for event in watcher.events], services, chinese


def test_every_event_that_is_told_has_a_sentence_in_both_languages(happened):
    events, services, chinese = happened
    told = [event for event in events if shown(event)]
    kinds = {event["kind"] for event in told}
    assert kinds >= {"order", "meeting", "session", "joint work", "vote", "fee", "keeping", "visited", "verdict"}
    assert kinds >= {"trust", "told", "left", "arrived"}
    for event in told:
        english = sentence(event, services, language("en"))
        assert english.endswith(".")
        assert not CHINESE.search(english)
        spoken = sentence(event, chinese, language("zh"))
        assert spoken.endswith("。")
        words = re.sub(r"P |[\d.,−+]+", "", spoken)
        assert not re.search(r"[A-Za-z]{3}", words.replace("LY", "")), spoken


def test_every_kind_and_cause_of_tracing_is_known(happened):
    events, _, _ = happened
    assert set(SENTENCES) | set(ASKING) >= {event["kind"] for event in events} - {"moving"}
    for event in events:
        for target in event.get("targets", {}).values():
            assert set(target["signals"]) <= set(CAUSES)
    assert {kind for kind, _ in DONE} | {"order"} == set(ASKING)


def test_terms_of_a_decision_add_up(happened):
    events, _, _ = happened
    seen = set()
    for event in events:
        if event["kind"] not in DECISIONS or not event.get("able", True):
            continue
        seen.add(event["kind"])
        values = {str(term.name): term.value for term in terms_of(event)}
        assert values["Probability"] != "–"
        assert all(term.meaning for term in terms_of(event))
        luck = event["terms"]["probability"] if event["kind"] == "moving" else event["probability"]
        if event["kind"] not in ("moving", "stand"):
            assert event["acted"] == (event["draw"] < luck)
        if event["kind"] == "meeting":
            t = event["terms"]
            weighed = sum(t[f"w_{part}"] * t[part] for part in ("attitude", "norm", "control"))
            assert t["intention"] == pytest.approx(weighed - t["threshold"] + t["habit"], abs=1e-5)
            assert set(map(str, (name for _, name, _ in PLANNED))) <= set(values)
    assert seen >= {"order", "meeting", "session", "joint work", "fee", "keeping", "moving", "vote", "stand"}
    assert set(OTHERS) == set(DECISIONS) - set(ASKING)


def test_decisions_by_threshold_show_what_others_do(compound):
    community = compound(**{"taking_part.form": "threshold", "deliberate.meetings": 12})
    watcher = PersonWatcher(int(np.nonzero(community.world.residents.present)[0][0]))
    run_watched(community, [watcher], 5, lambda share: None)
    event = next(it for it in watcher.events if it["kind"] == "meeting")
    assert [str(it.name) for it in terms_of(event)] == ["Ties that act", "Own threshold", "Mobilisation", "Probability",
                                                        "Draw"]  # fmt: skip


def test_the_decision_looked_at_is_the_last_of_its_kind_in_either_world(visitor):
    found = visitor()
    first, (left, right) = found.worlds.frames[0][0].arrival, found.worlds.now
    found.pick(next(row for row in range(12) if first[row] == left.arrival[row] == right.arrival[row]))
    told = followed(found)
    kinds, shown_first = lives.decision(found, told)
    assert {"order", "moving"} <= {it["name"] for it in kinds}
    assert shown_first["lines"][0]["label"] == "Month"
    found.look_at_decision("moving")
    _, chosen = lives.decision(found, told)
    assert chosen["title"] == "To move away"
    assert chosen["lines"][0]["values"] == ["12", "12"]
    found.look_at_decision({"kind": "fee"})
    assert found.life.decision == "", "what is no kind means the last one"


def test_owners_votes_on_a_share_are_told_with_their_service():
    event = {"kind": "owners", "what": "", "order": 3, "category": "water"}
    services = {"water": "Water"}
    for agreed, words in ((True, "Owners agreed to their share of Water."),
                          (False, "Owners did not agree to their share of Water.")):  # fmt: skip
        assert sentence({**event, "agreed": agreed}, services, language("en")) == words


# Orders and buildings


def test_orders_of_a_person_and_of_a_building_are_those_of_the_book(visitor):
    found = visitor(ONE, 24)
    alone = Community(found.worlds.scenarios[0], rng=seed_of(1, REPLICATE))
    while alone.month < 24:
        alone.step()
    book = alone.world.orders
    every = [*book.ended, *book.open.values()]
    for building in range(alone.settings.population.buildings):
        found.pick(None, building)
        (side,) = lives.cases(found, followed(found))
        mine = {it.number: it for it in every if it.place == building}
        assert side["more"] == (len(mine) > lives.MOST_CASES)
        for row in side["rows"]:
            assert row["stage"] == STAGES[mine[row["number"]].stage].name
        done = sum(it.stage is Stage.SIGNED_OFF for it in mine.values())
        assert f"{done} signed off" in side["summary"]
    asked = 0
    for row in np.nonzero(alone.world.residents.present)[0].tolist():
        found.pick(row)
        number = int(alone.world.people_in(np.array([row]))[0])
        (side,) = lives.cases(found, followed(found))
        mine = sorted((it.number for it in every if number in it.asked), reverse=True)
        assert [it["number"] for it in side["rows"]] == mine[: lives.MOST_CASES]
        asked += len(mine)
    assert asked > 0


def test_a_building_is_told_as_it_stands(visitor):
    found = visitor()
    found.pick(None, 1)
    said = {line["label"]: line for line in lives.building_facts(found, followed(found))}
    for side, scenario in enumerate(found.worlds.scenarios):
        alone = Community(scenario, rng=seed_of(1, REPLICATE))
        while alone.month < 12:
            alone.step()
        here = alone.world.people_at(1)
        assert said["Residents"]["values"][side] == str(here.size)
        assert float(said["Water"]["values"][side]) == pytest.approx(
            alone.world.facilities.condition[1, list(scenario.categories).index("water")], abs=6e-4
        )
        assert float(said["Satisfaction"]["values"][side]) == pytest.approx(
            alone.world.residents.satisfaction[here].mean(), abs=0.005
        )


def test_a_flood_is_told_of_a_building():
    say = language("en")
    flood = {"kind": "shock", "depth": 0.25, "size": 0.4}
    assert lives.shock(flood, say) == "A flood: condition lost up to 0.400, here 0.250 of it."
    assert lives.shock({**flood, "depth": None}, say) == "A service failed; condition lost: 0.400."


# What is picked


@pytest.mark.parametrize("given", [None, -1, 12, "x", [1], {"row": 1}, True, 1e300, "٣"])
def test_what_is_no_row_is_nobody(visitor, given):
    found = visitor(position=1)
    found.pick(given, given, given)
    assert found.picked == Picked()


def test_a_row_is_whoever_lives_there_now_and_other_people_are_forgotten(visitor):
    found = visitor(position=1)
    found.pick("3")
    assert found.picked == Picked(3, arrival=int(found.worlds.now[0].arrival[3]))
    assert found.view.panel == "life"
    found.choose("right", "none")
    assert found.picked.row == 3
    found.choose("left", "ly")
    assert found.picked == Picked()


def test_a_resident_is_found_by_row_and_what_is_none_is_said_in_both_languages(visitor):
    found = visitor(position=1)
    find(found, " 4 ")
    assert found.picked.row == 4
    for given in ("12", "", "abc" * 100, None, {"a": 1}):
        find(found, given)
        english, chinese = found.messages[-1], language("zh").again(found.messages[-1])
        assert "from 0 to 11" in english
        assert CHINESE.search(chinese)
    assert found.picked.row == 4


def test_a_named_person_is_found_by_name_and_part_of_it(visitor):
    found = visitor(position=1)
    names = found.sides["left"].scenario.population.names
    for row, name in enumerate(names):
        find(found, name)
        assert found.picked == Picked(row, arrival=0)
    find(found, names[2].split()[0])
    assert found.picked.row == 2
    assert found.messages == []


def test_a_part_of_several_names_is_told_but_not_all_of_them(visitor, monkeypatch):
    found = visitor(position=1)
    many = {f"Wang {number}": number for number in range(40)}
    monkeypatch.setattr(life, "people_called", lambda scenario, text: many)
    find(found, "Wang")
    assert "Wang 11" in found.messages[-1]
    assert "Wang 12" not in found.messages[-1]
    assert found.picked == Picked()


def test_words_of_time():
    say = language("en")
    assert [lives.duration(months, say) for months in (0, 1, 11, 12, 35)] == [
        "for 0 months", "for 1 month", "for 11 months", "for 1 year", "for 2 years",
    ]  # fmt: skip


def test_frames_are_told_apart_by_who_lives_there(village):
    while village.month < 0:
        village.step()
    frame = frame_of(village)
    here = int(np.nonzero(frame.group != NOBODY)[0][0])
    assert lives.lives_here(frame, here, int(frame.arrival[here]))
    assert not lives.lives_here(frame, here, int(frame.arrival[here]) + 1)
    assert not lives.lives_here(SimpleNamespace(group=np.full(12, NOBODY), arrival=frame.arrival), here, 0)
