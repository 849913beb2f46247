"""How the dashboard serves a full room: months a second, waiting times, memory, and whether worlds get mixed up.

    python benchmarks/visitors.py                                   # thirty visitors for five minutes
    python benchmarks/visitors.py --wires 3 --browsers 0 --seconds 20 # only to see that it works

Starts `cosim dashboard` as a process of its own. First one visitor alone, in a browser: how long until both worlds are
drawn, until a month is computed and drawn, until a month that is there is drawn. Then all at once, each with a seed of
its own: some in a browser, the others without one (`wire.py`), month by month. Every one of the latter compares what it
is shown with what `Community` gives for its seed. Then all leave, and the memory that comes back is measured.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import ROOT, description
from benchmarks.wire import ServerFault, Wire
from cosim.community import Community
from cosim.dashboard.topics import TOPICS
from cosim.dashboard.worlds import REPLICATE
from cosim.scenario import load_scenario
from cosim.study import seed_of

SCENARIOS = ("single_centre", "multi_centre")
CHECKED = 6
"""Months for which every visitor's numbers are compared with those of its seed."""
BARS = {"open": 3.0, "month": 0.150, "back": 0.100, "pace": 1.0}
"""Seconds that may pass until both worlds are drawn, a month is, and one that is there; months a second of each."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRAWN = """([press, back]) => new Promise(done => {
  const numbers = () => [...document.querySelectorAll('.chart output')].map(it => it.textContent).join()
  const said = () => document.querySelector('.now b').textContent + '|' + numbers()
  const month = document.querySelector('.now b').textContent, charts = said().split('|')[1], begin = performance.now()
  document.querySelector(press).click()
  const look = () => {
    const [now, ...rest] = said().split('|')
    if (now !== month && rest.join('|') !== charts) requestAnimationFrame(() => done(performance.now() - begin))
    else if (performance.now() - begin > 20000) done(null)
    else setTimeout(look, 1)
  }
  look()
})"""
"""Presses a button and tells the milliseconds until clock and charts show another month and that is on screen."""


@dataclass
class Played:
    """What one visitor met: months and seconds of play, waiting times of months, faults."""

    kind: str
    opened: float = 0.0
    months: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    checked: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def pace(self) -> float:
        """Months a second."""
        return self.months / self.seconds if self.seconds else 0.0


def main() -> int:
    """Print the report; return 1 if a bar is missed or something went wrong."""
    asked = arguments()
    expected = {seed: courses(seed) for seed in range(1, asked.wires + 1)}
    with server(asked.idle) as (address, process):
        told = asyncio.run(measured(asked, address, process, expected))
    told["machine"] = description()
    print(json.dumps(told, indent=2) if asked.json else as_markdown(told))
    return int(bool(told["faults"]) or not told["bars_met"])


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wires", type=int, default=28, help="visitors without a browser (default: 28)")
    parser.add_argument("--browsers", type=int, default=2, help="visitors with a browser (default: 2)")
    parser.add_argument("--seconds", type=float, default=300.0, help="how long they play (default: 300)")
    parser.add_argument("--pace", type=float, default=1.0, help="months a second that each asks for (default: 1)")
    parser.add_argument("--idle", type=float, default=0.2, help="minutes until a page is put away (default: 0.2)")
    parser.add_argument("--json", action="store_true", help="print JSON, not Markdown")
    return parser.parse_args()


def courses(seed: int) -> dict[str, np.ndarray]:
    """Return the first chart's measure in the first months of both worlds, as `Community` alone gives it."""
    measure, found = TOPICS["overview"].measures[0], {}
    for name in SCENARIOS:
        community, course = Community(load_scenario(name), rng=seed_of(seed, REPLICATE)), []
        while community.month < CHECKED:
            community.step()
            if community.month >= 0:
                course.append(community.latest(measure))
        found[name] = np.array(course, np.float32)
    return found


@contextmanager
def server(idle: float) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a dashboard at a free port, and give its address and process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cosim", "dashboard", "--port", "0", "--no-open", "--idle", str(idle)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://\S+(?=/)", said)
        if found is None:
            raise ServerFault(f"the dashboard did not start: {said!r}")
        yield found.group(), process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


async def measured(asked: argparse.Namespace, address: str, process: subprocess.Popen[str], expected: Any) -> Any:
    """Measure everything, and return it by name."""
    memory = {"before anybody came": resident(process)}
    alone = await in_a_browser(address) if asked.browsers else {}
    rest = resident(process)
    memory["at rest"] = rest
    before = computed(process)
    async with AsyncExitStack() as stack:
        players = [by_wire(address, seed, asked, expected[seed], stack) for seed in expected]
        players += [by_browser(address, 1000 + number, asked, stack) for number in range(asked.browsers)]
        played = list(await asyncio.gather(*players))
        memory["with all of them"] = resident(process)
        spent = computed(process) - before
    visitors = max(len(played), 1)
    memory["a visitor"] = (memory["with all of them"] - rest) / visitors
    await asyncio.sleep(60 * asked.idle * 1.5 + 5)
    memory["after they left"] = resident(process)
    told = summary(alone, played, memory)
    return told | {"server_computes_per_month_s": spent / max(sum(it.months for it in played), 1)}


def computed(process: subprocess.Popen[str]) -> float:
    """Return the seconds of computing that a process has taken; they do not depend on what else the machine does."""
    told = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def resident(process: subprocess.Popen[str]) -> float:
    """Return the memory of a process in MB."""
    told = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmRSS"))) / 1024


async def by_wire(address: str, seed: int, asked: Any, expected: Any, stack: AsyncExitStack) -> Played:
    """Play without a browser, and compare the first months with what they should be."""
    played, begin = Played("wire"), time.perf_counter()
    try:
        wire = await Wire.open(address, f"?seed={seed}")
        stack.push_async_callback(wire.close)
        await warmed(wire)
        begin, played.opened = time.perf_counter(), time.perf_counter() - begin
        while played.seconds < asked.seconds:
            clock = wire.part("speeds")
            if clock["position"] >= clock["last"]:
                await wire.event("speeds", "reset", None)
                await warmed(wire)
                continue
            asked_for = clock["position"] + 1
            played.waits.append(await wire.event("speeds", "go", asked_for))
            played.months += 1
            if clock["position"] != asked_for:
                played.faults.append(f"seed {seed}: month {clock['position']} was shown")
            if clock["latest"] == CHECKED:
                check(wire, seed, expected, played)
            await asyncio.sleep(max(0.0, played.months / asked.pace - (time.perf_counter() - begin)))
            played.seconds = time.perf_counter() - begin
    except ServerFault as fault:
        played.faults.append(f"seed {seed}: {fault}")
    return played


async def warmed(wire: Wire) -> None:
    """Wait until the warm-up is over."""
    while not wire.part("speeds")["ready"]:
        await wire.event("speeds", "more", None)


def check(wire: Wire, seed: int, expected: dict[str, np.ndarray], played: Played) -> None:
    """Compare the course of the first chart with what it should be for this seed."""
    shown = np.frombuffer(wire.part("topics")["values"], np.float32).reshape(-1, len(SCENARIOS), CHECKED + 1)[0]
    for name, course in zip(SCENARIOS, shown, strict=True):
        played.checked += 1
        if not np.array_equal(course, expected[name], equal_nan=True):
            played.faults.append(f"seed {seed}: {name} is not that of its seed")


async def by_browser(address: str, seed: int, asked: Any, stack: AsyncExitStack) -> Played:
    """Play in a browser, with the button that plays."""
    played = Played("browser")
    page = await opened_page(stack)
    begin = time.perf_counter()
    await page.goto(f"{address}/?seed={seed}")
    await page.wait_for_selector(".chart output", timeout=60_000)
    begin, played.opened = time.perf_counter(), time.perf_counter() - begin
    await page.select_option("#speed", "1")
    await page.click("#play")
    begin, before = time.perf_counter(), 0
    while played.seconds < asked.seconds:
        await asyncio.sleep(0.5)
        month, last = [int(it) for it in re.findall(r"\d+", await page.inner_text(".now b"))]
        played.months += max(month - before, 0)
        before = month
        if month == last:
            await page.click("#reset")
            await page.click("#play")
            before = 0
        played.seconds = time.perf_counter() - begin
    played.faults += [f"browser: {text}" for text in page.said]
    return played


async def opened_page(stack: AsyncExitStack) -> Any:
    """Return an empty page of a browser of its own; `said` collects its errors."""
    from playwright.async_api import async_playwright

    play = await stack.enter_async_context(async_playwright())
    browser = await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    stack.push_async_callback(browser.close)
    page = await browser.new_page(viewport={"width": 1280, "height": 720})
    page.said = []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    return page


async def in_a_browser(address: str) -> dict[str, list[float]]:
    """Return, in seconds, how long a single visitor waits: to open, for a month, for one that is there."""
    found: dict[str, list[float]] = {"open": [], "month": [], "back": []}
    for seed in (501, 502, 503):
        async with AsyncExitStack() as stack:
            page = await opened_page(stack)
            begin = time.perf_counter()
            await page.goto(f"{address}/?seed={seed}")
            await page.wait_for_selector(".chart output", timeout=60_000)
            found["open"].append(time.perf_counter() - begin)
            for press, kind in [("#on", "month")] * 20 + [("#back", "back"), ("#on", "back")] * 10:
                taken = await page.evaluate(DRAWN, [press, kind])
                if taken is not None:
                    found[kind].append(taken / 1000)
    return found


def summary(alone: dict[str, list[float]], played: list[Played], memory: dict[str, float]) -> dict[str, Any]:
    """Return the figures by name, and whether the bars are met."""
    paces, waits = [it.pace for it in played], [wait for it in played for wait in it.waits]
    told: dict[str, Any] = {
        "visitors": len(played),
        "months_a_second": {"least": min(paces), "median": statistics.median(paces)},
        "opened_all_at_once_s": {"median": statistics.median(it.opened for it in played),
                                 "longest": max(it.opened for it in played)},
        "month_of_a_wire_s": quantiles(waits),
        "alone_in_a_browser_s": {kind: quantiles(values) for kind, values in alone.items()},
        "memory_mb": memory,
        "courses_checked": sum(it.checked for it in played),
        "faults": [fault for it in played for fault in it.faults],
    }  # fmt: skip
    met = {kind: told["alone_in_a_browser_s"][kind]["p50"] <= BARS[kind] for kind in alone}
    # a visitor that asks for a month a second has asked for one less at the end
    met["pace"] = min(paces) >= BARS["pace"] * 0.95
    return told | {"bars": BARS, "met": met, "bars_met": all(met.values())}


def quantiles(values: list[float]) -> dict[str, float]:
    """Return the middle of some seconds, what 95 % of them do not exceed, and the longest."""
    return dict(zip(("p50", "p95", "longest"), np.quantile(values, (0.5, 0.95, 1.0)).tolist(), strict=True))


def as_markdown(told: dict[str, Any]) -> str:
    """Return the report as a table."""
    lines = [told["machine"], "", "| | |", "|---|---|"]
    for name, value in told.items():
        if isinstance(value, dict):
            lines += [f"| {name}, {key} | {_said(one)} |" for key, one in value.items()]
        elif name not in ("machine", "faults"):
            lines.append(f"| {name} | {_said(value)} |")
    return "\n".join([*lines, "", *(told["faults"] or ["no faults"])])


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(one)}" for key, one in value.items())
    if isinstance(value, float):
        return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
