"""What residents meet this month: the only way in which institutions reach them.

Every field is an intermediate quantity between levers and outcomes. Phases about residents read columns, ties and
this record, nothing of the scenario's levers; two worlds with equal circumstances are equal for residents.
"""

from dataclasses import dataclass, field

import numpy as np

NOBODY = np.empty(0, np.int64)
"""Rows of residents where there are none."""


@dataclass
class Circumstances:
    """Arrays over buildings (B), residents (N) and targets of trust (5)."""

    buildings: int
    residents: int
    effort: float = 0.3
    """Effort of the property firm, in [0, 1]."""
    channel_cost: float = 0.4
    """Cost of asking for a service, in units of efficacy."""
    kept: float = 0.5
    """Running share of orders that ended well, known to all."""
    ended: int = 0
    """Requests that ended this month."""
    well: float = 0.0
    """Requests of these that ended well and in time."""
    meeting: bool = False
    """Whether residents meet this month."""
    election: bool = False
    """Whether the residents' committee is elected this month."""
    noticed: float = 0.15
    """Probability of noticing an order of one's place that ended."""
    condition: np.ndarray = field(init=False)
    """Condition of services, float32[B, categories]."""
    visits: np.ndarray = field(init=False)
    """Probability of being visited, float64[B]."""
    openings: np.ndarray = field(init=False)
    """Openings for volunteers, float64[B]."""
    routine: np.ndarray = field(init=False)
    """How well each body does its routine work, in [-1, 1], float32[B, 5]."""
    seen: np.ndarray = field(init=False)
    """Signals of orders that ended at one's place, in [-1, 1], float32[B, 5]."""
    own: np.ndarray = field(init=False)
    """Signals of one's own orders that ended, in [-1, 1], float32[N, 5]."""
    verdict: np.ndarray = field(init=False)
    """Handling of one's own order that ended, in [0, 1], or NaN, float32[N]."""
    outcome: np.ndarray = field(init=False)
    """Outcome of one's own order that ended, in [0, 1], or NaN, float32[N]."""
    met: np.ndarray = field(init=False)
    """Rows of those who came to this month's meeting, int64[n]."""
    worked: np.ndarray = field(init=False)
    """Rows of those who joined in this month's work, int64[n]."""

    def __post_init__(self) -> None:
        """Allocate the arrays."""
        self.visits = np.zeros(self.buildings)
        self.openings = np.zeros(self.buildings)
        self.routine = np.zeros((self.buildings, 5), np.float32)
        self.seen = np.zeros((self.buildings, 5), np.float32)
        self.own = np.zeros((self.residents, 5), np.float32)
        self.verdict = np.full(self.residents, np.nan, np.float32)
        self.outcome = np.full(self.residents, np.nan, np.float32)
        self.met = self.worked = NOBODY

    def open_month(self) -> None:
        """Forget what was true of the last month only."""
        self.meeting = self.election = False
        self.ended, self.well = 0, 0.0
        self.met = self.worked = NOBODY
        self.visits[:] = 0.0
        self.openings[:] = 0.0
        self.seen[:] = 0.0
