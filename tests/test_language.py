"""The Chinese catalogue: nothing that is said in the code is missing, and nothing in it is unused."""

from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import cosim
from cosim.display import style
from cosim.display.words import GROUPS, STAGES, plain
from cosim.language import ENGLISH, language
from cosim.outcomes.measures import CATEGORY_MEASURES, MEASURES
from cosim.outcomes.orders import OPEN
from cosim.scenario import shipped_scenarios
from cosim.scenario.supply import MODES, Arranger, Overseer, Partner, Payer
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
    measures = [*MEASURES.values(), *CATEGORY_MEASURES.values()]
    names = [*shipped_scenarios(), "no_reform", *MODES, *(name for kind in BODIES for name in get_args(kind))]
    return {
        *(text for measure in measures for text in (measure.unit, measure.unit_of_level)),
        *map(plain, names), *GROUPS.values(), *STAGES.values(), *(stage.value for stage in ENDED), OPEN,
    }  # fmt: skip


BODIES = (Arranger, Overseer, Partner, Payer)


@pytest.fixture(scope="module")
def said():
    """Every text that is said in Python and in templates, and every one that is declared."""
    methods = [("**.py", "python"), ("**.html.jinja", "jinja2")]
    keywords = {"say": None, "many": (1, 2)}
    found = extract_from_dir(str(PACKAGE), methods, keywords=keywords)
    texts = {part for _, _, message, _, _ in found for part in (message if isinstance(message, tuple) else (message,))}
    return texts | set(declared_texts())


def known(catalogue):
    return {part for message in catalogue for part in _ids(message)}


def _ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


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
