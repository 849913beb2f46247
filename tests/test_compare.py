"""Comparisons: paired by replicate, only between the same people, and exactly nothing between equals."""

import dataclasses
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

import cosim
from cosim.community import Community
from cosim.compare import (
    compare_study,
    measures_of,
    paired_difference,
    run_levels,
    summarise,
)
from cosim.compare.comparison import FLOWS
from cosim.outcomes.measures import CATEGORY_MEASURES, FEE_TRAP, GROUPS, MEASURES, RESIDENT_MEASURES
from cosim.scenario import ScenarioError, load_scenario
from cosim.scenario.schema import Scenario
from cosim.study import run_study, seed_of

COSTS = [name for name, measure in MEASURES.items() if measure.summary == "per_resident_year"]
SHORT = {"study.months": 14, "study.warmup_months": 2}


@pytest.fixture(scope="module")
def village() -> Scenario:
    return load_scenario("village", SHORT)


@pytest.fixture(scope="module")
def reform() -> Scenario:
    return load_scenario(
        "village",
        SHORT | {"supply.mode": "multi_centre", "residents_order.order_desk": True, "deliberate.meetings": 6},
    )


@pytest.fixture(scope="module")
def comparison(village, reform):
    return cosim.compare([village, reform], replicates=4, jobs=1)


def row(table: pd.DataFrame, **which) -> pd.Series:
    for column, value in which.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


# Levels


def by_hand(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Run it alone and sum it up without the code under test."""
    community = Community(scenario, rng=seed_of(1, replicate))
    community.run()
    branch = community.months[community.months["month"] >= 0]
    years = len(branch) / 12
    return {
        "satisfaction": branch["satisfaction"].iloc[-12:].mean(),
        "cost_total": branch["cost_total"].sum() / branch["residents"].mean() / years,
    }


def test_outcomes_are_paired_differences_of_levels(comparison, village, reform):
    arms = [[by_hand(scenario, replicate) for replicate in (1, 2, 3, 4)] for scenario in (village, reform)]
    for outcome in ("satisfaction", "cost_total"):
        expected = paired_difference(*[[run[outcome] for run in arm] for arm in arms])
        found = row(comparison.outcomes, outcome=outcome)
        for name, value in dataclasses.asdict(expected).items():
            assert found[name] == pytest.approx(value), name


def test_a_level_is_the_last_year_and_leaves_unknown_months_out():
    months = pd.DataFrame(
        {
            "scenario": "x",
            "replicate": 1,
            "month": range(-1, 24),
            "turnout": [9.0, *[9.0] * 12, *[float("nan")] * 6, *[0.4] * 6],
            "cost_total": [9999.0, *[200.0] * 24],
            "residents": [7.0, *[100.0] * 12, *[300.0] * 12],
        }
    )
    level = row(run_levels(months, months))
    assert level["turnout"] == pytest.approx(0.4)
    assert level["residents"] == 300
    assert level["cost_total"] == pytest.approx(24 * 200 / (100 + 300))


def test_a_category_costs_per_resident_of_the_whole_compound(comparison):
    months, categories = comparison.months, comparison.study.categories
    spent = categories[(categories["month"] >= 0) & (categories["category"] == "water")]
    lived = months[months["month"] >= 0].groupby(["scenario", "replicate"])["residents"].sum() / 12
    per_run = spent.groupby(["scenario", "replicate"])["cost_government"].sum() / lived
    found = row(comparison.by_category, category="water", outcome="cost_government")
    assert found["mean_a"] == pytest.approx(per_run["village"].mean())


def test_units_say_per_resident_and_year_where_it_is_so():
    assert MEASURES["cost_total"].unit_of_level == "yuan per resident and year"
    assert MEASURES["volunteer_hours"].unit_of_level == "hours per resident and year"
    assert MEASURES["participation"].unit_of_level == "share"
    assert measures_of(pd.DataFrame({"category": []})) is CATEGORY_MEASURES


# The comparison


def test_every_measure_is_compared_overall_by_group_and_by_category(comparison):
    assert comparison.labels == ("village", "village (2)")
    assert comparison.outcomes["outcome"].tolist() == list(MEASURES)
    groups = comparison.by_group[["group", "outcome"]].apply(tuple, axis=1)
    assert set(groups) == {(group, outcome) for group in GROUPS for outcome in RESIDENT_MEASURES}
    assert len(comparison.by_category) == len(CATEGORY_MEASURES) * 12
    for table in (comparison.outcomes, comparison.by_group, comparison.by_category):
        assert set(table["scenario"]) == {"village (2)"}
        assert set(table["against"]) == {"village"}
        known = table[table["n"] > 0]
        pd.testing.assert_series_equal(
            known["difference"], known["mean_b"] - known["mean_a"], check_names=False, atol=1e-9
        )
        assert list(table)[-2:] == ["p", "p_holm"]
    assert list(comparison.months)[:3] == ["scenario", "replicate", "month"]
    assert comparison.months["month"].min() == -2


def test_headlines_of_all_scenarios_are_one_family_and_all_other_rows_another(village, reform):
    three = cosim.compare([village, reform, load_scenario(reform, {"government.budget": 90.0})], replicates=4, jobs=1)
    for table in (three.outcomes, three.by_group, three.by_category):
        headline = pd.Series([measures_of(table)[name].headline for name in table["outcome"]])
        for family in (table[headline], table[~headline]):
            known = family.dropna(subset="p").sort_values("p")
            steps = known["p"].to_numpy() * range(len(known), 0, -1)
            assert known["p_holm"].to_numpy() == pytest.approx(np.minimum(np.maximum.accumulate(steps), 1.0))
            assert family["p_holm"].isna().equals(family["p"].isna())
            together = t.ppf(1 - 0.025 / len(known), known["n"] - 1) / t.ppf(0.975, known["n"] - 1)
            widths = known["high_all"] - known["low_all"]
            assert widths.to_numpy() == pytest.approx(together * (known["high"] - known["low"]).to_numpy(), abs=1e-12)
            assert (known["high_all"] - known["high"]).to_numpy() == pytest.approx(
                (known["low"] - known["low_all"]).to_numpy(), abs=1e-9
            )


def test_enough_pairs_have_a_bootstrap_interval_and_a_time_to_half_of_the_effect(village, reform):
    found = cosim.compare([village, reform], replicates=8, jobs=1)
    known = found.outcomes.dropna(subset="low_boot")
    assert len(known) > 20
    assert ((known["low_boot"] <= known["difference"]) & (known["difference"] <= known["high_boot"])).all()
    clear = (found.outcomes["low"] > 0) | (found.outcomes["high"] < 0)
    halves = found.outcomes.set_index("outcome")["months_to_half"].drop([*FLOWS, *COSTS])
    assert halves[~clear.to_numpy()[found.outcomes["outcome"].isin(halves.index)]].isna().all()
    # By hand: last year's mean, half of it, and the month after the last one that falls short.
    months = found.months[found.months["month"] >= 0]
    mean = months.groupby(["scenario", "month"])[list(halves.index)].mean()
    courses = mean.loc["village (2)"] - mean.loc["village"]
    halves = halves.dropna()
    assert len(halves) >= 4
    for outcome, half in halves.items():
        course = courses[outcome].tolist()
        final = sum(course[-12:]) / 12
        assert half == max([month for month, value in enumerate(course) if value / final < 0.5], default=-1) + 1


def test_each_arm_has_its_mean_and_quantiles(comparison):
    arms = comparison.arms
    assert list(arms) == ["scenario", "outcome", "mean", "q05", "q50", "q95", "n", "unit"]
    assert arms["scenario"].tolist() == [label for label in comparison.labels for _ in MEASURES]
    found = row(arms, scenario="village (2)", outcome="satisfaction")
    months = comparison.months[(comparison.months["scenario"] == "village (2)") & (comparison.months["month"] >= 2)]
    values = sorted(months.groupby("replicate")["satisfaction"].mean())
    assert (found["n"], found["unit"]) == (4, "0 to 1")
    assert found["q50"] == pytest.approx((values[1] + values[2]) / 2)
    assert found["q05"] == pytest.approx(values[0] + 0.15 * (values[1] - values[0]))
    assert found["mean"] == pytest.approx(row(comparison.outcomes, outcome="satisfaction")["mean_b"])


def test_the_reform_does_something(comparison):
    changed = comparison.outcomes["difference"].abs() > 0
    assert changed.sum() > 10


def test_the_arms_have_one_history_before_they_part(comparison):
    first, second = (
        comparison.months[(comparison.months["scenario"] == label) & (comparison.months["month"] < 0)].drop(
            columns="scenario"
        )
        for label in comparison.labels
    )
    assert len(first) == 4 * 2
    pd.testing.assert_frame_equal(first.reset_index(drop=True), second.reset_index(drop=True))


def test_identical_arms_differ_by_exactly_nothing(village):
    found = cosim.compare([village, village, village], replicates=3, jobs=1)
    assert found.labels == ("village", "village (2)", "village (3)")
    for table in (found.outcomes, found.by_group, found.by_category):
        known = table[table["n"] >= 2]
        assert len(known) > 20
        assert (known[["difference", "low", "high", "low_all", "high_all", "effect_size"]] == 0).all().all()
        assert (known[["p", "p_holm"]] == 1).all().all()
        assert (known["superiority"] == 0.5).all()
        assert set(known["variance_removed"].dropna()) <= {1.0}
    assert found.outcomes["months_to_half"].isna().all()
    assert found.fee_trap["trapped"].nunique() == 1


def test_each_further_scenario_is_compared_with_the_first(village, reform, comparison):
    three = cosim.compare([village, reform, village], replicates=4, jobs=1)
    reformed = three.outcomes[three.outcomes["scenario"] == "village (2)"].reset_index(drop=True)
    family = ["low_all", "high_all", "p_holm"]
    pd.testing.assert_frame_equal(reformed.drop(columns=family), comparison.outcomes.drop(columns=family))
    same = three.outcomes[three.outcomes["scenario"] == "village (3)"]
    assert (same["difference"].dropna() == 0).all()
    assert set(three.outcomes["against"]) == {"village"}


def test_one_replicate_gives_differences_without_intervals(village, reform):
    found = cosim.compare([village, reform], replicates=1, jobs=1)
    satisfaction = row(found.outcomes, outcome="satisfaction")
    assert satisfaction["n"] == 1
    assert not math.isnan(satisfaction["difference"])
    unknown = ["low", "high", "low_all", "low_boot", "effect_size", "variance_removed", "months_to_half", "p", "p_holm"]
    assert found.outcomes[unknown].isna().all().all()


def test_a_replicate_that_failed_in_one_arm_is_left_out_of_both(village, reform, monkeypatch):
    def failing(scenario, rng):
        if rng == seed_of(1, 2) and scenario.supply.mode == reform.supply.mode:
            raise ZeroDivisionError("nobody pays")
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", failing)
    found = cosim.compare([village, reform], replicates=4, jobs=1)
    assert found.study.complete == [1, 3, 4]
    assert found.outcomes["n"].max() == 3
    assert found.fee_trap["replicates"].tolist() == [3, 3]


def test_nothing_finished_is_nothing_compared(village, reform, monkeypatch):
    monkeypatch.setattr("cosim.community.Community", None)
    study = run_study([village, reform], jobs=1)
    assert compare_study(study).outcomes.empty
    assert summarise(study).outcomes.empty


def test_the_fee_trap_is_counted_in_every_arm(comparison):
    months = comparison.months[comparison.months["month"] >= 2]
    ends = months.groupby(["scenario", "replicate"])["fee_collection"].mean()
    expected = [int((ends[label] < FEE_TRAP).sum()) for label in comparison.labels]
    assert comparison.fee_trap["trapped"].tolist() == expected
    assert comparison.fee_trap["replicates"].tolist() == [4, 4]


def test_months_and_overrides_hold_for_every_arm(village):
    found = cosim.compare(
        ["village", village], months=4, overrides={"study.warmup_months": 2, "study.replicates": 2}, jobs=1
    )
    assert found.study.replicates == 2
    assert sorted(found.months["month"].unique()) == [-2, -1, 0, 1, 2, 3]
    assert (found.outcomes["difference"].dropna() == 0).all()


# The same people


def test_people_that_differ_are_refused_with_every_key(village):
    other = load_scenario(
        "village",
        SHORT
        | {"population.migrant_share": 0.6, "categories.water.cost": 5.0, "supply.mode": "multi_centre"},
    )
    with pytest.raises(ScenarioError) as caught:
        cosim.compare([village, other], replicates=1, jobs=1)
    text = str(caught.value)
    assert text.startswith("These scenarios are not the same people with the same history")
    assert "Only levers may differ" in text
    assert "let both files extend one parent" in text
    assert (
        f"population.migrant_share\n    {village.population.migrant_share} in village, 0.6 in village (2)"
        in text
    )
    assert "categories.water.cost" in text
    assert "supply" not in text
    assert len(caught.value.problems) == 3


def test_a_category_that_one_scenario_lacks_is_named(village):
    fewer = village.model_copy(
        update={"categories": {name: it for name, it in village.categories.items() if name != "water"}}
    )
    with pytest.raises(ScenarioError, match=r"categories\.water\.need\n.*in village, not there in village"):
        cosim.compare([village, fewer], replicates=1, jobs=1)


def test_the_number_of_replicates_is_nobodys_history(village):
    other = load_scenario("village", SHORT | {"study.replicates": 7, "supply.water.mode": "contract"})
    found = cosim.compare([village, other], replicates=1, jobs=1)
    assert found.study.complete == [1]


def test_one_scenario_is_compared_with_the_same_place_without_a_reform(village, reform):
    found = cosim.compare([reform], replicates=2, jobs=1)
    assert [scenario.name for scenario in found.study.scenarios] == ["no_reform", "village"]
    assert found.study.scenarios[1] == reform
    without = load_scenario(village, {"government.budget": 180.0})  # the one lever that a village sets by itself
    both = cosim.compare([without, reform], replicates=2, jobs=1)
    numbers = ["mean_a", "mean_b", "difference"]
    pd.testing.assert_frame_equal(found.outcomes[numbers], both.outcomes[numbers])
    assert (found.outcomes["difference"] != 0.0).any()


def test_nothing_is_no_comparison():
    with pytest.raises(ValueError, match="a comparison needs a scenario"):
        cosim.compare([])


# One scenario summed up


def test_a_summary_gives_mean_and_range_over_replicates(village):
    study = run_study([village], replicates=3, jobs=1)
    found = row(summarise(study).outcomes, outcome="belonging")
    ends = study.months[study.months["month"] >= 2].groupby("replicate")["belonging"].mean()
    before = study.months[study.months["month"] < 0].groupby("replicate")["belonging"].mean()
    assert found["mean"] == pytest.approx(ends.mean())
    assert (found["lowest"], found["highest"]) == (pytest.approx(ends.min()), pytest.approx(ends.max()))
    assert found["before"] == pytest.approx(before.mean())
    assert found["n"] == 3


def test_without_a_warm_up_there_is_no_before():
    study = run_study([load_scenario("village", {"study.months": 3, "study.warmup_months": 0})], jobs=1)
    summary = summarise(study)
    for table in (summary.outcomes, summary.by_group, summary.by_category):
        assert table["before"].isna().all()
        assert table["mean"].notna().any()


# Names


def test_the_package_can_be_called_however_it_was_imported():
    code = (
        "import cosim.statistics, cosim\n"
        "from cosim import compare\n"
        "import inspect\n"
        "assert compare is cosim.compare and callable(compare)\n"
        "assert 'replicates' in inspect.signature(compare).parameters\n"
        "try: compare([])\n"
        "except ValueError as error: print(error)\n"
    )
    here = os.environ | {"PYTHONPATH": str(Path(cosim.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=here)
    assert done.stdout == "a comparison needs a scenario\n"
