"""Patterns: when they pass, what they share, and that a command finds the same again."""

import json
import shlex
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from patterns_of_a_user import FAILS, HOLDS, SHORT, pattern
from scipy import stats

from cosim.patterns import Arm, Criterion, arms, as_records, as_table, ask, ask_in, asking, fitting, shipped_patterns
from cosim.patterns.arms import scenarios_of, senseless
from cosim.patterns.pattern import Answer, judge, share_interval, together
from cosim.patterns.reasons import enough, fewest, why_undecided
from cosim.scenario import ScenarioError
from cosim.study import Failure, one_run, running

MANY = {"population.residents": 60, "population.households": 24, "population.buildings": 3}


@pytest.fixture(autouse=True)
def warm(monkeypatch):
    """Have everything compiled."""
    monkeypatch.setattr(running, "is_warm", lambda: True)


def judged(values, low=-np.inf, high=np.inf):
    """Hold values, one per replicate, to bounds."""
    readings = {"arm": pd.DataFrame({"x": range(len(values))}, index=range(1, len(values) + 1))}
    return judge(Criterion("x", lambda _: values, low, high), readings)


# Verdicts


def test_a_criterion_passes_if_the_whole_interval_lies_within_and_fails_if_all_of_it_lies_outside():
    values = [0.48, 0.50, 0.52, 0.49, 0.51]
    found = judged(values, 0.4, 0.6)
    half = stats.t.ppf(0.975, 4) * np.std(values, ddof=1) / np.sqrt(5)
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half))
    assert (found.n, found.verdict) == (5, "pass")
    assert judged(values, low=0.5 - half).verdict == "pass"
    assert judged(values, low=0.5 - half + 1e-9).verdict == "undecided"
    assert judged(values, high=0.5 - half - 1e-9).verdict == "fail"
    assert judged(values, low=0.53).verdict == "fail"
    assert judged(values, high=0.5).verdict == "undecided"


def test_there_is_no_verdict_below_five_replicates():
    found = judged([0.5] * 4, low=0.4)
    assert (found.verdict, found.low, found.high) == ("undecided", 0.5, 0.5)
    assert why_undecided(found) == "4 replicates; there is no verdict below 5, ask for --replicates 5 or more"
    alone = judged([0.5], low=0.4)
    assert np.isnan(alone.low)
    assert alone.verdict == "undecided"


@pytest.mark.parametrize(("count", "of"), [(0, 5), (5, 5), (3, 20), (19, 20), (20, 20)])
def test_shares_have_exact_intervals(count, of):
    found = judged([True] * count + [False] * (of - count), low=0.8)
    exact = stats.binomtest(count, of).proportion_ci(0.95, "exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    assert found.share
    assert found.verdict == ("pass" if count == of == 20 else "fail" if found.high < 0.8 else "undecided")


def test_booleans_with_something_missing_stay_a_share():
    readings = {"arm": pd.DataFrame({"x": [0.1, 0.5, np.nan, 0.6, 0.7, 0.8, 0.9]})}
    x = readings["arm"]["x"]
    for given in ((x > 0.3).where(x.notna()), [False, True, np.nan, True, True, True, True],
                  (x > 0.3).astype("boolean").mask(x.isna())):  # fmt: skip
        found = judge(Criterion("x", lambda _, given=given: given, low=0.1), readings)
        assert (found.share, found.n, found.missing) == (True, 6, 1)
        assert found.value == pytest.approx(5 / 6)
        assert (found.low, found.high) == pytest.approx(share_interval(5, 6))


def test_what_could_not_be_read_is_left_out_and_counted():
    found = judged([np.nan, 0.5, 0.51, np.nan, 0.49, 0.5], low=0.4)
    assert (found.n, found.missing, found.verdict) == (4, 2, "undecided")
    assert why_undecided(found) == (
        "4 of 6 replicates could be read; there is no verdict below 5, ask for --replicates 8 or more"
    )
    assert why_undecided(found, failed=2).endswith("ask for --replicates 10 or more")
    nothing = judged([np.nan] * 6, low=0.4)
    assert (nothing.n, nothing.missing, nothing.verdict) == (0, 6, "undecided")
    assert why_undecided(nothing) == "there was nothing to read in any of 6 replicates"
    assert why_undecided(judged([0.5] * 6, low=0.4)) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1.0, 2.0], "one number per replicate, 3 here, and returned 2 numbers"),
        (0.5, "one number per replicate, 3 here, and returned what is no row of numbers"),
        (np.ones((3, 2)), "returned what is no row of numbers"),
        (["a", "b", "c"], "numbers or booleans, NaN where there is nothing to read, not 'a'"),
        ([1.0, np.inf, 2.0], "not inf"),
    ],
)
def test_what_is_not_a_number_per_replicate_is_refused(given, said):
    readings = {"arm": pd.DataFrame({"x": [1, 2, 3]})}
    with pytest.raises(ValueError, match=said):
        judge(Criterion("x", lambda _: given, low=0.0), readings)


def test_a_pattern_passes_if_all_criteria_do_and_nothing_is_no_pass():
    assert together(["pass", "pass"]) == "pass"
    assert together(["pass", "undecided"]) == "undecided"
    assert together(["undecided", "fail", "pass"]) == "fail"
    assert together([]) == "undecided"
    assert Answer(HOLDS, (), 5, 1, {}).verdict == "undecided"


def test_bounds_that_decide_nothing_are_refused():
    with pytest.raises(ValueError, match=r"low \(1\) must not be above high \(0\)"):
        Criterion("x", len, low=1.0, high=0.0)
    with pytest.raises(ValueError, match="must not be above"):
        Criterion("x", len, low=np.nan)
    with pytest.raises(ValueError, match="needs a bound"):
        Criterion("x", len)
    with pytest.raises(ValueError, match="value must be a function"):
        Criterion("x", 0.5, low=0.0)  # type: ignore[arg-type]
    assert [Criterion("x", len, *bounds).bounds for bounds in ((-0.1, 0.3), (0.5,), (-np.inf, 2))] == [
        "−0.1 to 0.3", "at least 0.5", "at most 2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": ""}, "id must be a word"),
        ({"kind": "evidence"}, "kind must be one of calibration, verification, validation, not 'evidence'"),
        ({"arms": {}}, "arms must map names to Arm"),
        ({"arms": {"village": "village"}}, "arms must map names to Arm"),
        ({"criteria": ()}, "criteria must be a tuple of Criterion"),
        ({"criteria": HOLDS.criteria[0]}, "criteria must be a tuple of Criterion"),
        ({"read": None}, "read must be a function"),
        ({"replicates": 0}, "replicates must be 1 or more"),
    ],
)
def test_a_pattern_says_what_it_lacks(changed, said):
    with pytest.raises(ValueError, match=said):
        replace(HOLDS, **changed)


# How many replicates it takes


def test_a_share_that_cannot_pass_says_how_many_it_needs():
    assert fewest(Criterion("x", len, low=0.8)) == 17
    assert share_interval(17, 17)[0] >= 0.8 > share_interval(16, 16)[0]
    assert fewest(Criterion("x", len, high=0.2)) == 17
    assert fewest(Criterion("x", len, low=1.0, high=1.0)) is None
    two = fewest(Criterion("x", len, low=0.4, high=0.6))
    low, high = share_interval(round(two / 2), two)
    assert 0.4 <= low < high <= 0.6
    assert "this share can pass from 17 on, ask for --replicates 17 or more" in why_undecided(judged([True] * 8, 0.8))
    assert "ask for --replicates 34 or more" in why_undecided(judged([True] * 8, 0.8), failed=8)
    assert "no number of replicates can show that a share is at least 1" in why_undecided(judged([True] * 8, low=1.0))


def test_an_interval_over_the_bound_says_how_many_could_decide():
    values = list(0.5 + 0.1 * np.random.default_rng(1).standard_normal(10))
    found = judged(values, low=0.48)
    assert found.verdict == "undecided"
    number = enough(found)
    half = stats.t.ppf(0.975, number - 1) * np.std(values, ddof=1) / np.sqrt(number)
    assert abs(found.value - 0.48) > half
    assert f"about {number:,} could decide" in why_undecided(found)
    assert f"about {2 * number:,} could decide" in why_undecided(found, failed=found.n)
    assert enough(judged([0.4, 0.6] * 5, low=0.5)) is None
    assert "no number of them" in why_undecided(judged([0.4, 0.6] * 5, low=0.5))
    share = judged([True] * 14 + [False] * 6, low=0.5)
    assert share.verdict == "undecided"
    assert share_interval(round(0.7 * enough(share)), enough(share))[0] >= 0.5


# Asking


def counting(monkeypatch) -> list[str]:
    """Return what lists the runs that are made."""
    made: list[str] = []

    def make(sources, run, each_month):
        made.append(f"{run.label} {run.replicate}")
        return original(sources, run, each_month)

    original = asking.read
    monkeypatch.setattr(asking, "read", make)
    return made


def test_patterns_that_read_alike_in_equal_arms_share_their_runs(monkeypatch):
    made = counting(monkeypatch)
    calibration = [pattern for pattern in shipped_patterns() if pattern.kind == "calibration"]
    assert [pattern.id for pattern in calibration] == ["C1", "C2", "C3", "C4", "C5"]
    answers = ask(calibration, replicates=2, settings=MANY, jobs=1)
    (arm,) = calibration[0].arms
    assert made == [f"C1 {arm} 1", f"C1 {arm} 2"]
    alone = ask(calibration[2:3], replicates=2, settings=MANY, jobs=1)
    assert alone[0].findings[0].values.tolist() == answers[2].findings[0].values.tolist()
    assert len({answer.findings[0].value for answer in answers}) == 5


def test_each_pattern_has_its_own_number_of_replicates_of_what_is_shared(monkeypatch):
    made = counting(monkeypatch)
    more = replace(HOLDS, id="more", replicates=7)
    assert [answer.findings[0].n for answer in ask([HOLDS, more], jobs=1)] == [5, 7]
    assert len(made) == 7


def in_file(patterns):
    """Return patterns as they are known after they were read from their file."""
    return [replace(pattern, file=__file__.replace("test_patterns", "patterns_of_a_user")) for pattern in patterns]


def plain(answers):
    """Return answers without the functions in them."""
    return [{key: value for key, value in record.items() if key != "command"} for record in as_records(answers)]


def test_answers_do_not_depend_on_processes():
    asked = [*in_file([HOLDS]), FAILS]
    one, two = (ask(asked, replicates=6, seed=3, jobs=jobs) for jobs in (1, 2))
    assert plain(one) == plain(two)
    assert [answer.verdict for answer in one] == ["pass", "fail"]
    assert not one[0].failures


def test_a_function_that_cannot_be_sent_is_refused_before_any_run(monkeypatch):
    made = counting(monkeypatch)
    inner = replace(HOLDS, id="inner", read=lambda community: {"residents": 12.0})
    with pytest.raises(ValueError, match="pattern 'inner': its read cannot be sent to other processes"):
        ask([inner], jobs=2)
    assert made == []
    assert ask([inner], jobs=1)[0].verdict == "pass"


def test_many_worlds_are_asked_as_each_by_itself():
    asked = [HOLDS, FAILS]
    worlds = [{}, {"population.migrant_share": 0.9}, {"population.member_share": 0.5}]
    together_ = list(ask_in(worlds, asked, replicates=5, seed=2, jobs=1))
    assert [plain(answers) for answers in together_] == [
        plain(ask(asked, replicates=5, seed=2, settings=world, jobs=1)) for world in worlds
    ]
    assert len({answers[1].findings[0].value for answers in together_}) == 3
    assert list(ask_in([], asked)) == []


def test_each_arm_is_loaded_once(monkeypatch):
    loaded = []
    load = arms.load_scenario
    monkeypatch.setattr(arms, "load_scenario", lambda *words: loaded.append(words) or load(*words))
    ask([HOLDS, FAILS], replicates=1, jobs=1)
    assert len(loaded) == len(HOLDS.arms) + len(FAILS.arms)


def test_what_a_pattern_does_in_its_arms_wins_over_the_world_and_not_over_settings():
    alone, longer = ask([FAILS], replicates=5, jobs=1), ask([FAILS], replicates=5, jobs=1, settings={"study.months": 4})
    in_a_world = next(ask_in([{"study.months": 4}], [FAILS], replicates=5, jobs=1))
    assert in_a_world[0].findings[0].values.tolist() == alone[0].findings[0].values.tolist()
    assert longer[0].findings[0].value != alone[0].findings[0].value


def test_arms_have_the_same_luck(monkeypatch):
    seeds: dict[str, list[int]] = {}

    def make(sources, run, each_month):
        seeds.setdefault(run.label.split()[1], []).append(run.seed)
        return one_run.Result(run, {"x": float(run.replicate)})

    monkeypatch.setattr(asking, "read", make)
    arms = {"a": Arm("village", SHORT), "b": Arm("village", SHORT | {"supply.mode": "multi_centre"})}
    two = replace(HOLDS, arms=arms, criteria=(Criterion("x", lambda it: it["a"]["x"] - it["b"]["x"], 0.0, 0.0),))
    (answer,) = ask([two], replicates=5, jobs=1)
    assert seeds["a"] == seeds["b"]
    assert (answer.verdict, answer.findings[0].low) == ("pass", 0.0)


def test_a_replicate_that_failed_in_one_arm_is_left_out_of_all(monkeypatch):
    def make(sources, run, each_month):
        bad = run.replicate == 2 and run.label.endswith("b")
        return one_run.Result(run, Failure(run.label, 2, "broke", "trace") if bad else {"x": float(run.replicate)})

    monkeypatch.setattr(asking, "read", make)
    arms = {"a": Arm("village", SHORT), "b": Arm("village", SHORT | {"supply.mode": "multi_centre"})}
    two = replace(HOLDS, arms=arms, criteria=(Criterion("x", lambda it: it["a"]["x"], 0.0),))
    (answer,) = ask([two], replicates=6, jobs=1)
    assert answer.findings[0].values.tolist() == [1.0, 3.0, 4.0, 5.0, 6.0]
    record = as_records([answer])[0]
    assert (record["failed"], record["n"]) == (1, 5)


@pytest.mark.parametrize("wrong", [{"replicates": 0}, {"seed": -1}, {"jobs": 0}])
def test_numbers_that_make_no_sense(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be at least"):
        ask([HOLDS], **wrong)
    with pytest.raises(ValueError, match="name one pattern at least"):
        ask([])


def test_patterns_that_make_no_sense_under_a_setting_are_told_apart():
    never = replace(HOLDS, id="never", senseless=lambda scenario: f"it has {scenario.study.months} months")
    small = {"population.residents": 11, "population.households": 11, "population.names": ()}
    other = replace(HOLDS, id="other", arms={"village": Arm("village", SHORT | small)})
    kept, left = fitting([HOLDS, never, other], {"population.households": 12})
    assert [pattern.id for pattern in kept] == ["holds"]
    assert left["never"] == "it has 3 months"
    assert "households" in left["other"]
    with pytest.raises(ScenarioError, match="there is no key 'month'"):
        fitting([HOLDS, never], {"study.month": 3})
    with pytest.raises(ScenarioError, match=r"--set: never\n +makes no sense here: it has 4 months"):
        ask([HOLDS, never], settings={"study.months": 4})


# Records


def test_records_name_the_criterion_that_decides():
    first = Criterion("people", lambda it: it["village"]["residents"], 5, 20)
    second = Criterion("trust", lambda it: it["village"]["trust_neighbours"], high=0.01, unit="share")
    both = pattern("both", first, second)
    readings = {"village": pd.DataFrame({"residents": [12.0] * 5, "trust_neighbours": [0.4, 0.5, 0.6, 0.5, 0.5]})}
    answer = Answer(both, tuple(judge(each, readings) for each in both.criteria), 5, 1, {})
    record = json.loads(json.dumps(as_records([answer])[0], allow_nan=False))
    assert record["verdict"] == "fail"
    assert record["criterion"] == "trust: at most 0.01"
    assert record["value"] == record["criteria"][1]["value"] == pytest.approx(0.5)
    assert [each["verdict"] for each in record["criteria"]] == ["pass", "fail"]
    assert (record["criteria"][1]["at_least"], record["criteria"][1]["at_most"]) == (None, 0.01)
    table = as_table([answer])
    assert table["criterion"].tolist() == ["people", "trust"]
    assert table["verdict"].tolist() == ["pass", "fail"]
    assert set(table["verdict_on_pattern"]) == {"fail"}


def test_nothing_known_is_null():
    record = as_records([Answer(HOLDS, (), 5, 1, {}, (Failure("holds village", 1, "broke", "trace"),))])[0]
    assert (record["verdict"], record["value"], record["n"], record["criterion"]) == (
        "undecided", None, 0, "people: 5 to 20",
    )  # fmt: skip
    assert record["reason"] == "every replicate has a run that failed"
    json.dumps(record, allow_nan=False)


def test_a_command_quotes_what_a_shell_would_take_apart():
    answer = Answer(replace(HOLDS, file="my patterns.py"), (), 5, 3, {"supply.mode": "multi_centre", "study.months": 4})
    assert shlex.split(answer.command) == [
        "cosim", "patterns", "my patterns.py", "--replicates", "5", "--seed", "3", "--set",
        'supply.mode="multi_centre"', "--set", "study.months=4",
    ]  # fmt: skip


def test_the_catalogue_is_in_order_and_says_what_it_knows():
    patterns = shipped_patterns()
    ids = [pattern.id for pattern in patterns]
    assert len(set(map(str.lower, ids))) == len(ids)
    assert [pattern.kind for pattern in patterns] == sorted(
        (pattern.kind for pattern in patterns), key=["calibration", "verification", "validation"].index
    )
    for each in patterns:
        assert all((each.title, each.title_zh, each.observed, each.source)), each.id
        assert each.kind == "verification" or set(each.mark) & set("RDB"), each.id
        assert senseless(each, scenarios_of(each, {})) == "", each.id


def test_calibration_reads_the_fifth_year():
    months = pd.DataFrame({"month": range(-2, 60)} | dict.fromkeys(
        ("fee_collection", "turnout", "trust_neighbours", "near_isolates", "trust_spread"), 0.0))  # fmt: skip
    months.loc[months["month"] >= 48, "turnout"] = 0.5
    months.loc[months["month"] == 47, "turnout"] = 9.0

    class Lived:
        def run(self):
            return self

    lived = Lived()
    lived.months = months
    assert shipped_patterns()[1].read(lived)["turnout"] == 0.5
