"""One parameter's value without its unit, for sentences in any language: `number population.migrant_share`."""

from cosim.scenario import load_scenario
from cosim.scenario.keys import keys_of
from generated.parameter import written


def value(key: str, scenario: str = "ly") -> str:
    """Return the value alone."""
    found = next((it for it in keys_of(load_scenario(scenario)) if it.dotted == key), None)
    if found is None:
        raise ValueError(f"{scenario} has no key {key!r}")
    return written(found.value)
