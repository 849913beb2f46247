"""Runs on several processes, each with one run at a time."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event

from cosim.study.one_run import Failure, Result, Run, make_run


class WorkersDied(RuntimeError):  # noqa: N818 (reads as what it is)
    """No worker process lived long enough to finish a run."""

    def __init__(self) -> None:
        super().__init__(
            "The worker processes ended before one of them had finished a run. In a script, put the call "
            'under `if __name__ == "__main__":`, since every worker imports the script. If memory is short, '
            "ask for fewer workers: jobs=1 runs everything in this process."
        )


class Stopped(BaseException):
    """The study was stopped while this worker was between two months."""


_stop: Event
"""In a worker: set once the study is stopped."""


def _start_worker(stop: Event) -> None:
    """Leave Ctrl-C to the parent, which sets `stop`."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _between_months(*_: object) -> None:
    """Leave off if the study was stopped."""
    if _stop.is_set():
        raise Stopped


def _work(run: Run) -> Result:
    """Make one run, unless the study is stopped first."""
    _between_months()
    return make_run(run, _between_months)


def run_in_pool(runs: Sequence[Run], jobs: int, start_method: str) -> Iterator[Result]:
    """Yield results as they come, from `jobs` processes.

    If a worker dies (killed for want of memory, say), the runs that were under way are made again, each in
    a process of its own, and the one that dies again is a failure. Raises WorkersDied if no worker has
    finished any run by then. Closing the iterator stops the workers before their next month.
    """
    context = multiprocessing.get_context(start_method)
    waiting, suspects = deque(runs), deque[Run]()
    any_finished = False
    while waiting or suspects:
        alone = bool(suspects)
        queue = deque([suspects.popleft()]) if alone else waiting
        under_way: dict[Future[Result], Run] = {}
        stop = context.Event()
        executor = ProcessPoolExecutor(1 if alone else jobs, context, _start_worker, (stop,))
        try:
            while queue or under_way:
                while queue and len(under_way) <= jobs:
                    with _ctrl_c_held_back():
                        under_way[executor.submit(_work, queue[0])] = queue[0]
                    queue.popleft()
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    del under_way[future]
                    any_finished = True
                    yield result
        except BrokenProcessPool:
            if not any_finished:
                raise WorkersDied from None
            lost = list(under_way.values())
            if alone:
                yield from (Result(run, _died(run)) for run in lost)
            else:
                suspects.extend(lost)
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


def _died(run: Run) -> Failure:
    """Say that a run took its process with it."""
    text = "The process that made this run ended without a word; the system may have been short of memory."
    return Failure(run.label, run.replicate, text, trace="")
