"""Sweeps: many runs by a design, kept in a folder that survives whatever ends the process."""

from cosim.study.sweep.folder import StudyFolder
from cosim.study.sweep.inspecting import replay, show_run, status_of
from cosim.study.sweep.merging import merge
from cosim.study.sweep.plan import Plan, Shard
from cosim.study.sweep.sweeping import How, folder_of, plan_sweep, run_plan, stops_when_terminated, sweep

__all__ = [
    "How",
    "Plan",
    "Shard",
    "StudyFolder",
    "folder_of",
    "merge",
    "plan_sweep",
    "replay",
    "run_plan",
    "show_run",
    "status_of",
    "stops_when_terminated",
    "sweep",
]
