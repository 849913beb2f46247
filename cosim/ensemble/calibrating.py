"""Calibrate: waves of parameter sets, what is done in those kept, patterns in some; each a sweep that can go on."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.ensemble.effects import OUTCOMES, differences, over_worlds, pass_rates, read_answers
from cosim.ensemble.priors import Calibration
from cosim.ensemble.sets import ENSEMBLE, as_csv, medoid, what_is_told
from cosim.ensemble.waves import fit, not_ruled_out
from cosim.language import told
from cosim.patterns import ask_in, shipped_patterns
from cosim.patterns.catalogue.calibration import MEASURES, UNREFORMED
from cosim.scenario.errors import Problem, ScenarioError
from cosim.statistics import Values
from cosim.study import OutputError
from cosim.study.store import explain
from cosim.study.sweep import StudyFolder, sweep
from cosim.study.sweep.files import put

Stage = Callable[[str], Callable[..., None]]
"""Told, in words, what comes next; returns what is to be told how many of its runs are done, and how many there are."""
WAVE_1 = "wave_1_sets.csv"
"""The file that is written first, by which a calibration's folder is known."""
SHIPPED = 0
"""Number of the shipped set among those that are tried: a candidate like any other."""


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
    parameters
        a row per prior: what meeting the patterns tells of it (`sets.what_is_told`)
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
    parameters: pd.DataFrame
    medoid: int


def calibrate(said: Calibration, folder: Path, stage: Stage, jobs: int | None = None) -> Calibrated:
    """Find the plausible sets and what reforms do in them; goes on where an earlier call with `folder` was.

    Ctrl-C is KeyboardInterrupt; what was run is kept. Raises ScenarioError if no set meets the patterns, and what
    `sweep` raises.
    """
    _check_folder(folder)
    runner = _Runner(said, folder, stage, jobs)
    history = _History(said, runner)
    for points in said.draws.waves:
        history.add_wave(points)
    kept = history.kept
    if not kept.size:
        met = ", ".join(f"{row.measure} {row.met:.0%}" for row in history.fits.itertuples() if row.wave == 1)
        message = told(
            "none of {count} parameter sets meets all calibration patterns; in the first wave: {met}",
            count=len(history.sets),
            met=met,
        )
        raise ScenarioError(
            [Problem(file="", key="priors", message=message, hint=told("draw more sets, or widen priors"))]
        )
    sets = pd.DataFrame([history.sets[number] for number in kept], columns=list(said.keys))
    runner.write(ENSEMBLE, as_csv(said.scenario, sets))
    effects = said.effects
    made = runner.sweep("effects", sets, effects.scenarios, effects.replicates, OUTCOMES)
    by_set = differences(made.runs)
    by_set["set"] = kept[by_set["set"].to_numpy()]
    rates = runner.ask(sets)
    return Calibrated(
        said=said,
        tried=history.tried,
        sets=sets.assign(set=kept),
        fits=history.fits,
        effects=over_worlds(by_set, effects.replicates, SHIPPED),
        by_set=by_set,
        patterns=rates,
        parameters=what_is_told(said, history.unit[kept]),
        medoid=int(kept[medoid(history.unit[kept])]),
    )


def _check_folder(folder: Path) -> None:
    """Raise OutputError for a folder that holds something else than a calibration."""
    try:
        known = not folder.exists() or (folder.is_dir() and ((folder / WAVE_1).exists() or not any(folder.iterdir())))
    except OSError as error:
        raise OutputError(explain(error, folder)) from error
    if not known:
        raise OutputError(
            told(
                "{folder} is no folder of a calibration; it is left alone. Choose another folder with -o.",
                folder=folder,
            )
        )


class _Runner:
    """Runs what a calibration needs, each stage in a folder of its own, so that it can go on."""

    def __init__(self, said: Calibration, folder: Path, stage: Stage, jobs: int | None) -> None:
        self.said, self.folder, self.stage, self.jobs = said, folder, stage, jobs

    def sweep(
        self,
        name: str,
        sets: pd.DataFrame,
        scenarios: Sequence[str],
        replicates: int,
        outcomes: Sequence[str],
        settings: Mapping[str, Any] | None = None,
    ) -> StudyFolder:
        """Return the finished study of scenarios in every set."""
        cases = self.write(f"{name}_sets.csv", sets.to_csv(index=False))
        experiment = {
            "name": name, "scenarios": tuple(scenarios), "replicates": replicates, "seed": self.said.draws.seed,
            "outcomes": tuple(outcomes), "record_every": 0, "settings": settings or {},
            "design": {"method": "list", "cases": str(cases.resolve())},
        }  # fmt: skip
        progress = self.stage(
            told(
                "{name}: {sets} sets, {runs} runs",
                name=name,
                sets=len(sets),
                runs=len(sets) * len(scenarios) * replicates,
            )
        )
        made = sweep(experiment, output=self.folder / name, jobs=self.jobs, progress=progress)
        if made.stopped:
            raise KeyboardInterrupt
        return made

    def ask(self, sets: pd.DataFrame) -> pd.DataFrame:
        """Ask the validation patterns in some of the sets; answers are kept one set at a time."""
        asked = self.said.patterns
        patterns = [pattern for pattern in shipped_patterns() if pattern.kind == "validation"]
        if not (asked.sets and patterns):
            return pd.DataFrame()
        order = np.random.default_rng(self.said.draws.seed).permutation(len(sets))[: asked.sets].tolist()
        every = sets.to_dict("records")
        worlds = [every[number] for number in order]
        files = [f"patterns/{number:04}.json" for number in order]
        asked_for = {pattern.id: len(pattern.criteria) for pattern in patterns}

        def answered() -> list[dict[str, list[float]] | None]:
            return [self._answered(file, world, asked_for) for file, world in zip(files, worlds, strict=True)]

        known = answered()
        missing = [number for number, found in enumerate(known) if found is None]
        if missing:
            progress = self.stage(told("patterns: {sets} sets", sets=len(missing)))
            answers = ask_in(
                [worlds[number] for number in missing], patterns, replicates=asked.replicates,
                seed=self.said.draws.seed, jobs=self.jobs, progress=progress,
            )  # fmt: skip
            for number, found in zip(missing, answers, strict=True):
                self.write(files[number], json.dumps({**self._asked(worlds[number]), "found": read_answers(found)}))
            known = answered()
        return pass_rates([found for found in known if found is not None], patterns)

    def _answered(
        self, file: str, world: Mapping[str, Any], criteria: Mapping[str, int]
    ) -> dict[str, list[float]] | None:
        """Return what was found in a set before; None if it was not asked, or the file tells of other sets or patterns.

        `criteria` is how many each pattern has; one whose runs all failed has none in the file.
        """
        try:
            kept = json.loads((self.folder / file).read_text(encoding="utf-8"))
            found: dict[str, list[float]] = kept["found"]
            same = kept == {**self._asked(world), "found": found} and found.keys() == criteria.keys()
            return found if same and all(len(found[name]) in (0, n) for name, n in criteria.items()) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _asked(self, world: Mapping[str, Any]) -> dict[str, Any]:
        """Return what decides the answers in a set, besides the code."""
        return {"set": dict(world), "replicates": self.said.patterns.replicates, "seed": self.said.draws.seed}

    def write(self, name: str, text: str) -> Path:
        """Write a file of the calibration's folder, whole or not at all. Raises OutputError."""
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, text.encode())
        except OSError as error:
            raise OutputError(explain(error, self.folder)) from error
        return path


class _History:
    """Waves of parameter sets: what was tried, what it gave, and what is left to try."""

    def __init__(self, said: Calibration, runner: _Runner) -> None:
        self.said, self.runner = said, runner
        self.criteria = [pattern.criteria[0] for pattern in shipped_patterns() if pattern.kind == "calibration"]
        self.unit: Values = np.empty((0, len(said.priors)))
        self.sets: list[dict[str, Any]] = []
        self.tried = pd.DataFrame()
        self.fits = pd.DataFrame()

    def add_wave(self, points: int) -> None:
        """Draw a wave, the first one from the priors with the shipped set in front, and run it.

        Does nothing if the waves before rule all out.
        """
        wave = 1 if self.tried.empty else int(self.tried["wave"].max()) + 1
        fitted: list[dict[str, Any]] = [{} for _ in MEASURES]
        if wave == 1:
            shipped = self.said.shipped
            unit = self.said.draw(points, self.said.draws.seed)
            sets = [shipped, *self.said.sets_at(unit)]
            unit = np.vstack([self.said.unit_of(shipped), unit])
        else:
            emulators = [fit(self.unit, column) for column in self.tried[list(MEASURES)].to_numpy().T]
            fitted = [{"explained": emulator.explained, "scatter": emulator.scatter} for emulator in emulators]
            unit = not_ruled_out(self.said, emulators, self.criteria, points, wave)
            if not len(unit):
                return
            sets = self.said.sets_at(unit)
        self.unit, self.sets = np.vstack([self.unit, unit]), self.sets + sets
        name = f"wave_{wave}"
        made = self.runner.sweep(
            name, pd.DataFrame(sets), (self.said.scenario,), self.said.draws.replicates, MEASURES, UNREFORMED.settings
        )
        levels = made.runs.groupby("point")[list(MEASURES)].mean()
        met = self._met(levels)
        self.tried = pd.concat([self.tried, levels.assign(wave=wave, kept=met.all(axis=1))], ignore_index=True)
        rows = [
            {"wave": wave, "sets": len(levels), "measure": measure, "met": float(met[measure].mean()), **words}
            for measure, words in zip(MEASURES, fitted, strict=True)
        ]
        rows.append({"wave": wave, "sets": len(levels), "measure": "all", "met": float(met.all(axis=1).mean())})
        self.fits = pd.concat([self.fits, pd.DataFrame(rows)], ignore_index=True)

    def _met(self, levels: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(
            {
                measure: levels[measure].between(criterion.low, criterion.high)
                for measure, criterion in zip(MEASURES, self.criteria, strict=True)
            }
        )

    @property
    def kept(self) -> np.ndarray:
        """Numbers of the sets that meet every criterion."""
        return np.nonzero(self.tried["kept"].to_numpy())[0]
