"""One visitor's question whether it is luck: the trial that was asked for, and which outcome's course is shown."""

from collections.abc import Callable, Sequence

from cosim.dashboard.trials import Line, Trial
from cosim.scenario.schema import Scenario


class Luck:
    """`trial` is the one that was asked for last, `full` whether there was no place for it in the line."""

    def __init__(self, line: Line, changed: Callable[[], None]) -> None:
        self.line = line
        self.trial: Trial | None = None
        self.full = False
        self.outcome = "participation"
        self._changed = changed

    def ask(self, scenarios: Sequence[Scenario], seed: int) -> None:
        """Ask for a trial of two scenarios, and give up the one before."""
        self.give_up()
        trial = Trial(scenarios, seed, self._changed)
        self.full = not self.line.join(trial)
        self.trial = None if self.full else trial

    def give_up(self) -> None:
        """Forget the trial, and end it if it is under way."""
        if self.trial is not None:
            self.line.leave(self.trial)
        self.trial, self.full = None, False

    def is_about(self, scenarios: Sequence[Scenario], seed: int) -> bool:
        """Whether the trial is one of these scenarios with this seed."""
        return self.trial is not None and (self.trial.scenarios, self.trial.seed) == (tuple(scenarios), seed)
