"""V8: a reply helps even if it comes late and is of no use; usefulness counts more than speed (Hubei, n = 205).

What is read is satisfaction with handling of those whose order has just ended. The mean over all residents would tell
little but how few had one. First the unreformed compound, with replies and without. Then a world in which orders are
late and work misses what was needed: there, too, a reply has to help. Last, with replies in all of them, the four
worlds in which work is useful or useless, and quick or late. Useless work misses the need unless a meeting has made it
known, and is worth nothing then; useful work never misses it. Orders are late where every tier takes five months, and
quick where tiers take no time and money and staff abound. Both contrasts are wide, and usefulness moves over about as
much of its range as waiting does of patience. Less than a hundredth of the scale counts as nothing.

How much is by construction: nearly all of it, where orders end at all. On a single order, weights that were chosen with
this study in mind give the outcome four times as much as the wait, and a reply as much as the wait (`w_outcome`,
`w_wait` and `w_reply` of `handling`), and the gains that are found are little else. With four equal weights usefulness
is no longer clearly ahead of speed. What the weights do not settle is how many orders are answered and done.

What the model does. The unreformed office has time to spare, so that replies make nobody wait. In an office with a
third of its staff they have a price: fewer orders are done, and they still help those who asked. With a sixth of it
(`--set government.staff_hours=12`) hardly an order ends well, work that is never done cannot be useful, and speed,
which then brings staff along, counts for more: the pattern fails.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.world.orders import Stage

WINDOW = (24, 59)
"""Months in which orders end that are read; until then those of the time before month 0 have ended."""
NOTHING = 0.01
"""Difference in satisfaction, in [0, 1], up to which there is none."""
REPLIES = {"party_takes.replies": True}
USELESS = {"deliberate.missed": 1.0, "partners_deliver.fit_of_a_miss": 0.0}
USEFUL = {"deliberate.missed": 0.0}
LATE = {"party_takes.months_per_tier": 5}
QUICK = {"party_takes.months_per_tier": 0, "government.budget": 1500.0, "government.hired_hours": 500.0}


def read(community: Community) -> dict[str, float]:
    """Return how orders ended in the window, as means over those who asked and still live here.

    `handling` is their satisfaction with handling right after, `useful` in [0, 1] how far the need was met, `waited`
    the part of their patience that was used up, `replied` and `explained` the shares that were told something.
    """
    rows: list[list[float]] = []

    def note(now: Community) -> None:
        world = now.world
        if not WINDOW[0] <= world.month <= WINDOW[1]:
            return
        patience = world.settings.handling.patience
        for order in world.orders.ended_now:
            who = world.still_here(order.asked)
            useful = order.fit if order.stage is Stage.SIGNED_OFF else 0.0
            waited = min((world.month - order.placed) / patience, 1.0)
            how = [useful, waited, float(order.replied), float(order.explained)]
            rows.extend([float(satisfied), *how] for satisfied in world.residents.handling[who])

    community.run(note)
    table = pd.DataFrame(rows, columns=["handling", "useful", "waited", "replied", "explained"])
    return {str(name): float(mean) for name, mean in table.mean().items()}


def unreformed(*settings: Mapping[str, Any]) -> Arm:
    """Return the unreformed compound until the end of the window, with settings."""
    merged: dict[str, Any] = {"study.months": WINDOW[1] + 1}
    for some in settings:
        merged |= some
    return Arm("single_centre", merged)


ARMS = {
    "no replies": unreformed(),
    "replies": unreformed(REPLIES),
    "late, useless, no replies": unreformed(LATE, USELESS),
    "late, useless": unreformed(LATE, USELESS, REPLIES),
    "late, useful": unreformed(LATE, USEFUL, REPLIES),
    "quick, useless": unreformed(QUICK, USELESS, REPLIES),
    "quick, useful": unreformed(QUICK, USEFUL, REPLIES),
}


def gain(readings: Readings, of: str, against: str) -> np.ndarray:
    """Return by how much people are more satisfied with handling in one arm than in another, float[replicates]."""
    return np.asarray(readings[of]["handling"] - readings[against]["handling"], float)


def usefulness(readings: Readings) -> np.ndarray:
    """Return the main effect of useful work."""
    late, quick = ((f"{when}, useful", f"{when}, useless") for when in ("late", "quick"))
    return 0.5 * (gain(readings, *late) + gain(readings, *quick))


def speed(readings: Readings) -> np.ndarray:
    """Return the main effect of quick handling."""
    useless, useful = ((f"quick, {what}", f"late, {what}") for what in ("useless", "useful"))
    return 0.5 * (gain(readings, *useless) + gain(readings, *useful))


V8 = Pattern(
    id="V8",
    kind="validation",
    title="A reply helps even if late; usefulness counts more than speed",
    title_zh="迟到的答复也有用，有用重于及时",
    observed="even a delayed, unhelpful reply raises satisfaction; usefulness matters more than timeliness (n = 205)",
    source="survey experiments, Hubei: 'Responsive e-government in China: a way of gaining public support'",
    mark="R",
    arms=ARMS,
    read=read,
    criteria=(
        Criterion("Gain by replies in the unreformed compound", lambda r: gain(r, "replies", "no replies"), NOTHING),
        Criterion(
            "Gain by replies that are late and of no use",
            lambda r: gain(r, "late, useless", "late, useless, no replies"), NOTHING,
        ),
        Criterion("Gain by usefulness, less that by speed", lambda r: usefulness(r) - speed(r), NOTHING),
    ),
)  # fmt: skip
