"""One English term has one Chinese one: in the catalogues, in labels of the code, and in the glossary."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import cosim
from cosim.dashboard.phases import WORDS
from cosim.export.dictionary import all_declared
from cosim.outcomes.measures import ALL, CATEGORY
from cosim.patterns import shipped_patterns
from cosim.scenario import load_scenario, shipped_scenarios
from cosim.scenario.keys import schema_keys
from cosim.scenario.schema import Scenario
from cosim.world.columns import HOUSEHOLD_COLUMNS, RESIDENT_COLUMNS

ROOT = Path(cosim.__file__).parents[1]
PAGES = {lang: ROOT / "docs" / name for lang, name in (("en", "glossary.md"), ("zh", "glossary.zh.md"))}
TWO_MEANINGS = {
    "Control": "how easy it is to act; what is made equal in a comparison",
    "Delivered": "a stage of an order; the month in which it was",
    "Ended": "of an order; the month in which it did",
    "Factor": "what a design varies; by how much means are multiplied",
    "Lowers": "share of worlds; number of points",
    "Placed": "a stage of an order; the month in which it was",
    "Raises": "share of worlds; number of points",
    "Deliberation": "taking part in a meeting; the phase",
    "Disputes": "how many; the phase",
    "Lives here": "whether; how long",
    "Residents": "people; how many",
    "Stage": "of an order; of the reform",
    "Ties": "relations; how many",
}
"""Words that stand for two things, which Chinese tells apart."""
STRICT = {
    "property firm": ("物业公司",),
    "plausible world": ("可信世界", "可信的世界", "世界可信"),
    "premortem": ("事前验尸",),
    "scenario": ("情景",),
    "arrangement": ("供给方式",),
    "lever": ("杠杆",),
    "social organisation": ("社会组织",),
    "residents' committee": ("居委会",),
    "owners' committee": ("业主委员会", "业委会"),
    "Party member": ("党员",),
    "migrant": ("外来", "流动人口"),
    "replicate": ("重复",),
    "seed": ("随机种子", "种子"),
}
"""Terms that have these words wherever they come up in the catalogues."""
PUBLISHED = {"plausible world": "合理的参数世界", "arrangement": "供给安排"}
"""Older words that stand in a published page; they go when the page is made again."""


def catalogues() -> Iterator[tuple[str, str, str]]:
    """Yield English, Chinese and the file of everything in the catalogues; of a plural, its plural."""
    for path in sorted((ROOT / "cosim" / "language" / "zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if message.id:
                    several = isinstance(message.id, tuple)
                    yield (message.id[-1], message.string[0], path.name) if several else (
                        message.id, message.string, path.name)  # fmt: skip


def labels() -> Iterator[tuple[str, str, str]]:
    """Yield what the code declares with a label in both languages."""
    for it in (*ALL, *CATEGORY, *all_declared(), *RESIDENT_COLUMNS, *HOUSEHOLD_COLUMNS):
        yield it.en, it.zh, f"column or measure {it.name}"
    for key in schema_keys(Scenario):
        yield *(key.about["label"][lang] for lang in ("en", "zh")), f"parameter {key.dotted}"
    for phase, words in WORDS.items():
        yield words.en, words.zh, f"phase {phase.__name__}"
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        yield scenario.title, scenario.title_zh, f"scenario {name}"
        for category, about in scenario.categories.items():
            yield about.label, about.label_zh, f"category {category}"
    for pattern in shipped_patterns():
        yield pattern.title, pattern.title_zh, f"pattern {pattern.id}"


def everything() -> list[tuple[str, str, str]]:
    return [(en, zh, where) for en, zh, where in (*catalogues(), *labels()) if en and zh]


def glossary(lang: str) -> list[list[str]]:
    """Return the terms that are written by hand, as cells: English, Chinese, name in the code."""
    rows = [line.strip("| ").split(" | ") for line in PAGES[lang].read_text(encoding="utf-8").splitlines()
            if line.startswith("| ") and not line.startswith("| ---")]  # fmt: skip
    terms = [row for row in rows if row[0] not in ("English", "中文")]
    return [row[:3] if lang == "en" else [row[1], row[0], row[2]] for row in terms]


def test_one_label_has_one_translation():
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for en, zh, where in everything():
        found[en][zh].add(where)
    assert {en: {zh: sorted(of) for zh, of in them.items()} for en, them in found.items()
            if len(them) > 1 and en not in TWO_MEANINGS} == {}  # fmt: skip
    assert [en for en in TWO_MEANINGS if len(found[en]) < 2] == []


@pytest.mark.parametrize("term", STRICT)
def test_a_term_is_translated_alike_wherever_it_comes_up(term):
    word = re.compile(rf"(?<![\w`{{.-]){re.escape(term)}s?(?![\w}}-]| =)", re.IGNORECASE)
    code = re.compile(r"`[^`]*`|\w+\(.*?\)")
    uses = [(en, zh, where) for en, zh, where in catalogues() if word.search(code.sub("", en))]
    assert uses
    words = (*STRICT[term], PUBLISHED.get(term, STRICT[term][0]))
    assert [use for use in uses if not any(it in use[1] for it in words)] == []


def test_older_words_stand_in_a_published_page():
    page = (ROOT / "results" / "ly" / "report.zh.html").read_text(encoding="utf-8")
    assert [words for words in PUBLISHED.values() if words not in page] == []


def test_both_glossaries_have_the_same_terms():
    assert glossary("en") == glossary("zh")
    assert len({row[0] for row in glossary("en")}) == len(glossary("en"))
    assert len({row[1] for row in glossary("en")}) == len(glossary("en"))


def test_the_glossary_agrees_with_the_code():
    said: dict[str, set[str]] = defaultdict(set)
    for en, zh, _ in everything():
        said[en.lower()].add(zh)
    rows = {en.lower(): zh for en, zh, _ in glossary("en")}
    assert {en: (zh, said[en]) for en, zh in rows.items() if en in said and zh not in said[en]} == {}
    assert STRICT.keys() - {term for term in STRICT if term.lower() in rows} <= {"social organisation"}
    for term, words in STRICT.items():
        assert any(it in rows.get(term.lower(), words[0]) for it in words)


def test_the_glossary_has_no_numbers():
    """Numbers change; a page that is written by hand does not notice."""
    for row in glossary("en"):
        assert not re.search(r"\d", row[0].replace("month 0", "")), row
