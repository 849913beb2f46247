"""How many there are of what the model and its description consist of."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from cosim.outcomes.measures import MEASURES
from cosim.scenario import Scenario, load_scenario
from cosim.scenario.field import Mark
from cosim.scenario.keys import Key, schema_keys
from cosim.scenario.supply import MODES
from cosim.world.columns import HOUSEHOLD_COLUMNS, RESIDENT_COLUMNS, SLOTS
from generated import table

ROOT = Path(__file__).resolve().parents[2]


def lines() -> str:
    """Return a table: how the default of each fact and each lever is known."""
    facts, levers = (Counter(key.about["mark"] for key in _keys() if key.lever == lever) for lever in (False, True))
    rows = [(mark, facts[mark], levers[mark], facts[mark] + levers[mark]) for mark in get_args(Mark)]
    whole = ("**together**", facts.total(), levers.total(), facts.total() + levers.total())
    return table(("how the default is known", "facts", "levers", "together"), [*rows, whole])


def value(what: str, which: str = "") -> str:
    """Return a number: of "keys", "facts", "levers", keys with a "mark", "measures", "columns", "slots" for ties,
    "modes", or "categories" of a scenario.
    """
    numbers = {
        "measures": lambda: len(MEASURES),
        "columns": lambda: len(RESIDENT_COLUMNS) + len(HOUSEHOLD_COLUMNS),
        "slots": lambda: SLOTS,
        "modes": lambda: len(MODES),
        "keys": lambda: len(_keys()),
        "facts": lambda: sum(not key.lever for key in _keys()),
        "levers": lambda: sum(key.lever for key in _keys()),
        "mark": lambda: sum(key.about["mark"] == which for key in _keys()),
        "categories": lambda: len(load_scenario(which).categories),
    }
    return str(numbers[what]())


def rules() -> Iterator[tuple[str, str]]:
    """Yield module and name of every rule about people and things: the compiled functions of `cosim.rules`."""
    for path in sorted((ROOT / "cosim" / "rules").glob("*.py")):
        if path.stem != "numeric":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and any(_is_rule(mark) for mark in node.decorator_list):
                    yield path.stem, node.name


def _is_rule(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Name) and mark.id == "rule"


def _keys() -> list[Key]:
    return list(schema_keys(Scenario, default=Scenario.model_construct()))
