"""A view as a link: `?left=…&right=…&seed=…&month=…&lang=zh` brings back what is on screen."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from cosim.dashboard.frames import MAPPED
from cosim.dashboard.topics import TOPICS
from cosim.language import CODES, Language

NO_SCENARIO = "none"
"""Stands in a link for a right side that shows no world."""
GROUPS = "groups"
"""Colours the map by who people are."""
PANELS = ("outcomes", "orders", "levers", "life", "luck", "month")
"""The panels below the maps, of which one is open."""
LARGEST_SEED = 2**31 - 1


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

    def link(self) -> str:
        """Return it as the query of a link, without what is so anyway."""
        usual = View()
        said = {it.name: getattr(self, it.name) for it in fields(self)}
        kept = {name: value for name, value in said.items() if name == "lang" or value != getattr(usual, name)}
        return "?" + urlencode(kept)


def view_of(query: str, known: Iterable[str], most: int, usual: View, say: Language) -> tuple[View, list[str]]:
    """Return the view of a link's query, and what in it cannot be followed, in words; the rest is as in `usual`.

    `known` are the names of scenarios that may be shown, `most` is the largest position.
    """
    names, view, faults = list(known), usual, list[str]()
    for key, value in parse_qsl(query.lstrip("?"), keep_blank_values=True)[:50]:
        allowed = {
            "left": names, "right": [*names, NO_SCENARIO], "lang": list(CODES),
            "colour": [GROUPS, *MAPPED], "topic": list(TOPICS), "panel": list(PANELS),
        }  # fmt: skip
        ranges = {"seed": LARGEST_SEED, "month": most}
        if key in allowed and value in allowed[key]:
            view = replace(view, **{key: value})
        elif key in ranges and value.isascii() and value.isdigit() and int(value[:20]) <= ranges[key]:
            view = replace(view, **{key: int(value)})
        elif key in allowed:
            faults.append(
                say("The link asks for {key} “{value}”; there are: {allowed}.", key=key, value=value[:60],
                    allowed=", ".join(allowed[key]))
            )  # fmt: skip
        elif key in ranges:
            faults.append(
                say("The link asks for {key} “{value}”; it goes from 0 to {most}.", key=key, value=value[:60],
                    most=ranges[key])
            )  # fmt: skip
        else:
            faults.append(
                say("The link has a key “{key}” that is not known; there are: {allowed}.", key=key[:60],
                    allowed=", ".join(it.name for it in fields(View)))
            )  # fmt: skip
    return view, faults
