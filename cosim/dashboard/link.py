"""A view as a link: `?left=…&right=…&seed=…&month=…&lang=zh` brings back what is on screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cosim.dashboard.frames import MAPPED
from cosim.dashboard.topics import TOPICS
from cosim.language import CODES, Told, told

NO_SCENARIO = "none"
"""Stands in a link for a right side that shows no world."""
GROUPS = "groups"
"""Colours the map by who people are."""
PANELS = ("outcomes", "orders", "levers", "life", "luck", "month")
"""The panels below the maps, of which one is open."""
LARGEST_SEED = 2**31 - 1
MOST_KEYS, LONGEST = 100, 60
"""Keys of a link that are read, and signs of a value that are repeated in a message."""


@dataclass(frozen=True)
class View:
    """What is on screen, as far as a link tells it: scenarios by name, the position, and what is looked at."""

    left: str = "single_centre"
    right: str = "multi_centre"
    seed: int = 1
    month: int = 0
    lang: str = "en"
    colour: str = "trust_neighbours"
    topic: str = "overview"
    panel: str = PANELS[0]
    changes: tuple[str, ...] = ()
    """Levers that were changed, each as `changes.Change` writes it; in a link, `set` for each."""

    def link(self) -> str:
        """Return it as the query of a link, without what is so on every server."""
        usual = View()
        said = {name: getattr(self, name) for name in KEYS}
        kept = [(name, value) for name, value in said.items() if name in OF_SERVERS or value != getattr(usual, name)]
        return "?" + urlencode([*kept, *((SET, change) for change in self.changes)])

    def but(self, **changes: Any) -> "View":
        """Return this view with changes."""
        return replace(self, **changes)


OF_SERVERS = ("left", "right", "seed", "lang")
"""Keys that a server may have started with other values than these."""
SET = "set"
"""Key of a link for a lever that was changed; it may stand several times."""
KEYS = tuple(it.name for it in fields(View) if it.name != "changes")
"""Other keys of a link."""


def choices(names: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return what the keys of a view can be, those with a number left out; `names` are those of scenarios."""
    return {
        "left": names, "right": [*names, NO_SCENARIO], "lang": CODES, "colour": [GROUPS, *MAPPED], "topic": [*TOPICS],
        "panel": PANELS,
    }  # fmt: skip


def whole_number(given: object, most: int) -> int | None:
    """Return a whole number from 0 to `most` that was given as a number or a text; None for anything else."""
    text = str(given).strip()
    found = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else -1
    return found if 0 <= found <= most else None


def view_of(query: str, names: Iterable[str], most: int, usual: View) -> tuple[View, list[Told]]:
    """Return the view of a link's query, and what in it cannot be followed, in words; the rest is as in `usual`.

    `names` are those of scenarios that may be shown, `most` is the largest position.
    """
    view, faults, allowed = usual, list[Told](), choices(list(names))
    ranges = {"seed": LARGEST_SEED, "month": most}
    for key, value in parse_qsl(query.lstrip("?"), keep_blank_values=True)[:MOST_KEYS]:
        if key == SET:
            view = view.but(changes=(*view.changes, value))
            continue
        if key in allowed:
            if value in allowed[key]:
                view = view.but(**{key: value})
                continue
            fault = told("The link asks for {key} “{value}”; there are: {allowed}.", key=key, value=value[:LONGEST],
                        allowed=", ".join(allowed[key]))  # fmt: skip
        elif key in ranges:
            number = whole_number(value, ranges[key])
            if number is not None:
                view = view.but(**{key: number})
                continue
            fault = told("The link asks for {key} “{value}”; it is a whole number from 0 to {most}.", key=key,
                        value=value[:LONGEST], most=ranges[key])  # fmt: skip
        else:
            fault = told("The link has “{key}”, which is not known; there are: {allowed}.", key=key[:LONGEST],
                        allowed=", ".join([*KEYS, SET]))  # fmt: skip
        faults.append(fault)
    return view, faults
