"""What pages take from the code: one file a kind of text or table.

`{generated}` calls `lines(*args) -> str`, which returns Markdown; `{value}` calls `value(*args) -> str`.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module


def made(kind: str, name: str, arguments: Sequence[str]) -> str:
    """Return what `kind`, "lines" or "value", of the generator `name` gives."""
    return str(getattr(import_module(f"generated.{name}"), kind)(*arguments))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    written = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in written)


def _cell(content: object) -> str:
    return " ".join(str(content).replace("|", "\\|").split())
