"""The month opens: working hours are there, and once a year money."""

from cosim.agents.institutions import Institutions
from cosim.world.world import World


def open_month(world: World, institutions: Institutions) -> None:
    """Give every institution its hours, each twelfth month its budget; forget last month's circumstances."""
    world.circumstances.open_month()
    world.volunteer_hours = 0.0
    world.ledger.work[:] = 0.0
    world.orders.open_month()
    for body in institutions.all():
        if world.month % 12 == 0 or not world.started:
            body.receive_budget()
        body.open_month()
    world.started = True
