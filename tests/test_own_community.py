"""People of one's own start a simulation: their files are read, checked, and laid over what is drawn."""

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cosim.cli import app
from cosim.community import Community
from cosim.compare import compare
from cosim.scenario import ScenarioError, load_scenario, own_community, people, to_toml
from cosim.scenario.inhabitants import building_names, community_of, missing_words, person_rows
from cosim.scenario.schema import Scenario
from cosim.scenario.sheets import FORMS
from cosim.study import run_study, write_study
from cosim.world import population, ties
from cosim.world.columns import FIRM, LET, PUBLIC_RENTAL
from cosim.world.world import World

RESIDENTS = """person,household,building,age,origin,member,months_lived,cooperator,trust_firm,belonging
a,h1,North,70,long_term,yes,240,free_rider,0.9,0.8
b,h2,South,30,migrant,no,,,,
c,h1,North,,long_term,,,,,
d,h3,North,41.5,,no,12,conditional,0,1
e,h2,South,,migrant,no,,,,
"""
HOUSEHOLDS = """household,building,origin,children,area,tenure,pays,keeps
h2,South,migrant,yes,50,let,yes,no
h1,North,long_term,,,public_rental,,
h3,North,,no,88.5,,no,yes
"""
TIES = """person_a,person_b,strength
a,b,0.5
b,a,0.5
d,a,
c,e,1
"""
SCENARIO = 'extends = "village"\n[population]\nfrom = "residents.csv"\n'
ALL = SCENARIO + 'households_from = "households.csv"\nties_from = "ties.csv"\n'


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    """Work where nothing is."""
    monkeypatch.chdir(tmp_path)


def put(
    folder: Path | str = ".",
    *,
    residents: str | bytes | None = RESIDENTS,
    households: str | bytes | None = HOUSEHOLDS,
    ties: str | bytes | None = TIES,
    scenario: str = ALL,
) -> Path:
    """Write the files of a community, and return that of the scenario."""
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    for name, content in {"residents": residents, "households": households, "ties": ties}.items():
        if content is not None:
            raw = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.csv").write_bytes(raw)
    path = folder / "mine.toml"
    path.write_text(scenario, encoding="utf-8")
    return path


def only_residents(text: str | bytes, **more: str) -> Path:
    """Write residents alone."""
    return put(residents=text, households=None, ties=None, scenario=SCENARIO, **more)


def refusal(path: Path, overrides: dict[str, object] | None = None) -> str:
    """Return what is said of a scenario that cannot be used."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides)
    return str(caught.value)


class TestReading:
    """What the files say, in order of buildings and households."""

    def test_people_stand_by_building_and_household(self):
        scenario = load_scenario(put())
        own = community_of(scenario)
        assert own.buildings == building_names(scenario) == ("South", "North")
        assert own.households == ("h2", "h1", "h3")
        assert own.persons == ("b", "e", "a", "c", "d")
        assert own.household_of == (0, 0, 1, 1, 2)
        assert own.building_of == (0, 1, 1)
        assert person_rows(scenario) == {"b": 0, "e": 1, "a": 2, "c": 3, "d": 4}
        assert own.of_residents["age"] == (30.0, None, 70.0, None, 41.5)
        assert own.of_households["origin"] == ("migrant", "long_term", None)
        assert own.ties == ((2, 0, 0.5), (4, 2, None), (3, 1, 1.0))

    def test_they_are_counted_whatever_a_parent_says(self):
        who = load_scenario(put()).population
        assert (who.residents, who.households, who.buildings) == (5, 3, 2)
        assert len(who.digest) == 32

    def test_without_buildings_there_is_one(self):
        scenario = load_scenario(only_residents("person,household\na,h1\nb,h2\n"))
        assert building_names(scenario) == ("1",)
        assert scenario.population.buildings == 1

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    @pytest.mark.parametrize("between", [",", ";", "\t"])
    def test_marks_endings_and_what_stands_between_cells_make_no_difference(self, mark, ending, between):
        usual = community_of(load_scenario(put()))
        files = {}
        for name, text in {"residents": RESIDENTS, "households": HOUSEHOLDS, "ties": TIES}.items():
            files[name] = mark + text.replace(",", between).replace("\n", ending).encode()
        assert community_of(load_scenario(put("other", **files))) == usual

    def test_a_mark_and_line_endings_do_not_change_the_digest(self):
        digest = load_scenario(put()).population.digest
        residents = b"\xef\xbb\xbf" + RESIDENTS.replace("\n", "\r\n").encode()
        assert load_scenario(put("other", residents=residents)).population.digest == digest

    def test_decimals_may_follow_a_comma_where_semicolons_stand_between_cells(self):
        own = community_of(load_scenario(only_residents("person;household;trust_firm\na;h1;0,25\n")))
        assert own.of_residents["trust_firm"] == (0.25,)

    def test_blank_rows_and_idle_commas_are_passed_over(self):
        own = community_of(load_scenario(only_residents('person,household,,\n,,,\n"a, b",h1,,,\n\n c ,h1,,\n')))
        assert own.persons == ("a, b", "c")

    def test_chinese_names_are_names(self):
        scenario = load_scenario(only_residents("person,household,building\n张三,一户,1号楼\n"))
        assert (person_rows(scenario), building_names(scenario)) == ({"张三": 0}, ("1号楼",))

    def test_files_are_read_once(self, monkeypatch):
        path = put()
        load_scenario(path)
        monkeypatch.setattr(own_community, "Sheet", None)
        load_scenario(path, {"study.months": 3})

    def test_the_bounds_are_those_of_the_world(self):
        assert own_community.MOST_TIES == ties.SLOTS
        assert own_community.MOST_ADULTS == population.MOST_ADULTS

    def test_a_scenario_without_files_has_none(self):
        village = load_scenario("village", {"population.names": []})
        assert community_of(village) is None
        assert (person_rows(village), building_names(village), missing_words(village)) == ({}, (), [])


HEADER = "person,household"


class TestFaults:
    """Every fault is said with file, line, column, what is allowed and how to mend it."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "residents.csv\n    the file is empty\n    allowed: a header and a row for each resident"),
            (" \n\n", "residents.csv\n    the file is empty"),
            (f"{HEADER}\n", "residents.csv\n    there is no resident in this file"),
            ("a,h1\nb,h1\n", "residents.csv, line 1\n    the first line is not a header"),
            (
                "person,house\na,h1\n",
                "residents.csv, line 1: household\n    this column is needed, and is not there\n    allowed: a column",
            ),
            (f"{HEADER},Age\na,h1,3\n", "line 1: Age\n    there is no column 'Age'\n    allowed: a column person and"),
            (f"{HEADER},trust_goverment\na,h1,1\n", "did you mean 'trust_government'?"),
            (f"{HEADER},age,age\na,h1,40,40\n", "residents.csv, line 1: age\n    two columns have this name"),
            (f"{HEADER},\na,h1,x\n", "residents.csv, line 2\n    'x' stands in a column without a name"),
            (f"{HEADER}\na,h1\n,h1\n", "residents.csv, line 3: person\n    this cell is empty, and is needed"),
            (f"{HEADER}\na,\n", "residents.csv, line 2: household\n    this cell is empty, and is needed"),
            (f"{HEADER},age\na,h1\n", "residents.csv, line 2\n    this row has 2 cells, the header 3\n    a text with"),
            (f"{HEADER}\na,h1,x\n", "residents.csv, line 2\n    this row has 3 cells, the header 2"),
            (f'{HEADER}\n"a,h1\nb,h1\n', "residents.csv, line 2\n    this row cannot be read: unexpected end of data"),
            (f"{HEADER}\na,h1\nb,h1\na,h2\n", "residents.csv, line 4: person\n    'a' stands in line 2 already"),
            (
                f"{HEADER},age\na,h1,17\n",
                "residents.csv, line 2: age\n    17 is too small\n    allowed: a number from 18 to 120 (years)",
            ),
            (f"{HEADER},age\na,h1,1e9\n", "residents.csv, line 2: age\n    1e9 is too large"),
            (f"{HEADER},age\na,h1,old\n", "line 2: age\n    'old' is not a number"),
            (f"{HEADER},age\na,h1,nan\n", "line 2: age\n    'nan' is not a number"),
            (f"{HEADER},age\na,h1,4_0\n", "line 2: age\n    '4_0' is not a number"),
            (f'{HEADER},age\na,h1,"41,5"\n', "decimals follow a point: 0.5"),
            (f"{HEADER},safety\na,h1,70\n", "70 is too large\n    allowed: a number from 0 to 1 (0: not at all, 1: "),
            (f"{HEADER},safety\na,h1,70\n", "70 % is written 0.7"),
            (f"{HEADER},months_lived\na,h1,2.5\n", "line 2: months_lived\n    2.5 is not a whole number"),
            (
                f"{HEADER},age,months_lived\na,h1,20,252\n",
                "line 2: months_lived\n    252 months are more than somebody of 20 years has lived",
            ),
            (f"{HEADER},member\na,h1,Yes\n", "line 2: member\n    'Yes' is neither yes nor no\n    allowed: yes or no"),
            (
                f"{HEADER},cooperator\na,h1,freerider\n",
                "there is no 'freerider'\n    allowed: one of conditional, free_rider, hump_shaped\n    did you mean",
            ),
            (
                f"{HEADER},building\na,h1,N\nb,h1,S\n",
                "line 3: building\n    'S' for household 'h1', but 'N' in line 2",
            ),
            (
                f"{HEADER},origin\na,h1,migrant\nb,h1,\nc,h1,long_term\n",
                "line 4: origin\n    'long_term' for household 'h1', but 'migrant' in line 2",
            ),
            (
                f"{HEADER},building\na,h1,N\nb,h2,\n",
                "line 3: building\n    household 'h2' has no building, and others have one",
            ),
            (
                f"{HEADER}\n" + "".join(f"p{n},h1\n" for n in range(13)),
                "line 14: household\n    household 'h1' has 13 adults\n    allowed: at most 12",
            ),
            ("person,household\nä,h1\n".encode("latin-1"), "residents.csv, line 2\n    this is not UTF-8"),
            ("person,household\na,h1\n".encode("utf-16"), "residents.csv\n    this is UTF-16 or not a text at all"),
            ("person,household\n张,h1\n".encode("gbk"), "Excel, “CSV UTF-8”"),
        ],
    )
    def test_of_residents(self, text, said):
        assert said in refusal(only_residents(text))

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "household\nh1\nh2\n",
                "residents.csv, line 5: household\n    there is no household 'h3' in households.csv",
            ),
            (HOUSEHOLDS + "h9,North,,,,,,\n", "households.csv, line 5: household\n    nobody in residents.csv"),
            (HOUSEHOLDS + "h1,North,,,,,,\n", "households.csv, line 5: household\n    'h1' stands in line 3 already"),
            (
                HOUSEHOLDS.replace("h1,North", "h1,South"),
                "residents.csv, line 2: building\n    'North' for household 'h1', but 'South' in line 3 of households",
            ),
            (
                HOUSEHOLDS.replace("h2,South,migrant", "h2,South,long_term"),
                "residents.csv, line 3: origin\n    'migrant' for household 'h2', but 'long_term' in line 2 of househ",
            ),
            (HOUSEHOLDS.replace("88.5", "9"), "households.csv, line 4: area\n    9 is too small\n    allowed: a"),
            (HOUSEHOLDS.replace(",let,", ",rented,"), "households.csv, line 2: tenure\n    there is no 'rented'"),
        ],
    )
    def test_of_households(self, text, said):
        assert said in refusal(put(households=text))

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a,z,\n", "ties.csv, line 2: person_b\n    there is no person 'z' in residents.csv"),
            ("a,a,\n", "ties.csv, line 2: person_b\n    a tie of 'a' to itself"),
            ("a,,\n", "ties.csv, line 2: person_b\n    this cell is empty, and is needed"),
            (
                "a,b,0.5\nb,a,0.4\n",
                "ties.csv, line 3: strength\n    strength 0.4, but strength 0.5 in line 2 for the same two persons",
            ),
            ("a,b,0.5\na,b,\n", "ties.csv, line 3: strength\n    no strength, but strength 0.5 in line 2"),
            ("a,b,0\n", "ties.csv, line 2: strength\n    0 is too small\n    allowed: a number above 0 and at most 1"),
            ("a,b,1.5\n", "ties.csv, line 2: strength\n    1.5 is too large"),
        ],
    )
    def test_of_ties(self, text, said):
        assert said in refusal(put(ties="person_a,person_b,strength\n" + text))

    def test_of_a_person_with_too_many_ties(self):
        residents = f"{HEADER}\n" + "".join(f"p{n},h{n // 4}\n" for n in range(20))
        many = "person_a,person_b\n" + "".join(f"p{n},p0\n" for n in range(1, 20))
        text = refusal(put(residents=residents, ties=many, households=None, scenario=SCENARIO + 'ties_from="ties.csv"'))
        assert "ties.csv, line 18: person_b\n    'p0' has more than 16 ties" in text
        assert text.count("ties.csv") == 1

    def test_of_more_people_than_there_may_be(self, monkeypatch):
        monkeypatch.setattr(own_community, "MOST_RESIDENTS", 4)
        monkeypatch.setattr(own_community, "MOST_BUILDINGS", 1)
        text = refusal(put())
        assert "residents.csv, line 6: person\n    there are 5 rows\n    allowed: at most 4" in text
        assert "there are 2 buildings\n    allowed: at most 1" in text

    def test_all_files_at_once_in_order(self):
        text = refusal(
            put(
                residents=RESIDENTS.replace("70", "7").replace("240", "many"),
                households=HOUSEHOLDS.replace("let", "lent"),
                ties=TIES.replace("c,e", "c,x"),
            )
        )
        heads = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert heads == [
            "residents.csv, line 2: age",
            "residents.csv, line 2: months_lived",
            "households.csv, line 2: tenure",
            "ties.csv, line 5: person_b",
        ]

    def test_beside_those_of_the_scenario(self):
        scenario = ALL + "[study]\nmonths = 0\n[supply]\nmode = 3\n"
        text = refusal(put(scenario=scenario, residents=RESIDENTS.replace("70", "7")))
        assert "mine.toml, line 7: study.months" in text
        assert "mine.toml, line 9: supply.mode" in text
        assert "residents.csv, line 2: age" in text

    def test_no_more_than_twenty_are_shown(self):
        rows = "".join(f"p{n},h{n},7\n" for n in range(27))
        text = refusal(only_residents(f"{HEADER},age\n{rows}"))
        assert text.count("7 is too small") == 20
        assert text.endswith("and 7 more faults in these files")

    def test_of_a_file_that_is_not_there(self):
        text = refusal(put(scenario=SCENARIO.replace("residents", "resident")))
        assert "mine.toml, line 3: population.from\n    there is no file resident.csv" in text
        assert "did you mean 'residents.csv'?" in text

    def test_of_a_name_that_no_file_can_have(self):
        text = refusal(put(scenario=SCENARIO.replace("residents", "a\\u0000b")))
        assert "mine.toml, line 3: population.from\n    there is no file a\\x00b.csv" in text

    def test_of_a_folder(self):
        Path("people").mkdir()
        text = refusal(put(scenario=ALL.replace("households.csv", "people")))
        assert text.startswith("mine.toml, line 4: population.households_from\n    people is a folder, not a file")

    def test_of_files_without_residents(self):
        text = refusal(put(scenario='extends = "village"\n[population]\nties_from = "ties.csv"\n'))
        assert "mine.toml, line 3: population.ties_from\n    there is no file of residents" in text

    def test_of_a_name_that_is_none(self):
        assert "population.from\n    3 is not text" in refusal(put(scenario=SCENARIO.replace('"residents.csv"', "3")))

    def test_of_a_number_beside_the_files(self):
        text = refusal(put(scenario=ALL + "residents = 6\nhouseholds = 3\n"))
        assert "mine.toml, line 6: population.residents\n    6 here, but 5 in the files" in text
        assert "population.households" not in text
        assert "--set: population.buildings" in refusal(put(), {"population.buildings": 5})

    def test_of_a_change_that_would_bring_other_people(self):
        text = refusal(put(scenario=ALL + '[[changes]]\nmonth = 1\nset.population.from = "x.csv"\n'))
        assert "'population.from' is a fact of the compound, which no reform changes" in text


class TestScenario:
    """A scenario with people of its own is a scenario like others."""

    def test_paths_are_seen_from_the_file_that_says_so(self, tmp_path):
        put("parent")
        Path("parent/child.toml").write_text('extends = "mine"\n[study]\nmonths = 3\n', encoding="utf-8")
        scenario = load_scenario("parent/child.toml")
        assert people.files_of(scenario.population)[0] == str(tmp_path / "parent" / "residents.csv")
        assert scenario.study.months == 3

    def test_paths_on_the_command_line_are_seen_from_the_working_folder(self, tmp_path):
        put("data")
        scenario = load_scenario("village", {"population.from": "data/residents.csv"})
        assert scenario.population.residents == 5
        assert getattr(scenario.population, "from") == str(tmp_path / "data" / "residents.csv")

    def test_it_survives_being_dumped_written_pickled_and_loaded_with_changes(self):
        lever = "[[changes]]\nmonth = 2\nset.party_leads.visits = 1.0\n"
        scenario = load_scenario(put(scenario=ALL + lever))
        assert Scenario.model_validate(scenario.model_dump(exclude_none=True)) == scenario
        assert pickle.loads(pickle.dumps(scenario)) == scenario
        assert load_scenario(scenario) == scenario
        Path("elsewhere").mkdir()
        Path("elsewhere/mine.toml").write_text(to_toml(scenario), encoding="utf-8")
        assert load_scenario("elsewhere/mine.toml") == scenario
        assert scenario.timeline[2].population == scenario.population
        assert scenario.status_quo().population == scenario.no_reform().population == scenario.population

    def test_other_files_over_it_have_a_digest_of_their_own(self):
        scenario = load_scenario(put())
        put("other", residents=RESIDENTS.replace("70", "71"))
        other = load_scenario(scenario, {"population.from": "other/residents.csv"})
        assert other.population.digest != scenario.population.digest
        assert community_of(other).of_residents["age"][2] == 71.0

    def test_changed_files_are_refused(self):
        scenario = load_scenario(put())
        written = to_toml(scenario)
        put(residents=RESIDENTS.replace("70", "70.5"))
        with pytest.raises(ScenarioError, match="the files have changed since"):
            load_scenario(scenario)
        with pytest.raises(ScenarioError, match="the files have changed since"):
            World(scenario, 1, 0)
        Path("mine.toml").write_text(written, encoding="utf-8")
        text = refusal(Path("mine.toml"))
        line = 1 + written.splitlines().index(f'digest = "{scenario.population.digest}"')
        assert f"mine.toml, line {line}: population.digest\n    the files have changed since" in text
        assert "delete `digest`" in text

    def test_files_that_went_away_are_missed(self):
        scenario = load_scenario(put())
        Path("ties.csv").unlink()
        with pytest.raises(ScenarioError, match=r"there is no file ties\.csv"):
            person_rows(scenario)

    def test_what_is_drawn_is_said(self):
        assert missing_words(load_scenario(put())) == [
            "5 residents of 3 households in 2 buildings, from residents.csv, households.csv, ties.csv",
            "age: known of 3 of 5 residents, the others drawn",
            "member: known of 4 of 5 residents, the others drawn",
            "months_lived, cooperator, trust_firm: known of 2 of 5 residents, the others drawn",
            "trust_neighbours, trust_government, trust_party, trust_partners: known of no resident, all drawn",
            "satisfaction, efficacy, safety, expectation, handling: known of no resident, all start as newcomers do",
            "belonging: known of 2 of 5 residents, the others start as newcomers do",
            "origin, children, area, tenure, pays, keeps: known of 2 of 3 households, the others drawn",
            "ties: 3, as given",
        ]
        assert missing_words(load_scenario(only_residents(RESIDENTS)))[-1] == "ties: drawn"


def start(path: Path, **overrides: object) -> World:
    """Return the world of a scenario as it is before its first month."""
    return Community(path, rng=1, check=True, **overrides).world


def test_the_page_describes_every_column():
    page = (Path(__file__).parents[1] / "docs" / "howto" / "own_community.md").read_text(encoding="utf-8")
    table = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    described = {(file, column) for cells in table for file in ("residents", "households", "ties") if file in cells[1]
                 for column in cells[0].strip("| `").split("`, `")}  # fmt: skip
    forms = zip(("residents", "households", "ties"), FORMS, strict=True)
    assert described == {(file, column) for file, form in forms for column in form.columns}


class TestWorld:
    """The world starts with these people, and what is not known of them is drawn."""

    def test_what_is_given_is_there(self):
        world = start(put())
        r, homes, month = world.residents, world.households, -2
        b, e, a, c, d = range(5)
        assert r.household.tolist() == [0, 0, 1, 1, 2]
        assert r.building.tolist() == [0, 0, 1, 1, 1]
        assert r.age[[b, a, d]].tolist() == [30.0, 70.0, 41.5]
        assert r.member[[b, e, a, d]].tolist() == [False, False, True, False]
        assert r.migrant[[b, e, a, c]].tolist() == [True, True, False, False]
        assert r.cooperator[[a, d]].tolist() == [population.FREE_RIDER, population.CONDITIONAL]
        assert r.trust[[a, d], FIRM].tolist() == r.set_point[[a, d], FIRM].tolist() == [np.float32(0.9), 0.0]
        assert r.belonging[[a, d]].tolist() == [np.float32(0.8), 1.0]
        assert r.arrived[[a, c, d]].tolist() == [month - 240, month - 240, month - 12]
        assert homes.arrived[1:].tolist() == [month - 240, month - 12]
        assert homes.migrant[:2].tolist() == [True, False]
        assert homes.children[[0, 2]].tolist() == [True, False]
        assert homes.area[[0, 2]].tolist() == [50.0, 88.5]
        assert homes.fee.tolist() == pytest.approx((homes.area * world.settings.fee.rate).tolist())
        assert homes.tenure[:2].tolist() == [LET, PUBLIC_RENTAL]
        assert homes.pays[[0, 2]].tolist() == [True, False]
        assert homes.keeps[[0, 2]].tolist() == [False, True]
        old, children, migrant = r.age >= 60, homes.children[r.household], r.migrant
        assert r.profile.tolist() == (old + 2 * children + 4 * migrant).tolist()
        assert world.keeping.tolist() == [0.0, (homes.keeps[1] + homes.keeps[2]) / 2]
        assert not world.faults()

    def test_what_is_not_known_is_drawn_as_ever(self):
        bare = f"{HEADER},building\n" + "".join(f"p{n},h{n // 2},b{n // 6}\n" for n in range(12))
        drawn = start(only_residents(bare))
        some = bare.replace("building\n", "building,age,trust_firm\n").replace("b0\n", "b0,44,0.5\n")
        given_ = start(only_residents(some.replace("b1\n", "b1,,\n")))
        for column in drawn.residents.columns:
            mine, theirs = getattr(given_.residents, column.name), getattr(drawn.residents, column.name)
            if column.name in ("trust", "set_point"):
                assert np.array_equal(np.delete(mine, FIRM, 1), np.delete(theirs, FIRM, 1))
                mine, theirs = mine[6:, FIRM], theirs[6:, FIRM]
            elif column.name in ("age", "profile"):
                mine, theirs = mine[6:], theirs[6:]
            assert np.array_equal(mine, theirs), column.name
        for column in drawn.households.columns:
            assert np.array_equal(getattr(given_.households, column.name), getattr(drawn.households, column.name))
        assert given_.ties.edges() == drawn.ties.edges()

    def test_people_of_files_alone_are_those_that_would_be_drawn(self):
        """With every household full and buildings alike, there is one way only to place 96 adults."""
        mine = start(
            only_residents(f"{HEADER},building\n" + "".join(f"p{n},h{n // 12},b{n // 24}\n" for n in range(96)))
        )
        numbers = {"population.residents": 96, "population.households": 8, "population.buildings": 4}
        drawn = Community("village", rng=1, **numbers).world
        for table in ("residents", "households"):
            for column in getattr(drawn, table).columns:
                both = (getattr(getattr(world, table), column.name) for world in (mine, drawn))
                assert np.array_equal(*both), column.name
        assert mine.ties.edges() == drawn.ties.edges()

    def test_what_is_drawn_follows_the_origin_that_is_given(self):
        rows = "".join(f"p{n},h{n},{'migrant' if n % 2 else 'long_term'}\n" for n in range(400))
        r = start(only_residents(f"{HEADER},origin\n{rows}")).residents
        assert r.migrant.tolist() == [bool(n % 2) for n in range(400)]
        assert abs(r.age[~r.migrant].mean() - 52.0) < 3.0
        assert abs(r.age[r.migrant].mean() - 35.0) < 3.0

    def test_ties_are_those_given_and_no_other(self):
        world = start(put())
        base = np.float32(world.settings.ties.neighbour_base)
        assert sorted(world.ties.edges()) == [(0, 2, 0.5), (1, 3, 1.0), (2, 4, base)]
        near = {(row, int(other)): bool(near) for row in range(5) for other, near in zip(
            world.ties.other[row], world.ties.near[row], strict=True) if other >= 0}  # fmt: skip
        assert near == {
            (0, 2): False, (2, 0): False, (1, 3): False, (3, 1): False, (2, 4): True, (4, 2): True
        }  # fmt: skip

    def test_a_file_without_a_tie_is_people_who_do_not_know_each_other(self):
        assert start(put(ties="person_a,person_b\n")).ties.edges() == []

    def test_a_tie_across_buildings_starts_like_an_acquaintance(self):
        world = start(put(ties="person_a,person_b\na,b\n"))
        t = world.settings.ties
        assert world.ties.edges() == [(0, 2, pytest.approx(max(t.other_base, t.forgotten + 0.1)))]

    def test_neighbours_are_near_within_reach_alone(self):
        residents = f"{HEADER}\n" + "".join(f"p{n},h{n}\n" for n in range(12))
        scenario = SCENARIO + 'ties_from = "ties.csv"\n'
        world = start(put(residents=residents, ties="person_a,person_b\np0,p6\np1,p8\n", scenario=scenario))
        assert [bool(world.ties.near[row, 0]) for row in (0, 1)] == [True, False]

    def test_as_many_ties_as_there_is_room_for(self):
        residents = f"{HEADER}\n" + "".join(f"p{n},h{n // 4}\n" for n in range(20))
        pairs = [(a, b) for a in range(17) for b in range(a)]
        rows = "".join(f"p{a},p{b}\n" for a, b in pairs)
        scenario = SCENARIO + 'ties_from = "ties.csv"\n'
        world = start(put(residents=residents, ties=f"person_a,person_b\n{rows}", scenario=scenario))
        assert {(a, b) for a, b, _ in world.ties.edges()} == {(b, a) for a, b in pairs}

    def test_acquaintances_are_found_in_buildings_of_unequal_size(self):
        """One building holds nearly everybody: those in it hardly know anybody elsewhere."""
        rows = "".join(f"p{n},h{n},{'small' if n < 10 else 'large'}\n" for n in range(400))
        world = start(
            only_residents(f"{HEADER},building\n{rows}"),
            **{"ties.neighbours": 0.0, "ties.across_buildings": 0.0, "ties.acquaintances": 3.0},
        )
        buildings = world.residents.building
        assert world.ties.edges()
        assert all(buildings[a] == buildings[b] for a, b, _ in world.ties.edges())

    def test_nothing_is_lost_over_months(self):
        community = Community("own_community", rng=3, check=True, **{"study.months": 18, "moving.migrant_rate": 0.1})
        community.run()
        assert len(community.months) == 24
        assert community.world.residents.arrival.max() > 0

    @settings(deadline=None, max_examples=15)
    @given(st.data())
    def test_any_community_makes_a_sound_world(self, tmp_path_factory, data):
        number = data.draw(st.integers(1, 30))
        home = data.draw(st.lists(st.integers(0, 9), min_size=number, max_size=number))
        ages = data.draw(st.lists(st.none() | st.integers(18, 120), min_size=number, max_size=number))
        rows = [f"p{n},h{h},b{h % 3},{'' if a is None else a}" for n, (h, a) in enumerate(zip(home, ages, strict=True))]
        if max(home.count(h) for h in home) > 12:
            return
        folder = tmp_path_factory.mktemp("any")
        text = f"{HEADER},building,age\n" + "\n".join(rows)
        path = put(folder, residents=text, households=None, ties=None, scenario=SCENARIO)
        community = Community(path, rng=1, check=True, **{"study.warmup_months": 0, "study.months": 2}).run()
        world = community.world
        assert world.residents.rows == number
        assert np.all(np.diff(world.residents.building) >= 0)
        assert not world.faults()


class TestStudies:
    """Runs, comparisons, results and the commands."""

    def test_the_same_people_in_two_folders_can_be_compared(self):
        first, second = put("one"), put("two", scenario=ALL + '[supply]\nmode = "multi_centre"\n')
        result = compare((first, second), replicates=1, months=2, jobs=1)
        assert len(result.outcomes)

    def test_other_people_cannot(self):
        first, second = put("one"), put("two", residents=RESIDENTS.replace("70", "71"))
        with pytest.raises(ScenarioError, match=r"population\.digest"):
            compare((first, second), replicates=1, months=2, jobs=1)

    def test_one_alone_is_compared_with_the_same_people_without_a_reform(self):
        result = compare((put(scenario=ALL + '[supply]\nmode = "multi_centre"\n'),), replicates=1, months=2, jobs=1)
        before = result.months[result.months["month"] < 0].drop(columns="scenario")
        halves = [half.reset_index(drop=True) for _, half in before.groupby(result.months["scenario"])]
        pd.testing.assert_frame_equal(*halves)

    def test_several_processes_give_the_same(self):
        scenario = load_scenario(put(), {"study.months": 3})
        one, two = (run_study([scenario], replicates=2, jobs=jobs) for jobs in (1, 2))
        pd.testing.assert_frame_equal(one.months, two.months)
        assert not two.failures

    def test_results_hold_neither_paths_nor_persons(self, tmp_path):
        path = put("secret_folder", residents=RESIDENTS.replace("\na,", "\nZhangSan,"), ties=None,
                   scenario=SCENARIO + 'households_from = "households.csv"\n')  # fmt: skip
        scenario = load_scenario(path, {"study.months": 2})
        place = write_study(run_study([scenario], jobs=1), Path("results"))
        for file in place.iterdir():
            content = file.read_bytes()
            for word in (str(tmp_path), "secret_folder", "ZhangSan"):
                assert word.encode() not in content, file.name
        held = json.loads((place / "study.json").read_text(encoding="utf-8"))["scenarios"]["mine"]["population"]
        assert (held["from"], held["households_from"], held["ties_from"]) == ("residents.csv", "households.csv", "")
        assert held["digest"] == scenario.population.digest

    def test_commands_say_what_is_drawn(self):
        put()
        words = missing_words(load_scenario("mine.toml"))
        result = CliRunner().invoke(app, ["validate", "mine.toml"])
        assert result.stdout.splitlines() == ["ok  mine.toml", *(f"    {line}" for line in words)]
        options = ["--months", "2", "-r", "1", "-j", "1"]
        result = CliRunner().invoke(app, ["compare", "mine.toml", "mine.toml", *options])
        assert result.exit_code == 0
        assert result.stderr.startswith("\n".join(words))
        assert result.stderr.count(words[0]) == 1

    def test_a_command_names_the_fault_and_no_traceback(self):
        put(residents=RESIDENTS.replace("70", "7"))
        result = CliRunner().invoke(app, ["run", "mine.toml"])
        assert result.exit_code == 2
        assert result.stderr.startswith("residents.csv, line 2: age\n    7 is too small\n")
