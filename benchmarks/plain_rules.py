"""Rules as ordinary Python functions."""

from collections.abc import Callable
from types import FunctionType
from typing import Any


def plain(rule: Any) -> Callable[..., Any]:
    """Return a rule of `cosim.rules` as plain Python, and with it every rule that it calls.

    `rule.py_func` alone would still call compiled rules; called from Python, these cost more than plain ones.
    """
    function = rule.py_func
    names = function.__globals__
    called = {name: names[name] for name in function.__code__.co_names if hasattr(names.get(name), "py_func")}
    if not called:
        return function
    inside = {**names, **{name: plain(other) for name, other in called.items()}}
    return FunctionType(function.__code__, inside, function.__name__, function.__defaults__)
