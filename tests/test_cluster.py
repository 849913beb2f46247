"""Runs on a Dask cluster: a real scheduler and real worker processes, on loopback."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import faults_on_workers as faults
import pytest
from distributed import Client

from cosim.scenario import load_scenario
from cosim.study import Failure, Run, cluster, plan_runs
from cosim.study.cluster import ClusterError, check_cluster, run_on_dask
from cosim.study.one_run import Result, make_run
from cosim.study.sweep import sweep

TESTS = Path(__file__).parent
EXPERIMENT = {
    "name": "small",
    "scenarios": ["village"],
    "replicates": 3,
    "outcomes": ["participation", "trust_neighbours", "condition"],
    "settings": {"study.months": 3, "study.warmup_months": 2},
    "factors": {"supply.mode": ["single_centre", "multi_centre"]},
    "design": {"method": "grid"},
}


class Processes:
    """A scheduler and workers, each a process of its own, on loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started = folder, list[subprocess.Popen]()
        known = folder / "scheduler.json"
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(known))
        while not known.exists() or not known.read_text():
            time.sleep(0.05)
        self.address = json.loads(known.read_text())["address"]

    def add_worker(self, *options: str, path: str = f"{TESTS.parent}{os.pathsep}{TESTS}", **environment: str) -> None:
        """Start a worker with one thread, unless `options` say otherwise."""
        place = str(self.folder / f"worker-{len(self.started)}")
        options = ("--nthreads", "1", "--local-directory", place, *options)
        self._start("dask_worker", self.address, *options, PYTHONPATH=path, **environment)

    def _start(self, program: str, *options: str, **environment: str) -> None:
        """Start a process of Dask; a run during which two workers die is given up, not one during which four do."""
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options]
        environment["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "1"
        with (self.folder / f"{program}-{len(self.started)}.log").open("w") as log:
            self.started.append(subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log))

    def end_last(self) -> None:
        """End the process that was started last."""
        process = self.started.pop()
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    started = Processes(folder)
    try:
        yield started
    finally:
        while started.started:
            started.end_last()


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a scheduler with two workers, which a nanny starts again."""
    with processes(tmp_path_factory.mktemp("dask")) as started:
        started.add_worker("--nworkers", "2")
        with Client(started.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        yield started.address


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """Return a scheduler without workers, for one test."""
    monkeypatch.setattr(cluster, "LOOK", 0.2)
    with processes(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return plan_runs([load_scenario("village", {"study.months": 3, "study.warmup_months": 2})], 8, seed=1)


def made(address: str, runs: list[Run], work: Callable[..., Result], timeout: float | None = None) -> list[Result]:
    """Return what comes of the runs, in their order."""
    waiting = iter(runs)
    results = list(run_on_dask(lambda: next(waiting, None), work, address, faults.made_with, timeout))
    return sorted(results, key=lambda result: result.run.replicate)


def assert_made_as_here(results: list[Result], runs: list[Run]) -> None:
    """Assert that results are, bit for bit, what this process makes of the runs."""
    assert [result.run for result in results] == runs
    for run, result in zip(runs, results, strict=True):
        for there, here in zip(result.outcome, make_run(run).outcome, strict=True):
            assert there.equals(here)
            assert there.dtypes.equals(here.dtypes)


def test_makes_what_local_processes_make(two_workers, runs):
    assert_made_as_here(made(two_workers, runs, make_run), runs)


def test_asks_for_no_more_runs_than_workers_can_begin_soon(two_workers, runs):
    asked, most = 0, 0
    waiting = iter(runs)

    def source() -> Run | None:
        nonlocal asked
        asked += 1
        return next(waiting, None)

    work = partial(faults.wait_for, 0.01)
    for number, _ in enumerate(run_on_dask(source, work, two_workers, faults.made_with)):
        most = max(most, asked - number)
    assert most <= 4
    assert number == len(runs) - 1


def test_a_source_is_asked_again_after_a_result(two_workers, runs):
    later = list(runs[:3])
    results = []
    for result in run_on_dask(
        lambda: later.pop(0) if later and len(results) == 3 - len(later) else None,
        make_run,
        two_workers,
        faults.made_with,
    ):
        results.append(result)
    assert_made_as_here(results, runs[:3])


def test_runs_of_a_killed_worker_are_made_by_another(two_workers, runs, tmp_path):
    killed = False
    waiting = iter(runs)
    results = []
    for result in run_on_dask(
        lambda: next(waiting, None), partial(faults.note, tmp_path), two_workers, faults.made_with
    ):
        results.append(result)
        if not killed:
            newest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
            replicate, process = newest.name.split("-")
            os.kill(int(process), signal.SIGKILL)
            killed = True
    assert len(list(tmp_path.glob(f"{replicate}-*"))) == 2
    assert_made_as_here(sorted(results, key=lambda result: result.run.replicate), runs)


def test_a_run_that_ends_its_worker_again_and_again_is_a_failure_and_the_others_are_made(two_workers, runs):
    results = made(two_workers, runs[:5], faults.end_process)
    failure = results.pop(1).outcome
    assert isinstance(failure, Failure)
    assert "ended without a word" in failure.error
    assert_made_as_here(results, [runs[0], *runs[2:5]])


def test_a_result_that_is_lost_before_it_is_here_and_cannot_be_made_again_is_a_failure(
    two_workers, runs, tmp_path, monkeypatch
):
    gather = Client._gather

    async def gather_late(*words, **more):
        await asyncio.sleep(2.0)
        return await gather(*words, **more)

    until = time.monotonic() + 300
    waiting = iter(runs[:1])

    def source() -> Run | None:
        assert time.monotonic() < until, "the study waits for ever"
        return next(waiting, None)

    monkeypatch.setattr(Client, "_gather", gather_late)
    (result,) = run_on_dask(source, partial(faults.end_process_after, tmp_path), two_workers, faults.made_with)
    assert "ended without a word" in result.outcome.error


def test_a_study_whose_runs_are_withdrawn_by_the_scheduler_ends(two_workers, runs):
    waiting = iter(runs)
    results = run_on_dask(
        lambda: next(waiting, None), partial(faults.wait_for, 0.5), two_workers, faults.made_with
    )
    next(results)
    with Client(two_workers, set_as_default=False) as other:
        other.restart()
    with pytest.raises(ClusterError, match="has gone, or was restarted"):
        list(results)


def test_a_run_that_hangs_is_ended_and_the_failure_tells_where(two_workers, runs):
    results = made(two_workers, runs[:4], faults.hang, timeout=30.0)
    failure = results.pop(1).outcome
    assert "not finished within 30 s: stuck inside a month" in failure.error
    assert "in hang" in failure.trace
    assert_made_as_here(results, [runs[0], *runs[2:4]])


def test_an_error_that_gets_out_is_a_failure(two_workers, runs):
    results = made(two_workers, runs[:3], faults.let_out)
    failure = results.pop(1).outcome
    assert failure.error == "ZeroDivisionError: nobody pays"
    assert "in let_out" in failure.trace
    assert_made_as_here(results, [runs[0], runs[2]])


def test_a_sweep_leaves_the_same_bytes_as_local_processes(two_workers, tmp_path):
    places = {"dask": two_workers, "local": None}
    studies = [sweep(EXPERIMENT, output=tmp_path / name, jobs=1, dask=dask).path for name, dask in places.items()]
    there, here = (
        {
            file.relative_to(study): file.read_bytes()
            for file in study.rglob("*")
            if file.is_file() and file.name != "log.jsonl"
        }
        for study in studies
    )
    assert len(here) > 3
    assert there == here


def test_a_sweep_on_a_cluster_that_is_not_there_starts_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.3)
    with pytest.raises(ClusterError, match="No Dask scheduler answers"):
        sweep(EXPERIMENT, output=tmp_path / "study", dask="127.0.0.1:1")
    assert list(tmp_path.iterdir()) == []


def test_closing_withdraws_what_has_not_begun(two_workers, runs, tmp_path, capfd):
    waiting = iter(runs)
    work = partial(faults.note_and_linger, tmp_path)
    with closing(run_on_dask(lambda: next(waiting, None), work, two_workers, faults.made_with)) as results:
        next(results)
    assert next(waiting).replicate == 5
    time.sleep(2)
    assert {path.name for path in tmp_path.iterdir()} < {"1", "2", "3", "4"}
    assert capfd.readouterr().err == ""


def test_ctrl_c_leaves_cleanly(two_workers, runs, capfd):
    timer = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    results = run_on_dask(iter([runs[0], None]).__next__, partial(faults.wait_for, 1.0), two_workers, faults.made_with)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        next(results)
    timer.join()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("127.0.0.1:1", "No Dask scheduler answers at 127.0.0.1:1"),
        ("no-such-host.invalid:8786", "No Dask scheduler answers"),
        ("127.0.0.1", "missing port number"),
        ("host:port", "is no address of a Dask scheduler"),
        ("http://127.0.0.1:8786", "unknown address scheme 'http'"),
        ("tls://127.0.0.1:8786", "needs TLS"),
        ("", "is no address of a Dask scheduler"),
    ],
)
def test_an_address_without_scheduler_is_a_clear_error(address, says, monkeypatch, capfd):
    monkeypatch.setattr(cluster, "CONNECT", 0.3)
    with pytest.raises(ClusterError, match=says):
        check_cluster(address, faults.made_with)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.6\r\n" * 3])
def test_a_port_of_something_else_is_a_clear_error(greeting, monkeypatch, capfd):
    monkeypatch.setattr(cluster, "ANSWER", 0.5)

    def greet(listener: socket.socket) -> None:
        caller, _ = listener.accept()
        with caller:
            caller.sendall(greeting)
            while caller.recv(1000):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=[listener])
        thread.start()
        with pytest.raises(ClusterError, match="is no Dask scheduler"):
            check_cluster(f"127.0.0.1:{listener.getsockname()[1]}", faults.made_with)
        thread.join()
    assert capfd.readouterr().err == ""


def test_workers_are_needed_and_must_be_fit(own, runs, monkeypatch, capfd):
    monkeypatch.setattr(cluster, "FIRST_WORKER", 0.2)
    with pytest.raises(ClusterError, match=r"has no workers\. Start some: dask worker"):
        check_cluster(own.address, faults.made_with)

    monkeypatch.setattr(cluster, "FIRST_WORKER", 20)
    everything = f"{TESTS.parent}{os.pathsep}{TESTS}"
    for options, path, library, says in (
        ((), everything, "0.9", r"tcp://\S+ has other code or libraries: library 0.9 \(here: 1.0\)"),
        (("--nthreads", "2"), everything, "1.0", "has 2 threads"),
        ((), str(TESTS.parent), "1.0", "could not begin a run|cannot make runs"),
    ):
        own.add_worker("--no-nanny", *options, path=path, LIBRARY=library)
        with pytest.raises(ClusterError, match=says):
            check_cluster(own.address, faults.made_with)
        with monkeypatch.context() as joined_later:
            joined_later.setattr(cluster, "_fit_workers", lambda *_: 1)
            with pytest.raises(ClusterError, match=f"({says}).* What is finished is kept"):
                made(own.address, runs[:1], make_run)
        own.end_last()
    assert capfd.readouterr().err == ""


def test_a_study_ends_if_all_workers_or_the_scheduler_go(own, runs, monkeypatch, capfd):
    monkeypatch.setattr(cluster, "ANY_WORKER", 1.0)
    monkeypatch.setattr(cluster, "FIRST_WORKER", 20)
    for process, says in ((1, "has had no workers for 1 s"), (0, "has gone, or was restarted")):
        own.add_worker("--no-nanny")
        waiting = iter(runs)
        results = run_on_dask(
            lambda waiting=waiting: next(waiting, None), partial(faults.wait_for, 0.3), own.address, faults.made_with
        )
        next(results)
        own.started[process].kill()
        own.started[process].wait()
        began = time.monotonic()
        with pytest.raises(ClusterError, match=says):
            list(results)
        assert time.monotonic() - began < 15
        own.end_last()
    assert capfd.readouterr().err == ""


def test_without_the_package_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r'pip install "cosim-community\[cluster\]"'):
        check_cluster("tcp://127.0.0.1:8786", faults.made_with)
