"""A file that the visitor asked for, handed to the browser."""

import solara

from cosim.dashboard.visitor import Visitor


@solara.component_vue("download.vue", vuetify=False)
def Download(number: int, name: str, text: str) -> None:
    """Hand it over when its number changes."""


def show(visitor: Visitor) -> None:
    """Hand over the file that was asked for last."""
    file = visitor.file
    Download(number=file.number, name=file.name, text=file.text)
