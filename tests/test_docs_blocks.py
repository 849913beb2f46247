"""What runs the blocks of pages: it runs them, writes what they print, and refuses pages that hide something."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "docs"))

from blocks import PageError, blocks, faults
from refresh import refresh
from running import Session, comparable, shown


@pytest.fixture
def page(tmp_path):
    """Return a function that writes a page."""

    def write(text):
        path = tmp_path / "page.md"
        path.write_text(text.lstrip("\n"), encoding="utf-8")
        return path

    return write


def run(page, tmp_path):
    """Return what each block of a page prints."""
    folder = tmp_path / "reader"
    folder.mkdir(exist_ok=True)
    found = blocks(page)
    session = Session(folder, found)
    return [session.run(block) for block in found]


PAGE = """
Commands, a file, and Python that goes on:

```toml
# mine.toml
extends = "village"
```

```sh
cosim validate mine.toml    # is it right?
ls *.toml | head -n 1
```

```text
stale
```

- In a list:

  ```python
  number = 6
  print("six times")
  ```

  ```text
  stale
  ```

```python
print(number * 7)
```

```text
```

<!-- exits: 2 -->
```sh
cosim validate nowhere.toml
```

<!-- shown: 2-2 -->
```text
```
"""


def test_a_page_is_refreshed_once(page):
    path = page(PAGE)
    assert refresh(path)
    text = path.read_text(encoding="utf-8")
    assert "```text\nok  mine.toml\nmine.toml\n```" in text
    assert "  ```text\n  six times\n  ```" in text
    assert "```text\n42\n```" in text
    assert "```text\n…\n    there is no such file" in text
    assert "stale" not in text
    assert not refresh(path)


def test_what_a_block_prints_is_its_own(page, tmp_path):
    assert run(page(PAGE), tmp_path)[:2] == ["", "ok  mine.toml\nmine.toml\n"]
    assert [bool(block.output) for block in blocks(page(PAGE))] == [False, True, True, True, True]


@pytest.mark.parametrize(("text", "said"), [
    ("```r\nplot(1)\n```", "nobody runs r"),
    ("```\nsomething\n```", "a block without a language"),
    ("```text\nno command stands above\n```", "nobody runs text"),
    ('<!-- not run: why not -->\n```toml\nextends = "ly"\n```', "`not run` is not needed"),
    ("<!-- not run: a server -->\n```sh\ncosim dashboard\n```\n\n```text\nwell\n```", "prints nothing"),
    ("<!-- smaller: --months 3 -->\n```python\n1\n```", "`smaller` is for commands"),
    ("<!-- smaller: --months 3 -->\n```sh\ncosim run ly\n```\n\n```text\nwell\n```", "`smaller` is for commands"),
    ("<!-- exits: 2 -->\n```python\n1\n```", "`exits` is for commands"),
    ("<!-- varies: times -->\n```python\n1\n```", "`varies` is for what a block prints"),
])  # fmt: skip
def test_a_page_that_hides_something_is_refused(page, text, said):
    (fault,) = faults(page(text + "\n"))
    assert said in fault
    assert fault.partition(": ")[0].endswith(("page.md:1", "page.md:2"))


@pytest.mark.parametrize(("text", "said"), [
    ("<!-- not run: why -->\n\nA sentence.\n", "a block must follow"),
    ("<!-- exits: 2 -->\n", "no block follows"),
    ("<!-- exits: 2 -->\n```{note}\nno\n```\n", "Sphinx runs this block"),
    ("<!-- picture: a.png -> b.png -->\n", "no block stands above"),
    ("```sh\ncosim scenarios\n", "does not end"),
])  # fmt: skip
def test_a_mark_without_its_block_is_refused(page, text, said):
    with pytest.raises(PageError, match=said):
        blocks(page(text))


@pytest.mark.parametrize(("text", "said"), [
    ("```sh\ncosim validate nowhere.toml\n```", "exits with 2, not 0"),
    ("<!-- exits: 2 -->\n```sh\ncosim scenarios\n```", "exits with 0, not 2"),
    ("```sh\nfalse | true && false\n```", "exits with 1, not 0"),
    ("<!-- not run: it takes hours -->\n```sh\ncosim compare --nonsense\n```", "nonsense"),
])  # fmt: skip
def test_a_command_that_does_not_do_what_is_said_is_an_error(page, tmp_path, text, said):
    with pytest.raises(PageError, match=said):
        run(page(text + "\n"), tmp_path)


@pytest.mark.parametrize("text", [
    'extends = "village"\nspeed = 3\n', "[party_leads]\nvisit = 1.0\n", 'scenarios = ["ly"]\nrepeats = 3\n',
])  # fmt: skip
def test_a_file_that_cosim_refuses_is_an_error(page, tmp_path, text):
    with pytest.raises(Exception, match=r"speed|visit|repeats"):
        run(page(f"```toml\n{text}```\n"), tmp_path)


def test_a_part_of_a_scenario_is_laid_over_ly(page, tmp_path):
    assert run(page("```toml\n[party_leads]\nvisits = 1.0\n```\n"), tmp_path) == [""]


def test_smaller_is_for_the_commands_that_know_it(page, tmp_path):
    text = "<!-- smaller: --months 2 -->\n```sh\ncosim run village\ncosim scenarios\n```\n"
    (said,) = run(page(text), tmp_path)
    assert "village_reform" in said
    assert len((tmp_path / "reader" / "results" / "local" / "village" / "months.parquet").read_bytes())


def test_a_server_is_not_started_and_its_options_are_read(page, tmp_path):
    assert run(page("```sh\ncosim dashboard --lang zh\n```\n"), tmp_path) == [""]
    with pytest.raises(Exception, match="klingon"):
        run(page("```sh\ncosim dashboard --lang klingon\n```\n"), tmp_path)


def test_a_file_that_a_command_names_is_not_run_before(page, tmp_path):
    text = "```python\n# it.py\nprint('now')\n```\n\n```sh\npython it.py\n```\n\n"
    text += "```python\n# other.py\nprint('by itself')\n```\n"
    assert run(page(text), tmp_path) == ["", "now\n", "by itself\n"]


def test_a_picture_is_copied(page, tmp_path):
    path = page("```sh\nprintf drawn > a.svg\n```\n\n<!-- picture: a.svg -> kept/b.svg -->\n![b](kept/b.svg)\n")
    refresh(path)
    assert (tmp_path / "kept" / "b.svg").read_text() == "drawn"


def test_lines_that_are_shown(page):
    (block,) = blocks(page("```sh\nls\n```\n\n<!-- shown: 1-2, 4-4 -->\n```text\n```\n"))
    assert shown("a\nb\nc\nd\n", block.output) == "a\nb\n…\nd\n"
    assert shown("a\nb\nc\nd\ne\n", block.output) == "a\nb\n…\nd\n…\n"


def test_times_vary_and_nothing_else(page):
    text = "```sh\n1\n```\n\n```text\n```\n\n```sh\n1\n```\n\n<!-- varies: times -->\n```text\n```\n"
    plain, times = blocks(page(text))
    assert comparable("12 runs in 3.5 s, 0.4 MB\n", times.output) == comparable("12 runs in 9 s, 1 MB\n", times.output)
    assert comparable("12 runs in 3.5 s\n", times.output) != comparable("13 runs in 3.5 s\n", times.output)
    assert comparable("in 3.5 s", plain.output) == "in 3.5 s"
