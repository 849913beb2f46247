"""Follow whoever lives in one row: who it is, from when to when, and why they come and go."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.language import told
from cosim.month.move import OLDEST, Belonging, drift
from cosim.month.residents_order import due_to_settle
from cosim.study.tracing import terms
from cosim.study.tracing.sentences import sentence
from cosim.study.tracing.watching import Watcher, copied, named
from cosim.world.chance import Purpose
from cosim.world.world import World

COOPERATORS = (told("conditional cooperator"), told("free rider"), told("hump-shaped cooperator"))
"""Kinds of cooperators, by number."""
STATE = (
    "expectation", "satisfaction", "safety", "grievance", "handling", "efficacy", "belonging", "mobilisation", "habit",
    "norm", "informed", "embedded", "close_ties",
)  # fmt: skip
"""Columns of a person that a month's record holds as they are at its end."""


class StayWatcher(Watcher):
    """Watches one row, whoever lives in it; records and events bear the person's `arrival` number.

    `stays` says for each arrival number who it was, from when to when, and why they left; `at_month_0` is the number of
    whoever lives here at the opening of month 0, or None.
    """

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
        cooperator = COOPERATORS[int(r.cooperator[self.row])]
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

    def _keep_signals(self, world: World) -> None:
        self.own = world.circumstances.own[self.row].copy()

    def _find_signals(self, world: World, *causes: tuple[str, Iterable[int]]) -> None:
        """Note under their cause the signals that a phase has given."""
        given = world.circumstances.own[self.row] - self.own
        for cause, targets in causes:
            for k in targets:
                if given[k] != 0.0:
                    self._causes.setdefault(cause, np.zeros(5))[k] += float(given[k])

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
                why = told("died") if died else told("moved away with the household")
                self.stays[self.arrival] |= {"until": world.month, "why": why}
                self._note(world, "left", why=why)
        if there and not stays:
            came = int(world.households.arrival[self._home(world)]) != self.household_before
            why = told("joined the household that lives here")
            if came:
                why = told("moved in with a new household")
            self.arrival = int(r.arrival[self.row])
            self.stays[self.arrival] = {"from": world.month, "until": None, "why": "", **self._who(world)}
            self._causes = {}
            self._note(world, "arrived", why=why)
        self.here_after = stays

    def end_month(self, world: World, institutions: Institutions) -> None:
        """Close the month's record."""
        if self.here:
            self.rows.append({**self._month, "did": ", ".join(self._month["did"])})
