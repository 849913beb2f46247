"""How autodoc shows what is ours: docstrings in plain text with `code`, sections of a scenario without their fields."""

import re
from typing import Any

from pydantic import BaseModel
from sphinx.application import Sphinx

OUTSIDE_CODE = re.compile(r"[|@](?=(?:[^`]*`[^`]*`)*[^`]*$)")
"""What reStructuredText would read as more than a character."""


def signature(app: Sphinx, what: str, name: str, thing: Any, options: Any, said: str, returned: str) -> Any:
    """Leave out the signature of a section: its fields are in the table of parameters."""
    if what == "class" and isinstance(thing, type) and issubclass(thing, BaseModel):
        return "", ""
    return None


def docstring(app: Sphinx, what: str, name: str, thing: Any, options: Any, said: list[str]) -> None:
    """Let bars and at-signs stand for themselves: |x| is no substitution, and heating@56 no address."""
    said[:] = [OUTSIDE_CODE.sub(r"\\\g<0>", line) for line in said]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-process-docstring", docstring)
    return {"parallel_read_safe": True}
