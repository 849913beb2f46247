"""The inside of cosim by autodoc: `inside rules`, `inside month`, or the classes of a scenario, `inside sections`."""

from importlib import import_module
from pkgutil import iter_modules

from cosim.scenario.field import Section
from cosim.scenario.schema import Scenario


def lines(part: str) -> str:
    """Return a heading and reStructuredText for each module, or for each class of a scenario."""
    if part == "sections":
        return "\n\n".join(_block("autoclass", f"{it.__module__}.{it.__qualname__}") for it in _sections(Scenario))
    package = import_module(f"cosim.{part}")
    names = [package.__name__, *(f"{package.__name__}.{it.name}" for it in iter_modules(package.__path__))]
    return "\n\n".join(f"### {name}\n\n{_block('automodule', name)}" for name in names)


def _block(directive: str, name: str) -> str:
    options = "   :no-members:\n" if directive == "autoclass" else ""
    return f"```{{eval-rst}}\n.. {directive}:: {name}\n{options}```"


def _sections(section: type[Section]) -> list[type[Section]]:
    """Return a section and all below it, each once, in the order of the schema."""
    found = {section: None}
    for field in section.model_fields.values():
        parts = [field.annotation, *getattr(field.annotation, "__args__", ())]
        for part in parts:
            if isinstance(part, type) and issubclass(part, Section):
                found |= dict.fromkeys(_sections(part))
    return list(found)
