"""Residents order: who acts, who asks for what, by which channel."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import taking_part as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.experience import complaint
from cosim.rules.numeric import HALF, ONE, ZERO, literal
from cosim.world.chance import Purpose, uniform
from cosim.world.circumstances import NO_CHANNEL
from cosim.world.columns import GOVERNMENT
from cosim.world.facilities import COMPOUND
from cosim.world.population import columns
from cosim.world.world import World

GOLDEN = 0.6180339887498949
"""Golden section: its multiples spread sensors evenly over buildings, and more sensors keep the earlier ones."""
YOUNG = literal(45.0)
"""Age in years up to which asking online is as easy as it gets."""


class Deciding(NamedTuple):
    """Columns that a decision to act reads."""

    key: np.ndarray
    present: np.ndarray
    building: np.ndarray
    migrant: np.ndarray
    cooperator: np.ndarray
    threshold: np.ndarray
    trust: np.ndarray
    grievance: np.ndarray
    efficacy: np.ndarray
    mobilisation: np.ndarray
    habit: np.ndarray
    norm: np.ndarray


@rule
def intends(r: Any, i: int, p: Any, target: int, kept: float, cost: float) -> float:
    """Intention of person `i` to act, less the personal threshold.

    `target` is whose cooperation the outcome depends on; `cost` that of the channel or of the evening.
    """
    belief = HALF * (r.trust[i, target] + kept)
    response = rules.conditional_response(r.cooperator[i], r.norm[i], p.conditional_slope)
    usual = rules.conditional_response(r.cooperator[i], p.usual_share, p.conditional_slope)
    attitude = rules.attitude(belief, r.grievance[i])
    control = rules.control(r.efficacy[i], cost)
    norm = response - usual + r.mobilisation[i]
    return rules.intention(attitude, norm, control, p.w_attitude, p.w_norm, p.w_control) - r.threshold[i]


@rule
def likely_to_act(r: Any, i: int, p: Any, intention: float, threshold: float, ceiling: float) -> float:
    """Probability that person `i` acts this month, in a form with this threshold and ceiling.

    By intention; in the threshold form by how many of the ties are seen to contribute, whatever the intention.
    """
    if p.form > ZERO:
        harder = threshold - p.deliberate_threshold
        own = rules.personal_threshold(p.mean_threshold, p.threshold_stretch, r.threshold[i], harder)
        return rules.follows(r.norm[i], r.mobilisation[i], own, ceiling)
    return rules.probability(intention, threshold, p.steepness, ceiling)


def residents_order(world: World, institutions: Institutions) -> None:
    """Open the channel, let residents ask, and enter their requests in the order book."""
    _open_channels(world, institutions)
    _settle_migrants(world)
    _sense_faults(world, institutions)
    asking, categories = ask_for_services(world)
    if not asking.size:
        return
    r, f = world.residents, world.facilities
    places = np.where(f.compound_wide[categories], COMPOUND, r.building[asking])
    by_case = np.lexsort((places, categories))
    asking, categories, places = asking[by_case], categories[by_case], places[by_case]
    case = categories * len(world.adults) + places
    first = np.nonzero(case[1:] != case[:-1])[0] + 1
    starts = [0, *first.tolist()]
    people, grievances = world.people_in(asking).tolist(), r.grievance[asking].tolist()
    cases = zip(categories[starts].tolist(), places[starts].tolist(), starts, [*starts[1:], len(people)], strict=True)
    for category, place, start, end in cases:
        severity = sum(grievances[start:end]) / (end - start)
        _enter(world, institutions, category, place, people[start:end], severity)


def _enter(
    world: World, institutions: Institutions, category: int, place: int, people: list[int], severity: float
) -> None:
    """Place an order in the book, or let people join one; the branch asks first where it keeps its routine."""
    order = world.orders.ask(category, place, world.month, people, severity)
    if order.placed == world.month and not order.luck:
        order.luck = world.draw(Purpose.OVERSEEN, order.key)
        if institutions.party.asks_first:
            order.risk *= 1.0 - world.settings.party_leads.contact_gain


def _open_channels(world: World, institutions: Institutions) -> None:
    """Open the counter, hotline, desk and platform that there are hours and money for."""
    s, c = world.settings.residents_order, world.circumstances
    office, committee = institutions.government.hours, institutions.committee.hours
    open_hours = min(world.per_thousand(s.counter_hours), office.left)
    office.spend(open_hours, "counter")
    usual = world.per_thousand(type(s).model_fields["counter_hours"].default)
    costs = [s.office_cost + s.no_counter_cost * (1.0 - open_hours / usual)]
    if s.hotline and office.spend(world.per_thousand(s.hotline_hours), "hotline"):
        costs.append(s.hotline_cost)
    if s.order_desk and committee.spend(world.per_thousand(s.desk_hours), "order desk"):
        costs.append(s.desk_cost)
    c.channel_cost = min(costs)
    online = s.digital_platform and world.spend_yearly(s.platform_money)
    c.digital_cost = s.online_cost if online else NO_CHANNEL
    included = s.inclusion and committee.spend(world.per_thousand(s.inclusion_hours), "inclusion")
    c.migrant_cost = s.included_cost if included else s.migrant_cost


def _settle_migrants(world: World) -> None:
    """Pay for the migrant households that have lived here long enough to become long-term, as far as money goes."""
    s, c = world.settings.residents_order, world.circumstances
    c.path = s.settlement_months
    wanted = due_to_settle(world).size
    c.places = min(wanted, int(world.ledger.balance.get("government", 0.0) // s.settlement_money)) if wanted else 0
    if c.places:
        world.ledger.spend("government", "government", c.places * s.settlement_money)


def due_to_settle(world: World) -> np.ndarray:
    """Return the migrant households that have lived here long enough, longest first, int64[n]."""
    homes, path = world.households, world.circumstances.path
    if not path:
        return np.empty(0, np.int64)
    due = np.nonzero(homes.migrant & (world.month - homes.arrived >= path))[0]
    return due[np.argsort(homes.arrived[due], kind="stable")]


def _sense_faults(world: World, institutions: Institutions) -> None:
    """Order the repair of sudden faults in buildings with sensors; nobody need ask."""
    s, f = world.settings.residents_order, world.facilities
    if not s.smart_sensing or not world.spend_yearly(s.sensor_money * s.smart_sensing):
        return
    for b, category in np.argwhere(f.broken & ~f.compound_wide):
        if (b + 0.5) * GOLDEN % 1.0 < s.smart_sensing:
            severity = 1.0 - f.condition_at(int(category), int(b))
            _enter(world, institutions, int(category), int(b), [], severity)


def ask_for_services(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of residents who order this month and the category each asks for, two int64[n]."""
    c, needs = world.circumstances, world.facilities.needs
    return decide_to_order(
        columns(Deciding, world.residents), columns(Asking, world.residents), world.constants["taking_part"],
        c.condition, needs, np.float32(c.kept), np.float32(c.channel_cost),
        np.float32(c.digital_cost), np.float32(world.settings.residents_order.age_divide), np.float32(c.migrant_cost),
        world.month, world.stream(Purpose.ORDER),
    )  # fmt: skip


class Asking(NamedTuple):
    """Columns that choosing what to ask for reads, and the month that it writes."""

    age: np.ndarray
    profile: np.ndarray
    expectation: np.ndarray
    ordered: np.ndarray


@kernel
def decide_to_order(
    r: Any, a: Any, p: Any, condition: np.ndarray, needs: np.ndarray, kept: float, cost: float, online: float,
    age_divide: float, migrant_cost: float, month: int, chance: np.uint64,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Rows of those who order this month, and the category each asks for, two int64[n]."""
    likely = np.empty(r.key.size, np.float32)
    for i in range(likely.size):
        fatigue = rules.fatigue(np.float32(month - a.ordered[i]), p.fatigue_months)
        digital = online + age_divide * max(a.age[i] - YOUNG, ZERO)
        likely[i] = min(cost + migrant_cost * r.migrant[i], digital) + p.fatigue * fatigue
    for i in range(likely.size):
        intention = intends(r, i, p, GOVERNMENT, kept, likely[i])
        likely[i] = likely_to_act(r, i, p, intention, p.order_threshold, p.order_ceiling)
    asking, categories, n = np.empty(likely.size, np.int64), np.empty(likely.size, np.int64), 0
    for i in range(likely.size):
        if uniform(chance, r.key[i]) < likely[i] and r.present[i] and r.grievance[i] > ZERO:
            asking[n], categories[n] = i, worst_service(a.expectation[i], condition[r.building[i]], needs[a.profile[i]])
            a.ordered[i] = month
            n += 1
    return asking[:n], categories[:n]


@rule
def worst_service(expected: float, condition: np.ndarray, needs: np.ndarray) -> int:
    """Category with the largest complaint, by condition and need weights of one person's place and profile."""
    worst, which = -ONE, 0
    for c in range(condition.size):
        shortfall = complaint(expected, condition[c], needs[c])
        if shortfall > worst:
            worst, which = shortfall, c
    return which
