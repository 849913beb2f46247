"""Facilities: condition in [0, 1], what repairs cost and bring."""

from cosim.rules.compiled import rule


@rule
def deteriorated(condition: float, rate: float, floor: float) -> float:
    """Condition after a month of wear: it approaches the ruin `floor`, the slower the nearer."""
    return condition - rate * (condition - floor)


@rule
def maintained(condition: float, share: float, effort: float, gain: float) -> float:
    """Condition after a month of routine upkeep by the property firm, for the `share` of it that is its duty."""
    return condition + gain * share * effort * (1.0 - condition)


@rule
def repair_cost(full_cost: float, condition: float, visit_share: float, severity_share: float) -> float:
    """Cost of a repair in yuan: small faults are cheap, ruins dear."""
    return full_cost * (visit_share + severity_share * (1.0 - condition))


@rule
def repaired(condition: float, workmanship: float, fit: float) -> float:
    """Condition after a repair: up to `workmanship`, of which work that misses the need brings the share `fit`."""
    return condition + fit * max(workmanship - condition, 0.0)
