"""The catalogue of figures: each from every result that suits it, in both languages, and nothing lies over anything."""

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from figure_layout import misplaced, texts
from pypdf import PdfReader
from test_patterns_figure import ALL
from typer.testing import CliRunner

import cosim
from cosim import cli
from cosim.compare import summarise
from cosim.display import style
from cosim.display.figures.courses import comparison_figure
from cosim.display.style import FORMATS, as_bytes
from cosim.ensemble.kept import Effects, read_effects
from cosim.language import ENGLISH, language
from cosim.patterns import as_records
from cosim.report.figures import CATALOGUE, entry_of, pages, read_saved, scenarios_of
from cosim.report.patterns import Answers
from cosim.scenario import ScenarioError, load_scenario
from cosim.study import OutputError, run_study, write_study
from cosim.study.sweep import sweep

ROOT = Path(__file__).parent.parent
SHORT = {"study.months": 14, "study.warmup_months": 2}
REFORM = {"supply.mode": "multi_centre", "residents_order.order_desk": True, "deliberate.meetings": 6}
CHINESE = language("zh")
BOTH = pytest.mark.parametrize("say", [ENGLISH, CHINESE], ids=["en", "zh"])
NAMES = [
    "courses", "forest", "individuals", "funnel", "trust", "costs", "supply", "network", "controls", "ensemble",
    "phase", "sensitivity", "patterns",
]  # fmt: skip
OF_COMPARISONS = NAMES[:8]
OF_RUNS = ["courses", "funnel", "trust", "costs", "supply", "network"]


def village(name="village", **settings):
    return load_scenario("village", SHORT | settings).model_copy(update={"name": name})


@pytest.fixture(scope="module")
def comparison():
    arms = [village(), village("multi_centre", **REFORM)]
    return cosim.compare(arms, replicates=3, jobs=1, controls=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def sweeps(place):
    """A grid of two factors, a line of one, and a screening, each of two scenarios."""
    reform = place / "governed.toml"
    reform.write_text('extends = "village"\n[residents_order]\norder_desk = true\n', encoding="utf-8")
    base = {
        "scenarios": ["village", str(reform)], "record_every": 0, "replicates": 2,
        "settings": {"study.months": 3, "study.warmup_months": 1},
        "outcomes": ["participation", "voice", "trust_government.migrant", "cost_total", "wait.heating"],
    }  # fmt: skip
    budget, coordination = "government.budget", "partners_deliver.coordination"
    designs = {
        "grid": {"factors": {budget: [60.0, 180.0], coordination: [0.0, 0.5, 1.0]}},
        "line": {"factors": {budget: [60.0, 120.0, 180.0]}},
        "screening": {
            "design": {"method": "morris", "trajectories": 2, "levels": 4},
            "factors": {budget: {"low": 60.0, "high": 180.0}, "deliberate.meetings": {"low": 1, "high": 6}},
        },
    }
    return {name: sweep({**base, "name": name, **said}, output=place / name, jobs=1) for name, said in designs.items()}


@pytest.fixture(scope="module")
def results(comparison, sweeps):
    """A result of every kind, and of sizes that figures must stand."""
    arms = [village(), village("multi_centre", **REFORM)]
    more = [*arms, village("bare_multi_centre", **{"supply.mode": "multi_centre"}), village("党建引领 与 群众下单")]
    worlds = [{"population.free_riders": share} for share in (0.2, 0.3, 0.4)]
    shipped = read_effects(ROOT / "results" / "ensemble")
    made_up = shipped.table[["scenario", "against", "outcome", "median"]].rename(columns={"median": "difference"})
    return {
        "comparison": comparison,
        "four": cosim.compare(more, replicates=2, jobs=1),
        "one replicate": cosim.compare(arms, replicates=1, jobs=1),
        "worlds": cosim.compare(arms, worlds=worlds, jobs=1),
        "run": summarise(run_study([village()], replicates=3, jobs=1)),
        "one run": summarise(run_study([village()], replicates=1, jobs=1)),
        "calibration": shipped,
        "calibration with its runs": Effects(shipped.table, pd.concat([made_up.assign(set=k) for k in range(3)])),
        "answers": Answers(as_records(ALL)),
        "one answer": Answers(as_records(ALL[6:7])),
        **sweeps,
    }


EXPECTED = {
    "comparison": [*OF_COMPARISONS, "controls"],
    "four": OF_COMPARISONS,
    "one replicate": OF_COMPARISONS,
    "worlds": [*OF_COMPARISONS, "ensemble"],
    "run": OF_RUNS,
    "one run": OF_RUNS,
    "calibration": ["ensemble"],
    "calibration with its runs": ["ensemble"],
    "answers": ["patterns"],
    "one answer": ["patterns"],
    "grid": ["phase"],
    "line": ["phase"],
    "screening": ["sensitivity"],
}


def test_the_catalogue_is_complete():
    assert sorted(entry.name for entry in CATALOGUE) == sorted(NAMES)
    modules = {path.stem for path in (ROOT / "cosim" / "display" / "figures").glob("[!_]*.py")} - {"marks"}
    assert modules == set(NAMES)
    assert all(entry.en and entry.zh and entry.sources for entry in CATALOGUE)


@BOTH
@pytest.mark.parametrize("kind", list(EXPECTED))
def test_every_figure_that_a_result_gives_is_drawn_and_nothing_lies_over_anything(results, kind, say):
    """Warnings are errors, so that a sign without type would be one, too."""
    result = results[kind]
    found = [entry for entry in CATALOGUE if not entry.why_not(result)]
    assert sorted(entry.name for entry in found) == sorted(EXPECTED[kind])
    faults = {}
    for entry in found:
        drawn = dict(pages(entry, result, scenarios_of(result)[-1] if entry.each else "", say))
        assert drawn
        faults |= {name: wrong for name, page in drawn.items() if (wrong := misplaced(page))}
    assert faults == {}


def test_a_figure_speaks_chinese(results):
    for kind, names in EXPECTED.items():
        for name in names:
            entry, result = entry_of(name), results[kind]
            for _, page in pages(entry, result, scenarios_of(result)[-1] if entry.each else "", CHINESE):
                said = [text.get_text() for text in texts(page)]
                words = [part for part in said if re.search("[A-Za-z]{3}", part) and not KNOWN.search(part)]
                assert words == [], f"{name} of {kind}"
        break


KNOWN = re.compile(r"cosim|village|[a-z]+[._][a-z]+")
"""Where English may stand in a Chinese figure: names of users and keys."""


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_figure_is_the_same_bytes(comparison, kind):
    assert as_bytes(comparison.plot("zh"), kind) == as_bytes(comparison.plot("zh"), kind)


def fonts(content):
    """Return the kind and the embedded file of every font of a PDF."""
    (page,) = PdfReader(io.BytesIO(content)).pages
    for font in page["/Resources"]["/Font"].values():
        kind = font.get_object()
        inner = kind["/DescendantFonts"][0].get_object() if "/DescendantFonts" in kind else kind
        yield str(kind["/Subtype"]), inner.get("/FontDescriptor", {})


def test_a_pdf_brings_its_type(comparison):
    english = list(fonts(as_bytes(comparison.plot(), "pdf")))
    assert english
    assert all(kind in ("/Type0", "/TrueType") and "/FontFile2" in font for kind, font in english)
    chinese = list(fonts(as_bytes(comparison.plot("zh"), "pdf")))
    assert all(kind == "/Type3" or "/FontFile2" in font for kind, font in chinese)


def test_curves_can_be_told_apart_in_grey_and_bands_have_edges(results):
    axis = results["four"].plot().axes[0]
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in axis.lines[:4]}) == 4
    assert all(band.get_edgecolor()[0][3] > band.get_facecolor()[0][3] for band in axis.collections[:4])
    every = style.strokes(24)
    assert len({(colour, str(dashes)) for colour, dashes in every}) == 24


def test_one_replicate_has_no_bands_and_says_so(results):
    figure = results["one replicate"].plot()
    assert not any(axis.collections for axis in figure.axes)
    assert "One replicate: no bands." in figure.get_supxlabel()
    assert "仅重复一次" in results["one run"].plot("zh").get_supxlabel()


@pytest.mark.parametrize("value", [0.0, 0.5, np.nan])
def test_outcomes_that_are_constant_or_not_known_are_drawn(comparison, value):
    columns = ["participation", "trust_neighbours", "fee_collection", "cost_total"]
    months = comparison.study.months.assign(**dict.fromkeys(columns, value))
    assert misplaced(comparison_figure(replace(comparison.study, months=months))) == []


def test_a_name_in_chinese_has_type_in_an_english_figure(results):
    assert any("党建引领" in text.get_text() for text in texts(results["four"].plot()))


def test_there_is_no_figure_in_a_language_that_there_is_not(comparison):
    with pytest.raises(ValueError, match="no language 'fr'"):
        comparison.plot("fr")


# Folders and the command


@pytest.fixture(scope="module")
def folder(comparison, place):
    from cosim.report.files import files_of

    return write_study(comparison.study, place / "结果 一", files_of(comparison), "cosim compare village")


def plot(*words):
    return CliRunner().invoke(cli.app, ["plot", *map(str, words)])


def test_a_folder_says_what_can_be_drawn_of_it(folder):
    said = plot(folder)
    assert said.exit_code == 0
    can, others = said.stdout.split("Others:\n")
    assert [line.split()[0] for line in can.splitlines()[1:]] == [*OF_COMPARISONS, "controls"]
    assert "sensitivity  Which factors matter: needs a sweep by Morris or Sobol (`cosim sweep screening`)" in others
    assert "各可信世界中的效应" in plot(folder, "--lang", "zh").stdout


def test_figures_go_where_they_should(folder, tmp_path):
    said = plot(folder, "courses", "--format", "svg", "--format", "pdf")
    assert said.exit_code == 0, said.output
    assert sorted(path.name for path in (folder / "figures").iterdir()) == ["courses.pdf", "courses.svg"]
    assert plot(folder, "forest", "--lang", "zh", "-o", tmp_path / "图 表").exit_code == 0
    assert (tmp_path / "图 表" / "forest.zh.png").read_bytes().startswith(b"\x89PNG")
    assert plot(folder, "funnel", "-o", tmp_path / "one.pdf").exit_code == 0
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    assert read_saved(folder).study.labels == ("village", "multi_centre")


def test_all_figures_are_drawn_of_a_sweep(sweeps, tmp_path):
    said = plot(sweeps["grid"].path, "all", "-o", tmp_path)
    assert said.exit_code == 0, said.output
    assert [path.name for path in tmp_path.iterdir()] == ["phase.png"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["corses"], "there is no 'corses'\n    allowed: courses, forest"),
        (["corses"], "did you mean 'courses'?"),
        (["phase"], "FIGURE: phase\n    needs a sweep (`cosim sweep phase_diagram`)"),
        (["courses", "--scenario", "multi_centre"], "this figure shows all scenarios at once"),
        (["network", "--scenario", "multi_center"], "did you mean 'multi_centre'?"),
        (["courses", "-o", "x.jpg"], "no .jpg file can be written\n    allowed: .png, .svg, .pdf"),
        (["courses", "-o", "x.svg", "--format", "pdf"], "its name ends with .svg, and pdf"),
        (["all", "-o", "x.svg"], "one file holds one figure, and there are 9"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(folder, words, text):
    said = plot(folder, *words)
    assert said.exit_code == 2
    assert text in said.stderr
    assert "Traceback" not in said.output


def test_a_place_that_cannot_be_written_is_named(folder, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    said = plot(folder, "courses", "-o", tmp_path / "file")
    assert said.exit_code == 2
    assert "cannot be written" in said.stderr
    assert plot(tmp_path / "nowhere").exit_code == 2


def test_without_a_chinese_font_figures_are_english_and_a_line_says_so(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    said = plot(folder, "courses", "--lang", "zh", "-o", tmp_path)
    assert said.exit_code == 0
    assert said.stderr.count(style.NO_CHINESE_FONT) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["courses.png"]


def test_results_that_lack_something_say_what(results, comparison):
    assert "no register" in entry_of("individuals").why_not(replace(comparison, twins=pd.DataFrame()))
    assert "is no line and no grid" in entry_of("phase").why_not(results["screening"])
    with pytest.raises(ScenarioError, match="needs a comparison with controls"):
        list(pages(entry_of("controls"), results["four"], "", ENGLISH))


def test_folders_of_calibrations_and_patterns_are_known(tmp_path):
    assert isinstance(read_saved(ROOT / "results" / "ensemble"), Effects)
    (tmp_path / "effects.csv").write_text("scenario,outcome\n", encoding="utf-8")
    with pytest.raises(OutputError, match="lacks against"):
        read_saved(tmp_path)
    (tmp_path / "patterns.json").write_text("[{}]", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be read"):
        read_saved(tmp_path)
