"""Conditions on a study's factors, and how they are said."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

EVERYWHERE = "everywhere"

Values = NDArray[np.float64]


class Range(NamedTuple):
    """Numbers from `low` on and below `high`."""

    low: float = -math.inf
    high: float = math.inf


class Among(NamedTuple):
    """One of some categories, and those that were excluded."""

    left: tuple[str, ...]
    excluded: tuple[str, ...] = ()


Condition = Range | Among
Conditions = Mapping[str, Condition]
"""Conditions by the factor's dotted key; all of them hold."""


class Question(NamedTuple):
    """A column that a tree asks about: a factor's number, or whether it is a category."""

    key: str
    category: str | None
    values: Values
    """The numbers; 1 where the factor is the category, 0 elsewhere."""
    categories: tuple[str, ...] = ()
    """All of the factor's categories."""


def questions(points: pd.DataFrame, keys: list[str]) -> Iterator[Question]:
    """Yield what can be asked about the factors: numbers as they are, everything else category by category."""
    for key in keys:
        column = points[key]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            yield Question(key, None, column.to_numpy(dtype=np.float64))
            continue
        words = column.map(_word)
        categories = tuple(dict.fromkeys(words))
        for category in categories:
            yield Question(key, category, (words == category).to_numpy(dtype=np.float64), categories)


def narrowed(conditions: Conditions, question: Question, lower: Values, upper: Values) -> tuple[Conditions, Conditions]:
    """Return the conditions with the question answered low (or no), and high (or yes).

    `lower` and `upper` are the numbers of the points on either side; the limit is a round number between them.
    """
    key = question.key
    if question.category is None:
        limit = limit_between(float(np.max(lower)), float(np.min(upper)))
        known = conditions.get(key, Range())
        assert isinstance(known, Range)
        return {**conditions, key: known._replace(high=limit)}, {**conditions, key: known._replace(low=limit)}
    before = conditions.get(key, Among(question.categories))
    assert isinstance(before, Among)
    left = tuple(name for name in before.left if name != question.category)
    no = Among(left, (*before.excluded, question.category))
    return {**conditions, key: no}, {**conditions, key: Among((question.category,))}


def limit_between(low: float, high: float) -> float:
    """Return a number above `low` and up to `high` with few digits; of several, the one nearest their middle."""
    middle = (low + high) / 2
    size = -math.floor(math.log10(high - low))
    found = [high]
    for digits in (size - 1, size, size + 1):
        near = round(middle, digits)
        found += [round(near + step * 10.0**-digits, digits) for step in (-1, 0, 1)]
    return min((number for number in found if low < number <= high), key=lambda it: (_digits(it), abs(it - middle)))


def _digits(value: float) -> int:
    """Return how many digits a number is written with, zeros at its ends apart."""
    return len(f"{abs(value):.15e}".partition("e")[0].replace(".", "").strip("0"))


def said(conditions: Conditions) -> str:
    """Return the conditions as words."""
    return " and ".join(_said(key, condition) for key, condition in conditions.items()) or EVERYWHERE


def _said(key: str, condition: Condition) -> str:
    if isinstance(condition, Range):
        if math.isinf(condition.high):
            return f"{key} at least {_number(condition.low)}"
        if math.isinf(condition.low):
            return f"{key} below {_number(condition.high)}"
        return f"{key} from {_number(condition.low)} to below {_number(condition.high)}"
    if len(condition.left) <= max(len(condition.excluded), 1):
        return f"{key} is {' or '.join(condition.left)}"
    return f"{key} is not {' or '.join(condition.excluded)}"


def _word(value: object) -> str:
    """Return a category as a scenario file has it."""
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def _number(value: float) -> str:
    return f"{value:,.10g}".replace("-", "−")
