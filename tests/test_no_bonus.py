"""No lever adds to an outcome directly: whatever reaches residents, reaches them through their circumstances.

The unreformed compound is run and everything that its residents meet is recorded. Then the reformed compound is run
with these recorded circumstances in place of its own institutions. If any lever reached residents by another way,
somebody would differ.
"""

import copy
import sys

import numpy as np
import pytest

from cosim.community import Community

OVER = {
    "population.residents": 240,
    "population.households": 90,
    "population.buildings": 5,
    "study.warmup_months": 2,
    "study.months": 14,
}
RESIDENT_PARTS = (
    ("live", "live_with_services"),
    ("commons", "care"),
    ("party_leads", "come_to_sessions"),
    ("party_leads", "be_visited"),
    ("talk", "talk"),
    ("residents_order", "ask_for_services"),
    ("deliberate", "come_to_meeting"),
    ("deliberate", "read_decisions"),
    ("partners_deliver", "join_work"),
    ("residents_sign_off", "conclude"),
    ("disputes", "quarrel"),
    ("pay", "decide_to_pay"),
    ("move", "move"),
    ("review", "elect"),
)

WHOLE_PHASES = ("talk", "move")


def module(name):
    return sys.modules[f"cosim.month.{name}"]


def run_and_record(scenario, over=OVER):
    """Run a community, recording circumstances each time just before residents act on them."""
    community = Community(scenario, rng=3, **over)
    met = {}

    def recorded(name, function):
        def act(world, *institutions):
            met[world.month, name] = copy.deepcopy(world.circumstances)
            return function(world, *institutions)

        return act

    with pytest.MonkeyPatch.context() as patch:
        for file, name in RESIDENT_PARTS:
            if name not in WHOLE_PHASES:
                patch.setattr(module(file), name, recorded(name, getattr(module(file), name)))
        community.phases = tuple(
            recorded(phase.__name__, phase) if phase.__name__ in WHOLE_PHASES else phase for phase in community.phases
        )
        people = [columns(community) for _ in months(community)]
    return met, people


def run_frozen(scenario, met, over=OVER):
    """Run a community whose residents meet recorded circumstances, whatever its own levers say."""
    community = Community(scenario, rng=3, **over)

    def frozen(file, name):
        def act(world, institutions):
            if (world.month, name) not in met:
                return
            world.circumstances = copy.deepcopy(met[world.month, name])
            world.facilities.condition = world.circumstances.condition
            function = getattr(module(file), name)
            function(world, institutions) if name in WHOLE_PHASES else function(world)

        return act

    community.phases = tuple(frozen(file, name) for file, name in RESIDENT_PARTS)
    return [columns(community) for _ in months(community)]


def months(community):
    while community.running:
        community.step()
        yield community.month


def columns(community):
    people, homes = community.world.residents, community.world.households
    state = {c.name: getattr(people, c.name).copy() for c in people.columns}
    return state | {"pays": homes.pays.copy(), "strength": community.world.ties.strength.copy()}


def differing(one, other):
    return sorted(
        {name for a, b in zip(one, other, strict=True) for name in a if not np.array_equal(a[name], b[name])}
    )


def test_with_circumstances_frozen_no_difference_is_left():
    met, unreformed = run_and_record("single_centre")
    assert differing(unreformed, run_frozen("multi_centre", met)) == []


def test_without_freezing_the_reform_changes_what_residents_think_and_do():
    _, unreformed = run_and_record("single_centre")
    _, reformed = run_and_record("multi_centre")
    changed = differing(unreformed, reformed)
    assert {"trust", "satisfaction", "mobilisation", "deliberated", "efficacy"} <= set(changed)
