"""The scenario: a frozen, typed tree. Sliders, JSON Schema and the parameter table are derived from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, ValidationError, model_serializer, model_validator

from cosim.language import told
from cosim.scenario import behaviour, households, institutions, people, stages
from cosim.scenario.errors import Refusal, Refused, first_faults
from cosim.scenario.explain import refusals, unknown_key
from cosim.scenario.field import Section, fact, is_lever
from cosim.scenario.mechanisms import TABLE, Mechanisms, levers_at_rest
from cosim.scenario.norms import Norms
from cosim.scenario.places import find_place
from cosim.scenario.supply import (
    MODES,
    Arrangement,
    Category,
    CategorySupply,
    Partners,
    Supply,
    cannot_have,
    share_faults,
)
from cosim.scenario.toml_text import KEEP_ONE

PARTNER_KINDS = tuple(Partners.model_fields)
"""Kinds of partner, in the order in which they act."""


AT_MOST, EXACTLY = told("a sum of at most 1"), told("a sum of exactly 1")
"""What shares may sum to."""


class Study(Section):
    """How long a run lasts and how often it is repeated."""

    warmup_months: int = fact(
        24, ge=0, le=600, unit="months", source="choice", mark="assumed",
        en="Shared single-centre months before month 0", zh="预热月数",
    )  # fmt: skip
    months: int = fact(
        120, ge=1, le=1200, unit="months", source="choice", mark="assumed", en="Months from month 0", zh="模拟月数",
    )  # fmt: skip
    replicates: int = fact(
        20, ge=1, le=100_000, unit="replicates", source="choice", mark="assumed", en="Replicates", zh="重复次数",
    )  # fmt: skip


class Change(Section):
    """Levers that change at the beginning of a month: `set` holds their tables, as in a scenario."""

    month: int = fact(
        ..., ge=0, le=1199, unit="month", source="choice", mark="assumed", en="Month", zh="月份",
    )  # fmt: skip
    set: dict[str, Any] = Field(default_factory=dict)

    @property
    def levers(self) -> list[tuple[str, Any]]:
        """Dotted keys and values, in the order in which they are written."""
        return list(_levers_in(self.set))


def _concerned(key: str, shock: institutions.Shock, kind: str, names: list[str]) -> Iterator[Refusal]:
    """Check what a shock names: needed where it is of that kind, and of no meaning otherwise."""
    named = getattr(shock, key)
    if shock.kind == kind and not named:
        message = told("a shock of the kind '{kind}' needs this key", kind=kind)
        yield Refusal(f"shocks.{key}", message, told("one of {choices}", choices=", ".join(names)))
    elif shock.kind == kind and named not in names:
        yield Refusal.unknown(f"shocks.{key}", named, names)
    elif shock.kind != kind and named:
        message = told("a shock of the kind '{kind}' concerns no {key}", kind=shock.kind, key=key)
        yield Refusal(f"shocks.{key}", message, hint=told("delete this key"))


def _in_a_change(refusal: Refusal) -> Refusal:
    """Return a refusal whose key is given in a change."""
    return refusal if refusal.file else replace(refusal, key=f"changes.set.{refusal.key}")


def _levers_in(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield dotted keys and values; a lever whose value is a table, such as payers, stays whole."""
    for key, value in tree.items():
        path = (*above, key)
        place = find_place(Scenario, path)
        whole = place is not None and place.field is not None and is_lever(place.field)
        if isinstance(value, Mapping) and not whole:
            yield from _levers_in(value, path)
        else:
            yield ".".join(path), value


class Scenario(Section):
    """One compound, the people in it, and how its services are supplied."""

    name: str = "unnamed"
    title: str = ""
    title_zh: str = ""
    description: str = ""

    study: Study = Study()
    population: people.Population = people.Population()
    ties: people.Ties = people.Ties()
    moving: people.Moving = people.Moving()
    experience: behaviour.Experience = behaviour.Experience()
    trust: behaviour.Trust = behaviour.Trust()
    taking_part: behaviour.TakingPart = behaviour.TakingPart()
    handling: behaviour.Handling = behaviour.Handling()
    talk: behaviour.Talk = behaviour.Talk()
    belonging: behaviour.Belonging = behaviour.Belonging()
    fee: households.Fee = households.Fee()
    commons: households.Commons = households.Commons()
    disputes: households.Disputes = households.Disputes()
    voting: households.Voting = households.Voting()
    categories: dict[str, Category] = Field(default_factory=dict)
    supply: Supply = Supply()
    party_leads: stages.PartyLeads = stages.PartyLeads()
    residents_order: stages.ResidentsOrder = stages.ResidentsOrder()
    party_takes: stages.PartyTakes = stages.PartyTakes()
    deliberate: stages.Deliberate = stages.Deliberate()
    partners_deliver: stages.PartnersDeliver = stages.PartnersDeliver()
    residents_sign_off: stages.ResidentsSignOff = stages.ResidentsSignOff()
    norms: Norms = Norms()
    government: institutions.Government = institutions.Government()
    committee: institutions.Committee = institutions.Committee()
    owners: institutions.Owners = institutions.Owners()
    property_firm: institutions.PropertyFirm = institutions.PropertyFirm()
    review: institutions.Review = institutions.Review()
    renovation: institutions.Renovation = institutions.Renovation()
    partners: Partners = Partners()
    mechanisms: Mechanisms = Mechanisms()
    shocks: tuple[institutions.Shock, ...] = fact(
        (), unit="list", source="choice", mark="assumed", en="What happens to every arm alike", zh="冲击",
    )  # fmt: skip
    changes: tuple[Change, ...] = ()

    @classmethod
    def keys_in_file(cls) -> list[str]:
        """The keys that may stand at the top of a scenario's file: its name is that of the file."""
        return ["extends", *(name for name in cls.model_fields if name != "name")]

    @model_serializer(mode="wrap")
    def _without_what_it_lacks(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write the tables; a compound without mechanisms has no table of them."""
        tree: dict[str, Any] = write(self)
        return {key: value for key, value in tree.items() if key != TABLE or value}

    @model_validator(mode="after")
    def hangs_together(self) -> "Scenario":
        """Check what no single field can know; report every fault at once."""
        found = (self._people_faults(), self._share_faults(), self._supply_faults())
        later = (self._event_faults(), self._change_faults())
        faults = first_faults(chain(*found, *later)) or first_faults(self._timeline_faults())
        if faults:
            raise Refused(faults)
        return self

    def _people_faults(self) -> Iterator[Refusal]:
        who = self.population
        if who.households > who.residents:
            yield Refusal(
                "population.households",
                told(
                    "{households} households cannot be lived in by {residents} adult residents",
                    households=who.households, residents=who.residents,
                ),
                told("at most {most}, one adult a household", most=who.residents),
            )
        if who.residents > 12 * who.households:
            yield Refusal(
                "population.residents",
                told(
                    "{residents} adult residents do not fit into {households} households",
                    residents=who.residents, households=who.households,
                ),
                told("at most {most}, twelve adults a household", most=12 * who.households),
            )
        if who.buildings > who.households:
            yield Refusal(
                "population.buildings",
                told(
                    "{buildings} buildings for {households} households leave a building with no household",
                    buildings=who.buildings, households=who.households,
                ),
                told("at most {most}, one household a building", most=who.households),
            )  # fmt: skip
        if len(who.names) > who.residents:
            message = told("{count:_} names for {residents:_} residents", count=len(who.names), residents=who.residents)
            hint = told("leave some out, or all of them: names = []")
            yield Refusal("population.names", message, told("at most {most:_}", most=who.residents), hint)

    def _share_faults(self) -> Iterator[Refusal]:
        sums = {
            "population.free_riders": ("population", ("free_riders", "hump_shaped"), AT_MOST),
            "taking_part.w_attitude": ("taking_part", ("w_attitude", "w_norm", "w_control"), EXACTLY),
            "handling.w_outcome": ("handling", ("w_outcome", "w_wait", "w_reply", "w_explained"), EXACTLY),
            "population.public_rental": ("population", ("public_rental", "let"), AT_MOST),
            "belonging.w_time": ("belonging", ("w_time", "w_ties", "w_condition", "w_orders"), EXACTLY),
        }
        for key, (section, names, rule) in sums.items():
            total = sum(getattr(getattr(self, section), name) for name in names)
            wrong = total > 1 + 1e-9 if rule == AT_MOST else abs(total - 1) > 1e-9
            if wrong:
                yield Refusal(key, told("{names} sum to {total:.4g}", names=", ".join(names), total=total), rule)

    def _supply_faults(self) -> Iterator[Refusal]:
        if not self.categories:
            yield Refusal(
                "categories",
                told("no service category is described, so there is nothing to supply"),
                told("at least one table [categories.…]"),
                told('start the file with extends = "ly" to take its twelve categories'),
            )
        for name in self.categories:
            if not name.isidentifier() or name in type(self.supply).model_fields:
                message = told("{name!r} cannot be the name of a category", name=name)
                allowed = told("a word of letters, digits and underscores, other than mode")
                yield Refusal(f"categories.{name}", message, allowed)
        for name in self.supply.categories:
            if name not in self.categories:
                yield Refusal.unknown(f"supply.{name}", name, list(self.categories))
        for name in self.categories:
            arrangement, partners = self._resolve(name)
            yield from share_faults(f"supply.{name}.payers", arrangement.payers)
            own = self.supply.categories.get(name)
            if own is not None:
                yield from self._override_faults(name, own, arrangement)
            if arrangement.payers.get("partner") and "partner" not in arrangement.producers:
                yield Refusal(
                    f"supply.{name}.payers",
                    told("a partner is to pay, and none takes part under the mode '{mode}'", mode=self.mode_of(name)),
                    told("a share for government or residents"),
                    told("or choose a mode with a partner in [supply.{category}]", category=name),
                )
            if "partner" in arrangement.producers and not partners:
                mode = self.mode_of(name)
                yield Refusal(
                    f"supply.{name}.partners",
                    told(
                        "{category} has no producer: its mode {mode!r} needs a partner and none is named",
                        category=name, mode=mode,
                    ),
                    told('a list such as ["enterprise"]'),
                    told(
                        "name partners in [supply.{category}] or [categories.{category}], or choose the mode 'direct'",
                        category=name,
                    ),
                )
            reason = cannot_have(self.categories[name], self.mode_of(name))
            if reason:
                modes = [mode for mode in MODES if not cannot_have(self.categories[name], mode)]
                yield Refusal(
                    f"supply.{name}.mode",
                    told(
                        "{category} cannot have the mode '{mode}': {reason}",
                        category=name, mode=self.mode_of(name), reason=reason,
                    ),
                    told("one of {choices}", choices=", ".join(modes)),
                )

    def _override_faults(self, name: str, own: CategorySupply, arrangement: Arrangement) -> Iterator[Refusal]:
        """Refuse parts of an arrangement that its mode leaves nothing to do."""
        mode = self.mode_of(name)
        if "partner" not in arrangement.producers:
            for part in ("award", "partners"):
                if getattr(own, part) is not None:
                    message = told("no partner takes part under the mode '{mode}', so this would do nothing", mode=mode)
                    hint = told("delete this key, or choose another mode")
                    yield Refusal(f"supply.{name}.{part}", message, hint=hint)
        elif own.award == "self_provision":
            message = told("under the mode '{mode}' a partner has to be chosen", mode=mode)
            allowed = told("one of {choices}", choices='"assign", "contract", "open_entry"')
            yield Refusal(f"supply.{name}.award", message, allowed)
        if own.arranger == "residents" and arrangement.producers != ("residents",):
            message = told("residents have no hours to coordinate others' work")
            allowed = told("one of {choices}", choices='"government", "community"')
            yield Refusal(f"supply.{name}.arranger", message, allowed)
        if own.partners is not None and len(set(own.partners)) < len(own.partners):
            yield Refusal(f"supply.{name}.partners", told("a kind of partner is named twice"), told("each once"))

    def _event_faults(self) -> Iterator[Refusal]:
        bodies = [f"{kind}_{n + 1}" for kind in PARTNER_KINDS for n in range(getattr(self.partners, kind).number)]
        for shock in self.shocks:
            if not -self.study.warmup_months <= shock.month < self.study.months:
                last = self.study.months - 1
                allowed = told("from {low} to {high}", low=-self.study.warmup_months, high=last)
                yield Refusal("shocks.month", told("{month} is outside the run", month=shock.month), allowed)
            yield from _concerned("category", shock, "failure", list(self.categories))
            yield from _concerned("partner", shock, "partner_quits", bodies)
        quitting = [shock.partner for shock in self.shocks if shock.kind == "partner_quits"]
        for name in sorted({name for name in quitting if quitting.count(name) > 1}):
            yield Refusal("shocks.partner", told("{name} quits twice", name=name), hint=told("keep one of the shocks"))
        for name in self.renovation.categories:
            if name not in self.categories:
                yield Refusal.unknown("renovation.categories", name, list(self.categories))

    def _change_faults(self) -> Iterator[Refusal]:
        seen = set()
        for change in self.changes:
            if change.month >= self.study.months:
                yield Refusal(
                    "changes.month",
                    told("month {month} is after the last one", month=change.month),
                    told("from {low} to {high}", low=0, high=self.study.months - 1),
                    told("let study.months be larger, or the change earlier"),
                )
            if not change.levers:
                message = told("the change of month {month} sets nothing", month=change.month)
                yield Refusal("changes.set", message, told("a lever or more"))
            for key, _ in change.levers:
                place = find_place(type(self), key.split("."))
                if place is None:
                    yield _in_a_change(unknown_key(key.split("."), type(self)))
                elif place.field is None or not is_lever(place.field):
                    yield Refusal(
                        f"changes.set.{key}",
                        told("'{key}' is a fact of the compound, which no reform changes", key=key),
                        told("a lever; `cosim schema --format table` marks them"),
                    )
                if (change.month, key) in seen:
                    message = told("'{key}' is set twice in month {month}", key=key, month=change.month)
                    yield Refusal(f"changes.set.{key}", message, hint=KEEP_ONE)
                seen.add((change.month, key))

    def _timeline_faults(self) -> Iterator[Refusal]:
        """Check the scenarios that changes make."""
        try:
            _ = self.timeline
        except ValidationError as error:
            yield from map(_in_a_change, refusals(error, type(self)))

    @cached_property
    def timeline(self) -> dict[int, "Scenario"]:
        """The scenario that holds from each month on at which levers change."""
        tree = self.model_dump(exclude={"changes"}, exclude_none=True)
        steps = {}
        for change in sorted(self.changes, key=lambda change: change.month):
            for key, value in change.levers:
                *tables, last = key.split(".")
                table = tree
                for name in tables:
                    table = table.setdefault(name, {})
                table[last] = value
            steps[change.month] = type(self).model_validate(tree)
        return steps

    def mode_of(self, category: str) -> str:
        """Return the named mode by which a category is supplied."""
        own = self.supply.categories.get(category)
        return own.mode if own is not None and own.mode is not None else self.mode_given(category)

    def mode_given(self, category: str) -> str:
        """Return the named mode that `supply.mode` gives a category, whatever the category's own table says."""
        return self.categories[category].multi_centre if self.supply.mode == "multi_centre" else "direct"

    def _resolve(self, category: str) -> tuple[Arrangement, tuple[str, ...]]:
        base = MODES[self.mode_of(category)]
        own = self.supply.categories.get(category)
        partners: tuple[str, ...] = self.categories[category].partners
        if own is None:
            return base, partners
        parts = {"arranger": own.arranger, "award": own.award, "payers": own.payers, "overseer": own.overseer}
        changed = {key: value for key, value in parts.items() if value is not None}
        return base.model_copy(update=changed), own.partners if own.partners is not None else partners

    def arrangement(self, category: str) -> Arrangement:
        """Return how a category is supplied: the mode's arrangement with this scenario's overrides."""
        return self._resolve(category)[0]

    def partners_of(self, category: str) -> tuple[str, ...]:
        """Return the kinds of institution that may act as "partner" for a category."""
        return self._resolve(category)[1]

    def no_reform(self) -> "Scenario":
        """Return the same compound without a reform, as a scenario of its own."""
        words = {"name": "no_reform", "title": "The same compound without a reform", "title_zh": "同一小区（不改造）"}
        return self.status_quo().model_copy(update={**words, "description": ""})

    def status_quo(self) -> "Scenario":
        """Return the same compound with every lever at its default: what the warm-up runs under."""
        update: dict[str, Any] = {"supply": Supply(), "changes": (), TABLE: self.mechanisms.at_rest()}
        for name in type(self).model_fields:
            section = getattr(self, name)
            if isinstance(section, Section) and name not in update:
                update[name] = levers_at_rest(section)
        quiet = self.model_copy(update=update)
        quiet.__dict__.pop("timeline", None)  # the copy has no changes, and must not keep their scenarios
        return quiet
