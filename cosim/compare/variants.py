"""Null models and alternative submodels: settings laid over both arms, read from a file.

A null takes a mechanism away (no network, no trust, no deliberation, random participation); an alternative puts another
rule in its place. `experiments/mechanisms.toml` is the shipped file.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import Field, ValidationError

from cosim.community import Community
from cosim.language import told
from cosim.month.review import FIRST_ELECTION
from cosim.scenario import load_scenario
from cosim.scenario.errors import Refusal, ScenarioError
from cosim.scenario.explain import refusals
from cosim.scenario.field import Section
from cosim.scenario.reading import Layer, read_toml
from cosim.scenario.schema import Scenario

KINDS = {"nulls": "null", "alternatives": "alternative"}
"""Tables of a file of variants, and what kind each holds."""
CHECKED_IN = "ly"
"""Shipped scenario over which a file's settings are laid to see whether they make sense."""
CEILINGS = ("order", "contribute", "vote", "stand")
"""Forms of taking part that have a ceiling of their own."""


class Variant(NamedTuple):
    """Settings of both arms, and what they stand for."""

    name: str
    kind: str
    """null or alternative."""
    label: str
    label_zh: str
    settings: Mapping[str, Any]
    usual_rates: bool
    """Whether the ceilings of taking part are twice the mean rates of the unreformed world (`usual_ceilings`)."""


class Words(Section):
    """What a file says of a variant."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    settings: dict[str, Any] = Field(default_factory=dict)
    usual_rates: bool = False


class Variants(Section):
    """A file of variants."""

    nulls: dict[str, Words] = Field(default_factory=dict)
    alternatives: dict[str, Words] = Field(default_factory=dict)


def read_variants(path: Path) -> list[Variant]:
    """Return the variants that a file describes, nulls first.

    Raises ScenarioError, which names every fault with its line: what cannot be read, a key that does not exist, a value
    out of bounds, a variant that sets nothing, and a name that stands twice.
    """
    layer = read_toml(path, str(path))
    try:
        said = Variants.model_validate(layer.tree)
    except ValidationError as error:
        raise ScenarioError(layer.problem(fault) for fault in refusals(error, Variants)) from None
    found = [
        Variant(name, KINDS[table], words.en, words.zh, words.settings, words.usual_rates)
        for table in KINDS
        for name, words in getattr(said, table).items()
    ]
    faults = list(_faults(said, layer))
    if not found:
        faults.append(Refusal("", told("this file describes no variant"), "[nulls.NAME] or [alternatives.NAME]"))
    if faults:
        raise ScenarioError(map(layer.problem, faults))
    return found


def _faults(said: Variants, layer: Layer) -> Iterator[Refusal]:
    """Yield what is wrong with the settings of variants."""
    for name in sorted(said.nulls.keys() & said.alternatives.keys()):
        yield Refusal(f"alternatives.{name}", told("a null has this name too"), hint=told("give it another one"))
    for table in KINDS:
        for name, words in getattr(said, table).items():
            place = f"{table}.{name}"
            if not words.settings and not words.usual_rates:
                yield Refusal(place, told("this variant sets nothing"), "settings = { KEY = VALUE }")
            try:
                load_scenario(CHECKED_IN, words.settings)
            except ScenarioError as error:
                for problem in error.problems:
                    key = f"{place}.settings.{problem.key}"
                    yield Refusal(key, problem.message, problem.allowed, problem.hint)


def laid_over(scenario: Scenario, variant: Variant, ceilings: Mapping[str, float]) -> Scenario:
    """Return a scenario with a variant's settings, and with `ceilings` where it asks for them.

    Raises ScenarioError where the scenario changes one of these keys later: the variant would end there.
    """
    settings = {**variant.settings, **(ceilings if variant.usual_rates else {})}
    later = {key for change in scenario.changes for key, _ in change.levers} & settings.keys()
    if later:
        message = told(
            "the variant '{name}' sets this for all months, but the scenario changes it later", name=variant.name
        )
        layer = Layer(told("scenario '{name}'", name=scenario.name), {})
        raise ScenarioError(layer.problem(Refusal(f"changes.set.{key}", message)) for key in sorted(later))
    return load_scenario(scenario, settings)


def usual_ceilings(scenario: Scenario, seed: int) -> dict[str, float]:
    """Return ceilings of taking part, by dotted key, that make people act as often as in one run from month 0 on.

    Twice the mean monthly rate of those who could act, 1 at most, since everybody acts with half of the ceiling's
    probability where intention does not count. Could act: who has a grievance (order), who lives here when there is a
    meeting or is asked to join in work (contribute), who lives here at an election (vote, stand). `seed` is the run's.
    """
    acts, chances = (dict.fromkeys(CEILINGS, 0.0) for _ in range(2))

    def look(community: Community) -> None:
        if community.month < 0:
            return
        for form, (acted, could) in _rates(community).items():
            acts[form] += acted
            chances[form] += could

    Community(scenario, rng=seed, observers=(look,)).run()
    return {
        f"taking_part.{form}_ceiling": min(2.0 * acts[form] / chances[form], 1.0) if chances[form] else 0.0
        for form in CEILINGS
    }


def _rates(community: Community) -> dict[str, tuple[float, float]]:
    """Return how many acted in the month that has passed, and how many could, by form."""
    world = community.world
    r, c, month = world.residents, world.circumstances, world.month
    here = r.present
    n = float(here.sum())
    forms = ("ordered", "deliberated", "coproduced")
    acted = {name: float((here & (getattr(r, name) == month)).sum()) for name in forms}
    asked = np.minimum(c.openings * c.asking / np.maximum(world.adults, 1), 1.0)
    found = {
        "order": (acted["ordered"], float((here & (r.grievance > 0.0)).sum())),
        "contribute": (
            acted["deliberated"] + acted["coproduced"], n * c.meeting + float((asked * world.adults).sum())
        ),
    }  # fmt: skip
    if (month - FIRST_ELECTION) % world.settings.committee.term == 0:
        found["vote"] = float((here & (r.voted == month)).sum()), n
        found["stand"] = float((here & (r.stood == month)).sum()), n
    return found
