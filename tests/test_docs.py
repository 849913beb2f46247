"""The pages of the documentation: every block runs, and prints what the page says it prints."""

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "docs"))

from blocks import ROOT, blocks, faults, pages
from running import Session, comparable, shown

PAGES = {page.relative_to(ROOT).as_posix(): page for page in pages()}
WITH_BLOCKS = [name for name, page in PAGES.items() if blocks(page)]


@pytest.mark.parametrize("name", PAGES)
def test_every_block_is_run_or_says_why_not(name):
    assert list(faults(PAGES[name])) == []


CHINESE = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’…—]"
BROKEN = re.compile(rf"(?m)^(?![|#>]|<!--).*{CHINESE}[*_`)\]]*\n *[*_`\[(]*{CHINESE}.*$")
"""A line of text that ends in Chinese, and the next one begins in it: a viewer sets a blank between them."""


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".zh.md")])
def test_a_chinese_paragraph_is_one_line(name):
    text = re.sub(r"(?ms)^\s*(`{3,}|~{3,}).*?^\s*\1\s*$", "", PAGES[name].read_text(encoding="utf-8"))
    assert BROKEN.findall(text) == []


def test_a_broken_chinese_paragraph_is_found():
    assert BROKEN.findall("多中心\n供给\n")
    assert not BROKEN.findall("多中心\n\n供给\n| 多 |\n- 中\n- 心\n")


@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_a_page_does_what_it_says(name, tmp_path):
    page = PAGES[name]
    found = blocks(page)
    session = Session(tmp_path, found)
    for block in found:
        said = session.run(block)
        if block.output:
            expected = comparable(block.output.text, block.output)
            assert comparable(shown(said, block.output), block.output) == expected, f"refresh {name}: {block.place}"
        for made, kept in block.pictures:
            _same_picture(tmp_path / made, page.parent / kept)
            assert Path(kept).name in page.read_text(encoding="utf-8").replace(f"-> {kept} -->", ""), kept


def _same_picture(made, kept):
    """Fail unless a picture is as the page has it, but for what another version of Matplotlib draws otherwise."""
    import matplotlib.image
    import numpy as np

    if made.suffix == ".png":
        ours, theirs = (matplotlib.image.imread(path)[..., :3] for path in (made, kept))
        assert ours.shape == theirs.shape
        assert np.mean(np.abs(ours - theirs)) < 0.02, kept
    else:
        assert made.exists()
        assert kept.exists()


def outline(page):
    """Return the levels of a page's headings, and its commands and files without what is said in a language."""
    text = re.sub(r"(?s)^(`{3,}).*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    levels = [heading.count("#") for heading in re.findall(r"^#+(?= )", text, re.MULTILINE)]
    typed = [
        re.sub(r"\s+#.*|--lang \w+ ?|\btitle(_zh)? = .*\n", "", block.text).split()
        for block in blocks(page)
        if block.language in ("sh", "toml")
    ]
    return levels, typed


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".zh.md") and "lecture" not in name])
def test_a_chinese_page_has_the_sections_and_commands_of_the_english_one(name):
    """tests/test_lecture.py holds the lessons to each other."""
    chinese, english = PAGES[name], PAGES[name.replace(".zh.md", ".md")]
    assert outline(chinese) == outline(english)
