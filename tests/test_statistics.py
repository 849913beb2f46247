"""Each estimator against a known answer, an independent computation, and its own promise.

Formulas are done again by hand in plain Python or NumPy; SciPy's and statsmodels' tests are not asked. Simulations draw
from fixed seeds; docs/statistics.md has the same measurements with more draws.
"""

import gc
import itertools
import math
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import stdtr, stdtrit

import cosim
from cosim.statistics import (
    BOOTSTRAP_PAIRS,
    RESAMPLES,
    _resamples,
    bootstrap_intervals,
    holm,
    months_to_half,
    paired_difference,
    paired_differences,
    quantiles,
    simultaneous_intervals,
)

# Student (1908), "The probable error of a mean": hours of sleep gained with two drugs by ten patients.
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

NAN = math.nan
ARMS = arrays(np.float64, (2, 9), elements=st.integers(-1_000_000, 1_000_000).map(lambda x: x / 1000), unique=True)


@pytest.fixture(scope="module", autouse=True)
def quick_collections():
    """Hide what is already there from the garbage collector, which statsmodels calls for every family."""
    gc.freeze()
    yield
    gc.unfreeze()


def by_hand(a: list[float], b: list[float]) -> dict[str, float]:
    """The fields of a paired difference from the formulas alone."""
    n = len(a)
    d = [y - x for x, y in zip(a, b, strict=True)]
    mean_a, mean_b, mean = sum(a) / n, sum(b) / n, sum(d) / n
    var_a = sum((x - mean_a) ** 2 for x in a) / (n - 1)
    var_b = sum((y - mean_b) ** 2 for y in b) / (n - 1)
    shared = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True)) / (n - 1)
    var_d = sum((z - mean) ** 2 for z in d) / (n - 1)
    half = stdtrit(n - 1, 0.975) * math.sqrt(var_d / n)
    freedom = (n - 1) * (var_a + var_b) ** 2 / (var_a**2 + var_b**2 + 2 * shared**2)
    unbiased = math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom - 1) / 2)) / math.sqrt(freedom / 2)
    return {
        "n": n,
        "mean_a": mean_a,
        "mean_b": mean_b,
        "difference": mean,
        "low": mean - half,
        "high": mean + half,
        "effect_size": unbiased * mean / math.sqrt((var_a + var_b) / 2),
        "superiority": sum(0.5 if z == 0 else float(z > 0) for z in d) / n,
        "variance_removed": 1 - var_d / (var_a + var_b),
        "p": 2 * stdtr(n - 1, -abs(mean) / math.sqrt(var_d / n)),
    }


def covers(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    """Share of the intervals that hold the truth."""
    return float(np.mean((low <= truth) & (truth <= high)))


# The paired t test


def test_students_sleep_has_the_published_answer():
    found = paired_difference(DRUG_1, DRUG_2)
    assert found.n == 10
    assert found.mean_a == pytest.approx(0.75)
    assert found.mean_b == pytest.approx(2.33)
    assert found.difference == pytest.approx(1.58)
    # R: t.test(extra ~ group, data = sleep, paired = TRUE): t = 4.0621, df = 9
    assert found.low == pytest.approx(0.7001142, abs=1e-7)
    assert found.high == pytest.approx(2.4598858, abs=1e-7)
    assert found.p == pytest.approx(0.002833, abs=5e-7)
    # Nine of ten sleep longer, one as long; R: var(extra2 - extra1) = 1.512889, var = 3.200556 and 4.009000
    assert found.superiority == 0.95
    assert found.variance_removed == pytest.approx(1 - 1.512889 / (3.200556 + 4.009), abs=1e-6)
    assert found.excludes_zero


@given(ARMS)
def test_every_field_agrees_with_the_formulas(arms):
    a, b = arms
    found, expected = asdict(paired_difference(a, b)), by_hand(a.tolist(), b.tolist())
    scale = np.abs(arms).max()
    assert list(found) == list(expected)
    for name, value in expected.items():
        in_units = name in ("mean_a", "mean_b", "difference", "low", "high")
        assert found[name] == pytest.approx(value, rel=1e-6, abs=1e-9 * (scale if in_units else 1)), name


def test_rows_are_compared_as_each_would_be_alone():
    rng = np.random.default_rng(11)
    a, b = rng.normal(size=(2, 30, 12))
    a[rng.random(a.shape) < 0.2] = NAN
    b[3], a[4], b[5] = a[3], NAN, a[5] + 0.25
    a[6, 1:] = NAN
    together = paired_differences(a, b)
    low, high = bootstrap_intervals(a, b)
    for row in range(len(a)):
        alone = asdict(paired_difference(a[row], b[row]))
        assert together.loc[row].to_dict() == pytest.approx(alone, nan_ok=True)
        ends = bootstrap_intervals(a[row : row + 1], b[row : row + 1])
        assert (low[row], high[row]) == pytest.approx((ends[0][0], ends[1][0]), nan_ok=True)
    assert together["n"].tolist() == (~np.isnan(a + b)).sum(axis=1).tolist()


def test_the_t_interval_covers_the_truth_95_times_in_100():
    rng = np.random.default_rng(20180301)
    shared = rng.normal(size=(4000, 20))
    a, b = shared + rng.normal(0, 0.3, shared.shape), shared + 0.2 + rng.normal(0, 0.3, shared.shape)
    found = paired_differences(a, b)
    assert abs(covers(found["low"], found["high"], 0.2) - 0.95) < 0.015
    assert abs((paired_differences(a, b - 0.2)["p"] < 0.05).mean() - 0.05) < 0.015


# Bootstrap


def slow_bootstrap(a: list[float], b: list[float]) -> tuple[float, float]:
    """The studentised bootstrap, resample by resample."""
    d = [y - x for x, y in zip(a, b, strict=True)]
    n, mean = len(d), sum(d) / len(d)
    ratios = []
    for times in _resamples(n).astype(int):
        drawn = np.repeat(d, times)
        ratios.append((drawn.mean() - mean) / (drawn.std(ddof=1) / math.sqrt(n)))
    ratios.sort()
    error = np.std(d, ddof=1) / math.sqrt(n)
    rank = (RESAMPLES + 1) // 40  # 2.5 %
    return mean - ratios[-rank] * error, mean - ratios[rank - 1] * error


def test_the_bootstrap_agrees_with_one_done_resample_by_resample():
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=8), rng.exponential(size=8)
    for x, y in ((a, b), (DRUG_1, DRUG_2)):
        low, high = bootstrap_intervals([x], [y])
        assert (low[0], high[0]) == pytest.approx(slow_bootstrap(list(x), list(y)))


def test_resamples_draw_every_pair_equally_often_and_the_same_each_time():
    drawn = _resamples(20)
    assert drawn.shape == (RESAMPLES, 20)
    assert (drawn.sum(axis=1) == 20).all()
    assert drawn.mean(axis=0) == pytest.approx(1, abs=0.06)
    assert drawn.var(axis=0) == pytest.approx(0.95, abs=0.1)
    before = drawn.copy()
    _resamples.cache_clear()
    assert (_resamples(20) == before).all()


@pytest.mark.parametrize(("shape", "n"), [("normal", 20), ("skewed", 20), ("exponential", 30)])
def test_the_bootstrap_interval_covers_the_truth_95_times_in_100(shape, n):
    rng = np.random.default_rng(7)
    draw = {
        "normal": lambda: rng.normal(size=(500, n)),
        "skewed": lambda: rng.gamma(4.0, size=(500, n)) - 4.0,
        "exponential": lambda: rng.exponential(size=(500, n)) - 1.0,
    }[shape]
    covered = []
    for _ in range(6):
        differences = draw()
        covered.append(covers(*bootstrap_intervals(np.zeros_like(differences), differences), 0.0))
    assert abs(np.mean(covered) - 0.95) < 0.015


def test_with_skewed_differences_the_bootstrap_covers_where_t_does_not():
    rng = np.random.default_rng(8)
    differences = rng.exponential(size=(1000, 12)) - 1.0
    nothing = np.zeros_like(differences)
    t = paired_differences(nothing, differences)
    with_t, with_bootstrap = covers(t["low"], t["high"], 0.0), covers(*bootstrap_intervals(nothing, differences), 0.0)
    assert with_t < 0.92 < with_bootstrap


def test_there_is_no_bootstrap_interval_without_enough_pairs_or_variation():
    rng = np.random.default_rng(9)
    few = rng.normal(size=(2, 1, BOOTSTRAP_PAIRS - 1))
    assert np.isnan(bootstrap_intervals(*few)).all()
    # One pair of twenty differs: more than a third of the resamples miss it.
    once = np.zeros((1, 20))
    once[0, 7] = 1.0
    assert np.isnan(bootstrap_intervals(np.zeros_like(once), once)).all()
    low, high = bootstrap_intervals(np.ones((1, 20)), np.full((1, 20), 1.5))
    assert low == high == 0.5


# Several at once


def test_holm_has_the_known_answer():
    # Each sorted p-value times the number not yet passed, never falling: 4 × .005, 3 × .01, 2 × .03, 1 × .04.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.01, NAN, 0.04, 0.03, NAN, 0.005]) == pytest.approx([0.03, NAN, 0.06, 0.06, NAN, 0.02], nan_ok=True)
    assert holm([0.0, 1.0, 1.0]).tolist() == [0.0, 1.0, 1.0]
    assert np.isnan(holm([NAN, NAN])).all()
    assert len(holm([])) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_agrees_with_its_definition(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    expected, least = [0.0] * len(values), 0.0
    for passed, place in enumerate(order):
        least = max(least, min(1.0, (len(values) - passed) * values[place]))
        expected[place] = least
    assert holm(values) == pytest.approx(expected)


def families(rng: np.random.Generator, effects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Arms of 1,000 families by outcome and replicate; outcomes of one family share luck."""
    shape = (1000, len(effects), 20)
    shared = rng.normal(size=(1000, 1, 20))
    a, b = (0.6 * shared * rng.choice([-1, 1], (1000, len(effects), 1)) + rng.normal(size=shape) for _ in "ab")
    return a, b + effects[:, None]


@pytest.mark.parametrize("false", [0, 6])
def test_a_family_holds_a_false_alarm_in_5_of_100_and_misses_a_truth_in_5_of_100(false):
    effects = np.r_[np.full(false, 1.2), np.zeros(14 - false)]
    a, b = families(np.random.default_rng(21), effects)
    found = paired_differences(a.reshape(-1, 20), b.reshape(-1, 20))
    p, low, high, n = (found[name].to_numpy().reshape(1000, 14) for name in ("p", "low", "high", "n"))
    alarms, held, each, sharper = 0, 0, 0, 0
    for family in range(1000):
        # Holm's smallest is the smallest times their number: asking is needless where that is not below 5 %.
        adjusted = holm(p[family]) if 14 * p[family].min() < 0.05 else np.ones(14)
        ends = simultaneous_intervals(low[family], high[family], n[family])
        alarms += (adjusted[false:] < 0.05).any()
        held += ((ends[0] <= effects) & (effects <= ends[1])).all()
        each += ((low[family] <= effects) & (effects <= high[family])).all()
        clear = (ends[0] > 0) | (ends[1] < 0)
        assert (adjusted[clear] < 0.05).all()
        sharper += (adjusted < 0.05).sum() > clear.sum()
    assert alarms / 1000 < 0.05 + 0.015
    assert held / 1000 > 0.95 - 0.015
    assert each / 1000 < 0.7
    assert (sharper > 100) == (false > 0)


def test_simultaneous_intervals_are_bonferronis():
    a, b = np.random.default_rng(3).normal(size=(2, 5, 9))
    a[1, 2:5], a[4, 1:] = NAN, NAN
    found = paired_differences(a, b)
    low, high = simultaneous_intervals(found["low"], found["high"], found["n"])
    for row in range(4):
        alone = paired_difference(a[row], b[row], confidence=1 - 0.05 / 4)
        assert (low[row], high[row]) == pytest.approx((alone.low, alone.high))
    assert np.isnan([low[4], high[4]]).all()


# Sizes of effects


def correlated(rng: np.random.Generator, correlation: float, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Standard normal arms with this correlation."""
    a, other = rng.normal(size=(2, *shape))
    return a, correlation * a + math.sqrt(1 - correlation**2) * other


@pytest.mark.parametrize("correlation", [0.0, 0.9])
@pytest.mark.parametrize(("n", "bias"), [(6, 0.04), (20, 0.015)])
def test_the_effect_size_is_nearly_right_on_average_even_with_few_pairs(correlation, n, bias):
    a, b = correlated(np.random.default_rng(13), correlation, (20000, n))
    found = paired_differences(a, b + 0.8)["effect_size"]
    assert found.mean() == pytest.approx(0.8, rel=bias)
    plain = (b + 0.8 - a).mean(axis=1) / np.sqrt((a.var(axis=1, ddof=1) + b.var(axis=1, ddof=1)) / 2)
    assert plain.mean() > 0.8 * (1 + 0.4 / n)


def test_pairing_removes_what_shared_luck_explains_and_adds_what_it_opposes():
    rng = np.random.default_rng(7)
    for correlation in (-0.6, 0.0, 0.9):
        a, b = correlated(rng, correlation, (20000,))
        assert paired_difference(a, b).variance_removed == pytest.approx(correlation, abs=0.03)
    shared = rng.normal(size=20000)
    assert paired_difference(shared, 0.5 * shared).variance_removed == pytest.approx(2 * 0.5 / (1 + 0.25), abs=1e-9)


def test_superiority_is_the_chance_that_a_pair_favours_b():
    a, b = correlated(np.random.default_rng(17), 0.5, (40000,))
    chance = 0.5 * (1 + math.erf(0.3 / math.sqrt(2)))  # b - a is normal with variance 2 - 2 × 0.5
    assert paired_difference(a, b + 0.3).superiority == pytest.approx(chance, abs=0.01)
    assert paired_difference([1, 2, 3, 4], [2, 2, 2, 4]).superiority == (1 + 0.5 + 0 + 0.5) / 4


def test_quantiles_lie_between_the_ordered_values():
    values = [[5.0, 1.0, 4.0, 2.0, 3.0], [NAN, 1.0, NAN, 3.0, NAN], [NAN] * 5]
    assert quantiles(values) == pytest.approx(
        np.array([[1.2, 1.1, NAN], [3.0, 2.0, NAN], [4.8, 2.9, NAN]]), nan_ok=True
    )
    assert quantiles([0.0, 10.0], shares=(0.25,)).tolist() == [2.5]


# Invariances


@given(ARMS, st.integers(-500, 500), st.sampled_from([0.001, 0.25, 3.0, 1000.0]))
def test_units_and_starting_points_do_not_matter(arms, shift, scale):
    a, b = arms
    before, after = (asdict(paired_difference(*pair)) for pair in (arms, scale * (arms + shift)))
    size = scale * (np.abs(arms).max() + abs(shift))
    for name in ("difference", "low", "high"):
        assert after[name] == pytest.approx(scale * before[name], rel=1e-6, abs=1e-9 * size)
    for name in ("effect_size", "superiority", "variance_removed", "p", "n"):
        assert after[name] == pytest.approx(before[name], rel=1e-5, abs=1e-9), name
    ends, moved = (np.ravel(bootstrap_intervals([x], [y])) for x, y in ((a, b), scale * (arms + shift)))
    assert moved == pytest.approx(scale * ends, rel=1e-6, abs=1e-8 * size)


@given(ARMS)
def test_swapping_the_arms_turns_the_sign(arms):
    there, back = paired_difference(*arms), paired_difference(*arms[::-1])
    assert (back.difference, back.low, back.high) == pytest.approx((-there.difference, -there.high, -there.low))
    assert back.effect_size == pytest.approx(-there.effect_size)
    assert back.superiority == pytest.approx(1 - there.superiority)
    assert (back.p, back.variance_removed) == pytest.approx((there.p, there.variance_removed))
    ends, turned = (np.ravel(bootstrap_intervals([x], [y])) for x, y in (arms, arms[::-1]))
    assert turned == pytest.approx(-ends[::-1], rel=1e-6, abs=1e-9 * np.abs(arms).max())


@given(ARMS, st.randoms())
def test_the_order_of_the_pairs_does_not_matter(arms, random):
    order = random.sample(range(9), 9)
    before, after = paired_difference(*arms), paired_difference(*arms[:, order])
    assert asdict(after) == pytest.approx(asdict(before), rel=1e-6, abs=1e-9 * np.abs(arms).max())


# Data that say little


def test_identical_arms_differ_by_exactly_nothing():
    found = paired_difference(DRUG_1, DRUG_1)
    assert (found.difference, found.low, found.high, found.effect_size) == (0.0, 0.0, 0.0, 0.0)
    assert (found.p, found.superiority, found.variance_removed) == (1.0, 0.5, 1.0)
    assert not found.excludes_zero
    assert np.ravel(bootstrap_intervals([DRUG_1], [DRUG_1])).tolist() == [0.0, 0.0]
    assert [float(end[0]) for end in simultaneous_intervals([0.0], [0.0], [10])] == [0.0, 0.0]
    never = paired_difference([0.4, 0.4], [0.4, 0.4])
    assert (never.difference, never.low, never.high, never.effect_size, never.p) == (0.0, 0.0, 0.0, 0.0, 1.0)
    assert math.isnan(never.variance_removed)


def test_a_difference_that_never_varies_has_an_interval_of_no_width():
    a = np.array(DRUG_1)
    found = paired_difference(a, a + 0.3)
    assert found.low == found.high == found.difference == pytest.approx(0.3)
    assert (found.p, found.superiority) == (0.0, 1.0)
    assert found.variance_removed == pytest.approx(1.0)
    assert found.effect_size == pytest.approx(by_hand(DRUG_1, (a + 0.3 + 1e-9 * np.arange(10)).tolist())["effect_size"])
    assert found.excludes_zero


def test_rounding_is_no_difference():
    a = np.array(DRUG_1)
    found = paired_difference(a, (a + 0.1) + 0.2 - 0.3)
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_arms_that_never_vary_have_no_spread_to_measure_by():
    found = paired_difference([0.4, 0.4, 0.4], [0.5, 0.5, 0.5])
    assert found.low == found.high == found.difference == pytest.approx(0.1)
    assert found.p == 0.0
    assert math.isnan(found.effect_size)
    assert math.isnan(found.variance_removed)


def test_one_arm_that_never_varies_is_no_cause_for_a_warning():
    a, b = [0.4, 0.4, 0.4], [0.5, 0.6, 0.7]
    found, expected = paired_difference(a, b), by_hand(a, b)
    assert asdict(found) == pytest.approx(expected, abs=1e-9)
    assert found.variance_removed == 0.0


def test_differences_barely_above_rounding_raise_no_warning():
    for step in 10.0 ** np.arange(-17, -8):
        found = paired_difference(np.full(5, 1.0), 1.0 + step * np.arange(5))
        assert found.low <= found.difference <= found.high


def test_one_pair_has_a_difference_and_nothing_that_needs_two():
    found = paired_difference([0.4], [0.5])
    assert (found.n, found.mean_a, found.mean_b, found.superiority) == (1, 0.4, 0.5, 1.0)
    assert found.difference == pytest.approx(0.1)
    for name in ("low", "high", "effect_size", "variance_removed", "p"):
        assert math.isnan(getattr(found, name)), name
    assert not found.excludes_zero


def test_two_pairs_have_an_interval_and_no_effect_size():
    found = paired_difference([0.4, 0.5], [0.6, 0.5])
    assert found.low == pytest.approx(0.1 - 12.7062047 * 0.1)
    assert math.isnan(found.effect_size)


def test_pairs_with_an_unknown_value_are_left_out():
    found = paired_difference([NAN, *DRUG_1, 0.3], [0.1, *DRUG_2, NAN])
    assert found == paired_difference(DRUG_1, DRUG_2)


def test_an_outcome_that_one_arm_lacks_is_not_compared():
    found = asdict(paired_difference(DRUG_1, [NAN] * 10))
    assert found.pop("n") == 0
    assert all(math.isnan(value) for value in found.values())
    assert np.isnan(bootstrap_intervals([DRUG_1], [[NAN] * 10])).all()
    assert paired_differences(np.empty((0, 4)), np.empty((0, 4))).empty
    assert paired_difference([], []).n == 0


def test_a_wider_confidence_is_a_wider_interval():
    usual, sure = paired_difference(DRUG_1, DRUG_2), paired_difference(DRUG_1, DRUG_2, confidence=0.99)
    assert sure.low < usual.low < usual.high < sure.high


@pytest.mark.parametrize("compared", [paired_difference, paired_differences, bootstrap_intervals, months_to_half])
def test_arms_that_are_no_pairs_are_refused(compared):
    with pytest.raises(ValueError, match=r"the arms are not pairs: \(2,\) values against \(3,\)"):
        compared([1, 2], [1, 2, 3])


# Time to half of the effect


def courses(mean: np.ndarray, replicates: int = 12, noise: float = 0.01, seed: int = 1) -> tuple[np.ndarray, ...]:
    """An arm around 0.5, and one that departs from it by this mean course times a replicate's own size."""
    rng = np.random.default_rng(seed)
    a = 0.5 + rng.normal(0, 0.1, replicates) + np.zeros((len(mean), 1))
    return a, a + np.outer(mean, 1 + rng.normal(0, noise, replicates))


MONTHS = np.arange(120)


@pytest.mark.parametrize(
    ("mean", "window", "expected"),
    [
        (1 - 0.5 ** (MONTHS / 17.5), 1, 18),  # half of its level at 17.5 months
        (-3 * (1 - 0.5 ** (MONTHS / 17.5)), 1, 18),
        (np.where(MONTHS >= 30, 0.2, 0.0), 1, 30),
        (np.where(MONTHS >= 30, 0.2, 0.0), 11, 35),  # half of the window after the step
        (np.full(120, 0.2), 12, 0),
        (np.where((MONTHS >= 10) & (MONTHS != 40), 0.2, 0.0), 1, 41),  # it has to stay
        (np.where((MONTHS >= 10) & (MONTHS != 40), 0.2, 0.0), 11, 15),
        (np.where(MONTHS < 30, 2.0, 1.0), 1, 0),  # more than its final level is also half of it
        (np.where(MONTHS < 30, -2.0, 1.0), 1, 30),
    ],
)
def test_half_of_the_effect_is_there_when_the_curve_says_so(mean, window, expected):
    found = months_to_half(*courses(mean), window=window)
    assert found.months == found.low == found.high == expected


def test_there_is_no_half_of_a_difference_that_may_be_none():
    rng = np.random.default_rng(4)
    a, noise = rng.normal(size=(2, 120, 12))
    for b in (a, a + noise - noise[-12:].mean()):
        assert np.isnan(list(asdict(months_to_half(a, b)).values())).all()
    assert math.isnan(months_to_half(*courses(np.ones(120), replicates=1)).months)
    falls_off = np.ones(120)
    falls_off[-1] = 0.0
    assert math.isnan(months_to_half(*courses(falls_off)).months)
    assert months_to_half(*courses(falls_off), window=12).months == 0


def test_months_without_a_value_do_not_count():
    mean = np.where(MONTHS >= 30, 0.2, 0.0)
    a, b = courses(mean)
    a[50:80], b[25:33] = NAN, NAN
    assert months_to_half(a, b).months == 33
    b[:, 3] = NAN
    assert months_to_half(a, b).months == 33
    assert math.isnan(months_to_half(a, np.full_like(b, NAN)).months)


def test_few_replicates_have_a_half_without_an_interval():
    found = months_to_half(*courses(1 - 0.5 ** (MONTHS / 17.5), replicates=BOOTSTRAP_PAIRS - 1))
    assert found.months == 18
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    with pytest.raises(ValueError, match="a window is 1 month or more, not 0"):
        months_to_half([[1.0]], [[1.0]], window=0)


def test_the_interval_of_the_half_covers_the_truth():
    rng = np.random.default_rng(31)
    covered = []
    for _ in range(400):
        size, pace = 1 + rng.normal(0, 0.3, 20), rng.normal(0, 4.0, 20)
        b = size / (1 + np.exp(-(MONTHS[:, None] - 40.2 - pace) / 8)) + rng.normal(0, 0.02, (120, 20))
        found = months_to_half(np.zeros_like(b), b)
        assert found.low <= found.months <= found.high
        covered.append(found.low <= 41 <= found.high)
    assert 0.90 < np.mean(covered) < 0.995


# Start-up


def test_scipys_tests_and_statsmodels_are_imported_only_for_a_comparison():
    code = (
        "import sys, cosim.compare, cosim.statistics, cosim.compare.experiments, cosim.report.terminal\n"
        "print([name for name in sys.modules if name.startswith(('statsmodels', 'scipy.stats'))])\n"
    )
    here = os.environ | {"PYTHONPATH": str(Path(cosim.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=here)
    assert done.stdout == "[]\n"


def test_every_field_is_explained():
    page = (Path(cosim.__file__).parents[1] / "docs" / "statistics.md").read_text(encoding="utf-8")
    fields = itertools.chain(
        asdict(paired_difference([1.0], [1.0])), ("low_all", "low_boot", "months_to_half", "p_holm")
    )
    assert [field for field in fields if f"`{field}`" not in page] == []
