"""Numbers that pages say in a sentence, where a constant of the code decides them."""

import re
from pathlib import Path

import pytest

from cosim import statistics
from cosim.compare import controls, people
from cosim.compare.forms import NEARLY
from cosim.patterns.pattern import FEWEST
from cosim.scenario.own_community import MOST_ADULTS, MOST_TIES
from cosim.scenario.sheets import FORMS
from cosim.study import cluster, deadline
from cosim.study.experiment.designs import LEVELS
from cosim.study.experiment.schema import Experiment
from cosim.study.experiment.together import SHOWN
from cosim.study.sensitivity.boxes import DEPTH, FOLDS
from cosim.study.sensitivity.indices import FEWEST as FEWEST_BLOCKS
from cosim.study.sensitivity.indices import RESAMPLES as INDEX_RESAMPLES
from cosim.study.tracing.sentences import MOVED

DOCS = Path(__file__).resolve().parent.parent / "docs"
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
DEFAULTS = {name: field.default for name, field in Experiment.model_fields.items()}
SAID = {
    "statistics.md": [
        f"t\\* from {statistics.RESAMPLES:,} resamples of pairs",
        f"the {round(0.025 * (statistics.RESAMPLES + 1))}th smallest and largest of {statistics.RESAMPLES:,}",
        f"fewer than {NUMBERS[statistics.BOOTSTRAP_PAIRS]} pairs",
        f"over {statistics.COURSES} resamples of replicates, and needs {NUMBERS[statistics.BOOTSTRAP_PAIRS]}",
        f"its mean over the last {statistics.YEAR} months",
        f"the mean of the last {statistics.YEAR} months",
    ],
    "sensitivity.md": [
        f"from {INDEX_RESAMPLES} resamples of trajectories",
        f"from {INDEX_RESAMPLES} resamples of the base sample",
        f"of at most {NUMBERS[DEPTH]} questions",
        f"({NUMBERS[FOLDS]} parts, each left out once)",
        f"fewer than {NUMBERS[FEWEST_BLOCKS]} trajectories or blocks",
    ],
    "experiments.md": [
        f"with other luck every time | {DEFAULTS['replicates']} |",
        f"gives the same results | {DEFAULTS['seed']} |",
        f"The last month is kept too | {DEFAULTS['record_every']} |",
        f"`levels` values ({LEVELS} unless you say otherwise",
        f"The first {NUMBERS[SHOWN]} that cannot be are shown",
    ],
    "fair_comparison.md": [
        f"to {100 * controls.CLOSE:g} % on {NUMBERS[controls.PROBES]} replicates",
        f"gain and lose by more than {people.TELLING}",
        f"from fewer than {NUMBERS[people.FEW_REPLICATES]} replicates",
        f"open in {100 * NEARLY:g} % of the worlds",
    ],
    "trace.md": [f"is told when it moves by {f'{MOVED:g}'[1:]} in a month"],
    "patterns.md": [f"fewer than {FEWEST} replicates"],
    "howto/own_community.md": [f"at most {MOST_ADULTS} adults, and a person at most {MOST_TIES} ties"],
    "howto/cluster.md": [
        f"ends {deadline.GRACE:g} s after the time",
        f"waits {cluster.ANY_WORKER / 60:g} minutes for others",
        f"cosim keeps only {NUMBERS[cluster.AHEAD]} for each worker",
    ],
}


@pytest.mark.parametrize("page", SAID)
def test_a_page_says_what_the_code_has(page):
    text = " ".join((DOCS / page).read_text(encoding="utf-8").split())
    assert [sentence for sentence in SAID[page] if sentence not in text] == []


def test_ranges_of_columns_of_people_are_those_of_the_forms():
    allowed = {name: str(cell.allowed) for form in FORMS for name, cell in form.columns.items()}
    page = (DOCS / "howto" / "own_community.md").read_text(encoding="utf-8")
    ranges = {name: found[0] for line in page.splitlines() if line.startswith("| `")
              for cells in [line.split(" | ")] for found in [re.findall(r"\d+ to \d+", cells[3])] if found
              for name in cells[0].strip("| `").split("`, `")}  # fmt: skip
    assert len(ranges) > 10
    assert {name: text for name, text in ranges.items() if text not in allowed[name]} == {}
