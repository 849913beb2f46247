"""Tables of a sweep: what moves an outcome, and where a reform wins or loses."""

import re
from collections.abc import Callable, Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosim.display.factors import outcome_name
from cosim.display.words import NOTHING, arm_name, interval, number, percent, signed
from cosim.language import ENGLISH, Language, told
from cosim.outcomes.measures import measure_of
from cosim.report.layout import new_table, note
from cosim.study.sensitivity.conditions import EVERYWHERE

MOST = 10
"""Factors that are shown for an outcome."""
CONDITION = re.compile(r"^(\S+) (at least|below|from|is not|is) (.*)$")
"""One condition of a box, as a table has it."""
ABOUT_MORRIS = told(
    "μ*: mean size of the effect of a factor over its whole range, or of switching it; ±: 95 % interval. "
    "μ: the same with signs; smaller than μ*, it works both ways. σ: how unlike the effects are; near μ* or above, the "
    "effect depends on the other factors, or bends. luck: the μ* that luck alone would give. A screening: it ranks "
    "factors, and shares out no variance."
)
ABOUT_SOBOL = told(
    "ST: share of the variance that a factor has a part in, alone or with others; S1: alone; ±: 95 % interval. "
    "luck: the part of ST that is luck. Where ST is well above S1, the factor works through others. The shares hold "
    "for the ranges that were drawn from."
)
ABOUT_NOISE = told(
    "noise: share of the variance between the design's points that is luck. More replicates make it smaller."
)
ABOUT_BOXES = told(
    "Points of the design by their own paired 95 % interval, most losses first. foretold: share of points left out "
    "whose verdict a tree of the others foretells; unless it beats always saying the commonest, boxes may be luck."
)


def print_indices(found: pd.DataFrame, console: Console, most: int = MOST, say: Language = ENGLISH) -> None:
    """Print the `most` factors that move each outcome most, for each target, and what the numbers mean.

    `found` are indices as `cosim.study.sensitivity.indices` returns them.
    """
    morris = "mu_star" in found
    for (scenario, against), of_target in found.groupby(["scenario", "against"], sort=False):
        arms = {"scenario": arm_name(scenario, say), "against": arm_name(against, say)}
        what = say("What moves what {scenario} changes against {against}", **arms)
        if not against:
            what = say("What moves outcomes under {scenario}", **arms)
        console.print(Text(what, style="bold"))
        for outcome, rows in of_target.groupby("outcome", sort=False):
            _print_outcome(outcome, rows, console, morris, most, say)
    note(console, say(ABOUT_MORRIS if morris else ABOUT_SOBOL))
    note(console, say(ABOUT_NOISE))


def _print_outcome(outcome: str, rows: pd.DataFrame, console: Console, morris: bool, most: int, say: Language) -> None:
    """Print one outcome's factors."""
    first = rows.iloc[0]
    unit = say(measure_of(outcome).unit_of_level) if morris else say("shares of variance")
    about = {"outcome": outcome_name(outcome, say), "unit": unit, "made": _made_of(first, morris, say)}
    console.print("\n" + say("{outcome}, {unit}. {made}", **about))
    if rows["rank"].isna().all():
        note(console, say("No indices: too little is finished, or this does not vary between the points."))
        return
    shown = rows.sort_values("rank", kind="stable").head(most)
    console.print(_morris(shown, say) if morris else _sobol(shown, say))
    if len(rows) > most:
        others = len(rows) - most
        note(
            console, say.many("and {count} factor that moves it less", "and {count} factors that move it less", others)
        )


def _made_of(row: pd.Series, morris: bool, say: Language) -> str:
    """Say how much is noise, and what was used."""
    noise = NOTHING if pd.isna(row["noise"]) else percent(row["noise"], say)
    used = say("{count} trajectories", count=row["used"]) if morris else say("{count} blocks", count=row["used"])
    used += say(", {count} dropped", count=row["dropped"]) if row["dropped"] else ""
    times = say.many("{count} replicate", "{count} replicates", row["replicates"])
    return say("noise {noise}; {used}; {replicates}", noise=noise, used=used, replicates=times)


def _morris(rows: pd.DataFrame, say: Language) -> Table:
    table = new_table(say.pick("factor", "因素"), "μ* ±", "μ", "σ", say("luck"))
    for row in rows.to_dict("records"):
        size = row["mu_star"]
        table.add_row(
            row["factor"],
            f"{number(size)} ± {number(row['mu_star_conf'])}",
            signed(row["mu"], size),
            number(row["sigma"]),
            number(row["luck"]),
        )
    return table


def _sobol(rows: pd.DataFrame, say: Language) -> Table:
    table = new_table(say.pick("factor", "因素"), "ST ±", "S1 ±", say("luck"))
    for row in rows.to_dict("records"):
        shares = [f"{_share(row[name])} ± {_share(row[f'{name}_conf'])}" for name in ("ST", "S1")]
        table.add_row(row["factor"], *shares, _share(row["luck"]))
    return table


def _share(value: float) -> str:
    """Return a share of the variance with two decimals."""
    return NOTHING if pd.isna(value) else f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")


def print_boxes(found: pd.DataFrame, console: Console, say: Language = ENGLISH) -> None:
    """Print where a reform wins and where it loses, in words.

    `found` are boxes as `cosim.study.sensitivity.boxes` returns them.
    """
    for (scenario, against), of_target in found.groupby(["scenario", "against"], sort=False):
        arms = {"scenario": arm_name(scenario, say), "against": arm_name(against, say)}
        console.print(Text(say("Where {scenario} wins or loses against {against}", **arms), style="bold"))
        for outcome, rows in of_target.groupby("outcome", sort=False):
            better = measure_of(outcome).better
            first = rows.iloc[0]
            foretold = NOTHING if pd.isna(first["right"]) else percent(first["right"], say)
            commonest = percent(first["right_without"], say)
            about = {
                "outcome": outcome_name(outcome, say), "unit": say(measure_of(outcome).unit_of_level),
                "foretold": foretold, "commonest": commonest,
            }  # fmt: skip
            console.print("\n" + say("{outcome}, {unit}. foretold {foretold}, commonest {commonest}", **about))
            console.print(_box_table(rows, ("wins", "loses") if better else ("raises", "lowers"), say))
    note(console, say(ABOUT_BOXES))


def _box_table(rows: pd.DataFrame, verdicts: Sequence[str], say: Language) -> Table:
    """Return boxes with their points by verdict."""
    counted = (*verdicts, "undecided")
    names = {
        "wins": say("wins"), "loses": say("loses"), "raises": say("raises"), "lowers": say("lowers"),
        "undecided": say("undecided"),
    }  # fmt: skip
    table = new_table(say("points of the design where"), *(names[name] for name in counted), say("difference"))
    for row in rows.to_dict("records"):
        where = _where(str(row["box"]), say)
        table.add_row(where, *[str(row[name]) for name in counted], signed(row["difference"]), end_section=True)
    return table


def _where(box: str, say: Language) -> str:
    """Return the conditions of a box, one below the other; their keys as a scenario has them."""
    first, *others = conditions(box, say, lambda key: key)
    return "\n".join([first, *(say("  and {condition}", condition=other) for other in others)])


def conditions(box: str, say: Language, named: Callable[[str], str]) -> list[str]:
    """Return the conditions of a box in words; `named` names a factor by its key."""
    if box == EVERYWHERE:
        return [say("everywhere")]
    return [_condition(condition, say, named) for condition in box.split(" and ")]


def _condition(condition: str, say: Language, named: Callable[[str], str]) -> str:
    found = CONDITION.match(condition)
    if found is None:
        return condition
    words = {
        "at least": say("{factor} at least {value}"), "below": say("{factor} below {value}"),
        "from": say("{factor} from {value}"), "is": say("{factor} is {value}"),
        "is not": say("{factor} is not {value}"),
    }  # fmt: skip
    key, kind, value = found.groups()
    low, _, high = value.partition(" to below ")
    value = say("{low} to below {high}", low=low, high=high) if high else value
    return words[kind].format(factor=named(key), value=value)


def print_differences(found: dict[str, pd.DataFrame], console: Console, say: Language = ENGLISH) -> None:
    """Print what the other scenarios change against the first, at the only point of a design without factors."""
    for name, rows in found.items():
        about = {
            "outcome": outcome_name(name, say), "unit": say(measure_of(name).unit_of_level),
            "against": arm_name(rows["against"].iloc[0], say),
        }  # fmt: skip
        console.print("\n" + say("{outcome}, {unit}, against {against}", **about))
        within = say("95 % interval")
        table = new_table(say("scenario"), say("difference"), within, say("pairs"), whole=[within])
        for row in rows.to_dict("records"):
            size = max(abs(row["mean_a"]), abs(row["mean_b"]))
            span = interval(row["low"], row["high"], size, say)
            table.add_row(arm_name(row["scenario"], say), signed(row["difference"], size), span, str(row["n"]))
        console.print(table)
