"""One run: a scenario and a replicate in, tables out.

The model, with Mesa and all kernels, is imported by the process that makes a run, when it makes its first one.
"""

import gc
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cosim.scenario.schema import Scenario

PACKAGE = Path(__file__).parent.parent
"""Where cosim's code is."""


@dataclass(frozen=True)
class Run:
    """A run that is to be made."""

    scenario: Scenario
    label: str
    """Name of the scenario, unlike every other in its study."""
    replicate: int
    """Number of the replicate, from 1."""
    seed: int
    """What decides this replicate's luck, the same in every scenario."""
    keep_people: bool = False
    """Whether to keep a register of people."""
    number: int = 0
    """Number of the run in its study, from 0."""


@dataclass(frozen=True)
class Failure:
    """A run that ended in an error."""

    label: str
    replicate: int
    error: str
    """What went wrong and where, in one line."""
    trace: str
    """The traceback, for whoever mends it; empty if the process died without one."""


class Overdue(Exception):  # noqa: N818 (reads as what it is)
    """A run has not finished within its time."""

    def __init__(self, timeout: float) -> None:
        super().__init__(f"not finished within {timeout:g} s")


class Tables(NamedTuple):
    """What a run leaves: the whole compound, the groups and the categories of service, month by month; and people.

    `people` is the register from month 0 to the end, without rows where it was not kept; `orders` has a row for every
    order that was ever placed (`outcomes/orders.py`).
    """

    months: pd.DataFrame
    groups: pd.DataFrame
    categories: pd.DataFrame
    people: pd.DataFrame
    orders: pd.DataFrame


class Result(NamedTuple):
    """What came of a run."""

    run: Run
    outcome: Tables | Failure


@cache
def spare_imports() -> None:
    """Take what has been imported out of the garbage collector's sight: going through it costs a tenth of a run."""
    gc.collect()
    gc.freeze()


def make_run(run: Run, each_month: Callable[..., None] | None = None) -> Result:
    """Run it, calling `each_month` after every month; an error becomes a failure, not an exception."""
    from cosim.community import Community
    from cosim.outcomes.register import Register

    spare_imports()
    try:
        community = Community(run.scenario, rng=run.seed)
        register = None
        while community.running:
            if community.month == 0 and run.keep_people:
                register = Register(community.world)
            community.step()
            if each_month is not None:
                each_month(community)
        people = pd.DataFrame() if register is None else register.people()
        tables = (community.months, community.groups, community.categories, people, community.orders)
        return Result(run, Tables(*tables))
    except Exception as error:
        return Result(run, failure_of(run, error))


def failure_of(run: Run, error: BaseException, own: str = "") -> Failure:
    """Say what went wrong, and in which line of cosim, or of a user's `own` file."""
    place = place_of(error, own)
    text = f"{type(error).__name__}: {error}{f' ({place})' if place else ''}"
    if isinstance(error, Overdue):
        text = str(error)
    return Failure(run.label, run.replicate, text, "".join(traceback.format_exception(error)))


def place_of(error: BaseException, own: str = "") -> str:
    """Return the last line of cosim, or of a user's `own` file, that an error passed; empty if there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    last = [frame for frame in frames if frame.filename == own or Path(frame.filename).is_relative_to(PACKAGE)][-1:]
    return "".join(line_of(frame.filename, frame.lineno) for frame in last)


def line_of(file: str, line: int | None) -> str:
    """Return a line of a file in words; files of cosim by their place in it."""
    path = Path(file)
    name = path.relative_to(PACKAGE.parent).as_posix() if path.is_relative_to(PACKAGE) else file
    return f"{name}, line {line}"
