"""The room: what one server offers to all its visitors, and the limits that keep it usable."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cosim.dashboard.link import View
from cosim.scenario import load_scenario, shipped_scenarios
from cosim.scenario.schema import Scenario


@dataclass(frozen=True)
class Limits:
    """What a visitor may ask for at most."""

    residents: int = 10_000
    months: int = 240
    speed: int = 10
    """Months a second."""
    visitors: int = 40
    idle: float = 30 * 60.0
    """Seconds after which a view that nobody uses is released."""


@dataclass(frozen=True)
class Room:
    """`files` are scenarios beyond the shipped ones, by name, `usual` is the view of a link that says nothing."""

    usual: View = field(default_factory=View)
    limits: Limits = Limits()
    files: Mapping[str, Scenario] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the scenarios that a visitor can choose."""
        return [*self.files, *shipped_scenarios()]

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by its name. Raises ScenarioError for a faulty one."""
        return self.files[name] if name in self.files else load_scenario(name)
