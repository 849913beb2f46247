"""What an export says of itself: what came out at a glance, where it comes from, and the dictionary of its columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cosim.compare.comparison import Comparison
from cosim.compare.saved import Result
from cosim.compare.summary import Summary
from cosim.display.words import arm_name, headline
from cosim.export.dictionary import OUTCOME, OWN, Parts, declared, words_of
from cosim.export.statistics_packages import variable_names
from cosim.export.tables import Laid, Tables, laid
from cosim.language import Language, language
from cosim.outcomes.measures import MEASURES
from cosim.study.sweep import StudyFolder
from cosim.study.tables import Declared
from cosim.version import VERSION

COMPARED: Sequence[str] = ("scenario", OUTCOME, "unit", "mean_a", "mean_b", "difference", "low", "high", "p_holm", "n")
SUMMARISED: Sequence[str] = (OUTCOME, "unit", "before", "mean", "lowest", "highest", "n")
SWEPT: Sequence[str] = ("scenario", OUTCOME, "unit", "lowest", "mean", "highest")
"""Columns of the table at the front, for a comparison, runs of one scenario, and a sweep."""


def glance(result: Result, tables: Tables, say: Language) -> Laid:
    """Return the headline outcomes, named as people read them."""
    if isinstance(result, StudyFolder):
        frame = _levels(result)[list(SWEPT)]
    else:
        columns = COMPARED if isinstance(result, Comparison) else SUMMARISED
        frame = result.outcomes.loc[result.outcomes[OUTCOME].isin(headline()), list(columns)].copy()
    for name in ("unit", "scenario", OUTCOME):
        if name in frame:
            column = declared("outcomes", name)
            frame[name] = [words_of(column, word, tables.parts, say) for word in frame[name]]
    return laid("outcomes", frame, tables.parts)


def _levels(study: StudyFolder) -> pd.DataFrame:
    """Return least, mean and largest of every outcome over a sweep's finished runs, by scenario."""
    outcomes = list(study.experiment.outcomes)
    runs = study.runs
    long = runs[runs["status"] == "done"].melt(["scenario"], outcomes, OUTCOME)
    found = long.groupby(["scenario", OUTCOME], sort=False)["value"].agg(["min", "mean", "max"])
    found.columns = pd.Index(["lowest", "mean", "highest"])
    found = found.reset_index()
    return found.assign(unit=[declared("runs", outcome).unit for outcome in found[OUTCOME]])


def provenance(result: Result, command: str, missing: Sequence[str], say: Language) -> list[tuple[str, str]]:
    """Return what is told of where an export comes from; no time and no place."""
    if isinstance(result, StudyFolder):
        rows = _of_sweep(result, say)
    else:
        study = result.study
        rows = [
            (say("Scenarios"), _named(study.labels, say)),
            (say("Seed"), str(study.seed)),
            (say("Replicates"), str(study.replicates)),
            (say("Replicates finished in every scenario"), str(len(study.complete))),
        ]
        if study.worlds:
            rows.append((say("Plausible worlds"), str(len(study.worlds))))
        if isinstance(result, Comparison):
            forms = [say.label(MEASURES[form]) for form in result.forms]
            rows.append((say("Participation counts"), say("; ").join(forms)))
    told = [(say("Made with"), f"cosim {VERSION}"), (say("Command"), command)]
    return [row for row in [*told, *rows, *((say("Missing"), line) for line in missing)] if row[1]]


def _of_sweep(study: StudyFolder, say: Language) -> list[tuple[str, str]]:
    counts, plan = study.state.counts(), study.plan
    made = study.description["made_with"]
    return [
        (say("Experiment"), say.pick(study.experiment.title or study.experiment.name, study.experiment.title_zh)),
        (say("Scenarios"), _named(plan.planned.labels, say)),
        (say("Seed"), str(study.experiment.seed)),
        (say("Points of the design"), str(plan.points)),
        (say("Factors"), say("; ").join(plan.planned.points.keys)),
        (say("Runs: done, failed, not run"), ", ".join(str(counts[name]) for name in ("done", "failed", "not run"))),
        (say("Runs made with"), ", ".join(f"{name} {version}" for name, version in made.items())),
    ]


def _named(labels: Sequence[str], say: Language) -> str:
    """Return scenarios by the names in the files, with those that people read."""
    return say("; ").join(f"{label} ({arm_name(label, say)})" if say.code != "en" else label for label in labels)


def title_of(result: Result, say: Language) -> str:
    """Return the title of an export."""
    if isinstance(result, StudyFolder):
        return say("cosim: sweep {name}", name=result.experiment.name)
    arms = [arm_name(label, say) for label in result.study.labels]
    if isinstance(result, Summary):
        return say("cosim: runs of {name}", name=arms[0])
    return say("cosim: {others} against {first}", others=say(", ").join(arms[1:]), first=arms[0])


def dictionary_of(tables: Sequence[Laid], network: Mapping[str, Sequence[str]], parts: Parts) -> Laid:
    """Return the dictionary of tables, and of the `network` tables' columns, which stand in files of their own."""
    listed = {table.name: table.columns for table in tables}
    listed |= {name: tuple(declared(name, column) for column in columns) for name, columns in network.items()}
    listed["dictionary"] = tuple(OWN["dictionary"].values())
    rows = [row for name, columns in listed.items() for row in _rows(name, columns, name not in network)]
    return laid("dictionary", pd.DataFrame(rows), parts)


def _rows(table: str, columns: Sequence[Declared], renamed: bool) -> list[dict[str, Any]]:
    """Return the rows of a table's columns."""
    names, chinese = variable_names([column.name for column in columns]) if renamed else {}, language("zh")
    return [
        {
            "table": table,
            "column": column.name,
            "type": column.kind,
            "unit": column.unit,
            "minimum": column.low,
            "maximum": column.high,
            "label_en": column.en,
            "label_zh": column.zh,
            "meaning_en": column.meaning,
            "meaning_zh": chinese(column.meaning),
            "values": ", ".join(column.words),
            "statistics_name": names[column.name] if names.get(column.name, column.name) != column.name else "",
        }
        for column in columns
    ]
