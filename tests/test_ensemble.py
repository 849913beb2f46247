"""Calibration by ensemble: priors, waves, what is kept, effects over worlds, and comparisons in plausible worlds."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from small_sweeps import make_here
from typer.testing import CliRunner

import cosim
from cosim.cli import app
from cosim.ensemble import calibrating
from cosim.ensemble.calibrating import calibrate
from cosim.ensemble.effects import OUTCOMES, differences, over_worlds, pass_rates
from cosim.ensemble.priors import Calibration, is_fixed, read_calibration
from cosim.ensemble.sets import as_csv, medoid, read_ensemble, what_is_told
from cosim.ensemble.waves import chance, fit, not_ruled_out
from cosim.patterns import Arm, Criterion, shipped_patterns
from cosim.patterns.catalogue.calibration import MEASURES
from cosim.report.ensemble import as_json, print_calibration, write_calibration
from cosim.scenario import ScenarioError, load_scenario
from cosim.scenario.keys import ANY, schema_keys
from cosim.scenario.schema import Scenario
from cosim.study import OutputError
from cosim.version import VERSION

YEARS = {"study.months": 60, "study.warmup_months": 1}
SMALL = """
scenario = "village"

[draws]
waves = [14, 3]
chance = 0.0
replicates = 1
seed = 3

[effects]
scenarios = ["village", "reformed.toml"]
replicates = 2

[patterns]
sets = 2
replicates = 1

[rest]
"taking_part.w_control" = ["taking_part.w_attitude", "taking_part.w_norm"]

[fixed]
"the rest" = ["population.*"]

[priors]
"taking_part.w_attitude" = { low = 0.25, high = 0.5 }
"taking_part.w_norm" = { low = 0.1, high = 0.3 }
"taking_part.vote_threshold" = { low = 0.1, high = 0.2 }
"fee.intercept" = { low = -2.0, high = 4.0 }
"property_firm.loss_months" = { low = 6, high = 18 }
"""


def written(folder: Path, text: str = SMALL) -> Path:
    path = folder / "priors.toml"
    reform = folder / "reformed.toml"
    reform.write_text('extends = "village"\n[deliberate]\nmeetings = 2\n')
    path.write_text(text.replace("reformed.toml", str(reform)), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path) -> Calibration:
    return read_calibration(written(tmp_path))


# The shipped priors


def test_every_parameter_that_is_assumed_has_a_prior_or_a_reason_to_have_none():
    said = read_calibration()
    facts = [key for key in schema_keys(Scenario) if not key.lever and ANY not in key.table.split(".")]
    unknown = [
        key.dotted
        for key in facts
        if key.about["mark"] in ("assumed", "calibrated")
        and type(key.value) in (int, float)
        and key.dotted not in said.keys
        and not is_fixed(said, key.dotted)
    ]
    assert unknown == []
    assert [key for key in said.keys if is_fixed(said, key)] == []


def test_the_shipped_values_are_possible():
    said = read_calibration()
    unit = said.unit_of(said.shipped)
    assert len(said.priors) > 150
    assert np.all((unit >= 0) & (unit <= 1))


def test_sets_are_drawn_between_the_ends_and_weights_sum_to_one(small):
    sets = small.sets_at(np.array([[0.0] * 5, [0.5] * 5, [1.0] * 5]))
    assert [chosen["taking_part.vote_threshold"] for chosen in sets] == [0.1, 0.15, 0.2]
    assert [chosen["property_firm.loss_months"] for chosen in sets] == [6, 12, 18]
    for chosen in sets:
        weights = [chosen[f"taking_part.{name}"] for name in ("w_attitude", "w_norm", "w_control")]
        assert sum(weights) == pytest.approx(1.0, abs=1e-12)
        load_scenario("single_centre", chosen)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"taking_part.vote_threshold"', '"taking_part.vote_treshold"', ["no fact", "vote_threshold"]),
        ('"taking_part.vote_threshold"', '"supply.mode"', ["no fact"]),
        ("low = 0.1, high = 0.2", "low = 0.2, high = 0.1", ["not below"]),
        ("low = 0.1, high = 0.2", "low = 0.1, high = 9.0", ["vote_threshold.high", "-1 to 2"]),
        ("low = 0.1, high = 0.2", "low = 0.1", ["high"]),
        ('["taking_part.w_attitude", "taking_part.w_norm"]', '["taking_part.w_habit"]', ["w_habit", "no prior"]),
        (
            "low = 0.1, high = 0.3", "low = 0.1, high = 0.8",
            ["priors.toml: rest.taking_part.w_control", "it would be -0.3 where", "0 or more", "lower these ends"],
        ),
        ("waves = [14, 3]", "waves = []", ["waves"]),
        ("waves = [14, 3]", "waves = [-5, 3]", ["waves", "too small"]),
        ('["population.*"]', '["no.such.key"]', ["no.such.key", "no fact"]),
        ('["population.*"]', '["fee.*"]', ["fee.intercept", "not varied"]),
        ('"village", "', '"vilage", "', ["effects.scenarios", "village"]),
        ("replicates = 2", "replicates = 1", ["replicates"]),
        ("[draws]", "[drawn]", ["drawn"]),
        ("waves = [14, 3]", "waves = [14, 3", ["line 6", "close it with ]"]),
    ],
)
def test_a_fault_in_priors_is_named(tmp_path, old, new, words):
    with pytest.raises(ScenarioError) as error:
        read_calibration(written(tmp_path, SMALL.replace(old, new)))
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    ended = CliRunner().invoke(app, ["calibrate", str(tmp_path / "none.toml")])
    assert ended.exit_code == 2
    assert "none.toml" in ended.stderr


# Waves


def test_an_emulator_finds_what_made_the_statistic():
    rng = np.random.default_rng(1)
    unit = rng.random((400, 30))
    made = 2.0 + 3.0 * unit[:, 4] - (unit[:, 7] - 0.5) ** 2 * 8.0 + rng.normal(0.0, 0.1, 400)
    emulator = fit(unit, made)
    elsewhere = rng.random((200, 30))
    truth = 2.0 + 3.0 * elsewhere[:, 4] - (elsewhere[:, 7] - 0.5) ** 2 * 8.0
    assert emulator.scatter == pytest.approx(0.1, rel=0.2)
    assert emulator.explained > 0.97
    assert np.abs(emulator.mean(elsewhere) - truth).max() < 0.25


def test_what_is_ruled_out_is_not_drawn(small):
    rng = np.random.default_rng(2)
    unit = rng.random((300, 5))
    emulator = fit(unit, unit[:, 2] + rng.normal(0.0, 0.01, 300))
    within = Criterion("c", lambda readings: [], 0.6, 0.7)
    small = small.model_copy(update={"draws": small.draws.model_copy(update={"chance": 0.05})})
    points = not_ruled_out(small, [emulator], [within], 500, 2)
    assert len(points) == 500
    assert points[:, 2].min() > 0.55
    assert points[:, 2].max() < 0.75
    assert points[:, 0].max() - points[:, 0].min() > 0.95
    assert np.all(chance([emulator], [within], points) >= 0.05)


def test_the_medoid_is_the_set_in_the_middle():
    unit = np.array([[0.0, 0.0], [0.45, 0.5], [1.0, 1.0], [0.9, 0.1]])
    assert medoid(unit) == 1


def test_what_is_told_of_a_parameter_is_where_kept_sets_differ_from_the_prior(small):
    rng = np.random.default_rng(5)
    unit = rng.random((150, 5))
    unit[:, 2] = 0.5 + 0.2 * (unit[:, 2] - 0.5)
    found = what_is_told(small, unit).set_index("key")
    assert found.index[found["told"]].tolist() == ["taking_part.vote_threshold"]
    row = found.loc["taking_part.vote_threshold"]
    assert 0.14 < row["kept_low"] < row["kept_median"] < row["kept_high"] < 0.16


# From priors to effects


TURNOUT = Criterion("turnout", lambda readings: readings["unreformed"]["turnout"], 0.0, 1.0)


def met_within(pattern, low, high):
    """Return a calibration pattern with other bounds."""
    return replace(pattern, criteria=(replace(pattern.criteria[0], low=low, high=high),))


@pytest.fixture
def easy(monkeypatch):
    """Have calibration patterns that any world meets, but for turnout, and one that is held against evidence."""
    known = {pattern.id: pattern for pattern in shipped_patterns() if pattern.kind == "calibration"}
    patterns = [met_within(pattern, 0.0, 0.6 if name == "C1" else 1.0) for name, pattern in known.items()]
    asked = replace(known["C2"], kind="validation", criteria=(TURNOUT,), arms={"unreformed": Arm("village", YEARS)})
    monkeypatch.setattr(calibrating, "shipped_patterns", lambda: (*patterns, asked))
    monkeypatch.setattr(calibrating, "UNREFORMED", Arm("village", YEARS))
    make_here(monkeypatch)


def run(said: Calibration, folder: Path) -> tuple[calibrating.Calibrated, list[str]]:
    stages: list[str] = []

    def stage(words):
        stages.append(words)
        return lambda *_: None

    return calibrate(said, folder, stage, jobs=1), stages


def test_sets_that_meet_the_patterns_are_kept_and_compared(small, tmp_path, easy):
    found, stages = run(small, tmp_path / "made")
    assert len(found.tried) == 1 + 14 + 3
    collected = found.tried["fee_collection"]
    assert found.tried["kept"].tolist() == collected.between(0.0, 0.6).tolist()
    assert 0 < len(found.sets) < len(found.tried)
    assert found.sets["set"].tolist() == found.tried.index[found.tried["kept"]].tolist()
    assert set(found.by_set["set"]) == set(found.sets["set"])
    assert found.medoid in set(found.sets["set"])
    assert set(found.effects["outcome"]) == set(OUTCOMES)
    assert found.patterns["worlds"].tolist() == [2]
    assert found.effects["shipped"].notna().any() == (0 in set(found.sets["set"]))
    paths = {path.name for path in write_calibration(found, tmp_path / "made", tmp_path / "priors.toml")}
    tables = {"effects.csv", "waves.csv", "patterns.csv", "parameters.csv"}
    assert paths == tables | {"ensemble.md", "effects_reformed.png"}
    page = (tmp_path / "made" / "ensemble.md").read_text()
    assert f"{len(found.tried)} parameter sets" in page
    assert "drawn from the priors in `priors.toml`" in page
    assert "`cosim compare --sets ensemble.csv`" in page
    assert "experiments/" not in page
    assert json.loads(as_json(found))["kept"] == len(found.sets)
    print_calibration(found, Console(width=100))
    kept = read_ensemble(tmp_path / "made" / "ensemble.csv")
    assert list(kept.sets) == found.sets.drop(columns="set").to_dict("records")
    assert [words.split(":")[0] for words in stages] == ["wave_1", "wave_2", "effects", "patterns"]


def test_a_set_gives_the_same_by_itself(small, tmp_path, easy):
    found, _ = run(small, tmp_path / "made")
    number = int(found.sets["set"].iloc[-1])
    chosen = found.sets.iloc[-1].drop("set").to_dict()
    chosen["property_firm.loss_months"] = int(chosen["property_firm.loss_months"])
    said = {"scenarios": ["village"], "replicates": 1, "seed": 3, "outcomes": list(MEASURES)}
    study = cosim.sweep(said, settings={**YEARS, **chosen}, output=tmp_path / "alone", jobs=1)
    assert study.runs["fee_collection"].iloc[0] == found.tried.loc[number, "fee_collection"]


def test_it_goes_on_where_it_was(small, tmp_path, easy, monkeypatch):
    whole, _ = run(small, tmp_path / "whole")
    folder = tmp_path / "again"
    asked = calibrating.ask_in
    monkeypatch.setattr(calibrating, "ask_in", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(small, folder)
    monkeypatch.setattr(calibrating, "ask_in", asked)
    again, _ = run(small, folder)
    for name in ("tried", "sets", "effects", "patterns", "fits"):
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(again, name), check_exact=True)


def test_other_replicates_are_asked_anew(small, tmp_path, easy):
    run(small, tmp_path / "made")
    asked = small.patterns.model_copy(update={"replicates": 2})
    _, stages = run(small.model_copy(update={"patterns": asked}), tmp_path / "made")
    assert any(words.startswith("patterns: ") for words in stages)


def test_one_wave_is_enough(small, tmp_path, easy):
    draws = small.draws.model_copy(update={"waves": (14,)})
    found, _ = run(small.model_copy(update={"draws": draws}), tmp_path / "made")
    assert (tmp_path / "made" / "effects_sets.csv").exists()
    write_calibration(found, tmp_path / "made", None)
    page = " ".join((tmp_path / "made" / "ensemble.md").read_text().split())
    for name in ("experiments/calibration.toml", "experiments/ensemble.csv", "cosim compare --ensemble"):
        assert f"`{name}`" in page


def test_a_folder_of_something_else_is_left_alone(small, tmp_path, easy):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="no folder of a calibration"):
        run(small, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv"] == []


def test_no_set_that_is_plausible_is_said_so(small, tmp_path, easy, monkeypatch):
    patterns = calibrating.shipped_patterns()
    never = [met_within(pattern, 5.0, 6.0) for pattern in patterns if pattern.kind == "calibration"]
    monkeypatch.setattr(calibrating, "shipped_patterns", lambda: tuple(never))
    with pytest.raises(ScenarioError, match="none of 18 parameter sets"):
        run(small, tmp_path / "made")


# Effects over worlds


def made_up_runs() -> pd.DataFrame:
    """Four sets, two replicates: a reform that adds 1, 2, 3 and −4, and luck that both arms share."""
    rows = []
    for point, effect in enumerate([1.0, 2.0, 3.0, -4.0]):
        for replicate, luck in enumerate([0.1, -0.2]):
            for scenario, size in (("without", 0.0), ("with", effect + 0.01 * replicate)):
                rows.append(
                    {"scenario": scenario, "point": point, "replicate": replicate}
                    | dict.fromkeys(OUTCOMES, luck + size)
                )
    return pd.DataFrame(rows)


def test_effects_are_paired_differences_of_each_set():
    found = differences(made_up_runs())
    mine = found[found["outcome"] == "participation"]
    assert mine["difference"].tolist() == pytest.approx([1.005, 2.005, 3.005, -3.995])
    table = over_worlds(found, 2).set_index("outcome").loc["participation"]
    assert (table["worlds"], table["raises"], table["lowers"]) == (4, 0.75, 0.25)
    assert table["low"] < 0 < table["median"]
    assert np.isnan(table["shipped"])
    shipped = over_worlds(found, 2, 1).set_index("outcome").loc["participation"]
    assert (shipped["shipped"], shipped["below"]) == (pytest.approx(2.005), 0.5)


def test_equal_scenarios_raise_and_lower_nothing():
    runs = made_up_runs()
    without = runs["scenario"] == "without"
    runs.loc[~without, list(OUTCOMES)] = runs.loc[without, list(OUTCOMES)].to_numpy()
    table = over_worlds(differences(runs), 2)
    assert (table[["raises", "lowers", "median"]] == 0.0).all(axis=None)


def test_a_pattern_holds_where_its_value_lies_within_bounds():
    pattern = replace(shipped_patterns()[0], criteria=(TURNOUT, replace(TURNOUT, name="high", low=0.5)))
    values = [[0.4, 0.4], [0.6, 0.6], [2.0, np.nan], [0.5, np.nan], []]
    worlds = [{pattern.id: value} for value in values]
    rates = pass_rates(worlds, [pattern])
    assert rates["criterion"].tolist() == ["turnout", "high", "all of them"]
    assert rates["holds"].tolist() == pytest.approx([3 / 4, 1 / 2, 1 / 3])
    assert rates["worlds"].tolist() == [4, 2, 3]


# Comparisons in plausible worlds


def ensemble_file(folder: Path, text: str = "") -> Path:
    path = folder / "sets.csv"
    sets = pd.DataFrame({"taking_part.vote_threshold": [0.1, 0.2, 0.3], "property_firm.loss_months": [6, 12, 18]})
    path.write_text(text or as_csv("single_centre", sets), encoding="utf-8")
    return path


def test_each_replicate_of_a_comparison_is_a_world_of_its_own(tmp_path):
    worlds = read_ensemble(ensemble_file(tmp_path)).sets
    found = cosim.compare(("village", "village"), months=6, jobs=1, worlds=worlds)
    assert found.study.replicates == 3
    third = {"taking_part.vote_threshold": 0.3, "property_firm.loss_months": 18}
    alone = cosim.compare(("village", "village"), months=6, jobs=1, replicates=3, overrides=third)
    mine = found.study.months.query("replicate == 3 and scenario == 'village'")["participation"]
    theirs = alone.study.months.query("replicate == 3 and scenario == 'village'")["participation"]
    assert mine.tolist() == theirs.tolist()
    table = found.over_worlds
    table = table[table["outcome"] != "turnout"]
    assert (table[["low", "median", "high", "raises", "lowers"]].fillna(0.0) == 0.0).all(axis=None)
    assert (table.loc[table["outcome"] == "participation", "pairs"] == 3).all()


def test_without_worlds_there_is_no_table_of_them():
    assert cosim.compare(("village", "village"), months=3, replicates=1, jobs=1).over_worlds.empty


def test_the_command_compares_in_an_ensemble(tmp_path):
    path = ensemble_file(tmp_path)
    command = ["compare", "village", "--months", "4", "--jobs", "1", "--sets", str(path), "-o", str(tmp_path / "made")]
    ended = CliRunner().invoke(app, [*command, "--format", "json"])
    assert ended.exit_code == 0, ended.stderr
    rows = {row["outcome"]: row for row in json.loads(ended.stdout)["over_worlds"]}
    assert rows["participation"]["pairs"] == 3
    described = json.loads((tmp_path / "made" / "study.json").read_text())
    assert [world["taking_part.vote_threshold"] for world in described["worlds"]] == [0.1, 0.2, 0.3]
    assert (tmp_path / "made" / "over_worlds.csv").exists()
    note = "plausible for the compound of single_centre, and village is another one"
    assert note in ended.stderr
    path.write_text(path.read_text().replace("of single_centre that", "of village that"))
    shown = CliRunner().invoke(app, command)
    assert "3 plausible worlds" in shown.stdout
    assert "plausible for" not in shown.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace(VERSION, "0.0.1"), ["cosim 0.0.1", "line 1", "cosim calibrate"]),
        (lambda text: text.partition("\n")[2], ["no file of parameter sets"]),
        (lambda text: text.replace("vote_threshold", "vote_treshold"), ["vote_treshold", "line 3"]),
        (
            lambda text: text.replace("property_firm.loss_months", "taking_part.vote_threshold"),
            ["line 2", "taking_part.vote_threshold: this column stands here 2 times", "keep one of them"],
        ),
        (lambda text: text.replace("0.1,6", "9.0,6"), ["vote_threshold", "line 3"]),
        (lambda text: text.replace("0.2,12", "0.2"), ["line 4", "1 values"]),
        (lambda text: text.replace("0.2,12", "0.2,twelve"), ["line 4", "twelve", "no number"]),
        (lambda text: "\n".join(text.split("\n")[:2]), ["no parameter set"]),
    ],
)
def test_a_file_of_sets_that_cannot_be_used_is_refused(tmp_path, change, words):
    path = ensemble_file(tmp_path)
    path.write_text(change(path.read_text()))
    ended = CliRunner().invoke(app, ["compare", "village", "--sets", str(path), "-o", str(tmp_path / "made")])
    assert ended.exit_code == 2
    assert all(word in ended.stderr for word in words), ended.stderr
    assert not (tmp_path / "made").exists()


def test_what_the_worlds_decide_cannot_be_set(tmp_path):
    path, words = ensemble_file(tmp_path), ["--set", "taking_part.vote_threshold=0.1"]
    ended = CliRunner().invoke(app, ["compare", "village", "--sets", str(path), *words])
    assert ended.exit_code == 2
    assert "a value of its own" in ended.stderr


def test_controls_are_for_one_world(tmp_path):
    path = ensemble_file(tmp_path)
    ended = CliRunner().invoke(app, ["compare", "village", "--sets", str(path), "--controls"])
    assert ended.exit_code == 2
    assert "not for an ensemble" in ended.stderr
