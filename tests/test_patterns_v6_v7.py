"""V6 and V7: what each criterion makes of readings, that each can fail, and that what is read is there."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cosim.community import Community
from cosim.patterns import Pattern
from cosim.patterns.arms import scenarios_of, senseless
from cosim.patterns.catalogue import v6_responsive_desk as v6
from cosim.patterns.catalogue import v7_more_orders_first as v7
from cosim.patterns.pattern import judge, together
from cosim.scenario import load_scenario
from cosim.world.orders import Order, Stage

SEVEN = range(1, 8)
LUCK = np.linspace(-0.01, 0.01, len(SEVEN))


def table(**columns: float) -> pd.DataFrame:
    """Return seven replicates, with a little luck that all arms share."""
    return pd.DataFrame({name.replace("_", " "): value + LUCK for name, value in columns.items()}, index=SEVEN)


def verdicts(pattern: Pattern, readings: dict[str, pd.DataFrame]) -> list[str]:
    found = [judge(criterion, readings).verdict for criterion in pattern.criteria]
    assert together(found) in ("pass", "fail", "undecided")
    return found


# V6


def resolved(*shares: float) -> pd.DataFrame:
    return pd.DataFrame({f"half-year {half}": share + LUCK for half, share in enumerate(shares)}, index=SEVEN)


FLAT = resolved(*[0.5] * 10)


@pytest.mark.parametrize(
    ("with_desk", "expected"),
    [
        ([0.55, 0.65, 0.78, 0.84, 0.88, 0.90, 0.92, 0.94, 0.95, 0.95], ["pass", "pass"]),
        ([0.52, 0.56, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95], ["pass", "fail"]),
        ([0.45] * 10, ["fail", "undecided"]),
        ([0.5] * 10, ["fail", "undecided"]),
        ([0.5, 0.5, *[0.54] * 8], ["fail", "undecided"]),
    ],
)
def test_v6_asks_for_a_rise_that_comes_early(with_desk, expected):
    assert verdicts(v6.V6, {v6.BEFORE: FLAT, v6.AFTER: resolved(*with_desk)}) == expected


def test_v6_reads_who_was_served_in_time():
    said = {**v6.V6.arms[v6.AFTER].settings, "government.budget": 3000.0, "government.hired_hours": 2000.0}
    found = v6.read(Community(load_scenario("village", said), rng=1))
    assert list(found) == [f"half-year {half}" for half in range(10)]
    shares = np.array([share for share in found.values() if not np.isnan(share)])
    assert shares.size
    assert np.all((shares >= 0.0) & (shares <= 1.0))
    assert shares.max() > 0.0


def order(placed: int, ended: int, stage: Stage, people: int) -> Order:
    made = Order(1, 0, 0, placed, 0.5, stage, dict.fromkeys(range(people)))
    made.note(placed, "placed")
    made.note(ended, stage.value)
    return made


def test_v6_counts_cases_by_month_of_placing_and_only_what_was_signed_off_in_ninety_days():
    ended = [
        order(0, 3, Stage.SIGNED_OFF, 1),
        order(5, 9, Stage.SIGNED_OFF, 90),
        order(6, 7, Stage.LOST, 1),
        order(7, 8, Stage.REJECTED, 1),
        order(11, 14, Stage.SIGNED_OFF, 1),
        order(-1, 1, Stage.SIGNED_OFF, 1),
        order(60, 61, Stage.SIGNED_OFF, 1),
    ]
    book = SimpleNamespace(ended=ended, open={9: order(10, 11, Stage.ACCEPTED, 1)})
    lived = SimpleNamespace(world=SimpleNamespace(orders=book))
    found = v6.read(SimpleNamespace(run=lambda: lived))
    assert found["half-year 0"] == 0.5
    assert found["half-year 1"] == 0.25
    assert all(np.isnan(found[f"half-year {half}"]) for half in range(2, 10))


@pytest.mark.parametrize(
    ("settings", "sensible"),
    [
        ({}, True),
        ({"population.migrant_share": 0.6, "government.budget": 540.0}, True),
        ({"residents_order.order_desk": True}, False),
        ({"party_takes.load_cap": 0.9}, False),
        ({"study.months": 24}, False),
    ],
)
def test_v6_and_v7_need_arms_that_differ_by_the_desk(settings, sensible):
    for pattern in (v6.V6, v7.V7):
        assert (senseless(pattern, scenarios_of(pattern, settings)) == "") is sensible


# V7


def requests(first: float, fifth: float) -> pd.DataFrame:
    return pd.DataFrame({"year 1": first * (1 + LUCK / 10), "year 5": fifth * (1 + LUCK / 10)}, index=SEVEN)


@pytest.mark.parametrize(
    ("desk", "causes", "expected"),
    [
        ((160, 165), (160, 120), ["pass", "pass", "pass"]),
        ((90, 95), (160, 120), ["fail", "pass", "pass"]),
        ((160, 120), (160, 120), ["pass", "fail", "pass"]),
        ((160, 165), (160, 180), ["pass", "pass", "fail"]),
    ],
)
def test_v7_asks_for_more_first_and_for_fewer_where_causes_go(desk, causes, expected):
    readings = {v7.BEFORE: requests(100, 100), v7.DESK_ALONE: requests(*desk), v7.CAUSES_TOO: requests(*causes)}
    assert verdicts(v7.V7, readings) == expected


def test_v7_counts_requests_by_year():
    community = Community(load_scenario("village", {"study.months": 60, "study.warmup_months": 1}), rng=1)
    found = v7.read(community)
    months = community.months[community.months["month"] >= 0]
    assert sum(found.values()) == months["requests"].sum()
    assert found["year 2"] == months[months["month"].between(12, 23)]["requests"].sum()


@pytest.mark.parametrize("setting", [{"renovation.grant": 3000.0}, {"property_firm.residents_rate": True}])
def test_v7_makes_no_sense_where_causes_are_removed_in_every_arm(setting):
    assert "removes causes" in senseless(v7.V7, scenarios_of(v7.V7, setting))
    assert not senseless(v6.V6, scenarios_of(v6.V6, setting))


@pytest.mark.parametrize("setting", [{"renovation.grant": 0.0}, {"property_firm.residents_rate": False}])
def test_v7_makes_no_sense_where_causes_are_removed_in_none(setting):
    assert "removes causes" in senseless(v7.V7, scenarios_of(v7.V7, setting))


def test_v7_renovates_every_service_and_the_grant_is_enough():
    arm = v7.V7.arms[v7.CAUSES_TOO]
    community = Community(load_scenario(arm.scenario, arm.settings), rng=1)
    assert set(v7.EVERYTHING) == set(community.world.facilities.names)
    before = community.run().categories
    assert community.world.renovated.all()
    paid = community.world.renovation_spent / community.world.households.rows
    assert 0.0 < paid < arm.settings["renovation.grant"] / 2
    month = before[before["month"] == 30].set_index("category")["condition"]
    assert (month > 0.45).all()
