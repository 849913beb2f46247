"""V8: a reply helps even if it is late; usefulness counts more than speed, in satisfaction with handling.

Multi-centre supply, where most requests come to an end, in worlds that differ in one thing each. Replies: on or off,
where what climbs takes months to arrive and work mostly misses the need, so that the reply is late and of no use.
Usefulness: work never misses the need, or always. Speed: what climbs arrives at once, or each tier takes half a year.
Each is moved from one end to the other, as in the experiment's yes or no; nobody deliberates or checks the work, which
would mend what misses the need.

By construction, a reply adds to the judgement of handling, and outcome weighs more than the wait (`handling.w_…`). What
is not, is how many requests get a reply at all (hours), how many end, and how much longer people wait.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario

BASE = {
    "study.months": 48,
    "residents_sign_off.acceptance_check": False,
    "deliberate.meetings": 1,
    "deliberate.rung": "inform",
}
WINDOW = 24
"""Months at the end over which handling is averaged."""
REPLY, MISS, TIERS = "party_takes.replies", "deliberate.missed", "party_takes.months_per_tier"
LATE = {TIERS: 6, MISS: 0.9}
WORLDS: dict[str, dict[str, object]] = {
    "late reply": {REPLY: True, **LATE},
    "late, no reply": {REPLY: False, **LATE},
    "useful": {MISS: 0.0},
    "useless": {MISS: 1.0},
    "quick": {TIERS: 0},
    "slow": {TIERS: 6},
}


def read(community: Community) -> dict[str, float]:
    """Return mean satisfaction with handling over the last two years."""
    return {"handling": float(community.run().months["handling"].iloc[-WINDOW:].mean())}


def between(readings: Readings, more: str, less: str) -> np.ndarray:
    """Return the difference of two worlds in satisfaction with handling."""
    return np.asarray(readings[more]["handling"] - readings[less]["handling"])


def late_reply(readings: Readings) -> np.ndarray:
    """Return what a reply adds where it is late and useless."""
    return between(readings, "late reply", "late, no reply")


def usefulness_over_speed(readings: Readings) -> np.ndarray:
    """Return by how much usefulness adds more than speed."""
    return between(readings, "useful", "useless") - between(readings, "quick", "slow")


def senseless(scenario: Scenario) -> str:
    """Say where the run is too short."""
    return f"it takes {WINDOW} months (study.months)" if scenario.study.months < WINDOW else ""


V8 = Pattern(
    id="V8",
    kind="validation",
    title="A reply helps even if late; usefulness counts more than speed",
    title_zh="迟到的回复也有用；有用比及时更重要",
    observed="even a delayed, unhelpful reply raises satisfaction; usefulness matters more than timeliness, n = 205",
    source="survey experiments in Hubei",
    mark="R",
    arms={name: Arm("multi_centre", {**BASE, **settings}) for name, settings in WORLDS.items()},
    read=read,
    criteria=(
        Criterion("A late and useless reply", late_reply, low=0.0, unit="handling, 0 to 1"),
        Criterion("Usefulness over speed", usefulness_over_speed, low=0.0, unit="handling, 0 to 1"),
    ),
    senseless=senseless,
)
