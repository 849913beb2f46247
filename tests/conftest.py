"""What the tests share: two small places, integers that wrap, a browser, and a dashboard to open in it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosim.community import Community

os.environ["COSIM_LANG"] = "en"  # the command line speaks English in tests, whatever the locale of the machine


@pytest.fixture(autouse=True, scope="session")
def wrapping_integers() -> Iterator[None]:
    """Let 64-bit integers wrap, as keyed draws mean them to; as plain Python NumPy would warn of it."""
    with np.errstate(over="ignore"):
        yield


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> Iterator[None]:
    """Let Ctrl-C be heard, by what tests start as well: a shell has what it starts in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def village() -> Community:
    """Return the shipped dozen people, before their first month, with conservation checked."""
    return Community("village", rng=1, check=True)


@pytest.fixture(scope="session")
def compound() -> Callable[..., Community]:
    """Return a maker of small compounds: LY's services, fewer people, two months of warm-up and six more.

    Working time is per 1,000 residents, so a few people need more of it to get anything done.
    """
    partners = (f"partners.{kind}" for kind in ("social_organisation", "enterprise", "public_unit"))
    hours = {f"{body}.staff_hours": 1000.0 for body in ("government", "committee", *partners)}

    def make(
        residents: int = 200, households: int = 70, buildings: int = 5, *, rng: int = 1, **overrides: Any
    ) -> Community:
        small = {
            "population.residents": residents,
            "population.households": households,
            "population.buildings": buildings,
            "study.warmup_months": 2,
            "study.months": 6,
        }
        observers = overrides.pop("observers", ())
        return Community("ly", rng=rng, check=True, observers=observers, **(small | hours | overrides))

    return make


SMALL = "?left=village&right=village"
"""The query of a link to a dozen people."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a real browser; without one its tests are skipped, or fail with COSIM_BROWSER=1, as `.ci/run` sets it."""
    if CHROMIUM is None:
        message = "no chromium is on the path: apt-get install chromium"
        if os.environ.get("COSIM_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a dashboard of its own, as a visitor types it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = tmp_path_factory.mktemp("dashboard") / "said.txt"
    with said.open("w") as file:
        main = "from cosim.cli import main; main()"
        command = [sys.executable, "-c", main, "dashboard", "--no-open", "--port", str(port)]
        server = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    try:
        _wait_for(port, server, said)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: "subprocess.Popen[bytes]", said: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the dashboard did not start: {said.read_text()}")


@pytest.fixture
def visit(browser: Any, dashboard: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the dashboard with a link's query and waits until its months are drawn.

    Whatever the page complains of on its console, or asks of another host, is a failure.
    """
    opened, wrong = [], []

    def open_page(query: str = SMALL, prepare: Callable[[Any], None] = lambda page: None) -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, accept_downloads=True)
        opened.append(context)
        page = context.new_page()
        prepare(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        own = (dashboard, "data:", "blob:")
        page.on("request", lambda it: None if it.url.startswith(own) else wrong.append(it.url))
        page.goto(dashboard + query)
        page.wait_for_selector(".clock[data-position]", timeout=60_000, state="attached")
        return page

    yield open_page
    for context in opened:
        context.close()
    assert wrong == []
