"""The CSV files that a community is read from: their columns, what may stand in a cell, and their rows."""

import csv
import io
import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from cosim.language import told
from cosim.scenario.errors import Refusal, ScenarioError, did_you_mean
from cosim.scenario.explain import FAULTS
from cosim.scenario.places import KINDS
from cosim.scenario.reading import read_text
from cosim.scenario.toml_text import KEEP_ONE

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
            comma, empty = told("decimals follow a point: 0.5"), told("leave the cell empty if it is not known")
            raise Unfit(told("'{given}' is not a number", given=text), comma if "," in text else empty)
        if value < low or (above and value == low):
            raise Unfit(told("{value} is {fault}", value=text, fault=FAULTS["greater_than"]))
        if value > high:
            share = told("{percent:g} % is written {share:g}", percent=value, share=value / 100)
            raise Unfit(told("{value} is {fault}", value=text, fault=FAULTS["less_than"]), share if high == 1 else "")
        if whole and value != int(value):
            raise Unfit(told("{value} is not {wanted}", value=text, wanted=KINDS[int]))
        return value

    kind = KINDS[int if whole else float]
    ends = {"low": f"{low:g}", "high": f"{high:g}"}
    if above:
        bounded = told("{kind} above {low} and at most {high}", kind=kind, **ends)
    else:
        bounded = told("{kind} from {low} to {high}", kind=kind, **ends)
    return Cell(told("{label} ({unit})", label=bounded, unit=unit), read)


def _choice(*words: str) -> Cell:
    """Return the cell of a word out of several."""

    def read(text: str) -> str:
        if text not in words:
            raise Unfit(told("there is no '{name}'", name=text), did_you_mean(text, words))
        return text

    return Cell(told("one of {choices}", choices=", ".join(words)), read)


def _read_yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Unfit(told("'{given}' is neither yes nor no", given=text), did_you_mean(text, ("yes", "no")))
    return text == "yes"


NAME = Cell(told("a name or a number"), str)
YES_OR_NO = Cell(told("yes or no"), _read_yes)
ANSWER = _number(0, 1, told("0: not at all, 1: fully"))
ORIGIN = _choice("long_term", "migrant")

TRUST = tuple(f"trust_{target}" for target in ("neighbours", "government", "party", "firm", "partners"))
STATES = ("satisfaction", "belonging", "efficacy", "safety", "expectation", "handling")
"""Answers that everybody who moves in starts with alike, unless a file gives them."""
OF_PERSON: Mapping[str, Cell] = {
    "age": _number(18, 120, told("years")),
    "member": YES_OR_NO,
    "months_lived": _number(0, 1200, told("months"), whole=True),
    "cooperator": _choice("conditional", "free_rider", "hump_shaped"),
    **dict.fromkeys((*TRUST, *STATES), ANSWER),
}
"""What may be known of a person."""
OF_HOUSEHOLD: Mapping[str, Cell] = {
    "origin": ORIGIN,
    "children": YES_OR_NO,
    "area": _number(10, 500, told("square metres")),
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
    Form(told("resident"), {"person": NAME, "household": NAME, **PLACED, **OF_PERSON}, ("person", "household")),
    Form(told("household"), {"household": NAME, "building": NAME, **OF_HOUSEHOLD}, ("household",)),
    Form(
        told("tie"),
        {"person_a": NAME, "person_b": NAME, "strength": _number(0, 1, told("strength"), above=True)},
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
                hint = told("{hint}; Excel, “CSV UTF-8”", hint=problem.hint) if problem.hint else ""
                self.refuse(problem.line, "", problem.message, problem.allowed, hint)
            return
        if not self.text.strip():
            allowed = told("a header and a row for each {row}", row=form.row_for)
            self.refuse(None, "", told("the file is empty"), allowed)
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
                hint = told("a text with '{sign}' in it stands in quotation marks", sign=self.delimiter)
                wrong = told("this row has {cells} cells, the header {columns}", cells=len(cells), columns=len(header))
                self.refuse(line, "", wrong, hint=hint)
                self.whole = False
                continue
            self.rows.append((line, dict(self._values(line, header, cells, semicolons))))
        if not self.rows and self.whole and self.form.row_for != "tie":
            wrong = told("there is no {row} in this file", row=self.form.row_for)
            self.refuse(None, "", wrong, told("a row for each"))
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
                hint = told("a quotation mark inside a text is written twice, and the whole text between two more")
                self.refuse(begins, "", told("this row cannot be read: {reason}", reason=str(error)), hint=hint)
                return
            if any(cells):
                yield begins, cells
            begins = reader.line_num + 1

    def _check_header(self, line: int, header: list[str]) -> bool:
        """Check the names of the columns; return whether rows can be read by them."""
        columns = self.form.columns
        free = ", ".join(name for name in columns if name not in self.form.needed)
        if len(self.form.needed) == 1:
            allowed = told("a column {first}; as you like: {others}", first=self.form.needed[0], others=free)
        else:
            first, second = self.form.needed
            allowed = told(
                "a column {first} and a column {second}; as you like: {others}",
                first=first, second=second, others=free,
            )  # fmt: skip
        if not set(header) & set(columns):
            wrong = told("the first line is not a header: none of its names is that of a column")
            self.refuse(line, "", wrong, allowed)
            return False
        for name in dict.fromkeys(header):
            if name and name not in columns:
                wrong = told("there is no column '{name}'", name=name)
                self.refuse(line, name, wrong, allowed, did_you_mean(name, columns))
            elif name and header.count(name) > 1:
                self.refuse(line, name, told("two columns have this name"), hint=KEEP_ONE)
        missing = [name for name in self.form.needed if name not in header]
        for name in missing:
            self.refuse(line, name, told("this column is needed, and is not there"), allowed)
        return not missing

    def _values(
        self, line: int, header: list[str], cells: list[str], semicolons: bool
    ) -> Iterator[tuple[str, Value]]:
        for name, text in zip(header, cells, strict=True):
            cell = self.form.columns.get(name)
            if cell is None:
                if text and not name:
                    wrong = told("'{given}' stands in a column without a name", given=text)
                    self.refuse(line, "", wrong, hint=told("name it, or delete it"))
            elif not text:
                if name in self.form.needed:
                    self.refuse(line, name, told("this cell is empty, and is needed"), cell.allowed)
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
        return Refusal(key, told("{file} is a folder, not a file", file=shown), told("the path of a CSV file"))
    if os.path.exists(path):
        return Refusal(key, told("{file} is not an ordinary file", file=shown), told("the path of a CSV file"))
    beside = [file.name for file in sorted(folder.glob("*.csv"))] if folder.is_dir() else []
    hint = did_you_mean(Path(path).name, beside)
    allowed = told("the path of a CSV file, as seen from the file that says so")
    return Refusal(key, told("there is no file {file}", file=shown), allowed, hint)
