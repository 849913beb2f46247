"""Sentences made from numbers: gains, losses, no difference, what is not known, one pair."""

import math

import pandas as pd
import pytest

from cosim.display.words import headline
from cosim.language import ENGLISH, language
from cosim.report.page import answer, in_three
from cosim.report.page.words import verdict

ZH = language("zh")
NAN = math.nan


def rows(**differences):
    """Return headline outcomes that do not differ, but for some, given as (difference, p over all)."""
    made = {name: differences.get(name, (0.001, 0.9)) for name in (*headline(), "cost_partners", "cost_residents")}
    return pd.DataFrame.from_dict(
        {
            name: {
                "difference": difference, "low": difference - 0.01 if p == p else NAN,
                "high": difference + 0.01 if p == p else NAN, "mean_a": 0.5, "mean_b": 0.5 + difference, "p_holm": p,
            }
            for name, (difference, p) in made.items()
        },
        orient="index",
    )  # fmt: skip


def test_gains_and_losses_are_told_by_the_same_rule():
    found = rows(participation=(0.2, 0.001), satisfaction=(-0.1, 0.001), voice=(0.05, 0.001))
    text, items = answer.what_changes(found, "B", "A", ENGLISH)
    assert text == (
        "Of 11 headline outcomes that are no costs, B is better than A in 1 and worse in 1; in 8 no difference was "
        "detected."
    )
    assert items[:3] == [
        "Better: participation +0.200 (+0.190 to +0.210).",
        "Worse: satisfaction −0.100 (−0.110 to −0.090).",
        "Different, and neither better nor worse by itself: voice +0.050 (+0.040 to +0.060).",
    ]
    assert items[3].startswith("No difference detected: turnout, trust in neighbours, ")
    assert items[3].endswith("; 2 more in the table.")


def test_the_chinese_sentences_say_the_same():
    found = rows(participation=(0.2, 0.001), satisfaction=(-0.1, 0.001))
    text, items = answer.what_changes(found, "乙", "甲", ZH)
    assert text == "在成本以外的 11 项主要结果中，乙有 1 项优于甲，1 项劣于甲，9 项未检出差异。"
    assert items[:2] == ["更好：参与 +0.200（+0.190 至 +0.210）。", "更差：满意度 −0.100（−0.110 至 −0.090）。"]


def test_no_difference_is_said_to_be_none():
    text, items = answer.what_changes(rows(), "B", "A", ENGLISH)
    assert "better than A in 0 and worse in 0; in 11 no difference was detected" in text
    assert [item.partition(":")[0] for item in items] == ["No difference detected"]
    assert "No difference in total cost was detected." in answer.at_what_cost(rows(), ENGLISH)


def test_a_constant_that_is_alike_and_an_outcome_without_a_value():
    found = rows(turnout=(NAN, NAN), participation=(0.0, 1.0))
    _, items = answer.what_changes(found, "B", "A", ENGLISH)
    assert items[-1] == "Not known: turnout."
    assert "participation" in items[0]


def test_one_pair_tells_nothing_from_luck():
    found = rows(**dict.fromkeys((*headline(), *answer.PAYERS), (0.1, NAN)))
    text, items = answer.what_changes(found, "B", "A", ENGLISH)
    assert text.startswith("One pair of runs cannot tell a difference from luck. In this pair: participation +0.100,")
    assert items == []
    assert "(" not in answer.at_what_cost(found, ENGLISH)
    assert answer.how_sure(found, 1, ENGLISH).startswith("There is one pair of runs: no interval")


def test_cost_that_rises_is_worse():
    assert verdict({"difference": 5.0, "p_holm": 0.01}, "cost_total") == "worse"
    assert verdict({"difference": -5.0, "p_holm": 0.01}, "cost_total") == "better"
    assert answer.at_what_cost(rows(cost_total=(NAN, NAN)), ENGLISH) == "What it costs is not known."
    said = answer.at_what_cost(rows(cost_total=(0.5, 0.001)), ENGLISH)
    assert said.startswith("In all it costs +0.500 (+0.490 to +0.510) yuan per resident and year, from 0.500 to 1.000;")


def test_groups_and_persons_are_counted():
    per_group = {"long_term": rows(participation=(0.2, 0.001)), "migrant": rows(satisfaction=(-0.1, 0.001))}
    by_group = pd.concat(per_group, names=["group", "outcome"])
    twins = pd.DataFrame({"gain": [0.6, 0.1], "lose": [0.1, 0.3]}, index=["satisfaction", "belonging"])
    said = answer.for_whom(by_group, twins, ENGLISH)
    assert said.startswith("Of 8 outcomes of residents: long-term 1 better, 0 worse; migrants 0 better, 1 worse.")
    assert said.endswith(
        "60 % gain and 10 % lose in satisfaction (by more than 0.02). Most lose in belonging: 30 %."
    )
    nobody = answer.for_whom(by_group, twins.assign(lose=0.0), ENGLISH)
    assert nobody.endswith("Nobody loses by more than that in any outcome.")
    alone = answer.for_whom(by_group, pd.DataFrame(), ENGLISH)
    assert "same persons" not in alone


@pytest.mark.parametrize(("reached", "said"), [("met", False), ("out of reach", True)])
def test_resources_are_told_from_arrangement(reached, said):
    part = {"mean_a": 0.4, "mean_b": 0.5, "control": "total_resources"}
    split = pd.DataFrame(
        {**part, "outcome": name, "part": kind, "difference": size, "low": size - 0.01, "high": size + 0.01}
        for name in answer.SPLIT
        for kind, size in (("total", 0.1), ("resources", 0.03), ("arrangement", 0.07))
    )
    match = pd.DataFrame([{"control": "total_resources", "verdict": reached, "reached": 500.0, "aim": 560.0}])
    text = answer.resources_or_arrangement(match, split, "B", ENGLISH)
    assert "Participation: resources +0.030 (+0.020 to +0.040), arrangement +0.070 (+0.060 to +0.080)" in text
    assert ("Equal cost was not reached: 500 instead of 560" in text) is said


def test_worlds_in_which_it_rises_and_falls():
    effects = pd.DataFrame({"raises": [0.99, NAN], "lowers": [0.01, NAN]}, index=["participation", "satisfaction"])
    assert answer.in_worlds(effects, 132, ENGLISH) == (
        "In 132 plausible worlds (other parameters that fit what is known): participation rises in 99 %, falls in 1 %."
    )


def test_three_sentences_name_what_changes_whatever_becomes_of_it():
    found = rows(participation=(0.2, 0.001), trust_government=(-0.1, 0.001), trust_neighbours=(NAN, NAN))
    assert in_three.what_changes(found, "B", "A", ENGLISH) == (
        "B instead of A: participation +0.200 (+0.190 to +0.210), trust in neighbours not known, trust in government "
        "−0.100 (−0.110 to −0.090); of 11 headline outcomes that are no costs 1 are better, 1 are worse, and 8 show no "
        "difference."
    )
    assert in_three.what_changes(rows(), "B", "A", ENGLISH).startswith(
        "B instead of A: no difference detected in participation, no difference detected in trust in neighbours, "
    )
    alone = rows(**dict.fromkeys(headline(), (0.1, NAN)))
    assert "in one pair of runs, which cannot tell a difference from luck" in in_three.what_changes(
        alone, "B", "A", ENGLISH
    )
    assert in_three.what_changes(rows(), "乙", "甲", ZH).startswith("以乙取代甲：参与未发现差异、")


def test_worlds_in_which_an_outcome_is_not_compared_are_told():
    effects = pd.DataFrame({"raises": [NAN, 0.9], "lowers": [NAN, 0.0]}, index=["participation", "trust_government"])
    assert in_three._rises(effects, "participation", ENGLISH) == "participation not known"
    assert in_three._rises(effects, "trust_government", ENGLISH) == "trust in government rises in 90 %, falls in 0 %"
