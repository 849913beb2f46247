"""What moves the outcomes of a sweep, how much of it is luck, and where a reform wins or loses."""

from cosim.study.sensitivity.boxes import boxes
from cosim.study.sensitivity.cells import is_outcome
from cosim.study.sensitivity.differences import differences
from cosim.study.sensitivity.indices import METHODS, indices

__all__ = ["METHODS", "boxes", "differences", "indices", "is_outcome"]
