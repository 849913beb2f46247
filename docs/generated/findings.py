"""What the published sweeps found: where a reform wins and loses, which levers matter, and how much hangs on each."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from cosim.display.words import measure_name, number, signed
from cosim.study.experiment import load_experiment
from generated import table

RESULTS = Path(__file__).resolve().parents[2] / "results"
VERDICTS = ("wins", "undecided", "loses")
ALSO = ("deliberate.meetings",)
"""Levers of the screening that the page speaks of beside those of the Sobol study."""


def lines(kind: str, *args: str) -> str:
    """Return a table: `phase SCENARIO`, `screening` or `sobol`."""
    return KINDS[kind](*args)


def value(kind: str) -> str:
    """Return a number of the Sobol study: the largest `interval` of a total index by half, or share of `luck`."""
    found = read("sobol")
    return {"interval": f"{found['ST_conf'].max():.2f}", "luck": f"{100 * found['noise'].max():.0f} %"}[kind]


def read(study: str, table: str = "indices") -> pd.DataFrame:
    """Return a published table of a sweep."""
    return pd.read_csv(RESULTS / study / f"{table}.csv")


def _phase(scenario: str) -> str:
    found = read("phase_diagram", "differences")
    found = found[found["scenario"] == scenario]
    heads = ("outcome", *VERDICTS, "difference, from the least to the largest", "loses at these budgets (coordination)")
    return table(heads, [_verdicts(name, rows) for name, rows in found.groupby("outcome", sort=False)])


def _verdicts(outcome: str, rows: pd.DataFrame) -> tuple[object, ...]:
    counts = rows["verdict"].value_counts()
    low, high = rows["difference"].min(), rows["difference"].max()
    size = max(abs(low), abs(high))
    return (measure_name(outcome), *(counts.get(verdict, 0) for verdict in VERDICTS),
            f"{signed(low, size)} to {signed(high, size)}", _places(rows))  # fmt: skip


def _places(rows: pd.DataFrame) -> str:
    """Return where it loses: each budget with the costs of coordination there, or that it does at all of them."""
    budget, cost = "government.budget", "partners_deliver.coordination"
    said = []
    for money, points in rows.groupby(budget):
        lost = points[points["verdict"] == "loses"][cost]
        if len(lost):
            said.append(f"{money:g} ({'all' if len(lost) == len(points) else ', '.join(f'{it:g}' for it in lost)})")
    return "; ".join(said) or "nowhere"


def _indices(study: str, factors: tuple[str, ...], written: Callable[[pd.Series], str]) -> str:
    found = read(study).set_index(["factor", "outcome"])
    outcomes = list(dict.fromkeys(outcome for _, outcome in found.index))
    return table(("lever", *map(measure_name, outcomes)), [
        (f"`{factor}`", *(written(found.loc[(factor, outcome)]) for outcome in outcomes)) for factor in factors
    ])  # fmt: skip


def studied() -> tuple[str, ...]:
    """Return the levers of the Sobol study."""
    return load_experiment("sobol").points.keys


def _screening() -> str:
    return _indices("screening", (*studied(), *ALSO), lambda row: f"{number(row['mu_star'])} ({row['rank']})")


def _sobol() -> str:
    return _indices("sobol", studied(), lambda row: _bold(row["ST"]))


def _bold(index: float) -> str:
    return f"**{index:.2f}**" if index >= 0.1 else f"{max(index, 0.0):.2f}"


KINDS: dict[str, Callable[..., str]] = {"phase": _phase, "screening": _screening, "sobol": _sobol}
