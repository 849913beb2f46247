"""The log of a sweep: times, hosts, attempts, tracebacks; a line of JSON for everything that happened."""

import json
import os
import platform
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cosim.study.sweep.files import LOG


class Log:
    """Appends to a study's log, and tells what it holds. The log decides nothing: clocks may be wrong."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOG

    def add(self, event: str, **said: Any) -> None:
        """Append a line; one that a killed process left half-written is closed first."""
        line = json.dumps({"event": event, "time": datetime.now(UTC).isoformat(timespec="milliseconds"), **said})
        with self._path.open("ab+") as file:
            if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
                line = "\n" + line
            file.write((line + "\n").encode())

    def start(self, **said: Any) -> None:
        """Note that a process begins to work on the study."""
        self.add("start", host=platform.node(), pid=os.getpid(), command=sys.argv, git=_git_state(), **said)

    def events(self, *names: str) -> list[dict[str, Any]]:
        """Return the events of these names, or all, in their order."""
        if not self._path.exists():
            return []
        found = []
        for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                said = json.loads(line)
            except json.JSONDecodeError:
                continue  # a line that a killed process left half-written
            if not names or said["event"] in names:
                found.append(said)
        return found

    def attempts(self) -> Counter[int]:
        """Return how often each run has ended."""
        return Counter(said["run"] for said in self.events("run"))


def _git_state() -> dict[str, Any] | None:
    """Return commit and whether files differ from it, if cosim runs from a clone; else None."""
    package = Path(__file__).resolve().parents[2]
    answers = []
    for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no", "--", str(package)]):
        try:
            asked = subprocess.run(["git", "-C", str(package), *words], capture_output=True, text=True, timeout=5)
        except (OSError, subprocess.TimeoutExpired):
            return None
        if asked.returncode:
            return None
        answers.append(asked.stdout.strip())
    return {"commit": answers[0], "changed": bool(answers[1])}
