"""Numbers and names as people read them."""

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np

from cosim.language import ENGLISH, Language
from cosim.outcomes.measures import MEASURES, measures_of_mechanisms
from cosim.scenario.levers import SECTIONS
from cosim.scenario.schema import Scenario

NOTHING = "–"
"""Stands where there is no value."""

GROUPS = {"long_term": "long-term", "migrant": "migrants", "member": "Party members"}
"""Short names of the groups of residents."""

STAGES = {
    **{name: SECTIONS[name] for name in
       ("party_leads", "residents_order", "party_takes", "partners_deliver", "residents_sign_off")},
    "public_means": "public means", "mechanisms": SECTIONS["mechanisms"],
}  # fmt: skip
"""Names of the reform's stages."""

AGAIN = re.compile(r"(.*) \((\d+)\)")
"""Label of a scenario of whose name there is one before."""

BARS = "▁▂▃▄▅▆▇█"


def plain(name: str) -> str:
    """Return a name of the code as words."""
    return name.replace("_", " ")


def arm_name(label: str, say: Language = ENGLISH) -> str:
    """Return a scenario's label as words; shipped ones have a Chinese name."""
    again = AGAIN.fullmatch(label)
    if again:
        return say("{scenario} ({number})", scenario=arm_name(again[1], say), number=again[2])
    return say(plain(label))


def stage_name(stage: str, say: Language = ENGLISH) -> str:
    """Return the name of one of the reform's stages."""
    return say(STAGES.get(stage, plain(stage)))


def listed(names: Sequence[str], say: Language = ENGLISH) -> str:
    """Return names as a list in a sentence."""
    *front, last = names
    return say("{names} and {last}", names=say.pick(", ", "、").join(front), last=last) if front else last


def group_name(group: str, say: Language = ENGLISH) -> str:
    """Return the short name of a group of residents."""
    return say(GROUPS.get(group, plain(group)))


def sentences(*parts: str, say: Language = ENGLISH) -> str:
    """Return sentences one after the other; Chinese ones need no blank between them."""
    return ("" if say.code == "zh" else " ").join(part for part in parts if part)


def made_with(seed: int, say: Language = ENGLISH) -> str:
    """Say what a figure was made with."""
    return say("cosim, seed {seed}.", seed=seed)


def capitalised(text: str) -> str:
    """Return the text with its first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def headline(level: str | None = None) -> list[str]:
    """Return the names of the headline measures, in order; of one level if it is given."""
    return [name for name, it in MEASURES.items() if it.headline and level in (None, it.level)]


def shown(scenarios: Iterable[Scenario]) -> list[str]:
    """Return the names of the measures that tables show: the headline ones, and those of mechanisms in force."""
    mechanisms = dict.fromkeys(name for scenario in scenarios for name in scenario.mechanisms.in_force)
    return [*headline(), *measures_of_mechanisms(mechanisms)]


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


def percent(share: float, say: Language = ENGLISH) -> str:
    """Return a share in per cent."""
    return say("{share} %", share=f"{share * 100:.0f}")


def signed(value: float, beside: float | None = None) -> str:
    """Return a difference with its sign, as finely as the number that stands `beside` it."""
    if math.isnan(value):
        return NOTHING
    decimals = _decimals(value if beside is None else beside)
    return _unsigned_zero(f"{value:+,.{decimals}f}".replace("-", "−"))


def interval(low: float, high: float, beside: float | None = None, say: Language = ENGLISH) -> str:
    """Return both ends of an interval, with signs."""
    if math.isnan(low):
        return NOTHING
    return say("{low} to {high}", low=signed(low, beside), high=signed(high, beside))


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
