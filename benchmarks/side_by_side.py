"""A community of cosim and the plain Mesa model of it, living through the same months."""

from typing import Any

from benchmarks.differences import Differences, differences
from benchmarks.held_fixed import HeldFixed, live_a_month
from benchmarks.plain_mesa import PlainCommunity
from cosim import Community
from cosim.world.world import World

ESTABLISHED = 10
"""Months after the warm-up, so that levers, orders and work are well under way."""


def established(scenario: str, **overrides: Any) -> World:
    """Return the world of a community after the warm-up and the first months."""
    community = Community(scenario, rng=1, **overrides)
    while community.month < ESTABLISHED:
        community.step()
    return community.world


def live_side_by_side(world: World, held: HeldFixed, plain: PlainCommunity, months: int) -> Differences:
    """Let both models live for some months, and compare them after each; stops at the first that differs."""
    found = differences(world, plain)
    for _ in range(months):
        if found.faults:
            break
        live_a_month(world, held)
        plain.step()
        found = differences(world, plain)
    return found
