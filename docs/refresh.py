"""Run the blocks of pages, and write what they print and draw into the pages: python docs/refresh.py PAGE… | --all."""

import argparse
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from blocks import ROOT, PageError, blocks, faults, pages
from running import Session, shown


def refresh(page: Path) -> bool:
    """Run one page; return whether it changed. Raises PageError."""
    wrong = list(faults(page))
    if wrong:
        raise PageError("\n".join(wrong))
    found = blocks(page)
    lines = page.read_text(encoding="utf-8").splitlines()
    with TemporaryDirectory() as folder, np.errstate(over="ignore"):
        session = Session(Path(folder), found)
        printed = [(block, session.run(block)) for block in found]
        for block, _ in printed:
            for made, kept in block.pictures:
                (page.parent / kept).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(folder, made), page.parent / kept)
    for block, said in reversed(printed):
        if block.output:
            said_lines = [f"{block.output.indent}{line}".rstrip() for line in shown(said, block.output).splitlines()]
            lines[block.output.first + 1 : block.output.last] = said_lines
    before, now = page.read_text(encoding="utf-8"), "".join(f"{line}\n" for line in lines)
    page.write_text(now, encoding="utf-8")
    return before != now


def main() -> None:
    """Refresh the pages that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--all", action="store_true", help="every page that has blocks")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))  # this tree's cosim, whatever is installed
    for page in pages() if asked.all else [page.resolve() for page in asked.pages]:
        begun = time.process_time()
        changed = refresh(page)
        spent = time.process_time() - begun
        print(f"{page}: {'changed' if changed else 'as it was'}, {spent:.0f} s of one core", flush=True)


if __name__ == "__main__":
    main()
