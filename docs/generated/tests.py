"""The tests: every module, what it is about, and how many there are."""

import ast
from pathlib import Path

from generated import table

FOLDER = Path(__file__).resolve().parents[2] / "tests"


def lines(*words: str) -> str:
    """Return a table of test modules; `words`: only those with one of these in the name."""
    rows = [
        (f"`tests/{name}.py`", about, count)
        for name, about, count in _modules()
        if not words or any(word in name for word in words)
    ]
    return table(("module", "what it checks", "tests"), rows)


def value(what: str) -> str:
    """Return the number of test functions ("functions") or of test modules ("modules")."""
    modules = _modules()
    return f"{len(modules) if what == 'modules' else sum(count for _, _, count in modules):,}"


def _modules() -> list[tuple[str, str, int]]:
    """Return name, first paragraph and number of test functions of each module; one function may check many cases."""
    found = []
    for path in sorted(FOLDER.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        about = (ast.get_docstring(tree) or "").split("\n\n")[0]
        found.append((path.stem, about, sum(_is_test(node) for node in ast.walk(tree))))
    return found


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
