"""The page about mechanisms: which stages do the work, for whom, and what their effect needs."""

import json
from collections.abc import Iterator, Sequence
from textwrap import TextWrapper

import pandas as pd

from cosim.compare.mechanisms import OUTCOMES, READINGS, STANDARD, WAYS, WHOLE, Mechanisms
from cosim.compare.variants import Variant
from cosim.display.words import GROUPS, NOTHING, STAGES, capitalised, interval, measure_name, number, signed
from cosim.outcomes.measures import MEASURES
from cosim.report.layout import markdown_table

ABOUT = """\
# Mechanisms: what does the work, and for whom

Written by `{command}`.

{replicates} replicates, seed {seed}, {months} months; `{other}` against `{first}`, with the same people, history and
luck. Each number is a paired difference with its 95 % interval, each for itself. Bold is what is *clear*: an interval
that holds at 95 % for all rows of the page's tables of stages, or of variants, together excludes zero (Bonferroni).
Outcomes are means of the last year, costs yuan per resident and year. Members of the Party count as such, whatever
their origin.
"""
REFORM = """
`reform_2018` is taken apart, since every stage is on in it, public means among them; `multi_centre` is a part of it.
"""
ABOUT_STAGES = """
## What each stage adds

*Alone*: laid over `{first}` by itself. *Ladder*: after the stages above it. *Off*: on top of all the others, which is
what is lost when it is taken out.
"""
ABOUT_VARIANTS = """
## Does the effect need it?

The reform's effect in the usual model, and in others that differ from it in both arms: *nulls* take a mechanism away,
*alternatives* put another rule in its place: the settings below. *Change* is the effect there less the usual one. Two
things are so by construction: no reform moves a trust that cannot move, and fewer take part where no meeting is held.
Readings:

{readings}

{variants}
"""
WIDTH = 120
WHOM = {WHOLE: "all", **GROUPS}


def mechanisms_page(found: Mechanisms, variants: Sequence[Variant], seed: int, command: str) -> str:
    """Return the page: words first, then the tables; `command` is what makes it again."""
    first, other = found.arms
    about = {"replicates": found.replicates, "seed": seed, "months": found.months, "first": first, "other": other}
    parts = [ABOUT.format(command=command, **about)]
    parts += [REFORM] if other == "reform_2018" else []
    look = TextWrapper(WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
    words = map(look.fill, in_words(found, variants))
    parts.append("\n## In words\n\n" + "\n".join(words) + "\n")
    parts.append(ABOUT_STAGES.format(first=first))
    parts += [_stages(found.stages, outcome) for outcome in OUTCOMES]
    if variants:
        readings = "\n".join(f"- *{name}*: {meaning}" for name, meaning in READINGS.items())
        parts.append(ABOUT_VARIANTS.format(readings=readings, variants=_settings(found, variants)))
        parts += [_variants(found.variants, variants, outcome) for outcome in OUTCOMES]
    return "".join(parts)


def mechanisms_json(found: Mechanisms, seed: int, command: str) -> str:
    """Return the tables as one JSON object; what is not known is null; `command` is what makes it again."""
    document = {
        "command": command,
        "scenarios": list(found.arms),
        "replicates": found.replicates,
        "seed": seed,
        "months": found.months,
        "ceilings": dict(found.ceilings),
        **{name: json.loads(getattr(found, name).to_json(orient="records")) for name in ("stages", "variants")},
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def in_words(found: Mechanisms, variants: Sequence[Variant]) -> Iterator[str]:
    """Yield sentences about each outcome, made from the tables alone: only what is clear is named."""
    for outcome in OUTCOMES:
        stages = found.stages[found.stages["outcome"] == outcome]
        whole = stages[stages["group"] == WHOLE].set_index(["way", "stage"])
        sentences = [
            _ranked(whole.loc["alone"], "a stage alone that moves it", "no stage alone moves it clearly"),
            _ranked(whole.loc["off"], "on top of all the others", "none does on top of all the others"),
        ]
        sentences += [*_company(whole), *_for_whom(stages)]
        if variants:
            sentences.append(_needs(found.variants[found.variants["outcome"] == outcome], variants))
        yield f"**{measure_name(outcome)}**: {'. '.join(map(capitalised, sentences))}."


def _ranked(rows: pd.DataFrame, some: str, none: str) -> str:
    clear = rows[rows["clear"]]
    clear = clear.loc[clear["difference"].abs().sort_values(ascending=False, kind="stable").index]
    named = [f"{STAGES[stage]} ({_signed(row)})" for stage, row in clear.iterrows()]
    return f"{some}: {', '.join(named)}" if named else none


def _company(whole: pd.DataFrame) -> Iterator[str]:
    """Yield which stages add more, or less, on top of the others than alone: their intervals lie apart."""
    alone, off = whole.loc["alone"], whole.loc["off"]
    stages = [stage for stage in alone.index if alone.loc[stage, "clear"] or off.loc[stage, "clear"]]
    more = [STAGES[stage] for stage in stages if off.loc[stage, "low"] > alone.loc[stage, "high"]]
    less = [STAGES[stage] for stage in stages if off.loc[stage, "high"] < alone.loc[stage, "low"]]
    if more:
        yield f"more there than alone: {_and(more)}"
    if less:
        yield f"less there than alone: {_and(less)}"


def _for_whom(stages: pd.DataFrame) -> Iterator[str]:
    """Yield for whom the stage that moves it most on top of the others does most, from most to least."""
    off = stages[stages["way"] == "off"]
    whole = off[(off["group"] == WHOLE) & off["clear"]]
    if whole.empty or not (off["group"] != WHOLE).any():
        return
    stage = whole.loc[whole["difference"].abs().idxmax(), "stage"]
    parts = off[(off["stage"] == stage) & (off["group"] != WHOLE) & off["difference"].notna()]
    parts = parts.loc[parts["difference"].abs().sort_values(ascending=False, kind="stable").index]
    told = [f"{GROUPS[row['group']]} ({_signed(row)})" for row in parts.to_dict("records")]
    yield f"{STAGES[stage]} there, by group: {', '.join(told)}"


def _needs(rows: pd.DataFrame, variants: Sequence[Variant]) -> str:
    """Return what becomes of the reform's effect on the whole compound under the variants, by reading."""
    whole = rows[rows["group"] == WHOLE].set_index("variant")
    usual = whole.loc[STANDARD]
    kept = "" if usual["clear"] else ", which is not clear"
    told = []
    for reading in READINGS:
        named = [one for one in variants if whole.loc[one.name, "reading"] == reading]
        if reading in ("no clear change", "no clear effect"):
            names = [one.label for one in named]
        else:
            names = [f"{one.label} ({_signed(whole.loc[one.name])})" for one in named]
        if names:
            told.append(f"{reading} under {_and(names)}")
    return f"the whole reform's effect is {_signed(usual)}{kept}; {'; '.join(told)}"


def _stages(stages: pd.DataFrame, outcome: str) -> str:
    rows = stages[stages["outcome"] == outcome]
    groups = [group for group in WHOM if (rows["group"] == group).any()]
    lines = []
    for stage in rows["stage"].unique():
        for way in WAYS:
            mine = rows[(rows["stage"] == stage) & (rows["way"] == way)].set_index("group")
            cells = [_cell(mine.loc[group], "difference", "low", "high", "clear") for group in groups]
            lines.append([STAGES[stage] if way == WAYS[0] else "", way, *cells])
    head = ["stage", "", *(WHOM[group] for group in groups)]
    return f"\n### {measure_name(outcome)}\n\n" + markdown_table(head, lines)


def _variants(found: pd.DataFrame, variants: Sequence[Variant], outcome: str) -> str:
    labels = {STANDARD: "usual model"} | {one.name: one.label for one in variants}
    lines = []
    for row in found[found["outcome"] == outcome].to_dict("records"):
        effect = _cell(row, "difference", "low", "high", "clear")
        change = _cell(row, "change", "change_low", "change_high", "change_clear")
        means = f"{number(row['mean_a'])} → {number(row['mean_b'])}"
        first = row["group"] == WHOLE
        lines.append(
            [labels[row["variant"]] if first else "", WHOM[row["group"]], means, effect, change, row["reading"]]
        )
    head = ["model", "whom", "without → with the reform", "effect", "change", "reading"]
    return f"\n### {measure_name(outcome)}: the effect\n\n" + markdown_table(head, lines)


def _settings(found: Mechanisms, variants: Sequence[Variant]) -> str:
    lines = []
    for one in variants:
        written = [f"`{key} = {_written(value)}`" for key, value in one.settings.items()]
        if one.usual_rates:
            written += [f"`{key} = {value:.4f}`" for key, value in found.ceilings.items()]
        lines.append([one.label, one.kind, ", ".join(written)])
    text = markdown_table(["model", "kind", "settings of both arms"], lines)
    if found.ceilings:
        text += (
            f"\nThe ceilings of random participation are twice the mean monthly rates of those who could act, measured "
            f"in a run of `{found.arms[0]}`.\n"
        )
    return text.rstrip("\n")


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def _cell(row: "pd.Series | dict[str, float]", value: str, low: str, high: str, clear: str) -> str:
    if pd.isna(row[value]):
        return NOTHING
    size = _size(str(row["outcome"]))
    text = f"{signed(row[value], size)} ({interval(row[low], row[high], size)})"
    return f"**{text}**" if row[clear] else text


def _signed(row: "pd.Series | dict[str, float]") -> str:
    return signed(row["difference"], _size(str(row["outcome"])))


def _size(outcome: str) -> float:
    """Return the size by which differences of an outcome are rounded: shares to a thousandth, yuan whole."""
    return 100.0 if MEASURES[outcome].unit == "yuan" else 0.1


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

