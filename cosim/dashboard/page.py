"""The page: one component, drawn anew whenever its visitor's state changes.

Solara makes a `Page` for every tab that is opened, and everything that belongs to a visitor is made inside it.
"""

from itertools import count
from pathlib import Path

import solara
from solara.server.kernel_context import get_current_context

from cosim.dashboard import serving
from cosim.dashboard.guest import Guest
from cosim.dashboard.panels import (
    charts,
    clock,
    door,
    download,
    levers,
    life,
    luck,
    maps,
    month,
    orders,
    tabs,
    top,
)

STYLE = Path(__file__).with_name("style.css")
PANELS = {"outcomes": charts, "orders": orders, "levers": levers, "life": life, "luck": luck, "month": month}
"""What each tab opens."""


@solara.component
def Layout(children: list) -> None:
    """Show the page alone, without Solara's own frame."""
    solara.Div(children=children)


@solara.component
def Page() -> None:
    """Show one visitor's view, or why there is none."""
    beat = solara.use_reactive(0)
    query = solara.use_router().search or ""

    def make() -> Guest:
        tab = get_current_context()

        beats = count(1)

        def changed() -> None:
            with tab:
                beat.set(next(beats))

        return Guest(serving.room(), query, changed)

    guest = solara.use_memo(make, [])
    solara.use_effect(lambda: guest.leave, [])
    _ = beat.value
    visitor = guest.visitor
    with solara.Div(classes=["cosim"]):
        solara.Style(STYLE)
        if visitor is None:
            door.show(guest)
            return
        for part in (top, clock, maps, tabs, download):
            part.show(visitor)
        PANELS[visitor.view.panel].show(visitor)
