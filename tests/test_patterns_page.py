"""The page on patterns: its examples run, and print what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cosim

ROOT = Path(cosim.__file__).parents[1]
PAGE = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
FILE, SCRIPT = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PRINTED = re.findall(r"\n\n```\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("name", "text", "words", "said"), [
    ("mine.py", FILE, "-m cosim patterns mine.py --jobs 1", PRINTED[0]),
    ("script.py", SCRIPT, "script.py", PRINTED[1]),
])  # fmt: skip
def test_the_examples_print_what_the_page_says(tmp_path, name, text, words, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", *words.split()], cwd=tmp_path, capture_output=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    printed = [line.rstrip() for line in done.stdout.decode().splitlines()]
    assert printed == said.splitlines(), done.stderr.decode()
