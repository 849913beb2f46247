"""Ways of making a run, and of saying with what it is made, for the worker processes of test_cluster."""

import os
import threading
import time
from pathlib import Path

from cosim.study.one_run import Failure, Result, Run, make_run


def made_with() -> dict[str, str]:
    """Return versions, of which the environment can make others."""
    return {"cosim": "1", "library": os.environ.get("LIBRARY", "1.0")}


def note(folder: Path, run: Run) -> Result:
    """Make a run, leaving word of the process, and a moment in which to end it."""
    (folder / f"{run.replicate}-{os.getpid()}").touch()
    time.sleep(0.2)
    return make_run(run)


def end_process(run: Run) -> Result:
    """End the process with the second replicate."""
    if run.replicate == 2:
        os._exit(1)
    return make_run(run)


def end_process_after(folder: Path, run: Run) -> Result:
    """Make a run, and end the process soon after; in any further attempt, instead."""
    begun = folder / "begun"
    if begun.exists():
        os._exit(1)
    begun.touch()
    result = make_run(run)
    threading.Timer(0.5, os._exit, [1]).start()
    return result


def hang(run: Run) -> Result:
    """Never come back from the second replicate."""
    while run.replicate == 2:
        time.sleep(0.1)
    return make_run(run)


def let_out(run: Run) -> Result:
    """Let an error out with the second replicate."""
    if run.replicate == 2:
        raise ZeroDivisionError("nobody pays")
    return make_run(run)


def wait_for(seconds: float, run: Run) -> Result:
    """Make nothing, slowly."""
    time.sleep(seconds)
    return Result(run, Failure(run.label, run.replicate, "none", ""))


def note_and_linger(folder: Path, run: Run) -> Result:
    """Leave word of the run, and make nothing; slowly, but for the first."""
    (folder / str(run.replicate)).touch()
    return wait_for(0.0 if run.replicate == 1 else 1.5, run)
