"""Links out of docs/: pages of the repository become pages of the documentation, its folders the pages about them.

A page of docs/ that stands in for one elsewhere is a stub: its content is that file's.
"""

import os
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

STUBS = {
    "readme": "README.md",
    "readme.zh": "README.zh.md",
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "ensemble": "results/ensemble/ensemble.md",
}
"""Pages whose content is that of a file outside docs/."""
FOLDERS = {name: f"reference/{name}" for name in ("scenarios", "experiments", "benchmarks")}
"""Folders of the repository, and the page about each."""
LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^()\s#]+)(#[^()\s]*)?(?=\))")
MARK = re.compile(r"^[ ]*<!-- [a-z ]+: .+? -->$", re.MULTILINE)
"""A line for docs/blocks.py, not for readers; two dashes in it would be no HTML."""
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*$", re.MULTILINE | re.DOTALL)


def from_tree(app: Sphinx, docname: str, content: list[str]) -> None:
    """Fill a stub with its file, and let every link of a page lead to a page where there is one."""
    docs = Path(app.srcdir).resolve()
    root = docs.parent
    origin = root / STUBS[docname] if docname in STUBS else docs / f"{docname}.md"
    if docname in STUBS:
        content[0] = origin.read_text(encoding="utf-8")
        app.env.note_dependency(origin)
    pages = {root / file: docs / f"{name}.md" for name, file in STUBS.items()}
    pages |= {root / folder: docs / f"{name}.md" for folder, name in FOLDERS.items()}
    here = (docs / docname).parent

    def lead(link: "re.Match[str]") -> str:
        target = Path(os.path.normpath(origin.parent / link[1]))
        return Path(os.path.relpath(pages.get(target, target), here)).as_posix() + (link[2] or "")

    def plain(part: str) -> str:
        return LINK.sub(lead, MARK.sub("", part))

    text, outside = content[0], 0
    parts = []
    for fence in FENCE.finditer(text):
        parts += [plain(text[outside : fence.start()]), fence[0]]
        outside = fence.end()
    content[0] = "".join([*parts, plain(text[outside:])])


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("source-read", from_tree)
    return {"parallel_read_safe": True}
