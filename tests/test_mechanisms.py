"""What every mechanism is held to: at rest it is not there, it pays, it reaches residents by circumstances alone."""

import io
import sys
from dataclasses import fields, replace
from types import ModuleType
from typing import ClassVar

import pytest
from pydantic import create_model
from rich.console import Console
from test_causal_paths import first_difference
from test_no_bonus import OVER, differing, run_and_record, run_frozen

from cosim import Community, ScenarioError, compare, load_scenario
from cosim.language import ENGLISH, language, told
from cosim.mechanisms import Mechanism
from cosim.mechanisms.lift_retrofit import LiftRetrofit
from cosim.outcomes.measures import MEASURES, is_measure
from cosim.report.difference import difference
from cosim.report.terminal import print_comparison
from cosim.scenario.field import Section, lever
from cosim.scenario.keys import mechanism_keys
from cosim.scenario.levers import levers_of
from cosim.scenario.loader import to_toml
from cosim.scenario.mechanisms import Mechanisms, mechanism_class, mechanism_names
from cosim.scenario.same_people import check_same_people
from cosim.scenario.schema import Scenario
from cosim.world.circumstances import Circumstances

NAMES = mechanism_names()
LEVERS = [key for key in mechanism_keys() if key.lever]
AT_WORK = {"lift_retrofit": {"offered": True, "subsidy": 1.0, "compensation": 0.0, "quarrel": 1.0}}
"""Settings with which a mechanism does something in the first months in a compound of 240 residents."""


def at_work(name):
    assert name in AT_WORK, f"add to AT_WORK in {__file__} the settings with which {name} does something"
    return settings(name, AT_WORK[name])


def settings(name, said):
    return {f"mechanisms.{name}.{key}": value for key, value in said.items()}


@pytest.mark.parametrize("name", NAMES)
class TestEveryMechanism:
    def test_it_is_declared_whole(self, name):
        kind = mechanism_class(name)
        assert issubclass(kind, Mechanism)
        assert kind.section() == kind.section()
        assert language("zh")(kind.label) != ENGLISH(kind.label)
        for measure in kind.measures:
            assert is_measure(measure.name)
            assert MEASURES[measure.name] is measure

    def test_at_rest_it_is_not_there(self, name):
        without = Community("multi_centre", rng=2, **OVER).run()
        resting = Community("multi_centre", rng=2, **OVER, **{f"mechanisms.{name}": {}}).run()
        own = [measure.name for measure in mechanism_class(name).measures]
        assert list(resting.months) == [*without.months, *own]
        assert resting.months.drop(columns=own).equals(without.months)
        assert resting.groups.equals(without.groups)
        assert resting.orders.equals(without.orders)

    def test_at_work_it_is_seen_and_all_books_balance(self, name):
        over = {**OVER, **at_work(name)}
        without = Community("multi_centre", rng=2, **OVER).run()
        community = Community("multi_centre", rng=2, check=True, **over).run()
        shared = list(without.months)
        assert not community.months[shared].equals(without.months), "it does nothing: see AT_WORK; hours may be short"
        assert (community.months[[measure.name for measure in community.mechanisms[0].measures]].sum() > 0).any()
        months = community.months.set_index("month")
        before = without.months.set_index("month")
        assert months.loc[:-1, shared[1:]].equals(before.loc[:-1, shared[1:]]), "the history before month 0 is the same"
        assert months["cost_total"].loc[0:].sum() > before["cost_total"].loc[0:].sum()

    def test_it_reaches_residents_through_their_circumstances_alone(self, name):
        met, without = run_and_record("multi_centre", {**OVER, "study.months": 24})
        over = {**OVER, "study.months": 24, **at_work(name)}
        _, with_it = run_and_record("multi_centre", over)
        assert differing(without, with_it)
        assert differing(without, run_frozen("multi_centre", met, over)) == []


@pytest.mark.parametrize("key", LEVERS, ids=lambda key: key.dotted)
def test_a_lever_of_a_mechanism_works_through_the_circumstances_that_it_names(key):
    _, name, lever = key.dotted.split(".")
    base = {**OVER, "study.months": 40, **at_work(name)}
    low, _ = run_and_record("multi_centre", base | {key.dotted: key.field.default})
    high, _ = run_and_record("multi_centre", base | {key.dotted: True if key.value is False else 1.0})
    through = set(key.about["through"])
    assert through <= {field.name for field in fields(Circumstances)}
    assert first_difference(low, high) & through, lever


class TestInAScenario:
    def test_it_is_written_and_read_back(self, tmp_path):
        scenario = load_scenario("lifts")
        file = tmp_path / "lifts.toml"
        file.write_text(to_toml(scenario), encoding="utf-8")
        assert load_scenario(file) == scenario
        assert Scenario.model_validate(scenario.model_dump(exclude_none=True)) == scenario

    def test_a_compound_without_mechanisms_has_no_table_of_them(self):
        assert "mechanisms" not in load_scenario("multi_centre").model_dump()
        assert "mechanisms" not in to_toml(load_scenario("multi_centre"))

    def test_its_levers_rest_in_the_history_and_without_the_reform(self):
        scenario = load_scenario("lifts")
        for rest in (scenario.status_quo(), scenario.no_reform()):
            assert not rest.mechanisms.in_force["lift_retrofit"].offered

    def test_its_levers_may_change_later(self):
        change = {"month": 6, "set": {"mechanisms": {"lift_retrofit": {"offered": True}}}}
        said = settings("lift_retrofit", {"subsidy": 1.0, "proposal_hours": 0.1})
        over = {**OVER, **said, "changes": (change,), "study.months": 12}
        months = Community("single_centre", rng=1, **over).run().months.set_index("month")
        assert months.loc[:5, ["lifts", "lifts_refused"]].to_numpy().sum() == 0.0
        assert months.loc[6:, ["lifts", "lifts_refused"]].to_numpy().sum() > 0.0

    def test_levers_are_listed_under_its_name(self):
        listed = {lever.key: lever for lever in levers_of(load_scenario("lifts"))}
        lever = listed["mechanisms.lift_retrofit.subsidy"]
        assert (lever.section_name(ENGLISH), lever.section_name(language("zh"))) == ("lift retrofit", "加装电梯")

    def test_the_schema_describes_it(self):
        below = Scenario.model_json_schema()["$defs"]["Mechanisms"]
        assert set(below["properties"]) == set(NAMES) == set(Mechanisms.tables())
        assert below["properties"]["lift_retrofit"]["properties"]["subsidy"]["maximum"] == 1.0

    def test_it_may_be_in_one_of_two_compared_and_facts_of_both_must_agree(self):
        one, other = load_scenario("multi_centre"), load_scenario("lifts")
        check_same_people([one, other], ["one", "other"])
        cheaper = load_scenario("lifts", {"mechanisms.lift_retrofit.cost": 1000.0})
        with pytest.raises(ScenarioError, match=r"mechanisms\.lift_retrofit\.cost"):
            check_same_people([other, cheaper], ["other", "cheaper"])

    @pytest.mark.parametrize(
        ("key", "value", "words"),
        [
            ("mechanisms.lift_retro.subsidy", 1.0, "did you mean 'lift_retrofit'"),
            ("mechanisms.lift_retrofit.subsid", 1.0, "did you mean 'subsidy'"),
            ("mechanisms.lift_retrofit.subsidy", 2.0, "a number from 0 to 1"),
            ("mechanisms.lift_retrofit", 3, "not a table"),
            ("lift_retrofit.subsidy", 1.0, r"'lift_retrofit' belongs in \[mechanisms\]"),
        ],
    )
    def test_what_is_wrong_is_said(self, key, value, words):
        with pytest.raises(ScenarioError, match=words):
            load_scenario("multi_centre", {key: value})


class TestFaultsOfAFile:
    """What a new file may have wrong is refused when it is read, with words for its author."""

    GOOD: ClassVar = {
        "label": told("lift retrofit"), "section": LiftRetrofit, "after": "renovate", "measures": (),
        "act": lambda *_: None, "observe": lambda *_: {},
    }  # fmt: skip

    def test_a_phase_that_there_is_none(self):
        with pytest.raises(ValueError, match="after = 'renovation' is no phase of the month: open_month"):
            type("Wrong", (Mechanism,), self.GOOD | {"after": "renovation"})

    @pytest.mark.parametrize(("name", "level"), [("cost_total", "community"), ("own", "resident")])
    def test_a_measure_of_another_name_or_level(self, name, level):
        measure = replace(MEASURES["lifts"], name=name, level=level)
        with pytest.raises(ValueError, match=f"'{name}' needs a name of its own"):
            type("Wrong", (Mechanism,), self.GOOD | {"measures": (measure,)})

    def test_circumstances_that_there_are_none(self):
        field = lever(False, unit="x", price="x", through=("nonsense",), en="x", zh="x")
        section = create_model("Wrong", __base__=Section, open=(bool, field))
        with pytest.raises(ValueError, match="names no circumstances of residents: nonsense"):
            type("Wrong", (Mechanism,), self.GOOD | {"section": section})

    def test_what_is_observed_and_not_declared(self, village):
        wrong = type("Wrong", (Mechanism,), self.GOOD | {"observe": lambda *_: {"guests": 1.0}})
        with pytest.raises(ValueError, match="wrong observes guests, and declares "):
            wrong("wrong", village.world).observed(village.world)

    def test_a_file_that_holds_none(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "cosim.mechanisms.broken", ModuleType("broken"))
        monkeypatch.setattr("cosim.scenario.mechanisms.mechanism_names", lambda: ("broken",))
        with pytest.raises(ScenarioError, match=r"(?s)cosim/mechanisms/broken.py.*MECHANISM.*docs/howto/mechanism.md"):
            load_scenario("village", {"mechanisms.broken": {}})


def test_what_a_home_adds_has_bounds(village):
    village.world.circumstances.at_home[0] = 1.5
    assert village.faults() == ["circumstances: at_home leaves [-1, 1]"]


def test_compare_measures_a_mechanism_in_the_arm_that_has_it_not():
    over = {**OVER, "study.months": 12, "mechanisms.lift_retrofit.subsidy": 1.0}
    arms = [load_scenario("multi_centre", OVER | {"study.months": 12}), load_scenario("lifts", over)]
    found = compare(arms, replicates=2, jobs=1)
    rows = found.outcomes.set_index("outcome")
    assert rows.loc["lift_compensation", "mean_a"] == 0.0
    assert rows.loc["lift_compensation", "mean_b"] == rows.loc["lift_compensation", "difference"] > 0.0
    printed = io.StringIO()
    print_comparison(found, Console(file=printed, width=120))
    assert "Stairwells with a lift" in printed.getvalue()


def test_diff_tells_the_levers_of_a_mechanism_that_one_has_alone():
    found = difference(load_scenario("multi_centre"), load_scenario("lifts"))
    assert {it.key.rpartition(".")[2] for it in found.levers} == {"offered", "subsidy", "compensation"}
    assert found.facts == []
