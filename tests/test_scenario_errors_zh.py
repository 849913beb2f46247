"""What is wrong with a scenario is said in Chinese too, all of it, and English stays as it is."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from cosim.language import ENGLISH, Told, language
from cosim.scenario import Problem, ScenarioError, load_scenario
from cosim.scenario.errors import MOST_FAULTS
from cosim.scenario.keys import schema_keys
from cosim.scenario.places import Place
from cosim.scenario.same_people import check_same_people
from cosim.scenario.schema import Scenario

ZH = language("zh")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> None:
    """Stand in an empty folder, so that a message names a file as its user would."""
    monkeypatch.chdir(tmp_path)


def error_of(text: str, overrides: dict[str, object] | None = None) -> ScenarioError:
    """Return the error of a scenario's file."""
    Path("mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("mine.toml", overrides)
    return caught.value


def test_the_whole_of_it():
    error = error_of(
        'extends = "ly"\n'
        "visits = 3\n"
        "[study]\n"
        "months = 12.0\n"
        "neighbours = 4\n"
        "[supply]\n"
        'mode = "multicentre"\n'
        "[categories.water]\n"
        "initial = 40\n"
        'partners = "enterprise"\n',
        {"study.warmup_months": -1},
    )
    text = error.text(ZH)
    allowed_at_the_top = text.split("visits\n")[1].split("允许：")[1].split("\n")[0]
    assert allowed_at_the_top.startswith("extends, title, ")
    assert (
        text
        == f"""\
mine.toml 第 2 行：visits
    此处没有“visits”这个键
    允许：{allowed_at_the_top}
    “visits”应写在 [party_leads] 中

mine.toml 第 4 行：study.months
    12.0 不是整数
    允许：1 至 1_200 之间的整数（月）
    请写 12

mine.toml 第 5 行：study.neighbours
    此处没有“neighbours”这个键
    允许：warmup_months, months, replicates
    “neighbours”应写在 [ties] 或 [trust] 中

mine.toml 第 7 行：supply.mode
    "multicentre" 不在可选值之中
    允许：以下之一："single_centre", "multi_centre"
    是否想写“multi_centre”？

mine.toml 第 9 行：categories.water.initial
    40 太大
    允许：0 至 1 之间的数（设施状况）
    40% 应写作 0.4

mine.toml 第 10 行：categories.water.partners
    "enterprise" 不是列表
    允许：列表，其中每个值为以下之一："property_firm", "social_organisation", "enterprise", "public_unit"
    请写成列表：["enterprise"]

--set：study.warmup_months
    -1 太小
    允许：0 至 600 之间的整数（月）"""
    )


FAULTY = [
    "",
    "= 3",
    "a = 40%",
    "a: 3",
    "a.=3",
    'a = "\\xzz"',
    'a = "\\ud800"',
    "a = 2024-13-01",
    "a = 'x\x1by'",
    'a = "x\x1by"',
    'a = "x',
    "a = [1,\n",
    "a = {b = 1",
    "[study\n",
    "a = 1\na = 2",
    "a = {b = 1, b = 2}",
    "a = " + "[" * 3000,
    "a = " + "9" * 5000,
    "k" * 200 + " = 1",
    'extends = "../ly"',
    'extends = "lyy"',
    "extends = 3",
    'extends = "mine"',
    "[study]\nmonths = 3",
    'extends = "ly"\nname = "x"',
    'extends = "ly"\nstudy = 3',
    'extends = "ly"\nstudy.months = {x = 1}',
    'extends = "ly"\nsupply.mode = {x = 1}',
    'extends = "ly"\nstudy.months = 1e400',
    'extends = "ly"\nstudy.months = ' + "9" * 400,
    'extends = "ly"\npopulation.migrant_share = nan',
    'extends = "ly"\npopulation.migrant_share = "0.4"',
    'extends = "ly"\nresidents_order.order_desk = 1',
    'extends = "ly"\n[categories.kiosk]\nneed = 2',
    'extends = "ly"\n[categories.mode]\nlabel = "x"',
    'extends = "ly"\npopulation.households = 9000',
    'extends = "ly"\npopulation.households = 10',
    'extends = "ly"\npopulation.buildings = 9000',
    'extends = "ly"\npopulation.free_riders = 0.9',
    'extends = "ly"\ntaking_part.w_norm = 0.9',
    'extends = "ly"\nsupply.watr.mode = "grant"',
    'extends = "ly"\nsupply.water.payers = {government = 2, residents = -1}',
    'extends = "ly"\nsupply.water.payers = {government = 0.5}',
    'extends = "ly"\nsupply.water.payers = {}',
    'extends = "ly"\nsupply.water.payers = {partner = 1}',
    'extends = "ly"\nsupply.water.award = "assign"',
    'extends = "ly"\nsupply.water = {mode = "grant", partners = []}',
    'extends = "ly"\nsupply.water = {mode = "grant", partners = ["enterprise", "enterprise"]}',
    'extends = "ly"\nsupply.water = {mode = "grant", award = "self_provision", arranger = "residents"}',
    'extends = "ly"\nsupply.water.mode = "voluntary"',
    'extends = "ly"\nsupply.health.mode = "market_entry"',
    'extends = "ly"\nsupply.security.mode = "market_entry"',
    'extends = "ly"\nshocks = [{month = 3, kind = "failure"}]',
    'extends = "ly"\nshocks = [{month = 3, kind = "failure", category = "watr"}]',
    'extends = "ly"\nshocks = [{month = 900, kind = "flood", partner = "enterprise_1"}]',
    'extends = "ly"\nshocks = [' + '{month = 3, kind = "partner_quits", partner = "enterprise_1"}, ' * 2 + "]",
    'extends = "ly"\nrenovation.categories = ["watr"]',
    'extends = "ly"\nchanges = [{month = 500, set.party_leads.visits = 1}, {month = 3}]',
    'extends = "ly"\nchanges = [{month = 5, set.study.months = 1}, {month = 5, set.party_leads.visit = 1}]',
    'extends = "ly"\nchanges = [' + "{month = 5, set.party_leads.visits = 1}, " * 2 + "]",
    'extends = "ly"\nchanges = [{month = 5, set.party_leads.visits = 99}]',
    'extends = "ly"\npopulation.ties_from = "x.csv"',
    'extends = "ly"\npopulation.from = "x.csv"',
    'extends = "ly"\npopulation.from = "mine.toml"',
    'extends = "own_community"\npopulation.residents = 3',
    'extends = "own_community"\npopulation.digest = "0"',
]  # fmt: skip


@pytest.mark.parametrize("text", FAULTY, ids=lambda text: text[:60])
def test_every_part_of_every_problem_has_chinese_words(text):
    for problem in error_of(text).problems:
        assert CHINESE.search(ZH(problem.message)), problem.message
        assert not problem.hint or CHINESE.search(ZH(problem.hint)), problem.hint
        assert isinstance(problem.message, Told)
        names_alone = re.fullmatch(r"(\w+, )*\w+", problem.allowed)
        assert not problem.allowed or names_alone or CHINESE.search(ZH(problem.allowed)), problem.allowed
        for field in fields(Problem):
            value = getattr(problem, field.name)
            assert not isinstance(value, str) or ENGLISH(value) == value


def test_no_english_is_left_between_the_chinese_words():
    """What stays is what stands in a file: quoted values, keys, names, and signs of TOML."""
    error = error_of('extends = "ly"\nsupply.mode = 3\nresidents_order.order_desk = "x"\ncommittee.seats = 0\n')
    words = re.findall(r"[A-Za-z]+", re.sub(r'"\w+"|[\w.]+\.(toml|\w+)', "", error.text(ZH)))
    assert set(words) == {"true", "false"}


@pytest.mark.parametrize("key", [key for key in schema_keys(Scenario) if Place.of(key.field).kind in (int, float)],
                         ids=lambda key: key.dotted)  # fmt: skip
def test_every_unit_of_a_number_is_said_in_chinese(key):
    allowed = ZH(Place.of(key.field).allowed())
    unit = re.search("（(.*)）$", allowed)
    assert unit, allowed
    assert unit[1] != key.about["unit"]
    assert CHINESE.search(unit[1]) or unit[1].startswith("logit")


def test_a_shipped_file_and_a_loaded_scenario_are_named_in_chinese():
    with pytest.raises(ScenarioError) as caught:
        load_scenario("ly", {"population.households": 1})
    assert caught.value.text(ZH).startswith("ly.toml（自带） 第 ")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(load_scenario("ly"), {"study.months": 0, "supply.water.payers.x": 1})
    assert caught.value.text(ZH).startswith("--set：study.months\n    0 太小\n")


def test_scenarios_that_are_not_the_same_people():
    first, other = load_scenario("ly"), load_scenario("ly", {"study.months": 3, "categories.kiosk": {"label": "Kiosk"}})
    with pytest.raises(ScenarioError) as caught:
        check_same_people([first, other], ["ly", "mine"])
    text = caught.value.text(ZH)
    assert text.startswith("这些情景中的居民和历史并不相同")
    assert "\n\nly和mine：study.months\n    ly 中为 120，mine 中为 3" in text
    assert "\n\nly和mine：categories.kiosk.label\n    ly 中为 无此项，mine 中为 Kiosk" in text


def test_a_community_of_ones_own():
    Path("people.csv").write_text("person,household,age\na,1,7\na,2,x\n", encoding="utf-8")
    text = error_of('extends = "ly"\npopulation.from = "people.csv"\n').text(ZH)
    assert text == (
        "people.csv 第 2 行：age\n    7 太小\n    允许：18 至 120 之间的数（岁）\n\n"
        "people.csv 第 3 行：age\n    “x”不是数\n    允许：18 至 120 之间的数（岁）\n    不清楚则将单元格留空\n\n"
        "people.csv 第 3 行：person\n    “a”已在第 2 行出现\n    允许：每个只写一次"
    )


def test_a_name_of_the_users_is_not_translated():
    error = error_of("extends = 3\n")
    named = ScenarioError([Problem(file="month", key="open", message=error.problems[0].message)])
    assert named.text(ZH).startswith("month：open\n    这不是情景的名称")


def test_no_more_faults_are_told_than_anybody_mends_at_once():
    text = 'extends = "ly"\n[study]\n' + "".join(f"k{number} = 1\n" for number in range(MOST_FAULTS))
    assert len(error_of(text).problems) == MOST_FAULTS
    error = error_of(text + "more = 1\n")
    assert len(error.problems) == MOST_FAULTS + 1
    assert str(error).endswith("\n\nthere is more that is wrong; this is what was found first")
    assert error.text(ZH).endswith("\n\n还有其他错误；以上是最先发现的")
