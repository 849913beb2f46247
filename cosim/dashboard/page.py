"""The page: one component, drawn anew whenever its visitor's state changes.

Solara makes a `Page` for every tab that is opened, and everything that belongs to a visitor is made inside it.
"""

from pathlib import Path

import solara

from cosim.dashboard import serving
from cosim.dashboard.panels import charts, clock, download, levers, life, maps, month, orders, tabs, top
from cosim.dashboard.visitor import Visitor

STYLE = Path(__file__).with_name("style.css")
PANELS = {"outcomes": charts, "levers": levers, "life": life, "orders": orders, "month": month}
"""What each tab opens."""


@solara.component
def Layout(children: list) -> None:
    """Show the page alone, without Solara's own frame."""
    solara.Div(children=children)


@solara.component
def Page() -> None:
    """Show one visitor's view."""
    beat = solara.use_reactive(0)
    query = solara.use_router().search or ""

    def make() -> Visitor:
        return Visitor(serving.room(), query, lambda: beat.set(beat.peek() + 1))

    visitor = solara.use_memo(make, [])
    _ = beat.value
    with solara.Div(classes=["cosim"]):
        solara.Style(STYLE)
        for part in (top, clock, maps, tabs, download):
            part.show(visitor)
        if visitor.view.panel in PANELS:
            PANELS[visitor.view.panel].show(visitor)
