"""Individuals in two worlds: whoever lives in both arms is a pair, and a dwelling always is.

Everything here is the state at the end of a run, or when the person left (`outcomes/register.py`). Each table has a
row per scenario after the first and outcome: the difference to the first arm, as a mean over replicates with the paired
95 % interval that the replicates give.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from cosim.outcomes.measures import GROUPS, MEASURES, PERSON_MEASURES
from cosim.statistics import paired_differences
from cosim.world.columns import TENURES

LOOKED_AT = (
    "participation", "voice", "trust_neighbours", "trust_government", "trust_party", "trust_firm", "satisfaction",
    "belonging", "condition", "fee_collection",
)  # fmt: skip
"""Outcomes of persons that the tables show."""
TELLING = 0.02
"""Smallest difference of one person, on scales from 0 to 1, that counts as a gain or a loss."""
WHO = ("all", "stayers", "cohort")
"""All who live here at the end in each arm; those of month 0 who live here at the end in both; those of month 0, each
as when last seen, so that leaving takes nobody out of the count."""
FEW_REPLICATES = 5
"""Fewest replicates for a share of luck."""
FOUND = ["difference", "low", "high", "n"]
"""Fields of a paired difference that the tables keep."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
AGES = (0.0, 30.0, 45.0, 60.0, 75.0, np.inf)
MONTHS_LIVED = (0.0, 12.0, 60.0, 180.0, np.inf)
TIES = (0.0, 2.0, 5.0, 8.0, np.inf)
"""Lower bounds of the strata, and the end of the last one."""


class Pair:
    """The registers of two arms, and who is in both; `replicates` are those finished in every arm."""

    def __init__(self, first: pd.DataFrame, other: pd.DataFrame, replicates: Sequence[int]) -> None:
        self.replicates = list(replicates)
        keys = ["replicate", "person"]
        self.first, self.other = (arm[arm["replicate"].isin(replicates)].set_index(keys) for arm in (first, other))
        both = self.first.index.intersection(self.other.index, sort=False)
        here = self.first.loc[both, "at_end"] & self.other.loc[both, "at_end"]
        self.twins = both[here.to_numpy()]
        self.who = self.first.loc[self.twins]
        outcomes = list(LOOKED_AT)
        self.change = self.other.loc[self.twins, outcomes] - self.first.loc[self.twins, outcomes]

    def of(self, who: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return both arms' rows of one of `WHO`."""
        if who == "all":
            return self.first[self.first["at_end"]], self.other[self.other["at_end"]]
        if who == "cohort":
            return self.first[self.first["at_start"]], self.other[self.other["at_start"]]
        stayed = self.twins[self.who["at_start"].to_numpy()]
        return self.first.loc[stayed], self.other.loc[stayed]

    def per_replicate(self, table: pd.DataFrame | pd.Series) -> Any:
        """Return means per replicate, NaN where there is nobody."""
        return table.groupby(level="replicate").mean().reindex(self.replicates)


def by_people(pair: Pair) -> Iterator[dict[str, Any]]:
    """Yield a row for each of `WHO` and each outcome of persons.

    who, outcome
        whom the means are over, and of what
    mean_a, mean_b, difference, low, high, n
        of the two arms, and over how many pairs of replicates
    people_a, people_b
        how many they are, on average
    """
    outcomes = list(PERSON_MEASURES)
    for who in WHO:
        a, b = pair.of(who)
        people = {"people_a": len(a) / len(pair.replicates), "people_b": len(b) / len(pair.replicates)}
        means_a, means_b = (pair.per_replicate(arm[outcomes]) for arm in (a, b))
        for outcome, found in _paired(means_a, means_b, ["mean_a", "mean_b", *FOUND]):
            yield {"who": who, "outcome": outcome, **found, **people}


def twins(pair: Pair) -> Iterator[dict[str, Any]]:
    """Yield a row per outcome: how the differences of those who live in both worlds at the end are distributed.

    covered
        share of the first arm's residents at the end who live in both worlds
    difference, low, high, n
        mean over twins, with the interval over n replicates
    q05, q25, q50, q75, q95
        quantiles over twins and replicates
    gain, lose
        shares of twins whose difference is larger than `TELLING`, up or down
    luck
        share of the variance between persons' differences, replicate means taken out, that does not come back in other
        replicates: 0 if the same people gain every time, 1 if who gains is drawn anew. NaN with fewer than
        `FEW_REPLICATES`, and for outcomes that a person has or has not, whose difference is mostly a draw in any case
    """
    covered = pair.first["at_end"].groupby(level="replicate").sum()
    share = float((len(pair.twins) / covered.sum()) if covered.sum() else np.nan)
    for outcome, found in _distributions(pair, pair.change):
        yield {"outcome": outcome, "covered": share, **found, "luck": _own_luck(pair, outcome)}


def who_gains(pair: Pair) -> Iterator[dict[str, Any]]:
    """Yield a row per trait, stratum and outcome: the mean difference of twins of that kind.

    trait, stratum
        group, age, tenure, building, months lived here or ties, all at month 0; who came later is a stratum of its own
    share
        of the twins that it has
    difference, low, high, n, gain, lose
        as in `twins`
    """
    for trait, stratum, mask in _strata(pair.who):
        for outcome, found in _distributions(pair, pair.change[mask], quantiles=False):
            yield {"trait": trait, "stratum": stratum, "outcome": outcome, "share": float(mask.mean()), **found}


def places(pair: Pair) -> Iterator[dict[str, Any]]:
    """Yield a row for all dwellings and for each building: the difference of a dwelling, whoever lives there.

    A dwelling's value is the mean over its adults at the end, so that every dwelling pairs.

    place
        "all", or the number of a building
    dwellings
        how many
    difference, low, high, n, q05 … q95, gain, lose
        as in `twins`, over dwellings
    """
    keys = ["replicate", "household"]
    here = [arm[arm["at_end"]].reset_index() for arm in (pair.first, pair.other)]
    homes = [arm.groupby(keys)[[*LOOKED_AT, "building"]].mean() for arm in here]
    change = (homes[1] - homes[0])[list(LOOKED_AT)]
    building = homes[0]["building"].astype(int)
    for place in ("all", *sorted(building.unique().tolist())):
        chosen = change if place == "all" else change[(building == place).to_numpy()]
        dwellings = chosen.index.get_level_values("household").nunique()
        for outcome, found in _distributions(pair, chosen):
            yield {"place": place, "outcome": outcome, "dwellings": dwellings, **found}


def _own_luck(pair: Pair, outcome: str) -> float:
    """Return `luck` of an outcome's differences less their replicate's mean; NaN where it would say little."""
    if len(pair.replicates) < FEW_REPLICATES or MEASURES[outcome].unit == "share":
        return float("nan")
    change = pair.change[outcome]
    return luck(change - change.groupby(level="replicate").transform("mean"))


def luck(change: pd.Series) -> float:
    """Return the share of the variance of persons' differences that lies within persons, between replicates.

    One-way random effects by persons (Searle, Casella & McCulloch 1992, unbalanced): within over within plus between.
    """
    known = change.dropna()
    by_person = known.groupby(level="person")
    count = by_person.size().to_numpy(np.float64)
    persons, total = count.size, count.sum()
    if persons < 2 or total <= persons:
        return float("nan")
    spread = by_person.transform("mean")
    within = float(((known - spread) ** 2).sum()) / (total - persons)
    means = by_person.mean().to_numpy(np.float64)
    between = float((count * (means - float(known.mean())) ** 2).sum()) / (persons - 1)
    usual = (total - (count**2).sum() / total) / (persons - 1)
    systematic = max((between - within) / usual, 0.0)
    return within / (within + systematic) if within + systematic > 0.0 else float("nan")


def _distributions(
    pair: Pair, change: pd.DataFrame, quantiles: bool = True
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each outcome with mean, interval, quantiles, and shares of gain and loss of differences by replicate."""
    values = change.to_numpy(np.float64)
    some = len(values) > 0
    known = ~np.isnan(values).any(axis=0)
    gain, lose = (
        np.where(known, told.mean(axis=0), np.nan) if some else np.full(values.shape[1], np.nan)
        for told in (values > TELLING, values < -TELLING)
    )
    cuts = np.quantile(values, QUANTILES, axis=0) if quantiles and some else None
    means = pair.per_replicate(change)
    for k, (outcome, row) in enumerate(_paired(means * 0.0, means, FOUND)):
        if quantiles:
            row |= {
                f"q{share * 100:02.0f}": np.nan if cuts is None else float(cuts[q, k])
                for q, share in enumerate(QUANTILES)
            }
        row |= {"gain": float(gain[k]), "lose": float(lose[k])}
        yield outcome, row


def _paired(a: pd.DataFrame, b: pd.DataFrame, columns: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each outcome with some fields of the paired difference of two arms' means by replicate."""
    found = paired_differences(a.T.to_numpy(), b.T.to_numpy())[columns]
    yield from zip(a.columns, found.to_dict("records"), strict=True)


def _strata(who: pd.DataFrame) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield trait, stratum and whose it is (bool[twins])."""
    here = who["at_start"].to_numpy()
    for number, name in enumerate(GROUPS):
        yield "group", name, here & (who["group"].to_numpy() == number)
    yield "group", "came later", ~here
    for trait, cuts in (("age", AGES), ("months_lived", MONTHS_LIVED), ("ties", TIES)):
        values = who[trait].to_numpy()
        for low, high in pairwise(cuts):
            name = f"{low:.0f} to {high:.0f}" if np.isfinite(high) else f"{low:.0f} and more"
            yield trait, name, here & (values >= low) & (values < high)
    for number, name in enumerate(TENURES):
        yield "tenure", name, here & (who["tenure"].to_numpy() == number)
    for building in sorted(who["building"].unique().tolist()):
        yield "building", str(building), here & (who["building"].to_numpy() == building)
