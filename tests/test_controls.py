"""Controls: what is money, what is renovation, and which stage makes a difference."""

import dataclasses
import io
import json
import math
from itertools import chain, combinations, permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

import cosim
from cosim import cli
from cosim.community import Community
from cosim.compare import comparison as comparing
from cosim.compare import controls
from cosim.compare.controls import (
    CLOSE,
    MOST,
    OUTCOMES,
    RESOURCES,
    STAGES,
    TRIES,
    Cells,
    combined,
    corners,
    decompose,
    differing_stages,
    equal_means,
    ladder,
    mix,
    most_means,
    next_factor,
    resources,
    shapley_weights,
    square,
    with_means,
)
from cosim.compare.experiments import levers_of
from cosim.report import controls as printing
from cosim.report import files
from cosim.report.files import as_json, files_of
from cosim.report.terminal import print_comparison
from cosim.scenario import Scenario, ScenarioError, load_scenario
from cosim.study import WorkersDied

SMALL = {
    "population.residents": 200,
    "population.households": 75,
    "population.buildings": 4,
    "study.warmup_months": 2,
    "study.months": 12,
    **{f"{body}.staff_hours": 1000.0 for body in ("government", "committee")},
    **{f"partners.{kind}.staff_hours": 1000.0 for kind in ("social_organisation", "enterprise", "public_unit")},
}
WORDS = {"name", "title", "title_zh", "description"}


@pytest.fixture(scope="module")
def arms():
    return [load_scenario(name, SMALL) for name in ("single_centre", "multi_centre")]


def content(scenario):
    """What a scenario holds, but for its words."""
    return scenario.model_dump(exclude=WORDS)


def changed(scenario, *changes):
    """The scenario with later changes: (month, tables) each."""
    return load_scenario(scenario, {"changes": [{"month": month, "set": tables} for month, tables in changes]})


def lever(scenario, key):
    for name in key.split("."):
        scenario = getattr(scenario, name)
    return scenario


# Stages


def test_every_lever_belongs_to_exactly_one_stage():
    sections = list(chain.from_iterable(STAGES.values()))
    assert len(sections) == len(set(sections))
    with_levers = {key.split(".")[0] for key, _ in levers_of(Scenario)} | {"supply", "mechanisms"}
    assert set(sections) == with_levers


def test_all_stages_make_the_other_scenario_and_none_the_first(arms):
    first, other = arms
    assert content(mix(first, other, list(STAGES))) == content(other)
    assert content(mix(first, other, [])) == content(first)
    assert content(first) != content(other)


def test_a_stage_brings_its_levers_and_no_others(arms):
    first, other = arms
    mixed = mix(first, other, ["partners_deliver"])
    for key, _ in levers_of(Scenario):
        source = other if key.split(".")[0] in STAGES["partners_deliver"] else first
        assert lever(mixed, key) == lever(source, key), key
    assert mixed.supply == other.supply
    assert differing_stages(first, other) == [
        "party_leads", "residents_order", "party_takes", "partners_deliver", "residents_sign_off",
    ]  # fmt: skip
    assert differing_stages(first, first) == []


def test_later_changes_go_with_their_stage(arms):
    first, other = arms
    dearer = changed(first, (4, {"government": {"budget": 99.0}}))
    tables = {"party_leads": {"visits": 2.0}, "supply": {"water": {"mode": "contract"}}}
    later = changed(other, (6, tables), (8, {"party_leads": {"visits": 3.0}}))
    assert content(mix(dearer, later, list(STAGES))) == content(later)
    assert content(mix(dearer, later, [])) == content(dearer)
    mixed = mix(dearer, later, ["party_leads"])
    assert [(change.month, dict(change.set)) for change in mixed.changes] == [
        (4, {"government": {"budget": 99.0}}),
        (6, tables_of_visits(2.0)),
        (8, tables_of_visits(3.0)),
    ]
    assert mixed.timeline[4].government.budget == 99.0
    assert mixed.timeline[8].party_leads.visits == 3.0
    assert mixed.timeline[8].mode_of("water") == "direct"
    assert "public_means" in differing_stages(dearer, later)
    assert content(mix(mixed, later, ["public_means"])) == content(
        changed(mix(first, other, ["party_leads"]), (6, tables_of_visits(2.0)), (8, tables_of_visits(3.0)))
    )


def tables_of_visits(visits):
    return {"party_leads": {"visits": visits}}


def test_changes_that_both_arms_share_are_no_difference(arms):
    first, other = arms
    shared = (6, {"party_leads": {"visits": 2.0}, "government": {"budget": 90.0}})
    a, b = changed(first, shared), changed(other, shared)
    assert differing_stages(a, b) == differing_stages(first, other)
    assert differing_stages(a, a) == []


# Means


def test_means_are_a_factor_on_the_budget_and_on_staff(arms):
    first = arms[0]
    more, less, same = (with_means(first, factor, "x") for factor in (2.5, 0.4, 1.0))
    means = first.government
    assert more.government.budget == pytest.approx(2.5 * means.budget)
    staff = more.government.staff_hours + more.government.hired_hours
    assert staff == pytest.approx(2.5 * (means.staff_hours + means.hired_hours))
    assert less.government.budget == pytest.approx(0.4 * means.budget)
    assert less.government.hired_hours == means.hired_hours == 0.0
    assert content(same) == content(first)
    assert {key for key, _ in levers_of(Scenario) if lever(more, key) != lever(first, key)} == {
        "government.budget", "government.hired_hours",
    }  # fmt: skip
    twice = with_means(more, 2.0, "x").government
    assert twice.staff_hours + twice.hired_hours == pytest.approx(2.0 * staff)


def test_hired_hours_are_paid_used_or_not_and_are_there_to_be_used(arms):
    hired = {"government.hired_hours": 500.0}
    base = Community(arms[0], rng=3).run()
    more = Community(load_scenario(arms[0], hired), rng=3).run()
    pay = 500.0 * 200 / 1000 * arms[0].government.wage
    spent = [run.categories.groupby("month")["cost_government"].sum() for run in (base, more)]
    public = [run.months.set_index("month")["cost_government"] for run in (base, more)]
    for month in range(-2, 12):
        extra = public[1][month] - public[0][month] - (spent[1][month] - spent[0][month])
        assert extra == pytest.approx(pay if month >= 0 else 0.0, abs=1e-6)
    hours = [run.institutions.government.hours.available for run in (base, more)]
    assert hours[1] - hours[0] == pytest.approx(100.0)


def test_a_factor_is_found_for_a_cost_that_rises_ever_less():
    def cost(factor):
        return 100.0 + 60.0 * factor**0.5

    for aim in (130.0, 165.0, 180.0, 230.0):
        tried = [(1.0, cost(1.0))]
        while (factor := next_factor(tried, aim)) is not None:
            tried.append((factor, cost(factor)))
            assert len(tried) <= TRIES + 1, aim
        assert min(abs(reached - aim) for _, reached in tried) <= CLOSE * aim, aim


def test_a_factor_is_found_for_a_cost_that_rises_in_steps_and_falls_in_between():
    def cost(factor):
        return 100.0 + 40.0 * math.floor(4.0 * factor) - 6.0 * (4.0 * factor % 1.0)

    tried = [(1.0, cost(1.0))]
    while len(tried) <= TRIES and (factor := next_factor(tried, 420.0)) is not None:
        tried.append((factor, cost(factor)))
    assert min(abs(reached - 420.0) for _, reached in tried) <= CLOSE * 420.0


def test_factors_stay_within_the_bounds_of_the_schema(arms):
    rich = load_scenario(arms[0], {"government.budget": 9500.0})
    assert most_means(rich) == pytest.approx(10_000.0 / 9500.0)
    with_means(rich, most_means(rich), "the most")
    assert most_means(arms[0]) == MOST


def test_the_search_ends_where_the_aim_is_out_of_reach():
    def search(cost, aim):
        tried = [(1.0, cost(1.0))]
        while (factor := next_factor(tried, aim)) is not None:
            tried.append((factor, cost(factor)))
            assert len(tried) < 40
        return tried

    high = search(lambda factor: min(50.0 + 10.0 * factor, 70.0), 500.0)
    assert max(high)[0] == MOST
    low = search(lambda factor: 50.0 + 10.0 * factor, 20.0)
    assert min(low)[0] == 0.0
    assert len(low) <= TRIES
    assert next_factor([(1.0, 100.0), (MOST, 100.0)], 300.0) is None
    assert next_factor([(1.0, 100.0)], 100.5) is None
    assert next_factor([(1.0, 0.0)], 10.0) == MOST


# Made-up runs: what a scenario comes to is known, so that tables can be checked exactly


class World:
    """Outcomes as a function of the levers of a scenario; it counts what it is asked for."""

    def __init__(self, first, outcome, replicates=4):
        self.first, self.outcome, self.replicates = first, outcome, replicates
        self.asked = []

    def levels(self, scenario, replicates):
        luck = np.random.default_rng(5).normal(size=(self.replicates, len(OUTCOMES)))[:replicates]
        rows = [
            [self.outcome(scenario, name) * (1.0 + 0.1 * luck[k, j]) + luck[k, j] for j, name in enumerate(OUTCOMES)]
            for k in range(replicates)
        ]
        return pd.DataFrame(rows, columns=list(OUTCOMES), index=pd.RangeIndex(1, replicates + 1, name="replicate"))

    def run(self, scenarios, replicates):
        self.asked += [(scenario.model_dump_json(exclude=WORDS), replicates) for scenario in scenarios]
        return [self.levels(scenario, replicates) for scenario in scenarios]

    def cells(self, arms):
        return Cells(*[self.levels(arm, self.replicates) for arm in arms], arms, self.run)


def presence(first, scenario):
    """Which stages' levers a scenario has otherwise than the first."""
    return [any(getattr(first, name) != getattr(scenario, name) for name in names) for names in STAGES.values()]


def synergies(first):
    """An outcome with interactions of stages; the first two matter alike, the third not at all."""

    def outcome(scenario, name):
        lead, order, _, deliver, sign_off, means, _ = presence(first, scenario)
        size = 1.0 + OUTCOMES.index(name)
        return size * (1.0 * lead + 1.0 * order + 3.0 * lead * order * deliver - 2.0 * deliver * sign_off + 0.5 * means)

    return outcome


def by_hand(world, arms, stages):
    """Shapley values by walking through every order of the stages."""
    first, other = arms
    known = {}

    def level(taken):
        taken = tuple(stage for stage in stages if stage in taken)
        if taken not in known:
            known[taken] = world.levels(mix(first, other, taken), world.replicates)
        return known[taken]

    values = dict.fromkeys(stages, 0.0)
    orders = list(permutations(stages))
    for order in orders:
        for place, stage in enumerate(order):
            values[stage] = values[stage] + (level(order[: place + 1]) - level(order[:place])) / len(orders)
    return values


def test_shapley_values_are_means_over_all_orders(arms):
    world = World(arms[0], synergies(arms[0]))
    cells = world.cells(arms)
    stages = differing_stages(*arms)
    table = decompose(cells, *arms).set_index(["stage", "outcome"])
    known = by_hand(world, arms, stages)
    total = world.levels(arms[1], 4) - world.levels(arms[0], 4)
    for outcome in OUTCOMES:
        values = table.xs(outcome, level="outcome")["difference"]
        assert values.sum() == pytest.approx(total[outcome].mean(), abs=1e-9)
        for stage in stages:
            found = table.loc[(stage, outcome)]
            assert found["difference"] == pytest.approx(known[stage][outcome].mean(), abs=1e-9)
            half = 3.182446305 * known[stage][outcome].std() / 2.0
            assert found["high"] - found["difference"] == pytest.approx(half, abs=1e-6)
        assert values["party_takes"] == 0.0
        assert values["party_leads"] == pytest.approx(values["residents_order"], abs=1e-12)
        assert values["party_leads"] > 0.0 > values["residents_sign_off"]
    assert (table.xs("party_takes")[["low", "high"]] == 0.0).all().all()
    assert (table["n"] == 4).all()


@pytest.mark.parametrize("n", range(1, 7))
def test_the_weights_of_a_stage_sum_to_one(n):
    stages = list(STAGES)[:n]
    for stage in stages:
        weights = dict(shapley_weights(stage, stages))
        assert sum(weights.values()) == pytest.approx(1.0)
        assert len(weights) == 2 ** (n - 1)
        assert not any(stage in taken for taken in weights)


def test_each_content_is_run_once(arms):
    world = World(arms[0], synergies(arms[0]))
    cells = world.cells(arms)
    stages = differing_stages(*arms)
    subsets = list(chain.from_iterable(combinations(stages, size) for size in range(len(stages) + 1)))
    assert list(combined(*arms)) == subsets
    assert cells.runs_for(combined(*arms)) == (len(subsets) - 2) * 4
    decompose(cells, *arms)
    assert len(world.asked) == len(set(world.asked)) == len(subsets) - 2
    ladder(cells, *arms)
    assert len(world.asked) == len(subsets) - 2
    square(cells, *arms)
    assert len(world.asked) == len(subsets)
    square(cells, *arms)
    decompose(cells, *arms)
    assert len(world.asked) == len(set(world.asked)) == len(subsets)
    assert cells.runs_for(combined(*arms) | corners(*arms)) == 0


def test_the_steps_of_the_ladder_sum_to_the_difference(arms):
    world = World(arms[0], synergies(arms[0]))
    table = ladder(world.cells(arms), *arms)
    assert list(dict.fromkeys(table["stage"])) == differing_stages(*arms)
    total = world.levels(arms[1], 4) - world.levels(arms[0], 4)
    for outcome, steps in table.groupby("outcome"):
        assert steps["difference"].sum() == pytest.approx(total[outcome].mean(), abs=1e-9)
        assert steps["mean_a"].tolist()[1:] == pytest.approx(steps["mean_b"].tolist()[:-1])
        assert steps["step"].tolist() == [1, 2, 3, 4, 5]


def renovated(first):
    def outcome(scenario, name):
        grant = scenario.renovation.grant > 0.0
        many = scenario.supply != first.supply
        return (1.0 + OUTCOMES.index(name)) * (2.0 * many + 3.0 * grant - 1.5 * many * grant)

    return outcome


def test_the_interaction_of_the_square_is_what_supply_does_more_beside_renovation(arms):
    world = World(arms[0], renovated(arms[0]))
    table = square(world.cells(arms), *arms).set_index(["effect", "outcome"])["difference"]
    effects = ["supply, without renovation", "supply, with renovation"]
    effects += ["renovation, single_centre", "renovation, multi_centre", "interaction"]
    assert list(dict.fromkeys(table.index.get_level_values(0))) == effects
    without, beside, single, multi, interaction = (table[effect] for effect in effects)
    for found, expected in ((interaction, beside - without), (interaction, multi - single)):
        pd.testing.assert_series_equal(found, expected, check_names=False, atol=1e-9)
    assert (interaction < 0.0).all()


def test_a_square_of_two_scenarios_of_one_name_keeps_both(arms):
    first, other = (arm.model_copy(update={"name": "mine"}) for arm in arms)
    world = World(first, renovated(first))
    effects = square(world.cells([first, other]), first, other)["effect"].unique()
    assert effects[2:4].tolist() == ["renovation, mine", "renovation, mine (2)"]


def test_a_renovation_that_comes_later_is_no_part_of_the_corner_without(arms):
    first = changed(arms[0], (5, {"renovation": {"grant": 500.0}, "party_leads": {"visits": 1.0}}))
    found = corners(first, arms[1])
    for key, scenario in found.items():
        assert all("renovation" not in change.set for change in scenario.changes), key
        assert (scenario.renovation.grant > 0.0) == key[1]
    assert found["first", False].timeline[5].party_leads.visits == 1.0
    programmes = {(it.renovation.grant, it.renovation.start) for key, it in found.items() if key[1]}
    assert programmes == {(500.0, 5)}
    shipped = {it.renovation.grant for key, it in corners(*arms).items() if key[1]}
    assert shipped == {load_scenario("renovation_only").renovation.grant}
    own = load_scenario(arms[0], {"renovation.grant": 700.0, "renovation.months": 9})
    mine = corners(own, load_scenario(arms[1], {"renovation.months": 9}))
    assert {(it.renovation.grant, it.renovation.months) for key, it in mine.items() if key[1]} == {(700.0, 9)}


def priced(first):
    """Costs that rise with means ever less; the other way of supply costs half as much again."""

    def outcome(scenario, name):
        share = scenario.government.budget / first.government.budget
        many = scenario.supply != first.supply
        if name in RESOURCES.values():
            return 200.0 + 100.0 * share**0.5 + 50.0 * many + 80.0 * (name == "cost_total") * (1.0 + 0.1 * many)
        return 0.3 * share + 2.0 * many

    return outcome


def test_resources_and_arrangement_sum_to_the_difference(arms):
    world = World(arms[0], priced(arms[0]), replicates=6)
    cells = world.cells(arms)
    equal = equal_means(cells, *arms)
    probed = [replicates for _, replicates in world.asked]
    assert set(probed) == {controls.PROBES}
    assert len(probed) <= len(RESOURCES) * TRIES
    taken, split = resources(cells, *arms, equal)
    assert set(taken["verdict"]) == {"met"}
    assert taken["control"].tolist() == list(RESOURCES)
    for found in taken.to_dict("records"):
        assert found["factor"] > 1.5
        assert found["reached"] == pytest.approx(found["aim"], rel=2.0 * CLOSE)
        aim = world.levels(arms[1], 6)[RESOURCES[found["control"]]].mean()
        assert found["aim"] == pytest.approx(aim)
    wide = split.pivot(index=["control", "outcome"], columns="part", values="difference")
    assert len(wide) == len(RESOURCES) * len(OUTCOMES)
    pd.testing.assert_series_equal(wide["resources"] + wide["arrangement"], wide["total"], check_names=False, atol=1e-9)
    assert (wide.loc[(slice(None), "satisfaction"), :] > 0.1).all().all()


def test_what_cannot_be_reached_is_said(arms):
    def outcome(scenario, name):
        return 900.0 if scenario.supply != arms[0].supply else 100.0

    world = World(arms[0], outcome)
    cells = world.cells(arms)
    taken, _ = resources(cells, *arms, equal_means(cells, *arms))
    assert set(taken["verdict"]) == {"out of reach"}
    assert (taken["reached"] < taken["aim"]).all()


def test_scenarios_that_do_not_differ_have_no_stages(arms):
    same = [arms[0], arms[0]]
    world = World(arms[0], synergies(arms[0]))
    cells = world.cells(same)
    assert decompose(cells, *same).empty
    assert ladder(cells, *same).empty
    assert {factor for factor, _ in equal_means(cells, *same).values()} == {1.0}
    assert world.asked == []


# The real thing


@pytest.fixture(scope="module")
def found(arms):
    """Two stages apart, so that all combinations are few."""
    first = arms[0]
    other = load_scenario(first, {"supply.mode": "multi_centre", "party_leads.visits": 2.0})
    other = other.model_copy(update={"name": "reform"})
    told = []
    made = cosim.compare(
        [first, other], replicates=2, jobs=1, controls=True, decompose=True, progress=lambda *now: told.append(now)
    )
    return made, told


def test_real_runs_add_up(found):
    made, told = found
    assert made.unfinished == ""
    total = made.outcomes.set_index("outcome")["difference"]
    shapley = made.decomposition.groupby("outcome")["difference"].sum(min_count=2)
    steps = made.ladder.groupby("outcome")["difference"].sum(min_count=2)
    parts = made.split.pivot(index=["control", "outcome"], columns="part", values="difference")
    assert set(made.decomposition["stage"]) == {"party_leads", "partners_deliver"}
    for outcome in OUTCOMES:
        assert shapley[outcome] == pytest.approx(total[outcome], abs=1e-9, nan_ok=True), outcome
        assert steps[outcome] == pytest.approx(total[outcome], abs=1e-9, nan_ok=True), outcome
        for control in RESOURCES:
            assert parts.loc[(control, outcome), "total"] == pytest.approx(total[outcome], abs=1e-9, nan_ok=True)
            both = parts.loc[(control, outcome), ["resources", "arrangement"]].sum(skipna=False)
            assert both == pytest.approx(total[outcome], abs=1e-9, nan_ok=True)
    assert total[list(OUTCOMES)].abs().gt(0.0).sum() > 8
    effects = made.square.pivot(index="outcome", columns="effect", values="difference")
    without, beside = effects["supply, without renovation"], effects["supply, with renovation"]
    pd.testing.assert_series_equal(effects["interaction"], beside - without, check_names=False, atol=1e-9)
    assert (effects.loc["condition", ["renovation, single_centre", "renovation, reform"]] > 0.0).all()
    assert all(done <= ahead for done, ahead in told)
    assert told[-1][0] == told[-1][1]


def test_controls_fit_the_terminal_and_break_no_number(found):
    made, _ = found

    def shown(result):
        stream = io.StringIO()
        print_comparison(result, Console(file=stream, width=80, highlight=False))
        return stream.getvalue()

    text = shown(made)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    for title in ("Resources or arrangement: equal public cost", "Renovation by supply", "Ladder", "Shapley value"):
        assert title in text
    money = made.square["outcome"] == "cost_total"
    numbers = {"difference": -0.888, "low": -1.0, "high": 1.0}
    wide = {name: getattr(made, name).assign(**numbers) for name in ("square", "ladder", "split")}
    wide["square"].loc[money, ["difference", "low", "high"]] = -9999.0, -1e5, 1e5
    stream = io.StringIO()
    other = dataclasses.replace(made, decomposition=pd.DataFrame(), **wide)
    printing.print_controls(other, Console(file=stream, width=80, highlight=False))
    text = stream.getvalue()
    assert text.count("(−9,999)") == 5
    assert text.count("(−0.888)") >= 5 * 5 + 2 * 5 + 2 * 3 * 5
    assert max(map(len, text.splitlines())) <= 80


def test_controls_are_among_the_files_and_in_json(found):
    made, _ = found
    document, written = json.loads(as_json(made)), files_of(made)
    for name in ("resources", "split", "square", "ladder", "decomposition"):
        table = getattr(made, name)
        assert len(document[name]) == len(table) > 0
        assert len(pd.read_csv(io.BytesIO(written[f"{name}.csv"]))) == len(table)
    assert document["resources"][0]["verdict"] in ("met", "nearest", "out of reach")


def test_a_priced_lever_without_effect_costs_and_changes_nothing(arms):
    """More staff, where there are more hours than work already."""
    plenty = load_scenario(arms[0], {"government.staff_hours": 10_000.0})
    hired = load_scenario(plenty, {"government.hired_hours": 2000.0})
    made = cosim.compare([plenty, hired], replicates=4, jobs=1)
    rows = made.outcomes.set_index("outcome")
    for outcome in ("participation", "trust_neighbours", "trust_government", "satisfaction", "belonging", "condition"):
        assert rows.loc[outcome, "low"] <= 0.0 <= rows.loc[outcome, "high"], outcome
    people = made.twins.set_index("outcome")
    assert ((people["low"] <= 0.0) & (people["high"] >= 0.0)).all()
    for cost in ("cost_government", "cost_total"):
        assert rows.loc[cost, "low"] > 0.0
        assert rows.loc[cost, "difference"] == pytest.approx(2000.0 / 1000 * plenty.government.wage * 12, rel=0.05)


# Controls that come to no end


@pytest.fixture
def pair(arms):
    short = {"study.months": 3, "study.warmup_months": 1}
    return [load_scenario(arm, short) for arm in arms]


def breaking(monkeypatch, what):
    """Let every run of a control raise an error."""

    def community(scenario, rng):
        if scenario.name.startswith("control"):
            raise what
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", community)


@pytest.mark.parametrize(
    ("what", "said"),
    [(KeyboardInterrupt(), "controls: stopped by Ctrl-C"), (ZeroDivisionError("nobody pays"), "runs failed")],
)
def test_controls_that_break_leave_the_comparison(pair, monkeypatch, what, said):
    whole = cosim.compare(pair, replicates=2, jobs=1)
    breaking(monkeypatch, what)
    made = cosim.compare(pair, replicates=2, jobs=1, controls=True, decompose=True)
    assert said in made.unfinished
    pd.testing.assert_frame_equal(made.outcomes, whole.outcomes)
    pd.testing.assert_frame_equal(made.twins, whole.twins)
    assert made.split.empty
    assert made.decomposition.empty


@pytest.mark.parametrize("what", [WorkersDied, ScenarioError([])])
def test_controls_that_cannot_begin_leave_the_comparison(pair, monkeypatch, what):
    def run(scenarios, **settings):
        if scenarios[0].name.startswith("control"):
            raise what
        return real(scenarios, **settings)

    real = comparing.run_study
    monkeypatch.setattr(comparing, "run_study", run)
    made = cosim.compare(pair, replicates=2, jobs=1, controls=True)
    assert made.unfinished.startswith("controls: ")
    assert not made.outcomes.empty


def test_means_beyond_what_is_allowed_are_out_of_reach(pair):
    rich = load_scenario(pair[0], {"government.budget": 10_000.0})
    other = load_scenario(pair[1], {"government.budget": 10_000.0, "government.hired_hours": 90_000.0})
    made = cosim.compare([rich, other], replicates=1, jobs=1, controls=True)
    assert made.unfinished == ""
    assert set(made.resources["verdict"]) == {"out of reach"}
    assert not made.ladder.empty


def test_a_replicate_that_failed_is_left_out_of_controls_too(pair, monkeypatch):
    from cosim.study import seed_of

    def community(scenario, rng):
        if rng == seed_of(1, 2):
            raise ZeroDivisionError("nobody pays")
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", community)
    made = cosim.compare(pair, replicates=3, jobs=1, controls=True)
    assert made.study.complete == [1, 3]
    assert made.unfinished == ""
    assert set(made.ladder["n"]) <= {0, 2}
    assert made.ladder["n"].max() == 2


def test_a_comparison_that_was_stopped_begins_no_controls(pair, monkeypatch):
    from cosim.study import seed_of

    def community(scenario, rng):
        if rng == seed_of(1, 2):
            raise KeyboardInterrupt
        assert not scenario.name.startswith("control")
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", community)
    made = cosim.compare(pair, replicates=3, jobs=1, controls=True, decompose=True)
    assert made.study.complete == [1]
    assert made.unfinished == "controls and decompose: not begun"


# The command


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "as_bytes", lambda figure: b"drawn")
    monkeypatch.setattr("cosim.display.figures.courses.comparison_figure", lambda study, say: None)
    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: True)


SHORT = ["--months", "3", "--set", "study.warmup_months=1", "--jobs", "1"]


def command(*words):
    return CliRunner().invoke(cli.app, ["compare", *words])


REFORM = 'extends = "village"\n[supply]\nmode = "multi_centre"\n[party_leads]\nvisits = 2.0\n'


@pytest.mark.parametrize(
    ("what", "code", "said"), [(KeyboardInterrupt(), 2, "stopped by Ctrl-C"), (ZeroDivisionError("oh"), 1, "failed")]
)
def test_the_command_prints_and_writes_what_is_there(elsewhere, monkeypatch, what, code, said):
    Path("reform.toml").write_text(REFORM)
    breaking(monkeypatch, what)
    result = command("village", "reform.toml", *SHORT, "-r", "2", "--controls", "-o", "kept")
    assert result.exit_code == code
    assert said in result.stderr
    assert "controls: " in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
    assert result.stdout.startswith("What changes with reform against village")
    assert "Ladder" not in result.stdout
    assert Path("kept", "outcomes.csv").exists()
    assert Path("kept", "twins.csv").exists()
    assert not Path("kept", "ladder.csv").exists()


def test_the_command_prints_and_writes_controls(elsewhere):
    Path("reform.toml").write_text(REFORM)
    result = command("village", "reform.toml", *SHORT, "-r", "1", "--controls", "--decompose", "-o", "kept")
    assert result.exit_code == 0, result.stderr
    assert "Ladder: each stage laid over those above" in result.stdout
    assert "Shapley value" in result.stdout
    assert "A difference without an interval" in result.stdout or "without an interval" in result.stdout
    for name in ("resources", "split", "square", "ladder", "decomposition"):
        assert Path("kept", f"{name}.csv").exists()


def test_identical_scenarios_have_nothing_to_take_apart(elsewhere):
    result = command("village", "village", *SHORT, "-r", "2", "--controls", "--decompose", "-o", "kept")
    assert result.exit_code == 0, result.stderr
    assert "Ladder" not in result.stdout
    assert not Path("kept", "decomposition.csv").exists()
    square = pd.read_csv(Path("kept", "square.csv"))
    assert {"renovation, village", "renovation, village (2)"} < set(square["effect"])
    supply = square[square["effect"].str.startswith("supply") & square["difference"].notna()]
    assert len(supply) > 10
    assert (supply["difference"] == 0.0).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["village", "village", "village", "--controls"], "controls are for two scenarios, not for 3"),
        (["village", "village", "village", "--controls", "--decompose"], "controls and decompose are for two"),
        (["village", "longer.toml"], "study.months"),
        (["village", "ly"], "population.residents"),
        (["village", "crowded.toml", "--controls"], "population.residents"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(elsewhere, monkeypatch, words, said):
    Path("longer.toml").write_text('extends = "village"\n[study]\nmonths = 30\n')
    Path("crowded.toml").write_text('extends = "village"\n[population]\nresidents = 20\n')
    monkeypatch.setattr("cosim.community.Community", None)
    result = command(*words, "-r", "2", "-j", "1")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert not Path("results").exists()
