"""Institutions: ordinary Mesa agents with money, working hours and a memory of how their work went."""

from typing import Any

from cosim.agents.member import Member
from cosim.world.accounts import Hours
from cosim.world.columns import FIRM, GOVERNMENT, PARTNERS, PARTY
from cosim.world.orders import Order
from cosim.world.world import World

MEMORY = 0.1
"""Weight of the latest order in an institution's standing."""


class Institution(Member):
    """A body that acts on services.

    `account` names it in the ledger, `target` says whose trust is at stake, `standing` in [0, 1] is a running
    share of its orders that went well (0.5: nothing known).
    """

    target = GOVERNMENT
    kind = ""

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model)
        self.account = account
        self.hours = Hours()
        self.standing = 0.5

    @property
    def world(self) -> World:
        """The compound that the institution acts in."""
        return self.model.world

    def remember(self, success: float) -> None:
        """Add the result of an order, in [0, 1], to its standing."""
        self.standing += MEMORY * (success - self.standing)

    def joins(self, order: Order, share: float) -> bool:
        """Whether it takes part in a project that costs it `share` yuan of its own."""
        return self.can_pay(share)

    def can_pay(self, amount: float) -> bool:
        """Whether its own money covers an amount in yuan."""
        return self.world.ledger.has(self.account, amount)

    def receive_budget(self) -> None:
        """Get a month's part of the year's money; each twelfth month what is left of it lapses."""
        ledger = self.world.ledger
        if self.world.month % 12 == 0:
            ledger.pay(self.account, "outside", max(ledger.balance.get(self.account, 0.0), 0.0))
        ledger.pay("outside", self.account, self.yearly_budget() / 12.0)

    def yearly_budget(self) -> float:
        """Money of its own for a year, in yuan."""
        return 0.0


class Government(Institution):
    """Subdistrict office and city departments: one pool of hours, so that more of one task is less of another."""

    kind = "government"

    def open_month(self) -> None:
        """Begin the month with its staff, less what it no longer pushes down to the residents' committee."""
        s, world = self.world.settings, self.world
        kept = max(s.party_takes.administrative_load - s.party_takes.load_cap, 0.0)
        own = world.per_thousand(s.government.staff_hours)
        self.hours.open_month(own - kept * world.per_thousand(s.committee.staff_hours))

    def yearly_budget(self) -> float:
        """Public money for projects in a year, in yuan."""
        return self.world.settings.government.budget * self.world.settings.population.residents


class PartyOrganisation(Institution):
    """The community's Party branch, with the building groups of its members."""

    target = PARTY
    kind = "party"

    def open_month(self) -> None:
        """Begin the month with the branch's working time."""
        self.hours.open_month(self.world.per_thousand(self.world.settings.party_leads.staff_hours))


class ResidentsCommittee(Institution):
    """The residents' committee: paid staff, elected members, and the tasks that are pushed down to it."""

    target = PARTY
    kind = "committee"

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model, account)
        self.seated: list[tuple[int, int]] = []

    def open_month(self) -> None:
        """Begin the month with what administrative load leaves of its staff, and the time of those elected."""
        s, world = self.world.settings, self.world
        load = min(s.party_takes.administrative_load, s.party_takes.load_cap)
        staff = world.per_thousand(s.committee.staff_hours) * (1.0 - load)
        r = world.residents
        self.seated = [(row, came) for row, came in self.seated if r.present[row] and r.arrival[row] == came]
        self.hours.open_month(staff + len(self.seated) * s.committee.seat_hours)


class PropertyFirm(Institution):
    """The property firm: fee income decides effort, down to a minimum; a year of loss ends in exit."""

    target = FIRM
    kind = "property_firm"

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model, account)
        self.effort = model.world.settings.property_firm.minimum_effort
        self.loss_months = 0
        self.absent_for = 0
        self.rated = False

    def open_month(self) -> None:
        """Begin the month with crews in proportion to its effort."""
        self.hours.open_month(self.world.per_thousand(self.world.settings.property_firm.crew_hours) * self.effort)

    def receive_budget(self) -> None:
        """Get nothing: a firm lives on fees, and keeps what it has."""

    def manage(self, income: float, area: float) -> None:
        """Turn a month's fee `income` in yuan into effort; `area` is that of all dwellings, in square metres."""
        firm, ledger = self.world.settings.property_firm, self.world.ledger
        full = area * firm.full_cost
        if self.absent_for:
            self._stay_away(income, full)
            return
        slack = firm.slack_rated if self.rated else firm.slack
        wanted = min(max(income * (1.0 - slack) / full, firm.minimum_effort), 1.0)
        self.effort += firm.pace * (wanted - self.effort)
        spent = self.effort * full
        profit = max(min(income * slack, income - spent), 0.0)
        ledger.pay(self.account, "outside", min(spent + profit, max(ledger.balance.get(self.account, 0.0), 0.0)))
        self.loss_months = self.loss_months + 1 if income < spent else 0
        if self.loss_months >= firm.loss_months and not self.can_pay(firm.minimum_effort * full):
            self.absent_for, self.effort, self.loss_months = 1, 0.0, 0

    def _stay_away(self, income: float, full: float) -> None:
        """Leave the compound without a firm until income can carry the least effort."""
        firm = self.world.settings.property_firm
        self.absent_for += 1
        if self.absent_for > firm.vacancy and income >= firm.minimum_effort * full:
            self.absent_for, self.effort, self.standing = 0, firm.minimum_effort, 0.5


class Partner(Institution):
    """A partner outside the chain of command: it joins a project when that suits it."""

    target = PARTNERS

    def means(self) -> Any:
        """Its section of the scenario."""
        return getattr(self.world.settings.partners, self.kind)

    def open_month(self) -> None:
        """Begin the month with its own staff."""
        self.hours.open_month(self.world.per_thousand(self.means().staff_hours))

    def yearly_budget(self) -> float:
        """Its own money for this compound in a year, in yuan."""
        means = self.means()
        return means.money * self.world.settings.population.residents / max(means.number, 1)


class SocialOrganisation(Partner):
    """A social organisation joins as far as its own money goes."""

    kind = "social_organisation"


class Enterprise(Partner):
    """An enterprise joins if users' margin returns its own share in time; a paid contract always does."""

    kind = "enterprise"

    def joins(self, order: Order, share: float) -> bool:
        """Whether expected return covers its share."""
        world = self.world
        users = world.people_at(order.place).size if share else 0
        earned = users * world.categories[order.category].margin * world.settings.partners_deliver.return_months
        return self.can_pay(share) and earned >= share


class PublicUnit(Partner):
    """A public institution or utility: it joins by obligation, within its year's money for it."""

    kind = "public_unit"


class Institutions:
    """All institutions of a community, in the order in which they act."""

    def __init__(self, model: Any) -> None:
        self.government = Government(model, "government")
        self.party = PartyOrganisation(model, "party")
        self.committee = ResidentsCommittee(model, "committee")
        self.firm = PropertyFirm(model, "property_firm")
        self.partners: list[Partner] = []
        for kind in (SocialOrganisation, Enterprise, PublicUnit):
            number = getattr(model.world.settings.partners, kind.kind).number
            self.partners += [kind(model, f"{kind.kind}_{n + 1}") for n in range(number)]

    def all(self) -> list[Institution]:
        """Return every institution, in order."""
        return [self.government, self.party, self.committee, self.firm, *self.partners]

    def candidates(self, kinds: tuple[str, ...]) -> list[Institution]:
        """Return the institutions of some kinds that can act as a partner, best standing first."""
        found = [body for body in [self.firm, *self.partners] if body.kind in kinds]
        return sorted(found, key=lambda body: -body.standing)

    def named(self, account: str) -> Institution:
        """Return the institution with an account."""
        return next(body for body in self.all() if body.account == account)
