"""The description of the model names all that there is, and nothing else; metadata say the same everywhere."""

import json
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import pytest
import yaml

import cosim
from cosim.month.phases import PHASES
from cosim.scenario import Scenario, load_scenario
from cosim.scenario.keys import ANY, keys_of, mechanism_keys, schema_keys
from cosim.scenario.mechanisms import mechanism_names
from cosim.version import VERSION

ROOT = Path(cosim.__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.append(str(DOCS))

from generated import constants, counts, ensemble, ly, mechanisms, structure, tests  # noqa: E402

ODD, ARTICLE, PARAMETERS, TRACE, DESIGN, COMSES = (
    (DOCS / f"{name}.md").read_text(encoding="utf-8")
    for name in ("odd", "article", "parameters", "trace_record", "design", "comses")
)
REFERENCES = (DOCS / "references.md").read_text(encoding="utf-8")
ELEMENTS = {
    "ODD": (
        "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
        "Design concepts", "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction",
        "Sensing", "Interaction", "Stochasticity", "Collectives", "Observation", "Initialisation", "Input data",
        "Submodels",
    ),
    "ODD+D": (
        "Theoretical and empirical background", "Individual decision-making", "Learning", "Individual sensing",
        "Individual prediction", "Interaction", "Collectives", "Heterogeneity", "Stochasticity", "Observation",
        "Implementation details", "Initialisation", "Input data", "Submodels",
    ),
    "TRACE": (
        "Problem formulation", "Model description", "Data evaluation", "Conceptual model evaluation",
        "Implementation verification", "Model output verification", "Model analysis", "Model output corroboration",
    ),
}  # fmt: skip
"""Elements of the protocols, by the names that these give them."""
CITED = re.compile(r"([A-ZÄÖÜ][\wäöü]+)(?: (?:&|and) [A-Z]\w+| et al\.)?,? ((?:(?:19|20)\d\d(?:, (?=\d))?)+)\b")
"""A name before a year, or before some."""
TOLD = {"1,730", "5,000", "278", "286"}
"""Numbers of sources: the article's households and residents, an article of the Civil Code, an experiment's people."""


def sections():
    """Return the tables of a scenario's file that are made of keys, in the order of the schema."""
    words = ("name", "title", "title_zh", "description")
    return [name for name in Scenario.model_fields if name not in words]


def test_every_phase_is_described_in_order():
    told = re.findall(r"^\d+\. \{py:func\}`~([\w.]+)`: .{20}", ODD, re.MULTILINE)
    assert told == [f"{phase.__module__}.{phase.__name__}" for phase in PHASES]


def test_the_figure_of_the_month_has_every_phase_in_order():
    drawing = runpy.run_path(str(DOCS / "images" / "model.py"))
    assert list(drawing["MONTH"]) == [phase.__name__ for phase in PHASES]


def test_figures_are_what_their_script_draws():
    drawing = runpy.run_path(str(DOCS / "images" / "model.py"))
    for name, text in drawing["drawn"]().items():
        assert (DOCS / "images" / name).read_text(encoding="utf-8") == text, "python docs/images/model.py"
        assert f"(images/{name})" in ODD


def test_every_rule_is_named_by_a_submodel():
    found = set(counts.rules())
    submodels = ODD[ODD.index("## 7. Submodels") :]
    assert [rule for rule in sorted(found) if f"`~cosim.rules.{rule[0]}.{rule[1]}`" not in submodels] == []
    named = {tuple(pair) for pair in re.findall(r"`~cosim\.rules\.(\w+)\.(\w+)`", ODD)}
    assert named - found == {("numeric", "logistic")}


@pytest.mark.parametrize("section", sections())
def test_every_section_of_a_scenario_is_described(section):
    if section == "changes":
        assert "`[[changes]]`" in ODD
    else:
        assert re.search(rf"\[`\[{section}[.…]*\]`\]\(parameters\.md#{section}\)", ODD)
    assert f"\n## {section}\n" in PARAMETERS


def test_the_parameter_page_has_every_key_once():
    asked = re.findall(r"^```\{generated\} ly (facts|levers) (\S+)$", PARAMETERS, re.MULTILINE)
    shown = [
        (f"{section}.{key}", kind == "levers")
        for kind, section in asked
        for key in re.findall(r"^\| `(\w+)` \|", ly.lines(kind, section), re.MULTILINE)
    ]
    keys = [(key.dotted, key.lever) for key in schema_keys(Scenario) if key.table]
    events = {"shocks.month", "shocks.kind", "shocks.category", "shocks.partner", "shocks.size", "changes.month"}
    assert sorted(shown) == sorted([*keys, *((event, False) for event in events)])


@pytest.mark.parametrize("name", mechanism_names())
def test_every_mechanism_has_its_row_and_its_parameters(name):
    assert f"[`{name}`](parameters.md#mechanisms{name})" in mechanisms.lines()
    tables = ly.lines("mechanisms")
    assert f"### mechanisms.{name}\n" in tables
    keys = [key.name for key in mechanism_keys() if key.table == f"mechanisms.{name}"]
    assert [key for key in keys if f"| `{key}` |" not in tables] == []


def test_the_parameter_page_tells_the_values_of_the_compound():
    household = next(line for line in ly.lines("facts", "population").splitlines() if "`households`" in line)
    assert household.startswith(f"| `households` | {load_scenario('ly').population.households:,} | households, 1 to ")
    visits = next(line for line in ly.lines("levers", "party_leads").splitlines() if "`visits`" in line)
    with_reform = load_scenario("multi_centre").party_leads.visits, load_scenario("reform_2018").party_leads.visits
    assert visits.startswith("| `visits` | 0 | {:g} | {:g} |".format(*with_reform))


def test_numbers_of_marks_add_up():
    whole = int(counts.value("keys"))
    assert sum(int(counts.value("mark", mark)) for mark in ("read", "derived", "calibrated", "assumed")) == whole
    assert counts.lines().splitlines()[-1].split(" | ")[-1] == f"{whole} |"
    assert int(counts.value("facts")) + int(counts.value("levers")) == whole


def test_numbers_in_the_code_are_found_with_their_meaning():
    said = constants.lines()
    meaning = "Condition to which a facility deteriorates without any care."
    assert f"| `RUIN` | 0.12 | {meaning} | `cosim/world/facilities.py` |" in said
    assert "| `LEAST_FAULT, LARGEST_FAULT` | 0.05, 0.3 |" in said
    assert "| `FIRST_ELECTION` | −12 |" in said
    assert "CONDITIONAL" not in said
    assert len(said.splitlines()) == int(constants.value()) + 2


def test_tests_are_counted():
    (row,) = tests.lines("description").splitlines()[2:]
    assert row.startswith("| `tests/test_description.py` | The description of the model names all that there is")
    here = Path(__file__).read_text(encoding="utf-8").count("\ndef test_")
    assert row.endswith(f"| {here} |")
    assert int(tests.value("functions").replace(",", "")) > here
    assert int(tests.value("modules")) == len(list(Path(__file__).parent.glob("test_*.py")))


def test_worlds_are_told_as_the_published_page_tells_them():
    page = " ".join((ROOT / "results" / "ensemble" / "ensemble.md").read_text(encoding="utf-8").split())
    numbers = {what: ensemble.value(what) for what in ("drawn", "kept", "varied", "told", "asked")}
    assert f"{numbers['drawn'].replace(',', '')} parameter sets" in page
    assert f"({numbers['varied']} parameters)" in page
    assert f"; {numbers['kept']} give the unreformed compound" in page
    assert f"tells something of {numbers['told']} of the {numbers['varied']} parameters" in page
    share = ensemble.value("raises", "multi_centre", "participation")
    assert f"it raises participation in {share}" in page
    assert ensemble.lines("told").count("\n") == 1 + int(numbers["told"])
    assert len(ensemble.lines("effects", "multi_centre", "reform_2018").splitlines()) == 2 + 2 * len(ensemble.LABELS)


@pytest.mark.parametrize("what", ["rungs", "modes", "anchors"])
def test_tables_that_the_code_holds_as_data_are_told(what):
    assert f"```{{generated}} structure {what}\n" in ODD
    assert len(structure.lines(what).splitlines()) > 4


@pytest.mark.parametrize("protocol", ELEMENTS)
def test_every_element_of_a_protocol_has_its_heading(protocol):
    page = TRACE if protocol == "TRACE" else ODD
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert [one for one in ELEMENTS[protocol] if not any(one.lower() in line.lower() for line in headings)] == []


@pytest.mark.parametrize("page", ["odd", "trace_record", "comses", "parameters"])
def test_everything_cited_is_in_the_list_of_references(page):
    listed = [row.split("|")[1] for row in REFERENCES.splitlines() if row.startswith("| ")]
    text = re.sub(r"^```.*?^```", "", (DOCS / f"{page}.md").read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    cited = {(name, year) for name, years in CITED.findall(" ".join(text.split())) for year in years.split(", ")}
    missing = {pair for pair in cited if not any(pair[0] in row and pair[1] in row for row in listed)}
    assert missing == set()
    if page == "odd":
        assert {("Grimm", "2010"), ("Müller", "2013"), ("Armitage", "2001"), ("Bekkers", "2012")} <= cited


def test_sources_that_pages_name_as_failing_do_fail():
    """Limits of use rest on verdicts; a pattern that comes to hold calls for another sentence."""
    found = json.loads((ROOT / "results" / "patterns" / "patterns.json").read_text(encoding="utf-8"))
    limits = ODD[ODD.index("It **must not** be used") : ODD.index("## 2. Entities")]
    simplified = TRACE[TRACE.index("## 4. Conceptual") : TRACE.index("## 5. Implementation")]
    holding = {record["id"] for record in found if record["verdict"] == "pass"}
    for text in (limits, simplified):
        named = set(re.findall(r"\(V\d+\)", text))
        assert named
        assert {f"({name})" for name in holding} & named == set()


@pytest.mark.parametrize("page", ["odd", "trace_record"])
def test_no_number_is_typed(page):
    """Counts, parameters and results come from the code; what is left are years, names, and numbers of a source."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\{\w+(?::\w+)?\}`[^`]*`|`[^`]*`|\]\([^)]*\)|^#+ .*|^\d+\. ", "", text, flags=re.MULTILINE)
    typed = set(re.findall(r"(?<![\w.])\d[\d,.]*(?![\w])", re.sub(r"\b(?:19|20)\d\d\b", "", text)))
    plain = {number.rstrip(".,") for number in typed}
    assert plain - TOLD - {str(digit) for digit in range(9)} == set()


def test_the_article_names_every_lever_and_no_key_that_is_not_there():
    keys = {key.dotted for key in schema_keys(Scenario)} | {key.dotted for key in keys_of(load_scenario("ly"))}
    levers = {key.dotted for key in schema_keys(Scenario) if key.lever and ANY not in key.dotted}
    named = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", ARTICLE))
    assert levers - named == set()
    sections = set(Scenario.model_fields)
    known = keys | {f"categories.{name}" for name in load_scenario("ly").categories}
    unknown = {key for key in named if key.split(".")[0] in sections} - known
    assert {key for key in unknown if not key.startswith("supply.")} == set()


@pytest.mark.parametrize("page", ["odd", "article", "trace_record", "design", "comses", "parameters"])
def test_files_that_pages_name_exist(page):
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    found = set(re.findall(r"`([\w./-]+\.(?:py|toml|md|json|cff|lock))`", text))
    places = (ROOT, ROOT / "cosim", ROOT / "tests", ROOT / "experiments")
    missing = {name for name in found if not any((place / name).exists() for place in places)}
    assert missing - {"study.json"} == set()


def test_metadata_agree():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    meta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert VERSION == package["version"] == citation["version"] == meta["version"]
    assert citation["title"] == meta["name"]
    assert package["description"].lower().startswith(citation["title"].removeprefix("cosim: ").split(" of ")[0].lower())
    assert package["license"] == citation["license"] == meta["license"].removeprefix("https://spdx.org/licenses/")
    authors = [author["name"] for author in package["authors"]]
    assert authors == [one["name"] for one in citation["authors"]] == [one["name"] for one in meta["author"]]
    assert package["keywords"] == citation["keywords"] == meta["keywords"]
    assert meta["softwareRequirements"] == package["dependencies"]
    assert citation["abstract"].split() == meta["description"].split()
    assert citation["date-released"] == meta["datePublished"]
    assert date.fromisoformat(meta["datePublished"])
    versions = [word.removeprefix("Programming Language :: ") for word in package["classifiers"] if ":: 3." in word]
    assert meta["runtimePlatform"] == [version.replace(" :: ", " ") for version in versions]


def test_the_citation_has_what_its_format_asks_for():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a repository can be archived")
def test_the_archive_holds_what_the_page_says(tmp_path):
    command = next(line for line in COMSES.splitlines() if line.startswith("git archive "))
    archive = tmp_path / "cosim.zip"
    words = [str(archive) if word == "cosim.zip" else word for word in command.split()]
    subprocess.run(words, cwd=ROOT, check=True)
    names = zipfile.ZipFile(archive).namelist()
    for part in ("cosim/community.py", "scenarios/ly.toml", "experiments/calibration.toml", "results/ly/outcomes.csv",
                 "tests/test_rules.py", "docs/odd.md", "requirements.lock", "LICENSE", "CITATION.cff"):  # fmt: skip
        assert f"cosim/{part}" in names
