"""Experiment files: what they say, and what is said to whoever writes one that cannot be used."""

import re
from pathlib import Path

import numpy as np
import pytest

from cosim import cli
from cosim.scenario import ScenarioError, load_scenario
from cosim.scenario.field import Section
from cosim.scenario.keys import schema_keys
from cosim.scenario.reading import shipped_scenarios
from cosim.scenario.schema import Scenario
from cosim.study.experiment import Experiment, Range, load_experiment, scenario_at
from cosim.study.experiment.schema import HEADLINES
from cosim.study.experiment.together import GROUPS

VILLAGE = 'scenarios = ["village"]\n'
TWO = 'scenarios = ["village", "multi_centre"]\n'
LIST = VILLAGE + '[design]\nmethod = "list"\ncases = "cases.csv"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(text, cases=None):
    Path("mine.toml").write_text(text, encoding="utf-8")
    if cases is not None:
        Path("cases.csv").write_text(cases, encoding="utf-8")
    return load_experiment("mine.toml")


def refused(text, cases=None):
    with pytest.raises(ScenarioError) as caught:
        load(text, cases)
    return str(caught.value)


class TestWhatAFileSays:
    """Keys, defaults and paths."""

    def test_a_file_with_all_keys(self):
        planned = load(
            'name = "try_it"\ntitle = "A try"\ntitle_zh = "尝试"\ndescription = "Which?"\n'
            'scenarios = ["village", "village"]\nreplicates = 3\nseed = 7\nrecord_every = 6\n'
            'outcomes = ["participation", "participation.migrant", "condition.water"]\n'
            '[settings]\n"study.months" = 8\n'
            '[factors]\n"government.budget" = [60, 120.5]\n"supply.mode" = ["single_centre", "multi_centre"]\n'
            '[until]\noutcome = "participation"\nhalf_width = 0.1\nmax_replicates = 5\n'
        )
        experiment = planned.experiment
        assert (experiment.name, experiment.title_zh, experiment.seed) == ("try_it", "尝试", 7)
        assert experiment.until.max_replicates == 5
        assert planned.labels == ("village", "village (2)")
        assert [arm.study.months for arm in planned.arms] == [8, 8]
        assert planned.points.keys == ("government.budget", "supply.mode")
        assert planned.points.values == (
            (60.0, "single_centre"), (60.0, "multi_centre"), (120.5, "single_centre"), (120.5, "multi_centre"),
        )  # fmt: skip
        assert type(planned.points.values[0][0]) is float
        there = scenario_at(planned.arms[0], planned.points.keys, planned.points.values[3])
        assert (there.government.budget, there.supply.mode, there.name) == (120.5, "multi_centre", "village")

    def test_what_a_short_file_leaves_to_defaults(self):
        planned = load(VILLAGE)
        assert planned.experiment.name == "mine"
        assert planned.experiment.outcomes == HEADLINES
        assert planned.experiment.design.method == "grid"
        assert planned.points.values == ((),)

    def test_keys_with_and_without_quotation_marks_are_the_same(self):
        quoted = load(VILLAGE + '[factors]\n"norms.watch" = { low = 0, high = 1, steps = 3 }\n')
        plain = load(VILLAGE + "[factors.norms]\nwatch = { low = 0, high = 1, steps = 3 }\n")
        table = load(VILLAGE + "[factors.norms.watch]\nlow = 0\nhigh = 1\nsteps = 3\n")
        assert quoted == plain == table
        assert quoted.points.values == ((0.0,), (0.5,), (1.0,))

    def test_lists_tables_words_and_switches_are_values(self):
        planned = load(
            VILLAGE + '[factors]\n"supply.security.partners" = [["enterprise"], ["property_firm", "enterprise"]]\n'
            '"supply.security.payers" = [{ government = 1.0 }]\n"party_takes.triage" = [false, true]\n'
            '[settings]\n"supply.security.mode" = "contract"\n'
        )
        assert planned.points.values[2][0] == ("property_firm", "enterprise")
        assert planned.points.values[1][1:] == ({"government": 1.0}, True)

    def test_scenarios_and_cases_are_seen_from_the_file(self, folder, monkeypatch):
        (folder / "deep").mkdir()
        Path("deep/own.toml").write_text('extends = "village"\n[government]\nbudget = 5.0\n', encoding="utf-8")
        Path("deep/cases.csv").write_text("norms.watch\n0.5\n", encoding="utf-8")
        Path("deep/mine.toml").write_text(LIST.replace('"village"', '"own.toml"'), encoding="utf-8")
        planned = load_experiment("deep/mine.toml")
        assert planned.arms[0].government.budget == 5.0
        monkeypatch.chdir(folder.parent)
        assert load_experiment(planned.experiment).points == planned.points

    def test_from_python_arrays_and_ranges_will_do(self):
        tables = {
            "scenarios": ("village",),
            "factors": {"government.budget": np.linspace(0, 100, 3), "deliberate.meetings": range(1, 3)},
        }
        assert load_experiment(tables).points.values[:3] == ((0.0, 1), (0.0, 2), (50.0, 1))
        made = Experiment(scenarios=("village",), factors={"norms.watch": Range(low=0.0, high=0.5, steps=2)})
        assert load_experiment(made).points.values == ((0.0,), (0.5,))

    def test_overrides_win_over_the_file(self):
        load(VILLAGE + "replicates = 3\nseed = 4\n")
        experiment = load_experiment("mine.toml", {"replicates": 5}).experiment
        assert (experiment.replicates, experiment.seed) == (5, 4)

    def test_cases_as_a_spreadsheet_writes_them(self):
        cases = 'supply.mode;party_takes.triage;government.budget;deliberate.meetings;supply.water.partners\n'
        cases += 'multi_centre;TRUE;60,5;3.0;["enterprise"]\n\n'
        planned = load(LIST, cases)
        assert planned.points.values == (("multi_centre", True, 60.5, 3, ("enterprise",)),)
        assert planned.points.unit is None


def fault(key_and_values, *said):
    return pytest.param(VILLAGE + "[factors]\n" + key_and_values + "\n", said, id=key_and_values[:50])


class TestFaultsOfFactors:
    """Each with its line and key, and all of them at once."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            fault('"government.bugdet" = [1.0]', "line 3: factors.government.bugdet", "did you mean 'budget'?"),
            fault('"goverment.budget" = [1.0]', "'budget' belongs in [government]"),
            fault("budget = [1.0]", "there is no key 'budget' in a scenario", "'budget' belongs in [government]"),
            fault("norms = [1.0]", "'norms' is a table, not a fact or a lever", "norms.watch"),
            fault('title = ["a"]', "'title' is text about a scenario"),
            fault('"supply.wter.mode" = ["direct"]', "there is no 'wter'", "did you mean 'water'?"),
            fault('"categories.water.label" = ["a"]', "no run depends on what a category is called"),
            fault('"study.replicates" = [3]', "how often a run is repeated is a key of the experiment"),
            fault('"population.from" = ["a.csv"]', "files of people are named by a scenario"),
            fault('".budget" = [1.0]', "a part of this key is empty"),
            fault('"government.budget" = [-1.0]', "-1.0 is too small", "from 0 to 10_000 (yuan per resident and year)"),
            fault('"deliberate.rung" = ["consul"]', '"consul" is not among the choices', "did you mean 'consult'?"),
            fault('"government.budget" = []', "this factor has no value"),
            fault('"government.budget" = {}', "this key is needed, and is not there"),
            fault('"government.budget" = 60.0', "write a list: [60.0]; or say it in [settings]"),
            fault('"government.budget" = [60, 60.0]', "60.0 stands twice"),
            fault('"norms.watch" = [0.1]\nnorms.watch = [0.2]', "factors.norms.watch", "'norms.watch' stands twice"),
            fault('"norms.watch" = [0.1]\n"norms.watch" = [0.2]', "stands a second time; the first is in line 3"),
            fault(
                '"supply.water.payers" = [{ government = 1.0 }]\n"supply.water.payers.government" = [1.0]',
                "'supply.water.payers' in [factors] holds this key already",
            ),
            fault('"norms.watch" = { low = 0.5, high = 0.2, steps = 3 }', "0.5 is not below high, which is 0.2"),
            fault('"norms.watch" = { low = 0.0, high = 1.2, steps = 3 }', "norms.watch.high", "1.2 is too large"),
            fault('"norms.watch" = { low = 0.0, high = 1.0 }', "a grid needs to know how many values"),
            fault('"norms.watch" = { low = 0.0, high = 1.0, steps = 1 }', "1 is too small", "from 2 to 1_000"),
            fault('"norms.watch" = { low = 0.0, hihg = 1.0, steps = 3 }', "no key 'hihg'", "did you mean 'high'?"),
            fault(
                '"norms.watch" = { low = 0.0, high = 1.0, steps = 3, scale = "log" }',
                "a range on the scale 'log' cannot begin at 0",
            ),
            fault('"deliberate.meetings" = { low = 0.5, high = 3, steps = 2 }', "0.5 is not a whole number"),
            fault(
                '"deliberate.meetings" = { low = 1, high = 3, steps = 7 }',
                "7 steps give only 3 different whole numbers", "at most 3 steps",
            ),
            fault('"party_takes.triage" = { low = 0, high = 1, steps = 2 }', "a range is of numbers", "[false, true]"),
            fault(
                '"norms.watch" = { low = 0, high = 1, steps = 1000 }\n"norms.sanctions" = '
                '{ low = 0, high = 1, steps = 1000 }\n"norms.rewards" = [1, 2]',
                "the design has 2,000,000 points", "at most 1,000,000",
            ),
        ],
    )  # fmt: skip
    def test_a_fault_is_told_with_its_place(self, text, said):
        words = refused(text)
        assert words.startswith("mine.toml, line ")
        for part in said:
            assert part in words

    def test_a_factor_may_not_be_a_setting_too(self):
        words = refused(VILLAGE + '[factors]\n"norms.watch" = [0.1]\n[settings]\nnorms.watch = 0.2\n')
        assert "line 5: settings.norms.watch\n    'norms.watch' stands twice: it is in [factors] too" in words

    def test_values_that_do_not_go_together_are_found_at_their_points(self):
        words = refused(
            VILLAGE + '[factors]\n"supply.fire_safety.mode" = ["direct", "self_provision"]\n'
            '"population.free_riders" = [0.5, 0.7]\n"population.hump_shaped" = [0.2, 0.4]\n'
        )
        assert "line 3: supply.fire_safety.mode\n    point 4 in village: fire_safety cannot have" in words
        assert "line 4: population.free_riders\n    point 3 in village: free_riders, hump_shaped sum to 1.1" in words
        assert words.count("point ") == 5
        refused_here = VILLAGE + '[factors]\n"supply.fire_safety.mode" = ["self_provision"]\n"norms.watch" = '
        words = refused(refused_here + "{ low = 0, high = 1, steps = 9 }\n")
        assert words.count("point ") == 5
        assert "4 more of 9 points are refused" in words

    def test_values_that_are_right_only_together_are_accepted(self):
        cases = "taking_part.w_attitude,taking_part.w_norm,taking_part.w_control\n0.5,0.3,0.2\n0.1,0.1,0.8\n"
        assert len(load(LIST, cases).points.values) == 2
        assert "cases.csv, line 2: taking_part.w_attitude" in refused(LIST, cases.replace("0.2\n", "0.3\n"))

    def test_an_outcome_of_a_mechanism_needs_the_mechanism_in_a_scenario(self):
        file = 'scenarios = ["multi_centre"]\noutcomes = ["lifts"]\n[design]\nmethod = "grid"\n[factors]\n'
        budgets = '"government.budget" = [100.0, 200.0]\n'
        words = refused(f"{file}{budgets}")
        assert "lifts is measured where [mechanisms.lift_retrofit] is in force, and no scenario has it" in words
        both = load(f"{file}{budgets}".replace('"multi_centre"', '"multi_centre", "lifts"'))
        assert [list(arm.mechanisms.in_force) for arm in both.arms] == [["lift_retrofit"]] * 2
        assert load(f'{file}"mechanisms.lift_retrofit.subsidy" = [0.0, 1.0]\n').experiment.outcomes == ("lifts",)

    def test_every_key_that_scenarios_check_against_others_is_checked_at_all_points(self, monkeypatch):
        looked_at = set()
        fetch = object.__getattribute__

        def noting(section, name):
            looked_at.add((type(section), name))
            return fetch(section, name)

        scenarios = [load_scenario(name) for name in shipped_scenarios()]
        monkeypatch.setattr(Section, "__getattribute__", noting, raising=False)
        for scenario in scenarios:
            scenario.hangs_together()
        monkeypatch.undo()
        homes = {}
        for key in schema_keys(Scenario):
            homes.setdefault(id(key.field), key.dotted)
        found = {
            homes[id(kind.model_fields[name])]
            for kind, name in looked_at
            if name in kind.model_fields and id(kind.model_fields[name]) in homes
        }
        assert {"population.free_riders", "supply.*.mode", "study.months"} <= found
        checked = re.compile("|".join(GROUPS))
        assert [key for key in found if not checked.match(key)] == []
        assert not checked.match("population.migrant_share")


class TestOtherFaults:
    """Scenarios, settings, outcomes, design, the end."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("replicates = 3\n", ("mine.toml: scenarios", "this key is needed")),
            ("scenarios = []\n", ("line 1: scenarios", "no scenario is named")),
            ('scenarios = "village"\n', ('write a list: ["village"]',)),
            ('scenarios = ["villge", "no.toml"]\n', ("did you mean 'village'?", "there is no scenario 'no.toml'")),
            ('scenario = "village"\n', ("there is no key 'scenario' here", "did you mean 'scenarios'?")),
            (VILLAGE + "replicates = 0\nseed = -1\n", ("line 2: replicates\n    0 is too small", "line 3: seed")),
            (VILLAGE + "points = 4\n", ("there is no key 'points' here", "'points' belongs in [design]")),
            (VILLAGE + 'name = "a/b"\n', ("line 2: name", "up to 100 letters, digits, - and _")),
            (VILLAGE + "factors = 3\nsettings = [1]\n", ("line 2: factors\n    this is no", "line 3: settings")),
            (VILLAGE + 'outcomes = []\n', ("line 2: outcomes", "no outcome is named")),
            (VILLAGE + 'outcomes = ["participaton"]\n', ("no outcome 'participaton'", "did you mean 'participation'?")),
            (VILLAGE + 'outcomes = ["voice", "voice"]\n', ("'voice' stands twice",)),
            (VILLAGE + 'outcomes = ["wait.migrant"]\n', ("'wait' is not measured for groups", "write it without")),
            (VILLAGE + 'outcomes = ["voice.migrants"]\n', ("neither a group nor a cat", "did you mean 'migrant'?")),
            (VILLAGE + 'outcomes = ["voice.water"]\n', ("'voice' is not measured for categories of service",)),
            (VILLAGE + '[settings]\n"study.month" = 3\n', ("settings.study.month", "did you mean 'months'?")),
            (VILLAGE + '[settings]\n"study.months" = 0\n', ("line 3: settings.study.months", "0 is too small")),
            (
                TWO + '[settings]\n"supply.fire_safety.mode" = "voluntary"\n',
                ("line 3: settings.supply.fire_safety.mode", "village and multi_centre cannot be with these settings"),
            ),
            (VILLAGE + '[design]\nmethod = "gird"\n', ("line 3: design.method", "did you mean 'grid'?")),
            (VILLAGE + "[design]\npoints = 4\n", ("'grid' does not use this key; latin_hypercube and sobol would",)),
            (VILLAGE + '[design]\nmethod = "morris"\n', ("the method 'morris' needs this key", "the design is empty")),
            (VILLAGE + '[design]\nmethod = "sobol"\npoints = 12\n', ("12 is not a power of two", "take 8 or 16")),
            (VILLAGE + '[design]\nmethod = "sobol"\npoints = 0\n', ("line 4: design.points\n    0 is too small",)),
            (
                VILLAGE + '[design]\nmethod = "morris"\ntrajectories = 4\nlevels = 5\n[factors]\n"norms.watch" = '
                "{ low = 0, high = 1, steps = 3 }\n",
                ("5 is odd", "steps are for a grid; the method 'morris' draws"),
            ),
            (VILLAGE + '[design]\nmethod = "list"\n', ("line 2: design.cases", "needs this key")),
            (LIST, ("line 4: design.cases", "there is no file cases.csv")),
            (
                VILLAGE + '[until]\noutcome = "voice"\nhalf_width = 0.1\nmax_replicates = 10\n',
                ("line 2: until", "an interval of differences needs a second scenario"),
            ),
            (
                TWO + 'replicates = 12\noutcomes = ["voice"]\n[until]\noutcome = "voic"\nhalf_width = 0.1\n'
                "max_replicates = 10\n",
                ("did you mean 'voice'?", "10 is less than `replicates`", "line 7: until.max_replicates"),
            ),
            (TWO + '[until]\noutcome = "voice"\nhalf_width = 0\nmax_replicates = 9\n', ("a number above 0",)),
            ("", ("nothing is set in this file",)),
            ("scenarios =", ("line 1", "what follows '=' is not a TOML value")),
            ('[levers."norms.watch"]\nhigh = 1\n', ("a file for `cosim levers`", "run: cosim levers mine.toml")),
        ],
    )
    def test_a_fault_is_told_with_its_place(self, text, said):
        words = refused(text)
        assert words.startswith("mine.toml")
        for part in said:
            assert part in words

    @pytest.mark.parametrize(
        ("cases", "said"),
        [
            ("", "cases.csv\n    the file is empty"),
            ("norms.watch\n", "there is no case in this file"),
            ("0.5,0.1\n0.3,0.2\n", "cases.csv, line 1\n    the first line is not a header"),
            ("norms.wach\n0.5\n", "cases.csv, line 1: norms.wach\n    there is no key 'wach' here"),
            ("norms.wach\n0.5\n", "did you mean 'watch'?"),
            ("norms.watch,norms.watch\n0.5,0.5\n", "two columns have this name"),
            ("norms.watch,\n0.5,0.5\n", "a column has no name"),
            ("norms.watch,norms.rewards\n0.5,\n", "cases.csv, line 2: norms.rewards\n    this cell is empty"),
            ("norms.watch,norms.rewards\n0.5,1\n\n0.5\n", "line 4\n    this row has 1 cells, the header 2"),
            ("norms.watch\n0.5\n1.5\n", "cases.csv, line 3: norms.watch\n    1.5 is too large"),
            ("norms.watch\nhalf\n", "'half' is not a number"),
            ("deliberate.meetings\n1.5\n", "1.5 is not a whole number"),
            ("party_takes.triage\nmaybe\n", "'maybe' is not true or false"),
            ("supply.fire_safety.mode\ndirect\nvoluntary\n", "cases.csv, line 3: supply.fire_safety.mode\n    point 1"),
        ],
    )
    def test_a_fault_of_the_cases_is_told_with_its_row_and_column(self, cases, said):
        assert said in refused(LIST, cases)

    def test_a_list_has_its_factors_in_its_columns_alone(self):
        tables = '[factors]\n"norms.rewards" = [1.0]\n[settings]\n"norms.watch" = 0.1\n'
        words = refused(LIST + tables, "norms.watch\n1\n")
        assert "the method 'list' takes its factors from the columns of its CSV file" in words
        assert "cases.csv, line 1: norms.watch\n    this is in [settings] of the experiment too" in words

    def test_all_faults_are_told_at_once_in_the_order_of_the_file(self):
        words = refused(
            'scenarios = ["villge"]\nreplicates = 0\n[settings]\n"study.months" = 0\n'
            '[factors]\n"norms.watch" = [2.0]\n"nroms.watch" = [1.0]\n[design]\nmethod = "sobol"\n'
        )
        lines = [int(line.split("line ")[1].split(":")[0]) for line in words.split("\n") if line.startswith("mine")]
        assert lines == [1, 2, 4, 6, 7, 8]

    def test_a_faulty_scenario_speaks_for_itself(self):
        Path("own.toml").write_text('extends = "village"\n[government]\nbudget = -5.0\n', encoding="utf-8")
        words = refused('scenarios = ["own.toml", "own.toml"]\n')
        assert "own.toml, line 3: government.budget" in words
        assert words.count("too small") == 1

    def test_a_file_name_that_is_no_name_asks_for_one(self):
        Path("my try.toml").write_text(VILLAGE, encoding="utf-8")
        with pytest.raises(ScenarioError, match='give it one: name = "my_experiment"'):
            load_experiment("my try.toml")

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("levers", "run: cosim levers"),
            ("phase_diagrm", "did you mean 'phase_diagram'?"),
            ({"factors": {"norms.wach": [1]}, "scenarios": ["village"]}, "experiment: factors.norms.wach"),
        ],
    )
    def test_sources_other_than_files(self, source, said):
        with pytest.raises(ScenarioError) as caught:
            load_experiment(source)
        assert said in str(caught.value)


def test_validate_checks_experiments_too(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text('scenarios = ["village"]\nreplicates = 0\n', encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.app(["validate", "ladder", "village", str(path)])
    shown = capsys.readouterr()
    assert shown.out == "ok  ladder\nok  village\n"
    assert f"{path}, line 2: replicates\n    0 is too small" in shown.err
