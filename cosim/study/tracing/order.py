"""Follow an order, or all orders for one service at one place: its stages, who acted and paid, and why it waits."""

from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from cosim.agents.institutions import Institution, Institutions
from cosim.language import told
from cosim.month.partners_deliver import Terms, project_cost
from cosim.month.party_takes import priority
from cosim.rules.handling import judgement
from cosim.scenario.errors import together
from cosim.scenario.inhabitants import name_of
from cosim.study.tracing.sentences import heard, two, word
from cosim.study.tracing.subject import Subject
from cosim.study.tracing.watching import Watcher
from cosim.world.facilities import COMPOUND
from cosim.world.orders import ENDED, Order, Stage
from cosim.world.world import World

HISTORY = (
    told("placed"), told("taken in the community"), told("taken at the office"), told("accepted"),
    told("delivered"), told("delivered, but it misses the need"), told("reopened"), told("owners consent"),
    told("owners do not consent"), told("signed off"), told("rejected"), told("lost"),
)  # fmt: skip
"""What the history of an order says, whoever did it."""
BY = {"begun by ": told("begun by {who}"), "given up by ": told("given up by {who}")}
"""What it says where it names who did it."""


@dataclass
class Shortage:
    """Why an order waits: words, and numbers by name, those needed and those left."""

    words: list[str] = field(default_factory=list)
    numbers: dict[str, float] = field(default_factory=dict)

    def add(self, words: str, **numbers: float) -> "Shortage":
        """Add one reason; returns itself."""
        self.words.append(words)
        self.numbers |= numbers
        return self

    def text(self) -> str:
        """Return all reasons in words."""
        return together(self.words) if self.words else ""


def place_name(place: int) -> str:
    """Return a place as a user writes it."""
    return "compound" if place == COMPOUND else str(place)


class OrderWatcher(Watcher):
    """Watches the orders that a subject names."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject
        self.latest = 0
        self._told: dict[int, int] = {}
        self._asked: dict[int, int] = {}
        self._progress: dict[int, int] = {}
        self._wait: dict[int, Shortage] = {}
        self._sites = 0

    def _mine(self, world: World, order: Order) -> bool:
        s = self.subject
        if s.number:
            return order.number == s.number
        return world.facilities.names[order.category] == s.category and order.place == s.place

    def _now(self, world: World) -> list[Order]:
        book = world.orders
        return [order for order in (*book.open.values(), *book.ended_now) if self._mine(world, order)]

    def before_party_takes(self, world: World, institutions: Institutions) -> None:
        """Forget last month's reasons."""
        self._wait = {}

    def after_party_takes(self, world: World, institutions: Institutions) -> None:
        """See what is left waiting to be taken."""
        for order in self._now(world):
            if order.stage is Stage.PLACED:
                self._wait[order.number] = _why_untaken(world, institutions, order)

    def before_partners_deliver(self, world: World, institutions: Institutions) -> None:
        """Keep progress, and what there is for groups' support."""
        self._progress = {order.number: order.progress for order in self._now(world)}
        self._sites = len(world.sites)
        self._balance = world.ledger.balance.get("government", 0.0)

    def after_partners_deliver(self, world: World, institutions: Institutions) -> None:
        """See what has not begun, and what stands still."""
        deliver = world.settings.partners_deliver
        left = self._balance - (world.per_thousand(deliver.site_money) if len(world.sites) > self._sites else 0.0)
        supported = deliver.group_support and left >= deliver.group_money * world.settings.population.residents / 12.0
        for order in self._now(world):
            if order.stage is Stage.ACCEPTED:
                self._wait[order.number] = _why_not_begun(world, institutions, order, bool(supported))
                continue
            still = order.stage is Stage.IN_WORK and self._progress.get(order.number) == order.progress
            if still and not begun_now(world, order):
                self._wait[order.number] = _why_stands_still(world, institutions, order)

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Record every order that stood or ended this month, and what happened to it."""
        self.latest = world.orders.next_number - 1
        for order in self._now(world):
            self._record(world, institutions, order)

    def _record(self, world: World, institutions: Institutions, order: Order) -> None:
        name = world.facilities.names[order.category]
        asked = len(order.asked)
        new = asked - self._asked.get(order.number, 0)
        self._asked[order.number] = asked
        wait = self._wait.get(order.number, Shortage())
        if order.stage is Stage.CLIMBING:
            words = told("climbs until month {month}", month=order.due)
            if order.agent:
                words = told("climbs until month {month}, followed by a case agent", month=order.due)
            wait.add(words, until=order.due)
        self.rows.append({
            "month": world.month, "order": order.number, "category": name, "place": place_name(order.place),
            "stage": order.stage.value, "age": world.month - order.placed, "asked": asked,
            "severity": order.severity, "priority": priority(world, order),
            "condition": world.facilities.condition_at(order.category, order.place), "progress": order.progress,
            "came": order.came, "openings": order.openings, "risk": order.risk, "breadth": order.breadth,
            "handler": order.handler, "partner": order.partner, "producers": ", ".join(order.producers),
            "cost": order.cost, "reopened": order.reopened, "fit": order.fit, "waits": wait.text(),
        })  # fmt: skip
        if new:
            rows = world.still_here(list(order.asked)[-new:]).tolist()
            who = _who_asks(world, rows, new)
            text = told("{who} (of {count} in all)", who=who, count=asked)
            self._note(world, order, "asked", text, people=new, rows=rows)
        for month, what in order.history[self._told.get(order.number, 0) :]:
            self._note(world, order, "stage", _told(world, order, what), month=month, stage=what)
        self._told[order.number] = len(order.history)
        if wait.words:
            self._note(world, order, "waits", wait.text(), **wait.numbers)
        if order.stage in ENDED:
            self._end(world, order)

    def _note(self, world: World, order: Order, kind: str, text: str, **numbers: Any) -> None:
        event = {"month": world.month, "order": order.number, "kind": kind, **numbers}
        self.events.append({**event, "text": told("order {order}: {what}", order=order.number, what=text)})

    def _end(self, world: World, order: Order) -> None:
        found = verdict_on(world, order)
        text = told(
            "verdict of those who asked {verdict}: outcome {outcome}, patience used {wait}, {heard}",
            verdict=two(found["verdict"]), outcome=two(found["outcome"]), wait=two(found["wait"]),
            heard=heard(order.replied, order.explained),
        )  # fmt: skip
        self._note(
            world, order, "verdict", text, **found, replied=order.replied, explained=order.explained,
            fit=order.fit, reopened=order.reopened, cost=order.cost, payers=dict(order.payers),
        )  # fmt: skip


def _who_asks(world: World, rows: list[int], people: int) -> str:
    """Say how many ask, and who if they have names; `rows` are those of them who still live here."""
    called = (name_of(world.settings, row, int(world.residents.arrival[row])) for row in rows)
    names = [name for name in called if name]
    others = people - len(names)
    if others:
        names.append(told("1 person") if others == 1 else told("{count} people", count=others))
    if people == 1:
        return told("{who} asks", who=together(names))
    return told("{who} ask", who=together(names))


def verdict_on(world: World, order: Order) -> dict[str, float]:
    """Return how those who asked judge an order that ended this month: outcome, patience used, verdict, in [0, 1]."""
    h = world.settings.handling
    outcome = order.fit if order.stage is Stage.SIGNED_OFF else 0.0
    wait = min((world.month - order.placed) / h.patience, 1.0)
    verdict = judgement.py_func(
        outcome, wait, float(order.replied), float(order.explained), h.w_outcome, h.w_wait, h.w_reply, h.w_explained
    )
    return {"outcome": outcome, "wait": wait, "verdict": verdict}


def begun_now(world: World, order: Order) -> bool:
    """Whether work on an order has begun this month."""
    month, what = order.history[-1]
    return month == world.month and what.startswith("begun")


def _told(world: World, order: Order, what: str) -> str:
    """Return a stage with the numbers that belong to it."""
    if what.startswith("begun"):
        shares = [told("{payer} {share}", payer=word(payer), share=two(share)) for payer, share in order.payers.items()]
        text = told(
            "{stage}: {cost:,.0f} yuan, paid by {payers}; arranged by {arranger}",
            stage=stage_of(what), cost=order.cost, payers=shares, arranger=word(order.arranger),
        )  # fmt: skip
        return told("{what}, openings for {count}", what=text, count=order.openings) if order.openings else text
    if what.startswith("taken"):
        severity, count = two(order.severity), len(order.asked)
        text = told("{stage}: severity {severity}, {count} asked", stage=stage_of(what), severity=severity, count=count)
        text = told("{what}, reply", what=text) if order.replied else text
        return told("{what}, case agent", what=text) if order.agent else text
    if what.startswith("delivered"):
        watched = told("overseen") if order.overseen else told("not overseen")
        if order.stood_still:
            watched = told("{what}, stood still for a time", what=watched)
        numbers = {"fit": two(order.fit), "breadth": two(order.breadth)}
        words = {"stage": stage_of(what), "watched": watched}
        return told("{stage}: {watched}, fit {fit}, known to meetings {breadth}", **words, **numbers)
    return stage_of(what)


def stage_of(what: str) -> str:
    """Return what the history of an order says, so that it can be said again."""
    for begins, words in BY.items():
        if what.startswith(begins):
            return told(words.template, who=together(map(told, what.removeprefix(begins).split(" and "))))
    return next((words for words in HISTORY if words == what), what)


def _why_untaken(world: World, institutions: Institutions, order: Order) -> Shortage:
    """Return whose hours are short for an order that nobody has taken."""
    take = world.settings.party_takes
    extra = take.hours_per_triage * take.triage + take.tailored_hours * take.tailored
    if take.delegation and order.place != COMPOUND:
        needed = take.hours_per_case * (1.0 - take.skill_gain * institutions.committee.skill) + extra
        left = [(body.account, body.hours.left) for body in (institutions.committee, institutions.party)]
    else:
        needed = take.office_hours_per_case + extra
        left = [("government", institutions.government.hours.left)]
    have = [told("{body} has {hours:.1f} h left", body=word(name), hours=hours) for name, hours in left]
    text = told("not taken: {hours:.1f} h needed, {have}", hours=needed, have=have)
    return Shortage().add(text, hours_needed=needed, **dict(left))


def _why_not_begun(world: World, institutions: Institutions, order: Order, supported: bool) -> Shortage:
    """Return what is short for an accepted order, as it stands when the month's projects are shared out."""
    if world.month < order.ready:
        return Shortage().add(told("talked over until month {month}", month=order.ready), until=order.ready)
    if order.accepted == world.month and order.history[-1][1].startswith("given up"):
        return Shortage().add(told("its partner has gone"))
    deliver, arrangement = world.settings.partners_deliver, world.arrangements[order.category]
    pool = "talent pool" in institutions.committee.hours.uses
    terms = Terms(
        0.0, deliver.volunteer_value * (deliver.pool_gain if pool else 1.0),
        deliver.group_grievance * (1.0 - deliver.group_gain if supported else 1.0),
    )  # fmt: skip
    cost = project_cost(world, order, arrangement, terms)
    short = Shortage()
    public = cost * arrangement.payers.get("government", 0.0)
    balance = world.ledger.balance.get("government", 0.0)
    if public > balance:
        words = told("public money: {needed:,.0f} yuan needed, {left:,.0f} left", needed=public, left=balance)
        short.add(words, money_needed=public, money_left=balance)
    if "partner" in arrangement.producers:
        share = cost * arrangement.payers.get("partner", 0.0)
        refused = refusals(world, institutions, order, share)
        bodies = institutions.candidates(world.partner_kinds[order.category], arrangement.award)
        if len(refused) == len(bodies):
            reasons = refused.values() or [told("none is left")]
            why = reduce(lambda one, other: told("{first}; {other}", first=one, other=other), reasons)
            short.add(told("a partner: {reasons}", reasons=why), share_of_partner=share)
    elif "government" in arrangement.producers:
        left = institutions.government.hours.left
        if left < deliver.hours_per_project:
            needed = deliver.hours_per_project
            words = told("the government's hours: {needed:.0f} needed, {left:.1f} left", needed=needed, left=left)
            short.add(words, hours_needed=needed, hours_left=left)
    else:
        people, r = world.people_at(order.place), world.residents
        shared = float((r.grievance[people] * r.embedded[people]).sum()) / max(people.size, 1)
        if shared < terms.group_grievance:
            needed = two(terms.group_grievance)
            words = told("residents' shared grievance: {shared} of {needed} needed", shared=two(shared), needed=needed)
            short.add(words, shared=shared, shared_needed=terms.group_grievance)
    if arrangement.payers.get("residents") and world.settings.owners.consent and not order.consented:
        words = told("owners' consent")
        if order.next_vote > world.month:
            words = told("owners' consent, asked again in month {month}", month=order.next_vote)
        short.add(words, next_vote=order.next_vote)
    if not short.words:
        return short.add(told("not begun: what it needs went to others first"))
    short.words[0] = told("not begun, short of {what}", what=short.words[0])
    return short


def refusals(world: World, institutions: Institutions, order: Order, share: float) -> dict[str, str]:
    """Return why each partner that may do an order does not join as things stand: account and reason."""
    crew = world.settings.partners_deliver.crew_hours
    arrangement = world.arrangements[order.category]
    found: dict[str, str] = {}
    for body in institutions.candidates(world.partner_kinds[order.category], arrangement.award):
        if body.hours.left < crew:
            found[body.account] = told(
                "{body} has {left:.1f} of {needed:.1f} h", body=word(body.account), left=body.hours.left, needed=crew
            )
        elif not body.joins(order, share):
            found[body.account] = _unwilling(world, body, share)
    return found


def _unwilling(world: World, body: Institution, share: float) -> str:
    balance = world.ledger.balance.get(body.account, 0.0)
    if not body.can_pay(share):
        return told(
            "{body} has {left:,.0f} of {needed:,.0f} yuan", body=word(body.account), left=balance, needed=share
        )
    return told("{body} would not earn its {share:,.0f} yuan back in time", body=word(body.account), share=share)


def _why_stands_still(world: World, institutions: Institutions, order: Order) -> Shortage:
    """Return whose hours are short for work in hand."""
    deliver = world.settings.partners_deliver
    arranging = institutions.government if order.arranger == "government" else institutions.committee
    if "government" in order.producers:
        crews, needed = institutions.government, deliver.hours_per_project
    else:
        crews, needed = (institutions.named(order.partner) if order.partner else arranging), deliver.crew_hours
    words = told(
        "work stands still: {arranger} has {left:.1f} h to coordinate, {doer} {hours:.1f} of {needed:.1f} h for crews",
        arranger=word(arranging.account), left=arranging.hours.left, doer=word(crews.account), hours=crews.hours.left,
        needed=needed,
    )  # fmt: skip
    return Shortage().add(words, to_coordinate=arranging.hours.left, for_crews=crews.hours.left, crews_needed=needed)
