"""Write a result for other programs: tables, workbook, statistics packages, networks, and what describes them."""

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from cosim.compare.saved import Result
from cosim.export import datapackage, network
from cosim.export.dictionary import TITLES, Parts, words_of
from cosim.export.network import Asked, as_graph_file, file_name, networks, runs_for
from cosim.export.spreadsheet import write_workbook
from cosim.export.statistics_packages import SPSS, STATA, variable_names, write_statistics
from cosim.export.summary import dictionary_of, glance, provenance, title_of
from cosim.export.tables import Laid, laid, tables_to_export
from cosim.language import Language, language, told
from cosim.scenario.errors import Problem, Refusal, ScenarioError
from cosim.study.store import EXPORTED, check_output, put_whole
from cosim.study.sweep import StudyFolder
from cosim.study.tables import Declared, described, parquet_bytes
from cosim.version import VERSION

CSV, PARQUET, XLSX, DATAPACKAGE = datapackage.CSV, datapackage.PARQUET, "xlsx", "datapackage"
FORMATS = (CSV, PARQUET, XLSX, STATA, SPSS, *network.FORMATS, DATAPACKAGE)
FOLDERS = {CSV: "csv", PARQUET: "parquet", STATA: "stata", SPSS: "spss"}
"""Folders of formats that have a file for each table."""
NETWORKS, WORKBOOK = "network", "tables.xlsx"
NAMED = 3
"""Changed names that are shown."""


@dataclass(frozen=True)
class Exported:
    """What was written.

    `files` by their path in the folder; `notes` are sentences on what was split or named otherwise, `missing` on what
    the result lacks.
    """

    folder: Path
    files: tuple[str, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass
class _Work:
    """An export under way, in a folder that is put in place at the end."""

    folder: Path
    say: Language
    parts: Parts
    notes: list[str] = field(default_factory=list)

    def write_tables(self, kind: str, tables: Sequence[Laid], bom: bool) -> None:
        """Write each table as a file of its own."""
        place = self.folder / FOLDERS[kind]
        place.mkdir()
        for table in tables:
            path = place / f"{table.name}.{kind}"
            if kind == CSV:
                write_csv(path, table, bom)
            elif kind == PARQUET:
                path.write_bytes(as_parquet(table))
            else:
                write_statistics(path, kind, table, self.say(TITLES[table.name]), self._label, self._word)

    def write_networks(self, result: Result, asked: Asked, kinds: Sequence[str]) -> dict[str, list[str]]:
        """Write the networks; return the columns of residents and of ties."""
        place = self.folder / NETWORKS
        place.mkdir()
        columns: dict[str, list[str]] = {}
        for found in networks(runs_for(result, asked), asked.months):
            attributes: Mapping[str, Any] = next(iter(found.graph.nodes.values()), {})
            columns = {"residents": ["node", *attributes], "ties": ["weight"]}
            for kind in kinds:
                (place / file_name(found, kind)).write_bytes(as_graph_file(found.graph, kind))
        return columns

    def _label(self, column: Declared) -> str:
        return self.say.label(column)

    def _word(self, column: Declared, word: str) -> str:
        return words_of(column, word, self.parts, self.say)


def export(
    result: Result,
    folder: Path,
    *,
    formats: Sequence[str] = (),
    lang: str = "en",
    bom: bool = True,
    asked: Asked | None = None,
    command: str = "",
) -> Exported:
    """Write a result into `folder`, whole or not at all; an earlier export there is replaced.

    `formats` are some of `FORMATS` (none: all). `lang` is the language of labels; names stay. `bom`: whether CSV files
    begin with the mark by which Excel knows UTF-8. `asked` says which networks; `command` is what made the result.

    Raises ScenarioError for a format, replicate, point or month that there is not, OutputError if `folder` cannot be
    written or holds something else, or if the files of people are not there.
    """
    chosen = check_formats(formats)
    say, graphs = language(lang), [kind for kind in network.FORMATS if kind in chosen]
    check_output(folder, EXPORTED)
    asked = asked or Asked()
    if graphs:
        runs_for(result, asked)  # refused before anything takes time
    found = tables_to_export(result)
    told = provenance(result, command, found.missing, say)
    where = laid("provenance", pd.DataFrame(told, columns=["what", "value"]), found.parts)
    with put_whole(folder, EXPORTED) as new:
        work = _Work(new, say, found.parts)
        columns = work.write_networks(result, asked, graphs) if graphs else {}
        content = [*found.tables, where]
        tables = [*content, dictionary_of(content, columns, found.parts)]
        for kind in FOLDERS:
            if kind in chosen:
                work.write_tables(kind, tables, bom)
        if XLSX in chosen:
            heading = [(title_of(result, say), ""), *told]
            work.notes += write_workbook(new / WORKBOOK, heading, glance(result, found, say), tables, say)
        if DATAPACKAGE in chosen:
            kinds = [kind for kind in (CSV, PARQUET) if kind in chosen]
            text = datapackage.describe_package(new, package_name(result), title_of(result, say), tables, kinds, say)
            (new / datapackage.FILE).write_bytes(text)
        renamed = _renamed(tables) if {STATA, SPSS} & set(chosen) else {}
        work.notes += _told(renamed)
        files = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
        (new / EXPORTED).write_bytes(_mark(chosen, lang, command, renamed, found.missing, files))
    return Exported(folder.resolve(), tuple(files), tuple(work.notes), found.missing)


def check_formats(formats: Sequence[str]) -> list[str]:
    """Return the formats that are meant, in their order. Raises ScenarioError for one that there is not."""
    unknown = [Refusal.unknown("--format", name, FORMATS).problem() for name in formats if name not in FORMATS]
    if unknown:
        raise ScenarioError(unknown)
    if DATAPACKAGE in formats and not {CSV, PARQUET} & set(formats):
        message, hint = (
            told("a datapackage describes CSV or Parquet files, and neither is asked for"),
            told("add --format csv"),
        )
        raise ScenarioError([Problem(file="--format", key=DATAPACKAGE, message=message, hint=hint)])
    return [name for name in FORMATS if not formats or name in formats]


def write_csv(path: Path, table: Laid, bom: bool) -> None:
    """Write a table as CSV in UTF-8; what is not known is empty."""
    with path.open("wb") as file:
        if bom:
            file.write(codecs.BOM_UTF8)
        csv.write_csv(table.rows, file)


def as_parquet(table: Laid) -> bytes:
    """Return a table as Parquet; unit, labels and meaning of each column are in its metadata."""
    chinese = language("zh")
    fields = [
        kind.with_metadata(described(column) | {"meaning_zh": chinese(column.meaning)})
        for column, kind in zip(table.columns, table.rows.schema, strict=True)
    ]
    return parquet_bytes(table.rows.cast(pa.schema(fields)))


def package_name(result: Result) -> str:
    """Return the name of a data package: small letters, digits and signs that the standard allows."""
    name = result.experiment.name if isinstance(result, StudyFolder) else result.study.name
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "-" for sign in name.lower())
    return plain.strip("-") or "cosim"


def _renamed(tables: Sequence[Laid]) -> dict[str, dict[str, str]]:
    """Return, by table, the columns that have another name in Stata and SPSS."""
    names = {table.name: variable_names([column.name for column in table.columns]) for table in tables}
    changed = {name: {old: new for old, new in of.items() if old != new} for name, of in names.items()}
    return {name: of for name, of in changed.items() if of}


def _told(renamed: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Say which names were changed."""
    every = {old: new for of in renamed.values() for old, new in of.items()}
    if not every:
        return []
    shown = [told("{old} is {new}", old=old, new=new) for old, new in list(every.items())[:NAMED]]
    more = told(" and {count} more (all in the dictionary)", count=len(every) - NAMED) if len(every) > NAMED else ""
    return [told("names that Stata or SPSS refuse are changed there: {names}{more}", names=shown, more=more)]


def _mark(
    formats: Sequence[str], lang: str, command: str, renamed: Mapping[str, Any], missing: Sequence[str],
    files: Sequence[str],
) -> bytes:  # fmt: skip
    """Return export.json: what was exported of what, and the files; no time and no place."""
    said = {
        "cosim": VERSION,
        "command": command,
        "formats": list(formats),
        "language": lang,
        "missing": list(missing),
        "renamed": renamed,
        "files": list(files),
    }
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()
