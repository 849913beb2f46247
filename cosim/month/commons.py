"""Commons care: households keep what is shared, or encroach on it; norms and those who enforce them."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import commons as rules
from cosim.rules.compiled import kernel
from cosim.rules.numeric import HALF, ONE, ZERO
from cosim.rules.taking_part import conditional_response
from cosim.world.chance import Purpose, sub_key, uniform
from cosim.world.columns import PARTY
from cosim.world.population import HouseholdColumns, columns
from cosim.world.world import World


class Neighbours(NamedTuple):
    """Columns of residents that their household's conduct reads."""

    present: np.ndarray
    cooperator: np.ndarray
    belonging: np.ndarray


def commons(world: World, institutions: Institutions) -> None:
    """Set what encroachment meets this month, and let households keep or encroach."""
    norms, c, committee = world.settings.norms, world.circumstances, institutions.committee
    encroaching = float(np.count_nonzero(~world.households.keeps))
    watched = committee.hours.spend(world.per_thousand(norms.watch_hours) * norms.watch, "watching")
    c.watch = norms.watch if watched else 0.0
    due = c.watch * encroaching * norms.sanction_hours
    c.sanction = norms.sanctions if c.watch and norms.sanctions and committee.hours.spend(due, "sanctions") else 0.0
    published = norms.publicity and committee.hours.spend(world.per_thousand(norms.publicity_hours), "publicity")
    c.conduct_seen = 1.0 if published else world.settings.commons.conduct_seen
    keeping = world.households.rows - encroaching
    rewarded = norms.rewards > 0.0 and world.ledger.transfer("government", "residents", norms.rewards / 12.0 * keeping)
    c.reward = norms.rewards / 100.0 if rewarded else 0.0
    care(world)


def care(world: World) -> None:
    """Let households reconsider whether they keep; those who are sanctioned resent it."""
    c = world.circumstances
    keep_or_encroach(
        columns(HouseholdColumns, world.households), columns(Neighbours, world.residents), world.constants["commons"],
        world.constants["taking_part"].conditional_slope, world.keeping * np.float32(c.conduct_seen), c.own,
        np.float32(c.watch), np.float32(c.sanction), np.float32(c.reward),
        world.stream(Purpose.KEEP), world.stream(Purpose.CAUGHT),
    )  # fmt: skip
    world.keeping = keeping_share(world)


def keeping_share(world: World) -> np.ndarray:
    """Return the share of households that keep shared space, by building, float32[B]."""
    keeps = np.add.reduceat(world.households.keeps, world.building_homes[:-1], dtype=np.float32)
    return keeps / np.diff(world.building_homes)


@kernel
def keep_or_encroach(
    homes: Any, r: Any, p: Any, slope: float, seen: np.ndarray, own: np.ndarray, watch: float, sanction: float,
    reward: float, keeps: np.uint64, catches: np.uint64,
) -> None:  # fmt: skip
    """One month of conduct; `seen` float32[B] is the keeping that neighbours see; writes ill will into `own`."""
    for h in range(homes.key.size):
        first, end = homes.first[h], homes.first[h] + homes.size[h]
        caught = sanction > ZERO and not homes.keeps[h] and uniform(catches, homes.key[h]) < watch
        if caught:
            if homes.warned[h]:
                for i in range(first, end):
                    own[i, PARTY] -= p.ill_will * sanction
            homes.warned[h] = True
        u = uniform(keeps, homes.key[h])
        if u >= p.review and not caught:
            continue
        belonging, n, cooperator = ZERO, ZERO, 0
        for i in range(first, end):
            if r.present[i]:
                if n == ZERO:
                    cooperator = r.cooperator[i]
                belonging += r.belonging[i]
                n += ONE
        if n == ZERO:
            continue
        others = conditional_response(cooperator, seen[homes.building[h]], slope) - HALF * slope
        likely = rules.keeping(
            others, belonging / n, watch * rules.severity(sanction, homes.warned[h]), reward,
            p.intercept, p.w_others, p.w_belonging, p.w_sanction, p.w_reward,
        )  # fmt: skip
        homes.keeps[h] = uniform(keeps, sub_key(homes.key[h], 1)) < likely
