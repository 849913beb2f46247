"""The catalogue of patterns: every file in it, and files of a user's own."""

import importlib
import pkgutil
import runpy
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from cosim.patterns import catalogue
from cosim.patterns.pattern import Pattern
from cosim.scenario.errors import Problem, ScenarioError, did_you_mean


@cache
def shipped_patterns() -> tuple[Pattern, ...]:
    """Return the patterns that come with cosim: calibration, verification, validation, each by number."""
    names = [module.name for module in pkgutil.iter_modules(catalogue.__path__)]
    found = [
        pattern
        for name in names
        for pattern in _patterns_in(vars(importlib.import_module(f"{catalogue.__name__}.{name}")))
    ]
    kinds = ("calibration", "verification", "validation")
    return tuple(sorted(found, key=lambda pattern: (kinds.index(pattern.kind), len(pattern.id), pattern.id)))


def find_patterns(names: Sequence[str]) -> tuple[Pattern, ...]:
    """Return patterns by id, or those of a Python file; all of the catalogue if no name is given.

    A file is run: it must be your own. Raises ScenarioError for a name that is neither, and for a file that cannot be
    run or holds no pattern.
    """
    known = {pattern.id.lower(): pattern for pattern in shipped_patterns()}
    if not names:
        return shipped_patterns()
    found: dict[str, Pattern] = {}
    for name in names:
        if name.endswith(".py"):
            found |= {pattern.id: pattern for pattern in patterns_of(Path(name))}
        elif name.lower() in known:
            found[known[name.lower()].id] = known[name.lower()]
        else:
            ids = [pattern.id for pattern in shipped_patterns()]
            hint = did_you_mean(name, ids) or f"one of {', '.join(ids)}, or a Python file that holds a Pattern"
            raise ScenarioError([Problem(file="", key=name, message="there is no such pattern", hint=hint)])
    return tuple(found.values())


@cache
def patterns_of(path: Path) -> tuple[Pattern, ...]:
    """Return the patterns that a Python file defines."""
    try:
        found = tuple(replace(pattern, file=str(path)) for pattern in _patterns_in(runpy.run_path(str(path))))
    except OSError as error:
        raise _refused(path, f"this file cannot be read: {error.strerror}") from None
    except Exception as error:
        raise _refused(path, f"this file cannot be run: {type(error).__name__}: {error}") from error
    if not found:
        raise _refused(path, "this file defines no pattern", "PATTERN = Pattern(id=…), as in cosim/patterns/catalogue")
    return found


def _patterns_in(names: dict[str, Any]) -> tuple[Pattern, ...]:
    return tuple(value for value in names.values() if isinstance(value, Pattern))


def _refused(path: Path, message: str, hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(file=str(path), message=message, hint=hint)])
