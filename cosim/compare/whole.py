"""Studies of which every run is needed."""

from cosim.compare.comparison import Unfinished
from cosim.language import told
from cosim.study import Study


def whole(study: Study, what: str) -> Study:
    """Return a study if every run of it is done.

    Raises KeyboardInterrupt if it was stopped, Unfinished, which says of `what`, if runs failed.
    """
    if study.stopped:
        raise KeyboardInterrupt
    if study.shortfall:
        raise Unfinished(told("{what}: {reason}", what=what, reason=study.shortfall))
    return study
