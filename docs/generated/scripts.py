"""Programs and experiments that are kept beside the model: what each is for."""

import ast
import tomllib
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lines(folder: str) -> str:
    """Return a table of the "benchmarks" that are programs of their own, or of the "experiments"."""
    rows = _benchmarks() if folder == "benchmarks" else _experiments()
    return "\n".join(
        ["| file | what it is for |", "| --- | --- |", *(f"| `{name}` | {about} |" for name, about in rows)]
    )


def _benchmarks() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "__main__" in text:
            about = (ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0]
            found.append((f"benchmarks/{path.name}", " ".join(about.split())))
    return found


def _experiments() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "experiments").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        comment = " ".join(takewhile(lambda line: line, (line.removeprefix("#").strip() for line in text.splitlines())))
        found.append((f"experiments/{path.name}", tomllib.loads(text).get("title") or comment.partition(". ")[0] + "."))
    return found
