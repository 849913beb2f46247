"""Python modules with the first line of each docstring: those of a folder, `modules cosim`, `modules benchmarks`."""

import ast
from pathlib import Path

from generated import table

ROOT = Path(__file__).resolve().parents[2]


def lines(folder: str = "cosim") -> str:
    """Return a table; a module of cosim is a link to what is told of it."""
    rows = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        if said:
            rows.append((f"`{path.relative_to(ROOT).as_posix()}`", said.splitlines()[0]))
    return table(("file", "what it is"), rows)
