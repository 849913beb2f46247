"""What CONTRIBUTING.md says of where things are: every place is there, and what is there is found as it says."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import typer

from cosim import cli
from cosim.mechanisms import __path__ as mechanisms
from cosim.month.phases import PHASES
from cosim.patterns import shipped_patterns
from cosim.scenario.keys import schema_keys
from cosim.scenario.mechanisms import mechanism_names
from cosim.scenario.schema import Scenario

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.partition("## Where it is defined")[2].partition("## ")[0].splitlines()
    if line.startswith("| ") and "---" not in line
][1:]


def code(cell: str) -> list[str]:
    """Return what a cell writes as code."""
    return re.findall(r"`([^`]+)`", cell)


def names_of(path: Path) -> set[str]:
    """Return what a file defines: a module's names, dotted tables of a TOML file, words of any other."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        tree = tomllib.loads(text)
        return {f"{name}.{inner}" for name, part in tree.items() if isinstance(part, dict) for inner in part}
    return defined(text) if path.suffix == ".py" else set(text.split())


def defined(source: str) -> set[str]:
    """Return the names that a module binds at its top."""
    found = set()
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)} | {getattr(node, "name", "")}
    return found


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_names_is_there(row):
    _, where, _, example = row
    file, *names = code(example)
    assert all((ROOT / place).exists() for place in code(where))
    assert any(file.startswith(place) for place in code(where)) or row[0].startswith("a message")
    assert set(names) <= names_of(ROOT / file) | {""}


def test_a_phase_is_in_the_file_of_its_name():
    assert {phase.__module__.rpartition(".")[2] for phase in PHASES} == {
        "open" if phase.__name__ == "open_month" else phase.__name__ for phase in PHASES
    }


def test_a_parameter_is_found_by_its_key_and_a_colon():
    text = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("cosim/scenario/**/*.py"))
    for key in schema_keys(Scenario):
        if not key.table.startswith("mechanisms"):
            assert re.search(rf'^    "?{key.name}"?:', text, re.MULTILINE), key.dotted


def test_a_mechanism_is_in_the_file_of_its_name():
    assert {path.stem for path in Path(mechanisms[0]).glob("*.py")} >= set(mechanism_names())


def test_a_pattern_is_in_a_file_that_begins_with_its_id():
    files = {path.stem.split("_")[0] for path in ROOT.glob("cosim/patterns/catalogue/*.py")}
    assert {it.id.lower() for it in shipped_patterns() if it.kind != "calibration"} <= files


def test_a_command_is_a_function_with_its_name():
    names = {name for path in ROOT.glob("cosim/cli/*.py") for name in defined(path.read_text(encoding="utf-8"))}
    assert set(typer.main.get_command(cli.app).commands) <= names


def test_every_module_of_tests_says_what_it_checks():
    for path in ROOT.glob("tests/test_*.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path.name
