"""The orders of both worlds on their way from placing to signing off: how many stand where, and what moved."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import solara

from cosim.dashboard.frames import WAITING, Frame, course
from cosim.dashboard.panels.charts import INKS
from cosim.dashboard.panels.courses import Course, show_courses
from cosim.dashboard.stages import STAGES
from cosim.dashboard.visitor import Visitor
from cosim.display.words import NOTHING, capitalised, number, signed, stage_name
from cosim.language import Language
from cosim.outcomes.measures import MEASURES
from cosim.world.orders import ENDED, Stage

COURSES = ("orders_open", "wait", "orders_placed", "orders_signed_off")
"""Measures whose course is shown."""


@solara.component_vue("orders.vue", vuetify=False)
def OrdersPanel(
    words: dict[str, str],
    names: list[str],
    colours: list[str],
    position: int,
    steps: list[str],
    worlds: list[dict[str, Any]],
    stages: list[dict[str, str]],
    lines: list[dict[str, Any]],
) -> None:
    """Draw them."""


def show(visitor: Visitor) -> None:
    """Show the orders up to the month on screen."""
    say, worlds = visitor.say, visitor.worlds
    so_far = [frames[: worlds.position + 1] for frames in worlds.frames] if worlds.ready else []
    words = {
        "orders": say("Orders"), "so_far": say("so far"), "flow": say("What moved, and what stands where"),
        "difference": say("Difference"), "ended": say("Ended"),
        "help": say("Dots: orders that moved on this month. Bars: orders that stand."),
        "warming": "" if worlds.ready else say("The shared warm-up is under way"),
    }  # fmt: skip
    steps = ("residents_order", "party_takes", "partners_deliver", "residents_sign_off")
    most = max((int(frame.queue.open.max()) for frames in worlds.frames for frame in frames), default=0)
    OrdersPanel(
        words=words, names=[visitor.title(side) for side in visitor.sides], colours=list(INKS),
        position=worlds.position, steps=[capitalised(stage_name(step, say)) for step in steps],
        worlds=[_world(frames, most, say) for frames in so_far],
        stages=[{"name": say(it.name), "meaning": say(it.meaning)} for it in STAGES.values()],
        lines=lines(so_far, say) if so_far else [],
    )  # fmt: skip
    if so_far:
        measures = [(name, MEASURES[name]) for name in COURSES]
        show_courses(visitor, say("Orders month by month"), [
            Course(capitalised(say.label(it)), say(it.unit), capitalised(say(it.meaning)), it.bounds,
                   np.array([course(frames, name) for frames in worlds.frames]))
            for name, it in measures
        ])  # fmt: skip


def _world(frames: Sequence[Frame], most: int, say: Language) -> dict[str, Any]:
    """Return what stands and what moved in one world; bars are shares of the most that ever stood anywhere."""
    queue, ended = frames[-1].queue, ended_so_far(frames)
    return {
        "open": queue.open.tolist(), "ages": [_age(float(age), say) for age in queue.age],
        "bars": (queue.open / max(most, 1)).tolist(),
        "moved": [queue.placed, *queue.moved.tolist(), int(queue.ended[0])],
        "ended": queue.ended.tolist(), "so_far": ended.tolist(),
    }  # fmt: skip


def _age(months: float, say: Language) -> str:
    return "" if math.isnan(months) else say("on average {months} months old", months=number(months))


def ended_so_far(frames: Sequence[Frame]) -> np.ndarray:
    """Return how many orders ended in each of `ENDED` since month 0, int[3]."""
    return np.sum([np.zeros(len(ENDED), int), *(frame.queue.ended for frame in frames[1:])], axis=0)


def mean_wait(frames: Sequence[Frame]) -> float:
    """Return the mean months from placing to signing off of all orders signed off since month 0; NaN if none was."""
    done = np.array([frame.queue.ended[0] for frame in frames[1:]], np.float64)
    waits = np.array([frame.queue.wait for frame in frames[1:]], np.float64)
    return float(np.nansum(done * waits) / done.sum()) if done.sum() else float("nan")


def lines(so_far: Sequence[Sequence[Frame]], say: Language) -> list[dict[str, Any]]:
    """Return the numbers as a table: for each line its label and meaning, a text for each world, and the difference."""
    queues = [frames[-1].queue for frames in so_far]
    found = [_line(say("Placed this month"), "", [it.placed for it in queues])]
    steps = (say("Taken this month"), say("Work begun this month"), say("Delivered this month"))
    found += [_line(step, "", [it.moved[place] for it in queues]) for place, step in enumerate(steps)]
    ends = {
        Stage.SIGNED_OFF: (say("Signed off this month"), say("Signed off so far")),
        Stage.REJECTED: (say("Never taken, this month"), say("Never taken, so far")),
        Stage.LOST: (say("Lost this month"), say("Lost so far")),
    }
    for place, stage in enumerate(ENDED):
        meaning = say(STAGES[stage].meaning)
        found.append(_line(ends[stage][0], meaning, [it.ended[place] for it in queues]))
        found.append(_line(ends[stage][1], meaning, [ended_so_far(frames)[place] for frames in so_far]))
    for place, stage in enumerate(WAITING):
        name, meaning = say(STAGES[stage].name), say(STAGES[stage].meaning)
        found.append(_line(say("Standing: {stage}", stage=name), meaning, [it.open[place] for it in queues]))
        found.append(_line(say("Months old: {stage}", stage=name), meaning, [it.age[place] for it in queues]))
    about = say("from placing to signing off")
    found.append(_line(say("Months waited, of those signed off this month"), about, [it.wait for it in queues]))
    found.append(_line(say("Months waited, of those signed off so far"), about, [mean_wait(it) for it in so_far]))
    return found


def _line(label: str, meaning: str, values: Sequence[float]) -> dict[str, Any]:
    known = [float(value) for value in values]
    whole = all(isinstance(value, int | np.integer) for value in values)
    said = [f"{value:,.0f}" if whole else number(value) for value in known]
    apart = known[-1] - known[0]
    if len(known) == 1 or apart != apart:
        difference = NOTHING
    elif apart == 0:
        difference = "0"
    else:
        difference = f"{apart:+,.0f}".replace("-", "−") if whole else signed(apart, max(known, key=abs))
    return {"label": label, "meaning": meaning, "values": said, "difference": difference}
