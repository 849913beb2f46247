"""Figures of differences, individuals, orders, trust, costs, supply and ties: what is drawn is what the tables say."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import cosim
from cosim.community import Community
from cosim.compare import summarise
from cosim.compare.people import TELLING
from cosim.display.figures.costs import PARTS, TOTAL, cost_parts, costs_figure
from cosim.display.figures.forest import forest_figure
from cosim.display.figures.funnel import ROWS, funnel_figure, stages_of_orders
from cosim.display.figures.individuals import KINDS, WHO, individuals_figure
from cosim.display.figures.individuals import OUTCOMES as PERSONAL
from cosim.display.figures.network import network_figure, plan_of
from cosim.display.figures.supply import supply_figure
from cosim.display.figures.trust import EVERYBODY, trust_after, trust_before, trust_figure
from cosim.display.style import as_bytes, chinese_font
from cosim.display.words import headline, number, plain, signed
from cosim.language import ENGLISH, language
from cosim.outcomes.levels import run_levels
from cosim.outcomes.measures import GROUPS
from cosim.scenario import load_scenario
from cosim.study import run_study

SHORT = {"study.months": 14, "study.warmup_months": 2}
REFORM = {"supply.mode": "multi_centre", "residents_order.order_desk": True, "deliberate.meetings": 6}
LANGUAGES = ("en", "zh")


def arms(*settings):
    return [load_scenario("village", SHORT | extra) for extra in settings]


@pytest.fixture(scope="module")
def two():
    return cosim.compare(arms({}, REFORM), replicates=3, jobs=1)


@pytest.fixture(scope="module")
def four():
    visits = {"party_leads.visits": 2.0}
    return cosim.compare(arms({}, REFORM, visits, REFORM | visits), replicates=2, jobs=1)


@pytest.fixture(scope="module")
def equal():
    """One replicate in two equal arms."""
    return cosim.compare(arms({}, {}), replicates=1, jobs=1)


@pytest.fixture(scope="module")
def one():
    """One scenario."""
    return summarise(run_study(arms({}), replicates=2, jobs=1))


@pytest.fixture(scope="module")
def graph():
    return Community("village", rng=1, **SHORT).run().to_networkx()


def figures(result, say=ENGLISH):
    """Yield every figure of a result, by name."""
    study = result.study
    yield "funnel", funnel_figure(study, say=say)
    yield "trust", trust_figure(study, say=say)
    yield "costs", costs_figure(study, say=say)
    yield "supply", supply_figure(study, result.by_category, say=say)
    if len(study.labels) > 1:
        yield "forest", forest_figure(study, result.outcomes, say=say)
        tables = (result.by_people, result.twins, result.who_gains)
        yield "individuals", individuals_figure(study, *tables, say=say)


def written(figure):
    """Draw a figure and return its texts with the boxes that they fill, and the whole's."""
    found = []
    draw = Text.draw

    def noting(text, renderer, *more, **named):
        if text.get_visible() and text.get_text().strip():
            found.append((text.get_text(), text.get_window_extent(renderer)))
        return draw(text, renderer, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", noting)
        FigureCanvasAgg(figure).draw()
    return found, figure.bbox


def texts(figure):
    return [text for text, _ in written(figure)[0]]


def check_texts(figure):
    """Assert that each text is within the figure, and none on another one."""
    found, whole = written(figure)
    assert [text for text, box in found if min(box.x0, box.y0) < -1] == []
    assert [text for text, box in found if box.x1 > whole.x1 + 1 or box.y1 > whole.y1 + 1] == []
    clash = [
        (first, other)
        for (first, a), (other, b) in combinations(found, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2
    ]
    assert clash == []


def line(figure, label):
    """Return the only line of a figure with a label."""
    found = [it for axis in figure.findobj(Axes) for it in axis.lines if it.get_label() == label]
    assert len(found) == 1, label
    return found[0]


def bars(figure, label):
    """Return the widths of the bars with a label."""
    groups = [group for axis in figure.findobj(Axes) for group in axis.containers if group.get_label() == label]
    return [bar.get_width() for group in groups for bar in group]


# All of them


@pytest.mark.parametrize(
    ("which", "code"), [("four", "en"), ("equal", "en"), ("one", "en"), ("two", "zh"), ("one", "zh")]
)
def test_texts_are_readable_in_both_languages(which, code, request):
    """Missing glyphs warn, and warnings are errors."""
    for _, figure in figures(request.getfixturevalue(which), language(code)):
        check_texts(figure)


@pytest.mark.skipif(chinese_font() is None, reason="no font with Chinese is installed")
def test_a_chinese_figure_has_no_english_sentence(two):
    for name, figure in figures(two, language("zh")):
        latin = [text for text in texts(figure) if text.isascii() and any(letter.isalpha() for letter in text)]
        assert latin == [], name


def test_every_caption_says_where_it_is_from(one):
    for name, figure in figures(one):
        assert any("cosim, seed 1." in text.replace("\n", " ") for text in texts(figure)), name


def test_the_same_figure_is_the_same_file(two):
    kinds = ("png", "svg")
    assert [as_bytes(costs_figure(two.study), kind) for kind in kinds] == [
        as_bytes(costs_figure(two.study), kind) for kind in kinds
    ]


# Differences


def test_a_forest_shows_the_table(two):
    figure = forest_figure(two.study, two.outcomes)
    shown = two.outcomes.set_index("outcome").loc[headline()]
    drawn = texts(figure)
    for outcome, row in shown.iterrows():
        mark = line(figure, f"{row['scenario']} {outcome}")
        np.testing.assert_array_equal(mark.get_xdata(), [row["difference"]])
        assert (mark.get_markerfacecolor() == "white") is not (row["p_holm"] < 0.05)
        assert any(text.startswith(signed(row["difference"])) for text in drawn)


def test_a_forest_fills_what_is_clear(two):
    table = two.outcomes.assign(p_holm=np.where(two.outcomes["outcome"] == "satisfaction", 0.01, 0.2))
    figure = forest_figure(two.study, table)
    label = two.study.labels[1]
    assert line(figure, f"{label} satisfaction").get_markerfacecolor() != "white"
    assert line(figure, f"{label} belonging").get_markerfacecolor() == "white"


def test_a_forest_survives_what_is_unknown(two):
    figure = forest_figure(two.study, two.outcomes.assign(difference=np.nan, low=np.nan, high=np.nan))
    assert texts(figure).count("–") == len(headline())


def test_one_replicate_tells_no_interval(equal):
    drawn = " ".join(texts(forest_figure(equal.study, equal.outcomes)))
    assert "one replicate" in drawn
    assert "95 %" not in drawn
    assert "[" not in drawn


# Individuals


def test_individuals_show_the_tables(two):
    figure = individuals_figure(two.study, two.by_people, two.twins, two.who_gains)
    gains = two.who_gains[two.who_gains["trait"] == "group"].set_index(["stratum", "outcome"])
    people = two.by_people.set_index(["who", "outcome"])
    for kind in KINDS:
        mine = gains.loc[kind].loc[list(PERSONAL)]
        np.testing.assert_array_equal(bars(figure, f"{kind} gain"), mine["gain"])
        np.testing.assert_array_equal(bars(figure, f"{kind} lose"), -mine["lose"])
        for outcome in PERSONAL:
            drawn = line(figure, f"{kind} {outcome}").get_xdata()
            np.testing.assert_array_equal(drawn, [mine.loc[outcome, "difference"]])
    for who in WHO:
        np.testing.assert_array_equal(
            line(figure, f"{who} satisfaction").get_xdata(), [people.loc[(who, "satisfaction"), "difference"]]
        )


def test_individuals_say_what_counts_as_a_gain_and_who_is_missing(two):
    drawn = " ".join(texts(individuals_figure(two.study, two.by_people, two.twins, two.who_gains))).replace("\n", " ")
    assert f"more than {TELLING}" in drawn
    assert f"({two.twins['covered'].iloc[0] * 100:.0f} % of those" in drawn


# Orders


@pytest.fixture
def few_orders(two):
    """Eight orders of two scenarios and two replicates; the study's last month is 13."""
    a, b = two.study.labels
    nan = np.nan
    rows = [
        (a, 1, -1, 0, 1, 2, 3, "signed off"), (a, 1, 0, 0, 2, 4, 5, "signed off"), (a, 1, 1, 2, nan, nan, 3, "lost"),
        (a, 2, 3, nan, nan, nan, 9, "rejected"), (a, 2, 10, 11, nan, nan, nan, "open"),
        (b, 1, 0, 1, 3, 5, 7, "signed off"), (b, 2, 4, 5, 6, nan, nan, "open"), (b, 3, 0, 0, 0, 1, 1, "signed off"),
    ]  # fmt: skip
    names = ["scenario", "replicate", "placed", "taken", "begun", "delivered", "ended", "result"]
    runs = two.study.runs.copy()
    runs.loc[(runs["replicate"] == 3) & (runs["scenario"] == a), "status"] = "failed"
    return replace(two.study, orders=pd.DataFrame(rows, columns=names), runs=runs)


def test_a_funnel_counts_orders_from_month_0_in_complete_replicates(few_orders):
    a, b = few_orders.labels
    found = stages_of_orders(few_orders)
    assert found.loc[a, "orders"].to_dict() == {
        "placed": 2.0, "taken": 1.5, "begun": 0.5, "delivered": 0.5, "signed off": 0.5, "rejected": 0.5, "lost": 0.5,
        "open": 0.5,
    }  # fmt: skip
    assert found.loc[b, "orders"].to_list() == [1.0, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0, 0.5]
    assert found.loc[(a, "taken"), "median"] == 1.0
    assert found.loc[(b, "begun"), ["low", "median", "high"]].to_list() == [2.25, 2.5, 2.75]
    assert found.loc[(b, "signed off"), "median"] == 7.0
    assert found.loc[(a, "open"), "median"] == 13 - 10
    assert np.isnan(found.loc[(b, "lost"), "median"])


def test_a_funnel_draws_its_counts(few_orders):
    figure = funnel_figure(few_orders)
    found = stages_of_orders(few_orders)
    for label in few_orders.labels:
        np.testing.assert_array_equal(bars(figure, label), found.loc[label].loc[list(ROWS), "orders"])
    assert {"2", "1.5 · 75 %", "0.5 · 25 %", "1 · 100 %", "0.5 · 50 %", "0"} <= set(texts(figure))


def test_a_funnel_of_no_orders_is_drawn(few_orders):
    check_texts(funnel_figure(replace(few_orders, orders=few_orders.orders[:0])))


# Trust


def test_trust_before_and_after_are_means_of_residents(two):
    study = two.study
    months = study.months.set_index(["scenario", "replicate", "month"])["trust_firm"]
    groups = study.groups.set_index(["scenario", "group", "replicate", "month"])["trust_firm"].sort_index()
    first, other = study.labels
    assert trust_before(study).loc[(EVERYBODY, 2), "trust_firm"] == months.loc[first, 2, -1] == months.loc[other, 2, -1]
    wanted = months.sort_index().loc[other, 2].loc[2:].mean()
    assert trust_after(study).loc[(other, EVERYBODY, 2), "trust_firm"] == pytest.approx(wanted)
    wanted = groups.loc[other, "migrant", 3].loc[2:].mean()
    assert trust_after(study).loc[(other, "migrant", 3), "trust_firm"] == pytest.approx(wanted)


def test_trust_draws_these_levels(two):
    study = two.study
    axes = trust_figure(study).findobj(Axes)
    for label in study.labels:
        drawn = [mark.get_xdata()[0] for axis in axes for mark in axis.lines if mark.get_label() == label]
        wanted = trust_after(study).loc[label].groupby("group").mean().loc[[EVERYBODY, *GROUPS]]
        assert drawn == pytest.approx(wanted.to_numpy().T.ravel())


def test_trust_without_a_warm_up_starts_at_the_first_month(two):
    study = replace(two.study, months=two.study.months.query("month >= 0"), groups=two.study.groups.query("month >= 0"))
    first = study.months.query("month == 0").set_index(["scenario", "replicate"]).loc[study.labels[0]]
    pd.testing.assert_series_equal(
        trust_before(study).loc[EVERYBODY, "trust_party"], first["trust_party"], check_names=False
    )
    check_texts(trust_figure(study))


# Costs


def test_parts_of_the_cost_sum_to_the_total_and_count_nothing_twice(two):
    parts = cost_parts(two.study)
    levels = run_levels(two.study.months, two.study.months).set_index(["scenario", "replicate"]).loc[parts.index]
    np.testing.assert_allclose(parts[list(PARTS)].sum(axis=1), levels["cost_total"])
    np.testing.assert_allclose(parts["work"] + parts["staff"], levels["cost_government"])
    value = two.study.scenarios[0].partners_deliver.volunteer_value
    np.testing.assert_allclose(parts["hours"], levels["volunteer_hours"] * value, atol=1e-9)
    assert (parts["staff"] > 0.0).all()


def test_costs_draw_the_parts(two):
    figure = costs_figure(two.study)
    parts = cost_parts(two.study)
    a, b = two.study.labels
    for label in (a, b):
        for part in PARTS:
            assert bars(figure, f"{label} {part}") == [pytest.approx(parts.loc[label, part].mean())]
    differences = parts.loc[b] - parts.loc[a]
    for part in (*PARTS, TOTAL):
        assert line(figure, f"{b} {part}").get_xdata() == pytest.approx([differences[part].mean()])


def test_what_residents_are_paid_lies_left_of_zero(one):
    study = replace(one.study, months=one.study.months.assign(cost_residents=-100.0))
    figure = costs_figure(study)
    assert bars(figure, f"{study.labels[0]} residents")[0] < 0.0
    check_texts(figure)


# Supply


def test_supply_names_modes_and_conditions(two):
    drawn = texts(supply_figure(two.study, two.by_category))
    table = two.by_category[two.by_category["outcome"] == "condition"]
    for row in table.to_dict("records"):
        assert number(row["mean_a"]) in drawn
        assert number(row["mean_b"]) in drawn
        assert plain(row["mode_b"]) in drawn
    assert drawn.count("direct") == len(table) + (table["mode_b"] == "direct").sum()


def test_supply_draws_the_differences(two):
    figure = supply_figure(two.study, two.by_category)
    label = two.study.labels[1]
    drawn = [it.get_xdata() for axis in figure.findobj(Axes) for it in axis.lines if it.get_label() == label]
    wanted = two.by_category.set_index("outcome")["difference"]
    np.testing.assert_array_equal(drawn, [wanted["condition"], wanted["wait"]])


def test_supply_says_to_which_mode_a_category_changes(two):
    later = {"month": 6, "set": {"supply": {"water": {"mode": "contract"}}}}
    changed = load_scenario("village", SHORT | {"changes": [later]})
    study = replace(two.study, scenarios=(changed, two.study.scenarios[1]))
    drawn = texts(supply_figure(study, two.by_category))
    assert "direct\n→ contract" in drawn
    assert any("An arrow leads to" in text for text in drawn)


def test_supply_of_one_scenario_shows_its_wait(one):
    figure = supply_figure(one.study, one.by_category)
    wait = one.by_category.query("outcome == 'wait'")["mean"]
    np.testing.assert_array_equal(line(figure, one.study.labels[0]).get_xdata(), wait)


# Ties


def test_everybody_has_a_place_within_the_own_building(graph):
    plan = plan_of([graph])
    assert sorted(plan.places) == sorted(graph)
    assert len(set(plan.places.values())) == graph.number_of_nodes()
    for node, building in graph.nodes(data="building"):
        (x, y), (left, low) = plan.places[node], plan.corners[building]
        assert left < x < left + 1
        assert low < y < low + 1


def test_who_lives_in_one_world_alone_leaves_the_places_of_the_others(graph):
    smaller = graph.copy()
    smaller.remove_node(next(iter(graph)))
    assert plan_of([graph, smaller]) == plan_of([graph])


def test_a_plan_draws_everybody_and_every_tie(graph):
    axis = network_figure({"village": graph}, seed=1).findobj(Axes)[0]
    within, between, *dots = axis.collections
    homes = dict(graph.nodes(data="building"))
    out = sum(homes[a] != homes[b] for a, b in graph.edges)
    assert len(between.get_segments()) == out
    assert len(within.get_segments()) == graph.number_of_edges() - out
    counts = {group.get_label(): len(group.get_offsets()) for group in dots}
    members = sum(of["member"] for _, of in graph.nodes(data=True))
    assert counts["member"] == members
    assert sum(counts.values()) == graph.number_of_nodes()


def test_a_plan_colours_by_a_number(graph):
    axis = network_figure({"village": graph}, "trust_neighbours", seed=1).findobj(Axes)[0]
    values = [value for _, value in graph.nodes(data="trust_neighbours")]
    np.testing.assert_allclose(axis.collections[-1].get_array(), values)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("attribute", ["group", "satisfaction"])
def test_plans_are_readable(graph, attribute, code):
    figure = network_figure({"no_reform": graph, "village": graph}, attribute, seed=1, say=language(code))
    check_texts(figure)
    assert as_bytes(figure)


def test_a_plan_of_an_unknown_attribute_is_refused(graph):
    with pytest.raises(ValueError, match=r"residents of village have no 'income'; they have age, .* or 'group'"):
        network_figure({"village": graph}, "income", seed=1)
