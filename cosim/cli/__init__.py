"""The `cosim` command; a command imports the rest when it runs."""

import sys
from io import TextIOWrapper

from cosim.cli import (
    calibrating,
    dashboard,
    exporting,
    patterns,
    plotting,
    reporting,
    running,
    scenarios,
    sweeping,
    tracing,
)
from cosim.cli.app import app

__all__ = [
    "app", "calibrating", "dashboard", "exporting", "main", "patterns", "plotting", "reporting", "running", "scenarios",
    "sweeping", "tracing",
]  # fmt: skip


def main() -> None:
    """Run the command; characters that a terminal does not know are replaced, not fatal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
