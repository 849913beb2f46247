"""The page on sweeps: its example runs, and prints what the page says."""

import re
import subprocess
import sys
from pathlib import Path

import duckdb

import cosim

PAGE = (Path(cosim.__file__).parents[1] / "docs" / "sweeps.md").read_text(encoding="utf-8")
EXAMPLE, PRINTED = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", PAGE, re.DOTALL).groups()
QUERY = re.search(r"```sql\n(.*?)```", PAGE, re.DOTALL)[1]


def test_the_example_prints_what_the_page_says(tmp_path):
    (tmp_path / "example.py").write_text(EXAMPLE, encoding="utf-8")
    root = Path(cosim.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r}); import runpy; "
         "runpy.run_path('example.py', run_name='__main__')"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == PRINTED, done.stderr
    query = QUERY.replace("results/local/phase_diagram", str(tmp_path / "budget"))
    query = query.replace("trust_neighbours", "condition")
    assert [row[0] for row in duckdb.sql(query).fetchall()] == [60.0, 180.0]
