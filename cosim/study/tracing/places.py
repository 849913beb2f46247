"""Follow a building, month by month."""

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.language import told
from cosim.month.pay import paying_share
from cosim.study.tracing.order import stage_of
from cosim.study.tracing.sentences import word
from cosim.study.tracing.watching import Watcher
from cosim.world.chance import Purpose
from cosim.world.columns import TARGETS
from cosim.world.facilities import COMPOUND
from cosim.world.world import World


class BuildingWatcher(Watcher):
    """Watches one building: condition by category, households, works, openings and hands, orders, what people think."""

    def __init__(self, building: int) -> None:
        super().__init__()
        self.building = building

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Record the building as the month leaves it."""
        b, r, c, f = self.building, world.residents, world.circumstances, world.facilities
        people = world.people_at(b)
        standing = [o for o in world.orders.open.values() if o.place == b]
        came = int(np.count_nonzero(r.building[c.worked] == b))
        record = {
            "month": world.month, "adults": int(people.size), "paying": float(paying_share(world)[b]),
            "keeping": float(world.keeping[b]), "openings": float(c.openings[b]), "hands": came + float(world.hands[b]),
            "works": float(c.works[b]), "orders": len(standing), "visits": float(c.visits[b]),
            "meeting": int(np.count_nonzero(r.building[c.met] == b)), "renovated": bool(world.renovated[b]),
            "asked": int(np.count_nonzero(r.ordered[people] == world.month)),
            "satisfaction": _mean(r.satisfaction[people]), "grievance": _mean(r.grievance[people]),
            "belonging": _mean(r.belonging[people]),
        }  # fmt: skip
        record |= {f"trust_{t}": _mean(r.trust[people, k]) for k, t in enumerate(TARGETS)}
        record |= {f"condition_{name}": float(f.condition[b, k]) for k, name in enumerate(f.names)}
        self.rows.append(record)
        for order in (*standing, *(o for o in world.orders.ended_now if o.place in (b, COMPOUND))):
            for month, what in order.history:
                if month == world.month:
                    name = f.names[order.category]
                    self.events.append({
                        "month": month, "kind": "order", "order": order.number, "category": name, "stage": what,
                        "text": told(
                            "order {order}, {category}: {what}",
                            order=order.number, category=word(name), what=stage_of(what),
                        ),
                    })  # fmt: skip
        for shock in world.settings.shocks:
            if shock.month == world.month and shock.kind != "partner_quits":
                what = told("size {size}", size=shock.size)
                if shock.kind == "failure":
                    what = word(shock.category)
                drawn = world.draw(Purpose.FLOOD, b) if shock.kind == "flood" else None
                text = told("{shock}: {what}", shock=word(shock.kind), what=what)
                if drawn is not None:
                    text = told("{shock}, here {depth:.2f} of it", shock=text, depth=drawn)
                self.events.append({
                    "month": world.month, "kind": "shock", "shock": shock.kind, "size": shock.size, "depth": drawn,
                    "text": text,
                })  # fmt: skip


def _mean(values: np.ndarray) -> float:
    return float(values.mean(dtype=np.float64)) if values.size else float("nan")
