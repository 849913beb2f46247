"""Studies: which runs, in which order, with which seeds; what a failure, a stop or a full disk leaves."""

import errno
import json
import multiprocessing
import os
import signal
from pathlib import Path

import pandas as pd
import pytest
from pyarrow import parquet

from cosim.community import Community
from cosim.outcomes.measures import CATEGORY_MEASURES, MEASURES
from cosim.scenario import load_scenario
from cosim.scenario.schema import Scenario
from cosim.study import (
    OutputError,
    WorkersDied,
    check_output,
    labels_of,
    one_run,
    plan_runs,
    pool,
    run_study,
    running,
    seed_of,
    write_study,
)
from cosim.study.deadline import Watch

MONTHS, WARM_UP = 3, 2
fork_is_fine = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pytest.fixture(scope="module")
def village() -> Scenario:
    return load_scenario("village", {"study.months": MONTHS, "study.warmup_months": WARM_UP})


@pytest.fixture(scope="module")
def reform() -> Scenario:
    return load_scenario(
        "village",
        {"study.months": MONTHS, "study.warmup_months": WARM_UP, "supply.mode": "multi_centre"},
    )


@pytest.fixture
def one_bad_run(monkeypatch):
    """Let every run with this seed fail."""

    def spoil(seed: int) -> None:
        def failing(scenario, rng):
            if rng == seed:
                raise ZeroDivisionError("nobody pays")
            return Community(scenario, rng=rng)

        monkeypatch.setattr("cosim.community.Community", failing)

    return spoil


def same(a, b) -> bool:
    return all(getattr(a, name).equals(getattr(b, name)) for name in ("runs", "months", "groups", "categories"))


# Which runs


def test_a_seed_depends_on_the_study_and_the_replicate_alone_and_stays_what_it_is():
    assert [seed_of(1, 1), seed_of(1, 2), seed_of(2, 1), seed_of(0, 1)] == [
        1189033389,
        1596810411,
        307626447,
        3964924996,
    ]
    assert len({seed_of(study, replicate) for study in range(20) for replicate in range(20)}) == 400


def test_the_plan_goes_replicate_by_replicate(village, reform):
    plan = plan_runs([village, reform], 2, seed=5)
    assert [(run.label, run.replicate) for run in plan] == [
        ("village", 1),
        ("village (2)", 1),
        ("village", 2),
        ("village (2)", 2),
    ]
    assert [run.seed for run in plan] == [seed_of(5, 1)] * 2 + [seed_of(5, 2)] * 2
    assert plan_runs([village], 1, seed=5)[0].seed == seed_of(5, 1)


def test_labels_tell_scenarios_of_one_name_apart(village):
    assert labels_of([village, village, village]) == ("village", "village (2)", "village (3)")


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"replicates": 0}, "replicates must be at least 1, not 0"),
        ({"seed": -1}, "seed must be 0 or more, not -1"),
        ({"jobs": 0}, "jobs must be at least 1, not 0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(village, numbers, message):
    with pytest.raises(ValueError, match=message):
        run_study([village], **numbers)


def test_cores_are_those_that_may_be_used(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 7}, raising=False)
    assert running.cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert running.cores() == 1


# Running them


def test_the_tables_are_those_of_the_community(village, reform):
    study = run_study([village, reform], replicates=2, seed=5, jobs=1)
    assert study.name == "village-village (2)"
    assert study.complete == [1, 2]
    assert study.shortfall is None
    assert study.runs["status"].tolist() == ["done"] * 4
    alone = Community(reform, rng=seed_of(5, 2))
    alone.run()
    of_run = {"scenario": "village (2)", "replicate": 2}
    for name in ("months", "groups", "categories"):
        table = getattr(study, name)
        mine = table[(table["scenario"] == of_run["scenario"]) & (table["replicate"] == of_run["replicate"])]
        expected = getattr(alone, name)
        pd.testing.assert_frame_equal(mine[list(expected)].reset_index(drop=True), expected)
        assert list(table)[:3] == ["scenario", "replicate", "month"]
    assert study.months["month"].tolist() == [-2, -1, 0, 1, 2] * 4


def test_processes_change_nothing(village, reform):
    here = run_study([village, reform], replicates=3, seed=2, jobs=1)
    there = run_study([village, reform], replicates=3, seed=2, jobs=2)
    assert same(here, there)


def test_more_replicates_leave_the_first_ones_as_they_were(village):
    few, many = (run_study([village], replicates=count, seed=9, jobs=1) for count in (2, 3))
    pd.testing.assert_frame_equal(few.months, many.months[many.months["replicate"] <= 2])


def test_progress_counts_months_and_runs(village):
    told = []
    run_study([village], replicates=2, jobs=1, progress=lambda done, total: told.append((done, total)))
    steps = WARM_UP + MONTHS
    expected = [run + month / steps for run in (0, 1) for month in (*range(1, steps + 1), steps)]
    assert [done for done, _ in told] == pytest.approx(expected)
    assert {total for _, total in told} == {2}


def test_one_failed_run_is_listed_and_the_others_go_on(village, reform, one_bad_run):
    one_bad_run(seed_of(1, 2))
    study = run_study([village, reform], replicates=3, jobs=1)
    assert study.runs["status"].tolist() == ["done", "done", "failed", "failed", "done", "done"]
    assert study.complete == [1, 3]
    assert study.shortfall == ("2 of 6 runs failed: 2 of 3 replicates are finished in every scenario and are used")
    first = study.failures[0]
    assert (first.label, first.replicate) == ("village", 2)
    assert first.error.startswith("ZeroDivisionError: nobody pays (")
    assert ", line " in first.error
    assert first.trace.startswith("Traceback (most recent call last):")
    assert study.runs["error"].tolist() == ["", "", *[f.error for f in study.failures], "", ""]
    assert sorted(study.months["replicate"].unique()) == [1, 3]


def test_an_error_inside_the_model_says_in_which_file(village, monkeypatch):
    monkeypatch.setattr("cosim.community.observe", lambda *_: 1 / 0)
    error = run_study([village], jobs=1).failures[0].error
    assert error.startswith("ZeroDivisionError: division by zero (cosim/community.py, line ")


def test_a_study_in_which_everything_fails_has_empty_tables(village, one_bad_run):
    one_bad_run(seed_of(1, 1))
    study = run_study([village], jobs=1)
    assert study.months.empty
    assert study.complete == []
    assert study.shortfall == "1 of 1 runs failed: none of 1 replicates are finished"


# Stopping


def test_ctrl_c_keeps_what_is_finished(village, reform):
    def press_after_three(done, total):
        if done > 3:
            signal.raise_signal(signal.SIGINT)

    study = run_study([village, reform], replicates=20, jobs=1, progress=press_after_three)
    assert study.stopped
    assert study.complete == [1]
    assert study.shortfall == ("stopped by Ctrl-C: 1 of 20 replicates is finished in every scenario and is used")
    assert study.runs["status"].value_counts().to_dict() == {"not run": 37, "done": 3}


@fork_is_fine
def test_ctrl_c_stops_the_processes(village):
    def press(done, total):
        signal.raise_signal(signal.SIGINT)

    study = run_study([village], replicates=500, jobs=2, start_method="fork", progress=press)
    assert study.stopped
    assert len(study.complete) < 10
    assert multiprocessing.active_children() == []


def test_a_worker_leaves_off_between_months(village, monkeypatch):
    monkeypatch.setattr(pool, "_end_with", lambda parent: None)
    before = signal.getsignal(signal.SIGINT)
    stop, begun = (multiprocessing.get_context("spawn").Event() for _ in range(2))
    run = plan_runs([village], 1, seed=1)[0]
    unwatched = Watch(None, Path("nowhere"))
    try:
        pool._start_worker(stop, begun)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert len(pool._work(one_run.make_run, run, unwatched).outcome.months) == WARM_UP + MONTHS
        assert begun.is_set()
        stop.set()
        with pytest.raises(pool.Stopped):
            pool._work(one_run.make_run, run, unwatched)
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_waits_while_a_worker_starts_where_signals_can_wait(monkeypatch):
    started = []

    def press_while_starting():
        with pool._ctrl_c_held_back():
            signal.raise_signal(signal.SIGINT)
            started.append("worker")

    with pytest.raises(KeyboardInterrupt):
        press_while_starting()
    assert started == ["worker"]
    monkeypatch.delattr(signal, "pthread_sigmask")
    with pool._ctrl_c_held_back():
        started.append("another")
    assert len(started) == 2


# Processes that die


@fork_is_fine
def test_a_run_that_takes_its_process_with_it_fails_alone(village, monkeypatch):
    def dying(scenario, rng):
        if rng == seed_of(1, 4):
            os._exit(9)
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", dying)
    study = run_study([village], replicates=6, jobs=2, start_method="fork")
    monkeypatch.undo()
    assert study.complete == [1, 2, 3, 5, 6]
    assert "short of memory" in study.failures[0].error
    assert same_but(study, run_study([village], replicates=6, jobs=1), replicate=4)


def same_but(a, b, replicate: int) -> bool:
    return a.months.equals(b.months[b.months["replicate"] != replicate].reset_index(drop=True))


@fork_is_fine
def test_processes_that_never_get_going_are_explained(village, monkeypatch):
    monkeypatch.setattr(pool, "_start_worker", lambda *_: os._exit(9))
    with pytest.raises(WorkersDied, match='under `if __name__ == "__main__":`'):
        run_study([village], replicates=3, jobs=2, start_method="fork")


# Compiling once


@pytest.fixture
def cold(monkeypatch):
    """Pretend that nothing is compiled; return the list that says when it was marked as compiled."""
    marked = []
    monkeypatch.setattr(running, "is_warm", lambda: False)
    monkeypatch.setattr(running, "mark_warm", lambda: marked.append(True))
    return marked


def test_the_first_replicate_compiles_before_workers_start(village, reform, cold, monkeypatch):
    passed_on = []

    def in_pool(source, work, jobs, start_method):
        runs = list(iter(source, None))
        passed_on.extend((run.label, run.replicate) for run in runs)
        assert cold == [True]
        return map(work, runs)

    monkeypatch.setattr(running, "run_in_pool", in_pool)
    study = run_study([village, reform], replicates=2, jobs=2)
    assert passed_on == [("village", 2), ("village (2)", 2)]
    assert study.complete == [1, 2]


def test_a_run_that_failed_has_not_compiled_everything(village, cold, one_bad_run):
    one_bad_run(seed_of(1, 1))
    run_study([village], replicates=2, jobs=1)
    assert cold == []


# The folder


@pytest.fixture(scope="module")
def study(village, reform):
    return run_study([village, reform], replicates=2, jobs=1)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_folder_holds_what_was_run_and_what_came_out(study, tmp_path):
    place = write_study(study, tmp_path / "new" / "here", {"extra.csv": b"a,b\n"})
    assert place == tmp_path / "new" / "here"
    assert sorted(contents(place)) == [
        "categories.parquet",
        "extra.csv",
        "groups.parquet",
        "months.parquet",
        "orders.parquet",
        "runs.parquet",
        "study.json",
    ]
    for name in ("runs", "months", "groups", "categories"):
        pd.testing.assert_frame_equal(pd.read_parquet(place / f"{name}.parquet"), getattr(study, name))
    description = json.loads((place / "study.json").read_text(encoding="utf-8"))
    assert description["seed"] == 1
    assert description["complete"] == [1, 2]
    assert set(description["scenarios"]) == {"village", "village (2)"}
    assert description["scenarios"]["village (2)"]["supply"]["mode"] == "multi_centre"
    assert {"cosim", "python", "numba", "mesa"} <= set(description)


def test_every_column_carries_unit_and_meaning(study, tmp_path):
    place = write_study(study, tmp_path / "x")
    for name in ("runs", "months", "groups", "categories"):
        for field in parquet.read_schema(place / f"{name}.parquet"):
            assert field.metadata[b"unit"], field.name
            assert field.metadata[b"meaning"], field.name
    months = parquet.read_schema(place / "months.parquet")
    assert months.field("fee_collection").metadata[b"unit"].decode() == MEASURES["fee_collection"].unit
    category = parquet.read_schema(place / "categories.parquet").field("condition")
    assert category.metadata[b"meaning"].decode() == CATEGORY_MEASURES["condition"].meaning


def test_the_same_command_writes_the_same_bytes(village, tmp_path):
    places = [write_study(run_study([village], replicates=2, seed=4, jobs=1), tmp_path / name) for name in "ab"]
    assert contents(places[0]) == contents(places[1])


def test_failures_are_written_with_their_tracebacks(village, one_bad_run, tmp_path):
    one_bad_run(seed_of(1, 2))
    place = write_study(run_study([village], replicates=2, jobs=1), tmp_path / "x")
    text = (place / "failures.txt").read_text()
    assert text.startswith("village, replicate 2: ZeroDivisionError: nobody pays")
    assert "Traceback" in text


def test_an_earlier_result_is_replaced_whole(study, tmp_path):
    write_study(study, tmp_path / "x", {"failures.txt": b"old", "figure.png": b"old"})
    write_study(study, tmp_path / "x", {"figure.png": b"new"})
    assert (tmp_path / "x" / "figure.png").read_bytes() == b"new"
    assert not (tmp_path / "x" / "failures.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_an_empty_folder_is_filled(study, tmp_path):
    (tmp_path / "x").mkdir()
    check_output(tmp_path / "x")
    assert (write_study(study, tmp_path / "x") / "study.json").exists()


def refused(study, folder: Path, message: str) -> None:
    """Both the check before the study and the writing after it refuse, and leave things alone."""
    before = sorted(folder.parent.rglob("*"))
    for attempt in (lambda: check_output(folder), lambda: write_study(study, folder)):
        with pytest.raises(OutputError, match=message):
            attempt()
    assert sorted(folder.parent.rglob("*")) == before


def test_a_file_in_the_way_is_left_alone(study, tmp_path):
    (tmp_path / "x").write_text("mine")
    refused(study, tmp_path / "x", "x is a file. Results need a folder: choose another with -o")
    refused(study, tmp_path / "x" / "y", "y cannot be written: .*not a directory|file exists")


def test_a_folder_that_is_not_ours_is_left_alone(study, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "thesis.docx").write_text("mine")
    refused(study, tmp_path / "x", "not a result folder of cosim; it is left alone")


@pytest.mark.parametrize("text", ["[]", "{}", "{", "\x00"])
def test_a_study_json_of_something_else_makes_no_result_folder(study, tmp_path, text):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "study.json").write_text(text)
    refused(study, tmp_path / "x", r"files that are not cosim's \(study.json\)")


def test_a_result_folder_with_notes_in_it_is_left_alone(study, tmp_path):
    write_study(study, tmp_path / "x")
    (tmp_path / "x" / "notes.md").write_text("mine")
    refused(study, tmp_path / "x", r"files that are not cosim's \(notes.md\); it is left alone")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            errno.ENOSPC,
            "There is no room left on the disk for .*x. Free some, or choose another place with -o",
        ),
        (errno.EROFS, "x may not be written. Choose another folder with -o"),
        (errno.EIO, "x cannot be written: .*error. Choose another folder with -o"),
    ],
)
def test_a_disk_that_gives_out_leaves_nothing_half_written(study, tmp_path, monkeypatch, code, message):
    write_study(study, tmp_path / "x")
    before = contents(tmp_path / "x")
    whole, written = Path.write_bytes, []

    def gives_out(path, content):
        written.append(path)
        if len(written) == 3:
            raise OSError(code, os.strerror(code))
        return whole(path, content)

    monkeypatch.setattr(Path, "write_bytes", gives_out)
    with pytest.raises(OutputError, match=message):
        write_study(study, tmp_path / "x")
    assert contents(tmp_path / "x") == before
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_folder_that_cannot_be_put_in_place_brings_the_old_one_back(study, tmp_path, monkeypatch):
    write_study(study, tmp_path / "x", {"figure.png": b"old"})
    rename = Path.rename

    def refuses(path, target):
        if path.name == "new":
            raise PermissionError(errno.EACCES, "no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(OutputError, match="may not be written"):
        write_study(study, tmp_path / "x")
    with pytest.raises(OutputError, match="may not be written"):
        write_study(study, tmp_path / "y")
    assert (tmp_path / "x" / "figure.png").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_folder_that_cannot_be_read_is_left_alone(tmp_path, monkeypatch):
    (tmp_path / "x").mkdir()

    def closed(path):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(OutputError, match="may not be written"):
        check_output(tmp_path / "x")


def test_the_check_leaves_nothing_behind(tmp_path):
    check_output(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
