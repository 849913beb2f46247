"""How tables and notes look in the terminal."""

from collections.abc import Sequence
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosim.display.words import signed
from cosim.language.lines import lines, wide


def new_table(
    first: str, *others: str, widest: int | None = None, whole: Sequence[str] = (), trends: Sequence[str] = ()
) -> Table:
    """Return an empty table: names to the left, numbers to the right, headings `widest` characters wide.

    Headings among `whole` and `trends` stay on one line; what stands below those of `trends` stands to the left.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    table.add_column(first, overflow="fold", min_width=13)
    for heading in others:
        one_line = heading in whole or heading in trends
        side: Literal["left", "right"] = "left" if heading in trends else "right"
        width = None if one_line else widest
        table.add_column(heading, justify=side, overflow="fold", no_wrap=one_line, max_width=width, min_width=5)
    return table


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of a page, which reads well in a terminal too."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)) + "\n"


def note(console: Console, text: str) -> None:
    """Print lines that explain."""
    if wide(text):
        text = "\n".join(part for line in text.split("\n") for part in lines(line, console.width))
    console.print(Text(text, style="dim"))


def bracketed(difference: float, low: float, high: float, beside: float | None = None) -> str:
    """Return a difference; in brackets where its interval covers zero."""
    text = signed(difference, beside)
    return f"({text})" if low <= 0.0 <= high else text
