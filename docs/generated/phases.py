"""The phases of a month, in order."""

from inspect import getdoc, getmodule

from cosim.month.phases import PHASES
from generated import table


def lines() -> str:
    """Return a table: what happens, and the function that does it."""
    return table(("", "phase", "what happens"), [
        (place, f"{{py:func}}`~{getmodule(phase).__name__}.{phase.__name__}`", getdoc(phase).splitlines()[0])
        for place, phase in enumerate(PHASES, 1)
    ])  # fmt: skip


def value() -> str:
    """Return how many there are."""
    return str(len(PHASES))
