"""What happened to a resident, in the visitor's words: a sentence for an event, and a table for a decision."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cosim.display.words import NOTHING, listed, number
from cosim.language import Language, Told, told
from cosim.outcomes.measures import MEASURES
from cosim.study.tracing.sentences import ASKING, MOVED, telling
from cosim.world.columns import TARGETS

Event = Mapping[str, Any]
Services = Mapping[str, str]
"""Names of services in the visitor's language, by category."""

DECISIONS: dict[str, Told] = {
    "order": told("To ask for a service"), "meeting": told("To come to the residents' meeting"),
    "session": told("To come to a bench session"), "joint work": told("To join in work"),
    "vote": told("To vote for the committee"), "stand": told("To stand for the committee"),
    "fee": told("To pay the property fee"), "keeping": told("To keep shared space"), "moving": told("To move away"),
}  # fmt: skip
"""What a resident, or the household, decides."""
DONE = {
    ("meeting", True): told("Came to the residents' meeting."), ("session", True): told("Came to a bench session."),
    ("joint work", True): told("Was asked to join in work, and came."),
    ("vote", True): told("Voted for the committee."), ("vote", False): told("Did not vote for the committee."),
    ("stand", True): told("Stood for the committee."),
}  # fmt: skip
CHANNELS = {
    "online": told("online"), "desk": told("at the order desk"), "hotline": told("by the hotline"),
    "counter": told("at the counter"),
}  # fmt: skip
ENDS = {
    "signed off": told("Own order {order} ({service}) was signed off after {months} months; verdict {verdict}."),
    "rejected": told("Own order {order} ({service}) was never taken, for {months} months; verdict {verdict}."),
    "lost": told("Own order {order} ({service}) was lost after {months} months; verdict {verdict}."),
}
FEE = {
    (True, True): told("The household goes on paying the property fee."),
    (False, True): told("The household begins to pay the property fee."),
    (True, False): told("The household stops paying the property fee."),
    (False, False): told("The household goes on without paying the property fee."),
}
"""By whether it paid before and whether it pays now."""
KEEPING = {
    (True, True): told("Was caught encroaching; the household keeps shared space now."),
    (True, False): told("Was caught encroaching; the household encroaches on shared space all the same."),
    (False, True): told("The household keeps shared space."),
    (False, False): told("The household encroaches on shared space."),
}
"""By whether it was caught and whether it keeps."""
PLAIN = {
    "died": told("Died."), "moved away with the household": told("Moved away with the household."),
    "moved in with a new household": told("Moved in with a new household."),
    "joined the household that lives here": told("Joined the household that lives here."),
    "owners formed their committee": told("Owners formed their committee."),
    "owners opened the maintenance fund": told("Owners opened the maintenance fund."),
    "owners claimed the common income": told("Owners claimed the common income."),
    "owners hired the property firm": told("Owners hired the property firm."),
}
"""Sentences of tracing that are always the same."""
CAUSES = {
    "sanctioned for encroaching": told("sanctioned for encroaching"), "dispute": told("dispute"),
    "joint work": told("joint work"), "charged without consent": told("charged without consent"),
    "own orders": told("own orders"), "seen": told("orders seen in the building"),
    "encounter": told("chance encounters"), "hearsay": told("hearsay"), "set point": told("return to what is usual"),
}  # fmt: skip
"""What moves trust."""


def shown(event: Event) -> bool:
    """Whether an event is told in a life: what was done, decided anew, or moved somebody; leaving is told as `left`."""
    return event["kind"] != "moving" and telling(event)


def sentence(event: Event, services: Services, say: Language) -> str:
    """Return an event as a sentence."""
    kind = event["kind"]
    return _asked(event, services, say) if kind in ASKING else SENTENCES[kind](event, services, say)


def _asked(event: Event, services: Services, say: Language) -> str:
    if event["kind"] == "order":
        return say("Asked for {service}, {channel}.", service=services[event["category"]],
                   channel=CHANNELS[event["channel"]])  # fmt: skip
    if event.get("seated"):
        return say("Stood for the committee, and was elected.")
    return say(DONE[event["kind"], event["acted"]])


def _visited(event: Event, services: Services, say: Language) -> str:
    return say("Was visited by a Party member: mobilisation {before} → {after}.", before=number(event["before"]),
               after=number(event["mobilisation"]))  # fmt: skip


def _verdict(event: Event, services: Services, say: Language) -> str:
    template = ENDS[event["stage"]].template
    return say(template, order=event["order"], service=services[event["category"]], months=event["months"],
               verdict=number(event["verdict"]))  # fmt: skip


def _trust(event: Event, services: Services, say: Language) -> str:
    lines = []
    for target in TARGETS:
        moved = event["targets"][target]
        if abs(moved["after"] - moved["before"]) < MOVED:
            continue
        heard = abs(moved["after_hearsay"] - moved["before"]) >= MOVED / 4
        causes = [*(["hearsay"] if heard else []), *moved["signals"]] or ["set point"]
        lines.append(
            say("{measure} {before} → {after} ({causes})", measure=say.label(MEASURES[f"trust_{target}"]),
                before=number(moved["before"]), after=number(moved["after"]),
                causes=listed([say(CAUSES[it]) for it in causes], say))
        )  # fmt: skip
    return say("{changes}.", changes=say("; ").join(lines))


def _owners(event: Event, services: Services, say: Language) -> str:
    if "agreed" not in event:
        return say(PLAIN[event["what"]])
    service = services[event["category"]]
    if event["agreed"]:
        return say("Owners agreed to their share of {service}.", service=service)
    return say("Owners did not agree to their share of {service}.", service=service)


def _why(event: Event, services: Services, say: Language) -> str:
    return say(PLAIN[event["why"]])


SENTENCES: dict[str, Callable[[Event, Services, Language], str]] = {
    "fee": lambda event, services, say: say(FEE[event["paid"], event["acted"]]),
    "keeping": lambda event, services, say: say(KEEPING[event["caught"], event["acted"]]),
    "visited": _visited,
    "verdict": _verdict,
    "trust": _trust,
    "told": lambda event, services, say: say("Read what was decided."),
    "dispute": lambda event, services, say: say("A dispute with household {household} broke out.",
                                                household=event["household"]),
    "dispute over": lambda event, services, say: say("The dispute with household {household} is over.",
                                                     household=event["household"]),
    "owners": _owners,
    "left": _why,
    "arrived": _why,
}  # fmt: skip
"""The sentence for each kind of event that weighs no intention."""


class Term(NamedTuple):
    """A line of a decision's table: a number, what it is called, and what it means."""

    name: Told
    meaning: Told
    value: str


PLANNED: tuple[tuple[str, Told, Told], ...] = (
    ("belief", told("Belief"), told("that it helps: mean of trust in the body concerned and promises kept")),
    ("grievance", told("Grievance"), told("largest weighted shortfall of a service")),
    ("attitude", told("Attitude"), told("belief times grievance")),
    ("seen", told("Norm: seen"), told("response to how many of the own ties contribute")),
    ("usual", told("Norm: usual"), told("response to a usual share; it is taken off")),
    ("mobilisation", told("Mobilisation"), told("by visits of Party members; it is added to the norm")),
    ("norm", told("Norm"), told("seen, less usual, plus mobilisation")),
    ("efficacy", told("Efficacy"), told("belief that one's voice counts")),
    ("cost", told("Cost"), told("of the easiest way, and of acting again soon")),
    ("control", told("Control"), told("efficacy less cost")),
    ("threshold", told("Own threshold"), told("how much this person needs beyond others; it is taken off")),
    ("habit", told("Habit"), told("of having acted before")),
    ("intention", told("Intention"), told("weighted attitude, norm and control, less own threshold, plus habit")),
)
OTHERS: dict[str, tuple[tuple[str, Told, Told], ...]] = {
    "fee": (
        ("service", told("Service"), told("condition of the firm's services and its effort now")),
        ("trust", told("Trust in the firm"), told("mean of the household")),
        ("others", told("Neighbours who pay"), told("response to the share of the building that pays")),
        ("burden", told("Burden"), told("what the fee weighs against the usual one")),
        ("taste", told("Own readiness"), told("how ready this household is to pay")),
    ),
    "keeping": (
        ("others", told("Neighbours who keep"), told("response to what is seen of the building's keeping")),
        ("belonging", told("Belonging"), told("to the place, mean of the household")),
        ("sanction", told("Deterrence"), told("chance of being noticed times severity")),
        ("reward", told("Reward"), told("for keeping shared space")),
    ),
    "moving": (
        ("rate", told("Usual rate"), told("at which such households leave in a month")),
        ("satisfaction", told("Satisfaction"), told("with services, mean of the household")),
        ("belonging", told("Belonging"), told("to the place, mean of the household")),
    ),
}
"""What the table of a decision shows, by kind; `PLANNED` of those that weigh an intention."""
CROWD: tuple[tuple[str, Told, Told], ...] = (
    ("others", told("Ties that act"), told("share of the own ties that are seen to contribute")),
    ("bar", told("Own threshold"), told("share at which this person acts")),
)
"""Of decisions by threshold, where others' acts decide."""


def terms_of(event: Event) -> list[Term]:
    """Return the terms of a decision, those of the draw at the end."""
    if not event.get("able", True):
        return []
    known = {**event["terms"], **{name: event[name] for name in ("bar", "others") if name in event}}
    if event["kind"] not in ASKING:
        lines = list(OTHERS[event["kind"]])
    elif "others" in event:
        lines = [*CROWD, *(it for it in PLANNED if it[0] == "mobilisation")]
    else:
        lines = [*PLANNED, ("bar", told("Bar"), told("intention at which the probability is half of its ceiling"))]
    luck = event["terms"]["probability"] if event["kind"] == "moving" else event["probability"]
    drawn = [
        Term(told("Probability"), told("that it is done"), number(luck)),
        Term(told("Draw"), told("luck: it is done if this is below the probability"), number(event["draw"])),
    ]
    return [*(Term(name, meaning, number(known[key])) for key, name, meaning in lines), *drawn]


def outcome(event: Event | None, say: Language) -> str:
    """Return what came of a decision, in a word or two."""
    if event is None:
        return NOTHING
    if not event.get("able", True):
        return say("had nothing to ask for")
    return say("acted") if event["acted"] else say("did not act")
