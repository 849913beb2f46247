"""The model against evidence: each pattern a small experiment, with a verdict."""

from cosim.patterns.arms import fitting
from cosim.patterns.asking import ask, ask_in
from cosim.patterns.loading import find_patterns, shipped_patterns
from cosim.patterns.pattern import Answer, Arm, Criterion, Finding, Pattern
from cosim.patterns.reasons import why_undecided
from cosim.patterns.table import as_records, as_table

__all__ = [
    "Answer",
    "Arm",
    "Criterion",
    "Finding",
    "Pattern",
    "as_records",
    "as_table",
    "ask",
    "ask_in",
    "find_patterns",
    "fitting",
    "shipped_patterns",
    "why_undecided",
]
