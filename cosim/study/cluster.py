"""Runs on the workers of a Dask cluster that exists.

Nothing here starts machines: whoever has a scheduler and workers gives the scheduler's address.
"""

import asyncio
import logging
import tempfile
import time
import traceback
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosim.language import told
from cosim.study.deadline import Watch, stuck
from cosim.study.one_run import Failure, Result, Run
from cosim.study.pool import Source, Work, as_they_come, died

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Task

CONNECT, ANSWER = 5.0, 8.0
"""Seconds in which a scheduler must take the call, and in which it must have said that it is one."""
FIRST_WORKER, ANY_WORKER = 5.0, 300.0
"""Seconds to wait for the first worker before a study; and in the midst of it, once all have gone."""
LOOK = 1.0
"""Seconds between two looks at who is there."""
REPLY = 30.0
"""Seconds after which a scheduler that does not tell who is there has gone."""
AHEAD = 2
"""Runs under way for each worker: one that is made, and one that waits beside it."""
LOGGERS = ("distributed", "distributed.client", "distributed.gc", "tornado.application")
"""What tells at length, on standard error, of what is said here as an error in plain words."""

MadeWith = Callable[[], dict[str, str]]
"""Tells with what code and libraries runs are made; a function that workers can import."""


class ClusterError(ValueError):
    """The cluster cannot be used, or has gone; the text says why and what to do."""


class Unfit(Exception):  # noqa: N818 (reads as what it is)
    """Raised in a worker that must make no runs; the text says why."""


def check_cluster(address: str, made_with: MadeWith) -> int:
    """Return how many workers there are; raise ClusterError if runs cannot be made on every one of them."""
    with _cluster(address, made_with) as cluster:
        return cluster.workers


def run_on_dask(
    source: Source, work: Work, address: str, made_with: MadeWith, timeout: float | None = None
) -> Generator[Any, None, None]:
    """Yield results as they come, from the workers of the Dask scheduler at `address`.

    If a worker dies, the scheduler has its runs made elsewhere. One during which workers die time and again is made
    once more, with no other waiting behind it, and is then a failure. A run that is stuck inside a month for longer
    than `timeout` seconds is ended with its worker process. Raises ClusterError if the scheduler does not answer or
    goes, if all workers stay away, and if one is not fit, having other code for example. Closing the iterator
    withdraws the runs that have not begun; workers finish those that have.
    """
    with _cluster(address, made_with) as cluster:
        study = uuid.uuid4().hex
        suspects = deque[Run]()

        def submit(run: Run) -> "Future[bytes]":
            return cluster.submit(_Order(run, work, timeout, study, made_with, cluster.expected))

        def next_run() -> Run | None:
            return suspects.popleft() if suspects else source()

        for run, future in as_they_come(next_run, submit, cluster.room, {}, LOOK):
            if cluster.is_killer(future) and _key(run) not in cluster.doubted:
                cluster.doubted.add(_key(run))
                suspects.append(run)
                continue
            cluster.doubted.discard(_key(run))
            yield cluster.result(run, future)


@dataclass(frozen=True)
class _Order:
    """What a worker is sent for one run."""

    run: Run
    work: Work
    timeout: float | None
    study: str
    made_with: MadeWith
    expected: tuple[tuple[str, str], ...]

    def watch(self) -> Watch:
        """Return what ends the worker if the run is stuck; a second attempt on this host finds what it wrote."""
        run = self.run
        name = f"cosim-{self.study}-{run.number}-{run.replicate}-{run.label}"[:100]
        return Watch(self.timeout, Path(tempfile.gettempdir(), name))


def _make(packed: bytes) -> bytes:
    """Make one run in a worker; bytes in and out, so that Dask looks into neither."""
    order: _Order = _unpack(packed)
    if why := _why_unfit_here(order.made_with, order.expected):
        raise Unfit(why)
    watch = order.watch()
    if order.timeout is not None and (trace := watch.trace()):
        watch.place.unlink()
        return _pack(Result(order.run, stuck(order.run, order.timeout, trace)))
    with watch:
        try:
            return _pack(order.work(order.run))
        except Exception as error:
            return _pack(Result(order.run, _let_out(order.run, error)))


def _let_out(run: Run, error: Exception) -> Failure:
    """Say what went wrong with a run outside of the model."""
    trace = "".join(traceback.format_exception(error))
    return Failure(run.label, run.replicate, f"{type(error).__name__}: {error}", trace)


@cache
def _why_unfit_here(made_with: MadeWith, expected: tuple[tuple[str, str], ...]) -> str:
    """Say why this worker must make no runs; looked at once in a process."""
    from distributed import get_worker

    return _why_unfit(made_with, expected, get_worker())


def _why_unfit(made_with: MadeWith, expected: tuple[tuple[str, str], ...], dask_worker: Any) -> str:
    """Say, in a worker, why it must make no runs; empty if it may. Dask fills in `dask_worker`."""
    here, threads = made_with(), dask_worker.state.nthreads
    others = [
        told("{name} {version} (here: {here})", name=name, version=here.get(name, "–"), here=value)
        for name, value in expected
        if here.get(name) != value
    ]
    if others:
        return told(
            "The Dask worker {worker} has other code or libraries: {names}. "
            "Start it from the same environment as this study.",
            worker=dask_worker.address, names=others,
        )  # fmt: skip
    if threads > 1:
        return told(
            "The Dask worker {worker} has {threads} threads, and a process makes one run at a time. "
            "Start workers with --nthreads 1, and more of them: --nworkers.",
            worker=dask_worker.address, threads=threads,
        )  # fmt: skip
    return ""


async def _outcome(task: "Task[bytes]") -> bytes:
    """Return what came of a task; raise what went wrong with it."""
    packed: bytes = await task
    return packed


def _pack(thing: Any) -> bytes:
    """Return the bytes of what is sent to a worker or back; functions of a script go along with it."""
    from distributed.protocol.pickle import dumps

    packed: bytes = dumps(thing)
    return packed


def _unpack(packed: bytes) -> Any:
    from distributed.protocol.pickle import loads

    return loads(packed)


def _key(run: Run) -> tuple[int, int, str]:
    """Return what tells a run from every other in its study."""
    return run.number, run.replicate, run.label


@dataclass
class _Cluster:
    """Who is there: looked at now and then."""

    client: "Client"
    address: str
    expected: tuple[tuple[str, str], ...]
    workers: int = 0
    doubted: set[tuple[int, int, str]] = field(default_factory=set)
    """Runs during which workers died, waiting or under way once more."""
    _seen: float = field(default_factory=time.monotonic)
    _looked: float = float("-inf")

    def submit(self, order: _Order) -> "Future[bytes]":
        """Hand a run to the cluster; what is returned is done once the result is here, or there will be none.

        Dask's own executor leaves a future undone for ever if a result is lost before it is here, and its run is then
        given up.
        """
        from tornado.platform.asyncio import BaseAsyncIOLoop

        task: Task[bytes] = self.client.submit(_make, _pack(order), pure=False)
        loop = self.client.loop
        assert isinstance(loop, BaseAsyncIOLoop)
        return asyncio.run_coroutine_threadsafe(_outcome(task), loop.asyncio_loop)

    def room(self) -> int:
        """Return how many runs may be under way; raise ClusterError if the scheduler has gone, or all workers."""
        now = time.monotonic()
        if self.client.status != "running" or now > self._looked + LOOK:
            self.workers, self._looked = len(self.present()), now
        if self.workers:
            self._seen = now
        elif now > self._seen + ANY_WORKER:
            raise ClusterError(
                told(
                    "The Dask scheduler at {address} has had no workers for {seconds:g} s. What is finished is "
                    "kept. Start workers, and give the same command again.",
                    address=self.address,
                    seconds=ANY_WORKER,
                )
            )
        return max(self.workers * (1 if self.doubted else AHEAD), 1)

    def present(self) -> list[str]:
        """Return the addresses of the workers."""
        try:
            if self.client.status == "running":
                return list(self.client.nthreads(callback_timeout=REPLY))
        except OSError:
            pass
        raise self.gone()

    def gone(self) -> ClusterError:
        """Say that the scheduler has gone."""
        return ClusterError(
            told(
                "The Dask scheduler at {address} has gone, or was restarted. What is finished is kept. Start it "
                "again, with workers, and give the same command again.",
                address=self.address,
            )
        )

    def is_killer(self, future: "Future[bytes]") -> bool:
        """Whether the scheduler has given up a run because workers died while they had it."""
        from distributed import KilledWorker

        return not future.cancelled() and isinstance(future.exception(), KilledWorker)

    def result(self, run: Run, future: "Future[bytes]") -> Any:
        """Return what came of a run; raise ClusterError if that is due to the cluster."""
        error = CancelledError() if future.cancelled() else future.exception()
        if isinstance(error, CancelledError):
            raise self.gone()
        if error is None:
            return _unpack(future.result())
        if self.is_killer(future):
            return Result(run, died(run))
        if isinstance(error, Unfit):
            raise ClusterError(
                told("{error} What is finished is kept; the same command goes on.", error=error.args[0])
            ) from None
        self.present()
        raise ClusterError(
            told(
                "A Dask worker could not begin a run ({kind}: {error}). What is finished is kept. Start all "
                "workers from the same environment as this study, and give the same command again.",
                kind=type(error).__name__,
                error=error,
            )
        ) from error


@contextmanager
def _cluster(address: str, made_with: MadeWith) -> Iterator[_Cluster]:
    """Connect to a scheduler, make sure that every worker is fit, and disconnect in the end."""
    try:
        import distributed
    except ImportError:
        raise ClusterError(
            told('Runs on a Dask cluster need the package distributed: pip install "cosim-community[cluster]"')
        ) from None
    with _quiet():
        _find(address)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
                client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
        except OSError:
            raise _no_answer(address) from None
        try:
            cluster = _Cluster(client, address, tuple(made_with().items()))
            cluster.workers = _fit_workers(cluster, made_with)
            yield cluster
        finally:
            client.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log from standard error."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _find(address: str) -> None:
    """Raise ClusterError unless a Dask scheduler answers at `address`.

    Asked before there is a client: one that meets anything else may wait for ever.
    """
    try:
        with ThreadPoolExecutor(1) as thread:
            who = thread.submit(lambda: asyncio.run(asyncio.wait_for(_ask(address), ANSWER))).result()
    except TimeoutError:
        raise _no_scheduler(address) from None
    except OSError:
        raise _no_answer(address) from None
    except ValueError as error:
        raise ClusterError(
            told(
                "{address!r} is no address of a Dask scheduler ({error}). Give host and port, such as tcp://host:8786.",
                address=address,
                error=error,
            )
        ) from None
    except Exception:
        raise _no_scheduler(address) from None
    if not isinstance(who, dict) or who.get("type") != "Scheduler":
        raise _no_scheduler(address)


async def _ask(address: str) -> Any:
    """Return what the Dask process at `address` says of itself."""
    from distributed.comm.core import connect
    from distributed.security import Security

    comm = await connect(address, timeout=CONNECT, **Security().get_connection_args("client"))
    try:
        await comm.write({"op": "identity", "reply": True})
        return await comm.read()
    finally:
        comm.abort()


def _no_answer(address: str) -> ClusterError:
    return ClusterError(
        told(
            "No Dask scheduler answers at {address}. See that it runs (dask scheduler), that host and port are what "
            "it shows when it starts, and that this machine may reach them.",
            address=address,
        )
    )


def _no_scheduler(address: str) -> ClusterError:
    return ClusterError(
        told(
            "What answers at {address} is no Dask scheduler. Give the address that `dask scheduler` shows when it "
            "starts, such as tcp://host:8786; 8787 is its web page. If it needs TLS, set that in Dask's "
            "configuration.",
            address=address,
        )
    )


def _fit_workers(cluster: _Cluster, made_with: MadeWith) -> int:
    """Return how many workers there are; raise ClusterError if there are none, or one is not fit."""
    until = time.monotonic() + FIRST_WORKER
    while not cluster.present():
        if time.monotonic() > until:
            raise ClusterError(
                told(
                    "The Dask scheduler at {address} has no workers. Start some: dask worker {address} --nworkers 4 "
                    "--nthreads 1",
                    address=cluster.address,
                )
            )
        time.sleep(LOOK / 4)
    answers = cluster.client.run(_why_unfit, made_with, cluster.expected, on_error="return")
    for worker, answer in answers.items():
        if isinstance(answer, OSError):
            continue
        if isinstance(answer, Exception):
            raise ClusterError(
                told(
                    "The Dask worker {worker} cannot make runs ({kind}: {answer}). Start it from the same "
                    "environment as this study.",
                    worker=worker,
                    kind=type(answer).__name__,
                    answer=answer,
                )
            )
        if answer:
            raise ClusterError(answer)
    return len(answers)
