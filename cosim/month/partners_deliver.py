"""Partners deliver: who joins, who pays, who works, and what a project leaves behind."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institution, Institutions
from cosim.month.owners_vote import SHARE, call_vote, charge_without_asking
from cosim.month.party_takes import priority
from cosim.month.residents_order import Deciding, intends, likely_to_act
from cosim.rules import facilities as work_rules
from cosim.rules import taking_part as rules
from cosim.rules.compiled import kernel
from cosim.rules.numeric import ONE
from cosim.scenario.institutions import RUNGS
from cosim.scenario.supply import MODES, Arrangement
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import NEIGHBOURS
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Order, Stage
from cosim.world.population import columns
from cosim.world.world import World

JOINT_WORK_KEPT, JOINT_WORK_BROKEN = 0.5, -0.3
"""Signal about neighbours when half of the hands that were needed come to joint work, and when they don't."""
ENOUGH_HANDS = 0.5
MONTHS_TO_THE_NEXT_VOTE = 12
"""Months until owners are asked again who have not consented."""
PRECISION_MEMORY = 0.1
"""Weight of the latest project in running shares of how work met the need and how well it was done."""
LABOUR = 0.4
"""Largest share of a project's cost that volunteers' work can replace."""


def partners_deliver(world: World, institutions: Institutions) -> None:
    """Go on with the work in hand, begin what can be begun, and let residents join in."""
    _allot_site(world)
    terms = _terms(world, institutions)
    for order in world.orders.standing(Stage.IN_WORK):
        _work(world, institutions, order, terms)
    waiting = [order for order in world.orders.standing(Stage.ACCEPTED) if world.month >= order.ready]
    sets_priorities = RUNGS[world.settings.deliberate.rung].sets_priorities
    for order in sorted(waiting, key=lambda o: (-priority(world, o) * (o.voice if sets_priorities else 1.0), o.number)):
        _begin(world, institutions, order, terms)
    _show_works(world)
    _open_for_volunteers(world)
    came = join_work(world)
    _count_hands(world, came)


class Terms(NamedTuple):
    """What this month's practices make of the terms of work: coordination κ₀ per further party, yuan of paid work that
    an hour of volunteers replaces, and the shared grievance at which residents take work on.
    """

    coordination: float
    volunteer_value: float
    group_grievance: float


def _terms(world: World, institutions: Institutions) -> Terms:
    deliver, firm, committee = world.settings.partners_deliver, world.settings.property_firm, institutions.committee
    kappa = deliver.coordination
    stocks = institutions.party.alliances
    kappa *= 1.0 - deliver.alliance_coordination * sum(stocks.values()) / len(stocks)
    linked = firm.linkage and committee.hours.spend(world.per_thousand(firm.linkage_hours), "four-party linkage")
    if linked:  # without the firm or the owners, two of the four parties are left
        present = (2 + (institutions.firm.absent_for == 0) + institutions.owners.at_work) / 4
        kappa *= 1.0 - firm.linkage_gain * present
    pool = deliver.talent_pool and committee.hours.spend(world.per_thousand(deliver.pool_hours), "talent pool")
    supported = deliver.group_support and world.spend_yearly(deliver.group_money)
    return Terms(
        kappa,
        deliver.volunteer_value * (deliver.pool_gain if pool else 1.0),
        deliver.group_grievance * (1.0 - deliver.group_gain if supported else 1.0),
    )


def _begin(world: World, institutions: Institutions, order: Order, terms: Terms) -> None:
    """Begin a project if somebody takes it up, owners consent, and everybody can pay their share."""
    deliver = world.settings.partners_deliver
    arrangement = world.arrangements[order.category]
    cost = project_cost(world, order, arrangement, terms)
    public = arrangement.payers.get("government", 0.0)
    purse = _public_purse(world, institutions, cost * public)
    if purse is None:
        return  # then it cannot pay for the whole as a backstop either
    taken, partner = _taken_up(world, institutions, order, arrangement, cost, terms)
    if taken and not _consented(world, institutions, order, cost * arrangement.payers.get("residents", 0.0)):
        return  # the backstop is for work that nobody takes up, not for work that owners will not pay for
    if not taken and 0 < deliver.backstop_months <= world.month - order.accepted:
        arrangement = MODES["direct"]
        cost = project_cost(world, order, arrangement, terms)
        taken, partner = _taken_up(world, institutions, order, arrangement, cost, terms)
        purse = _public_purse(world, institutions, cost)
        taken = taken and purse is not None
    if not taken or purse is None:
        return
    _pay(world, order, arrangement, cost, partner, purse)
    _mark_out(world, institutions, order)
    order.stage, order.begun = Stage.IN_WORK, world.month
    order.producers, order.payers = arrangement.producers, arrangement.payers
    order.partner = partner.account if partner else ""
    order.arranger, order.overseer, order.parties = arrangement.arranger, arrangement.overseer, arrangement.parties
    order.openings = arrangement.volunteer_openings
    order.progress, order.came, order.stood_still, order.overseen = 0, 0, False, True
    order.note(world.month, f"begun by {order.partner or ' and '.join(order.producers)}")


def _public_purse(world: World, institutions: Institutions, amount: float) -> str | None:
    """Return the account that pays the public share: the government's, or the fund that owners have opened."""
    if institutions.government.can_pay(amount):
        return "government"
    owners = institutions.owners
    opened = owners.formed and owners.may_spend and world.settings.owners.use_fund
    return "fund" if opened and world.ledger.has("fund", amount) else None


def _consented(world: World, institutions: Institutions, order: Order, share: float) -> bool:
    """Whether residents' share of a project is settled: by a vote of the place's owners, or over their heads."""
    if share == 0.0 or order.consented:
        return True
    if not world.settings.owners.consent:
        charge_without_asking(world, order.place, share, order.category)
        order.consented = True
        return True
    if world.month < order.next_vote:
        return False
    result = call_vote(world, institutions, SHARE, order.place, share, order.category)
    if result is not None:
        order.consented, order.next_vote = result.passed, world.month + MONTHS_TO_THE_NEXT_VOTE
        order.note(world.month, "owners consent" if result.passed else "owners do not consent")
    return order.consented


def _mark_out(world: World, institutions: Institutions, order: Order) -> None:
    """Mark out on site with those concerned."""
    deliver = world.settings.partners_deliver
    marks = deliver.site_marking and order.place != COMPOUND
    if marks and institutions.committee.hours.spend(deliver.marking_hours, "marking out"):
        order.risk *= 1.0 - deliver.marking_gain


def _allot_site(world: World) -> None:
    """Give the service that is worst off for want of room a disused site, if the government can pay for it now."""
    deliver, condition = world.settings.partners_deliver, world.facilities.condition
    lacking = [k for k, c in enumerate(world.categories) if c.needs_site and k not in world.sites]
    if not lacking or len(world.sites) >= deliver.sites:
        return
    if world.ledger.spend("government", "government", world.per_thousand(deliver.site_money)):
        world.sites.add(min(lacking, key=lambda k: float(condition[:, k].mean())))


def _taken_up(
    world: World, institutions: Institutions, order: Order, arrangement: Arrangement, cost: float, terms: Terms
) -> tuple[bool, Institution | None]:
    """Whether every producer of an arrangement joins, and the partner that does."""
    if "partner" in arrangement.producers:
        partner = _choose(world, institutions, order, arrangement, cost)
        return partner is not None, partner
    if "government" in arrangement.producers:
        return institutions.government.hours.left >= world.settings.partners_deliver.hours_per_project, None
    return _residents_take_it_on(world, order, terms), None


def project_cost(world: World, order: Order, arrangement: Arrangement, terms: Terms) -> float:
    """Money that a project costs in yuan: by severity, less the work that volunteers are to do."""
    category = world.categories[order.category]
    deliver = world.settings.partners_deliver
    full = world.per_thousand(category.cost) if order.place == COMPOUND else category.cost
    q = world.facilities.condition_at(order.category, order.place)
    cost = work_rules.repair_cost.py_func(full, q, deliver.visit_share, deliver.severity_share)
    labour = arrangement.volunteer_openings * deliver.hours_per_volunteer * terms.volunteer_value
    return cost - min(labour, LABOUR * cost)


def _residents_take_it_on(world: World, order: Order, terms: Terms) -> bool:
    """Residents alone take work on where a grievance is shared and ties are strong."""
    r = world.residents
    people = world.people_at(order.place)
    shared = float((r.grievance[people] * r.embedded[people]).sum()) / max(people.size, 1)
    return shared >= terms.group_grievance


def _choose(
    world: World, institutions: Institutions, order: Order, arrangement: Arrangement, cost: float
) -> Institution | None:
    """Return the first partner, in the order of the award, that has crews left and whose terms are met, if any."""
    share = cost * arrangement.payers.get("partner", 0.0)
    crew = world.settings.partners_deliver.crew_hours
    for body in institutions.candidates(world.partner_kinds[order.category], arrangement.award):
        if body.hours.left >= crew and body.joins(order, share):
            return body
    return None


def _pay(
    world: World, order: Order, arrangement: Arrangement, cost: float, partner: Institution | None, purse: str
) -> None:
    """Let every payer pay its share in advance."""
    order.cost = cost
    for payer, share in arrangement.payers.items():
        if payer == "government":
            world.ledger.pay_for_work(purse, "residents" if purse == "fund" else purse, order.category, cost * share)
        elif payer == "residents":
            world.ledger.pay_for_work("households", "residents", order.category, cost * share)
        elif partner is not None:
            world.ledger.pay_for_work(partner.account, "partners", order.category, cost * share)


def _work(world: World, institutions: Institutions, order: Order, terms: Terms) -> None:
    """One month of work: crews, coordination, oversight; without the first two it stands still."""
    deliver = world.settings.partners_deliver
    arranging = institutions.government if order.arranger == "government" else institutions.committee
    if order.partner and (institutions.named(order.partner).gone or _left(institutions, order.partner)):
        order.stage, order.consented = Stage.ACCEPTED, False
        order.note(world.month, f"given up by {order.partner}")
        return
    kappa = terms.coordination * (order.parties - 1)
    if order.arranger != "residents" and not arranging.hours.spend(kappa * deliver.coordination_hours, "coordination"):
        order.stood_still = True
        return
    if not _crews(world, institutions, order):
        return
    if not _oversee(world, institutions, order):
        order.overseen = False
    order.progress += 1
    category = world.categories[order.category]
    short_of_hands = order.openings > 0 and order.came < ENOUGH_HANDS * order.openings
    if order.progress >= category.work_months + int(short_of_hands):
        _deliver(world, institutions, order)


def _left(institutions: Institutions, account: str) -> bool:
    """Whether a partner is the property firm, and that has left the compound."""
    return account == institutions.firm.account and institutions.firm.absent_for > 0


def _crews(world: World, institutions: Institutions, order: Order) -> bool:
    deliver = world.settings.partners_deliver
    if "government" in order.producers:
        return institutions.government.hours.spend(deliver.hours_per_project, "projects")
    if order.partner:
        return institutions.named(order.partner).hours.spend(deliver.crew_hours, "projects")
    return True


def _oversee(world: World, institutions: Institutions, order: Order) -> bool:
    """Whether somebody with time for it looks after the work this month; which projects, is drawn once."""
    deliver = world.settings.partners_deliver
    body = {"government": institutions.government, "community": institutions.committee}.get(order.overseer)
    if body is None or order.luck >= deliver.oversight:
        return False
    return body.hours.spend(deliver.oversight_hours, "oversight")


def _deliver(world: World, institutions: Institutions, order: Order) -> None:
    """Finish the work: how good it is, and whether it meets the need."""
    deliver, category = world.settings.partners_deliver, world.categories[order.category]
    good = deliver.workmanship
    good -= 0.0 if order.overseen else deliver.unwatched
    good -= deliver.uncoordinated if order.stood_still else 0.0
    if category.needs_site and order.category not in world.sites:
        good = min(good, deliver.without_site)
    talks = world.settings.deliberate
    missed = talks.missed * order.risk * (1.0 - order.breadth) * (talks.capture if order.captured else 1.0)
    order.fit = deliver.fit_of_a_miss if world.draw(Purpose.MISSED, order.key) < missed else 1.0
    before = world.facilities.condition_at(order.category, order.place)
    world.facilities.set_condition(order.category, order.place, work_rules.repaired.py_func(before, good, order.fit))
    order.stage, order.delivered = Stage.DELIVERED, world.month
    order.note(world.month, "delivered" if order.fit == 1.0 else "delivered, but it misses the need")
    world.precision += PRECISION_MEMORY * ((order.fit == 1.0) - world.precision)
    if order.partner:
        body = institutions.named(order.partner)
        body.delivered += 1
        body.quality += PRECISION_MEMORY * (good / deliver.workmanship * order.fit - body.quality)
        institutions.party.work_jointly(body.kind)
    if order.openings:
        institutions.party.work_jointly("residents")


def _show_works(world: World) -> None:
    """Let everybody live with the works at their place."""
    for order in world.orders.standing(Stage.IN_WORK):
        world.circumstances.works[world.facilities.rows(order.place)] += 1.0


def _open_for_volunteers(world: World) -> None:
    """Openings of this month: the committee's routine work everywhere, and projects where residents produce."""
    adults = world.adults
    c, everybody = world.circumstances, max(int(adults.sum()), 1)
    c.openings += world.per_thousand(world.settings.partners_deliver.routine_openings) * adults / everybody
    for order in world.orders.standing(Stage.IN_WORK):
        if order.openings and order.came < order.openings:
            here = adults if order.place == COMPOUND else np.arange(len(adults)) == order.place
            c.openings += (order.openings - order.came) * here / max(here.sum(), 1)


def join_work(world: World) -> np.ndarray:
    """Ask residents to the openings of their building; return the rows of those who come, int64[n]."""
    r, c, deliver = world.residents, world.circumstances, world.settings.partners_deliver
    asked = np.minimum(c.openings * c.asking / np.maximum(world.adults, 1), 1.0)
    c.worked = coproduce(
        columns(Deciding, r), r.coproduced, world.constants["taking_part"], asked, np.float32(c.kept),
        np.float32(deliver.coproduce_cost), np.float32(c.migrant_cost), world.month,
        world.stream(Purpose.ASKED), world.stream(Purpose.COPRODUCE),
    )  # fmt: skip
    return c.worked


@kernel
def coproduce(
    r: Any, coproduced: np.ndarray, p: Any, asked: np.ndarray, kept: float, cost: float, migrant_cost: float,
    month: int, asking: np.uint64, chance: np.uint64,
) -> np.ndarray:  # fmt: skip
    """Rows of residents who join in work, int64[n]; `asked` float64[B] is the probability of being asked."""
    came, n = np.empty(r.key.size, np.int64), 0
    for i in range(r.key.size):
        if uniform(asking, r.key[i]) >= asked[r.building[i]] or not r.present[i]:
            continue
        fatigue = rules.fatigue(np.float32(month - coproduced[i]), p.fatigue_months)
        own_cost = cost + migrant_cost * r.migrant[i] + p.fatigue * fatigue
        intention = intends(r, i, p, NEIGHBOURS, kept, own_cost) + p.habit * r.habit[i]
        likely = likely_to_act(r, i, p, intention, p.coproduce_threshold, p.contribute_ceiling)
        if uniform(chance, r.key[i]) < likely:
            came[n] = i
            n += 1
            coproduced[i] = month
            r.habit[i] += p.habit_gain * (ONE - r.habit[i])
    return came[:n]


def _count_hands(world: World, came: np.ndarray) -> None:
    """Credit those who came to the projects of their building, and tell them whether enough others came."""
    c, deliver = world.circumstances, world.settings.partners_deliver
    hands = np.bincount(world.residents.building[came], minlength=len(c.openings)) + world.hands
    world.volunteer_hours = len(came) * deliver.hours_per_volunteer
    enough = hands >= ENOUGH_HANDS * c.openings
    kept = np.where(enough, JOINT_WORK_KEPT, JOINT_WORK_BROKEN)
    c.own[came, NEIGHBOURS] += kept[world.residents.building[came]].astype(np.float32)
    for order in world.orders.standing(Stage.IN_WORK):
        if order.openings:
            here = hands.sum() if order.place == COMPOUND else hands[order.place]
            order.came = min(order.came + int(here), order.openings)
