"""Is it luck? Many pairs of runs of the scenarios on screen, and what of their difference is more than chance."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import solara

from cosim.dashboard.trials import Found, Trial
from cosim.dashboard.visitor import SIDES, Visitor
from cosim.display.style import COLOURS
from cosim.display.words import NOTHING, capitalised, interval, measure_name, number, percent, signed
from cosim.language import Language
from cosim.report.page.words import BETTER, CHANGED, NONE, UNTOLD, WORSE, size_of, verdict


@solara.component_vue("luck.vue", vuetify=False)
def Panel(
    words: dict[str, str],
    state: str,
    share: float,
    rows: list[dict[str, Any]],
    chosen: str,
    months: list[int],
    band: bytes,
    lang: str,
    colour: str,
    event_start: Callable[[Any], None],
    event_stop: Callable[[Any], None],
    event_show: Callable[[str], None],
    event_report: Callable[[Any], None],
) -> None:
    """Draw it."""


def show(visitor: Visitor) -> None:
    """Show the trial, or what it would be."""
    say, luck = visitor.say, visitor.luck
    trial, alone = luck.trial, len(visitor.sides) < len(SIDES)
    found = trial.found if trial else None
    state = "alone" if alone else "full" if luck.full else trial.state if trial else "none"
    names = [visitor.title(side) for side in visitor.sides]
    band = found.bands.get(luck.outcome) if found else None
    Panel(
        words=_words(visitor, state, names, say), state=state, share=trial.share if trial else 0.0,
        rows=_rows(found, say) if found else [], chosen=luck.outcome, months=found.months if found else [],
        band=band.tobytes() if band is not None else b"", lang=visitor.view.lang, colour=COLOURS[1],
        event_start=lambda _: visitor.try_luck(), event_stop=lambda _: visitor.leave_luck(),
        event_show=visitor.show_luck, event_report=lambda _: visitor.give_report(),
    )  # fmt: skip


def _words(visitor: Visitor, state: str, names: list[str], say: Language) -> dict[str, str]:
    """Return every text of the panel."""
    trial, pairs = visitor.luck.trial, visitor.room.line.pairs
    found = trial.found if trial else None
    both = {"left": names[0], "right": names[-1]}
    return {
        "title": say("Is it luck?"),
        "about": say(
            "On screen is one pair of worlds: the same people with the same luck. Would “{right}” differ from “{left}” "
            "as much with other luck? {pairs} pairs of runs tell, each with luck of its own.", pairs=pairs, **both,
        ) if state != "alone" else say(
            "There is one world on screen, and nothing to compare it with. Choose a scenario for the right side."
        ),
        "start": say("Run {pairs} pairs", pairs=pairs), "stop": say("Stop"), "again": say("Run them again"),
        "progress": say("Progress"), "state": _state(visitor, state, say),
        "outcome": say("Outcome"), "left": names[0], "right": names[-1], "difference": say("Difference"),
        "interval": say("95 % interval"), "higher": say("Right is higher in"), "verdict": say("Could it be luck?"),
        "more": say("right is higher"), "less": say("right is lower"),
        "course": say("Difference month by month"), "month": say("Month"), "middle": say("middle pair"),
        "band": say("the middle 95 % of {pairs} pairs", pairs=found.pairs) if found else "",
        "report": say("Full report"),
        "note": say(
            "Levels are means over the last twelve months; costs and hours are per resident and year. A difference "
            "stands if it is clear at 5 % over all outcomes together (Holm's method)."
        ),
    }  # fmt: skip


def _state(visitor: Visitor, state: str, say: Language) -> str:
    """Say how far the trial is."""
    luck, trial = visitor.luck, visitor.luck.trial
    if state == "full":
        return say("{count} visitors already wait for their pairs. Please try again in a few minutes.",
                   count=luck.line.longest)  # fmt: skip
    if trial is None:
        return ""
    if state == "waiting":
        return say("Others are before you: {count}. Yours begin by themselves.", count=luck.line.place(trial))
    if state == "running":
        left = trial.remaining
        done = percent(trial.share, say)
        return (
            say("{done} done", done=done) if left is None
            else say("{done} done, about {seconds} seconds left", done=done, seconds=max(1, round(left)))
        )  # fmt: skip
    return _ended(trial, say)


def _ended(trial: Trial, say: Language) -> str:
    if trial.found is None:
        return say("The runs failed: {reason}", reason=trial.fault or say("their process ended without a word"))
    kinds = [verdict(row, name) for name, row in trial.found.effects.items()]
    clear = sum(kind in (BETTER, WORSE, CHANGED) for kind in kinds)
    return say("In {clear} of {count} outcomes the difference is more than luck; {pairs} pairs.",
               clear=clear, count=len(kinds), pairs=trial.found.pairs)  # fmt: skip


def _rows(found: Found, say: Language) -> list[dict[str, Any]]:
    """Return the outcomes as lines of the table and of the drawing."""
    rows = []
    for name, row in found.effects.items():
        size, kind = size_of(row), verdict(row, name)
        rows.append(
            {
                "name": name, "label": capitalised(measure_name(name, say)), "kind": kind,
                "values": [
                    number(row["mean_a"], size), number(row["mean_b"], size), signed(row["difference"], size),
                    interval(row["low"], row["high"], size, say), _share(row["superiority"], say),
                ],
                "answer": answer(row, kind, say), "forest": _forest(row),
            }
        )  # fmt: skip
    return rows


def answer(row: dict[str, float], kind: str, say: Language) -> str:
    """Say whether luck alone could explain a difference."""
    if math.isnan(row["difference"]):
        return say("not known")
    if row["difference"] == row["low"] == row["high"] == 0.0:
        return say("No difference in any pair")
    if kind == UNTOLD:
        return say("One pair cannot tell")
    return say("Luck alone could explain it") if kind == NONE else say("No, it is more than luck")


def _share(superiority: float, say: Language) -> str:
    return NOTHING if math.isnan(superiority) else percent(superiority, say)


def _forest(row: dict[str, float]) -> list[float]:
    """Return difference and interval from -1 to 1, against the largest of their sizes; empty if they are not known."""
    ends = np.array([row["difference"], row["low"], row["high"]])
    if np.isnan(ends).any():
        return []
    largest = float(np.abs(ends).max())
    return (ends / largest if largest else ends).tolist()

