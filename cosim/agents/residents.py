"""Residents as Mesa agents: windows on one row of the columns, for as long as that person lives here."""

from typing import Any

from cosim.agents.member import Member
from cosim.world.columns import RESIDENT_COLUMNS, TARGETS

FIELDS = {column.name: column for column in RESIDENT_COLUMNS}


class HasLeft(LookupError):  # noqa: N818 (a sentence about the person)
    """Raised when a window is asked about somebody who no longer lives here."""


class Resident(Member):
    """One person: (row, arrival number). Every column is an attribute, read anew at each access.

    Trust by target is `trust_neighbours`, `trust_government`, `trust_party`, `trust_firm`, `trust_partners`.
    """

    def __init__(self, model: Any, row: int) -> None:
        self.row = row
        self.person = int(model.world.residents.arrival[row])
        super().__init__(model)

    def __getattr__(self, name: str) -> Any:
        """Look a column up."""
        if name.startswith("trust_") and name[6:] in TARGETS:
            return float(self._here().trust[self.row, TARGETS.index(name[6:])])
        if name not in FIELDS:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        value = getattr(self._here(), name)[self.row]
        return value.copy() if FIELDS[name].width > 1 else value.item()

    def _here(self) -> Any:
        people = self.model.world.residents
        if not people.present[self.row] or people.arrival[self.row] != self.person:
            raise HasLeft(f"the person of row {self.row}, arrival {self.person}, has left the compound")
        return people

    @property
    def neighbours(self) -> dict[int, float]:
        """Rows of those the person has a tie with, and the tie's strength."""
        self._here()
        ties = self.model.world.ties
        return {int(j): float(s) for j, s in zip(ties.other[self.row], ties.strength[self.row], strict=True) if j >= 0}


class LongTermResident(Resident):
    """Somebody who belongs to the compound's long-term households, and is no Party member."""


class Migrant(Resident):
    """Somebody of a migrant household, and no Party member."""


class PartyMember(Resident):
    """A Party member, whatever the origin."""


def resident_class(member: bool, migrant: bool) -> type[Resident]:
    """Return the class for a person: member first; origin stays a column."""
    if member:
        return PartyMember
    return Migrant if migrant else LongTermResident
