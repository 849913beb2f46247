"""Designs of experiments: which points, the same ones every time; and the experiments that come with cosim."""

import csv
import re
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import morris as analyze_morris
from SALib.analyze import sobol as analyze_sobol

from cosim.compare.experiments import levers_of, read_trials
from cosim.scenario import Scenario, load_scenario
from cosim.scenario.reading import shipped_folder
from cosim.scenario.supply import MODES, cannot_have
from cosim.study.experiment import load_experiment, scenario_at, shipped_experiments
from cosim.study.experiment.designs import Factor
from cosim.study.experiment.schema import Range

FACTORS = {
    "government.budget": {"low": 1.0, "high": 100.0, "scale": "log"},
    "deliberate.meetings": {"low": 1, "high": 12},
    "supply.mode": ["single_centre", "multi_centre"],
}
DRAWN = (
    {"method": "latin_hypercube", "points": 16},
    {"method": "sobol", "points": 8},
    {"method": "morris", "trajectories": 5},
)


def points_of(design, seed=1, factors=FACTORS):
    return load_experiment({"scenarios": ["village"], "seed": seed, "factors": factors, "design": design}).points


class TestValues:
    """From a share of a factor to its value."""

    def test_the_ends_are_the_ends_and_the_middle_is_the_middle(self):
        linear = Factor("a", Range(low=10.0, high=30.0))
        assert [linear.at(share) for share in (0.0, 0.5, 1.0)] == [10.0, 20.0, 30.0]
        ratios = Factor("a", Range(low=0.1, high=1000.0, scale="log"))
        assert [ratios.at(share) for share in (0.0, 0.25, 0.5, 1.0)] == [0.1, 1.0, 10.0, 1000.0]

    def test_whole_numbers_stay_whole_and_their_ends_get_half(self):
        whole = Factor("a", Range(low=0.0, high=4.0), whole=True)
        values = [whole.at(share) for share in np.linspace(0, 1, 1001)]
        assert {type(value) for value in values} == {int}
        assert [round(values.count(number) / 125) for number in range(5)] == [1, 2, 2, 2, 1]

    def test_categories_share_the_way_equally(self):
        three = Factor("a", ("low", "middle", "high"))
        assert [three.at(share) for share in (0.0, 1 / 3, 2 / 3, 1.0)] == ["low", "middle", "high", "high"]

    def test_steps_of_a_grid_are_written_plainly(self):
        steps = Factor("a", Range(low=0.0, high=1.2, steps=7)).steps
        assert steps == (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)


class TestDrawnDesigns:
    """Latin hypercube, Sobol and Morris."""

    @pytest.mark.parametrize("design", DRAWN, ids=lambda design: design["method"])
    def test_a_seed_gives_the_same_points_and_leaves_numpy_alone(self, design):
        np.random.seed(5)
        before = np.random.get_state()[1].copy()
        points = points_of(design)
        assert (np.random.get_state()[1] == before).all()
        np.random.seed(6)
        again = points_of(design)
        assert points.values == again.values
        assert (points.unit == again.unit).all()
        assert points_of(design, seed=2).values != points.values
        assert points_of(design, seed=0).values == points_of(design, seed=0).values

    @pytest.mark.parametrize("design", DRAWN, ids=lambda design: design["method"])
    def test_points_are_plain_values_within_their_ranges(self, design):
        points = points_of(design)
        assert points.unit.shape == (len(points.values), 3)
        assert (points.unit >= 0).all()
        assert (points.unit <= 1).all()
        for budget, meetings, mode in points.values:
            assert (type(budget), type(meetings), type(mode)) == (float, int, str)
            assert 1.0 <= budget <= 100.0
            assert 1 <= meetings <= 12
        assert {mode for *_, mode in points.values} == {"single_centre", "multi_centre"}

    def test_a_latin_hypercube_has_a_point_in_every_slice(self):
        unit = points_of(DRAWN[0]).unit
        assert (np.sort((unit * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()

    def test_sizes(self):
        assert [len(points_of(design).values) for design in DRAWN] == [16, 8 * (3 + 2), 5 * (3 + 1)]
        assert len(points_of(DRAWN[2], factors={"norms.watch": {"low": 0, "high": 1}}).values) == 10

    def test_salib_finds_what_matters_in_what_was_drawn(self):
        problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
        unit = points_of({"method": "sobol", "points": 256}).unit
        found = analyze_sobol.analyze(problem, unit @ [3.0, 1.0, 0.0], calc_second_order=False, seed=1)
        assert found["S1"] == pytest.approx([0.9, 0.1, 0.0], abs=0.05)
        unit = points_of({"method": "morris", "trajectories": 20}).unit
        found = analyze_morris.analyze(problem, unit, unit @ [3.0, 1.0, 0.0], seed=1)
        assert list(found["mu_star"]) == pytest.approx([3.0, 1.0, 0.0])

    def test_twenty_thousand_points_are_light(self):
        factors = {
            "government.budget": {"low": 20.0, "high": 200.0},
            "population.migrant_share": {"low": 0.0, "high": 0.8},
            "population.free_riders": {"low": 0.0, "high": 0.8},
        }
        tables = {"scenarios": ["single_centre", "multi_centre"], "factors": factors}
        tracemalloc.start()
        began = time.perf_counter()
        planned = load_experiment({**tables, "design": {"method": "latin_hypercube", "points": 20_000}})
        took = time.perf_counter() - began
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(planned.points.values) == 20_000
        assert took < 10.0
        assert most < 50e6


class TestShippedExperiments:
    """Each can be loaded, and says what it is for."""

    def test_there_are_seven(self):
        assert list(shipped_experiments()) == [
            "category_modes", "ladder", "migrant_share", "phase_diagram", "screening", "sobol", "subsidy_inclusion",
        ]  # fmt: skip

    @pytest.mark.parametrize("name", shipped_experiments())
    def test_it_is_sound_and_says_what_it_asks(self, name):
        planned = load_experiment(name)
        experiment = planned.experiment
        assert experiment.name == name
        assert experiment.title.endswith("?")
        assert experiment.title_zh
        assert experiment.description
        runs = len(planned.points.values) * len(planned.arms) * experiment.replicates
        most = runs if experiment.until is None else runs // experiment.replicates * experiment.until.max_replicates
        comment = shipped_experiments()[name].read_text(encoding="utf-8").split("\n\n")[0]
        assert f"{runs:,}" in comment
        assert f"{most:,} runs" in comment

    @pytest.mark.parametrize("name", ["screening", "sobol"])
    def test_every_drawn_point_is_a_scenario(self, name):
        planned = load_experiment(name)
        for values in planned.points.values:
            scenario_at(planned.arms[0], planned.points.keys, values)

    def test_the_screening_has_every_lever_over_the_range_that_cosim_levers_tries(self):
        factors = load_experiment("screening").experiment.factors
        assert list(factors) == [key for key, _ in levers_of(Scenario)]
        _, trials = read_trials(shipped_folder("experiments") / "levers.toml")
        for trial in trials:
            said = factors[trial.key]
            if trial.key == "renovation.start":
                assert (said.low, said.high) == (0, 48)  # five years are screened, not ten
            elif isinstance(said, Range):
                assert {said.low, said.high} == {trial.low, trial.high}
            else:
                assert {trial.low, trial.high} <= set(said)

    def test_category_modes_tries_what_cosim_modes_tries(self):
        base = load_scenario("multi_centre")
        usual = {name: base.mode_of(name) for name in base.categories}
        cases = [usual] + [
            {**usual, name: mode}
            for name, category in base.categories.items()
            for mode in MODES
            if mode != usual[name] and not cannot_have(category, mode)
        ]
        with (shipped_folder("experiments") / "category_modes.csv").open(encoding="utf-8", newline="") as file:
            rows = [{key.split(".")[1]: mode for key, mode in row.items()} for row in csv.DictReader(file)]
        assert rows == cases
        planned = load_experiment("category_modes")
        first = scenario_at(planned.arms[0], planned.points.keys, planned.points.values[0])
        assert all(first.arrangement(name) == base.arrangement(name) for name in usual)


def test_every_shipped_experiment_is_on_the_page():
    page = (Path(__file__).parents[1] / "docs" / "experiments.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(\.\./experiments/(\w+)\.toml\)", page)) == set(shipped_experiments())
