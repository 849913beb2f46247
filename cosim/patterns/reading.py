"""Reading a run, where it is made: the pattern's function is found, called, and what it returned is checked."""

import pickle
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from cosim.community import Community
from cosim.patterns.loading import patterns_of, shipped_patterns
from cosim.patterns.pattern import Pattern, Unreadable
from cosim.study import Run
from cosim.study.one_run import Result, failure_of, line_of, spare_imports

Reading = Callable[[Community], Mapping[str, float]]
Source = tuple[str, str] | Reading
"""Where a worker finds how to read a run: file (empty: the catalogue) and id of a pattern, or a function by itself."""


def read(sources: Mapping[str, Source], run: Run, each_month: Any) -> Result:
    """Let a community live as its pattern says, and read it; an error becomes a failure, not an exception.

    What a user's file prints goes to standard error: standard output belongs to the results.
    """
    spare_imports()
    own = ""
    try:
        with redirect_stdout(sys.stderr):
            function = _function(sources[run.label])
            own = file_and_line(function)[0]
            community = Community(run.scenario, rng=run.seed, observers=(each_month,))
            return Result(run, _numbers(function(community), function))  # type: ignore[arg-type]
    except Unreadable as error:
        return Result(run, replace(failure_of(run, error), error=str(error)))
    except (Exception, SystemExit) as error:
        return Result(run, failure_of(run, error, own))


def source_of(pattern: Pattern) -> Source:
    """Return where a worker finds a pattern's function."""
    if pattern.file:
        return pattern.file, pattern.id
    shipped = next((known.id for known in shipped_patterns() if known.read is pattern.read), None)
    return pattern.read if shipped is None else ("", shipped)


def _function(source: Source) -> Reading:
    """Return a pattern's function."""
    if callable(source):
        return source
    file, name = source
    known = patterns_of(Path(file)) if file else shipped_patterns()
    return next(pattern.read for pattern in known if pattern.id == name)


def check_sendable(sources: Mapping[str, Source]) -> None:
    """Raise ValueError for functions that cannot be sent to other processes."""
    for label, source in sources.items():
        try:
            pickle.dumps(source)
        except (pickle.PicklingError, AttributeError, TypeError):
            message = "its read cannot be sent to other processes: write it at the top level of a file, or use jobs=1"
            raise ValueError(f"pattern '{label.split(' ')[0]}': {message}") from None


def _numbers(found: Any, function: Reading) -> dict[str, float]:
    """Return what was read as numbers. Raises Unreadable, which names the function, for anything else."""
    place = line_of_function(function)
    if not isinstance(found, Mapping) or not found:
        raise Unreadable(f"read must return names and numbers, such as {{'turnout': 0.5}}, not {found!r:.60} ({place})")
    numbers = {}
    for key, value in found.items():
        try:
            numbers[str(key)] = float("no number" if isinstance(value, str | bytes) else value)
        except (TypeError, ValueError):
            raise Unreadable(f"read returned {value!r:.60} for '{key}', which is no number ({place})") from None
    return numbers


def line_of_function(function: Callable[..., Any]) -> str:
    """Return file and line where a function is written; its name where that is not known."""
    file, line = file_and_line(function)
    return line_of(file, line) if file else repr(function)


def file_and_line(function: Callable[..., Any]) -> tuple[str, int]:
    """Return where a function is written; no file for what is not written in Python."""
    while isinstance(function, partial):
        function = function.func
    code = getattr(function, "__code__", None)
    return ("", 0) if code is None else (code.co_filename, code.co_firstlineno)
