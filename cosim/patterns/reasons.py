"""Why there is no verdict, and how many replicates could bring one."""

import math

import numpy as np
from scipy import stats

from cosim.language import told
from cosim.patterns.pattern import FEWEST, Criterion, Finding, share_interval
from cosim.statistics import CONFIDENCE

MOST = 10_000
"""Replicates beyond which nobody waits for a verdict."""


def why_undecided(finding: Finding, failed: int = 0) -> str:
    """Return why a criterion is undecided, in words, with the replicates that it needs; empty if it is decided.

    `failed` replicates had a run that failed. Where only some could be read, as many more are asked for.
    """
    if finding.verdict != "undecided":
        return ""
    if finding.error:
        return finding.error
    asked = finding.n + finding.missing + failed
    if not finding.n:
        return told("there was nothing to read in any of {asked} replicates", asked=asked)
    counted = told("{asked} replicates", asked=asked)
    if asked > finding.n:
        counted = told("{count} of {asked} replicates could be read", count=finding.n, asked=asked)
    if finding.n < FEWEST:
        wanted = math.ceil(FEWEST * asked / finding.n)
        return told(
            "{counted}; there is no verdict below {fewest}, ask for --replicates {wanted} or more",
            counted=counted, fewest=FEWEST, wanted=wanted,
        )  # fmt: skip
    least = fewest(finding.criterion) if finding.share else FEWEST
    if least is None:
        return told(
            "{counted}; no number of replicates can show that a share is {bounds}",
            counted=counted, bounds=finding.criterion.bounds,
        )  # fmt: skip
    if finding.n < least:
        wanted = math.ceil(least * asked / finding.n)
        return told(
            "{counted}; this share can pass from {least} on, ask for --replicates {wanted} or more",
            counted=counted, least=least, wanted=wanted,
        )  # fmt: skip
    more = enough(finding)
    if more is None:
        outlook = told("no number of them that can be waited for decides")
    else:
        outlook = told("about {count:,} could decide", count=_up(more * asked / finding.n))
    return told(
        "{counted}; the interval reaches over the bound; if value and spread stay, {outlook}",
        counted=counted, outlook=outlook,
    )  # fmt: skip


def fewest(criterion: Criterion) -> int | None:
    """Return the number of replicates from which a share can pass; None if none is enough."""
    middle = (max(criterion.low, 0.0) + min(criterion.high, 1.0)) / 2
    numbers = np.arange(FEWEST, MOST)
    passes = np.zeros(numbers.size, dtype=bool)
    for share in (0.0, middle, 1.0):
        low, high = share_interval(np.round(share * numbers), numbers)
        passes |= (criterion.low <= low) & (high <= criterion.high)
    return int(numbers[np.argmax(passes)]) if passes.any() else None


def enough(finding: Finding) -> int | None:
    """Return, to two digits, how many replicates decide a criterion if value and spread stay; None if too many."""
    value, low, high = finding.value, finding.criterion.low, finding.criterion.high
    numbers = np.arange(finding.n + 1, MOST)
    if finding.share:
        lowest, highest = share_interval(np.round(value * numbers), numbers)
    else:
        t = stats.t.ppf(0.5 + 0.5 * CONFIDENCE, numbers - 1)
        half = t * finding.values.std(ddof=1) / np.sqrt(numbers)
        lowest, highest = value - half, value + half
    decided = ((low <= lowest) & (highest <= high)) | (highest < low) | (high < lowest)
    if not decided.any():
        return None
    return _up(int(numbers[decided.argmax()]))


def _up(number: float) -> int:
    """Return the next number of two digits and noughts."""
    step = 10 ** max(len(str(math.ceil(number))) - 2, 0)
    return math.ceil(number / step) * step
