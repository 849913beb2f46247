"""How sure a page's numbers are: plausible worlds, patterns that hold and fail, parameters that are assumed."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from cosim.compare import Comparison
from cosim.display.words import NOTHING, arm_name, headline, interval, measure_name, percent, signed
from cosim.language import Language
from cosim.patterns import shipped_patterns
from cosim.report.page.parts import Command, Paragraph, Part, Row, Table
from cosim.report.page.words import commas
from cosim.scenario import load_scenario, shipped_scenarios
from cosim.scenario.field import Mark
from cosim.scenario.keys import schema_keys
from cosim.scenario.reading import shipped_folder
from cosim.scenario.schema import Scenario

WORDS = ("name", "title", "title_zh", "description")
EFFECTS = Path("ensemble", "effects.csv")
RATES = Path("ensemble", "patterns.csv")
PATTERNS = Path("patterns", "patterns.json")
"""Files of shipped results, below their folder."""


def effects_of(first: Scenario, other: Scenario) -> pd.DataFrame:
    """Return what the shipped ensemble says of two scenarios, by outcome; no rows if it was not asked about them.

    They have to be what is shipped under the ensemble's names, but for texts and the number of replicates.
    """
    file = shipped_folder("results") / EFFECTS
    if not file.is_file():
        return pd.DataFrame()
    effects = pd.read_csv(file)
    for (name, against), rows in effects.groupby(["scenario", "against"], sort=False):
        if {name, against} <= set(shipped_scenarios()) and all(
            _content(arm) == _content(load_scenario(str(shipped))) for arm, shipped in ((first, against), (other, name))
        ):
            return rows.set_index("outcome")
    return pd.DataFrame()


def _content(scenario: Scenario) -> str:
    """Return all of a scenario that decides a run."""
    return scenario.model_dump_json(exclude={**dict.fromkeys(WORDS, True), "study": {"replicates"}})


def world_table(effects: pd.DataFrame, label: str, say: Language) -> Table:
    """Return what a scenario changes over the shipped plausible worlds."""
    worlds = int(effects["worlds"].max())
    note = say(
        "Raises and lowers: share of worlds in which the difference is more than luck. A world is a set of parameters "
        "that gives the compound without a reform as it is known."
    )
    caption = say("In {worlds} plausible worlds: {arm}", worlds=worlds, arm=arm_name(label, say))
    return _worlds(effects, caption, note, say)


def own_world_table(found: Comparison, label: str, say: Language) -> Table:
    """Return what a scenario changes over the worlds in which a comparison was run, one pair in each."""
    rows = found.over_worlds
    rows = rows[rows["scenario"] == label].set_index("outcome")
    note = say("Raises and lowers: share of pairs in which the difference is above or below zero, luck in it.")
    pairs = int(rows["pairs"].max())
    caption = say("In {pairs} pairs, each in a plausible world: {arm}", pairs=pairs, arm=arm_name(label, say))
    return _worlds(rows, caption, note, say)


def _worlds(rows: pd.DataFrame, caption: str, note: str, say: Language) -> Table:
    lines = []
    for name in (name for name in headline() if name in rows.index):
        row = rows.loc[name]
        size = max(abs(row["low"]), abs(row["high"]))
        cells = signed(row["median"], size), interval(row["low"], row["high"], size, say)
        shares = [NOTHING if math.isnan(row[kind]) else percent(row[kind], say) for kind in ("raises", "lowers")]
        lines.append(Row(measure_name(name, say), [*cells, *shares]))
    head = say("outcome"), say("median"), say("90 % of worlds"), say("raises in"), say("lowers in")
    return Table(caption, head, lines, note)


def about_patterns(say: Language) -> Iterator[Part]:
    """Yield which observed patterns the model meets, from shipped results; how to ask where they are missing."""
    verdicts, rates = _verdicts(), _rates(say)
    if not verdicts and not rates:
        yield Paragraph(say("How the model stands against observed patterns is asked by:"))
        yield Command("cosim patterns")
        return
    titles = {pattern.id: pattern for pattern in shipped_patterns() if pattern.kind == "validation"}
    lines = []
    for name in (name for name in titles if name in verdicts or name in rates):
        title = f"{name}  {say.pick(titles[name].title, titles[name].title_zh)}"
        known = [_verdict_word(verdicts.get(name, ""), say)] if verdicts else []
        lines.append(Row(title, [*known, *([rates.get(name, NOTHING)] if rates else [])]))
    if counts := validation():
        yield Paragraph(
            say(
                "Of {count} patterns that were observed elsewhere and that nobody tuned for, the model with its "
                "shipped parameters meets {passed}, misses {failed}, and {undecided} are undecided.",
                count=counts.total(), passed=counts["pass"], failed=counts["fail"], undecided=counts["undecided"],
            )
        )  # fmt: skip
    head = [
        say("pattern"), *([say("verdict")] if verdicts else []), *([say("worlds in which it holds")] if rates else []),
    ]  # fmt: skip
    yield Table(say("Patterns that were observed"), head, lines, say("Why a pattern is missed: docs/patterns.md."))


def validation() -> Counter[str]:
    """Count the verdicts on patterns that nobody tuned for, at the shipped values; empty if there is no such result."""
    verdicts = _verdicts()
    asked = [pattern.id for pattern in shipped_patterns() if pattern.kind == "validation"]
    return Counter(verdicts[name] for name in asked if name in verdicts)


def _verdicts() -> dict[str, str]:
    """Return the verdict on each pattern at the shipped values; empty if there is no such result."""
    file = shipped_folder("results") / PATTERNS
    if not file.is_file():
        return {}
    records: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {record["id"]: record["verdict"] for record in records}


def _rates(say: Language) -> dict[str, str]:
    """Return in what share of plausible worlds each pattern holds."""
    file = shipped_folder("results") / RATES
    if not file.is_file():
        return {}
    rows = pd.read_csv(file)
    last = rows.groupby("pattern", sort=False).tail(1).set_index("pattern")["holds"]
    return {str(name): NOTHING if math.isnan(share) else percent(share, say) for name, share in last.items()}


def _verdict_word(verdict: str, say: Language) -> str:
    return {"pass": say("met"), "fail": say("missed"), "undecided": say("undecided")}.get(verdict, NOTHING)


def about_parameters(say: Language) -> Paragraph:
    """Say how many parameters were read in a source, and how many assumed."""
    names = {
        "read": say("read in a source"), "derived": say("derived from one"), "calibrated": say("calibrated"),
        "assumed": say("assumed"),
    }  # fmt: skip
    marks = Counter(key.about["mark"] for key in schema_keys(Scenario))
    items = [say("{count} {how}", count=marks[mark], how=names[mark]) for mark in get_args(Mark)]
    return Paragraph(
        say(
            "Of the {count} parameters of the model, defaults are: {items}. `cosim schema --format table` gives each "
            "with its source.",
            count=sum(marks.values()), items=commas(items, say),
        ),
        say("Parameters"),
    )  # fmt: skip


