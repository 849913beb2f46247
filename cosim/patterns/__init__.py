"""The model against evidence: each pattern a small experiment, with a verdict."""

from cosim.patterns.asking import ask, ask_in
from cosim.patterns.loading import find_patterns, shipped_patterns
from cosim.patterns.pattern import Answer, Arm, Criterion, Finding, Pattern

__all__ = ["Answer", "Arm", "Criterion", "Finding", "Pattern", "ask", "ask_in", "find_patterns", "shipped_patterns"]
