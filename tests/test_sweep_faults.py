"""Sweeps on disks that give out, and processes that end, at every single change of a file."""

import errno
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from small_sweeps import Remembering, contents, cut_small, experiment, make_here

from cosim.study import OutputError
from cosim.study.sweep import How, merge, plan_sweep, run_plan, sweeping
from cosim.study.sweep.files import NEW

UNTIL = {"outcome": "cost_total", "half_width": 400.0, "max_replicates": 4}
MADE_WITH = {"cosim": "1", "code": "0"}


class Ended(BaseException):
    """Stands for SIGKILL: nothing catches it."""


class Disk:
    """Counts the changes to files under `folder`, and lets the one numbered `at` go wrong.

    `fault`: "full" (it and all later ones that need room), "broken" (an error, once), "before" and "after" (the
    process ends; a writing is then half done), "ctrl-c".
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, fault: str = "", at: int = 0) -> None:
        self.folder, self.fault, self.at, self.steps = folder, fault, at, 0
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
        if self.fault == "full" and room and self.steps >= self.at:
            half()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.steps != self.at:
            return change()
        if self.fault == "broken":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self.fault == "ctrl-c":
            half()
            raise KeyboardInterrupt
        if self.fault == "after" and (opened := change()) is not None and hasattr(opened, "close"):
            opened.close()
        if self.fault == "before":
            half()
        if self.fault in ("before", "after"):
            raise Ended
        return change()


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


@pytest.fixture
def maker(tmp_path, monkeypatch):
    """Return what makes the small study's runs, each once, five runs to a file of months."""
    cut_small(monkeypatch, 5)
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)
    monkeypatch.setattr(sweeping, "made_with", lambda: MADE_WITH)
    maker = Remembering(plan_sweep(experiment(tmp_path)))
    make_here(monkeypatch, maker)
    return maker


Attempt = Callable[[Path], object]
FAULTS = ("full", "broken", "before", "after", "ctrl-c")


def go(said: dict[str, Any], **how: Any) -> Attempt:
    """Return what runs a sweep in a folder."""
    plan = plan_sweep(said, shard=how.pop("shard", None))
    return lambda place: run_plan(plan, place, How(jobs=1, **how))


def survives(attempt: Attempt, prepared: Path | None, expected: dict[str, bytes], maker: Remembering, fault: str) -> int:
    """Let one change after another go wrong; check that the next attempt ends as if nothing had, and lost one run.

    Returns how many changes there are.
    """
    base = maker.folder
    for at in count(1):
        place = base / f"{fault}-{at}"
        if prepared is not None:
            shutil.copytree(prepared, place)
        begun = len(maker.asked)
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, place, fault, at)
            try:
                ended = attempt(place)
                interrupted = fault == "ctrl-c" and getattr(ended, "stopped", "")
            except OutputError as error:
                assert fault in ("full", "broken")
                words = "There is no room left on the disk" if fault == "full" else "cannot be written: input/output error"
                assert words in str(error)
                interrupted = True
            except Ended:
                assert fault in ("before", "after")
                interrupted = True
            except KeyboardInterrupt:
                assert fault == "ctrl-c"
                interrupted = True
        assert bool(interrupted) == (disk.steps >= at), (at, disk.steps)
        attempt(place)
        assert contents(place) == expected, at
        assert not list(place.rglob(f"*{NEW}"))
        made = maker.asked[begun:]
        assert len(made) - len(set(made)) <= 1, at
        shutil.rmtree(place)
        if not interrupted:
            return at - 1
    raise AssertionError


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("every", [0, 1])
def test_a_study(tmp_path, maker, fault, every):
    maker.folder = tmp_path
    said = experiment(tmp_path, record_every=every)
    attempt = go(said)
    attempt(tmp_path / "whole")
    assert survives(attempt, None, contents(tmp_path / "whole"), maker, fault) > 60
