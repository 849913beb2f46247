"""The maps: the compound of the left world, of the right one, and their difference."""

from collections.abc import Callable
from typing import Any

import numpy as np
import solara
from matplotlib import colormaps
from matplotlib.colors import LinearSegmentedColormap, to_hex

from cosim.dashboard.frames import MAPPED, NOBODY, STEPS, Frame, same_person
from cosim.dashboard.link import GROUPS as BY_GROUP
from cosim.dashboard.link import NO_SCENARIO
from cosim.dashboard.panels import parts
from cosim.dashboard.visitor import SIDES, Visitor
from cosim.display.style import COLOURS
from cosim.display.words import arm_name, capitalised, group_name
from cosim.language import Language
from cosim.outcomes.measures import GROUPS, MEASURES

SHADES = [to_hex(colormaps["RdYlBu"](0.04 + 0.92 * step / STEPS)) for step in range(STEPS + 1)]
"""Colours from little (red) to much (blue) of what is good, which people with any colour vision can tell apart."""
_APART = LinearSegmentedColormap.from_list("apart", ["#4FB3FF", "#2C6E9E", "#5A5F64", "#B5571C", "#FF9240"])
APART = [to_hex(_APART(step / STEPS)) for step in range(STEPS + 1)]
"""Colours from less in the right world (blue) by none (grey) to more (orange)."""
FULL = 0.25
"""Difference from which on the colour is the fullest."""


@solara.component_vue("maps.vue", vuetify=False)
def Maps(
    words: dict[str, str],
    names: list[dict[str, Any]],
    colours: list[dict[str, str]],
    colour: str,
    scenarios: list[dict[str, str]],
    legends: list[dict[str, Any]],
    palettes: list[list[str]],
    plan: bytes,
    size: list[float],
    counts: list[int],
    dots: bytes,
    chosen: int,
    tied: list[int],
    building: int,
    event_look: Callable[[dict[str, str]], None],
    event_choose: Callable[[dict[str, str]], None],
    event_pick: Callable[[dict[str, int]], None],
) -> None:
    """Draw them."""


def show(visitor: Visitor) -> None:
    """Show the maps."""
    say, view, worlds, plan = visitor.say, visitor.view, visitor.worlds, visitor.plan
    now = worlds.now if worlds.ready else []
    measures = {name: capitalised(say.label(MEASURES[name])) for name in MAPPED}
    words = {
        "maps": say("Maps of the compound"), "colour": say("Colour by"), "left": say("Left scenario"),
        "right": say("Right scenario"), "difference": say("Difference: right minus left"),
        "warming": say("The shared warm-up is under way"),
        "hint": say(
            "Click on a resident or a building; with the keyboard: arrows, Enter for the resident, B for the building"
        ),
    }  # fmt: skip
    names = [{"side": side, "name": getattr(view, side), "changed": visitor.sides[side].changed}
             for side in visitor.sides]  # fmt: skip
    scenarios = [{"name": name, "label": capitalised(arm_name(name, say))} for name in visitor.names]
    colours = [{"name": BY_GROUP, "label": say("Groups of residents")}]
    colours += [{"name": name, "label": label} for name, label in measures.items()]
    Maps(
        words=words, names=names, colours=colours, colour=view.colour,
        scenarios=[*scenarios, {"name": NO_SCENARIO, "label": say("None: one world alone")}],
        legends=_legends(view.colour, now, say), palettes=_palettes(view.colour),
        plan=plan.as_bytes() if plan else b"", size=list(plan.size) if plan else [],
        counts=[len(plan.buildings), len(plan.homes), len(plan.people)] if plan else [],
        dots=_dots(now, view.colour), chosen=visitor.picked.row, tied=visitor.tied(), building=visitor.picked.building,
        event_look=visitor.look,
        event_choose=parts(visitor.choose, "side", "name"),
        event_pick=parts(visitor.pick, "row", "building"),
    )  # fmt: skip


def _palettes(colour: str) -> list[list[str]]:
    """Return the colours of values, by number: of either world, and of the difference."""
    return [list(COLOURS[: len(GROUPS)]) if colour == BY_GROUP else _shades(colour), APART]


def _shades(colour: str) -> list[str]:
    """Return the colours from little to much of a measure: blue is the better end of each."""
    return SHADES if MEASURES[colour].better >= 0 else SHADES[::-1]


def _dots(now: list[Frame], colour: str) -> bytes:
    """Return the number of each row's colour, uint8[maps, rows], `NOBODY` where none is drawn."""
    if not now:
        return b""
    if colour == BY_GROUP:
        parts = [frame.group for frame in now]
        if len(now) == len(SIDES):
            same = same_person(now[0], now[1])
            parts.append(np.where(same, STEPS // 2, NOBODY).astype(np.uint8))
        return np.concatenate(parts).tobytes()
    parts = [frame.people[MAPPED.index(colour)] for frame in now]
    if len(now) == len(SIDES):
        parts.append(apart(now[0], now[1], MAPPED.index(colour)))
    return np.concatenate(parts).tobytes()


def apart(left: Frame, right: Frame, measure: int) -> np.ndarray:
    """Return how much more each person has in the right world, uint8[rows]: `STEPS` / 2 is no difference.

    `NOBODY` where it is not the same person in both.
    """
    more = right.people[measure].astype(np.int16) - left.people[measure]
    scaled = STEPS // 2 + np.clip(np.sign(more) * np.ceil(np.abs(more) * (0.5 / FULL)), -STEPS // 2, STEPS // 2)
    return np.where(same_person(left, right), scaled, NOBODY).astype(np.uint8)


def _legends(colour: str, now: list[Frame], say: Language) -> list[dict[str, Any]]:
    """Return what the colours mean, for either world and for the difference."""
    if colour == BY_GROUP:
        keys = [{"colour": COLOURS[k], "label": group_name(group, say)} for k, group in enumerate(GROUPS)]
        world: dict[str, Any] = {"keys": keys}
        both: dict[str, Any] = {"keys": [{"colour": APART[STEPS // 2], "label": say("same person in both worlds")}]}
    else:
        world = {"ramp": _shades(colour)[::16], "low": "0", "high": "1"}
        both = {"ramp": APART[::16], "low": f"−{FULL:g}", "high": f"+{FULL:g}"}
    return [world, both] if len(now) == len(SIDES) else [world]
