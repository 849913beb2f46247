"""Results that were written into a folder, as the objects that they were."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from cosim.compare.comparison import Comparison
from cosim.compare.forms import forms_of
from cosim.compare.summary import Summary, summarise
from cosim.language import told
from cosim.scenario.reading import POPULATION_FILES, frozen
from cosim.scenario.schema import Scenario
from cosim.study import Failure, OutputError, Study
from cosim.study.store import MARK, TABLES
from cosim.study.sweep import StudyFolder
from cosim.study.sweep.files import read_mark, read_table
from cosim.study.tables import as_frame

Result = Comparison | Summary | StudyFolder
"""What a folder may hold: a comparison, one scenario's runs, or a sweep."""

MADE = (
    "outcomes", "over_worlds", "arms", "by_group", "by_category", "fee_trap", "by_people", "twins", "who_gains",
    "places", "resources", "split", "square", "ladder", "decomposition",
)  # fmt: skip
"""Tables of results, in the order in which they are read."""


def tables_of(result: Comparison | Summary) -> dict[str, pd.DataFrame]:
    """Return the tables that were made by name, as they are called in JSON and as CSV files."""
    found = {name: getattr(result, name, pd.DataFrame()) for name in MADE}
    return {name: table for name, table in found.items() if len(table.columns)}


def read_result(folder: Path | str, people: Path | None = None) -> Result:
    """Return what `cosim compare`, `cosim run` or `cosim sweep` has put into a folder.

    A comparison or summary has everything but its register of people, which is not written. `people` is the folder of
    the files that its scenarios take their people from, if they do (default: the folder that one is in). Raises
    OutputError if the folder is none of cosim's, lacks a file, or holds one that cannot be read.
    """
    folder = Path(folder)
    said = read_mark(folder)
    if said is None:
        what = (
            told("is not there")
            if not folder.exists()
            else told("holds no result of cosim: no {mark} that can be read", mark=MARK)
        )
        raise OutputError(
            told(
                "{folder} {what}. Name a folder that `cosim compare`, `run` or `sweep` has written.",
                folder=folder,
                what=what,
            )
        )
    if "store" in said:
        return StudyFolder(folder)
    study = _study(folder, said, people)
    if len(study.labels) == 1:
        return summarise(study)
    tables = {field.name: _csv(folder, said, field.name) for field in fields(Comparison) if field.type is pd.DataFrame}
    return Comparison(study, forms_of(study), **tables)


def command_of(folder: Path) -> str:
    """Return the command that made the results in a folder; empty if none is known."""
    return str((read_mark(folder) or {}).get("command", ""))


def _study(folder: Path, said: dict[str, Any], people: Path | None) -> Study:
    """Return the study of a folder, without its register of people."""
    lost = {"scenarios", "seed", "replicates", "files"} - said.keys()
    if lost:
        raise OutputError(
            told(
                "{file} is no study's, or damaged: it lacks {names}.",
                file=folder / MARK,
                names=", ".join(sorted(lost)),
            )
        )
    missing = [f"{name}.parquet" for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    if missing:
        again = f": {said['command']} -o {folder}" if said.get("command") else ""
        raise OutputError(
            told(
                "{folder} lacks {names}: an older cosim wrote it, or the large tables were not copied with it. Make "
                "it again{command}.",
                folder=folder,
                names=", ".join(missing),
                command=again,
            )
        )
    tables = {name: as_frame(read_table(folder / f"{name}.parquet")) for name in TABLES}
    runs = tables["runs"]
    trees = [_with_people(folder, tree, people) for tree in said["scenarios"].values()]
    try:
        scenarios = tuple(Scenario.model_validate(frozen(tree)) for tree in trees)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise OutputError(
            told(
                "{folder} was made by cosim {version}, and what its {mark} says cannot be used here: {reason}.",
                folder=folder,
                version=said.get("cosim"),
                mark=MARK,
                reason=reason,
            )
        ) from None
    failed = runs[runs["status"] == "failed"]
    return Study(
        labels=tuple(said["scenarios"]),
        scenarios=scenarios,
        replicates=said["replicates"],
        seed=said["seed"],
        people=pd.DataFrame(),
        failures=tuple(Failure(row.scenario, row.replicate, row.error, "") for row in failed.itertuples()),
        stopped=bool(said.get("stopped")),
        worlds=tuple(said.get("worlds", ())),
        **tables,
    )


def _with_people(folder: Path, tree: dict[str, Any], people: Path | None) -> dict[str, Any]:
    """Return a scenario's tables with the files that it takes its people from where they are."""
    population = tree.get("population", {})
    files = {key: (people or Path()) / population[key] for key in POPULATION_FILES if population.get(key)}
    missing = [path.name for path in files.values() if not path.is_file()]
    if missing:
        raise OutputError(
            told(
                "{folder} takes its people from files, and {missing} is not in {place}. Say with --people in which "
                "folder they are.",
                folder=folder,
                missing=missing[0],
                place=people or told("this folder"),
            )
        )
    return {**tree, "population": population | {key: str(path) for key, path in files.items()}}


def _csv(folder: Path, said: dict[str, Any], name: str) -> pd.DataFrame:
    """Return a table of a comparison; one without rows if it was never made."""
    file = f"{name}.csv"
    if file not in said["files"]:
        return pd.DataFrame()
    try:
        return pd.read_csv(folder / file, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise OutputError(
            told("{file} cannot be read ({reason}). Bring it back from a copy.", file=folder / file, reason=reason)
        ) from error
