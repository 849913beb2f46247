"""The tabs below the maps: which panel is open."""

from collections.abc import Callable

import solara

from cosim.dashboard.visitor import Visitor
from cosim.language import Language


@solara.component_vue("tabs.vue", vuetify=False)
def Tabs(
    label: str, tabs: list[dict[str, str]], chosen: str, event_look: Callable[[dict[str, str]], None]
) -> None:
    """Draw them."""


def show(visitor: Visitor) -> None:
    """Show the tabs."""
    labels = panel_names(visitor.say)
    Tabs(
        label=visitor.say("Panels"), tabs=[{"name": name, "label": label} for name, label in labels.items()],
        chosen=visitor.view.panel, event_look=visitor.look,
    )  # fmt: skip


def panel_names(say: Language) -> dict[str, str]:
    """Return the panels by name, as a visitor knows them."""
    return {
        "outcomes": say("Outcomes"), "orders": say("Orders"), "levers": say("Change the world"),
        "life": say("Resident and building"), "luck": say("Is it luck?"), "month": say("How a month goes"),
    }  # fmt: skip
