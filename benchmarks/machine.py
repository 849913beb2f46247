"""The machine, and how long commands take on it."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent


class CommandFailedError(RuntimeError):
    """Raised when a command that was to be timed did not succeed."""


def description() -> str:
    """Name the processor, its cores and how busy they are, Python and the packages that speed depends on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "mesa"))
    busy = f" (load before the start {os.getloadavg()[0]:.1f})" if hasattr(os, "getloadavg") else ""
    return f"{processor()}, {os.cpu_count()} cores{busy}\nPython {platform.python_version()}, {packages}"


def processor() -> str:
    """Name the processor."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def seconds_of(*arguments: str, times: int, untimed: int = 1) -> float:
    """Return the median wall time in seconds of `cosim` with these arguments, each time in a fresh process.

    Raises CommandFailedError with the last words of a command that fails.
    """
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(untimed + times):
            begin = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "cosim", *arguments],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
            )
            taken.append(time.perf_counter() - begin)
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
                raise CommandFailedError(f"exit code {done.returncode}: {last}")
    return statistics.median(taken[untimed:])
