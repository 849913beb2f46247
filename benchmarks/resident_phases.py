"""Check that cosim and plain Mesa give the same results; then time both, whole runs and the command.

    python benchmarks/resident_phases.py

Exit code 1 if the results differ. Nothing else is asserted: the rest is a report, with the bar beside it.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.held_fixed import HeldFixed, live_a_month
from benchmarks.machine import CommandFailedError, description, seconds_of
from benchmarks.plain_mesa import PlainCommunity
from benchmarks.side_by_side import established, live_side_by_side
from cosim import Community
from cosim.world.world import World

CHECKED = 4
"""Months that both models live side by side: two meetings and an election are among them."""
ROUNDS = 5
PLAIN_MONTHS, COMPILED_MONTHS = 2, 24
"""Months in each round of timing."""
DECADE = 120
TIMES_LY = (1, 4, 20)
"""Sizes of compounds, in multiples of LY."""


def main() -> int:
    """Print the report; return the exit code."""
    print(description())
    world = established("multi_centre")
    held = HeldFixed.of(world)
    if not same_results_and_speed(world, held):
        return 1
    gc.collect()
    whole_runs()
    large_compounds()
    commands()
    return 0


def row(what: str, figure: str, bar: str = "") -> None:
    """Print one line of the report."""
    print(f"{what:<58}{figure:>12}  {bar}".rstrip(), flush=True)


def same_results_and_speed(world: World, held: HeldFixed) -> bool:
    """Report whether both models give the same results, and if so how fast each is."""
    plain = PlainCommunity(world, held)
    found = live_side_by_side(world, held, plain, CHECKED)
    if found.faults:
        print(f"cosim and plain Mesa differ in month {world.month}:", file=sys.stderr)
        print(*(f"  {fault}" for fault in found.faults), sep="\n", file=sys.stderr)
        return False
    row(f"same results: {found.people:,} people, {found.ties:,} ties, {CHECKED} months", "yes")
    row("  largest difference (single precision)", f"{found.largest:.1e}")
    slow, fast = timed(
        (plain.step, PLAIN_MONTHS),
        (lambda: live_a_month(world, held), COMPILED_MONTHS),
    )
    row("resident phases, plain Mesa, ms a month", f"{1e3 * slow:.1f}")
    row("resident phases, cosim, ms a month", f"{1e3 * fast:.3f}")
    row("  plain Mesa, million resident-months a second", f"{found.people / slow / 1e6:.4f}")
    row("  cosim, million resident-months a second", f"{found.people / fast / 1e6:.2f}")
    row("  times as fast as plain Mesa", f"{slow / fast:.0f}", "at least 100")
    row("resident phases, cosim, ms a decade", f"{1e3 * fast * DECADE:.0f}", "at most 60")
    return True


def timed(*turns: tuple[Callable[[], None], int]) -> list[float]:
    """Return the median seconds a call of each function takes; they take turns of a number of calls each."""
    taken: list[list[float]] = [[] for _ in turns]
    for _ in range(ROUNDS):
        for (function, calls), seconds in zip(turns, taken, strict=True):
            begin = time.perf_counter()
            for _ in range(calls):
                function()
            seconds.append((time.perf_counter() - begin) / calls)
    return [median(seconds) for seconds in taken]


def whole_runs() -> None:
    """Report how long LY's decade takes with everything in it, and with building and warm-up before it."""
    scenarios = ("single_centre", "multi_centre")
    decades: dict[str, list[float]] = {name: [] for name in scenarios}
    wholes: dict[str, list[float]] = {name: [] for name in scenarios}
    for _ in range(ROUNDS):
        for name in scenarios:
            begin = time.perf_counter()
            community = Community(name, rng=1)
            while community.month < 0:
                community.step()
            warm = time.perf_counter()
            community.run()
            end = time.perf_counter()
            decades[name].append((end - warm) * DECADE / community.settings.study.months)
            wholes[name].append(end - begin)
    for name in scenarios:
        row(f"LY, {name}, ms a decade", f"{1e3 * median(decades[name]):.0f}", "at most 400")
        row("  with building and warm-up, ms a run", f"{1e3 * median(wholes[name]):.0f}")


def large_compounds() -> None:
    """Report the cost of a resident's month in compounds of several sizes, everything in proportion."""
    who = Community("multi_centre").settings.population
    worlds = [
        established(
            "multi_centre",
            **{
                "population.residents": who.residents * size,
                "population.households": who.households * size,
                "population.buildings": who.buildings * size,
            },
        )
        for size in TIMES_LY
    ]
    costs = timed(*((months_of(world), COMPILED_MONTHS) for world in worlds))
    each = [cost / world.adults.sum() for cost, world in zip(costs, worlds, strict=True)]
    for cost, size in zip(each, TIMES_LY, strict=True):
        row(f"resident phases at {who.residents * size:,}, ns a resident-month", f"{1e9 * cost:.0f}")
    row("  largest against smallest compound", f"{each[-1] / each[0]:.2f}", "at most 2")


def months_of(world: World) -> Callable[[], None]:
    """Return a function that lets a world's residents live a month under the circumstances of now."""
    held = HeldFixed.of(world)
    return lambda: live_a_month(world, held)


def commands() -> None:
    """Report how long the command takes to answer, and to give a first result, in a fresh process."""
    asked: Iterable[tuple[tuple[str, ...], int, float, str, str]] = (
        (("--help",), 10, 1e3, "ms", "at most 120"),
        (("run", "ly", "--months", "12"), 3, 1.0, "s", "at most 3"),
    )
    for arguments, times, scale, unit, bar in asked:
        what = f"cosim {' '.join(arguments)}, {unit}"
        try:
            row(what, f"{scale * seconds_of(*arguments, times=times):.3g}", bar)
        except CommandFailedError as error:
            row(what, "not timed", str(error))


if __name__ == "__main__":
    sys.exit(main())
