"""Review: at the end of each term the residents' committee is elected."""

from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.residents_order import Deciding, intends
from cosim.rules import taking_part as rules
from cosim.rules.compiled import kernel
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import PARTY
from cosim.world.population import columns
from cosim.world.world import World

FIRST_ELECTION = -12
"""Month of one election; all others are whole terms away."""


def review(world: World, institutions: Institutions) -> None:
    """Hold the committee's election when its term is over: the candidates with the strongest ties are seated."""
    committee = world.settings.committee
    if (world.month - FIRST_ELECTION) % committee.term:
        return
    r = world.residents
    world.circumstances.election = True
    voted, stood = elect(world)
    world.turnout = float(voted.sum() / max(np.count_nonzero(r.present), 1))
    candidates = np.nonzero(stood)[0]
    known = candidates[np.argsort(-r.embedded[candidates], kind="stable")][: committee.seats]
    institutions.committee.seated = [(int(row), int(r.arrival[row])) for row in known]


def elect(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Let residents decide whether to vote and whether to stand; two masks, bool[N]."""
    r, committee = world.residents, world.settings.committee
    return vote(
        columns(Deciding, r), r.voted, r.stood, world.constants["taking_part"], np.float32(world.circumstances.kept),
        np.float32(committee.vote_cost), np.float32(committee.stand_cost),
        np.float32(world.settings.residents_order.migrant_cost), world.month,
        world.stream(Purpose.VOTE), world.stream(Purpose.STAND),
    )  # fmt: skip


@kernel
def vote(
    r: Any, voted: np.ndarray, stood: np.ndarray, p: Any, kept: float, vote_cost: float, stand_cost: float,
    migrant_cost: float, month: int, votes: np.uint64, stands: np.uint64,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Whether each resident votes and stands, two bool[N]."""
    voting = np.zeros(r.present.size, np.bool_)
    standing = np.zeros(r.present.size, np.bool_)
    for i in range(r.present.size):
        if not r.present[i]:
            continue
        extra = migrant_cost * r.migrant[i]
        intention = intends(r, i, p, PARTY, kept, vote_cost + extra) + p.habit * r.habit[i]
        if uniform(votes, r.key[i]) < rules.probability(intention, p.vote_threshold, p.steepness, p.vote_ceiling):
            voting[i] = True
            voted[i] = month
        intention -= p.w_control * (stand_cost - vote_cost)
        if uniform(stands, r.key[i]) < rules.probability(intention, p.stand_threshold, p.steepness, p.stand_ceiling):
            standing[i] = True
            stood[i] = month
    return voting, standing
