"""The charts: measures of both worlds month by month, their difference filled in, and told in numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import solara

from cosim.dashboard.frames import course
from cosim.dashboard.topics import TOPICS, Chart, chart_title
from cosim.dashboard.visitor import Visitor
from cosim.display.style import COLOURS
from cosim.display.words import capitalised, number, signed
from cosim.language import Language

INKS = ("#005B90", "#A34700")
"""The colours of both sides, dark enough for type."""


@solara.component_vue("charts.vue", vuetify=False)
def Charts(
    words: dict[str, str],
    topics: list[dict[str, str]],
    topic: str,
    charts: list[dict[str, Any]],
    numbers: list[list[str]],
    lang: str,
    names: list[str],
    colours: list[str],
    inks: list[str],
    values: bytes,
    position: int,
    latest: int,
    last: int,
    event_look: Callable[[dict[str, str]], None],
    event_csv: Callable[[Any], None],
) -> None:
    """Draw them."""


def show(visitor: Visitor) -> None:
    """Show the charts of the topic that is looked at."""
    say, worlds, view = visitor.say, visitor.worlds, visitor.view
    scenario = visitor.sides["left"].scenario
    services = [say.pick(it.label, it.label_zh) for it in scenario.categories.values()]
    charts = TOPICS[view.topic].charts(services)
    frames = worlds.frames if worlds.ready else ()
    values = [[course(kept, it.measure, it.part, of=it.of) for kept in frames] for it in charts]
    here = worlds.position
    words = {
        "charts": say("Charts"), "topic": say("Topic"), "month": say("Month"), "more": say("right is higher"),
        "less": say("right is lower"), "csv": say("Months as CSV"),
    }  # fmt: skip
    Charts(
        words=words, topics=[{"name": name, "label": say.label(topic)} for name, topic in TOPICS.items()],
        topic=view.topic,
        charts=[_about(it, services, say) for it in charts],
        numbers=[_numbers([float(one[here]) for one in both]) for both in values] if frames else [],
        lang=view.lang, names=[visitor.title(side) for side in visitor.sides], colours=list(COLOURS[:2]),
        inks=list(INKS), values=np.array(values, np.float32).tobytes() if frames else b"", position=here,
        latest=worlds.latest, last=worlds.last, event_look=visitor.look, event_csv=lambda _: visitor.give_months(),
    )  # fmt: skip


def _about(chart: Chart, services: list[str], say: Language) -> dict[str, Any]:
    meaning = capitalised(say(chart.declared.meaning))
    title, bounds = chart_title(chart, services, say), chart.declared.bounds
    return {"title": title, "unit": _unit(chart, say), "bounds": bounds, "meaning": meaning}


def _unit(chart: Chart, say: Language) -> str:
    unit = chart.declared.unit_of_level if chart.of == "whole" else chart.declared.unit
    return say(unit)


def _numbers(levels: list[float]) -> list[str]:
    """Return levels of a month as text, and behind two their difference."""
    said = [number(level) for level in levels]
    if len(levels) == 1:
        return said
    apart = levels[1] - levels[0]
    return [*said, "0" if apart == 0 else signed(apart, max(levels, key=abs))]
