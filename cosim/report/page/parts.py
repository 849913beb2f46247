"""What a page is made of: sections with paragraphs, tables and figures, their texts already in the page's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` stands before it in bold, `items` as a list behind it. Words in `` are set as code."""

    text: str
    lead: str = ""
    items: Sequence[str] = ()
    kind: str = "paragraph"


@dataclass(frozen=True)
class Command:
    """A line that can be typed."""

    text: str
    kind: str = "command"


@dataclass(frozen=True)
class Row:
    """A line of a table; one without cells is a heading of the lines that follow."""

    name: str
    cells: Sequence[str] = ()
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table: numbers to the right, columns of words (`words`, counted from 0 after the first) to the left."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Row]
    note: str = ""
    words: frozenset[int] = frozenset()
    kind: str = "table"


@dataclass(frozen=True)
class Figure:
    """A drawing, and below it what it shows."""

    svg: Markup
    caption: str
    kind: str = "figure"


Part = Paragraph | Command | Table | Figure


@dataclass(frozen=True)
class Section:
    """A part of the page with a title; `name` is its place in links."""

    name: str
    title: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Page:
    """A whole page. `lang` is the language's code as HTML has it, `answer` stands above all sections."""

    lang: str
    kicker: str
    title: str
    lead: str
    answer: Sequence[Part]
    sections: Sequence[Section]
    notice: str = ""
    """What is missing, in a line; empty if nothing is."""
