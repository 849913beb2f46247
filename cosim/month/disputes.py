"""Disputes: they arise between neighbours from encroachment and works, weaken ties, and are settled or not."""

from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules.compiled import kernel, rule
from cosim.world.chance import Purpose, uniform
from cosim.world.columns import NEIGHBOURS
from cosim.world.population import HouseholdColumns, columns
from cosim.world.ties import REACH, slot_of
from cosim.world.world import World

LEFT_OF_A_TIE = np.float32(0.5)
"""Share of its strength that a tie keeps when a dispute breaks out between two households."""


def disputes(world: World, institutions: Institutions) -> None:
    """Mediate as far as the committee's hours go; then let disputes be settled and break out."""
    norms, c = world.settings.norms, world.circumstances
    standing = int(np.count_nonzero(world.households.rival >= 0)) // 2
    taken = 0
    while norms.mediation and taken < standing and institutions.committee.hours.spend(
        norms.mediation_hours, "mediation"
    ):
        taken += 1
    share = taken / max(standing, 1)
    c.settling = share * norms.mediated + (1.0 - share) * world.settings.disputes.settling
    quarrel(world)


def quarrel(world: World) -> None:
    """Settle disputes and let new ones break out; what that says of neighbours is felt next month."""
    c = world.circumstances
    world.settled = settle_disputes(
        columns(HouseholdColumns, world.households), world.constants["disputes"], c.own, c.settling,
        world.stream(Purpose.SETTLED),
    )  # fmt: skip
    break_out(
        columns(HouseholdColumns, world.households), world.constants["disputes"], 1.0 - world.keeping, c.works, c.own,
        world.ties.other, world.ties.strength, world.stream(Purpose.DISPUTE), world.stream(Purpose.RIVAL),
    )  # fmt: skip
    fall_out(
        columns(HouseholdColumns, world.households), world.constants["disputes"], c.fall_out, c.own,
        world.ties.other, world.ties.strength,
    )  # fmt: skip
    world.disputes = int(np.count_nonzero(world.households.rival >= 0)) // 2


@kernel
def settle_disputes(homes: Any, p: Any, own: np.ndarray, settling: float, luck: np.uint64) -> int:
    """Return how many disputes are settled; those of a household that has moved away end without a word."""
    settled = 0
    for h in range(homes.key.size):
        g = homes.rival[h]
        if g < 0:
            continue
        if homes.rival[g] != h:
            homes.rival[h] = -1
        elif h < g and uniform(luck, homes.key[h]) < settling:
            homes.rival[h] = homes.rival[g] = -1
            settled += 1
            feel(homes, h, own, p.relief)
            feel(homes, g, own, p.relief)
    return settled


@rule
def feel(homes: Any, h: int, own: np.ndarray, signal: float) -> None:
    """Let everybody of a household have a signal about neighbours."""
    for i in range(homes.first[h], homes.first[h] + homes.size[h]):
        own[i, NEIGHBOURS] += signal


@kernel
def break_out(
    homes: Any, p: Any, encroaching: np.ndarray, works: np.ndarray, own: np.ndarray, other: np.ndarray,
    strength: np.ndarray, breaks: np.uint64, picks: np.uint64,
) -> None:  # fmt: skip
    """Let disputes break out; `encroaching` and `works` are float[B]. Writes `own`, rivals and ties."""
    for h in range(homes.key.size):
        b = homes.building[h]
        likely = p.by_encroachment * encroaching[b] + p.by_works * works[b]
        if homes.rival[h] >= 0 or uniform(breaks, homes.key[h]) >= likely:
            continue
        step = 1 + int(uniform(picks, homes.key[h]) * 2 * REACH)
        g = h + step if step <= REACH else h - (step - REACH)
        if g < 0 or g >= homes.key.size or homes.building[g] != b or homes.rival[g] >= 0:
            continue
        begin(homes, h, g, p.hurt, own, other, strength)


@kernel
def fall_out(
    homes: Any, p: Any, pairs: np.ndarray, own: np.ndarray, other: np.ndarray, strength: np.ndarray
) -> None:
    """Let pairs of households fall out, int64[n, 2], unless one of them is in a dispute already."""
    for pair in range(pairs.shape[0]):
        h, g = pairs[pair, 0], pairs[pair, 1]
        if homes.rival[h] < 0 and homes.rival[g] < 0:
            begin(homes, h, g, p.hurt, own, other, strength)


@rule
def begin(
    homes: Any, h: int, g: int, hurt: float, own: np.ndarray, other: np.ndarray, strength: np.ndarray
) -> None:
    """Begin a dispute between two households: their ties weaken, and both feel it about neighbours."""
    homes.rival[h], homes.rival[g] = g, h
    for i in range(homes.first[h], homes.first[h] + homes.size[h]):
        for j in range(homes.first[g], homes.first[g] + homes.size[g]):
            k = slot_of(other, i, j)
            if k >= 0:
                weaker = strength[i, k] * LEFT_OF_A_TIE
                strength[i, k] = weaker
                strength[j, slot_of(other, j, i)] = weaker
    feel(homes, h, own, -hurt)
    feel(homes, g, own, -hurt)
