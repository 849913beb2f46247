"""V6: a responsive desk: what is resolved in time rises fast, then saturates.

The unreformed compound against the same one in which requests are answered as Beijing's hotline does: a hotline and a
desk, sorting by how many ask and how bad it is, small matters settled in the community, a capped load of duties, a case
agent and the Party's chain for what climbs, and a reply to everybody. Who supplies and who pays is the same in both.

Resolved is an order that was signed off within three months of being placed, by month of placing; what was lost,
rejected or done later is not. An order is a case, however many asked: the book dates the case, not those who joined it
later. The gain is that over the same months without the desk, and less than a tenth counts as none. Half of the fifth
year's gain has to be there in months 12 to 17; it may be there sooner, as in Beijing, where the first year's mean was
half-way. Beijing's figures are asked at call-back and rank officials, so they are biased upwards.

What the model does. Next to nothing is resolved in time without the desk: what climbs two tiers arrives too late. With
it cases are taken at once and fewer are lost, and then most wait a year and more, for money: the budget is spent and
working hours are left over. In some runs it resolves most in time for a while: as long as one service of the whole
compound is nearly everybody's worst, all requests for it are one order, and the queue is worked off; once it is mended,
buildings ask for their own all at once. So the share comes and goes, and neither rises nor stays. With three times the
money and more staff (`--set government.budget=540 --set government.hired_hours=200`) it rises fast and saturates, and
without the desk not even then. Every order here is a repair: small matters that an answer settles are not in the model,
nor are officials who are ranked by what they resolve.
"""

from functools import reduce
from typing import Any

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario
from cosim.world.orders import Stage

IN_TIME = 3
"""Months within which an order must be signed off: ninety days."""
YEARS = 5
RISE = 0.1
"""Share of orders below which a gain counts as none."""
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
    """Return the share of orders resolved in time, by half-year of placing, from 0 on; NaN where none was placed."""
    orders = community.run().world.orders
    placed, resolved = np.zeros(HALF_YEARS), np.zeros(HALF_YEARS)
    for order in [*orders.ended, *orders.open.values()]:
        half = order.placed // 6
        if 0 <= half < HALF_YEARS:
            ended = order.history[-1][0]
            placed[half] += 1
            resolved[half] += order.stage is Stage.SIGNED_OFF and ended - order.placed <= IN_TIME
    shares = np.divide(resolved, placed, out=np.full(HALF_YEARS, np.nan), where=placed > 0)
    return {f"half-year {half}": share for half, share in enumerate(shares.tolist())}


def gains(readings: Readings) -> np.ndarray:
    """Return how much more is resolved in time than in that half-year without the desk, replicates × half-years."""
    return np.asarray(readings[AFTER].to_numpy() - readings[BEFORE].to_numpy())


def gain(readings: Readings) -> np.ndarray:
    """Return the gain of the fifth year."""
    return np.asarray(gains(readings)[:, -2:].mean(axis=1))


def early(readings: Readings) -> np.ndarray:
    """Return the part of the fifth year's gain that is there in months 12 to 17; NaN where nothing is gained."""
    late = gain(readings)
    return np.divide(gains(readings)[:, 2], late, out=np.full(late.shape, np.nan), where=late >= RISE)


def kept(scenario: Scenario, levers: dict[str, Any]) -> list[bool]:
    """Return of each lever, by dotted key, whether the scenario has it as said."""
    return [reduce(getattr, key.split("."), scenario) == value for key, value in levers.items()]


def senseless(scenario: Scenario) -> str:
    """Say where a setting from outside gives both arms, or neither, a part of the desk."""
    desk = kept(scenario, DESK)
    return "" if all(desk) or not any(desk) else "part of the desk is the same in every arm, so they differ by less"


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
        Criterion("Gain in the fifth year", gain, low=RISE, unit="share of orders"),
        Criterion("Part of it in months 12 to 17", early, low=0.5, unit="share of the gain"),
    ),
    senseless=senseless,
)
