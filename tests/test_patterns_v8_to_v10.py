"""V8 to V10: what their criteria make of readings, that each can fail, and that their worlds are what they say."""

import numpy as np
import pandas as pd
import pytest

from cosim.community import Community
from cosim.patterns.arms import scenarios_of, senseless
from cosim.patterns.catalogue import v8_a_reply_helps as v8
from cosim.patterns.catalogue import v9_outcome_and_procedure as v9
from cosim.patterns.catalogue import v10_meetings_sustain as v10
from cosim.patterns.pattern import judge

FIVE = np.array([-0.002, -0.001, 0.0, 0.001, 0.002])
"""A little luck for each of five replicates."""


def handled(levels):
    """Return readings in which every arm has its level of satisfaction."""
    return {arm: pd.DataFrame({"handling": level + FIVE}) for arm, level in levels.items()}


def verdicts(pattern, readings):
    """Return the verdicts and the means of a pattern's criteria."""
    found = [judge(criterion, readings) for criterion in pattern.criteria]
    return [finding.verdict for finding in found], pytest.approx([finding.value for finding in found])


def lived(pattern, *arms, **settings):
    """Let arms of a pattern, all of them if none is named, live once."""
    scenarios = scenarios_of(pattern, settings)
    return {arm: pd.DataFrame([pattern.read(Community(scenarios[arm], rng=1))]) for arm in arms or scenarios}


EIGHT = {
    "no replies": 0.40, "replies": 0.50, "late, useless, no replies": 0.20, "late, useless": 0.25,
    "late, useful": 0.60, "quick, useless": 0.30, "quick, useful": 0.75,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected", "means"),
    [
        ({}, ["pass", "pass", "pass"], [0.10, 0.05, 0.30]),
        ({"replies": 0.40}, ["fail", "pass", "pass"], [0.0, 0.05, 0.30]),
        ({"late, useless, no replies": 0.25}, ["pass", "fail", "pass"], [0.10, 0.0, 0.30]),
        ({"quick, useless": 0.75, "quick, useful": 0.90}, ["pass", "pass", "fail"], [0.10, 0.05, -0.15]),
    ],
)
def test_v8_asks_for_replies_that_help_and_for_more_by_usefulness_than_by_speed(changed, expected, means):
    assert verdicts(v8.V8, handled(EIGHT | changed)) == (expected, means)


FOUR = {
    "good outcome, fair procedure": 0.70, "good outcome, no procedure": 0.60,
    "bad outcome, fair procedure": 0.36, "bad outcome, no procedure": 0.30,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected", "means"),
    [
        ({}, ["pass", "pass"], [0.24, 0.08]),
        ({"good outcome, no procedure": 0.76}, ["pass", "fail"], [0.40, 0.0]),
        ({"bad outcome, fair procedure": 0.70}, ["fail", "pass"], [-0.10, 0.25]),
    ],
)
def test_v9_asks_for_more_by_the_outcome_and_for_something_by_the_procedure(changed, expected, means):
    assert verdicts(v9.V9, handled(FOUR | changed)) == (expected, means)


def contributing(**changed):
    """Return readings in which meetings sustain everything, but for what is changed."""
    levels = {v10.WITHOUT: (0.10, 0.10), v10.WITH: (0.20, 0.20), v10.PAUSED: (0.15, 0.19)}
    readings = {
        arm: pd.DataFrame({
            f"{name}, {when}": level * (1.0 + FIVE)
            for name in v10.CONTRIBUTIONS
            for when, level in zip(("pause", "end"), both, strict=True)
        })
        for arm, both in levels.items()
    }  # fmt: skip
    for what, level in changed.items():
        arm, column = {
            "keeping": (v10.WITH, "keeping, end"),
            "pause": (v10.PAUSED, "coproducing, pause"),
            "end": (v10.PAUSED, "coproducing, end"),
        }[what]
        readings[arm][column] = level
    return readings


@pytest.mark.parametrize(
    ("changed", "failing"),
    [
        ({}, []),
        ({"keeping": 0.101}, [1]),
        ({"pause": 0.20}, [3, 4]),  # without a decline there is nothing to recover from
        ({"end": 0.152}, [4]),
    ],
)
def test_v10_asks_for_more_of_everything_and_for_decline_and_recovery(changed, failing):
    found = [judge(criterion, contributing(**changed)) for criterion in v10.V10.criteria]
    failed = {i for i, finding in enumerate(found) if finding.verdict == "fail"}
    assert {finding.verdict for finding in found} <= {"pass", "fail"}
    assert failed == set(failing)
    if not failing:
        assert [finding.value for finding in found] == pytest.approx([1.0, 1.0, 1.0, 0.25, 0.20], abs=1e-3)


def test_v10_leaves_out_worlds_in_which_nobody_contributes():
    readings = contributing()
    readings[v10.WITHOUT].loc[0, "coproducing, end"] = 0.0
    found = judge(v10.V10.criteria[0], readings)
    assert (found.n, found.missing) == (4, 1)


def test_v8_moves_what_it_says_and_replies_lose_their_effect_with_their_weight():
    readings = lived(v8.V8, **{"handling.w_reply": 0.0, "handling.w_outcome": 0.75})
    assert abs(v8.gain(readings, "replies", "no replies")[0]) < v8.NOTHING
    row = {arm: table.iloc[0] for arm, table in readings.items()}
    assert row["no replies"]["replied"] == 0.0
    assert row["replies"]["replied"] > 0.9
    for when in ("late", "quick"):
        assert row[f"{when}, useful"]["useful"] - row[f"{when}, useless"]["useful"] > 0.5
    for what in ("useless", "useful"):
        assert row[f"late, {what}"]["waited"] - row[f"quick, {what}"]["waited"] > 0.5


def test_v9_turns_round_if_all_weights_are_equal_though_it_moves_the_outcome_less():
    equal = dict.fromkeys((f"handling.w_{what}" for what in ("outcome", "wait", "reply", "explained")), 0.25)
    readings = lived(v9.V9, **equal)
    assert v9.by_procedure(readings)[0] > v9.by_outcome(readings)[0] > 0.0
    row = {arm: table.iloc[0] for arm, table in readings.items()}
    outcome = row["good outcome, no procedure"]["useful"] - row["bad outcome, no procedure"]["useful"]
    told = (row["good outcome, fair procedure"] - row["good outcome, no procedure"])[["replied", "explained"]]
    assert 0.5 < outcome < told.min()
    assert abs(row["good outcome, no procedure"]["waited"] - row["bad outcome, no procedure"]["waited"]) < 0.1


def test_v10_holds_meetings_as_it_says():
    held = {}
    for arm, scenario in scenarios_of(v10.V10, {}).items():
        months = Community(scenario, rng=1).run().months.set_index("month")["meetings"]
        held[arm] = [int(months.loc[first : first + 35].sum()) for first in (0, v10.STOP, v10.BACK)]
    assert held == {v10.WITHOUT: [0, 0, 0], v10.WITH: [36, 36, 36], v10.PAUSED: [36, 3, 36]}


def test_what_v10_finds_in_joint_work_comes_from_habit_and_norm():
    weights = {"taking_part.w_attitude": 0.5, "taking_part.w_norm": 0.0, "taking_part.w_control": 0.5}
    shipped, without = (
        lived(v10.V10, v10.WITH, v10.PAUSED, **settings) for settings in ({}, weights | {"taking_part.habit": 0.0})
    )
    assert v10.decline(shipped)[0] > v10.SOME
    assert abs(v10.decline(without)[0]) < v10.SOME


@pytest.mark.parametrize("pattern", [v8.V8, v9.V9, v10.V10])
def test_they_make_no_sense_where_time_is_too_short(pattern):
    assert "there are 40" in senseless(pattern, scenarios_of(pattern, {"study.months": 40, "changes": []}))
    assert senseless(pattern, scenarios_of(pattern, {})) == ""
