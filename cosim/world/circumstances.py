"""What residents meet this month: the only way in which institutions reach them.

Every field is an intermediate quantity between levers and outcomes. Phases about residents read columns, ties and
this record, nothing of the scenario's levers; two worlds with equal circumstances are equal for residents.
"""

from dataclasses import dataclass, field

import numpy as np

NOBODY = np.empty(0, np.int64)
"""Rows of residents where there are none."""
NO_PAIRS = np.empty((0, 2), np.int64)
"""Pairs of households where there are none."""
NO_CHANNEL = 9.0
"""Cost of a channel that is not there, in units of efficacy: more than anybody would bear."""


@dataclass
class Circumstances:
    """Arrays over buildings (B), residents (N) and targets of trust (5)."""

    buildings: int
    residents: int
    effort: float = 0.3
    """Effort of the property firm, in [0, 1]."""
    fee_level: float = 1.0
    """Level of the property fee, against its rate."""
    channel_cost: float = 0.4
    """Cost of asking for a service by the easiest channel that is not digital, in units of efficacy."""
    digital_cost: float = NO_CHANNEL
    """Cost of asking online for somebody young, in units of efficacy."""
    migrant_cost: float = 0.1
    """Extra cost of taking part for migrants, in units of efficacy."""
    kept: float = 0.5
    """Running share of orders that ended well, known to all."""
    ended: int = 0
    """Requests that ended this month."""
    well: float = 0.0
    """Requests of these that ended well and in time."""
    meeting: bool = False
    """Whether residents meet this month."""
    noticed: float = 0.15
    """Probability of noticing an order of one's place that ended."""
    told: float = 0.0
    """Probability of reading what was decided this month."""
    watch: float = 0.0
    """Probability that encroachment is noticed, in [0, 1]."""
    sanction: float = 0.0
    """Severity of sanctions, in [0, 1]."""
    reward: float = 0.0
    """Reward for keeping shared space, in hundreds of yuan a year."""
    conduct_seen: float = 0.5
    """Share of neighbours' keeping that is seen."""
    settling: float = 0.0
    """Probability that a dispute is settled this month."""
    path: int = 0
    """Months after which a migrant household can become long-term; 0: never."""
    places: int = 0
    """Migrant households that can do so this month."""
    condition: np.ndarray = field(init=False)
    """Condition of services, float32[B, categories]."""
    visits: np.ndarray = field(init=False)
    """Probability of being visited, float64[B]."""
    attention: np.ndarray = field(init=False)
    """Length of a visit against a full one, in [0, 1], float64[B]."""
    sessions: np.ndarray = field(init=False)
    """Whether a bench session is held, bool[B]."""
    openings: np.ndarray = field(init=False)
    """Openings for volunteers, float64[B]."""
    asking: np.ndarray = field(init=False)
    """Residents asked to come for each opening, float64[B]."""
    works: np.ndarray = field(init=False)
    """Projects under way at the place, float64[B]."""
    routine: np.ndarray = field(init=False)
    """How well each body does its routine work, in [-1, 1], float32[B, 5]."""
    seen: np.ndarray = field(init=False)
    """Signals of orders that ended at one's place, in [-1, 1], float32[B, 5]."""
    at_home: np.ndarray = field(init=False)
    """What one's own dwelling adds to the condition that one lives with, in [-1, 1], float32[N]."""
    fall_out: np.ndarray = field(init=False)
    """Pairs of households that fall out over what was decided this month, int64[n, 2]."""
    own: np.ndarray = field(init=False)
    """Signals of one's own orders that ended, and of what one's household went through, in [-1, 1], float32[N, 5]."""
    verdict: np.ndarray = field(init=False)
    """Handling of one's own order that ended, in [0, 1], or NaN, float32[N]."""
    outcome: np.ndarray = field(init=False)
    """Outcome of one's own order that ended, in [0, 1], or NaN, float32[N]."""
    met: np.ndarray = field(init=False)
    """Rows of those who came to this month's meeting, int64[n]."""
    sat: np.ndarray = field(init=False)
    """Rows of those who came to a bench session this month, int64[n]."""
    worked: np.ndarray = field(init=False)
    """Rows of those who joined in this month's work, int64[n]."""

    def __post_init__(self) -> None:
        """Allocate the arrays."""
        self.visits = np.zeros(self.buildings)
        self.attention = np.ones(self.buildings)
        self.sessions = np.zeros(self.buildings, np.bool_)
        self.openings = np.zeros(self.buildings)
        self.asking = np.zeros(self.buildings)
        self.works = np.zeros(self.buildings)
        self.routine = np.zeros((self.buildings, 5), np.float32)
        self.seen = np.zeros((self.buildings, 5), np.float32)
        self.at_home = np.zeros(self.residents, np.float32)
        self.fall_out = NO_PAIRS
        self.own = np.zeros((self.residents, 5), np.float32)
        self.verdict = np.full(self.residents, np.nan, np.float32)
        self.outcome = np.full(self.residents, np.nan, np.float32)
        self.met = self.sat = self.worked = NOBODY

    def open_month(self) -> None:
        """Forget what was true of the last month only."""
        self.meeting = False
        self.ended, self.well, self.told = 0, 0.0, 0.0
        self.met = self.sat = self.worked = NOBODY
        self.fall_out = NO_PAIRS
        self.visits[:] = 0.0
        self.attention[:] = 1.0
        self.sessions[:] = False
        self.openings[:] = 0.0
        self.works[:] = 0.0
        self.seen[:] = 0.0
