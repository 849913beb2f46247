"""The published verdicts: they are those of the catalogue, and pages say what they say."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import cosim
from cosim.patterns import shipped_patterns

ROOT = Path(cosim.__file__).parents[1]
PUBLISHED = ROOT / "results" / "patterns"


@pytest.fixture(scope="module")
def records() -> list[dict]:
    return json.loads((PUBLISHED / "patterns.json").read_text(encoding="utf-8"))


def validation(records: list[dict], *verdicts: str) -> list[str]:
    return [record["id"] for record in records if record["kind"] == "validation" and record["verdict"] in verdicts]


def test_every_pattern_was_asked_as_it_is_shipped(records):
    """A changed pattern calls for `cosim patterns -o results/patterns`."""
    asked = {
        record["id"]: [(one["name"], one["at_least"], one["at_most"]) for one in record["criteria"]]
        for record in records
    }
    assert asked == {
        pattern.id: [(one.name, *(end if abs(end) < float("inf") else None for end in (one.low, one.high)))
                     for one in pattern.criteria]
        for pattern in shipped_patterns()
    }  # fmt: skip
    sizes = {pattern.id: pattern.replicates for pattern in shipped_patterns()}
    assert {record["id"]: record["replicates"] for record in records} == sizes
    assert all((record["settings"], record["seed"], record["failed"]) == ({}, 1, 0) for record in records)


def test_the_table_and_the_figure_are_of_the_same(records):
    table = pd.read_csv(PUBLISHED / "patterns.csv")
    assert table["verdict_on_pattern"].tolist() == [each["verdict"] for each in records for _ in each["criteria"]]
    assert table["value"].dropna().tolist() == [
        one["value"] for each in records for one in each["criteria"] if one["value"] is not None
    ]
    assert (PUBLISHED / "figure.png").exists()


def test_the_page_explains_every_pattern_that_does_not_hold(records):
    page = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
    section = page[page.index("## What the model gets wrong") : page.index("## A pattern of your own")]
    assert re.findall(r"^\| (V\d+) ", section, re.MULTILINE) == validation(records, "fail", "undecided")
    (said,) = re.findall(r"((?:V\d+(?:, | and )?)+) hold, mostly because", section)
    assert re.findall(r"V\d+", said) == validation(records, "pass")
    (open_,) = re.findall(r"((?:V\d+(?:, | and )?)+) (?:is|are) undecided, the others fail", section)
    assert re.findall(r"V\d+", open_) == validation(records, "undecided")
