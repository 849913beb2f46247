"""Patterns for people and programs: tables in the terminal, JSON, and files for a folder."""

import json
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosim.display.figures.patterns import Row, pattern_figure, patterns_figure
from cosim.display.style import as_bytes, shortened
from cosim.display.words import NOTHING, capitalised, made_with, number, sentences
from cosim.language import ENGLISH, Language, told
from cosim.language.lines import wide
from cosim.patterns import as_records, as_table, why_undecided
from cosim.patterns.pattern import Answer, Finding, command_for
from cosim.report.layout import note
from cosim.study import Failure, OutputError
from cosim.study.store import traces, write_files

KINDS = {
    "calibration": "used to choose parameters, so no evidence",
    "verification": "does the code do what the form says",
    "validation": "held against evidence, never tuned to",
}
"""Kinds of pattern in their order, and what they tell."""
ANSWERS = "patterns.json"
"""The file by which a folder of answers is known."""
VERDICTS = ("pass", "fail", "undecided")
STYLES = {"pass": "", "fail": "bold", "undecided": "dim"}
OBSERVED = 90
"""Characters that a table shows of what was observed."""


def print_patterns(answers: Sequence[Answer], console: Console, say: Language = ENGLISH) -> None:
    """Print a table for each kind, the counts, why some are undecided, and how to find the same again."""
    kinds = [kind for kind in KINDS if any(answer.pattern.kind == kind for answer in answers)]
    for kind in kinds:
        console.print(Text(_heading(kind, say), style="bold"))
        console.print(_table([answer for answer in answers if answer.pattern.kind == kind], say))
    for kind in kinds:
        console.print(Text(_counts(kind, [answer for answer in answers if answer.pattern.kind == kind], say)))
    for line in _undecided(answers, say):
        note(console, line)
    note(console, say("found: mean or share over n replicates, 95 % interval. To find the same again:"))
    for command in _commands(answers):
        console.print(Text(command), soft_wrap=True)


def _heading(kind: str, say: Language) -> str:
    return say("{kind}: {meaning}", kind=say(capitalised(kind)), meaning=say(KINDS[kind]))


def _table(answers: Sequence[Answer], say: Language) -> Table:
    """Return a table with a row for each criterion, and one for what was observed."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    table.add_column(say("id"), overflow="fold", min_width=3)
    table.add_column(say("pattern"), overflow="fold", ratio=1)
    table.add_column(say("asked for"), overflow="fold", max_width=14)
    table.add_column(say("found"), no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    table.add_column(say("verdict"), no_wrap=True)
    for answer in answers:
        pattern = answer.pattern
        alone = len(pattern.criteria) == 1
        verdict = Text(say(answer.verdict), style=STYLES[answer.verdict])
        observed = say(pattern.observed)
        if wide(observed):
            observed = shortened(observed, OBSERVED)
        else:
            observed = textwrap.shorten(observed, OBSERVED, placeholder=" …")
        title = say.pick(pattern.title, pattern.title_zh)
        named = f"– {say(pattern.criteria[0].name)}\n" if alone and pattern.criteria[0].name != pattern.title else ""
        said = Text(f"{title}\n{named}").append(observed, style="dim")
        if alone and answer.findings:
            finding = answer.findings[0]
            table.add_row(
                pattern.id, said, say.again(finding.criterion.bounds), _found(finding, say), _n(finding, say), verdict
            )
        else:
            table.add_row(pattern.id, said, say.again(pattern.criteria[0].bounds) if alone else "", "", "", verdict)
            for finding in answer.findings:
                own = Text(say(finding.verdict), style=STYLES[finding.verdict])
                asked = (f"– {say(finding.criterion.name)}", say.again(finding.criterion.bounds))
                table.add_row("", *asked, _found(finding, say), _n(finding, say), own)
    return table


def _found(finding: Finding, say: Language) -> str:
    """Return value and interval on two lines."""
    if not finding.n:
        return NOTHING
    low, high = finding.low, finding.high
    if math.isnan(low):
        return number(finding.value)
    size = max(abs(low), abs(high))
    between = say("{low} to {high}", low=number(low, size), high=number(high, size))
    return f"{number(finding.value, size)}\n{between}"


def _n(finding: Finding, say: Language) -> str:
    total = finding.n + finding.missing
    return say("{part} of {whole}", part=finding.n, whole=total) if finding.missing else str(finding.n)


def _counts(kind: str, answers: Sequence[Answer], say: Language) -> str:
    """Return how many passed and failed, in a line."""
    found = [answer.verdict for answer in answers]
    counts = [
        say("{count} {verdict}", count=found.count(verdict), verdict=say(verdict))
        for verdict in VERDICTS
        if verdict in found
    ]
    name = say(capitalised(kind))
    if kind == "calibration":
        name = say("{kind} (no evidence)", kind=name)
    return say("{kind}: {counts}, of {total}", kind=name, counts=counts, total=len(found))


def _undecided(answers: Sequence[Answer], say: Language) -> Iterator[str]:
    """Yield why there is no verdict, a line for each reason."""
    reasons: dict[str, list[str]] = {}
    for answer in answers:
        if not answer.findings:
            reasons.setdefault(say("every replicate has a run that failed"), []).append(answer.pattern.id)
        for finding in answer.findings:
            if finding.verdict == "undecided" and not finding.error:
                name = answer.pattern.id
                if len(answer.findings) > 1:
                    name = say("{pattern} ({criterion})", pattern=name, criterion=say(finding.criterion.name))
                reasons.setdefault(say.again(why_undecided(finding, answer.failed)), []).append(name)
    for reason, names in reasons.items():
        yield say("undecided: {patterns}: {reason}", patterns=names, reason=reason)


def criterion_errors(answers: Sequence[Answer], say: Language = ENGLISH) -> list[str]:
    """Return what is wrong with criteria that could not be worked out."""
    return [
        say(
            "{file}: {pattern}, criterion '{criterion}'",
            file=answer.pattern.file or "cosim", pattern=answer.pattern.id, criterion=finding.criterion.name,
        )
        + f"\n    {finding.error}"
        for answer in answers
        for finding in answer.findings
        if finding.error
    ]  # fmt: skip


def failures_of(answers: Sequence[Answer]) -> list[Failure]:
    """Return the runs that failed, each once, though patterns share them."""
    return list({(it.label, it.replicate): it for answer in answers for it in answer.failures}.values())


def _commands(answers: Sequence[Answer]) -> list[str]:
    """Return the commands that find the same again, one for all patterns with as many replicates."""
    sizes = dict.fromkeys(answer.replicates for answer in answers)
    return [command_for([answer for answer in answers if answer.replicates == size]) for size in sizes]


def as_json(answers: Sequence[Answer]) -> str:
    """Return the answers as a JSON list; what is not known is null."""
    return json.dumps(as_records(answers), indent=2, ensure_ascii=False, allow_nan=False)


def write_patterns(answers: Sequence[Answer], folder: Path) -> Path:
    """Write patterns.json, patterns.csv and figure.png, and return where they are. Raises OutputError."""
    failures = failures_of(answers)
    contents = {
        ANSWERS: f"{as_json(answers)}\n".encode(),
        "patterns.csv": as_table(answers).to_csv(index=False).encode(),
        "figure.png": as_bytes(figure_of(answers)),
    }
    if failures:
        contents["failures.txt"] = traces(failures).encode()
    description: dict[str, Any] = {
        "name": "patterns",
        "patterns": [answer.pattern.id for answer in answers],
        "seed": answers[0].seed,
        "settings": dict(answers[0].settings),
        "replicates": {answer.pattern.id: answer.replicates for answer in answers},
    }
    return write_files(folder, contents, description)


class Answers(NamedTuple):
    """Answers of patterns that were written into a folder, as records (`cosim.patterns.as_records`)."""

    records: list[dict[str, Any]]


def holds_answers(folder: Path) -> bool:
    """Whether a folder is one that `cosim patterns` has written."""
    return (folder / ANSWERS).is_file()


def read_answers(folder: Path) -> Answers:
    """Return the answers of a folder that `cosim patterns` has written. Raises OutputError if it is damaged."""
    path = folder / ANSWERS
    try:
        found = Answers(json.loads(path.read_text(encoding="utf-8")))
        whole = all("share" in criterion for record in found.records for criterion in record["criteria"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            told("{file} cannot be read ({reason}). Bring it back from a copy.", file=path, reason=error)
        ) from error
    if not whole:
        raise OutputError(
            told(
                "{path} was written by an older cosim. Make it again: cosim patterns -o {folder}.",
                path=path,
                folder=folder,
            )
        )
    return found


def figure_of(answers: Sequence[Answer], say: Language = ENGLISH) -> Figure:
    """Return the figure of all criteria; of a single pattern with its scales."""
    return figure_of_records(as_records(answers), say)


def figure_of_records(records: Sequence[Mapping[str, Any]], say: Language = ENGLISH) -> Figure:
    """Return the same of what patterns.json holds."""
    caption = made_with(records[0]["seed"], say)
    if len(records) > 1:
        ordered = sorted(records, key=lambda record: list(KINDS).index(record["kind"]))
        return patterns_figure([row for record in ordered for row in _rows(record, say)], caption, say=say)
    (record,) = records
    title = say(
        "{title} ({verdict})",
        title=f"{record['id']}  {say.pick(record['title'], record['title_zh'])}", verdict=say(record["verdict"]),
    )  # fmt: skip
    observed = say("Observed: {what}.", what=say(record["observed"])) if record["observed"] else ""
    mark = say("Mark {mark}.", mark=record["mark"]) if record["mark"] else ""
    runs = say.many("{count} replicate.", "{count} replicates.", record["replicates"])
    said = sentences(observed, mark, f"{_group(record, say)}{say.pick('.', '。')}", runs, caption, say=say)
    return pattern_figure(_rows(record, say, alone=True), title, said, say=say)


def _rows(record: Mapping[str, Any], say: Language, alone: bool = False) -> list[Row]:
    """Return the criteria of a pattern as they are drawn."""
    title = say.pick(record["title"], record["title_zh"])
    several = len(record["criteria"]) > 1
    return [
        Row(
            group=_group(record, say),
            name=record["id"],
            title=title if several else "",
            whole=record["verdict"],
            label=title if not several and (not alone or it["name"] == record["title"]) else say(it["name"]),
            asked=_asked(it, say),
            low=-math.inf if it["at_least"] is None else it["at_least"],
            high=math.inf if it["at_most"] is None else it["at_most"],
            values=it["values"],
            value=_known(it["value"]),
            interval=(_known(it["low"]), _known(it["high"])),
            verdict=it["verdict"],
            share=it["share"],
            unit=say(it["unit"]),
        )
        for it in record["criteria"]
    ]


def _group(record: Mapping[str, Any], say: Language) -> str:
    """Return a pattern's kind, and what it tells."""
    return say("{kind}: {meaning}", kind=say(capitalised(record["kind"])), meaning=say(KINDS[record["kind"]]))


def _asked(criterion: Mapping[str, Any], say: Language) -> str:
    """Return a criterion's bounds in words."""
    low, high = (
        None if bound is None else f"{bound:g}".replace("-", "−")
        for bound in (criterion["at_least"], criterion["at_most"])
    )
    if high is None:
        return say("at least {bound}", bound=low)
    return say("at most {bound}", bound=high) if low is None else say("{low} to {high}", low=low, high=high)


def _known(value: float | None) -> float:
    return math.nan if value is None else value
