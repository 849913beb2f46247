"""The same bytes, however and wherever a sweep is run; the same run, alone."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyarrow import parquet
from small_sweeps import Remembering, contents, cut_small, experiment, make_here, run_here, write_experiment

import cosim
from cosim.community import Community
from cosim.scenario import ScenarioError
from cosim.study import Failure
from cosim.study.sweep import How, StudyFolder, merge, plan_sweep, replay, run_plan
from cosim.study.sweep.files import RUNS
from cosim.study.tables import parquet_bytes

UNTIL = {"outcome": "cost_total", "half_width": 400.0, "max_replicates": 4}
HERE = {"PYTHONPATH": str(Path(cosim.__file__).parent.parent)}
fork_is_fine = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, Any]:
    return experiment(tmp_path_factory.mktemp("said"))


@pytest.fixture(scope="module")
def study(said, tmp_path_factory) -> StudyFolder:
    """Return the study as this process makes it, one run after the other."""
    with pytest.MonkeyPatch.context() as patch:
        make_here(patch)
        return run_here(said, tmp_path_factory.mktemp("study"))


# However it is run


def test_by_two_processes(said, study, tmp_path):
    assert contents(run_plan(plan_sweep(said), tmp_path, How(jobs=2)).path) == contents(study.path)


@fork_is_fine
@pytest.mark.parametrize("jobs", [1, 3])
def test_by_processes_that_are_forked(said, study, tmp_path, jobs):
    made = run_plan(plan_sweep(said), tmp_path, How(jobs=jobs, start_method="fork"))
    assert contents(made.path) == contents(study.path)


@fork_is_fine
def test_by_processes_that_ask_for_more_replicates_as_they_go(said, tmp_path, monkeypatch):
    plan = plan_sweep(said | {"until": UNTIL})
    run_plan(plan, tmp_path / "forked", How(jobs=2, start_method="fork"))
    make_here(monkeypatch)
    run_plan(plan, tmp_path / "here", How(jobs=1))
    assert contents(tmp_path / "forked") == contents(tmp_path / "here")


def test_by_a_command_with_another_hash_seed(said, study, tmp_path):
    """The command has one process, in another folder, and another order of sets."""
    write_experiment(tmp_path / "small.toml", said)
    command = [sys.executable, "-m", "cosim", "sweep", "small.toml", "--jobs", "1", "-o", "x"]
    ended = subprocess.run(
        command, cwd=tmp_path, env=os.environ | HERE | {"PYTHONHASHSEED": "4711"}, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.endswith(f"study: {tmp_path / 'x'}\n")
    assert contents(tmp_path / "x") == contents(study.path)


# Shards


@pytest.mark.parametrize("until", [None, UNTIL])
@pytest.mark.parametrize("every", [0, 1])
@pytest.mark.parametrize("of", [2, 3])
def test_by_shards_that_are_merged(said, tmp_path, monkeypatch, until, every, of):
    cut_small(monkeypatch, 5)
    asked = said | {"record_every": every} | ({"until": until} if until else {})
    maker = Remembering(plan_sweep(asked))
    maker.fail = {4}
    make_here(monkeypatch, maker)
    whole = run_here(asked, tmp_path / "whole")
    begun = len(maker.asked)
    for part in range(1, of + 1):
        place = tmp_path / "x" / f"shard-{part}-of-{of}"
        shard = run_here(asked, place, shard=f"{part}/{of}")
        assert shard.plan.shard == (part, of)
        pd.testing.assert_frame_equal(
            shard.runs, whole.runs[whole.runs["run"].isin(shard.runs["run"])].reset_index(drop=True)
        )
    assert sorted(maker.asked[begun:]) == maker.asked[:begun] == whole.runs["run"].tolist()
    merged = merge([tmp_path / "x"])
    assert merged.path == tmp_path / "x"
    assert contents(merged.path) == contents(whole.path)
    assert merged.runs["status"].tolist().count("failed") == 1
    shards = list((tmp_path / "x").glob("shard-*"))
    assert contents(merge(shards, tmp_path / "elsewhere").path) == contents(whole.path)
    begun = len(maker.asked)
    run_here(asked, tmp_path / "x")
    assert len(maker.asked) == begun


def test_what_is_merged_grows_like_any_study(said, tmp_path, monkeypatch):
    make_here(monkeypatch, Remembering(plan_sweep(said)))
    for part in (1, 2):
        run_here(said, tmp_path / f"shard-{part}-of-2", shard=f"{part}/2")
    merge([tmp_path])
    more = said | {"replicates": 3}
    assert contents(run_here(more, tmp_path).path) == contents(run_here(more, tmp_path / "y").path)


# A run alone


def test_every_run_is_the_same_when_it_is_made_again(study):
    for number in study.runs["run"]:
        again = replay(StudyFolder(study.path), number)
        assert (again.run.number, again.kept, again.differs) == (number, "done", ())


def test_every_run_is_that_of_the_community(study):
    months = study.months
    for row in study.runs.itertuples():
        alone = Community(study.run(row.run).scenario, rng=row.seed)
        alone.run()
        theirs = alone.months[alone.months["month"] >= 0].reset_index(drop=True)
        mine = months[months["run"] == row.run].reset_index(drop=True)
        columns = ["month", "participation", "cost_total"]
        pd.testing.assert_frame_equal(mine[columns], theirs[columns], check_exact=True)


@pytest.mark.parametrize("every", [0, 1])
def test_what_was_changed_afterwards_is_found_out(said, tmp_path, monkeypatch, every):
    make_here(monkeypatch, Remembering(plan_sweep(said)))
    study = run_here(said | {"record_every": every}, tmp_path)
    table = parquet.read_table(tmp_path / RUNS)
    levels = table["cost_total"].to_pylist()
    levels[3] = levels[3] * (1 + 1e-15)
    place = table.column_names.index("cost_total")
    (tmp_path / RUNS).write_bytes(parquet_bytes(table.set_column(place, table.field(place), [levels])))
    assert replay(study, 3).differs == ("cost_total",)
    assert replay(study, 4).differs == ()


def test_changed_months_are_found_out(said, tmp_path, monkeypatch):
    make_here(monkeypatch, Remembering(plan_sweep(said)))
    study = run_here(said, tmp_path)
    path = tmp_path / "months" / "0000000.parquet"
    table = parquet.read_table(path)
    values = table["participation"].to_pylist()
    values[12 * 5] += 0.5
    place = table.column_names.index("participation")
    path.write_bytes(parquet_bytes(table.set_column(place, table.field(place), [values])))
    assert replay(study, 5).differs == ("participation",)
    assert replay(study, 6).differs == ()


def test_runs_that_are_not_done_can_be_made_again_too(said, tmp_path, monkeypatch):
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, maker)
    maker.fail = {1}
    study = run_here(said, tmp_path, max_failures=0)
    for number, kept in ((0, "done"), (1, "failed"), (2, "not run")):
        again = replay(study, number)
        assert (again.kept, again.differs) == (kept, ())
        assert not isinstance(again.outcome, Failure)
    monkeypatch.setattr("cosim.community.observe", lambda *_: 1 / 0)
    again = replay(study, 0)
    assert isinstance(again.outcome, Failure)
    assert again.outcome.error.startswith("ZeroDivisionError")
    for number in (12, -1):
        with pytest.raises(ScenarioError, match=f"this study has no run {number}\n.*from 0 to 11"):
            replay(study, number)
