"""The levers of a scenario, as a panel shows them: what each is called, may be, costs and is now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_origin
from weakref import finalize

from cosim.language import Language, Told, told
from cosim.scenario.field import Mark
from cosim.scenario.keys import Key, keys_of, schema_keys
from cosim.scenario.mechanisms import TABLE, mechanism_class
from cosim.scenario.places import Place
from cosim.scenario.schema import Scenario
from cosim.scenario.supply import MODES, Category, CategorySupply, cannot_have

Kind = Literal["yes or no", "number", "whole number", "choice", "list of choices", "table"]
"""What a lever's value is; a table gives numbers to the keys in `choices`."""
KINDS: dict[Any, Kind] = {bool: "yes or no", float: "number", int: "whole number"}

SECTIONS: dict[str, Told] = {
    "study": told("length of the run"), "population": told("who lives here"), "ties": told("who knows whom"),
    "moving": told("moving"), "experience": told("living with services"), "trust": told("trust"),
    "taking_part": told("taking part"), "handling": told("judging how orders are handled"), "talk": told("talk"),
    "belonging": told("belonging to the place"), "fee": told("property fee"), "commons": told("shared space"),
    "disputes": told("disputes between households"), "voting": told("owners' votes"),
    "categories": told("services"), "supply": told("how services are supplied"),
    "party_leads": told("Party leads"), "residents_order": told("residents order"),
    "party_takes": told("Party takes the order"), "deliberate": told("deliberation"),
    "partners_deliver": told("partners deliver"), "residents_sign_off": told("residents sign off"),
    "norms": told("norms of shared space"), "government": told("government"),
    "committee": told("residents' committee"), "owners": told("owners"), "property_firm": told("property firm"),
    "review": told("annual review"), "renovation": told("renovation"), "partners": told("partners"),
    "mechanisms": told("mechanisms"),
    "shocks": told("what happens to every arm alike"), "changes": told("levers that change later"),
}  # fmt: skip
"""What the tables of a scenario are called, in their order; inside a sentence."""


@dataclass(frozen=True)
class Lever:
    """One lever of a scenario."""

    key: str
    """Dotted key, such as "party_leads.visits"."""
    section: str
    """The table that it stands in; "supply.water" for how one service is supplied."""
    en: str
    """Label in English."""
    zh: str
    """Label in Chinese."""
    unit: str
    kind: Kind
    bounds: Mapping[str, float]
    """Those of a number: `ge` and `le` may be reached, `gt` and `lt` may not."""
    choices: tuple[str, ...]
    """What may be chosen here, or the keys of a table; none for a number and for yes or no."""
    allowed: str
    """What the schema lets stand there, as a sentence says it, with bounds and unit."""
    price: str
    """What it costs and from which pool."""
    source: str
    """Where the default comes from."""
    mark: Mark
    """How the default is known."""
    value: Any
    """What it is at month 0."""
    default: Any
    """What it is without the reform; of one service, what its mode of supply gives."""
    service: Category | None = None
    """The service that it is of, if it is of one."""

    def section_name(self, say: Language) -> str:
        """Return what its table is called; for one service, the service."""
        if self.service is not None:
            return say.pick(self.service.label, self.service.label_zh)
        table, _, name = self.section.partition(".")
        return say(mechanism_class(name).label if table == TABLE else SECTIONS[table])


KNOWN: dict[int, tuple[Lever, ...]] = {}
"""The levers of scenarios that are still there, by identity: a page asks for them at every redraw."""


def levers_of(scenario: Scenario) -> tuple[Lever, ...]:
    """Return every lever of a scenario in the order of the schema, those of each service after the mode of supply."""
    if id(scenario) not in KNOWN:
        KNOWN[id(scenario)] = tuple(_levers_of(scenario))
        finalize(scenario, KNOWN.pop, id(scenario), None)
    return KNOWN[id(scenario)]


def _levers_of(scenario: Scenario) -> Iterator[Lever]:
    for key in keys_of(scenario):
        if key.lever and not key.table.startswith("supply."):
            yield _lever(key, key.value, key.field.default, tuple(Place.of(key.field).choices))
            if key.table == "supply":
                for name in scenario.categories:
                    yield from _levers_of_service(scenario, name)


def supplied_now(scenario: Scenario, category: str) -> dict[str, Any]:
    """Return the parts of a category's supply that may be set, at what they are: its mode's, unless it says otherwise.

    Partners and award are left out where no partner takes part.
    """
    arrangement = scenario.arrangement(category)
    now: dict[str, Any] = {"mode": scenario.mode_of(category), "partners": scenario.partners_of(category)}
    now |= {name: getattr(arrangement, name) for name in CategorySupply.model_fields if name not in now}
    idle = () if "partner" in arrangement.producers else ("partners", "award")
    return {name: value for name, value in now.items() if name not in idle}


def _levers_of_service(scenario: Scenario, name: str) -> Iterator[Lever]:
    service, now = scenario.categories[name], supplied_now(scenario, name)
    usual = MODES[now["mode"]]
    given = {"mode": scenario.mode_given(name), "partners": service.partners}
    for key in schema_keys(CategorySupply, f"supply.{name}"):
        if key.name in now:
            default = given[key.name] if key.name in given else getattr(usual, key.name)
            yield _lever(key, now[key.name], default, _choices(key, service, usual.producers), service)


def _choices(key: Key, service: Category, producers: tuple[str, ...]) -> tuple[str, ...]:
    """Return what may be chosen for one service, without what its check refuses in any case."""
    place = Place.of(key.field)
    choices = place.choices or place.names
    if key.name == "mode":
        return tuple(mode for mode in choices if not cannot_have(service, mode))
    refused = {"award": "self_provision", "arranger": "residents" if producers != ("residents",) else ""}
    return tuple(choice for choice in choices if choice != refused.get(key.name))


def _lever(key: Key, value: Any, default: Any, choices: tuple[str, ...], service: Category | None = None) -> Lever:
    place, about = Place.of(key.field), key.about
    return Lever(
        key=key.dotted, section=key.table, en=about["label"]["en"], zh=about["label"]["zh"], unit=about["unit"],
        kind=_kind(place.kind), bounds=place.bounds, choices=choices, allowed=place.allowed(), price=about["price"],
        source=about["source"], mark=about["mark"], value=value, default=default, service=service,
    )  # fmt: skip


def _kind(kind: Any) -> Kind:
    if kind in KINDS:
        return KINDS[kind]
    shapes: dict[Any, Kind] = {tuple: "list of choices", dict: "table", Literal: "choice"}
    return shapes[get_origin(kind)]
