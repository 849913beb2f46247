"""What happened to a person, in words: one sentence for an event, with the terms of the decision as numbers."""

import math
from collections.abc import Callable, Mapping
from typing import Any

MOVED = 0.02
"""Least change of trust in a month that a sentence tells."""

ASKING = {
    "order": ("asked for {category} ({channel})", "did not ask for {category} ({channel})"),
    "meeting": ("came to the residents' meeting", "did not come to the residents' meeting"),
    "session": ("came to the bench session", "did not come to the bench session"),
    "joint work": ("was asked to join in work, and came", "was asked to join in work, and did not come"),
    "vote": ("voted for the committee", "did not vote for the committee"),
    "stand": ("stood for the committee", "did not stand for the committee"),
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


def sentence(event: Mapping[str, Any]) -> str:
    """Return an event as a sentence without its month; empty where there is nothing to tell."""
    kind = event["kind"]
    return _weighed(event) if kind in ASKING else SENTENCES[kind](event)


def _weighed(event: Mapping[str, Any]) -> str:
    if not event.get("able", True):
        return "had no grievance, and so nothing to ask for"
    t = event["terms"]
    words = ASKING[event["kind"]][0 if event["acted"] else 1]
    what = words.format(category=plain(event.get("category", "")), channel=event.get("channel", ""))
    if event.get("order"):
        what += f", order {event['order']}"
    if event.get("seated"):
        what += ", and was elected"
    if "others" in event:
        return (
            f"{what}: {two(event['others'])} of the own ties are seen to contribute + mobilised "
            f"{two(t['mobilisation'])} against the own threshold {two(event['bar'])}: {_luck(event)}"
        )
    habit = f" + habit {two(t['habit'])}" if t["habit"] else ""
    again = f", of it {two(event['again'])} for acting again soon" if event.get("again") else ""
    weighted = " + ".join(f"{two(t[f'w_{part}'])}×{two(t[part])}" for part in ("attitude", "norm", "control"))
    return (
        f"{what}: belief {two(t['belief'])} (trust {two(t['trust'])}, promises kept {two(t['kept'])}) × grievance "
        f"{two(t['grievance'])} = attitude {two(t['attitude'])}; norm {two(t['norm'])} (seen {two(t['seen'])} − usual "
        f"{two(t['usual'])} + mobilised {two(t['mobilisation'])}); control {two(t['control'])} (efficacy "
        f"{two(t['efficacy'])} − cost {two(t['cost'])}{again}); intention {weighted} − own threshold "
        f"{two(t['threshold'])}{habit} = {two(t['intention'])} against {two(event['bar'])}: {_luck(event)}"
    )


def telling(event: Mapping[str, Any]) -> bool:
    """Whether an event is told where many months are shown: what was done, decided anew, or moved somebody."""
    kind = event["kind"]
    if kind in ("order", "meeting", "session", "joint work", "stand", "moving"):
        return bool(event.get("acted", True) or event.get("died"))
    return bool(event["text"])


def _luck(event: Mapping[str, Any]) -> str:
    outcome = "yes" if event["acted"] else "no"
    return f"P {three(event['probability'])}, draw {three(event['draw'])} → {outcome}"


def _fee(event: Mapping[str, Any]) -> str:
    t = event["terms"]
    what = {
        (True, True): "goes on paying", (False, True): "begins to pay",
        (True, False): "stops paying", (False, False): "goes on without paying",
    }[event["paid"], event["acted"]]  # fmt: skip
    return (
        f"reviewed the fee: service {two(t['service'])}, trust in the firm {two(t['trust'])}, "
        f"{two(event['paying_here'])} of the building pay (response {two(t['others'])}), burden {two(t['burden'])}, "
        f"own readiness {two(t['taste'])}: {_luck(event)}, the household {what}"
    )


def _keeping(event: Mapping[str, Any]) -> str:
    t = event["terms"]
    caught = "was caught encroaching and " if event["caught"] else ""
    what = "keeps shared space" if event["acted"] else "encroaches on shared space"
    return (
        f"{caught}reconsidered shared space: others (response) {two(t['others'])}, belonging {two(t['belonging'])}, "
        f"deterrence {two(t['sanction'])}, reward {two(t['reward'])}: {_luck(event)}, the household {what}"
    )


def _visited(event: Mapping[str, Any]) -> str:
    return (
        f"was visited by a Party member (P {three(event['probability'])}, draw {three(event['draw'])}; "
        f"length {two(event['attention'])}, trust in the Party {two(event['trust_party'])}, "
        f"promises kept {two(event['kept'])}): mobilisation {two(event['before'])} → {two(event['mobilisation'])}"
    )


def _verdict(event: Mapping[str, Any]) -> str:
    reply = "a reply" if event["replied"] else "no reply"
    reasons = "reasons" if event["explained"] else "no reasons"
    return (
        f"own order {event['order']} ({plain(event['category'])}) was {event['stage']}, {event['months']} months after "
        f"it was placed: outcome {two(event['outcome'])}, patience used {two(event['wait'])}, {reply}, {reasons} → "
        f"verdict {two(event['verdict'])}; condition {two(event['condition'])} against {two(event['expected'])} "
        f"expected → signal {two(event['result'])}"
    )


def _trust(event: Mapping[str, Any]) -> str:
    told = []
    for target, t in event["targets"].items():
        if abs(t["after"] - t["before"]) < MOVED:
            continue
        causes = [f"hearsay {two(t['heard'])}"] if abs(t["after_hearsay"] - t["before"]) >= 0.005 else []
        causes += [f"{cause} {two(signal)}" for cause, signal in t["signals"].items()]
        told.append(f"{target} {two(t['before'])} → {two(t['after'])} ({', '.join(causes) or 'set point'})")
    return f"trust: {'; '.join(told)}" if told else ""


def _moving(event: Mapping[str, Any]) -> str:
    t = event["terms"]
    if event["died"]:
        return f"died (P {three(event['risk_of_death'])}, draw {three(event['draw_of_death'])})"
    words = "moved away" if event["acted"] else "stayed"
    return (
        f"{words}: usual rate {three(t['rate'])}, satisfaction {two(t['satisfaction'])}, "
        f"belonging {two(t['belonging'])} of the household: P {three(t['probability'])}, draw {three(event['draw'])}"
    )


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "fee": _fee,
    "keeping": _keeping,
    "visited": _visited,
    "verdict": _verdict,
    "trust": _trust,
    "moving": _moving,
    "told": lambda e: f"read what was decided (P {three(e['probability'])}, draw {three(e['draw'])})",
    "dispute": lambda e: f"a dispute with household {e['household']} broke out",
    "dispute over": lambda e: f"the dispute with household {e['household']} is over",
    "owners": lambda e: e["what"],
    "left": lambda e: e["why"],
    "arrived": lambda e: e["why"],
}
"""The sentence for each kind of event that weighs no intention."""
