"""The page about a comparison: what the other scenarios change against the first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from cosim.compare import Comparison
from cosim.compare.forms import FORMS
from cosim.display.words import arm_name, capitalised, listed, percent, sentences
from cosim.language import Language
from cosim.outcomes.measures import FEE_TRAP, MEASURES
from cosim.report.page import answer, drawings, sure, tables
from cosim.report.page.differing import in_full, in_short
from cosim.report.page.in_three import in_three
from cosim.report.page.orders import about_orders
from cosim.report.page.parts import Command, Page, Paragraph, Part, Section
from cosim.report.page.provenance import provenance
from cosim.report.page.words import commas

NO_REFORM = "no_reform"
"""Label of an arm that no file has: the other arm's compound without a reform."""


def comparison_page(found: Comparison, said: Mapping[str, Any], say: Language) -> Page:
    """Return the page of a comparison; `said` is what its study.json says."""
    study, command = found.study, str(said.get("command", ""))
    others = study.labels[1:]
    names = listed([arm_name(label, say) for label in others], say)
    against = arm_name(study.labels[0], say)
    effects = {label: sure.effects_of(study.scenarios[0], scenario) for label, scenario in _others(found)}
    sections = [
        Section("scenarios", say("What is compared"), list(_scenarios(found, say))),
        Section("changes", say("What changes"), list(_changes(found, say))),
        Section("whom", say("For whom"), list(_whom(found, say))),
        Section("orders", say("What becomes of requests"), list(about_orders(study, say))),
        Section("costs", say("What it costs, and who pays"), list(_costs(found, say))),
        Section("services", say("Service by service"), [tables.service_table(found, label, say) for label in others]),
        Section("arrangement", say("Money or arrangement"), list(_arrangement(found, command, say))),
        Section("sure", say("How sure this is"), list(_sure(found, effects, command, say))),
        Section("levers", say("Every lever and its price"), list(_levers(found, say))),
        Section("provenance", say("Where this comes from"), list(
            provenance(said, command, study.seed, study.replicates, say))),
    ]  # fmt: skip
    return Page(
        lang=say.pick("en", "zh-Hans"),
        kicker=say("cosim: a comparison by simulation"),
        title=say("What does {arm} change against {against}?", arm=names, against=against),
        lead=about_runs(study, say),
        answer=[part for label in others for part in _answer(found, label, effects[label], say)],
        sections=[section for section in sections if section.parts],
        notice=drawings.notice(study, found.unfinished, say),
    )


def _others(found: Comparison) -> Iterator[tuple[str, Any]]:
    """Yield label and scenario of every arm but the first."""
    yield from zip(found.labels[1:], found.study.scenarios[1:], strict=True)


def about_runs(study: Any, say: Language) -> str:
    """Say what was run: people, months, how often."""
    scenario, count = study.scenarios[0], len(study.complete)
    place = say(
        "{residents} residents in {households} households and {buildings} buildings; {warmup} months of shared "
        "history, then {months} months.",
        residents=f"{scenario.population.residents:,}", households=f"{scenario.population.households:,}",
        buildings=scenario.population.buildings, warmup=scenario.study.warmup_months, months=scenario.study.months,
    )  # fmt: skip
    if len(study.labels) == 1:
        runs = say.many("{count} run, seed {seed}.", "{count} runs, seed {seed}.", count, seed=study.seed)
    else:
        runs = say.many(
            "{count} pair of runs with the same people, history and luck, seed {seed}.",
            "{count} pairs of runs with the same people, history and luck, seed {seed}.",
            count, seed=study.seed,
        )  # fmt: skip
    return sentences(place, runs, say=say)


def _answer(found: Comparison, label: str, effects: pd.DataFrame, say: Language) -> Iterator[Part]:
    """Yield the answer about one scenario, in three sentences."""
    for sentence in in_three(found, label, effects, say):
        yield Paragraph(capitalised(sentence))


def _separated(found: Comparison, command: str, say: Language) -> str:
    """Say how resources and arrangement are told apart."""
    if len(found.labels) > 2 or found.study.worlds:
        two = [label for label in found.labels[:2] if label != NO_REFORM]
        return say(
            "What comes from money and what from arrangement was not separated here. It can be for two scenarios in "
            "one world: `cosim compare {scenarios} --controls`.",
            scenarios=" ".join(two),
        )  # fmt: skip
    return say(
        "What comes from money and what from arrangement was not separated here. This separates it: "
        "`{command} --controls`.",
        command=again(found, command),
    )  # fmt: skip


def again(found: Comparison, command: str) -> str:
    """Return the command that repeats a comparison; from its scenarios' names if none is known."""
    return command or f"cosim compare {' '.join(label for label in found.labels if label != NO_REFORM)}"


def _scenarios(found: Comparison, say: Language) -> Iterator[Part]:
    first = found.study.scenarios[0]
    yield Paragraph(say.pick(first.title, first.title_zh), capitalised(arm_name(found.labels[0], say)))
    for label, scenario in _others(found):
        yield from in_short(found.study.scenarios[0], scenario, label, say)


def _levers(found: Comparison, say: Language) -> Iterator[Part]:
    for label, scenario in _others(found):
        yield from in_full(found.study.scenarios[0], scenario, label, say)


def _changes(found: Comparison, say: Language) -> Iterator[Part]:
    yield from drawings.of_courses(found, say)
    for label in found.labels[1:]:
        rows = tables.of(found.outcomes, label).set_index("outcome")
        arm, against = arm_name(label, say), arm_name(found.labels[0], say)
        text, items = answer.what_changes(rows, arm, against, say)
        yield Paragraph(text, items=items)
        yield tables.outcome_table(found, label, say)
    if len(found.forms) < len(FORMS):
        yield Paragraph(_about_forms(found.forms, say))
    yield Paragraph(tables.trap_sentence(found.fee_trap, percent(FEE_TRAP, say), say))


def _about_forms(forms: Sequence[str], say: Language) -> str:
    """Say what counts as participation where not every form is open in every arm."""
    if not forms:
        return say("Participation is not compared: no form of it is open in every scenario at the end.")
    counted = commas([say.label(MEASURES[form]) for form in forms], say)
    return say("Participation counts {forms} alone: other forms are not open in every scenario.", forms=counted)


def _whom(found: Comparison, say: Language) -> Iterator[Part]:
    for label in found.labels[1:]:
        groups = tables.of(found.by_group, label).set_index(["group", "outcome"])
        twins = found.twins if found.twins.empty else tables.of(found.twins, label).set_index("outcome")
        yield Paragraph(answer.for_whom(groups, twins, say), _named(found, label, say))
        yield tables.group_table(found, label, say)
        if len(found.twins):
            yield tables.person_table(found, label, say)
            extremes = tables.extremes_table(found, label, say)
            if extremes is not None:
                yield extremes
    yield from drawings.of_individuals(found, say)


def _costs(found: Comparison, say: Language) -> Iterator[Part]:
    yield from drawings.of_costs(found, say)
    for label in found.labels[1:]:
        rows = tables.of(found.outcomes, label).set_index("outcome")
        yield Paragraph(answer.at_what_cost(rows, say), _named(found, label, say))
        yield tables.cost_table(found, label, say)


def _named(found: Comparison, label: str, say: Language) -> str:
    """Return the name of a scenario as the head of a paragraph, where there are several."""
    return capitalised(arm_name(label, say)) if len(found.labels) > 2 else ""


def _arrangement(found: Comparison, command: str, say: Language) -> Iterator[Part]:
    if found.split.empty:
        yield Paragraph(_separated(found, command, say))
        return
    arm = arm_name(found.labels[1], say)
    yield Paragraph(answer.resources_or_arrangement(found.resources, found.split, arm, say))
    yield from drawings.of_controls(found, say)
    yield tables.split_table(found, say)


def _sure(found: Comparison, effects: Mapping[str, pd.DataFrame], command: str, say: Language) -> Iterator[Part]:
    study = found.study
    rows = tables.of(found.outcomes, found.labels[1]).set_index("outcome")
    yield Paragraph(answer.how_sure(rows, len(study.complete), say), say("Luck"))
    if study.worlds:
        for label in found.labels[1:]:
            own = tables.of(found.over_worlds, label).set_index("outcome")
            yield Paragraph(answer.in_worlds(own, min(len(study.worlds), int(own["pairs"].max())), say))
            yield sure.own_world_table(found, label, say)
    else:
        for label in found.labels[1:]:
            if len(effects[label]):
                yield Paragraph(answer.in_worlds(effects[label], int(effects[label]["worlds"].max()), say))
                yield sure.world_table(effects[label], label, say)
        if not any(map(len, effects.values())):
            yield Paragraph(say("In plausible worlds, with other parameters, it is compared by:"))
            yield Command(f"{again(found, command)} --ensemble")
    yield from sure.about_patterns(say)
    yield sure.about_parameters(say)
