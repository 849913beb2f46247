"""What residents and institutions have in common as Mesa agents."""

import itertools
import weakref
from collections.abc import Iterator
from typing import Any

import mesa


class Counters:
    """A counter of agents for each model, for as long as the model lives."""

    def __init__(self) -> None:
        self._by_model: weakref.WeakKeyDictionary[Any, Iterator[int]] = weakref.WeakKeyDictionary()

    def __getitem__(self, model: Any) -> Iterator[int]:
        """Return the model's counter, from 1."""
        return self._by_model.setdefault(model, itertools.count(1))


class Member(mesa.Agent):
    """An agent of a community.

    Mesa 3.3 counts agents in a dictionary that keeps every model for ever; these counters let finished runs go.
    """

    _ids = Counters()
