"""Tracing: it changes nothing, and the terms that it gives are those by which people decided."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from traced_trust import compare_trust
from typer.testing import CliRunner

import cosim
from cosim import cli
from cosim.study import seed_of
from cosim.study.tracing.body import InstitutionWatcher
from cosim.study.tracing.order import OrderWatcher
from cosim.study.tracing.person import PersonWatcher
from cosim.study.tracing.places import BuildingWatcher
from cosim.study.tracing.subject import Subject
from cosim.study.tracing.watching import watch
from cosim.world.facilities import COMPOUND

REFORMED = {
    "supply.mode": "multi_centre",
    "party_leads.visits": 2.0,
    "party_leads.sessions": 6,
    "residents_order.digital_platform": True,
    "residents_order.order_desk": True,
    "residents_order.inclusion": True,
    "party_takes.delegation": True,
    "party_takes.replies": True,
    "deliberate.meetings": 12,
    "deliberate.disclosure": True,
    "residents_sign_off.disclosure": True,
    "residents_sign_off.acceptance_check": True,
    "partners_deliver.routine_openings": 100,
    "norms.watch": 0.5,
    "norms.sanctions": 0.8,
    "study.months": 14,
    "committee.term": 12,
    "moving.migrant_rate": 0.03,
    "moving.long_term_rate": 0.02,
    "party_leads.staff_hours": 4000,
}


def states(community):
    people, homes = community.world.residents, community.world.households
    return [getattr(table, c.name).copy() for table in (people, homes) for c in table.columns]


@pytest.fixture(scope="module", params=["single", "reformed"])
def traced(request, compound):
    """Return a run in which everybody is traced, and one in which nobody is."""
    over = REFORMED if request.param == "reformed" else {"study.months": 14, "committee.term": 12}
    plain = compound(**over).run()
    community = compound(**over)
    rows = range(0, community.world.residents.rows)
    watchers = [PersonWatcher(row) for row in rows]
    watch(community, watchers)
    return plain, community.run(), watchers


def events(watchers, kind):
    return [event for watcher in watchers for event in watcher.events if event["kind"] == kind]


def test_tracing_changes_nothing(traced):
    plain, community, _ = traced
    assert plain.months.equals(community.months)
    assert plain.months.to_csv() == community.months.to_csv()
    assert plain.groups.equals(community.groups)
    assert plain.categories.equals(community.categories)
    for one, other in zip(states(plain), states(community), strict=True):
        assert np.array_equal(one, other)
    assert np.array_equal(plain.world.ties.strength, community.world.ties.strength)


@pytest.mark.parametrize("kind", ["order", "meeting", "session", "joint work", "vote", "stand", "fee", "keeping"])
def test_the_recomputed_probability_reproduces_every_decision(traced, kind):
    _, community, watchers = traced
    found = events(watchers, kind)
    wrong = [e for e in found if e["acted"] != (e["able"] and e["draw"] < e["probability"])]
    assert wrong == []
    reformed = community.settings.norms.watch > 0.0
    if kind != "session" or reformed:
        assert len(found) > 20
        assert any(e["acted"] for e in found) or kind == "stand"
        assert not all(e["acted"] for e in found)


def test_the_household_leaves_when_its_recomputed_probability_says_so(traced):
    _, _, watchers = traced
    found = events(watchers, "moving")
    assert [e for e in found if e["stays"] != (not e["acted"] and not e["died"])] == []
    assert sum(e["acted"] for e in found) > 5


def test_recomputed_trust_is_the_residents_trust_to_the_last_bit(traced):
    _, _, watchers = traced
    assert compare_trust(watchers) > 5000


def test_parts_of_an_intention_add_up(traced):
    _, community, watchers = traced
    p = community.world.constants["taking_part"]
    for e in events(watchers, "order") + events(watchers, "vote"):
        t = e["terms"]
        total = p.w_attitude * t["attitude"] + p.w_norm * t["norm"] + p.w_control * t["control"]
        assert t["intention"] == pytest.approx(total - t["threshold"] + t["habit"], abs=1e-5)


def test_grievance_is_the_largest_complaint_and_visits_and_news_are_as_drawn(traced):
    _, community, watchers = traced
    reformed = community.settings.norms.watch > 0.0
    for kind in ("visited", "told"):
        found = events(watchers, kind)
        assert bool(found) == reformed
        assert all(e["draw"] < e["probability"] for e in found)
    for e in events(watchers, "visited"):
        assert e["mobilisation"] > e["before"] * 0.5
    informed = {(w.row, r["arrival"], r["month"]): r["informed"] for w in watchers for r in w.rows}
    for watcher in watchers:
        for e in watcher.events:
            if e["kind"] == "told":
                assert informed[watcher.row, e["arrival"], e["month"]] == 1.0


def test_a_visit_raises_mobilisation_to_what_the_rule_says(traced):
    _, community, watchers = traced
    p = community.world.constants["taking_part"]
    for e in events(watchers, "visited"):
        faded = e["before"] * (1.0 - float(p.mobilisation_decay))
        strength = float(p.mobilisation_strength) * e["attention"]
        floor = float(p.mobilisation_floor)
        push = strength * e["trust_party"] * (floor + (1.0 - floor) * e["kept"])
        assert e["mobilisation"] == pytest.approx(faded + push * (1.0 - faded), abs=1e-5)


def test_verdicts_of_own_orders_are_those_that_the_handling_moves_to(traced):
    _, community, watchers = traced
    found = events(watchers, "verdict")
    assert found
    orders = {o.number: o for o in (*community.world.orders.ended, *community.world.orders.open.values())}
    for e in found:
        assert orders[e["order"]].stage.value == e["stage"]
        assert orders[e["order"]].history[-1] == (e["month"], e["stage"])
        assert 0.0 <= e["verdict"] <= 1.0


def test_stays_follow_one_another_and_end_as_the_columns_say(traced):
    _, community, watchers = traced
    r = community.world.residents
    several = 0
    for watcher in watchers:
        stays = list(watcher.stays.items())
        several += len(stays) > 1
        assert [k for k, _ in stays] == sorted(k for k, _ in stays)
        for (_, stay), (_, following) in pairwise(stays):
            assert stay["until"] is not None
            assert stay["until"] <= following["from"]
        last, stay = stays[-1]
        if stay["until"] is None:
            assert r.present[watcher.row]
            assert r.arrival[watcher.row] == last
        else:
            assert not r.present[watcher.row]
    assert several > 5


def test_what_owners_decide_is_told_to_those_who_own(compound):
    """Everybody comes and agrees: a committee in the first review, the fund in the same one, consent to shares."""
    agreed = {"voting.intercept": 10.0, "voting.w_need": 0.0, "voting.w_trust": 0.0, "voting.w_cost": 0.0}
    come = {f"taking_part.{form}_threshold": -1.0 for form in ("vote", "stand")}
    come |= {f"taking_part.{form}_ceiling": 1.0 for form in ("vote", "stand")}
    owners = {f"owners.{name}": True for name in ("committee", "consent", "use_fund")}
    owners |= {f"population.{name}": 0.0 for name in ("migrants_rent", "public_rental", "let")}
    shared = {"taking_part.order_threshold": 0.0, "government.budget": 10_000.0}
    shared |= {"partners.social_organisation.money": 10_000.0, "categories.cleaning_greening.initial": 0.1}
    community = compound(**REFORMED, **agreed, **come, **owners, **shared)
    watchers = [PersonWatcher(row) for row in range(0, 200, 4)]
    watch(community, watchers)
    community.run()
    assert community.institutions.owners.formed
    formed = [e for e in events(watchers, "owners") if "formed their committee" in e["text"]]
    assert {e["month"] for e in formed} == {11}
    staying = [e for e in events(watchers, "moving") if e["month"] == 11 and e["stays"]]
    assert len(formed) == len(staying)
    book = community.world.orders
    consents = {
        (month, order.number)
        for order in (*book.ended, *book.open.values())
        for month, what in order.history
        if what == "owners consent"
    }
    told = {(e["month"], int(e["text"].rsplit(" ", 1)[1])) for e in events(watchers, "owners") if "share" in e["text"]}
    assert consents
    assert told == consents


# Orders, buildings, institutions


BODIES = ("government", "party", "committee", "owners", "property_firm", "enterprise_1")


@pytest.fixture(scope="module")
def followed(compound):
    """Return a reformed run in which orders, buildings and institutions are traced."""
    community = compound(**REFORMED)
    last = community.settings.population.buildings
    cases = [Subject("order", "", category=c, place=b) for c in ("water", "heating") for b in range(last)]
    cases += [Subject("order", "1", number=1), Subject("order", "", category="culture", place=COMPOUND)]
    watchers = {
        "orders": [OrderWatcher(case) for case in cases],
        "buildings": [BuildingWatcher(b) for b in range(last)],
        "bodies": [InstitutionWatcher(name) for name in BODIES],
    }
    watch(community, [watcher for group in watchers.values() for watcher in group])
    return compound(**REFORMED).run(), community.run(), watchers


def test_tracing_orders_buildings_and_institutions_changes_nothing(followed):
    plain, community, _ = followed
    assert plain.months.equals(community.months)
    assert plain.categories.equals(community.categories)
    for one, other in zip(states(plain), states(community), strict=True):
        assert np.array_equal(one, other)


def test_an_order_is_told_with_all_that_its_book_holds(followed):
    _, community, watchers = followed
    book = community.world.orders
    orders = {o.number: o for o in (*book.ended, *book.open.values())}
    told = {}
    for watcher in watchers["orders"]:
        for e in watcher.events:
            if e["kind"] == "stage":
                told.setdefault(e["order"], []).append((e["month"], e["stage"]))
    assert len(told) > 5
    for number, history in told.items():
        assert sorted(set(history)) == sorted(set(orders[number].history))
    for watcher in watchers["orders"]:
        for number in {row["order"] for row in watcher.rows}:
            asked = sum(e["people"] for e in watcher.events if e["kind"] == "asked" and e["order"] == number)
            assert asked == len(orders[number].asked)


def test_an_order_that_waits_says_why(followed):
    _, _, watchers = followed
    reasons = 0
    for watcher in watchers["orders"]:
        for row in watcher.rows:
            if row["stage"] in ("placed", "climbing", "accepted"):
                assert row["waits"]
                reasons += 1
            if row["stage"] in ("signed off", "delivered"):
                assert row["waits"] == ""
    assert reasons > 5


def test_money_that_is_said_to_be_short_is_short(followed):
    _, _, watchers = followed
    for watcher in watchers["orders"]:
        for e in watcher.events:
            if "money_needed" in e:
                assert e["money_needed"] > e["money_left"]
            if "hours_needed" in e and "hours_left" in e:
                assert e["hours_needed"] > e["hours_left"]


def test_a_building_is_what_the_columns_say_at_the_end(followed):
    _, community, watchers = followed
    world = community.world
    for b, watcher in enumerate(watchers["buildings"]):
        assert [row["month"] for row in watcher.rows] == list(range(-2, 14))
        last = watcher.rows[-1]
        here = world.residents.present & (world.residents.building == b)
        assert last["adults"] == np.count_nonzero(here)
        assert last["satisfaction"] == pytest.approx(float(world.residents.satisfaction[here].mean()), abs=1e-6)
        assert last["paying"] == pytest.approx(float(world.households.pays[world.households.building == b].mean()))
        assert last["condition_water"] == float(world.facilities.condition[b, world.facilities.names.index("water")])
    assert sum(row["hands"] for w in watchers["buildings"] for row in w.rows) > 0


def test_an_institutions_hours_are_those_of_its_uses(followed):
    _, community, watchers = followed
    for watcher in watchers["bodies"]:
        body = community.institutions.named(watcher.account)
        for row in watcher.rows:
            uses = sum(hours for name, hours in row.items() if name.startswith("hours_"))
            assert uses == pytest.approx(row["used"])
            assert row["used"] <= row["hours"] + 1e-6
        assert watcher.rows[-1]["standing"] == body.standing
        assert watcher.rows[-1]["delivered"] == body.delivered
    joined = [e for w in watchers["bodies"] for e in w.events if e["kind"] == "joins"]
    assert joined


# From Python, and as a command


def test_from_python_a_trace_has_months_events_and_a_page():
    found = cosim.trace("village", person=3, overrides={"supply.mode": "multi_centre"})
    assert list(found.months["month"]) == list(range(12))
    assert set(found.months["scenario"]) == {"village"}
    assert {"trust", "order"} <= {event["kind"] for event in found.events}
    page = found._repr_html_()
    assert "<table" in page
    assert "person 3.1" in page
    json.dumps(found.document(), allow_nan=False)


def test_two_scenarios_stand_beside_each_other_month_by_month():
    other = cosim.load_scenario("village", {"supply.mode": "multi_centre"}).model_copy(update={"name": "reform"})
    found = cosim.trace(["village", other], person=3, first=2, last=5)
    assert list(found.months["month"]) == [2, 2, 3, 3, 4, 4, 5, 5]
    assert list(found.months["scenario"]) == ["village", "reform"] * 4
    keys = [(event["month"], found.labels.index(event["scenario"])) for event in found.events]
    assert keys == sorted(keys)


def test_a_replicate_is_that_of_a_study():
    plain = cosim.Community("village", rng=seed_of(5, 2)).run()
    found = cosim.trace("village", building=0, seed=5, replicate=2)
    other = cosim.trace("village", building=1, seed=5, replicate=2)
    people = found.months["adults"].to_numpy() + other.months["adults"].to_numpy()
    assert list(people) == list(plain.months["residents"].tail(12))


def command(*words):
    return CliRunner().invoke(cli.app, ["trace", *words])


@pytest.fixture
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: True)


@pytest.mark.parametrize(
    "subject", [["--person", "3"], ["--order", "2"], ["--building", "1"], ["--institution", "committee"]]
)
def test_the_page_fits_and_json_holds_the_numbers(subject, in_an_empty_folder):
    result = command("village", *subject)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 100
    document = json.loads(command("village", *subject, "--format", "json").stdout)
    assert document["months"]
    assert document["events"] or subject[0] == "--institution"
    written = command("village", *subject, "-o", "there/trace.txt")
    assert written.stdout == ""
    assert Path("there/trace.txt").read_text().strip() == result.stdout.strip()


def test_one_month_tells_also_what_was_not_done(in_an_empty_folder):
    text = " ".join(command("village", "--person", "3", "--month", "2").stdout.split())
    assert "did not ask for" in text
    assert "belief" in text
    assert "draw .703 → no" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "one of --person or --order or --building or --institution"),
        (["--person", "1", "--order", "2"], "person and order are asked for at once"),
        (["--person", "12"], "a row from 0 to 11"),
        (["--person", "x"], "'x' is not a person"),
        (["--person", "0.9"], "0.0 lives here since month"),
        (["--building", "2"], "from 0 to 1"),
        (["--building", "-1"], "there is no building '-1'"),
        (["--order", "0"], "numbered from 1"),
        (["--order", "99"], "there is no order 99"),
        (["--order", "hating@1"], "did you mean 'heating'?"),
        (["--order", "heating@2"], "there is no building '2'"),
        (["--order", "heating@compound"], "is ordered by building"),
        (["--order", "culture@1"], "culture@compound"),
        (["--order", "heating"], "'heating' is not an order"),
        (["--order", "fire_safety@1", "--to", "1"], "nobody asks for it in village up to month 1"),
        (["--institution", "comittee"], "did you mean 'committee'?"),
        (["--person", "1", "--month", "12"], "from -2 to 11"),
        (["--person", "1", "--from", "5", "--to", "4"], "it is after the last month"),
        (["--person", "1", "--month", "5", "--to", "6"], "at once"),
        (["--person", "1", "--set", "supply.mode=direct"], "supply.mode"),
    ],
)
def test_what_does_not_exist_is_refused(words, said, in_an_empty_folder):
    result = command("village", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_somebody_who_has_left_is_told_so(in_an_empty_folder):
    leaving = ["--set", "moving.migrant_rate=0.3", "--set", "moving.long_term_rate=0.3"]
    document = json.loads(command("village", "--person", "3", *leaving, "--format", "json").stdout)
    left = max(row["month"] for row in document["months"])
    assert left < 11
    assert "left in month" in document["about"][0]
    result = command("village", "--person", "3", *leaving, "--month", str(left + 1))
    assert result.exit_code == 2
    assert f"left in month {left}" in result.stderr
    following = command("village", "--person", "3.2", *leaving)
    assert following.exit_code == 0
    assert f"moved in in month {left}" in following.stdout


def test_scenarios_of_other_people_are_not_put_beside_each_other(in_an_empty_folder):
    result = command("village", "ly", "--person", "3")
    assert result.exit_code == 2
    assert "population.residents" in result.stderr
    assert command("village", "village", "village", "--person", "3").exit_code == 2
