"""Observe: compute every measure at the end of a month. Observers never draw."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.outcomes.index import evaluate
from cosim.outcomes.measures import CATEGORY_MEASURES, RESIDENT_MEASURES
from cosim.rules.compiled import kernel
from cosim.world.accounts import PAYERS
from cosim.world.columns import NEIGHBOURS
from cosim.world.orders import ENDED, Stage
from cosim.world.population import columns
from cosim.world.world import World

YEAR = 12


class Observed(NamedTuple):
    """Columns that measures of residents read."""

    present: np.ndarray
    building: np.ndarray
    profile: np.ndarray
    migrant: np.ndarray
    member: np.ndarray
    trust: np.ndarray
    satisfaction: np.ndarray
    belonging: np.ndarray
    safety: np.ndarray
    handling: np.ndarray
    expectation: np.ndarray
    efficacy: np.ndarray
    grievance: np.ndarray
    mobilisation: np.ndarray
    embedded: np.ndarray
    close_ties: np.ndarray
    informed: np.ndarray
    ordered: np.ndarray
    deliberated: np.ndarray
    coproduced: np.ndarray


class Month(NamedTuple):
    """All measures of one month: whole compound, groups x measures, categories x measures."""

    month: int
    whole: dict[str, float]
    groups: np.ndarray
    categories: np.ndarray


def observe(world: World, institutions: Institutions) -> Month:
    """Return every measure of the month that has just passed."""
    lived = world.circumstances.condition @ world.facilities.needs.T
    sums, squares = total(columns(Observed, world.residents), lived, world.month)
    counts = np.maximum(sums[:, -1:], 1.0)
    means = sums / counts
    means[:, -1] = sums[:, -1]
    everyone = sums.sum(axis=0)
    people = max(everyone[-1], 1.0)
    whole = dict(zip(RESIDENT_MEASURES, (everyone / people).tolist(), strict=True))
    whole["residents"] = float(everyone[-1])
    mean = everyone[RESIDENT_MEASURES.index("trust_neighbours")] / people
    whole["trust_spread"] = float(np.sqrt(max(squares / people - mean * mean, 0.0)))
    whole.update(_of_the_community(world, institutions))
    waiting = [world.month - order.placed for order in world.orders.open.values()]
    whole |= evaluate({
        "convenience": sum(waiting) / len(waiting) if waiting else 0.0,
        "precision": world.precision,
        "transparency": whole["informed"],
        "low_cost": 12.0 * whole["cost_total"] / people,
        "participation": whole["participation"] * whole["promises_kept"],
    })  # fmt: skip
    return Month(world.month, whole, means, _of_categories(world))


def _of_the_community(world: World, institutions: Institutions) -> dict[str, float]:
    s, orders, homes = world.settings, world.orders, world.households
    deliver = s.partners_deliver
    staff = sum(
        world.per_thousand(hours)
        for hours in (
            s.government.staff_hours, s.government.hired_hours, s.committee.staff_hours, s.party_leads.staff_hours,
            s.party_leads.cadres * s.party_leads.cadre_hours,
        )
    )  # fmt: skip
    government, partners, residents = (
        float(world.ledger.work[k].sum()) + world.ledger.overhead[payer] for k, payer in enumerate(PAYERS)
    )
    volunteers = world.volunteer_hours + world.member_hours
    public = government + staff * s.government.wage
    own = residents + world.fees
    ended = {stage: sum(order.stage is stage for order in orders.ended_now) for stage in ENDED}
    signed_off = ended[Stage.SIGNED_OFF]
    return {
        "turnout": world.turnout,
        "turnout_official": world.official_turnout,
        "turnout_owners": world.owners_turnout,
        "keeping": np.count_nonzero(homes.keeps) / homes.rows,
        "disputes": float(world.disputes),
        "meetings": float(world.circumstances.meeting),
        "openings": float(world.circumstances.openings.sum()),
        "fund": world.ledger.balance["fund"],
        "fee_collection": np.count_nonzero(homes.pays) / homes.rows,
        "firm_effort": institutions.firm.effort,
        "promises_kept": world.circumstances.kept,
        "orders_placed": float(orders.month_placed.sum()),
        "requests": float(np.count_nonzero(world.residents.ordered == world.month)),
        "orders_open": float(len(orders.open)),
        "orders_signed_off": float(signed_off),
        "orders_rejected": float(ended[Stage.REJECTED]),
        "orders_lost": float(ended[Stage.LOST]),
        "wait": float(orders.month_waited.sum() / signed_off) if signed_off else np.nan,
        "cost_government": public,
        "cost_partners": partners,
        "cost_residents": own,
        "volunteer_hours": float(volunteers),
        "cost_total": float(public + partners + own + volunteers * deliver.volunteer_value),
    }


def _of_categories(world: World) -> np.ndarray:
    """Measures of each category in the order of `CATEGORY_MEASURES`, float64[categories, measures]."""
    orders, f = world.orders, world.facilities
    standing = np.bincount([o.category for o in orders.open.values()], minlength=len(f.names))
    done = orders.month_signed_off
    wait = np.divide(orders.month_waited, done, out=np.full(len(f.names), np.nan), where=done > 0)
    values = {
        "condition": f.condition.mean(axis=0, dtype=np.float64),
        "orders_placed": orders.month_placed,
        "orders_signed_off": done,
        "orders_open": standing,
        "wait": wait,
        "cost_government": world.ledger.work[0],
        "cost_partners": world.ledger.work[1],
        "cost_residents": world.ledger.work[2],
    }
    return np.column_stack([np.asarray(values[name], np.float64) for name in CATEGORY_MEASURES])


@kernel
def total(r: Any, lived: np.ndarray, month: int) -> tuple[np.ndarray, float]:
    """Sums of every resident measure by group, float64[groups, measures], and of squared trust in neighbours.

    The order of measures is that of `RESIDENT_MEASURES`; the last one counts people.
    """
    sums = np.zeros((3, 22))
    squares = 0.0
    for i in range(r.present.size):
        if not r.present[i]:
            continue
        g = 2 if r.member[i] else (1 if r.migrant[i] else 0)
        row = sums[g]
        row[0] += month - max(r.deliberated[i], r.coproduced[i]) < YEAR
        row[1] += month - r.deliberated[i] < YEAR
        row[2] += month - r.coproduced[i] < YEAR
        row[3] += month - r.ordered[i] < YEAR
        for k in range(5):
            row[4 + k] += r.trust[i, k]
        squares += np.float64(r.trust[i, NEIGHBOURS]) ** 2
        row[9] += r.satisfaction[i]
        row[10] += r.belonging[i]
        row[11] += lived[r.building[i], r.profile[i]]
        row[12] += r.safety[i]
        row[13] += r.handling[i]
        row[14] += r.expectation[i]
        row[15] += r.efficacy[i]
        row[16] += r.grievance[i]
        row[17] += r.mobilisation[i]
        row[18] += r.embedded[i]
        row[19] += r.close_ties[i] <= 1
        row[20] += r.informed[i]
        row[21] += 1.0
    return sums, squares


