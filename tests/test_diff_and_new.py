"""What differs between two scenarios, and the file of a new one."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cosim import cli
from cosim.report.difference import difference, difference_page
from cosim.report.parameters import parameters
from cosim.report.template import new_scenario
from cosim.scenario import ScenarioError, load_scenario, shipped_scenarios
from cosim.scenario.keys import keys_of, mechanism_keys, schema_keys
from cosim.scenario.same_people import check_same_people
from cosim.scenario.schema import Scenario


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def command(*words):
    return CliRunner().invoke(cli.app, list(words))


def refused(*words):
    result = command(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


# One walk over the schema's keys


def test_every_key_of_a_scenario_is_a_key_of_the_schema_and_a_line_of_the_table():
    known = {key.dotted for key in schema_keys(Scenario)}
    for key in keys_of(load_scenario("reform_2018", {"supply.heating.mode": "grant"})):
        general = re.sub(r"^(categories|supply)\.\w+\.", r"\1.*.", key.dotted)
        assert general in known
    of_mechanisms = {key.dotted for key in mechanism_keys()}
    assert known | of_mechanisms == {f"{it.section}.{it.name}".lstrip(".") for it in parameters()}


# Diff


def test_levers_are_told_with_their_price_and_what_modes_resolve_to():
    a, b = load_scenario("single_centre"), load_scenario("multi_centre")
    found = difference(a, b)
    assert found.facts == []
    assert not any(found.shocks.values())
    visits = next(it for it in found.levers if it.key == "party_leads.visits")
    assert (visits.a, visits.b) == (0.0, 1.0)
    assert "hours_per_visit" in visits.price
    supplied = {it.category: it for it in found.supply}
    assert set(supplied) == {name for name in a.categories if a.mode_of(name) != b.mode_of(name)}
    assert supplied["water"].a["mode"] == "direct"
    assert supplied["water"].b["payers"] == {"government": 0.5, "partner": 0.5}
    text = difference_page(found)
    assert "FACTS" not in text
    assert "party_leads.visits: 0.0 → 1.0" in text
    assert max(map(len, text.splitlines())) <= 98


def test_every_lever_that_was_set_is_found_and_nothing_else():
    changed = {"party_leads.visits": 3.0, "deliberate.call": True, "renovation.grant": 500.0}
    base = load_scenario("multi_centre")
    found = difference(base, load_scenario(base, changed))
    assert {it.key: it.b for it in found.levers} == changed
    assert found.supply == []


def test_facts_come_first_with_a_warning_and_are_those_for_which_compare_refuses():
    a, b = load_scenario("ly"), load_scenario("premortem_overload")
    found = difference(a, b)
    assert [it.key for it in found.facts] == ["population.member_share"]
    with pytest.raises(ScenarioError) as refused_too:
        check_same_people([a, b], ["ly", "premortem_overload"])
    assert [problem.key for problem in refused_too.value.problems[1:]] == ["population.member_share"]
    text = difference_page(found)
    assert text.index("FACTS") < text.index("population.member_share") < text.index("Levers")
    assert "not the same people" in " ".join(text.split())


def test_an_override_that_says_what_the_mode_says_anyway_supplies_nothing_otherwise():
    base = load_scenario("multi_centre")
    found = difference(base, load_scenario(base, {"supply.water.mode": base.mode_of("water")}))
    assert [(it.key, it.a) for it in found.levers] == [("supply.water.mode", "not set")]
    assert found.supply == []


def test_changes_and_shocks_that_only_one_has_are_told():
    Path("later.toml").write_text(
        'extends = "multi_centre"\n[[changes]]\nmonth = 36\nset.party_leads.visits = 2.0\n'
        '[[shocks]]\nmonth = 40\nkind = "flood"\n'
    )
    result = command("diff", "multi_centre", "later.toml")
    assert "only in B, month 36: party_leads.visits = 2.0" in result.stdout
    assert "only in B, month 40: flood, size 0.4" in result.stdout
    assert "FACTS" in result.stdout
    document = json.loads(command("diff", "multi_centre", "later.toml", "--format", "json").stdout)
    assert document["changes"] == {"a": [], "b": [{"month": 36, "set": {"party_leads.visits": 2.0}}]}
    assert document["comparable"] is False


def test_replicates_may_differ():
    Path("often.toml").write_text('extends = "ly"\n[study]\nreplicates = 3\n')
    document = json.loads(command("diff", "ly", "often.toml", "--format", "json").stdout)
    assert [it["key"] for it in document["settings"]] == ["study.replicates"]
    assert document["comparable"] is True


def test_nothing_differs():
    result = command("diff", "ly", "single_centre")
    assert result.exit_code == 0
    assert "Nothing differs" in result.stdout


def test_diff_refuses_what_is_no_scenario():
    assert "did you mean 'multi_centre'?" in refused("diff", "ly", "multi_center")


# New


@pytest.mark.parametrize("parent", sorted(shipped_scenarios()))
def test_a_new_scenario_loads_and_is_its_parent(parent):
    made = new_scenario(Path("mine.toml"), parent, 'A "title"')
    assert made.title == 'A "title"'
    assert difference(load_scenario(parent), made).nothing
    assert command("validate", "mine.toml").stdout.startswith("ok  mine.toml\n")


def test_every_lever_stands_in_the_file_at_its_present_value():
    new_scenario(Path("mine.toml"), "multi_centre")
    text = Path("mine.toml").read_text()
    levers = [key for key in keys_of(load_scenario("multi_centre")) if key.lever]
    assert len(levers) > 50
    for key in levers:
        table = text.split(f"\n[{key.table}]\n")[1].split("\n[")[0]
        assert f"\n#{key.name} = " in table
        assert key.about["label"]["en"].split()[0] in table
        assert " ".join(key.about["price"].split()) in " ".join(table.replace("\n# ", " ").split())


@pytest.mark.parametrize("parent", ["single_centre", "multi_centre", "reform_2018", "premortem_capture"])
def test_each_line_is_valid_when_its_sign_is_taken_away(parent):
    new_scenario(Path("mine.toml"), parent)
    text = Path("mine.toml").read_text()
    levers, events = text.split("#[[changes]]")
    usual = load_scenario("mine.toml")
    lines = levers.splitlines()
    commented = [k for k, line in enumerate(lines) if re.match(r"#\S", line)]
    assert len(commented) > 100
    for k in commented if parent == "multi_centre" else commented[::7]:
        Path("mine.toml").write_text("\n".join([*lines[:k], lines[k][1:], *lines[k + 1 :]]))
        assert load_scenario("mine.toml").model_copy(update={"supply": usual.supply}) == usual
    Path("mine.toml").write_text(re.sub(r"(?m)^#(?=\S)", "", levers))
    for name in usual.categories:
        assert load_scenario("mine.toml").arrangement(name) == usual.arrangement(name)
    Path("mine.toml").write_text(levers + re.sub(r"(?m)^#(?=\S)", "", "#[[changes]]" + events))
    made = load_scenario("mine.toml")
    assert len(made.changes) == len(made.shocks) == 1
    assert made.changes[0].levers[0][1] != usual.party_leads.visits


def test_a_scenario_may_extend_a_file_beside_it():
    Path("there").mkdir()
    Path("there/base.toml").write_text('extends = "ly"\n[party_leads]\nvisits = 2.5\n')
    assert command("new", "there/mine.toml", "--extends", "base", "--title", "Mine").exit_code == 0
    assert "#visits = 2.5" in Path("there/mine.toml").read_text()
    assert load_scenario("there/mine.toml").party_leads.visits == 2.5


def test_an_existing_file_is_left_alone():
    Path("mine.toml").write_text("kept")
    assert "this file exists" in refused("new", "mine.toml")
    assert Path("mine.toml").read_text() == "kept"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mine.tml"], "ends in .toml"),
        (["mine"], "call it mine.toml"),
        ([".toml"], "ends in .toml"),
        (["my scenario.toml"], "cannot be named 'my scenario'"),
        (["ly.toml"], "a shipped scenario is named 'ly'"),
        (["nowhere/mine.toml"], "mkdir -p nowhere"),
        (["mine.toml", "--extends", "multi_center"], "did you mean 'multi_centre'?"),
        (["mine.toml", "--extends", "../ly"], "leads out of the folder"),
        (["x" * 300 + ".toml"], "cannot be written"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(words, said):
    assert said in refused("new", *words)
    assert list(Path().iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(monkeypatch):
    opened = Path.open

    def closed(path, mode="r", **how):
        if "x" in mode:
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, **how)

    monkeypatch.setattr(Path, "open", closed)
    assert "cannot be written: Permission denied" in refused("new", "mine.toml")
    assert not Path("mine.toml").exists()


def test_the_commands_are_named_in_the_help():
    text = command("--help").stdout
    for name in ("trace", "diff", "new"):
        assert f"\n  {name} " in text
