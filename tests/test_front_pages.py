"""The front pages: every number of theirs is what the published results and the code say, in both languages."""

import json
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from cosim.dashboard.room import Limits
from cosim.display.words import interval, percent, signed
from cosim.ensemble.priors import read_calibration
from cosim.ensemble.sets import read_ensemble
from cosim.language import language
from cosim.patterns import shipped_patterns
from cosim.scenario import load_scenario, shipped_scenarios

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"en": "README.md", "zh": "README.zh.md"}
NUMBERS = {
    "en": ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
    "zh": ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"],
}
TWENTY, THIRTY = {"en": "twenty", "zh": "二十"}, {"en": "thirty", "zh": "三十"}


def page(lang: str) -> str:
    """Return a front page without what breaks its lines: a blank in English, nothing between Chinese words."""
    text = (ROOT / NAMES[lang]).read_text(encoding="utf-8")
    return " ".join(text.split()) if lang == "en" else re.sub(r"(?<=[^\x00-\x7f])\n", "", text)


def effects(scenario: str) -> pd.DataFrame:
    found = pd.read_csv(ROOT / "results" / "ensemble" / "effects.csv")
    return found[found["scenario"] == scenario].set_index("outcome")


def verdicts() -> dict[str, int]:
    records = json.loads((ROOT / "results" / "patterns" / "patterns.json").read_text(encoding="utf-8"))
    kept = [record["verdict"] for record in records if record["kind"] == "validation"]
    return {verdict: kept.count(verdict) for verdict in ("pass", "fail", "undecided")} | {"all": len(kept)}


def effect(lang: str, row: pd.Series) -> str:
    """Return a median with the middle of the worlds, as the pages write it."""
    size = max(abs(row["low"]), abs(row["high"]))
    ends = interval(row["low"], row["high"], size, language(lang))
    return f"{signed(row['median'], size)} ({ends})" if lang == "en" else f"{signed(row['median'], size)}（{ends}）"


@pytest.mark.parametrize("lang", NAMES)
def test_plausible_worlds(lang):
    text, reform, bare = page(lang), effects("multi_centre"), effects("bare_multi_centre")
    sets, criteria = len(read_ensemble().sets), [p for p in shipped_patterns() if p.kind == "calibration"]
    raises = {name: percent(reform.loc[name, "raises"]) for name in
              ("participation", "trust_neighbours", "trust_government")}  # fmt: skip
    lowers = {name: percent(bare.loc[name, "lowers"]) for name in ("satisfaction", "trust_government")}
    how_many = NUMBERS[lang][len(criteria)]
    total = sum(read_calibration().draws.waves)
    sentences = {
        "en": [
            f"Of {total:,} that were drawn, {sets} parameter sets give the unreformed compound as it is known "
            f"({how_many} patterns).",
            f"`participation` in {raises['participation']} of these worlds, `trust_neighbours` in "
            f"{raises['trust_neighbours']} and `trust_government` in {raises['trust_government']}.",
            f"participation {effect(lang, reform.loc['participation'])}, trust in neighbours "
            f"{effect(lang, reform.loc['trust_neighbours'])}, trust in government "
            f"{effect(lang, reform.loc['trust_government'])}, total cost {effect(lang, reform.loc['cost_total'])} yuan",
            f"lowers satisfaction in {lowers['satisfaction']} of them and trust in government in "
            f"{lowers['trust_government']}.",
        ],
        "zh": [
            f"在抽取的 {total:,} 组参数中，有 {sets} 组能再现改造前小区的已知面貌（{how_many}条规律）。",
            f"`participation`（参与）在 {raises['participation']} 的世界里升高",
            f"`trust_neighbours`（对邻居的信任）为 {raises['trust_neighbours']}，"
            f"`trust_government`（对政府的信任）为 {raises['trust_government']}。",
            f"参与 {effect(lang, reform.loc['participation'])}，对邻居的信任 "
            f"{effect(lang, reform.loc['trust_neighbours'])}，对政府的信任 "
            f"{effect(lang, reform.loc['trust_government'])}，总成本每位居民每年 "
            f"{effect(lang, reform.loc['cost_total'])}元",
            f"满意度在 {lowers['satisfaction']} 的世界里下降，",
            f"对政府的信任在 {lowers['trust_government']} 的世界里下降。",
        ],
    }[lang]
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize("lang", NAMES)
def test_patterns_and_premortems(lang):
    count, words = verdicts(), NUMBERS[lang]
    premortems = sum(name.startswith("premortem_") for name in shipped_scenarios())
    said = {"en": [
        f"Held against {words[count['all']]} patterns that were observed elsewhere, the model gets "
        f"{words[count['pass']]} right, and those mostly by construction, misses {words[count['fail']]} and leaves "
        f"{words[count['undecided']]} undecided",
        f"{words[premortems].capitalize()} premortems",
    ], "zh": [
        f"与在别处观察到的{words[count['all']]}条规律相对照，模型对上{words[count['pass']]}条，且多半是设定使然，"
        f"{words[count['fail']]}条不符，{words[count['undecided']]}条尚难判定",
        f"{words[premortems]}个“事前验尸”情景",
    ]}[lang]  # fmt: skip
    assert [sentence for sentence in said if sentence not in page(lang)] == []


@pytest.mark.parametrize("lang", NAMES)
def test_sizes(lang):
    text, project = page(lang), tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [it.rsplit(" ", 1)[1] for it in project["classifiers"] if re.search(r":: 3\.\d+$", it)]
    assert f"{load_scenario('ly').population.residents:,}" in text
    assert load_scenario("single_centre").study.replicates == 20
    assert f"{TWENTY[lang]} times" in text or f"{TWENTY[lang]}次" in text
    assert f"Python {versions[0]} {'to' if lang == 'en' else '至'} {versions[-1]}" in text
    assert Limits().visitors >= 30
    assert f"{THIRTY[lang]} visitors" in text or f"{THIRTY[lang]}人" in text


def test_both_have_the_same_numbers():
    """What is in digits outside of code and addresses stands on both pages, as often."""
    found = {}
    for lang in NAMES:
        text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", page(lang), flags=re.DOTALL)
        found[lang] = sorted(re.findall(r"[+−]?\d[\d,.]*\d|\d", text))
    assert found["en"] == found["zh"]
