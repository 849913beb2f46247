"""People with names: `population.names` tells rows apart for readers, and changes nothing that happens."""

import numpy as np
import pytest
from typer.testing import CliRunner

import cosim
from cosim import cli
from cosim.community import Community
from cosim.dashboard.panels import life
from cosim.dashboard.room import Room
from cosim.dashboard.visitor import Visitor
from cosim.language import language
from cosim.outcomes.register import states
from cosim.scenario import ScenarioError, as_child, load_scenario, to_toml
from cosim.scenario.from_text import scenario_from_text
from cosim.scenario.inhabitants import name_of, person_names, person_rows
from cosim.scenario.keys import keys_of
from cosim.scenario.same_people import check_same_people
from cosim.study.running import seed_of
from cosim.study.tracing.subject import read_subject

AGES = {
    "刘建国 Liu Jianguo": 61, "王秀兰 Wang Xiulan": 65, "刘建军 Liu Jianjun": 56, "陈玉珍 Chen Yuzhen": 71,
    "张伟 Zhang Wei": 41, "李娜 Li Na": 40, "赵磊 Zhao Lei": 39, "孙浩然 Sun Haoran": 23, "郑国强 Zheng Guoqiang": 54,
    "郑雨桐 Zheng Yutong": 18, "何丽华 He Lihua": 56, "郑德明 Zheng Deming": 77,
}  # fmt: skip
"""The people of the village and their ages, as its file remarks."""


@pytest.fixture(scope="module")
def village():
    return load_scenario("village")


def named(*names):
    return load_scenario("village", {"population.names": list(names)})


def refusal(*names):
    with pytest.raises(ScenarioError) as error:
        named(*names)
    return str(error.value)


def differences(scenario, other):
    """Return the keys and values that a scenario has otherwise than another one."""
    values = {key.dotted: key.value for key in keys_of(other)}
    return {key.dotted: key.value for key in keys_of(scenario) if values.get(key.dotted) != key.value}


class TestVillage:
    def test_a_dozen_people_have_names_that_fit_who_they_are(self, village):
        world = Community(village, rng=1).world
        assert dict(zip(person_names(village), np.rint(world.residents.age).astype(int).tolist(), strict=True)) == AGES
        who = person_rows(village)
        r = world.residents
        assert [name for name, row in who.items() if r.migrant[row]] == ["孙浩然 Sun Haoran"]
        assert [name for name, row in who.items() if r.member[row]] == ["郑雨桐 Zheng Yutong"]
        homes = {name[0]: set() for name in who}
        for name, row in who.items():
            homes[name[0]].add(int(r.household[row]))
        assert (homes["刘"], homes["王"], homes["郑"], homes["何"]) == ({0}, {0}, {4}, {4})

    def test_names_change_nothing_that_happens(self, village):
        nameless = Community(named(), rng=3)
        known = Community(village, rng=3)
        assert nameless.run().months.equals(known.run().months)
        rows = np.arange(12)
        assert np.array_equal(states(nameless.world, rows), states(known.world, rows), equal_nan=True)

    def test_its_reform_is_that_of_ly_among_the_same_people(self, village):
        reform = load_scenario("village_reform")
        check_same_people([village, reform], ["village", "village_reform"])
        assert differences(reform, village) == differences(load_scenario("multi_centre"), load_scenario("ly"))


class TestNameOf:
    def test_a_row_has_its_name_as_long_as_that_person_lives_there(self, village):
        assert name_of(village, 1) == "王秀兰 Wang Xiulan"
        assert name_of(village, 1, arrival=1) is None
        assert (name_of(village, 12), name_of(village, -1), name_of(load_scenario("ly"), 1)) == (None, None, None)

    def test_fewer_names_than_people_leave_the_others_without(self):
        scenario = named("王秀兰", "B")
        assert [name_of(scenario, row) for row in range(3)] == ["王秀兰", "B", None]

    def test_people_from_files_have_the_names_of_their_files(self):
        own = load_scenario("own_community")
        assert name_of(own, person_rows(own)["p07"]) == "p07"


class TestChecks:
    @pytest.mark.parametrize(
        ("names", "said"),
        [
            (["A", "B", "A"], "'A' stands there twice"),
            (["12"], '"12": a name has a letter in it; a number is a row'),
            (["3.1"], '"3.1": a name has a letter in it; a number is a row'),
            ([""], '"": it is empty'),
            ([" A"], '" A": it is to have no blank at its ends'),
            (["A  B"], '"A  B": it is to have no blank at its ends'),
            (["A\nB"], '"A\\nB": it is to have no blank at its ends'),
            (["A" * 61], "longer than 60 characters"),
            ([f"P{n}" for n in range(13)], "13 names for 12 residents"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_a_name_is_refused(self, names, said):
        text = refusal(*names)
        assert "population.names" in text
        assert said in text

    def test_every_fault_is_told_at_once(self):
        text = refusal("1", "A", "A")
        assert "a number is a row" in text
        assert "'A' stands there twice" in text

    def test_a_text_instead_of_a_list_is_refused(self):
        with pytest.raises(ScenarioError, match=r"population\.names"):
            load_scenario("village", {"population.names": "王秀兰"})

    def test_files_of_people_name_them_themselves(self):
        with pytest.raises(ScenarioError, match="the file of residents names them already"):
            load_scenario("own_community", {"population.names": ["A"]})

    def test_files_over_a_parent_with_names_replace_its_people(self, tmp_path):
        (tmp_path / "residents.csv").write_text("person,household\nq1,h\nq2,h\n", encoding="utf-8")
        mine = tmp_path / "mine.toml"
        mine.write_text('extends = "village"\n[population]\nfrom = "residents.csv"\n', encoding="utf-8")
        assert person_names(load_scenario(mine)) == ("q1", "q2")

    def test_a_fault_is_said_in_chinese_too(self):
        with pytest.raises(ScenarioError) as error:
            named("A", "A")
        assert "“A”出现了两次" in error.value.text(language("zh"))

    def test_names_survive_being_written(self, village):
        assert scenario_from_text(to_toml(village), "mine").population.names == village.population.names
        child = scenario_from_text(as_child(named("甲"), "village"), "mine")
        assert child.population.names == ("甲",)

    def test_one_name_means_one_person_in_a_comparison(self, village):
        with pytest.raises(ScenarioError, match=r"population\.names"):
            check_same_people([village, named("王秀兰")], ["one", "other"])


class TestTracing:
    @pytest.mark.parametrize("text", ["王秀兰", "Wang Xiulan", "王秀兰 Wang Xiulan", "Xiulan"])
    def test_a_person_is_found_by_name_or_a_part_of_it(self, village, text):
        subject = read_subject({"person": text}, village)
        assert (subject.row, subject.arrival) == (1, 0)

    def test_a_part_that_several_share_is_refused_with_their_names(self, village):
        with pytest.raises(ScenarioError, match="3 people of village are called so") as error:
            read_subject({"person": "Zheng"}, village)
        assert "郑雨桐 Zheng Yutong" in str(error.value)

    def test_an_unknown_name_is_refused_with_those_there_are(self, village):
        with pytest.raises(ScenarioError, match="'王秀' is not a person") as error:
            read_subject({"person": "王秀"}, village)
        assert "王秀兰 Wang Xiulan" in str(error.value)

    def test_a_number_stays_a_row(self, village):
        subject = read_subject({"person": "7"}, village)
        assert (subject.row, subject.arrival) == (7, None)

    def test_the_trace_names_its_person(self):
        result = CliRunner().invoke(cli.app, ["trace", "village", "village_reform", "--person", "王秀兰", "--to", "1"])
        assert result.exit_code == 0
        assert result.stdout.count("person 1.0 (王秀兰 Wang Xiulan): long-term resident") == 2

    def test_who_asks_has_a_name(self):
        found = cosim.trace("village", order="cleaning_greening@0", seed=26)
        assert "赵磊 Zhao Lei asks (of 1 in all)" in found.events[0]["text"]

    def test_a_newcomer_is_not_the_person_who_lived_there(self):
        found = cosim.trace("village", person="3", seed=1)
        assert "person 3.1: " in found.about[0]
        with pytest.raises(ScenarioError, match=r"person 3\.0 \(陈玉珍 Chen Yuzhen\) is not here"):
            cosim.trace("village", person="陈玉珍", seed=1)

    def test_the_seed_of_the_lecture_keeps_everybody_up_to_month_0(self, village):
        community = Community(village, rng=seed_of(26, 1))
        while community.month < 0:
            community.step()
        assert not community.world.residents.arrival.any()


class TestDashboard:
    @pytest.fixture
    def visitor(self):
        visitor = Visitor(Room(), "?left=village&right=village_reform&seed=26", lambda: None)
        while not visitor.worlds.ready:
            visitor.more()
        return visitor

    @pytest.mark.parametrize("given", ["赵磊", "Zhao Lei", "赵磊 Zhao Lei", "6"])
    def test_a_resident_is_found_by_name_or_row(self, visitor, given):
        life.find(visitor, given)
        assert (visitor.picked.row, visitor.picked.arrival) == (6, 0)
        assert life._title(visitor) == "Resident 赵磊 Zhao Lei"

    def test_a_name_that_several_have_is_told_with_theirs(self, visitor):
        life.find(visitor, "Zheng")
        assert visitor.picked.row == -1
        said = language("zh").again(visitor.messages[0])
        assert said.startswith("叫“Zheng”的居民不止一位：")
        assert all(name in said for name in ("郑国强 Zheng Guoqiang", "郑雨桐 Zheng Yutong", "郑德明 Zheng Deming"))

    def test_whoever_comes_to_a_row_later_has_no_name(self, visitor):
        visitor.pick(6, arrival=1)
        assert life._title(visitor) == "Resident 6"
