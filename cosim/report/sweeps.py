"""What a sweep tells about itself, in words."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from cosim.display.words import number
from cosim.language import ENGLISH, Language
from cosim.report.layout import note
from cosim.report.progress import in_words
from cosim.study.one_run import Failure
from cosim.study.sweep import Plan, StudyFolder
from cosim.study.sweep.estimating import Estimate
from cosim.study.sweep.inspecting import Replayed, Status
from cosim.study.sweep.state import State

SHOWN = 5
"""Kinds of error that are named one by one."""


def estimate_text(plan: Plan, found: Estimate, jobs: int, folder: Path, say: Language = ENGLISH) -> str:
    """Say what a sweep would take."""
    experiment = plan.planned.experiment
    most = plan.most_replicates if plan.adaptive else experiment.replicates
    name = experiment.name
    if plan.shard:
        name = say("shard {shard} of {name}", shard=str(plan.shard), name=name)
    times = [in_words(found.duration(count, jobs), say) for count in (found.least, found.most)]
    sizes = [_bytes(found.bytes_each * count) for count in (found.least, found.most)]
    size = {
        "name": name,
        "points": say.many("{count:,} point", "{count:,} points", plan.points),
        "scenarios": say.many("{count:,} scenario", "{count:,} scenarios", plan.arms),
        "replicates": _range(str(experiment.replicates), str(most), say),
        "runs": _range(f"{found.least:,}", f"{found.most:,}", say),
    }
    pace = {
        "times": _range(times[0], times[1], say),
        "processes": say.many("{count:,} process", "{count:,} processes", jobs),
        "runs": say.many("{count:,} run", "{count:,} runs", found.timed),
        "seconds": number(found.seconds),
    }
    lines = [
        say("{name}: {points} × {scenarios} × {replicates} replicates = {runs} runs", **size),
        say("time: about {times} with {processes}; {runs} timed, {seconds} s each", **pace),
        say("disk: about {sizes} in {folder}", sizes=_range(sizes[0], sizes[1], say), folder=folder),
    ]
    if found.failures:
        failed = {"count": len(found.failures), "error": found.failures[0]}
        lines.append(say("{count} of the runs that were timed failed: {error}", **failed))
    return "\n".join([*lines, say("nothing was written")])


def stopped_text(stopped: str, state: State, say: Language = ENGLISH) -> str:
    """Say what is missing of a sweep, why if it was `stopped`, and how to go on."""
    counts = state.counts()
    failed, left = counts["failed"], counts["not run"]
    said = [say.again(stopped)] if stopped else []
    if failed:
        error = next(iter(state.errors.values()))
        runs = say.many("{count:,} run", "{count:,} runs", failed)
        said.append(
            say("{runs} failed (first: {error}); see `cosim status`, or use --retry-failed", runs=runs, error=error)
        )
    if left:
        runs = say.many("{count:,} run", "{count:,} runs", left)
        said.append(say("{runs} left: the same command goes on", runs=runs))
    return "\n".join(said)


def print_status(study: StudyFolder, found: Status, console: Console, say: Language = ENGLISH) -> None:
    """Show how far a sweep is."""
    counts, name = found.counts, study.experiment.name
    if study.plan.shard:
        name = say("{name}, shard {shard}", name=name, shard=str(study.plan.shard))
    total = {"name": name, "done": counts["done"], "total": sum(counts.values())}
    console.print(Text(say("{name}: {done:,} of {total:,} runs done", **total)))
    if counts["failed"]:
        console.print(Text(say("{count:,} failed", count=counts["failed"])))
        for error, times, first in found.errors[:SHOWN]:
            console.print(Text(say("  {times} × {error} (run {number})", times=times, error=error, number=first)))
        if len(found.errors) > SHOWN:
            note(console, say("  and {count} other errors", count=len(found.errors) - SHOWN))
    if counts["not run"]:
        console.print(Text(say("{count:,} left", count=counts["not run"])))
    if found.seconds is not None:
        note(console, say("a run takes {seconds} s (median)", seconds=number(found.seconds)))
    idle = say("nobody is working on it")
    note(console, say("it {works}", works=found.at_work) if found.at_work else idle)


def status_as_json(study: StudyFolder, found: Status) -> str:
    """Return how far a sweep is, as JSON."""
    errors = [{"error": error, "runs": times, "first": first} for error, times, first in found.errors]
    said = {"name": study.experiment.name, "runs": found.counts, "errors": errors}
    return _json({**said, "at_work": found.at_work, "seconds_per_run": found.seconds})


def print_run(study: StudyFolder, found: dict[str, Any], console: Console, say: Language = ENGLISH) -> None:
    """Show all that is known of a run."""
    for key, value in found.items():
        if key not in ("attempts", "error") and not (isinstance(value, float) and pd.isna(value)):
            console.print(Text(f"{key:<32} {_written(value)}"))
    for attempt in found["attempts"]:
        about = {"number": attempt["attempt"], "status": say(attempt["status"]), "time": attempt["time"][:19]}
        line = say("attempt {number}: {status} at {time}", **about)
        line += say(", {seconds} s", seconds=number(attempt["seconds"])) if attempt["seconds"] is not None else ""
        note(console, line + (say(" on {host}", host=attempt["where"]) if attempt["where"] else ""))
        if attempt["status"] == "failed":
            console.print(Text(f"{attempt['error']}\n{attempt['trace']}".rstrip()))
    note(console, say("the same run alone: {command}", command=f"cosim replay {study.path} {found['run']}"))


def run_as_json(found: dict[str, Any]) -> str:
    """Return all that is known of a run, as JSON."""
    return _json({key: None if isinstance(value, float) and pd.isna(value) else value for key, value in found.items()})


def replay_text(again: Replayed, say: Language = ENGLISH) -> str:
    """Say how a run that was made again compares with what the study has kept."""
    run = again.run
    about = {"number": run.number, "scenario": run.label, "replicate": run.replicate, "seed": run.seed}
    name, kept = say("run {number} ({scenario}, replicate {replicate}, seed {seed})", **about), say(again.kept)
    if isinstance(again.outcome, Failure):
        before = say("before: {status}", status=kept)
        if again.kept == "done":
            before = say("it was {status} before", status=kept)
        return say("{run} fails: {error}; {before}", run=name, error=again.outcome.error, before=before)
    if again.kept != "done":
        return say("{run} is done now; in the study it is {status}", run=name, status=kept)
    if again.differs:
        differs = {"run": name, "outcomes": list(again.differs)}
        return say("{run} differs from what the study holds in {outcomes}: other code or libraries?", **differs)
    return say("{run} is the same, bit for bit", run=name)


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False, default=lambda value: value.item())


def _written(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _range(least: str, most: str, say: Language) -> str:
    return least if least == most else say("{low} to {high}", low=least, high=most)


def _bytes(count: float) -> str:
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{max(count, 0.1):.2g} {unit}" if count < 10 else f"{count:.0f} {unit}"
    return f"{count / 1000:.1f} TB"
