"""A resident as an ordinary Mesa agent: attributes, ties to other agents, one method per phase."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import mesa

from benchmarks.held_fixed import ANSWER, OUTCOME, VERDICT
from benchmarks.keyed_draws import bell, bits, slice_of, sub_key, uniform
from benchmarks.plain_rules import plain
from cosim.month import live
from cosim.month.partners_deliver import JOINT_WORK_KEPT
from cosim.rules import belonging, experience, handling, numeric, taking_part, ties, trust
from cosim.rules import talk as hearing
from cosim.rules.taking_part import CONDITIONAL, FREE_RIDER, HUMP_SHAPED
from cosim.world import population
from cosim.world.columns import (
    CONTRIBUTED,
    GOVERNMENT,
    INFORMED,
    NEIGHBOURS,
    NEVER,
    PARTY,
    RESIDENT_COLUMNS,
)

if TYPE_CHECKING:
    from cosim.world.world import World

clip = plain(numeric.clip)
complaint = plain(experience.complaint)
satisfied_after = plain(experience.satisfaction)
expected_after = plain(experience.expectation)
mobilise = plain(taking_part.mobilise)
conditional_response = plain(taking_part.conditional_response)
attitude = plain(taking_part.attitude)
control = plain(taking_part.control)
intention = plain(taking_part.intention)
probability = plain(taking_part.probability)
fatigue = plain(taking_part.fatigue)
visibility = plain(hearing.visibility)
forgetting = plain(hearing.forgetting)
everyday = plain(ties.everyday)
believe = plain(trust.believe)
return_to_set_point = plain(trust.return_to_set_point)
fading = plain(handling.fading)
belonging_target = plain(belonging.target)
belonging_drift = plain(belonging.drift)

OLD, OLDEST = float(population.OLD), float(live.OLDEST)
"""Ages in years from which a person counts as old, and at which counting stops."""
ELSEWHERE = {"arrival", "present", "household", "building"}
"""Columns that are no attribute here, but follow from where the agent is."""


@dataclass(slots=True)
class Tie:
    """One end of a tie; the other resident keeps another of the same strength."""

    strength: float
    near: bool


class Home(Protocol):
    """What a resident knows of the own household."""

    building: Any
    migrant: bool
    children: bool
    pays: bool


class Resident(mesa.Agent):
    """An adult who has just come to live in a place of a household; attributes are cosim's columns."""

    def __init__(self, model: Any, home: Home, key: int, age: float) -> None:
        super().__init__(model)
        s, luck = model.settings, model.population_luck
        who = s.population
        self.home = home
        self.building = home.building
        self.ties: dict[Resident, Tie] = {}
        self.key = key
        self.migrant = home.migrant
        self.member = uniform(luck.member, key) < who.member_share
        u = uniform(luck.cooperator, key)
        self.cooperator = CONDITIONAL
        if u < who.free_riders:
            self.cooperator = FREE_RIDER
        elif u < who.free_riders + who.hump_shaped:
            self.cooperator = HUMP_SHAPED
        self.threshold = who.threshold_spread * bell(luck.threshold, key)
        self.hours = 2.0 * who.member_hours * uniform(luck.hours, key)
        self.arrived = model.month
        self.age = age
        self.profile = int(age >= OLD) + 2 * home.children + 4 * home.migrant
        usual = s.trust
        common = usual.common_spread * bell(luck.common, key)
        rest = max(usual.spread**2 - usual.common_spread**2, 0.0) ** 0.5
        means = (usual.neighbours, usual.government, usual.party, usual.firm, usual.partners)
        self.set_point = [
            clip(mean + common + rest * bell(luck.set_point, sub_key(key, k)), 0.05, 0.95)
            for k, mean in enumerate(means)
        ]
        self.trust = list(self.set_point)
        self.expectation = s.experience.newcomer
        self.satisfaction = self.safety = self.handling = 0.5
        self.efficacy = s.taking_part.efficacy
        self.belonging = s.belonging.newcomer
        self.grievance = self.mobilisation = self.habit = self.informed = 0.0
        self.norm = self.embedded = 0.0
        self.close_ties = 0
        self.ordered = self.deliberated = self.coproduced = NEVER
        self.voted = self.stood = self.signed_off = NEVER
        self.published = [0.0] * (CONTRIBUTED + 1)
        self.own_signals = [0.0] * 5
        self.answered = False

    def take_over(self, world: "World", row: int) -> None:
        """Become the person of a row of cosim's world."""
        for column in RESIDENT_COLUMNS:
            if column.name not in ELSEWHERE:
                setattr(self, column.name, getattr(world.residents, column.name)[row].tolist())
        del self.published[CONTRIBUTED + 1 :]

    def leave(self) -> None:
        """Leave the compound, and everybody known here."""
        for other in self.ties:
            del other.ties[self]
        self.ties.clear()
        self.remove()

    def live_with_services(self) -> None:
        """Update grievance, satisfaction, expectation and safety."""
        p, here = self.model.settings.experience, self.building
        expected, lived = self.expectation, here.lived[self.profile]
        importance = self.model.importance[self.profile]
        self.grievance = max(
            complaint(expected, condition, weight) for condition, weight in zip(here.condition, importance, strict=True)
        )
        self.satisfaction = satisfied_after(self.satisfaction, lived, expected, p.disconfirmation, p.pace)
        self.expectation = expected_after(expected, lived, p.aspiration, p.aspiration_ceiling, p.adaptation)
        self.safety += p.pace * (here.safe - self.safety)
        self.age = min(self.age + 1.0 / 12.0, OLDEST)
        if self.age >= OLD:
            self.profile |= 1

    def be_visited(self, chance: int) -> None:
        """Let mobilisation fade, and rise after a visit."""
        p = self.model.settings.taking_part
        self.mobilisation *= 1.0 - p.mobilisation_decay
        if self.building.visits > 0.0 and uniform(chance, self.key) < self.building.visits:
            self.mobilisation = mobilise(
                self.mobilisation, self.trust[PARTY], self.model.kept,
                p.mobilisation_floor, p.mobilisation_strength,
            )  # fmt: skip

    def talk(self, seen_anyway: float) -> None:
        """Hear from everybody one has a tie with; let ties fade."""
        settings = self.model.settings
        p, t, hearsay = settings.talk, settings.ties, settings.trust
        heard, total, close = [0.0] * (CONTRIBUTED + 1), 0.0, 0
        forgotten = []
        for other, tie in self.ties.items():
            s = tie.strength
            heard = [sum_so_far + s * said for sum_so_far, said in zip(heard, other.published, strict=True)]
            total += s
            close += s > t.near_isolate
            tie.strength = everyday(s, t.neighbour_base if tie.near else t.other_base, t.pace)
            if tie.strength < t.forgotten:
                forgotten.append(other)
        for other in forgotten:
            del self.ties[other]
        self.embedded, self.close_ties = total, close
        self.informed = forgetting(self.informed, min(p.passing_on * heard[INFORMED], 1.0), p.forgetting)
        if total <= 0.0:
            self.norm = 0.0
            return
        seen = max(visibility(self.informed, 0.0, p.visibility_floor), seen_anyway)
        self.norm = min(seen * heard[CONTRIBUTED] / total, 1.0)
        weight = self.trust[NEIGHBOURS] / total
        self.trust = [
            believe(level, weight * signal, hearsay.hearsay_gain, hearsay.hearsay_loss_ratio, hearsay.notice)
            for level, signal in zip(self.trust, heard, strict=False)
        ]

    def intends(self, target: int, cost: float) -> float:
        """Intention to act, less the personal threshold; the outcome depends on the `target` of trust."""
        model = self.model
        p = model.settings.taking_part
        if self.migrant:
            cost += model.settings.residents_order.migrant_cost
        response = conditional_response(self.cooperator, self.norm, p.conditional_slope)
        usual = conditional_response(self.cooperator, p.usual_share, p.conditional_slope)
        return (
            intention(
                attitude(0.5 * (self.trust[target] + model.kept), self.grievance),
                response - usual + self.mobilisation,
                control(self.efficacy, cost),
                p.w_attitude, p.w_norm, p.w_control,
            )
            - self.threshold
        )  # fmt: skip

    def ask_for_services(self, chance: int) -> None:
        """Decide whether to order, and what; here the answer comes within the month."""
        if self.grievance <= 0.0:
            return
        model = self.model
        p = model.settings.taking_part
        cost = model.channel_cost + p.fatigue * fatigue(model.month - self.ordered, p.fatigue_months)
        likely = probability(self.intends(GOVERNMENT, cost), p.order_threshold, p.steepness, p.order_ceiling)
        if uniform(chance, self.key) < likely:
            shortfalls = [
                complaint(self.expectation, condition, need)
                for condition, need in zip(self.building.condition, model.needs[self.profile], strict=True)
            ]
            model.orders[shortfalls.index(max(shortfalls))] += 1
            self.ordered = self.signed_off = model.month
            self.own_signals[GOVERNMENT] += ANSWER
            self.answered = True

    def come_to_meeting(self, chance: int) -> None:
        """Decide whether to come to the meeting."""
        p = self.model.settings.taking_part
        intends = self.intends(PARTY, self.model.settings.deliberate.meeting_cost) + p.habit * self.habit
        likely = probability(intends, p.deliberate_threshold, p.steepness, p.contribute_ceiling)
        if uniform(chance, self.key) < likely:
            self.deliberated = self.model.month
            self.habit += p.habit_gain * (1.0 - self.habit)
            self.informed = 1.0

    def join_work(self, asking: int, chance: int) -> None:
        """If asked, decide whether to join in work; here enough others always come."""
        if uniform(asking, self.key) >= self.building.asked:
            return
        settings, month = self.model.settings, self.model.month
        p = settings.taking_part
        cost = settings.partners_deliver.coproduce_cost
        cost += p.fatigue * fatigue(month - self.coproduced, p.fatigue_months)
        intends = self.intends(NEIGHBOURS, cost) + p.habit * self.habit
        likely = probability(intends, p.coproduce_threshold, p.steepness, p.contribute_ceiling)
        if uniform(chance, self.key) < likely:
            self.coproduced = month
            self.habit += p.habit_gain * (1.0 - self.habit)
            self.own_signals[NEIGHBOURS] += JOINT_WORK_KEPT

    def conclude(self, encounters: int, notices: int) -> None:
        """Update trust, handling and efficacy, and publish what others can see."""
        settings, here = self.model.settings, self.building
        p, h, part = settings.trust, settings.handling, settings.taking_part
        notices_it = uniform(notices, self.key) < self.model.noticed
        lots = bits(encounters, self.key)
        for k, signal in enumerate(self.own_signals):
            level = return_to_set_point(self.trust[k], self.set_point[k], p.pull)
            meets_them = slice_of(lots, k) < p.encounter
            if meets_them or notices_it or signal != 0.0:
                if notices_it:
                    signal += h.seen_weight * clip(here.seen[k], -1.0, 1.0)
                if meets_them:
                    luck = bell(encounters, sub_key(self.key, k))
                    signal += p.routine * here.routine[k] + p.encounter_spread * luck
                signal = clip(signal, -1.0, 1.0)
                level = believe(level, signal, p.gain, p.loss_ratio, p.notice)
            self.trust[k] = level
            self.published[k] = signal
        self.own_signals = [0.0] * 5
        self.handling = fading(self.handling, h.fading)
        self.efficacy += part.efficacy_pull * (part.efficacy - self.efficacy)
        if self.answered:
            self.handling += 0.5 * (VERDICT - self.handling)
            self.efficacy += part.efficacy_gain * (OUTCOME - self.efficacy)
            self.answered = False
        self.habit *= self.model.keep_habit
        self.published[INFORMED] = self.informed
        self.published[CONTRIBUTED] = float(self.model.month - max(self.deliberated, self.coproduced) < 12)

    def belong(self) -> None:
        """Let belonging drift to its target."""
        p, month = self.model.settings.belonging, self.model.month
        target = belonging_target(
            month - self.arrived, self.embedded, self.building.lived[self.profile],
            month - self.signed_off < 12, p.settling, p.w_time, p.w_ties, p.w_condition, p.w_orders,
        )  # fmt: skip
        self.belonging = belonging_drift(self.belonging, target, p.pace)

    def elect(self, votes: int, stands: int) -> None:
        """Decide whether to vote, and whether to stand."""
        committee, p = self.model.settings.committee, self.model.settings.taking_part
        intends = self.intends(PARTY, committee.vote_cost) + p.habit * self.habit
        if uniform(votes, self.key) < probability(intends, p.vote_threshold, p.steepness, p.vote_ceiling):
            self.voted = self.model.month
        intends -= p.w_control * (committee.stand_cost - committee.vote_cost)
        if uniform(stands, self.key) < probability(intends, p.stand_threshold, p.steepness, p.stand_ceiling):
            self.stood = self.model.month
