"""All tables as one Excel workbook: a summary, then a sheet for each table.

XlsxWriter makes the workbook, its styles and the heads of its sheets. The rows are laid into the sheets' XML here, many
at a time by Arrow: written cell by cell, the months of a large study alone would take minutes.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from cosim.export.dictionary import OF_OUTCOME, TITLES
from cosim.export.tables import Laid
from cosim.language import Language
from cosim.study.tables import Declared

ROWS = 1_048_576
"""Rows of a sheet of Excel."""
HEAD = 2
"""Rows at the top of a sheet: labels, and names below them."""
AT_ONCE = 10_000
"""Rows that are put into words together."""
LARGE = 2**28
"""Bytes of rows whose XML may be beyond what a ZIP file holds without its extension for large ones."""
LONGEST = 32_767
"""Characters of a cell of Excel."""
WIDEST, NARROWEST = 48, 9
"""Widths of columns, in characters."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of whatever needs one: the earliest that a ZIP file can tell, so that the same study gives the same bytes."""
SIGNS = "[\x00-\x08\x0b\x0c\x0e-\x1f]"
"""Characters that cannot stand in XML."""
PATTERNS = {"share": "0.000", "0 to 1": "0.000", "probability": "0.0000", "0 to 100": "0.0", "yuan": "#,##0"}
"""How numbers are shown, by unit; others as `ANY`."""
ANY = "[>=100]#,##0;[<=-100]-#,##0;0.000"
WHOLE = "0"


@dataclass(frozen=True)
class Page:
    """A sheet: a table, or a part of one with more rows than a sheet has."""

    name: str
    table: Laid
    first: int
    rows: pa.Table


def write_workbook(
    path: Path, heading: Sequence[tuple[str, str]], summary: Laid, tables: Sequence[Laid], say: Language
) -> list[str]:
    """Write a workbook; return a sentence for each table that takes several sheets.

    `heading` is what the first sheet begins with: what is told, and what it is; `summary` the table below it.
    """
    pages = [page for table in tables for page in pages_of(table)]
    skeleton = BytesIO()
    with xlsxwriter.Workbook(skeleton, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(*EPOCH)})
        _write_summary(book, heading, summary, tables, say)
        for page in pages:
            _write_head(book, page, say)
    first = 2  # sheet 1 is the summary
    filled = {f"xl/worksheets/sheet{number}.xml": page for number, page in enumerate(pages, first)}
    with zipfile.ZipFile(skeleton) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
        for name in made.namelist():
            place, to_fill = zipfile.ZipInfo(name, EPOCH), filled.get(name)
            place.compress_type = zipfile.ZIP_DEFLATED
            with whole.open(place, "w", force_zip64=to_fill is not None and to_fill.rows.nbytes > LARGE) as file:
                for piece in [made.read(name)] if to_fill is None else _with_rows(made.read(name), to_fill):
                    file.write(piece)
    several = {page.table.name: f"{page.table.rows.num_rows:,}" for page in pages if page.name != page.table.name}
    return [
        say("{table} has {rows} rows, more than a sheet of Excel: it goes on in further sheets", table=name, rows=rows)
        for name, rows in several.items()
    ]


def pages_of(table: Laid) -> Iterator[Page]:
    """Yield the sheets of a table: one, unless it has more rows than a sheet; those that follow are numbered."""
    most = ROWS - HEAD
    for number, first in enumerate(range(0, max(table.rows.num_rows, 1), most), 1):
        name = table.name if number == 1 else f"{table.name} {number}"
        yield Page(name, table, first, table.rows.slice(first, most))


def _write_head(book: xlsxwriter.Workbook, page: Page, say: Language) -> None:
    """Write a sheet's head, and one row of empty cells that has the style of each column."""
    sheet = book.add_worksheet(page.name)
    label = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 0})
    name = book.add_format({"italic": True, "font_color": "#666666", "bottom": 1})
    for place, (column, values) in enumerate(zip(page.table.columns, page.rows.columns, strict=True)):
        shown = book.add_format({"num_format": _pattern(column)} if column.kind in ("integer", "number") else {
            "text_wrap": column.unit == "text", "valign": "top",
        })  # fmt: skip
        sheet.write_string(0, place, label_with_unit(column, say), label)
        sheet.write_string(1, place, column.name, name)
        sheet.write_blank(HEAD, place, None, shown)
        sheet.set_column(place, place, _width(column, values))
    sheet.freeze_panes(HEAD, 0)
    if page.rows.num_rows:
        sheet.autofilter(1, 0, HEAD + page.rows.num_rows - 1, len(page.table.columns) - 1)


def label_with_unit(column: Declared, say: Language) -> str:
    """Return a column's label, with its unit where it has one that says something."""
    label = say.label(column)
    if column.kind in ("string", "boolean") or column.unit in ("number", "row", OF_OUTCOME):
        return label
    return say("{label} ({unit})", label=label, unit=say(column.unit))


def _pattern(column: Declared) -> str:
    """Return how a column's numbers are shown."""
    if column.kind == "integer":
        return WHOLE
    return PATTERNS.get(column.unit.removesuffix(" per resident and year"), ANY)


def _width(column: Declared, values: pa.ChunkedArray) -> float:
    """Return the width of a column: that of its name or longest text, within bounds."""
    longest = len(column.name)
    if column.kind == "string" and len(values):
        texts = pc.drop_null(values).unique().to_pylist()
        longest = max([longest, *map(_columns_of, texts)])
    return float(min(max(longest + 2, NARROWEST), WIDEST))


def _columns_of(text: str) -> int:
    """Return how wide a text is, Chinese characters counted twice."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _write_summary(
    book: xlsxwriter.Workbook, heading: Sequence[tuple[str, str]], summary: Laid, tables: Sequence[Laid], say: Language
) -> None:
    """Write the first sheet: what this is, what came out, and what is in the other sheets."""
    sheet = book.add_worksheet("summary")
    title, bold = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "text_wrap": True})
    wrapped = book.add_format({"text_wrap": False, "valign": "top"})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, max(len(summary.columns) - 1, 1), 16)
    row = 0
    for what, value in heading:
        sheet.write_string(row, 0, what, bold if row else title)
        sheet.write_string(row, 1, value, wrapped)
        row += 1
    row += 1
    for place, column in enumerate(summary.columns):
        sheet.write_string(row, place, label_with_unit(column, say), bold)
        shown = book.add_format({"num_format": _pattern(column)})
        for below, value in enumerate(summary.rows[column.name].to_pylist(), row + 1):
            if isinstance(value, str):
                sheet.write_string(below, place, value)
            elif value is not None:
                sheet.write_number(below, place, value, shown)
    row += summary.rows.num_rows + 2
    sheet.write_string(row, 0, say("Sheets"), bold)
    for below, table in enumerate(tables, row + 1):
        sheet.write_url(below, 0, f"internal:'{table.name}'!A1", string=table.name)
        sheet.write_string(below, 1, say(TITLES[table.name]))


def _with_rows(xml: bytes, page: Page) -> Iterator[bytes]:
    """Yield a sheet's XML with its rows in it, in place of the one that has the styles alone."""
    head, styled, tail = re.split(rb'(<row r="%d".*?</row>)' % (HEAD + 1), xml, maxsplit=1, flags=re.DOTALL)
    styles = [int(style) for style in re.findall(rb' s="(\d+)"', styled)]
    last = f"A1:{xl_col_to_name(len(styles) - 1)}{HEAD + max(page.rows.num_rows, 1)}"
    yield re.sub(rb'<dimension ref="[^"]*"/>', f'<dimension ref="{last}"/>'.encode(), head)
    for first in range(0, page.rows.num_rows, AT_ONCE):
        yield _rows(page.rows.slice(first, AT_ONCE), HEAD + 1 + first, page.table.columns, styles)
    yield tail


def _rows(rows: pa.Table, first: int, columns: Sequence[Declared], styles: Sequence[int]) -> bytes:
    """Return rows as XML, numbered from `first`."""
    numbers = pc.cast(pa.array(np.arange(first, first + rows.num_rows)), pa.string())
    cells = [
        _cells(values.combine_chunks(), column, f'<c r="{xl_col_to_name(place)}', f'" s="{style}"', numbers)
        for place, (column, values, style) in enumerate(zip(columns, rows.columns, styles, strict=True))
    ]
    lines = pc.binary_join_element_wise('<row r="', numbers, '">', *cells, "</row>", "")
    return "".join(lines.to_pylist()).encode()


def _cells(values: pa.Array, column: Declared, before: str, style: str, numbers: pa.Array) -> Any:
    """Return the cells of a column as XML; none where there is no value."""
    if column.kind == "string":
        texts = pc.replace_substring_regex(pc.utf8_slice_codeunits(values, 0, LONGEST), SIGNS, "\ufffd")
        for sign, told in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            texts = pc.replace_substring(texts, sign, told)
        opening, closing = f'{style} t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
    elif column.kind == "boolean":
        texts = pc.if_else(values, "1", "0")
        opening, closing = f'{style} t="b"><v>', "</v></c>"
    else:
        texts = pc.cast(values, pa.string())
        opening, closing = f"{style}><v>", "</v></c>"
    return pc.fill_null(pc.binary_join_element_wise(before, numbers, opening, texts, closing, ""), "")
