"""Paired differences against a known answer, an independent computation, and their own promise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import stdtrit

from cosim.compare.statistics import paired_difference

# Student (1908), "The probable error of a mean": hours of sleep gained with two drugs by ten patients.
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def by_hand(a: np.ndarray, b: np.ndarray) -> tuple[float, float, float]:
    """Return low and high of the paired interval and the width of Welch's, from the formulas alone."""
    n = len(a)
    d = b - a
    half = stdtrit(n - 1, 0.975) * math.sqrt(((d - d.mean()) ** 2).sum() / (n - 1) / n)
    va, vb = a.var(ddof=1) / n, b.var(ddof=1) / n
    freedom = (va + vb) ** 2 / (va**2 / (n - 1) + vb**2 / (n - 1))
    return d.mean() - half, d.mean() + half, 2 * stdtrit(freedom, 0.975) * math.sqrt(va + vb)


def test_students_sleep_has_the_published_answer():
    found = paired_difference(DRUG_1, DRUG_2)
    assert found.n == 10
    assert found.mean_a == pytest.approx(0.75)
    assert found.mean_b == pytest.approx(2.33)
    assert found.difference == pytest.approx(1.58)
    # R: t.test(extra ~ group, data = sleep, paired = TRUE) and, unpaired, (-0.2054832, 3.3654832)
    assert found.low == pytest.approx(0.7001142, abs=1e-7)
    assert found.high == pytest.approx(2.4598858, abs=1e-7)
    assert found.narrowed == pytest.approx(1 - (2.4598858 - 0.7001142) / (3.3654832 + 0.2054832), abs=1e-6)
    assert found.has_interval
    assert found.excludes_zero


@given(arrays(np.float64, (2, 7), elements=st.floats(-1000, 1000).map(lambda x: round(x, 3)), unique=True))
def test_agrees_with_the_formulas(arms):
    a, b = arms
    low, high, welch = by_hand(a, b)
    found = paired_difference(a, b)
    assert found.low == pytest.approx(low, rel=1e-6, abs=1e-6)
    assert found.high == pytest.approx(high, rel=1e-6, abs=1e-6)
    assert found.narrowed == pytest.approx(1 - (high - low) / welch, rel=1e-6, abs=1e-6)


def test_the_interval_covers_the_truth_95_times_in_100():
    rng = np.random.default_rng(20180301)
    covered = 0
    for _ in range(600):
        shared = rng.normal(size=8)
        found = paired_difference(shared + rng.normal(0, 0.3, 8), shared + 0.2 + rng.normal(0, 0.3, 8))
        covered += found.low < 0.2 < found.high
    assert 0.92 < covered / 600 < 0.975


def test_pairing_narrows_what_shared_luck_explains_and_no_more():
    rng = np.random.default_rng(7)
    luck = rng.normal(size=200)
    noise = rng.normal(0, 0.1, (2, 200))
    assert paired_difference(luck + noise[0], luck + noise[1]).narrowed > 0.85
    assert abs(paired_difference(luck, rng.normal(size=200)).narrowed) < 0.15
    assert paired_difference(luck, -luck).narrowed < -0.3


def test_identical_arms_differ_by_exactly_nothing():
    found = paired_difference(DRUG_1, DRUG_1)
    assert (found.difference, found.low, found.high, found.narrowed) == (0.0, 0.0, 0.0, 1.0)
    assert not found.excludes_zero


def test_a_difference_that_never_varies_has_an_interval_of_no_width():
    a = np.array(DRUG_1)
    found = paired_difference(a, a + 0.3)
    assert found.low == found.high == pytest.approx(0.3)
    assert found.excludes_zero
    assert found.narrowed == 1.0


def test_arms_that_never_vary_leave_nothing_to_narrow():
    found = paired_difference([0.4, 0.4, 0.4], [0.5, 0.5, 0.5])
    assert found.difference == pytest.approx(0.1)
    assert found.low == found.high == pytest.approx(0.1)
    assert math.isnan(found.narrowed)


def test_one_arm_that_never_varies_is_no_cause_for_a_warning():
    found = paired_difference([0.4, 0.4, 0.4], [0.5, 0.6, 0.7])
    low, high, welch = by_hand(np.array([0.4, 0.4, 0.4]), np.array([0.5, 0.6, 0.7]))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert found.narrowed == pytest.approx(1 - (high - low) / welch)


def test_one_replicate_has_a_difference_and_no_interval():
    found = paired_difference([0.4], [0.5])
    assert (found.n, found.mean_a, found.mean_b) == (1, 0.4, 0.5)
    assert found.difference == pytest.approx(0.1)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert math.isnan(found.narrowed)
    assert not found.has_interval
    assert not found.excludes_zero


def test_pairs_with_an_unknown_value_are_left_out():
    nan = float("nan")
    found = paired_difference([nan, *DRUG_1, 0.3], [0.1, *DRUG_2, nan])
    assert found == paired_difference(DRUG_1, DRUG_2)
    nothing = paired_difference([nan, 1.0], [2.0, nan])
    assert nothing.n == 0
    assert math.isnan(nothing.difference)
    assert not nothing.has_interval


def test_swapping_the_arms_turns_the_sign():
    there, back = paired_difference(DRUG_1, DRUG_2), paired_difference(DRUG_2, DRUG_1)
    assert back.difference == pytest.approx(-there.difference)
    assert (back.low, back.high) == (pytest.approx(-there.high), pytest.approx(-there.low))


def test_a_wider_confidence_is_a_wider_interval():
    usual, sure = paired_difference(DRUG_1, DRUG_2), paired_difference(DRUG_1, DRUG_2, confidence=0.99)
    assert sure.low < usual.low < usual.high < sure.high


def test_arms_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"the arms are not pairs: \(2,\) values against \(3,\)"):
        paired_difference([1, 2], [1, 2, 3])
