"""A sweep on disk, as it is written: whatever was finished is kept, whenever and however the process ends.

A run that ends is put beside the others as a file of its own. When all runs of a part are settled their months become
one file, the table of runs is written anew, and the single files go, in that order: a process that ends in between
leaves nothing that the next does not put right. The files depend on the runs alone, not on how they came about.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
from filelock import FileLock, Timeout

from cosim.language import Told, told
from cosim.study.one_run import Failure, Run
from cosim.study.store import MARK, OutputError, explain
from cosim.study.sweep.design import design_table
from cosim.study.sweep.files import (
    CUT,
    DESIGN,
    LOCK,
    MONTHS,
    NEW,
    OWN,
    PENDING,
    RUNS,
    STORE,
    months_file,
    pending_file,
    pending_numbers,
    put,
    read_mark,
    read_table,
)
from cosim.study.sweep.folder import check_study, read_pending, read_state
from cosim.study.sweep.log import Log
from cosim.study.sweep.plan import Plan
from cosim.study.sweep.record import Made, kept_of, months_schema, record_of_failure
from cosim.study.sweep.state import State
from cosim.study.tables import parquet_bytes, without_folders

GROWS = (("replicates",), ("until", "max_replicates"))
"""What may be more when a study is gone on with: runs are added, and none changes."""
WORDS = {"title", "title_zh", "description"}
"""Keys that may be worded otherwise when a study is gone on with."""
KEPT = told(" What is finished is kept: the same command goes on.")
PATIENCE = 1.0
"""Seconds to wait for a folder: `cosim status` holds it for a moment to see whether somebody else does."""
SAVES = 64
"""The table of runs is written anew when it has grown by a SAVES-th, so that large studies do not slow down."""
SHOWN = 5
"""Differences between two studies that are named."""


def describe(plan: Plan, made_with: Mapping[str, str]) -> dict[str, Any]:
    """Return what study.json says: what is run, and with what; no time, no host, no folder."""
    planned = plan.planned
    experiment = planned.experiment.model_dump(mode="json") | {"scenarios": list(planned.labels)}
    if experiment["design"].get("cases"):
        experiment["design"]["cases"] = Path(experiment["design"]["cases"]).name
    said: dict[str, Any] = {
        "store": STORE,
        "made_with": dict(made_with),
        "name": planned.experiment.name,
        "shard": list(plan.shard) if plan.shard else None,
        "experiment": experiment,
        "scenarios": {
            label: without_folders(arm.model_dump(mode="json"))
            for label, arm in zip(planned.labels, planned.arms, strict=True)
        },
    }
    return said


class Store:
    """The folder of a sweep, held by this process alone. A context manager; raises OutputError.

    `said` is what study.json is to say (`describe`); `state`: what became of every run so far.
    """

    def __init__(self, path: Path, plan: Plan, said: Mapping[str, Any], accept_code: bool = False) -> None:
        self.path = path.resolve()
        self.plan = plan
        self.log = Log(self.path)
        self.state: State
        self._kept = kept_of(plan.planned.experiment)
        self._said, self._accept_code = said, accept_code
        self._lock = FileLock(self.path / LOCK, timeout=PATIENCE)
        self._unsaved = 0

    def __enter__(self) -> "Store":
        """Take hold of the folder: a new one, or one in which the same study was begun."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._refuse_foreign()
            self._lock.acquire()
        except Timeout:
            raise OutputError(
                told(
                    "{path} {works}. Wait until it is done, or stop it first.",
                    path=self.path,
                    works=who_works(self.log),
                )
            ) from None
        except NotImplementedError:
            raise OutputError(
                told(
                    "{path} is on a file system on which a folder cannot be kept for one process alone (flock). "
                    "Choose a folder on another one with -o.",
                    path=self.path,
                )
            ) from None
        except OSError as error:
            raise OutputError(explain(error, self.path)) from error
        try:
            with self._explained():
                self._begin()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the folder."""
        self._lock.release()

    @contextmanager
    def _explained(self, more: str = "") -> Iterator[None]:
        """Turn what goes wrong with files into an OutputError; `more` is said after it."""
        try:
            yield
        except OSError as error:
            raise OutputError(told("{what}{more}", what=explain(error, self.path), more=more)) from error

    def start(self, **said: Any) -> None:
        """Note in the log that this process begins to work on the study, and how. Raises OutputError."""
        with self._explained():
            self.log.start(**said)

    def stop(self, why: str) -> None:
        """Write what is not written yet, and note why the work ends. Raises OutputError; what is finished is kept."""
        with self._explained(KEPT):
            self.save()
            self.log.add("stop", why=why, **self.state.counts())

    def record(self, made: Made, attempt: int) -> None:
        """Keep what came of a run. Raises OutputError where it cannot be kept; what was kept before stays."""
        run, outcome, status, error = made.run, made.outcome, "done", ""
        said: dict[str, Any] = {"attempt": attempt, "seconds": made.seconds, "where": made.where}
        if isinstance(outcome, Failure):
            status, error = "failed", outcome.error
            said |= {"error": error, "trace": outcome.trace}
            outcome = record_of_failure(run, outcome, self._kept)
        with self._explained(KEPT):
            self._put_pending(run, outcome.content)
            self.log.add("run", run=run.number, status=status, **said)
            self.state.settle(run.number, status, error, outcome.levels)
            self._unsaved += 1
            if self._unsaved >= max(CUT, int(np.count_nonzero(self.state.status)) // SAVES):
                self.save()

    def save(self) -> None:
        """Put runs of settled parts together, and write the table of runs."""
        pending = pending_numbers(self.path)
        final = self.state.final()
        parts = sorted({number // CUT for number in pending})
        settled = [part for part in parts if final[part * CUT : (part + 1) * CUT].all()]
        for part in settled:
            self._put_months(part, [number for number in pending if number // CUT == part])
        put(self.path / RUNS, parquet_bytes(self.state.table()), lasting=True)
        for number in pending:
            if number // CUT in settled:
                pending_file(self.path, number).unlink()
        if (self.path / PENDING).exists() and not any((self.path / PENDING).iterdir()):
            (self.path / PENDING).rmdir()
        self._unsaved = 0

    def adopt(self, shards: Sequence[tuple[Path, State]]) -> None:
        """Take over the runs of finished shards. Raises OutputError where they cannot be written."""
        with self._explained():
            for part in range(-(-self.plan.total // CUT)):
                paths = [months_file(folder, part) for folder, _ in shards]
                tables = [read_table(path) for path in paths if path.exists()]
                if tables:
                    path = months_file(self.path, part)
                    path.parent.mkdir(exist_ok=True)
                    put(path, parquet_bytes(_in_order(pa.concat_tables(tables))), lasting=True)
            for _, state in shards:
                self.state.take(state.table())
            for point in range(self.plan.points):
                self.state.grow(point)
            self.save()

    def _put_pending(self, run: Run, content: bytes) -> None:
        path = pending_file(self.path, run.number)
        path.parent.mkdir(exist_ok=True)
        put(path, content)

    def _put_months(self, part: int, numbers: list[int]) -> None:
        """Write a part's file of months: of its runs' own files, and of those that it held before."""
        if not self._kept.record_every:
            return
        path = months_file(self.path, part)
        path.parent.mkdir(exist_ok=True)
        alone = {number: read_pending(self.path, number) for number in numbers}
        tables = {number: found[0] for number, found in alone.items() if found is not None}
        if path.exists():
            before = read_table(path)
            owner = before["run"].to_numpy()
            for number in np.unique(owner).tolist():
                tables.setdefault(number, before.filter(pa.array(owner == number)))
        schema = months_schema(self._kept.outcomes)
        whole = pa.concat_tables([schema.empty_table(), *(tables[number].cast(schema) for number in sorted(tables))])
        put(path, parquet_bytes(whole.combine_chunks()), lasting=True)

    def _refuse_foreign(self) -> None:
        """Raise OutputError for a folder that holds something else than a sweep."""
        names = {path.name for path in self.path.iterdir()}
        if read_mark(self.path) is not None:
            check_study(self.path)
        elif names & {MARK, RUNS, MONTHS, PENDING}:
            raise OutputError(
                told(
                    "{path} holds parts of a study, and no {mark} that can be read; it is left alone. Choose another "
                    "folder with -o, or move that one away.",
                    path=self.path,
                    mark=MARK,
                )
            )
        foreign = {name.removesuffix(NEW) for name in names} - OWN
        foreign = {name for name in foreign if not name.startswith("shard-")}
        if foreign:
            raise OutputError(
                told(
                    "{path} holds files that are not a sweep's ({names}); it is left alone. Choose another folder "
                    "with -o, or move them away.",
                    path=self.path,
                    names=", ".join(sorted(foreign)[:SHOWN]),
                )
            )

    def _begin(self) -> None:
        """Write what the study is, or check that it is the same; clear what a killed process left half-written."""
        for place in (self.path, self.path / PENDING, self.path / MONTHS):
            for half in place.glob(f"*{NEW}"):
                half.unlink()
        said, before = dict(self._said), read_mark(self.path)
        if before is not None:
            said["made_with"] = self._check_same(before, said)
        design = design_table(self.plan.planned.points)
        if before is None:
            put(self.path / DESIGN, parquet_bytes(design))
        elif not read_table(self.path / DESIGN).equals(design):
            raise OutputError(
                told(
                    "{path} holds another study: the points of its design are others. Choose another folder with -o, "
                    "or move that one away; it is left as it is.",
                    path=self.path,
                )
            )
        if before != said:
            put(self.path / MARK, (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode(), lasting=True)
        self.state = read_state(self.path, self.plan)

    def _check_same(self, before: dict[str, Any], now: dict[str, Any]) -> dict[str, str]:
        """Raise OutputError unless the folder holds the same study, or one with fewer replicates; return its code."""
        if before["shard"] != now["shard"]:
            was = (
                told("the whole study")
                if before["shard"] is None
                else told("shard {part}/{of}", part=before["shard"][0], of=before["shard"][1])
            )
            raise OutputError(told("{path} holds {was}. Choose another folder with -o.", path=self.path, was=was))
        ours = {key: now[key] for key in ("experiment", "scenarios")}
        differ = list(_different({key: before[key] for key in ours}, ours))
        shrunk = [path for path, old, new in differ if path[1:] in GROWS and not (old and new and new >= old)]
        other = [path for path, _, _ in differ if path[1:] not in GROWS and path[-1] not in WORDS] + shrunk
        if other:
            names = [".".join(path[1:]) for path in other]
            more = told(" and {count} more", count=len(names) - SHOWN) if len(names) > SHOWN else ""
            raise OutputError(
                told(
                    "{path} holds another study: it differs in {names}{more}. Choose another folder with -o, or move "
                    "that one away; it is left as it is. Replicates can be added to a study, not taken away.",
                    path=self.path,
                    names=", ".join(names[:SHOWN]),
                    more=more,
                )
            )
        made = before["made_with"]
        if made != now["made_with"] and not self._accept_code:
            others = {key: value for key, value in now["made_with"].items() if made.get(key) != value}
            old = ", ".join(f"{key} {made.get(key)}" for key in others)
            new = ", ".join(f"{key} {value}" for key, value in others.items())
            raise OutputError(
                told(
                    "{path} was made with other code ({old}; here {new}), so that its runs may differ from new ones. "
                    "Choose another folder with -o, or go on regardless with --accept-code.",
                    path=self.path,
                    old=old,
                    new=new,
                )
            )
        code: dict[str, str] = now["made_with"]
        return code


def who_works(log: Log) -> Told:
    """Say who is working on a study that is locked."""
    starts = log.events("start")
    if not starts:
        return told("is being worked on by another process")
    last, since = starts[-1], starts[-1]["time"][:16].replace("T", " ")
    return told(
        "is being worked on by process {number} on {host}, since {time} UTC",
        number=last["pid"], host=last["host"], time=since,
    )  # fmt: skip


def _in_order(months: pa.Table) -> pa.Table:
    """Return months run by run; within a run they are in order."""
    return months.take(pa.array(np.argsort(months["run"].to_numpy(), kind="stable")))


def _different(old: Any, new: Any, path: tuple[str, ...] = ()) -> Any:
    """Yield the places where two trees differ: path, old, new."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _different(old.get(key), new.get(key), (*path, key))
    elif old != new:
        yield path, old, new
