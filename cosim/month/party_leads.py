"""Party leads: members visit residents, and meet in their building groups."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules.compiled import kernel
from cosim.rules.numeric import ONE
from cosim.rules.taking_part import mobilise
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import PARTY
from cosim.world.population import columns
from cosim.world.world import World


class Visited(NamedTuple):
    """Columns that a visit reads and writes."""

    key: np.ndarray
    building: np.ndarray
    trust: np.ndarray
    mobilisation: np.ndarray


def party_leads(world: World, institutions: Institutions) -> None:
    """Decide how many visits members can pay, and let residents be visited."""
    lead = world.settings.party_leads
    r = world.residents
    possible = np.minimum(lead.visits, r.hours[world.members] / lead.hours_per_visit)
    buildings = world.settings.population.buildings
    paid = np.bincount(r.building[world.members], weights=possible, minlength=buildings)
    world.circumstances.visits[:] = np.minimum(paid / np.maximum(world.adults, 1), 1.0)
    world.member_hours = float(possible.sum() * lead.hours_per_visit)
    be_visited(world)


def be_visited(world: World) -> None:
    """Let mobilisation fade, and rise in those who are visited."""
    c = world.circumstances
    visit(
        columns(Visited, world.residents), world.constants["taking_part"],
        c.visits, np.float32(c.kept), world.stream(Purpose.VISIT),
    )  # fmt: skip


@kernel
def visit(r: Any, p: Any, visits: np.ndarray, kept: float, chance: np.uint64) -> None:
    """One month of mobilisation; `visits` float64[B] is the probability of being visited."""
    for i in range(r.mobilisation.size):
        r.mobilisation[i] *= ONE - p.mobilisation_decay
    if not visits.any():
        return
    for i in range(r.mobilisation.size):
        if uniform(chance, r.key[i]) < visits[r.building[i]]:
            r.mobilisation[i] = mobilise(
                r.mobilisation[i], r.trust[i, PARTY], kept, p.mobilisation_floor, p.mobilisation_strength
            )
