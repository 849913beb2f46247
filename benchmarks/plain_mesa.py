"""The residents of a cosim community as an ordinary Mesa model: an agent per person, a method per phase.

It takes over a cosim world as it stands, with the same rules and the same keyed draws, so that both can live
on side by side under circumstances held fixed; `benchmarks.differences` compares them person by person. Here
everything is an ordinary Python float, cosim computes in single precision: they agree within its rounding.
"""

import mesa
import numpy as np

from benchmarks.held_fixed import ELECTION_EVERY, MEETING_EVERY, HeldFixed
from benchmarks.keyed_draws import bell, pair_key, uniform
from benchmarks.plain_households import Building, Household, risks_of_death
from benchmarks.plain_residents import Resident, Tie, clip
from benchmarks.plain_rules import plain
from cosim.rules import talk, ties
from cosim.world.chance import Purpose, stream
from cosim.world.population import Streams
from cosim.world.ties import REACH, SLOTS, USUAL_ADULTS
from cosim.world.world import World

joint_activity = plain(ties.joint_activity)
acquaintance = plain(ties.acquaintance)
visibility = plain(talk.visibility)
smallness = plain(talk.smallness)


class PlainCommunity(mesa.Model):
    """Buildings, households and residents of a cosim world, under circumstances held fixed."""

    def __init__(self, world: World, held: HeldFixed) -> None:
        super().__init__(rng=world.seed)
        s = self.settings = world.settings
        self.luck_seed = world.seed
        self.month = world.month
        self.kept, self.noticed = float(held.kept), float(held.noticed)
        self.effort, self.channel_cost = float(held.effort), float(held.channel_cost)
        self.needs = world.facilities.needs.tolist()
        self.importance = world.facilities.importance.tolist()
        self.orders = [0] * len(world.facilities.names)
        self.arriving_migrants = world.arriving_migrants()
        self.keep_habit = 0.5 ** (1.0 / s.taking_part.habit_half_life)
        self.risk_of_death = risks_of_death(s.moving.log_hazard, s.moving.hazard_slope)
        self.population_luck = Streams(*(self._population_stream(Purpose[name.upper()]) for name in Streams._fields))
        self.pair_luck = self._population_stream(Purpose.TIE)
        self.sociability_luck = self._population_stream(Purpose.SOCIABILITY)
        self.buildings = buildings_of(world, held)
        homes = world.households
        self.households = [
            Household(self, h, self.buildings[homes.building[h]], homes.size[h].item()) for h in range(homes.rows)
        ]
        people: list[Resident | None] = [None] * world.residents.rows
        for household in self.households:
            household.take_over(world, people)
        self._take_over_ties(world, people)

    def _take_over_ties(self, world: World, people: list[Resident | None]) -> None:
        for row, slot in zip(*np.nonzero(world.ties.other >= 0), strict=True):
            other = people[world.ties.other[row, slot]]
            tie = Tie(world.ties.strength[row, slot].item(), bool(world.ties.near[row, slot]))
            people[row].ties[other] = tie

    def _population_stream(self, purpose: Purpose) -> int:
        return int(stream(self.settings.population.seed, 0, purpose))

    def luck(self, purpose: Purpose) -> int:
        """Stream of this month's draws for one purpose."""
        return int(stream(self.luck_seed, self.month, purpose))

    def step(self) -> None:
        """Live through the next month."""
        self.month += 1
        for building in self.buildings:
            building.open_month(self.settings.partners_deliver.asked_per_opening)
        everybody = self.agents_by_type[Resident]
        households = self.agents_by_type[Household]
        scale = self.settings.talk
        seen_anyway = visibility(0.0, smallness(len(everybody), scale.small_numbers), scale.visibility_floor)
        everybody.do("live_with_services")
        everybody.do("be_visited", self.luck(Purpose.VISIT))
        everybody.do("talk", seen_anyway)
        everybody.do("ask_for_services", self.luck(Purpose.ORDER))
        if self.month % MEETING_EVERY == 0:
            everybody.do("come_to_meeting", self.luck(Purpose.MEETING))
        everybody.do("join_work", self.luck(Purpose.ASKED), self.luck(Purpose.COPRODUCE))
        everybody.do("conclude", self.luck(Purpose.ENCOUNTER), self.luck(Purpose.NOTICE))
        for building in self.buildings:
            building.count_payers()
        households.do("decide_to_pay", self.luck(Purpose.REVIEW), self.luck(Purpose.PAY))
        self.get_to_know()
        everybody.do("belong")
        self.come_and_go()
        if self.month % ELECTION_EVERY == 0:
            self.agents_by_type[Resident].do("elect", self.luck(Purpose.VOTE), self.luck(Purpose.STAND))

    def get_to_know(self) -> None:
        """Let those who acted together this month, and the members of each building, meet in rings."""
        partner, chance = self.luck(Purpose.PARTNER), self.luck(Purpose.ACQUAINT)
        for building in self.buildings:
            here = [adult for home in building.households for _, adult in sorted(home.adults.items())]
            worked = [adult for adult in here if adult.coproduced == self.month]
            met = [adult for adult in here if adult.deliberated == self.month]
            members = [adult for adult in here if adult.member]
            for group in (worked, met, members):
                if len(group) > 1:
                    further = 1 + int(uniform(partner, building.number) * (len(group) - 1))
                    for number, adult in enumerate(group):
                        self.meet(adult, group[(number + further) % len(group)], chance)

    def meet(self, a: Resident, b: Resident, chance: int) -> None:
        """Strengthen the tie of two people who act together, or let them make one."""
        t = self.settings.ties
        if b in a.ties:
            strength = joint_activity(a.ties[b].strength, t.joint_gain)
            a.ties[b].strength = b.ties[a].strength = strength
        elif uniform(chance, pair_key(a.key, b.key)) < acquaintance(len(a.ties), len(b.ties), t.crowding):
            self.tie(a, b, max(t.joint_gain, t.forgotten + 0.02), near=False)

    def tie(self, a: Resident, b: Resident, strength: float, *, near: bool) -> None:
        """Make a tie if both have room for it and none exists."""
        if a is not b and b not in a.ties and len(a.ties) < SLOTS and len(b.ties) < SLOTS:
            a.ties[b] = Tie(strength, near)
            b.ties[a] = Tie(strength, near)

    def come_and_go(self) -> None:
        """Let people die, move away, move in and join; newcomers get to know their neighbours."""
        households = self.agents_by_type[Household]
        households.do("decide_who_goes", self.luck(Purpose.LEAVE), self.luck(Purpose.DIE), self.luck(Purpose.JOIN))
        households.do("let_go")
        households.do("move_in")
        for home in self.households:
            if home.leaving:
                self.meet_neighbours(home, range(home.size))
        households.do("take_in")
        for home in self.households:
            if not home.leaving:
                self.meet_neighbours(home, home.joining)

    def meet_neighbours(self, home: Household, places: list[int] | range) -> None:
        """Tie newcomers to near neighbours: a draw for every pair within reach in the building."""
        if not places:
            return
        t = self.settings.ties
        base = t.neighbours / (2.0 * REACH * USUAL_ADULTS)
        most = max(t.homophily, 1.0 - t.homophily)
        near = self.households[max(home.number - REACH, 0) : home.number + REACH + 1]
        for place in places:
            newcomer = home.adults[place]
            mine = self.outgoing(newcomer)
            for neighbours in near:
                if neighbours is home or neighbours.building is not home.building:
                    continue
                like = t.homophily if neighbours.migrant == home.migrant else 1.0 - t.homophily
                for _, adult in sorted(neighbours.adults.items()):
                    chance = base * mine * self.outgoing(adult) * like / most
                    if uniform(self.pair_luck, pair_key(newcomer.key, adult.key)) < chance:
                        self.tie(newcomer, adult, t.newcomer_strength, near=True)

    def outgoing(self, person: Resident) -> float:
        """A person's sociability, mean about 1, never negative."""
        return clip(1.0 + self.settings.ties.sociability * bell(self.sociability_luck, person.key), 0.0, 3.0)


def buildings_of(world: World, held: HeldFixed) -> list[Building]:
    """Return the buildings of a world, and what is held fixed in each."""
    f = world.facilities
    lived = held.condition @ f.needs.T
    safe = held.condition[:, f.safety].mean(axis=1)
    upkept = held.condition @ f.upkeep_weights
    arrays = (held.condition, lived, safe, upkept, held.visits, held.openings, held.routine, held.seen)
    by_building = zip(*(array.tolist() for array in arrays), strict=True)
    return [Building(number, *row) for number, row in enumerate(by_building)]
