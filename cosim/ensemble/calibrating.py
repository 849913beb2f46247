"""Calibrate: waves of parameter sets, what is done in those kept, patterns in some; each a sweep that can go on."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.ensemble.effects import OUTCOMES, differences, over_worlds, pass_rates, read_answers
from cosim.ensemble.priors import BASE, Calibration, Values, shipped_set
from cosim.ensemble.sets import ENSEMBLE, as_csv, medoid
from cosim.ensemble.waves import fit, not_ruled_out
from cosim.patterns import Criterion, Pattern, ask_in, shipped_patterns
from cosim.patterns.catalogue.calibration import MEASURES, UNREFORMED
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study import Progress
from cosim.study.sweep import StudyFolder, sweep

Stage = Callable[[str], Progress]
"""Told, in words, what comes next; returns what is to be told of its runs."""
SHIPPED = 0
"""Number of the set that is shipped: a candidate like any other."""


@dataclass(frozen=True)
class Calibrated:
    """What a calibration found.

    tried
        a row per set: wave, its statistic for each of C1 to C5, and whether all were met
    sets
        the sets that met them, a row each: `set`, their number in `tried`, then the keys
    fits
        a row per wave and pattern: how much of it the emulator explains, its scatter, and the share of sets that met it
    effects
        what reforms do over these sets (`effects.over_worlds`)
    by_set
        the same set by set (`effects.differences`)
    patterns
        share of sets in which each validation pattern holds (`effects.pass_rates`)
    medoid
        number of the set that is closest to all the others
    """

    said: Calibration
    tried: pd.DataFrame
    sets: pd.DataFrame
    fits: pd.DataFrame
    effects: pd.DataFrame
    by_set: pd.DataFrame
    patterns: pd.DataFrame
    medoid: int


def calibrate(said: Calibration, folder: Path, stage: Stage, jobs: int | None = None) -> Calibrated:
    """Find the plausible sets and what reforms do in them; goes on where an earlier call with `folder` was.

    Ctrl-C is KeyboardInterrupt; what was run is kept. Raises ScenarioError if no set meets the patterns, and what
    `sweep` raises.
    """
    criteria = [pattern.criteria[0] for pattern in shipped_patterns() if pattern.kind == "calibration"]
    unit, sets, tried, fits = _waves(said, folder, criteria, stage, jobs)
    kept = tried.index[tried["kept"]].to_numpy()
    if not kept.size:
        met = ", ".join(f"{name}: {share:.0%}" for name, share in _met(tried[list(MEASURES)], criteria).items())
        message = f"none of {len(tried)} parameter sets meets all calibration patterns ({met})"
        raise ScenarioError([Problem(file="", key="priors", message=message, hint="draw more sets, or widen priors")])
    chosen = pd.DataFrame([sets[number] for number in kept], columns=list(said.keys))
    (folder / ENSEMBLE).write_text(as_csv(chosen), encoding="utf-8")
    made = _sweep(folder, "effects", chosen, said.effects.scenarios, said.effects.replicates, said, stage, jobs)
    by_set = differences(made.runs)
    by_set["set"] = kept[by_set["set"].to_numpy()]
    rates = _ask(said, folder, chosen, stage, jobs)
    chosen.insert(0, "set", kept)
    return Calibrated(
        said, tried, chosen, fits, over_worlds(by_set, said.effects.replicates), by_set, rates,
        int(kept[medoid(unit[kept])]),
    )  # fmt: skip


def _waves(
    said: Calibration, folder: Path, criteria: Sequence[Criterion], stage: Stage, jobs: int | None
) -> tuple[Values, list[dict[str, Any]], pd.DataFrame, pd.DataFrame]:
    """Run the waves; return all points, all sets, what they gave, and how well it could be foreseen."""
    shipped = shipped_set(said)
    unit = np.vstack([said.unit_of(shipped), said.draw(said.draws.waves[0], said.draws.seed)])
    sets = [shipped, *said.sets_at(unit[1:])]
    tables, fits = [], []
    points, new = unit, sets
    for wave, _ in enumerate(said.draws.waves, start=1):
        if wave > 1:
            levels = pd.concat(tables)[list(MEASURES)].to_numpy()
            emulators = [fit(unit, column) for column in levels.T]
            points, drawn = not_ruled_out(said, emulators, criteria, said.draws.waves[wave - 1], wave)
            new = said.sets_at(points)
            unit, sets = np.vstack([unit, points]), sets + new
        made = _sweep(
            folder, f"wave_{wave}", pd.DataFrame(new), (BASE,), said.draws.replicates, said, stage, jobs,
        )  # fmt: skip
        levels = made.runs.groupby("point")[list(MEASURES)].mean()
        tables.append(levels.assign(wave=wave))
        for name, share in _met(levels, criteria).items():
            fits.append({"wave": wave, "measure": name, "met": share})
    raise NotImplementedError


def _met(levels: pd.DataFrame, criteria: Sequence[Criterion]) -> dict[str, float]:
    """Return the share of sets that meet each criterion."""
    return {
        name: float(levels[name].between(criterion.low, criterion.high).mean())
        for name, criterion in zip(MEASURES, criteria, strict=True)
    }
