"""TOML as text: where its keys stand, what is wrong with it, and how to write it."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cosim.language import told

Path = tuple[str, ...]
"""A key with its tables: `months` below `[study]` is ("study", "months")."""

KEEP_ONE = told("keep one of them")
KEY_VALUE = told("write: key = value")
CLOSE_IT = told("close it with a quotation mark")
REASONS = (
    (
        "Invalid value",
        told("what follows '=' is not a TOML value"),
        told('text stands in quotation marks ("like this"), true and false are in lower case'),
    ),
    ("Expected '='", told("a key is not followed by '='"), KEY_VALUE),
    (
        "Expected newline",
        told("something follows the end of the value"),
        told("one key a line; decimals follow a point (0.5); no '%' and no unit behind a number"),
    ),
    ("Unterminated string", told("a text does not end"), CLOSE_IT),
    (r"Illegal character '\n'", told("a text does not end on its line"), CLOSE_IT),
    ('Expected "\'"', told("a text does not end"), CLOSE_IT),
    (
        "Unescaped '\\'",
        told("a backslash inside a text"),
        told("write it twice, or put the text in single quotation marks"),
    ),
    ("Unclosed array", told("a list does not end"), told("close it with {sign}", sign="]")),
    ("Unclosed inline table", told("a table does not end"), told("close it with {sign}", sign="}")),
    ("Expected ']", told("the name of a table does not end"), told("close it with {sign}", sign="]")),
    ("Duplicate inline table key", told("a key stands twice in one table"), KEEP_ONE),
    ("Cannot ", told("a key stands twice in one table"), KEEP_ONE),
    ("Invalid statement", told("a line that is neither a key nor a [table]"), KEY_VALUE),
)
"""Beginning of `tomllib`'s reason, the same in plain words, how to mend it."""
OTHER_REASONS = (
    told("Invalid initial character for a key part"),
    told("Invalid hex value"),
    told("Escaped character is not a Unicode scalar value"),
    told("Invalid date or datetime"),
)
"""Reasons of `tomllib` that stand as they are."""
LONGEST_LINE = 300
"""Number of characters of a line that a message repeats."""


DEEPEST = 15
"""Number of tables and lists that may stand in one another, and of parts that a dotted key may have."""
LONGEST_NUMBER = 10_000
"""Number of binary digits that a whole number may have."""
LONGEST_KEY = 400
"""Number of characters that a key may have, its tables apart."""

STRING = r'''
    """(?:[^"\\]++ | \\. | "{1,2}(?!"))*+ "{3,5}  # a text of several lines
    | '{3}(?:[^']++ | '{1,2}(?!'))*+ '{3,5}
    | "{3} | '{3}                                # one that does not end
    | "(?:[^"\\\n]++ | \\[^\n])*+ "             # a text of one line
    | '[^'\n]*+'
    | "[^\n]*+ | '[^\n]*+                       # one that does not end on its line
    | \#[^\n]*+
'''
TEXT = re.compile(STRING, re.VERBOSE | re.DOTALL)
"""A text or a comment."""
MARK = re.compile(rf"{STRING} | [\[\]{{}}\n]", re.VERBOSE | re.DOTALL)
"""What decides where a statement ends."""
LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
"""A key with too many parts, texts and comments apart."""


class TooMuch(ValueError):  # noqa: N818 (reads as what it is)
    """What is TOML, but deeper or longer than anything that a scenario says; `message` says what."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def parse(text: str) -> dict[str, Any]:
    """Return what a TOML text says, in time that grows as the text does. Raises TOMLDecodeError and TooMuch."""
    if LONG_KEY.search(TEXT.sub("t", text)):
        raise _too_deep()
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _too_long() from None
    _check_size(tree, DEEPEST)
    return tree


def _check_size(value: object, deepest: int) -> None:
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
        raise _too_long()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if parts and not deepest:
        raise _too_deep()
    if isinstance(value, dict) and max(map(len, value), default=0) > LONGEST_KEY:
        raise TooMuch(told("a key has more than {most} characters", most=LONGEST_KEY))
    for part in parts:
        _check_size(part, deepest - 1)


def _too_deep() -> TooMuch:
    return TooMuch(told("lists or tables stand too deep in one another"))


def _too_long() -> TooMuch:
    return TooMuch(told("a number has thousands of digits"))


def statements(text: str) -> Iterator[tuple[int, list[Path]]]:
    """Yield for every header and every assignment the line where it begins and the keys it sets.

    One that cannot be read comes last and sets nothing.
    """
    table: Path = ()
    line = 1
    for chunk in _chunks(text):
        try:
            tree = tomllib.loads(chunk)
        except (ValueError, RecursionError):
            yield line, []
            return
        if chunk.lstrip().startswith("["):
            *_, table = _paths(tree)
            yield line, list(_paths(tree))
        elif tree:
            yield line, [table + path for path in _paths(tree)]
        line += chunk.count("\n")


def _chunks(text: str) -> Iterator[str]:
    """Yield the text in pieces that end where a line ends and no list, table or text is open."""
    start = depth = 0
    for mark in MARK.finditer(text):
        sign = mark[0]
        if sign in ('"""', "'''"):
            break
        if sign == "\n" and not depth:
            yield text[start : mark.end()]
            start = mark.end()
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth = max(0, depth - 1)
    if start < len(text):
        yield text[start:]


def _paths(tree: Mapping[str, object], above: Path = ()) -> Iterator[Path]:
    for key, value in tree.items():
        path = (*above, key)
        yield path
        if isinstance(value, dict):
            yield from _paths(value, path)


def key_lines(text: str) -> dict[Path, int]:
    """Return the line that first mentions each key and each table of a valid TOML text."""
    lines: dict[Path, int] = {}
    for line, paths in statements(text):
        for path in paths:
            lines.setdefault(path, line)
    return lines


def explain_syntax(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str, str]:
    """Return the line of a syntax error, what is wrong there and how to mend it."""
    found = re.search(r"\(at line (\d+)", str(error))
    line = int(found[1]) if found else list(statements(text))[-1][0]
    if str(error).startswith("Cannot ") and (twice := _repeated(text, line)):
        key, first, second = twice
        message = told(
            "'{key}' stands a second time; the first is in line {line}", key=".".join(key), line=first
        )
        return second, message, KEEP_ONE
    reason = re.sub(r" \(at .*", "", str(error), flags=re.DOTALL)
    words, hint = next(
        ((words, hint) for beginning, words, hint in REASONS if reason.startswith(beginning)),
        (told("not TOML, {reason}", reason=_said(reason)), ""),
    )
    written = text.split("\n")[line - 1].strip()
    if len(written) > LONGEST_LINE:
        written = f"{written[:LONGEST_LINE]}…"
    return line, told("{reason}: {line}", reason=words, line=written), hint


def _said(reason: str) -> str:
    """Return a reason of `tomllib` so that it can be said in another language, if it is known."""
    sign = re.fullmatch("(Found invalid|Illegal) character (.*)", reason)
    if sign:
        found = told("Found invalid character {sign}", sign=sign[2])
        return found if sign[1] == "Found invalid" else told("Illegal character {sign}", sign=sign[2])
    return next((known for known in OTHER_REASONS if known == reason), reason)


def _repeated(text: str, line: int) -> tuple[Path, int, int] | None:
    """Return the key that the statement around `line` sets although it is set, and where both begin."""
    seen: dict[Path, int] = {}
    repeated = None
    for start, paths in statements(text):
        if start > line:
            break
        repeated = next(((path, seen[path], start) for path in reversed(paths) if path in seen), None)
        for path in paths:
            seen.setdefault(path, start)
    return repeated


def write_toml(tree: Mapping[str, object]) -> str:
    """Write text, numbers, true and false, lists and tables as TOML, each table below a header."""
    return "\n".join(_table(tree, ())).lstrip("\n") + "\n"


def _table(tree: Mapping[str, object], path: Path, *, listed: bool = False) -> Iterator[str]:
    """Yield the lines of a table; `listed` if it is one of a list."""
    tables = {key: value for key, value in tree.items() if isinstance(value, Mapping)}
    lists = {key: value for key, value in tree.items() if isinstance(value, list | tuple) and _of_tables(value)}
    values = {key: value for key, value in tree.items() if key not in tables and key not in lists}
    header = ".".join(write_key(part) for part in path)
    if listed:
        yield f"\n[[{header}]]"
    elif path and (values or not (tables or lists)):
        yield f"\n[{header}]"
    for key, value in values.items():
        yield f"{write_key(key)} = {write_value(value)}"
    for key, parts in lists.items():
        for part in parts:
            yield from _table(part, (*path, key), listed=True)
    for key, table in tables.items():
        yield from _table(table, (*path, key))


def _of_tables(value: Sequence[object]) -> bool:
    return bool(value) and all(isinstance(part, Mapping) for part in value)


def write_key(key: str) -> str:
    """Write a key, in quotation marks where it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else write_value(key)


def write_value(value: object) -> str:
    """Write one value as TOML does: "text", true, 3, 0.5, ["a", "b"], { a = 1 }."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(write_value(part) for part in value)}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{write_key(key)} = {write_value(part)}" for key, part in value.items()) + " }"
    return str(value)
