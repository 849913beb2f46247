"""The blocks of a page: what a reader types, run in an empty folder, and what it prints.

Every fenced block of a page is one of these:

- `sh`: commands that a reader types, run in order. `cosim` runs in this process, with one process of its own.
- `python`: run in this process; blocks of a page share their names. A first line `# name.py` makes it a file, which is
  run where no later command names it.
- `toml`: checked as what it is: an experiment (it has `scenarios`), a scenario (it has `extends`), else a part of one,
  which is laid over `ly`. A first line `# name.toml` makes it a file.
- `text` directly after a block that runs: what that block prints, both streams; `docs/refresh.py` writes it.
- directives of MyST, which Sphinx runs.

Comments above a block, one a line:

- `<!-- not run: reason -->`: it cannot run in a test.
- `<!-- smaller: --months 6 -->`: options that a test adds to each `cosim` command of the block which knows them.
- `<!-- exits: 2 -->`: the exit code of its last command, where that is not 0.
- `<!-- file: people.csv -->`: it is a file, of any language.
- `<!-- shown: 1-5, 9-9 -->`: of a `text` block: these lines alone, `…` for those left out.
- `<!-- varies: times -->`: of a `text` block: numbers before s, min, MB and the like are not compared.

And below one: `<!-- picture: results/local/mine/figure.png -> images/mine.png -->`, a picture that it made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ("sh", "python", "toml")
"""Languages that are run."""
MARKS = {"not run", "smaller", "exits", "file", "shown", "varies"}
MARK = re.compile(r"<!-- ([a-z ]+): (.+?) -->")
FENCE = re.compile(r"( *)(`{3,}|~{3,}|:{3,})(.*)")
NAMED = re.compile(r"# ([\w./-]+\.(?:toml|py))\n")
"""A first line that makes a block a file."""


class PageError(Exception):
    """A page that does not hold what it should; says where."""


@dataclass
class Block:
    """One fenced block; `first` and `last` are the lines of its fences, from 0."""

    page: Path
    first: int
    last: int
    language: str
    text: str
    marks: dict[str, str] = field(default_factory=dict)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    """Pictures that it makes: where, and where the page has them."""
    output: "Block | None" = None
    """The `text` block of what it prints."""
    indent: str = ""
    """Spaces before it, where it is part of a list."""

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return f"{self.page.relative_to(ROOT) if self.page.is_relative_to(ROOT) else self.page.name}:{self.first + 1}"

    @property
    def file(self) -> str:
        """Name of the file that it is, if it is one."""
        named = NAMED.match(self.text) if self.language in ("toml", "python") else None
        return self.marks.get("file", named[1] if named else "")


def pages() -> list[Path]:
    """Return every page whose blocks are run."""
    at_root = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md")]
    return [path for path in [*at_root, *sorted((ROOT / "docs").rglob("*.md"))] if path.exists()]


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page in order, with their marks, pictures and outputs. Raises PageError."""
    found: list[Block] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    marks: dict[str, str] = {}
    above: Block | None = None  # the block above with nothing but marks in between
    number = 0
    while number < len(lines):
        line, where = lines[number], f"{page.name}:{number + 1}"
        mark, fence = MARK.fullmatch(line.strip()), FENCE.match(line)
        if mark and mark[1] == "picture":
            if above is None:
                raise PageError(f"{where}: no block stands above that could make this picture")
            made, _, kept = mark[2].partition(" -> ")
            above.pictures.append((made, kept))
        elif mark and mark[1] in MARKS:
            marks[mark[1]] = mark[2]
        elif fence:
            block = _block(page, lines, number, fence, marks)
            number, marks = block.last, {}
            if block.language == "text" and above and above.language in ("sh", "python") and above.output is None:
                above.output = block
            elif not block.language.startswith("{"):
                found.append(block)
                above = block
            if block.language.startswith("{") and block.marks:
                raise PageError(f"{where}: Sphinx runs this block; it needs no `{next(iter(block.marks))}`")
        elif line.strip():
            above = None
            if marks:
                raise PageError(f"{where}: a block must follow `{next(iter(marks))}`")
        number += 1
    if marks:
        raise PageError(f"{page.name}: no block follows `{next(iter(marks))}`")
    return found


def _block(page: Path, lines: list[str], first: int, fence: "re.Match[str]", marks: dict[str, str]) -> Block:
    """Return the block whose fence opens in line `first`."""
    indent, ticks, language = fence.groups()
    last = next((n for n in range(first + 1, len(lines)) if lines[n].strip() == ticks), None)
    if last is None:
        raise PageError(f"{page.name}:{first + 1}: this block does not end")
    text = "".join(f"{line.removeprefix(indent)}\n" for line in lines[first + 1 : last])
    return Block(page, first, last, language.strip(), text, marks, indent=indent)


def faults(page: Path) -> Iterator[str]:
    """Yield what is wrong with the marks of a page: blocks that nobody runs without a reason, marks without need."""
    for block in blocks(page):
        marks, runs = block.marks, block.language in RUN or bool(block.file)
        if not runs and "not run" not in marks:
            language = block.language or "a block without a language"
            yield f"{block.place}: nobody runs {language}; say why above it: `<!-- not run: why -->`"
        if "not run" in marks:
            if block.language == "toml":
                yield f"{block.place}: TOML can be checked; `not run` is not needed"
            if block.output or block.pictures:
                yield f"{block.place}: what is not run prints nothing and makes no picture"
        if "smaller" in marks and (block.language != "sh" or block.output):
            yield f"{block.place}: `smaller` is for commands whose output is not shown"
        if "exits" in marks and block.language != "sh":
            yield f"{block.place}: `exits` is for commands"
        for mark in marks.keys() & {"shown", "varies"}:
            yield f"{block.place}: `{mark}` is for what a block prints"
        for mark in (block.output.marks if block.output else {}).keys() - {"shown", "varies"}:
            yield f"{block.output.place}: `{mark}` is not for what a block prints"
