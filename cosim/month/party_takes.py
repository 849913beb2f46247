"""Party takes the order: what is answered by whom, what climbs, what is lost on the way."""

from math import ceil, sqrt

from cosim.agents.institutions import Institution, Institutions
from cosim.world.chance import Purpose
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Order, Stage
from cosim.world.world import World


def party_takes(world: World, institutions: Institutions) -> None:
    """Take placed orders by priority as far as working hours go, and let those that climb arrive."""
    for order in world.orders.standing(Stage.CLIMBING):
        if world.month >= order.due:
            _arrive(world, order)
    waiting = world.orders.standing(Stage.PLACED)
    for order in sorted(waiting, key=lambda o: (-priority(world, o), o.number)):
        _take(world, institutions, order)
    _give_up(world)


def priority(world: World, order: Order) -> float:
    """Months waited; with triage also by root of the number of people who asked, times severity."""
    take = world.settings.party_takes
    waited = take.age_weight * (world.month - order.placed)
    return sqrt(max(len(order.asked), 1)) * order.severity + waited if take.triage else waited


def _take(world: World, institutions: Institutions, order: Order) -> None:
    take = world.settings.party_takes
    extra = take.hours_per_triage * take.triage + take.tailored_hours * take.tailored
    if take.delegation and order.place != COMPOUND:
        quicker = 1.0 - take.skill_gain * institutions.committee.skill
        for body in (institutions.committee, institutions.party):
            if body.hours.spend(take.hours_per_case * quicker + extra, "cases"):
                order.handler, order.stage = "community", Stage.ACCEPTED
                order.taken = order.accepted = world.month
                order.note(world.month, "taken in the community")
                _answer(world, body, order)
                return
    elif institutions.government.hours.spend(take.office_hours_per_case + extra, "cases"):
        order.handler, order.stage, order.taken = "government", Stage.CLIMBING, world.month
        chain = take.party_chain and institutions.party.hours.spend(take.chain_hours, "climbing")
        order.due = world.month + take.tiers * (take.party_months_per_tier if chain else take.months_per_tier)
        order.agent = take.case_agent and institutions.committee.hours.spend(take.agent_hours, "case agents")
        order.note(world.month, "taken at the office")
        _answer(world, institutions.government, order)
        if take.tiers == 0:
            _arrive(world, order)


def _answer(world: World, body: Institution, order: Order) -> None:
    take = world.settings.party_takes
    order.replied = take.replies and body.hours.spend(take.hours_per_reply, "replies")
    if take.tailored:
        order.risk *= 1.0 - take.tailored_gain


def _arrive(world: World, order: Order) -> None:
    take = world.settings.party_takes
    lost_per_tier = take.lost_per_tier * (1.0 - take.agent_gain * order.agent)
    if world.draw(Purpose.LOST, order.key) < 1.0 - (1.0 - lost_per_tier) ** take.tiers:
        world.orders.end(order, Stage.LOST, world.month)
        return
    order.stage, order.accepted = Stage.ACCEPTED, world.month
    order.note(world.month, "accepted")


def _give_up(world: World) -> None:
    """Nobody waits for ever: what has not begun when patience has run out twice is lost, or rejected if never taken."""
    limit = ceil(2 * world.settings.handling.patience)
    for order in world.orders.standing(Stage.PLACED, Stage.ACCEPTED):
        if world.month - order.placed >= limit:
            untaken = order.stage is Stage.PLACED
            world.orders.end(order, Stage.REJECTED if untaken else Stage.LOST, world.month)
