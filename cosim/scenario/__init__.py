"""What a user writes: a scenario, typed and bounded, and what is wrong with it when something is."""

from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.from_text import scenario_from_text
from cosim.scenario.loader import as_child, load_scenario, to_toml
from cosim.scenario.overrides import parse_override
from cosim.scenario.reading import shipped_scenarios
from cosim.scenario.schema import Scenario

__all__ = [
    "Problem",
    "Scenario",
    "ScenarioError",
    "as_child",
    "load_scenario",
    "parse_override",
    "scenario_from_text",
    "shipped_scenarios",
    "to_toml",
]
