"""Sweeps: what their tables hold, what is run again and what is not, replicates without a fixed number, failed runs."""

import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from scipy.stats import t
from small_sweeps import FACTOR, Remembering, contents, cut_small, experiment, make_here, run_here

import cosim
from cosim.community import Community
from cosim.outcomes.levels import run_levels
from cosim.outcomes.measures import MEASURES
from cosim.scenario import load_scenario
from cosim.study import run_study, seed_of
from cosim.study.experiment import load_experiment
from cosim.study.sweep import StudyFolder, plan_sweep, show_run, status_of, sweeping

MODES = ["direct", "contract"]
UNTIL = {"outcome": "cost_total", "half_width": 400.0, "max_replicates": 8}


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Make runs in this process, with everything compiled."""
    make_here(monkeypatch)
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)


@pytest.fixture
def said(tmp_path):
    """Return the small experiment."""
    return experiment(tmp_path)


# Tables


def test_there_is_a_row_for_every_run_replicate_by_replicate_point_by_point(said, tmp_path):
    study = run_here(said, tmp_path / "x")
    runs = study.runs
    assert runs["run"].tolist() == list(range(12))
    assert runs["replicate"].tolist() == [1] * 6 + [2] * 6
    assert runs["point"].tolist() == [0, 0, 1, 1, 2, 2] * 2
    assert runs["scenario"].tolist() == ["village", "reform"] * 6
    assert runs[FACTOR].tolist() == [0.0, 0.0, 500.0, 500.0, 2000.0, 2000.0] * 2
    assert runs["seed"].tolist() == [seed_of(1, 1)] * 6 + [seed_of(1, 2)] * 6
    assert set(runs["status"]) == {"done"}
    assert set(runs["error"]) == {""}
    assert list(runs)[-4:] == said["outcomes"]
    assert study.stopped == ""
    assert [plan_sweep(said).run(number).number for number in (0, 7)] == [0, 7]


def test_levels_and_months_are_those_of_a_study_of_the_same_runs(said, tmp_path):
    study = run_here(said, tmp_path / "x")
    for point, budget in enumerate((0.0, 500.0, 2000.0)):
        arms = [load_scenario(arm, {FACTOR: budget}) for arm in load_experiment(said).arms]
        alone = run_study(arms, replicates=2, jobs=1)
        runs = study.runs[study.runs["point"] == point].set_index(["scenario", "replicate"])
        months = study.months[study.months["run"].isin(runs["run"])]
        for outcome in said["outcomes"]:
            name, _, part = outcome.partition(".")
            table = alone.months if not part else alone.groups if part == "long_term" else alone.categories
            if part:
                column = "group" if part == "long_term" else "category"
                table = table[table[column] == part].drop(columns=column)
            levels = run_levels(table, alone.months).set_index(["scenario", "replicate"])[name]
            np.testing.assert_allclose(runs[outcome], levels.loc[runs.index], rtol=1e-12, atol=1e-12, err_msg=outcome)
            for label, replicate in runs.index:
                mine = months[(months["scenario"] == label) & (months["replicate"] == replicate)]
                theirs = table[(table["scenario"] == label) & (table["replicate"] == replicate) & (table["month"] >= 0)]
                np.testing.assert_array_equal(mine[outcome], theirs[name])
                assert mine["month"].tolist() == list(range(12))
    assert study.runs["cost_total"].notna().all()
    assert study.runs["trust_neighbours.long_term"].nunique() > 1


@pytest.mark.parametrize(("every", "recorded"), [(0, []), (1, list(range(15))), (6, [0, 6, 12, 14]), (12, [0, 12, 14])])
def test_months_are_recorded_as_often_as_asked(said, tmp_path, every, recorded):
    longer = said | {"record_every": every, "settings": {"study.months": 15, "study.warmup_months": 1}}
    study = run_here(longer, tmp_path / "x")
    assert study.months["month"].tolist() == recorded * 12
    assert study.months["run"].tolist() == [run for run in range(12) for _ in recorded]
    assert list(study.months) == ["run", "scenario", "replicate", "month", *said["outcomes"]]
    assert (tmp_path / "x" / "months").exists() == bool(every)
    again = StudyFolder(tmp_path / "x")
    assert again.state.counts() == {"not run": 0, "done": 12, "failed": 0}
    whole = run_here(longer | {"record_every": 1}, tmp_path / "y")
    pd.testing.assert_frame_equal(study.runs, whole.runs)


def test_every_column_carries_unit_and_meaning(said, tmp_path):
    run_here(said, tmp_path / "x")
    for name in ("runs.parquet", "design.parquet", "months/0000000.parquet"):
        for field in parquet.read_schema(tmp_path / "x" / name):
            assert field.metadata[b"unit"], field.name
            assert field.metadata[b"meaning"], field.name
    runs = parquet.read_schema(tmp_path / "x" / "runs.parquet")
    assert runs.field("cost_total").metadata[b"unit"].decode() == MEASURES["cost_total"].unit_of_level
    assert runs.field("trust_neighbours.long_term").metadata[b"part"] == b"long_term"
    assert runs.field("condition.security").metadata[b"part"] == b"security"
    budget = runs.field(FACTOR).metadata
    field = load_scenario("village").government.__class__.model_fields["budget"].json_schema_extra
    assert budget[b"unit"].decode() == field["unit"]
    assert {str(field.type) for field in runs} == {"int64", "string", "double"}


READS = """
import os, sys
import pyarrow
from pathlib import Path
from cosim.study.tables import as_frame, read_parquet

pyarrow.array([1.0])
before = len(os.listdir("/proc/self/task"))
for path in sys.argv[1:]:
    as_frame(read_parquet(Path(path)))
sys.exit(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
def test_reading_a_table_starts_no_thread(said, tmp_path):
    """A thread of Arrow's that is still there when a short process ends may abort it."""
    place = run_here(said, tmp_path / "study").path
    paths = [place / "runs.parquet", place / "months" / "0000000.parquet"]
    assert subprocess.run([sys.executable, "-c", READS, *paths]).returncode == 0


def test_a_design_that_was_drawn_is_kept_with_where_it_was_drawn(said, tmp_path):
    drawn = said | {
        "factors": {FACTOR: {"low": 0.0, "high": 100.0}, "supply.heating.mode": MODES},
        "design": {"method": "latin_hypercube", "points": 4},
        "replicates": 1,
    }
    study = run_here(drawn, tmp_path / "x")
    points = study.points
    assert points["point"].tolist() == [0, 1, 2, 3]
    assert points[f"unit:{FACTOR}"].tolist() == pytest.approx(points[FACTOR] / 100)
    assert set(points["supply.heating.mode"]) <= set(MODES)
    kept, asked = study.plan.planned.points, load_experiment(drawn).points
    assert (kept.keys, kept.values) == (asked.keys, asked.values)
    np.testing.assert_array_equal(kept.unit, asked.unit)


def test_values_that_are_lists_come_back_as_they_were(said, tmp_path):
    partners = [["enterprise"], ["social_organisation", "enterprise"]]
    settings = said["settings"] | {"supply.security.mode": "contract"}
    lists = said | {"factors": {"supply.security.partners": partners}, "settings": settings, "replicates": 1}
    study = run_here(lists, tmp_path / "x")
    assert study.plan.planned.points == load_experiment(lists).points
    assert study.runs["supply.security.partners"].tolist()[::2] == [
        '["enterprise"]',
        '["social_organisation", "enterprise"]',
    ]
    assert contents(run_here(lists, tmp_path / "x").path) == contents(run_here(lists, tmp_path / "y").path)


def test_without_factors_there_is_one_point(said, tmp_path):
    study = run_here(said | {"factors": {}}, tmp_path / "x")
    assert study.runs["point"].tolist() == [0] * 4
    assert study.plan.planned.points.values == ((),)
    alone = Community(study.run(3).scenario, rng=seed_of(1, 2))
    alone.run()
    mine = study.months[study.months["run"] == 3]
    assert mine["participation"].tolist() == alone.months["participation"].tolist()[1:]


def test_a_folder_tells_its_experiment_again(said, tmp_path):
    run_here(said | {"until": UNTIL}, tmp_path / "x")
    kept, asked = StudyFolder(tmp_path / "x").experiment, load_experiment(said | {"until": UNTIL}).experiment
    same = {"scenarios": ("village", "reform")}
    assert kept == asked.model_copy(update=same)


def test_replicates_seed_and_settings_win_over_the_experiment(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = []
    study = cosim.sweep(
        said, replicates=1, seed=7, settings={"study.months": 2}, jobs=1, progress=lambda *counts: told.append(counts)
    )
    assert study.path == tmp_path / "results" / "local" / "small"
    assert study.runs["seed"].tolist() == [seed_of(7, 1)] * 6
    assert study.months["month"].tolist() == [0, 1] * 6
    assert told == [(done, 6, 0) for done in range(7)]


# What is run again


class Interrupted(BaseException):
    """Ends a sweep in its midst."""


def interrupt_after(maker: Remembering, runs: int):
    """Return a maker that gives out after so many runs."""
    begun = len(maker.asked)

    def make(run):
        if len(maker.asked) - begun == runs:
            raise Interrupted
        return maker(run)

    return make


def test_what_is_missing_is_run_and_nothing_else(said, tmp_path, monkeypatch):
    cut_small(monkeypatch, 4)
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, interrupt_after(maker, 7))
    with pytest.raises(Interrupted):
        run_here(said, tmp_path / "x")
    halfway = StudyFolder(tmp_path / "x")
    assert halfway.state.counts() == {"not run": 5, "done": 7, "failed": 0}
    assert halfway.runs["status"].tolist() == ["done"] * 7 + ["not run"] * 5
    assert halfway.runs["cost_total"].notna().tolist() == [True] * 7 + [False] * 5
    assert halfway.months["run"].unique().tolist() == list(range(7))
    assert len(list((tmp_path / "x" / "pending").iterdir())) == 3
    make_here(monkeypatch, maker)
    run_here(said, tmp_path / "x")
    assert maker.asked == list(range(12))
    run_here(said, tmp_path / "x")
    assert maker.asked == list(range(12))
    assert contents(tmp_path / "x") == contents(run_here(said, tmp_path / "y").path)
    assert sorted(path.name for path in (tmp_path / "x" / "months").iterdir()) == [
        "0000000.parquet", "0000004.parquet", "0000008.parquet",
    ]  # fmt: skip
    assert not (tmp_path / "x" / "pending").exists()


@pytest.mark.parametrize("every", [0, 1])
def test_more_replicates_extend_a_study_to_what_it_would_have_been(said, tmp_path, monkeypatch, every):
    cut_small(monkeypatch, 5)
    many = said | {"replicates": 4, "record_every": every}
    maker = Remembering(plan_sweep(many))
    make_here(monkeypatch, maker)
    for replicates in (1, 2, 4):
        run_here(many | {"replicates": replicates}, tmp_path / "x")
    assert maker.asked == list(range(24))
    assert contents(tmp_path / "x") == contents(run_here(many, tmp_path / "y").path)


def test_runs_whose_months_were_deleted_are_made_again(said, tmp_path, monkeypatch):
    cut_small(monkeypatch, 4)
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, maker)
    before = contents(run_here(said, tmp_path / "x").path)
    (tmp_path / "x" / "months" / "0000004.parquet").unlink()
    assert StudyFolder(tmp_path / "x").state.counts()["not run"] == 4
    run_here(said, tmp_path / "x")
    assert maker.asked[12:] == [4, 5, 6, 7]
    assert contents(tmp_path / "x") == before


# Replicates until an interval is narrow enough


def test_points_have_replicates_until_their_interval_is_narrow_enough(said, tmp_path):
    study = run_here(said | {"until": UNTIL}, tmp_path / "x")
    runs = study.runs
    assert (runs["status"] == "done").all()
    replicates = runs.groupby("point")["replicate"].max()
    assert replicates.nunique() > 1
    for point, most in replicates.items():
        values = runs[runs["point"] == point].pivot(index="replicate", columns="scenario", values="cost_total")
        assert len(values) == most
        for count in range(2, most + 1):
            differences = (values["reform"] - values["village"]).to_numpy()[:count]
            narrow = half_width(differences) <= UNTIL["half_width"]
            assert narrow == (count == most) or count == UNTIL["max_replicates"]


def half_width(differences: np.ndarray) -> float:
    count = len(differences)
    return float(t.ppf(0.975, count - 1) * differences.std(ddof=1) / np.sqrt(count))


def test_the_order_of_results_changes_nothing(said, tmp_path, monkeypatch):
    cut_small(monkeypatch, 4)
    asked = said | {"until": UNTIL, "replicates": 2}
    maker = Remembering(plan_sweep(asked))
    make_here(monkeypatch, maker)
    before = contents(run_here(asked, tmp_path / "x").path)

    chance = random.Random(3)

    def shuffled(self, source, jobs):
        under_way = []
        while True:
            while len(under_way) < 5 and (run := source()) is not None:
                under_way.append(run)
            if not under_way:
                return
            yield maker(under_way.pop(chance.randrange(len(under_way))))

    monkeypatch.setattr(sweeping._Sweeping, "_made", shuffled)
    for attempt in range(8):
        assert contents(run_here(asked, tmp_path / f"{attempt}").path) == before


@pytest.mark.parametrize("every", [0, 1])
def test_interruptions_change_no_number_of_replicates(said, tmp_path, monkeypatch, every):
    cut_small(monkeypatch, 4)
    asked = said | {"until": UNTIL, "record_every": every}
    maker = Remembering(plan_sweep(asked))
    make_here(monkeypatch, maker)
    before = contents(run_here(asked, tmp_path / "x").path)
    runs = len(maker.asked)
    for steps in (1, 3):
        for _ in range(runs // steps + 1):
            make_here(monkeypatch, interrupt_after(maker, steps))
            try:
                run_here(asked, tmp_path / str(steps))
                break
            except Interrupted:
                continue
        assert contents(tmp_path / str(steps)) == before
    assert len(maker.asked) == 3 * runs


def test_the_most_replicates_may_be_raised(said, tmp_path):
    few, many = (said | {"until": UNTIL | {"max_replicates": most}} for most in (3, 8))
    run_here(few, tmp_path / "x")
    assert StudyFolder(tmp_path / "x").runs["replicate"].max() == 3
    run_here(many, tmp_path / "x")
    assert contents(tmp_path / "x") == contents(run_here(many, tmp_path / "y").path)


# Runs that fail


@pytest.mark.parametrize("every", [0, 1])
def test_a_failed_run_is_a_row_until_it_is_tried_again(said, tmp_path, monkeypatch, every):
    cut_small(monkeypatch, 4)
    asked = said | {"record_every": every}
    maker = Remembering(plan_sweep(asked))
    make_here(monkeypatch, maker)
    never = run_here(asked, tmp_path / "y")
    maker.fail = {2, 5, 7}
    study = run_here(asked, tmp_path / "x")
    failed = study.runs[study.runs["status"] == "failed"]
    assert failed["run"].tolist() == [2, 5, 7]
    assert set(failed["error"]) == {"ZeroDivisionError: nobody pays"}
    assert failed["cost_total"].isna().all()
    assert not set(study.months["run"]) & maker.fail
    others = [number not in maker.fail for number in range(12)]
    pd.testing.assert_frame_equal(study.runs[others], never.runs[others])
    run_here(asked, tmp_path / "x")
    assert len(maker.asked) == 24

    maker.fail = {7}
    run_here(asked, tmp_path / "x", retry_failed=True)
    assert maker.asked[24:] == [2, 5, 7]
    maker.fail = set()
    run_here(asked, tmp_path / "x", retry_failed=True)
    assert maker.asked[27:] == [7]
    assert contents(tmp_path / "x") == contents(tmp_path / "y")


def test_a_failed_run_is_told_of(said, tmp_path, monkeypatch):
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, maker)
    maker.fail = {2, 5}
    study = run_here(said, tmp_path / "x")
    maker.fail = {2}
    run_here(said, tmp_path / "x", retry_failed=True)
    found = status_of(study)
    assert found.errors == (("ZeroDivisionError: nobody pays", 1, 2),)
    assert found.counts == {"not run": 0, "done": 11, "failed": 1}
    assert found.at_work == ""
    attempts = show_run(study, 5)["attempts"]
    assert [(said["attempt"], said["status"]) for said in attempts] == [(1, "failed"), (2, "done")]
    assert attempts[0]["trace"] == "Traceback: here"
    assert show_run(study, 2)["error"] == "ZeroDivisionError: nobody pays"
    assert show_run(study, 2)["attempts"][1]["attempt"] == 2


def test_replicates_that_only_a_failure_called_for_are_kept_when_it_is_healed(said, tmp_path, monkeypatch):
    asked = said | {"until": UNTIL}
    maker = Remembering(plan_sweep(asked))
    make_here(monkeypatch, maker)
    never = run_here(asked, tmp_path / "y").runs
    maker.fail = {2, 5, 7}
    run_here(asked, tmp_path / "x")
    maker.fail = set()
    healed = run_here(asked, tmp_path / "x", retry_failed=True).runs
    assert set(healed["status"]) == {"done"}
    assert len(healed) > len(never)
    pd.testing.assert_frame_equal(healed[healed["run"].isin(never["run"])].reset_index(drop=True), never)


@pytest.mark.parametrize("warm", [True, False])
def test_a_sweep_stops_once_more_have_failed_than_may(said, tmp_path, monkeypatch, warm):
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, maker)
    monkeypatch.setattr(sweeping, "is_warm", lambda: warm)
    maker.fail = {0, 3, 4, 5}
    study = run_here(said, tmp_path / "x", max_failures=0)
    assert study.stopped == "stopped after 1 failed run"
    assert maker.asked == [0]
    assert study.state.counts() == {"not run": 11, "done": 0, "failed": 1}
    study = run_here(said, tmp_path / "x", max_failures=1)
    assert study.stopped == "stopped after 2 failed runs"
    assert maker.asked == [0, 1, 2, 3, 4]
    study = run_here(said, tmp_path / "x")
    assert study.stopped == ""
    assert study.runs["status"].tolist() == ["failed", "done", "done", *["failed"] * 3, *["done"] * 6]


def test_what_is_not_compiled_is_compiled_by_a_run_of_each_scenario(said, tmp_path, monkeypatch):
    marked = []
    monkeypatch.setattr(sweeping, "is_warm", lambda: False)
    monkeypatch.setattr(sweeping, "mark_warm", lambda: marked.append(True))
    asked = []
    made = sweeping._Sweeping._made

    def noted(self, source, jobs):
        asked.append(jobs)
        yield from made(self, source, jobs)

    monkeypatch.setattr(sweeping._Sweeping, "_made", noted)
    run_here(said, tmp_path / "x")
    assert asked == [1, 1]
    assert marked == [True]
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)
    assert contents(tmp_path / "x") == contents(run_here(said, tmp_path / "y").path)
