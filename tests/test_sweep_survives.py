"""Sweeps whose processes are killed, stopped, hang or vanish, and which end as if nothing had been."""

import json
import math
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numba
import pytest
from small_sweeps import FACTOR, Remembering, contents, cut_small, experiment, make_here, run_here, write_experiment

import cosim
from cosim.community import Community
from cosim.study import OutputError, WorkersDied, deadline, pool, seed_of
from cosim.study.one_run import make_run
from cosim.study.sweep import StudyFolder, folder, log, plan_sweep, show_run, status_of, sweeping
from cosim.study.sweep.files import NEW, OWN

HERE = {"PYTHONPATH": str(Path(cosim.__file__).parent.parent)}
fork_is_fine = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
BAD = 4
"""Number of the run that goes wrong: the first replicate of the second scenario at the third point."""


@pytest.fixture
def said(tmp_path) -> dict[str, Any]:
    return experiment(tmp_path)


@pytest.fixture
def whole(said, tmp_path) -> dict[str, bytes]:
    """Return what the small study is when nothing goes wrong."""
    with pytest.MonkeyPatch.context() as patch:
        make_here(patch)
        return contents(run_here(said, tmp_path / "whole").path)


def is_bad(scenario: Any, seed: int) -> bool:
    return scenario.name == "village" and scenario.government.budget == 2000.0 and seed == seed_of(1, 1)


# Processes that are killed


def attempts(place: Path) -> list[dict[str, Any]]:
    return log.Log(place).events("run")


@fork_is_fine
def test_killed_at_moments_by_chance_it_goes_on_and_leaves_nobody_behind(said, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "LOOK_EVERY", 0.1)
    make_run(plan_sweep(said).run(0))  # what is loaded here need not be loaded by each of them
    said |= {"replicates": 25}
    place, chance, left = tmp_path / "x", random.Random(5), 0
    how = {"output": place, "jobs": 2, "start_method": "fork"}
    for _ in range(8):
        left = len(attempts(place))
        sweep = multiprocessing.get_context("fork").Process(target=cosim.sweep, args=(said,), kwargs=how)
        sweep.start()
        workers = wait_for_runs(place, left, left + chance.randint(1, 8), sweep.is_alive)
        time.sleep(chance.uniform(0.0, 0.02))
        if chance.random() < 0.5:
            os.kill(workers.pop(), signal.SIGKILL)
            time.sleep(chance.uniform(0.0, 0.03))
        assert sweep.is_alive()
        sweep.kill()
        sweep.join()
        assert not still_there(workers)
    found = StudyFolder(place).state.counts()
    assert found["failed"] == 0
    assert found["not run"] > 0
    study = cosim.sweep(said, **how)
    numbers = [said["run"] for said in attempts(place)]
    assert len(numbers) - len(set(numbers)) <= 8
    whole = cosim.sweep(said, **(how | {"output": tmp_path / "whole"}))
    assert contents(study.path) == contents(whole.path)


def test_a_command_that_is_stopped_or_killed_can_be_given_again(said, tmp_path, monkeypatch):
    said |= {"replicates": 12}
    write_experiment(tmp_path / "small.toml", said)
    place, told = tmp_path / "x", tmp_path / "told"
    words = [sys.executable, "-m", "cosim", "sweep", "small.toml", "--jobs", "2", "-o", "x"]
    for way in (signal.SIGINT, signal.SIGKILL):
        before = len(attempts(place))
        with told.open("w") as file:
            command = subprocess.Popen(words, cwd=tmp_path, env=os.environ | HERE, stderr=file, start_new_session=True)
        workers = wait_for_runs(place, before, before + 3, lambda command=command: command.poll() is None)
        if way == signal.SIGINT:
            os.killpg(command.pid, way)
            assert command.wait() == 2
            assert "stopped by Ctrl-C" in told.read_text()
            assert "left: the same command goes on" in told.read_text()
            assert "Traceback" not in told.read_text()
        else:
            command.kill()
            assert command.wait() == -way
        assert not still_there(workers)
    assert StudyFolder(place).state.counts()["not run"] > 0
    make_here(monkeypatch)
    assert contents(run_here(said, place).path) == contents(run_here(said, tmp_path / "whole").path)


def wait_for_runs(place: Path, before: int, enough: int, alive: Callable[[], bool]) -> set[int]:
    """Wait until so many runs are made, and return the processes that made those after the first `before`."""
    while len(made := attempts(place)) < enough and alive():
        time.sleep(0.005)
    return {int(said["where"].partition(":")[2]) for said in made[before:]}


def still_there(processes: set[int]) -> set[int]:
    """Return the processes that have not ended within a few seconds."""
    until = time.monotonic() + 10
    while processes and time.monotonic() < until:
        processes = {process for process in processes if is_alive(process)}
        time.sleep(0.05)
    return processes


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    try:
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@fork_is_fine
def test_a_killed_worker_costs_no_run(said, whole, tmp_path):
    killed = []

    def kill_one(settled, *_):
        if settled in (2, 7):
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[-1], signal.SIGKILL)

    study = cosim.sweep(said, output=tmp_path / "x", jobs=2, start_method="fork", progress=kill_one)
    assert len(killed) == 2
    assert contents(study.path) == whole


@fork_is_fine
def test_a_run_that_ends_its_worker_again_and_again_is_a_failure_and_the_others_are_done(
    said, whole, tmp_path, monkeypatch
):
    def dying(scenario, rng):
        if is_bad(scenario, rng):
            os._exit(9)
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", dying)
    study = cosim.sweep(said, output=tmp_path / "x", jobs=2, start_method="fork")
    runs = study.runs
    assert runs["status"].tolist() == ["failed" if number == BAD else "done" for number in range(12)]
    assert "ended without a word; the system may have been short of memory" in runs["error"][BAD]
    assert len(show_run(study, BAD)["attempts"]) == 1
    monkeypatch.undo()
    healed = cosim.sweep(said, output=tmp_path / "x", jobs=2, start_method="fork", retry_failed=True)
    assert contents(healed.path) == whole


@fork_is_fine
def test_workers_that_never_get_going_cost_nothing(said, whole, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(pool, "_start_worker", lambda *_: os._exit(9))
        with pytest.raises(WorkersDied):
            cosim.sweep(said, output=tmp_path / "x", jobs=2, start_method="fork")
    assert StudyFolder(tmp_path / "x").state.counts()["not run"] == 12
    make_here(monkeypatch)
    assert contents(run_here(said, tmp_path / "x").path) == whole


def test_without_room_for_what_processes_share_it_says_so(said, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(OutputError, match=r"The processes that make runs cannot work: .*nowhere.* goes on"):
        cosim.sweep(said, output=tmp_path / "x", jobs=1, start_method="fork")


# Runs that take too long


@numba.njit
def spin(stop: bool) -> int:
    """Go round for ever, in compiled code."""
    turns = 0
    while not stop:
        turns = (turns + 1) % 1000
    return turns


def spin_plainly(stop: bool) -> None:
    while not stop:
        pass


def hang(monkeypatch: pytest.MonkeyPatch, each_month: Any) -> None:
    """Let the bad run never end, and do something else every month."""

    class Endless(Community):
        @property
        def running(self) -> bool:
            return True

        @running.setter
        def running(self, value: bool) -> None:
            pass

        def step(self) -> None:
            each_month()

    def made(scenario, rng):
        return (Endless if is_bad(scenario, rng) else Community)(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", made)


@fork_is_fine
@pytest.mark.parametrize(
    ("each_month", "words"),
    [
        (lambda: time.sleep(0.01), "not finished within 1 s"),
        (lambda: spin_plainly(False), "not finished within 1 s: stuck inside a month"),
        (lambda: spin(False), "not finished within 1 s: stuck inside a month"),
    ],
    ids=["between months", "plain code", "compiled code"],
)
def test_a_run_that_never_ends_is_a_failure_and_the_others_are_done(
    said, whole, tmp_path, monkeypatch, each_month, words
):
    spin(True)
    monkeypatch.setattr(deadline, "GRACE", 0.2)
    hang(monkeypatch, each_month)
    study = cosim.sweep(said, output=tmp_path / "x", jobs=2, start_method="fork", timeout=1.0)
    runs = study.runs
    assert runs["status"].tolist() == ["failed" if number == BAD else "done" for number in range(12)]
    assert runs["error"][BAD] == words
    assert show_run(study, BAD)["attempts"][0]["trace"] != ""
    assert multiprocessing.active_children() == []
    again = cosim.sweep(said, output=tmp_path / "x", jobs=2, start_method="fork", timeout=1.0, retry_failed=True)
    assert again.runs.equals(runs)
    monkeypatch.undo()
    make_here(monkeypatch)
    assert contents(run_here(said, tmp_path / "x", retry_failed=True).path) == whole


@fork_is_fine
def test_ctrl_c_ends_a_run_that_never_ends(said, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(pool, "LEAVE", 0.3)
    hang(monkeypatch, lambda: spin_plainly(False))

    def press(settled, *_):
        if settled == 11:
            signal.raise_signal(signal.SIGINT)

    study = cosim.sweep(said, output=tmp_path / "x", jobs=2, start_method="fork", progress=press)
    assert study.stopped == "stopped by Ctrl-C"
    assert study.state.counts() == {"not run": 1, "done": 11, "failed": 0}
    assert multiprocessing.active_children() == []
    monkeypatch.undo()
    make_here(monkeypatch)
    assert contents(run_here(said, tmp_path / "x").path) == whole


@fork_is_fine
@pytest.mark.parametrize("timeout", [math.inf, 1e12])
def test_any_time_limit_can_be_kept(said, whole, tmp_path, timeout):
    assert (
        contents(cosim.sweep(said, output=tmp_path / "x", jobs=1, start_method="fork", timeout=timeout).path) == whole
    )


def test_what_cannot_be_recorded_is_a_failure(said, tmp_path, monkeypatch):
    monkeypatch.setattr("cosim.study.sweep.record.run_level", lambda *_: 1 / 0)
    make_here(monkeypatch)
    study = run_here(said, tmp_path / "x")
    assert study.state.counts()["failed"] == 12
    assert study.runs["error"][0].startswith("ZeroDivisionError: division by zero (cosim/study/sweep/record.py, line")


# What is left lying about


@pytest.fixture
def maker(said, monkeypatch):
    """Return what makes the runs here, four to a file of months."""
    cut_small(monkeypatch, 4)
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, maker)
    return maker


class Enough(BaseException):
    """Ends a sweep."""


def stop_after(settled: int):
    def told(now: int, *_: int) -> None:
        if now == settled:
            raise Enough

    return told


def run_some(said: dict[str, Any], place: Path, runs: int) -> None:
    """Run a part of a study, and end without a word."""
    with pytest.raises(Enough):
        cosim.sweep(said, output=place, jobs=1, progress=stop_after(runs))


def test_half_written_files_are_cleared_away(said, tmp_path, maker):
    run_some(said, tmp_path / "x", 6)
    place = tmp_path / "x"
    for name in ("study.json", "runs.parquet", "pending/0000001.arrow", "pending/0000005.arrow", "months/7.parquet"):
        (place / (name + NEW)).write_bytes(b"half")
    assert StudyFolder(place).state.counts()["done"] == 6
    run_here(said, place)
    assert not list(place.rglob(f"*{NEW}"))
    assert {path.name for path in place.iterdir()} <= OWN
    assert contents(place) == contents(run_here(said, tmp_path / "y").path)


@pytest.mark.parametrize("left", [0, 8, 100, -1])
def test_a_run_that_a_power_failure_left_in_pieces_is_made_again(said, tmp_path, maker, left):
    run_some(said, tmp_path / "x", 7)
    torn = tmp_path / "x" / "pending" / "0000005.arrow"
    torn.write_bytes(torn.read_bytes()[:left])
    study = StudyFolder(tmp_path / "x")
    assert study.state.counts()["done"] == 6
    assert 5 not in study.months["run"].tolist()
    assert show_run(study, 5)["status"] == "not run"
    run_here(said, tmp_path / "x")
    assert sorted(maker.asked) == sorted([*range(12), 5])
    assert contents(tmp_path / "x") == contents(run_here(said, tmp_path / "y").path)


@pytest.mark.parametrize("torn", [b'{"event": "run", "ru', b"\x00" * 50, b"\xff\xfe\n\x80", b"\n\n"])
def test_a_line_of_the_log_that_was_torn_off_hides_no_other(said, tmp_path, maker, torn):
    run_some(said, tmp_path / "x", 6)
    with (tmp_path / "x" / "log.jsonl").open("ab") as file:
        file.write(torn)
    study = run_here(said, tmp_path / "x")
    events = study.log.events()
    assert [said["run"] for said in study.log.events("run")] == list(range(12))
    assert [said["event"] for said in events if said["event"] != "run"] == ["start", "start", "stop"]
    assert status_of(study).seconds > 0
    assert contents(tmp_path / "x") == contents(run_here(said, tmp_path / "y").path)


def test_without_its_log_a_study_goes_on(said, tmp_path, maker):
    run_some(said, tmp_path / "x", 6)
    (tmp_path / "x" / "log.jsonl").unlink()
    assert status_of(StudyFolder(tmp_path / "x")).seconds is None
    study = run_here(said, tmp_path / "x")
    assert contents(tmp_path / "x") == contents(run_here(said, tmp_path / "y").path)
    assert show_run(study, 0)["attempts"] == []


def test_a_clock_that_goes_back_changes_nothing(said, tmp_path, maker, monkeypatch):
    class Backwards(datetime):
        hours = 0

        @classmethod
        def now(cls, zone=None):
            cls.hours += 1
            return datetime(2030, 1, 1, tzinfo=UTC) - timedelta(hours=cls.hours)

    before = contents(run_here(said, tmp_path / "y").path)
    monkeypatch.setattr(log, "datetime", Backwards)
    monkeypatch.setattr(time, "time", lambda: 1e9 - 3600 * Backwards.hours)
    run_some(said, tmp_path / "x", 6)
    study = run_here(said, tmp_path / "x")
    assert contents(study.path) == before
    times = [said["time"] for said in study.log.events()]
    assert times == sorted(times, reverse=True)
    assert status_of(study).counts["done"] == 12


# Readers while it is run


def test_readers_see_what_is_settled_at_any_moment(said, tmp_path, maker):
    def look(settled: int, total: int, failed: int) -> None:
        study = StudyFolder(tmp_path / "x")
        assert study.state.counts()["done"] == settled
        assert study.months["run"].unique().tolist() == list(range(settled))
        json.dumps(study.description)

    assert cosim.sweep(said, output=tmp_path / "x", jobs=1, progress=look).points[FACTOR].tolist() == [0, 500, 2000]


def test_readers_miss_no_run_that_moves_meanwhile(said, tmp_path, maker, monkeypatch):
    run_some(said, tmp_path / "x", 7)
    looking = folder._read_pending

    def then_finish(place):
        found = list(looking(place))
        monkeypatch.setattr(folder, "_read_pending", looking)
        run_here(said, tmp_path / "x")
        return iter(found)

    monkeypatch.setattr(folder, "_read_pending", then_finish)
    assert len(StudyFolder(tmp_path / "x").months["run"].unique()) >= 7
    assert (tmp_path / "x" / "months" / "0000008.parquet").exists()
