"""Cosim's world and the plain Mesa model of it, compared person by person."""

from typing import NamedTuple

import numpy as np

from benchmarks.plain_mesa import PlainCommunity
from cosim.world.world import World

TOLERANCE = 2e-5
"""Largest difference that single precision explains after a few months, in the columns' own units."""

LEVELS = (
    "trust", "expectation", "satisfaction", "safety", "grievance", "handling", "efficacy", "belonging",
    "mobilisation", "habit", "informed", "norm", "embedded",
)  # fmt: skip
EXACT = (
    "key", "arrived", "profile", "member", "cooperator",
    "ordered", "deliberated", "coproduced", "voted", "stood", "signed_off",
)  # fmt: skip


class Differences(NamedTuple):
    """Faults as lines of text, the largest difference of all, and how many people and ties were compared."""

    faults: list[str]
    largest: float
    people: int
    ties: int


def differences(world: World, plain: PlainCommunity) -> Differences:
    """Compare who lives here, all that they feel and did, what households pay, and every tie's strength."""
    first = world.households.first
    people = {
        int(first[home.number]) + place: adult for home in plain.households for place, adult in home.adults.items()
    }
    rows = np.array(sorted(people))
    if not np.array_equal(rows, np.nonzero(world.residents.present)[0]):
        return Differences(["people: the places that are lived in differ"], 0.0, len(rows), 0)
    faults, largest = [], 0.0
    for name in EXACT:
        here = getattr(world.residents, name)[rows]
        there = np.array([getattr(people[row], name) for row in rows], here.dtype)
        if np.any(here != there):
            faults.append(f"{name}: differs for {np.count_nonzero(here != there)} of {len(rows)} people")
    for name in LEVELS:
        here = getattr(world.residents, name)[rows].astype(float)
        apart = np.abs(here - np.array([getattr(people[row], name) for row in rows]))
        largest = max(largest, apart.max())
        if apart.max() > TOLERANCE:
            far = np.count_nonzero(apart > TOLERANCE)
            faults.append(f"{name}: up to {apart.max():.2g} apart; {far} values beyond {TOLERANCE:g}")
    for name in ("key", "migrant", "pays"):
        here = getattr(world.households, name)
        there = np.array([getattr(home, name) for home in plain.households], here.dtype)
        if np.any(here != there):
            faults.append(f"{name}: differs for {np.count_nonzero(here != there)} of {len(here)} households")
    row_of = {adult: row for row, adult in people.items()}
    ours = {(a, b): strength for a, b, strength in world.ties.edges()}
    theirs = {
        (row, row_of[other]): tie.strength
        for row, adult in people.items()
        for other, tie in adult.ties.items()
        if row < row_of[other]
    }
    if ours.keys() != theirs.keys():
        faults.append(f"ties: {len(ours.keys() ^ theirs.keys())} exist in one model only")
    apart = max((abs(ours[pair] - theirs[pair]) for pair in ours.keys() & theirs.keys()), default=0.0)
    if apart > TOLERANCE:
        faults.append(f"ties: strengths up to {apart:.2g} apart")
    return Differences(faults, max(largest, apart), len(rows), len(ours))
