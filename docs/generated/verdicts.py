"""What `cosim patterns` found at the shipped values: results/patterns/patterns.json."""

import json
from pathlib import Path

FOUND = Path(__file__).parents[2] / "results" / "patterns" / "patterns.json"


def lines(kind: str) -> str:
    """Return a table of one kind of pattern ("calibration", "verification" or "validation"), a row a criterion."""
    rows = [
        "| | pattern, and what was observed | asked for | found | verdict |",
        "| --- | --- | --- | --- | --- |",
    ]
    for record in _records(kind):
        source = f" ({record['source']}{', ' + record['mark'] if record['mark'] else ''})"
        rows.append(
            f"| **{record['id']}** | {_safe(record['title'])}: {_safe(record['observed'])}{_safe(source)} | | | "
            f"**{record['verdict']}** |"
        )
        for criterion in record["criteria"]:
            rows.append(
                f"| | {_safe(criterion['name'])} | {criterion['bounds']} | {_found(criterion)} | "
                f"{criterion['verdict']} |"
            )
    return "\n".join(rows)


def value(kind: str, verdict: str = "", form: str = "count") -> str:
    """Return how many patterns of a kind there are, or have a verdict; with "ids" which those are."""
    ids = [record["id"] for record in _records(kind) if not verdict or record["verdict"] == verdict]
    return ", ".join(ids) if form == "ids" else str(len(ids))


def _records(kind: str) -> list[dict]:
    return [record for record in json.loads(FOUND.read_text(encoding="utf-8")) if record["kind"] == kind]


def _found(criterion: dict) -> str:
    if criterion["value"] is None:
        return "nothing to read"
    ends = f" ({criterion['low']:.3f} to {criterion['high']:.3f})" if criterion["low"] is not None else ""
    return f"{criterion['value']:.3f}{ends}, n = {criterion['n']}".replace("-", "−")


def _safe(text: str) -> str:
    return text.replace("|", "\\|")
