"""How long `cosim export` takes for a large study, in all formats, and how much memory.

    python benchmarks/exporting.py
    python benchmarks/exporting.py --points 3 --months 12        # only to see that it works
    python benchmarks/exporting.py --study FOLDER                # a sweep that is there

The study is a sweep of two scenarios over a dozen people: what an export takes does not depend on how many people there
are, but on runs, months and outcomes, all of which are recorded. The export is a process of its own.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import ROOT, description
from cosim.outcomes.measures import MEASURES
from cosim.study.sweep import StudyFolder, sweep

SECONDS, GIGABYTES = 60, 2
"""What an export of 1,000 runs of ten years may take."""


def main() -> int:
    """Print the report; return the exit code."""
    asked = arguments()
    print(description(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        study = StudyFolder(asked.study) if asked.study else swept(Path(folder), asked.points, asked.months)
        runs, outcomes = len(study.runs), len(study.experiment.outcomes)
        print(f"{runs:,} runs, {len(study.months):,} months, {outcomes} outcomes", flush=True)
        for formats in ([], ["csv"], ["parquet"], ["xlsx"], ["dta"], ["sav"], ["csv", "datapackage"]):
            told = exported(study.path, Path(folder, "export"), formats)
            bar = f"  below {SECONDS} s and {GIGABYTES} GB" if not formats else ""
            print(f"{', '.join(formats) or 'all formats':<20}{told}{bar}", flush=True)
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=500, help="points of the design, two runs each (default: 500)")
    parser.add_argument("--months", type=int, default=120, help="months of a run (default: 120)")
    parser.add_argument("--study", type=Path, help="folder of a sweep to export (default: one is made)")
    return parser.parse_args()


def swept(folder: Path, points: int, months: int) -> StudyFolder:
    """Run the sweep that is exported."""
    reform = folder / "reform.toml"
    reform.write_text('extends = "village"\n[supply]\nmode = "multi_centre"\n', encoding="utf-8")
    experiment = {
        "name": "exporting",
        "scenarios": ["village", str(reform)],
        "replicates": 1,
        "record_every": 1,
        "outcomes": list(MEASURES),
        "settings": {"study.months": months},
        "design": {"method": "latin_hypercube", "points": points},
        "factors": {
            "government.budget": {"low": 0.0, "high": 2000.0},
            "party_leads.visits": {"low": 0.0, "high": 3.0},
        },
    }
    return sweep(experiment, output=folder / "study")


def exported(study: Path, place: Path, formats: list[str]) -> str:
    """Export a study, and say how long it took, how much of that it computed, and its largest memory."""
    words = [word for name in formats for word in ("--format", name)]
    command = [sys.executable, "-m", "cosim", "export", str(study), "-o", str(place), *words]
    begin = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begin
    if status:
        raise RuntimeError((process.stderr.read() if process.stderr else b"").decode())
    process.returncode = 0
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    computed, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6
    return f"{taken:7.1f} s  ({computed:.1f} s of computing)  {memory:.2f} GB  {size / 1e6:7.1f} MB written"


if __name__ == "__main__":
    sys.exit(main())
