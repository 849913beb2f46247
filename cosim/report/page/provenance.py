"""Where a page's numbers come from: versions, seed, the command that repeats it, how to cite, licence."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cosim.language import Language
from cosim.report.page.parts import Command, Paragraph, Part, Row, Table
from cosim.scenario.reading import shipped_folder

LIBRARIES = ("python", "mesa", "numba", "numpy", "pandas", "scipy", "pyarrow")
LINE = re.compile(r'^([a-z-]+|  - name): *"?([^"\n>]+)"?$', re.MULTILINE)


def provenance(said: Mapping[str, Any], command: str, seed: int, replicates: int, say: Language) -> Iterator[Part]:
    """Yield what is needed to find a result again; `said` holds the versions, as study.json has them."""
    rows = [Row("cosim", [str(said.get("cosim", ""))])]
    rows += [Row(name, [str(said[name])]) for name in LIBRARIES if name in said]
    rows += [Row(say("Seed"), [str(seed)]), Row(say("Replicates"), [str(replicates)])]
    yield Table(say("What it was made with"), (say("what"), say("version or number")), rows)
    if command:
        yield Paragraph(say("The same numbers again, to the last digit:"))
        yield Command(command)
    yield Paragraph(citation(say), say("How to cite"))
    yield Paragraph(
        say("cosim is free software under the MIT licence. What it computes from your scenario is yours."),
        say("Licence"),
    )


def citation(say: Language) -> str:
    """Return how the program is cited, as CITATION.cff has it."""
    found = dict(LINE.findall(shipped_folder("CITATION.cff").read_text(encoding="utf-8")))
    return say(
        "{authors} ({year}). {title} (version {version}) [computer software].",
        authors=found["  - name"].removeprefix("The "), year=found["date-released"][:4], title=found["title"],
        version=found["version"],
    )  # fmt: skip
