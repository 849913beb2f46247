"""Constants of a scenario as records that kernels take: one class per section, the same field names.

A choice between words is there as the place of its word, from 0.
"""

from collections import namedtuple
from typing import Any, Literal, get_args, get_origin

import numpy as np

from cosim.scenario import behaviour, households, people
from cosim.scenario.field import Section


def _record(section: type[Section]) -> Any:
    fields = section.model_fields.items()
    taken = [name for name, field in fields if field.annotation in (int, float) or _words(section, name)]
    return namedtuple(section.__name__, taken, module=__name__)


def _words(section: type[Section], name: str) -> tuple[str, ...]:
    """Return the words that a field chooses from; none if it is a number."""
    annotation = section.model_fields[name].annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()


Population = _record(people.Population)
Ties = _record(people.Ties)
Moving = _record(people.Moving)
Experience = _record(behaviour.Experience)
Trust = _record(behaviour.Trust)
TakingPart = _record(behaviour.TakingPart)
Handling = _record(behaviour.Handling)
Talk = _record(behaviour.Talk)
Belonging = _record(behaviour.Belonging)
Fee = _record(households.Fee)
Commons = _record(households.Commons)
Disputes = _record(households.Disputes)
Voting = _record(households.Voting)


def constants(section: Section) -> Any:
    """Return a section's numbers, float32 so that loops do not widen, as the record of the same name."""
    record = globals()[type(section).__name__]
    return record(*(_number(section, name) for name in record._fields))


def _number(section: Section, name: str) -> np.float32:
    words, value = _words(type(section), name), getattr(section, name)
    return np.float32(words.index(value) if words else value)
