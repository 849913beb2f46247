"""What residents meet: the fields of `cosim.world.circumstances`, and whether a month forgets them."""

import ast
import inspect
from itertools import pairwise

import numpy as np

from cosim.world.circumstances import Circumstances
from generated import table


def lines() -> str:
    """Return a table of the fields."""
    rows = [(f"`{name}`", about, "forgotten" if name in _forgotten() else "as it was") for name, about in _fields()]
    return table(("field", "what it is", "at the opening of a month"), rows)


def _fields() -> list[tuple[str, str]]:
    """Return the fields with the text below each."""
    (declared,) = ast.parse(inspect.getsource(Circumstances)).body
    assert isinstance(declared, ast.ClassDef)
    return [
        (str(field.target.id), str(text.value.value))
        for field, text in pairwise(declared.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    ]  # fmt: skip


def _forgotten() -> set[str]:
    """Return the fields that the opening of a month sets anew, whatever they were."""
    met, fresh = Circumstances(2, 3), Circumstances(2, 3)
    before = {name: value + 1 if np.size(value) and value is not None else value for name, value in vars(met).items()}
    for name, value in before.items():
        setattr(met, name, value if np.size(value) else np.ones((1, *np.shape(value)[1:]), np.int64))
    met.open_month()
    return {name for name, value in vars(fresh).items() if np.array_equal(getattr(met, name), value, equal_nan=True)}
