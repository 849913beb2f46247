"""Register: everybody who lived here at month 0 or lives here at the end, with the last that is known of each."""

import numpy as np
import pandas as pd

from cosim.outcomes.measures import PERSON_MEASURES, TRAITS
from cosim.outcomes.observe import YEAR
from cosim.world.columns import TARGETS
from cosim.world.world import World


class Register:
    """Keeps book of people from the moment at which it is made, month 0, by being told who leaves.

    It only reads. `people()` gives, one row each for all of month 0 and then for those who came later and live here:

    person
        number of the person (`World.people_in`), the same in every scenario
    household, building, group, age, tenure, months_lived, ties
        who they were at month 0; of those who came later, who they are, with NaN months and ties
    at_start, at_end
        whether they lived here at month 0, and whether they do now
    left
        month in which they left, NaN for those who live here
    every one of `PERSON_MEASURES`
        as it is now, or was in the month in which the person left
    """

    def __init__(self, world: World) -> None:
        self.world = world
        here = np.nonzero(world.residents.present)[0]
        self.person = world.people_in(here)
        self.traits = traits(world, here)
        self.gone: list[tuple[np.ndarray, int, np.ndarray]] = []
        world.farewells.append(self._note)

    def _note(self, rows: np.ndarray) -> None:
        """Note the state of people (rows, int[n]) who leave."""
        rows = rows[self.world.residents.present[rows]]
        self.gone.append((self.world.people_in(rows.astype(np.int64)), self.world.month, states(self.world, rows)))

    def people(self) -> pd.DataFrame:
        """Return everybody of month 0 and everybody of now."""
        world = self.world
        now = np.nonzero(world.residents.present)[0]
        here = world.people_in(now)
        came_later = ~np.isin(here, self.person)
        first = len(self.person)
        person = np.concatenate([self.person, here[came_later]])
        newcomers = traits(world, now[came_later])
        newcomers["months_lived"][:] = newcomers["ties"][:] = np.nan
        table = {"person": person}
        table |= {name: np.concatenate([self.traits[name], newcomers[name]]) for name in TRAITS}
        place = {number: row for row, number in enumerate(person.tolist())}
        known = np.full((person.size, len(PERSON_MEASURES)), np.nan, np.float32)
        left = np.full(person.size, np.nan, np.float32)
        for numbers, month, state in self.gone:
            for number, values in zip(numbers.tolist(), state, strict=True):
                if number in place:
                    known[place[number]], left[place[number]] = values, month
        known[[place[number] for number in here.tolist()]] = states(world, now)
        table |= {"at_start": np.arange(person.size) < first, "at_end": np.isnan(left), "left": left}
        return pd.DataFrame(table | dict(zip(PERSON_MEASURES, known.T, strict=True)))


def traits(world: World, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return `TRAITS` of people (rows, int64[n]): who they are."""
    r, homes = world.residents, world.households
    household = r.household[rows]
    return {
        "household": household,
        "building": r.building[rows],
        "group": np.where(r.member[rows], 2, r.migrant[rows]).astype(np.int8),
        "age": r.age[rows],
        "tenure": homes.tenure[household],
        "months_lived": (world.month - r.arrived[rows]).astype(np.float32),
        "ties": np.count_nonzero(world.ties.other[rows] >= 0, axis=1).astype(np.float32),
    }


def states(world: World, rows: np.ndarray) -> np.ndarray:
    """Return `PERSON_MEASURES` of people (rows, int[n]), float32[n, measures]."""
    r, month = world.residents, world.month
    lived = world.circumstances.condition @ world.facilities.needs.T
    contributed = np.maximum(r.deliberated[rows], r.coproduced[rows])
    values = {
        "participation": month - contributed < YEAR,
        "deliberating": month - r.deliberated[rows] < YEAR,
        "coproducing": month - r.coproduced[rows] < YEAR,
        "voice": month - r.ordered[rows] < YEAR,
        **{f"trust_{target}": r.trust[rows, k] for k, target in enumerate(TARGETS)},
        "satisfaction": r.satisfaction[rows],
        "belonging": r.belonging[rows],
        "condition": lived[r.building[rows], r.profile[rows]],
        "safety": r.safety[rows],
        "handling": r.handling[rows],
        "expectation": r.expectation[rows],
        "efficacy": r.efficacy[rows],
        "grievance": r.grievance[rows],
        "mobilisation": r.mobilisation[rows],
        "tie_strength": r.embedded[rows],
        "near_isolates": r.close_ties[rows] <= 1,
        "informed": r.informed[rows],
        "fee_collection": world.households.pays[r.household[rows]],
    }
    return np.column_stack([np.asarray(values[name], np.float32) for name in PERSON_MEASURES])
