"""The stages of an order in words, in the order in which it passes them."""

from typing import NamedTuple

from cosim.dashboard.frames import WAITING
from cosim.language import Told, told
from cosim.world.orders import ENDED, Stage


class StageWords(NamedTuple):
    """What a stage is called, and what it means that an order stands in it."""

    name: Told
    meaning: Told


STAGES: dict[Stage, StageWords] = {
    Stage.PLACED: StageWords(
        told("Placed"), told("Residents have asked; nobody has had the hours to take the order yet."),
    ),
    Stage.CLIMBING: StageWords(
        told("Climbing"), told("Taken at the office; the order goes up the tiers, where it may get lost."),
    ),
    Stage.ACCEPTED: StageWords(
        told("Accepted"), told("Who answers is settled; work waits for doers, money and owners' consent."),
    ),
    Stage.IN_WORK: StageWords(
        told("In work"), told("Producers work on it; without coordination it stands still."),
    ),
    Stage.DELIVERED: StageWords(
        told("Delivered"), told("Work is finished and waits for those who asked to sign off."),
    ),
    Stage.SIGNED_OFF: StageWords(told("Signed off"), told("Those who asked have closed the order.")),
    Stage.REJECTED: StageWords(
        told("Never taken"), told("Patience has run out twice, and nobody had taken the order."),
    ),
    Stage.LOST: StageWords(
        told("Lost on the way"), told("Lost on a tier, or given up because work did not begin in time."),
    ),
}  # fmt: skip
"""Words for every stage: those in which an order stands open, and behind them its ends."""

assert tuple(STAGES) == (*WAITING, *ENDED)
