"""The Chinese catalogue: nothing that is said in the code is missing, and nothing in it is unused."""

import ast
import pickle
from dataclasses import replace
from inspect import cleandoc
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from typer.main import get_command

import cosim
from cosim.cli import app
from cosim.cli.helping import TYPERS
from cosim.display import style
from cosim.display.words import GROUPS, STAGES, capitalised, plain
from cosim.export.dictionary import TITLES, all_declared, declared, text_of
from cosim.language import ENGLISH, language, told
from cosim.outcomes.measures import CATEGORY_MEASURES, MEASURES, measures_of_mechanisms
from cosim.outcomes.orders import OPEN
from cosim.patterns import shipped_patterns
from cosim.report.patterns import KINDS
from cosim.scenario import load_scenario, shipped_scenarios
from cosim.scenario.field import Mark
from cosim.scenario.keys import mechanism_keys, schema_keys
from cosim.scenario.mechanisms import mechanism_names
from cosim.scenario.places import Place
from cosim.scenario.schema import Scenario
from cosim.scenario.supply import MODES, Arranger, Overseer, Partner, Payer, Producer
from cosim.study.experiment import UNIT
from cosim.study.experiment.schema import Method
from cosim.world.columns import TARGETS
from cosim.world.orders import ENDED

PACKAGE = Path(cosim.__file__).parent


@pytest.fixture(scope="module")
def catalogue():
    messages = []
    for path in sorted((PACKAGE / "language" / "zh").glob("*.po")):
        with path.open("rb") as file:
            messages += [message for message in read_po(file, locale="zh") if message.id]
    return messages


def declared_texts():
    """Return texts that are said by a variable: declarations elsewhere, which no extraction finds."""
    own = measures_of_mechanisms(mechanism_names())
    measures = [*MEASURES.values(), *CATEGORY_MEASURES.values(), *own.values()]
    keys = [*schema_keys(Scenario), *mechanism_keys()]
    levers = [key for key in keys if key.lever]
    chosen = [name for key in levers for name in Place.of(key.field).choices or ()]
    kinds = (name for kind in (*BODIES, Method, Producer) for name in get_args(kind))
    names = [*shipped_scenarios(), "no_reform", *MODES, *chosen, *kinds]
    columns = [*all_declared(), *map(_declared_factor, ("government.budget", f"{UNIT}government.budget"))]
    return {
        *(text for measure in measures for text in (measure.unit, measure.unit_of_level, measure.meaning)),
        *(text for column in columns for text in (column.unit, column.meaning, *map(text_of, column.words))),
        *TITLES.values(), "yes", "no",
        *(key.about[word] for key in keys for word in ("unit", "source")), *(key.about["price"] for key in levers),
        *get_args(Mark), "scenario", "experiment",
        *map(plain, names), *GROUPS.values(), *STAGES.values(), *(stage.value for stage in ENDED), OPEN,
        *(capitalised(kind) for kind in KINDS), *KINDS.values(), *texts_of_patterns(), *texts_of_help(), *TYPERS,
        *TARGETS, *map(plain, load_scenario("ly").categories),
    }  # fmt: skip


def texts_of_help():
    """Return the paragraphs of all commands' help, and what is said of their options and arguments."""
    group = get_command(app)
    for command in (group, *group.commands.values()):
        for text in filter(None, (command.help, command.epilog)):
            yield from (" ".join(part.split()) for part in cleandoc(text).split("\n\n"))
        yield from filter(None, (getattr(option, "help", None) for option in command.params))


def _declared_factor(key):
    return replace(declared("design", key), unit="share")


def texts_of_patterns():
    """Return what figures say of patterns besides their titles, which have a Chinese one."""
    for pattern in shipped_patterns():
        yield pattern.observed
        yield from (criterion.name for criterion in pattern.criteria)
        yield from (criterion.unit for criterion in pattern.criteria if criterion.unit)


BODIES = (Arranger, Overseer, Partner, Payer)


@pytest.fixture(scope="module")
def said():
    """Every text that is said in Python and in templates, and every one that is declared."""
    methods = [("**.py", "python"), ("**.html.jinja", "jinja2")]
    keywords = {"say": None, "told": None, "many": (1, 2)}
    found = extract_from_dir(str(PACKAGE), methods, keywords=keywords)
    texts = {part for _, _, message, _, _ in found for part in (message if isinstance(message, tuple) else (message,))}
    return texts | set(declared_texts())


def test_no_text_is_said_where_extraction_does_not_find_it(said):
    """A text inside the call that says another one is not extracted."""
    nodes = (node for path in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    calls = (node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "told"))
    texts = {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
    assert len(texts) > 500
    assert sorted(texts - said) == []


def known(catalogue):
    return {part for message in catalogue for part in _ids(message)}


def _ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def test_what_is_said_is_given_what_it_names():
    """A name that is not given would be found by whoever meets the sentence."""
    nodes = (node for path in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    wrong, seen = [], 0
    for call in (node for node in nodes if isinstance(node, ast.Call) and node.args):
        text, given = call.args[0], {word.arg for word in call.keywords}
        said = getattr(call.func, "id", "") in ("say", "told") and isinstance(text, ast.Constant)
        if said and given and None not in given:
            seen += 1
            wrong += [text.value] if _places(text.value) != given else []
    assert (wrong, seen > 300) == ([], True)


def test_everything_has_a_translation(catalogue, said):
    assert sorted(said - known(catalogue)) == []


def test_nothing_is_translated_that_is_not_said(catalogue, said):
    assert sorted(known(catalogue) - said) == []


def test_a_translation_fills_the_same_places(catalogue):
    for message in catalogue:
        for text in _ids(message):
            for translated in [message.string] if isinstance(message.string, str) else message.string:
                assert translated, f"{text!r} is empty"
                assert _places(translated) == _places(text), text


def _places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_language_speaks():
    say = language("zh")
    assert say("Party members") == "党员"
    assert ENGLISH("Party members") == "Party members"
    assert say("a text that nobody has translated: {what}", what=1) == "a text that nobody has translated: 1"
    assert (say.pick("en", "中文"), say.pick("en", ""), ENGLISH.pick("en", "中文")) == ("中文", "en", "en")


def test_a_text_that_was_told_is_said_again_with_all_in_it():
    say = language("zh")
    kind = told("a whole number")
    text = told("{value} is not {wanted}", value="“a {b}”", wanted=kind)
    assert text == "“a {b}” is not a whole number"
    assert say(text) == say.again(text) == "“a {b}” 不是整数"
    assert ENGLISH(text) == text
    assert say("{label} ({unit})", label=text, unit=[kind, "x"]) == "“a {b}” 不是整数（整数、x）"
    assert told("{label} ({unit})", label="y", unit=[kind, "x"]) == "y (a whole number, x)"


def test_a_name_is_not_taken_for_a_text():
    assert language("zh").again("a whole number") == "a whole number"


def test_a_text_that_was_told_travels_between_processes():
    text = told("{value} is not {wanted}", value=3, wanted=told("a whole number"))
    again = pickle.loads(pickle.dumps(text))
    assert (again, language("zh")(again)) == (text, "3 不是整数")


def test_no_text_is_translated_twice(catalogue):
    every = [text for message in catalogue for text in _ids(message)]
    assert sorted({text for text in every if every.count(text) > 1}) == []


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no language 'fr'; there are en, zh"):
        language("fr")


def test_lines_break_between_chinese_characters_but_not_before_a_stop():
    text = "当多中心取代单中心，LY小区有什么变化？线条为 20 次重复的均值；阴影为其中间的 95 %。"
    lines = style.wrapped(text, 30).split("\n")
    assert max(map(style._columns, lines)) <= 30
    assert not any(line[0] in "，。？；" for line in lines)
    assert "LY" in "".join(lines)


def test_figures_fall_back_to_english_without_a_font(monkeypatch):
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    assert style.readable(language("zh")) is ENGLISH
    monkeypatch.setattr(style, "chinese_font", lambda: "Noto Sans CJK SC")
    assert style.readable(language("zh")).code == "zh"


def test_the_extra_brings_a_font():
    assert style._from_extra() == "Noto Sans SC"
