"""The page of findings says what the published tables say."""

import re
from pathlib import Path

import pandas as pd
import pytest

import cosim

ROOT = Path(cosim.__file__).parents[1]
PAGE = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
OUTCOMES = {
    "participation": "participation",
    "trust in neighbours": "trust_neighbours",
    "trust in government": "trust_government",
    "satisfaction": "satisfaction",
    "fee collection": "fee_collection",
    "total cost": "cost_total",
}


def rows_of(first: str) -> list[list[str]]:
    """Return the cells of the rows of the table whose heading begins so."""
    table = PAGE[PAGE.index(f"\n| {first} |") + 1 :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" *`") for cell in line.strip("| ").split(" | ")] for line in table]


def test_wins_and_losses_of_the_phase_diagram():
    found = pd.read_csv(ROOT / "results" / "phase_diagram" / "differences.csv")
    found = found[found["scenario"] == "multi_centre"]
    rows = rows_of("outcome")
    assert [row[0] for row in rows] == list(OUTCOMES)
    for name, *counts, _ in rows:
        of_outcome = found[found["outcome"] == OUTCOMES[name]]["verdict"].value_counts()
        assert [int(count) for count in counts] == [of_outcome.get(v, 0) for v in ("wins", "undecided", "loses")]


def test_where_bare_many_centres_lose():
    found = pd.read_csv(ROOT / "results" / "phase_diagram" / "differences.csv")
    bare = found[(found["scenario"] == "bare_multi_centre") & (found["verdict"] == "loses")]
    said = re.search(r"satisfaction at (\d+) of 30 points,\s+by up to (\S+), trust in government at (\d+), "
                     r"fee collection at (\d+)", PAGE)  # fmt: skip
    assert said is not None
    counts = bare["outcome"].value_counts()
    assert [int(said[place]) for place in (1, 3, 4)] == [
        counts[name] for name in ("satisfaction", "trust_government", "fee_collection")
    ]
    worst = bare[bare["outcome"] == "satisfaction"]["difference"].min()
    assert float(said[2]) == pytest.approx(-worst, abs=0.005)


def test_the_eight_levers_and_their_total_indices():
    found = pd.read_csv(ROOT / "results" / "sobol" / "indices.csv").set_index(["factor", "outcome"])["ST"]
    rows = rows_of("lever")
    assert re.findall(r"^\| \d+ \| `([\w.]+)`", PAGE, re.MULTILINE) == [row[0] for row in rows]
    for lever, *cells in rows:
        for outcome, cell in zip(OUTCOMES.values(), cells, strict=True):
            assert float(cell.strip("*")) == pytest.approx(max(found[lever, outcome], 0.0), abs=0.0051)


def test_the_screening_ranks_them_as_the_page_does():
    found = pd.read_csv(ROOT / "results" / "screening" / "indices.csv")
    size = found.pivot(index="factor", columns="outcome", values="mu_star")
    for lever, outcome, said in (
        ("government.budget", "trust_government", 0.17),
        ("renovation.grant", "satisfaction", 0.20),
        ("property_firm.fee_level", "fee_collection", 0.28),
        ("party_leads.cadres", "fee_collection", 0.10),
        ("party_leads.volunteer_teams", "participation", 0.11),
        ("norms.sanctions", "trust_neighbours", 0.04),
        ("residents_order.settlement_months", "trust_government", 0.06),
        ("norms.watch", "trust_neighbours", 0.025),
    ):
        row = next(line for line in PAGE.splitlines() if line.startswith("| ") and f"| `{lever}` |" in line)
        assert f"{said:g}"[1:] in row
        assert size.loc[lever, outcome] == pytest.approx(said, abs=0.0051)
