"""One parameter's value with its unit, in a shipped scenario: `parameter taking_part.habit_years village`."""

from cosim.scenario import load_scenario
from cosim.scenario.keys import keys_of

SILENT = ("yes or no", "choice", "share", "list", "0 to 1")
"""Units that a sentence does without."""


def value(key: str, scenario: str = "ly") -> str:
    """Return the value as a sentence says it, with its unit."""
    found = next((it for it in keys_of(load_scenario(scenario)) if it.dotted == key), None)
    if found is None:
        raise ValueError(f"{scenario} has no key {key!r}")
    unit = found.about["unit"]
    return written(found.value) + ("" if unit in SILENT else f" {unit}")


def written(value: object) -> str:
    """Return a value in words and plain digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(written, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {written(part)}" for name, part in value.items())
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)
