"""Sweeps on disks that give out, and processes that end, at every single change of a file."""

import errno
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from small_sweeps import FACTOR, Remembering, contents, cut_small, experiment, make_here

from cosim.study import OutputError
from cosim.study.sweep import How, merge, plan_sweep, run_plan, sweeping
from cosim.study.sweep.files import NEW

UNTIL = {"outcome": "cost_total", "half_width": 400.0, "max_replicates": 3}


class Ended(BaseException):
    """Stands for SIGKILL: nothing catches it."""


class Disk:
    """Counts the changes to files under `folder`, and lets the one numbered `at` go wrong.

    `fault`: "full" (it and all later ones that need room), "broken" (an error, once), "before" and "after" (the
    process ends; a writing is then half done), "ctrl-c".
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, fault: str, at: int) -> None:
        self.folder, self.fault, self.at = folder, fault, at
        self.steps, self.went_wrong = 0, False
        opening = Path.open

        def opened(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if not self.here(path) or mode.startswith("r"):
                return opening(path, mode, *rest, **named)
            return Writing(self, self.step(partial(opening, path, mode, *rest, **named), room=True))

        monkeypatch.setattr(Path, "open", opened)
        monkeypatch.setattr(os, "fsync", lambda _: self.step(lambda: None, room=True))
        for name, room in (("replace", False), ("unlink", False), ("rmdir", False), ("mkdir", True)):
            monkeypatch.setattr(Path, name, self.counted(getattr(Path, name), room))

    def here(self, path: Path) -> bool:
        return path.is_relative_to(self.folder)

    def counted(self, change: Callable[..., Any], room: bool) -> Callable[..., Any]:
        def changed(path: Path, *rest: Any, **named: Any) -> Any:
            whole = partial(change, path, *rest, **named)
            return self.step(whole, room) if self.here(path) else whole()

        return changed

    def step(self, change: Callable[[], Any], room: bool, half: Callable[[], Any] = lambda: None) -> Any:
        """Make one change, unless something goes wrong."""
        self.steps += 1
        due = self.steps >= self.at and room if self.fault == "full" else self.steps == self.at
        if not due:
            return change()
        self.went_wrong = True
        if self.fault == "full":
            half()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.fault == "broken":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self.fault == "ctrl-c":
            half()
            raise KeyboardInterrupt
        if self.fault == "after" and (opened := change()) is not None and hasattr(opened, "close"):
            opened.close()
        if self.fault == "before":
            half()
        raise Ended


class Writing:
    """A file that is being written on such a disk."""

    def __init__(self, disk: Disk, file: Any) -> None:
        self._disk, self._file = disk, file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> Any:
        half = partial(self._file.write, content[: len(content) // 2])
        return self._disk.step(partial(self._file.write, content), True, half)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Let three runs share a file of months, and wait for no disk."""
    cut_small(monkeypatch, 3)
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)
    monkeypatch.setattr(sweeping, "made_with", lambda: {"cosim": "1", "code": "0"})
    monkeypatch.setattr(sweeping, "check_memory", lambda *_: None)
    monkeypatch.setattr(os, "fsync", lambda _: None)


Attempt = Callable[[Path], object]
ENDS = {
    "full": (OutputError, "There is no room left on the disk for"),
    "broken": (OutputError, "cannot be written: input/output error"),
    "before": (Ended, ""),
    "after": (Ended, ""),
    "ctrl-c": (KeyboardInterrupt, ""),
}
FAULTS = list(ENDS)


@pytest.fixture
def said(tmp_path):
    """Return an experiment of four runs."""
    return experiment(tmp_path, replicates=1, factors={FACTOR: [500.0, 2000.0]}, outcomes=["cost_total"])


@pytest.fixture
def maker(said, monkeypatch):
    """Return what makes each run once."""
    maker = Remembering(plan_sweep(said))
    make_here(monkeypatch, maker)
    return maker


def go(said: dict[str, Any], **how: Any) -> Attempt:
    """Return what runs a sweep in a folder."""
    plan = plan_sweep(said, shard=how.pop("shard", None))
    vars(plan)["run"] = cache(plan.run)  # scenarios are made once
    return lambda place: run_plan(plan, place, How(jobs=1, **how))


def survives(attempt: Attempt, base: Path, maker: Remembering, fault: str, prepared: Path | None = None) -> int:
    """Let one change after another go wrong; check that the next attempt ends as if nothing had, and lost one run.

    `prepared` is the folder before, `base / "whole"` what it should be in the end. Returns how many changes there are.
    """
    expected = contents(base / "whole")
    for at in count(1):
        place = base / f"{fault}-{at}"
        if prepared is not None:
            shutil.copytree(prepared, place)
        begun = len(maker.asked)
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, place, fault, at)
            stopped = outcome_of(attempt, place, fault)
        assert stopped == disk.went_wrong, at
        attempt(place)
        assert contents(place) == expected, at
        assert not list(place.rglob(f"*{NEW}"))
        made = maker.asked[begun:]
        assert len(made) - len(set(made)) <= 1, at
        if disk.steps < at:
            return at - 1
    raise AssertionError


def outcome_of(attempt: Attempt, place: Path, fault: str) -> bool:
    """Attempt it, and return whether it was stopped, as it should be by such a fault."""
    try:
        return bool(getattr(attempt(place), "stopped", ""))
    except (OutputError, Ended, KeyboardInterrupt) as ended:
        said = ended
    kind, words = ENDS[fault]
    assert isinstance(said, kind)
    assert words in str(said)
    return True


@pytest.mark.parametrize("fault", FAULTS)
def test_a_study(said, tmp_path, maker, fault):
    go(said)(tmp_path / "whole")
    assert survives(go(said), tmp_path, maker, fault) > 50


@pytest.mark.parametrize("fault", ["full", "after"])
def test_a_study_that_keeps_no_months(said, tmp_path, maker, fault):
    said["record_every"] = 0
    go(said)(tmp_path / "whole")
    assert survives(go(said), tmp_path, maker, fault) > 40


@pytest.mark.parametrize("fault", ["before", "after", "ctrl-c"])
def test_failed_runs_that_are_tried_again(said, tmp_path, maker, fault):
    go(said)(tmp_path / "whole")
    maker.fail = {1, 3}
    go(said)(tmp_path / "failed")
    maker.fail = set()
    again = go(said, retry_failed=True)
    assert survives(again, tmp_path, maker, fault, tmp_path / "failed") > 30


@pytest.mark.parametrize("fault", ["before", "after"])
def test_more_replicates_of_a_study_whose_replicates_are_not_fixed(said, tmp_path, maker, fault):
    more = said | {"until": UNTIL}
    go(more | {"replicates": 2})(tmp_path / "whole")
    go(more | {"replicates": 1, "until": UNTIL | {"max_replicates": 2}})(tmp_path / "few")
    more = go(more | {"replicates": 2})
    assert survives(more, tmp_path, maker, fault, tmp_path / "few") > 30


@pytest.mark.parametrize("fault", ["full", "before"])
def test_shards_that_are_merged(said, tmp_path, maker, fault):
    go(said)(tmp_path / "whole")
    for part in (1, 2):
        go(said, shard=f"{part}/2")(tmp_path / f"shard-{part}-of-2")
    shards = [tmp_path / "shard-1-of-2", tmp_path / "shard-2-of-2"]

    def merged(place: Path) -> object:
        return merge(shards, place)

    assert survives(merged, tmp_path, maker, fault) > 15


def test_one_crash_after_another(said, tmp_path, maker):
    said |= {"replicates": 2, "until": UNTIL}
    attempt = go(said)
    attempt(tmp_path / "whole")
    chance = random.Random(1)
    for study in range(10):
        place, crashes = tmp_path / str(study), 0
        while True:
            with pytest.MonkeyPatch.context() as patch:
                Disk(patch, place, chance.choice(FAULTS), chance.randint(1, 40))
                with suppress(Ended, OutputError, KeyboardInterrupt):
                    if not attempt(place).stopped:
                        break
            crashes += 1
        assert contents(place) == contents(tmp_path / "whole")
        assert crashes > 2
