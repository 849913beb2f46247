"""What a sweep would take: runs, time and room on the disk, from a few runs that are timed."""

import time
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cosim.study.one_run import Failure
from cosim.study.sweep.plan import Plan
from cosim.study.sweep.record import decode, kept_of, recorder
from cosim.study.sweep.state import State
from cosim.study.tables import parquet_bytes

PILOT = 6
"""Runs that are timed, spread over scenarios and design."""
START = 5.0
"""Seconds until worker processes are ready."""


@dataclass(frozen=True)
class Estimate:
    """What a sweep would take."""

    least: int
    """Runs, if no point needs more replicates than the fewest."""
    most: int
    """Runs, if every point needs the most."""
    timed: int
    """Runs that were timed."""
    seconds: float
    """Mean time of one run."""
    bytes_each: float
    """Bytes on the disk for one run."""
    failures: tuple[str, ...]
    """What went wrong in the runs that were timed."""

    def duration(self, runs: int, jobs: int) -> float:
        """Return the seconds that so many runs take with so many processes."""
        return START + self.seconds * runs / min(jobs, runs)


def estimate(plan: Plan) -> Estimate:
    """Make a few runs of a plan, keep nothing, and say what the whole would take."""
    state = State(plan)
    wanted = np.flatnonzero(state.wanted())
    numbers = sorted({int(wanted[place]) for place in np.linspace(0, len(wanted) - 1, PILOT).astype(int)})
    make = recorder(kept_of(plan.planned.experiment), None)
    make(plan.run(numbers[0]))  # loads, or compiles, what is then timed without
    made, failures, began = [], [], time.monotonic()
    for number in numbers:
        outcome = make(plan.run(number)).outcome
        if isinstance(outcome, Failure):
            failures.append(outcome.error)
        else:
            made.append(decode(outcome.content)[0])
    seconds = (time.monotonic() - began) / len(numbers)
    size = len(parquet_bytes(pa.concat_tables(made))) / len(made) if made else 0.0
    row = state.table().slice(0, 1).nbytes
    return Estimate(
        least=len(wanted),
        most=int(np.count_nonzero(plan.mine)),
        timed=len(numbers),
        seconds=seconds,
        bytes_each=size + row,
        failures=tuple(failures),
    )
