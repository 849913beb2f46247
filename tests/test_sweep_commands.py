"""What the commands about sweeps print, and the exit codes with which they end."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_sweeps import FACTOR, Remembering, contents, experiment, make_here, run_here, write_experiment
from typer.testing import CliRunner, Result

from cosim import cli
from cosim.study import memory
from cosim.study.sweep import StudyFolder, log, plan_sweep, store, sweeping

UNTIL = {"outcome": "cost_total", "half_width": 400.0, "max_replicates": 5}
FAILURE = "ZeroDivisionError: nobody pays"


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    """Give every command in a folder of its own, with everything compiled, and runs made here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: True)
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)


@pytest.fixture
def said(tmp_path) -> dict[str, Any]:
    """Return an experiment of four runs, which stands in small.toml."""
    said = experiment(tmp_path, replicates=1, factors={FACTOR: [500.0, 2000.0]})
    write_experiment(tmp_path / "small.toml", said)
    return said


@pytest.fixture
def maker(said, monkeypatch) -> Remembering:
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, maker)
    return maker


def command(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def test_a_dry_run_says_what_it_would_take_and_writes_nothing(said):
    result = command("sweep", "small.toml", "--dry-run", "--jobs", "2", "-o", "x")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "small: 2 points × 2 scenarios × 1 replicates = 4 runs"
    assert lines[1].startswith("time: about ")
    assert "with 2 processes; 4 runs timed, " in lines[1]
    assert lines[2].startswith("disk: about ")
    assert lines[2].endswith(" in x")
    assert lines[3:] == ["nothing was written"]
    assert sorted(path.name for path in Path().iterdir()) == ["reform.toml", "small.toml"]


def test_a_dry_run_of_a_part_whose_replicates_are_not_fixed(said):
    write_experiment(Path("until.toml"), said | {"until": UNTIL})
    lines = command("sweep", "until.toml", "--dry-run", "--shard", "2/2", "--jobs", "1").stdout.splitlines()
    assert lines[0] == "shard 2/2 of small: 2 points × 2 scenarios × 1 to 5 replicates = 2 to 10 runs"
    assert "with 1 process; 2 runs timed" in lines[1]


def test_a_dry_run_tells_of_runs_that_fail(said, monkeypatch):
    monkeypatch.setattr("cosim.community.observe", lambda *_: 1 / 0)
    lines = command("sweep", "small.toml", "--dry-run").stdout.splitlines()
    assert lines[2].startswith("disk: about 0.")
    assert lines[3].startswith("4 of the runs that were timed failed: ZeroDivisionError: division by zero")


def test_failed_runs_are_named_and_the_exit_code_is_1(maker):
    maker.fail = {1, 2}
    result = command("sweep", "small.toml", "--jobs", "1", "-o", "x")
    assert result.exit_code == 1
    place = Path("x").resolve()
    assert f"study: {place}\n2 runs failed (first: {FAILURE}); see `cosim status`" in result.stderr
    status = command("status", "x")
    assert status.exit_code == 0
    assert status.stdout.startswith(f"small: 2 of 4 runs done\n2 failed\n  2 × {FAILURE} (run 1)\n")
    found = json.loads(command("status", "x", "--format", "json").stdout)
    assert found["runs"] == {"not run": 0, "done": 2, "failed": 2}
    assert found["errors"] == [{"error": FAILURE, "runs": 2, "first": 1}]
    maker.fail = set()
    healed = command("sweep", "small.toml", "--jobs", "1", "--retry-failed", "-o", "x")
    assert (healed.exit_code, healed.stdout) == (0, "")


def test_fail_fast_says_how_many_are_left(maker):
    maker.fail = {1}
    result = command("sweep", "small.toml", "--jobs", "1", "--fail-fast", "-o", "x")
    assert result.exit_code == 1
    assert "stopped after 1 failed run\n1 run failed" in result.stderr
    assert "2 runs left: the same command goes on" in result.stderr
    assert "2 left\n" in command("status", "x").stdout


def test_show_tells_all_that_is_known_of_a_run(maker, said):
    maker.fail = {1}
    run_here(said, Path("x"))
    text = command("show", "x", "1").stdout
    assert f"{'status':<32} failed\n" in text
    assert f"{'government.budget':<32} 500\n" in text
    assert f"{FAILURE}\nTraceback: here\n" in text
    assert "the same run alone: cosim replay x 1" in text
    found = json.loads(command("show", "x", "3", "--format", "json").stdout)
    assert (found["run"], found["scenario"], found["status"]) == (3, "reform", "done")
    assert found["attempts"][0]["attempt"] == 1
    assert found["cost_total"] == StudyFolder(Path("x")).runs["cost_total"][3]


def test_replay_prints_what_it_finds_and_writes_all_measures(maker, said):
    maker.fail = {1}
    run_here(said, Path("x"))
    result = command("replay", "x", "2", "-o", "run.csv")
    assert result.exit_code == 0
    assert result.stdout.startswith("run 2 (village, replicate 1, seed ")
    assert "is the same, bit for bit" in result.stdout
    assert len(pd.read_csv("run.csv")) == 13
    assert "is done now; in the study it is failed" in command("replay", "x", "1").stdout


def test_replay_of_a_run_that_fails_ends_with_its_traceback(maker, said, monkeypatch):
    run_here(said, Path("x"))
    monkeypatch.setattr("cosim.community.observe", lambda *_: 1 / 0)
    result = command("replay", "x", "0")
    assert result.exit_code == 1
    assert "fails: ZeroDivisionError: division by zero" in result.stdout
    assert "it was done before" in result.stdout
    assert "Traceback (most recent call last)" in result.stderr


def test_replay_of_a_run_that_differs_ends_with_exit_code_1(maker, said, monkeypatch):
    run_here(said, Path("x"))
    monkeypatch.setattr("cosim.study.sweep.record.run_level", lambda *_: 0.25)
    result = command("replay", "x", "0")
    assert result.exit_code == 1
    assert "differs from what the study holds in participation, cost_total" in result.stdout


def test_shards_are_merged(maker, said):
    for part in ("1/2", "2/2"):
        assert command("sweep", "small.toml", "--shard", part, "--jobs", "1", "-o", "x").exit_code == 0
    result = command("merge", "x")
    assert result.exit_code == 0
    assert result.stderr == f"study: {Path('x').resolve()} (4 runs, 0 failed)\n"
    run_here(said, Path("y"))
    assert contents(Path("x")) == contents(Path("y"))


def test_memory_is_asked_for_at_the_points_with_the_most_residents(maker, said, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 1e8)
    write_experiment(Path("big.toml"), said | {"factors": {"population.residents": [12, 60, 20]}})
    result = command("sweep", "big.toml", "--jobs", "1", "-o", "x")
    assert result.exit_code == 2
    assert "1 compounds of 60 residents need about" in result.stderr
    assert not Path("x").exists()


def test_a_file_system_without_locks_is_refused(maker, said, monkeypatch):
    class NoLock:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def acquire(self) -> None:
            raise NotImplementedError

    monkeypatch.setattr(store, "FileLock", NoLock)
    result = command("sweep", "small.toml", "--jobs", "1", "-o", "x")
    assert result.exit_code == 2
    assert "a file system on which a folder cannot be kept for one process alone (flock)" in result.stderr


def test_the_log_tells_of_the_code_if_it_is_a_clone(said, monkeypatch):
    answers = {"rev-parse": "0123abcd\n", "status": " M cosim/community.py\n"}

    def asked(words: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(words, 0, answers[words[3]])

    monkeypatch.setattr(subprocess, "run", asked)
    assert log._git_state() == {"commit": "0123abcd", "changed": True}
    monkeypatch.setattr(subprocess, "run", lambda words, **_: subprocess.CompletedProcess(words, 128, ""))
    assert log._git_state() is None

    def no_git(*_: Any, **__: Any) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", no_git)
    assert log._git_state() is None
