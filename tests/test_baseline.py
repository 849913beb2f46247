"""A small baseline of results: a change that moves them must say so.

Refresh on purpose only: `python tests/test_baseline.py`, and mark the change **results** in CHANGELOG.md.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.community import Community

BASELINE = Path(__file__).with_name("baseline.csv")
MONTHS = (-1, 5, 11, 23)
MEASURES = [
    "participation", "voice", "turnout", "trust_neighbours", "trust_government", "trust_party", "trust_firm",
    "trust_partners", "satisfaction", "belonging", "fee_collection", "condition", "cost_total", "near_isolates",
    "orders_placed", "orders_open", "efficacy", "handling", "mobilisation", "residents",
]  # fmt: skip
SMALL = {
    "population.residents": 300,
    "population.households": 105,
    "population.buildings": 5,
    "study.warmup_months": 12,
    "study.months": 24,
}
DIGITS = 1e-4
"""Relative difference that another machine may make: single precision, another mathematics library."""


def results():
    """Measures of some months in both worlds, a row each."""
    rows = []
    for scenario in ("single_centre", "multi_centre"):
        months = Community(scenario, rng=7, **SMALL).run().months.set_index("month")
        rows.append(months.loc[list(MONTHS), MEASURES].reset_index().assign(scenario=scenario))
    return pd.concat(rows).set_index(["scenario", "month"])


def test_results_are_those_of_the_baseline():
    known = pd.read_csv(BASELINE, index_col=["scenario", "month"])
    pd.testing.assert_frame_equal(results(), known, rtol=DIGITS, atol=1e-9, check_dtype=False)


def test_both_worlds_have_one_history_and_then_part():
    now = results()
    single, multi = now.loc["single_centre"], now.loc["multi_centre"]
    assert np.array_equal(single.loc[-1], multi.loc[-1], equal_nan=True)
    assert single.loc[23, "participation"] != pytest.approx(multi.loc[23, "participation"])


if __name__ == "__main__":
    results().to_csv(BASELINE, float_format="%.9g")
