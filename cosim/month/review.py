"""Review: elections at the end of a term; every year owners' decisions and the evaluation of work."""

from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.owners_vote import DISMISS, FORM, FUND, HIRE, INCOME, Result, call_vote
from cosim.month.residents_order import Deciding, intends, likely_to_act
from cosim.rules.compiled import kernel
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import GOVERNMENT, OWNED, PARTY
from cosim.world.population import columns
from cosim.world.world import World

FIRST_ELECTION = -12
"""Month of one election; all others are whole terms away."""


def review(world: World, institutions: Institutions) -> None:
    """Hold the committee's election when its term is over; once a year owners decide and work is evaluated."""
    if (world.month - FIRST_ELECTION) % world.settings.committee.term == 0:
        _hold_election(world, institutions)
    if world.month % 12 == 11:
        _owners_decide(world, institutions)
        _evaluate(world, institutions)


def _hold_election(world: World, institutions: Institutions) -> None:
    """Seat the candidates with the strongest ties. Officially, whoever votes brings the household's ballots along."""
    r = world.residents
    voted, stood = elect(world)
    adults = max(int(np.count_nonzero(r.present)), 1)
    world.turnout = float(voted.sum() / adults)
    brought = np.zeros(world.households.rows, np.bool_)
    brought[r.household[voted]] = True
    world.official_turnout = float(np.count_nonzero(brought[r.household] & r.present) / adults)
    institutions.committee.seated = _best_known(world, stood, world.settings.committee.seats)


def _best_known(world: World, candidates: np.ndarray, seats: int) -> list[tuple[int, int]]:
    """Return (row, arrival) of the candidates, bool[N], with the strongest ties."""
    r, rows = world.residents, np.nonzero(candidates)[0]
    known = rows[np.argsort(-r.embedded[rows], kind="stable")][:seats]
    return [(int(row), int(r.arrival[row])) for row in known]


def _owners_decide(world: World, institutions: Institutions) -> None:
    """Form the owners' committee; then hire or dismiss the firm, open the fund, claim the common income."""
    lever, body, firm = world.settings.owners, institutions.owners, institutions.firm
    body.may_spend = False
    firm.hired = firm.hired and lever.hire_firm
    if not lever.committee:
        return
    if not body.formed:
        _form_owners_committee(world, institutions)
    if not body.at_work:
        return
    if lever.use_fund:
        body.may_spend = _passed(world, call_vote(world, institutions, FUND))
    if lever.common_income and not body.collects:
        body.collects = _passed(world, call_vote(world, institutions, INCOME))
    if lever.hire_firm and _passed(world, call_vote(world, institutions, DISMISS if firm.hired else HIRE)):
        firm.take_over(hired=True)


def _form_owners_committee(world: World, institutions: Institutions) -> None:
    """Let owners vote for a committee and seat those who stood; without candidates there is none."""
    r, lever = world.residents, world.settings.owners
    owner = world.households.tenure[r.household] == OWNED
    stood = r.present & owner & (world.month - r.stood < world.settings.committee.term)
    chair = _best_known(world, stood & r.member, 1) if lever.chaired_by_member else []
    if not stood.any() or (lever.chaired_by_member and not chair):
        return
    if _passed(world, call_vote(world, institutions, FORM)):
        others = [seat for seat in _best_known(world, stood, lever.seats) if seat not in chair]
        institutions.owners.formed = True
        institutions.owners.seated = [*chair, *others][: lever.seats]


def _passed(world: World, result: Result | None) -> bool:
    """Note the turnout of a vote that was held; return whether it passed."""
    if result is None:
        return False
    world.owners_turnout = min(result.heads, result.area)
    return result.passed


def _evaluate(world: World, institutions: Institutions) -> None:
    """Let ratings move what they move: all raters the government's budget, residents and experts partners' standing.

    Residents judge by whether work met the need, which is a partner's standing already; the third party also by how
    well it was done.
    """
    review = world.settings.review
    government = institutions.government
    government.awarded = 1.0
    if not review.evaluation or not government.hours.spend(world.per_thousand(review.review_hours), "evaluation"):
        return
    raters, r = review.raters, world.residents
    weights = np.array([raters.residents, raters.representatives, raters.third_party, raters.superior])
    came = r.present & (world.month - r.deliberated < 12)
    trust = r.trust[:, GOVERNMENT]
    views = np.array([
        trust[r.present].mean(dtype=np.float64) if r.present.any() else 0.5,
        trust[came].mean(dtype=np.float64) if came.any() else 0.5,
        float(world.circumstances.condition.mean(dtype=np.float64)),
        world.circumstances.kept,
    ])  # fmt: skip
    if weights.sum() > 0.0:
        government.awarded = 1.0 + review.stake * (2.0 * float(weights @ views / weights.sum()) - 1.0)
    experts = raters.third_party / max(raters.third_party + raters.residents, 1e-9)
    for body in [b for b in (institutions.firm, *institutions.partners) if b.delivered]:
        body.standing += review.memory * experts * (body.quality - body.standing)


def elect(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Let residents decide whether to vote and whether to stand; two masks, bool[N]."""
    r, committee = world.residents, world.settings.committee
    return vote(
        columns(Deciding, r), r.voted, r.stood, world.constants["taking_part"], np.float32(world.circumstances.kept),
        np.float32(committee.vote_cost), np.float32(committee.stand_cost),
        np.float32(world.circumstances.migrant_cost), world.month,
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
        if uniform(votes, r.key[i]) < likely_to_act(r, i, p, intention, p.vote_threshold, p.vote_ceiling):
            voting[i] = True
            voted[i] = month
        intention -= p.w_control * (stand_cost - vote_cost)
        if uniform(stands, r.key[i]) < likely_to_act(r, i, p, intention, p.stand_threshold, p.stand_ceiling):
            standing[i] = True
            stood[i] = month
    return voting, standing
