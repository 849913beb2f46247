"""The experiment file: scenarios, factors and a design, typed and checked like a scenario."""

from cosim.study.experiment.designs import LEVELS, UNIT, Points
from cosim.study.experiment.loading import Planned, load_experiment, scenario_at
from cosim.study.experiment.reading import is_experiment, shipped_experiments
from cosim.study.experiment.schema import Design, Experiment, Range, Until

__all__ = [
    "LEVELS",
    "UNIT",
    "Design",
    "Experiment",
    "Planned",
    "Points",
    "Range",
    "Until",
    "is_experiment",
    "load_experiment",
    "scenario_at",
    "shipped_experiments",
]
