"""What people see: numbers in words, tables that fit a terminal, figures, JSON and progress."""

import dataclasses
import io
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from rich.console import Console

import cosim
from cosim.compare import compare_study, summarise
from cosim.display import words
from cosim.display.figures import courses
from cosim.display.figures.courses import comparison_figure, summary_figure
from cosim.display.style import as_bytes
from cosim.outcomes.measures import GROUPS, MEASURES
from cosim.report import progress
from cosim.report.files import as_json, files_of
from cosim.report.parameters import parameters, print_parameters
from cosim.report.terminal import print_comparison, print_summary
from cosim.scenario import load_scenario
from cosim.study import run_study

SHORT = {"study.months": 14, "study.warmup_months": 2}
REFORM = {"supply.mode": "multi_centre", "residents_order.order_desk": True, "deliberate.meetings": 6}


@pytest.fixture(scope="module")
def comparison():
    arms = [load_scenario("village", SHORT), load_scenario("village", SHORT | REFORM)]
    return cosim.compare(arms, replicates=3, jobs=1)


@pytest.fixture(scope="module")
def summary():
    return summarise(run_study([load_scenario("village", SHORT)], replicates=3, jobs=1))


@pytest.fixture(scope="module")
def alone():
    """One replicate in two equal arms."""
    village = load_scenario("village", SHORT)
    return cosim.compare([village, village], replicates=1, jobs=1)


def printed(show, result, width: int = 80) -> str:
    stream = io.StringIO()
    show(result, Console(file=stream, width=width, highlight=False))
    return stream.getvalue()


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.strip().startswith(start))


# Words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.41249, "0.412"),
        (-0.41249, "−0.412"),
        (1.0, "1.000"),
        (3.14159, "3.14"),
        (47.91, "47.9"),
        (1234567.8, "1,234,568"),
        (0.0, "0"),
        (-0.0001, "0.000"),
        (math.nan, "–"),
    ],
)
def test_numbers_have_three_digits_that_say_something(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "beside", "text"),
    [
        (0.0312, None, "+0.031"),
        (-0.0312, 0.6, "−0.031"),
        (12.34, 452.0, "+12"),
        (0.2, 452.0, "0"),
        (-0.0001, 0.5, "0.000"),
        (0.0, 0.5, "0.000"),
        (math.nan, 0.5, "–"),
    ],
)
def test_differences_show_their_sign_unless_they_round_to_nothing(value, beside, text):
    assert words.signed(value, beside) == text


def test_intervals_show_both_signs():
    assert words.interval(-0.001, 0.1083, 0.3) == "−0.001 to +0.108"
    assert words.interval(math.nan, math.nan) == "–"


def test_sparklines_rise_and_fall_and_leave_gaps():
    assert words.sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert words.sparkline([1, math.nan, 0]) == "█ ▁"
    assert words.sparkline([math.nan]) == ""


@given(st.lists(st.floats(0.5, 0.502), min_size=2, max_size=12))
def test_a_wobble_is_drawn_as_a_wobble(values):
    assert set(words.sparkline(values)) <= set("▃▄▅▆")


def test_headlines_come_in_order_and_know_their_level():
    assert words.headline()[:2] == ["participation", "voice"]
    assert words.headline()[-2:] == ["cost_total", "cost_government"]
    assert "fee_collection" not in words.headline("resident")
    assert words.measure_name("cost_total") == f"{MEASURES['cost_total'].en}, yuan"


# Tables


@pytest.mark.parametrize("width", [80, 100, 140])
def test_tables_fit_the_terminal(comparison, summary, width):
    for show, result in ((print_comparison, comparison), (print_summary, summary)):
        lines = printed(show, result, width).splitlines()
        assert max(map(len, lines)) <= width
        assert not any("…" in line for line in lines)


def test_a_comparison_shows_difference_interval_and_whether_it_is_clear(comparison):
    text = printed(print_comparison, comparison)
    assert text.startswith("What changes with village (2) against village\n3 replicates, seed 1; same people")
    found = comparison.outcomes.set_index("outcome").loc["satisfaction"]
    line = line_of(text, "Satisfaction")
    assert words.number(found["mean_a"]) in line
    assert words.signed(found["difference"], found["mean_b"]) in line
    assert words.interval(found["low"], found["high"], found["mean_b"]) in line
    clear = found["p_holm"] < 0.05
    assert line.split()[-1] == ("yes" if clear else "no")
    trapped = comparison.fee_trap["trapped"].tolist()
    assert f"  village: {trapped[0]} of 3\n  village (2): {trapped[1]} of 3\n" in text
    note = " ".join(text.split())
    assert "clear: the difference stands at 5 % over all headline outcomes and scenarios together (Holm)." in note
    headline = comparison.outcomes[comparison.outcomes["outcome"].isin(words.headline())]
    removed = headline.loc[headline["p"] < 1, "variance_removed"].median()
    did = "removed" if removed >= 0 else "added"
    assert f"Pairing {did} {words.percent(abs(removed))} of the differences' variance (median)." in note


def with_satisfaction(comparison, **changes):
    """The comparison with other numbers for satisfaction, overall and in every group."""
    tables = {}
    for name in ("outcomes", "by_group"):
        table = getattr(comparison, name).copy()
        for column, value in changes.items():
            table.loc[table["outcome"] == "satisfaction", column] = value
        tables[name] = table
    return dataclasses.replace(comparison, **tables)


@pytest.mark.parametrize(
    ("p_holm", "verdict", "cell"), [(0.049, "yes", " +0.200"), (0.05, "no", "(+0.200)"), (1.0, "no", "(+0.200)")]
)
def test_a_difference_that_does_not_stand_with_all_others_is_marked(comparison, p_holm, verdict, cell):
    changed = with_satisfaction(
        comparison, mean_a=0.3, mean_b=0.5, difference=0.2, low=0.1, high=0.3, p=0.01, p_holm=p_holm
    )
    whole, by_group, *_ = (
        line for line in printed(print_comparison, changed).splitlines() if line.strip().startswith("Satisfaction")
    )
    assert whole.split()[-1] == verdict
    assert by_group.count(cell) == len(GROUPS)


def test_a_category_without_enough_pairs_is_not_called_clear(comparison):
    few = comparison.by_category.copy()
    wait = (few["outcome"] == "wait") & (few["category"] == "water")
    few.loc[wait, ["mean_a", "mean_b", "p_holm", "n"]] = [6.0, 9.0, math.nan, 1]
    condition = (few["outcome"] == "condition") & (few["category"] == "water")
    few.loc[condition, ["mean_a", "mean_b", "p_holm", "n"]] = [0.4, 0.5, 0.01, 3]
    few.loc[(few["outcome"] == "wait") & (few["category"] == "health"), "n"] = 0
    changed = dataclasses.replace(comparison, by_category=few)
    text = printed(print_comparison, changed)
    assert line_of(text, "Water").startswith(" Water")
    assert "0.400 → 0.500  6.00 ≈ 9.00" in line_of(text, "Water")
    assert "  –  " in line_of(text, "Health")


@pytest.mark.parametrize(
    ("removed", "text"), [(0.345, "Pairing removed 34 %"), (-0.2, "Pairing added 20 %"), (math.nan, "(Holm).")]
)
def test_what_pairing_did_is_said_where_it_is_known(comparison, removed, text):
    changed = dataclasses.replace(comparison, outcomes=comparison.outcomes.assign(variance_removed=removed, p=0.2))
    printed_text = printed(print_comparison, changed)
    assert text in printed_text
    assert ("Pairing" in printed_text) == (not math.isnan(removed))


def test_equal_arms_show_nothing_but_zero():
    village = load_scenario("village", SHORT)
    text = printed(print_comparison, cosim.compare([village, village], replicates=2, jobs=1))
    assert "No pair differs in any of these outcomes." in text
    assert "Pairing" not in text
    assert line_of(text, "Participation").split()[-1] == "no"
    assert line_of(text, "Satisfaction").split()[-5:-1] == ["0.000", "0.000", "to", "0.000"]
    assert "+" not in text


def test_a_wide_terminal_shows_trends(comparison):
    assert "trends, by year" in printed(print_comparison, comparison, 120)
    assert "trends, by year" not in printed(print_comparison, comparison, 80)


def test_one_replicate_says_that_it_has_no_interval(alone):
    text = printed(print_comparison, alone)
    assert "One replicate: a difference without an interval. Ask for more with --replicates." in text
    assert "95 % interval" not in text
    assert "0.000" in line_of(text, "Satisfaction")
    assert "1 replicate, seed 1" in text


def test_three_scenarios_give_two_comparisons(alone):
    village = load_scenario("village", SHORT)
    three = compare_study(run_study([village] * 3, replicates=2, jobs=1))
    text = printed(print_comparison, three)
    assert text.startswith("What changes with village (2) and village (3) against village\n")
    assert text.count("for whom") == 2
    assert "village (3)" in three.outcomes["scenario"].unique()


def test_a_run_shows_outcomes_groups_and_categories(summary):
    text = printed(print_summary, summary)
    assert text.startswith(f"{summary.study.scenarios[0].title}\n")
    found = summary.outcomes.set_index("outcome").loc["belonging"]
    line = line_of(text, "Belonging")
    for name in ("before", "mean", "lowest", "highest"):
        assert words.number(found[name]) in line
    assert "Party members" in text
    assert "Elderly care" in text
    assert f"  village: {summary.fee_trap['trapped'][0]} of 3\n" in text


def test_one_run_has_no_range(alone):
    village = load_scenario("village", {"study.months": 3, "study.warmup_months": 1})
    text = printed(print_summary, summarise(run_study([village], jobs=1)))
    assert "lowest to highest" not in text
    assert "mean of all months" in text


# Files


def test_json_holds_the_same_tables(comparison, alone):
    document = json.loads(as_json(comparison))
    assert document["scenarios"] == ["village", "village (2)"]
    assert document["complete"] == [1, 2, 3]
    for name in ("outcomes", "by_group", "by_category", "fee_trap", "arms"):
        expected = getattr(comparison, name)
        found = pd.DataFrame(document[name])[list(expected)].astype(expected.dtypes)
        pd.testing.assert_frame_equal(found, expected)
    assert json.loads(as_json(alone))["outcomes"][0]["low"] is None


def test_files_are_the_tables_and_the_figure(comparison, summary):
    for result in (comparison, summary):
        files = files_of(result)
        tables = ["by_category", "by_group", "fee_trap", "outcomes"]
        tables += ["arms", "by_people", "places", "twins", "who_gains"] if result is comparison else []
        assert sorted(files) == sorted(["figure.png", *(f"{name}.csv" for name in tables)])
        assert files["figure.png"].startswith(b"\x89PNG")
        read = pd.read_csv(io.BytesIO(files["outcomes.csv"]))
        pd.testing.assert_frame_equal(read, result.outcomes, check_dtype=False)


# Figures


def test_a_comparison_is_six_panels_with_both_arms(comparison):
    drawn = comparison_figure(comparison.study)
    assert drawn.get_suptitle() == "What changes when village (2) replaces village?"
    titles = [axis.get_title(loc="left") for axis in drawn.axes]
    assert titles == [MEASURES[outcome].en for outcome in courses.PANELS]
    colours = [[line.get_color() for line in axis.lines[:2]] for axis in drawn.axes]
    assert colours == [list(courses.COLOURS[:2])] * 6
    months = comparison.months
    mean = months[months["scenario"] == "village"].groupby("month")["trust_neighbours"].mean()
    np.testing.assert_allclose(drawn.axes[1].lines[0].get_ydata(), mean)
    assert "mean of 3 replicates" in drawn.get_supxlabel()


def test_money_is_what_a_resident_cost_over_the_year_before(comparison):
    months = comparison.months
    run = months[(months["scenario"] == "village") & (months["replicate"] == 1)]
    course = courses._course(months[months["scenario"] == "village"], "cost_total")[1]
    assert course.iloc[:11].isna().all()
    last = run.tail(12)
    assert course.iloc[-1] == pytest.approx(last["cost_total"].sum() / last["residents"].mean())


def test_a_run_is_drawn_by_group_where_groups_are_known(summary):
    drawn = summary_figure(summary.study)
    assert drawn.get_suptitle() == "How does village develop, and for whom?"
    assert [len(axis.lines) for axis in drawn.axes] == [3, 3, 3, 2, 1, 1]
    names = {text.get_text() for text in drawn.axes[0].texts}
    assert set(words.GROUPS.values()) <= names
    assert "bands, in the lower row" in drawn.get_supxlabel()


def test_one_replicate_without_warm_up_can_be_drawn(alone):
    village = load_scenario("village", {"study.months": 60, "study.warmup_months": 0})
    drawn = summary_figure(run_study([village], jobs=1))
    assert "One replicate." in drawn.get_supxlabel()
    assert drawn.axes[3].get_xlabel() == "years since month 0"
    as_bytes(drawn)
    ticks = drawn.axes[3].get_xticklabels()
    assert [tick.get_text() for tick in ticks if 0 <= tick.get_position()[0] <= 60] == list("012345")
    assert not any("warm-up" in text.get_text() for text in drawn.axes[0].texts)


def relabelled(study, labels):
    """The study with other names for its scenarios."""
    names = dict(zip(study.labels, labels, strict=True))
    tables = {
        name: getattr(study, name).assign(scenario=getattr(study, name)["scenario"].map(names))
        for name in ("runs", "months", "groups", "categories", "people")
    }
    return dataclasses.replace(study, labels=labels, **tables)


def test_nothing_is_drawn_outside_the_page(comparison, summary):
    long = ("village", "a_reform_with_a_name_of_many_words_and_averyveryverylongone")
    named = compare_study(relabelled(comparison.study, long))
    for drawn in (comparison_figure(comparison.study), comparison_figure(named.study), summary_figure(summary.study)):
        as_bytes(drawn)
        page = drawn.bbox
        for axis in drawn.axes:
            for text in axis.texts:
                box = text.get_window_extent()
                assert box.x0 >= page.x0 - 1
                assert box.x1 <= page.x1 + 1
        assert min(axis.bbox.width for axis in drawn.axes) > 0.15 * page.width
        for label in (drawn._suptitle, drawn._supxlabel):
            assert label.get_window_extent().x1 <= page.x1


def test_the_same_comparison_is_the_same_picture(comparison):
    assert as_bytes(comparison_figure(comparison.study)) == as_bytes(comparison_figure(comparison.study))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_labels_are_pushed_apart_and_stay_in_order(places):
    moved = courses._pushed_apart(places, [0.075] * len(places))
    assert np.mean(moved) == pytest.approx(np.mean(places))
    for i, place in enumerate(places):
        for j, other in enumerate(places):
            if place < other:
                assert moved[j] - moved[i] >= 0.075 - 1e-9


def test_labels_with_room_stay_where_they_are():
    np.testing.assert_allclose(courses._pushed_apart([0.8, 0.2, 0.21], [0.1] * 3), [0.8, 0.155, 0.255])
    np.testing.assert_allclose(courses._pushed_apart([0.2, 0.2], [0.1, 0.3]), [0.1, 0.3])


@pytest.mark.parametrize(
    ("months", "unit", "step"), [(3, "months", 1), (14, "months", 3), (40, "months", 6), (1200, "years", 240)]
)
def test_ticks_stand_where_people_count(months, unit, step):
    table = pd.DataFrame({"month": range(months), "replicate": 1, "condition": 0.5})
    curve = courses.Curve("", courses.INK, table.pivot(index="month", columns="replicate", values="condition"))
    axis = Figure().subplots()
    courses._panel(axis, "condition", [curve], bands=True)
    assert np.diff(axis.get_xticks()).tolist()[:2] == [step, step]
    assert courses._in_years(axis) == (unit == "years")


# The schema as a table


def test_every_key_is_listed_with_what_is_known_about_it():
    listed = {f"{it.section}.{it.name}": it for it in parameters()}
    assert listed["study.months"].bounds.startswith("1 to ")
    assert listed["study.months"].default == "120"
    assert listed["supply.mode"].default == '"single_centre"'
    assert listed["supply.mode"].bounds == "single_centre | multi_centre"
    assert listed["supply.*.mode"].bounds.startswith("direct | contract")
    assert listed["categories.*.cost"].mark == "assumed"
    assert listed["residents_order.order_desk"].default == "false"
    assert listed["partners.enterprise.money"].default == str(load_scenario("ly").partners.enterprise.money)
    assert all(it.unit and it.mark and it.source for it in listed.values())
    levers = [key for key, it in listed.items() if it.price]
    assert "supply.mode" in levers
    assert "population.migrant_share" not in levers


def test_the_table_of_keys_fits_the_terminal():
    stream = io.StringIO()
    print_parameters(Console(file=stream, width=80, highlight=False))
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert "[supply]" in text
    assert "lever, costs" in text


# Progress


class Clock:
    """A clock that the test turns."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    it = Clock()
    monkeypatch.setattr(progress, "time", it)
    return it


def test_without_a_terminal_there_is_a_line_now_and_then(clock):
    stream = io.StringIO()
    with progress.ProgressOn(stream) as tell:
        for done in range(101):
            clock.now = done / 2
            tell(done, 100)
    lines = stream.getvalue().splitlines()
    assert lines[0] == " 10 % of 100 runs, 2 runs/s, about 45 s left"
    assert lines[-1] == " 90 % of 100 runs, 2 runs/s, about 5 s left"
    assert len(lines) == 9


def test_one_run_is_no_plural(clock):
    stream = io.StringIO()
    with progress.ProgressOn(stream) as tell:
        tell(0.1, 1)
        clock.now = 5.0
        tell(0.5, 1)
    assert stream.getvalue() == " 50 % of 1 run, 0.08 runs/s, about 6 s left\n"


def test_a_quick_study_says_nothing(clock):
    stream = io.StringIO()
    with progress.ProgressOn(stream) as tell:
        for done in range(101):
            clock.now = done / 100
            tell(done, 100)
    assert stream.getvalue() == ""


def test_the_time_left_follows_the_recent_pace(clock):
    stream = io.StringIO()
    with progress.ProgressOn(stream) as tell:
        clock.now = 30.0
        tell(1, 100)
        for done in range(2, 51):
            clock.now += 1.0
            tell(done, 100)
    assert stream.getvalue().splitlines()[-1] == " 50 % of 100 runs, 1 runs/s, about 50 s left"


def test_failures_are_told_and_what_was_done_before_is_no_pace(clock):
    stream = io.StringIO()
    with progress.ProgressOn(stream) as tell:
        for done in range(50, 71):
            clock.now += 1.0
            tell(done, 100, failed=3)
    assert stream.getvalue().splitlines()[-1] == " 70 % of 100 runs, 1 runs/s, 3 failed, about 30 s left"


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (89, "89 s"), (600, "10 min"), (7200, "2.0 h")])
def test_times_are_coarse(seconds, text):
    assert progress.in_words(seconds) == text


def test_a_terminal_shows_a_bar():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    with progress.ProgressOn(stream) as tell:
        tell(0.5, 4)
        tell(3.0, 4)
    assert "run 4 of 4" in stream.getvalue()
