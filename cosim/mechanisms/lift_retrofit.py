"""Lift retrofit: the owners of a stairwell decide whether to add a lift, and what upper floors owe the ground floor.

In walk-up blocks a lift is worth more the higher one lives, and costs the ground floor light, quiet and value. Owners
of the stairwell decide by the quorum and the special majority of the Civil Code (art. 278, in `voting`), each by what
the lift brings to it: what it is worth on its floor, less its part of the cost, which grows with the floor, more or
less compensation. Upper floors may compensate lower ones for part of their loss; that makes losers agree more often,
and those who pay for it less often. Who loses and is outvoted may fall out with a neighbour who gains.

Nothing measured was found on any of its sizes: all of them are assumed.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from cosim.agents.institutions import Institutions
from cosim.language import told
from cosim.mechanisms import Mechanism
from cosim.outcomes.measures import Measure
from cosim.rules.compiled import rule
from cosim.rules.numeric import logistic
from cosim.scenario.field import CHOICE, HOURS, Section, fact, hours, lever
from cosim.world.chance import draw
from cosim.world.columns import LET, NEIGHBOURS, NEVER, OWNED
from cosim.world.world import World

THROUGH = ("works", "at_home", "fall_out")
"""The circumstances by which a lift reaches residents; asking for it takes hours, and so whatever these are for."""


class LiftRetrofit(Section):
    """Lifts for walk-up stairwells, decided by the owners of each; the ground floor may be compensated."""

    offered: bool = lever(
        False, unit="yes or no", price="`proposal_hours` of the residents' committee for every stairwell that is asked",
        through=(*THROUGH, *HOURS), source=CHOICE, en="Lifts are offered to stairwells", zh="开展加装电梯",
    )  # fmt: skip
    subsidy: float = lever(
        0.0, ge=0.0, le=1.0, unit="share of the cost", price="itself: public money beside the projects' budget",
        through=THROUGH, source=CHOICE, en="Public share of the cost of a lift", zh="加梯财政补贴比例",
    )  # fmt: skip
    compensation: float = lever(
        0.0, ge=0.0, le=1.0, unit="share of the loss",
        price="itself: households that gain pay it beside their part of the cost, and agree less often",
        through=THROUGH, source=CHOICE, en="Compensation of floors that lose by floors that gain", zh="楼层补偿比例",
    )  # fmt: skip
    floors: int = fact(
        6, ge=2, le=9, unit="floors", source=CHOICE, mark="assumed", en="Floors of a stairwell", zh="楼层数",
    )  # fmt: skip
    homes: int = fact(
        12, ge=2, le=60, unit="dwellings", source=CHOICE, mark="assumed", en="Dwellings of a stairwell", zh="单元户数",
    )  # fmt: skip
    cost: float = fact(
        500_000.0, ge=0.0, le=1e8, unit="yuan", source=CHOICE, mark="assumed", en="Cost of a lift", zh="每部电梯费用",
    )  # fmt: skip
    running: float = fact(
        400.0, ge=0.0, le=1e5, unit="yuan a month", source=CHOICE, mark="assumed",
        en="Running cost of a lift, paid by its stairwell", zh="电梯运行费",
    )  # fmt: skip
    gain: float = fact(
        0.25, ge=0.0, le=1.0, unit="condition", source=CHOICE, mark="assumed",
        en="What a lift adds to the condition that the top floor lives with", zh="顶层收益",
    )  # fmt: skip
    loss: float = fact(
        0.05, ge=0.0, le=1.0, unit="condition", source=CHOICE, mark="assumed",
        en="What a lift takes from the condition that the ground floor lives with", zh="底层损失",
    )  # fmt: skip
    worth: float = fact(
        300_000.0, gt=0.0, le=1e8, unit="yuan per unit of condition", source=CHOICE, mark="assumed",
        en="What a household would give for good for a better condition", zh="支付意愿",
    )  # fmt: skip
    w_surplus: float = fact(
        6.0, ge=0.0, le=100.0, unit="logits per gain of the top floor", source=CHOICE, mark="assumed",
        en="Weight of what the lift brings to the household", zh="净收益权重",
    )  # fmt: skip
    quarrel: float = fact(
        0.5, ge=0.0, le=1.0, unit="probability", source=CHOICE, mark="assumed",
        en="An outvoted ground floor without compensation falls out with who gains", zh="被多数否决后结怨概率",
    )  # fmt: skip
    again: int = fact(
        12, ge=1, le=240, unit="months", source=CHOICE, mark="assumed",
        en="Months until a stairwell that refused is asked again", zh="再次征询间隔",
    )  # fmt: skip
    months: int = fact(
        4, ge=1, le=60, unit="months", source=CHOICE, mark="assumed", en="Duration of the works", zh="工期",
    )  # fmt: skip
    proposal_hours: float = hours(6.0, "per stairwell asked", "Time to ask the owners of a stairwell", "征询工时")


@rule
def gain_of(floor: float, top: float, gain: float, loss: float) -> float:
    """What a lift adds to the condition lived with on a floor from 0 to `top`: from -loss up to gain, evenly."""
    return (gain + loss) * floor / top - loss


@rule
def agreeing(surplus: float, most: float, trust: float, w_surplus: float, w_trust: float) -> float:
    """Probability that an owner agrees, of a surplus in yuan; `most` is the worth of the top floor's gain in yuan."""
    return logistic(w_surplus * surplus / most + w_trust * (trust - 0.5))


class Terms(NamedTuple):
    """What a lift would mean to each dwelling of a stairwell, float64[n]."""

    gain: np.ndarray
    """What it adds to the condition lived with."""
    cost: np.ndarray
    """Part of the cost, in yuan."""
    compensation: np.ndarray
    """What is received from other floors, in yuan; paid to them if negative."""
    surplus: np.ndarray
    """What is left of its worth, in yuan."""


def terms_of(floor: np.ndarray, said: LiftRetrofit) -> Terms:
    """Return the terms of dwellings on floors from 0, int64[n]; those that gain pay by floor."""
    gain = np.array([gain_of.py_func(f, said.floors - 1, said.gain, said.loss) for f in floor.tolist()])
    weight = floor / max(floor.sum(), 1)
    cost = (1.0 - said.subsidy) * said.cost * weight
    losses = said.compensation * said.worth * np.maximum(-gain, 0.0)
    compensation = losses - losses.sum() * weight
    return Terms(gain, cost, compensation, said.worth * gain - cost + compensation)


class Lifts(Mechanism):
    """The stairwells of a compound and their lifts.

    `first` is the first household of each stairwell and one more, int64[S + 1]; `floor` that of each household, from 0;
    `asked` and `begun` the month in which a stairwell was last asked, and in which works began, int64[S].
    """

    label = told("lift retrofit")
    section = LiftRetrofit
    after = "renovate"
    measures = (
        Measure("lifts", "share", "Stairwells with a lift", "已加装电梯单元比例", "stairwells with a lift that runs",
                "community"),
        Measure("lifts_refused", "votes", "Lifts refused", "加梯未通过数", "stairwells that refused a lift this month",
                "community", better=-1),
        Measure("lift_compensation", "yuan", "Compensation between floors", "楼层补偿金额",
                "what floors that gain from a lift paid to those that lose", "community", summary="per_resident_year",
                better=0),
    )  # fmt: skip

    def __init__(self, name: str, world: World) -> None:
        super().__init__(name, world)
        said = self.settings(world)
        first, floor = [0], []
        for start, end in pairwise(world.building_homes.tolist()):
            stairwells = max((end - start) // said.homes, 1)
            bounds = [start + (end - start) * n // stairwells for n in range(stairwells + 1)]
            first += bounds[1:]
            for low, high in pairwise(bounds):
                floor += [place * said.floors // (high - low) for place in range(high - low)]
        self.first, self.floor = np.array(first), np.array(floor)
        self.asked, self.begun = (np.full(len(first) - 1, NEVER) for _ in range(2))
        self.refused = 0
        self.compensated = 0.0

    def act(self, world: World, institutions: Institutions) -> None:
        """Ask stairwells, begin where they agreed, run and finish works."""
        said = self.settings(world)
        self.refused, self.compensated = 0, 0.0
        if said.offered:
            self._ask(world, institutions, said)
        for stairwell in np.nonzero(self.begun > NEVER)[0].tolist():
            month = world.month - self.begun[stairwell]
            if month < said.months:
                world.circumstances.works[world.households.building[self.first[stairwell]]] += 1.0
                continue
            if month == said.months:
                self._open(world, stairwell, said)
            world.ledger.charge("households", "residents", said.running)

    def _ask(self, world: World, institutions: Institutions, said: LiftRetrofit) -> None:
        """Let owners decide, in an order of luck, as far as the committee's hours go."""
        due = np.nonzero((self.begun == NEVER) & (world.month - self.asked >= said.again))[0].tolist()
        order = self.luck(world, "order")
        for stairwell in sorted(due, key=lambda number: draw(order, number)):
            if not institutions.committee.hours.spend(said.proposal_hours, "lifts"):
                return
            self.asked[stairwell] = world.month
            terms, against = self._vote(world, stairwell, said)
            if against is None:
                self.refused += 1
                continue
            self._begin(world, stairwell, terms, said)
            self._fall_out(world, stairwell, terms, against, said)

    def _vote(self, world: World, stairwell: int, said: LiftRetrofit) -> tuple[Terms, np.ndarray | None]:
        """Return the terms of a stairwell's dwellings, and which of them voted against; None if it does not pass."""
        homes, law = world.households, world.settings.voting
        here = np.arange(self.first[stairwell], self.first[stairwell + 1])
        terms = terms_of(self.floor[here], said)
        owned = (homes.tenure[here] == OWNED) | (homes.tenure[here] == LET)
        absent, stance = self.luck(world, "proxy"), self.luck(world, "consent")
        dwellings, keys = here.tolist(), homes.key[here].tolist()
        heard = (homes.tenure[here] == OWNED) | np.array([draw(absent, key) < law.by_proxy for key in keys])
        likely = [self._likely(world, *of, said) for of in zip(dwellings, terms.surplus.tolist(), strict=True)]
        agrees = np.array([draw(stance, key) < p for key, p in zip(keys, likely, strict=True)])
        for weights in (np.ones(here.size), homes.area[here].astype(np.float64)):
            entitled, voting = weights[owned].sum(), weights[owned & heard].sum()
            if voting == 0.0 or voting < law.quorum * entitled - 1e-9:
                return terms, None
            if weights[owned & heard & agrees].sum() < law.special * voting - 1e-9:
                return terms, None
        return terms, owned & heard & ~agrees

    def _likely(self, world: World, household: int, surplus: float, said: LiftRetrofit) -> float:
        """Return how likely a household agrees: never in a dispute; an absent owner has nobody here to trust."""
        homes, people = world.households, world.residents
        if homes.rival[household] >= 0:
            return 0.0
        rows = np.arange(homes.first[household], homes.first[household] + homes.size[household])
        here = rows[people.present[rows]]
        trust = float(people.trust[here[0], NEIGHBOURS]) if here.size and homes.tenure[household] == OWNED else 0.5
        most = said.worth * max(said.gain, 1e-9)
        return float(agreeing.py_func(surplus, most, trust, said.w_surplus, world.settings.voting.w_trust))

    def _fall_out(self, world: World, stairwell: int, terms: Terms, against: np.ndarray, said: LiftRetrofit) -> None:
        """Let who was outvoted and loses fall out with who gains most, one with one."""
        start = int(self.first[stairwell])
        left_over = np.maximum(-terms.surplus, 0.0) / (said.worth * max(said.loss, 1e-9))
        losers = np.nonzero(against & (terms.surplus < 0.0) & (terms.gain < 0.0))[0]
        winners = [place for place in np.argsort(-terms.surplus, kind="stable").tolist() if terms.surplus[place] > 0.0]
        luck = self.luck(world, "quarrel")
        likely = said.quarrel * np.minimum(left_over, 1.0)
        angry = [
            place for place in losers.tolist() if draw(luck, int(world.households.key[start + place])) < likely[place]
        ]
        pairs = [(start + one, start + other) for one, other in zip(angry, winners, strict=False)]
        if pairs:
            world.circumstances.fall_out = np.concatenate([world.circumstances.fall_out, np.array(pairs, np.int64)])

    def _begin(self, world: World, stairwell: int, terms: Terms, said: LiftRetrofit) -> None:
        """Pay for a lift and begin."""
        world.ledger.pay("outside", "lifts", said.subsidy * said.cost)
        world.ledger.charge("lifts", "government", said.subsidy * said.cost)
        world.ledger.charge("households", "residents", (1.0 - said.subsidy) * said.cost)
        self.compensated += float(np.maximum(terms.compensation, 0.0).sum())
        self.begun[stairwell] = world.month

    def _open(self, world: World, stairwell: int, said: LiftRetrofit) -> None:
        """Let the dwellings of a stairwell live with their lift from now on."""
        here = np.arange(self.first[stairwell], self.first[stairwell + 1])
        for household, gain in zip(here.tolist(), terms_of(self.floor[here], said).gain.tolist(), strict=True):
            first = world.households.first[household]
            world.circumstances.at_home[first : first + world.households.size[household]] += np.float32(gain)

    def observe(self, world: World) -> dict[str, float]:
        """Return the share of stairwells with a lift, refusals of this month, and compensation paid in it."""
        said: Any = self.settings(world)
        running = (self.begun > NEVER) & (world.month - self.begun >= said.months)
        return {
            "lifts": float(running.mean()),
            "lifts_refused": float(self.refused),
            "lift_compensation": self.compensated,
        }


MECHANISM = Lifts
