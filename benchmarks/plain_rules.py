"""Rules as ordinary Python functions."""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np


def plain(rule: Any) -> Callable[..., Any]:
    """Return a rule of `cosim.rules` as plain Python on Python floats, and with it every rule that it calls.

    `rule.py_func` alone would call compiled rules and compute with NumPy's single-precision scalars; in
    ordinary Python, both cost more than what a plain model would use.
    """
    function = rule.py_func
    names = function.__globals__
    used = {name: ordinary(names[name]) for name in function.__code__.co_names if name in names}
    return FunctionType(function.__code__, {**names, **used}, function.__name__, function.__defaults__)


def ordinary(value: Any) -> Any:
    """Return a number, a tuple of them or a rule as plain Python has it; anything else as it is."""
    if hasattr(value, "py_func"):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(ordinary(member) for member in value)
    return value.item() if isinstance(value, np.generic) else value
