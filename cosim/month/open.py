"""The month opens: working hours and money are there."""

from cosim.agents.institutions import Institutions
from cosim.world.world import World


def open_month(world: World, institutions: Institutions) -> None:
    """Give every institution its hours and its money; ask as many to join in as usual."""
    world.circumstances.asking[:] = world.settings.partners_deliver.asked_per_opening
    for body in institutions.all():
        body.receive_budget()
        body.open_month()
