"""Party leads: members take on duties, groups and teams form, bench sessions are held, residents are visited."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions, PartyOrganisation
from cosim.month.gather import gather
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
    """Take on duties, form groups and teams, hold bench sessions, and visit, as far as hours go."""
    lead, branch, firm = world.settings.party_leads, institutions.party, world.settings.property_firm
    in_building = world.residents.building[world.members]
    institutions.firm.rota = 0.0
    if firm.duty_rota and branch.hours.spend(world.per_thousand(firm.rota_staff_hours), "duty rota"):
        institutions.firm.rota = world.give_time(world.per_thousand(firm.rota_hours))
    _guide_groups(world, branch, in_building)
    _send_teams(world, in_building)
    _hold_sessions(world, branch)
    _plan_visits(world, in_building, lead.visits)
    come_to_sessions(world)
    be_visited(world)


def _guide_groups(world: World, branch: PartyOrganisation, in_building: np.ndarray) -> None:
    """Let a building's Party group ask more neighbours to join in, where there are members enough."""
    lead, asking = world.settings.party_leads, world.circumstances.asking
    asking *= branch.brings("residents")
    if not lead.building_groups:
        return
    members = np.bincount(in_building, minlength=asking.size)
    for b in np.argsort(-members, kind="stable"):
        if members[b] < lead.group_members or not branch.hours.spend(lead.group_hours, "building groups"):
            break
        asking[b] *= lead.group_reach


def _send_teams(world: World, in_building: np.ndarray) -> None:
    """Let members work in their building; each takes a neighbour along."""
    team = np.minimum(world.settings.party_leads.volunteer_teams, world.spare)
    world.spare -= team
    world.member_hours += float(team.sum())
    hands = team / world.settings.partners_deliver.hours_per_volunteer
    world.hands = np.bincount(in_building, weights=hands, minlength=world.adults.size)
    world.circumstances.openings += world.hands


def _hold_sessions(world: World, branch: PartyOrganisation) -> None:
    lead, c = world.settings.party_leads, world.circumstances
    if (world.month * lead.sessions) % 12 >= lead.sessions:
        return
    for b in range(c.sessions.size):
        c.sessions[b] = branch.hours.spend(lead.session_hours, "bench sessions")


def _plan_visits(world: World, in_building: np.ndarray, wanted: float) -> None:
    """Fit the visits that are wanted into members' hours: an overloaded member's get shorter, then fewer."""
    lead, c = world.settings.party_leads, world.circumstances
    if wanted == 0.0:
        return
    full = lead.hours_per_visit
    length = np.clip(world.spare / (wanted * full), lead.shortest_visit, 1.0)
    paid = np.minimum(wanted, world.spare / (full * length))
    world.member_hours += float((paid * length).sum() * full)
    world.spare -= paid * length * full
    visits = np.bincount(in_building, weights=paid, minlength=world.adults.size).astype(np.float64)
    together = np.bincount(in_building, weights=paid * length, minlength=world.adults.size)
    c.attention[:] = np.divide(together, visits, out=np.ones_like(visits), where=visits > 0.0)
    c.visits[:] = np.minimum(visits / np.maximum(world.adults, 1), 1.0)


def come_to_sessions(world: World) -> None:
    """Let residents come to the bench sessions of their building, and be informed."""
    c = world.circumstances
    if c.sessions.any():
        c.sat = gather(world, c.sessions, world.settings.party_leads.session_cost, Purpose.SESSION, deliberates=False)


def be_visited(world: World) -> None:
    """Let mobilisation fade, and rise in those who are visited."""
    c = world.circumstances
    visit(
        columns(Visited, world.residents), world.constants["taking_part"],
        c.visits, c.attention, np.float32(c.kept), world.stream(Purpose.VISIT),
    )  # fmt: skip


@kernel
def visit(
    r: Any, p: Any, visits: np.ndarray, attention: np.ndarray, kept: float, chance: np.uint64
) -> None:
    """One month of mobilisation; `visits` float64[B] is the probability of a visit, `attention` its length."""
    for i in range(r.mobilisation.size):
        r.mobilisation[i] *= ONE - p.mobilisation_decay
    if not visits.any():
        return
    for i in range(r.mobilisation.size):
        if uniform(chance, r.key[i]) < visits[r.building[i]]:
            r.mobilisation[i] = mobilise(
                r.mobilisation[i], r.trust[i, PARTY], kept, p.mobilisation_floor,
                p.mobilisation_strength * attention[r.building[i]],
            )  # fmt: skip
