"""Parameter sets that meet the calibration patterns, kept in a file that comparisons read."""

import csv
import io
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from cosim.ensemble.priors import Calibration
from cosim.language import told
from cosim.scenario import load_scenario
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.reading import shipped_folder
from cosim.scenario.same_people import facts_of
from cosim.scenario.schema import Scenario
from cosim.statistics import SIGNIFICANCE, Values, holm, quantiles
from cosim.version import VERSION

ENSEMBLE = "ensemble.csv"
"""Name of the shipped file."""
FIRST_LINE = "# cosim {version}: parameter sets of {scenario} that meet C1 to C5, a row each; made by cosim calibrate"
MADE_AGAIN = told("make it again with `cosim calibrate`, or take the cosim that made it")


class Ensemble(NamedTuple):
    """Parameter sets, each plausible."""

    scenario: str
    """The unreformed compound that they give: name of a shipped scenario, or a file."""
    sets: tuple[dict[str, Any], ...]
    """Values by dotted key."""


def as_csv(scenario: str, sets: pd.DataFrame) -> str:
    """Return the text of an ensemble's file: a line on version and scenario, a header of keys, a row for each set."""
    return FIRST_LINE.format(version=VERSION, scenario=scenario) + "\n" + sets.to_csv(index=False)


def read_ensemble(path: Path | None = None) -> Ensemble:
    """Return the shipped parameter sets, or those of a file.

    Raises ScenarioError for a file that cannot be read, was made by another version of cosim, has no set, or has keys
    or values that a scenario does not take.
    """
    path = path or shipped_folder("experiments") / ENSEMBLE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(
            path, told("this ensemble cannot be read: {reason}", reason=getattr(error, "strerror", None) or error)
        ) from None
    first, _, table = text.partition("\n")
    said = re.match(r"# cosim (\S+): parameter sets of (.+) that meet ", first)
    if not said:
        raise _refused(
            path, told("this is no file of parameter sets"), told("such a file is made by `cosim calibrate`"), 1
        )
    version, scenario = said.groups()
    if version != VERSION:
        raise _refused(
            path,
            told("these parameter sets were made by cosim {version}; this is {here}", version=version, here=VERSION),
            MADE_AGAIN,
            1,
        )
    rows = list(csv.reader(io.StringIO(table)))
    if len(rows) < 2:
        raise _refused(path, told("this file has no parameter set"), MADE_AGAIN)
    keys = rows[0]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        raise _refused(
            path,
            told("{key}: this column stands here {times} times", key=key, times=keys.count(key)),
            told("keep one of them"),
            2,
        )
    sets = []
    for line, row in enumerate(rows[1:], start=3):
        if len(row) != len(keys):
            raise _refused(
                path,
                told("this row has {values} values, and there are {keys} keys", values=len(row), keys=len(keys)),
                MADE_AGAIN,
                line,
            )
        sets.append({key: _number(path, line, key, text) for key, text in zip(keys, row, strict=True)})
    for line, chosen in enumerate(sets, start=3):
        try:
            load_scenario("single_centre", chosen)
        except ScenarioError as error:
            found = error.problems[0]
            raise _refused(
                path, told("{key}: {message}", key=found.key, message=found.message), found.hint or MADE_AGAIN, line
            ) from None
    return Ensemble(scenario, tuple(sets))


def is_elsewhere(ensemble: Ensemble, arm: Scenario) -> bool:
    """Whether a scenario is of another compound than that whose parameters an ensemble holds: other people or place.

    Facts that differ from set to set, how long a study is, and what happens in it do not count.
    """
    try:
        known = load_scenario(ensemble.scenario)
    except ScenarioError:
        return True
    own = {*ensemble.sets[0], "study.months", "study.warmup_months", "shocks"}
    here, there = ({k: v for k, v in facts_of(one).items() if k not in own} for one in (arm, known))
    return here != there


def what_is_told(said: Calibration, unit: Values) -> pd.DataFrame:
    """Return one row per prior: what meeting the calibration patterns tells of the parameter.

    `unit` are the kept sets, each parameter from 0 to 1 between the ends of its prior.

    key, low, high, shipped
        the prior, and the value that is shipped
    kept_low, kept_median, kept_high
        5 %, 50 % and 95 % quantile over the kept sets
    told
        whether these differ from the prior: Kolmogorov and Smirnov's test against it, at 5 % over all (Holm)
    """
    p = holm([stats.kstest(column, "uniform").pvalue for column in unit.T])
    spread = quantiles(unit.T)
    rows = []
    for place, (key, prior) in enumerate(said.priors.items()):
        low, median, high = prior.low + spread[:, place] * (prior.high - prior.low)
        rows.append(
            {
                "key": key, "low": prior.low, "high": prior.high, "shipped": said.shipped[key], "kept_low": low,
                "kept_median": median, "kept_high": high, "told": bool(p[place] < SIGNIFICANCE),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _number(path: Path, line: int, key: str, text: str) -> float | int:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise _refused(path, told("{key}: '{text}' is no number", key=key, text=text), MADE_AGAIN, line) from None


def medoid(unit: Values) -> int:
    """Return which set is the closest to all the others: least mean distance, parameters from 0 to 1 between priors."""
    squares = (unit**2).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2.0 * unit @ unit.T, 0.0))
    return int(np.argmin(distances.mean(axis=1)))


def _refused(path: Path, message: str, hint: str = "", line: int | None = None) -> ScenarioError:
    return ScenarioError([Problem(file=str(path), line=line, message=message, hint=hint)])
