"""The dictionary: no column of any table is without a declaration, and values lie where it says."""

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest
from small_exports import SHORT, small_sweep, whole_comparison
from small_sweeps import FACTOR, make_here

from cosim.compare import compare, summarise
from cosim.compare.saved import MADE
from cosim.export.dictionary import TITLES, all_declared, declared
from cosim.export.statistics_packages import variable_names
from cosim.export.tables import laid, tables_to_export
from cosim.outcomes.measures import MEASURES
from cosim.scenario import load_scenario
from cosim.study import run_study
from cosim.study.store import TABLES as STORED
from cosim.study.sweep import sweeping

DRAWN = {FACTOR: {"low": 0.0, "high": 2000.0}, "party_leads.visits": {"low": 0.0, "high": 3.0}}


def _worlds(_):
    worlds = [{"trust.gain": 0.05}, {"trust.gain": 0.06}]
    arms = [load_scenario("village", SHORT), load_scenario("village", SHORT | {"supply.mode": "multi_centre"})]
    return compare(arms, worlds=worlds, jobs=1)


def _run(_):
    return summarise(run_study([load_scenario("village", SHORT)], jobs=1))


def _morris(folder):
    return small_sweep(folder, replicates=1, factors=DRAWN, design={"method": "morris", "trajectories": 2})


def _sobol(folder):
    return small_sweep(folder, replicates=1, factors=DRAWN, design={"method": "sobol", "points": 4})


RESULTS = {
    "comparison": lambda _: whole_comparison(), "worlds": _worlds, "run": _run, "grid": small_sweep,
    "morris": _morris, "sobol": _sobol,
}  # fmt: skip


def test_every_column_of_every_table_is_declared_and_its_values_lie_in_its_range(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)
    make_here(monkeypatch)
    seen: set[str] = set()
    for name, make in RESULTS.items():
        (tmp_path / name).mkdir()
        found = tables_to_export(make(tmp_path / name))
        assert found.missing == (), name
        for table in found.tables:
            seen.add(table.name)
            check(table)
    assert seen == {*MADE, "worlds", "design", "differences", "indices", "boxes", *STORED}
    assert set(TITLES) - seen == {"residents", "ties", "dictionary", "provenance"}


def check(table):
    for column, values in zip(table.columns, table.rows.columns, strict=True):
        where = f"{table.name}.{column.name}"
        assert column.en, where
        assert any(ord(sign) > 0x2E7F for sign in column.zh), where
        found = set(values.unique().to_pylist()) - {None}
        if column.words:
            assert found <= set(column.words), where
        if column.kind in ("number", "integer") and found:
            assert column.low is None or min(found) >= column.low - 1e-9, where
            assert column.high is None or max(found) <= column.high + 1e-9, where


def test_a_column_that_nobody_declared_is_refused():
    with pytest.raises(LookupError, match="no column 'happiness' of a table 'months' is declared"):
        laid("months", pd.DataFrame({"happiness": [1.0]}), {})


def test_what_a_column_means_can_depend_on_its_table():
    assert declared("over_worlds", "low").meaning.startswith("5 % quantile")
    assert declared("outcomes", "low").meaning.startswith("lower end of the 95 % t interval")
    assert (declared("runs", "cost_total").unit, declared("months", "cost_total").unit) == (
        "yuan per resident and year", "yuan",
    )  # fmt: skip


def test_a_factor_has_what_the_schema_says_of_it():
    budget = declared("design", FACTOR)
    assert (budget.kind, budget.zh, budget.low) == ("number", "项目预算", 0.0)
    assert declared("design", f"unit:{FACTOR}").high == 1
    assert declared("design", "supply.mode").kind == "string"


def test_measures_stay_within_their_bounds():
    assert MEASURES["trust_firm"].bounds == (0.0, 1.0)
    assert MEASURES["index"].bounds == (0.0, 100.0)
    assert MEASURES["cost_total"].bounds == (0.0, None)


def test_declarations_fit_their_kind():
    for column in all_declared():
        assert not (column.words and column.kind != "string"), column.name
        assert column.low is None or column.high is None or column.low < column.high, column.name


def test_nothing_known_is_empty_in_every_kind():
    frame = pd.DataFrame({"placed": [1.0, None], "handler": ["government", ""], "fit": [np.inf, 0.5]})
    rows = laid("orders", frame, {}).rows
    assert rows.to_pylist() == [
        {"placed": 1, "handler": "government", "fit": None}, {"placed": None, "handler": None, "fit": 0.5},
    ]  # fmt: skip
    assert pc.sum(rows["placed"]).as_py() == 1


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("month", "month"),
        ("government.budget", "government_budget"),
        ("unit:government.budget", "unit_government_budget"),
        ("long", "v_long"),
        ("by", "v_by"),
        ("str12", "v_str12"),
        ("2nd", "v_2nd"),
        ("满意度", "v____"),
        ("a" * 40, "a" * 32),
    ],
)
def test_names_that_stata_or_spss_refuse_are_changed(name, changed):
    assert variable_names([name]) == {name: changed.rstrip("_")}


def test_changed_names_are_told_apart():
    names = ["a.b", "a_b", "A:b", "x" * 33, "x" * 34]
    assert list(variable_names(names).values()) == ["a_b", "a_b_2", "A_b_3", "x" * 32, "x" * 30 + "_2"]
