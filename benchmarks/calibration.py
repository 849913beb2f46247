"""Calibration patterns C1 to C5 in the unreformed compound: `python benchmarks/calibration.py [replicates]`.

Parameters marked "calibrated" were set by hand until these held. They are no validation: nothing that was used to
choose parameters is evidence for the model.
"""

import sys
from typing import NamedTuple

from scipy import stats

from cosim.scenario import load_scenario
from cosim.study import run_study

YEAR_4 = (47, 59)
"""Months of the window: a year after 48 months without a reform."""


class Pattern(NamedTuple):
    """A pattern of `measure` in the window, within [low, high]."""

    name: str
    measure: str
    low: float
    high: float
    source: str


PATTERNS = (
    Pattern("C1", "fee_collection", 0.30, 0.50, "fee collection, unmanaged compound: Pinge 41 % before"),
    Pattern("C2", "turnout", 0.40, 0.56, "turnout of the residents' committee's election: Shanghai 47.9 %, N = 6,581"),
    Pattern("C3", "trust_neighbours", 0.60, 0.75, "trust in neighbours: CFPS 6.7 of 10"),
    Pattern("C4", "near_isolates", 0.20, 0.30, "near-isolates: Shanghai 2017, 27.5 % almost never meet neighbours"),
    Pattern("C5", "trust_spread", 0.15, 0.50, "standard deviation of trust after 48 quiet months"),
)


def main(replicates: int = 20) -> int:
    """Run the unreformed LY compound and print each pattern's mean with its 95 % interval; 1 if one is missed."""
    scenario = load_scenario("single_centre", {"study.months": YEAR_4[1] + 1})
    months = run_study([scenario], replicates=replicates, seed=1, jobs=None).months
    window = months[months["month"].between(*YEAR_4)].groupby("replicate").mean(numeric_only=True)
    missed = 0
    for pattern in PATTERNS:
        values = window[pattern.measure]
        mean, half = values.mean(), stats.t.ppf(0.975, replicates - 1) * values.sem()
        holds = pattern.low <= mean <= pattern.high
        missed += not holds
        print(
            f"{pattern.name}  {mean:.3f} ± {half:.3f}  in [{pattern.low}, {pattern.high}]: "
            f"{'holds' if holds else 'MISSED'}  ({pattern.source})"
        )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in sys.argv[1:2])))
