"""Compiled code: never older than its source, kept where it can be, and the same as plain Python."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pytest

import cosim
from cosim.community import Community
from cosim.rules import compiled
from cosim.rules.compiled import SOURCES, cache_folder, is_warm, kernel, mark_warm, rule, source_hash

PACKAGE = Path(cosim.__file__).parent

WEAR = """
import sys
from pathlib import Path

from cosim.rules import compiled

if sys.argv[1:]:
    compiled.CACHE = Path(sys.argv[1])

import numpy as np
from cosim.world.facilities import wear

condition = np.full((1, 1), 0.52, np.float32)
none, no, half = np.zeros(1), np.array([False]), np.full(1, 0.5, np.float32)
luck = np.uint64(0), np.uint64(0)
wear(condition, np.array([[False]]), no, no, half, np.array([0.05]), none, none, 0.0, 0.0, 0.0, *luck)
print(compiled.CACHE.name, round(float(condition[0, 0]), 6))
"""
"""A month of wear, by a rule in another file than the kernel's: 0.52 - 0.05 x (0.52 - 0.12) = 0.5."""


class TestStaleCache:
    """Numba looks only at the file of the kernel that it has stored. Here the rule is in another one."""

    @pytest.fixture
    def wear(self, tmp_path) -> Callable[..., tuple[str, float]]:
        """Return what runs a month of wear in a process of its own, from a copy of the package in `tmp_path`."""
        shutil.copytree(PACKAGE, tmp_path / "cosim", ignore=shutil.ignore_patterns("__pycache__"))
        environment = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"}
        environment |= {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}

        def run(*arguments: str | Path) -> tuple[str, float]:
            told = subprocess.run(
                [sys.executable, "-c", WEAR, *map(str, arguments)],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()
            return told[0], float(told[1])

        return run

    def test_a_changed_rule_changes_the_result(self, wear, tmp_path):
        folder, condition = wear()
        assert condition == 0.5
        assert list((tmp_path / "cache" / folder).rglob("*.nbc")), "the kernel is stored"

        rule_file = tmp_path / "cosim" / "rules" / "facilities.py"
        before = rule_file.read_text(encoding="utf-8")
        after = before.replace("condition - rate *", "condition - 2.0 * rate *")
        assert after != before
        rule_file.write_text(after, encoding="utf-8")

        # The trap: from the folder of the old sources, Numba goes on with the old rule.
        assert wear(tmp_path / "cache" / folder) == (folder, 0.5)
        # The way out: changed sources have a folder of their own.
        other_folder, condition = wear()
        assert other_folder != folder
        assert condition == 0.48


class TestSourceHash:
    """It changes with whatever can end up inside a kernel."""

    @pytest.fixture
    def package(self, tmp_path) -> Path:
        for folder in (*SOURCES, "report"):
            (tmp_path / folder).mkdir(parents=True)
            (tmp_path / folder / "some.py").write_text("x = 1\n", encoding="utf-8")
        return tmp_path

    def test_is_sixteen_hexadecimal_digits_and_repeatable(self, package):
        assert source_hash(package) == source_hash(package)
        assert len(source_hash(package)) == 16
        assert int(source_hash(package), 16) >= 0

    @pytest.mark.parametrize("folder", SOURCES)
    def test_changes_with_a_source(self, package, folder):
        before = source_hash(package)
        (package / folder / "some.py").write_text("x = 2\n", encoding="utf-8")
        assert source_hash(package) != before

    def test_changes_with_the_name_of_a_source(self, package):
        before = source_hash(package)
        (package / "rules" / "some.py").rename(package / "rules" / "other.py")
        assert source_hash(package) != before

    def test_changes_with_numba(self, package, monkeypatch):
        before = source_hash(package)
        monkeypatch.setattr(numba, "__version__", "0.0.0")
        assert source_hash(package) != before

    def test_stays_with_anything_else(self, package):
        before = source_hash(package)
        (package / "report" / "some.py").write_text("x = 2\n", encoding="utf-8")
        (package / "rules" / "notes.txt").write_text("x = 2\n", encoding="utf-8")
        assert source_hash(package) == before

    def test_covers_every_file_with_a_rule_or_a_kernel(self):
        marked = {
            path.parent.relative_to(PACKAGE).as_posix()
            for path in PACKAGE.rglob("*.py")
            if {"@kernel", "@rule"} & set(path.read_text(encoding="utf-8").split())
        }
        assert marked == set(SOURCES)


class TestCacheFolder:
    """Where compiled code is kept."""

    @pytest.fixture
    def blocked(self, tmp_path) -> Path:
        """Return a path below a file, where nobody can make a folder."""
        (tmp_path / "file").write_text("in the way", encoding="utf-8")
        return tmp_path / "file" / "cache"

    @pytest.fixture(autouse=True)
    def nothing_asked_for(self, monkeypatch):
        for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)

    def test_is_the_one_asked_for(self, tmp_path, monkeypatch):
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "mine"))
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
        assert cache_folder() == tmp_path / "mine" / f"cosim-{source_hash(PACKAGE)}"
        assert cache_folder().is_dir()

    def test_is_in_the_users_cache_otherwise(self, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert cache_folder().parent == tmp_path / "xdg"
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
        assert cache_folder().parent == tmp_path / "home" / ".cache"

    def test_is_among_temporary_files_where_that_cannot_be_written(self, tmp_path, blocked, monkeypatch):
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
        assert cache_folder().parent == tmp_path / "temporary"

    def test_a_folder_that_is_there_but_closed_is_passed_over(self, tmp_path, monkeypatch):
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "closed"))
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
        monkeypatch.setattr(os, "access", lambda folder, _: "closed" not in str(folder))
        assert cache_folder().parent == tmp_path / "temporary"

    def test_says_what_to_do_where_nothing_can_be_written(self, blocked, monkeypatch):
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
        monkeypatch.setattr(tempfile, "tempdir", str(blocked))
        with pytest.raises(OSError, match="Set NUMBA_CACHE_DIR to a folder that can"):
            cache_folder()


class TestWarm:
    """Whether there is anything left to compile."""

    def test_it_is_remembered_with_the_compiled_code(self, tmp_path, monkeypatch):
        monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
        monkeypatch.setattr(compiled, "CACHE", tmp_path)
        assert not is_warm()
        mark_warm()
        assert is_warm()

    def test_plain_python_is_always_warm(self, tmp_path, monkeypatch):
        monkeypatch.setattr(compiled, "CACHE", tmp_path)
        monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
        assert is_warm()


class TestMarks:
    """What `@rule` and `@kernel` do."""

    def test_plain_they_leave_a_function_as_it_is(self, monkeypatch):
        monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)

        def double(x: float) -> float:
            return 2.0 * x

        assert rule(double) is double
        assert double.py_func is double
        assert kernel(double) is double

    def test_compiled_a_kernel_is_kept_in_our_folder_and_numbas_setting_left_alone(self, monkeypatch, tmp_path):
        monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
        monkeypatch.setattr(compiled, "CACHE", tmp_path)
        numbas_own = numba.config.CACHE_DIR
        marked = kernel(halve)
        after: str = numba.config.CACHE_DIR
        assert after == numbas_own
        assert marked.py_func is halve
        assert marked(np.float64(3.0)) == 1.5
        assert list(tmp_path.rglob("*.nbi"))


def halve(x: float) -> float:
    return 0.5 * x


def test_plain_python_tells_the_same_story():
    """The other mode, in a process of its own: tests without the JIT are tests of the same model.

    Arithmetic on single numbers is less exact there (32 bits where compiled code has 64), so digits differ.
    """
    script = "from cosim.community import Community; print(Community('village', rng=1).run().months.to_csv())"
    other = "0" if numba.config.DISABLE_JIT else "1"
    told = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"NUMBA_DISABLE_JIT": other, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    here = Community("village", rng=1).run().months
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(told), index_col=0), here, rtol=1e-6, atol=1e-6)
