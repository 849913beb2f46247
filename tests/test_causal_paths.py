"""Every lever works through the circumstances that its schema names, and through nothing else.

For each lever of `experiments/levers.toml` a small compound is run with the lever low and high, and all that residents
meet is recorded. Then:

- the first thing that differs is one of the circumstances that the lever says it works `through`;
- with the circumstances of the low run replayed in the high one, no resident differs by a bit.
"""

from dataclasses import fields

import numpy as np
import pytest
from test_no_bonus import differing, run_and_record, run_frozen

from cosim.compare.experiments import levers_of, read_trials
from cosim.scenario import Scenario, load_scenario
from cosim.scenario.reading import shipped_folder
from cosim.scenario.schema import PARTNER_KINDS
from cosim.world.circumstances import Circumstances

BASE, TRIALS = read_trials(shipped_folder("experiments") / "levers.toml")
LEVERS = dict(levers_of(Scenario))
SMALL = {
    **{f"{body}.staff_hours": 2000.0 for body in ("government", "committee", "party_leads")},
    **{f"partners.{kind}.staff_hours": 3000.0 for kind in PARTNER_KINDS},
    **{f"partners.{kind}.money": 200.0 for kind in PARTNER_KINDS},
    "property_firm.crew_hours": 10_000.0,
    "taking_part.order_threshold": 0.4,
    "population.residents": 240,
    "population.households": 90,
    "population.buildings": 5,
    "population.member_share": 0.15,
    "study.warmup_months": 2,
    "study.months": 26,
}
"""A compound small enough to be run for each lever; working time is per 1,000 residents, so a few people need more."""
BUSY = {"government.staff_hours": 300.0, "committee.staff_hours": 300.0, "party_leads.staff_hours": 60.0}
POOR_PARTNERS = {
    **{f"partners.{kind}.staff_hours": 170.0 for kind in PARTNER_KINDS},
    **{f"partners.{kind}.money": 120.0 for kind in PARTNER_KINDS},
}
OWNERS = {"committee.term": 6, "taking_part.stand_threshold": 0.0, "study.months": 40, "voting.by_proxy": 0.5}
MISSES = {"deliberate.missed": 0.9}
WHERE = {
    "government.hired_hours": BUSY | {"government.staff_hours": 100.0},
    "party_leads.cadres": BUSY | {"committee.staff_hours": 100.0},
    "party_takes.load_cap": BUSY,
    "party_takes.training": BUSY,
    "property_firm.linkage": BUSY | {"property_firm.residents_rate": False, "residents_sign_off.disclosure": False},
    "party_leads.contact_routine": MISSES,
    "party_takes.tailored": MISSES,
    "partners_deliver.site_marking": MISSES,
    "partners_deliver.self_governance_alliance": {"study.months": 48},
    "partners_deliver.sites": {"categories.elderly_care.need": 9.0, "partners_deliver.without_site": 0.3},
    "residents_sign_off.acceptance_check": {"residents_sign_off.tolerance": 0.0, "partners_deliver.workmanship": 0.5},
    "property_firm.duty_rota": {"party_leads.visits": 0.0},
    "partners_deliver.backstop_months": POOR_PARTNERS | {f"partners.{kind}.money": 0.0 for kind in PARTNER_KINDS},
    "partners_deliver.party_alliance": POOR_PARTNERS,
    "partners_deliver.charity_alliance": POOR_PARTNERS | {"partners.social_organisation.staff_hours": 320.0},
    **{key: OWNERS for key in LEVERS if key.startswith("owners.")},
    "owners.proxies": OWNERS | {"voting.by_proxy": 0.0},
    "renovation.grant": {"renovation.start": 2},
    "renovation.pilot": {"renovation.start": 2},
    "review.evaluation": {"government.budget": 90.0},
}
"""Where a lever is about something that is plenty in that compound, it is made scarce."""
FIELDS = [field.name for field in fields(Circumstances)]


def first_difference(low, high):
    """Return the circumstances that differ at the first moment at which any do."""
    for moment in low:
        if moment not in high:
            return {"meeting"}  # one compound meets where the other does not
        found = {name for name in FIELDS if not same(getattr(low[moment], name), getattr(high[moment], name))}
        if found:
            return found
    return set()


def same(one, other):
    return np.array_equal(one, other, equal_nan=np.asarray(one).dtype.kind == "f")


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.key)
def test_a_lever_works_through_its_circumstances_alone(trial):
    hours = "government.staff_hours", "committee.staff_hours", "party_leads.staff_hours"
    settings = SMALL | {key: value for key, value in trial.settings.items() if key not in hours}
    settings |= WHERE.get(trial.key, {})
    low, high = (load_scenario(BASE, {**settings, trial.key: value}) for value in (trial.low, trial.high))
    met_low, people_low = run_and_record(low, {})
    met_high, people_high = run_and_record(high, {})
    through = set(LEVERS[trial.key].json_schema_extra["through"])
    first = first_difference(met_low, met_high)
    assert first, "it moves nothing that residents meet"
    assert first & through, f"what moves first is {first}"
    assert differing(people_low, people_high), "no resident notices"
    assert differing(people_low, run_frozen(high, met_low, {})) == []


def test_every_lever_names_circumstances_that_exist():
    for key, field in LEVERS.items():
        assert set(field.json_schema_extra["through"]) <= set(FIELDS), key
