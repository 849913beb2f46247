"""The words that the code declares in both languages: `glossary KIND LANGUAGE`."""

from collections.abc import Callable, Iterator

from cosim.dashboard.phases import WORDS
from cosim.dashboard.stages import STAGES
from cosim.display.words import GROUPS
from cosim.language import Language, language
from cosim.month.phases import PHASES
from cosim.outcomes.measures import ALL, CATEGORY
from cosim.scenario import load_scenario
from cosim.scenario.keys import schema_keys
from cosim.scenario.levers import SECTIONS
from cosim.scenario.schema import Scenario
from cosim.scenario.supply import MODES
from cosim.world.columns import HOUSEHOLD_COLUMNS, RESIDENT_COLUMNS
from generated import table

HEADS = {"en": ("English", "中文", "in the code", "meaning"), "zh": ("中文", "英文", "代码名", "含义")}
ZH = language("zh")
Row = tuple[str, str, str, str]
"""English, Chinese, name in the code, meaning."""


def lines(kind: str, lang: str = "en") -> str:
    """Return the table of one kind of words."""
    rows = list(KINDS[kind](language(lang)))
    written = [row if lang == "en" else (row[1], row[0], *row[2:]) for row in rows]
    heads = HEADS[lang]
    return table(heads, written) if any(row[3] for row in rows) else table(heads[:3], [row[:3] for row in written])


def _sections(say: Language) -> Iterator[Row]:
    for name, words in SECTIONS.items():
        yield str(words), ZH(words), f"`[{name}]`", ""


def _levers(say: Language) -> Iterator[Row]:
    for key in schema_keys(Scenario):
        if key.lever:
            label, about = key.about["label"], key.about
            price = say.pick("price: ", "代价：") + say(about["price"])
            yield label["en"], label["zh"], f"`{key.dotted}`", f"{say(about['unit'])}{say.pick('; ', '；')}{price}"


def _measures(say: Language) -> Iterator[Row]:
    for it in (*ALL, *CATEGORY):
        yield it.en, it.zh, f"`{it.name}`", say(it.meaning)


def _columns(say: Language) -> Iterator[Row]:
    seen = set()
    for it in (*RESIDENT_COLUMNS, *HOUSEHOLD_COLUMNS):
        if it.name not in seen:
            seen.add(it.name)
            yield it.en, it.zh, f"`{it.name}`", ""


def _phases(say: Language) -> Iterator[Row]:
    for phase in PHASES:
        words = WORDS[phase]
        yield words.en, words.zh, f"`{phase.__name__}`", say(words.what)


def _orders(say: Language) -> Iterator[Row]:
    for stage, words in STAGES.items():
        yield str(words.name), ZH(words.name), f"`{stage.name}`", say(words.meaning)


def _modes(say: Language) -> Iterator[Row]:
    for name in MODES:
        words = name.replace("_", " ")
        yield words, ZH(words), f"`{name}`", ""


def _groups(say: Language) -> Iterator[Row]:
    for name, words in GROUPS.items():
        yield words, ZH(words), f"`{name}`", ""


def _categories(say: Language) -> Iterator[Row]:
    for name, it in load_scenario("ly").categories.items():
        yield it.label, it.label_zh, f"`{name}`", ""


KINDS: dict[str, Callable[[Language], Iterator[Row]]] = {
    "sections": _sections, "levers": _levers, "measures": _measures, "columns": _columns, "phases": _phases,
    "orders": _orders, "modes": _modes, "groups": _groups, "categories": _categories,
}  # fmt: skip
