"""The CSV files that a community is read from: their columns, what may stand in a cell, and their rows."""

import csv
import io
import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from cosim.scenario.errors import Refusal, ScenarioError, did_you_mean
from cosim.scenario.reading import read_text

Value = str | float | bool | None
"""What a cell says; None where it is empty."""


class Cell(NamedTuple):
    """A kind of cell: what may stand in it, and how it is read."""

    allowed: str
    read: Callable[[str], Value]
    """Returns the value of a text; raises Unfit."""


class Unfit(ValueError):  # noqa: N818 (reads as what it is)
    """A text that may not stand in a cell."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def _number(low: float, high: float, unit: str, *, above: bool = False, whole: bool = False) -> Cell:
    """Return the cell of a number from `low` (or `above` it) to `high`."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            hint = "decimals follow a point: 0.5" if "," in text else "leave the cell empty if it is not known"
            raise Unfit(f"'{text}' is not a number", hint)
        if value < low or (above and value == low):
            raise Unfit(f"{text} is too small")
        if value > high:
            raise Unfit(f"{text} is too large", f"{value:g} % is written {value / 100:g}" if high == 1 else "")
        if whole and value != int(value):
            raise Unfit(f"{text} is not a whole number")
        return value

    start = f"above {low:g} and at most {high:g}" if above else f"from {low:g} to {high:g}"
    return Cell(f"{'a whole number' if whole else 'a number'} {start} ({unit})", read)


def _choice(*words: str) -> Cell:
    """Return the cell of a word out of several."""

    def read(text: str) -> str:
        if text not in words:
            raise Unfit(f"there is no '{text}'", did_you_mean(text, words))
        return text

    return Cell(f"one of {', '.join(words)}", read)


def _read_yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Unfit(f"'{text}' is neither yes nor no", did_you_mean(text, ("yes", "no")))
    return text == "yes"


NAME = Cell("a name or a number", str)
YES_OR_NO = Cell("yes or no", _read_yes)
ANSWER = _number(0, 1, "0: not at all, 1: fully")
ORIGIN = _choice("long_term", "migrant")

TRUST = tuple(f"trust_{target}" for target in ("neighbours", "government", "party", "firm", "partners"))
STATES = ("satisfaction", "belonging", "efficacy", "safety", "expectation", "handling")
"""Answers that everybody who moves in starts with alike, unless a file gives them."""
OF_PERSON: Mapping[str, Cell] = {
    "age": _number(18, 120, "years"),
    "member": YES_OR_NO,
    "months_lived": _number(0, 1200, "months", whole=True),
    "cooperator": _choice("conditional", "free_rider", "hump_shaped"),
    **dict.fromkeys((*TRUST, *STATES), ANSWER),
}
"""What may be known of a person."""
OF_HOUSEHOLD: Mapping[str, Cell] = {
    "origin": ORIGIN,
    "children": YES_OR_NO,
    "area": _number(10, 500, "square metres"),
    "tenure": _choice("owned", "public_rental", "let"),
    "pays": YES_OR_NO,
    "keeps": YES_OR_NO,
}
"""What may be known of a household, its building apart."""
PLACED = {"building": NAME, "origin": ORIGIN}
"""What residents.csv may say of a household, too."""


class Form(NamedTuple):
    """What a file may hold: its columns, and those that it must have."""

    row_for: str
    columns: Mapping[str, Cell]
    needed: tuple[str, ...]


FORMS = (
    Form("resident", {"person": NAME, "household": NAME, **PLACED, **OF_PERSON}, ("person", "household")),
    Form("household", {"household": NAME, "building": NAME, **OF_HOUSEHOLD}, ("household",)),
    Form(
        "tie",
        {"person_a": NAME, "person_b": NAME, "strength": _number(0, 1, "strength", above=True)},
        ("person_a", "person_b"),
    ),
)
"""The forms of residents, households and ties, in the order of `POPULATION_FILES`."""


class Sheet:
    """One CSV file: its rows, and what is wrong with them.

    `rows` are (line, values by column); `whole` says whether every row could be read as a row, so that what
    other files say can be held against them.
    """

    def __init__(self, path: str, key: str, form: Form) -> None:
        self.name = Path(path).name
        self.form = form
        self.file = _as_known(path)
        self.text = ""
        self.rows: list[tuple[int, dict[str, Value]]] = []
        self.faults: list[Refusal] = []
        self.whole = False
        refusal = _not_a_file(path, key)
        if refusal:
            self.faults.append(refusal)
            return
        try:
            self.text = read_text(Path(path), self.file)
        except ScenarioError as error:
            for problem in error.problems:
                hint = f"{problem.hint}; Excel, “CSV UTF-8”" if problem.hint else ""
                self.refuse(problem.line, "", problem.message, problem.allowed, hint)
            return
        if not self.text.strip():
            self.refuse(None, "", "the file is empty", f"a header and a row for each {form.row_for}")
            return
        self._read()

    def refuse(self, line: int | None, column: str, message: str, allowed: str = "", hint: str = "") -> None:
        """Note a fault."""
        self.faults.append(Refusal(column, message, allowed, hint, file=self.file, line=line))

    def _read(self) -> None:
        lines = self._lines()
        line, header = next(lines)
        if not self._check_header(line, header):
            return
        self.whole = True
        semicolons = self.delimiter == ";"
        for line, cells in lines:
            while len(cells) > len(header) and not cells[-1]:
                cells.pop()
            if len(cells) != len(header):
                hint = f"a text with '{self.delimiter}' in it stands in quotation marks"
                self.refuse(line, "", f"this row has {len(cells)} cells, the header {len(header)}", hint=hint)
                self.whole = False
                continue
            self.rows.append((line, dict(self._values(line, header, cells, semicolons))))
        if not self.rows and self.whole and self.form.row_for != "tie":
            self.refuse(None, "", f"there is no {self.form.row_for} in this file", "a row for each")
            self.whole = False

    @property
    def delimiter(self) -> str:
        """What stands between two cells: what the header has most of."""
        return max(",;\t", key=self.text.lstrip().partition("\n")[0].count)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not blank, each with the line in which it begins."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        begins = 1
        while True:
            try:
                cells = [cell.strip() for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as error:
                self.whole = False
                hint = "a quotation mark inside a text is written twice, and the whole text between two more"
                self.refuse(begins, "", f"this row cannot be read: {error}", hint=hint)
                return
            if any(cells):
                yield begins, cells
            begins = reader.line_num + 1

    def _check_header(self, line: int, header: list[str]) -> bool:
        """Check the names of the columns; return whether rows can be read by them."""
        columns = self.form.columns
        allowed = f"a column {' and a column '.join(self.form.needed)}; as you like: " + ", ".join(
            name for name in columns if name not in self.form.needed
        )
        if not set(header) & set(columns):
            wrong = "the first line is not a header: none of its names is that of a column"
            self.refuse(line, "", wrong, allowed)
            return False
        for name in dict.fromkeys(header):
            if name and name not in columns:
                self.refuse(line, name, f"there is no column '{name}'", allowed, did_you_mean(name, columns))
            elif name and header.count(name) > 1:
                self.refuse(line, name, "two columns have this name", hint="keep one of them")
        missing = [name for name in self.form.needed if name not in header]
        for name in missing:
            self.refuse(line, name, "this column is needed, and is not there", allowed)
        return not missing

    def _values(
        self, line: int, header: list[str], cells: list[str], semicolons: bool
    ) -> Iterator[tuple[str, Value]]:
        for name, text in zip(header, cells, strict=True):
            cell = self.form.columns.get(name)
            if cell is None:
                if text and not name:
                    self.refuse(line, "", f"'{text}' stands in a column without a name", hint="name it, or delete it")
            elif not text:
                if name in self.form.needed:
                    self.refuse(line, name, "this cell is empty, and is needed", cell.allowed)
                    self.whole = False
                yield name, None
            else:
                try:
                    comma = semicolons and cell.read is not str and text.count(",") == 1
                    yield name, cell.read(text.replace(",", ".") if comma else text)
                except Unfit as error:
                    self.refuse(line, name, error.message, cell.allowed, error.hint)


def _as_known(path: str) -> str:
    """Return a path as the user would write it: from the working folder, if the file is in it."""
    here = os.path.relpath(path)
    return path if here.startswith("..") else here


def _not_a_file(path: str, key: str) -> Refusal | None:
    """Refuse, at the key that names it, what is no file."""
    if os.path.isfile(path):
        return None
    shown, folder = _as_known(path), Path(path).parent
    if os.path.isdir(path):
        return Refusal(key, f"{shown} is a folder, not a file", "the path of a CSV file")
    if os.path.exists(path):
        return Refusal(key, f"{shown} is not an ordinary file", "the path of a CSV file")
    beside = [file.name for file in sorted(folder.glob("*.csv"))] if folder.is_dir() else []
    hint = did_you_mean(Path(path).name, beside)
    allowed = "the path of a CSV file, as seen from the file that says so"
    return Refusal(key, f"there is no file {shown}", allowed, hint)
