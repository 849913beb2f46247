"""How autodoc shows what is ours: docstrings in plain text with `code`, sections of a scenario without their fields."""

from typing import Any

from pydantic import BaseModel
from sphinx.application import Sphinx


def signature(app: Sphinx, what: str, name: str, thing: Any, options: Any, said: str, returned: str) -> Any:
    """Leave out the signature of a section: its fields are in the table of parameters."""
    if what == "class" and isinstance(thing, type) and issubclass(thing, BaseModel):
        return "", ""
    return None


def docstring(app: Sphinx, what: str, name: str, thing: Any, options: Any, said: list[str]) -> None:
    """Let bars stand for themselves: |x| is no substitution."""
    said[:] = [line.replace("|", "\\|") for line in said]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-process-docstring", docstring)
    return {"parallel_read_safe": True}
