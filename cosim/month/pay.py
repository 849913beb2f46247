"""Pay: households decide on the property fee, and the firm on its effort."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import fee as rules
from cosim.rules.compiled import kernel
from cosim.rules.numeric import HALF, ONE, TINY, ZERO
from cosim.rules.taking_part import conditional_response
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import FIRM
from cosim.world.population import HouseholdColumns, columns
from cosim.world.world import World


class Members(NamedTuple):
    """Columns of residents that their household's decision reads."""

    present: np.ndarray
    cooperator: np.ndarray
    trust: np.ndarray


def pay(world: World, institutions: Institutions) -> None:
    """Let households review and pay; the firm turns income into effort."""
    firm, lever, homes = institutions.firm, world.settings.property_firm, world.households
    c, area = world.circumstances, float(world.households.area.sum(dtype=np.float64))
    c.fee_level = lever.fee_level
    decide_to_pay(world)
    firm.rated = lever.residents_rate and institutions.committee.hours.spend(
        world.per_thousand(lever.rating_hours), "rating the firm"
    )
    income = float(homes.fee[homes.pays].sum(dtype=np.float64)) * c.fee_level
    if firm.absent_for == 0:
        world.ledger.pay("households", firm.account, income)
        world.fees = income
    firm.manage(income + _common_income(world, institutions, area), area)
    c.effort = firm.effort


def _common_income(world: World, institutions: Institutions, area: float) -> float:
    """Return what the firm has from common parts, in yuan; nothing where it goes to the owners' fund."""
    owners, firm = world.settings.owners, institutions.firm
    income = owners.parts_income * area
    claimed = owners.common_income and institutions.owners.collects and institutions.owners.at_work
    if claimed and institutions.committee.hours.spend(world.per_thousand(owners.accounts_hours), "accounts"):
        world.ledger.pay("outside", "fund", income)
        return 0.0
    if firm.absent_for == 0:
        world.ledger.pay("outside", firm.account, income)
    return income


def decide_to_pay(world: World) -> None:
    """Let households that review the decision take it anew."""
    homes, c = world.households, world.circumstances
    review(
        columns(HouseholdColumns, homes), columns(Members, world.residents), world.constants["fee"],
        world.constants["taking_part"].conditional_slope, c.condition @ world.facilities.upkeep_weights,
        np.float32(c.effort), np.float32(c.fee_level), paying_share(world),
        world.stream(Purpose.REVIEW), world.stream(Purpose.PAY),
    )  # fmt: skip


def paying_share(world: World) -> np.ndarray:
    """Return the share of households that pay, by building, float32[B]; a building's households stand together."""
    pays = np.add.reduceat(world.households.pays, world.building_homes[:-1], dtype=np.float32)
    return pays / np.diff(world.building_homes)


@kernel
def review(
    homes: Any, r: Any, p: Any, slope: float, condition: np.ndarray, effort: float, level: float, share: np.ndarray,
    reviews: np.uint64, chance: np.uint64,
) -> None:  # fmt: skip
    """Decisions of the households that review this month; `condition` and `share` of payers are float32[B]."""
    usual_due = max(p.rate * p.area, TINY)
    for h in range(homes.key.size):
        if uniform(reviews, homes.key[h]) >= p.review:
            continue
        trust, n, cooperator = ZERO, ZERO, 0
        for i in range(homes.first[h], homes.first[h] + homes.size[h]):
            if r.present[i]:
                if n == ZERO:
                    cooperator = r.cooperator[i]
                trust += r.trust[i, FIRM]
                n += ONE
        if n == ZERO:
            continue
        b = homes.building[h]
        service = rules.property_service(condition[b], effort, p.w_condition)
        others = conditional_response(cooperator, share[b], slope) - HALF * slope
        burden = p.burden * level * homes.fee[h] / usual_due
        likely = rules.paying(
            service, trust / n, others, burden, homes.taste[h],
            p.intercept, p.w_service, p.neutral_service, p.w_trust, p.w_others,
        )  # fmt: skip
        homes.pays[h] = uniform(chance, homes.key[h]) < likely
