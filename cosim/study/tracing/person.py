"""Follow whoever lives in one row: what they lived with, asked, did and believed, and the terms of each decision."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.month.commons import Neighbours
from cosim.month.move import OLDEST, Belonging, drift, due_to_settle
from cosim.month.pay import Members, paying_share
from cosim.month.residents_order import Deciding
from cosim.month.residents_sign_off import responsibility
from cosim.month.review import FIRST_ELECTION
from cosim.study.tracing import terms
from cosim.study.tracing.order import verdict_on
from cosim.study.tracing.sentences import plain, sentence
from cosim.study.tracing.watching import Watcher, copied, named
from cosim.world.chance import Purpose
from cosim.world.columns import FIRM, GOVERNMENT, NEIGHBOURS, OWNED, PARTY, TARGETS
from cosim.world.facilities import COMPOUND
from cosim.world.orders import Order, Stage
from cosim.world.world import World

STATE = (
    "expectation", "satisfaction", "safety", "grievance", "handling", "efficacy", "belonging", "mobilisation", "habit",
    "norm", "informed", "embedded", "close_ties",
)  # fmt: skip
"""Columns of a person that a month's record holds as they are at its end."""


class PersonWatcher(Watcher):
    """Watches one row, whoever lives in it; records and events bear the person's `arrival` number."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row
        self.arrival = -1
        self.at_month_0: int | None = None
        self.here = False
        self.stays: dict[int, dict[str, Any]] = {}
        self._one = slice(row, row + 1)
        self._month: dict[str, Any] = {}
        self._causes: dict[str, np.ndarray] = {}

    # Whom and when

    def before_open_month(self, world: World, institutions: Institutions) -> None:
        """Note who lives here, and begin the month's record."""
        r = world.residents
        self.here = bool(r.present[self.row])
        if not self.here:
            return
        self.arrival = int(r.arrival[self.row])
        if world.month == 0:
            self.at_month_0 = self.arrival
        self.home = int(r.household[self.row])
        self.building = int(r.building[self.row])
        first, size = int(world.households.first[self.home]), int(world.households.size[self.home])
        self._family = slice(first, first + size)
        if self.arrival not in self.stays:
            self.stays[self.arrival] = {
                "from": int(r.arrived[self.row]), "until": None, "why": "", **self._who(world)
            }  # fmt: skip
            self._causes = {}
        self._month = {"month": world.month, "arrival": self.arrival, "asked": "", "did": []}

    def _who(self, world: World) -> dict[str, Any]:
        r = world.residents
        cooperator = ("conditional", "free rider", "hump-shaped")[int(r.cooperator[self.row])]
        return {
            "age": float(r.age[self.row]), "migrant": bool(r.migrant[self.row]), "member": bool(r.member[self.row]),
            "cooperator": cooperator, "building": int(r.building[self.row]), "household": int(r.household[self.row]),
            "threshold": float(r.threshold[self.row]),
        }  # fmt: skip

    def _note(self, world: World, kind: str, **numbers: Any) -> None:
        event = {"month": world.month, "arrival": self.arrival, "kind": kind, **numbers}
        self.events.append({**event, "text": sentence(event)})

    def _decides(
        self, world: World, kind: str, probability: float, draw: float, parts: dict[str, float], *, acted: bool,
        able: bool = True, **more: Any,
    ) -> None:  # fmt: skip
        self._note(
            world, kind, acted=acted, able=able, probability=float(probability), draw=draw, terms=parts, **more
        )
        if acted:
            self._month["did"].append(kind)

    def _key(self, world: World) -> int:
        return int(world.residents.key[self.row])

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
        return terms.likelihood(np.float32(intention), threshold, p.steepness, getattr(p, ceiling))

    def _keep_mind(self, world: World) -> None:
        self.mind = copied(Deciding, world.residents, self._one)

    def _keep_signals(self, world: World) -> None:
        self.own = world.circumstances.own[self.row].copy()

    def _find_signals(self, world: World, *causes: tuple[str, Iterable[int]]) -> None:
        """Note under their cause the signals that a phase has given."""
        given = world.circumstances.own[self.row] - self.own
        for cause, targets in causes:
            for k in targets:
                if given[k] != 0.0:
                    self._causes.setdefault(cause, np.zeros(5))[k] += float(given[k])

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
        self._complaint = float(short.max())

    def before_commons(self, world: World, institutions: Institutions) -> None:
        """Keep how the household conducts itself."""
        self._keep_signals(world)
        if self.here:
            self.family = copied(Neighbours, world.residents, self._family)
            self.kept_before = bool(world.households.keeps[self.home])
            self.keeping_seen = world.keeping[self.building]

    def after_commons(self, world: World, institutions: Institutions) -> None:
        """Note whether the household keeps shared space or encroaches on it, where it reconsidered."""
        if not self.here:
            return
        self._find_signals(world, ("sanctioned for encroaching", [PARTY]))
        c, p, homes = world.circumstances, world.constants["commons"], world.households
        key = int(homes.key[self.home])
        sanction, watch = np.float32(c.sanction), np.float32(c.watch)
        caught = sanction > 0.0 and not self.kept_before and world.draw(Purpose.CAUGHT, key) < watch
        if not caught and world.draw(Purpose.KEEP, key) >= p.review:
            return
        found = terms.keeping(
            self.family.present, self.family.cooperator, self.family.belonging, p,
            world.constants["taking_part"].conditional_slope, self.keeping_seen * np.float32(c.conduct_seen), watch,
            sanction, bool(homes.warned[self.home]), np.float32(c.reward),
        )  # fmt: skip
        if np.isnan(found).any():
            return
        draw = world.draw(Purpose.KEEP, terms.other_key(np.uint64(key), 1))
        self._decides(
            world, "keeping", found[-1], draw, named(terms.KEEPING, found), acted=bool(homes.keeps[self.home]),
            caught=bool(caught),
        )  # fmt: skip

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
            bar=float(world.constants["taking_part"].deliberate_threshold),
        )  # fmt: skip

    # Talk

    def before_talk(self, world: World, institutions: Institutions) -> None:
        """Keep ties and trust."""
        self.trust = world.residents.trust[self.row].copy()
        self.other, self.strength = world.ties.other[self.row].copy(), world.ties.strength[self.row].copy()

    def after_talk(self, world: World, institutions: Institutions) -> None:
        """Note what was heard."""
        if self.here:
            self.heard = terms.hearsay(
                world.residents.published, self.other, self.strength, self.trust, world.constants["trust"]
            )

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
            bar=float(p.order_threshold), order=case.number if case else None,
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
        self._find_signals(world, ("joint work", [NEIGHBOURS]), ("charged without consent", [PARTY]))
        for order in world.orders.open.values():
            asked_here = [what for month, what in order.history if month == world.month and what.startswith("owners")]
            if asked_here and order.place in (self.building, COMPOUND):
                name = plain(world.facilities.names[order.category])
                self._note(world, "owners", what=f"{asked_here[0]} to their share of {name}, order {order.number}")
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
            acted=self.row in c.worked, asked=float(asked), again=float(again), bar=float(p.coproduce_threshold),
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
                self._causes.setdefault("own orders", np.zeros(5))[:] += signal
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
            causes |= {"seen": float(found[0, k])} if found[0, k] else {}
            causes |= {"encounter": float(found[1, k])} if found[1, k] else {}
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

    # The household

    def before_disputes(self, world: World, institutions: Institutions) -> None:
        """Keep with whom the household is in dispute."""
        self._keep_signals(world)
        self.rival = int(world.households.rival[self.home]) if self.here else -1

    def after_disputes(self, world: World, institutions: Institutions) -> None:
        """Note disputes that broke out or were settled; they are felt next month."""
        if not self.here:
            return
        self._find_signals(world, ("dispute", [NEIGHBOURS]))
        rival = int(world.households.rival[self.home])
        if self.rival >= 0 and rival != self.rival:
            self._note(world, "dispute over", household=self.rival)
        if rival >= 0 and rival != self.rival:
            self._note(world, "dispute", household=rival)

    def before_pay(self, world: World, institutions: Institutions) -> None:
        """Keep what the household's decision reads."""
        if self.here:
            c = world.circumstances
            self.paid = bool(world.households.pays[self.home])
            self.members = copied(Members, world.residents, self._family)
            self.share = paying_share(world)[self.building]
            self.effort = np.float32(c.effort)
            self.served = (c.condition @ world.facilities.upkeep_weights)[self.building]

    def after_pay(self, world: World, institutions: Institutions) -> None:
        """Note whether the household pays the property fee, where it reviewed that."""
        if not self.here:
            return
        homes, p = world.households, world.constants["fee"]
        key = int(homes.key[self.home])
        if world.draw(Purpose.REVIEW, key) < p.review:
            found = terms.paying(
                self.members.present, self.members.cooperator, self.members.trust[:, FIRM].copy(),
                homes.fee[self.home], homes.taste[self.home], p, world.constants["taking_part"].conditional_slope,
                self.served, self.effort, np.float32(world.circumstances.fee_level), self.share,
            )  # fmt: skip
            if not np.isnan(found).any():
                self._decides(
                    world, "fee", found[-1], world.draw(Purpose.PAY, key), named(terms.FEE, found),
                    acted=bool(homes.pays[self.home]), paying_here=float(self.share), paid=self.paid,
                )  # fmt: skip
        self._month |= {"pays": bool(homes.pays[self.home]), "keeps": bool(homes.keeps[self.home])}
        self._month |= {name: getattr(world.residents, name)[self.row].item() for name in STATE}
        self._month |= {f"trust_{t}": float(world.residents.trust[self.row, k]) for k, t in enumerate(TARGETS)}

    # Staying or leaving

    def before_move(self, world: World, institutions: Institutions) -> None:
        """Work out the household's chance of leaving, and everybody's of dying."""
        self.moving: dict[str, Any] = {}
        self.household_before = int(world.households.arrival[self._home(world)])
        if not self.here:
            return
        r, homes, c, p = world.residents, world.households, world.circumstances, world.constants["moving"]
        belonging = copied(Belonging, r, self._family)
        lived = c.condition @ world.facilities.needs.T
        drift(belonging, world.constants["belonging"], lived, world.month)
        rows = range(self._family.start, self._family.stop)
        dies = {
            i: (terms.risk_of_death(r.age[i], OLDEST, p), world.draw(Purpose.DIE, int(r.key[i])))
            for i in rows
            if r.present[i]
        }
        alive = np.array([i in dies and dies[i][1] >= dies[i][0] for i in rows])
        settled = self.home in due_to_settle(world)[: c.places]
        found = terms.leaving(
            alive, r.satisfaction[self._family].copy(), belonging.belonging,
            bool(homes.migrant[self.home]) and not settled, p,
        )  # fmt: skip
        self.moving = {
            "terms": named(terms.LEAVING, found), "draw": world.draw(Purpose.LEAVE, int(homes.key[self.home])),
            "risk_of_death": dies[self.row][0], "draw_of_death": dies[self.row][1], "settled": settled,
        }  # fmt: skip

    def _home(self, world: World) -> int:
        return int(world.residents.household[self.row])

    def after_move(self, world: World, institutions: Institutions) -> None:
        """Note who left, and who moved in."""
        r = world.residents
        there = bool(r.present[self.row])
        stays = self.here and there and int(r.arrival[self.row]) == self.arrival
        if self.here:
            died = self.moving["draw_of_death"] < self.moving["risk_of_death"]
            likely = self.moving["terms"]["probability"]
            left = math.isnan(likely) or self.moving["draw"] < likely
            self._note(world, "moving", acted=left, died=died, stays=stays, **self.moving)
            if stays:
                self._month |= {name: getattr(r, name)[self.row].item() for name in STATE}
            else:
                why = "died" if died else "moved away with the household"
                self.stays[self.arrival] |= {"until": world.month, "why": why}
                self._note(world, "left", why=why)
        if there and not stays:
            came = int(world.households.arrival[self._home(world)]) != self.household_before
            why = "moved in with a new household" if came else "joined the household that lives here"
            self.arrival = int(r.arrival[self.row])
            self.stays[self.arrival] = {"from": world.month, "until": None, "why": "", **self._who(world)}
            self._causes = {}
            self._note(world, "arrived", why=why)
        self.here_after = stays

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
                bar=float(p.vote_threshold),
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
                acted=int(r.stood[self.row]) == world.month, seated=seated, bar=float(p.stand_threshold),
            )  # fmt: skip

    @staticmethod
    def held_election(world: World) -> bool:
        """Whether the committee is elected this month."""
        return (world.month - FIRST_ELECTION) % world.settings.committee.term == 0

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Close the month's record."""
        if self.here:
            self.rows.append({**self._month, "did": ", ".join(self._month["did"])})


def _decided(institutions: Institutions) -> dict[str, bool]:
    """Return what owners have decided, in words, and whether it holds."""
    body = institutions.owners
    return {
        "owners formed their committee": body.formed,
        "owners opened the maintenance fund": body.may_spend,
        "owners claimed the common income": body.collects,
        "owners hired the property firm": institutions.firm.hired,
    }


def _channel(world: World, institutions: Institutions) -> str:
    """Return the easiest channel off line: counter, hotline or desk."""
    s, cost = world.settings.residents_order, world.circumstances.channel_cost
    if "order desk" in institutions.committee.hours.uses and cost == s.desk_cost:
        return "desk"
    if "hotline" in institutions.government.hours.uses and cost == s.hotline_cost:
        return "hotline"
    return "counter"
