"""The catalogue of patterns: every file in it, and files of a user's own."""

import importlib
import pkgutil
import runpy
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from cosim.language import told
from cosim.patterns import catalogue
from cosim.patterns.pattern import Pattern
from cosim.scenario.errors import Problem, ScenarioError, did_you_mean

ORDER = ("calibration", "verification", "validation")
"""Kinds, in the order in which they are shown."""


@cache
def shipped_patterns() -> tuple[Pattern, ...]:
    """Return the patterns that come with cosim: calibration, verification, validation, each by number."""
    names = [module.name for module in pkgutil.iter_modules(catalogue.__path__)]
    found = [
        pattern
        for name in names
        for pattern in _patterns_in(vars(importlib.import_module(f"{catalogue.__name__}.{name}")))
    ]
    return tuple(sorted(found, key=lambda pattern: (ORDER.index(pattern.kind), len(pattern.id), pattern.id)))


def find_patterns(names: Sequence[str] = ()) -> tuple[Pattern, ...]:
    """Return patterns by id, or those of a Python file; all of the catalogue if no name is given.

    A file is run: it must be your own. Raises ScenarioError for a name that is neither, for a file that cannot be
    run or holds no pattern, and for an id that two patterns have.
    """
    if not names:
        return shipped_patterns()
    known = {pattern.id.lower(): pattern for pattern in shipped_patterns()}
    found: list[Pattern] = []
    for name in names:
        if name.endswith(".py"):
            found += patterns_of(Path(name))
        elif name.lower() in known:
            found.append(known[name.lower()])
        else:
            ids = [pattern.id for pattern in shipped_patterns()]
            allowed = told("{names}, or a Python file that holds a Pattern", names=", ".join(ids))
            message, hint = told("there is no such pattern"), did_you_mean(name, ids)
            raise ScenarioError([Problem(file=name, message=message, allowed=allowed, hint=hint)])
    found = list({(pattern.file, pattern.id): pattern for pattern in found}.values())
    _refuse_twice(found)
    return tuple(found)


def patterns_of(path: Path) -> tuple[Pattern, ...]:
    """Return the patterns that a Python file defines at its top level. Raises ScenarioError as `find_patterns` does."""
    try:
        text = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refused(path, told("this file cannot be read: {reason}", reason=reason)) from None
    return _run_file(path, text)


@cache
def _run_file(path: Path, text: bytes) -> tuple[Pattern, ...]:
    """Run a file, once as long as its text is the same."""
    try:
        names = runpy.run_path(str(path))
    except (Exception, SystemExit) as error:
        said = error.msg if isinstance(error, SyntaxError) else error
        message = told("this file does not run: {kind}: {said}", kind=type(error).__name__, said=said)
        raise _refused(path, message, line=_line(path, error)) from None
    ours = {id(pattern) for pattern in shipped_patterns()}
    found = [replace(pattern, file=str(path)) for pattern in _patterns_in(names) if id(pattern) not in ours]
    if not found:
        hint = told("at its top level: PATTERN = Pattern(id=…), as docs/howto/pattern.md shows")
        raise _refused(path, told("this file defines no pattern"), hint)
    _refuse_twice(found)
    return tuple(found)


def _line(path: Path, error: BaseException) -> int | None:
    """Return the line of a user's file in which an error arose; None if it did so elsewhere."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return lines[-1] if lines else None


def _refuse_twice(patterns: Iterable[Pattern]) -> None:
    """Raise ScenarioError if two patterns have an id, or one of a user's has one of the catalogue's."""
    where: dict[str, str] = {pattern.id.lower(): told("the catalogue of cosim") for pattern in shipped_patterns()}
    for pattern in patterns:
        if not pattern.file:
            continue
        if pattern.id.lower() in where:
            message = told("{place} has a pattern '{id}' already", place=where[pattern.id.lower()], id=pattern.id)
            raise _refused(Path(pattern.file), message, told("give this one an id of its own"))
        where[pattern.id.lower()] = pattern.file


def _patterns_in(names: Mapping[str, Any]) -> list[Pattern]:
    return list({id(value): value for value in names.values() if isinstance(value, Pattern)}.values())


def _refused(path: Path, message: str, hint: str = "", line: int | None = None) -> ScenarioError:
    return ScenarioError([Problem(file=str(path), line=line, message=message, hint=hint)])
