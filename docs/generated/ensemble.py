"""What `cosim calibrate` found: results/ensemble."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "results" / "ensemble"
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
    """Return a number: sets "drawn", "worlds" kept, parameters "varied" or "told", worlds a pattern was "asked" in; or,
    of an outcome of a scenario, the share of worlds that it "raises" or "lowers", or the "median" difference.
    """
    if what == "drawn":
        return f"{sum(int(row['sets']) for row in _rows('waves') if row['measure'] == 'all'):,}"
    if what in ("varied", "told"):
        return str(sum(what == "varied" or row["told"] == "True" for row in _rows("parameters")))
    if what == "worlds":
        return _rows("effects")[0]["worlds"]
    if what == "asked":
        return str(max(int(row["worlds"]) for row in _rows("patterns")))
    (row,) = (row for row in _rows("effects") if (row["scenario"], row["outcome"]) == (scenario, outcome))
    return _signed(row[what]) if what in ("median", "low", "high") else f"{100 * float(row[what]):.0f} %"


def _effects(*scenarios: str) -> str:
    rows = [
        "| scenario | outcome | median | middle 90 % of worlds | raises it in | lowers it in |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in _rows("effects"):
        if row["scenario"] in scenarios and row["outcome"] in LABELS:
            middle = f"{_signed(row['low'])} to {_signed(row['high'])}"
            rows.append(
                f"| `{row['scenario']}` | {LABELS[row['outcome']]} | {_signed(row['median'])} | {middle} | "
                f"{100 * float(row['raises']):.0f} % | {100 * float(row['lowers']):.0f} % |"
            )
    return "\n".join(rows)


def _patterns() -> str:
    rows = ["| pattern | | holds in |", "| --- | --- | --- |"]
    for row in _rows("patterns"):
        if row["criterion"] == "all of them" or _alone(row["pattern"]):
            holds = f"{100 * float(row['holds']):.0f} % of {row['worlds']} worlds" if row["holds"] else "not known"
            rows.append(f"| {row['pattern']} | {row['title']} | {holds} |")
    return "\n".join(rows)


def _told() -> str:
    rows = ["| parameter | prior | 90 % of kept sets | median | shipped |", "| --- | --- | --- | --- | --- |"]
    for row in _rows("parameters"):
        if row["told"] == "True":
            rows.append(
                f"| `{row['key']}` | {row['low'].replace('-', '−')} to {row['high']} | {_plain(row['kept_low'])} to "
                f"{_plain(row['kept_high'])} | {_plain(row['kept_median'])} | {row['shipped']} |"
            )
    return "\n".join(rows)


def _alone(pattern: str) -> bool:
    """Whether a pattern has one criterion only, and so no row for all of them."""
    return sum(row["pattern"] == pattern for row in _rows("patterns")) == 1


def _plain(number: str) -> str:
    return f"{float(number):.3g}".replace("-", "−")


def _signed(number: str) -> str:
    return f"{round(float(number), 3):+.3g}".replace("-", "−") if abs(float(number)) >= 0.0005 else "0"


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
