"""Lines of text in columns: a Chinese character takes two, and may end a line."""

import re
import textwrap
from unicodedata import east_asian_width

STICKS = re.compile(r"\S[\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f、。”’）》]*|\s+")
WORDS = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+[\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f]*")


def wide(text: str) -> bool:
    """Whether there are characters in a text that take two columns."""
    return any(east_asian_width(letter) in "WF" for letter in text)


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, width: int) -> str:
    """Return a text in lines of at most so many columns."""
    return textwrap.fill(text, width) if text.isascii() else "\n".join(_lines(text, width, "", ""))


def lines(text: str, width: int, first: str = "", others: str = "") -> list[str]:
    """Return a text in lines, with what stands before the first one and before the others.

    English ones are those of `textwrap`, but that nothing is broken within a word.
    """
    if not wide(text):
        return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=others, break_long_words=False)
    return _lines(text, width, first, others)


def left(text: str, width: int) -> str:
    """Return a text with blanks behind it, so many columns wide."""
    return text + " " * (width - columns(text))


def right(text: str, width: int) -> str:
    """Return a text with blanks before it, so many columns wide."""
    return " " * (width - columns(text)) + text


def _lines(text: str, width: int, first: str, others: str) -> list[str]:
    found, before, line = [], first, ""
    for piece in _pieces(text):
        if line and columns((before + line + piece).rstrip()) > width:
            found.append((before + line).rstrip())
            before, line = others, piece.lstrip()
        else:
            line += piece
    return [*found, (before + line).rstrip()]


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: at blanks and between Chinese characters, but not before their stops."""
    pieces: list[str] = []
    place = 0
    while place < len(text):
        found = WORDS.match(text, place) or STICKS.match(text, place)
        assert found is not None, "every character is in a piece"
        if pieces and pieces[-1].endswith("["):
            pieces[-1] += found.group()
        else:
            pieces.append(found.group())
        place = found.end()
    return pieces
