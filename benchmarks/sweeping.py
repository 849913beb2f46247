"""Time a sweep of LY's decades against a bare loop over them, and against plain Mesa's batch_run.

    python benchmarks/sweeping.py
    python benchmarks/sweeping.py --runs 8 --rounds 1 --months 12        # only to see that it works

Everything takes turns in every round, so that a machine that grows slower grows slower for all. The report gives
medians; ratios are taken within a round.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from statistics import median

import mesa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.held_fixed import HeldFixed
from benchmarks.machine import description
from benchmarks.plain_mesa import PlainCommunity
from benchmarks.side_by_side import established
from cosim.scenario import load_scenario
from cosim.study import plan_runs
from cosim.study.one_run import Run, make_run
from cosim.study.sweep import sweep
from cosim.world.world import World

SCENARIO = "multi_centre"
PROCESSES = 2
BARE, ONE, TWO, PLAIN = "bare loop", "sweep, 1 process", "sweep, 2 processes", "mesa.batch_run, 2 processes"


class PlainRun(PlainCommunity):
    """Plain Mesa's residents as batch_run wants them: made without arguments of ours, with a data collector."""

    def __init__(self) -> None:
        super().__init__(*start())
        self.datacollector = mesa.DataCollector(model_reporters={"residents": lambda model: len(model.agents)})

    def step(self) -> None:
        """Live through the next month, and note what batch_run asks for."""
        super().step()
        self.datacollector.collect(self)


@cache
def start() -> tuple[World, HeldFixed]:
    """Return the world that plain Mesa takes over, built once in a process: that is no part of a run."""
    world = established(SCENARIO)
    return world, HeldFixed.of(world)


def main() -> int:
    """Print the report; return the exit code."""
    asked = arguments()
    print(description(), flush=True)
    runs = plan_runs([load_scenario(SCENARIO, {"study.months": asked.months})], asked.runs, seed=1)
    ways: dict[str, Callable[[], object]] = {
        BARE: partial(bare_loop, runs),
        ONE: partial(swept, asked.runs, asked.months, 1),
        TWO: partial(swept, asked.runs, asked.months, PROCESSES),
        PLAIN: partial(plain_batch, asked.plain_runs, asked.months),
    }
    bare_loop(runs[:1])  # both load what is compiled, or compile it
    starting = [swept(2, asked.months, 1) for _ in range(asked.rounds)]
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(asked.rounds):
        for way, run in ways.items():
            begin = time.perf_counter()
            run()
            taken[way].append(time.perf_counter() - begin)
    report(taken, asked)
    row("  of a sweep's time, until its first run is done, s", f"{median(starting):.1f}")
    print(
        "A sweep's time includes starting its processes and writing the study. cosim's runs have everything in them "
        "and a\nwarm-up before; plain Mesa's have the residents' phases alone, from a world that is given to them."
    )
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="runs of the loop and of each sweep (default: 200)")
    parser.add_argument("--plain-runs", type=int, default=PROCESSES, help="runs of plain Mesa, which take a minute")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--months", type=int, default=120, help="months of a run (default: 120)")
    return parser.parse_args()


def bare_loop(runs: list[Run]) -> None:
    """Make one run after the other in this process, and keep nothing."""
    for run in runs:
        make_run(run)


def swept(runs: int, months: int, jobs: int) -> float:
    """Sweep the same runs into a new folder, processes and all; return the seconds until the first was done."""
    begin, first = time.perf_counter(), 0.0

    def tell(settled: int, *_: int) -> None:
        nonlocal first
        if settled == 1:
            first = time.perf_counter() - begin

    experiment = {
        "name": "sweeping",
        "scenarios": [SCENARIO],
        "replicates": runs,
        "seed": 1,
        "outcomes": ["participation", "trust_neighbours", "trust_government", "cost_total"],
        "settings": {"study.months": months},
    }
    with tempfile.TemporaryDirectory() as folder:
        study = sweep(experiment, output=Path(folder, "study"), jobs=jobs, progress=tell)
        if (study.runs["status"] != "done").any():
            raise RuntimeError("a run of the sweep was not done")
    return first


def plain_batch(runs: int, months: int) -> None:
    """Let plain Mesa's batch_run make runs of as many months with as many residents."""
    from mesa.batchrunner import batch_run

    batch_run(
        PlainRun,
        parameters={},
        number_processes=PROCESSES,
        iterations=runs,
        max_steps=months - 1,  # it makes one step more
        display_progress=False,
    )


def report(taken: dict[str, list[float]], asked: argparse.Namespace) -> None:
    """Print medians and ratios, in words."""

    def ratio(of: str, to: str, factor: float = 1.0) -> float:
        return factor * median(a / b for a, b in zip(taken[of], taken[to], strict=True))

    runs, each = asked.runs, {way: 1e3 * median(seconds) / asked.runs for way, seconds in taken.items()}
    each[PLAIN] *= runs / asked.plain_runs
    people = load_scenario(SCENARIO).population.residents
    print(f"{people:,} residents, {asked.months} months, {runs} runs, medians of {asked.rounds} rounds")
    for way, milliseconds in each.items():
        row(f"{way}, ms a run", f"{milliseconds:,.0f}")
    row("the store's overhead: sweep, 1 process, over the bare loop", f"{ratio(ONE, BARE) - 1:.1%}", "below 5 %")
    row("efficiency on 2 cores: bare loop / (2 × sweep)", f"{ratio(BARE, TWO, 1 / PROCESSES):.2f}", "at least .9")
    row("  2 processes against 1, times as fast", f"{ratio(ONE, TWO):.2f}")
    times = ratio(PLAIN, TWO, runs / asked.plain_runs)
    row("cosim sweep against mesa.batch_run, times as fast", f"{times:,.0f}")


def row(what: str, figure: str, bar: str = "") -> None:
    """Print one line of the report."""
    print(f"{what:<62}{figure:>10}  {bar}".rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
