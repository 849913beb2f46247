"""Residents order: who acts, who asks for what, by which channel."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import taking_part as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.experience import complaint
from cosim.rules.numeric import HALF, ONE, ZERO
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import GOVERNMENT
from cosim.world.facilities import COMPOUND
from cosim.world.population import columns
from cosim.world.world import World


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


def residents_order(world: World, institutions: Institutions) -> None:
    """Open the channel, let residents ask, and enter their requests in the order book."""
    s, c = world.settings, world.circumstances
    desk = s.residents_order.order_desk and institutions.committee.hours.spend(
        world.per_thousand(s.residents_order.desk_hours), "order desk"
    )
    c.channel_cost = s.residents_order.desk_cost if desk else s.residents_order.office_cost
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
        order = world.orders.ask(category, place, world.month, people[start:end], severity)
        if order.placed == world.month:
            order.luck = world.draw(Purpose.OVERSEEN, order.key)


def ask_for_services(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of residents who order this month and the category each asks for, two int64[n]."""
    c, needs = world.circumstances, world.facilities.needs
    return decide_to_order(
        columns(Deciding, world.residents), columns(Asking, world.residents), world.constants["taking_part"],
        c.condition, needs, np.float32(c.kept), np.float32(c.channel_cost),
        np.float32(world.settings.residents_order.migrant_cost), world.month, world.stream(Purpose.ORDER),
    )  # fmt: skip


class Asking(NamedTuple):
    """Columns that choosing what to ask for reads, and the month that it writes."""

    profile: np.ndarray
    expectation: np.ndarray
    ordered: np.ndarray


@kernel
def decide_to_order(
    r: Any, a: Any, p: Any, condition: np.ndarray, needs: np.ndarray, kept: float, cost: float, migrant_cost: float,
    month: int, chance: np.uint64,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Rows of those who order this month, and the category each asks for, two int64[n]."""
    likely = np.empty(r.key.size, np.float32)
    for i in range(likely.size):
        fatigue = rules.fatigue(np.float32(month - a.ordered[i]), p.fatigue_months)
        likely[i] = cost + migrant_cost * r.migrant[i] + p.fatigue * fatigue
    for i in range(likely.size):
        intention = intends(r, i, p, GOVERNMENT, kept, likely[i])
        likely[i] = rules.probability(intention, p.order_threshold, p.steepness, p.order_ceiling)
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
