"""The order book: what residents asked for, every stage dated, who did and paid what.

An order is a case: one category at one place. Further people who ask for the same join it. Conserved, for orders
and for requests alike: placed = open + signed off + rejected + lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

import numpy as np


class Stage(Enum):
    """Where an order stands."""

    PLACED = "placed"
    CLIMBING = "climbing"
    ACCEPTED = "accepted"
    IN_WORK = "in work"
    DELIVERED = "delivered"
    SIGNED_OFF = "signed off"
    REJECTED = "rejected"
    LOST = "lost"


ENDED = (Stage.SIGNED_OFF, Stage.REJECTED, Stage.LOST)
LONG_AGO = -(10**6)
"""A month before every month that a run can have, those of the warm-up too: nothing waits for it."""


@dataclass(slots=True)
class Order:
    """One case. Dates are months; shares and conditions in [0, 1]; `asked` holds people as the world numbers them.

    `risk` is what practices have left of the usual risk that work misses the need, `breadth` how well meetings know
    that need, `voice` the weight of its place where meetings set priorities, and `captured` that a meeting decided
    about it to which nobody of its place came. Work begins in month `ready` at the earliest; a vote on residents' share
    is not repeated before `next_vote`. `taken`, `begun`, `delivered` and `ended` date what happened to it, for the last
    time; None if it never did.
    """

    number: int
    category: int
    place: int
    placed: int
    severity: float
    stage: Stage = Stage.PLACED
    asked: dict[int, None] = field(default_factory=dict)
    history: list[tuple[int, str]] = field(default_factory=list)
    handler: str = ""
    replied: bool = False
    luck: float = 0.0
    due: int = 0
    accepted: int = 0
    taken: int | None = None
    begun: int | None = None
    delivered: int | None = None
    ended: int | None = None
    producers: tuple[str, ...] = ()
    partner: str = ""
    payers: dict[str, float] = field(default_factory=dict)
    arranger: str = ""
    overseer: str = ""
    parties: int = 1
    cost: float = 0.0
    progress: int = 0
    openings: int = 0
    came: int = 0
    overseen: bool = True
    stood_still: bool = False
    fit: float = 1.0
    reopened: int = 0
    risk: float = 1.0
    breadth: float = 0.0
    voice: float = 1.0
    captured: bool = False
    explained: bool = False
    agent: bool = False
    ready: int = LONG_AGO
    consented: bool = False
    next_vote: int = LONG_AGO

    @property
    def key(self) -> int:
        """Key of its draws: category and place, so that the same case has the same luck in every scenario."""
        return self.category << 32 | (self.place + 1)

    def note(self, month: int, what: str) -> None:
        """Date something that happened to the order."""
        self.history.append((month, what))


class OrderBook:
    """All open orders by number, and counts of how the others ended."""

    def __init__(self, categories: int) -> None:
        self.open: dict[int, Order] = {}
        self.ended: list[Order] = []
        self.ended_now: list[Order] = []
        self.next_number = 1
        self.at: dict[tuple[int, int], Order] = {}
        self.counts = {"placed": 0, **{stage.value: 0 for stage in ENDED}}
        self.requests = {"placed": 0, **{stage.value: 0 for stage in ENDED}}
        self.month_placed = np.zeros(categories, np.int64)
        self.month_signed_off = np.zeros(categories, np.int64)
        self.month_waited = np.zeros(categories, np.int64)

    def open_month(self) -> None:
        """Begin to count the month's orders by category."""
        self.ended_now.clear()
        self.month_placed[:] = 0
        self.month_signed_off[:] = 0
        self.month_waited[:] = 0

    def ask(self, category: int, place: int, month: int, people: list[int], severity: float) -> Order:
        """Place an order for people, or let them join the one that is open there."""
        order = self.at.get((category, place))
        if order is None:
            order = Order(self.next_number, category, place, month, severity)
            order.note(month, "placed")
            self.next_number += 1
            self.open[order.number] = self.at[category, place] = order
            self.counts["placed"] += 1
            self.month_placed[category] += 1
        before = len(order.asked)
        order.asked.update(dict.fromkeys(people))
        self.requests["placed"] += len(order.asked) - before
        order.severity = max(order.severity, severity)
        return order

    def end(self, order: Order, stage: Stage, month: int) -> None:
        """Close an order as signed off, rejected or lost."""
        order.stage, order.ended = stage, month
        order.note(month, stage.value)
        del self.open[order.number]
        del self.at[order.category, order.place]
        self.ended.append(order)
        self.ended_now.append(order)
        self.counts[stage.value] += 1
        self.requests[stage.value] += len(order.asked)
        if stage is Stage.SIGNED_OFF:
            self.month_signed_off[order.category] += 1
            self.month_waited[order.category] += month - order.placed

    def standing(self, *stages: Stage) -> list[Order]:
        """Return the open orders in one of these stages, oldest first."""
        return [order for order in self.open.values() if order.stage in stages]

    def faults(self) -> list[str]:
        """Return a line for every count that does not add up."""
        found = []
        for what, counts in (("orders", self.counts), ("requests", self.requests)):
            standing = len(self.open) if what == "orders" else sum(len(o.asked) for o in self.open.values())
            ended = sum(counts[stage.value] for stage in ENDED)
            if counts["placed"] != standing + ended:
                found.append(f"{what}: {counts['placed']} placed, {standing} open, {ended} ended")
        return found

    def log(self, names: tuple[str, ...]) -> Iterator[str]:
        """Give one line for everything that happened to an order, in the order of months and numbers."""
        everything = sorted([*self.ended, *self.open.values()], key=lambda order: order.number)
        lines = [
            (month, order.number, f"{month:>4}  order {order.number}  {names[order.category]:<18}{what}")
            for order in everything
            for month, what in order.history
        ]
        for _, _, line in sorted(lines, key=lambda entry: entry[:2]):
            yield line
