"""Results that were written, read again; and what may be put beside them."""

import json
import subprocess
import sys

import pandas as pd
import pytest

from cosim.cli.app import command_line
from cosim.compare import Comparison, Summary, compare, compare_study, summarise
from cosim.compare.saved import command_of, read_result
from cosim.display.figures.courses import comparison_figure
from cosim.display.style import as_bytes
from cosim.report.files import files_of
from cosim.scenario import load_scenario
from cosim.study import OutputError, run_study, write_study


@pytest.fixture(scope="module")
def comparison():
    return compare(("village",), replicates=3, months=18, jobs=1)


@pytest.fixture
def folder(comparison, tmp_path):
    return write_study(comparison.study, tmp_path / "比较", files_of(comparison), "cosim compare village")


def test_a_comparison_is_read_as_it_was_written(comparison, folder):
    again = read_result(folder)
    assert isinstance(again, Comparison)
    assert (again.labels, again.forms, again.study.seed) == (comparison.labels, comparison.forms, comparison.study.seed)
    assert again.study.scenarios == comparison.study.scenarios
    for name in ("outcomes", "by_group", "by_category", "fee_trap", "by_people", "twins", "who_gains", "arms"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(comparison, name), check_dtype=False, rtol=0)
    pd.testing.assert_frame_equal(again.study.orders, comparison.study.orders)
    pd.testing.assert_frame_equal(compare_study(again.study).outcomes, comparison.outcomes)
    assert as_bytes(comparison_figure(again.study)) == as_bytes(comparison_figure(comparison.study))
    assert command_of(folder) == "cosim compare village"


def test_a_run_is_read_as_it_was_written(tmp_path):
    summary = summarise(run_study([load_scenario("village", {"study.months": 12})], jobs=1))
    write_study(summary.study, tmp_path / "run", files_of(summary))
    again = read_result(tmp_path / "run")
    assert isinstance(again, Summary)
    pd.testing.assert_frame_equal(again.outcomes, summary.outcomes)


def test_orders_are_dated_in_the_order_of_their_stages(comparison):
    orders = comparison.study.orders
    dated = orders[["placed", "taken", "begun"]].dropna()
    assert len(dated) > 3
    assert (dated["placed"] <= dated["taken"]).all()
    assert (dated["taken"] <= dated["begun"]).all()
    assert (orders["ended"].isna() == (orders["result"] == "open")).all()
    placed = orders[orders["placed"] >= 0].groupby(["scenario", "replicate"]).size()
    months = comparison.study.months
    counted = months[months["month"] >= 0].groupby(["scenario", "replicate"])["orders_placed"].sum()
    assert (placed == counted[placed.index]).all()


def test_a_folder_without_its_large_tables_says_how_to_make_it_again(folder):
    (folder / "months.parquet").unlink()
    with pytest.raises(OutputError, match=r"lacks months\.parquet.*cosim compare village -o"):
        read_result(folder)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "study.json").unlink(), "holds no result of cosim"),
        (lambda folder: (folder / "outcomes.csv").write_text(""), r"outcomes\.csv cannot be read"),
        (lambda folder: (folder / "months.parquet").write_bytes(b"PAR1"), r"months\.parquet cannot be read"),
        (lambda folder: _set(folder, "scenarios", {"a": {}}), "cannot be used here"),
        (lambda folder: _drop(folder, "seed"), "lacks seed"),
    ],
    ids=["no mark", "empty table", "broken table", "scenario", "seed"],
)
def test_a_damaged_folder_is_refused(folder, spoil, words):
    spoil(folder)
    with pytest.raises(OutputError, match=words):
        read_result(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(OutputError, match="is not there"):
        read_result(tmp_path / "nothing")


def test_what_was_made_of_a_result_goes_with_it(comparison, folder):
    (folder / "report.zh.html").write_text("old")
    (folder / "figures").mkdir()
    (folder / "figures" / "old.png").write_bytes(b"")
    write_study(comparison.study, folder, files_of(comparison))
    assert not (folder / "figures").exists()
    assert not (folder / "report.zh.html").exists()


def test_a_command_is_told_without_places(tmp_path):
    said = command_line(
        "compare", str(tmp_path / "我的.toml"), "multi_centre", seed=1, months=None, set=["a.b=1", "c.d=x y"],
        sets=tmp_path / "worlds.csv", controls=True, ensemble=False,
    )  # fmt: skip
    assert said == (
        "cosim compare '我的.toml' multi_centre --seed 1 --set a.b=1 --set 'c.d=x y' --sets worlds.csv --controls"
    )


def test_the_command_that_is_kept_makes_the_same_bytes(tmp_path):
    cosim = [sys.executable, "-m", "cosim"]
    first, second = tmp_path / "first", tmp_path / "second"
    subprocess.run([*cosim, "run", "village", "--months", "6", "-o", str(first)], check=True, capture_output=True)
    again = json.loads((first / "study.json").read_text(encoding="utf-8"))["command"].split()
    subprocess.run([*cosim, *again[1:], "-o", str(second)], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


def _set(folder, key, value):
    said = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    (folder / "study.json").write_text(json.dumps(said | {key: value}), encoding="utf-8")


def _drop(folder, key):
    said = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    del said[key]
    (folder / "study.json").write_text(json.dumps(said), encoding="utf-8")
