"""What tests of traces share: trust as it is told, held against trust as it is."""

from collections.abc import Iterable

import numba

from cosim.study.tracing.person import PersonWatcher
from cosim.world.columns import TARGETS

SLACK = 1e-6 if numba.config.DISABLE_JIT else 0.0
"""To the last bit where both are compiled; plain Python rounds otherwise here and there."""


def compare_trust(watchers: Iterable[PersonWatcher]) -> int:
    """Hold what was worked out anew against what each resident came to; return how many numbers were compared."""
    compared = 0
    for watcher in watchers:
        told = {(it["month"], it["arrival"]): it for it in watcher.events if it["kind"] == "trust"}
        for record in watcher.rows:
            event = told[record["month"], record["arrival"]]
            for target in TARGETS:
                assert abs(event["targets"][target]["after"] - record[f"trust_{target}"]) <= SLACK
                compared += 1
    return compared
