"""The pages of the documentation: every block runs, and prints what the page says it prints."""

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
