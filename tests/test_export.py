"""Exports, read back by readers that are not cosim's: every format says what the tables say."""

import json
import subprocess
import sys
import time

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.compute as pc
import pyreadstat
import pytest
from frictionless import Package
from pyarrow import parquet
from small_exports import contents, small_sweep, whole_comparison
from small_sweeps import make_here

from cosim.compare import summarise
from cosim.export import spreadsheet
from cosim.export.exporting import FORMATS, export
from cosim.export.statistics_packages import codes_of, is_coded, variable_names
from cosim.export.tables import tables_to_export
from cosim.scenario import load_scenario
from cosim.study import run_study
from cosim.study.sweep import sweeping


@pytest.fixture(scope="module")
def comparison():
    return whole_comparison()


@pytest.fixture(scope="module")
def tables(comparison):
    return {table.name: table for table in tables_to_export(comparison).tables}


@pytest.fixture(scope="module")
def folder(comparison, tmp_path_factory):
    place = tmp_path_factory.mktemp("研究") / "导出"
    export(comparison, place, lang="zh", command="cosim compare 比较")
    return place


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "is_warm", lambda: True)
        make_here(patch)
        return small_sweep(tmp_path_factory.mktemp("sweep"))


def same(found: pd.DataFrame, table) -> None:
    """Assert that a table was read as it was written."""
    wanted = table.rows.to_pandas()
    assert list(found.columns) == list(wanted.columns)
    for column in table.columns:
        here, there = found[column.name], wanted[column.name]
        if column.kind == "string":
            assert here.isna().tolist() == there.isna().tolist(), column.name
            assert here.dropna().tolist() == there.dropna().tolist(), column.name
        else:
            np.testing.assert_allclose(here.astype(float), there.astype(float), rtol=1e-6, err_msg=column.name)


def test_csv_is_read_by_duckdb_and_pandas(folder, tables):
    assert {path.stem for path in (folder / "csv").iterdir()} == {*tables, "dictionary", "provenance"}
    for name, table in tables.items():
        path = folder / "csv" / f"{name}.csv"
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by this mark"
        strings = {column.name: "VARCHAR" for column in table.columns if column.kind == "string"}
        same(duckdb.sql(f"SELECT * FROM read_csv('{path}', types={strings}, header=true)").df(), table)
        texts = dict.fromkeys(strings, str)
        same(pd.read_csv(path, dtype=texts, keep_default_na=False, na_values=[""]), table)


def test_parquet_is_read_by_duckdb_and_tells_what_stands_in_it(folder, tables):
    for name, table in tables.items():
        same(duckdb.sql(f"SELECT * FROM '{folder}/parquet/{name}.parquet'").df(), table)
    field = parquet.read_schema(folder / "parquet" / "months.parquet").field("trust_firm")
    assert {key.decode(): value.decode() for key, value in field.metadata.items()} == {
        "unit": "0 to 1", "meaning": "mean trust of residents", "meaning_zh": "居民的平均信任",
        "en": "Trust in property firm", "zh": "对物业公司的信任",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "place"), [("dta", "stata"), ("sav", "spss")])
def test_statistics_packages_have_values_and_labels(folder, tables, kind, place):
    read = pyreadstat.read_dta if kind == "dta" else pyreadstat.read_sav
    for name, table in tables.items():
        found, said = read(folder / place / f"{name}.{kind}")
        names = variable_names([column.name for column in table.columns])
        assert list(found.columns) == list(names.values())
        for column, values in zip(table.columns, table.rows.columns, strict=True):
            there = found[names[column.name]]
            assert said.column_names_to_labels[names[column.name]] == column.zh
            if is_coded(column):
                codes = codes_of(column, values)
                wanted = [codes.get(word, np.nan) for word in values.to_pylist()]
                np.testing.assert_array_equal(there.astype(float), wanted, column.name)
            elif column.kind == "string":
                assert there.tolist() == pc.fill_null(values, "").to_pylist()
            else:
                wanted = pc.fill_null(values.cast("double"), np.nan).to_numpy()
                np.testing.assert_allclose(there.astype(float), wanted, rtol=1e-6, err_msg=column.name)


def test_words_are_labelled_in_the_chosen_language(comparison, folder, tmp_path):
    _, said = pyreadstat.read_sav(folder / "spss" / "by_group.sav")
    assert said.variable_value_labels["group"] == {1: "常住居民", 2: "外来流动人口", 3: "党员"}
    assert said.variable_value_labels["outcome"][1] == "参与"
    assert said.variable_measure["group"] == "nominal"
    assert said.file_label == "按居民群体的结果"
    _, said = pyreadstat.read_dta(folder / "stata" / "orders.dta")
    assert said.variable_value_labels["result"] == {1: "已结单", 2: "未接单", 3: "丢失", 4: "未结束"}
    export(comparison, tmp_path / "en", formats=["dta"])
    _, said = pyreadstat.read_dta(tmp_path / "en" / "stata" / "by_group.dta")
    assert said.variable_value_labels["group"] == {1: "long-term", 2: "migrants", 3: "Party members"}
    assert said.column_names_to_labels["mean_a"] == "Mean of the first"


def test_stata_files_are_read_by_pandas(folder, tables):
    found = pd.read_stata(folder / "stata" / "orders.dta")
    wanted = tables["orders"].rows.to_pandas()
    np.testing.assert_array_equal(found["ended"].astype(float), wanted["ended"])
    assert found["scenario"].astype(str).unique().tolist() == ["十二人小院", "改革 reform"]
    assert b"<release>118</release>" in (folder / "stata" / "orders.dta").read_bytes()[:100]


def test_the_workbook_has_every_table_as_numbers_under_labels_and_names(folder, tables):
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert book.sheetnames == ["summary", *tables, "provenance", "dictionary"]
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)
    for name, table in tables.items():
        sheet = book[name]
        assert sheet.freeze_panes == "A3"
        labels, names, *rows = sheet.iter_rows(values_only=True)
        assert list(names) == [column.name for column in table.columns]
        assert labels[0] == table.columns[0].zh
        assert len(rows) == table.rows.num_rows
        same(pd.DataFrame(rows, columns=names), table)
        widths = {
            place: told.width for told in sheet.column_dimensions.values() for place in range(told.min, told.max + 1)
        }
        assert all(len(column.name) < widths[place] < 50 for place, column in enumerate(table.columns, 1))
    assert book["months"]["D3"].number_format == "0.000"
    assert book["months"]["D1"].value == "参与（比例）"
    assert [cell.value for cell in book["summary"]["A"]][:2] == ["cosim：改革 reform与十二人小院的比较", "制作程序"]
    assert "cosim compare 比较" in [cell.value for cell in book["summary"]["B"]]


def test_what_cannot_stand_in_a_sheet_is_escaped(comparison, tmp_path):
    runs = comparison.study.runs.assign(error='<a & "b">\x1b[31m \n=1+1')
    broken = summarise(run_study([load_scenario("village", {"study.months": 2})], jobs=1))
    object.__setattr__(broken.study, "runs", runs.assign(status="done"))
    export(broken, tmp_path / "x", formats=["xlsx"])
    sheet = openpyxl.load_workbook(tmp_path / "x" / "tables.xlsx")["runs"]
    assert sheet["E3"].value == '<a & "b">\ufffd[31m \n=1+1'
    assert sheet["E3"].data_type != "f"


def test_a_table_beyond_a_sheet_goes_on_in_the_next(comparison, tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "ROWS", 12)
    made = export(comparison, tmp_path / "x", formats=["xlsx"])
    assert "months has 28 rows, more than a sheet of Excel: it goes on in further sheets" in made.notes
    book = openpyxl.load_workbook(tmp_path / "x" / "tables.xlsx")
    parts = [book[name] for name in ("months", "months 2", "months 3")]
    assert [part.max_row - 2 for part in parts] == [10, 10, 8]
    months = [row[2] for part in parts for row in part.iter_rows(min_row=3, values_only=True)]
    assert months == comparison.months["month"].tolist()


def test_the_data_package_is_valid(folder, tables):
    package = Package(str(folder / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "message"])
    assert len(package.resources) == 2 * (len(tables) + 2)
    months = package.get_resource("months")
    trust = months.schema.get_field("trust_firm")
    assert trust.constraints == {"minimum": 0.0, "maximum": 1.0}
    assert (trust.title, trust.custom["title_en"], trust.custom["unit"]) == (
        "对物业公司的信任", "Trust in property firm", "0 to 1",
    )  # fmt: skip
    assert len(months.read_rows()) == tables["months"].rows.num_rows
    assert package.get_resource("orders").schema.get_field("result").constraints["enum"][0] == "signed off"


def test_a_data_package_notices_a_changed_value(comparison, tmp_path):
    export(comparison, tmp_path / "x", formats=["csv", "datapackage"], bom=False)
    path = tmp_path / "x" / "csv" / "fee_trap.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",2\n", ",-2\n"), encoding="utf-8")
    report = Package(str(tmp_path / "x" / "datapackage.json")).validate()
    assert "minimum" in str(report.flatten(["message"]))


def test_csv_for_machines_has_no_mark(comparison, tmp_path):
    export(comparison, tmp_path / "x", formats=["csv"], bom=False)
    assert (tmp_path / "x" / "csv" / "arms.csv").read_bytes().startswith(b'"scenario"')


def test_the_same_result_gives_the_same_bytes(comparison, folder, tmp_path):
    time.sleep(1.1)
    export(comparison, tmp_path / "again", lang="zh", command="cosim compare 比较")
    first, second = contents(folder), contents(tmp_path / "again")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    kinds = {name.rpartition(".")[2] for name in first}
    assert kinds == {"csv", "parquet", "xlsx", "dta", "sav", "graphml", "gexf", "json"}


def test_a_run_is_exported(tmp_path):
    summary = summarise(run_study([load_scenario("village", {"study.months": 3})], jobs=1))
    made = export(summary, tmp_path / "x")
    assert {"csv/outcomes.csv", "stata/months.dta", "network/village_month_2.gexf"} <= set(made.files)
    assert Package(str(tmp_path / "x" / "datapackage.json")).validate().valid
    book = openpyxl.load_workbook(tmp_path / "x" / "tables.xlsx")
    assert book["summary"]["A1"].value == "cosim: runs of village"


def test_a_sweep_is_exported(sweep, tmp_path):
    made = export(sweep, tmp_path / "x", asked=None)
    assert made.missing == ()
    assert Package(str(tmp_path / "x" / "datapackage.json")).validate().valid
    months, said = pyreadstat.read_dta(tmp_path / "x" / "stata" / "months.dta")
    np.testing.assert_array_equal(months["condition_security"], sweep.months["condition.security"])
    assert said.column_names_to_labels["condition_security"] == "Condition: Security"
    assert "names that Stata or SPSS refuse are changed there" in made.notes[0]
    renamed = json.loads((tmp_path / "x" / "export.json").read_text(encoding="utf-8"))["renamed"]
    assert renamed["design"] == {"government.budget": "government_budget"}
    told = pd.read_csv(tmp_path / "x" / "csv" / "dictionary.csv", encoding="utf-8-sig").set_index(["table", "column"])
    assert told.loc[("runs", "government.budget"), "statistics_name"] == "government_budget"
    found = pd.read_csv(tmp_path / "x" / "csv" / "differences.csv", encoding="utf-8-sig")
    wanted = sweep.differences("cost_total")
    np.testing.assert_allclose(found[found["outcome"] == "cost_total"]["difference"], wanted["difference"])


def test_an_unfinished_sweep_is_exported_as_far_as_it_is(sweep, tmp_path, monkeypatch):
    state = sweep.state
    state.forget(0)
    state.settle(1, "failed", "ZeroDivisionError: nobody pays", (np.nan,) * 4)
    monkeypatch.setattr(type(sweep), "state", property(lambda _: state))
    made = export(sweep, tmp_path / "x", formats=["csv", "xlsx", "sav"])
    assert made.missing == ("of 12 runs 1 failed and 1 are not made",)
    runs, _ = pyreadstat.read_sav(tmp_path / "x" / "spss" / "runs.sav", apply_value_formats=True)
    assert runs["status"].tolist()[:3] == ["not run", "failed", "done"]
    assert runs["error"].tolist()[1] == "ZeroDivisionError: nobody pays"
    assert runs["cost_total"].isna().tolist()[:3] == [True, True, False]


def test_the_command_writes_beside_the_result(tmp_path, monkeypatch):
    cosim = [sys.executable, "-m", "cosim"]
    place = tmp_path / "结果"
    subprocess.run([*cosim, "run", "village", "--months", "3", "-o", str(place)], check=True, capture_output=True)
    done = subprocess.run([*cosim, "export", str(place), "--lang", "zh"], check=True, capture_output=True, text=True)
    assert f"export: {place / 'export'}" in done.stderr
    mark = json.loads((place / "export" / "export.json").read_text(encoding="utf-8"))
    assert mark["formats"] == list(FORMATS)
    assert mark["command"] == "cosim run village --replicates 1 --seed 1 --months 3"
    assert set(mark["files"]) == set(contents(place / "export")) - {"export.json"}
