"""One visitor: what is on screen, and what its controls do.

Every method that a control calls ends with `changed()`, and the page draws itself anew. Nothing here is shared between
visitors.
"""

from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from cosim.dashboard.changes import Change, changed, read_change, together
from cosim.dashboard.following import Life, Picked
from cosim.dashboard.frames import NOBODY
from cosim.dashboard.link import LARGEST_SEED, LONGEST, NO_SCENARIO, View, choices, view_of, whole_number
from cosim.dashboard.luck import Luck
from cosim.dashboard.plan import Plan, plan_of
from cosim.dashboard.room import Room
from cosim.dashboard.telling import DECISIONS
from cosim.dashboard.worlds import Worlds
from cosim.display.words import arm_name, capitalised, plain
from cosim.language import Language, language, told
from cosim.outcomes.measures import MEASURES
from cosim.scenario import as_child, shipped_scenarios
from cosim.scenario.errors import ScenarioError
from cosim.scenario.from_text import scenario_from_text
from cosim.scenario.schema import Scenario
from cosim.study.running import labels_of

SIDES = ("left", "right")
LOOKS = ("lang", "colour", "topic", "panel")
"""Keys of a view that change nothing in the worlds."""
MOST_ARRIVALS = 2**24 - 1
"""People who can have lived in a row."""
MOST_MESSAGES = 8
"""Messages that stand on the page at once."""


@dataclass(frozen=True)
class Side:
    """One side of the screen: the name and scenario it began with, and the one on screen, with the changes."""

    name: str
    preset: Scenario
    scenario: Scenario

    @property
    def changed(self) -> bool:
        """Whether the visitor has changed anything."""
        return self.scenario != self.preset


def same_population(one: Mapping[str, Side], other: Mapping[str, Side]) -> bool:
    """Whether the same people live on both pairs of sides."""
    return one["left"].scenario.population == other["left"].scenario.population


class File(NamedTuple):
    """A file for the visitor; another `number` than before says that it was asked for."""

    number: int = 0
    name: str = ""
    text: str = ""


class Visitor:
    """State of one visitor's page; `changed` is called after everything that changes it."""

    def __init__(self, room: Room, query: str, changed: Callable[[], None]) -> None:
        self.room = room
        self.changed = changed
        self.messages: list[str | ScenarioError] = []
        self.picked = Picked()
        self.life = Life(changed, room.turns)
        self.luck = Luck(room.line, changed)
        self.levers_of = "left"
        self.file = File()
        self.uploaded: dict[str, Scenario] = {}
        self.beat = 0
        self.goal = 0
        self.sides: dict[str, Side] = {}
        self.worlds: Worlds
        self.plan: Plan | None = None
        self.view, faults = view_of(query, room.names, room.limits.months, room.usual)
        self.messages = [*faults]
        self._open(self.view)

    @property
    def say(self) -> Language:
        """The visitor's language."""
        return language(self.view.lang)

    @property
    def names(self) -> list[str]:
        """Names of the scenarios that this visitor can choose."""
        return [*self.uploaded, *self.room.names]

    def title(self, side: str) -> str:
        """Return the name of a side's scenario in words."""
        return capitalised(arm_name(self.sides[side].name, self.say))

    def _open(self, view: View) -> None:
        """Begin with the scenarios of a view; without its changes, or with the room's own, if it cannot be so."""
        usual = view.but(left=self.room.usual.left, right=self.room.usual.right, changes=())
        for tried in (view, view.but(changes=()), usual):
            try:
                self._begin(self._with_changes(self._named(tried), tried.changes), tried.seed)
                view = tried
                break
            except ScenarioError as error:
                self.tell(error)
        self.view, self.goal = view, min(view.month, self.worlds.last)

    def _named(self, view: View) -> dict[str, Side]:
        names = {"left": view.left} | ({} if view.right == NO_SCENARIO else {"right": view.right})
        return {side: self._side(name) for side, name in names.items()}

    def _with_changes(self, sides: dict[str, Side], changes: Iterable[str]) -> dict[str, Side]:
        """Return the sides with changes from a link, all of a month at once: each alone may be impossible."""
        for (name, month), levers in together(map(read_change, changes)).items():
            if name in sides:
                scenario = changed(sides[name].scenario, month, levers)
                sides = sides | {name: replace(sides[name], scenario=scenario)}
        return sides

    def _side(self, name: str) -> Side:
        scenario = self.uploaded[name] if name in self.uploaded else self.room.scenario(name)
        return Side(name, scenario, scenario)

    def _begin(self, sides: dict[str, Side], seed: int) -> None:
        """Put new worlds on screen. Raises ScenarioError, and then nothing has changed."""
        scenarios = [side.scenario for side in sides.values()]
        self.room.check(scenarios)
        worlds = Worlds(scenarios, seed)
        if not self.luck.is_about(scenarios, seed):
            self.luck.give_up()
        if self.sides and not same_population(self.sides, sides):
            self.picked = Picked()
        self.sides, self.worlds, self.plan = sides, worlds, None
        self.goal = min(self.goal, worlds.last)

    # The clock

    def go(self, position: object) -> None:
        """Bring a position on screen: at once if it has been computed, else month by month."""
        wanted = whole_number(position, self.worlds.last)
        if wanted is None:
            given = str(position)[:LONGEST]
            last = self.worlds.last
            self.tell(told("There is no month “{given}”; they go from 0 to {last}.", given=given, last=last))
        else:
            self.goal = wanted
        self.more()

    def more(self) -> None:
        """Compute on towards the position that was asked for."""
        with self.room.turns.turn() as seconds:
            self.worlds.work(self.goal, seconds)
        if self.worlds.ready:
            self.worlds.show(self.goal)
            if self.plan is None:
                self.plan = plan_of(self.worlds.world)
        self.view = self.view.but(month=self.goal)
        self.beat += 1
        self.changed()

    def reset(self) -> None:
        """Go back to month 0, with nothing computed."""
        self.goal = 0
        self._begin(self.sides, self.view.seed)
        self.more()

    def set_seed(self, seed: object) -> None:
        """Let other luck happen to the same people."""
        number = whole_number(seed, LARGEST_SEED)
        if number is None:
            given = str(seed)[:LONGEST]
            most = LARGEST_SEED
            self.tell(told("A seed is a whole number from 0 to {most}; “{given}” is none.", most=most, given=given))
        else:
            self.view = self.view.but(seed=number)
            self._begin(self.sides, self.view.seed)
        self.more()

    # Scenarios

    def choose(self, side: object, name: object) -> None:
        """Show another scenario on a side; `NO_SCENARIO` on the right shows the left world alone.

        A scenario about other people, or another history, than the other side's is shown on both sides.
        """
        if side not in SIDES or name not in choices(self.names)[str(side)]:
            return
        side, name = str(side), str(name)
        kept_changes = tuple(it for it in self.view.changes if not it.startswith(side))
        view = self.view.but(**{side: name, "changes": kept_changes})
        try:
            kept = {other: self.sides[other] for other in self.sides if other != side}
            sides = kept if name == NO_SCENARIO else kept | {side: self._side(name)}
            self._begin({key: sides[key] for key in SIDES if key in sides}, view.seed)
            self.view = view
        except ScenarioError as error:
            self._show_twice(name, error)
        if self.levers_of not in self.sides:
            self.levers_of = "left"
        self.more()

    def _show_twice(self, name: str, error: ScenarioError) -> None:
        """Show a scenario on both sides, as it cannot stand beside the one that was there; else tell why it cannot."""
        before = next((side.name for side in self.sides.values() if side.name != name), name)
        try:
            self._begin({side: self._side(name) for side in SIDES}, self.view.seed)
        except ScenarioError:
            self.tell(error)
            return
        self.view = self.view.but(left=name, right=name, changes=())
        self.tell(told("“{scenario}” has other people or another history than “{other}”, and is now on both sides. "
                       "Choose another one for either side, or change its levers.",
                       scenario=told(plain(name)), other=told(plain(before))))  # fmt: skip

    def upload(self, name: object, data: object) -> None:
        """Show a scenario from a file on the side whose levers are looked at; `data` is its bytes in base64."""
        try:
            content = b64decode(str(data), validate=True)
            scenario = scenario_from_text(content, str(name))
            others = [side.name for key, side in self.sides.items() if key != self.levers_of]
            known = scenario.name
            if known in (*self.room.names, *others, NO_SCENARIO):
                known = f"{known} (2)"
            self.room.check([scenario])
            self.uploaded = {name: it for name, it in self.uploaded.items() if name in others} | {known: scenario}
        except BinasciiError:
            self.tell(told("The file did not arrive whole. Try again."))
            self.changed()
        except ScenarioError as error:
            self.tell(error)
            self.changed()
        else:
            self.choose(self.levers_of, known)

    # Levers

    def look_at_levers_of(self, side: object) -> None:
        """Look at the levers of a side."""
        if side in tuple(self.sides):
            self.levers_of = str(side)
        self.changed()

    def change(self, levers: object, at: object) -> None:
        """Change levers, by dotted key, of the side that is looked at: `at` the "start", or from the next month on."""
        side, month = self.levers_of, None if at == "start" else self.worlds.position
        given = {str(key): value for key, value in levers.items()} if isinstance(levers, dict) else {}
        try:
            scenario = changed(self.sides[side].scenario, month, given)
            self._begin(self.sides | {side: replace(self.sides[side], scenario=scenario)}, self.view.seed)
            now = [Change(side, month, key, value) for key, value in given.items()]
            kept = together([*map(read_change, self.view.changes), *now])
            said = [str(Change(*when, *lever)) for when, levers in kept.items() for lever in levers.items()]
            self.view = self.view.but(changes=tuple(said))
        except ScenarioError as error:
            self.tell(error)
        self.more()

    def back_to_preset(self) -> None:
        """Undo every change of the side that is looked at."""
        self.choose(self.levers_of, self.sides[self.levers_of].name)

    def give_toml(self) -> None:
        """Hand over the scenario of the side that is looked at: what it says beyond the shipped one it began with."""
        side = self.sides[self.levers_of]
        parent = side.name if side.name in shipped_scenarios() else "ly"
        name = f"{side.name}_changed.toml" if side.changed else f"{side.name}.toml"
        self._give(name, as_child(side.scenario, parent))

    def give_months(self) -> None:
        """Hand over all measures of both worlds, month by month, as CSV."""
        labels = labels_of([side.scenario for side in self.sides.values()])
        tables = [
            pd.DataFrame([frame.whole for frame in frames], columns=list(MEASURES)).assign(
                scenario=label, months_passed=range(len(frames))
            )
            for label, frames in zip(labels, self.worlds.frames, strict=True)
        ]
        whole = pd.concat(tables)[["scenario", "months_passed", *MEASURES]]
        self._give("months.csv", "\ufeff" + whole.to_csv(index=False, float_format="%.6g"))

    def _give(self, name: str, text: str) -> None:
        self.file = File(self.file.number + 1, name, text)
        self.changed()

    # What is looked at

    def look(self, what: object) -> None:
        """Change language, colour, topic or panel; what is not on the page's lists changes nothing."""
        allowed = choices(self.room.names)
        if isinstance(what, dict):
            known = {key: what[key] for key in LOOKS if key in what and what[key] in allowed[key]}
            self.view = self.view.but(**known)
        self.changed()

    def pick(self, row: object = None, building: object = None, arrival: object = None) -> None:
        """Look at a building, or at the `arrival`-th person of a row: whoever lives there now if none is said."""
        population = self.sides["left"].scenario.population
        found = whole_number(row, population.residents - 1)
        if found is None:
            place = whole_number(building, population.buildings - 1)
            self.picked = Picked(building=-1 if place is None else place)
        else:
            came = whole_number(arrival, MOST_ARRIVALS)
            self.picked = Picked(found, arrival=self._lives_in(found) if came is None else came)
        self.look({"panel": "life"})

    def _lives_in(self, row: int) -> int:
        """Return the number of whoever lives in a row now, in the first world in which somebody does."""
        now = self.worlds.now if self.worlds.ready else []
        known = [frame for frame in now if frame.group[row] != NOBODY] or now
        return int(known[0].arrival[row]) if known else 0

    def tied(self) -> list[int]:
        """Return the rows to which lines are drawn from the resident who is looked at."""
        return self.life.tied(self.worlds, self.picked)

    def look_at_decision(self, kind: object) -> None:
        """Look at another kind of decision; anything that is no kind means the last one."""
        self.life.decision = next((name for name in DECISIONS if name == kind), "")
        self.changed()

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

    def give_report(self) -> None:
        """Hand over the whole page about the pairs, in the visitor's language."""
        found = self.luck.trial.found if self.luck.trial else None
        if found:
            self._give(f"cosim-report-{self.view.lang}.html", found.reports[self.view.lang])

    def leave(self) -> None:
        """Give up what goes on beside the page: nobody looks at it any more."""
        self.life.background.stop()
        self.luck.give_up()

    # Messages

    def tell(self, message: str | ScenarioError) -> None:
        """Put a message on the page, once; the oldest goes when there are too many."""
        if str(message) not in map(str, self.messages):
            self.messages = [*self.messages, message][-MOST_MESSAGES:]

    def dismiss(self, number: object) -> None:
        """Take a message off the page."""
        found = whole_number(number, len(self.messages))
        if found is not None and found < len(self.messages):
            del self.messages[found]
        self.changed()
