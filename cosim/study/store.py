"""One folder per study, put in place whole or not at all.

The files hold no time, host or path, so that the same command writes the same bytes.
"""

import errno
import json
import platform
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cosim.language import CODES, Told, told
from cosim.study.one_run import Failure
from cosim.study.running import Study
from cosim.study.tables import as_parquet, without_folders
from cosim.version import VERSION

MARK = "study.json"
"""The file by which a result folder is known; it lists all the others."""
TABLES = ("runs", "months", "groups", "categories", "orders")
"""Tables of a study, each in a Parquet file of its name."""
EXPORT, FIGURES, REPORTS = "export", "figures", {code: f"report.{code}.html" for code in CODES}
"""What is made of a result folder later, inside it: folders of exports and figures, and reports by language."""
MADE_LATER = {EXPORT, FIGURES, *REPORTS.values()}
EXPORTED = "export.json"
"""The file by which a folder of an export is known."""
KINDS = {
    MARK: (told("a result folder"), told("Results")),
    EXPORTED: (told("an export"), told("Exports")),
}
"""What a folder is, by the file that it is known by."""


class OutputError(ValueError):
    """The results cannot be written where they should go; the text says why and what to do."""


def check_output(folder: Path, mark: str = MARK) -> None:
    """Raise OutputError if results cannot be put into `folder`, before any time is spent on them; see `put_whole`."""
    folder = folder.resolve()
    _check_replaceable(folder, mark)
    existing = next(place for place in folder.parents if place.exists())
    try:
        tempfile.TemporaryDirectory(prefix=f".{folder.name[:40]}-", dir=existing).cleanup()
    except OSError as error:
        raise OutputError(explain(error, folder)) from error


def write_study(study: Study, folder: Path, files: Mapping[str, bytes] | None = None, command: str = "") -> Path:
    """Write the study and further `files` into `folder`, and return where it is; `command` is what makes it again.

    An earlier result folder of that name is replaced; anything else in its place is an OutputError, as is a
    place that cannot be written or has no room. `folder` is then as it was before.
    """
    contents = {f"{name}.parquet": as_parquet(getattr(study, name)) for name in TABLES}
    if study.failures:
        contents["failures.txt"] = traces(study.failures).encode()
    return write_files(folder, contents | dict(files or {}), {"command": command} | _description(study))


def write_files(folder: Path, contents: Mapping[str, bytes], description: Mapping[str, Any]) -> Path:
    """Write files into `folder` as `write_study` does, with a study.json that says what they are, and lists them."""
    folder = folder.resolve()
    said = {
        "cosim": VERSION,
        "python": platform.python_version(),
        **{package: version(package) for package in ("mesa", "numba", "numpy")},
        **description,
        "files": sorted(contents),
    }
    mark = json.dumps(said, indent=2, ensure_ascii=False) + "\n"
    with put_whole(folder) as new:
        for name, content in {**contents, MARK: mark.encode()}.items():
            (new / name).write_bytes(content)
    return folder


@contextmanager
def put_whole(folder: Path, mark: str = MARK) -> Iterator[Path]:
    """Yield a new folder to write into, which takes the place of `folder` when that has ended well.

    An earlier one, known by its file `mark` that lists the others, is replaced. Anything else in its place is an
    OutputError, as is a place that cannot be written or has no room: `folder` is then as it was before.
    """
    folder = folder.resolve()
    _check_replaceable(folder, mark)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name[:40]}-", dir=folder.parent) as beside:
            new, old = Path(beside, "new"), Path(beside, "old")
            new.mkdir()
            yield new
            _put_in_place(new, folder, old)
    except OSError as error:
        raise OutputError(explain(error, folder)) from error


def _put_in_place(new: Path, folder: Path, old: Path) -> None:
    """Rename `new` to `folder`; what was there goes to `old`, and comes back if the renaming fails."""
    replaced = folder.exists()
    if replaced:
        folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if replaced:
            old.rename(folder)
        raise


def _description(study: Study) -> dict[str, Any]:
    """Return what study.json says of a study: what was run, and how much of it is there."""
    return {
        "name": study.name,
        "seed": study.seed,
        "replicates": study.replicates,
        "complete": study.complete,
        "stopped": study.stopped,
        "scenarios": {
            label: without_folders(scenario.model_dump(mode="json"))
            for label, scenario in zip(study.labels, study.scenarios, strict=True)
        },
        **({"worlds": study.worlds} if study.worlds else {}),
    }


def traces(failures: Iterable[Failure]) -> str:
    """Return the tracebacks of failed runs."""
    return "\n".join(
        f"{failure.label}, replicate {failure.replicate}: {failure.error}\n{failure.trace}" for failure in failures
    )


def _check_replaceable(folder: Path, mark: str) -> None:
    """Raise OutputError unless `folder` is free, empty, or holds what an earlier `mark` lists and nothing else."""
    what = KINDS[mark]
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise OutputError(
                told("{folder} is a file. {what} need a folder: choose another with -o.", folder=folder, what=what[1])
            )
        present = {path.name for path in folder.iterdir()}
        if present and mark not in present:
            raise OutputError(
                told(
                    "{folder} exists and is not {what} of cosim; it is left alone. Choose another folder with -o, or "
                    "move it away.",
                    folder=folder,
                    what=what[0],
                )
            )
        foreign = _foreign(folder, mark)
    except OSError as error:
        raise OutputError(explain(error, folder)) from error
    if foreign:
        raise OutputError(
            told(
                "{folder} holds files that are not cosim's ({names}); it is left alone. Move them, or choose another "
                "folder with -o.",
                folder=folder,
                names=", ".join(foreign),
            )
        )


def _foreign(folder: Path, mark: str) -> list[str]:
    """Return what an earlier `mark` does not list as its own, whole or by its folder; all of it if it lists nothing."""
    try:
        said = json.loads((folder / mark).read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError):
        said = {}
    own: set[str] = set()
    if isinstance(said, dict) and "cosim" in said:
        own = {mark, *said.get("files", []), *(MADE_LATER if mark == MARK else ())}
    ends = (path for path in folder.rglob("*") if not path.is_dir() or not any(path.iterdir()))
    names = (path.relative_to(folder) for path in ends)
    return sorted(name.as_posix() for name in names if not own & {name.as_posix(), name.parts[0]})


def explain(error: OSError, folder: Path) -> Told:
    """Say in plain words why `folder` could not be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return told(
            "There is no room left on the disk for {folder}. Free some, or choose another place with -o.", folder=folder
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return told("{folder} may not be written. Choose another folder with -o.", folder=folder)
    reason = (error.strerror or str(error)).lower()
    return told("{folder} cannot be written: {reason}. Choose another folder with -o.", folder=folder, reason=reason)
