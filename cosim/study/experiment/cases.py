"""A design that is a list: a CSV file with a column for each factor and a row for each case."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, cast, get_origin

from cosim.language import told
from cosim.scenario.errors import Refusal
from cosim.scenario.places import KINDS, Place, find_place
from cosim.scenario.reading import frozen
from cosim.scenario.schema import Scenario
from cosim.scenario.sheets import Form, Sheet, Unfit, Value
from cosim.study.experiment.factors import as_its_key_has_it, key_fault, value_faults

A_HEADER = told("a dotted key of scenarios in each column, such as government.budget")


class Cases(NamedTuple):
    """What the file says: its columns, and the values and the line of every row."""

    keys: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]
    lines: tuple[int, ...]
    file: str
    """The file as the user knows it."""


class CaseSheet(Sheet):
    """The file of cases; any fact or lever may be a column, and no cell may be empty."""

    def __init__(self, path: str, categories: Sequence[str] | None, settings: Iterable[str]) -> None:
        self.categories, self.settings = categories, tuple(settings)
        super().__init__(path, "design.cases", Form("case", {}, ()))

    def _check_header(self, line: int, header: list[str]) -> bool:
        """Check the names of the columns; return whether rows can be read by them."""
        before = len(self.faults)
        if not any(sign.isalpha() for name in header for sign in name):
            self.refuse(line, "", told("the first line is not a header: it has numbers alone"), A_HEADER)
            return False
        for name in dict.fromkeys(header):
            if not name:
                self.refuse(line, "", told("a column has no name"), A_HEADER)
                continue
            fault = key_fault(name, self.categories)
            if fault is not None:
                self.refuse(line, name, fault.message, fault.allowed, fault.hint)
            if header.count(name) > 1:
                self.refuse(line, name, told("two columns have this name"), hint=told("keep one of them"))
            if name in self.settings:
                self.refuse(
                    line, name, told("this is in [settings] of the experiment too"), hint=told("keep one of them")
                )
            for above in (other for other in header if other and name.startswith(f"{other}.")):
                self.refuse(
                    line,
                    name,
                    told("the column '{above}' holds this key already", above=above),
                    hint=told("keep one of them"),
                )
        return len(self.faults) == before

    def _values(self, line: int, header: list[str], cells: list[str], semicolons: bool) -> Iterator[tuple[str, Value]]:
        for key, text in zip(header, cells, strict=True):
            place = find_place(Scenario, key.split("."))
            assert place is not None
            if not text:
                hint = told("every case says a value for every column")
                self.refuse(line, key, told("this cell is empty"), place.allowed(), hint)
                continue
            try:
                value = _value(text.replace(",", ".") if semicolons and place.kind is float else text, place)
            except Unfit as error:
                self.refuse(line, key, error.message, place.allowed(), error.hint)
                continue
            faults = value_faults(key, value)
            for fault in faults:
                self.refuse(line, key, fault.message, fault.allowed, fault.hint)
            if not faults:
                yield key, as_its_key_has_it(key, value)


def read_cases(
    path: str, categories: Sequence[str] | None, settings: Iterable[str]
) -> tuple[Cases | None, list[Refusal]]:
    """Return the cases of a file, or what is wrong with it; `settings` are keys that may be no column."""
    sheet = CaseSheet(path, categories, settings)
    if sheet.faults:
        return None, sheet.faults
    keys = tuple(sheet.rows[0][1])
    rows = cast("list[tuple[int, dict[str, Any]]]", sheet.rows)
    values = tuple(tuple(row[key] for key in keys) for _, row in rows)
    return Cases(keys, values, tuple(line for line, _ in rows), sheet.file), []


def _value(text: str, place: Place) -> Any:
    """Return what a cell says: a word as it stands, else what TOML would read. Raises Unfit."""
    if place.kind is str or get_origin(place.kind) is Literal:
        return text
    written = text.lower() if place.kind is bool else text
    try:
        (value,) = tomllib.loads(f"value = {written}").values()
    except (ValueError, RecursionError):
        hint = told("decimals follow a point: 0.5") if "," in text and place.kind in (int, float) else ""
        what = told("'{text}' cannot be read; write it as in a TOML file", text=text)
        if place.kind in KINDS:
            what = told("'{text}' is not {kind}", text=text, kind=KINDS[place.kind])
        raise Unfit(what, hint) from None
    whole = place.kind is int and isinstance(value, float) and value.is_integer()  # as spreadsheets write them
    return int(value) if whole else frozen(value)
