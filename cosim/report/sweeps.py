"""What a sweep tells about itself, in words."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from cosim.display.words import number
from cosim.report.layout import note
from cosim.report.progress import in_words
from cosim.study.one_run import Failure
from cosim.study.sweep import Plan, StudyFolder
from cosim.study.sweep.estimating import Estimate
from cosim.study.sweep.inspecting import Replayed, Status
from cosim.study.sweep.state import State

SHOWN = 5
"""Kinds of error that are named one by one."""


def estimate_text(plan: Plan, found: Estimate, jobs: int, folder: Path) -> str:
    """Say what a sweep would take."""
    experiment = plan.planned.experiment
    points, arms = _count(plan.points, "point"), _count(plan.arms, "scenario")
    replicates = f"{experiment.replicates} to {plan.most_replicates}" if plan.adaptive else str(experiment.replicates)
    part = f"shard {plan.shard} of " if plan.shard else ""
    runs = _range(f"{found.least:,}", f"{found.most:,}")
    times = _range(*(in_words(found.duration(count, jobs)) for count in (found.least, found.most)))
    sizes = _range(*(_bytes(found.bytes_each * count) for count in (found.least, found.most)))
    lines = [
        f"{part}{experiment.name}: {points} × {arms} × {replicates} replicates = {runs} runs",
        f"time: about {times} with {_count(jobs, 'process', 'es')}; "
        f"{_count(found.timed, 'run')} timed, {number(found.seconds)} s each",
        f"disk: about {sizes} in {folder}",
    ]
    if found.failures:
        lines.append(f"{len(found.failures)} of the runs that were timed failed: {found.failures[0]}")
    return "\n".join([*lines, "nothing was written"])


def stopped_text(stopped: str, state: State) -> str:
    """Say what is missing of a sweep, why if it was `stopped`, and how to go on."""
    counts = state.counts()
    failed, left = counts["failed"], counts["not run"]
    said = [stopped] if stopped else []
    if failed:
        error = next(iter(state.errors.values()))
        said.append(f"{_count(failed, 'run')} failed (first: {error}); see `cosim status`, or use --retry-failed")
    if left:
        said.append(f"{_count(left, 'run')} left: the same command goes on")
    return "\n".join(said)


def print_status(study: StudyFolder, found: Status, console: Console) -> None:
    """Show how far a sweep is."""
    counts, name = found.counts, study.experiment.name
    part = f", shard {study.plan.shard}" if study.plan.shard else ""
    console.print(Text(f"{name}{part}: {counts['done']:,} of {sum(counts.values()):,} runs done"))
    if counts["failed"]:
        console.print(Text(f"{counts['failed']:,} failed"))
        for error, times, first in found.errors[:SHOWN]:
            console.print(Text(f"  {times} × {error} (run {first})"))
        if len(found.errors) > SHOWN:
            note(console, f"  and {len(found.errors) - SHOWN} other errors")
    if counts["not run"]:
        console.print(Text(f"{counts['not run']:,} left"))
    if found.seconds is not None:
        note(console, f"a run takes {number(found.seconds)} s (median)")
    note(console, f"it {found.at_work}" if found.at_work else "nobody is working on it")


def status_as_json(study: StudyFolder, found: Status) -> str:
    """Return how far a sweep is, as JSON."""
    errors = [{"error": error, "runs": times, "first": first} for error, times, first in found.errors]
    said = {"name": study.experiment.name, "runs": found.counts, "errors": errors}
    return _json({**said, "at_work": found.at_work, "seconds_per_run": found.seconds})


def print_run(study: StudyFolder, found: dict[str, Any], console: Console) -> None:
    """Show all that is known of a run."""
    for key, value in found.items():
        if key not in ("attempts", "error") and not (isinstance(value, float) and pd.isna(value)):
            console.print(Text(f"{key:<32} {_written(value)}"))
    for attempt in found["attempts"]:
        taken = f", {number(attempt['seconds'])} s" if attempt["seconds"] is not None else ""
        where = f" on {attempt['where']}" if attempt["where"] else ""
        note(console, f"attempt {attempt['attempt']}: {attempt['status']} at {attempt['time'][:19]}{taken}{where}")
        if attempt["status"] == "failed":
            console.print(Text(f"{attempt['error']}\n{attempt['trace']}".rstrip()))
    note(console, f"the same run alone: cosim replay {study.path} {found['run']}")


def run_as_json(found: dict[str, Any]) -> str:
    """Return all that is known of a run, as JSON."""
    return _json({key: None if isinstance(value, float) and pd.isna(value) else value for key, value in found.items()})


def replay_text(again: Replayed) -> str:
    """Say how a run that was made again compares with what the study has kept."""
    run = again.run
    name = f"run {run.number} ({run.label}, replicate {run.replicate}, seed {run.seed})"
    if isinstance(again.outcome, Failure):
        before = f"it was {again.kept} before" if again.kept == "done" else f"before: {again.kept}"
        return f"{name} fails: {again.outcome.error}; {before}"
    if again.kept != "done":
        return f"{name} is done now; in the study it is {again.kept}"
    if again.differs:
        return f"{name} differs from what the study holds in {', '.join(again.differs)}: other code or libraries?"
    return f"{name} is the same, bit for bit"


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False, default=lambda value: value.item())


def _written(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _count(count: int, what: str, plural: str = "s") -> str:
    return f"{count:,} {what}{'' if count == 1 else plural}"


def _range(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"


def _bytes(count: float) -> str:
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{max(count, 0.1):.2g} {unit}" if count < 10 else f"{count:.0f} {unit}"
    return f"{count / 1000:.1f} TB"
