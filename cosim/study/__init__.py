"""Many runs: which ones, running them side by side, and one folder that holds what came out."""

from cosim.study.cluster import ClusterError
from cosim.study.one_run import Failure, Run
from cosim.study.pool import WorkersDied
from cosim.study.running import Progress, Study, cores, labels_of, make_runs, plan_runs, run_study, seed_of
from cosim.study.store import OutputError, check_output, write_study

__all__ = [
    "ClusterError",
    "Failure",
    "OutputError",
    "Progress",
    "Run",
    "Study",
    "WorkersDied",
    "check_output",
    "cores",
    "labels_of",
    "make_runs",
    "plan_runs",
    "run_study",
    "seed_of",
    "write_study",
]
