"""Renovate: a programme of its own, whatever the mode of supply; a pilot, then phases of buildings."""

from math import ceil

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.rules import facilities as rules
from cosim.world.chance import Purpose
from cosim.world.facilities import COMPOUND
from cosim.world.world import World

LEARNT = 0.5
"""Share of the pilot's risk of missing the need that is left to later phases."""


def renovate(world: World, institutions: Institutions) -> None:
    """Live with the works of this phase, and finish them at its end."""
    programme, c = world.settings.renovation, world.circumstances
    if programme.grant == 0.0 or world.month < programme.start or world.renovated.all():
        return
    buildings = world.adults.size
    size = ceil(programme.pilot * buildings)
    phase = np.nonzero(~world.renovated)[0][:size]
    c.works[phase] += 1.0
    supervised = institutions.government.hours.spend(programme.supervision_hours * phase.size, "renovation")
    world.unsupervised |= not supervised
    world.phase_months += 1
    if world.phase_months < programme.months:
        return
    supervised, world.unsupervised, world.phase_months = not world.unsupervised, False, 0
    pilot = not world.renovated.any()
    for b in phase.tolist():
        _renovate_building(world, b, pilot, supervised)
    world.renovated[phase] = True
    if world.renovated.all():
        _renovate_compound(world, supervised)


def covered(world: World) -> list[int]:
    """Categories that the programme covers: those it names, or all of the basic tier."""
    names = world.settings.renovation.categories
    return [
        k
        for k, (name, category) in enumerate(world.settings.categories.items())
        if (name in names if names else category.tier == "basic")
    ]


def _renovate_building(world: World, building: int, pilot: bool, supervised: bool) -> None:
    """Do what the grant of its households pays for, worst first."""
    purse = world.settings.renovation.grant * float(np.count_nonzero(world.households.building == building))
    risk = world.settings.deliberate.missed * (1.0 if pilot else LEARNT)
    works = [k for k in covered(world) if not world.facilities.compound_wide[k]]
    for k in sorted(works, key=lambda k: float(world.facilities.condition[building, k])):
        purse -= _do(world, k, building, purse, supervised, risk)


def _renovate_compound(world: World, supervised: bool) -> None:
    """Spend what the buildings have left of the grant on what serves the whole compound."""
    purse = world.settings.renovation.grant * world.households.rows - world.renovation_spent
    for k in covered(world):
        if world.facilities.compound_wide[k]:
            purse -= _do(world, k, COMPOUND, purse, supervised, world.settings.deliberate.missed * LEARNT)


def _do(world: World, category: int, place: int, purse: float, supervised: bool, risk: float) -> float:
    """Do one work if the purse in yuan covers it; return what it cost."""
    deliver, f = world.settings.partners_deliver, world.facilities
    described = world.categories[category]
    full = world.per_thousand(described.cost) if place == COMPOUND else described.cost
    before = f.condition_at(category, place)
    cost = rules.repair_cost.py_func(full, before, deliver.visit_share, deliver.severity_share)
    if cost > purse:
        return 0.0
    world.ledger.pay("outside", "renovation", cost)
    world.ledger.pay_for_work("renovation", "government", category, cost)
    good = deliver.workmanship - (0.0 if supervised else deliver.unwatched)
    missed = world.draw(Purpose.RENOVATED, category << 32 | (place + 1)) < risk
    fit = deliver.fit_of_a_miss if missed else 1.0
    f.set_condition(category, place, rules.repaired.py_func(before, good, fit))
    world.renovation_spent += cost
    return float(cost)
