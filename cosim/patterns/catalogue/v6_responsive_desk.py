"""V6: a responsive desk: what is resolved in time rises fast, then saturates.

The unreformed compound against the same one in which requests are answered as Beijing's hotline does: a hotline and a
desk, sorting by how many ask and how bad it is, small matters settled in the community, a capped load of duties, a case
agent and the Party's chain for what climbs, and a reply to everybody. Who supplies and who pays is the same in both.

Resolved is a request that was signed off within three months of being placed, by month of placing; one that more people
joined counts once for each of them, and what was lost, rejected or done later counts as not resolved. Beijing's figures
are asked at call-back and rank officials, so they are biased upwards.

What the model does. Next to nothing is resolved in time, with the desk or without: every request here is a repair that
needs money, a crew and months of work, and these decide how long it takes; sorting and replying do not. With several
times the money and staff (`--set government.budget=1000 --set government.hired_hours=500`) the desk resolves nearly all
in time, from the first months on. What is missing is what most contacts of a hotline are about, small matters and
questions that are settled by an answer, and offices that learn; the share of the former is not known for a compound.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.world.orders import Stage

IN_TIME = 3
"""Months within which an order must be signed off: ninety days."""
YEARS = 5
BEFORE, AFTER = "unreformed", "responsive"
DESK = {
    "residents_order.hotline": True,
    "residents_order.order_desk": True,
    "party_takes.triage": True,
    "party_takes.delegation": True,
    "party_takes.load_cap": 0.4,
    "party_takes.party_chain": True,
    "party_takes.case_agent": True,
    "party_takes.replies": True,
}
MONTHS = {"study.months": 12 * YEARS + IN_TIME}
HALF_YEARS = 2 * YEARS


def read(community: Community) -> dict[str, float]:
    """Return the share of requests resolved in time, by half-year of placing, from 0 on."""
    orders = community.run().world.orders
    asked, resolved = np.zeros(HALF_YEARS), np.zeros(HALF_YEARS)
    for order in [*orders.ended, *orders.open.values()]:
        half = order.placed // 6
        if 0 <= half < HALF_YEARS:
            asked[half] += len(order.asked)
            ended = order.history[-1][0]
            in_time = order.stage is Stage.SIGNED_OFF and ended - order.placed <= IN_TIME
            resolved[half] += len(order.asked) * in_time
    return {f"half-year {half}": resolved[half] / asked[half] if asked[half] else np.nan for half in range(HALF_YEARS)}


def gains(readings: Readings) -> np.ndarray:
    """Return how much more is resolved in time than in the same half-year without the desk, replicates × half-years."""
    return np.asarray(readings[AFTER].to_numpy() - readings[BEFORE].to_numpy())


def gain(readings: Readings) -> np.ndarray:
    """Return the gain of the fifth year."""
    return np.asarray(gains(readings)[:, -2:].mean(axis=1))


def early(readings: Readings) -> np.ndarray:
    """Return the share of the fifth year's gain that is there in months 12 to 17; NaN where nothing is gained."""
    late = gain(readings)
    return np.where(late > 0.0, gains(readings)[:, 2] / np.where(late > 0.0, late, 1.0), np.nan)


V6 = Pattern(
    id="V6",
    kind="validation",
    title="A responsive desk resolves more in time: fast, then saturating",
    title_zh="接诉即办：解决率先快速上升，后趋于饱和",
    observed="resolved: 53.1 % in January 2019, 75 % in that year as a whole, 96.5 % in September 2024",
    source="Beijing's hotline 12345",
    mark="R",
    arms={BEFORE: Arm("single_centre", MONTHS), AFTER: Arm("single_centre", {**MONTHS, **DESK})},
    read=read,
    criteria=(
        Criterion("Gain in the fifth year", gain, low=0.1, unit="share of requests"),
        Criterion("Part of it in months 12 to 17", early, low=0.5, unit="share of the gain"),
    ),
)
