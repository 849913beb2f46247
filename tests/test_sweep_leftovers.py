"""What ended processes leave lying about, clocks that go back, and readers while a sweep is run."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_sweeps import FACTOR, Remembering, contents, cut_small, experiment, make_here, run_here

import cosim
from cosim.study.sweep import StudyFolder, folder, log, plan_sweep, show_run, status_of, sweeping
from cosim.study.sweep.files import NEW, OWN


@pytest.fixture
def said(tmp_path) -> dict[str, Any]:
    return experiment(tmp_path)


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


def test_a_better_title_is_no_other_study(said, tmp_path, maker):
    run_here(said, tmp_path / "x")
    before = contents(tmp_path / "x")
    run_here(said | {"title": "What does a budget buy?"}, tmp_path / "x")
    after = contents(tmp_path / "x")
    assert StudyFolder(tmp_path / "x").experiment.title == "What does a budget buy?"
    assert {name for name in before if before[name] != after[name]} == {"study.json"}
