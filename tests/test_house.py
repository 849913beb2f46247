"""The house is in order: files and functions that fit on a few screens, no circle of imports, a public face."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import networkx as nx
import pytest

import cosim

PACKAGE = Path(cosim.__file__).parent
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 500, 60


def long_functions(source: str) -> Iterator[str]:
    """Yield the functions of a source that are too long, from `def` to their last line, documentation and all."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{node.name}, line {node.lineno}: {lines} lines"


def test_no_file_and_no_function_is_long() -> None:
    sources = {path.relative_to(PACKAGE): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert [file for file, source in sources.items() if len(source.splitlines()) > MOST_LINES_OF_A_FILE] == []
    found = {file: list(long_functions(source)) for file, source in sources.items()}
    assert {file: functions for file, functions in found.items() if functions} == {}


def test_a_long_function_is_found_wherever_it_stands() -> None:
    body = "        pass\n" * MOST_LINES_OF_A_FUNCTION
    source = f"class Place:\n    async def long(self):\n{body}\n    def short(self):\n        pass\n"
    assert list(long_functions(source)) == [f"long, line 2: {MOST_LINES_OF_A_FUNCTION + 1} lines"]


def circles(imports: "nx.DiGraph[str]") -> list[list[str]]:
    """Return groups of modules that reach one another by importing."""
    return [sorted(group) for group in nx.strongly_connected_components(imports) if len(group) > 1]


def test_no_modules_import_one_another() -> None:
    """Not even inside a function, or for types alone: what knows one another is one thing in two files."""
    graph = grimp.build_graph("cosim", cache_dir=None)
    imports = nx.DiGraph((name, it) for name in graph.modules for it in graph.find_modules_directly_imported_by(name))
    assert imports.has_edge("cosim.community", "cosim.world.world")
    assert circles(imports) == []


def test_a_circle_is_found() -> None:
    assert circles(nx.DiGraph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])) == [["a", "b", "c"]]


@pytest.mark.parametrize("name", cosim.__all__)
def test_what_cosim_offers_is_documented(name: str) -> None:
    offered = getattr(cosim, name)
    assert name == "__version__" or len(offered.__doc__ or "") > 20
