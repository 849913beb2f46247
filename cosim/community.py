"""Community: a Mesa model of one compound, stepped month by month."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import networkx as nx
import numpy as np
import pandas as pd

from cosim.agents.institutions import Institutions
from cosim.agents.residents import Resident, resident_class
from cosim.mechanisms import mechanisms_of, with_mechanisms
from cosim.month.phases import PHASES, Phase
from cosim.outcomes.measures import CATEGORY_MEASURES, GROUPS, MEASURES, PERSON_MEASURES, RESIDENT_MEASURES
from cosim.outcomes.observe import Month, observe
from cosim.outcomes.orders import orders_of
from cosim.outcomes.register import states, traits
from cosim.scenario import Scenario, load_scenario
from cosim.world.columns import TENURES
from cosim.world.world import World

Observer = Callable[["Community"], None]


class PastMonth(NamedTuple):
    """A month that has passed, as Mesa's collector sees a model (it reads `steps`, later versions `time`)."""

    steps: int
    row: Month

    @property
    def time(self) -> float:
        """Number of steps, as Mesa counts time."""
        return float(self.steps)

    def latest(self, measure: str) -> float:
        """Return a measure of the month."""
        return self.row.month if measure == "month" else self.row.whole[measure]


class Community(mesa.Model):
    """One compound with its residents and institutions.

    `scenario` is a shipped name, a path to a TOML file, or a `Scenario`; keyword arguments with dotted keys override
    it (`**{"supply.mode": "multi_centre"}`). `rng` (an integer >= 0) is the replicate's luck. `observers` are called
    with the community after every month; they must not change it. `check` asserts conservation of people,
    households, orders, money and hours after every month (RuntimeError).

    The warm-up runs under the scenario with every lever at its default, so that two scenarios which differ in levers
    alone have the same history up to month 0. Raises ScenarioError for a scenario that doesn't hold together.

    (Mesa's page looks for the keywords by the name `kwargs`.)
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "ly",
        *,
        rng: int | None = None,
        observers: Iterable[Observer] = (),
        check: bool = False,
        **kwargs: Any,
    ) -> None:
        luck = 0 if rng is None else int(rng)
        if luck < 0:
            raise ValueError(f"rng is {luck}; a replicate's seed is a whole number from 0")
        super().__init__(rng=luck)
        self.settings = load_scenario(scenario, kwargs)
        self.month = -self.settings.study.warmup_months
        self.observers = tuple(observers)
        self.check = check
        self._residents: dict[int, Resident] | None = None
        self._status_quo = self.settings.status_quo()
        self._timeline = self.settings.timeline
        self.world = World(self._status_quo if self.month < 0 else self.settings, luck, self.month)
        self.institutions = Institutions(self)
        self.mechanisms = mechanisms_of(self.world)
        self.measures = (*MEASURES, *(measure.name for it in self.mechanisms for measure in it.measures))
        self.phases: tuple[Phase, ...] = tuple(with_mechanisms(PHASES, self.mechanisms))
        self._record: list[Month] = []
        self._collector = mesa.DataCollector(
            {name: (lambda past, name=name: past.latest(name)) for name in ("month", *self.measures)}
        )

    def step(self) -> None:
        """Let one month pass."""
        world = self.world
        if self.month == 0:
            world.adopt(self.settings)
        if self.month in self._timeline:
            world.adopt(self._timeline[self.month])
        world.open_month(self.month)
        for phase in self.phases:
            phase(world, self.institutions)
        self._record.append(self._observe())
        if self.check and (found := self.faults()):
            raise RuntimeError(f"month {self.month}: " + "; ".join(found))
        for observer in self.observers:
            observer(self)
        self.month += 1
        self.running = self.month < self.settings.study.months

    def run(self, on_month: Observer | None = None) -> "Community":
        """Step to the end of the scenario, calling `on_month` after each month; returns itself."""
        while self.running:
            self.step()
            if on_month is not None:
                on_month(self)
        return self

    @property
    def datacollector(self) -> mesa.DataCollector:
        """Mesa's collector, with every measure of the months that have passed; it catches up when somebody looks."""
        known = len(self._collector.model_vars["month"])
        for steps, row in enumerate(self._record[known:], known + 1):
            self._collector.collect(PastMonth(steps, row))
        return self._collector

    @property
    def last(self) -> Month:
        """All measures of the month that passed last; before the first, those of the start."""
        return self._record[-1] if self._record else self._observe()

    def _observe(self) -> Month:
        """Return all measures of the month as it stands, those of mechanisms too."""
        row = observe(self.world, self.institutions)
        for mechanism in self.mechanisms:
            row.whole.update(mechanism.observed(self.world))
        return row

    def latest(self, measure: str) -> float:
        """Return a measure of the whole compound for the month that passed last."""
        return self.last.whole[measure]

    @property
    def months(self) -> pd.DataFrame:
        """Measures of the whole compound: a row per month."""
        table = pd.DataFrame([row.whole for row in self._record], columns=list(self.measures))
        table.insert(0, "month", [row.month for row in self._record])
        return table

    @property
    def groups(self) -> pd.DataFrame:
        """Measures of residents by group: a row per month and group."""
        return self._long("group", GROUPS, RESIDENT_MEASURES, [row.groups for row in self._record])

    @property
    def categories(self) -> pd.DataFrame:
        """Measures of service categories: a row per month and category."""
        names = self.world.facilities.names
        return self._long("category", names, tuple(CATEGORY_MEASURES), [row.categories for row in self._record])

    @property
    def orders(self) -> pd.DataFrame:
        """All orders that were placed so far, their stages dated (`outcomes/orders.py`)."""
        return orders_of(self.world)

    def _long(
        self, what: str, names: tuple[str, ...], measures: tuple[str, ...], blocks: list[np.ndarray]
    ) -> pd.DataFrame:
        values = np.concatenate(blocks) if blocks else np.empty((0, len(measures)))
        table = pd.DataFrame(values, columns=list(measures))
        table.insert(0, "month", np.repeat([row.month for row in self._record], len(names)))
        table.insert(1, what, list(names) * len(self._record))
        return table

    def faults(self) -> list[str]:
        """Return a line for every invariant that does not hold now: people, households, orders, money, hours."""
        return self.world.faults() + [
            f"hours: {body.account} used {body.hours.used:.2f} of {body.hours.available:.2f}"
            for body in self.institutions.all()
            if body.hours.used > body.hours.available + 1e-6
        ]

    # Residents become Mesa agents the first time somebody asks; a sweep never does.

    @property
    def agents(self) -> Any:
        """AgentSet of everybody: institutions and residents who live here now."""
        self._register_residents()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """AgentSets by class: `LongTermResident`, `Migrant`, `PartyMember`, and the institutions."""
        self._register_residents()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """Classes of all agents."""
        self._register_residents()
        return super().agent_types

    def _register_residents(self) -> None:
        """Bring the registered residents in line with who lives here now."""
        people = self.world.residents
        if self._residents is None:
            self._residents = {}
        for row, window in list(self._residents.items()):
            if not people.present[row] or people.arrival[row] != window.person:
                window.remove()
                del self._residents[row]
        for row in np.nonzero(people.present)[0].tolist():
            if row not in self._residents:
                kind = resident_class(bool(people.member[row]), bool(people.migrant[row]))
                self._residents[row] = kind(self, row)

    def resident(self, row: int) -> Resident:
        """Return the agent of the person who lives in a row now; raises LookupError if nobody does."""
        self._register_residents()
        assert self._residents is not None
        if row not in self._residents:
            raise LookupError(f"nobody lives in row {row}; rows go from 0 to {self.world.residents.rows - 1}")
        return self._residents[row]

    def to_networkx(self) -> nx.Graph:
        """Return residents and ties as a graph of this month.

        Nodes are rows, with household, building, group, migrant, member, age, tenure, months lived here, how many ties,
        and every one of `PERSON_MEASURES`, those that a person has or has not as truth values. Edges have `weight`, the
        tie's strength from 0 to 1.
        """
        people = self.world.residents
        rows = np.nonzero(people.present)[0]
        who = traits(self.world, rows)
        state = states(self.world, rows).T
        columns: dict[str, list[Any]] = {
            "household": who["household"].tolist(),
            "building": who["building"].tolist(),
            "group": [GROUPS[number] for number in who["group"]],
            "migrant": people.migrant[rows].tolist(),
            "member": people.member[rows].tolist(),
            "age": who["age"].tolist(),
            "tenure": [TENURES[number] for number in who["tenure"]],
            "months_lived": who["months_lived"].astype(int).tolist(),
            "ties": who["ties"].astype(int).tolist(),
        }
        for name, values in zip(PERSON_MEASURES, state, strict=True):
            columns[name] = (values > 0 if MEASURES[name].unit == "share" else values).tolist()
        graph = nx.Graph(month=self.world.month)
        for row, values in zip(rows.tolist(), zip(*columns.values(), strict=True), strict=True):
            graph.add_node(row, **dict(zip(columns, values, strict=True)))
        graph.add_weighted_edges_from(self.world.ties.edges())
        return graph
