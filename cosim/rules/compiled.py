"""Compile rules and kernels with Numba, and keep the results where a changed rule is noticed.

Numba's file cache looks only at the file of the function it stores. A kernel that inlines a rule from
another file would go on using the old rule, silently. The cache folder's name therefore carries a hash of
every source file whose code can end up inside a kernel.
"""

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import numba
import numpy as np

from cosim.language import told
from cosim.rules.errors import CacheError

Said = TypeVar("Said")
"""What a rule or a kernel returns."""

SOURCES = ("rules", "world", "month", "outcomes", "mechanisms", "study/tracing")
"""Folders of cosim whose code is compiled, or inlined into what is compiled."""


def source_hash(package: Path) -> str:
    """Hash of all Python files under `package` that can reach a kernel, as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((package / folder).glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    versions = (numba.__version__, np.__version__, sys.version, platform.machine())
    digest.update(repr(versions).encode())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder for compiled kernels: under `NUMBA_CACHE_DIR` if set, else the user's cache folder.

    Falls back to the system's folder for temporary files where neither can be written.
    """
    name = f"cosim-{source_hash(Path(__file__).parent.parent)}"
    asked = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(asked) if asked else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for base in (home, Path(tempfile.gettempdir())):
        folder = base / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise CacheError(
        told(
            "cosim cannot keep its compiled code: neither {home} nor {temporary} can be written. "
            "Set NUMBA_CACHE_DIR to a folder that can.",
            home=home,
            temporary=tempfile.gettempdir(),
        )
    )


CACHE = cache_folder()


def is_warm() -> bool:
    """Whether a run has finished with exactly this code before, so that nothing need be compiled."""
    return bool(numba.config.DISABLE_JIT) or (CACHE / "warm").exists()


def mark_warm() -> None:
    """Remember that every kernel has been compiled and stored."""
    (CACHE / "warm").touch()


class Rule(Protocol[Said]):
    """A compiled rule, which takes numbers of any width; `py_func` is the plain function that it was made of."""

    py_func: Callable[..., Said]

    def __call__(self, *numbers: Any) -> Said:
        """Return what the rule says."""


def rule(function: Callable[..., Said]) -> Rule[Said]:
    """Compile a scalar function that kernels inline; as plain Python it is `rule.py_func`.

    Python code outside kernels calls the plain function: compiling it there would cost more than it saves.
    """
    if numba.config.DISABLE_JIT:
        vars(function)["py_func"] = function
        return cast("Rule[Said]", function)
    compiled: Rule[Said] = numba.njit(error_model="numpy")(function)
    return compiled


def kernel(function: Callable[..., Said]) -> Callable[..., Said]:
    """Compile a loop over residents or households, and keep it in `CACHE`."""
    if numba.config.DISABLE_JIT:
        return function
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(CACHE)
    try:
        compiled: Callable[..., Said] = numba.njit(error_model="numpy", cache=True, nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return compiled
