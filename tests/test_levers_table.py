"""The table of a scenario's levers: all of them, as the schema has them, with words in both languages."""

import re

import pytest

from cosim.language import ENGLISH, language
from cosim.scenario import ScenarioError, load_scenario, shipped_scenarios
from cosim.scenario.keys import keys_of
from cosim.scenario.levers import SECTIONS, levers_of, supplied_now
from cosim.scenario.schema import Scenario
from cosim.scenario.supply import MODES

ZH = language("zh")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def multi_centre():
    return load_scenario("multi_centre")


@pytest.fixture(scope="module")
def levers(multi_centre):
    return levers_of(multi_centre)


def by_key(scenario):
    return {lever.key: lever for lever in levers_of(scenario)}


def test_every_lever_is_there_once_in_the_order_of_the_schema(multi_centre, levers):
    of_compound = [lever.key for lever in levers if lever.service is None]
    assert of_compound == [key.dotted for key in keys_of(multi_centre) if key.lever]
    keys = [lever.key for lever in levers]
    assert len(set(keys)) == len(keys)
    first = keys.index("supply.mode")
    of_services = [lever.key for lever in levers[first + 1 :] if lever.service is not None]
    assert keys[first + 1 : first + 1 + len(of_services)] == of_services
    assert list(dict.fromkeys(key.split(".")[1] for key in of_services)) == list(multi_centre.categories)


def test_a_section_of_the_schema_has_a_name_in_both_languages():
    tables = [name for name in Scenario.model_fields if name not in ("name", "title", "title_zh", "description")]
    assert list(SECTIONS) == tables
    assert all(CHINESE.search(ZH(name)) for name in SECTIONS.values())


def test_all_words_are_there_in_both_languages(levers):
    for lever in levers:
        assert lever.en
        assert CHINESE.search(lever.zh)
        assert CHINESE.search(lever.section_name(ZH))
        assert not CHINESE.search(lever.section_name(ENGLISH))
        for text in (lever.unit, lever.price, lever.source, lever.mark, lever.allowed):
            assert text
            assert CHINESE.search(ZH(text)), text


def test_a_lever_of_each_kind():
    found = by_key(load_scenario("reform_2018"))
    visits = found["party_leads.visits"]
    assert (visits.kind, dict(visits.bounds), visits.choices) == ("number", {"ge": 0.0, "le": 4.0}, ())
    assert (visits.value, visits.default) == (load_scenario("reform_2018").party_leads.visits, 0.0)
    assert visits.section_name(ZH) == "党建引领"
    assert visits.unit == "visits per member and month"
    sessions, call, rung = (found[key] for key in ("party_leads.sessions", "deliberate.call", "deliberate.rung"))
    assert (sessions.kind, dict(sessions.bounds)) == ("whole number", {"ge": 0, "le": 12})
    assert (call.kind, dict(call.bounds), call.choices) == ("yes or no", {}, ())
    assert (rung.kind, rung.choices) == ("choice", ("inform", "consult", "partner", "delegate"))
    assert dict(found["renovation.pilot"].bounds) == {"gt": 0.0, "le": 1.0}
    assert (found["supply.water.partners"].kind, found["supply.water.payers"].kind) == ("list of choices", "table")
    assert found["supply.water.payers"].choices == ("government", "partner", "residents")


def test_a_service_is_at_what_its_mode_gives_unless_it_says_otherwise():
    usual = by_key(load_scenario("multi_centre"))
    assert usual["supply.water.mode"].value == usual["supply.water.mode"].default == "grant"
    assert usual["supply.water.overseer"].value == "community"
    changed = by_key(load_scenario("multi_centre", {"supply.water": {"mode": "contract", "overseer": "nobody"}}))
    mode, overseer, payers = (changed[f"supply.water.{name}"] for name in ("mode", "overseer", "payers"))
    assert (mode.value, mode.default) == ("contract", "grant")
    assert (overseer.value, overseer.default) == ("nobody", "community")
    assert payers.value == payers.default == MODES["contract"].payers
    assert mode.section_name(ZH) == "供水"
    assert mode.section_name(ENGLISH) == "Water"


def test_a_service_without_a_partner_has_none_to_choose():
    single = by_key(load_scenario("single_centre"))
    assert "supply.water.payers" in single
    assert "supply.water.award" not in single
    assert "supply.water.partners" not in single


@pytest.mark.parametrize("name", shipped_scenarios())
def test_what_is_now_can_be_set_and_changes_nothing(name):
    scenario = load_scenario(name)
    said = {lever.key: lever.value for lever in levers_of(scenario)}
    again = load_scenario(scenario, said)
    for category in scenario.categories:
        assert supplied_now(again, category) == supplied_now(scenario, category)
    assert [lever.value for lever in levers_of(again)] == [lever.value for lever in levers_of(scenario)]


def test_every_mode_that_is_offered_can_be_had_and_no_other(multi_centre):
    for lever in levers_of(multi_centre):
        if lever.key.endswith(".mode") and lever.service is not None:
            for mode in MODES:
                if mode in lever.choices:
                    assert load_scenario(multi_centre, {lever.key: mode}).mode_of(lever.key.split(".")[1]) == mode
                else:
                    with pytest.raises(ScenarioError, match="cannot have the mode"):
                        load_scenario(multi_centre, {lever.key: mode})


def test_every_choice_of_an_arrangement_holds(multi_centre):
    tried = 0
    for lever in levers_of(multi_centre):
        if lever.key.endswith((".award", ".arranger", ".overseer")):
            for choice in lever.choices:
                load_scenario(multi_centre, {lever.key: choice})
                tried += 1
    assert tried > 50


def test_a_lever_at_a_bound_is_taken_and_past_it_refused(multi_centre, levers):
    steps = {"ge": -1, "le": 1}
    for lever in levers:
        for name, bound in lever.bounds.items():
            if name in steps:
                load_scenario(multi_centre, {lever.key: bound})
                with pytest.raises(ScenarioError):
                    load_scenario(multi_centre, {lever.key: bound + steps[name]})
