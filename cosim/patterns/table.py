"""Answers as plain records, for JSON, tables and whoever reads on in Python."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cosim.patterns.pattern import Answer, Finding, nothing_found
from cosim.patterns.reasons import why_undecided

REPEATED = ("id", "kind", "title", "title_zh", "observed", "source", "mark")
"""What each row of the table says of its pattern."""


def as_records(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return a record for each answer, with all its criteria; None stands for a number that is not known.

    `value`, `criterion`, `low`, `high` (the 95 % interval) and `n` are those of the first criterion that decides the
    verdict; `at_least` and `at_most` are its bounds. `values` holds a number per replicate that could be read.
    """
    return [_record(answer) for answer in answers]


def as_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """Return a row per criterion: what it is of, what was found, and the verdicts on it and on its pattern."""
    rows = []
    for record in as_records(answers):
        same = {name: record[name] for name in REPEATED}
        for criterion in record["criteria"]:
            own = {name: value for name, value in criterion.items() if name not in ("name", "values")}
            rows.append(
                {**same, "criterion": criterion["name"], **own, "verdict_on_pattern": record["verdict"],
                 "replicates": record["replicates"], "failed": record["failed"], "seed": record["seed"],
                 "command": record["command"]}
            )  # fmt: skip
    return pd.DataFrame(rows)


def _record(answer: Answer) -> dict[str, Any]:
    pattern = answer.pattern
    failing = "every replicate has a run that failed"
    findings = answer.findings or [nothing_found(criterion, failing) for criterion in pattern.criteria]
    criteria = [_finding(finding, answer.failed) for finding in findings]
    decisive = next(criterion for criterion in criteria if criterion["verdict"] == answer.verdict)
    return {
        **{name: getattr(pattern, name) for name in REPEATED},
        "verdict": answer.verdict,
        "value": decisive["value"],
        "criterion": f"{decisive['name']}: {decisive['bounds']}",
        **{name: decisive[name] for name in ("low", "high", "n", "reason")},
        "criteria": criteria,
        "replicates": answer.replicates,
        "failed": answer.failed,
        "seed": answer.seed,
        "settings": dict(answer.settings),
        "command": answer.command,
    }


def _finding(finding: Finding, failed: int) -> dict[str, Any]:
    criterion = finding.criterion
    return {
        "name": criterion.name,
        "bounds": criterion.bounds,
        "at_least": _known(criterion.low),
        "at_most": _known(criterion.high),
        "unit": criterion.unit,
        "value": _known(finding.value),
        "low": _known(finding.low),
        "high": _known(finding.high),
        "n": finding.n,
        "missing": finding.missing,
        "verdict": finding.verdict,
        "reason": why_undecided(finding, failed),
        "values": finding.values.tolist(),
    }


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
