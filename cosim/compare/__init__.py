"""Compare scenarios pair by pair.

`cosim.compare` is at once this package and the function that it is named after: importing a package
puts it where the function would be looked up, so the package answers to the call.
"""

import sys
from types import ModuleType

from cosim.compare.comparison import Comparison, compare, compare_study
from cosim.compare.levels import measures_of, run_levels
from cosim.compare.paired import PairedDifference, paired_difference
from cosim.compare.summary import Summary, summarise

__all__ = [
    "Comparison",
    "PairedDifference",
    "Summary",
    "compare",
    "compare_study",
    "measures_of",
    "paired_difference",
    "run_levels",
    "summarise",
]


class _ComparePackage(ModuleType):
    """This package; called, it is `compare`."""

    __call__ = staticmethod(compare)


sys.modules[__name__].__class__ = _ComparePackage
