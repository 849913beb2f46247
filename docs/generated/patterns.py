"""The patterns and their verdicts, as `cosim patterns` found them last (`results/patterns/patterns.json`)."""

import json
from pathlib import Path

from generated import table

FILE = Path(__file__).resolve().parents[2] / "results" / "patterns" / "patterns.json"


def lines(kind: str | None = None) -> str:
    """Return the table of all patterns, or of one kind: "calibration", "validation"."""
    found = [it for it in json.loads(FILE.read_text(encoding="utf-8")) if kind in (None, it["kind"])]
    if not found:
        raise ValueError(f"no pattern of the kind {kind!r}")
    heads = ("", "pattern", "observed", "source", "asked of the model", "model", "verdict")
    return table(heads, [
        (it["id"], it["title"], it["observed"], _source(it), it["criterion"], _model(it),
         f"**{it['verdict']}**")
        for it in found
    ])  # fmt: skip


def value(kind: str, verdict: str | None = None) -> str:
    """Return how many patterns of a kind there are, or how many of them have a verdict."""
    found = [it for it in json.loads(FILE.read_text(encoding="utf-8")) if it["kind"] == kind]
    return str(sum(verdict in (None, it["verdict"]) for it in found))


def _source(it: dict[str, str]) -> str:
    return f"{it['source']} ({it['mark']})" if it["mark"] else it["source"]


def _model(it: dict[str, object]) -> str:
    if it["value"] is None:
        return ""
    interval = f" ({it['low']:.3g} to {it['high']:.3g})" if it["low"] is not None else ""
    return f"{it['value']:.3g}{interval}"
