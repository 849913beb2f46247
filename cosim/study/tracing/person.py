"""Follow whoever lives in one row: what they lived with, asked, did and believed, and the terms of each decision."""

from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.language import told
from cosim.month.residents_order import Deciding
from cosim.month.residents_sign_off import responsibility
from cosim.month.review import FIRST_ELECTION
from cosim.study.tracing import terms
from cosim.study.tracing.household import HouseholdWatcher
from cosim.study.tracing.order import stage_of, verdict_on
from cosim.study.tracing.sentences import word
from cosim.study.tracing.watching import copied, named
from cosim.world.chance import Purpose
from cosim.world.columns import GOVERNMENT, NEIGHBOURS, OWNED, PARTY, TARGETS
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Order, Stage
from cosim.world.world import World


class PersonWatcher(HouseholdWatcher):
    """Watches one row: living with services, being led, talk, asking, meeting, working, concluding, voting."""

    # Living with services

    def before_live(self, world: World, institutions: Institutions) -> None:
        """Keep what was expected."""
        self.expected = world.residents.expectation[self.row]
        self.profile = int(world.residents.profile[self.row])

    def after_live(self, world: World, institutions: Institutions) -> None:
        """Note what was lived with, and which service falls short most."""
        if not self.here:
            return
        f, lived = world.facilities, world.circumstances.condition[self.building]
        short = terms.complaints(self.expected, lived, f.importance[self.profile])
        about = f.names[int(np.argmax(short))] if short.max() > 0.0 else ""
        mean = (world.circumstances.condition @ f.needs.T)[self.building, self.profile]
        self._month |= {"condition": float(mean), "grievance_about": about}

    def _weigh(
        self, world: World, target: int, cost: Any, *, habit: bool = True
    ) -> dict[str, float]:
        p = world.constants["taking_part"]
        weight = p.habit if habit else np.float32(0.0)
        kept = np.float32(world.circumstances.kept)
        found = named(terms.ACTION, terms.weigh(self.mind, p, target, kept, np.float32(cost), weight))
        weights = {name: float(getattr(p, name)) for name in ("w_attitude", "w_norm", "w_control")}
        return found | weights | {"trust": float(self.mind.trust[0, target]), "kept": float(kept)}

    def _likely(self, world: World, intention: Any, form: str, ceiling: str = "contribute_ceiling") -> float:
        p = world.constants["taking_part"]
        threshold = getattr(p, f"{form}_threshold")
        return terms.likelihood(self.mind, p, np.float32(intention), threshold, getattr(p, ceiling))

    def _against(self, world: World, form: str) -> dict[str, Any]:
        """Return what decides in a form of taking part: the bar for intention, or the own threshold of others' acts."""
        p = world.constants["taking_part"]
        bar = getattr(p, f"{form}_threshold")
        if world.settings.taking_part.form == "planned":
            return {"bar": float(bar)}
        own = terms.own_threshold(self.mind.threshold[0], bar, p)
        return {"bar": float(own), "others": float(self.mind.norm[0])}

    def _keep_mind(self, world: World) -> None:
        self.mind = copied(Deciding, world.residents, self._one)

    # Being led

    def before_party_leads(self, world: World, institutions: Institutions) -> None:
        """Keep the state of mind."""
        self._keep_mind(world)

    def after_party_leads(self, world: World, institutions: Institutions) -> None:
        """Note bench sessions and visits."""
        if not self.here:
            return
        c = world.circumstances
        if c.sessions[self.building]:
            self._gathers(world, "session", world.settings.party_leads.session_cost, Purpose.SESSION, c.sat)
        if c.visits[self.building] > 0.0:
            draw = world.draw(Purpose.VISIT, self._key(world))
            if draw < c.visits[self.building]:
                mobilised = float(world.residents.mobilisation[self.row])
                self._note(
                    world, "visited", before=float(self.mind.mobilisation[0]), mobilisation=mobilised,
                    attention=float(c.attention[self.building]), trust_party=float(self.mind.trust[0, PARTY]),
                    kept=c.kept, probability=float(c.visits[self.building]), draw=draw,
                )  # fmt: skip
                self._month["did"].append("visited")

    def _gathers(self, world: World, kind: str, cost: float, purpose: Purpose, came: np.ndarray) -> None:
        extra = np.float32(world.circumstances.migrant_cost) * np.float32(self.mind.migrant[0])
        parts = self._weigh(world, PARTY, np.float32(cost) + extra)
        likely = self._likely(world, parts["intention"], "deliberate")
        self._decides(
            world, kind, likely, world.draw(purpose, self._key(world)), parts, acted=self.row in came,
            **self._against(world, "deliberate"),
        )  # fmt: skip

    # Talk

    def before_talk(self, world: World, institutions: Institutions) -> None:
        """Keep ties and trust."""
        self.trust = world.residents.trust[self.row].copy()
        self.other, self.strength = world.ties.other[self.row].copy(), world.ties.strength[self.row].copy()
        self.levels = world.residents.trust[self.other]

    def after_talk(self, world: World, institutions: Institutions) -> None:
        """Note what was heard."""
        if not self.here:
            return
        p = world.constants["trust"]
        if world.settings.talk.form == "levels":
            self.heard = terms.opinions(
                self.levels, self.other, self.strength, self.trust, world.residents.set_point[self.row],
                world.constants["talk"].stubbornness, p.hearsay_gain,
            )  # fmt: skip
        else:
            self.heard = terms.hearsay(world.residents.published, self.other, self.strength, self.trust, p)

    # Ordering

    def before_residents_order(self, world: World, institutions: Institutions) -> None:
        """Keep the state of mind."""
        self._keep_mind(world)
        self.last_order = int(world.residents.ordered[self.row])

    def after_residents_order(self, world: World, institutions: Institutions) -> None:
        """Note whether the person asked for a service, for which and by which channel."""
        if not self.here:
            return
        c, r, p, s = world.circumstances, world.residents, world.constants["taking_part"], world.settings
        off_line, on_line, again = terms.cost_of_acting(
            bool(self.mind.migrant[0]), np.float32(world.month - self.last_order), r.age[self.row],
            np.float32(c.channel_cost), np.float32(c.digital_cost), np.float32(s.residents_order.age_divide),
            np.float32(c.migrant_cost), p,
        )  # fmt: skip
        parts = self._weigh(world, GOVERNMENT, min(off_line, on_line) + again, habit=False)
        likely = self._likely(world, parts["intention"], "order", "order_ceiling")
        able = bool(self.mind.grievance[0] > 0.0)
        acted = int(r.ordered[self.row]) == world.month
        needs = world.facilities.needs[int(r.profile[self.row])]
        short = terms.complaints(r.expectation[self.row], c.condition[self.building], needs)
        about = int(np.argmax(short))
        channel = "online" if on_line < off_line else _channel(world, institutions)
        case = world.orders.at.get((about, world.facilities.place(about, self.building))) if acted else None
        name = world.facilities.names[about]
        self._decides(
            world, "order", likely, world.draw(Purpose.ORDER, self._key(world)), parts, acted=acted, able=able,
            category=name if able else "", channel=channel, again=float(again),
            **self._against(world, "order"), order=case.number if case else None,
        )  # fmt: skip
        self._month["asked"] = name if acted else ""
        self._month["probability_to_ask"] = likely if able else 0.0

    # Meetings and joint work

    def before_deliberate(self, world: World, institutions: Institutions) -> None:
        """Keep the state of mind."""
        self._keep_mind(world)

    def after_deliberate(self, world: World, institutions: Institutions) -> None:
        """Note meetings, and what was read of decisions."""
        if not self.here:
            return
        c = world.circumstances
        if c.meeting:
            self._gathers(world, "meeting", world.settings.deliberate.meeting_cost, Purpose.MEETING, c.met)
        if c.told > 0.0 and (draw := world.draw(Purpose.TOLD, self._key(world))) < c.told:
            self._note(world, "told", probability=c.told, draw=draw)

    def before_partners_deliver(self, world: World, institutions: Institutions) -> None:
        """Keep the state of mind."""
        self._keep_mind(world)
        self._keep_signals(world)
        self.last_work = int(world.residents.coproduced[self.row])

    def after_partners_deliver(self, world: World, institutions: Institutions) -> None:
        """Note whether the person was asked to join in work, and came."""
        if not self.here:
            return
        self._find_signals(world, (told("joint work"), [NEIGHBOURS]), (told("charged without consent"), [PARTY]))
        for order in world.orders.open.values():
            asked_here = [what for month, what in order.history if month == world.month and what.startswith("owners")]
            if asked_here and order.place in (self.building, COMPOUND):
                self._note(
                    world, "owners", what=told(
                        "{owners} to their share of {category}, order {order}",
                        owners=stage_of(asked_here[0]), category=word(world.facilities.names[order.category]),
                        order=order.number,
                    ),
                    order=order.number, category=world.facilities.names[order.category], agreed=order.consented,
                )  # fmt: skip
        c, p, b, deliver = (
            world.circumstances, world.constants["taking_part"], self.building, world.settings.partners_deliver
        )  # fmt: skip
        asked = min(c.openings[b] * c.asking[b] / max(int(world.adults[b]), 1), 1.0)
        if world.draw(Purpose.ASKED, self._key(world)) >= asked:
            return
        off_line, _, again = terms.cost_of_acting(
            bool(self.mind.migrant[0]), np.float32(world.month - self.last_work), np.float32(0.0),
            np.float32(deliver.coproduce_cost), np.float32(0.0), np.float32(0.0), np.float32(c.migrant_cost), p,
        )  # fmt: skip
        parts = self._weigh(world, NEIGHBOURS, off_line + again)
        likely = self._likely(world, parts["intention"], "coproduce")
        self._decides(
            world, "joint work", likely, world.draw(Purpose.COPRODUCE, self._key(world)), parts,
            acted=self.row in c.worked, asked=float(asked), again=float(again), **self._against(world, "coproduce"),
        )  # fmt: skip

    # Conclusions

    def before_residents_sign_off(self, world: World, institutions: Institutions) -> None:
        """Keep trust and the signals so far."""
        self._keep_signals(world)
        self.trust_after_talk = world.residents.trust[self.row].copy()
        if self.here:
            self.number = int(world.people_in(np.array([self.row]))[0])

    def after_residents_sign_off(self, world: World, institutions: Institutions) -> None:
        """Note the verdicts on the person's own orders, and what moved trust."""
        if not self.here:
            return
        own = self.own.copy()
        for order in world.orders.ended_now:
            if self.number in order.asked:
                signal = self._verdict(world, order)
                self._causes.setdefault(told("own orders"), np.zeros(5))[:] += signal
                own = (own + signal).astype(np.float32)
        c, r = world.circumstances, world.residents
        found = terms.concluded(
            own, self.trust_after_talk, r.set_point[self.row], c.seen[self.building], c.routine[self.building],
            r.key[self.row], c.noticed, world.constants["trust"], world.constants["handling"],
            world.stream(Purpose.ENCOUNTER), world.stream(Purpose.NOTICE),
        )  # fmt: skip
        moved = {}
        for k, target in enumerate(TARGETS):
            causes = {cause: float(signal[k]) for cause, signal in self._causes.items() if signal[k]}
            causes |= {told("seen"): float(found[0, k])} if found[0, k] else {}
            causes |= {told("encounter"): float(found[1, k])} if found[1, k] else {}
            moved[target] = {
                "before": float(self.trust[k]), "heard": float(self.heard[0, k]),
                "after_hearsay": float(self.heard[1, k]), "signals": causes, "signal": float(found[2, k]),
                "set_point": float(r.set_point[self.row, k]), "returned": float(found[3, k]),
                "after": float(found[4, k]),
            }  # fmt: skip
        self._causes = {}
        self._note(world, "trust", targets=moved)

    def _verdict(self, world: World, order: Order) -> np.ndarray:
        """Note the verdict on an own order; return the signals that it gives, float64[5]."""
        h, found = world.settings.handling, verdict_on(world, order)
        handler, doers = responsibility(order, h.handler_share)
        p = world.constants["handling"]
        condition = world.facilities.condition_at(order.category, order.place)
        expected = float(world.residents.expectation[self.row])
        short = float(p.result_gain) * (condition - expected - float(p.result_margin))
        result = min(max(short, -1.0), 1.0) if order.stage is Stage.SIGNED_OFF else -float(p.failure)
        self._note(
            world, "verdict", order=order.number, category=world.facilities.names[order.category],
            stage=order.stage.value, months=world.month - order.placed, replied=order.replied,
            explained=order.explained, condition=condition, expected=expected, result=result, **found,
        )  # fmt: skip
        return (2.0 * found["verdict"] - 1.0) * handler + result * doers

    # Elections

    def before_review(self, world: World, institutions: Institutions) -> None:
        """Keep the state of mind, and what owners have decided so far."""
        self._keep_mind(world)
        self.decided = _decided(institutions)

    def after_review(self, world: World, institutions: Institutions) -> None:
        """Note whether the person voted and stood, and what owners decided."""
        if not self.here_after:
            return
        r, p, committee = world.residents, world.constants["taking_part"], world.settings.committee
        owns = int(world.households.tenure[self.home]) == OWNED
        for what, now in _decided(institutions).items():
            if owns and now and not self.decided[what]:
                self._note(world, "owners", what=what)
        if self.held_election(world):
            vote_cost, stand_cost = np.float32(committee.vote_cost), np.float32(committee.stand_cost)
            extra = np.float32(world.circumstances.migrant_cost) * np.float32(self.mind.migrant[0])
            parts = self._weigh(world, PARTY, vote_cost + extra)
            intention = np.float32(parts["intention"])
            self._decides(
                world, "vote", self._likely(world, intention, "vote", "vote_ceiling"),
                world.draw(Purpose.VOTE, self._key(world)), parts, acted=int(r.voted[self.row]) == world.month,
                **self._against(world, "vote"),
            )  # fmt: skip
            intention = np.float32(intention - p.w_control * (stand_cost - vote_cost))
            seated = (self.row, self.arrival) in institutions.committee.seated
            self._decides(
                world, "stand", self._likely(world, intention, "stand", "stand_ceiling"),
                world.draw(Purpose.STAND, self._key(world)),
                parts | {
                    "cost": float(stand_cost + extra), "intention": float(intention),
                    "control": parts["efficacy"] - float(stand_cost + extra),
                },
                acted=int(r.stood[self.row]) == world.month, seated=seated, **self._against(world, "stand"),
            )  # fmt: skip

    @staticmethod
    def held_election(world: World) -> bool:
        """Whether the committee is elected this month."""
        return bool((world.month - FIRST_ELECTION) % world.settings.committee.term == 0)


def _decided(institutions: Institutions) -> dict[str, bool]:
    """Return what owners have decided, in words, and whether it holds."""
    body = institutions.owners
    return {
        told("owners formed their committee"): body.formed,
        told("owners opened the maintenance fund"): body.may_spend,
        told("owners claimed the common income"): body.collects,
        told("owners hired the property firm"): institutions.firm.hired,
    }


def _channel(world: World, institutions: Institutions) -> str:
    """Return the easiest channel off line: counter, hotline or desk."""
    s, cost = world.settings.residents_order, world.circumstances.channel_cost
    if "order desk" in institutions.committee.hours.uses and cost == s.desk_cost:
        return "desk"
    if "hotline" in institutions.government.hours.uses and cost == s.hotline_cost:
        return "hotline"
    return "counter"
