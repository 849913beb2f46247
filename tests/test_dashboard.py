"""The dashboard without a browser: worlds in step, frames, the plan, links, changes, and one visitor's view."""

import re
from base64 import b64encode
from pathlib import Path

import numpy as np
import pytest
import solara

import cosim.dashboard
from cosim.community import Community
from cosim.dashboard.background import Background
from cosim.dashboard.changes import Change, changed, in_force, read_change
from cosim.dashboard.frames import MAPPED, NOBODY, STEPS, course, frame_of, same_person
from cosim.dashboard.link import KEYS, PANELS, View, view_of
from cosim.dashboard.page import PANELS as PAGE
from cosim.dashboard.panels import clock, maps, tabs, top
from cosim.dashboard.panels.maps import apart
from cosim.dashboard.plan import plan_of
from cosim.dashboard.room import Limits, Room
from cosim.dashboard.topics import TOPICS
from cosim.dashboard.visitor import Visitor
from cosim.dashboard.worlds import REPLICATE, Worlds
from cosim.language import language
from cosim.outcomes.measures import MEASURES, PERSON_MEASURES
from cosim.outcomes.register import states
from cosim.scenario import ScenarioError, load_scenario
from cosim.study.running import seed_of

FOLDER = Path(cosim.dashboard.__file__).parent
SMALL = "?left=village&right=village"


def visitor(query=SMALL, room=None):
    """Return a visitor whose warm-up is over."""
    found = Visitor(room or Room(), query, lambda: None)
    while not found.worlds.ready or found.worlds.position < found.goal:
        found.more()
    return found


def texts(found):
    """Return a visitor's messages in the visitor's language."""
    say = found.say
    return [it.text(say) if isinstance(it, ScenarioError) else say.again(it) for it in found.messages]


# Worlds and frames


def test_worlds_are_the_first_replicate_of_a_study():
    scenario = load_scenario("village")
    worlds = Worlds([scenario], 5)
    worlds.work(12, 60.0)
    alone = Community(scenario, rng=seed_of(5, REPLICATE)).run()
    said = alone.months[alone.months["month"] >= 0]
    for name in ("participation", "trust_neighbours", "orders_open"):
        kept = [frame.whole[list(MEASURES).index(name)] for frame in worlds.frames[0][1:]]
        np.testing.assert_array_equal(np.float32(said[name]), np.float32(kept))


def test_worlds_are_made_in_pieces_that_come_to_an_end():
    worlds, calls = Worlds([load_scenario("village")] * 2, 1), 0
    while not worlds.work(4, 0.0):
        calls += 1
    assert calls >= 4
    assert worlds.latest == 4
    worlds.show(99)
    assert worlds.position == 4
    worlds.show(-3)
    assert worlds.position == 0


def test_without_a_warm_up_the_start_is_shown():
    worlds = Worlds([load_scenario("village", {"study.warmup_months": 0})], 1)
    worlds.work(1, 60.0)
    assert worlds.latest == 1
    assert np.isfinite(worlds.frames[0][0].whole[0])


def test_a_frame_holds_what_the_register_knows(village):
    while village.month < 4:
        village.step()
    frame, here = frame_of(village), village.world.residents.present
    exact = states(village.world, np.arange(here.size))
    for place, name in enumerate(MAPPED):
        kept = frame.people[place][here] / STEPS
        np.testing.assert_allclose(kept, exact[here, PERSON_MEASURES.index(name)], atol=0.5 / STEPS + 1e-6)
    assert (frame.people[:, ~here] == NOBODY).all()
    assert frame.queue.open.sum() == len(village.world.orders.open)
    assert frame.size < 20_000


def test_costs_are_told_per_resident_and_year():
    worlds = Worlds([load_scenario("village")], 1)
    worlds.work(3, 60.0)
    frames = worlds.frames[0]
    places = [list(MEASURES).index(name) for name in ("cost_total", "residents")]
    yearly = [12 * frame.whole[places[0]] / frame.whole[places[1]] for frame in frames]
    np.testing.assert_allclose(course(frames, "cost_total"), yearly, rtol=1e-5)


def test_the_same_scenario_differs_nowhere_and_another_one_somewhere():
    same = Worlds([load_scenario("village")] * 2, 1)
    other = Worlds([load_scenario("village"), load_scenario("village", {"party_leads.visits": 1.0})], 1)
    for worlds in (same, other):
        worlds.work(12, 60.0)
    for left, right in zip(*same.frames, strict=True):
        for measure in range(len(MAPPED)):
            drawn = apart(left, right, measure)
            assert set(np.unique(drawn)) <= {STEPS // 2, NOBODY}
        np.testing.assert_array_equal(left.whole, right.whole)
    ends = [frames[-1].whole for frames in other.frames]
    assert not np.array_equal(*ends, equal_nan=True)


def test_a_difference_is_drawn_by_its_sign_and_only_for_the_same_person(village):
    frame = frame_of(village)
    more = frame._replace(people=np.where(frame.people == NOBODY, NOBODY, np.minimum(frame.people + 3, STEPS)))
    moved = frame._replace(arrival=frame.arrival + 1)
    here = frame.group != NOBODY
    risen = (more.people[1] != frame.people[1]) & here
    assert risen.any()
    assert (apart(frame, more, 1)[risen] > STEPS // 2).all()
    assert (apart(more, frame, 1)[risen] < STEPS // 2).all()
    assert not same_person(frame, moved).any()
    assert (apart(frame, moved, 1) == NOBODY).all()


def test_different_people_are_refused():
    with pytest.raises(ScenarioError, match=r"population\.residents"):
        Worlds([load_scenario("village"), load_scenario("ly")], 1)


# The plan


@pytest.mark.parametrize("name", ["village", "ly", "own_community"])
def test_everybody_stands_in_their_own_building(name):
    world = Community(name).world
    plan, who = plan_of(world), world.residents
    left, top, wide, high = plan.buildings[who.building].T
    x, y = plan.people.T
    assert ((x >= left) & (x <= left + wide) & (y >= top) & (y <= top + high)).all()
    assert len(np.unique(plan.people.round(3), axis=0)) == who.rows, "no dot hides another"
    corners = plan.buildings
    assert (corners[:, 0] + corners[:, 2] <= plan.size[0]).all()
    assert (corners[:, 1] + corners[:, 3] <= plan.size[1]).all()
    assert len(plan.as_bytes()) == 4 * (4 * len(corners) + 2 * len(plan.homes) + 2 * who.rows)


# Links


def test_a_view_comes_back_from_its_link():
    view = View("village", "none", 12, 7, "zh", "groups", "costs", PANELS[3], ("left@3:party_leads.visits=0.5",))
    again, faults = view_of(view.link(), ["village"], 120, View())
    assert again == view
    assert faults == []
    assert View().link() == "?left=single_centre&right=multi_centre&seed=1&lang=en"
    elsewhere = View(left="village", right="none", seed=9, lang="zh")
    assert view_of(View().link(), ["single_centre", "multi_centre"], 120, elsewhere) == (View(), [])


@pytest.mark.parametrize("key", [*KEYS, "nonsense"])
def test_what_a_link_cannot_ask_for_is_named_in_both_languages(key):
    view, faults = view_of(f"{key}=<script>9e99", ["village"], 120, View())
    assert view == View()
    (fault,) = faults
    said = [language(code).again(fault) for code in ("en", "zh")]
    assert all(key in text and ("9e99" in text or key == "nonsense") for text in said)
    assert said[0] != said[1]


def test_a_long_link_is_cut():
    query = "&".join(f"x{k}={'9' * 10_000}" for k in range(500))
    _, faults = view_of(query, [], 120, View())
    assert len(faults) == 100
    assert max(map(len, faults)) < 400


# Levers


def test_a_change_is_written_as_a_link_holds_it():
    for change in (
        Change("left", None, "supply.mode", "multi_centre"), Change("right", 12, "party_leads.visits", 0.5),
        Change("left", 3, "supply.water.payers", {"government": 0.5, "partner": 0.5}),
    ):  # fmt: skip
        assert read_change(str(change)) == change
    for wrong in ("", "middle:a=1", "left@x:a=1", "left:a", "left@99999:a=1"):
        with pytest.raises(ScenarioError):
            read_change(wrong)


def test_levers_change_from_the_start_or_from_a_month_on():
    village = load_scenario("village")
    from_start = changed(village, None, {"party_leads.visits": 0.5})
    assert from_start.party_leads.visits == 0.5
    later = changed(village, 6, {"party_leads.visits": 0.5})
    later = changed(later, 6, {"deliberate.meetings": 4})
    later = changed(later, 3, {"party_leads.visits": 0.2})
    assert [change.month for change in later.changes] == [3, 6]
    assert [in_force(later, month).party_leads.visits for month in (0, 2, 3, 5, 6)] == [0, 0, 0.2, 0.2, 0.5]
    assert in_force(later, 6).deliberate.meetings == 4


@pytest.mark.parametrize("key", ["population.residents", "trust.gain", "nothing", "party_leads", "changes"])
def test_only_levers_can_be_changed(key):
    with pytest.raises(ScenarioError, match="lever"):
        changed(load_scenario("village"), None, {key: 1})


def test_a_change_leaves_the_months_before_it_as_they_were():
    found = visitor(SMALL + "&month=6")
    before = [frame.whole for frame in found.worlds.frames[0]]
    found.change({"party_leads.visits": 1.0}, "next")
    assert found.worlds.position == found.worlds.latest == 6
    for old, frame in zip(before, found.worlds.frames[0], strict=True):
        np.testing.assert_array_equal(old, frame.whole)
    found.go(12)
    assert not np.array_equal(*[frame.whole for frame in found.worlds.now], equal_nan=True)
    assert found.view.changes == ("left@6:party_leads.visits=1.0",)
    found.back_to_preset()
    found.go(12)
    np.testing.assert_array_equal(*[frame.whole for frame in found.worlds.now])
    assert found.view.changes == ()


def test_a_link_brings_back_levers_that_are_possible_only_together_and_each_once():
    found = visitor(SMALL + "&month=3")
    for visits in (0.2, 0.4, 0.6):
        found.change({"party_leads.visits": visits}, "next")
    shares = {"government": 0.5, "partner": 0.5}
    found.change({"supply.water.payers": shares, "supply.water.mode": "contract"}, "next")
    assert len(found.view.changes) == 3
    again = visitor(found.view.link())
    assert again.messages == []
    assert again.sides["left"].scenario == found.sides["left"].scenario


# One visitor


@pytest.mark.parametrize(
    "act",
    [
        lambda it: it.go("x"), lambda it: it.go(-1), lambda it: it.go(10**9), lambda it: it.go(None),
        lambda it: it.go([3]), lambda it: it.set_seed("1e3"), lambda it: it.set_seed(2**40), lambda it: it.set_seed({}),
        lambda it: it.change({"party_leads.visits": "much"}, "start"), lambda it: it.change({"a.b": 1}, "next"),
        lambda it: it.upload("x.toml", "no base 64!"), lambda it: it.upload(None, None),
        lambda it: it.upload("x.toml", b64encode(b"\xff\xfe\x00").decode()),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_changes_nothing(act):
    found = visitor(SMALL + "&month=2")
    act(found)
    (said,) = texts(found)
    assert said
    assert found.worlds.position == 2
    found.look({"lang": "zh"})
    (chinese,) = texts(found)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    found.dismiss(0)
    assert found.messages == []


def test_a_scenario_about_other_people_is_shown_on_both_sides():
    found = visitor("?left=single_centre&right=none&lang=zh")
    found.choose("right", "village_reform")
    assert {side: it.name for side, it in found.sides.items()} == {"left": "village_reform", "right": "village_reform"}
    assert (found.view.left, found.view.right) == ("village_reform", "village_reform")
    (said,) = texts(found)
    assert "十二人小院（改造）" in said
    assert "单中心" in said
    found.choose("left", "village")
    assert found.view.left == "village"
    assert len(found.messages) == 1


def test_messages_stand_once_and_are_few():
    found = visitor(SMALL)
    for given in (*"abcdefghij", "j"):
        found.set_seed(given)
    assert [re.findall("“(.)”", text) for text in texts(found)] == [[given] for given in "cdefghij"]


def test_what_no_control_sends_changes_nothing():
    found = visitor(SMALL)
    before = (found.view, dict(found.sides), found.levers_of)
    found.look({"lang": "xx", "colour": "__class__", "topic": 3, "panel": None, "seed": "4"})
    found.choose("middle", "village")
    found.choose("right", "/etc/passwd")
    found.choose("left", "none")
    found.choose(None, None)
    found.look_at_levers_of("up")
    found.change(None, "start")
    for odd in (None, 5, ["lang"], {}):
        found.look(odd)
        found.look_at_levers_of(odd)
        found.dismiss(odd)
    found.dismiss(44)
    found.pick(10**9, -5)
    assert (found.view.but(panel="outcomes"), dict(found.sides), found.levers_of) == before


def test_an_uploaded_scenario_is_this_visitors_alone():
    room = Room()
    one, other = visitor(room=room), visitor(room=room)
    text = b'extends = "village"\n[party_leads]\nvisits = 0.5\n'
    one.upload("../village.toml", b64encode(text).decode())
    assert one.sides["left"].scenario.party_leads.visits == 0.5
    assert one.sides["left"].name not in other.names
    assert other.sides["left"].scenario == load_scenario("village")


def test_each_side_keeps_what_was_uploaded_for_it():
    found, text = visitor(), 'extends = "village"\n[party_leads]\nvisits = {}\n'
    for side, visits, name in (("left", 0.5, "mine"), ("right", 0.7, "mine (2)")):
        found.look_at_levers_of(side)
        found.upload("mine.toml", b64encode(text.format(visits).encode()).decode())
        assert found.sides[side].name == name
    assert [found.sides[side].scenario.party_leads.visits for side in ("left", "right")] == [0.5, 0.7]
    assert {"mine", "mine (2)"} <= set(found.names)
    found.upload("none.toml", b64encode(text.format(0.2).encode()).decode())
    assert len(found.sides) == 2
    large = 'extends = "village"\n[population]\nresidents = 20000\nhouseholds = 9000\nnames = []\n'
    found.upload("large.toml", b64encode(large.encode()).decode())
    assert found.sides["right"].name == "none (2)"
    assert "none (2)" in found.names
    assert texts(found)


def test_a_file_of_months_holds_what_is_kept():
    found = visitor(SMALL + "&month=3")
    found.give_months()
    assert found.file.name == "months.csv"
    assert len(found.file.text.strip().splitlines()) == 1 + 2 * 4
    number = found.file.number
    found.give_toml()
    assert found.file.number == number + 1
    assert found.file.text == 'extends = "village"\n'


def test_topics_name_measures_that_there_are():
    for topic in TOPICS.values():
        charts = topic.charts(["Water", "Heating"])
        assert charts
        assert all(chart.declared.en for chart in charts)


# Work beside the page


def test_work_in_the_background_tells_its_share_and_can_be_stopped():
    import threading

    heard, go_on, over = [], threading.Event(), threading.Event()
    work = Background(lambda: heard.append(work.share))

    def slow(tell):
        for share in range(1, 4):
            tell(share / 4)
        go_on.wait(10)
        try:
            tell(1.0)
        finally:
            over.set()

    work.start(slow)
    while len(heard) < 3:
        pass
    work.stop()
    go_on.set()
    assert over.wait(10)
    assert (work.running, work.result, work.error) == (False, None, None)
    done = threading.Event()
    work = Background(lambda: done.set() if not work.running else None)
    work.start(lambda tell: 1 / 0)
    assert done.wait(10)
    assert isinstance(work.error, ZeroDivisionError)


# Words


def test_templates_hold_no_words():
    """All that is read comes from Python, where it has a translation; signs and names of languages may stand."""
    for path in sorted(FOLDER.glob("**/*.vue")):
        template = path.read_text(encoding="utf-8").split("<script>")[0]
        bare = re.sub(r"{{.*?}}|<[^>]*?(?:\"[^\"]*\"[^>]*?)*>", " ", template, flags=re.DOTALL)
        left = set(re.findall(r"[^\W\d_]{2,}", bare)) - {"cosim", "English", "中文", "PNG", "SVG"}
        assert not left, f"{path.name}: {left}"
        said = re.findall(r"\s(?:title|aria-label|placeholder|alt)=\"([^\"]+)\"", template)
        assert said == [], f"{path.name}: {said}"


def test_limits_are_what_the_room_says():
    assert Limits().speed <= 10
    assert set(Room().names) >= {"ly", "village", "single_centre", "multi_centre"}


def within(widget):
    """Yield a widget and all that are in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from within(child)


@pytest.mark.parametrize("sent", [None, 3, -1.5, "x" * 1000, [[]], {}, {"row": [], "lang": {}, "levers": 3}])
def test_an_event_with_odd_data_breaks_nothing(sent):
    """Every event of every panel, with what no control of a page of ours sends."""
    import reacton

    found, heard = visitor(SMALL + "&month=1"), set()
    for name, panel in PAGE.items():
        found.look({"panel": name})

        @solara.component
        def Whole(panel=panel):  # noqa: N802 (a component)
            with solara.Div():
                for part in (top, clock, maps, tabs, panel):
                    part.show(found)

        box, rendered = reacton.render(Whole(), handle_error=False)
        for widget in within(box):
            for event, act in getattr(widget, "_event_callbacks", {}).items():
                heard.add(event)
                act(sent)
        rendered.close()
        box.close()
    assert len(heard) > 20
    assert found.worlds.ready
