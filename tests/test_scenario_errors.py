"""Whatever is wrong with a scenario, the text says where, what, what is allowed and how to mend it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError, model_validator

from cosim.scenario import Problem, ScenarioError, load_scenario, parse_override, shipped_scenarios
from cosim.scenario.errors import Refusal, Refused
from cosim.scenario.explain import refusals
from cosim.scenario.field import Section, fact, lever
from cosim.scenario.places import Place, find_place

SHIPPED = ", ".join(shipped_scenarios())


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """Stand in an empty folder, so that a message names a file as its user would."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(source: str | Path, overrides: dict[str, object] | None = None) -> str:
    """Return the text with which a scenario is refused."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(source, overrides)
    return str(caught.value)


def write(text: str | bytes, name: str = "mine") -> str:
    """Write a scenario file into this folder and return its name."""
    Path(f"{name}.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return f"{name}.toml"


def child(text: str) -> str:
    """Write a file that extends the LY compound: its own text begins in line 2."""
    return write(f'extends = "ly"\n{text}')


# The whole of it


def test_all_problems_come_at_once_and_in_the_order_of_the_file():
    write('extends = "ly"\n[study]\nreplicates = 0\n', "parent")
    path = write(
        'extends = "parent"\n'
        "visits = 3\n"
        "[study]\n"
        "warmup_months = 12.0\n"
        'months = "12"\n'
        "repliactes = 4\n"
        "[supply]\n"
        'mode = "multicentre"\n'
        "[supply.water]\n"
        "payers = {residents = 0.5, owners = 0.5}\n"
        "[categories.water]\n"
        "initial = 40\n"
        'partners = "enterprise"\n'
    )
    text = refused(path, {"study.months": 0, "supply.water.overseer": "nobdy"})
    allowed_at_the_top = text.split("mine.toml, line 2: visits")[1].split("allowed: ")[1].split("\n")[0]
    assert allowed_at_the_top.startswith("extends, title, ")
    assert (
        text
        == f"""\
parent.toml, line 3: study.replicates
    0 is too small
    allowed: a whole number from 1 to 100_000 (replicates)

mine.toml, line 2: visits
    there is no key 'visits' here
    allowed: {allowed_at_the_top}
    'visits' belongs in [party_leads]

mine.toml, line 4: study.warmup_months
    12.0 is not a whole number
    allowed: a whole number from 0 to 600 (months)
    write 12

mine.toml, line 6: study.repliactes
    there is no key 'repliactes' here
    allowed: warmup_months, months, replicates
    did you mean 'replicates'?

mine.toml, line 8: supply.mode
    "multicentre" is not among the choices
    allowed: one of "single_centre", "multi_centre"
    did you mean 'multi_centre'?

mine.toml, line 10: supply.water.payers.owners
    there is no key 'owners' here
    allowed: government, partner, residents

mine.toml, line 12: categories.water.initial
    40 is too large
    allowed: a number from 0 to 1 (condition)
    40 % is written 0.4

mine.toml, line 13: categories.water.partners
    "enterprise" is not a list
    allowed: a list, each value one of "property_firm", "social_organisation", "enterprise", "public_unit"
    write a list: ["enterprise"]

--set: study.months
    0 is too small
    allowed: a whole number from 1 to 1_200 (months)

--set: supply.water.overseer
    "nobdy" is not among the choices
    allowed: one of "government", "community", "nobody"
    did you mean 'nobody'?"""
    )


def test_every_part_of_a_problem_can_be_read():
    with pytest.raises(ScenarioError) as caught:
        load_scenario(child("[study]\nmonths = 0\n"))
    assert caught.value.problems == (
        Problem(
            file="mine.toml",
            line=3,
            key="study.months",
            message="0 is too small",
            allowed="a whole number from 1 to 1_200 (months)",
        ),
    )


def test_what_does_not_fit_together_is_told_with_its_line():
    text = refused(child('[population]\nhouseholds = 9000\n[supply.watr]\nmode = "grant"\n'))
    categories = ", ".join(load_scenario("ly").categories)
    assert (
        text
        == f"""\
mine.toml, line 3: population.households
    9000 households cannot be lived in by 5000 adult residents
    allowed: at most 5000, one adult a household

mine.toml, line 4: supply.watr
    there is no 'watr'
    allowed: {categories}
    did you mean 'water'?"""
    )


def test_a_fault_of_something_that_no_file_sets_names_the_file():
    assert refused(write("[study]\nmonths = 3\n"), {"study.months": 4}).startswith("mine.toml: categories\n")


# Values


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("study.months", '"12"', '"12" is not a whole number'),
        ("study.months", '"12"', "write it without quotation marks: 12"),
        ("study.months", '"twelve"', '"twelve" is not a whole number'),
        ("study.months", "12.5", "12.5 is not a whole number"),
        ("study.months", "true", "true is not a whole number"),
        ("study.months", "[1, 2]", "[1, 2] is not a whole number"),
        ("study.months", "{x = 1}", "this is a table, not a whole number"),
        ("supply.mode", "{x = 1}", "this is a table, not one of the choices"),
        ("study.months", "2024-01-01", "2024-01-01 is not a whole number"),
        ("study.months", "0", "0 is too small"),
        ("study.months", "1201", "1201 is too large"),
        ("study.months", "9" * 400, "a number this long is too large"),
        ("study.months", f'"{"x" * 80}"', f'"{"x" * 59}… is not a whole number'),
        ("study.months", "nan", "nan is not a whole number"),
        ("population.migrant_share", "nan", "nan is not a finite number"),
        ("population.migrant_share", "inf", "inf is not a finite number"),
        ("population.migrant_share", "-inf", "-inf is not a finite number"),
        ("population.migrant_share", "1e400", "inf is not a finite number"),
        ("population.migrant_share", "-0.1", "-0.1 is too small"),
        ("population.migrant_share", "1.4", "1.4 is too large"),
        ("population.migrant_share", "37.5", "37.5 % is written 0.375"),
        ("population.migrant_share", "9" * 400, "a number this long is too large"),
        ("population.migrant_share", '"0.4"', "write it without quotation marks: 0.4"),
        ("residents_order.order_desk", "1", "1 is not true or false"),
        ("residents_order.order_desk", '"true"', "write it without quotation marks: true"),
        ("residents_order.order_desk", '"yes"', '"yes" is not true or false'),
        ("title", "3", "3 is not text"),
        ("study", "3", "3 is not a table"),
        ("supply.water", '"grant"', '"grant" is not a table'),
        ("supply.mod", '"single_centre"', "did you mean 'mode'?"),
        ("supply.water.payers", "3", "3 is not a table"),
        ("supply.water.payers.residents", '"x"', '"x" is not a number'),
        ("categories.water", "3", "3 is not a table"),
        ("categories.water.partners", '["enterprize"]', "did you mean 'enterprise'?"),
        ("categories.water.partners", "[1]", "1 is not among the choices"),
    ],
)
def test_a_wrong_value(key, value, words):
    text = refused(child(f"{key} = {value}\n"))
    assert text.startswith(f"mine.toml, line 2: {key}\n")
    assert words in text.split("\n    ")
    assert "\n    allowed: " in text


def test_an_unknown_table_and_a_key_two_sections_know():
    text = refused(child("[partyleads]\nvisits = 1\n[study]\nneighbours = 3\n"))
    assert "mine.toml, line 2: partyleads\n    there is no key 'partyleads' here" in text
    assert "did you mean 'party_leads'?" in text
    assert "mine.toml, line 5: study.neighbours" in text
    assert "'neighbours' belongs in [ties] or [trust]" in text


def test_a_key_that_another_section_knows_is_no_slip_for_one_that_looks_alike():
    assert refused(child("months = 3\n")).endswith("\n    'months' belongs in [study] or [renovation]")


def test_a_value_from_python_that_toml_cannot_write():
    assert "\n    None is not among the choices" in refused("ly", {"supply.mode": None})
    assert "\n    b'3' is not a whole number" in refused("ly", {"study.months": b"3"})
    assert "--set: study\n" in refused("ly", {"study": {3: 4}})
    assert "there is no key '3' here" in refused("ly", {"categories": {3: {}}})


# Files


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "mode = multi_centre",
            ", line 1\n    what follows '=' is not a TOML value: mode = multi_centre\n"
            '    text stands in quotation marks ("like this"), true and false are in lower case',
        ),
        ("a = 1\na: 3", ", line 2\n    a key is not followed by '=': a: 3\n    write: key = value"),
        (
            "a = 40%",
            ", line 1\n    something follows the end of the value: a = 40%\n"
            "    one key a line; decimals follow a point (0.5); no '%' and no unit behind a number",
        ),
        ("a = 1\nb = 'x", ", line 2\n    a text does not end: b = 'x\n    close it with a quotation mark"),
        (
            'a = "x\n',
            ', line 1\n    a text does not end on its line: a = "x\n    close it with a quotation mark',
        ),
        ('a = """x\n\n', ', line 1\n    a text does not end: a = """x\n    close it with a quotation mark'),
        ("a = [1,\n2\n", ", line 1\n    a list does not end: a = [1,\n    close it with ]"),
        ("a = {b = 1", ", line 1\n    a table does not end: a = {b = 1\n    close it with }"),
        ("[study\n", ", line 1\n    the name of a table does not end: [study\n    close it with ]"),
        ("= 3", ", line 1\n    a line that is neither a key nor a [table]: = 3\n    write: key = value"),
        (
            r'a = "c:\x"',
            r", line 1"
            "\n"
            r'    a backslash inside a text: a = "c:\x"'
            "\n"
            "    write it twice, or put the text in single quotation marks",
        ),
        ("a.=3", ", line 1\n    not TOML, Invalid initial character for a key part: a.=3"),
        ("a = 'x\x1by'", ", line 1\n    not TOML, Found invalid character '\\x1b': a = 'x\\x1by'"),
        (
            "a = 1\na = 2",
            ", line 2\n    'a' stands a second time; the first is in line 1\n    keep one of them",
        ),
        (
            "x = 1\n[t]\na = 1\nb = '''\na = 3\n'''\na = [\n4]\n",
            ", line 7\n    't.a' stands a second time; the first is in line 3\n    keep one of them",
        ),
        (
            "[t]\na = 1\n\n[t]",
            ", line 4\n    't' stands a second time; the first is in line 1\n    keep one of them",
        ),
        (
            "t.a = 1\n[t]\nb = 1\n",
            ", line 2\n    't' stands a second time; the first is in line 1\n    keep one of them",
        ),
        (
            "a = {b = 1, b = 2}",
            ", line 1\n    a key stands twice in one table: a = {b = 1, b = 2}\n    keep one of them",
        ),
        (
            "a = {b = {c = 1}, b.d = 2}\nx = 1\n",
            ", line 1\n    a key stands twice in one table: a = {b = {c = 1}, b.d = 2}\n    keep one of them",
        ),
        ("a = " + "9" * 5000, "\n    a number has thousands of digits"),
        ("a = " + "[" * 3000, "\n    lists or tables stand too deep in one another"),
        ("a." * 3000 + "a = 1", "\n    lists or tables stand too deep in one another"),
        ("", '\n    nothing is set in this file\n    start it with: extends = "ly"'),
        ("\n# only this\n", '\n    nothing is set in this file\n    start it with: extends = "ly"'),
    ],
    ids=lambda text: text[:20],
)
def test_a_text_that_is_not_toml(text, said):
    assert refused(write(text)) == f"mine.toml{said}"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(encoding):
    assert (
        refused(write('extends = "ly"\n'.encode(encoding)))
        == """\
mine.toml
    this is UTF-16 or not a text at all
    allowed: text in UTF-8
    save the file as UTF-8: an editor offers that under “Save as”, “Encoding”"""
    )


def test_another_encoding_of_chinese():
    text = refused(write('extends = "ly"\ntitle = "郑州"\n'.encode("gbk")))
    assert text.startswith("mine.toml, line 2\n    this is not UTF-8\n")


def test_a_missing_file():
    write('extends = "ly"\n')
    assert (
        refused("mien.toml")
        == f"""\
mien.toml
    there is no such file and no such shipped scenario
    allowed: the path of a TOML file, or one of {SHIPPED}
    did you mean 'mine.toml'?"""
    )


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("LY", "ly"),
        ("multicentre", "multi_centre"),
        ("ly.toml", "ly"),
        ("./single-centre.toml", "single_centre"),
        (Path("ly"), "ly"),
        ("mine", "mine.toml"),
    ],
)
def test_a_name_that_is_almost_right(source, meant):
    write('extends = "ly"\n')
    assert refused(source).endswith(f"\n    did you mean '{meant}'?")


@pytest.mark.parametrize(
    "source", ["quite_another", "nowhere/at/all.toml", "a" * 5000, "a" * 5000 + "/b.toml", "a\0b"]
)
def test_a_name_that_resembles_nothing(source):
    assert refused(source).endswith(f"    allowed: the path of a TOML file, or one of {SHIPPED}")


def test_a_name_that_cannot_be_printed_is_escaped():
    assert refused("a\0b\x1b\udcff").startswith("a\\x00b\\x1b\\udcff\n")


def test_a_folder():
    Path("mine").mkdir()
    assert refused("mine") == "mine\n    this is a folder, not a file"
    write('extends = "ly"\n', "mine/first")
    assert refused("mine/") == "mine/\n    this is a folder, not a file\n    name a file in it: first.toml"
    assert refused("") == ".\n    this is a folder, not a file"


def test_a_pipe_is_not_waited_for():
    os.mkfifo("pipe.toml")
    assert refused("pipe.toml") == "pipe.toml\n    this is not an ordinary file"


def test_a_file_that_may_not_be_read(monkeypatch):
    def read_bytes(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = child("")
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert refused(path) == "mine.toml\n    the file cannot be read: Permission denied"


# Parents


@pytest.mark.parametrize(
    ("given", "message", "meant"),
    [
        ('"lyy"', "there is no scenario 'lyy'", "ly"),
        ('"nothing_like_it"', "there is no scenario 'nothing_like_it'", ""),
        ('"../ly"', "'../ly' leads out of the folder of the file", "ly"),
        ('"sub/ly.toml"', "'sub/ly.toml' leads out of the folder of the file", "ly"),
        (r"'C:\scenarios\ly.toml'", r"'C:\scenarios\ly.toml' leads out of the folder of the file", "ly"),
        ('"/etc/passwd"', "'/etc/passwd' leads out of the folder of the file", ""),
        ('".."', "'..' leads out of the folder of the file", ""),
        ('""', "this is not the name of a scenario", ""),
        ("3", "this is not the name of a scenario", ""),
        ('["ly"]', "this is not the name of a scenario", ""),
        (r'"a\u0000b"', "there is no scenario 'a\\x00b'", ""),
    ],
)
def test_a_parent_that_is_not_there(given, message, meant):
    hint = f"\n    did you mean '{meant}'?" if meant else ""
    assert (
        refused(write(f"\nextends = {given}\n"))
        == f"""\
mine.toml, line 2: extends
    {message}
    allowed: a file in the same folder, or a shipped scenario: {SHIPPED}{hint}"""
    )


def test_a_pipe_beside_the_file_is_no_parent():
    os.mkfifo("pipe.toml")
    assert "there is no scenario 'pipe'" in refused(write('extends = "pipe"\n'))


def test_parents_in_a_circle():
    write('extends = "second"\n', "first")
    write('\nextends = "first"\n', "second")
    assert (
        refused("first.toml")
        == """\
second.toml, line 2: extends
    the files extend each other in a circle: first → second → first"""
    )
    assert "in a circle: mine → mine" in refused(write('extends = "mine"\n'))


def test_too_many_parents():
    for number in range(8):
        write(f'extends = "f{number + 1}"\n', f"f{number}")
    write('extends = "ly"\n', "f8")
    assert (
        refused("f0.toml")
        == """\
f7.toml, line 1: extends
    the chain of files is too long: f0 → f1 → f2 → f3 → f4 → f5 → f6 → f7 → f8
    allowed: at most 8 files"""
    )


def test_a_parent_that_cannot_be_read_is_the_file_named():
    write("x = = 3\n", "parent")
    assert refused(write('extends = "parent"\n')).startswith("parent.toml, line 1\n")
    write("", "parent")
    assert refused(write('extends = "parent"\n')).startswith("parent.toml\n    nothing is set in this file")


def test_a_fault_in_a_shipped_file_is_said_to_be_there():
    text = refused("ly", {"population.households": 1})
    assert text.startswith("ly.toml (shipped), line ")
    assert "\n    5000 adult residents do not fit into 1 households\n" in text


def test_a_scenario_has_the_name_of_its_file():
    assert refused(child('name = "x"\n')) == (
        "mine.toml, line 2: name\n    a scenario has the name of its file\n    delete this key"
    )


# Overrides


@pytest.mark.parametrize("text", ["a", "=", "=3", "a=", ""])
def test_an_override_without_key_or_value(text):
    with pytest.raises(ScenarioError, match=f"'{text}' is not key=value\n    allowed: such as population"):
        parse_override(text)


@pytest.mark.parametrize(
    "value", ["1,5", "40%", "[1", '"x', "two words", "=3", "1\nb=2", "[" * 3000, "9" * 5000, '"\udcff"']
)
def test_an_override_that_is_no_value(value):
    with pytest.raises(ScenarioError) as caught:
        parse_override(f"a.b={value}")
    (problem,) = caught.value.problems
    assert (problem.file, problem.key, problem.message) == ("--set", "a.b", f"'{value}' is not a value")
    assert problem.allowed.startswith("a number, true or false, a word, a list such as")
    assert problem.hint == "quotation marks may need quoting for your shell: --set 'a.b=\"…\"'"


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"": 1}, "--set\n    a part of this key is empty\n    allowed: names with a point between them"),
        (
            {"a..b": 1},
            "--set: a..b\n    a part of this key is empty\n    allowed: names with a point between them",
        ),
        (
            {"study": {"months": 3}, "study.months": 4},
            "--set: study.months\n    this is set twice\n    keep one of them",
        ),
        (
            {"study.months": 4, "study.months.x.y": 4},
            "--set: study.months.x.y\n    this is set twice\n    keep one of them",
        ),
        ({"name": "x"}, "--set: name\n    a scenario has the name of its file\n    delete this key"),
        ({"extends": "ly"}, "--set: extends\n    only a file can say what it extends"),
        ({"extends": ""}, "--set: extends\n    only a file can say what it extends"),
    ],
)
def test_overrides_that_cannot_be_laid_over_a_scenario(overrides, said):
    assert refused("ly", overrides) == said


def test_an_override_does_not_found_a_category_by_a_slip():
    for key in ("categories.watr.need", "supply.watr.mode"):
        text = refused("ly", {key: 3 if key.endswith("need") else "grant"})
        assert text.startswith(
            f"--set: {key.rpartition('.')[0]}\n    there is no 'watr'\n    allowed: water, "
        )
        assert text.partition("\n\n")[0].endswith("\n    did you mean 'water'?")
    assert "there is no key 'nowhere' here" in refused("ly", {"nowhere.x.y": 3})
    assert "this is a table, not a number" in refused("ly", {"categories.water.need.x.y": 3})


def test_a_new_category_in_a_file_needs_a_label():
    text = refused("ly", {"categories.kiosk": {"need": 2}})
    assert text == "--set: categories.kiosk.label\n    this key is needed, and is not there\n    allowed: text"


def test_a_category_has_a_name_that_can_be_a_key():
    text = refused("ly", {"categories.mode": {"label": "Mode"}})
    assert "'mode' cannot be the name of a category" in text


# The words for what a schema allows, on a schema of its own

ABOUT = {"source": "a test", "mark": "assumed", "en": "x", "zh": "某"}


class Part(Section):
    """A part."""

    share: float = fact(0.5, unit="share", gt=0, lt=1, **ABOUT)

    @model_validator(mode="after")
    def check(self) -> "Part":
        """Refuse one value twice."""
        if self.share == 0.25:
            raise Refused(
                [Refusal("share", "not a quarter", "any other", "halve it"), Refusal("share", "really")]
            )
        return self


class Tree(Section):
    """A small schema."""

    required: int = fact(..., unit="pieces", ge=-4_000_000, **ABOUT)
    free: float = fact(0, unit="degrees", **ABOUT)
    flag: bool = fact(False, unit="choice", **ABOUT)
    choice: Literal["a", "b"] | None = fact(None, unit="choice", **ABOUT)
    numbers: tuple[float, ...] = fact((), unit="list", **ABOUT)
    shares: dict[Literal["p", "q"], float] = fact({}, unit="shares", **ABOUT)
    parts: dict[str, Part] = fact({}, unit="parts", **ABOUT)
    few: Annotated[tuple[int, ...], Field(max_length=1)] = ()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("required", "a whole number at least -4_000_000 (pieces)"),
        ("free", "a number (degrees)"),
        ("flag", "true or false"),
        ("choice", 'one of "a", "b"'),
        ("numbers", "a list, each value a number"),
        ("shares", "a table with the keys p, q, each value a number"),
        ("shares.p", "a number"),
        ("parts", "a table of tables, one for each name"),
        ("parts.any", "a table with the keys share"),
        ("parts.any.share", "a number above 0 below 1 (share)"),
    ],
)
def test_the_words_for_what_is_allowed(path, allowed):
    place = find_place(Tree, path.split("."))
    assert isinstance(place, Place)
    assert place.allowed() == allowed


@pytest.mark.parametrize("path", ["x", "x.y", "free.x", "shares.p.x", "numbers.x"])
def test_a_key_that_the_schema_does_not_know_has_no_place(path):
    assert find_place(Tree, path.split(".")) is None


def explained(**values: object) -> list[Refusal]:
    """Return what the small schema refuses."""
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate({"required": 1, **values})
    return list(refusals(caught.value, Tree))


def test_a_section_refuses_several_things_with_keys_of_its_own():
    assert explained(parts={"one": {"share": 0.25}}) == [
        Refusal("parts.one.share", "not a quarter", "any other", "halve it"),
        Refusal("parts.one.share", "really"),
    ]


def test_a_refusal_lists_what_it_found():
    assert str(Refused([Refusal("a.b", "is odd"), Refusal("c", "is even")])) == "a.b: is odd; c: is even"


def test_a_fault_without_words_of_ours_keeps_those_of_pydantic():
    (refusal,) = explained(few=(1, 2))
    assert (refusal.key, refusal.allowed) == ("few", "a list, each value a whole number")
    assert "at most 1 item" in refusal.message


def test_a_refusal_below_an_unknown_place_says_no_more_than_it_knows():
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate({"required": 1, "parts": {"one": {"share": 0.5, "x": 1}}})
    assert list(refusals(caught.value, Part)) == [Refusal("parts.one.x", "there is no key 'x' here")]


# Declaring a field


@pytest.mark.parametrize("missing", ["unit", "source", "en", "zh"])
@pytest.mark.parametrize("declare", [fact, lever])
def test_a_field_needs_words(declare: Callable, missing: str):
    costs = {"price": "hours", "through": ["told"]} if declare is lever else {}
    about = {"unit": "share", **ABOUT, **costs, missing: " "}
    with pytest.raises(TypeError, match=f"a field needs words for its {missing}"):
        declare(0, **about)


def test_a_lever_needs_a_price():
    with pytest.raises(TypeError, match="a field needs words for its price"):
        lever(0, unit="share", price="", through=["told"], **ABOUT)


@pytest.mark.parametrize("through", [(), []])
def test_a_lever_says_by_what_it_reaches_residents(through):
    with pytest.raises(TypeError, match="a lever needs words for what it works through"):
        lever(0, unit="share", price="hours", through=through, **ABOUT)


def test_a_lever_that_names_no_source_rests_on_the_article_and_is_assumed():
    field = lever(0, unit="share", price="hours", through=("told",), en="x", zh="某")
    assert field.json_schema_extra["source"].startswith("the source article")
    assert field.json_schema_extra["mark"] == "assumed"
    assert field.json_schema_extra["through"] == ["told"]


def test_a_mark_is_one_of_four():
    with pytest.raises(TypeError, match="`mark` is one of read, derived, calibrated, assumed, not 'guessed'"):
        fact(0, unit="share", **{**ABOUT, "mark": "guessed"})


def test_a_default_is_checked_like_any_value():
    class Wrong(Section):
        """A section whose default is out of bounds."""

        share: float = fact(2.0, unit="share", ge=0, le=1, **ABOUT)

    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Wrong()
