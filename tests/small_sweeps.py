"""What the tests of sweeps share: small experiments, runs made in this process, and a folder's bytes."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cosim.scenario.toml_text import write_value
from cosim.study.one_run import Failure, Run
from cosim.study.sweep import files, folder, inspecting, log, store, sweeping
from cosim.study.sweep.plan import Plan
from cosim.study.sweep.record import Made, kept_of, recorder
from cosim.study.sweep.sweeping import How, plan_sweep, run_plan

FACTOR = "government.budget"
NOT_COMPARED = {files.LOG, files.LOCK}
"""What may differ between two folders of one study: times, and who holds it."""


def experiment(folder: Path, **said: Any) -> dict[str, Any]:
    """Return an experiment of two scenarios at three points, a year long, with what is `said` in its place."""
    reform = folder / "reform.toml"
    reform.write_text('extends = "village"\n[supply]\nmode = "multi_centre"\n', encoding="utf-8")
    return {
        "name": "small",
        "scenarios": ["village", str(reform)],
        "replicates": 2,
        "outcomes": ["participation", "cost_total", "trust_neighbours.long_term", "condition.security"],
        "settings": {"study.months": 12, "study.warmup_months": 1},
        "factors": {FACTOR: [0.0, 500.0, 2000.0]},
    } | said


def write_experiment(path: Path, said: Mapping[str, Any]) -> None:
    """Write an experiment as a TOML file."""
    tables = {key: value for key, value in said.items() if isinstance(value, Mapping)}
    lines = [f"{key} = {write_value(value)}" for key, value in said.items() if key not in tables]
    for table, keys in tables.items():
        lines += [f"[{table}]", *(f'"{key}" = {write_value(value)}' for key, value in keys.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def contents(place: Path) -> dict[str, bytes]:
    """Return the files of a study by their path in it: all that must be the same however it was run."""
    names = {path: path.relative_to(place) for path in place.rglob("*") if path.is_file()}
    return {
        name.as_posix(): path.read_bytes()
        for path, name in sorted(names.items())
        if name.name not in NOT_COMPARED and not name.parts[0].startswith("shard-")
    }


def cut_small(monkeypatch: pytest.MonkeyPatch, runs: int) -> None:
    """Let so few runs share a file of months."""
    for module in (files, folder, inspecting, store):
        monkeypatch.setattr(module, "CUT", runs)


Maker = Callable[[Run], Made]


def make_here(monkeypatch: pytest.MonkeyPatch, make: Maker | None = None) -> None:
    """Let sweeps make their runs in this process, one after the other; `make` instead of the model, if given."""

    def made(self: Any, source: Callable[[], Run | None], jobs: int) -> Iterator[Made]:
        work = make or recorder(kept_of(self.store.plan.planned.experiment), self.how.timeout)
        while (run := source()) is not None:
            yield work(run)

    monkeypatch.setattr(sweeping._Sweeping, "_made", made)
    monkeypatch.setattr(log, "_git_state", lambda: None)


class Remembering:
    """Makes each run once; the runs named in `fail` fail."""

    def __init__(self, plan: Plan) -> None:
        self.fail: set[int] = set()
        self.asked: list[int] = []
        self._work = recorder(kept_of(plan.planned.experiment), None)
        self._known: dict[int, Made] = {}

    def __call__(self, run: Run) -> Made:
        self.asked.append(run.number)
        if run.number in self.fail:
            return Made(
                run, Failure(run.label, run.replicate, "ZeroDivisionError: nobody pays", "Traceback: here"), 0.1
            )
        if run.number not in self._known:
            self._known[run.number] = self._work(run)
        return self._known[run.number]


def run_here(said: dict[str, Any], place: Path, **how: Any) -> folder.StudyFolder:
    """Run a sweep of an experiment in its folder."""
    shard = how.pop("shard", None)
    return run_plan(plan_sweep(said, shard=shard), place, How(jobs=1, **how))
