"""The measures, each with its unit and meaning: of the compound, or of a category (`measures category`)."""

from cosim.outcomes.measures import ALL, CATEGORY
from generated import table

BETTER = {1: "more", -1: "less", 0: ""}


def lines(level: str = "compound") -> str:
    """Return the table."""
    declared = {"compound": ALL, "category": CATEGORY}[level]
    heads = ("measure", "label", "中文", "unit", "what is better", "meaning")
    return table(heads, [(f"`{it.name}`", it.en, it.zh, it.unit, BETTER[it.better], it.meaning) for it in declared])


def value(level: str = "compound") -> str:
    """Return how many there are."""
    return str(len({"compound": ALL, "category": CATEGORY}[level]))
