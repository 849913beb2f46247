"""Facilities wear, and residents live with their services."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import experience as rules
from cosim.rules.compiled import kernel
from cosim.world.chance import Purpose
from cosim.world.facilities import wear
from cosim.world.population import OLD, columns
from cosim.world.world import World

SAFETY = ("security", "fire_safety")
"""Categories that perceived safety rests on; where none is supplied, it rests on all services."""


class Experience(NamedTuple):
    """Columns that living with services reads and writes."""

    present: np.ndarray
    building: np.ndarray
    profile: np.ndarray
    age: np.ndarray
    expectation: np.ndarray
    satisfaction: np.ndarray
    safety: np.ndarray
    grievance: np.ndarray


def live(world: World, institutions: Institutions) -> None:
    """Let facilities deteriorate and residents experience them."""
    f, c = world.facilities, world.circumstances
    wear(
        f.condition, f.compound_wide, f.deterioration, f.fault, f.upkeep_share,
        c.effort, world.settings.property_firm.upkeep,
        world.stream(Purpose.FAULT), world.stream(Purpose.SEVERITY),
    )  # fmt: skip
    live_with_services(world)


def live_with_services(world: World) -> None:
    """Update expectation, satisfaction, safety and grievance of every resident from the condition of services."""
    f, c = world.facilities, world.circumstances
    lived = c.condition @ f.needs.T
    concerned = [f.names.index(name) for name in SAFETY if name in f.names]
    safe = c.condition[:, concerned].mean(axis=1) if concerned else c.condition.mean(axis=1)
    importance = f.needs / f.needs.max(axis=1, keepdims=True)
    experience(
        columns(Experience, world.residents), world.constants["experience"], c.condition, lived, safe, importance
    )


@kernel
def experience(
    r: Any, p: Any, condition: np.ndarray, lived: np.ndarray, safe: np.ndarray, importance: np.ndarray
) -> None:
    """One month of living with services; `lived` float64[B, profiles], `importance` float64[profiles, categories]."""
    categories = condition.shape[1]
    for i in range(r.present.size):
        if not r.present[i]:
            continue
        b, profile = r.building[i], r.profile[i]
        x = lived[b, profile]
        e = r.expectation[i]
        worst = 0.0
        for c in range(categories):
            worst = max(worst, rules.complaint(e, condition[b, c], importance[profile, c]))
        r.grievance[i] = worst
        r.satisfaction[i] = rules.satisfaction(r.satisfaction[i], x, e, p.disconfirmation, p.pace)
        r.expectation[i] = rules.expectation(e, x, p.aspiration, p.aspiration_ceiling, p.adaptation)
        r.safety[i] += p.pace * (safe[b] - r.safety[i])
        age = r.age[i]
        r.age[i] = age + 1.0 / 12.0
        if age < OLD <= r.age[i]:
            r.profile[i] |= 1
