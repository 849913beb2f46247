"""Numbers and lists as sentences of a page have them."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cosim.display.factors import outcome_name
from cosim.display.words import interval, signed
from cosim.language import Language
from cosim.outcomes.measures import measure_of
from cosim.statistics import SIGNIFICANCE

BETTER, WORSE, CHANGED, NONE, UNTOLD, UNKNOWN = "better", "worse", "changed", "none", "untold", "unknown"
"""What a difference says of an outcome: clearly better, clearly worse, clearly different where neither is better, not
clear, known without an interval (one pair), not known."""


def verdict(row: Any, outcome: str) -> str:
    """Return what a difference says, from its `difference` and `p_holm`, and from which way is better."""
    if math.isnan(row["difference"]):
        return UNKNOWN
    if math.isnan(row["p_holm"]):
        return UNTOLD
    if row["p_holm"] >= SIGNIFICANCE or row["difference"] == 0.0:
        return NONE
    better = measure_of(outcome).better * row["difference"]
    return CHANGED if better == 0 else BETTER if better > 0 else WORSE


def verdict_word(kind: str, say: Language) -> str:
    """Return a verdict in words, for a table."""
    return {
        BETTER: say("better"),
        WORSE: say("worse"),
        CHANGED: say("different"),
        NONE: say("no difference detected"),
        UNTOLD: say("one pair cannot tell"),
        UNKNOWN: say("not known"),
    }[kind]


def size_of(row: Any) -> float:
    """Return the larger of two means: how finely their difference is written."""
    return max(abs(row["mean_a"]), abs(row["mean_b"]))


def in_brackets(row: Any, say: Language) -> str:
    """Return a difference, and in brackets its interval; the difference alone if it has none."""
    difference = signed(row["difference"], size_of(row))
    if math.isnan(row["low"]):
        return difference
    around = interval(row["low"], row["high"], size_of(row), say)
    return say("{difference} ({interval})", difference=difference, interval=around)


def changed(rows: pd.DataFrame, outcome: str, say: Language) -> str:
    """Return an outcome's name with its difference and interval, from rows by outcome."""
    difference = in_brackets(rows.loc[outcome], say)
    return say("{outcome} {difference}", outcome=in_sentence(outcome, say), difference=difference)


def in_sentence(outcome: str, say: Language) -> str:
    """Return an outcome's name as it stands within a sentence."""
    name = outcome_name(outcome, say)
    return name[:1].lower() + name[1:]


def commas(items: Sequence[str], say: Language) -> str:
    """Return items of equal rank one after the other."""
    return say.pick(", ", "、").join(items)


def semicolons(items: Sequence[str], say: Language) -> str:
    """Return items that have commas or numbers in them one after the other."""
    return say.pick("; ", "；").join(items)
