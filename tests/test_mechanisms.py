"""What every mechanism is held to: at rest it is not there, it pays, it reaches residents by circumstances alone."""

from dataclasses import fields

import pytest
from test_causal_paths import first_difference
from test_no_bonus import OVER, differing, run_and_record, run_frozen

from cosim import Community, ScenarioError, load_scenario
from cosim.language import ENGLISH, language
from cosim.mechanisms import Mechanism
from cosim.month.phases import PHASES
from cosim.outcomes.measures import MEASURES, is_measure
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
"""Settings with which a mechanism does something in the first months; a new mechanism needs a line."""


def settings(name, said):
    return {f"mechanisms.{name}.{key}": value for key, value in said.items()}


@pytest.mark.parametrize("name", NAMES)
class TestEveryMechanism:
    def test_it_is_declared_whole(self, name):
        kind = mechanism_class(name)
        assert issubclass(kind, Mechanism)
        assert kind.after in {phase.__name__ for phase in PHASES}
        assert kind.section() == kind.section()
        assert language("zh")(kind.label) != ENGLISH(kind.label)
        for measure in kind.measures:
            assert measure.level == "community"
            assert measure.name not in list(MEASURES)
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
        over = {**OVER, **settings(name, AT_WORK[name])}
        without = Community("multi_centre", rng=2, **OVER).run()
        community = Community("multi_centre", rng=2, check=True, **over).run()
        shared = list(without.months)
        assert not community.months[shared].equals(without.months)
        assert (community.months[[measure.name for measure in community.mechanisms[0].measures]].sum() > 0).any()
        months = community.months.set_index("month")
        before = without.months.set_index("month")
        assert months.loc[:-1, shared[1:]].equals(before.loc[:-1, shared[1:]]), "the history before month 0 is the same"
        assert months["cost_total"].loc[0:].sum() > before["cost_total"].loc[0:].sum()

    def test_it_reaches_residents_through_their_circumstances_alone(self, name):
        met, without = run_and_record("multi_centre", {**OVER, "study.months": 24})
        over = {**OVER, "study.months": 24, **settings(name, AT_WORK[name])}
        _, with_it = run_and_record("multi_centre", over)
        assert differing(without, with_it)
        assert differing(without, run_frozen("multi_centre", met, over)) == []


@pytest.mark.parametrize("key", LEVERS, ids=lambda key: key.dotted)
def test_a_lever_of_a_mechanism_works_through_the_circumstances_that_it_names(key):
    _, name, lever = key.dotted.split(".")
    base = {**OVER, "study.months": 40, **settings(name, AT_WORK[name])}
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
