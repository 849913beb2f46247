"""A community of one's own: real people, read from CSV files and checked; what the files leave out is drawn.

`[population] from = "residents.csv"` names a file with a row for each adult; `households_from` and `ties_from` may
name a row for each household and for each tie. An empty cell is not known.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cosim.language import told
from cosim.scenario.errors import Refusal, did_you_mean
from cosim.scenario.reading import POPULATION_FILES
from cosim.scenario.sheets import FORMS, NAME, OF_HOUSEHOLD, OF_PERSON, Sheet, Value

MOST_RESIDENTS, MOST_HOUSEHOLDS, MOST_BUILDINGS = 10_000_000, 4_000_000, 30_000
"""Bounds of a population."""
MOST_ADULTS = 12
"""Adults in one household at most."""
MOST_TIES = 16
"""Ties of one person at most."""
SHOWN = 20
"""Faults that are shown; the others are counted."""
COUNTED = ("households", "residents", "buildings")
"""Keys of `[population]` that are counted from the files."""


@dataclass(frozen=True)
class OwnCommunity:
    """A community as its files give it: buildings, households and residents in the order of their rows.

    A building's households stand together, and a household's residents, each in the order of the files.
    """

    files: tuple[str, ...]
    """Names of the files, without their folders."""
    persons: tuple[str, ...]
    households: tuple[str, ...]
    buildings: tuple[str, ...]
    household_of: tuple[int, ...]
    """Row of every resident's household."""
    building_of: tuple[int, ...]
    """Number of every household's building."""
    of_residents: Mapping[str, tuple[Value, ...]]
    """What is known of residents: a column of `OF_PERSON`, and a value for every one."""
    of_households: Mapping[str, tuple[Value, ...]]
    """What is known of households: a column of `OF_HOUSEHOLD`, and a value for every one."""
    ties: tuple[tuple[int, int, float | None], ...] | None
    """Rows of both persons and the tie's strength, each tie once; None if no file gives them."""


class Reading(NamedTuple):
    """What came of reading the files: a community and the digest of what they say, or what is wrong with them."""

    community: OwnCommunity | None
    digest: str
    faults: tuple[Refusal, ...]


def read_community(paths: Sequence[str]) -> Reading:
    """Read the files of residents, households and ties ("": none), unless they are as when they were read last.

    Faults carry the file, line and column; a file that is not there is a fault of the key that names it.
    """
    full = [path and os.path.abspath(path) for path in paths]
    return _read(tuple((path, _stamp(path)) for path in full))


def changed(digest: str, found: str) -> tuple[Refusal, ...]:
    """Refuse files that no longer say what they said when the digest was taken."""
    if digest == found:
        return ()
    hint = told("put the files back, or delete `digest` to take them as they are now")
    return (Refusal("digest", told("the files have changed since: they are now {digest}", digest=found), hint=hint),)


def _stamp(path: str) -> tuple[int, int] | None:
    """Return what tells a file from the same one after a change: when it was written, and its size."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=8)
def _read(stamped: tuple[tuple[str, tuple[int, int] | None], ...]) -> Reading:
    """Read and check the files."""
    faults: list[Refusal] = []
    sheets: list[Sheet | None] = []
    digest = hashlib.sha256()
    for key, (path, _), form in zip(POPULATION_FILES, stamped, FORMS, strict=True):
        if not path:
            sheets.append(None)
            continue
        sheet = Sheet(path, key, form)
        digest.update(f"{form.row_for}\0{sheet.text}\0".encode())
        faults += sheet.faults
        sheets.append(sheet)
    community = None
    if all(sheet is None or sheet.whole for sheet in sheets):
        residents, households, ties = sheets
        assert residents is not None
        assembly = Assembly(residents, households, ties)
        community = assembly.community
        faults += assembly.faults
    order = list(dict.fromkeys(fault.file for fault in faults))
    faults.sort(key=lambda fault: (order.index(fault.file), fault.line or 0))
    if len(faults) > SHOWN:
        more = told("and {count} more faults in these files", count=len(faults) - SHOWN)
        faults[SHOWN:] = [Refusal("", more, file="…")]
    return Reading(None if faults else community, digest.hexdigest()[:32], tuple(faults))


class Assembly:
    """The files put together: a community, or what does not fit."""

    def __init__(self, residents: Sheet, households: Sheet | None, ties: Sheet | None) -> None:
        self.residents, self.households, self.ties = residents, households, ties
        self.faults: list[Refusal] = []
        self.community: OwnCommunity | None = None
        self._check_ids(residents, "person", MOST_RESIDENTS)
        if households is not None:
            self._check_ids(households, "household", MOST_HOUSEHOLDS)
        homes = self._homes()
        buildings = self._of_household("building")
        origins = self._of_household("origin")
        self._check_buildings(homes, buildings)
        self._check_months_lived()
        known_ties = self._known_ties()
        if not self.faults:
            self.community = self._put_together(list(homes), buildings, origins, known_ties)

    def _refuse(
        self, sheet: Sheet, line: int, column: str, message: str, allowed: str = "", hint: str = ""
    ) -> None:
        self.faults.append(Refusal(column, message, allowed, hint, file=sheet.file, line=line))

    def _near(self, given: str, names: Sequence[str]) -> str:
        """Ask for the name that was meant, as long as faults are shown: looking for it takes time."""
        return did_you_mean(given, names) if len(self.faults) < SHOWN else ""

    def _check_ids(self, sheet: Sheet, column: str, most: int) -> None:
        """Refuse what is listed twice, and more rows than a population may have."""
        first: dict[Value, int] = {}
        for line, row in sheet.rows:
            if row[column] in first:
                message = told("'{name}' stands in line {line} already", name=row[column], line=first[row[column]])
                self._refuse(sheet, line, column, message, told("each once"))
            first.setdefault(row[column], line)
        if len(first) > most:
            message = told("there are {count:_} rows", count=len(first))
            self._refuse(sheet, sheet.rows[most][0], column, message, told("at most {most:_}", most=most))

    def _homes(self) -> dict[Value, int]:
        """Return the households and the line that first names each; refuse those that nobody lives in, or too many."""
        lived_in: dict[Value, list[int]] = {}
        for line, row in self.residents.rows:
            lived_in.setdefault(row["household"], []).append(line)
        for household, lines in lived_in.items():
            if len(lines) > MOST_ADULTS:
                message = told("household '{household}' has {count} adults", household=household, count=len(lines))
                allowed = told("at most {most:_}", most=MOST_ADULTS)
                self._refuse(self.residents, lines[MOST_ADULTS], "household", message, allowed)
        if self.households is None:
            return {household: lines[0] for household, lines in lived_in.items()}
        listed = {row["household"]: line for line, row in reversed(self.households.rows)}
        names = [str(name) for name in listed]
        for household, lines in lived_in.items():
            if household not in listed:
                message = told(
                    "there is no household '{household}' in {file}", household=household, file=self.households.name
                )
                self._refuse(
                    self.residents, lines[0], "household", message, hint=self._near(str(household), names)
                )
        for household, line in listed.items():
            if household not in lived_in:
                message = told(
                    "nobody in {file} lives in household '{household}'", file=self.residents.name, household=household
                )
                allowed, hint = told("a resident or more"), told("or delete the row")
                self._refuse(self.households, line, "household", message, allowed, hint)
        return dict(sorted(listed.items(), key=lambda item: item[1]))

    def _of_household(self, column: str) -> dict[Value, Value]:
        """Return what is known of households in a column that both files may have; refuse what differs."""
        said: dict[Value, tuple[Value, Sheet, int]] = {}
        for sheet in (self.households, self.residents):
            for line, row in sheet.rows if sheet is not None else ():
                value, household = row.get(column), row["household"]
                if value is None or sheet is None:
                    continue
                first, where, at = said.setdefault(household, (value, sheet, line))
                if value != first:
                    here = told("line {line}", line=at)
                    place = here if where is sheet else told("line {line} of {file}", line=at, file=where.name)
                    message = told(
                        "'{value}' for household '{household}', but '{first}' in {place}",
                        value=value, household=household, first=first, place=place,
                    )  # fmt: skip
                    self._refuse(sheet, line, column, message, told("the same for all of a household"))
        return {household: value for household, (value, _, _) in said.items()}

    def _check_buildings(self, homes: Mapping[Value, int], buildings: Mapping[Value, Value]) -> None:
        """Refuse a household that stands nowhere while others have a building, and too many buildings."""
        sheet = self.households or self.residents
        for household, line in homes.items() if buildings else ():
            if household not in buildings:
                message = told("household '{household}' has no building, and others have one", household=household)
                self._refuse(sheet, line, "building", message, NAME.allowed)
        number = len(set(buildings.values()))
        if number > MOST_BUILDINGS:
            message = told("there are {count:_} buildings", count=number)
            self._refuse(sheet, 1, "building", message, told("at most {most:_}", most=MOST_BUILDINGS))

    def _check_months_lived(self) -> None:
        for line, row in self.residents.rows:
            age, months = row.get("age"), row.get("months_lived")
            if age is not None and months is not None and float(months) >= 12 * (float(age) + 1):
                message = told(
                    "{months:g} months are more than somebody of {age:g} years has lived", months=months, age=age
                )
                self._refuse(self.residents, line, "months_lived", message, told("at most the person's age"))

    def _known_ties(self) -> dict[tuple[str, str], float | None] | None:
        """Return the strength of every tie, by the two persons as first given."""
        if self.ties is None:
            return None
        persons = {row["person"]: line for line, row in self.residents.rows}
        names = [str(person) for person in persons]
        first: dict[frozenset[str], tuple[tuple[str, str], Value, int]] = {}
        number = Counter[str]()
        over: set[str] = set()
        for line, row in self.ties.rows:
            pair = (str(row["person_a"]), str(row["person_b"]))
            strangers = [
                (column, person)
                for column, person in zip(("person_a", "person_b"), pair, strict=True)
                if person not in persons
            ]
            for column, person in strangers:
                message = told("there is no person '{person}' in {file}", person=person, file=self.residents.name)
                self._refuse(self.ties, line, column, message, hint=self._near(person, names))
            if strangers:
                continue
            if pair[0] == pair[1]:
                message, allowed = told("a tie of '{person}' to itself", person=pair[0]), told("two different persons")
                self._refuse(self.ties, line, "person_b", message, allowed)
                continue
            both = frozenset(pair)
            strength = row.get("strength")
            if both in first:
                _, before, at = first[both]
                if before != strength:
                    message = told(
                        "{strength}, but {before} in line {line} for the same two persons",
                        strength=_said(strength), before=_said(before), line=at,
                    )  # fmt: skip
                    allowed, hint = told("each tie once"), told("keep one of the two rows")
                    self._refuse(self.ties, line, "strength", message, allowed, hint)
                continue
            first[both] = (pair, strength, line)
            number.update(pair)
            for column, person in zip(("person_a", "person_b"), pair, strict=True):
                if number[person] > MOST_TIES and person not in over:
                    over.add(person)
                    message = told(
                        "'{person}' has more than {most} ties; this is one too many", person=person, most=MOST_TIES
                    )
                    allowed = told("at most {most} ties of one person", most=MOST_TIES)
                    self._refuse(self.ties, line, column, message, allowed, told("keep the strongest"))
        return {
            pair: None if strength is None else float(strength) for pair, strength, _ in first.values()
        }

    def _put_together(
        self,
        homes: list[Value],
        buildings: Mapping[Value, Value],
        origins: Mapping[Value, Value],
        ties: Mapping[tuple[str, str], float | None] | None,
    ) -> OwnCommunity:
        """Put everybody in order: buildings, households in them, residents in these."""
        names = [str(name) for name in dict.fromkeys(buildings.get(home, "1") for home in homes)]
        numbers = {name: number for number, name in enumerate(names)}
        homes = sorted(homes, key=lambda home: numbers[str(buildings.get(home, "1"))])
        rows = {home: row for row, home in enumerate(homes)}
        people = sorted((row for _, row in self.residents.rows), key=lambda row: rows[row["household"]])
        persons = tuple(str(row["person"]) for row in people)
        row_of = {person: row for row, person in enumerate(persons)}
        listed = {row["household"]: row for _, row in self.households.rows} if self.households else {}
        of_households = {
            name: tuple(listed.get(home, {}).get(name) for home in homes) for name in OF_HOUSEHOLD
        } | {"origin": tuple(origins.get(home) for home in homes)}
        sheets = (self.residents, self.households, self.ties)
        return OwnCommunity(
            files=tuple(sheet.name for sheet in sheets if sheet is not None),
            persons=persons,
            households=tuple(str(home) for home in homes),
            buildings=tuple(names),
            household_of=tuple(rows[row["household"]] for row in people),
            building_of=tuple(numbers[str(buildings.get(home, "1"))] for home in homes),
            of_residents={name: tuple(row.get(name) for row in people) for name in OF_PERSON},
            of_households=of_households,
            ties=None
            if ties is None
            else tuple((row_of[a], row_of[b], strength) for (a, b), strength in ties.items()),
        )


def _said(strength: Value) -> str:
    return told("no strength") if strength is None else told("strength {strength:g}", strength=strength)
