"""Pages about results: all in one file, right HTML, the same bytes each time, whatever the result is."""

import json
import re
import shutil
from dataclasses import replace

import html5lib
import pandas as pd
import pytest
from small_sweeps import experiment, make_here, run_here
from typer.testing import CliRunner

from cosim.cli import app
from cosim.compare import compare, compare_study, summarise
from cosim.compare.saved import read_result
from cosim.display import style
from cosim.language import language
from cosim.report.files import files_of
from cosim.report.page import drawings, report, sure
from cosim.report.page.provenance import citation
from cosim.report.page.sure import effects_of
from cosim.report.page.sweep import box_words
from cosim.scenario import load_scenario
from cosim.scenario.reading import shipped_folder
from cosim.study import OutputError, run_study, write_study
from cosim.study.sweep.files import read_mark

EN, ZH = language("en"), language("zh")
LINK = re.compile(r"""(?:src|href|xlink:href|srcset|action|data)\s*=\s*["'](?!#)|url\((?!#)|@import|https?://""")
RUN = CliRunner()


@pytest.fixture(scope="module")
def comparison():
    return compare(("village",), replicates=3, months=18, jobs=1)


@pytest.fixture(scope="module")
def folder(comparison, tmp_path_factory):
    place = tmp_path_factory.mktemp("报告") / "比较"
    return write_study(comparison.study, place, files_of(comparison), "cosim compare village --months 18")


@pytest.fixture
def plain(monkeypatch):
    """Leave out figures where a test is about something else."""
    for name in [name for name in vars(drawings) if name.startswith("of_")]:
        monkeypatch.setattr(drawings, name, lambda *_: ())


def check_page(page):
    """Parse a page strictly; check that it reaches for nothing, and that its parts have names of their own."""
    html5lib.HTMLParser(strict=True).parse(page)
    assert LINK.findall(page) == []
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
    used = re.findall(r'(?:href="#|url\(#|aria-labelledby=")([^")]+)', page)
    assert {part for name in used for part in name.split()} <= set(names)
    return page


@pytest.mark.parametrize(("say", "lang"), [(EN, "en"), (ZH, "zh-Hans")])
def test_a_comparison_has_its_page(folder, say, lang):
    page = check_page(report(read_result(folder), read_mark(folder), say))
    assert f'<html lang="{lang}">' in page
    assert page.count("<svg") == 4
    assert page.count("<title") == 1 + page.count("<svg")
    assert page.count("<h1>") == 1
    assert "cosim compare village --months 18 --controls" in page
    assert len(page.encode()) < 5e6


def test_the_same_result_gives_the_same_bytes(folder):
    made = [RUN.invoke(app, ["report", str(folder), "--lang", "zh", "-o", str(folder / f"{n}.html")]) for n in "ab"]
    assert [it.exit_code for it in made] == [0, 0], made[0].output
    assert (folder / "a.html").read_bytes() == (folder / "b.html").read_bytes()


def test_a_run_has_its_page():
    summary = summarise(run_study([load_scenario("village", {"study.months": 12})], jobs=1))
    page = check_page(report(summary, {"cosim": "0.1.0", "command": "cosim run village"}, EN))
    assert "One run: how much of this is luck is not known." in page
    assert "cosim run village" in page


def test_one_pair_has_its_page():
    page = check_page(report(compare(("village",), months=12, replicates=1, jobs=1), {}, EN))
    assert "One pair of runs cannot tell a difference from luck." in page


def test_several_arms_and_worlds_have_their_page(plain):
    arms = [load_scenario(name, {"study.months": 12}) for name in ("village", "village", "village")]
    arms = [arms[0].no_reform(), arms[1], load_scenario("village", {"study.months": 12, "party_leads.visits": 0.0})]
    page = check_page(report(compare(arms, replicates=2, jobs=1), {}, EN))
    assert page.count("Village instead of no reform: ") == 1
    assert page.count("Village (2) instead of no reform: ") == 1
    worlds = [{"trust.gain": 0.04}, {"trust.gain": 0.06}]
    page = check_page(report(compare(("village",), months=12, worlds=worlds, jobs=1), {}, EN))
    assert "In 2 pairs, each in a plausible world" in page


def test_controls_say_what_is_money():
    page = check_page(report(compare(("village",), months=6, replicates=2, controls=True, jobs=1), {}, ZH))
    assert "总资源相等" in page
    assert "第一种情景若可花费" in page


def test_a_title_is_no_html(comparison, plain):
    bad = [arm.model_copy(update={"title": "<script>alert(1)</script> & `x`"}) for arm in comparison.study.scenarios]
    page = check_page(report(replace(comparison, study=replace(comparison.study, scenarios=tuple(bad))), {}, EN))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; <code>x</code>" in page


def test_an_unfinished_study_says_so(comparison, plain):
    study = comparison.study
    runs = study.runs.copy()
    runs.loc[runs["replicate"] == 3, "status"] = "not run"
    page = check_page(report(compare_study(replace(study, runs=runs, stopped=True)), {}, EN))
    assert "Unfinished: 2 of 3 replicates" in page
    runs["status"] = "not run"
    with pytest.raises(OutputError, match="nothing to report yet"):
        report(compare_study(replace(study, runs=runs)), {}, EN)


def test_a_constant_and_a_missing_outcome_are_taken(comparison, plain):
    months = comparison.study.months.assign(turnout=float("nan"), fee_collection=0.5)
    page = check_page(report(compare_study(replace(comparison.study, months=months)), {}, EN))
    assert "Not known: turnout." in page


def test_a_sweep_has_its_page(tmp_path, monkeypatch):
    make_here(monkeypatch)
    study = run_here(experiment(tmp_path), tmp_path / "sweep")
    page = check_page(report(study, read_mark(study.path), EN))
    assert "12 of 12 runs are done; 0 failed, 0 are left." in page
    assert "trust in neighbours, long-term " in page
    check_page(report(study, read_mark(study.path), ZH))


def test_boxes_are_said_in_words():
    box = "government.budget below 60 and supply.mode is multi_centre and ties.pace from 0.1 to below 0.2"
    assert box_words(box, EN).startswith("Budget for projects below 60; Mode of supply is multi_centre; ")
    assert box_words(box, EN).endswith(" from 0.1 to below 0.2")
    assert box_words(box, ZH).startswith("项目预算低于 60；")
    assert box_words("everywhere", ZH) == "所有设计点"


def test_without_a_chinese_font_the_page_is_chinese_and_its_figures_english(folder, monkeypatch):
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    found = RUN.invoke(app, ["report", str(folder), "--lang", "zh"])
    assert found.exit_code == 0, found.output
    assert found.output.count("No font with Chinese was found") == 1
    page = (folder / "report.zh.html").read_text(encoding="utf-8")
    assert "图中文字为英文" in page
    (folder / "report.zh.html").unlink()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere is not there"),
        (["empty"], "holds no result of cosim"),
        (["{folder}", "-o", "file/page.html"], "cannot be written"),
        (["{folder}", "-o", "empty"], "cannot be written"),
    ],
    ids=["no folder", "no result", "below a file", "a folder"],
)
def test_what_cannot_be_done_is_refused_in_words(folder, tmp_path, monkeypatch, plain, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    found = RUN.invoke(app, ["report", *(word.format(folder=folder) for word in arguments)])
    assert found.exit_code == 2
    assert words in " ".join(found.output.split())
    assert "Traceback" not in found.output


def test_run_and_compare_write_pages_in_both_languages(tmp_path):
    place = tmp_path / "run"
    options = ["--months", "6", "-j", "1", "--report", "-o", str(place)]
    found = RUN.invoke(app, ["run", "village", *options])
    assert found.exit_code == 0, found.output
    pages = {name: (place / name).read_bytes() for name in ("report.en.html", "report.zh.html")}
    alone = RUN.invoke(app, ["report", str(place)])
    assert alone.exit_code == 0
    assert (place / "report.en.html").read_bytes() == pages["report.en.html"]
    assert RUN.invoke(app, ["run", "village", *options]).exit_code == 0, "a second time replaces the first"


def test_the_ensemble_speaks_of_shipped_scenarios_alone():
    first = load_scenario("single_centre")
    published = pd.read_csv(shipped_folder("results") / sure.EFFECTS)
    told = effects_of(first, load_scenario("multi_centre"))
    assert told.loc["participation", "worlds"] == published["worlds"].max()
    assert effects_of(first, load_scenario("multi_centre", {"party_leads.visits": 2.0})).empty
    assert effects_of(first, load_scenario("multi_centre", {"study.months": 60})).empty


def test_patterns_are_told_from_shipped_results(tmp_path, monkeypatch):
    monkeypatch.setattr(sure, "shipped_folder", lambda name: tmp_path / name)
    assert [part.kind for part in sure.about_patterns(EN)] == ["paragraph", "command"]
    (tmp_path / "results" / "patterns").mkdir(parents=True)
    found = [{"id": "V1", "verdict": "fail"}, {"id": "V8", "verdict": "pass"}, {"id": "C1", "verdict": "pass"}]
    (tmp_path / "results" / "patterns" / "patterns.json").write_text(json.dumps(found), encoding="utf-8")
    said, table = sure.about_patterns(EN)
    assert said.text.startswith("Of 2 patterns that were observed elsewhere")
    assert "meets 1, misses 1, and 0 are undecided" in said.text
    assert [row.cells for row in table.rows] == [["missed"], ["met"]]


def test_the_citation_is_that_of_the_file():
    said = citation(EN)
    assert said == (
        "cosim developers (2026). cosim: agent-based simulation of community co-governance (version 0.1.0) "
        "[computer software]."
    )


def test_nothing_of_this_machine_is_in_a_page(folder, tmp_path, plain):
    moved = tmp_path / "moved"
    shutil.copytree(folder, moved)
    pages = [report(read_result(place), read_mark(place), EN) for place in (folder, moved)]
    assert pages[0] == pages[1]
    assert str(folder) not in pages[0]
