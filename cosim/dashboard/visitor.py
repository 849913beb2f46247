"""One visitor: what is on screen, and what its controls do.

Every method that a control calls ends with `changed()`, and the page draws itself anew. Nothing here is shared between
visitors.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from cosim.dashboard.link import LARGEST_SEED, NO_SCENARIO, View, view_of
from cosim.dashboard.luck import Luck
from cosim.dashboard.plan import Plan, plan_of
from cosim.dashboard.room import Room
from cosim.dashboard.worlds import Worlds
from cosim.display.words import arm_name, capitalised
from cosim.language import Language, language
from cosim.scenario.errors import ScenarioError
from cosim.scenario.schema import Scenario

SIDES = ("left", "right")


@dataclass(frozen=True)
class Side:
    """One side of the screen: the preset it began with, by name, and the scenario on screen, the visitor's changes in it."""

    name: str
    preset: Scenario
    scenario: Scenario

    @property
    def changed(self) -> bool:
        """Whether the visitor has changed anything."""
        return self.scenario != self.preset


class Picked(NamedTuple):
    """Who or what was clicked on: a row of residents, or a building, by number; -1 for none."""

    row: int = -1
    building: int = -1


class Visitor:
    """State of one visitor's page; `changed` is called after everything that changes it."""

    def __init__(self, room: Room, query: str, changed: Callable[[], None]) -> None:
        self.room = room
        self.changed = changed
        self.messages: list[str] = []
        self.picked = Picked()
        self.beat = 0
        self.goal = 0
        self.view = room.usual
        asked, _ = view_of(query, room.names, room.limits.months, room.usual, language(room.usual.lang))
        self.view, self.messages = view_of(
            query, room.names, room.limits.months, room.usual, language(asked.lang)
        )
        self.luck = Luck(room.line, changed)
        self.sides: dict[str, Side] = {}
        self.worlds: Worlds
        self.plan: Plan | None = None
        self._open(self.view)

    @property
    def say(self) -> Language:
        """The visitor's language."""
        return language(self.view.lang)

    def title(self, side: str) -> str:
        """Return the name of a side's scenario in words."""
        return capitalised(arm_name(self.sides[side].name, self.say))

    def _open(self, view: View) -> None:
        """Begin with the scenarios of a view, or with the room's if those cannot be shown."""
        try:
            self._begin(self._named(view), view.seed)
        except ScenarioError as error:
            self.tell(error)
            view = replace(view, left=self.room.usual.left, right=self.room.usual.right)
            self._begin(self._named(view), view.seed)
        self.view, self.goal = view, view.month

    def _named(self, view: View) -> dict[str, Side]:
        names = {"left": view.left} | ({} if view.right == NO_SCENARIO else {"right": view.right})
        return {side: self._side(name) for side, name in names.items()}

    def _side(self, name: str) -> Side:
        scenario = self.room.scenario(name)
        return Side(name, scenario, scenario)

    def _begin(self, sides: dict[str, Side], seed: int) -> None:
        """Put new worlds on screen. Raises ScenarioError, and then nothing has changed."""
        scenarios = [side.scenario for side in sides.values()]
        self.room.check(scenarios, self.say)
        worlds = Worlds(scenarios, seed)
        if not self.luck.is_about(scenarios, seed):
            self.luck.give_up()
        self.sides, self.worlds, self.plan = sides, worlds, None
        self.goal = min(self.goal, worlds.last)

    # The clock

    def go(self, position: int) -> None:
        """Bring a position on screen: at once if it has been computed, else month by month."""
        self.goal = max(0, min(int(position), self.worlds.last))
        self.more()

    def more(self) -> None:
        """Compute on towards the position that was asked for."""
        with self.room.turns.turn() as seconds:
            self.worlds.work(self.goal, seconds)
        if self.worlds.ready:
            self.worlds.show(self.goal)
            if self.plan is None:
                self.plan = plan_of(self.worlds.world)
        self.view = replace(self.view, month=self.worlds.position)
        self.beat += 1
        self.changed()

    def reset(self) -> None:
        """Go back to month 0, with nothing computed."""
        self.goal = 0
        self._begin(self.sides, self.view.seed)
        self.more()

    def set_seed(self, seed: object) -> None:
        """Let other luck happen to the same people."""
        text = str(seed).strip()
        if not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_SEED):
            self.tell(self.say("A seed is a whole number from 0 to {most}; “{given}” is none.", most=LARGEST_SEED,
                               given=text[:40]))  # fmt: skip
        else:
            self.view = replace(self.view, seed=int(text))
            self._begin(self.sides, self.view.seed)
        self.more()

    # Scenarios

    def choose(self, side: str, name: str) -> None:
        """Show another scenario on a side; `NO_SCENARIO` on the right shows the left world alone."""
        view = replace(self.view, **{side: name})
        try:
            kept = {other: self.sides[other] for other in self.sides if other != side}
            sides = kept if name == NO_SCENARIO else kept | {side: self._side(name)}
            self._begin({key: sides[key] for key in SIDES if key in sides}, view.seed)
            self.view = view
        except ScenarioError as error:
            self.tell(error)
        self.more()

    # What is looked at

    def look(self, **what: str) -> None:
        """Change language, colour or topic; values come from lists on the page."""
        self.view = replace(self.view, **what)
        self.luck.report = ""
        self.changed()

    def pick(self, row: int = -1, building: int = -1) -> None:
        """Look at a resident, by row, or at a building."""
        population = self.sides["left"].scenario.population
        self.picked = Picked(
            row if 0 <= row < population.residents else -1, building if 0 <= building < population.buildings else -1
        )
        self.look(panel="life")

    def tied(self) -> list[int]:
        """Return the rows to which lines are drawn from the resident who is looked at."""
        return []

    # Is it luck?

    def try_luck(self) -> None:
        """Ask for pairs of runs of the two scenarios on screen."""
        if len(self.sides) == len(SIDES):
            self.luck.ask([side.scenario for side in self.sides.values()], self.view.seed)
        self.changed()

    def leave_luck(self) -> None:
        """Give up the pairs that were asked for."""
        self.luck.give_up()
        self.changed()

    def show_luck(self, outcome: object) -> None:
        """Show the course of another outcome's difference."""
        found = self.luck.trial.found if self.luck.trial else None
        if found and isinstance(outcome, str) and outcome in found.bands:
            self.luck.outcome = outcome
        self.changed()

    def report_luck(self) -> None:
        """Hand out the whole page about the pairs, in the visitor's language."""
        found = self.luck.trial.found if self.luck.trial else None
        self.luck.report = found.reports[self.view.lang] if found else ""
        self.changed()

    def leave(self) -> None:
        """Give up what goes on beside the page: nobody looks at it any more."""
        self.luck.give_up()

    # Messages

    def tell(self, message: str | ScenarioError) -> None:
        """Put a message on the page."""
        self.messages.append(str(message))

    def dismiss(self, number: int) -> None:
        """Take a message off the page."""
        if 0 <= number < len(self.messages):
            del self.messages[number]
        self.changed()
