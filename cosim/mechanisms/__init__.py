"""Mechanisms: what some compounds have and others do not. One file each; its Chinese words stand in a catalogue.

A file `cosim/mechanisms/NAME.py` says everything about its mechanism: its facts and levers (a `Section`), its rules,
what happens in a month, what of it is measured. The names in this folder are the tables that a scenario may have below
`[mechanisms.NAME]`; a compound whose scenario has no such table does without. `docs/howto/mechanism.md` adds one.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np
from pydantic.fields import FieldInfo

from cosim.agents.institutions import Institutions
from cosim.language import Told
from cosim.month.phases import PHASES, Phase
from cosim.outcomes.measures import MEASURES, Measure
from cosim.scenario.field import Section
from cosim.scenario.mechanisms import mechanism_class
from cosim.world.chance import purpose_of, stream
from cosim.world.circumstances import Circumstances
from cosim.world.world import World


class Mechanism(ABC):
    """One mechanism in one compound: it keeps its own state, and acts once a month.

    It reaches residents through `world.circumstances` alone, never by their columns, and pays for what it does out of
    `world.ledger` and of hours of `institutions`. With every lever of its section at its default it does nothing: a
    compound that has it at rest is the compound without it (a test holds every mechanism to both).
    """

    label: ClassVar[Told]
    """What it is called, inside a sentence."""
    section: ClassVar[type[Section]]
    """Its facts and levers; every one has a default."""
    after: ClassVar[str]
    """The phase of the month (`cosim.month.phases`) after which it acts."""
    measures: ClassVar[tuple[Measure, ...]]
    """What is measured of it, of the level "community"; columns of a run's months where it is in force."""

    def __init_subclass__(cls) -> None:
        """Refuse a declaration that would do nothing, or hide a measure. Raises ValueError."""
        phases = [phase.__name__ for phase in PHASES]
        if cls.after not in phases:
            raise ValueError(f"after = {cls.after!r} is no phase of the month: {', '.join(phases)}")
        for measure in cls.measures:
            if measure.level != "community" or measure.name in list(MEASURES):
                raise ValueError(f"the measure {measure.name!r} needs a name of its own and the level 'community'")
        reached = {name for field in cls.section.model_fields.values() for name in _through(field)}
        unknown = reached - {field.name for field in fields(Circumstances)}
        if unknown:
            raise ValueError(f"`through` names no circumstances of residents: {', '.join(sorted(unknown))}")

    def __init__(self, name: str, world: World) -> None:
        self.name = name

    def observed(self, world: World) -> dict[str, float]:
        """Return what `observe` does. Raises ValueError unless that is each of its measures, and nothing else."""
        found = self.observe(world)
        declared = [measure.name for measure in self.measures]
        if sorted(found) != sorted(declared):
            raise ValueError(f"{self.name} observes {', '.join(found)}, and declares {', '.join(declared)}")
        return found

    def settings(self, world: World) -> Any:
        """Return its section as it holds this month."""
        return world.settings.mechanisms.in_force[self.name]

    def luck(self, world: World, what: str) -> np.uint64:
        """Return this month's stream of the replicate's luck for one purpose of its own, such as "consent"."""
        return stream(world.seed, world.month, purpose_of(f"{self.name}: {what}"))

    @abstractmethod
    def act(self, world: World, institutions: Institutions) -> None:
        """Let its month pass."""

    @abstractmethod
    def observe(self, world: World) -> dict[str, float]:
        """Return the value of each of its measures for the month that has just passed. It must not draw."""


def _through(field: FieldInfo) -> list[str]:
    about: Any = field.json_schema_extra
    return list(about.get("through", ()))


def mechanisms_of(world: World) -> list[Mechanism]:
    """Return the mechanisms that a compound's scenario puts in force, at their beginning."""
    return [mechanism_class(name)(name, world) for name in world.settings.mechanisms.in_force]


def with_mechanisms(phases: Sequence[Phase], mechanisms: Sequence[Mechanism]) -> Iterator[Phase]:
    """Yield the phases of a month, and after each the mechanisms that act there."""
    for phase in phases:
        yield phase
        yield from (it.act for it in mechanisms if it.after == getattr(phase, "__name__", ""))
