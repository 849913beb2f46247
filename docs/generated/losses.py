"""Where many centres lose: comparisons with the mechanism and without it, as docs/where_it_loses.md tells them.

`python docs/generated/losses.py` runs them again and writes `results/where_it_loses/outcomes.csv`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

REPLICATES = 8
PUBLISHED = Path(__file__).resolve().parents[2] / "results" / "where_it_loses" / "outcomes.csv"
KEPT = ["outcome", "mean_a", "mean_b", "difference", "low", "high"]


class Case(NamedTuple):
    """Two scenarios, and what is switched off: in words, with the settings that do it."""

    scenarios: tuple[str, ...]
    without: Mapping[str, Mapping[str, Any]]


BACKSTOP = {"that nobody steps in": {"partners_deliver.backstop_months": 6}}
RICH = {f"partners.{kind}.money": 200 for kind in ("public_unit", "social_organisation", "enterprise")}
CASES = {
    "bare": Case(("single_centre", "bare_multi_centre"), {
        "nothing": {}, "the cost of coordination": {"partners_deliver.coordination": 0.001}, **BACKSTOP,
        "that partners have little": RICH,
    }),
    "uncoordinated": Case(("premortem_no_coordination",), {
        "nothing": {}, "that coordination is dear": {"partners_deliver.coordination": 0.35},
        "tasks from above": {"party_takes.load_cap": 0.4},
    }),
    "quit": Case(("premortem_partner_quits",), {"nothing": {}, "that partners quit": {"shocks": []}, **BACKSTOP}),
}  # fmt: skip


def lines(what: str, case: str, *outcomes: str) -> str:
    """Return a table.

    `outcomes CASE OUTCOME…` of a case as it is, `without CASE OUTCOME…` of what is switched off, and
    `common OUTCOME…` of all cases beside each other.
    """
    from cosim.outcomes.measures import MEASURES
    from generated import table

    found = published()
    if what == "common":
        names = (case, *outcomes)
        heads = ("case", *(MEASURES[name].en for name in names))
        return table(heads, [
            (f"`{it.scenarios[-1]}`", *(_difference(found[case, "nothing", name]) for name in names))
            for case, it in CASES.items()
        ])  # fmt: skip
    labels = [MEASURES[name].en for name in outcomes]
    if what == "outcomes":
        heads = ("outcome", *(("one centre", "many centres") if case == "bare" else ("no reform", "reform")))
        rows = [found[case, "nothing", name] for name in outcomes]
        levels = [(_level(row["mean_a"]), _level(row["mean_b"]), _difference(row)) for row in rows]
        return table((*heads, "difference"), [(label, *each) for label, each in zip(labels, levels, strict=True)])
    return table(("switched off", "command", *labels), [
        (without, f"`{command(case, without)}`", *(_difference(found[case, without, name]) for name in outcomes))
        for without in CASES[case].without
    ])  # fmt: skip


def value(case: str, without: str, outcome: str) -> str:
    """Return a difference with its interval."""
    return _difference(published()[case, without, outcome])


def published() -> dict[tuple[str, str, str], dict[str, float]]:
    """Return what was measured, by case, what was switched off, and outcome."""
    records = pd.read_csv(PUBLISHED).to_dict("records")
    return {(row["case"], row["without"], row["outcome"]): row for row in records}


def _level(number: float) -> str:
    return f"{number:,.0f}" if abs(number) > 10 else f"{number:.3f}"


def _difference(row: Mapping[str, float]) -> str:
    from cosim.display.words import interval, signed

    size = max(abs(row["low"]), abs(row["high"]))
    return f"{signed(row['difference'], size)} ({interval(row['low'], row['high'], size)})"


def command(case: str, without: str) -> str:
    """Return the command that compares a case, with something switched off."""
    from cosim.scenario.toml_text import write_value

    settings = (f" --set {key}={write_value(it)}" for key, it in CASES[case].without[without].items())
    return f"cosim compare {' '.join(CASES[case].scenarios)} -r {REPLICATES}{''.join(settings)}"


def measured(case: str, without: str) -> pd.DataFrame:
    """Return the outcomes of one comparison."""
    from cosim import compare

    found = compare(CASES[case].scenarios, replicates=REPLICATES, overrides=dict(CASES[case].without[without]), jobs=1)
    return found.outcomes[KEPT].assign(case=case, without=without)[["case", "without", *KEPT]]


def every() -> Iterator[tuple[str, str]]:
    """Yield each case with each thing that is switched off."""
    for case, it in CASES.items():
        for without in it.without:
            yield case, without


if __name__ == "__main__":
    PUBLISHED.parent.mkdir(exist_ok=True)
    pd.concat([measured(*each) for each in every()]).to_csv(PUBLISHED, index=False)
