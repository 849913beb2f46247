"""A scenario from a text that a stranger gives: as a file is read, but it reaches nothing and takes no time."""

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.language import language
from cosim.scenario import (
    ScenarioError,
    as_child,
    load_scenario,
    scenario_from_text,
    shipped_scenarios,
    to_toml,
)
from cosim.scenario.from_text import LARGEST_TEXT
from cosim.scenario.toml_text import DEEPEST, TooMuch, key_lines, parse, write_toml

SHIPPED = ", ".join(shipped_scenarios())
CHANGES = {
    "changes": [
        {"month": 3, "set": {"party_leads": {"visits": 2, "building_groups": True}}},
        {"month": 9, "set": {"supply": {"water": {"mode": "grant", "payers": {"government": 0.25, "partner": 0.75}}}}},
    ],
    "shocks": [{"month": 5, "kind": "failure", "category": "water"}],
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def error_of(text: str | bytes, overrides: dict[str, object] | None = None) -> ScenarioError:
    """Return the error of a stranger's text."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(text, "mine.toml", overrides)
    return caught.value


def refused(text: str | bytes, overrides: dict[str, object] | None = None) -> str:
    """Return the text with which a stranger's text is refused."""
    return str(error_of(text, overrides))


# As a file


def test_a_text_is_the_scenario_that_a_file_is():
    text = 'extends = "multi_centre"\ntitle = "郑州"\n[study]\nmonths = 7\n[supply.water]\nmode = "direct"\n'
    Path("mine.toml").write_text(text, encoding="utf-8")
    overrides = {"study.replicates": 3}
    made = scenario_from_text(text, "mine.toml", overrides)
    assert made == load_scenario("mine.toml", overrides)
    assert made == scenario_from_text(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "mine", overrides)
    assert made.name == "mine"


@pytest.mark.parametrize(
    "text",
    [
        'extends = "ly"\n[study]\nmonths = 0\nmontsh = 3\n[supply.watr]\nmode = "grant"\n',
        "a = 1\na = 2",
        "a = 'x",
        "a = 40%",
        "[study]\nmonths = 3\n",
        "",
        'extends = "ly"\nname = "x"\n',
        'extends = "ly"\n[[changes]]\nmonth = 900\nset.party_leads.visits = 1\n',
        "a = " + "[" * 3000,
        "a = " + "9" * 5000,
        "a." * 3000 + "a = 1",
    ],
    ids=lambda text: text[:30],
)
def test_what_is_wrong_is_told_as_of_a_file(text):
    Path("mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("mine.toml", {"study.warmup_months": -1})
    assert error_of(text, {"study.warmup_months": -1}).problems == caught.value.problems


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("mine.toml", "mine"), ("../../etc/my file.toml", "my file"), (r"C:\folder\mine.toml", "mine"), ("", "text"),
        (".toml", ".toml"), ("x" * 500, "x" * 100), ("郑州.toml", "郑州"),
    ],
)  # fmt: skip
def test_the_name_is_that_of_the_file_without_its_folders(name, kept):
    assert scenario_from_text('extends = "ly"\n', name).name == kept


# What it may not reach


@pytest.mark.parametrize(
    "given_", ["../ly", "/etc/passwd", "./ly", r"..\ly", "ly/../ly", "mine", "beside", "beside.toml", "/"]
)
def test_a_text_extends_no_file(given_):
    Path("beside.toml").write_text('extends = "ly"\n', encoding="utf-8")
    text = refused(f"extends = '{given_}'\n")
    assert text.startswith("mine.toml, line 1: extends\n")
    assert f"\n    allowed: a shipped scenario: {SHIPPED}" in text


def test_a_text_extends_every_shipped_scenario():
    for name in shipped_scenarios():
        made = scenario_from_text(f'extends = "{name}"\n', "mine")
        assert made == load_scenario(name).model_copy(update={"name": "mine"})


@pytest.mark.parametrize("parent", ["ly", "own_community"])
@pytest.mark.parametrize(
    "said",
    [
        '[population]\n{key} = "{value}"', 'population.{key} = "{value}"', 'population = {{{key} = "{value}"}}',
        '[population]\n"{key}" = "{value}"', "population.{key} = 3", 'population.{key} = ["{value}"]',
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["from", "households_from", "ties_from", "digest"])
def test_a_text_names_no_files_of_people(monkeypatch, folder, parent, said, key):
    file = folder / "people.csv"
    file.write_text("person,household\nsecret,1\n", encoding="utf-8")
    text = refused(f'extends = "{parent}"\n' + said.format(key=key, value=file))
    assert text == (
        f"mine.toml, line {text.split('line ')[1][0]}: population.{key}\n"
        "    a community from files cannot be given here\n"
        "    delete this key; cosim on your own machine reads such files"
    )
    overrides = {f"population.{key}": str(file)}
    assert refused('extends = "ly"\n', overrides).startswith(f"--set: population.{key}\n    a community from files")
    assert "a community from files" in refused('extends = "ly"\n', {"population": {key: str(file)}})


def test_no_file_is_opened_but_shipped_ones(monkeypatch, folder):
    opened = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read(path))
    monkeypatch.setattr("cosim.scenario.people.read_community", lambda paths: opened.extend(paths))
    (folder / "people.csv").write_text("person,household\na,1\n", encoding="utf-8")
    refused('extends = "ly"\n[population]\nfrom = "people.csv"\n')
    refused('extends = "ly"\n[[changes]]\nmonth = 3\nset.population.from = "people.csv"\n')
    assert set(opened) == {shipped_scenarios()["ly"]}


def test_a_shipped_community_from_files_can_be_changed():
    made = scenario_from_text('extends = "own_community"\n[party_leads]\nvisits = 2\n', "mine")
    assert (made.population, made.party_leads.visits) == (load_scenario("own_community").population, 2.0)


def test_people_drawn_instead_of_a_shipped_community_from_files():
    empty = "\n".join(f'{key} = ""' for key in ("from", "households_from", "ties_from", "digest"))
    made = scenario_from_text(f'extends = "own_community"\n[population]\n{empty}\nhouseholds = 900\n', "mine")
    assert made.population.households == 900


# What it may not cost

SIZE = LARGEST_TEXT - 100


def many(line: str, head: str = 'extends = "ly"\n', tail: str = "") -> str:
    """Return a text of numbered lines that is about as long as one may be."""
    number = (SIZE - len(head) - len(tail)) // (len(line) + 3)
    return head + "".join(line.format(n) for n in range(number)) + tail


COSTLY = {
    "a dotted key": "a." * (SIZE // 2 - 4) + "a = 1",
    "a dotted key of texts": '"a".' * (SIZE // 4 - 4) + "a = 1",
    "a dotted key with blanks": "a . " * (SIZE // 4 - 4) + "a = 1",
    "a dotted header": "[" + "a." * (SIZE // 2 - 4) + "a]",
    "dotted keys": many("k{}" + ".a" * (DEEPEST - 1) + " = 1\n"),
    "a dotted key inside a text": 'extends = "ly"\nstudy.months = "1\\na' + "\\u002ea" * 14_000 + ' = 1"\n',
    "lists in lists": "a = " + "[" * (SIZE - 10),
    "tables in tables": "a = " + "{a=" * (SIZE // 3 - 10),
    "dotted tables in tables": "a = " + ("{" + "a." * (DEEPEST - 2) + "a=") * 1500,
    "a long number": "a = " + "9" * (SIZE - 10),
    "a long hexadecimal number": 'extends = "ly"\nstudy.months = 0x' + "F" * (SIZE - 100),
    "a number of 3,000 digits": 'extends = "ly"\nstudy.months = [0x' + "F" * 2400 + "]",
    "a long decimal": 'extends = "ly"\nstudy.months = 1.' + "1" * (SIZE - 100),
    "unknown keys": many("k{} = 1\n"),
    "unknown tables": many("[k{}]\n"),
    "unknown lists of tables": many("[[k{}]]\n"),
    "unknown keys of a section": many("k{} = 1\n", 'extends = "ly"\n[study]\n'),
    "unknown payers": many("k{} = 1\n", 'extends = "ly"\n[supply.water.payers]\n'),
    "categories": many("k{}.label = 'x'\n", 'extends = "ly"\n[categories]\n'),
    "supplies of no category": many("[supply.k{}]\n"),
    "categories and supplies": 'extends = "ly"\n' + "".join(
        f"[categories.{'k' * 90}{n}]\nlabel = 'x'\nmulti_centre = 'grant'\n[supply.{'x' * 90}{n}]\n" for n in range(99)
    ),
    "shocks": many("[[shocks]]\nmonth = 1\nkind = 'x{}'\n"),
    "shocks that name nothing": 'extends = "ly"\n' + "[[shocks]]\nmonth = 1\nkind = 'failure'\ncategory = 'w'\n" * 240,
    "changes": many("[[changes]]\nmonth = 1\nset.a.k{} = 1\n"),
    "levers of a change": many("set.a.k{} = 1\n", 'extends = "ly"\n[[changes]]\nmonth = 1\n'),
    "changes that hold with many services": 'extends = "multi_centre"\nmonths = 1\n' + "".join(
        f"[categories.c{n}]\nlabel = 'x'\n" for n in range(88)
    ) + "".join(f"[[changes]]\nmonth = {n // 2}\nset.party_leads.visits = {n / 100}\n" for n in range(240)),
    "a list of choices": 'extends = "ly"\ncategories.water.partners = [' + '"x",' * 24_000 + "]",
    "a list of many lines": "x = [\n" + "1,\n" * 33_000 + "]\n",
    "a text of many lines": "x = '''\n" + "a\n" * 49_000 + "'''\n",
    "a text of many lines that ends in no way": 'x = """\n' + '\\"\\\n' * 24_000,
    "a text of a line that ends in no way": 'x = "' + '\\"' * 49_000,
    "quotation marks": '"' * SIZE,
    "lines with half a text": "x = '\n" * 19_000,
    "a key twice, late": many("k{} = 1\n", tail="k1 = 2\n"),
    "half a text, late": many("k{} = 1\n", tail="x = '"),
    "a long key": 'extends = "ly"\n' + "k" * (SIZE - 100) + " = 1",
    "a long name of a category": f'extends = "ly"\n[categories.{"k" * 50_000}]\n' + "".join(
        f"a{n} = 1\n" for n in range(3000)
    ),
    "a long choice": 'extends = "ly"\nsupply.mode = "' + "k" * (SIZE - 100) + '"',
    "a long parent": 'extends = "' + "../" * 33_000 + '"',
    "an archive": b"PK\x03\x04\x14\0" + b"\0" * 50_000,
    "bytes": bytes(range(1, 256)) * 390,
    "UTF-16": 'extends = "ly"\n'.encode("utf-16"),
    "half a character": b"extends = 'ly'\ntitle = '\xe9'",
    "a character that is none": "title = '\udcff'",
    "blank": " " * SIZE,
    "blank lines": "\n" * SIZE,
    "comments": "#\n" * (SIZE // 2),
    "too long by one": "#" * (LARGEST_TEXT + 1),
    "too long in bytes": "字" * (LARGEST_TEXT // 2),
    "ten megabytes": b"a" * 10**7,
}  # fmt: skip


@pytest.mark.parametrize("what", COSTLY)
def test_a_costly_text_is_refused_at_once(what):
    """Each was measured below half a second; reading a list again at each of its lines took over a minute."""
    load_scenario("ly")
    language("zh")
    begun = time.process_time()
    error = error_of(COSTLY[what])
    text, chinese = str(error), error.text(language("zh"))
    assert time.process_time() - begun < 2
    assert text.startswith("mine.toml")
    assert max(len(text), len(chinese)) < 1_000_000


@pytest.mark.parametrize("what", COSTLY)
def test_a_costly_text_takes_little_memory(what):
    load_scenario("ly")
    tracemalloc.start()
    error_of(COSTLY[what])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60e6


def test_a_text_that_is_too_long_is_told_so():
    assert refused("#" * (LARGEST_TEXT + 1)) == (
        "mine.toml\n    this text is too long\n    allowed: at most 100_000 bytes\n"
        "    leave out what is as in a shipped scenario, and extend it"
    )
    assert scenario_from_text('extends = "ly"\n' + "#" * (LARGEST_TEXT - 15), "mine").name == "mine"


def test_what_is_too_many_is_told_so():
    text = 'extends = "ly"\n' + "[[shocks]]\nmonth = 1\nkind = 'flood'\n" * 241
    assert refused(text) == "mine.toml, line 2: shocks\n    there are 241 of these\n    allowed: at most 240"


def test_depth_and_length_are_refused_just_past_their_bounds():
    assert parse("a = " + "[" * (DEEPEST - 1) + "1" + "]" * (DEEPEST - 1))
    with pytest.raises(TooMuch, match="too deep"):
        parse("a = " + "[" * DEEPEST + "1" + "]" * DEEPEST)
    assert parse("a." * (DEEPEST - 1) + "a = 1")
    with pytest.raises(TooMuch, match="too deep"):
        parse("a." * DEEPEST + "a = 1")
    dots = "a." * 99
    for text in (f"x = '{dots}'", f"# {dots}", f"x = '''\n{dots}'''", f'x = "\\"{dots}"'):
        assert parse(f"{text}\n") is not None
    assert parse("k" * 400 + " = 1")
    with pytest.raises(TooMuch, match="a key has more than 400 characters"):
        parse("k" * 401 + " = 1")


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab.=[]{}\"'#\n\\ 1,", max_size=60))
def test_any_text_is_a_scenario_or_refused(text):
    for whole in (text, 'extends = "ly"\n' + text):
        try:
            said = scenario_from_text(whole, "mine").name
        except ScenarioError as error:
            said = str(error) and error.text(language("zh"))
        assert said


def test_statements_are_found_in_texts_of_several_lines():
    text = "a = '''\n[x]\n''''\nb = \"\"\"\n\\\"\"\" ]\n\"\"\"\"\"\nc = [ # ]\n'[', {d = 1},\n]\n[e]\n\"f]\" = 1\n"
    assert parse(text)["a"] == "[x]\n'"
    assert key_lines(text) == {("a",): 1, ("b",): 4, ("c",): 7, ("e",): 10, ("e", "f]"): 11}


# Written and read again


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if name != "own_community"])
def test_a_written_scenario_is_read_from_its_text(name):
    scenario = load_scenario(name, CHANGES)
    assert len(scenario.changes) == 2
    text = to_toml(scenario)
    assert scenario_from_text(text, name) == scenario
    assert text.count("\n[[changes]]\n") == 2
    assert text.count("\n[[shocks]]\n") == 1


def test_a_list_of_tables_is_written_below_headers():
    tree = {"a": ({"b": 1, "c": {"d": 2}}, {"c": {"e": 3}}), "f": {"g": [{"h": ()}], "i": 4}, "j": []}
    text = write_toml(tree)
    assert text == (
        "j = []\n\n[[a]]\nb = 1\n\n[a.c]\nd = 2\n\n[[a]]\n\n[a.c]\ne = 3\n\n[f]\ni = 4\n\n[[f.g]]\nh = []\n"
    )
    assert parse(text) == {"a": [{"b": 1, "c": {"d": 2}}, {"c": {"e": 3}}], "f": {"g": [{"h": []}], "i": 4}, "j": []}


def test_a_child_says_what_differs_and_no_more():
    changed = {"party_leads.visits": 2.0, "supply.water": {"mode": "contract"}, "categories.water.need": 1.0, **CHANGES}
    scenario = load_scenario("multi_centre", changed)
    text = as_child(scenario, "multi_centre")
    assert text == (
        'extends = "multi_centre"\n'
        '\n[[shocks]]\nmonth = 5\nkind = "failure"\ncategory = "water"\npartner = ""\nsize = 0.4\n'
        "\n[[changes]]\nmonth = 3\n\n[changes.set.party_leads]\nvisits = 2\nbuilding_groups = true\n"
        '\n[[changes]]\nmonth = 9\n\n[changes.set.supply.water]\nmode = "grant"\n'
        "\n[changes.set.supply.water.payers]\ngovernment = 0.25\npartner = 0.75\n"
        "\n[categories.water]\nneed = 1.0\n"
        '\n[supply.water]\nmode = "contract"\n'
        "\n[party_leads]\nvisits = 2.0\n"
    )
    assert scenario_from_text(text, "multi_centre") == scenario


@pytest.mark.parametrize("parent", shipped_scenarios())
def test_every_scenario_can_be_written_over_every_other(parent):
    for name in shipped_scenarios():
        for overrides in ({}, CHANGES):
            scenario = load_scenario(name, overrides)
            text = as_child(scenario, parent)
            if name != "own_community" or parent == "own_community":
                assert scenario_from_text(text, name) == scenario
            if name == parent and not overrides:
                assert text == f'extends = "{parent}"\n'


def test_what_a_child_cannot_take_away_is_written_in_full():
    parent = load_scenario("premortem_low_willingness")
    assert parent.supply.categories
    scenario = load_scenario("ly")
    text = as_child(scenario, "premortem_low_willingness")
    assert text == to_toml(scenario)
    few = scenario.model_copy(update={"categories": {"water": scenario.categories["water"]}})
    assert as_child(few, "ly") == to_toml(few)
    assert scenario_from_text(to_toml(few), "ly") == few


def test_a_parent_that_is_not_shipped_is_refused():
    with pytest.raises(ScenarioError, match="did you mean 'ly'"):
        as_child(load_scenario("ly"), "../ly")
