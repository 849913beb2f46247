"""The shipped ensemble: its sets still meet the calibration patterns, and pages say what its tables say."""

import textwrap
from pathlib import Path

import pandas as pd
import pytest
from small_sweeps import make_here

import cosim
from cosim.ensemble.priors import read_calibration
from cosim.ensemble.sets import is_elsewhere, read_ensemble
from cosim.patterns import shipped_patterns
from cosim.patterns.catalogue.calibration import MEASURES, UNREFORMED
from cosim.report.ensemble import in_words
from cosim.scenario import load_scenario
from cosim.scenario.keys import schema_keys
from cosim.scenario.schema import Scenario

ROOT = Path(cosim.__file__).parents[1]
PUBLISHED = ROOT / "results" / "ensemble"


@pytest.fixture(scope="module")
def effects() -> pd.DataFrame:
    return pd.read_csv(PUBLISHED / "effects.csv")


def test_sets_still_give_the_compound_that_is_known(tmp_path, monkeypatch):
    """A change of the model that moves them calls for `cosim calibrate`."""
    make_here(monkeypatch)
    said, sets = read_calibration(), read_ensemble().sets
    criteria = [pattern.criteria[0] for pattern in shipped_patterns() if pattern.kind == "calibration"]
    for number in (0, len(sets) // 2, len(sets) - 1):
        study = cosim.sweep(
            {"scenarios": [said.scenario], "replicates": said.draws.replicates, "seed": said.draws.seed,
             "outcomes": list(MEASURES), "record_every": 0, "settings": {**UNREFORMED.settings, **sets[number]}},
            output=tmp_path / str(number), jobs=1,
        )  # fmt: skip
        levels = study.runs[list(MEASURES)].mean()
        assert [c.low <= levels[name] <= c.high for name, c in zip(MEASURES, criteria, strict=True)] == [True] * 5


def test_the_shipped_values_are_one_of_the_sets():
    assert read_calibration().shipped in list(read_ensemble().sets)


def test_the_sets_are_those_of_the_compound_that_was_calibrated():
    ensemble = read_ensemble()
    assert ensemble.scenario == read_calibration().scenario
    for name in ("ly", "multi_centre", "reform_2018", "premortem_partner_quits"):
        assert not is_elsewhere(ensemble, load_scenario(name, {"study.months": 60})), name
    assert is_elsewhere(ensemble, load_scenario("village"))
    assert is_elsewhere(ensemble, load_scenario("ly", {"population.migrant_share": 0.9}))
    assert is_elsewhere(ensemble._replace(scenario="gone.toml"), load_scenario("ly"))


def test_the_page_says_what_the_tables_say(effects):
    page = (PUBLISHED / "ensemble.md").read_text(encoding="utf-8")
    assert f"; {len(read_ensemble().sets)} give" in " ".join(page.split())
    for scenario, rows in effects.groupby("scenario"):
        assert textwrap.fill(in_words(rows), 118) in page
        assert (PUBLISHED / f"effects_{scenario}.png").exists()


def test_only_what_the_patterns_tell_of_is_called_calibrated():
    told = pd.read_csv(PUBLISHED / "parameters.csv").set_index("key")["told"]
    marks = {key.dotted: key.about["mark"] for key in schema_keys(Scenario)}
    assert [key for key in told.index[told] if marks[key] not in ("calibrated", "read", "derived")] == []
