"""Numbers and names as people read them."""

import math
from collections.abc import Sequence

import numpy as np

from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import MEASURES

NOTHING = "–"
"""Stands where there is no value."""

GROUPS = {"long_term": "long-term", "migrant": "migrants", "member": "Party members"}
"""Short names of the groups of residents."""

STAGES = {
    "party_leads": "Party leads", "residents_order": "residents order", "party_takes": "Party takes the order",
    "partners_deliver": "partners deliver", "residents_sign_off": "residents sign off", "public_means": "public means",
}  # fmt: skip
"""Names of the reform's stages."""

BARS = "▁▂▃▄▅▆▇█"


def plain(name: str) -> str:
    """Return a name of the code as words."""
    return name.replace("_", " ")


def arm_name(label: str, say: Language = ENGLISH) -> str:
    """Return a scenario's label as words; shipped ones have a Chinese name."""
    return say(plain(label))


def group_name(group: str, say: Language = ENGLISH) -> str:
    """Return the short name of a group of residents."""
    return say(GROUPS.get(group, plain(group)))


def capitalised(text: str) -> str:
    """Return the text with its first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def headline(level: str | None = None) -> list[str]:
    """Return the names of the headline measures, in order; of one level if it is given."""
    return [name for name, it in MEASURES.items() if it.headline and level in (None, it.level)]


def measure_name(outcome: str, say: Language = ENGLISH) -> str:
    """Return an outcome's label; money says so."""
    label = say.label(MEASURES[outcome])
    return say("{measure}, yuan", measure=label) if MEASURES[outcome].unit == "yuan" else label


def number(value: float, beside: float | None = None) -> str:
    """Return a number with three digits that say something, or as finely as one `beside` it; large ones whole."""
    if math.isnan(value):
        return NOTHING
    decimals = _decimals(value if beside is None else beside)
    return _unsigned_zero(f"{value:,.{decimals}f}".replace("-", "−"))


def percent(share: float) -> str:
    """Return a share in per cent."""
    return f"{share * 100:.0f} %"


def signed(value: float, beside: float | None = None) -> str:
    """Return a difference with its sign, as finely as the number that stands `beside` it."""
    if math.isnan(value):
        return NOTHING
    decimals = _decimals(value if beside is None else beside)
    return _unsigned_zero(f"{value:+,.{decimals}f}".replace("-", "−"))


def interval(low: float, high: float, beside: float | None = None) -> str:
    """Return both ends of an interval, with signs."""
    if math.isnan(low):
        return NOTHING
    return f"{signed(low, beside)} to {signed(high, beside)}"


def sparkline(values: Sequence[float], flat: float = 0.1) -> str:
    """Return a row of little bars; a range below `flat` of the largest value does not fill their height."""
    known = np.asarray(values, dtype=np.float64)
    if not np.isfinite(known).any():
        return ""
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    span = max(high - low, flat * max(abs(low), abs(high)), 1e-12)
    middle = (low + high) / 2
    places = (known - middle) / span * (len(BARS) - 1) + (len(BARS) - 1) / 2
    return "".join(" " if math.isnan(place) else BARS[round(place)] for place in places)


def _unsigned_zero(text: str) -> str:
    """Return a number without its sign if it says nothing but zero."""
    return text if any(digit in text for digit in "123456789") else text.lstrip("+−")


def _decimals(value: float) -> int:
    """Return how many decimals a number of this size is written with."""
    size = abs(value)
    return 0 if size == 0 else 3 if size <= 1 else 2 if size < 10 else 1 if size < 100 else 0
