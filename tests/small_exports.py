"""What the tests of exports share: a comparison with every table, a sweep, and a folder's bytes."""

from pathlib import Path

from small_sweeps import experiment, run_here

from cosim.compare import Comparison, compare
from cosim.scenario import load_scenario
from cosim.study.sweep import StudyFolder

REFORM = {"supply.mode": "multi_centre", "party_leads.visits": 2.0}
SHORT = {"study.months": 6, "study.warmup_months": 1}


def whole_comparison() -> Comparison:
    """Return a comparison with all tables but those about worlds."""
    arms = [load_scenario("village", SHORT), load_scenario("village", SHORT | REFORM)]
    arms[1] = arms[1].model_copy(update={"name": "改革 reform"})
    return compare(arms, replicates=2, jobs=1, controls=True, decompose=True)


def small_sweep(folder: Path, **said: object) -> StudyFolder:
    """Return a sweep of two scenarios at a few points, recorded every month; runs have to be made here."""
    return run_here(experiment(folder, record_every=1, **said), folder / "sweep")


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of an export by their path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
