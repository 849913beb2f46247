"""Put the shards of a study together: the same bytes as if it had never been divided."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cosim.language import told
from cosim.study.store import OutputError
from cosim.study.sweep.files import pending_numbers
from cosim.study.sweep.folder import StudyFolder
from cosim.study.sweep.plan import Plan
from cosim.study.sweep.store import Store

SHARDS = "shard-*-of-*"
"""Names of shards' folders inside that of their study."""


def merge(places: Sequence[str | Path], output: str | Path | None = None, accept_code: bool = False) -> StudyFolder:
    """Put shards together into `output`, and return it; the shards stay as they are.

    `places` are shards' folders, or folders that hold them; `output` defaults to a folder that holds them, if it is
    the only place. Raises OutputError for a shard that is missing, unfinished, given twice, or of another study;
    `accept_code` takes shards of different code.
    """
    folders = [Path(place) for place in places]
    shards = sorted((shard for folder in folders for shard in _shards_in(folder)), key=_index)
    if not shards:
        raise OutputError(
            told("There is no shard in {names}: no folder {name}.", names=", ".join(map(str, folders)), name=SHARDS)
        )
    if output is None and (len(folders) > 1 or shards[0].path == folders[0]):
        raise OutputError(told("Say with -o into which folder these shards are to be merged."))
    _check_same_study(shards, accept_code)
    _check_all_there(shards)
    first = shards[0]
    said = first.description | {"shard": None}
    with Store(Path(output or folders[0]), Plan(first.plan.planned), said) as store:
        store.start(merged=[str(shard.path) for shard in shards])
        store.adopt([(shard.path, shard.state) for shard in shards])
    return StudyFolder(store.path)


def _shards_in(folder: Path) -> list[StudyFolder]:
    """Return the shards that a folder holds, or the one that it is."""
    inside = [StudyFolder(path) for path in folder.glob(SHARDS) if path.is_dir()]
    return inside or ([StudyFolder(folder)] if StudyFolder(folder).description["shard"] else [])


def _index(folder: StudyFolder) -> tuple[int, str]:
    return folder.description["shard"][0], str(folder.path)


def _check_same_study(shards: Sequence[StudyFolder], accept_code: bool) -> None:
    """Raise OutputError for a shard of another study than the first, or of other code."""

    def said(shard: StudyFolder, *apart: str) -> dict[str, Any]:
        about = shard.description | {"shard": shard.description["shard"][1]}
        return {key: value for key, value in about.items() if key not in apart}

    first = shards[0]
    for shard in shards[1:]:
        if said(shard, "made_with") != said(first, "made_with"):
            raise OutputError(
                told(
                    "{path} is a shard of another study than {other}: name, scenarios, factors, design, replicates "
                    "and number of shards must be the same. Nothing was merged.",
                    path=shard.path,
                    other=first.path,
                )
            )
        if said(shard) != said(first) and not accept_code:
            raise OutputError(
                told(
                    "{path} was made with other code or libraries than {other} (see made_with in their study.json). "
                    "Nothing was merged; --accept-code takes both.",
                    path=shard.path,
                    other=first.path,
                )
            )


def _check_all_there(shards: Sequence[StudyFolder]) -> None:
    """Raise OutputError unless every shard is there once, and finished."""
    of = shards[0].description["shard"][1]
    given = [shard.description["shard"][0] for shard in shards]
    missing = sorted(set(range(1, of + 1)) - set(given))
    if missing:
        names = ", ".join(f"{index}/{of}" for index in missing[:5])
        more = told(" and {count} more", count=len(missing) - 5) if len(missing) > 5 else ""
        raise OutputError(
            told(
                "Missing: shard {names}{more}. Run it with --shard {first}/{of}, or copy its folder to the others.",
                names=names,
                more=more,
                first=missing[0],
                of=of,
            )
        )
    twice = next((index for index in given if given.count(index) > 1), None)
    if twice is not None:
        raise OutputError(told("Shard {part}/{of} is there twice. Name one of them.", part=twice, of=of))
    for shard in shards:
        left = shard.state.counts()["not run"]
        if left or pending_numbers(shard.path):
            index = shard.description["shard"][0]
            what = told("{count} of its runs are missing", count=left) if left else told("it was not closed")
            raise OutputError(
                told(
                    "{path} is unfinished: {what}. Go on with it: --shard {index}/{of}.",
                    path=shard.path,
                    what=what,
                    index=index,
                    of=of,
                )
            )
