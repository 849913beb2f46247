"""Who lives in the compound: every person's and household's own luck, keyed by dwelling and arrival.

The k-th household to live in a dwelling is the same household in every scenario and replicate: its draws come
from the population's own seed.
"""

from typing import Any, NamedTuple

import numpy as np

from cosim.rules.compiled import kernel, rule
from cosim.rules.numeric import clip
from cosim.rules.taking_part import CONDITIONAL, FREE_RIDER, HUMP_SHAPED
from cosim.world.chance import Purpose, bell, stream, sub_key, uniform
from cosim.world.columns import HOUSEHOLD_COLUMNS, LET, NEVER, OWNED, PUBLIC_RENTAL, RESIDENT_COLUMNS, Table

MOST_ADULTS = 12
"""Places for adults in one dwelling at most."""
OLD = np.float32(60.0)
"""Age in years from which a person counts as old."""
MIGRANT_NEEDS = 4
"""Bit of migrants in a profile of needs."""
SETTLED = 312.0
"""Longest time lived here at the start, in months: the compound's age."""


class Streams(NamedTuple):
    """Streams of the population's seed for what a person or household is."""

    origin: np.uint64
    children: np.uint64
    area: np.uint64
    taste: np.uint64
    pays_at_first: np.uint64
    age: np.uint64
    member: np.uint64
    cooperator: np.uint64
    threshold: np.uint64
    hours: np.uint64
    set_point: np.uint64
    common: np.uint64
    tenure: np.uint64
    tenancy: np.uint64
    keeps_at_first: np.uint64


class PersonColumns(NamedTuple):
    """Columns that describe a person on arrival."""

    key: np.ndarray
    arrival: np.ndarray
    present: np.ndarray
    household: np.ndarray
    building: np.ndarray
    migrant: np.ndarray
    member: np.ndarray
    cooperator: np.ndarray
    threshold: np.ndarray
    hours: np.ndarray
    arrived: np.ndarray
    age: np.ndarray
    profile: np.ndarray
    set_point: np.ndarray
    trust: np.ndarray
    expectation: np.ndarray
    satisfaction: np.ndarray
    safety: np.ndarray
    grievance: np.ndarray
    handling: np.ndarray
    efficacy: np.ndarray
    belonging: np.ndarray
    mobilisation: np.ndarray
    habit: np.ndarray
    norm: np.ndarray
    embedded: np.ndarray
    close_ties: np.ndarray
    published: np.ndarray
    informed: np.ndarray


class HouseholdColumns(NamedTuple):
    """Columns that describe a household on arrival."""

    key: np.ndarray
    arrival: np.ndarray
    building: np.ndarray
    first: np.ndarray
    size: np.ndarray
    migrant: np.ndarray
    children: np.ndarray
    arrived: np.ndarray
    area: np.ndarray
    taste: np.ndarray
    tenure: np.ndarray
    keeps: np.ndarray
    warned: np.ndarray
    rival: np.ndarray
    pays: np.ndarray
    fee: np.ndarray


class DoneColumns(NamedTuple):
    """Months in which a person last did something."""

    ordered: np.ndarray
    deliberated: np.ndarray
    coproduced: np.ndarray
    voted: np.ndarray
    stood: np.ndarray
    signed_off: np.ndarray


def columns(record: Any, table: Table) -> Any:
    """Return the columns of `table` that a record names, as that record."""
    if record not in table.records:
        table.records[record] = record(*(getattr(table, name) for name in record._fields))
    return table.records[record]


def streams(seed: int) -> Streams:
    """Return the streams of a population seed."""
    return Streams(*(stream(seed, 0, Purpose[name.upper()]) for name in Streams._fields))


def household_sizes(seed: int, households: int, residents: int) -> np.ndarray:
    """Adults in each dwelling, int32[households]: one each, and every further adult draws a dwelling of their own.

    One more resident lands in one dwelling and leaves all others as they are.
    """
    return _place(stream(seed, 0, Purpose.PLACE), households, residents)


@kernel
def _place(place: np.uint64, households: int, residents: int) -> np.ndarray:
    sizes = np.ones(households, np.int32)
    for number in range(households, residents):
        h = min(int(uniform(place, np.uint64(number)) * households), households - 1)
        while sizes[h] == MOST_ADULTS:
            h = (h + 1) % households
        sizes[h] += 1
    return sizes


def empty_tables(scenario: Any, places: tuple[np.ndarray, np.ndarray] | None = None) -> tuple[Table, Table]:
    """Return the tables of residents and households with everybody's place, and nobody in it yet.

    `places` are adults in each household and its building, in order of buildings; None: drawn, and spread evenly.
    """
    who = scenario.population
    homes = Table(HOUSEHOLD_COLUMNS, who.households)
    if places is None:
        sizes = household_sizes(who.seed, who.households, who.residents)
        homes.building[:] = np.arange(who.households) * who.buildings // who.households
    else:
        sizes, homes.building[:] = places
    homes.size[:] = sizes
    homes.first[:] = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    homes.arrival[:] = -1
    people = Table(RESIDENT_COLUMNS, who.residents)
    people.household[:] = np.repeat(np.arange(who.households), sizes)
    people.building[:] = homes.building[people.household]
    people.arrival[:] = -1
    people.present[:] = False
    return people, homes


@rule
def person_key(household: int, place: int, arrival: int) -> np.uint64:
    """Key of a person: household, place in it, and how many people had that place before."""
    return (np.uint64(household) << np.uint64(32)) | (np.uint64(place) << np.uint64(24)) | np.uint64(arrival)


@rule
def become(
    i: int, place: int, month: int, age: float, people: Any, done: Any, s: Any, who: Any, trust: Any, start: Any
) -> None:
    """Write a new person into row `i`."""
    people.arrival[i] += 1
    h = people.household[i]
    key = person_key(h, place, people.arrival[i])
    people.key[i] = key
    people.present[i] = True
    people.age[i] = age
    people.member[i] = uniform(s.member, key) < who.member_share
    u = uniform(s.cooperator, key)
    kind = CONDITIONAL
    if u < who.free_riders:
        kind = FREE_RIDER
    elif u < who.free_riders + who.hump_shaped:
        kind = HUMP_SHAPED
    people.cooperator[i] = kind
    people.threshold[i] = who.threshold_spread * bell(s.threshold, key)
    people.hours[i] = 2.0 * who.member_hours * uniform(s.hours, key)
    people.arrived[i] = month
    common = trust.common_spread * bell(s.common, key)
    rest = np.sqrt(max(trust.spread**2 - trust.common_spread**2, 0.0))
    means = (trust.neighbours, trust.government, trust.party, trust.firm, trust.partners)
    for k in range(5):
        point = clip(means[k] + common + rest * bell(s.set_point, sub_key(key, k)), 0.05, 0.95)
        people.set_point[i, k] = point
        people.trust[i, k] = point
    people.expectation[i] = start.newcomer
    people.satisfaction[i] = 0.5
    people.safety[i] = 0.5
    people.grievance[i] = 0.0
    people.handling[i] = 0.5
    people.efficacy[i] = start.efficacy
    people.belonging[i] = start.belonging
    people.mobilisation[i] = 0.0
    people.habit[i] = 0.0
    people.norm[i] = 0.0
    people.embedded[i] = 0.0
    people.close_ties[i] = 0
    people.informed[i] = 0.0
    people.published[i, :] = 0.0
    done.ordered[i] = NEVER
    done.deliberated[i] = NEVER
    done.coproduced[i] = NEVER
    done.voted[i] = NEVER
    done.stood[i] = NEVER
    done.signed_off[i] = NEVER


class Start(NamedTuple):
    """State of mind of a newcomer, and the household's means."""

    newcomer: float
    efficacy: float
    belonging: float
    migrant_share: float
    rate: float
    initial_share: float
    keeping_share: float
    mean_area: float
    area_spread: float
    taste_spread: float
    migrant_rate: float
    long_term_rate: float


@kernel
def settle(
    rows: np.ndarray, month: int, at_start: bool,
    people: Any, done: Any, homes: Any, s: Any, who: Any, trust: Any, start: Any,
) -> None:  # fmt: skip
    """Fill the dwellings `rows` (int32[n]) with the household that comes next in each.

    `at_start`: they have lived here for some time; otherwise they arrive this month.
    """
    for h in rows:
        homes.arrival[h] += 1
        key = person_key(h, 255, homes.arrival[h])
        homes.key[h] = key
        homes.migrant[h] = uniform(s.origin, key) < start.migrant_share
        homes.children[h] = uniform(s.children, key) < who.children_share
        homes.area[h] = clip(start.mean_area + start.area_spread * bell(s.area, key), 20.0, 300.0)
        homes.fee[h] = homes.area[h] * start.rate
        homes.taste[h] = start.taste_spread * bell(s.taste, key)
        homes.pays[h] = uniform(s.pays_at_first, key) < start.initial_share
        homes.keeps[h] = uniform(s.keeps_at_first, key) < start.keeping_share
        homes.warned[h] = False
        homes.rival[h] = -1
        migrant = homes.migrant[h]
        homes.tenure[h] = tenure(uniform(s.tenancy, key), migrant, who)
        rate = start.migrant_rate if migrant else start.long_term_rate
        lived = min(-np.log(1.0 - uniform(s.tenure, key)) / max(rate, 1e-6), SETTLED)
        since = month - int(lived) if at_start else month
        homes.arrived[h] = since
        for place in range(homes.size[h]):
            i = homes.first[h] + place
            age_key = person_key(h, place, people.arrival[i] + 1)
            mean = who.migrant_age if migrant else who.long_term_age
            age = clip(mean + who.age_spread * bell(s.age, age_key), 18.0, 95.0)
            people.migrant[i] = migrant
            become(i, place, since, age, people, done, s, who, trust, start)
            people.profile[i] = profile(age, homes.children[h], migrant)


@rule
def tenure(u: float, migrant: bool, who: Any) -> int:
    """Tenure of a household, by its draw."""
    if migrant:
        return LET if u < who.migrants_rent else OWNED
    if u < who.public_rental:
        return PUBLIC_RENTAL
    return LET if u < who.public_rental + who.let else OWNED


@rule
def profile(age: float, children: bool, migrant: bool) -> int:
    """Profile of needs, 0 to 7: one bit each for old, children, migrant."""
    return int(age >= OLD) + 2 * int(children) + MIGRANT_NEEDS * int(migrant)
