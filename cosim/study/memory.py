"""How much memory a study takes, and whether there is that much: said before any time is spent."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cosim.language import told
from cosim.outcomes.measures import (
    CATEGORY_MEASURES,
    GROUPS,
    MEASURES,
    PERSON_MEASURES,
    RESIDENT_MEASURES,
    TRAITS,
)
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.schema import Scenario
from cosim.study.one_run import Run
from cosim.world.columns import HOUSEHOLD_COLUMNS, RESIDENT_COLUMNS, SLOTS

TIE = 9
"""Bytes of a tie: who, how strong, whether near."""
SPARE = 2.0
"""What arrays in passing, and tables while they are put together, take beside those that stay, as a factor."""
PROCESS = 250e6
"""Bytes of a process before it holds a compound."""


def check_memory(runs: Sequence[Run], jobs: int) -> None:
    """Raise ScenarioError if the runs, `jobs` at a time, need more memory than is free."""
    free = free_memory()
    largest = max((run.scenario for run in runs), key=lambda scenario: scenario.population.residents)
    compounds = jobs * (PROCESS + SPARE * compound_bytes(largest))
    results = SPARE * sum(result_bytes(run) for run in runs)
    if free is None or compounds + results <= free:
        return
    people = largest.population.residents
    which = (
        told("{jobs} compounds of {people:,} residents", jobs=jobs, people=people)
        if compounds > results
        else told("the results of {count:,} runs", count=len(runs))
    )
    hint = (
        told("fewer residents, or fewer processes (--jobs 1)")
        if compounds > results
        else told("fewer replicates or months")
    )
    message = told(
        "{which} need about {number} of memory, and {free} are free",
        which=which,
        number=_gigabytes(compounds + results),
        free=_gigabytes(free),
    )
    raise ScenarioError(
        [Problem(file=largest.name, key="population.residents", message=message, hint=told("take {hint}", hint=hint))]
    )


def compound_bytes(scenario: Scenario) -> float:
    """Return the bytes of one compound's residents, households and ties."""
    person = sum(np.dtype(column.dtype).itemsize * column.width for column in RESIDENT_COLUMNS) + SLOTS * TIE
    home = sum(np.dtype(column.dtype).itemsize * column.width for column in HOUSEHOLD_COLUMNS)
    return float(person * scenario.population.residents + home * scenario.population.households)


def result_bytes(run: Run) -> float:
    """Return the bytes of the tables that a run leaves."""
    length = run.scenario.study
    row = len(MEASURES) + len(GROUPS) * len(RESIDENT_MEASURES) + len(run.scenario.categories) * len(CATEGORY_MEASURES)
    months = 8.0 * row * (length.months + length.warmup_months)
    people = 4.0 * (len(PERSON_MEASURES) + len(TRAITS) + 4) * run.scenario.population.residents
    return months + people * run.keep_people


def free_memory() -> float | None:
    """Return the bytes of memory that are free for this process; None where the system does not tell."""
    told = Path("/proc/meminfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024.0 * float(line.split()[1])
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return None


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:,.1f} GB"
