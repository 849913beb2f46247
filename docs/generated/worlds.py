"""The plausible worlds that come with cosim: `worlds kept` says how many parameter sets there are."""

from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "experiments" / "ensemble.csv"


def value(what: str) -> str:
    """Return how many worlds are "kept"."""
    if what != "kept":
        raise ValueError(f"worlds that are {what!r} are not counted")
    rows = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return str(len(rows) - 1)
