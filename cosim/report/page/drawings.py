"""The figures that a page shows, by what they are about, and a line on what is missing of a result."""

from collections.abc import Iterator, Mapping

import pandas as pd

from cosim.compare import Comparison, Summary
from cosim.display.figures.costs import costs_figure
from cosim.display.figures.funnel import funnel_figure
from cosim.display.figures.individuals import individuals_figure
from cosim.display.figures.sensitivity import sensitivity_figure
from cosim.display.style import readable
from cosim.display.words import arm_name, listed, sentences
from cosim.language import Language
from cosim.report.figures import phase_pages
from cosim.report.page.drawing import inline
from cosim.report.page.parts import Figure
from cosim.study import Study


def notice(study: Study, unfinished: str, say: Language) -> str:
    """Return what is missing of a study, and how to complete it; empty if nothing is."""
    said = []
    if study.shortfall:
        said.append(
            say(
                "Unfinished: {done} of {planned} replicates are in every scenario and are used. Run the command below "
                "again to complete them.",
                done=len(study.complete), planned=study.replicates,
            )
        )  # fmt: skip
    if unfinished:
        said.append(say("Missing: {what}", what=unfinished))
    return sentences(*said, no_font(say), say=say)


def no_font(say: Language) -> str:
    """Return that figures are in English, where they are for want of a font; else nothing."""
    if readable(say) is say:
        return ""
    return say("Figures are in English: no font with Chinese was found where this page was made.")


def of_courses(found: Comparison | Summary, say: Language) -> Iterator[Figure]:
    """Yield the course of the main outcomes over time."""
    arms = listed([arm_name(label, say) for label in found.study.labels], say)
    title = say("The main outcomes over time: {arms}", arms=arms)
    about = say("Six panels with a line for each scenario or group, month by month; tables below have the numbers.")
    yield inline(found.plot(say.code), "courses", title, about)


def of_individuals(found: Comparison, say: Language) -> Iterator[Figure]:
    """Yield how differences of the same persons are distributed, if persons were followed."""
    if found.twins.empty:
        return
    drawn = individuals_figure(found.study, found.by_people, found.twins, found.who_gains, say=say)
    about = say("How far single persons gain or lose, by group; the tables above have the numbers.")
    yield inline(drawn, "individuals", say("Who gains, and who loses"), about)


def of_orders(study: Study, say: Language) -> Iterator[Figure]:
    """Yield how many orders reach each stage."""
    about = say("Bars: orders that reach each stage; points: months since they were placed. The table has the numbers.")
    yield inline(funnel_figure(study, say=say), "funnel", say("What becomes of what residents order"), about)


def of_costs(found: Comparison | Summary, say: Language) -> Iterator[Figure]:
    """Yield costs by payer."""
    about = say("A bar for each scenario, in parts by payer; the table below has the numbers.")
    yield inline(costs_figure(found.study, say=say), "costs", say("Costs by payer"), about)


def of_controls(found: Comparison, say: Language) -> Iterator[Figure]:
    """Yield what differences are made of."""
    title = say("What the differences are made of: resources, arrangement, and stages")
    about = say("Points with 95 % intervals for each main outcome; the numbers are in the table below.")
    yield inline(found.plot_controls(say.code), "controls", title, about)


def of_phases(found: Mapping[str, pd.DataFrame], scenario: str, name: str, say: Language) -> Iterator[Figure]:
    """Yield where a scenario wins and loses over the factors, if that can be drawn in a plane."""
    title = say("Where {arm} wins and where it loses, over the factors", arm=arm_name(scenario, say))
    about = say("Blue is better, orange is worse, hatched is not clear; the counts are in the table below.")
    for number, drawn in enumerate(phase_pages(found, scenario, say)):
        yield inline(drawn, f"{name}-{number}", title, about)


def of_indices(indices: pd.DataFrame, scenario: str, against: str, name: str, say: Language) -> Iterator[Figure]:
    """Yield how much each factor moves each outcome."""
    drawn = sensitivity_figure(indices, scenario, against, say=say)
    title = say("How much each factor moves each outcome: {arm}", arm=arm_name(scenario, say))
    about = say("A bar for each factor with its 95 % interval; the table has the numbers.")
    yield inline(drawn, name, title, about)
