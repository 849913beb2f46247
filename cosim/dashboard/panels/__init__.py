"""The parts of the page: each file has a `show(visitor)`, and beside it the Vue template that draws it."""

from collections.abc import Callable
from typing import Any


def parts(act: Callable[..., object], *names: str) -> Callable[[object], None]:
    """Return what an event calls: `act` with these parts of what a browser sent, None for each that is not there."""

    def heard(sent: object) -> None:
        known: dict[str, Any] = sent if isinstance(sent, dict) else {}
        act(*(known.get(name) for name in names))

    return heard
