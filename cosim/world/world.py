"""One compound as it stands: everything that a month reads and changes."""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from cosim.scenario.inhabitants import community_of
from cosim.scenario.own_community import OwnCommunity
from cosim.world.accounts import Ledger
from cosim.world.chance import Purpose, draw, stream
from cosim.world.circumstances import Circumstances
from cosim.world.constants import constants
from cosim.world.facilities import COMPOUND, Facilities
from cosim.world.orders import OrderBook
from cosim.world.own_people import by_origin, lay_over, layout, tie_as_given
from cosim.world.population import (
    DoneColumns,
    HouseholdColumns,
    PersonColumns,
    Start,
    columns,
    empty_tables,
    settle,
    streams,
)
from cosim.world.ties import Ties, know_acquaintances, know_neighbours, untie

ARRIVAL_BITS = 24
"""Bits for the number of people who lived in a row before: more than there can ever be."""


class World:
    """State of a compound, and the scenario in force.

    `settings` is the scenario whose levers hold this month; `month` is negative during the warm-up; `seed` is the
    replicate's luck (>= 0), apart from the population's own seed; `adults` counts residents per building at the
    month's opening, int64[B]; `members` are the rows of Party members who live here then, int64[n], `spare` the hours
    that each has left this month, float64[n], and `hands` their teams at work, float64[B]; `keeping` is the share of
    households that keep shared space, float32[B]; `fees` what households paid this month, in yuan; `sites` the
    categories that were given a disused site; `precision` a running share of projects that met the need; `renovated`
    the buildings that have been, bool[B], `renovation_spent` what that cost in yuan, `phase_months` how long this phase
    has lasted, and `unsupervised` whether it went a month without supervision.
    """

    def __init__(self, settings: Any, seed: int, month: int) -> None:
        self.seed = seed
        self.month = month
        self.adopt(settings)
        own = community_of(settings)
        self.residents, self.households = empty_tables(settings, layout(own) if own else None)
        self.building_rows = np.searchsorted(self.residents.building, np.arange(settings.population.buildings + 1))
        self.building_homes = np.searchsorted(self.households.building, np.arange(settings.population.buildings + 1))
        self.ties = Ties(settings.population.residents)
        self.facilities = Facilities(settings)
        self.orders = OrderBook(len(settings.categories))
        self.ledger = Ledger(len(settings.categories))
        self.circumstances = Circumstances(settings.population.buildings, settings.population.residents)
        self.circumstances.condition = self.facilities.condition
        self.circumstances.effort = settings.property_firm.minimum_effort
        self.fees = 0.0
        self.sites: set[int] = set()
        self.precision = 1.0 - settings.deliberate.missed
        self.renovation_spent = 0.0
        self.unsupervised = False
        self.phase_months = 0
        self.renovated = np.zeros(settings.population.buildings, np.bool_)
        self.keeping = np.full(settings.population.buildings, settings.commons.initial_share, np.float32)
        self.disputes = 0
        self.settled = 0
        self.adults = np.zeros(settings.population.buildings, np.int64)
        self.members = np.empty(0, np.int64)
        self.spare = np.empty(0)
        self.volunteer_hours = 0.0
        self.member_hours = 0.0
        self.hands = np.zeros(settings.population.buildings)
        self.turnout = self.official_turnout = self.owners_turnout = np.nan
        self.farewells: list[Callable[[np.ndarray], None]] = []
        self._prepare_records()
        self._people(own)
        self.ledger.pay("outside", "fund", settings.owners.fund * float(self.households.area.sum(dtype=np.float64)))

    def _people(self, own: OwnCommunity | None) -> None:
        """Let everybody who lives here at the start have come, and know each other; `own` are those of files."""
        everyone = np.arange(self.settings.population.households, dtype=np.int32)
        for dwellings, migrants in by_origin(own) if own else [(everyone, None)]:
            start = self.start if migrants is None else self.start._replace(migrant_share=migrants)
            self._move_in(dwellings, start, at_start=True)
        if own:
            lay_over(own, self.residents, self.households, self.month, self.settings.fee.rate)
            keeps = np.add.reduceat(self.households.keeps, self.building_homes[:-1], dtype=np.float32)
            self.keeping = keeps / np.diff(self.building_homes)
        if own and own.ties is not None:
            tie_as_given(own, self.residents, self.ties, self.constants["ties"])
            return
        self.meet_neighbours(self.rows_of(everyone), at_start=True)
        know_acquaintances(
            self._luck(Purpose.STUB), self._luck(Purpose.SOCIABILITY), self.building_homes,
            self.person, self.home, self.constants["ties"], self.ties.other, self.ties.strength, self.ties.near,
        )  # fmt: skip

    def adopt(self, settings: Any) -> None:
        """Let a scenario's levers hold from now on."""
        self.settings = settings
        self.categories = list(settings.categories.values())
        self.arrangements = [settings.arrangement(name) for name in settings.categories]
        self.partner_kinds = [settings.partners_of(name) for name in settings.categories]

    def _prepare_records(self) -> None:
        """Build the records that kernels take; they hold for the life of the world."""
        s = self.settings
        self.person = columns(PersonColumns, self.residents)
        self.done = columns(DoneColumns, self.residents)
        self.home = columns(HouseholdColumns, self.households)
        self.population_streams = streams(s.population.seed)
        names = (
            "population", "ties", "moving", "experience", "trust", "taking_part", "handling", "talk", "belonging",
            "fee", "commons", "disputes", "voting",
        )  # fmt: skip
        self.constants = {name: constants(getattr(s, name)) for name in names}
        self.start = Start(
            s.experience.newcomer, s.taking_part.efficacy, s.belonging.newcomer, s.population.migrant_share,
            s.fee.rate, s.fee.initial_share, s.commons.initial_share, s.fee.area, s.fee.area_spread, s.fee.taste_spread,
            s.moving.migrant_rate, s.moving.long_term_rate,
        )  # fmt: skip

    def open_month(self, month: int) -> None:
        """Begin a month."""
        self.month = month
        r = self.residents
        self.adults = np.add.reduceat(r.present, self.building_rows[:-1], dtype=np.int64)
        self.members = np.nonzero(r.present & r.member)[0]
        self.volunteer_hours = self.member_hours = self.fees = 0.0
        self.spare = r.hours[self.members].astype(np.float64)
        self.ledger.open_month()
        self.orders.open_month()
        self.circumstances.open_month()

    def stream(self, purpose: Purpose) -> np.uint64:
        """Return this month's stream of the replicate's luck for one purpose."""
        return stream(self.seed, self.month, purpose)

    def draw(self, purpose: Purpose, key: int) -> float:
        """Return this month's draw of the replicate's luck for one purpose and key, in [0, 1)."""
        return draw(self.stream(purpose), key)

    def _luck(self, purpose: Purpose) -> np.uint64:
        """Stream of the population's own seed, the same in every replicate."""
        return stream(self.settings.population.seed, 0, purpose)

    def settle(self, dwellings: np.ndarray) -> None:
        """Let the next household of each dwelling (int32[n]) move in, and get to know its neighbours."""
        self._move_in(dwellings, self.start._replace(migrant_share=self.arriving_migrants()), at_start=False)
        self.meet_neighbours(self.rows_of(dwellings))

    def _move_in(self, dwellings: np.ndarray, start: Start, *, at_start: bool) -> None:
        settle(
            dwellings, self.month, at_start, self.person, self.done, self.home, self.population_streams,
            self.constants["population"], self.constants["trust"], start,
        )  # fmt: skip

    def meet_neighbours(self, rows: np.ndarray, *, at_start: bool = False) -> None:
        """Tie people (rows, int32[n]) to near neighbours."""
        ties = self.settings.ties
        know_neighbours(
            rows, ties.neighbour_base if at_start else ties.newcomer_strength,
            self._luck(Purpose.TIE), self._luck(Purpose.SOCIABILITY),
            self.person, self.home, self.constants["ties"], self.ties.other, self.ties.strength, self.ties.near,
        )  # fmt: skip

    def vacate(self, rows: np.ndarray) -> None:
        """Let people (rows, int32[n]) go, with their ties; `farewells` are told first."""
        for told in self.farewells:
            told(rows)
        self.residents.present[rows] = False
        self.circumstances.own[rows] = 0.0
        untie(rows, self.ties.other, self.ties.strength, self.ties.near)

    def rows_of(self, dwellings: np.ndarray) -> np.ndarray:
        """Return the rows of all adults' places in some dwellings, int32[n]."""
        first, size = self.households.first[dwellings], self.households.size[dwellings]
        before = np.cumsum(size, dtype=np.int32) - size
        return np.repeat(first - before, size) + np.arange(size.sum(), dtype=np.int32)

    def arriving_migrants(self) -> float:
        """Return the share of migrants among arriving households that keeps their share among all steady."""
        s = self.settings
        leaving = s.population.migrant_share * s.moving.migrant_rate
        staying = (1.0 - s.population.migrant_share) * s.moving.long_term_rate
        return leaving / (leaving + staying) if leaving + staying else s.population.migrant_share

    def give_time(self, hours: float) -> float:
        """Let members together give spare hours, each in proportion to what is left; return the share given."""
        left = float(self.spare.sum())
        given = min(hours, left)
        if given > 0.0:
            self.spare *= 1.0 - given / left
            self.member_hours += given
        return given / hours if hours > 0.0 else 1.0

    def spend_yearly(self, money: float) -> bool:
        """Spend a month's part of the government's `money`, in yuan per resident and year; return whether it could."""
        return self.ledger.spend("government", "government", money * self.settings.population.residents / 12.0)

    def per_thousand(self, quantity: float) -> float:
        """Scale a quantity stated per 1,000 residents to this compound."""
        return quantity * self.settings.population.residents / 1000.0

    def people_in(self, rows: np.ndarray) -> np.ndarray:
        """Return a number for each person who lives in a row now, int64[n]; `still_here` gives the row back."""
        return (rows << ARRIVAL_BITS) | self.residents.arrival[rows]

    def still_here(self, people: Collection[int]) -> np.ndarray:
        """Return the rows of those people, as numbered by `people_in`, who still live here, int64[n]."""
        numbers = np.fromiter(people, np.int64, len(people))
        who, came = numbers >> ARRIVAL_BITS, numbers & (2**ARRIVAL_BITS - 1)
        return who[self.residents.present[who] & (self.residents.arrival[who] == came)]

    def people_at(self, place: int) -> np.ndarray:
        """Return the rows of the residents whom a place serves, int64[n]; a building's rows stand together."""
        r = self.residents
        if place == COMPOUND:
            return np.nonzero(r.present)[0]
        first, beyond = self.building_rows[place], self.building_rows[place + 1]
        return first + np.nonzero(r.present[first:beyond])[0]

    def faults(self) -> list[str]:
        """Return a line for every invariant that does not hold: people, households, orders, money, columns."""
        r = self.residents
        found = [*r.faults(), *self.households.faults(), *self.orders.faults(), *self.ledger.faults()]
        inhabited = np.unique(r.household[r.present]).size
        if inhabited != self.settings.population.households:
            found.append(f"households: {inhabited} inhabited of {self.settings.population.households}")
        if np.any(self.ties.other[~r.present] >= 0):
            found.append("people: somebody who left still has ties")
        if np.any(np.abs(self.circumstances.at_home) > 1.0):
            found.append("circumstances: at_home leaves [-1, 1]")
        tied = self.ties.other[self.ties.other >= 0]
        if np.any(~r.present[tied]):
            found.append("people: somebody is tied to a person who left")
        return found
