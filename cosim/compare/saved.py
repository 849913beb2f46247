"""Results that were written into a folder, as the objects that they were."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from cosim.compare.comparison import Comparison
from cosim.compare.forms import forms_of
from cosim.compare.summary import Summary, summarise
from cosim.scenario.reading import frozen
from cosim.scenario.schema import Scenario
from cosim.study import Failure, OutputError, Study
from cosim.study.store import MARK, TABLES
from cosim.study.sweep import StudyFolder
from cosim.study.sweep.files import read_mark, read_table
from cosim.study.tables import as_frame

Result = Comparison | Summary | StudyFolder
"""What a folder may hold: a comparison, one scenario's runs, or a sweep."""


def read_result(folder: Path | str) -> Result:
    """Return what `cosim compare`, `cosim run` or `cosim sweep` has put into a folder.

    A comparison or summary has everything but its register of people, which is not written. Raises OutputError if
    the folder is none of cosim's, lacks a file, or holds one that cannot be read.
    """
    folder = Path(folder)
    said = read_mark(folder)
    if said is None:
        what = "is not there" if not folder.exists() else f"holds no result of cosim: no {MARK} that can be read"
        raise OutputError(f"{folder} {what}. Name a folder that `cosim compare`, `run` or `sweep` has written.")
    if "store" in said:
        return StudyFolder(folder)
    study = _study(folder, said)
    if len(study.labels) == 1:
        return summarise(study)
    tables = {field.name: _csv(folder, said, field.name) for field in fields(Comparison) if field.type is pd.DataFrame}
    return Comparison(study, forms_of(study), **tables)


def command_of(folder: Path) -> str:
    """Return the command that made the results in a folder; empty if none is known."""
    return str((read_mark(folder) or {}).get("command", ""))


def _study(folder: Path, said: dict[str, Any]) -> Study:
    """Return the study of a folder, without its register of people."""
    lost = {"scenarios", "seed", "replicates", "files"} - said.keys()
    if lost:
        raise OutputError(f"{folder / MARK} is no study's, or damaged: it lacks {', '.join(sorted(lost))}.")
    missing = [f"{name}.parquet" for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    if missing:
        again = f": {said['command']} -o {folder}" if said.get("command") else ""
        raise OutputError(
            f"{folder} lacks {', '.join(missing)}: an older cosim wrote it, or the large tables were not copied with "
            f"it. Make it again{again}."
        )
    tables = {name: as_frame(read_table(folder / f"{name}.parquet")) for name in TABLES}
    runs = tables["runs"]
    try:
        scenarios = tuple(Scenario.model_validate(frozen(tree)) for tree in said["scenarios"].values())
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise OutputError(
            f"{folder} was made by cosim {said.get('cosim')}, and what its {MARK} says cannot be used here: {reason}."
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


def _csv(folder: Path, said: dict[str, Any], name: str) -> pd.DataFrame:
    """Return a table of a comparison; one without rows if it was never made."""
    file = f"{name}.csv"
    if file not in said["files"]:
        return pd.DataFrame()
    try:
        return pd.read_csv(folder / file, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise OutputError(f"{folder / file} cannot be read ({reason}). Bring it back from a copy.") from error
