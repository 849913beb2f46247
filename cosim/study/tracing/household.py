"""Follow the household of whoever lives in one row: shared space, disputes, the property fee."""

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.language import told
from cosim.month.commons import Neighbours
from cosim.month.pay import Members, paying_share
from cosim.study.tracing import terms
from cosim.study.tracing.stay import STATE, StayWatcher
from cosim.study.tracing.watching import copied, named
from cosim.world.chance import Purpose
from cosim.world.columns import FIRM, NEIGHBOURS, PARTY, TARGETS
from cosim.world.world import World


class HouseholdWatcher(StayWatcher):
    """Watches one row, and what its household decides."""

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
        self._find_signals(world, (told("sanctioned for encroaching"), [PARTY]))
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
        draw = world.draw(Purpose.KEEP, int(terms.other_key(np.uint64(key), 1)))
        self._decides(
            world, "keeping", found[-1], draw, named(terms.KEEPING, found), acted=bool(homes.keeps[self.home]),
            caught=bool(caught),
        )  # fmt: skip

    def before_disputes(self, world: World, institutions: Institutions) -> None:
        """Keep with whom the household is in dispute."""
        self._keep_signals(world)
        self.rival = int(world.households.rival[self.home]) if self.here else -1

    def after_disputes(self, world: World, institutions: Institutions) -> None:
        """Note disputes that broke out or were settled; they are felt next month."""
        if not self.here:
            return
        self._find_signals(world, (told("dispute"), [NEIGHBOURS]))
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
