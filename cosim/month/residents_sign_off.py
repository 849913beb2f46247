"""Residents sign off: they check, judge, and give credit and blame to those who acted."""

import math
from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.pay import paying_share
from cosim.rules import handling as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.numeric import HALF, ONE, ZERO, clip
from cosim.rules.trust import believe, return_to_set_point
from cosim.world.chance import SLICES, Purpose, bell, bits, slice_of, sub_key, uniform
from cosim.world.columns import CONTRIBUTED, FIRM, GOVERNMENT, INFORMED, NEIGHBOURS, PARTNERS, PARTY
from cosim.world.orders import Order, Stage
from cosim.world.population import columns
from cosim.world.world import World

MISSED = 0.5
"""Outcome up to which an order counts as no promise kept: work that misses the need is none."""
HEALTHY_KEPT = 20
"""Requests ended in a month at which promises kept move at full speed."""
FIVE = np.uint32(5)


def residents_sign_off(world: World, institutions: Institutions) -> None:
    """Check and close what was delivered, judge all orders that ended, and let residents draw their conclusions."""
    _open_books(world, institutions)
    for order in world.orders.standing(Stage.DELIVERED):
        if not _reopen(world, institutions, order):
            world.orders.end(order, Stage.SIGNED_OFF, world.month)
    for order in world.orders.ended_now:
        _judge(world, institutions, order)
    _promises_kept(world)
    _routine(world, institutions)
    conclude(world)


def _open_books(world: World, institutions: Institutions) -> None:
    lever, c = world.settings.residents_sign_off, world.circumstances
    disclosed = lever.disclosure and institutions.committee.hours.spend(
        world.per_thousand(lever.disclosure_hours), "disclosure"
    )
    c.noticed = lever.noticed_disclosed if disclosed else lever.noticed


def _reopen(world: World, institutions: Institutions, order: Order) -> bool:
    """Let those who asked check the work; what is of less use than they expect goes back to its producers."""
    lever = world.settings.residents_sign_off
    who = world.still_here(order.asked)
    if not (lever.acceptance_check and who.size and order.reopened < lever.reopenings):
        return False
    if not institutions.committee.hours.spend(lever.hours_per_check, "acceptance checks"):
        return False
    expected = float(world.residents.expectation[who].sum()) / who.size
    useful = order.fit * world.facilities.condition_at(order.category, order.place)
    if useful >= expected - lever.tolerance:
        return False
    order.reopened += 1
    order.stage, order.progress, order.overseen, order.stood_still = Stage.IN_WORK, 0, True, False
    order.breadth = 1.0
    order.note(world.month, "reopened")
    return True


def _judge(world: World, institutions: Institutions, order: Order) -> None:
    """Turn the end of an order into verdicts of those who asked and signals for those who see it."""
    h, r, c, f = world.settings.handling, world.residents, world.circumstances, world.facilities
    done = order.stage is Stage.SIGNED_OFF
    outcome = order.fit if done else 0.0
    waited = min((world.month - order.placed) / h.patience, 1.0)
    verdict = rules.judgement.py_func(
        outcome, waited, float(order.replied), float(order.explained), h.w_outcome, h.w_wait, h.w_reply, h.w_explained
    )
    handler, doers = responsibility(order, h.handler_share)
    standing = f.condition_at(order.category, order.place)
    who, here = world.still_here(order.asked), world.people_at(order.place)
    seen = give_verdict(
        columns(Judging, r), c.own, c.verdict, c.outcome, who, here, handler, doers, verdict, outcome, done, standing,
        world.constants["handling"],
    )  # fmt: skip
    c.seen[f.rows(order.place)] += seen
    for account in (order.handler, order.partner, *order.producers):
        _remember(institutions, account, outcome)
    c.ended += len(order.asked)
    c.well += len(order.asked) * float(outcome > MISSED and waited < 1.0)


class Judging(NamedTuple):
    """Columns that the end of an order reads."""

    expectation: np.ndarray


@kernel
def give_verdict(
    r: Any, own: np.ndarray, verdicts: np.ndarray, outcomes: np.ndarray, who: np.ndarray, here: np.ndarray,
    handler: np.ndarray, doers: np.ndarray, verdict: float, outcome: float, done: bool, condition: float,
    h: Any,
) -> np.ndarray:  # fmt: skip
    """Signals to those who asked (rows, int64[n]); returns what the people `here` (rows) can see, float64[5]."""
    handled = 2.0 * verdict - 1.0
    for i in who:
        e = r.expectation[i]
        result = rules.result_signal(condition, e, h.result_margin, h.result_gain) if done else -h.failure
        for k in range(5):
            own[i, k] += handled * handler[k] + result * doers[k]
        verdicts[i] = verdict
        outcomes[i] = outcome
    expected = 0.0
    for i in here:
        expected += r.expectation[i]
    expected /= max(here.size, 1)
    result = rules.result_signal(condition, expected, h.result_margin, h.result_gain) if done else -h.failure
    return handled * handler + result * doers


def responsibility(order: Order, handler_share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of credit and blame by target: of whoever answered, and of those who paid and did.

    Both are float64[5], and their sum over everything is 1 however many bodies were involved.
    """
    firm = order.partner == "property_firm"
    target = {
        "government": GOVERNMENT, "community": PARTY, "": GOVERNMENT,
        "partner": FIRM if firm else PARTNERS, "residents": NEIGHBOURS,
    }  # fmt: skip
    handler, doers = np.zeros(5), np.zeros(5)
    share = handler_share if order.producers else 1.0
    handler[target[order.handler]] = share
    for payer, part in order.payers.items():
        doers[target[payer]] += 0.5 * (1.0 - share) * part
    for producer in order.producers:
        doers[target[producer]] += 0.5 * (1.0 - share) / len(order.producers)
    return handler, doers


def _remember(institutions: Institutions, account: str, outcome: float) -> None:
    body = {"government": institutions.government, "community": institutions.party}.get(account)
    if body is None and account not in ("", "partner", "residents"):
        body = institutions.named(account)
    if body is not None:
        body.remember(outcome)


def _promises_kept(world: World) -> None:
    """Move the running share of promises kept, the faster the more requests ended this month."""
    c = world.circumstances
    if c.ended:
        weight = world.settings.residents_sign_off.kept_memory * c.ended / (c.ended + HEALTHY_KEPT)
        c.kept += weight * (c.well / c.ended - c.kept)


def _routine(world: World, institutions: Institutions) -> None:
    """Publish how well each body does its routine work, as chance encounters show it."""
    routine = world.circumstances.routine
    partners = [body.standing for body in institutions.partners if not body.gone] or [0.5]
    routine[:, NEIGHBOURS] = paying_share(world) + world.keeping - 1.0
    routine[:, GOVERNMENT] = 2.0 * institutions.government.standing - 1.0
    routine[:, PARTY] = 2.0 * institutions.party.standing - 1.0
    routine[:, FIRM] = 2.0 * institutions.firm.effort - 1.0
    routine[:, PARTNERS] = 2.0 * float(np.mean(partners)) - 1.0


class Concluding(NamedTuple):
    """Columns that change when residents draw their conclusions."""

    key: np.ndarray
    building: np.ndarray
    set_point: np.ndarray
    trust: np.ndarray
    handling: np.ndarray
    efficacy: np.ndarray
    habit: np.ndarray
    published: np.ndarray
    informed: np.ndarray
    deliberated: np.ndarray
    coproduced: np.ndarray
    signed_off: np.ndarray


def conclude(world: World) -> None:
    """Update trust, handling and efficacy from this month's experience, and publish what others can see."""
    c = world.circumstances
    believe_experience(
        columns(Concluding, world.residents), world.constants["trust"], world.constants["handling"],
        world.constants["taking_part"], c.own, c.seen, c.routine, c.verdict, c.outcome, c.noticed, world.month,
        world.stream(Purpose.ENCOUNTER), world.stream(Purpose.NOTICE),
    )  # fmt: skip


@kernel
def believe_experience(
    r: Any, p: Any, h: Any, part: Any, own: np.ndarray, seen: np.ndarray, routine: np.ndarray, verdict: np.ndarray,
    outcome: np.ndarray, noticed: float, month: int, encounters: np.uint64, notices: np.uint64,
) -> None:  # fmt: skip
    """One month of conclusions; clears `own`, `verdict` and `outcome` for the next."""
    often = np.uint64(math.ceil(p.encounter * SLICES))
    met, n = np.empty(own.size, np.uint32), 0
    for i in range(r.key.size):
        weight = h.seen_weight if uniform(notices, r.key[i]) < noticed else ZERO
        lots, b = bits(encounters, r.key[i]), r.building[i]
        for k in range(5):
            own[i, k] += weight * clip(seen[b, k], -ONE, ONE)
            met[n] = 5 * i + k  # kept only if the count goes on: cheaper than a branch that nobody can foresee
            n += int(slice_of(lots, k) < often)
    for encounter in met[:n]:
        who, body = encounter // FIVE, encounter % FIVE
        luck = np.float32(bell(encounters, sub_key(r.key[who], body)))
        own[who, body] += p.routine * routine[r.building[who], body] + p.encounter_spread * luck
    believe_signals(r.trust.reshape(-1), r.set_point.reshape(-1), own.reshape(-1), p)
    fade_opinions(r, h, part)
    for i in range(r.key.size):
        if not np.isnan(verdict[i]):
            r.handling[i] += HALF * (verdict[i] - r.handling[i])
            r.efficacy[i] += part.efficacy_gain * (outcome[i] - r.efficacy[i])
            if outcome[i] > ZERO:
                r.signed_off[i] = month
            verdict[i] = outcome[i] = np.nan
        for k in range(5):
            r.published[i, k] = own[i, k]
            own[i, k] = ZERO
        r.published[i, INFORMED] = r.informed[i]
        r.published[i, CONTRIBUTED] = np.float32(month - max(r.deliberated[i], r.coproduced[i]) < 12)


@rule
def believe_signals(level: np.ndarray, set_point: np.ndarray, signals: np.ndarray, p: Any) -> None:
    """Update trust from signals, five numbers a resident; signals end within [-1, 1]."""
    for k in range(level.size):
        signals[k] = clip(signals[k], -ONE, ONE)
        returned = return_to_set_point(level[k], set_point[k], p.pull)
        level[k] = believe(returned, signals[k], p.gain, p.loss_ratio, p.notice)


@rule
def fade_opinions(r: Any, h: Any, part: Any) -> None:
    """Let handling, efficacy and habit fade."""
    for i in range(r.key.size):
        r.handling[i] = rules.fading(r.handling[i], h.fading)
    for i in range(r.key.size):
        r.efficacy[i] += part.efficacy_pull * (part.efficacy - r.efficacy[i])
    keep_habit = np.float32(0.5 ** (1.0 / part.habit_half_life))
    for i in range(r.key.size):
        r.habit[i] *= keep_habit
