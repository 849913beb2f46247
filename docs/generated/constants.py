"""Numbers that stand in the code and in no scenario: none of them has a source."""

import ast
from pathlib import Path

from generated import table

PACKAGE = Path(__file__).resolve().parents[2] / "cosim"
FOLDERS = ("rules", "world", "agents", "month", "outcomes")
"""Where a number can decide what happens or what is measured."""
TECHNICAL = ("rules/numeric.py", "rules/compiled.py", "world/chance.py", "world/columns.py", "world/constants.py")
"""Files whose numbers are arithmetic, codes of words or of random draws, and say nothing about a compound."""
CODES = {
    "CONDITIONAL",
    "FREE_RIDER",
    "HUMP_SHAPED",
    "COMPOUND",
    "MIGRANT_NEEDS",
    "ARRIVAL_BITS",
    "MATTERS",
    "FIVE",
    "YEAR",
}
"""Numbers that stand for words, count what there is, or are a year."""


def lines() -> str:
    """Return a table of them with file and meaning."""
    rows = [(f"`{name}`", number, about, f"`cosim/{file}`") for file, name, number, about in _numbers()]
    return table(("number", "value", "what it is", "where"), rows)


def value() -> str:
    """Return how many there are."""
    return str(len(_numbers()))


def _numbers() -> list[tuple[str, str, str, str]]:
    found = []
    for folder in FOLDERS:
        for path in sorted((PACKAGE / folder).glob("*.py")):
            file = path.relative_to(PACKAGE).as_posix()
            if file not in TECHNICAL:
                found += [(file, *number) for number in _in(ast.parse(path.read_text(encoding="utf-8")).body)]
    return found


def _in(body: list[ast.stmt]) -> list[tuple[str, str, str]]:
    """Return name, value and meaning of each constant that is a number or some numbers."""
    found = []
    for at, node in enumerate(body):
        if not isinstance(node, ast.Assign) or not ast.unparse(node.targets[0]).replace(", ", "").strip("()").isupper():
            continue
        numbers = [_number(part) for part in (node.value.elts if isinstance(node.value, ast.Tuple) else [node.value])]
        if all(number is not None for number in numbers):
            names = ast.unparse(node.targets[0]).strip("()")
            if names in CODES:
                continue
            found.append((names, ", ".join(map(str, numbers)).replace("-", "−"), _meaning(names, body[at + 1 :])))
    return found


def _number(node: ast.expr) -> float | None:
    """Return a number as it is written, also with a sign or within a call such as `np.float32(…)`, else None."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[0] in ("np", "literal"):
        node = node.args[0]
    try:
        number = ast.literal_eval(node)
    except ValueError:
        return None
    return number if isinstance(number, int | float) and not isinstance(number, bool) else None


def _meaning(names: str, after: list[ast.stmt]) -> str:
    said = after[0] if after else None
    if isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant) and isinstance(said.value.value, str):
        return " ".join(said.value.value.split())
    return names.replace("_", " ").lower()
