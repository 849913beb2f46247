"""What cannot be exported is refused in words; a study that lacks something is exported as far as it goes."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
from small_exports import contents, small_sweep
from small_sweeps import make_here
from typer.testing import CliRunner

from cosim import cli
from cosim.compare import compare_study, summarise
from cosim.compare.comparison import beside_no_reform
from cosim.export.exporting import export
from cosim.export.network import Asked
from cosim.report.files import files_of
from cosim.scenario import ScenarioError, load_scenario
from cosim.study import OutputError, run_study, write_study

MONTHS = {"study.months": 2, "study.warmup_months": 1}
TABLES = ["csv", "parquet", "xlsx", "dta", "sav", "datapackage"]


@pytest.fixture(scope="module")
def summary():
    return summarise(run_study([load_scenario("village", MONTHS)], jobs=1))


def command(*words):
    return CliRunner().invoke(cli.app, ["export", *map(str, words)])


def test_an_unknown_format_is_refused_with_what_was_meant(tmp_path):
    done = command(tmp_path, "--format", "xslx")
    assert done.exit_code == 2
    assert "there is no 'xslx'" in done.stderr
    assert "allowed: csv, parquet, xlsx, dta, sav, graphml, gexf, datapackage" in done.stderr
    assert "did you mean 'xlsx'?" in done.stderr


def test_a_data_package_of_nothing_is_refused(summary, tmp_path):
    with pytest.raises(ScenarioError, match="describes CSV or Parquet files, and neither is asked for"):
        export(summary, tmp_path / "x", formats=["datapackage", "xlsx"])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "nothing", "is not there"),
        (lambda folder: folder, "holds no result of cosim"),
        (lambda folder: _lost(folder), r"lacks months.parquet"),
    ],
    ids=["no folder", "no result", "published without its large tables"],
)
def test_a_folder_that_is_no_result_is_refused(summary, tmp_path, make, words):
    (tmp_path / "a.txt").write_text("mine")
    write_study(summary.study, tmp_path / "result", files_of(summary))
    done = command(make(tmp_path))
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def _lost(folder):
    (folder / "result" / "months.parquet").unlink()
    return folder / "result"


def test_foreign_files_are_left_alone(summary, tmp_path):
    place = tmp_path / "x"
    export(summary, place, formats=["csv"])
    (place / "csv" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds files that are not cosim's \(csv/notes.txt\); it is left alone"):
        export(summary, place, formats=["csv"])
    assert (place / "csv" / "notes.txt").read_text() == "mine"
    (place / "csv" / "notes.txt").unlink()
    made = export(summary, place, formats=["parquet"])
    assert set(contents(place)) == {*made.files, "export.json"}


def test_a_folder_of_something_else_is_left_alone(summary, tmp_path):
    write_study(summary.study, tmp_path / "result", files_of(summary))
    before = contents(tmp_path / "result")
    with pytest.raises(OutputError, match="exists and is not an export of cosim; it is left alone"):
        export(summary, tmp_path / "result", formats=["csv"])
    assert contents(tmp_path / "result") == before


def test_an_export_goes_with_the_result_that_it_is_of(summary, tmp_path):
    write_study(summary.study, tmp_path / "result", files_of(summary))
    export(summary, tmp_path / "result" / "export", formats=["csv"])
    write_study(summary.study, tmp_path / "result", files_of(summary))
    assert not (tmp_path / "result" / "export").exists()


def test_a_place_that_cannot_be_written_is_told(summary, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"is a file\. Exports need a folder: choose another with -o"):
        export(summary, tmp_path / "file", formats=["csv"])
    with pytest.raises(OutputError, match="cannot be written"):
        export(summary, tmp_path / "file" / "below", formats=["csv"])


def test_a_failed_export_leaves_the_earlier_one(summary, tmp_path, monkeypatch):
    export(summary, tmp_path / "x", formats=["csv"])
    before = contents(tmp_path / "x")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cosim.export.exporting.write_csv", full)
    with pytest.raises(OutputError, match="There is no room left on the disk"):
        export(summary, tmp_path / "x", formats=["csv"])
    assert contents(tmp_path / "x") == before
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(months=(2,)), "village has no month 2\n    allowed: -1 to 1"),
        (Asked(replicate=2), "there is no replicate 2\n    allowed: 1"),
    ],
)
def test_a_network_that_there_is_not_is_refused(summary, tmp_path, asked, words):
    with pytest.raises(ScenarioError) as refused:
        export(summary, tmp_path / "x", asked=asked)
    assert words in str(refused.value)
    assert not (tmp_path / "x").exists()


def test_one_replicate_constant_and_unknown_outcomes_are_exported(tmp_path):
    found = compare_study(run_study(beside_no_reform([load_scenario("village", MONTHS)]), jobs=1))
    assert np.isnan(found.outcomes["low"]).all()
    found.study.months["wait"] = np.nan
    found.study.months["residents"] = 12.0
    export(found, tmp_path / "x", formats=TABLES)
    months = pd.read_csv(tmp_path / "x" / "csv" / "months.csv", encoding="utf-8-sig")
    assert months["wait"].isna().all()
    assert (pd.read_stata(tmp_path / "x" / "stata" / "months.dta")["residents"] == 12).all()


def test_a_study_that_was_stopped_says_what_is_missing(tmp_path):
    study = run_study([load_scenario("village", MONTHS)], replicates=2, jobs=1)
    study.runs.loc[1, "status"] = "not run"
    object.__setattr__(study, "stopped", True)
    made = export(summarise(study), tmp_path / "x", formats=["csv", "xlsx"])
    assert made.missing == ("stopped by Ctrl-C: 1 of 2 replicates is finished and is used",)
    told = pd.read_csv(tmp_path / "x" / "csv" / "provenance.csv", encoding="utf-8-sig").set_index("what")["value"]
    assert told["Missing"] == made.missing[0]
    assert json.loads((tmp_path / "x" / "export.json").read_text(encoding="utf-8"))["missing"] == list(made.missing)


def test_boxes_without_scikit_learn_are_told_as_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("cosim.study.sweep.sweeping.is_warm", lambda: True)
    make_here(monkeypatch)
    sweep = small_sweep(tmp_path, replicates=1)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    made = export(sweep, tmp_path / "x", formats=["csv"])
    assert made.missing == (
        'boxes cannot be told: boxes need scikit-learn, which is not installed, pip install "cosim-community[stats]"',
    )
    assert "csv/boxes.csv" not in made.files
