"""Patterns of a user's own, for tests: workers read this file, too."""

from cosim.patterns import Arm, Criterion, Pattern

SHORT = {"study.months": 3, "study.warmup_months": 1}


def read(community):
    """Return how many people there are, and how the last month was."""
    last = community.run().months.iloc[-1]
    return {name: last[name] for name in ("residents", "satisfaction", "trust_neighbours")}


def pattern(name: str, *criteria: Criterion, **others) -> Pattern:
    """Return a pattern of the village's last month."""
    said = {"kind": "verification", "title": f"Pattern {name}", "title_zh": "", "observed": "seen", "source": "none"}
    arms = {"village": Arm("village", SHORT)}
    return Pattern(**(said | {"id": name, "mark": "B", "arms": arms, "read": read, "criteria": criteria} | others))


HOLDS = pattern("holds", Criterion("people", lambda readings: readings["village"]["residents"], 5, 20), replicates=5)
FAILS = pattern("fails", Criterion("trust", lambda readings: readings["village"]["trust_neighbours"], low=2.0))
