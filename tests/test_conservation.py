"""Nothing is lost and nothing made, in whatever compound: people, households, orders, money, hours, ranges.

`check=True` stops a run at the first month in which a count does not add up; here are the worlds that try it.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from cosim.community import Community
from cosim.outcomes.measures import MEASURES
from cosim.scenario import Scenario, load_scenario
from cosim.scenario.field import Section
from cosim.scenario.schema import is_lever
from cosim.scenario.supply import MODES, Award, CategorySupply, cannot_have
from cosim.world.orders import Stage

MAY_BE_UNKNOWN = {"turnout", "turnout_official", "turnout_owners", "wait"}
"""Measures that have no value before the first election, and in a month in which nothing was signed off."""


def ends(field: FieldInfo) -> list[object]:
    """Return the lowest and the highest value that a field of the schema allows, or all of its choices."""
    if field.annotation is bool:
        return [False, True]
    if get_origin(field.annotation) is Literal:
        return list(get_args(field.annotation))
    bounds = {name: getattr(m, name) for m in field.metadata for name in ("ge", "gt", "le", "lt") if hasattr(m, name)}
    number = field.annotation
    return [number(bounds.get("ge", bounds.get("gt", 0) + 1e-3)), number(bounds["le"])]


def fields(section: type[Section], above: str = "", *, levers: bool) -> dict[str, list[object]]:
    """Return the ends of every number, switch and choice in a section and in those below it, by dotted key."""
    found: dict[str, list[object]] = {}
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            found |= fields(kind, f"{above}{name}.", levers=levers)
        elif above and is_lever(field) is levers and (kind in (bool, int, float) or get_origin(kind) is Literal):
            found[f"{above}{name}"] = ends(field)
    return found


def nested(dotted: Mapping[str, object]) -> dict[str, Any]:
    """Return dotted keys as tables in one another."""
    tree: dict[str, Any] = {}
    for key, value in dotted.items():
        *tables, last = key.split(".")
        table = tree
        for name in tables:
            table = table.setdefault(name, {})
        table[last] = value
    return tree


LEVERS = fields(Scenario, levers=True)
FACTS = {
    key: both
    for key, both in fields(Scenario, levers=False).items()
    if key.split(".")[0] not in ("study", "population")
    and not key.split(".")[-1].startswith("w_")
    and not key.endswith(".number")  # a partner that quits has to be there
}
SHARES = ("migrant_share", "member_share", "children_share")
CATEGORIES = load_scenario("ly").categories
PARTNERS = ("social_organisation", "enterprise", "public_unit")
WHO = ("property_firm", *PARTNERS)
PAYERS = (
    {"government": 1.0},
    {"government": 0.5, "residents": 0.5},
    {"residents": 1.0},
    {"government": 0.2, "partner": 0.3, "residents": 0.5},
)
BODIES = ("government", "committee", "party_leads", *(f"partners.{kind}" for kind in PARTNERS))


def sound(community: Community) -> Community:
    """Run a community to its end and look at what it says of itself."""
    community.run()
    months = community.months
    assert len(months) == community.settings.study.warmup_months + community.settings.study.months
    for name, measure in MEASURES.items():
        values = months[name].to_numpy()
        assert np.isfinite(values).all() or name in MAY_BE_UNKNOWN, name
        if measure.unit in ("share", "0 to 1"):
            assert np.nanmin(values, initial=0.0) >= 0.0, name
            assert np.nanmax(values, initial=0.0) <= 1.0 + 1e-6, name
    of_groups = community.groups.groupby("month")["residents"].sum().to_numpy()
    assert np.array_equal(of_groups, months["residents"].to_numpy())
    for name in ("orders_placed", "orders_signed_off", "orders_open", "cost_partners"):
        assert community.categories.groupby("month")[name].sum().to_numpy() == pytest.approx(months[name])
    flow = months["orders_placed"] - months[["orders_signed_off", "orders_rejected", "orders_lost"]].sum(axis=1)
    assert months["orders_open"].tolist() == flow.cumsum().tolist()
    return community


@st.composite
def supplies(draw: st.DrawFn) -> dict[str, object]:
    """Return overrides of a few categories: any mode that they can have, and any part of it changed."""
    found: dict[str, object] = {}
    for name in draw(st.lists(st.sampled_from(sorted(CATEGORIES)), max_size=4, unique=True)):
        mode = draw(st.sampled_from([mode for mode in MODES if not cannot_have(CATEGORIES[name], mode)]))
        found[f"supply.{name}.mode"] = mode
        joined = "partner" in MODES[mode].producers
        parts = {"overseer": ["government", "community", "nobody"], "arranger": ["government", "community"]}
        parts["payers"] = [payers for payers in PAYERS if joined or not payers.get("partner")]
        if joined:
            who = draw(st.lists(st.sampled_from(WHO), min_size=1, max_size=4, unique=True))
            found[f"supply.{name}.partners"] = tuple(who)
            parts["award"] = [award for award in get_args(Award) if award != "self_provision"]
        for part in draw(st.lists(st.sampled_from(sorted(parts)), unique=True)):
            found[f"supply.{name}.{part}"] = draw(st.sampled_from(parts[part]))
    return found


@st.composite
def events(draw: st.DrawFn, place: dict[str, Any]) -> dict[str, object]:
    """Return shocks and changes of levers within the months of a place."""
    months = st.integers(0, place["study.months"] - 1)
    struck = st.integers(-place["study.warmup_months"], place["study.months"] - 1)
    shock = st.one_of(
        st.fixed_dictionaries({"month": struck, "kind": st.just("flood"), "size": st.sampled_from([0.0, 0.4, 1.0])}),
        st.fixed_dictionaries(
            {"month": struck, "kind": st.just("failure"), "category": st.sampled_from(sorted(CATEGORIES))}
        ),
        st.fixed_dictionaries({
            "month": struck, "kind": st.just("partner_quits"),
            "partner": st.sampled_from([f"{kind}_{n}" for kind in PARTNERS for n in (1, 2)]),
        }),
    )  # fmt: skip
    changes = []
    for month in draw(st.lists(months, max_size=2, unique=True)):
        keys = draw(st.lists(st.sampled_from(sorted(LEVERS)), min_size=1, max_size=8, unique=True))
        changes.append({"month": month, "set": nested({key: draw(st.sampled_from(LEVERS[key])) for key in keys})})
    shocks = st.lists(shock, max_size=3, unique_by=lambda it: it.get("partner", id(it)))
    return {"shocks": tuple(draw(shocks)), "changes": tuple(changes)}


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, object]:
    """Return overrides: a small compound, every lever at one of its ends, a few facts at one of theirs.

    Some categories are supplied in a way of their own; there may be shocks, and levers that change again.
    """
    households = draw(st.integers(1, 12))
    residents = draw(st.integers(households, min(12 * households, 40)))
    place = {
        "population.households": households,
        "population.residents": residents,
        "population.buildings": draw(st.integers(1, households)),
        "population.seed": draw(st.integers(0, 2**31 - 1)),
        **{f"population.{name}": draw(st.sampled_from([0.0, 0.5, 1.0])) for name in SHARES},
        **{f"{body}.staff_hours": draw(st.sampled_from([0.0, 60.0, 4000.0])) for body in BODIES},
        "study.warmup_months": draw(st.integers(0, 2)),
        "study.months": draw(st.sampled_from([1, 2, 7, 14])),  # owners first decide in month 11
    }
    levers = {key: draw(st.sampled_from(both)) for key, both in LEVERS.items()}
    extreme = draw(st.lists(st.sampled_from(sorted(FACTS)), max_size=12, unique=True))
    facts = {key: draw(st.sampled_from(FACTS[key])) for key in extreme}
    facts["renovation.categories"] = tuple(draw(st.lists(st.sampled_from(sorted(CATEGORIES)), max_size=3, unique=True)))
    return place | levers | facts | draw(supplies()) | draw(events(place))


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(world=worlds(), rng=st.integers(0, 2**32 - 1))
def test_whatever_the_compound_and_the_levers(world, rng):
    sound(Community("ly", rng=rng, check=True, **world))


def test_every_lever_is_tried_at_both_ends():
    assert {"party_leads.visits", "deliberate.meetings", "government.budget", "supply.mode"} <= LEVERS.keys()
    assert {"review.raters.residents", "commons.intensity", "partners.enterprise.money"} <= FACTS.keys()
    assert LEVERS["deliberate.rung"] == ["inform", "consult", "partner", "delegate"]
    assert LEVERS["supply.mode"] == ["single_centre", "multi_centre"]
    assert LEVERS["party_leads.visits"] == [0.0, 4.0]
    assert LEVERS["residents_order.order_desk"] == [False, True]
    assert all(len(set(values)) == len(values) > 1 for values in (LEVERS | FACTS).values())
    declared = {
        f"{section}.{name}"
        for section, field in Scenario.model_fields.items()
        for name, part in getattr(field.annotation, "model_fields", {}).items()
        if is_lever(part)
    }
    assert declared == LEVERS.keys()
    assert set(CategorySupply.model_fields) == {"mode", "partners", "arranger", "award", "payers", "overseer"}


EXTREMES = {
    "no migrants": {"population.migrant_share": 0.0},
    "only migrants": {"population.migrant_share": 1.0},
    "no members": {"population.member_share": 0.0},
    "only members": {"population.member_share": 1.0, "party_leads.visits": 4.0},
    "no ties": {"ties.neighbours": 0.0, "ties.acquaintances": 0.0},
    "as many ties as possible": {"ties.neighbours": 8.0, "ties.acquaintances": 6.0, "ties.sociability": 1.0},
    "no budget": {"government.budget": 0.0},
    "no hours": {
        **{f"{body}.staff_hours": 0.0 for body in BODIES},
        "committee.seat_hours": 0.0,
        "property_firm.crew_hours": 0.0,
    },
    "no partners": {f"partners.{kind}.number": 0 for kind in PARTNERS},
    "one month": {"study.warmup_months": 0, "study.months": 1},
    "no warm-up": {"study.warmup_months": 0},
    "one household, one resident": {
        "population.residents": 1,
        "population.households": 1,
        "population.buildings": 1,
    },
    "one household, twelve residents": {
        "population.residents": 12,
        "population.households": 1,
        "population.buildings": 1,
    },
    "a household in every building": {"population.households": 5},
    "everybody leaves every month": {"moving.migrant_rate": 1.0, "moving.long_term_rate": 1.0},
    "nobody ever leaves": {
        "moving.migrant_rate": 0.0,
        "moving.long_term_rate": 0.0,
        "moving.log_hazard": -20.0,
        "moving.hazard_slope": 0.0,
    },
    "the old only, and mortal": {
        "population.long_term_age": 90.0,
        "population.migrant_age": 90.0,
        "population.age_spread": 0.0,
        "moving.hazard_slope": 0.12,
    },
    "no fee": {"fee.rate": 0.0},
    "nobody pays": {"fee.initial_share": 0.0, "fee.intercept": -10.0},
    "an election every month": {"committee.term": 1},
    "nothing ever breaks": {f"categories.{name}.deterioration": 0.0 for name in ("water", "heating", "culture")},
    "nothing is needed": {f"categories.{name}.need": 0.0 for name in ("water", "heating", "culture")},
    "free work": {f"categories.{name}.cost": 0.0 for name in ("water", "heating", "culture")},
    "no tiers to climb": {"party_takes.tiers": 0},
    "every case is lost": {"party_takes.lost_per_tier": 1.0},
}


@pytest.mark.parametrize("mode", ["single_centre", "multi_centre"])
@pytest.mark.parametrize("extreme", EXTREMES.values(), ids=EXTREMES)
def test_legitimate_extremes(compound, extreme, mode):
    sound(compound(40, 14, 5, **(extreme | {"supply.mode": mode})))


class TestExtremesMeanWhatTheySay:
    """A world without something has nothing of it."""

    def test_no_members_no_visits(self, compound):
        community = compound(40, 14, 5, **EXTREMES["no members"], **{"party_leads.visits": 4.0})
        assert sound(community).months["mobilisation"].max() == 0.0

    def test_no_budget_no_public_money_for_work(self, compound):
        community = sound(compound(**EXTREMES["no budget"]))
        assert community.categories["cost_government"].sum() == 0.0
        assert community.months["orders_placed"].sum() > 0

    def test_no_hours_nobody_takes_an_order(self, compound):
        orders = sound(compound(**EXTREMES["no hours"])).world.orders
        assert len(orders.open) == orders.counts["placed"] > 0
        assert {order.stage for order in orders.open.values()} == {Stage.PLACED}

    def test_no_ties_no_norm_and_everybody_a_near_isolate(self, compound):
        community = sound(compound(40, 14, 5, **EXTREMES["no ties"], **{"population.member_share": 0.0}))
        before = community.months["month"] == -2
        assert (community.months["near_isolates"][before] == 1.0).all()
        assert (community.months["tie_strength"][before] == 0.0).all()

    def test_nobody_leaves(self, compound):
        world = sound(compound(40, 14, 5, **EXTREMES["nobody ever leaves"])).world
        assert world.residents.arrival.max() == 0

    def test_a_life_without_death_ends_all_the_same(self, compound):
        """Ages have a range, and a table of yearly risks that ends with it."""
        undying = EXTREMES["nobody ever leaves"] | {"population.long_term_age": 90.0, "population.age_spread": 0.0}
        world = sound(compound(3, 1, 1, **(undying | {"population.migrant_share": 0.0, "study.months": 480}))).world
        assert world.residents.arrival.max() == 1

    def test_everybody_leaves(self, compound):
        world = sound(compound(40, 14, 5, **EXTREMES["everybody leaves every month"])).world
        assert world.households.arrival.min() >= 6

    def test_every_case_that_climbs_is_lost(self, compound):
        community = sound(compound(**EXTREMES["every case is lost"], **{"study.months": 12}))
        assert community.months["orders_lost"].sum() > 0
        assert community.months["orders_signed_off"].sum() == 0


class TestWhoPays:
    """Money follows the arrangement."""

    def test_households_pay_what_their_costs_say(self, compound):
        """With everybody there from beginning to end, so that who pays is who is counted."""
        community = sound(compound(**EXTREMES["nobody ever leaves"], **{"supply.mode": "multi_centre"}))
        spent = community.months["cost_residents"].sum()
        assert spent > 0.0
        assert -community.world.ledger.balance["households"] == pytest.approx(spent, rel=1e-9)

    def test_one_centre_is_the_government_and_nobody_else(self, compound):
        costs = sound(compound(**{"study.months": 12})).categories
        assert costs["cost_government"].sum() > 0.0
        assert costs["cost_partners"].sum() == costs["cost_residents"].sum() == 0.0

    def test_many_centres_are_many_payers(self, compound):
        costs = sound(compound(**{"study.months": 24, "supply.mode": "multi_centre"})).categories
        assert costs["cost_government"].sum() > 0.0
        assert costs["cost_partners"].sum() > 0.0
