"""Tracing: one person, order, building or institution, month by month, in a run that tracing does not change."""

from cosim.study.tracing.result import Trace, trace
from cosim.study.tracing.sentences import plain, telling, three, two

__all__ = ["Trace", "plain", "telling", "three", "trace", "two"]
