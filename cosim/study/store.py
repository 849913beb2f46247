"""One folder per study, put in place whole or not at all.

The files hold no time, host or path, so that the same command writes the same bytes.
"""

import errno
import json
import platform
import tempfile
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cosim.language import CODES
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


class OutputError(ValueError):
    """The results cannot be written where they should go; the text says why and what to do."""


def check_output(folder: Path) -> None:
    """Raise OutputError if results cannot be put into `folder`, before any time is spent on them."""
    folder = folder.resolve()
    _check_replaceable(folder)
    existing = next(place for place in folder.parents if place.exists())
    try:
        tempfile.TemporaryDirectory(prefix=f".{folder.name[:40]}-", dir=existing).cleanup()
    except OSError as error:
        raise OutputError(explain(error, folder)) from error


def write_study(
    study: Study, folder: Path, files: Mapping[str, bytes] | None = None, command: str = ""
) -> Path:
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
    _check_replaceable(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name[:40]}-", dir=folder.parent) as beside:
            new, old = Path(beside, "new"), Path(beside, "old")
            new.mkdir()
            for name, content in {**contents, MARK: mark.encode()}.items():
                (new / name).write_bytes(content)
            _put_in_place(new, folder, old)
    except OSError as error:
        raise OutputError(explain(error, folder)) from error
    return folder


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


def _check_replaceable(folder: Path) -> None:
    """Raise OutputError unless `folder` is free, empty, or holds an earlier result and nothing else."""
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise OutputError(f"{folder} is a file. Results need a folder: choose another with -o.")
        present = {path.name for path in folder.iterdir()}
        foreign = present - _own_files(folder)
    except OSError as error:
        raise OutputError(explain(error, folder)) from error
    if foreign and MARK not in present:
        raise OutputError(
            f"{folder} exists and is not a result folder of cosim; it is left alone. "
            "Choose another folder with -o, or move it away."
        )
    if foreign:
        raise OutputError(
            f"{folder} holds files that are not cosim's ({', '.join(sorted(foreign))}); it is left alone. "
            "Move them, or choose another folder with -o."
        )


def _own_files(folder: Path) -> set[str]:
    """Return the names that an earlier study listed as its own, or that were made of it; none if there was no study."""
    try:
        description = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError):
        return set()
    if not isinstance(description, dict) or "cosim" not in description:
        return set()
    return {MARK, EXPORT, FIGURES, *REPORTS.values(), *description.get("files", [])}


def explain(error: OSError, folder: Path) -> str:
    """Say in plain words why `folder` could not be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no room left on the disk for {folder}. Free some, or choose another place with -o."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{folder} may not be written. Choose another folder with -o."
    reason = (error.strerror or str(error)).lower()
    return f"{folder} cannot be written: {reason}. Choose another folder with -o."
