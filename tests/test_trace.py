"""Tracing: it changes nothing, and the terms that it gives are those by which people decided."""

import numpy as np
import pytest

from cosim.study.tracing.person import PersonWatcher
from cosim.study.tracing.watching import watch
from cosim.world.columns import TARGETS

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
    compared = 0
    for watcher in watchers:
        of = {(e["month"], e["arrival"]): e for e in watcher.events if e["kind"] == "trust"}
        for record in watcher.rows:
            event = of[record["month"], record["arrival"]]
            for target in TARGETS:
                assert event["targets"][target]["after"] == record[f"trust_{target}"]
                compared += 1
    assert compared > 5000


def test_parts_of_an_intention_add_up(traced):
    _, community, watchers = traced
    p = community.world.constants["taking_part"]
    for e in events(watchers, "order") + events(watchers, "vote"):
        t = e["terms"]
        total = p.w_attitude * t["attitude"] + p.w_norm * t["norm"] + p.w_control * t["control"]
        assert t["intention"] == pytest.approx(total - t["threshold"] + t["habit"], abs=1e-5)
