"""Runs on several processes, each with one run at a time."""

import multiprocessing
import os
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from cosim.language import told
from cosim.study.deadline import Watch, stuck
from cosim.study.one_run import Failure, Result, Run

Source = Callable[[], Run | None]
"""Gives the next run to be made; None if there is none at present. It is asked again after every result."""
Work = Callable[..., Any]
"""Makes a run, and returns a `Result` or more of that kind; called with the run, and with what is to be called after
every month. It can be pickled."""

LOOK_EVERY = 1.0
"""Seconds after which a worker looks again whether its parent is there: a forked one is not always told."""

LEAVE = 5.0
"""Seconds in which a run must come to the end of its month once the study is stopped; else its process ends."""


class WorkersDied(RuntimeError):  # noqa: N818 (reads as what it is)
    """No worker process lived long enough to begin a run."""

    def __init__(self) -> None:
        super().__init__(
            told(
                "The worker processes ended before one of them had begun a run. In a script, put the call "
                'under `if __name__ == "__main__":`, since every worker imports the script. If memory is short, '
                "ask for fewer workers: jobs=1."
            )
        )


class Stopped(BaseException):
    """The study was stopped while this worker was between two months."""


_stop: Event
"""In a worker: set once the study is stopped."""
_begun: Event
"""In a worker: to be set once it begins a run."""


def _start_worker(stop: Event, begun: Event) -> None:
    """Leave Ctrl-C to the parent, which sets `stop`, and end with it if it is killed."""
    global _stop, _begun
    _stop, _begun = stop, begun
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once its parent is gone, or waits in vain: a run may be stuck, and what it makes is not wanted.

    Without a parent nobody would ever give it work, or tell it to stop.
    """
    process = multiprocessing.parent_process()
    assert process is not None
    waited = 0.0
    while waited < LEAVE and not wait_for([process.sentinel], timeout=LOOK_EVERY) and os.getppid() == parent:
        waited += LOOK_EVERY * _stop.is_set()
    os._exit(1)


def _between_months(*_: object) -> None:
    """Leave off if the study was stopped."""
    if _stop.is_set():
        raise Stopped


def _work(work: Work, run: Run, watch: Watch) -> Any:
    """Make one run under its watch, unless the study is stopped first."""
    _between_months()
    _begun.set()
    with watch:
        return work(run, _between_months)


def as_they_come(
    source: Source,
    submit: Callable[[Run], "Future[Any]"],
    most: Callable[[], int],
    under_way: dict["Future[Any]", Run],
    patience: float | None = None,
) -> Iterator[tuple[Run, "Future[Any]"]]:
    """Yield each run with its future once that is done, and keep `most` of them in `under_way`.

    `most` is asked again after `patience` seconds even if nothing is done.
    """
    while True:
        while len(under_way) < most() and (run := source()) is not None:
            under_way[submit(run)] = run
        if not under_way:
            return
        for future in wait(under_way, patience, FIRST_COMPLETED).done:
            yield under_way[future], future
            del under_way[future]


def run_in_pool(
    source: Source, work: Work, jobs: int, start_method: str, timeout: float | None = None
) -> Generator[Any, None, None]:
    """Yield results as they come, from `jobs` processes.

    If a worker dies (killed for want of memory, say), the runs that were under way are made again, one at a time,
    and the one that dies again is a failure. A run that is stuck inside a month for longer than `timeout` seconds is
    ended with its process, and is a failure. Raises WorkersDied if a worker dies before any has begun a run.
    Closing the iterator stops the workers before their next month.
    """
    context: Any = multiprocessing.get_context(start_method)
    begun = context.Event()
    suspects = deque[Run]()
    with tempfile.TemporaryDirectory(prefix="cosim-") as folder:

        def watch(run: Run) -> Watch:
            return Watch(timeout, Path(folder, f"{run.number}-{run.replicate}-{run.label}"[:100]))

        more = True
        while more:
            alone, more = bool(suspects), False
            under_way: dict[Future[Any], Run] = {}
            stop = context.Event()
            executor = ProcessPoolExecutor(1 if alone else jobs, context, _start_worker, (stop, begun))

            def submit(run: Run, executor: ProcessPoolExecutor = executor) -> "Future[Any]":
                try:
                    with _ctrl_c_held_back():
                        return executor.submit(_work, work, run, watch(run))
                except BrokenProcessPool as error:
                    broken: Future[Any] = Future()
                    broken.set_exception(error)
                    return broken

            waiting = (lambda: suspects.popleft() if suspects else None) if alone else source

            def most(most: int = 1 if alone else jobs + 1) -> int:
                return most

            try:
                for _, future in as_they_come(waiting, submit, most, under_way):
                    yield future.result()
                more = alone
            except BrokenProcessPool:
                if not begun.is_set():
                    raise WorkersDied from None
                more = True
                for future, run in under_way.items():
                    trace = watch(run).trace()
                    if future.done() and future.exception() is None:
                        yield future.result()
                    elif timeout is not None and trace:
                        yield Result(run, stuck(run, timeout, trace))
                    elif alone:
                        yield Result(run, died(run))
                    else:
                        suspects.append(run)
            finally:
                stop.set()
                executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Let Ctrl-C wait while workers are started: they inherit that, and never see it, not even starting."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def died(run: Run) -> Failure:
    """Say that a run took its process with it."""
    text = told("The process that made this run ended without a word; the system may have been short of memory.")
    return Failure(run.label, run.replicate, text, trace="")
