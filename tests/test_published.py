"""The published comparison of LY: what the model gives now is what stands in `results/ly`."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cosim
from cosim.compare import compare
from cosim.report.files import tables_of

PUBLISHED = Path(cosim.__file__).parents[1] / "results" / "ly"
SLACK = 1e-3
"""Part of a table's largest value by which another machine's may differ: the same people may decide otherwise once."""


@pytest.fixture(scope="module")
def said():
    return json.loads((PUBLISHED / "study.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def again(said):
    return compare(list(said["scenarios"]), replicates=said["replicates"], seed=said["seed"], jobs=1)


def test_every_table_is_published(again, said):
    tables = tables_of(again)
    assert {f"{name}.csv" for name in tables} == {name for name in said["files"] if name.endswith(".csv")}
    for name, table in tables.items():
        written = pd.read_csv(PUBLISHED / f"{name}.csv")
        assert list(written) == list(table), name
        assert len(written) == len(table), name
        for column in table:
            if table[column].dtype.kind == "f":
                slack = SLACK * table[column].abs().max()
                pd.testing.assert_series_equal(
                    table[column], written[column], rtol=0, atol=slack, obj=f"{name}.csv, {column}", check_dtype=False
                )
            else:
                assert (table[column].astype(str) == written[column].astype(str)).all(), (name, column)


def test_it_was_made_by_the_scenarios_that_are_shipped(again, said):
    for label, scenario in zip(again.labels, again.study.scenarios, strict=True):
        assert json.loads(scenario.model_dump_json()) == said["scenarios"][label]
