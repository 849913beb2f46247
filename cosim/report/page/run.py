"""The page about the runs of one scenario."""

from collections.abc import Iterator, Mapping
from typing import Any

from cosim.compare import Summary
from cosim.display.words import arm_name, number, percent, sentences
from cosim.language import Language
from cosim.outcomes.measures import FEE_TRAP
from cosim.report.page import drawings, sure, tables
from cosim.report.page.comparison import about_runs
from cosim.report.page.orders import about_orders
from cosim.report.page.parts import Page, Paragraph, Part, Section
from cosim.report.page.provenance import provenance
from cosim.report.page.words import commas, in_sentence

TOLD = ("participation", "trust_neighbours", "trust_government", "satisfaction", "fee_collection", "condition")


def run_page(found: Summary, said: Mapping[str, Any], say: Language) -> Page:
    """Return the page of one scenario's runs; `said` is what its study.json says."""
    study, command = found.study, str(said.get("command", ""))
    scenario = study.scenarios[0]
    sections = [
        Section("outcomes", say("What becomes of the place"), list(_outcomes(found, say))),
        Section("whom", say("For whom"), [tables.level_group_table(found, say)]),
        Section("orders", say("What becomes of requests"), list(about_orders(study, say))),
        Section("services", say("Service by service"), [tables.level_service_table(found, say)]),
        Section("costs", say("What it costs, and who pays"), [
            *drawings.of_costs(found, say), tables.level_cost_table(found, say)]),
        Section("sure", say("How sure this is"), [*sure.about_patterns(say), sure.about_parameters(say)]),
        Section("provenance", say("Where this comes from"), list(
            provenance(said, command, study.seed, study.replicates, say))),
    ]  # fmt: skip
    title = say.pick(scenario.title, scenario.title_zh) or arm_name(study.labels[0], say)
    return Page(
        lang=say.pick("en", "zh-Hans"),
        kicker=say("cosim: a simulated community"),
        title=title,
        lead=about_runs(study, say),
        answer=[Paragraph(_answer(found, say), say("In short")), Paragraph(_how_sure(found, say), say("How sure"))],
        sections=[section for section in sections if section.parts],
        notice=drawings.notice(study, "", say),
    )


def _answer(found: Summary, say: Language) -> str:
    """Say where the main outcomes come from and go to, and what it costs."""
    rows = found.outcomes.set_index("outcome")
    items = [
        say("{outcome} from {before} to {after}", outcome=in_sentence(name, say),
            before=number(rows.loc[name, "before"]), after=number(rows.loc[name, "mean"]))
        for name in TOLD
    ]  # fmt: skip
    moved = say("From the year before month 0 to the last year: {outcomes}.", outcomes=commas(items, say))
    cost = say(
        "In all it costs {total} yuan per resident and year: government {government}, partners {partners}, residents "
        "{residents}.",
        total=number(rows.loc["cost_total", "mean"]),
        **{payer: number(rows.loc[f"cost_{payer}", "mean"]) for payer in ("government", "partners", "residents")},
    )  # fmt: skip
    return sentences(moved, cost, say=say)


def _how_sure(found: Summary, say: Language) -> str:
    count = len(found.study.complete)
    runs = say("One run: how much of this is luck is not known.") if count < 2 else \
        say("Means of {count} runs; the table has the lowest and the highest.", count=count)  # fmt: skip
    alone = say("A run says what happens, not why: to learn what a reform does, compare: `cosim compare {scenario}`.",
                scenario=found.study.labels[0])  # fmt: skip
    return sentences(runs, alone, say=say)


def _outcomes(found: Summary, say: Language) -> Iterator[Part]:
    yield from drawings.of_courses(found, say)
    yield tables.level_table(found, say)
    yield Paragraph(tables.trap_sentence(found.fee_trap, percent(FEE_TRAP, say), say))
