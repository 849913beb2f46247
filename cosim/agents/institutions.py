"""Institutions: ordinary Mesa agents with money, working hours and a memory of how their work went."""

from typing import Any

import numpy as np

from cosim.agents.member import Member
from cosim.world.accounts import Hours
from cosim.world.columns import FIRM, GOVERNMENT, NEIGHBOURS, PARTNERS, PARTY
from cosim.world.orders import Order
from cosim.world.world import World

MEMORY = 0.1
"""Weight of the latest order in an institution's standing."""


class Institution(Member):
    """A body that acts on services.

    `account` names it in the ledger, `target` says whose trust is at stake, `standing` in [0, 1] is a running
    share of its orders that went well (0.5: nothing known), `quality` in [0, 1] one of how well its work was done;
    `gone` says that it has left for good, and
    `delivered` counts the projects it has finished.
    """

    target = GOVERNMENT
    kind = ""

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model)
        self.account = account
        self.hours = Hours()
        self.standing = self.quality = 0.5
        self.gone = False
        self.delivered = 0

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
    """Subdistrict office and city departments: one pool of hours, so that more of one task is less of another.

    `awarded` is what the annual evaluation makes of next year's budget, as a factor.
    """

    kind = "government"

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model, account)
        self.awarded = 1.0

    def open_month(self) -> None:
        """Begin the month with its staff, less what it no longer pushes down to the residents' committee."""
        s, world = self.world.settings, self.world
        kept = max(s.party_takes.administrative_load - s.party_takes.load_cap, 0.0)
        own = world.per_thousand(s.government.staff_hours + s.government.hired_hours)
        self.hours.open_month(own - kept * world.per_thousand(s.committee.staff_hours))

    def yearly_budget(self) -> float:
        """Public money for projects in a year, in yuan: what the district can pay, and transfers from above."""
        means = self.world.settings.government
        share = means.fiscal_capacity + means.transfers * (1.0 - means.fiscal_capacity)
        return means.budget * share * self.awarded * self.world.settings.population.residents


ALLIANCES = {"party": "public_unit", "charity": "social_organisation", "self_governance": "residents"}
"""The three alliances, and the side whose joint projects build each."""


class PartyOrganisation(Institution):
    """The community's Party branch, with the building groups of its members.

    `alliances` are stocks in [0, 1]: built by joint projects, fading without them. `asks_first` says whether the
    contact routine is kept this month.
    """

    target = PARTY
    kind = "party"

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model, account)
        self.alliances = dict.fromkeys(ALLIANCES, 0.0)
        self.kept_alliances: list[str] = []
        self.asks_first = False

    def open_month(self) -> None:
        """Begin the month with the branch's working time and that of assigned cadres; keep alliances and contacts."""
        lead, deliver, world = self.world.settings.party_leads, self.world.settings.partners_deliver, self.world
        self.hours.open_month(world.per_thousand(lead.staff_hours + 0.5 * lead.cadres * lead.cadre_hours))
        self.asks_first = lead.contact_routine and self.hours.spend(world.per_thousand(lead.contact_hours), "contacts")
        self.kept_alliances = [
            name
            for name in ALLIANCES
            if getattr(deliver, f"{name}_alliance")
            and self.hours.spend(world.per_thousand(deliver.alliance_hours), "alliances")
        ]
        for name in ALLIANCES:
            self.alliances[name] *= 1.0 - deliver.alliance_fading

    def work_jointly(self, side: str) -> None:
        """Let a joint project with one side build its alliance, if that is kept."""
        for name in self.kept_alliances:
            if ALLIANCES[name] == side:
                gain = self.world.settings.partners_deliver.alliance_gain
                self.alliances[name] += gain * (1.0 - self.alliances[name])

    def brings(self, side: str) -> float:
        """Return the factor by which an alliance raises what its side brings, 1 without one."""
        stock = sum(self.alliances[name] for name, of in ALLIANCES.items() if of == side)
        return 1.0 + self.world.settings.partners_deliver.alliance_means * stock


class ResidentsCommittee(Institution):
    """The residents' committee: paid staff, elected members, and the tasks that are pushed down to it.

    `skill` in [0, 1] grows by training and saves time; it fades.
    """

    target = PARTY
    kind = "committee"

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model, account)
        self.seated: list[tuple[int, int]] = []
        self.skill = 0.0

    def open_month(self) -> None:
        """Begin the month with what administrative load leaves of its staff, and the time of those elected."""
        s, world = self.world.settings, self.world
        load = min(s.party_takes.administrative_load, s.party_takes.load_cap)
        staff = world.per_thousand(s.committee.staff_hours) * (1.0 - load)
        staff += world.per_thousand(0.5 * s.party_leads.cadres * s.party_leads.cadre_hours)
        r = world.residents
        self.seated = [(row, came) for row, came in self.seated if r.present[row] and r.arrival[row] == came]
        self.hours.open_month(staff + len(self.seated) * s.committee.seat_hours)
        take = s.party_takes
        trained = take.training if self.hours.spend(world.per_thousand(take.training), "training") else 0.0
        self.skill += (1.0 - self.skill) * (1.0 - (1.0 - take.skill_pace) ** trained) - take.skill_decay * self.skill


class OwnersCommittee(Institution):
    """The owners' committee, once owners have voted for it and somebody stood.

    `formed` says whether it exists, `at_work` whether it has its hours this month; `may_spend` whether owners have
    opened the maintenance fund for the year, `collects` whether they have claimed the common income.
    """

    target = NEIGHBOURS
    kind = "owners"

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model, account)
        self.formed = self.at_work = self.may_spend = self.collects = False
        self.seated: list[tuple[int, int]] = []

    def open_month(self) -> None:
        """Begin the month with the time of its seats, if it is helped and its chair has time."""
        s, world, r = self.world.settings, self.world, self.world.residents
        self.seated = [(row, came) for row, came in self.seated if r.present[row] and r.arrival[row] == came]
        self.formed = self.formed and s.owners.committee and bool(self.seated)
        self.hours.open_month(len(self.seated) * s.committee.seat_hours if self.formed else 0.0)
        helped = self.formed and self.model.institutions.committee.hours.spend(
            world.per_thousand(s.owners.committee_hours), "owners' committee"
        )
        self.at_work = helped and (not s.owners.chaired_by_member or self._chair_has_time(s.owners.chair_hours))

    def _chair_has_time(self, hours: float) -> bool:
        """Whether its chair, the first member among those seated, has hours to spare; they are used then.

        Without a member it is dissolved, and formed anew at the next review if one stands.
        """
        at = [k for row, _ in self.seated for k in np.nonzero(self.world.members == row)[0].tolist()]
        self.formed = bool(at)
        if not at or self.world.spare[at[0]] < hours:
            return False
        self.world.spare[at[0]] -= hours
        self.world.member_hours += hours
        return True

    def receive_budget(self) -> None:
        """Get nothing: the maintenance fund is the owners', and is kept apart."""


class PropertyFirm(Institution):
    """The property firm: fee income decides effort, down to a minimum; a year of loss ends in exit.

    `rated`: residents rate it this month; `hired`: owners hired it and can dismiss it; `rota` in [0, 1]: how far the
    duty rota is served. The strictest of these decides how much of its income is slack.
    """

    target = FIRM
    kind = "property_firm"

    def __init__(self, model: Any, account: str) -> None:
        super().__init__(model, account)
        self.effort = model.world.settings.property_firm.minimum_effort
        self.loss_months = 0
        self.absent_for = 0
        self.rated = self.hired = False
        self.rota = 0.0

    def open_month(self) -> None:
        """Begin the month with crews in proportion to its effort."""
        self.hours.open_month(self.world.per_thousand(self.world.settings.property_firm.crew_hours) * self.effort)

    def receive_budget(self) -> None:
        """Get nothing: a firm lives on fees, and keeps what it has."""

    @property
    def slack(self) -> float:
        """Share of income that it does not turn into work."""
        firm = self.world.settings.property_firm
        judges = [firm.slack + (firm.slack_rota - firm.slack) * self.rota]
        judges += [firm.slack_rated] * self.rated + [firm.slack_hired] * self.hired
        return float(min(firm.slack, *judges))

    def manage(self, income: float, area: float) -> None:
        """Turn a month's `income` in yuan into effort; `area` is that of all dwellings, in square metres."""
        firm, ledger = self.world.settings.property_firm, self.world.ledger
        full = area * firm.full_cost
        if self.absent_for:
            self._stay_away(income, full)
            return
        slack = self.slack
        wanted = min(max(income * (1.0 - slack) / full, firm.minimum_effort), 1.0)
        self.effort += firm.pace * (wanted - self.effort)
        spent = self.effort * full
        profit = max(min(income * slack, income - spent), 0.0)
        ledger.pay(self.account, "outside", min(spent + profit, max(ledger.balance.get(self.account, 0.0), 0.0)))
        self.loss_months = self.loss_months + 1 if income < spent else 0
        if self.loss_months >= firm.loss_months and not self.can_pay(firm.minimum_effort * full):
            self.absent_for, self.effort, self.loss_months = 1, 0.0, 0
            self.hired = False

    def _stay_away(self, income: float, full: float) -> None:
        """Leave the compound without a firm until income can carry the least effort."""
        firm = self.world.settings.property_firm
        self.absent_for += 1
        if self.absent_for > firm.vacancy and income >= firm.minimum_effort * full:
            self.take_over(hired=False)

    def take_over(self, *, hired: bool) -> None:
        """Let another firm begin, appointed by the subdistrict or hired by owners, with the least effort."""
        self.absent_for, self.effort = 0, self.world.settings.property_firm.minimum_effort
        self.standing, self.quality, self.delivered = 0.5, 0.5, 0
        self.loss_months, self.hired = 0, hired


class Partner(Institution):
    """A partner outside the chain of command: it joins a project when that suits it."""

    target = PARTNERS

    def quit(self) -> None:
        """Leave for good, with what money is left."""
        self.gone = True
        self.hours.open_month(0.0)
        ledger = self.world.ledger
        ledger.pay(self.account, "outside", max(ledger.balance.get(self.account, 0.0), 0.0))

    def means(self) -> Any:
        """Its section of the scenario."""
        return getattr(self.world.settings.partners, self.kind)

    def open_month(self) -> None:
        """Begin the month with its own staff, and what its alliance with the Party branch brings."""
        hours = 0.0 if self.gone else self.world.per_thousand(self.means().staff_hours)
        self.hours.open_month(hours * self.model.institutions.party.brings(self.kind))

    def yearly_budget(self) -> float:
        """Its own money for this compound in a year, in yuan."""
        means = self.means()
        money = 0.0 if self.gone else means.money * self.world.settings.population.residents / max(means.number, 1)
        return money * self.model.institutions.party.brings(self.kind)


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
        self.owners = OwnersCommittee(model, "owners")
        self.firm = PropertyFirm(model, "property_firm")
        self.partners: list[Partner] = []
        for kind in (SocialOrganisation, Enterprise, PublicUnit):
            number = getattr(model.world.settings.partners, kind.kind).number
            self.partners += [kind(model, f"{kind.kind}_{n + 1}") for n in range(number)]
        self._by_account = {body.account: body for body in self.all()}

    def all(self) -> list[Institution]:
        """Return every institution, in order."""
        return [self.government, self.party, self.committee, self.owners, self.firm, *self.partners]

    def candidates(self, kinds: tuple[str, ...], award: str) -> list[Institution]:
        """Return the institutions of some kinds that can act as a partner, in the order of the award.

        A contract goes by standing; open entry to whoever has most time; an assignment by turn of the list.
        """
        found = [body for body in [self.firm, *self.partners] if body.kind in kinds and not body.gone]
        if award == "assign":
            return found
        return sorted(found, key=lambda body: -(body.hours.left if award == "open_entry" else body.standing))

    def named(self, account: str) -> Institution:
        """Return the institution with an account."""
        return self._by_account[account]
