"""Tables that the code holds as data: rungs of the ladder, modes of supply, anchors of the index, purposes of draws."""

from cosim.outcomes.index import ANCHORS
from cosim.scenario.institutions import RUNGS
from cosim.scenario.supply import MODES


def lines(what: str) -> str:
    """Return the table of "rungs", "modes" or "anchors"."""
    return {"rungs": _rungs, "modes": _modes, "anchors": _anchors}[what]()


def _rungs() -> str:
    rows = [
        "| rung | risk of a miss that full attendance takes away | hours, against a meeting that informs | months of "
        "talk before work | those who come set the order of work |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, terms in RUNGS.items():
        rows.append(
            f"| `{name}` | {terms.fit:g} | × {terms.hours:g} | {terms.months} | "
            f"{'yes' if terms.sets_priorities else 'no'} |"
        )
    return "\n".join(rows)


def _modes() -> str:
    rows = [
        "| mode | arranger | producers | payers | award | overseer | openings for volunteers |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, mode in MODES.items():
        payers = ", ".join(f"{payer} {share:g}" for payer, share in mode.payers.items())
        rows.append(
            f"| `{name}` | {mode.arranger} | {', '.join(mode.producers)} | {payers} | {mode.award} | "
            f"{mode.overseer} | {mode.volunteer_openings} |"
        )
    return "\n".join(rows)


def _anchors() -> str:
    rows = ["| part | is 0 at | is 100 at |", "| --- | --- | --- |"]
    return "\n".join(
        [*rows, *(f"| {name.replace('_', ' ')} | {worst:g} | {best:g} |" for name, (worst, best) in ANCHORS.items())]
    )
