"""Money and working time: every yuan moves from one account to another, every hour comes from a finite pool."""

from dataclasses import dataclass, field

import numpy as np

PAYERS = ("government", "partners", "residents")
"""Who pays for services, in the order of `work`."""


class Ledger:
    """Balances in yuan. `outside` is the world beyond the compound, so that all balances sum to zero."""

    def __init__(self, categories: int) -> None:
        self.balance: dict[str, float] = {"outside": 0.0}
        self.work = np.zeros((len(PAYERS), categories))
        self.overhead = dict.fromkeys(PAYERS, 0.0)

    def open_month(self) -> None:
        """Begin to count the month's spending."""
        self.work[:] = 0.0
        self.overhead = dict.fromkeys(PAYERS, 0.0)

    def pay(self, payer: str, payee: str, amount: float) -> None:
        """Move money between two accounts."""
        if amount < 0:
            raise ValueError(f"{payer} cannot pay {amount} yuan to {payee}")
        self.balance[payer] = self.balance.get(payer, 0.0) - amount
        self.balance[payee] = self.balance.get(payee, 0.0) + amount

    def pay_for_work(self, payer: str, kind: str, category: int, amount: float) -> None:
        """Spend money of `payer`, of one kind of `PAYERS`, on work for a category."""
        self.pay(payer, "outside", amount)
        self.work[PAYERS.index(kind), category] += amount

    def spend(self, payer: str, kind: str, amount: float) -> bool:
        """Spend money of `payer`, of one kind of `PAYERS`, on what is no category's work; return whether it had it."""
        if not self.has(payer, amount):
            return False
        self.charge(payer, kind, amount)
        return True

    def charge(self, payer: str, kind: str, amount: float) -> None:
        """Let `payer`, of one kind of `PAYERS`, pay for what is no category's work."""
        self.pay(payer, "outside", amount)
        self.overhead[kind] += amount

    def transfer(self, payer: str, receiver: str, amount: float) -> bool:
        """Pass money between two kinds of `PAYERS`, a cost of one and a gain of the other; return whether it was there.

        Payers of work have accounts of the same name; residents' is `households`.
        """
        if not self.has(payer, amount):
            return False
        self.pay(payer, "households" if receiver == "residents" else receiver, amount)
        self.overhead[payer] += amount
        self.overhead[receiver] -= amount
        return True

    def has(self, payer: str, amount: float) -> bool:
        """Whether an account holds an amount."""
        return self.balance.get(payer, 0.0) >= amount

    def faults(self) -> list[str]:
        """Return a line if money has been made or lost, or an institution's account is overdrawn."""
        found = []
        scale = sum(abs(amount) for amount in self.balance.values()) + 1.0
        if abs(sum(self.balance.values())) > 1e-9 * scale:
            found.append(f"money: balances sum to {sum(self.balance.values()):.6f} yuan")
        finite = {name: b for name, b in self.balance.items() if name not in ("outside", "households")}
        return found + [f"money: {name} is overdrawn" for name, b in finite.items() if b < -1e-6 * scale]


@dataclass
class Hours:
    """One body's working hours this month."""

    available: float = 0.0
    used: float = 0.0
    uses: dict[str, float] = field(default_factory=dict)

    def open_month(self, available: float) -> None:
        """Begin a month with a number of hours; what was left of the last one is gone."""
        self.available = max(available, 0.0)
        self.used = 0.0
        self.uses.clear()

    @property
    def left(self) -> float:
        """Hours not yet used."""
        return self.available - self.used

    def spend(self, hours: float, what: str) -> bool:
        """Use hours if that many are left; return whether they were."""
        if hours > self.left + 1e-9:
            return False
        self.used += hours
        self.uses[what] = self.uses.get(what, 0.0) + hours
        return True
