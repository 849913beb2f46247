"""The public names, exactly `cosim.__all__`, by autodoc."""

import cosim


def lines() -> str:
    """Return reStructuredText for each."""
    return "\n\n".join(_block(name) for name in cosim.__all__ if name != "__version__")


def _block(name: str) -> str:
    thing = getattr(cosim, name)
    if name == "compare":
        return _directive("autofunction", "cosim.compare.comparison.compare")
    kind = "autoclass" if isinstance(thing, type) else "autofunction"
    if isinstance(thing, type) and issubclass(thing, BaseException):
        kind = "autoexception"
    return _directive(kind, f"{thing.__module__}.{thing.__qualname__}")


def _directive(kind: str, name: str) -> str:
    return f"```{{eval-rst}}\n.. {kind}:: {name}\n```"
