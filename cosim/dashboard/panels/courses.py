"""Small courses: measures of both worlds month by month, each with its number, for panels that show several things."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import solara

from cosim.dashboard.panels.charts import INKS
from cosim.dashboard.visitor import Visitor
from cosim.display.words import number


class Course(NamedTuple):
    """One measure: its name, unit and meaning in the visitor's language, its bounds, and a course for each world.

    `values` is float32[worlds, months], NaN where there is none; months go up to the furthest that has been computed.
    """

    title: str
    unit: str
    meaning: str
    bounds: tuple[float, float | None]
    values: np.ndarray


@solara.component_vue("courses.vue", vuetify=False)
def Courses(
    label: str,
    courses: list[dict[str, Any]],
    names: list[str],
    colours: list[str],
    values: bytes,
    position: int,
    last: int,
) -> None:
    """Draw them."""


def show_courses(visitor: Visitor, label: str, courses: Sequence[Course]) -> None:
    """Show courses beside each other."""
    worlds = visitor.worlds
    Courses(
        label=label, names=[visitor.title(side) for side in visitor.sides], colours=list(INKS),
        courses=[
            {"title": it.title, "unit": it.unit, "meaning": it.meaning, "bounds": it.bounds,
             "numbers": [number(float(one[worlds.position])) for one in it.values]}
            for it in courses
        ],
        values=np.array([it.values for it in courses], np.float32).tobytes(), position=worlds.position,
        last=worlds.last,
    )  # fmt: skip
