"""V10: meetings sustain contributions: more of them than in the same world without, a decline where they stop.

Multi-centre supply with a meeting every month, with one a year (the fewest there are), and with monthly meetings that
stop after three years and come back after six. Contributions: joint work, and commons care; coming to a meeting does
not count as one.

What the model does. It goes the right way, by very little: meetings make residents see more of what others contribute
(`rules/talk.py`), and only conditional cooperators follow; that a meeting raises expectations or commits those who come
to anything, which is what the literature finds, is not in the model.
"""

import numpy as np

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings
from cosim.scenario.schema import Scenario

STOP, BACK, END = 36, 72, 108
"""Months in which meetings stop, come back, and the run ends."""
WINDOW = 12
"""Months before each of them over which contributions are averaged."""
FEWEST, MONTHLY = 1, 12


def meetings(changes: dict[int, int]) -> dict[str, object]:
    """Return settings with meetings a year that change at some months."""
    later = [{"month": month, "set": {"deliberate": {"meetings": number}}} for month, number in changes.items()]
    return {"study.months": END, "changes": later}


WITH, WITHOUT, STOPPED = "with meetings", "without", "stopped and back"
ARMS = {
    WITH: Arm("multi_centre", meetings({0: MONTHLY})),
    WITHOUT: Arm("multi_centre", meetings({0: FEWEST})),
    STOPPED: Arm("multi_centre", meetings({0: MONTHLY, STOP: FEWEST, BACK: MONTHLY})),
}


def read(community: Community) -> dict[str, float]:
    """Return joint work and commons care in the year before meetings stop, before they come back, and at the end."""
    months = community.run().months.set_index("month")
    return {
        f"{measure} {month}": float(months[measure].loc[month - WINDOW : month - 1].mean())
        for measure in ("coproducing", "keeping")
        for month in (STOP, BACK, END)
    }


def sustained(readings: Readings, measure: str) -> np.ndarray:
    """Return how much more is contributed with meetings, in the third year."""
    return np.asarray(readings[WITH][f"{measure} {STOP}"] - readings[WITHOUT][f"{measure} {STOP}"])


def joint_work(readings: Readings) -> np.ndarray:
    """Return how much more joint work there is with meetings."""
    return sustained(readings, "coproducing")


def commons_care(readings: Readings) -> np.ndarray:
    """Return how much more shared space is kept with meetings."""
    return sustained(readings, "keeping")


def decline(readings: Readings) -> np.ndarray:
    """Return how much joint work is lost three years after meetings stopped, against the world that goes on."""
    return np.asarray(readings[WITH][f"coproducing {BACK}"] - readings[STOPPED][f"coproducing {BACK}"])


def recovery(readings: Readings) -> np.ndarray:
    """Return how much of that is back three years after they came back."""
    still = readings[WITH][f"coproducing {END}"] - readings[STOPPED][f"coproducing {END}"]
    return decline(readings) - np.asarray(still)


def senseless(scenario: Scenario) -> str:
    """Say where the run is too short, or meetings do not change as they should."""
    if scenario.study.months < END:
        return f"it takes {END} months (study.months)"
    return "" if scenario.changes else "it changes meetings itself (changes)"


V10 = Pattern(
    id="V10",
    kind="validation",
    title="Meetings sustain contributions",
    title_zh="议事会维持共同贡献",
    observed="communication raises cooperation, d = 1.01; face to face 1.21, written .46",
    source="Balliet 2010, meta-analysis",
    mark="R",
    arms=ARMS,
    read=read,
    criteria=(
        Criterion("Joint work, with meetings less without", joint_work, low=0.0, unit="share of residents"),
        Criterion("Commons care, with meetings less without", commons_care, low=0.0, unit="share of households"),
        Criterion("Decline of joint work where they stop", decline, low=0.0, unit="share of residents"),
        Criterion("Recovery where they come back", recovery, low=0.0, unit="share of residents"),
    ),
    senseless=senseless,
)
