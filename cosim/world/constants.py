"""Constants of a scenario as records that kernels take: one class per section, the same field names."""

from collections import namedtuple
from typing import Any

import numpy as np

from cosim.scenario import behaviour, people
from cosim.scenario.field import Section


def _record(section: type[Section]) -> Any:
    numeric = [name for name, field in section.model_fields.items() if field.annotation in (int, float)]
    return namedtuple(section.__name__, numeric, module=__name__)


Population = _record(people.Population)
Ties = _record(people.Ties)
Moving = _record(people.Moving)
Experience = _record(behaviour.Experience)
Trust = _record(behaviour.Trust)
TakingPart = _record(behaviour.TakingPart)
Handling = _record(behaviour.Handling)
Talk = _record(behaviour.Talk)
Belonging = _record(behaviour.Belonging)
Fee = _record(behaviour.Fee)
Commons = _record(behaviour.Commons)
Disputes = _record(behaviour.Disputes)
Voting = _record(behaviour.Voting)


def constants(section: Section) -> Any:
    """Return a section's numbers, float32 so that loops do not widen, as the record of the same name."""
    record = globals()[type(section).__name__]
    return record(*(np.float32(getattr(section, name)) for name in record._fields))
