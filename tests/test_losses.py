"""Where many centres lose: the published comparisons are those that the page tells, and the model still gives them."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "docs"))

from generated.losses import CASES, PUBLISHED, every, lines, measured, published


def test_every_comparison_is_published():
    assert list(dict.fromkeys((case, without) for case, without, _ in published())) == list(every())


@pytest.mark.parametrize("each", [("quit", "that nobody steps in")])
def test_the_model_still_gives_them(each):
    """One of them; `python docs/generated/losses.py` makes all again."""
    now = measured(*each).set_index("outcome")
    before = pd.read_csv(PUBLISHED)
    before = before[(before["case"] == each[0]) & (before["without"] == each[1])].set_index("outcome")
    assert list(now.index) == list(before.index)
    for column in ("mean_a", "mean_b", "difference"):
        pd.testing.assert_series_equal(now[column], before[column], rtol=1e-3, atol=1e-3)


def test_what_the_page_concludes_stands_in_the_table():
    """The signs of which docs/where_it_loses.md speaks in words."""
    found = published()
    low, high, loss = ({key: row[end] for key, row in found.items()} for end in ("low", "high", "difference"))
    for case in CASES:
        assert high[case, "nothing", "satisfaction"] < 0
    for case in ("bare", "quit"):
        assert high[case, "nothing", "trust_government"] < 0
    for case in ("bare", "quit"):
        assert low[case, "that nobody steps in", "satisfaction"] > 0
    assert low["bare", "that partners have little", "satisfaction"] > 0
    assert low["quit", "that nobody steps in", "trust_government"] > 0
    for without in ("that coordination is dear", "tasks from above"):
        assert low["uncoordinated", without, "satisfaction"] < 0 < high["uncoordinated", without, "satisfaction"]
    for without in ("that nobody steps in", "that partners have little"):
        part = loss["bare", without, "trust_government"] / loss["bare", "nothing", "trust_government"]
        assert 0 < part < 0.5
    assert [low[case, "nothing", "participation"] > 0 for case in CASES] == [False, True, True]
    assert min(low[case, "nothing", "trust_neighbours"] for case in CASES) > -0.02


def test_tables_are_made_of_it():
    assert lines("without", "bare", "satisfaction").count("\n") == 1 + len(CASES["bare"].without)
    assert "premortem_partner_quits" in lines("common", "participation")
