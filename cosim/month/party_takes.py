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
    """Root of the number of people who asked, times severity, plus age."""
    waited = world.month - order.placed
    return sqrt(len(order.asked)) * order.severity + world.settings.party_takes.age_weight * waited


def _take(world: World, institutions: Institutions, order: Order) -> None:
    take = world.settings.party_takes
    if take.delegation and order.place != COMPOUND:
        for body in (institutions.committee, institutions.party):
            if body.hours.spend(take.hours_per_case, "cases"):
                order.handler, order.stage, order.accepted = "community", Stage.ACCEPTED, world.month
                order.note(world.month, "taken in the community")
                _reply(world, body, order)
                return
    elif institutions.government.hours.spend(take.office_hours_per_case, "cases"):
        order.handler, order.stage = "government", Stage.CLIMBING
        order.due = world.month + take.tiers * take.months_per_tier
        order.note(world.month, "taken at the office")
        _reply(world, institutions.government, order)
        if take.tiers == 0:
            _arrive(world, order)


def _reply(world: World, body: Institution, order: Order) -> None:
    take = world.settings.party_takes
    if take.replies and body.hours.spend(take.hours_per_reply, "replies"):
        order.replied = True


def _arrive(world: World, order: Order) -> None:
    take = world.settings.party_takes
    lost = 1.0 - (1.0 - take.lost_per_tier) ** take.tiers
    if world.draw(Purpose.LOST, order.key) < lost:
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
