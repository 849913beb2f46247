"""TOML as text: where its keys stand, what is wrong with it, and how to write it."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping

Path = tuple[str, ...]
"""A key with its tables: `months` below `[study]` is ("study", "months")."""

KEEP_ONE = "keep one of them"
REASONS = (
    (
        "Invalid value",
        "what follows '=' is not a TOML value",
        'text stands in quotation marks ("like this"), true and false are in lower case',
    ),
    ("Expected '='", "a key is not followed by '='", "write: key = value"),
    (
        "Expected newline",
        "something follows the end of the value",
        "one key a line; decimals follow a point (0.5); no '%' and no unit behind a number",
    ),
    ("Unterminated string", "a text does not end", "close it with a quotation mark"),
    (r"Illegal character '\n'", "a text does not end on its line", "close it with a quotation mark"),
    ('Expected "\'"', "a text does not end", "close it with a quotation mark"),
    (
        "Unescaped '\\'",
        "a backslash inside a text",
        "write it twice, or put the text in single quotation marks",
    ),
    ("Unclosed array", "a list does not end", "close it with ]"),
    ("Unclosed inline table", "a table does not end", "close it with }"),
    ("Expected ']", "the name of a table does not end", "close it with ]"),
    ("Duplicate inline table key", "a key stands twice in one table", KEEP_ONE),
    ("Cannot ", "a key stands twice in one table", KEEP_ONE),
    ("Invalid statement", "a line that is neither a key nor a [table]", "write: key = value"),
)
"""Beginning of `tomllib`'s reason, the same in plain words, how to mend it."""


def statements(text: str) -> Iterator[tuple[int, list[Path]]]:
    """Yield for every header and every assignment the line where it begins and the keys it sets.

    A statement ends where it can first be read by itself: before that, a list or a text is still open. What
    never becomes readable comes last and sets nothing.
    """
    table: Path = ()
    start, chunk = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        chunk += line + "\n"
        try:
            tree = tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            continue
        if chunk.lstrip().startswith("["):
            *_, table = _paths(tree)
            yield start, list(_paths(tree))
        elif tree:
            yield start, [table + path for path in _paths(tree)]
        start, chunk = number + 1, ""
    if chunk:
        yield start, []


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
        return second, f"'{'.'.join(key)}' stands a second time; the first is in line {first}", KEEP_ONE
    reason = re.sub(r" \(at .*", "", str(error), flags=re.DOTALL)
    words, hint = next(
        ((words, hint) for beginning, words, hint in REASONS if reason.startswith(beginning)),
        (f"not TOML, {reason}", ""),
    )
    written = text.split("\n")[line - 1].strip()
    return line, f"{words}: {written}", hint


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


def _table(tree: Mapping[str, object], path: Path) -> Iterator[str]:
    tables = {key: value for key, value in tree.items() if isinstance(value, Mapping)}
    values = {key: value for key, value in tree.items() if key not in tables}
    if path and (values or not tables):
        yield f"\n[{'.'.join(write_key(part) for part in path)}]"
    for key, value in values.items():
        yield f"{write_key(key)} = {write_value(value)}"
    for key, table in tables.items():
        yield from _table(table, (*path, key))


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
