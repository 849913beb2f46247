"""A household as an ordinary Mesa agent, and the building that it lives in."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.keyed_draws import bell, person_key, uniform
from benchmarks.plain_residents import Resident, clip, conditional_response
from benchmarks.plain_rules import plain
from cosim.month.move import GROWN_UP, OLDEST
from cosim.rules import fee, moving
from cosim.world.columns import FIRM

if TYPE_CHECKING:
    from cosim.world.world import World

property_service = plain(fee.property_service)
paying = plain(fee.paying)
leaving = plain(moving.leaving)

THE_HOUSEHOLD = 255
"""Place in the key of a household itself."""


@dataclass
class Building:
    """What people meet in a building; `lived` by profile of needs, `routine` and `seen` by whom they trust."""

    number: int
    condition: list[float]
    lived: list[float]
    safe: float
    property_condition: float
    visits: float
    openings: float
    routine: list[float]
    seen: list[float]
    asked: float = 0.0
    share_paying: float = 0.0
    households: list["Household"] = field(default_factory=list)

    def open_month(self, asked_per_opening: float) -> None:
        """Spread the openings for volunteers over those who live here."""
        adults = sum(len(household.adults) for household in self.households)
        self.asked = min(self.openings * asked_per_opening / max(adults, 1), 1.0)

    def count_payers(self) -> None:
        """Note which share of the households pays."""
        self.share_paying = sum(household.pays for household in self.households) / len(self.households)


class Household(mesa.Agent):
    """A dwelling with a number of places for adults; `adults` holds who lives in which place."""

    def __init__(self, model: Any, number: int, building: Building, size: int) -> None:
        super().__init__(model)
        self.number = number
        self.building = building
        self.size = size
        self.adults: dict[int, Resident] = {}
        self.people_before = [-1] * size
        self.arrival = -1
        self.leaving = False
        self.dying: list[int] = []
        self.joining: list[int] = []
        self._become_the_next()
        building.households.append(self)

    def take_over(self, world: "World", people: list[Resident | None]) -> None:
        """Become the household of the same number in cosim's world; `people` lists the compound's by row."""
        homes, h = world.households, self.number
        self.arrival = homes.arrival[h].item()
        self.key = homes.key[h].item()
        self.migrant, self.children, self.pays = (bool(c[h]) for c in (homes.migrant, homes.children, homes.pays))
        self.area, self.taste, self.fee = (float(c[h]) for c in (homes.area, homes.taste, homes.fee))
        first = homes.first[h].item()
        self.people_before = world.residents.arrival[first : first + self.size].tolist()
        for place in range(self.size):
            if world.residents.present[first + place]:
                self.adults[place] = people[first + place] = self._newcomer(place, 0.0)
                people[first + place].take_over(world, first + place)

    def _become_the_next(self) -> None:
        """Draw who the next household of this dwelling is."""
        s, luck = self.model.settings, self.model.population_luck
        self.arrival += 1
        key = self.key = person_key(self.number, THE_HOUSEHOLD, self.arrival)
        self.migrant = uniform(luck.origin, key) < self.model.arriving_migrants
        self.children = uniform(luck.children, key) < s.population.children_share
        self.area = clip(s.fee.area + s.fee.area_spread * bell(luck.area, key), 20.0, 300.0)
        self.fee = self.area * s.fee.rate
        self.taste = s.fee.taste_spread * bell(luck.taste, key)
        self.pays = uniform(luck.pays_at_first, key) < s.fee.initial_share

    def _key_of(self, place: int) -> int:
        """Key of who lives in a place, or of whoever did last."""
        return person_key(self.number, place, self.people_before[place])

    def _newcomer(self, place: int, age: float) -> Resident:
        return Resident(self.model, self, self._key_of(place), age)

    def decide_to_pay(self, reviews: int, chance: int) -> None:
        """If the decision is reviewed this month, take it anew."""
        model, here = self.model, self.building
        p = model.settings.fee
        if not self.adults or uniform(reviews, self.key) >= p.review:
            return
        adults = [self.adults[place] for place in sorted(self.adults)]
        trust = sum(adult.trust[FIRM] for adult in adults) / len(adults)
        slope = model.settings.taking_part.conditional_slope
        others = conditional_response(adults[0].cooperator, here.share_paying, slope) - 0.5 * slope
        service = property_service(here.property_condition, model.effort, p.w_condition)
        burden = p.burden * self.fee / max(p.rate * p.area, 1e-9)
        likely = paying(
            service, trust, others, burden, self.taste,
            p.intercept, p.w_service, p.neutral_service, p.w_trust, p.w_others,
        )  # fmt: skip
        self.pays = uniform(chance, self.key) < likely

    def decide_who_goes(self, leaves: int, dies: int, joins: int) -> None:
        """Decide who dies and who joins, or that all leave; nothing is changed yet."""
        p, risk = self.model.settings.moving, self.model.risk_of_death
        self.dying, self.joining, self.leaving = [], [], False
        alive = []
        for place in range(self.size):
            adult = self.adults.get(place)
            if adult is None:
                if uniform(joins, self._key_of(place)) < p.joining:
                    self.joining.append(place)
            elif uniform(dies, adult.key) < risk[int(adult.age)]:
                self.dying.append(place)
            else:
                alive.append(adult)
        if alive:
            likely = leaving(
                p.migrant_rate if self.migrant else p.long_term_rate,
                sum(adult.satisfaction for adult in alive) / len(alive),
                sum(adult.belonging for adult in alive) / len(alive),
                p.w_satisfaction, p.w_belonging, p.usual_belonging,
            )  # fmt: skip
        self.leaving = not alive or uniform(leaves, self.key) < likely

    def let_go(self) -> None:
        """Take leave of those who go."""
        for place in list(self.adults) if self.leaving else self.dying:
            self.adults.pop(place).leave()

    def move_in(self) -> None:
        """Let the next household have the dwelling if this one has left."""
        if not self.leaving:
            return
        self._become_the_next()
        who, stream = self.model.settings.population, self.model.population_luck.age
        mean = who.migrant_age if self.migrant else who.long_term_age
        for place in range(self.size):
            self.people_before[place] += 1
            age = clip(mean + who.age_spread * bell(stream, self._key_of(place)), 18.0, 95.0)
            self.adults[place] = self._newcomer(place, age)

    def take_in(self) -> None:
        """Take a grown child or a relative into each place that is filled this month."""
        if self.leaving:
            return
        stream = self.model.population_luck.age
        youngest, oldest = GROWN_UP
        for place in self.joining:
            self.people_before[place] += 1
            age = youngest + (oldest - youngest) * uniform(stream, self._key_of(place))
            self.adults[place] = self._newcomer(place, age)


def risks_of_death(log_hazard: float, slope: float) -> list[float]:
    """Return the probability of death in a month at every age in years, up to one that nobody outlives."""
    dying = plain(moving.dying)
    return [*(dying(age + 0.5, log_hazard, slope) for age in range(OLDEST)), 1.0]
