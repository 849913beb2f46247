"""A sweep on disk, as it is read: finished or not, while it is run or afterwards."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pydantic import ValidationError

from cosim.language import told
from cosim.scenario.reading import POPULATION_FILES, frozen
from cosim.scenario.schema import Scenario
from cosim.study.experiment import Experiment, Planned
from cosim.study.one_run import Run
from cosim.study.store import MARK, OutputError
from cosim.study.sweep.design import read_design
from cosim.study.sweep.files import (
    CUT,
    DESIGN,
    MONTHS,
    RUNS,
    STORE,
    check_table,
    months_file,
    pending_file,
    pending_numbers,
    read_bytes,
    read_mark,
    read_table,
)
from cosim.study.sweep.log import Log
from cosim.study.sweep.plan import Plan, Shard
from cosim.study.sweep.record import decode, months_schema
from cosim.study.sweep.state import State
from cosim.study.tables import as_frame


@dataclass
class StudyFolder:
    """A sweep on disk. Tables are read when they are asked for, as they are then.

    `path`
        its folder
    `stopped`
        why the call that returned it ended early; empty if it did not
    """

    path: Path
    stopped: str = ""

    def __post_init__(self) -> None:
        """Take a path that is written as text, too."""
        self.path = Path(self.path)

    @cached_property
    def description(self) -> dict[str, Any]:
        """What study.json says."""
        return check_study(self.path)

    @cached_property
    def plan(self) -> Plan:
        """The experiment and its design, and which part of it this is; without the scenarios, see `scenarios`."""
        said = self.description
        try:
            experiment = Experiment.model_validate(frozen(said["experiment"]))
        except ValidationError as error:
            raise self._not_taken(error) from None
        shard = Shard(*said["shard"]) if said["shard"] else None
        return Plan(Planned(experiment, (), tuple(said["scenarios"]), read_design(self.path)), shard)

    def scenarios(self, people: Path | None = None) -> tuple[Scenario, ...]:
        """Return the scenarios of the study, with every key.

        `people` is the folder of the files that they take their people from, if they do (default: where these were
        when the study was run). Raises OutputError if they are not there.
        """
        starts = self.log.events("start")
        before = starts[-1].get("people", {}) if starts else {}
        trees = self.description["scenarios"].values()
        return tuple(self._scenario(frozen(tree), people, before) for tree in trees)

    def run(self, number: int, people: Path | None = None) -> Run:
        """Return a run, ready to be made: its scenario at its point, and its seed; see `scenarios`."""
        planned = self.plan.planned._replace(arms=self.scenarios(people))
        return replace(self.plan, planned=planned).run(number)

    def _scenario(self, tree: dict[str, Any], people: Path | None, before: dict[str, str]) -> Scenario:
        names = {key: tree["population"][key] for key in POPULATION_FILES if tree["population"][key]}
        files = {key: str(people / name if people else before.get(name, name)) for key, name in names.items()}
        missing = [name for key, name in names.items() if not Path(files[key]).is_file()]
        if missing:
            raise OutputError(
                told(
                    "{path} takes its people from files, and {missing} is not where it was. Say with --people in "
                    "which folder they are.",
                    path=self.path,
                    missing=missing[0],
                )
            )
        try:
            return Scenario.model_validate({**tree, "population": tree["population"] | files})
        except ValidationError as error:
            raise self._not_taken(error) from None

    def _not_taken(self, error: ValidationError) -> OutputError:
        made = self.description["made_with"].get("cosim")
        return OutputError(
            told(
                "{folder} was made by cosim {version}, and what its {mark} says cannot be used here: {reason}.",
                folder=self.path,
                version=made,
                mark=MARK,
                reason=error.errors()[0]["msg"],
            )
        )

    @property
    def experiment(self) -> Experiment:
        """What was asked."""
        return self.plan.planned.experiment

    @property
    def points(self) -> pd.DataFrame:
        """The design: point, its factors' values, and where those were drawn, `unit:...`, from 0 to 1."""
        return as_frame(read_table(self.path / DESIGN))

    @property
    def runs(self) -> pd.DataFrame:
        """One row per run: what it was, its factors' values, what became of it, and the level of every outcome."""
        return as_frame(self.state.table())

    @property
    def months(self) -> pd.DataFrame:
        """The outcomes of every finished run, month by month."""
        none = months_schema(self.experiment.outcomes).empty_table()
        whole = as_frame(pa.concat_tables([none, *read_months(self.path)]))
        return whole.sort_values(["run", "month"], ignore_index=True)

    def indices(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Return how much each factor moves the outcomes (default: all): `cosim.study.sensitivity.indices`."""
        from cosim.study.sensitivity import indices

        design = self.experiment.design
        return indices(
            self.runs, self.points, outcomes or self.experiment.outcomes,
            labels=self.plan.planned.labels, method=design.method, levels=design.levels,
        )  # fmt: skip

    def differences(self, outcome: str) -> pd.DataFrame:
        """Return what the other scenarios change against the first, point by point.

        See `cosim.study.sensitivity.differences`.
        """
        from cosim.study.sensitivity import differences

        return differences(self.runs, self.points, outcome, labels=self.plan.planned.labels)

    def boxes(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Return where the other scenarios win and lose, in words: `cosim.study.sensitivity.boxes`."""
        from cosim.study.sensitivity import boxes

        return boxes(self.runs, self.points, outcomes or self.experiment.outcomes, labels=self.plan.planned.labels)

    @property
    def state(self) -> State:
        """What became of every run."""
        return read_state(self.path, self.plan)

    @property
    def log(self) -> Log:
        """What happened, when and where."""
        return Log(self.path)


def check_study(folder: Path) -> dict[str, Any]:
    """Return what the study.json of a sweep's folder says; raise OutputError if it is none that can be read."""
    said = read_mark(folder)
    if said is None:
        what = (
            told("is not there")
            if not folder.exists()
            else told("is no study: it has no {mark} that can be read", mark=MARK)
        )
        raise OutputError(
            told("{folder} {what}. Name a folder that `cosim sweep` has written.", folder=folder, what=what)
        )
    if "store" not in said:
        raise OutputError(
            told("{folder} holds the results of `cosim run` or `cosim compare`, not those of a sweep.", folder=folder)
        )
    if said["store"] != STORE:
        age = told("a newer") if isinstance(said["store"], int) and said["store"] > STORE else told("an older")
        made = said.get("made_with", {}).get("cosim", told("another version"))
        raise OutputError(
            told(
                "{folder} was written by {age} layout of studies (version {version}, this cosim has {here}). Read it "
                "with cosim {made}, or run the sweep anew into another folder with -o.",
                folder=folder,
                age=age,
                version=said["store"],
                here=STORE,
                made=made,
            )
        )
    lost = {"made_with", "shard", "experiment", "scenarios"} - said.keys()
    if lost:
        raise OutputError(
            told(
                "{file} is damaged: it lacks {names}. Bring it back from a copy.",
                file=folder / MARK,
                names=", ".join(sorted(lost)),
            )
        )
    return said


def read_state(folder: Path, plan: Plan) -> State:
    """Return what became of every run: of the table of runs, and of files of single runs that it may not know yet.

    A run whose months are gone is taken for not run.
    """
    state = State(plan)
    rows = {number: row for number, (_, row) in _read_pending(folder)}  # first: they may go into the tables meanwhile
    if (folder / RUNS).exists():
        state.take(read_table(folder / RUNS))
    if plan.planned.experiment.record_every:
        _forget_lost(folder, state, rows.keys())
    for number, row in rows.items():
        state.settle(number, row["status"], row["error"], row["levels"])
    for point in range(plan.points):
        state.grow(point)
    return state


def _read_pending(folder: Path) -> Iterator[tuple[int, tuple[pa.Table, dict[str, Any]]]]:
    """Yield number, months and row of every run that has a file of its own."""
    for number in pending_numbers(folder):
        found = read_pending(folder, number)
        if found is not None:
            yield number, found


def read_pending(folder: Path, number: int) -> tuple[pa.Table, dict[str, Any]] | None:
    """Return months and row of a run's own file; None if there is none, or a power failure has left it in pieces."""
    content = read_bytes(pending_file(folder, number))
    try:
        return None if content is None else decode(content)
    except (OSError, pa.ArrowException):
        return None


def _forget_lost(folder: Path, state: State, known: Set[int]) -> None:
    """Take runs for not run whose months are in no file, and which are not `known` from files of their own.

    Raises OutputError for a file of months that cannot be read.
    """
    for part in np.unique(np.flatnonzero(state.status) // CUT).tolist():
        file = months_file(folder, part)
        if file.exists():
            check_table(file)
        else:
            for number in range(part * CUT, min((part + 1) * CUT, state.plan.total)):
                if state.status[number] and number not in known:
                    state.forget(number)


def read_months(folder: Path) -> Iterator[pa.Table]:
    """Yield the tables of months, no run twice; not in order."""
    settled: set[int] = set()
    pending = list(_read_pending(folder))  # first: they may go into the other files meanwhile
    for path in sorted((folder / MONTHS).glob("*.parquet")):
        table = read_table(path)
        settled |= set(table["run"].unique().to_pylist())
        yield table
    yield from (months for number, (months, _) in pending if number not in settled)
