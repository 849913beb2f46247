"""Pay: households decide on the property fee, and the firm on its effort."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import fee as rules
from cosim.rules.compiled import kernel
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
    decide_to_pay(world)
    firm.rated = lever.residents_rate and institutions.committee.hours.spend(
        world.per_thousand(lever.rating_hours), "rating the firm"
    )
    due = float(homes.fee.sum(dtype=np.float64))
    income = float(homes.fee[homes.pays].sum(dtype=np.float64))
    if firm.absent_for == 0:
        world.ledger.pay("households", firm.account, income)
    firm.manage(income, due)
    world.circumstances.effort = firm.effort


def decide_to_pay(world: World) -> None:
    """Let households that review the decision take it anew."""
    homes, c, f = world.households, world.circumstances, world.facilities
    buildings = world.settings.population.buildings
    paying = np.bincount(homes.building, weights=homes.pays, minlength=buildings)
    share = paying / np.bincount(homes.building, minlength=buildings)
    weights = f.upkeep_share / f.upkeep_share.sum() if f.upkeep_share.any() else np.full(len(f.names), 1 / len(f.names))
    condition = c.condition @ weights
    review(
        columns(HouseholdColumns, homes), columns(Members, world.residents), world.constants["fee"],
        world.constants["taking_part"].conditional_slope, condition, c.effort, share,
        world.stream(Purpose.REVIEW), world.stream(Purpose.PAY),
    )  # fmt: skip


@kernel
def review(
    homes: Any, r: Any, p: Any, slope: float, condition: np.ndarray, effort: float, share: np.ndarray,
    reviews: np.uint64, chance: np.uint64,
) -> None:  # fmt: skip
    """Decisions of the households that review this month; `condition` and `share` of payers are float64[B]."""
    usual_due = p.rate * p.area
    for h in range(homes.key.size):
        if uniform(reviews, homes.key[h]) >= p.review:
            continue
        trust, n, cooperator = 0.0, 0, 0
        for i in range(homes.first[h], homes.first[h] + homes.size[h]):
            if r.present[i]:
                if n == 0:
                    cooperator = r.cooperator[i]
                trust += r.trust[i, FIRM]
                n += 1
        if n == 0:
            continue
        b = homes.building[h]
        service = rules.property_service(condition[b], effort, p.w_condition)
        others = conditional_response(cooperator, share[b], slope) - 0.5 * slope
        burden = p.burden * homes.fee[h] / max(usual_due, 1e-9)
        likely = rules.paying(
            service, trust / n, others, burden, homes.taste[h],
            p.intercept, p.w_service, p.neutral_service, p.w_trust, p.w_others,
        )  # fmt: skip
        homes.pays[h] = uniform(chance, homes.key[h]) < likely
