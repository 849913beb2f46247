"""What is wrong with a scenario, said so that whoever wrote it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from itertools import islice

from cosim.language import ENGLISH, Language, told

MOST_FAULTS = 50
"""Number of faults of a scenario that are told."""


@dataclass(frozen=True)
class Refusal:
    """A fault in a scenario, without the place in a file where it was written."""

    key: str
    """Dotted key, such as "population.migrant_share"; inside a section's own validator, the key below it."""
    message: str
    """What is wrong, in lower case and without a full stop."""
    allowed: str = ""
    """What may stand there, with bounds and unit."""
    hint: str = ""
    """How to mend it, a line of its own."""
    file: str = ""
    """The file in which it stands, where that is none of the scenario's own; `key` is then a column of it."""
    line: int | None = None
    """Line of that file."""

    def problem(self) -> "Problem":
        """Return it as a problem, where it says itself that it stands."""
        return Problem(
            file=self.file, line=self.line, key=self.key,
            message=self.message, allowed=self.allowed, hint=self.hint,
        )  # fmt: skip

    @classmethod
    def unknown(cls, key: str, given: str, names: Iterable[str]) -> "Refusal":
        """Refuse a name that is none of `names`; the hint is the one that looks most like it."""
        names = list(names)
        return cls(key, told("there is no '{name}'", name=given), ", ".join(names), did_you_mean(given, names))


class Refused(ValueError):  # noqa: N818 (reads as what it is: raise Refused(faults))
    """Raised by a validator of the schema; carries every fault it found."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"{refusal.key}: {refusal.message}" for refusal in self.refusals))


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A fault and where it was written."""

    message: str
    """What is wrong."""
    file: str = ""
    """The file as the user named it, or `--set`."""
    line: int | None = None
    """Line of the file, from 1; None where there is no line to point at."""
    key: str = ""
    """Dotted key; empty for a fault of a whole file."""
    allowed: str = ""
    """What may stand there, with bounds and unit."""
    hint: str = ""
    """How to mend it."""

    def __str__(self) -> str:
        """Return the problem in English."""
        return self.text(ENGLISH)

    def text(self, say: Language) -> str:
        """Say where on the first line, and below it what, what is allowed and how to mend it."""
        file = say.again(self.file)
        place = file if self.line is None else say("{file}, line {line}", file=file, line=self.line)
        head = say("{place}: {key}", place=place, key=self.key) if place and self.key else place or self.key
        allowed = say("allowed: {values}", values=self.allowed) if self.allowed else ""
        return "\n    ".join(part for part in (head, say.again(self.message), allowed, say.again(self.hint)) if part)


class ScenarioError(ValueError):
    """A scenario that cannot be used; `str()` is the whole text for the user in English, all problems in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return every problem in English."""
        return self.text(ENGLISH)

    def text(self, say: Language) -> str:
        """Say every problem, an empty line between one and the next; what cannot be printed is escaped."""
        text = "\n\n".join(problem.text(say) for problem in self.problems)
        return "".join(sign if sign.isprintable() or sign == "\n" else ascii(sign)[1:-1] for sign in text)


def first_faults(faults: Iterable[Refusal]) -> list[Refusal]:
    """Return as many faults as are told and one more, which tells that there are more; no others are looked for."""
    return list(islice(faults, MOST_FAULTS + 1))


def together(names: Iterable[str]) -> str:
    """Return "a and b and c"."""
    return reduce(lambda first, other: told("{names} and {last}", names=first, last=other), names)


def closest(given: str, names: Iterable[str]) -> str | None:
    """Return the name that looks most like `given`, whatever its case; None if none does."""
    known = {name.lower(): name for name in names}
    return next((known[name] for name in get_close_matches(given.lower(), known, n=1)), None)


def did_you_mean(given: str, names: Iterable[str]) -> str:
    """Ask for the name that looks most like `given`; nothing if none does."""
    name = closest(given, names)
    return told("did you mean '{name}'?", name=name) if name else ""
