"""The room: what one server offers to all its visitors, and the limits that keep it usable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cosim.dashboard.guests import Guests
from cosim.dashboard.link import View
from cosim.dashboard.trials import Line
from cosim.dashboard.turns import Turns
from cosim.language import told
from cosim.scenario import Problem, ScenarioError, load_scenario, shipped_scenarios
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
    """`files` are scenarios beyond the shipped ones, by name, `usual` is the view of a link that says nothing.

    `shipped` are the names of the shipped scenarios, `guests` the tabs that are open, `turns` theirs at computing,
    `line` their trials.
    """

    usual: View = field(default_factory=View)
    limits: Limits = Limits()
    files: Mapping[str, Scenario] = field(default_factory=dict)
    shipped: Sequence[str] = field(default_factory=lambda: tuple(shipped_scenarios()))
    guests: Guests = field(default_factory=Guests)
    turns: Turns = field(default_factory=Turns)
    line: Line = field(default_factory=Line)

    @property
    def names(self) -> list[str]:
        """Names of the scenarios that a visitor can choose."""
        return [*self.files, *self.shipped]

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by its name. Raises ScenarioError for a faulty one."""
        return self.files[name] if name in self.files else load_scenario(name)

    def check(self, scenarios: Iterable[Scenario]) -> None:
        """Raise ScenarioError for scenarios that are too large for this room."""
        limits, faults = self.limits, list[Problem]()
        for it in scenarios:
            if it.population.residents > limits.residents:
                count = it.population.residents
                message = told(
                    "{count} residents; here there may be at most {most}", count=count, most=limits.residents
                )
                faults.append(Problem(file=it.name, key="population.residents", message=message))
            if it.study.months > limits.months:
                count = it.study.months
                message = told("{count} months; here there may be at most {most}", count=count, most=limits.months)
                faults.append(Problem(file=it.name, key="study.months", message=message))
        if faults:
            raise ScenarioError(faults)
