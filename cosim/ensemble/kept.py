"""What a calibration's folder holds of the effects of reforms."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cosim.ensemble.effects import differences
from cosim.language import told
from cosim.study import OutputError
from cosim.study.sweep import StudyFolder

EFFECTS = "effects"
"""Name of the table, and of the sweep behind it."""
NEEDED = {"scenario", "against", "outcome", "worlds", "low", "median", "high", "raises", "lowers"}


class Effects(NamedTuple):
    """Effects over all plausible worlds, and in each; the second table has no rows where the runs were not kept."""

    table: pd.DataFrame
    """As `effects.over_worlds` returns it."""
    by_set: pd.DataFrame
    """As `effects.differences` returns it."""


def holds_effects(folder: Path) -> bool:
    """Whether a folder is one that `cosim calibrate` has finished."""
    return (folder / f"{EFFECTS}.csv").is_file()


def read_effects(folder: Path) -> Effects:
    """Return what reforms do in the plausible worlds of a calibration. Raises OutputError for a damaged folder."""
    path = folder / f"{EFFECTS}.csv"
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise OutputError(
            told("{file} cannot be read ({reason}). Bring it back from a copy.", file=path, reason=reason)
        ) from error
    lost = NEEDED - set(table)
    if lost:
        raise OutputError(
            told(
                "{path} lacks {names}: an older cosim wrote it, or it is no table of `cosim calibrate`. Write it "
                "again: cosim calibrate -o {folder} (what was run is kept).",
                path=path,
                names=", ".join(sorted(lost)),
                folder=folder,
            )
        )
    runs = folder / EFFECTS
    return Effects(table, differences(StudyFolder(runs).runs) if runs.is_dir() else pd.DataFrame())
