"""The page of findings: its tables are the published ones, and its sentences are what they say."""

import sys
from pathlib import Path

import pandas as pd

sys.path.append(str(Path(__file__).resolve().parent.parent / "docs"))

from generated import findings


def phase(scenario: str) -> pd.DataFrame:
    found = findings.read("phase_diagram", "differences")
    return found[found["scenario"] == scenario].rename(
        columns={"government.budget": "budget", "partners_deliver.coordination": "cost"}
    )


def losing(scenario: str, outcome: str) -> pd.DataFrame:
    found = phase(scenario)
    return found[(found["outcome"] == outcome) & (found["verdict"] == "loses")]


def test_tables_have_a_row_for_each_outcome_or_lever():
    for scenario in ("multi_centre", "bare_multi_centre"):
        rows = findings.lines("phase", scenario).splitlines()[2:]
        assert len(rows) == phase(scenario)["outcome"].nunique()
        counts = [[int(cell) for cell in row.split(" | ")[1:4]] for row in rows]
        assert {sum(each) for each in counts} == {phase(scenario)["point"].nunique()}
    assert findings.lines("screening").count("\n| `") == len(findings.studied()) + 1
    assert findings.lines("sobol").count("\n| `") == len(findings.studied())


def test_where_many_centres_with_mechanisms_lose():
    reform = phase("multi_centre")
    assert set(reform[reform["outcome"] == "participation"]["verdict"]) == {"wins"}
    for outcome in ("trust_neighbours", "satisfaction", "fee_collection"):
        lost = losing("multi_centre", outcome)
        assert lost["budget"].min() >= 120
        assert lost["cost"].min() >= 1.5
    assert set(losing("multi_centre", "trust_government")["budget"]) == {20.0}
    assert len(losing("multi_centre", "cost_total")) > 0.8 * reform["point"].nunique()
    poor = reform[(reform["budget"] == 20.0) & (reform["outcome"] == "satisfaction")]
    assert set(poor["verdict"]) == {"wins"}


def test_where_bare_many_centres_win_and_lose():
    for outcome in ("satisfaction", "trust_government", "fee_collection"):
        assert losing("bare_multi_centre", outcome)["budget"].min() >= 120
    bare = phase("bare_multi_centre")
    poor = bare[(bare["budget"] <= 60) & (bare["outcome"] == "satisfaction")]
    assert set(poor["verdict"]) == {"wins"}


def test_the_levers_that_sobol_takes_rank_first():
    """By the effect's size against the spread of effects, averaged over outcomes: all among the first dozen."""
    found = findings.read("screening")
    size = found.pivot(index="factor", columns="outcome", values="mu_star")
    assert size["participation"].idxmax() == "deliberate.meetings"
    ranks = found.pivot(index="factor", columns="outcome", values="rank")
    first = (ranks <= 6).any(axis=1)
    assert set(findings.studied()) <= set(first.index[first])
    assert (ranks.loc["deliberate.meetings"].drop("participation") > 20).all()
    settling = found.set_index(["factor", "outcome"]).loc[("residents_order.settlement_months", "trust_government")]
    assert abs(settling["mu"]) < 0.9 * settling["mu_star"]


def test_single_levers_rule_single_outcomes():
    found = findings.read("sobol")
    first = found.pivot(index="factor", columns="outcome", values="S1")
    total = found.pivot(index="factor", columns="outcome", values="ST")
    assert ((total - first).abs() < 0.15).to_numpy().mean() > 0.9
    assert (total.max() > 0.3).all()
