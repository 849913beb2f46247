"""Where a reform wins or loses: point by point, in boxes, and on a map."""

import builtins
import re
from collections.abc import Callable
from io import StringIO
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from cosim.display.figures.phase import phase_figure
from cosim.display.style import as_bytes
from cosim.report.sensitivity import print_boxes
from cosim.scenario import ScenarioError
from cosim.study.sensitivity import boxes, differences
from cosim.study.sensitivity.conditions import Among, Range, limit_between, said

LABELS = ("single_centre", "multi_centre")
BUDGET, COORDINATION = "government.budget", "partners_deliver.coordination"
MODE, COMMITTEE = "supply.heating.mode", "owners.committee"
GRID = {BUDGET: [60.0, 120.0, 180.0], COORDINATION: [0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2]}


def grid(factors: dict[str, list[Any]]) -> pd.DataFrame:
    """Return a design of all combinations."""
    points = pd.DataFrame(list(product(*factors.values())), columns=list(factors))
    points.insert(0, "point", range(len(points)))
    return points


def runs_of(points: pd.DataFrame, effect: Any, outcome: str = "participation", replicates: int = 6) -> pd.DataFrame:
    """Return runs in which the second scenario adds `effect` at each point, but for a little luck."""
    rng = np.random.default_rng(1)
    frames = []
    for replicate in range(1, replicates + 1):
        shared = rng.normal(size=len(points))
        for label, added in zip(LABELS, (0.0, effect), strict=True):
            run = {"scenario": label, "point": points["point"], "replicate": replicate, "status": "done"}
            frames.append(pd.DataFrame({**run, outcome: shared + added + 0.01 * rng.normal(size=len(points))}))
    return pd.concat(frames, ignore_index=True)


def found(points: pd.DataFrame, effect: Any, outcome: str = "participation") -> pd.DataFrame:
    """Return the boxes of an effect."""
    return boxes(runs_of(points, np.asarray(effect, dtype=float), outcome), points, [outcome], labels=LABELS)


def test_a_difference_is_paired_and_has_a_verdict() -> None:
    points = grid({BUDGET: [60.0, 120.0, 180.0, 240.0]})
    runs = runs_of(points, np.array([-1.0, 0.0, 1.0, 1.0]))
    runs.loc[runs["point"] == 3, "status"] = "failed"
    table = differences(runs, points, "participation", labels=LABELS)
    assert list(table) == ["scenario", "against", "point", BUDGET, "n", "mean_a", "mean_b", "difference", "low", "high",
                           "verdict"]  # fmt: skip
    assert table["verdict"].tolist() == ["loses", "undecided", "wins", "unknown"]
    assert table["n"].tolist() == [6, 6, 6, 0]
    np.testing.assert_allclose(table["difference"][:3], [-1, 0, 1], atol=0.03)
    assert ((table["high"] - table["low"])[:3] < 0.1).all(), "shared luck must cancel"


@pytest.mark.parametrize(("outcome", "verdicts"), [("cost_total", ["wins", "loses"]), ("voice", ["lowers", "raises"]),
                                                   ("wait.heating", ["wins", "loses"])])  # fmt: skip
def test_what_wins_depends_on_whether_more_is_better(outcome: str, verdicts: list[str]) -> None:
    points = grid({BUDGET: [60.0, 120.0]})
    table = differences(runs_of(points, np.array([-1.0, 1.0]), outcome), points, outcome, labels=LABELS)
    assert table["verdict"].tolist() == verdicts


def test_one_replicate_decides_nothing() -> None:
    points = grid(GRID)
    runs = runs_of(points, np.ones(len(points)), replicates=1)
    assert set(differences(runs, points, "participation", labels=LABELS)["verdict"]) == {"undecided"}


def test_boxes_are_said_in_words_with_counts() -> None:
    points = grid(GRID)
    loses = (points[BUDGET] < 90) & (points[COORDINATION] >= 0.7)
    table = found(points, np.where(loses, -1.0, 1.0))
    first = table.iloc[0]
    assert first["box"] == f"{BUDGET} below 90 and {COORDINATION} at least 0.7"
    assert first[["points", "wins", "loses", "undecided", "verdict"]].tolist() == [3, 0, 3, 0, "loses"]
    assert first["difference"] == pytest.approx(-1, abs=0.02)
    assert table["points"].sum() == len(points)
    assert table["loses"].sum() == loses.sum()
    assert set(table["box"][1:]) == {f"{BUDGET} below 90 and {COORDINATION} below 0.7", f"{BUDGET} at least 90"}


def test_two_conditions_on_one_factor_become_one() -> None:
    points = grid({BUDGET: [float(budget) for budget in range(50, 250, 5)]})
    table = found(points, np.where(points[BUDGET].between(100, 145), -1.0, 1.0))
    assert table.iloc[0]["box"] == f"{BUDGET} from 100 to below 150"
    assert table.iloc[0]["loses"] == table.iloc[0]["points"] == 10


def test_categories_and_switches_are_asked_for_by_name() -> None:
    points = grid({MODE: ["contract", "direct", "grant", "voluntary"], COMMITTEE: [False, True], BUDGET: [60.0, 120.0]})
    loses = (points[MODE] == "contract") & points[COMMITTEE]
    words = set(found(points, np.where(loses, -1.0, 1.0))["box"])
    assert {text for text in words if "is contract" in text and "is true" in text}
    assert any(f"{MODE} is not contract" in text for text in words)
    assert said({MODE: Among(("a", "b"), ("c", "d"))}) == f"{MODE} is a or b"
    assert said({MODE: Among(("a", "b", "c"), ("d",))}) == f"{MODE} is not d"
    assert said({BUDGET: Range(low=1250.0)}) == f"{BUDGET} at least 1,250"


@pytest.mark.parametrize(("low", "high", "limit"), [(60, 120, 90), (0.6, 0.8, 0.7), (2, 3, 3), (83.21, 84.9, 84),
                                                    (0.1, 0.2, 0.2), (-1, 1, 0), (119.99, 120.01, 120)])  # fmt: skip
def test_a_limit_is_a_round_number_between(low: float, high: float, limit: float) -> None:
    assert limit_between(low, high) == limit


def test_a_limit_lies_between_whatever_the_numbers() -> None:
    rng = np.random.default_rng(4)
    for low, high in np.sort(rng.normal(size=(500, 2)) * 10.0 ** rng.integers(-9, 9, size=(500, 1)), axis=1):
        assert low < limit_between(low, high) <= high
    assert limit_between(1.0, np.nextafter(1.0, 2.0)) == np.nextafter(1.0, 2.0)


def test_the_words_hold_for_the_points_they_count() -> None:
    rng = np.random.default_rng(3)
    budget, coordination = rng.uniform(60, 180, 200), rng.uniform(0, 1.2, 200)
    points = pd.DataFrame({"point": range(200), BUDGET: budget, COORDINATION: coordination})
    table = found(points, np.where(budget / 150 + coordination > 1.2, 1.0, -1.0))
    assert len(table) > 3
    for text, count in zip(table["box"], table["points"], strict=True):
        inside = np.ones(200, dtype=bool)
        for condition in text.split(" and "):
            key, words = condition.split(" ", 1)
            low = re.search(r"(?:at least|from) ([\d.]+)", words)
            high = re.search(r"below ([\d.]+)", words)
            assert low or high
            inside &= (points[key] >= float(low[1])) if low else True
            inside &= (points[key] < float(high[1])) if high else True
        assert inside.sum() == count


def test_where_all_points_agree_there_is_one_box() -> None:
    points = grid(GRID)
    table = found(points, np.ones(len(points)))
    assert table[["box", "points", "wins"]].to_numpy().tolist() == [["everywhere", 21, 21]]


def test_boxes_that_may_be_luck_foretell_no_more_than_the_commonest() -> None:
    points = grid({BUDGET: list(np.linspace(60, 180, 20)), COORDINATION: list(np.linspace(0, 1.2, 10))})
    luck = found(points, np.random.default_rng(2).choice([-1.0, 1.0], size=len(points))).iloc[0]
    real = found(points, np.where(points[BUDGET] > 100, 1.0, -1.0)).iloc[0]
    assert luck["right"] < luck["right_without"] + 0.05
    assert real["right"] > 0.98 > 0.7 > real["right_without"]


def refused(action: Callable[[], Any]) -> str:
    """Return what is said against it."""
    with pytest.raises(ScenarioError) as error:
        action()
    return str(error.value)


def test_what_has_no_boxes_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    points = grid(GRID)
    runs = runs_of(points, np.ones(len(points)))
    assert "one scenario has nothing to be compared with" in refused(
        lambda: boxes(runs, points, ["participation"], labels=LABELS[:1])
    )
    assert "did you mean 'participation'" in refused(lambda: boxes(runs, points, ["particpation"], labels=LABELS))
    bare = points[["point"]]
    assert "a study without factors" in refused(lambda: boxes(runs, bare, ["participation"], labels=LABELS))
    failed = runs.assign(status="failed")
    assert "no point has a replicate that is finished" in refused(
        lambda: boxes(failed, points, ["participation"], labels=LABELS)
    )
    imported = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("sklearn"):
            raise ImportError(name)
        return imported(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    text = refused(lambda: boxes(runs, points, ["participation"], labels=LABELS))
    assert 'pip install "cosim-community[stats]"' in text


def test_tables_of_boxes_fit_into_80_columns() -> None:
    points = grid(GRID)
    effect = np.where((points[BUDGET] < 90) & (points[COORDINATION] >= 0.7), -1.0, 1.0)
    runs = runs_of(points, effect).merge(runs_of(points, np.ones(len(points)), "voice"))
    page = StringIO()
    print_boxes(boxes(runs, points, ["participation", "voice"], labels=LABELS), Console(file=page, width=80))
    text = page.getvalue()
    assert "Where multi centre wins or loses against single centre" in text
    assert f"{BUDGET} below 90" in text
    assert "raises" in text
    assert "everywhere" in text
    assert max(map(len, text.splitlines())) <= 80


def drawn(factors: dict[str, list[Any]], outcomes: tuple[str, ...] = ("participation", "voice")) -> Any:
    """Return the phase diagram of an effect that rises with the budget."""
    points = grid(factors)
    effect = np.linspace(-1, 1, len(points)).round(1)
    tables = {name: differences(runs_of(points, effect, name), points, name, labels=LABELS) for name in outcomes}
    return phase_figure(tables, LABELS[1])


def test_two_factors_make_a_map_whose_undecided_cells_are_hatched() -> None:
    figure = drawn(GRID)
    axis = figure.axes[0]
    assert [text.get_text() for text in axis.get_xticklabels()] == ["0", "0.2", "0.4", "0.6", "0.8", "1", "1.2"]
    assert [text.get_text() for text in axis.get_yticklabels()] == ["60", "120", "180"]
    assert len(axis.patches) == 1, "one effect is zero"
    assert axis.collections[0].norm.vmin == -axis.collections[0].norm.vmax
    assert as_bytes(figure).startswith(b"\x89PNG")


def test_one_factor_makes_a_line_three_make_maps_and_more_make_nothing() -> None:
    assert len(drawn({BUDGET: GRID[BUDGET]}).axes) == 2
    assert len(drawn({MODE: ["contract", "direct"]}).axes) == 2
    three = drawn(GRID | {MODE: ["contract", "direct"]})
    maps = [axis for axis in three.axes if axis.get_label() != "<colorbar>"]
    assert len(maps) == 4
    assert drawn(GRID | {MODE: ["contract", "direct"], COMMITTEE: [False, True]}) is None
    scattered = pd.DataFrame({"point": range(9), BUDGET: np.arange(9.0), COORDINATION: np.arange(9.0) ** 2})
    runs = runs_of(scattered, np.ones(9))
    assert phase_figure({"voice": differences(runs.rename(columns={"participation": "voice"}), scattered, "voice",
                                              labels=LABELS)}, LABELS[1]) is None  # fmt: skip
