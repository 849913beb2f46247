"""What a page shows of a resident or a building that is looked at, in the visitor's words, by world."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cosim.dashboard.following import Case, Followed, HouseWatcher, LifeWatcher, standing_at
from cosim.dashboard.frames import MAPPED, NOBODY, STEPS, Frame
from cosim.dashboard.panels.courses import Course
from cosim.dashboard.stages import STAGES
from cosim.dashboard.telling import DECISIONS, Event, outcome, sentence, shown, terms_of
from cosim.display.words import NOTHING, capitalised, group_name, number
from cosim.language import Language, told
from cosim.outcomes.measures import GROUPS, MEASURES
from cosim.scenario.inhabitants import name_of
from cosim.world.orders import ENDED, Stage

if TYPE_CHECKING:
    from cosim.dashboard.visitor import Visitor

COURSES = (
    "participation", "satisfaction", "trust_neighbours", "trust_government", "trust_party", "trust_firm", "belonging",
    "grievance",
)  # fmt: skip
"""Measures of a resident, or of those who live in a building, whose course is shown."""
MOST_CASES, MOST_EVENTS = 12, 80
"""How many orders and how many events are listed; older ones are left out."""
TENURES = (told("the owner lives here"), told("public rental"), told("let by an absent owner"))
"""How a household holds its dwelling, by number."""
COOPERATORS = {
    "conditional cooperator": told("does more, the more others do"),
    "free rider": told("leaves it to others"),
    "hump-shaped cooperator": told("joins in while few do, and less once many do"),
}
"""Kinds of cooperators in plain words."""


def _services(visitor: "Visitor") -> dict[str, str]:
    categories = visitor.sides["left"].scenario.categories
    return {name: visitor.say.pick(it.label, it.label_zh) for name, it in categories.items()}


def _known(followed: Followed, worlds: int) -> Sequence[LifeWatcher | HouseWatcher | None]:
    """Return the watchers by world; None while nothing is known yet."""
    return followed.watchers if followed.reached >= 0 else [None] * worlds


def reached(visitor: "Visitor", followed: Followed) -> int:
    """Return the position up to which things are told: the one on screen, unless work is still behind it."""
    return min(followed.reached, visitor.worlds.position)


def _line(label: str, values: Sequence[str], meaning: str = "", bars: Sequence[float] = ()) -> dict[str, Any]:
    differs = len(values) > 1 and values[0] != values[1]
    shares = [max(0.0, min(float(bar), 1.0)) for bar in bars]
    return {"label": label, "values": list(values), "meaning": meaning, "differs": differs, "bars": shares}


# A resident


def facts(visitor: "Visitor", followed: Followed) -> list[dict[str, Any]]:
    """Return who the resident is, a line for each fact with a value for each world."""
    now, say = visitor.worlds.now, visitor.say
    sides = [
        _facts(visitor, frame, watcher, reached(visitor, followed))
        for frame, watcher in zip(now, _known(followed, len(now)), strict=True)
    ]
    meanings = {
        "cooperation": say("what a person does about common work, given what others do"),
        "threshold": say("how much this person needs beyond others before acting"),
        "grievance_about": say("the service that falls short most of what is expected"),
        "ties": say("residents with whom there is contact of some strength"),
    }
    labels = {
        "state": say("Now"), "group": say("Group"), "age": say("Age"), "household": say("Household"),
        "building": say("Building"), "tenure": say("Tenure"), "lived": say("Lives here"),
        "cooperation": say("Cooperation"), "threshold": say("Own threshold"), "ties": say("Ties"),
        "pays": say("Property fee"), "keeps": say("Shared space"), "grievance_about": say("Falls short most"),
    }  # fmt: skip
    values = {key: [it.get(key, NOTHING) for it in sides] for key in labels}
    return [_line(label, values[key], meanings.get(key, "")) for key, label in labels.items()]


def _facts(
    visitor: "Visitor", frame: Frame, watcher: LifeWatcher | HouseWatcher | None, position: int
) -> dict[str, str]:
    say, picked = visitor.say, visitor.picked
    found = {"state": state(visitor, frame, watcher)}
    if lives_here(frame, picked.row, picked.arrival):
        found["group"] = capitalised(group_name(GROUPS[frame.group[picked.row]], say))
    stay = watcher.stays.get(picked.arrival) if isinstance(watcher, LifeWatcher) else None
    if not isinstance(watcher, LifeWatcher) or stay is None or stay["from"] >= position:
        return found
    found |= {
        "household": str(stay["household"]), "building": str(stay["building"]),
        "cooperation": say(COOPERATORS[stay["cooperator"]]), "threshold": number(stay["threshold"]),
    }  # fmt: skip
    standing = standing_at(watcher, position, picked.arrival)
    if standing:
        found |= {
            "age": f"{int(standing.age)}", "tenure": say(TENURES[standing.tenure]), "ties": str(len(standing.tied)),
            "lived": duration(position - 1 - stay["from"], say),
        }  # fmt: skip
    month = next((row for row in reversed(watcher.rows) if row["month"] < position), None)
    if month and month["arrival"] == picked.arrival and "pays" in month and standing:
        found["pays"] = say("the household pays") if month["pays"] else say("the household does not pay")
        found["keeps"] = say("the household keeps it") if month["keeps"] else say("the household encroaches on it")
        found["grievance_about"] = _services(visitor).get(month["grievance_about"], say("nothing"))
    return found


def lives_here(frame: Frame, row: int, arrival: int) -> bool:
    """Whether somebody lives in a row in a month."""
    return bool(frame.group[row] != NOBODY and frame.arrival[row] == arrival)


def state(visitor: "Visitor", frame: Frame, watcher: LifeWatcher | HouseWatcher | None) -> str:
    """Say whether the resident lives here in the month on screen, and if not, what became of them."""
    say, picked, position = visitor.say, visitor.picked, visitor.worlds.position
    if lives_here(frame, picked.row, picked.arrival):
        return say("lives here")
    after = say("somebody else lives here now") if frame.group[picked.row] != NOBODY else say("nobody lives here now")
    stay = watcher.stays.get(picked.arrival) if isinstance(watcher, LifeWatcher) else None
    if frame.arrival[picked.row] < picked.arrival:
        return say("has not moved in so far; {after}", after=after)
    if stay is None or stay["until"] is None or stay["until"] >= position:
        return say("does not live here; {after}", after=after)
    why = say("died") if stay["why"] == "died" else say("moved away with the household")
    return say("left in month {month}: {why}; {after}", month=stay["until"] + 1, why=why, after=after)


def duration(months: int, say: Language) -> str:
    """Return a time lived here in words."""
    years, rest = divmod(max(months, 0), 12)
    if not years:
        return say.many("for {count} month", "for {count} months", rest)
    return say.many("for {count} year", "for {count} years", years)


def decision(visitor: "Visitor", followed: Followed) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Return the kinds of decisions that were taken so far, and the terms of the last one of the kind looked at."""
    say, services = visitor.say, _services(visitor)
    taken = [_decisions(visitor, followed, watcher) for watcher in _known(followed, len(visitor.worlds.frames))]
    known = {event["kind"] for events in taken for event in events}
    kinds = [{"name": kind, "label": say(label)} for kind, label in DECISIONS.items() if kind in known]
    last = next((event["kind"] for events in taken for event in reversed(events) if event["kind"] != "moving"), "")
    kind = visitor.life.decision if visitor.life.decision in known else last
    if not kind:
        return kinds, {}
    chosen = [next((event for event in reversed(events) if event["kind"] == kind), None) for events in taken]
    terms = [{term.name: term for term in terms_of(event)} if event else {} for event in chosen]
    every = {name: term for side in reversed(terms) for name, term in side.items()}
    every = {name: every[name] for side in terms for name in side}
    lines = [
        _line(say(name), [side[name].value if name in side else NOTHING for side in terms], say(term.meaning))
        for name, term in every.items()
    ]
    head = [_line(say("Month"), [str(event["month"] + 1) if event else NOTHING for event in chosen])]
    if kind == "order":
        asked = [services.get(event["category"], NOTHING) if event else NOTHING for event in chosen]
        head.append(_line(say("Service"), asked))
    end = _line(say("Outcome"), [outcome(event, say) for event in chosen])
    return kinds, {"kind": visitor.life.decision, "title": say(DECISIONS[kind]), "lines": [*head, *lines, end]}


def _decisions(
    visitor: "Visitor", followed: Followed, watcher: LifeWatcher | HouseWatcher | None
) -> list[Event]:
    return [event for event in _events(visitor, followed, watcher) if event["kind"] in DECISIONS]


def _events(visitor: "Visitor", followed: Followed, watcher: LifeWatcher | HouseWatcher | None) -> list[Event]:
    """Return what happened to the resident or the building up to the month on screen."""
    if watcher is None:
        return []
    arrival = visitor.picked.arrival
    position = reached(visitor, followed)
    return [it for it in watcher.events if it["month"] < position and it.get("arrival", arrival) == arrival]


def ties(visitor: "Visitor", followed: Followed) -> list[dict[str, Any]]:
    """Return for each world how many ties the resident has, and to whom, the strongest first."""
    say, position, scenario = visitor.say, reached(visitor, followed), visitor.sides["left"].scenario
    found = []
    for watcher, frames in zip(_known(followed, len(visitor.worlds.frames)), visitor.worlds.frames, strict=True):
        arrival = frames[position].arrival
        standing = standing_at(watcher, position, visitor.picked.arrival) if watcher else None
        pairs = list(zip(standing.tied, standing.strength, strict=True)) if standing else []
        found.append(
            {
                "count": say.many("{count} tie", "{count} ties", len(pairs)),
                "to": [
                    {"row": row, "label": f"{name_of(scenario, row, int(arrival[row])) or row} ({strength:.2f})"}
                    for row, strength in pairs
                ],
            }
        )
    return found


def story(visitor: "Visitor", followed: Followed) -> list[list[dict[str, str]]]:
    """Return for each world what happened, month by month, the latest first."""
    say, services, told_of = visitor.say, _services(visitor), []
    person = visitor.picked.row >= 0
    for watcher in _known(followed, len(visitor.worlds.frames)):
        events = [it for it in _events(visitor, followed, watcher) if (shown(it) if person else it["kind"] == "shock")]
        told_of.append(
            [
                {
                    "month": say("Month {month}", month=it["month"] + 1),
                    "text": sentence(it, services, say) if person else shock(it, say),
                }
                for it in reversed(events[-MOST_EVENTS:])
            ]
        )
    return told_of


def shock(event: Event, say: Language) -> str:
    """Return a shock as a sentence."""
    if event["depth"] is None:
        return say("A service failed; condition lost: {size}.", size=number(event["size"]))
    return say("A flood: condition lost up to {size}, here {depth} of it.", size=number(event["size"]),
               depth=number(event["depth"]))  # fmt: skip


def cases(visitor: "Visitor", followed: Followed) -> list[dict[str, Any]]:
    """Return for each world the orders of the resident or the building, the youngest first."""
    say, position = visitor.say, reached(visitor, followed)
    services, listed = list(_services(visitor).values()), []
    for watcher in _known(followed, len(visitor.worlds.frames)):
        known = watcher.cases_at(position) if watcher else []
        listed.append(
            {
                "summary": _summary(known, say),
                "rows": [
                    {"number": it.number, "service": services[it.category], "stage": say(STAGES[it.stage].name),
                     "meaning": say(STAGES[it.stage].meaning), "months": it.months}
                    for it in known[:MOST_CASES]
                ],
                "more": len(known) > MOST_CASES,
            }
        )  # fmt: skip
    return listed


def _summary(known: Sequence[Case], say: Language) -> str:
    ended = [sum(case.stage is stage for case in known) for stage in ENDED]
    return say("{open} open, {done} signed off, {other} never taken or lost", open=len(known) - sum(ended),
               done=ended[ENDED.index(Stage.SIGNED_OFF)], other=sum(ended[1:]))  # fmt: skip


def person_courses(visitor: "Visitor") -> list[Course]:
    """Return the courses of the resident's measures in both worlds, in the months in which they live here."""
    row, arrival = visitor.picked.row, visitor.picked.arrival
    places = [MAPPED.index(name) for name in COURSES]
    values = []
    for frames in visitor.worlds.frames:
        found = np.array([frame.people[places, row] for frame in frames], np.float32).T / STEPS
        found[:, [not lives_here(frame, row, arrival) for frame in frames]] = np.nan
        values.append(found)
    return _courses(visitor, np.array(values))


def _courses(visitor: "Visitor", values: np.ndarray) -> list[Course]:
    """Return courses of measures, float32[worlds, measures, months]."""
    say = visitor.say
    return [
        Course(capitalised(say.label(it)), say(it.unit), capitalised(say(it.meaning)), it.bounds, values[:, place])
        for place, it in enumerate(MEASURES[name] for name in COURSES)
    ]


# A building


def building_courses(visitor: "Visitor") -> list[Course]:
    """Return the courses of the means of those who live in the building."""
    places = [MAPPED.index(name) for name in COURSES]
    rows = np.nonzero(visitor.worlds.world.residents.building == visitor.picked.building)[0]
    return _courses(visitor, np.array([_means(frames, places, rows) for frames in visitor.worlds.frames]))


def _means(frames: Sequence[Frame], places: Sequence[int], rows: np.ndarray) -> np.ndarray:
    """Return the means of measures over those who live in rows, float32[measures, months]; NaN where nobody does."""
    kept = np.array([frame.people[places][:, rows] for frame in frames])
    here = kept != NOBODY
    count = here.sum(axis=2)
    total = np.where(here, kept, 0).sum(axis=2, dtype=np.float64)
    return np.divide(total, count * STEPS, out=np.full(total.shape, np.nan), where=count > 0).T.astype(np.float32)


def building_facts(visitor: "Visitor", followed: Followed) -> list[dict[str, Any]]:
    """Return how the building stands, a line for each fact with a value for each world."""
    say, position = visitor.say, reached(visitor, followed)
    watchers = _known(followed, len(visitor.worlds.frames))
    months = [_month_of(watcher, position) for watcher in watchers]
    known = [watcher.cases_at(position) if watcher else [] for watcher in watchers]
    rows = np.nonzero(visitor.worlds.world.residents.building == visitor.picked.building)[0]
    shared = ("participation", "satisfaction")
    places = [MAPPED.index(name) for name in shared]
    means = [_means([frame], places, rows)[:, 0].tolist() for frame in visitor.worlds.now]
    people = [int(np.count_nonzero(frame.group[rows] != NOBODY)) for frame in visitor.worlds.now]
    done = [sum(case.stage is Stage.SIGNED_OFF for case in cases) for cases in known]
    lines = [
        _line(say("Residents"), [str(count) for count in people], say("adults who live here")),
        *(_share(visitor, name, [side[k] for side in means]) for k, name in enumerate(shared)),
        _share(visitor, "fee_collection", [month.get("paying", np.nan) for month in months]),
        _share(visitor, "keeping", [month.get("keeping", np.nan) for month in months]),
        _line(say("Orders open"), [_count(month, "orders") for month in months], say("about this building")),
        _line(say("Orders signed off so far"), [str(count) for count in done], say("about this building")),
        _line(say("Openings"), [_count(month, "openings") for month in months],
              say("places in joint work that were open this month")),
        _line(say("Hands"), [_count(month, "hands") for month in months],
              say("residents and members' teams who came to work this month")),
        _line(say("Renovated"), [_yes(month, "renovated", say) for month in months]),
    ]  # fmt: skip
    for name, label in _services(visitor).items():
        values = [month.get(f"condition_{name}", np.nan) for month in months]
        about = say("condition of this service here, from 0 to 1")
        lines.append(_line(label, [number(value) for value in values], about, np.nan_to_num(values).tolist()))
    return lines


def _month_of(watcher: LifeWatcher | HouseWatcher | None, position: int) -> dict[str, Any]:
    """Return the record of the month before a position; empty if there is none."""
    rows = reversed(watcher.rows) if watcher else iter(())
    return next((row for row in rows if row["month"] == position - 1), {})


def _share(visitor: "Visitor", measure: str, values: Sequence[float]) -> dict[str, Any]:
    it, say = MEASURES[measure], visitor.say
    return _line(capitalised(say.label(it)), [number(value) for value in values], say(it.meaning),
                 np.nan_to_num(values).tolist())  # fmt: skip


def _count(month: dict[str, Any], name: str) -> str:
    return f"{month[name]:,.0f}" if name in month else NOTHING


def _yes(month: dict[str, Any], name: str, say: Language) -> str:
    if name not in month:
        return NOTHING
    return say("yes") if month[name] else say("no")
