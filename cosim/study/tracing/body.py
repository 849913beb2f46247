"""Follow an institution, month by month: hours by use, money, standing, projects, what it joins and refuses."""

from typing import Any

from cosim.agents.institutions import Institutions, PropertyFirm
from cosim.language import told
from cosim.month.partners_deliver import Terms, project_cost
from cosim.study.tracing.order import begun_now, place_name, refusals
from cosim.study.tracing.watching import Watcher
from cosim.world.orders import Order, Stage
from cosim.world.world import World


class InstitutionWatcher(Watcher):
    """Watches one institution, named by its account."""

    def __init__(self, account: str) -> None:
        super().__init__()
        self.account = account
        self._gone = False

    def before_partners_deliver(self, world: World, institutions: Institutions) -> None:
        """Keep what was in work."""
        self._before = {o.number for o in world.orders.standing(Stage.IN_WORK)}

    def after_partners_deliver(self, world: World, institutions: Institutions) -> None:
        """Note which projects it takes up, and which it leaves."""
        for order in world.orders.standing(Stage.IN_WORK):
            if order.number not in self._before and begun_now(world, order) and self._does(order):
                text = told("takes up {case}: {cost:,.0f} yuan", case=self._case(world, order), cost=order.cost)
                self._note(world, order, "joins", text, cost=order.cost)
        deliver = world.settings.partners_deliver
        for order in world.orders.standing(Stage.ACCEPTED):
            arrangement = world.arrangements[order.category]
            if world.month < order.ready or "partner" not in arrangement.producers:
                continue
            value = deliver.volunteer_value
            if "talent pool" in institutions.committee.hours.uses:
                value *= deliver.pool_gain
            cost = project_cost(world, order, arrangement, Terms(0.0, value, 0.0))
            share = cost * arrangement.payers.get("partner", 0.0)
            reason = refusals(world, institutions, order, share).get(self.account)
            if reason:
                text = told("does not join {case}: {reason}", case=self._case(world, order), reason=reason)
                self._note(world, order, "refuses", text, share=share)

    def _does(self, order: Order) -> bool:
        return order.partner == self.account or (self.account == "government" and "government" in order.producers)

    @staticmethod
    def _case(world: World, order: Order) -> str:
        name = world.facilities.names[order.category]
        return told("order {number} ({case})", number=order.number, case=f"{name}@{place_name(order.place)}")

    def _note(self, world: World, order: Order, kind: str, text: str, **numbers: Any) -> None:
        event = {"month": world.month, "kind": kind, "order": order.number, **numbers}
        self.events.append({**event, "text": text})

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Record its hours, money and standing."""
        body = institutions.named(self.account)
        projects = [o for o in world.orders.standing(Stage.IN_WORK) if self._does(o)]
        record: dict[str, Any] = {
            "month": world.month, "hours": body.hours.available, "used": body.hours.used, "left": body.hours.left,
            "money": world.ledger.balance.get(self.account, 0.0), "standing": body.standing, "quality": body.quality,
            "projects": len(projects), "delivered": body.delivered, "gone": body.gone,
        }  # fmt: skip
        if isinstance(body, PropertyFirm):
            record |= {"effort": body.effort, "fees": world.fees, "absent": body.absent_for > 0, "hired": body.hired}
        if self.account == "owners":
            record |= {"fund": world.ledger.balance["fund"], "formed": institutions.owners.formed}
        record |= {f"hours_{use.replace(' ', '_')}": hours for use, hours in sorted(body.hours.uses.items())}
        self.rows.append(record)
        gone = body.gone or (isinstance(body, PropertyFirm) and body.absent_for > 0)
        if gone != self._gone:
            text = told("has left") if gone else told("is back: another firm begins")
            self.events.append({"month": world.month, "kind": "gone" if gone else "back", "text": text})
        self._gone = gone
