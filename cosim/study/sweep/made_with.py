"""With what runs are made: runs of other code, or other libraries, may come out otherwise."""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

from cosim.version import VERSION

SOURCES = ("rules", "world", "month", "outcomes", "agents", "scenario", "community.py", "study/sweep/record.py")
"""Files and folders of cosim that decide what comes out of a run."""
LIBRARIES = ("mesa", "numba", "numpy", "pandas", "pyarrow")


def made_with() -> dict[str, str]:
    """Return the versions of cosim, Python and the libraries, and a hash of the code that decides results."""
    libraries = {library: version(library) for library in LIBRARIES}
    return {"cosim": VERSION, "code": _code(), "python": platform.python_version(), **libraries}


def _code() -> str:
    package = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for source in SOURCES:
        place = package / source
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
