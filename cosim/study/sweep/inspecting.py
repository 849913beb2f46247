"""Look into a sweep: how far it is, what one run was, and the same run alone once more."""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
from filelock import FileLock, Timeout

from cosim.language import told
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study.one_run import Failure, Run, Tables, make_run
from cosim.study.sweep.files import CUT, LOCK, months_file, read_table
from cosim.study.sweep.folder import StudyFolder, read_pending
from cosim.study.sweep.record import decode, kept_of, record_of
from cosim.study.sweep.state import NOT_RUN, STATUS
from cosim.study.sweep.store import who_works


@dataclass(frozen=True)
class Status:
    """How far a sweep is."""

    counts: dict[str, int]
    """Runs that are done, failed, not run."""
    errors: tuple[tuple[str, int, int], ...]
    """What went wrong: the error, how often, and the first run with it; the most frequent first."""
    at_work: str
    """Who is working on it; empty if nobody is."""
    seconds: float | None
    """Median time of a run; None if none is done."""


def status_of(folder: StudyFolder) -> Status:
    """Return how far a sweep is. Raises OutputError for a folder that is none."""
    state = folder.state
    errors = Counter(state.errors.values())
    first = {error: number for number, error in sorted(state.errors.items(), reverse=True)}
    taken = [said["seconds"] for said in folder.log.events("run") if said["status"] == "done"]
    return Status(
        counts=state.counts(),
        errors=tuple((error, count, first[error]) for error, count in errors.most_common()),
        at_work=_at_work(folder),
        seconds=median(taken) if taken else None,
    )


def _at_work(folder: StudyFolder) -> str:
    """Say who holds the folder; empty if nobody does, or if this process may not ask."""
    try:
        with FileLock(folder.path / LOCK, timeout=0):
            return ""
    except Timeout:
        return who_works(folder.log)
    except OSError:
        return ""


def show_run(folder: StudyFolder, number: int) -> dict[str, Any]:
    """Return all that is known of a run: its row of the table of runs, and what the log says of each attempt.

    Raises ScenarioError for a number that the study does not have.
    """
    _check_number(folder, number)
    rows = folder.runs
    found = rows[rows["run"] == number]
    row = found.iloc[0].to_dict() if len(found) else {"run": number, "status": STATUS[NOT_RUN]}
    attempts = [said for said in folder.log.events("run") if said["run"] == number]
    return {**row, "attempts": attempts}


@dataclass(frozen=True)
class Replayed:
    """A run of a sweep, made once more by itself."""

    run: Run
    outcome: Tables | Failure
    kept: str
    """What became of it in the study: done, failed, or not run."""
    differs: tuple[str, ...]
    """Outcomes that differ from what the study holds by as much as a bit; empty if all are the same."""


def replay(folder: StudyFolder, number: int, people: Path | None = None) -> Replayed:
    """Make a run of a study again, by itself, and hold it against what the study has kept of it.

    `people` is the folder of the files from which scenarios take their people (default: where these were). Raises
    ScenarioError for a number that the study does not have, OutputError if those files are not there.
    """
    _check_number(folder, number)
    run = folder.run(number, people)
    outcome = make_run(run).outcome
    state = folder.state
    differs: tuple[str, ...] = ()
    if isinstance(outcome, Tables) and STATUS[state.status[number]] == "done":
        kept = kept_of(folder.experiment)
        record = record_of(run, outcome, kept)
        months = _months_of(folder.path, number)
        new = decode(record.content)[0]
        differs = tuple(
            name
            for name, ours, theirs in zip(kept.outcomes, record.levels, state.levels[number].tolist(), strict=True)
            if not (ours == theirs or (math.isnan(ours) and math.isnan(theirs)))
            or (months is not None and not new[name].combine_chunks().equals(months[name].combine_chunks()))
        )
    return Replayed(run, outcome, STATUS[state.status[number]], differs)


def _check_number(folder: StudyFolder, number: int) -> None:
    """Raise ScenarioError unless the study has a run of this number."""
    plan = folder.plan
    if not 0 <= number < plan.total or not plan.mine[number]:
        where = (
            told("one of shard {shard}", shard=str(plan.shard))
            if plan.shard
            else told("from {low} to {high}", low=0, high=plan.total - 1)
        )
        message = told("this study has no run {number}", number=number)
        raise ScenarioError([Problem(file=str(folder.path), message=message, allowed=where)])


def _months_of(path: Path, number: int) -> pa.Table | None:
    """Return the months that a study has kept of a run; None if it keeps none."""
    alone = read_pending(path, number)
    if alone is not None:
        return alone[0]
    file = months_file(path, number // CUT)
    if not file.exists():
        return None
    table = read_table(file)
    return table.filter(pa.array(table["run"].to_numpy() == number))
