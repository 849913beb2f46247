"""Facilities wear, and residents live with their services."""

from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions, Partner
from cosim.rules import experience as rules
from cosim.rules.compiled import kernel, rule
from cosim.rules.numeric import ZERO
from cosim.scenario.institutions import Shock
from cosim.world.chance import Purpose
from cosim.world.facilities import wear
from cosim.world.population import OLD, columns
from cosim.world.world import World

MONTH = np.float32(1.0 / 12.0)
"""A month, in years."""
OLDEST = np.float32(130.0)
"""Age in years at which counting stops."""


class Experience(NamedTuple):
    """Columns that living with services reads and writes."""

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
    for shock in world.settings.shocks:
        if shock.month == world.month:
            _strike(world, institutions, shock)
    wear(
        f.condition, f.broken, f.compound_wide, f.commons, world.keeping, f.deterioration, f.fault, f.upkeep_share,
        c.effort, world.settings.property_firm.upkeep, world.settings.commons.intensity,
        world.stream(Purpose.FAULT), world.stream(Purpose.SEVERITY),
    )  # fmt: skip
    live_with_services(world)


def _strike(world: World, institutions: Institutions, shock: Shock) -> None:
    """Let something happen that no reform prevents: a flood, a failure of one service, a partner that quits."""
    f = world.facilities
    if shock.kind == "partner_quits":
        body = institutions.named(shock.partner)
        assert isinstance(body, Partner)
        body.quit()
    elif shock.kind == "failure":
        f.condition[:, f.names.index(shock.category)] -= np.float32(shock.size)
    else:
        depth = [world.draw(Purpose.FLOOD, b) for b in range(world.adults.size)]
        f.condition[:, ~f.compound_wide] -= np.float32(shock.size) * np.array(depth, np.float32)[:, None]
        f.condition[:, f.compound_wide] -= np.float32(shock.size * float(np.mean(depth)))
    np.maximum(f.condition, 0.0, out=f.condition)


def live_with_services(world: World) -> None:
    """Update expectation, satisfaction, safety and grievance of every resident from the condition of services."""
    f, c = world.facilities, world.circumstances
    experience(
        columns(Experience, world.residents), world.constants["experience"],
        c.condition, c.condition @ f.needs.T, c.at_home, c.condition[:, f.safety].mean(axis=1), f.importance,
    )  # fmt: skip


@kernel
def experience(
    r: Any, p: Any, condition: np.ndarray, lived: np.ndarray, at_home: np.ndarray, safe: np.ndarray,
    importance: np.ndarray,
) -> None:  # fmt: skip
    """One month of living with services.

    `lived` is float32[B, profiles], `at_home` float32[N], `importance` float32[profiles, categories].
    """
    n = r.age.size
    here, safe_here = np.empty(n, np.float32), np.empty(n, np.float32)
    for i in range(n):
        b, profile = np.uint32(r.building[i]), np.uint8(r.profile[i])
        here[i], safe_here[i] = lived[b, profile] + at_home[i], safe[b]
        r.grievance[i] = worst_complaint(r.expectation[i], condition[b], importance[profile])
    for i in range(n):
        r.satisfaction[i] = rules.satisfaction(r.satisfaction[i], here[i], r.expectation[i], p.disconfirmation, p.pace)
    for i in range(n):
        e = r.expectation[i]
        r.expectation[i] = rules.expectation(e, here[i], p.aspiration, p.aspiration_ceiling, p.adaptation)
    for i in range(n):
        r.safety[i] += p.pace * (safe_here[i] - r.safety[i])
    for i in range(n):
        r.age[i] = min(r.age[i] + MONTH, OLDEST)
    for i in range(n):
        r.profile[i] |= r.age[i] >= OLD


@rule
def worst_complaint(expected: float, condition: np.ndarray, importance: np.ndarray) -> float:
    """Grievance of one person about all services of the place, in [0, 1]."""
    worst = ZERO
    for c in range(condition.size):
        worst = max(worst, rules.complaint(expected, condition[c], importance[c]))
    return worst
