"""The experiment files that come with cosim."""

import tomllib
from pathlib import Path

from generated import table

FOLDER = Path(__file__).resolve().parents[2] / "experiments"


def lines() -> str:
    """Return the table: name and title, or the first comment of a file that has no title."""
    return table(("file", "what it is"), [
        (f"[`{path.stem}`](../../experiments/{path.name})", _title(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    ])  # fmt: skip


def _title(text: str) -> str:
    comments = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
    return tomllib.loads(text).get("title") or (comments[0] if comments else "")
