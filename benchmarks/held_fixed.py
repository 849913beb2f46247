"""What residents meet month after month while institutions stand still, and the compiled months under it.

Both models live under the same circumstances, those of one month of a community. In the institutions'
place, whoever orders is answered within the month, whoever joins in work finds enough hands, there is a
meeting every other month and an election once a year.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from cosim.month.deliberate import come_to_meeting
from cosim.month.live import live_with_services
from cosim.month.move import belong, come_and_go, get_to_know
from cosim.month.partners_deliver import JOINT_WORK_KEPT, join_work
from cosim.month.party_leads import be_visited
from cosim.month.pay import decide_to_pay
from cosim.month.residents_order import ask_for_services
from cosim.month.residents_sign_off import conclude
from cosim.month.review import elect
from cosim.month.talk import talk
from cosim.world.columns import GOVERNMENT, NEIGHBOURS
from cosim.world.world import World

VERDICT, OUTCOME, ANSWER = 0.75, 1.0, 0.25
"""How everybody's order ends: satisfaction with handling, outcome, and signal about government."""
MEETING_EVERY, ELECTION_EVERY = 2, 12


@dataclass(frozen=True)
class HeldFixed:
    """Circumstances as `cosim.world.circumstances` describes them, arrays by building."""

    condition: np.ndarray
    visits: np.ndarray
    openings: np.ndarray
    routine: np.ndarray
    seen: np.ndarray
    kept: float
    noticed: float
    effort: float
    channel_cost: float

    @classmethod
    def of(cls, world: World) -> Self:
        """Hold the circumstances of the world's latest month; what was still to be felt of it is forgotten."""
        c = world.circumstances
        c.own[:] = 0.0
        arrays = (array.copy() for array in (c.condition, c.visits, c.openings, c.routine, c.seen))
        return cls(*arrays, c.kept, c.noticed, c.effort, c.channel_cost)

    def impose(self, world: World) -> None:
        """Put back what the opening of a month has cleared."""
        c = world.circumstances
        c.visits[:], c.openings[:], c.seen[:] = self.visits, self.openings, self.seen
        c.meeting = world.month % MEETING_EVERY == 0


def live_a_month(world: World, held: HeldFixed) -> None:
    """Let cosim's residents live through the next month."""
    c = world.circumstances
    world.open_month(world.month + 1)
    held.impose(world)
    live_with_services(world)
    be_visited(world)
    talk(world, None)
    asking, _ = ask_for_services(world)
    c.verdict[asking], c.outcome[asking] = VERDICT, OUTCOME
    c.own[asking, GOVERNMENT] += ANSWER
    world.residents.signed_off[asking] = world.month
    come_to_meeting(world)
    c.own[join_work(world), NEIGHBOURS] += JOINT_WORK_KEPT
    conclude(world)
    decide_to_pay(world)
    get_to_know(world)
    belong(world)
    come_and_go(world)
    if world.month % ELECTION_EVERY == 0:
        elect(world)
