"""The changelog: what moves results stands under a heading of its own and is marked, and nothing else is."""

import re
from pathlib import Path

import pytest

from cosim.version import VERSION

TEXT = (Path(__file__).resolve().parent.parent / "CHANGELOG.md").read_text(encoding="utf-8")
MOVES, MARK = "Changes that move results", "**results** "
RELEASES = dict(re.findall(r"^## (\S+) [^\n]*\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def entries(text: str) -> list[str]:
    return [" ".join(entry.split()) for entry in re.findall(r"^- (.*?)(?=^- |\Z)", text, re.MULTILINE | re.DOTALL)]


@pytest.mark.parametrize("release", RELEASES)
def test_every_entry_stands_under_a_heading_and_is_marked_where_it_moves_results(release):
    before, *sections = re.split(r"^### ", RELEASES[release], flags=re.MULTILINE)
    assert before.strip() == ""
    assert sections
    for section in sections:
        heading, text = section.split("\n", 1)
        found = entries(text)
        assert found, heading
        assert [entry for entry in found if entry.startswith(MARK) != (heading == MOVES)] == [], heading
        assert all(entry.endswith(".") for entry in found), heading


def test_this_version_is_the_first():
    assert next(iter(RELEASES)) == VERSION
