"""Scenarios are found, extended, overridden and written."""

import datetime
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.scenario import ScenarioError, load_scenario, parse_override, shipped_scenarios, to_toml
from cosim.scenario.reading import read_chain
from cosim.scenario.toml_text import key_lines, write_toml


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a scenario file and return its path."""
    path = folder / f"{name}.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenarios_load_by_name(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.categories


def test_shipped_scenarios_lie_in_the_package_once_it_is_installed(tmp_path, monkeypatch):
    shipped = tmp_path / "cosim" / "shipped" / "scenarios"
    shipped.mkdir(parents=True)
    path = write(shipped, "ly", "")
    monkeypatch.setattr(
        "cosim.scenario.reading.__file__", str(tmp_path / "cosim" / "scenario" / "reading.py")
    )
    assert shipped_scenarios() == {"ly": path}


def test_a_file_says_only_what_differs(tmp_path):
    path = write(tmp_path, "mine", 'extends = "ly"\n[study]\nmonths = 6\n[categories.water]\nneed = 3\n')
    mine, parent = load_scenario(path), load_scenario("ly")
    assert (mine.name, mine.title) == ("mine", parent.title)
    assert mine.study == parent.study.model_copy(update={"months": 6})
    water = parent.categories["water"].model_copy(update={"need": 3.0})
    assert mine.categories == parent.categories | {"water": water}
    assert mine.population == parent.population


def test_a_path_may_be_text(tmp_path, monkeypatch):
    write(tmp_path, "mine", 'extends = "ly"\n')
    monkeypatch.chdir(tmp_path)
    assert load_scenario("mine.toml") == load_scenario(Path("mine.toml")) == load_scenario("./mine.toml")


def test_a_shipped_name_goes_before_a_file_without_an_ending(tmp_path, monkeypatch):
    (tmp_path / "ly").write_text('extends = "village"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_scenario("ly").population.households == 1730
    assert load_scenario("./ly").population.households == 5


def test_a_parent_beside_the_file_goes_before_a_shipped_one(tmp_path):
    write(tmp_path, "single_centre", 'extends = "ly"\n[study]\nmonths = 7\n')
    path = write(tmp_path, "mine", 'extends = "single_centre"\n')
    assert load_scenario(path).study.months == 7


def test_a_chain_of_eight_files_is_read_from_its_root(tmp_path):
    for number in range(7):
        parent = f"f{number + 1}" if number < 6 else "ly"
        write(tmp_path, f"f{number}", f'extends = "{parent}"\n[study]\nmonths = {number + 1}\n')
    name, layers = read_chain(tmp_path / "f0.toml")
    assert name == "f0"
    files = [Path(layer.file).name for layer in layers]
    assert files == ["ly.toml (shipped)", *(f"f{number}.toml" for number in range(6, -1, -1))]
    assert load_scenario(tmp_path / "f0.toml").study.months == 1


def test_overrides_win_over_the_file():
    scenario = load_scenario("ly", {"study.months": 3, "study.replicates": 2, "supply.water.mode": "grant"})
    assert (scenario.study.months, scenario.study.replicates) == (3, 2)
    assert scenario.study.warmup_months == load_scenario("ly").study.warmup_months
    assert scenario.mode_of("water") == "grant"
    assert scenario.mode_of("heating") == "direct"


def test_an_override_may_be_a_whole_table():
    scenario = load_scenario(
        "ly", {"study": {"months": 3}, "study.replicates": 2, "categories.kiosk": {"label": "Kiosk", "need": 2}}
    )
    assert (scenario.study.months, scenario.study.replicates) == (3, 2)
    assert scenario.categories["kiosk"].need == 2.0


def test_overrides_leave_the_callers_own_tables_alone():
    table = {"months": 3}
    load_scenario("ly", {"study": table, "study.replicates": 2})
    assert table == {"months": 3}


def test_numbers_of_numpy_are_numbers():
    scenario = load_scenario("ly", {"study.months": np.int64(3), "population.migrant_share": np.float32(0.5)})
    assert scenario.study.months == 3
    assert scenario.population.migrant_share == 0.5
    assert type(scenario.population.migrant_share) is float


def test_a_list_may_be_a_list_or_a_tuple():
    key, partners = "categories.water.partners", ["enterprise", "public_unit"]
    for given_ in (partners, tuple(partners)):
        assert load_scenario("ly", {key: given_}).categories["water"].partners == tuple(partners)


def test_who_pays_is_one_value_and_replaced_as_a_whole(tmp_path):
    write(tmp_path, "parent", 'extends = "ly"\n[supply.water]\nmode = "grant"\npayers = {government = 1}\n')
    path = write(tmp_path, "child", 'extends = "parent"\n[supply.water]\npayers = {residents = 1}\n')
    water = load_scenario(path).supply.categories["water"]
    assert (water.mode, water.payers) == ("grant", {"residents": 1.0})


def test_two_overrides_may_share_who_pays():
    shares = {"supply.water.payers.residents": 0.25, "supply.water.payers.government": 0.75}
    scenario = load_scenario("ly", shares)
    assert scenario.supply.categories["water"].payers == {"residents": 0.25, "government": 0.75}


def test_a_scenario_can_be_loaded_with_changes():
    scenario = load_scenario("multi_centre", {"supply.water.mode": "contract"})
    assert load_scenario(scenario) == scenario
    changed = load_scenario(scenario, {"supply.heating.mode": "direct"})
    assert changed.name == "multi_centre"
    assert {name: part.mode for name, part in changed.supply.categories.items()} == {
        "water": "contract",
        "heating": "direct",
    }


def test_a_scenario_is_frozen_and_travels_between_processes():
    scenario = load_scenario("ly", {"supply.water.mode": "grant"})
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    with pytest.raises(ValueError, match="frozen"):
        scenario.study.months = 3
    with pytest.raises(ValueError, match="frozen"):
        scenario.supply.water = scenario.supply.categories["water"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_a_byte_order_mark_make_no_difference(tmp_path, ending, mark):
    text = 'extends = "ly"\ndescription = """\n一\n二"""\n[study]\nmonths = 7\n'.replace("\n", ending)
    scenario = load_scenario(write(tmp_path, "mine", mark + text.encode()))
    assert (scenario.description, scenario.study.months) == ("一\n二", 7)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_written_scenario_loads_equal(tmp_path, name):
    payers = {"supply.water.payers": {"government": 0.1, "residents": 0.9}, "study.months": 57}
    for overrides in (
        {},
        {"supply.water.mode": "contract"},
        {"description": 'a "b"\n\t\\ \x7f 中文', **payers},
    ):
        scenario = load_scenario(name, overrides)
        assert load_scenario(write(tmp_path, name, to_toml(scenario))) == scenario


def test_a_table_is_written_below_its_header():
    tree = {"a": 1, "b": {"c": {"d e": True, "f": ("x", 0.5)}, "g": {}}}
    assert write_toml(tree) == 'a = 1\n\n[b.c]\n"d e" = true\nf = ["x", 0.5]\n\n[b.g]\n'


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 1), st.integers(1, 1200), st.text(st.characters(codec="utf-8")))
def test_every_number_and_every_text_survives_being_written(tmp_path_factory, share, months, title):
    changes = {"population.migrant_share": share, "study.months": months, "title": title}
    scenario = load_scenario("village", changes)
    folder = tmp_path_factory.mktemp("written")
    assert load_scenario(write(folder, "village", to_toml(scenario))) == scenario


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=c", "c"),
        ("a.b = multi_centre ", "multi_centre"),
        ("a.b=social-organisation", "social-organisation"),
        ("a.b=原居民", "原居民"),
        ("a.b=True", "True"),
        ("a.b=true", True),
        ("a.b=3", 3),
        ("a.b=-0.5", -0.5),
        ("a.b=1_000", 1000),
        ("a.b=inf", float("inf")),
        ('a.b="two words"', "two words"),
        ("a.b='x=y'", "x=y"),
        ('a.b=["x", "y"]', ["x", "y"]),
        ("a.b={c = 1}", {"c": 1}),
        ("a.b=2024-05-01", datetime.date(2024, 5, 1)),
    ],
)
def test_an_override_is_a_value_of_toml_or_a_bare_word(text, value):
    assert parse_override(text) == ("a.b", value)


def test_the_line_of_every_key_is_known():
    text = "\n".join(
        [
            "a = 1",
            "# [x]",
            "[b]  # b",
            "c = '''",
            "d = 1",
            "[e]",
            "'''",
            "f = [",
            "  1,  # ]",
            "]",
            "",
            '[b."g.h"]',
            "  i.j = {k = 1}",
            "[[l]]",
            "m = 1",
        ]
    )
    assert key_lines(text) == {
        ("a",): 1,
        ("b",): 3,
        ("b", "c"): 4,
        ("b", "f"): 8,
        ("b", "g.h"): 12,
        ("b", "g.h", "i"): 13,
        ("b", "g.h", "i", "j"): 13,
        ("b", "g.h", "i", "j", "k"): 13,
        ("l",): 14,
        ("l", "m"): 15,
    }


def test_errors_travel_between_processes():
    with pytest.raises(ScenarioError) as caught:
        load_scenario("ly", {"study.months": 0})
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)


def test_loading_a_scenario_imports_nothing_that_computes():
    script = "import sys; from cosim.scenario import load_scenario; load_scenario('ly'); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert not {"numpy", "numba", "pandas", "mesa", "matplotlib"} & set(done.stdout.split())
