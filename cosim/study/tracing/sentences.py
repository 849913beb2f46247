"""What happened to a person, in words: one sentence for an event, with the terms of the decision as numbers."""

import math
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from cosim.language import Told, told

MOVED = 0.02
"""Least change of trust in a month that a sentence tells."""

ASKING = {
    "order": (told("asked for {category} ({channel})"), told("did not ask for {category} ({channel})")),
    "meeting": (told("came to the residents' meeting"), told("did not come to the residents' meeting")),
    "session": (told("came to the bench session"), told("did not come to the bench session")),
    "joint work": (told("was asked to join in work, and came"), told("was asked to join in work, and did not come")),
    "vote": (told("voted for the committee"), told("did not vote for the committee")),
    "stand": (told("stood for the committee"), told("did not stand for the committee")),
}
"""Decisions that weigh an intention: done, and not done."""


def two(value: float | None) -> str:
    """Return a share with two decimals and no leading zero: .52, −.05, 1.00."""
    if value is None or math.isnan(value):
        return "–"
    return _bare(f"{value:.2f}")


def three(value: float) -> str:
    """Return a probability or a draw with three decimals: .012."""
    return _bare(f"{value:.3f}")


def _bare(text: str) -> str:
    digits = text.lstrip("-")
    sign = "−" if text.startswith("-") and digits.strip("0.") else ""
    return sign + (digits[1:] if digits.startswith("0.") else digits)


def plain(name: str) -> str:
    """Return a name of the code as words."""
    return name.replace("_", " ")


CHANNELS = {"counter": told("counter"), "desk": told("desk"), "hotline": told("hotline"), "online": told("online")}
"""How somebody asked for a service."""


def word(name: str) -> Told:
    """Return a name of the code as words that can be said again; one that is numbered as name and number."""
    body, _, number = name.rpartition("_")
    if body and number.isdecimal():
        return told("{name} {number}", name=word(body), number=number)
    return told(plain(name))


def sentence(event: Mapping[str, Any]) -> str:
    """Return an event as a sentence without its month; empty where there is nothing to tell."""
    kind = event["kind"]
    return _weighed(event) if kind in ASKING else SENTENCES[kind](event)


def _shares(values: Mapping[str, Any], **names: str) -> dict[str, str]:
    """Return shares as they are written, by the name of their place in a sentence; these by the name of the value."""
    return {place: two(values[name]) for place, name in names.items()}


def _weighed(event: Mapping[str, Any]) -> str:
    if not event.get("able", True):
        return told("had no grievance, and so nothing to ask for")
    what = _done(event)
    t = event["terms"]
    if "others" in event:
        return told(
            "{what}: {others} of the own ties are seen to contribute + mobilised {mobilised} against the own threshold "
            "{bar}: {luck}",
            what=what, others=two(event["others"]), mobilised=two(t["mobilisation"]), bar=two(event["bar"]),
            luck=_luck(event),
        )  # fmt: skip
    habit = told(" + habit {habit}", habit=two(t["habit"])) if t["habit"] else ""
    again = told(", of it {again} for acting again soon", again=two(event["again"])) if event.get("again") else ""
    weighted = " + ".join(f"{two(t[f'w_{part}'])}×{two(t[part])}" for part in ("attitude", "norm", "control"))
    numbers = {
        name: two(t[name])
        for name in (
            "belief", "trust", "kept", "grievance", "attitude", "norm", "seen", "usual", "mobilisation", "control",
            "efficacy", "cost", "threshold", "intention",
        )
    }  # fmt: skip
    return told(
        "{what}: belief {belief} (trust {trust}, promises kept {kept}) × grievance {grievance} = attitude {attitude}; "
        "norm {norm} (seen {seen} − usual {usual} + mobilised {mobilisation}); control {control} (efficacy {efficacy} "
        "− cost {cost}{again}); intention {weighted} − own threshold {threshold}{habit} = {intention} against {bar}: "
        "{luck}",
        **numbers, what=what, again=again, weighted=weighted, habit=habit, bar=two(event["bar"]), luck=_luck(event),
    )  # fmt: skip


def _done(event: Mapping[str, Any]) -> Told:
    """Say what was done, or was not."""
    words = ASKING[event["kind"]][0 if event["acted"] else 1]
    channel = CHANNELS.get(event.get("channel", ""), "")
    what = told(words.template, category=word(event.get("category", "")), channel=channel)
    if event.get("order"):
        what = told("{what}, order {order}", what=what, order=event["order"])
    return told("{what}, and was elected", what=what) if event.get("seated") else what


def telling(event: Mapping[str, Any]) -> bool:
    """Whether an event is told where many months are shown: what was done, decided anew, or moved somebody."""
    kind = event["kind"]
    if kind in ("order", "meeting", "session", "joint work", "stand", "moving"):
        return bool(event.get("acted", True) or event.get("died"))
    return bool(event["text"])


def _luck(event: Mapping[str, Any]) -> Told:
    chance = {"probability": three(event["probability"]), "draw": three(event["draw"])}
    if event["acted"]:
        return told("P {probability}, draw {draw} → yes", **chance)
    return told("P {probability}, draw {draw} → no", **chance)


def _fee(event: Mapping[str, Any]) -> str:
    t = event["terms"]
    what = {
        (True, True): told("the household goes on paying"), (False, True): told("the household begins to pay"),
        (True, False): told("the household stops paying"),
        (False, False): told("the household goes on without paying"),
    }[event["paid"], event["acted"]]  # fmt: skip
    return told(
        "reviewed the fee: service {service}, trust in the firm {trust}, {paying} of the building pay "
        "(response {others}), burden {burden}, own readiness {taste}: {luck}, {what}",
        **_shares(t, service="service", trust="trust", others="others", burden="burden", taste="taste"),
        paying=two(event["paying_here"]), luck=_luck(event), what=what,
    )  # fmt: skip


def _keeping(event: Mapping[str, Any]) -> str:
    t = event["terms"]
    numbers = _shares(t, others="others", belonging="belonging", sanction="sanction", reward="reward")
    what = told("the household encroaches on shared space")
    if event["acted"]:
        what = told("the household keeps shared space")
    if event["caught"]:
        return told(
            "was caught encroaching and reconsidered shared space: others (response) {others}, belonging {belonging}, "
            "deterrence {sanction}, reward {reward}: {luck}, {what}",
            **numbers, luck=_luck(event), what=what,
        )  # fmt: skip
    return told(
        "reconsidered shared space: others (response) {others}, belonging {belonging}, deterrence {sanction}, "
        "reward {reward}: {luck}, {what}",
        **numbers, luck=_luck(event), what=what,
    )  # fmt: skip


def _visited(event: Mapping[str, Any]) -> str:
    return told(
        "was visited by a Party member (P {probability}, draw {draw}; length {length}, trust in the Party {trust}, "
        "promises kept {kept}): mobilisation {before} → {after}",
        probability=three(event["probability"]), draw=three(event["draw"]),
        **_shares(
            event, length="attention", trust="trust_party", kept="kept", before="before", after="mobilisation"
        ),
    )  # fmt: skip


def heard(replied: bool, explained: bool) -> Told:
    """Say whether those who asked had a reply, and reasons."""
    reply = told("a reply") if replied else told("no reply")
    reasons = told("reasons") if explained else told("no reasons")
    return told("{reply}, {reasons}", reply=reply, reasons=reasons)


def _verdict(event: Mapping[str, Any]) -> str:
    return told(
        "own order {order} ({category}) was {stage}, {months} months after it was placed: outcome {outcome}, patience "
        "used {wait}, {heard} → verdict {verdict}; condition {condition} against {expected} expected → signal {result}",
        order=event["order"], category=word(event["category"]), stage=word(event["stage"]), months=event["months"],
        heard=heard(event["replied"], event["explained"]),
        **_shares(
            event, outcome="outcome", wait="wait", verdict="verdict", condition="condition", expected="expected",
            result="result",
        ),
    )  # fmt: skip


def _trust(event: Mapping[str, Any]) -> str:
    moved = []
    for target, t in event["targets"].items():
        if abs(t["after"] - t["before"]) < MOVED:
            continue
        causes = []
        if abs(t["after_hearsay"] - t["before"]) >= 0.005:
            causes.append(told("hearsay {signal}", signal=two(t["heard"])))
        causes += [told("{cause} {signal}", cause=word(cause), signal=two(it)) for cause, it in t["signals"].items()]
        moved.append(
            told(
                "{target} {before} → {after} ({causes})",
                target=word(target), before=two(t["before"]), after=two(t["after"]),
                causes=causes or told("set point"),
            )
        )  # fmt: skip
    if not moved:
        return ""
    return told(
        "trust: {moved}", moved=reduce(lambda one, other: told("{first}; {other}", first=one, other=other), moved)
    )


def _moving(event: Mapping[str, Any]) -> str:
    t = event["terms"]
    if event["died"]:
        chance = {"probability": three(event["risk_of_death"]), "draw": three(event["draw_of_death"])}
        return told("died (P {probability}, draw {draw})", **chance)
    return told(
        "{what}: usual rate {rate}, satisfaction {satisfaction}, belonging {belonging} of the household: "
        "P {probability}, draw {draw}",
        what=told("moved away") if event["acted"] else told("stayed"), rate=three(t["rate"]),
        **_shares(t, satisfaction="satisfaction", belonging="belonging"), probability=three(t["probability"]),
        draw=three(event["draw"]),
    )  # fmt: skip


def _read(event: Mapping[str, Any]) -> str:
    chance = {"probability": three(event["probability"]), "draw": three(event["draw"])}
    return told("read what was decided (P {probability}, draw {draw})", **chance)


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "fee": _fee,
    "keeping": _keeping,
    "visited": _visited,
    "verdict": _verdict,
    "trust": _trust,
    "moving": _moving,
    "told": _read,
    "dispute": lambda e: told("a dispute with household {household} broke out", household=e["household"]),
    "dispute over": lambda e: told("the dispute with household {household} is over", household=e["household"]),
    "owners": lambda e: e["what"],
    "left": lambda e: e["why"],
    "arrived": lambda e: e["why"],
}
"""The sentence for each kind of event that weighs no intention."""
