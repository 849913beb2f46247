"""The mechanisms that a scenario may have besides what every compound has, each in a file of its own."""

import inspect
import sys

from cosim.scenario.mechanisms import mechanism_class, mechanism_names
from generated import table


def lines() -> str:
    """Return a table: what each is, when in the month it acts, and what of it is measured."""
    rows = []
    for name in mechanism_names():
        kind = mechanism_class(name)
        about = (inspect.getdoc(sys.modules[kind.__module__]) or "").split("\n\n")[0]
        measures = ", ".join(f"`{measure.name}`" for measure in kind.measures)
        rows.append((f"[`{name}`](parameters.md#mechanisms{name})", about, f"`{kind.after}`", measures))
    return table(("mechanism", "what it is", "acts after", "measures"), rows)
