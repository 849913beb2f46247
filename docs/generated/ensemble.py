"""What `cosim calibrate` found: results/ensemble."""

import csv
from pathlib import Path

from generated import table

FOLDER = Path(__file__).resolve().parents[2] / "results" / "ensemble"
LABELS = {
    "participation": "participation", "voice": "voice", "turnout": "turnout",
    "trust_neighbours": "trust in neighbours", "trust_government": "trust in government",
    "satisfaction": "satisfaction", "belonging": "belonging", "fee_collection": "fee collection",
    "condition": "condition of services", "cost_total": "total cost, yuan per resident and year",
}  # fmt: skip
"""Outcomes of the short table, and what they are called in it."""


def lines(what: str, *scenarios: str) -> str:
    """Return a table: "effects" of some scenarios against `single_centre`, "patterns" that hold, parameters "told"."""
    return {"effects": _effects, "patterns": _patterns, "told": _told}[what](*scenarios)


def value(what: str, scenario: str = "", outcome: str = "") -> str:
    """Return a number: sets "drawn", worlds "kept", parameters "varied" or "told", worlds a pattern was "asked" in; or,
    of an outcome of a scenario, the share of worlds that it "raises" or "lowers", or the "median" difference.
    """
    if what in ("raises", "lowers", "median"):
        (row,) = (row for row in _rows("effects") if (row["scenario"], row["outcome"]) == (scenario, outcome))
        return _signed(row[what]) if what == "median" else _percent(row[what])
    numbers = {
        "drawn": lambda: sum(int(row["sets"]) for row in _rows("waves") if row["measure"] == "all"),
        "kept": lambda: int(_rows("effects")[0]["worlds"]),
        "varied": lambda: len(_rows("parameters")),
        "told": lambda: sum(row["told"] == "True" for row in _rows("parameters")),
        "asked": lambda: max(int(row["worlds"]) for row in _rows("patterns")),
    }
    return f"{numbers[what]():,}"


def _effects(*scenarios: str) -> str:
    rows = [
        (f"`{row['scenario']}`", LABELS[row["outcome"]], _signed(row["median"]),
         f"{_signed(row['low'])} to {_signed(row['high'])}", _percent(row["raises"]), _percent(row["lowers"]))
        for row in _rows("effects")
        if row["scenario"] in scenarios and row["outcome"] in LABELS
    ]  # fmt: skip
    return table(("scenario", "outcome", "median", "middle 90 % of worlds", "raises it in", "lowers it in"), rows)


def _patterns() -> str:
    patterns = [row["pattern"] for row in _rows("patterns")]
    rows = [
        (row["pattern"], row["title"], f"{_percent(row['holds'])} of {row['worlds']} worlds")
        for row in _rows("patterns")
        if row["criterion"] == "all of them" or patterns.count(row["pattern"]) == 1
    ]
    return table(("pattern", "", "holds in"), rows)


def _told() -> str:
    heads = ("parameter", "prior", "90 % of kept sets", "median", "shipped")
    rows = [
        (f"`{row['key']}`", f"{_plain(row['low'])} to {_plain(row['high'])}",
         f"{_plain(row['kept_low'])} to {_plain(row['kept_high'])}", _plain(row["kept_median"]), _plain(row["shipped"]))
        for row in _rows("parameters")
        if row["told"] == "True"
    ]  # fmt: skip
    return table(heads, rows)


def _percent(share: str) -> str:
    return f"{100 * float(share):.0f} %"


def _signed(number: str) -> str:
    rounded = round(float(number), 3)
    return f"{rounded:+.3g}".replace("-", "−") if rounded else "0"


def _plain(number: str) -> str:
    return f"{float(number):.3g}".replace("-", "−")


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
