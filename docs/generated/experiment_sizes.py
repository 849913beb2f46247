"""How large the shipped experiments are: points, scenarios, replicates, months, and the runs that makes."""

from cosim.study.experiment import load_experiment, shipped_experiments
from generated import table


def lines() -> str:
    """Return a table with a row for each shipped experiment."""
    return table(("experiment", "points", "scenarios", "replicates", "runs"), map(_row, shipped_experiments()))


def _row(name: str) -> tuple[str, ...]:
    planned = load_experiment(name)
    sizes = len(planned.points.values), len(planned.arms), planned.experiment.replicates
    return (f"`{name}`", *(f"{size:,}" for size in (*sizes, sizes[0] * sizes[1] * sizes[2])))
