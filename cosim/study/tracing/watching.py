"""Look at a community before and after every phase of its months, and change nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.community import Community
from cosim.month.phases import Phase
from cosim.world.columns import Table
from cosim.world.world import World

Event = dict[str, Any]
"""Something that happened: `month`, `kind`, `text`, and numbers by name."""


class Watcher:
    """Looks at one subject; methods `before_PHASE` and `after_PHASE` are called with the world and institutions.

    `rows` has a record for every month, `events` what happened, both in order. A watcher reads, and draws only through
    keyed streams, so that the run is the one that nobody looked at.
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.events: list[Event] = []

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Look at the month when all its phases are over."""


def watch(community: Community, watchers: Sequence[Watcher]) -> None:
    """Let watchers see every phase of a community's months from now on."""
    community.phases = tuple(_watched(phase, watchers) for phase in community.phases)
    last = community.phases[-1]
    community.phases = (*community.phases[:-1], partial(_then_end, last, watchers))


def _watched(phase: Phase, watchers: Sequence[Watcher]) -> Phase:
    name = getattr(phase, "__name__", "")
    before = [method for method in (getattr(w, f"before_{name}", None) for w in watchers) if method]
    after = [method for method in (getattr(w, f"after_{name}", None) for w in watchers) if method]

    def act(world: World, institutions: Institutions) -> None:
        for look in before:
            look(world, institutions)
        phase(world, institutions)
        for look in after:
            look(world, institutions)

    return act


def _then_end(phase: Phase, watchers: Sequence[Watcher], world: World, institutions: Institutions) -> None:
    phase(world, institutions)
    for watcher in watchers:
        watcher.end_month(world, institutions)


def run_watched(community: Community, watchers: Sequence[Watcher], until: int, tell: Callable[[float], None]) -> None:
    """Run a community to the end of month `until`, telling the share of months that are over."""
    watch(community, watchers)
    first = community.month
    while community.running and community.month <= until:
        community.step()
        tell((community.month - first) / max(until + 1 - first, 1))


def copied(record: Any, table: Table, rows: slice) -> Any:
    """Return the rows of the columns that a record names, as that record, apart from the table."""
    return record(*(getattr(table, name)[rows].copy() for name in record._fields))


def named(names: Sequence[str], values: np.ndarray) -> dict[str, float]:
    """Return numbers by name."""
    return dict(zip(names, values.tolist(), strict=True))
