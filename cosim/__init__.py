"""cosim simulates who supplies the public services of an old residential compound, and what that changes.

`import cosim` loads nothing heavy: the names below are fetched when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cosim.version import VERSION

if TYPE_CHECKING:
    from cosim.community import Community
    from cosim.compare import compare
    from cosim.scenario import ScenarioError, load_scenario, shipped_scenarios
    from cosim.study.sweep import StudyFolder, sweep
    from cosim.study.tracing import trace

__version__ = VERSION
__all__ = [
    "Community",
    "ScenarioError",
    "StudyFolder",
    "__version__",
    "compare",
    "load_scenario",
    "shipped_scenarios",
    "sweep",
    "trace",
]

_HOMES = {
    "Community": "cosim.community",
    "ScenarioError": "cosim.scenario",
    "load_scenario": "cosim.scenario",
    "shipped_scenarios": "cosim.scenario",
    "StudyFolder": "cosim.study.sweep",
    "sweep": "cosim.study.sweep",
    "trace": "cosim.study.tracing",
}


def __getattr__(name: str) -> object:
    """Fetch a public name from its home; `compare` is a package that can be called."""
    if name == "compare":
        return import_module("cosim.compare")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cosim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return sorted(__all__)
