"""People whom files name: their places, and what is known of them laid over what was drawn."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cosim.rules.taking_part import CONDITIONAL, FREE_RIDER, HUMP_SHAPED
from cosim.scenario.own_community import OwnCommunity
from cosim.scenario.sheets import STATES, TRUST, Value
from cosim.world.columns import LET, OWNED, PUBLIC_RENTAL, Table
from cosim.world.population import MIGRANT_NEEDS, OLD
from cosim.world.ties import REACH, Ties

COOPERATORS = {"conditional": CONDITIONAL, "free_rider": FREE_RIDER, "hump_shaped": HUMP_SHAPED}
TENURES = {"owned": OWNED, "public_rental": PUBLIC_RENTAL, "let": LET}


def layout(own: OwnCommunity) -> tuple[np.ndarray, np.ndarray]:
    """Return adults in each household and its building, both int32[households]."""
    sizes = np.bincount(own.household_of, minlength=len(own.households)).astype(np.int32)
    return sizes, np.array(own.building_of, np.int32)


def by_origin(own: OwnCommunity) -> list[tuple[np.ndarray, float | None]]:
    """Return households (rows, int32[n]) with the share of migrants among them; None where it is not known."""
    origin = own.of_households["origin"]
    groups = {"long_term": 0.0, "migrant": 1.0, None: None}
    rows = {given: [row for row, said in enumerate(origin) if said == given] for given in groups}
    return [(np.array(rows[given], np.int32), share) for given, share in groups.items() if rows[given]]


def lay_over(own: OwnCommunity, people: Table, homes: Table, month: int, rate: float) -> None:
    """Write what the files say of residents and households over what was drawn, at the beginning of `month`.

    `rate` is the property fee in yuan per square metre. An answer about trust is also the level to which that
    person's trust returns.
    """
    of_residents, of_households = own.of_residents, own.of_households
    for name in ("age", "member", *STATES):
        _write(getattr(people, name), of_residents[name])
    _write(people.cooperator, of_residents["cooperator"], COOPERATORS)
    for target, name in enumerate(TRUST):
        _write(people.trust[:, target], of_residents[name])
        _write(people.set_point[:, target], of_residents[name])
    for name in ("children", "area", "pays", "keeps"):
        _write(getattr(homes, name), of_households[name])
    _write(homes.tenure, of_households["tenure"], TENURES)
    measured = [row for row, area in enumerate(of_households["area"]) if area is not None]
    homes.fee[measured] = homes.area[measured] * np.float32(rate)
    _arrive(own, people, homes, month)
    people.profile[:] = (
        (people.age >= OLD)
        + 2 * homes.children[people.household].astype(np.int8)
        + MIGRANT_NEEDS * people.migrant.astype(np.int8)
    )


def tie_as_given(own: OwnCommunity, people: Table, ties: Ties, constants: Any) -> None:
    """Make the ties that the files give, and no other; a strength that is not known is that of a tie like it."""
    near_start = constants.neighbour_base
    other_start = max(constants.other_base, constants.forgotten + np.float32(0.1))
    used = [0] * people.rows
    for a, b, strength in own.ties or ():
        close = abs(int(people.household[a]) - int(people.household[b])) <= REACH
        near = close and people.building[a] == people.building[b]
        usual = near_start if near else other_start
        for row, other in ((a, b), (b, a)):
            ties.other[row, used[row]] = other
            ties.strength[row, used[row]] = usual if strength is None else strength
            ties.near[row, used[row]] = near
            used[row] += 1


def _arrive(own: OwnCommunity, people: Table, homes: Table, month: int) -> None:
    """Let people have come when the files say so; a household came with the first of them, and so did the others."""
    lived = own.of_residents["months_lived"]
    first: dict[int, int] = {}
    for household, months in zip(own.household_of, lived, strict=True):
        if months is not None:
            first[household] = max(first.get(household, 0), int(months))
    for household, months in first.items():
        homes.arrived[household] = month - months
        begin = homes.first[household]
        people.arrived[begin : begin + homes.size[household]] = month - months
    for row, months in enumerate(lived):
        if months is not None:
            people.arrived[row] = month - int(months)


def _write(column: np.ndarray, values: tuple[Value, ...], codes: Mapping[Any, int] | None = None) -> None:
    """Write the values that are known into a column, words as their codes."""
    rows = [row for row, value in enumerate(values) if value is not None]
    column[rows] = [codes[values[row]] if codes else values[row] for row in rows]
