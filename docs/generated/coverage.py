"""How often intervals hold the truth, as `python benchmarks/interval_coverage.py` measured it: `coverage KIND`."""

from pathlib import Path

import pandas as pd

from generated import table

MEASURED = Path(__file__).resolve().parents[2] / "results" / "statistics"


def lines(kind: str) -> str:
    """Return the table of `intervals`, `families` or `sizes`."""
    found = pd.read_csv(MEASURED / f"{kind}.csv")
    return {"intervals": _intervals, "families": _families, "sizes": _sizes}[kind](found)


def _intervals(found: pd.DataFrame) -> str:
    pairs = list(found["pairs"].unique())
    return table(("differences", *(f"{n} pairs: t, bootstrap" for n in pairs)), [
        (name, *(f"{100 * row.t:.1f}, {100 * row.bootstrap:.1f}" for row in rows.itertuples()))
        for name, rows in found.groupby("differences", sort=False)
    ])  # fmt: skip


def _families(found: pd.DataFrame) -> str:
    heads = ("outcomes share", "any clear by Holm", "all `low_all` to `high_all` hold the truth", "all `low` to `high`")
    return table(heads, [
        (row[0], *(f"{100 * share:.1f} %" for share in row[1:])) for row in found.itertuples(index=False)
    ])  # fmt: skip


def _sizes(found: pd.DataFrame) -> str:
    wide = found.pivot(index="pairs", columns="correlation", values="bias")
    heads = ("pairs", *(f"off by, arms correlated by {correlation:g}" for correlation in wide))
    return table(heads, [(pairs, *(f"{100 * bias:+.1f} %".replace("-", "−") for bias in row))
                         for pairs, row in zip(wide.index, wide.to_numpy(), strict=True)])  # fmt: skip
