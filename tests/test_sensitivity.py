"""Sensitivity indices against functions whose indices are known, and the noise that replicates tell of."""

import warnings
from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from SALib.sample import morris, sobol
from SALib.test_functions import Ishigami

from cosim.display.factors import factor_name, outcome_name
from cosim.display.figures.sensitivity import sensitivity_figure
from cosim.display.style import as_bytes
from cosim.report.sensitivity import print_indices
from cosim.scenario import ScenarioError
from cosim.study.sensitivity import indices
from cosim.study.sensitivity.cells import two_way

KEYS = ("government.budget", "party_leads.visits", "partners_deliver.coordination")
Value = Callable[[str, np.random.Generator], np.ndarray]
"""Gives a scenario's values at all points, without what a replicate adds everywhere."""
LABELS = ("single_centre", "multi_centre")


def drawn(method: str, count: int, keys: Sequence[str] = KEYS) -> np.ndarray:
    """Return a design's points in the unit cube."""
    problem = {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}
    if method == "morris":
        return morris.sample(problem, count, num_levels=4, seed=2)
    return sobol.sample(problem, count, calc_second_order=False, seed=2)


def points_of(unit: np.ndarray, keys: Sequence[str] = KEYS, **values: Any) -> pd.DataFrame:
    """Return a design; a factor's values are what was drawn, unless others are given by its last word."""
    factors = {key: values.get(key.rpartition(".")[2], unit[:, place]) for place, key in enumerate(keys)}
    units = {f"unit:{key}": unit[:, place] for place, key in enumerate(keys)}
    return pd.DataFrame({"point": range(len(unit)), **factors, **units})


def runs_of(points: int, replicates: int, value: Value, labels: Sequence[str] = LABELS) -> pd.DataFrame:
    """Return runs in which a replicate adds the same everywhere, as common random numbers do."""
    rng = np.random.default_rng(5)
    frames = []
    for replicate in range(1, replicates + 1):
        shared = 10 * rng.normal()
        for label in labels:
            run = {"scenario": label, "point": range(points), "replicate": replicate, "status": "done"}
            frames.append(pd.DataFrame({**run, "participation": value(label, rng) + shared}))
    return pd.concat(frames, ignore_index=True)


def ishigami(unit: np.ndarray) -> np.ndarray:
    """Return Ishigami's function, whose indices are known, over the unit cube."""
    return Ishigami.evaluate(np.pi * (2 * unit - 1))


def test_sobol_finds_the_known_indices_of_every_target() -> None:
    unit = drawn("sobol", 1024)
    runs = runs_of(len(unit), 2, lambda label, rng: ishigami(unit) * (1 if label == LABELS[0] else 3))
    found = indices(runs, points_of(unit), ["participation"], labels=LABELS, method="sobol")
    targets = found[["scenario", "against"]].drop_duplicates().to_numpy().tolist()
    assert targets == [["single_centre", ""], ["multi_centre", ""], ["multi_centre", "single_centre"]]
    for _, rows in found.groupby(["scenario", "against"]):
        np.testing.assert_allclose(rows["S1"], [0.314, 0.442, 0.0], atol=0.05)
        np.testing.assert_allclose(rows["ST"], [0.558, 0.442, 0.244], atol=0.05)
        assert (abs(rows["ST"] - [0.5576, 0.4424, 0.2437]) < 1.5 * rows["ST_conf"]).all()
        assert rows["rank"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(found[["noise", "luck"]], 0.0, atol=1e-12)
    assert (found["used"] == 1024).all()
    assert (found["dropped"] == 0).all()


def test_luck_is_the_part_of_a_total_index_that_is_luck() -> None:
    unit = drawn("sobol", 1024)

    def value(label, rng):
        return ishigami(unit) + 3 * rng.normal(size=len(unit))

    found = indices(runs_of(len(unit), 4, value), points_of(unit), ["participation"], labels=LABELS, method="sobol")
    alone = found[found["scenario"] == LABELS[0]]
    share = (9 / 4) / (13.84 + 9 / 4)
    assert alone["noise"].iloc[0] == pytest.approx(share, rel=0.1)
    known = np.array([0.5576, 0.4424, 0.2437]) * (1 - share)
    np.testing.assert_allclose(alone["ST"] - alone["luck"], known, atol=0.05)


def test_morris_gives_the_effect_over_the_range_and_of_switching() -> None:
    unit = drawn("morris", 8)

    def value(*_):
        return 3 * unit[:, 0] - (unit[:, 1] > 0.5)

    points = points_of(unit, budget=60 + 120 * unit[:, 0], visits=unit[:, 1] > 0.5)
    found = indices(runs_of(len(unit), 3, value, LABELS[:1]), points, ["participation"], labels=LABELS[:1],
                    method="morris")  # fmt: skip
    np.testing.assert_allclose(found["mu"], [3, -1, 0], atol=1e-9)
    np.testing.assert_allclose(found["mu_star"], [3, 1, 0], atol=1e-9)
    np.testing.assert_allclose(found[["sigma", "mu_star_conf", "luck"]], 0, atol=1e-9)
    assert found["rank"].tolist() == [1, 2, 3]
    words = points_of(unit, budget=60 + 120 * unit[:, 0], visits=np.where(unit[:, 1] > 0.5, "contract", "direct"))
    of_words = indices(runs_of(len(unit), 3, value, LABELS[:1]), words, ["participation"], labels=LABELS[:1],
                       method="morris")  # fmt: skip
    pd.testing.assert_frame_equal(found, of_words)


def test_luck_is_the_mu_star_of_a_factor_that_only_shakes_runs() -> None:
    unit = drawn("morris", 200)

    def value(label, rng):
        return 3 * unit[:, 0] + rng.normal(size=len(unit))

    found = indices(runs_of(len(unit), 4, value), points_of(unit), ["participation"], labels=LABELS, method="morris")
    alone = found[found["against"] == ""]
    idle = alone[alone["factor"] != KEYS[0]]
    np.testing.assert_allclose(idle["mu_star"], idle["luck"], rtol=0.12)
    assert found[found["against"] != ""]["noise"].iloc[0] > 0.7, "the difference of two such scenarios is luck alone"


def test_noise_is_the_interaction_of_points_and_replicates() -> None:
    rng = np.random.default_rng(1)
    points, replicates, sigma = 400, 6, 2.0
    truth = rng.normal(size=(points, 1))
    shared = 50 * rng.normal(size=(1, replicates))
    values = truth + shared + sigma * rng.normal(size=(points, replicates))
    found = two_way(values)
    np.testing.assert_allclose(found.means, values.mean(axis=1))
    assert found.noise == pytest.approx(sigma**2 / 6 / (1 + sigma**2 / 6), rel=0.15)
    assert np.isnan(two_way(values[:, :1]).noise)
    assert two_way(truth + shared).noise == pytest.approx(0, abs=1e-20)
    assert np.isnan(two_way(0 * truth + shared).noise)
    assert two_way(0 * truth + shared + rng.normal(size=values.shape)).noise > 0.8


def test_missing_runs_move_no_mean_by_which_replicates_are_there() -> None:
    rng = np.random.default_rng(2)
    truth, shared = rng.normal(size=(60, 1)), 50 * rng.normal(size=(1, 8))
    missing = rng.random((60, 8)) < 0.3
    missing[:, 0] = False
    exact = two_way(np.where(missing, np.nan, truth + shared))
    np.testing.assert_allclose(exact.means - exact.means.mean(), truth[:, 0] - truth.mean(), atol=1e-9)
    noises = []
    for _ in range(200):
        values = truth + shared + 1.5 * rng.normal(size=(60, 8))
        noises.append(two_way(np.where(missing, np.nan, values)).noise)
    luck = 1.5**2 * (1 / (~missing).sum(axis=1)).mean()
    assert np.mean(noises) == pytest.approx(luck / (truth.var() + luck), rel=0.1)


@pytest.mark.parametrize(("method", "count", "size"), [("morris", 6, 4), ("sobol", 8, 5)])
def test_a_point_without_a_finished_run_takes_its_block_with_it(method: str, count: int, size: int) -> None:
    unit = drawn(method, count)
    runs = runs_of(len(unit), 2, lambda *_: unit @ [1.0, 2.0, 3.0])
    points = points_of(unit)
    failed = (runs["point"] == size + 1) & (runs["scenario"] == LABELS[1])
    broken = runs.assign(status=runs["status"].mask(failed, "failed"), participation=runs["participation"].mask(failed))
    found = indices(broken, points, ["participation"], labels=LABELS, method=method)
    by_target = found.groupby(["scenario", "against"])["dropped"].first().to_dict()
    assert by_target == {(LABELS[0], ""): 0, (LABELS[1], ""): 1, (LABELS[1], LABELS[0]): 1}
    kept = ~points["point"].between(size, 2 * size - 1)
    rest = indices(runs[runs["point"].isin(points["point"][kept])], points[kept], ["participation"], labels=LABELS,
                   method=method)  # fmt: skip
    same = [name for name in found if name not in ("dropped",)]
    of_reform = found["scenario"] == LABELS[1]
    pd.testing.assert_frame_equal(found.loc[of_reform, same], rest.loc[of_reform, same])


def test_one_failed_replicate_costs_no_block() -> None:
    unit = drawn("morris", 6)
    runs = runs_of(len(unit), 3, lambda *_: unit @ [1.0, 2.0, 3.0])
    failed = (runs["point"] == 3) & (runs["replicate"] == 2)
    runs = runs.assign(status=runs["status"].mask(failed, "failed"), participation=runs["participation"].mask(failed))
    found = indices(runs, points_of(unit), ["participation"], labels=LABELS, method="morris")
    assert (found["dropped"] == 0).all()
    assert (found["replicates"] == 2).all()
    np.testing.assert_allclose(found["mu_star"][:3], [1, 2, 3], atol=1e-9)


def test_analysis_is_repeatable_and_leaves_the_global_generator_alone() -> None:
    unit = drawn("sobol", 16)
    runs = runs_of(len(unit), 2, lambda label, rng: ishigami(unit) + rng.normal(size=len(unit)))
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = (
            indices(runs, points_of(unit), ["participation"], labels=LABELS, method="sobol") for _ in range(2)
        )
    assert (np.random.get_state()[1] == before).all()
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_an_outcome_that_never_varies_has_no_effects(method: str) -> None:
    unit = drawn(method, 4)
    runs = runs_of(len(unit), 2, lambda *_: np.full(len(unit), 0.3))
    found = indices(runs, points_of(unit), ["participation"], labels=LABELS, method=method)
    assert found["noise"].isna().all()
    assert (found["mu_star"] < 1e-12).all() if method == "morris" else found["ST"].isna().all()
    print_indices(found, Console(file=StringIO(), width=80))
    assert as_bytes(sensitivity_figure(found, LABELS[1], LABELS[0])).startswith(b"\x89PNG")


def refused(**changes: Any) -> str:
    """Return what is said against a small Morris study with changes."""
    unit = drawn("morris", 3)
    asked = {
        "runs": runs_of(len(unit), 1, lambda *_: unit[:, 0]),
        "points": points_of(unit),
        "outcomes": ["participation"],
        "labels": LABELS,
        "method": "morris",
    } | changes
    with pytest.raises(ScenarioError) as error:
        indices(asked.pop("runs"), asked.pop("points"), asked.pop("outcomes"), **asked)
    return str(error.value)


def test_what_has_no_indices_is_refused_in_words() -> None:
    assert "a grid design has no sensitivity indices\n    allowed: morris, sobol" in refused(method="grid")
    assert "there is no 'participaton'" in refused(outcomes=["participaton"])
    assert "did you mean 'participation'?" in refused(outcomes=["participaton"])
    assert "12 points are no sobol design of 3 factors, which has blocks of 5" in refused(method="sobol")
    runs = runs_of(12, 1, lambda *_: np.arange(12.0))
    few = refused(runs=runs.assign(status=np.where(runs["point"] < 7, "done", "failed")))
    assert "trajectories finished at every point: 1; indices need at least 2" in few
    assert "--retry-failed" in few


def test_tables_show_the_largest_first_and_fit_into_80_columns() -> None:
    unit = drawn("morris", 8)
    runs = runs_of(len(unit), 3, lambda label, rng: unit @ [1.0, 3.0, 2.0] + rng.normal(size=len(unit)) / 50)
    found = indices(runs, points_of(unit), ["participation"], labels=LABELS, method="morris")
    page = StringIO()
    print_indices(found, Console(file=page, width=80), most=2)
    text = page.getvalue()
    assert "What moves what multi centre changes against single centre" in text
    assert text.index("party_leads.visits") < text.index("partners_deliver.coordination")
    assert KEYS[0] not in text.split("What moves outcomes under multi centre")[0]
    assert "and 1 factor that moves it less" in text
    assert "8 trajectories; 3 replicates" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_figure_names_factors_by_label_and_key() -> None:
    unit = drawn("sobol", 16)
    found = indices(runs_of(len(unit), 2, lambda *_: ishigami(unit)), points_of(unit), ["participation"], labels=LABELS,
                    method="sobol")  # fmt: skip
    figure = sensitivity_figure(found, LABELS[1], most=2)
    axis = figure.axes[0]
    assert [text.get_text() for text in axis.get_yticklabels(minor=True)] == list(KEYS[:2])
    assert "Budget for projects" in [text.get_text() for text in axis.get_yticklabels()]
    assert axis.get_title(loc="left") == "Participation"


def test_factors_and_outcomes_have_names() -> None:
    assert factor_name("supply.heating.mode") == "Mode, heating"
    assert factor_name("residents_order.digital_platform") == "Digital one-stop"
    assert outcome_name("trust_government.migrant") == "Trust in government, migrants"
    assert outcome_name("wait.heating") == "Wait, heating"
