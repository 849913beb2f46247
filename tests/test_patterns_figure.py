"""Figures of patterns: everything is in them, and nothing lies over anything else."""

from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from patterns_of_a_user import HOLDS

from cosim.display.figures.patterns import MARKS, drawable
from cosim.display.style import as_bytes
from cosim.patterns import Criterion, reading
from cosim.patterns.pattern import Answer, judge
from cosim.report.patterns import figure_of

LONG = "a label that says a good deal more than there is room for beside what is asked for"
VALUES = {
    "pass": np.linspace(12345.0, 12346.0, 20),
    "fail": np.linspace(-0.9, -0.8, 20),
    "undecided": np.linspace(-0.1, 0.1, 20),
    "share": np.arange(20) > 1,
    "nothing": np.full(20, np.nan),
    "same": np.zeros(20),
}


def answer(name: str, kind: str, *names: str, title: str = "Something that was seen") -> Answer:
    """Return an answer with a criterion for each name of values."""
    readings = {"village": pd.DataFrame(VALUES)}
    criteria = tuple(
        Criterion(f"{each}: {LONG}", lambda it, each=each: it["village"][each], low=0.0, unit="of something")
        for each in names
    )
    pattern = replace(HOLDS, id=name, kind=kind, title=title, criteria=criteria)
    return Answer(pattern, tuple(judge(each, readings) for each in criteria), 20, 1, {})


def texts(figure: Figure) -> list[Text]:
    """Return all that is written in a figure, as it is drawn."""
    FigureCanvasAgg(figure).draw()
    beyond = [
        label
        for axis in figure.axes
        for label in axis.get_xticklabels()
        if not axis.get_xlim()[0] <= label.get_position()[0] <= axis.get_xlim()[1]
    ]
    found = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [text for text in found if text not in beyond]


def clear_of_each_other(figure: Figure) -> bool:
    """Whether no text lies over another, or outside the figure."""
    boxes = [text.get_window_extent() for text in texts(figure)]
    inside = all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
    return inside and not any(one.overlaps(other) for one, other in combinations(boxes, 2))


ALL = [
    *[answer(f"C{number}", "calibration", "pass", title=LONG) for number in range(1, 6)],
    answer("a_long_name_of_a_pattern", "verification", "same"),
    answer("V1", "validation", "pass", "fail", title=f"投票 {LONG} {LONG}"),
    answer("V2", "validation", "undecided", "share", "nothing", "same"),
    answer("V10", "validation", *["fail"] * 13),
]


def test_all_criteria_are_drawn_and_nothing_lies_over_anything_else():
    figure = figure_of(ALL[::-1])
    said = [text.get_text() for text in texts(figure)]
    for verdict, count in (("pass", 9), ("fail", 14), ("undecided", 2)):
        assert said.count(verdict) == count
    assert said.count("nothing to read") == 1
    assert [word for word in said if word in ("C1", "C2", "V1", "V2")] == ["C2", "C1", "V2", "V1"]
    groups = [word.split(":")[0] for word in said if ": " in word and word[0] in "CV" and "evi" in word]
    assert groups == ["Calibration", "Validation"]
    assert any(word.startswith("… a label") for word in said)
    assert clear_of_each_other(figure)


@pytest.mark.parametrize("number", [0, 6, 7, 8])
def test_one_pattern_has_a_figure_of_its_own(number):
    figure = figure_of([ALL[number]])
    criteria = ALL[number].pattern.criteria
    assert len(figure.axes) == len(criteria)
    said = " ".join(text.get_text() for text in texts(figure))
    assert f"({ALL[number].verdict})" in said
    assert "Observed: seen" in said
    assert clear_of_each_other(figure)


def test_verdicts_are_told_apart_without_colour():
    assert len({marker for marker, _, _ in MARKS.values()}) == len(MARKS)


def test_signs_that_the_font_lacks_are_left_out():
    assert drawable("投票率 of 2019, ≥ 48 % − “yes”") == "… of 2019, ≥ 48 % − “yes”"


def test_where_every_run_failed_there_is_a_row_without_numbers():
    none = replace(ALL[0], findings=())
    assert "nothing to read" in [text.get_text() for text in texts(figure_of([none, ALL[1]]))]
    assert as_bytes(figure_of([none])).startswith(b"\x89PNG")


def test_a_function_is_found_behind_a_partial_one():
    code = texts.__code__
    assert reading.line_of_function(partial(partial(texts))) == f"{code.co_filename}, line {code.co_firstlineno}"
    assert reading.line_of_function(len) == "<built-in function len>"
