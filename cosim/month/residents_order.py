"""Residents order: who acts, who asks for what, by which channel."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import taking_part as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.experience import complaint
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
def intends(r: Any, i: int, p: Any, target: int, kept: float, cost: float, mobilised: float) -> float:
    """Intention of person `i` to act, less the personal threshold.

    `target` is whose cooperation the outcome depends on; `cost` that of the channel or of the evening.
    """
    belief = 0.5 * (r.trust[i, target] + kept)
    response = rules.conditional_response(r.cooperator[i], r.norm[i], p.conditional_slope)
    usual = rules.conditional_response(r.cooperator[i], p.usual_share, p.conditional_slope)
    attitude = rules.attitude(belief, r.grievance[i])
    control = rules.control(r.efficacy[i], cost)
    norm = response - usual + mobilised
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
    case = categories[by_case] * len(world.adults) + places[by_case]
    first = np.nonzero(np.diff(case, prepend=-2))[0].tolist()
    people = world.people_in(asking[by_case]).tolist()
    grievances = r.grievance[asking[by_case]].tolist()
    for start, end in zip(first, [*first[1:], len(people)], strict=True):
        category, place = int(categories[by_case[start]]), int(places[by_case[start]])
        severity = sum(grievances[start:end]) / (end - start)
        order = world.orders.ask(category, place, world.month, people[start:end], severity)
        if order.placed == world.month:
            order.luck = world.draw(Purpose.OVERSEEN, order.key)


def ask_for_services(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of residents who order this month and the category each asks for, two int64[n]."""
    c, needs = world.circumstances, world.facilities.needs
    asked = decide_to_order(
        columns(Deciding, world.residents), columns(Asking, world.residents), world.constants["taking_part"],
        c.condition, needs, c.kept, c.channel_cost, world.settings.residents_order.migrant_cost,
        world.month, world.stream(Purpose.ORDER),
    )  # fmt: skip
    asking = np.nonzero(asked >= 0)[0]
    return asking, asked[asking]


class Asking(NamedTuple):
    """Columns that choosing what to ask for reads, and the month that it writes."""

    profile: np.ndarray
    expectation: np.ndarray
    ordered: np.ndarray


@kernel
def decide_to_order(
    r: Any, a: Any, p: Any, condition: np.ndarray, needs: np.ndarray, kept: float, cost: float, migrant_cost: float,
    month: int, chance: np.uint64,
) -> np.ndarray:  # fmt: skip
    """Category that each resident asks for this month, int64[N]; -1 for those who do not order."""
    asked = np.full(r.present.size, -1, np.int64)
    for i in range(r.present.size):
        if not r.present[i] or r.grievance[i] <= 0.0:
            continue
        own_cost = cost + migrant_cost * r.migrant[i]
        own_cost += p.fatigue * rules.fatigue(month - a.ordered[i], p.fatigue_months)
        intention = intends(r, i, p, GOVERNMENT, kept, own_cost, r.mobilisation[i])
        if uniform(chance, r.key[i]) < rules.probability(intention, p.order_threshold, p.steepness, p.order_ceiling):
            asked[i] = worst_service(a.expectation[i], condition[r.building[i]], needs[a.profile[i]])
            a.ordered[i] = month
    return asked


@rule
def worst_service(expected: float, condition: np.ndarray, needs: np.ndarray) -> int:
    """Category with the largest complaint, by condition and need weights of one person's place and profile."""
    worst, which = -1.0, 0
    for c in range(condition.size):
        shortfall = complaint(expected, condition[c], needs[c])
        if shortfall > worst:
            worst, which = shortfall, c
    return which
