"""V6 and V7: what each criterion makes of readings, that each can fail, and that what is read is there."""

import numpy as np
import pandas as pd
import pytest

from cosim.community import Community
from cosim.patterns import Pattern
from cosim.patterns.catalogue import v6_responsive_desk as v6
from cosim.patterns.catalogue import v7_more_orders_first as v7
from cosim.patterns.pattern import judge, together
from cosim.scenario import load_scenario

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
