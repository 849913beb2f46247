"""Tables that the code holds as data: rungs of the ladder, modes of supply, anchors of the index."""

from cosim.outcomes.index import ANCHORS
from cosim.scenario.institutions import RUNGS
from cosim.scenario.supply import MODES
from generated import table


def lines(what: str) -> str:
    """Return the table of "rungs", "modes" or "anchors"."""
    return {"rungs": _rungs, "modes": _modes, "anchors": _anchors}[what]()


def _rungs() -> str:
    heads = (
        "rung", "risk of a miss that full attendance takes away", "hours, against a meeting that informs",
        "months of talk before work", "those who come set the order of work",
    )  # fmt: skip
    rows = [
        (f"`{name}`", f"{terms.fit:g}", f"× {terms.hours:g}", terms.months, "yes" if terms.sets_priorities else "no")
        for name, terms in RUNGS.items()
    ]
    return table(heads, rows)


def _modes() -> str:
    heads = ("mode", "arranger", "producers", "payers", "award", "overseer", "openings for volunteers")
    rows = [
        (f"`{name}`", mode.arranger, ", ".join(mode.producers),
         ", ".join(f"{payer} {share:g}" for payer, share in mode.payers.items()), mode.award.replace("_", " "),
         mode.overseer, mode.volunteer_openings)
        for name, mode in MODES.items()
    ]  # fmt: skip
    return table(heads, rows)


def _anchors() -> str:
    rows = [(name.replace("_", " "), f"{worst:g}", f"{best:g}") for name, (worst, best) in ANCHORS.items()]
    return table(("part", "is 0 at", "is 100 at"), rows)
