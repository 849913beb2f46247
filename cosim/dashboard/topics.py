"""What the charts show: topics, each with its measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cosim.language import Language
from cosim.outcomes.measures import CATEGORY_MEASURES, GROUPS, MEASURES, Measure
from cosim.world.columns import TARGETS


class Chart(NamedTuple):
    """One chart: a measure of the `whole` compound, or of one of the `groups` or `categories`, `part` its number."""

    measure: str
    of: str = "whole"
    part: int | None = None

    @property
    def declared(self) -> Measure:
        """The declaration of the measure."""
        return CATEGORY_MEASURES[self.measure] if self.of == "categories" else MEASURES[self.measure]


@dataclass(frozen=True)
class Topic:
    """A page of charts; `of` says of what, for topics that have a chart for each group or category."""

    en: str
    zh: str
    measures: tuple[str, ...]
    of: str = "whole"

    def charts(self, categories: Sequence[str]) -> list[Chart]:
        """Return its charts in a world with these categories of service."""
        if self.of == "whole":
            return [Chart(measure) for measure in self.measures]
        parts = range(len(GROUPS if self.of == "groups" else categories))
        return [Chart(measure, self.of, part) for measure in self.measures for part in parts]


TOPICS = {
    "overview": Topic(
        "Overview", "总览",
        ("participation", "trust_neighbours", "trust_government", "satisfaction", "fee_collection", "condition",
         "cost_total", "index"),
    ),
    "participation": Topic(
        "Participation by form", "各种参与",
        ("participation", "deliberating", "coproducing", "voice", "turnout", "keeping", "volunteer_hours", "openings"),
    ),
    "trust": Topic("Trust by target", "对各方的信任", tuple(f"trust_{target}" for target in TARGETS)),
    "groups": Topic(
        "Trust by group", "各群体的信任", ("trust_neighbours", "trust_government", "participation"), "groups",
    ),
    "services": Topic("Condition of services", "各项服务状况", ("condition",), "categories"),
    "fee": Topic(
        "Property fee", "物业费", ("fee_collection", "trust_firm", "firm_effort", "fund", "turnout_owners", "disputes"),
    ),
    "costs": Topic(
        "Cost by payer", "各方成本",
        ("cost_government", "cost_partners", "cost_residents", "volunteer_hours", "cost_total"),
    ),
    "index": Topic(
        "Evaluation index", "综合评价指数",
        ("index", "index_convenience", "index_precision", "index_transparency", "index_low_cost",
         "index_participation"),
    ),
}  # fmt: skip


def chart_title(chart: Chart, categories: Sequence[str], say: Language) -> str:
    """Return the name of a chart; `categories` are those of the world, as labels in the language of `say`."""
    from cosim.display.words import capitalised, group_name

    if chart.of == "categories":
        return categories[chart.part or 0]
    name = capitalised(say.label(chart.declared))
    if chart.of == "groups":
        return say("{measure}, {group}", measure=name, group=group_name(GROUPS[chart.part or 0], say))
    return name
