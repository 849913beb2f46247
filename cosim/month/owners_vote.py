"""Owners vote by household: on their committee, the firm, the fund, and residents' share of a project."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.residents_order import Deciding, intends, likely_to_act
from cosim.rules import voting as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.numeric import HALF, ZERO
from cosim.world.chance import Purpose, sub_key, uniform
from cosim.world.columns import FIRM, LET, NEIGHBOURS, OWNED, PARTY
from cosim.world.facilities import COMPOUND
from cosim.world.population import HouseholdColumns, columns
from cosim.world.world import World

FORM, HIRE, DISMISS, FUND, INCOME, SHARE = range(6)
"""Matters that owners vote on; each has its own luck."""
MATTERS = 6
"""Number of matters."""
SPECIAL = (INCOME, SHARE)
"""Matters that need a special majority."""


class Result(NamedTuple):
    """A vote: whether it passed, and the share of owners and of area that were represented."""

    passed: bool
    heads: float
    area: float


def call_vote(
    world: World, institutions: Institutions, matter: int, place: int = COMPOUND, cost: float = 0.0, category: int = 0
) -> Result | None:
    """Hold a vote if somebody has the hours for it; None otherwise. `cost` in yuan falls on owners at the place.

    Votes on the share of different categories have different luck.

    Quorum and majority are those of the Civil Code, by heads and by area.
    """
    owners, rules_of_vote = world.settings.owners, world.settings.voting
    concerned = world.people_at(place).size / 1000.0
    if not _spend(institutions, owners.assembly_hours * concerned, "assemblies"):
        return None
    collected = owners.proxies and _spend(institutions, owners.proxy_hours * concerned, "proxies")
    chaired = owners.chaired_by_member and institutions.owners.at_work
    heads, area = ballots(
        world, matter, place, cost, PARTY if chaired or not institutions.owners.formed else NEIGHBOURS,
        owners.proxies_found if collected else rules_of_vote.by_proxy, category,
    )  # fmt: skip
    turnout = heads[0] / max(heads[2], 1.0), area[0] / max(area[2], 1.0)
    majority = rules_of_vote.special if matter in SPECIAL else rules_of_vote.ordinary
    agreed = min(heads[1] / max(heads[0], 1.0), area[1] / max(area[0], 1.0))
    enough = agreed >= majority if matter in SPECIAL else agreed > majority
    met = heads[0] > 0.0 and min(turnout) >= rules_of_vote.quorum - 1e-9
    return Result(bool(met and enough), *turnout)


def _spend(institutions: Institutions, hours: float, what: str) -> bool:
    """Use the time of the owners' committee, or else that of the residents' committee."""
    return institutions.owners.hours.spend(hours, what) or institutions.committee.hours.spend(hours, what)


def ballots(
    world: World, matter: int, place: int, cost: float, proposer: int, by_proxy: float, category: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return represented, in favour and all: of owners' households, and of their area, two float64[3]."""
    first, end = _homes_at(world, place)
    c = world.circumstances
    return cast(
        first, end, columns(HouseholdColumns, world.households), columns(Deciding, world.residents),
        world.constants["taking_part"], world.constants["voting"], matter, matter + MATTERS * category, proposer,
        np.float32(cost_in_months(world, place, cost)), np.float32(c.kept),
        np.float32(world.settings.committee.vote_cost), np.float32(c.migrant_cost), np.float32(by_proxy),
        world.stream(Purpose.BALLOT), world.stream(Purpose.PROXY), world.stream(Purpose.STANCE),
    )  # fmt: skip


def charge_without_asking(world: World, place: int, cost: float, category: int) -> None:
    """Let households of a place that would not have agreed to a cost in yuan resent it."""
    first, end = _homes_at(world, place)
    resent(
        first, end, columns(HouseholdColumns, world.households), columns(Deciding, world.residents),
        world.constants["voting"], SHARE + MATTERS * category, np.float32(cost_in_months(world, place, cost)),
        world.circumstances.own, world.stream(Purpose.STANCE),
    )  # fmt: skip


def cost_in_months(world: World, place: int, cost: float) -> float:
    """Return a household's part of a cost in months of its usual fee."""
    first, end = _homes_at(world, place)
    due = float(world.households.fee[first:end].sum(dtype=np.float64))
    return cost / due if due > 0.0 else 0.0


def _homes_at(world: World, place: int) -> tuple[int, int]:
    if place == COMPOUND:
        return 0, world.households.rows
    return int(world.building_homes[place]), int(world.building_homes[place + 1])


@kernel
def cast(
    first: int, end: int, homes: Any, r: Any, part: Any, p: Any, matter: int, luck: int, proposer: int, cost: float,
    kept: float, vote_cost: float, migrant_cost: float, by_proxy: float, comes: np.uint64, proxies: np.uint64,
    stances: np.uint64,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Represented, in favour and all owners of some households, by heads and by area, two float64[3]."""
    heads, area = np.zeros(3), np.zeros(3)
    for h in range(first, end):
        if homes.tenure[h] != OWNED and homes.tenure[h] != LET:
            continue  # public rental: the unit that owns the flat has no household here to ask, nor a vote of its own
        heads[2] += 1.0
        area[2] += homes.area[h]
        key = sub_key(homes.key[h], luck)
        represented, head = False, -1
        for i in range(homes.first[h], homes.first[h] + homes.size[h]):
            if r.present[i] and homes.tenure[h] == OWNED and not represented:
                head = i if head < 0 else head
                intention = intends(r, i, part, proposer, kept, vote_cost + migrant_cost * r.migrant[i])
                likely = likely_to_act(r, i, part, intention, part.vote_threshold, part.vote_ceiling)
                represented = uniform(comes, sub_key(r.key[i], luck)) < likely
        if not represented and uniform(proxies, key) >= by_proxy:
            continue
        heads[0] += 1.0
        area[0] += homes.area[h]
        agrees = HALF if head < 0 else stance(homes, r, p, h, head, matter, proposer, cost)
        if uniform(stances, key) < agrees:
            heads[1] += 1.0
            area[1] += homes.area[h]
    return heads, area


@kernel
def resent(
    first: int, end: int, homes: Any, r: Any, p: Any, luck: int, cost: float, own: np.ndarray, stances: np.uint64
) -> None:
    """Write into `own` what households feel that pay a cost they would not have agreed to."""
    for h in range(first, end):
        head = -1
        for i in range(homes.first[h], homes.first[h] + homes.size[h]):
            if r.present[i] and head < 0:
                head = i
        if head < 0:
            continue
        agrees = stance(homes, r, p, h, head, SHARE, PARTY, cost)
        if uniform(stances, sub_key(homes.key[h], luck)) >= agrees:
            for i in range(homes.first[h], homes.first[h] + homes.size[h]):
                own[i, PARTY] -= p.unwilling


@rule
def stance(homes: Any, r: Any, p: Any, h: int, head: int, matter: int, proposer: int, cost: float) -> float:
    """Probability that a household agrees: never in a dispute; to dismiss a firm, the less it trusts it."""
    if homes.rival[h] >= 0:
        return ZERO
    if matter == DISMISS:
        return rules.agreeing(ZERO, HALF + HALF - r.trust[head, FIRM], ZERO, ZERO, ZERO, p.w_trust, ZERO)
    need, trust = r.grievance[head], r.trust[head, proposer]
    return rules.agreeing(need, trust, cost, p.intercept, p.w_need, p.w_trust, p.w_cost)
