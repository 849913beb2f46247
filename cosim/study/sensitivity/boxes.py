"""Boxes: the part of a study's factors in which a reform wins, and that in which it loses, in plain words."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.language import told
from cosim.outcomes.measures import measure_of
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study.sensitivity.cells import check_outcomes, factors_of
from cosim.study.sensitivity.conditions import Conditions, Question, narrowed, questions, said
from cosim.study.sensitivity.differences import UNDECIDED, UNKNOWN, VERDICTS, check_effects, differences

DEPTH = 3
"""Most conditions of a box."""
SMALLEST = 0.05
"""Share of the points that a box holds at least."""
WORTHWHILE = 0.01
"""By how much a condition has to make verdicts more alike (Gini impurity, weighted by the share of points)."""
FOLDS = 10
"""Parts of the points, each of which is left out once to see what the others say of it."""
SEED = 0
MIXED = "mixed"
"""Verdict of a box in which no verdict is commonest."""
COUNTS = ("wins", "loses", "raises", "lowers", UNDECIDED)

Rows = NDArray[np.intp]


def boxes(runs: pd.DataFrame, points: pd.DataFrame, outcomes: Sequence[str], *, labels: Sequence[str]) -> pd.DataFrame:
    """Return boxes of design points with like verdicts, for each scenario but the first and each outcome.

    A decision tree of at most three questions (CART, used so by Lempert, Bryant and Bankes 2008) parts the points by
    their verdicts (`differences`); any design will do. Columns: `scenario`, `against`, `outcome`; `box` in words, or
    "everywhere"; `points` in it, and how many of them have each verdict: `wins`, `loses` (`raises`, `lowers` where more
    is neither better nor worse), `undecided`; `verdict`, the commonest (mixed if there is none); `difference`, the mean
    over the box's points, in the outcome's unit. `right` is the share of points, each left out once, of which a tree of
    the others foretells the verdict, `right_without` that of always saying the commonest: unless it is smaller, the
    boxes may be luck. Where most points lose (or lower) comes first. Points without a finished pair are left out.

    Raises ScenarioError for an unknown outcome, a study of one scenario or without factors, if no point has a pair, or
    if scikit-learn is not installed.
    """
    check_outcomes(runs, outcomes)
    check_effects(labels)
    _check_installed()
    if not factors_of(points):
        message = told("a study without factors has no boxes")
        raise ScenarioError([Problem(key="factors", message=message, hint=told("name what is to be varied"))])
    found = []
    for outcome in outcomes:
        known = differences(runs, points, outcome, labels=labels)
        known = known[known["verdict"] != UNKNOWN]
        for (scenario, against), of_points in known.groupby(["scenario", "against"], sort=False):
            who = {"scenario": scenario, "against": against, "outcome": outcome}
            found += [who | box for box in _boxes(of_points, factors_of(points), measure_of(outcome).better)]
    if not found:
        message = told("no point has a replicate that is finished in both scenarios")
        hint = told("run the study again to make what is missing, with --retry-failed for runs that failed")
        raise ScenarioError([Problem(key="outcomes", message=message, hint=hint)])
    return pd.DataFrame(found)


def _check_installed() -> None:
    """Raise ScenarioError if scikit-learn is not there."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        message = told("boxes need scikit-learn, which is not installed")
        hint = told('pip install "cosim-community[stats]"')
        raise ScenarioError([Problem(message=message, hint=hint)]) from None


def _boxes(known: pd.DataFrame, keys: list[str], better: int) -> list[dict[str, Any]]:
    """Return the boxes of one outcome's points, most losses first."""
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.tree import DecisionTreeClassifier

    asked = list(questions(known, keys))
    answers = np.column_stack([question.values for question in asked]).astype(np.float32)
    verdicts = known["verdict"].to_numpy(dtype=str)
    tree = DecisionTreeClassifier(
        max_depth=DEPTH,
        min_samples_leaf=max(2, math.ceil(SMALLEST * len(known))),
        min_impurity_decrease=WORTHWHILE,
        random_state=SEED,
    )
    right = np.nan
    if len(known) > 1:
        folds = KFold(min(FOLDS, len(known)), shuffle=True, random_state=SEED)
        right = float((cross_val_predict(tree, answers, verdicts, cv=folds) == verdicts).mean())
    tree.fit(answers, verdicts)
    shares = {"right": right, "right_without": float(known["verdict"].value_counts(normalize=True).max())}
    less = VERDICTS[better][0 if better < 0 else 1]
    found = [
        _box(known.iloc[rows], conditions) | shares
        for rows, conditions in _leaves(tree.tree_, asked, answers, 0, np.arange(len(known)), {})
    ]
    return sorted(found, key=lambda box: (-box[less] / box["points"], -box[UNDECIDED] / box["points"]))


def _leaves(
    tree: Any, asked: list[Question], answers: NDArray[np.float32], node: int, rows: Rows, conditions: Conditions
) -> Iterator[tuple[Rows, Conditions]]:
    """Yield the rows of every leaf below a node of scikit-learn's tree, with the conditions that lead there."""
    if tree.children_left[node] == tree.children_right[node]:
        yield rows, conditions
        return
    number = tree.feature[node]
    question, low = asked[number], answers[rows, number] <= tree.threshold[node]
    lower, upper = rows[low], rows[~low]
    either = narrowed(conditions, question, question.values[lower], question.values[upper])
    for child, part, narrower in zip(
        (tree.children_left[node], tree.children_right[node]), (lower, upper), either, strict=True
    ):
        yield from _leaves(tree, asked, answers, child, part, narrower)


def _box(inside: pd.DataFrame, conditions: Conditions) -> dict[str, Any]:
    """Describe the points of one box."""
    counts = {name: int((inside["verdict"] == name).sum()) for name in COUNTS}
    commonest = [name for name, count in counts.items() if count == max(counts.values())]
    return {
        "box": said(conditions),
        "points": len(inside),
        **counts,
        "verdict": commonest[0] if len(commonest) == 1 else MIXED,
        "difference": float(inside["difference"].mean()),
    }
