"""Compare scenarios pair by pair.

`cosim.compare` is at once this package and the function that it is named after: importing a package
puts it where the function would be looked up, so the package answers to the call.
"""

import sys
from types import ModuleType

from cosim.compare.comparison import Comparison, compare, compare_study
from cosim.compare.summary import Summary, summarise
from cosim.outcomes.levels import measures_of, run_levels
from cosim.statistics import (
    HalfTime,
    PairedDifference,
    bootstrap_intervals,
    holm,
    months_to_half,
    paired_difference,
    paired_differences,
    quantiles,
    simultaneous_intervals,
)

__all__ = [
    "Comparison",
    "HalfTime",
    "PairedDifference",
    "Summary",
    "bootstrap_intervals",
    "compare",
    "compare_study",
    "holm",
    "measures_of",
    "months_to_half",
    "paired_difference",
    "paired_differences",
    "quantiles",
    "run_levels",
    "simultaneous_intervals",
    "summarise",
]


class _ComparePackage(ModuleType):
    """This package; called, it is `compare`."""

    __call__ = staticmethod(compare)


sys.modules[__name__].__class__ = _ComparePackage
