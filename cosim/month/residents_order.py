"""Residents order: who acts, who asks for what, by which channel."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import taking_part as rules
from cosim.rules.compiled import kernel, rule
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import GOVERNMENT
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
    complaint: np.ndarray
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
    asking = ask_for_services(world)
    r, f = world.residents, world.facilities
    categories = r.complaint[asking].astype(np.int64)
    places = np.where(f.compound_wide[categories], -1, r.building[asking])
    for category, place in sorted(set(zip(categories.tolist(), places.tolist(), strict=True))):
        rows = asking[(categories == category) & (places == place)]
        severity = float(r.grievance[rows].mean())
        order = world.orders.ask(category, place, world.month, rows.tolist(), r.arrival[rows].tolist(), severity)
        if order.placed == world.month:
            order.luck = world.draw(Purpose.OVERSEEN, order.key)


def ask_for_services(world: World) -> np.ndarray:
    """Return the rows of residents who order this month, int64[n]."""
    c = world.circumstances
    return np.nonzero(
        decide_to_order(
            columns(Deciding, world.residents), world.residents.ordered, world.constants["taking_part"],
            c.kept, c.channel_cost, world.settings.residents_order.migrant_cost,
            world.month, world.stream(Purpose.ORDER),
        )
    )[0]  # fmt: skip


@kernel
def decide_to_order(
    r: Any, ordered: np.ndarray, p: Any, kept: float, cost: float, migrant_cost: float, month: int, chance: np.uint64
) -> np.ndarray:
    """Whether each resident orders this month, bool[N]; writes the month into `ordered`."""
    asks = np.zeros(r.present.size, np.bool_)
    for i in range(r.present.size):
        if not r.present[i] or r.complaint[i] < 0:
            continue
        own_cost = cost + migrant_cost * r.migrant[i]
        own_cost += p.fatigue * rules.fatigue(month - ordered[i], p.fatigue_months)
        intention = intends(r, i, p, GOVERNMENT, kept, own_cost, r.mobilisation[i])
        if uniform(chance, r.key[i]) < rules.probability(intention, p.order_threshold, p.steepness, p.order_ceiling):
            asks[i] = True
            ordered[i] = month
    return asks
