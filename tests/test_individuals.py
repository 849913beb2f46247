"""Individuals: the register of people, and the tables that compare the same people in two worlds."""

import dataclasses
import html.parser
import io
import json
import math
import re
from collections import defaultdict
from statistics import mean, stdev

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from rich.console import Console
from scipy.stats import t
from typer.testing import CliRunner

import cosim
from cosim import cli
from cosim.community import Community
from cosim.compare import compare_study, people, summarise
from cosim.compare.forms import common_forms
from cosim.outcomes.measures import GROUPS
from cosim.outcomes.register import PERSON_MEASURES, Register, states
from cosim.report import files, individuals
from cosim.report.files import as_json
from cosim.report.terminal import print_comparison
from cosim.scenario import load_scenario
from cosim.study import run_study

SMALL = {
    "population.residents": 240,
    "population.households": 90,
    "population.buildings": 4,
    "population.member_share": 0.15,
    "moving.migrant_rate": 0.05,
    "moving.long_term_rate": 0.02,
    "study.warmup_months": 6,
    "study.months": 14,
    **{f"{body}.staff_hours": 1000.0 for body in ("government", "committee")},
    **{
        f"partners.{kind}.{means}": value
        for kind in ("social_organisation", "enterprise", "public_unit")
        for means, value in (("staff_hours", 1000.0), ("money", 200.0))
    },
}
"""A small compound in which many move."""
LAST = SMALL["study.months"] - 1
SHARED = [name for name in PERSON_MEASURES if name != "fee_collection"]
REPLICATES = 3


@pytest.fixture(scope="module")
def arms():
    return [load_scenario(name, SMALL) for name in ("single_centre", "multi_centre")]


@pytest.fixture(scope="module")
def comparison(arms):
    return cosim.compare(arms, replicates=REPLICATES, jobs=1)


def printed(comparison, width=80):
    stream = io.StringIO()
    print_comparison(comparison, Console(file=stream, width=width, highlight=False))
    return stream.getvalue()


def row(table, **which):
    for column, value in which.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


# The register


@pytest.fixture(scope="module")
def recorded(arms):
    """A run with a register, and who lived here before every month and after it, with their states when they left."""
    community = Community(arms[1], rng=5)
    while community.month < 0:
        community.step()
    world = community.world
    register = Register(world)
    here, last = [], {}

    def living():
        rows = np.nonzero(world.residents.present)[0]
        return dict(zip(world.people_in(rows).tolist(), rows.tolist(), strict=True))

    def watched(rows):
        """Keep the trust and satisfaction of those who go, read from the columns one by one."""
        for place in rows.tolist():
            if world.residents.present[place]:
                person = int(world.people_in(np.array([place]))[0])
                r = world.residents
                assert person not in last
                last[person] = (
                    world.month, r.trust[place, 0], r.satisfaction[place], r.belonging[place],
                    world.month - r.ordered[place] < 12, world.households.pays[r.household[place]],
                )  # fmt: skip

    world.farewells.append(watched)
    here.append(living())
    while community.running:
        community.step()
        here.append(living())
    return community, register.people(), here, last


def test_everybody_here_makes_up_the_measures_of_the_community(recorded):
    community, people, _, _ = recorded
    now = people[people["at_end"]]
    months = community.months.iloc[-1]
    assert len(now) == months["residents"]
    for measure in SHARED:
        assert now[measure].astype(float).mean() == pytest.approx(months[measure], abs=1e-6), measure
    groups = community.groups[community.groups["month"] == LAST].set_index("group")
    # A migrant may have become long-term since month 0: groups are compared by what people are now.
    r = community.world.residents
    rows = np.array([person_row(number) for number in now["person"]])
    group = np.where(r.member[rows], 2, r.migrant[rows])
    for number, name in enumerate(GROUPS):
        mine = now[group == number]
        assert len(mine) == groups.loc[name, "residents"] > 0
        for measure in SHARED:
            assert mine[measure].astype(float).mean() == pytest.approx(groups.loc[name, measure], abs=1e-6), measure


def person_row(number):
    """Return the row in which a person lives, as `World.people_in` numbers people."""
    from cosim.world.world import ARRIVAL_BITS

    return int(number) >> ARRIVAL_BITS


def test_the_cohort_is_those_of_month_0_and_splits_into_stayers_and_leavers(recorded):
    _, people, here, last = recorded
    assert people["person"].is_unique
    assert set(people.loc[people["at_start"], "person"]) == set(here[0])
    assert set(people.loc[people["at_end"], "person"]) == set(here[-1])
    assert (people["at_start"] | people["at_end"]).all()
    stayers = people[people["at_start"] & people["at_end"]]
    leavers = people[people["at_start"] & ~people["at_end"]]
    assert set(stayers["person"]) == set(here[0]) & set(here[-1])
    assert set(leavers["person"]) == set(here[0]) & set(last)
    assert len(stayers) + len(leavers) == len(here[0])
    assert min(len(stayers), len(leavers)) >= 20
    assert people["left"].isna().equals(people["at_end"])


def test_a_leaver_is_as_in_the_month_of_leaving(recorded):
    _, people, here, last = recorded
    leavers = people[~people["at_end"]].set_index("person")
    for person, found in leavers.iterrows():
        month, trust, satisfaction, belonging, voice, pays = last[person]
        assert found["left"] == month
        assert person in here[month]
        assert person not in here[month + 1]
        names = ["trust_neighbours", "satisfaction", "belonging", "voice", "fee_collection"]
        assert found[names].tolist() == [trust, satisfaction, belonging, voice, pays]


def test_who_came_later_has_no_past_here(recorded):
    _, people, _, _ = recorded
    came = ~people["at_start"]
    assert came.sum() >= 10
    assert people.loc[came, ["months_lived", "ties"]].isna().all().all()
    assert people.loc[~came, ["months_lived", "ties"]].notna().all().all()
    assert people[list(PERSON_MEASURES)].notna().all().all()


def test_states_are_read_from_the_columns(recorded):
    community, _, _, _ = recorded
    world = community.world
    rows = np.nonzero(world.residents.present)[0]
    found = pd.DataFrame(states(world, rows), columns=list(PERSON_MEASURES))
    r = world.residents
    for i in (0, 7, len(rows) - 1):
        place = rows[i]
        assert found["coproducing"][i] == float(world.month - r.coproduced[place] < 12)
        assert found["trust_firm"][i] == r.trust[place, list(cosim.world.columns.TARGETS).index("firm")]
        assert found["fee_collection"][i] == float(world.households.pays[r.household[place]])


def test_a_register_changes_nothing(arms):
    kept, plain = (run_study([arms[1]], replicates=2, jobs=1, keep_people=keep) for keep in (True, False))
    for table in ("months", "groups", "categories"):
        assert getattr(kept, table).to_csv() == getattr(plain, table).to_csv()
        pd.testing.assert_frame_equal(getattr(kept, table), getattr(plain, table), check_exact=True)
    assert plain.people.empty
    assert not kept.people.empty


def test_people_come_home_from_other_processes(arms):
    short = [load_scenario(arm, {"study.months": 2, "study.warmup_months": 1}) for arm in arms]
    here, there = (run_study(short, replicates=2, jobs=jobs, keep_people=True) for jobs in (1, 2))
    pd.testing.assert_frame_equal(here.people, there.people, check_exact=True)
    assert set(here.people["replicate"]) == {1, 2}


def test_the_cohort_is_the_same_in_every_arm(comparison):
    table = comparison.study.people
    first, other = (table[(table["scenario"] == label) & table["at_start"]] for label in comparison.labels)
    traits = ["replicate", "person", "household", "building", "group", "age", "tenure", "months_lived", "ties"]
    pd.testing.assert_frame_equal(
        first[traits].reset_index(drop=True), other[traits].reset_index(drop=True), check_exact=True
    )


# The tables, by hand


def records(comparison, label):
    """Return the register of an arm as plain dictionaries by replicate and person; participation like for like."""
    table = comparison.study.people
    found = defaultdict(dict)
    for person in table[table["scenario"] == label].to_dict("records"):
        if len(comparison.forms) == 1:
            person["participation"] = person[comparison.forms[0]]
        found[person["replicate"]][person["person"]] = person
    return found


def interval(values):
    half = t.ppf(0.975, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return mean(values) - half, mean(values) + half


def agrees(found, values):
    """Check mean, interval and count of differences by replicate."""
    low, high = interval(values)
    assert found["difference"] == pytest.approx(mean(values), abs=1e-6)
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=1e-5), pytest.approx(high, abs=1e-5))
    assert found["n"] == len(values)


OUTCOMES = ("participation", "trust_government", "satisfaction", "fee_collection")


@pytest.mark.parametrize("who", people.WHO)
def test_people_are_compared_with_and_without_those_who_leave(comparison, who):
    a, b = (records(comparison, label) for label in comparison.labels)

    def chosen(arm, replicate):
        for number, person in arm[replicate].items():
            if who == "all" and person["at_end"]:
                yield person
            if who == "cohort" and person["at_start"]:
                yield person
            if who == "stayers" and person["at_start"]:
                pair = [other[replicate][number] for other in (a, b)]
                if all(one["at_end"] for one in pair):
                    yield person

    for outcome in OUTCOMES:
        means = [[mean(p[outcome] for p in chosen(arm, k)) for k in sorted(arm)] for arm in (a, b)]
        found = row(comparison.by_people, who=who, outcome=outcome)
        agrees(found, [after - before for before, after in zip(*means, strict=True)])
        assert found["mean_a"] == pytest.approx(mean(means[0]), abs=1e-6)
        assert found["mean_b"] == pytest.approx(mean(means[1]), abs=1e-6)
        sizes = [mean(sum(1 for _ in chosen(arm, k)) for k in arm) for arm in (a, b)]
        assert [found["people_a"], found["people_b"]] == pytest.approx(sizes)


def twin_changes(comparison, outcome, wanted=lambda person: True):
    """Return the differences of those who live in both worlds at the end, by replicate."""
    a, b = (records(comparison, label) for label in comparison.labels)
    return [
        [
            b[k][number][outcome] - person[outcome]
            for number, person in a[k].items()
            if person["at_end"] and number in b[k] and b[k][number]["at_end"] and wanted(person)
        ]
        for k in sorted(a)
    ]


def shares_agree(found, flat):
    assert found["gain"] == pytest.approx(sum(value > 0.02 for value in flat) / len(flat))
    assert found["lose"] == pytest.approx(sum(value < -0.02 for value in flat) / len(flat))


def quantiles_agree(found, flat):
    ranked = sorted(flat)
    for name, share in (("q05", 0.05), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q95", 0.95)):
        place = share * (len(ranked) - 1)
        low = math.floor(place)
        above = ranked[min(low + 1, len(ranked) - 1)]
        assert found[name] == pytest.approx(ranked[low] + (place - low) * (above - ranked[low]), abs=1e-6)


def test_twins_are_those_who_live_in_both_worlds(comparison):
    a = records(comparison, comparison.labels[0])
    here = sum(person["at_end"] for arm in a.values() for person in arm.values())
    for outcome in OUTCOMES:
        changes = twin_changes(comparison, outcome)
        flat = [value for run in changes for value in run]
        found = row(comparison.twins, outcome=outcome)
        assert found["covered"] == pytest.approx(len(flat) / here)
        assert 0.5 < found["covered"] < 1.0
        agrees(found, [mean(run) for run in changes])
        shares_agree(found, flat)
        quantiles_agree(found, flat)
    assert set(comparison.twins["outcome"]) == set(people.LOOKED_AT)
    assert (comparison.twins["gain"] > 0.1).any()


def test_who_gains_is_told_by_every_trait(comparison):
    kinds = {
        ("group", "migrant"): lambda p: p["at_start"] and p["group"] == 1,
        ("group", "came later"): lambda p: not p["at_start"],
        ("age", "45 to 60"): lambda p: p["at_start"] and 45 <= p["age"] < 60,
        ("age", "75 and more"): lambda p: p["at_start"] and p["age"] >= 75,
        ("months_lived", "12 to 60"): lambda p: p["at_start"] and 12 <= p["months_lived"] < 60,
    }
    everybody = sum(len(run) for run in twin_changes(comparison, "satisfaction"))
    for (trait, stratum), wanted in kinds.items():
        changes = twin_changes(comparison, "satisfaction", wanted)
        assert all(changes), stratum
        found = row(comparison.who_gains, trait=trait, stratum=stratum, outcome="satisfaction")
        agrees(found, [mean(run) for run in changes])
        flat = [value for run in changes for value in run]
        shares_agree(found, flat)
        assert found["share"] == pytest.approx(len(flat) / everybody)
    shares = comparison.who_gains.query("outcome == 'satisfaction' and trait == 'group'")["share"]
    assert shares.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("place", ["all", 2])
def test_every_dwelling_pairs(comparison, place):
    def homes(label):
        found = {}
        for replicate, arm in records(comparison, label).items():
            lived = defaultdict(list)
            for person in arm.values():
                if person["at_end"]:
                    lived[person["household"], person["building"]].append(person["belonging"])
            found[replicate] = {home: mean(values) for home, values in lived.items()}
        return found

    a, b = (homes(label) for label in comparison.labels)
    changes = [
        [b[k][home] - value for home, value in a[k].items() if place in ("all", home[1])] for k in sorted(a)
    ]
    assert all(set(a[k]) == set(b[k]) for k in a)
    found = row(comparison.places, place=place, outcome="belonging")
    agrees(found, [mean(run) for run in changes])
    flat = [value for run in changes for value in run]
    shares_agree(found, flat)
    quantiles_agree(found, flat)
    assert found["dwellings"] == len(changes[0])
    dwellings = comparison.places.query("outcome == 'belonging'").set_index("place")["dwellings"]
    assert dwellings["all"] == 90 == dwellings.drop("all").sum()


# Luck


def drawn(person_spread, luck_spread, persons=3000, replicates=6, seed=1, share=1.0):
    """Differences of persons: their own effect, and luck; some are missing."""
    rng = np.random.default_rng(seed)
    own = rng.normal(0.1, 1.0, persons) * person_spread
    values = own[:, None] + rng.normal(0.0, 1.0, (persons, replicates)) * luck_spread
    index = pd.MultiIndex.from_product([range(persons), range(replicates)], names=["person", "replicate"])
    series = pd.Series(values.ravel(), index=index)
    return series[rng.random(len(series)) < share]


@pytest.mark.parametrize(
    ("person_spread", "luck_spread", "expected"),
    [(0.0, 1.0, 1.0), (1.0, 0.0, 0.0), (1.0, 1.0, 0.5), (1.0, 0.5, 0.2), (0.5, 1.0, 0.8)],
)
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_luck_is_the_share_of_variance_within_persons(person_spread, luck_spread, expected, share):
    assert people.luck(drawn(person_spread, luck_spread, share=share)) == pytest.approx(expected, abs=0.03)


def test_luck_by_hand():
    values = pd.Series(
        [1.0, 3.0, 6.0, 6.0, 9.0],
        index=pd.MultiIndex.from_arrays([list("aabbb"), [1, 2, 1, 2, 3]], names=["person", "replicate"]),
    )
    within = (1 + 1 + 1 + 1 + 4) / 3
    between = 2 * (2 - 5) ** 2 + 3 * (7 - 5) ** 2
    systematic = (between - within) / (5 - 13 / 5)
    assert people.luck(values) == pytest.approx(within / (within + systematic))


def test_luck_is_unknown_with_one_replicate_or_one_person_or_nothing_that_varies():
    assert math.isnan(people.luck(drawn(1.0, 1.0, replicates=1)))
    assert math.isnan(people.luck(drawn(1.0, 1.0, persons=1)))
    assert math.isnan(people.luck(drawn(0.0, 0.0)))


# Arms that do not differ, and few of them


def test_identical_arms_differ_in_nothing_and_nobody(arms):
    same = cosim.compare([arms[0], arms[0]], replicates=2, jobs=1)
    for name in ("by_people", "twins", "who_gains", "places"):
        table = getattr(same, name)
        known = table.dropna(subset="low")
        assert len(known) >= 10
        assert (known[["difference", "low", "high"]] == 0.0).all().all(), name
        extra = [column for column in ("gain", "lose", "q05", "q25", "q50", "q75", "q95") if column in known]
        assert (known[extra] == 0.0).all().all(), name
        assert (table["difference"].dropna() == 0.0).all()
    assert (same.twins["covered"] == 1.0).all()
    assert same.twins["luck"].isna().all()


@pytest.fixture(scope="module")
def alone(arms):
    return cosim.compare(arms, replicates=1, jobs=1)


def test_one_replicate_has_no_interval(alone):
    for name in ("by_people", "twins", "who_gains", "places"):
        table = getattr(alone, name)
        assert table[["low", "high"]].isna().all().all()
        assert table["difference"].notna().any()
    assert alone.twins["luck"].isna().all()
    text = printed(alone)
    assert "One replicate: a difference without an interval" in text
    assert "same person in both worlds" in text
    json.loads(as_json(alone))


# Forms of participation


@pytest.fixture(scope="module")
def silent(arms):
    """A reform whose meetings take more hours than there are, against one that holds them."""
    hours = {"deliberate.hours_per_meeting": 200.0, "committee.staff_hours": 600.0}
    quiet, loud = (load_scenario(arms[1], hours | {"deliberate.rung": rung}) for rung in ("delegate", "inform"))
    found = cosim.compare([quiet, loud], replicates=2, jobs=1)
    held = found.study.months.query("month >= 0").groupby("scenario", sort=False)["meetings"].sum()
    assert held.iloc[0] == 0.0 < held.iloc[1]
    return found


def test_without_meetings_in_one_arm_joint_work_alone_counts(silent):
    assert silent.forms == ("coproducing",)
    for table, keys in ((silent.outcomes, []), (silent.by_group, ["group"]), (silent.by_people, ["who"])):
        found = table.set_index([*keys, "outcome"]).sort_index()
        for key in {tuple(part) for part in table[keys].to_numpy().tolist()}:
            one, other = (found.loc[(*key, name) if keys else name] for name in ("participation", "coproducing"))
            for column in ("mean_a", "mean_b", "difference", "low", "high", "n"):
                assert one[column] == pytest.approx(other[column], abs=1e-12, nan_ok=True), (key, column)
    raw = silent.study.months
    later = raw[(raw["scenario"] == silent.labels[1]) & (raw["month"] >= 2)]
    assert later["participation"].mean() > later["coproducing"].mean()
    counted = row(silent.arms, scenario=silent.labels[1], outcome="participation")
    assert counted["mean"] == pytest.approx(row(silent.outcomes, outcome="participation")["mean_b"])
    text = " ".join(printed(silent).split())
    assert "Participation counts joint work alone: other forms are not open in every arm at the end." in text


def test_where_both_forms_are_open_nothing_is_said(arms):
    both = compare_study(run_study([arms[1], arms[1]], replicates=2, jobs=1, keep_people=True))
    assert both.forms == ("deliberating", "coproducing")
    assert "Participation counts" not in printed(both)


def without_forms(study):
    months = study.months.copy()
    months.loc[months["scenario"] == study.labels[0], ["meetings", "openings"]] = 0.0
    return dataclasses.replace(study, months=months)


def test_no_form_in_common_leaves_participation_unknown(comparison):
    none = compare_study(without_forms(comparison.study))
    assert none.forms == ()
    for table in (none.outcomes, none.by_group, none.by_people, none.twins, none.who_gains, none.places):
        mine = table[table["outcome"] == "participation"]
        known = [name for name in ("difference", "mean_a", "low", "q50", "gain", "lose", "luck") if name in mine]
        assert len(mine)
        assert mine[known].isna().all().all()
    text = printed(none)
    assert "Participation is not compared: no form of it is open in every arm at the end." in " ".join(text.split())
    assert "Participation: most" not in text
    assert "All strata" in text
    assert isinstance(none.plot(), Figure)
    assert json.loads(as_json(none))["twins"][0]["gain"] is None
    assert "–" in none._repr_html_()


def test_a_form_counts_if_it_was_open_in_every_run_of_the_last_year():
    months = pd.DataFrame(
        {
            "scenario": "x",
            "replicate": [1] * 24 + [2] * 24,
            "month": [*range(24)] * 2,
            "meetings": [0.0] * 12 + [1.0] + [0.0] * 11 + [1.0] * 12 + [0.0] * 12,
            "openings": [0.0] * 23 + [5.0] + [0.0] * 12 + [2.0] * 12,
        }
    )
    assert common_forms(months) == ("coproducing",)
    worlds = [months.assign(meetings=float(number > 1), replicate=number) for number in range(1, 41)]
    closed_once = pd.concat(worlds)
    assert common_forms(closed_once) == ("coproducing",)
    assert common_forms(closed_once, 0.95) == ("deliberating", "coproducing")
    assert common_forms(closed_once, 0.99) == ("coproducing",)


# What people see


class Strict(html.parser.HTMLParser):
    """Check that tags are closed in order, and keep the text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.tags = [], [], defaultdict(int)
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags[tag] += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_a_notebook_shows_well_formed_tables(comparison, silent):
    page = Strict(comparison._repr_html_())
    text = " ".join(page.words)
    for label in ("single centre", "multi centre", "Participation", "Public cost, yuan", "95 % interval"):
        assert label in text
    assert f"{REPLICATES} replicates, seed 1" in text
    assert page.tags["table"] == 1
    assert page.tags["td"] % 6 == 0
    assert "Participation" in " ".join(Strict(silent._repr_html_()).words)
    assert isinstance(comparison.plot(), Figure)


def test_markup_in_names_and_titles_is_text(arms):
    evil = "<script>alert('&')</script>"
    named = [
        arm.model_copy(update={"name": f"{evil} {n}", "title": evil}) for n, arm in enumerate([arms[0], arms[0]])
    ]
    short = [load_scenario(arm, {"study.months": 1}).model_copy(update={"title": evil}) for arm in named]
    for result in (cosim.compare(short, replicates=1, jobs=1), summarise(run_study(short[:1], jobs=1))):
        shown = result._repr_html_()
        assert "<script>" not in shown
        assert evil in "".join(Strict(shown).words)
        assert isinstance(result.plot(), Figure)


def test_a_notebook_says_that_nothing_is_finished(arms, monkeypatch):
    monkeypatch.setattr("cosim.community.Community", None)
    study = run_study(arms, jobs=1)
    for result in (compare_study(study), summarise(study)):
        assert "none of 1 replicates are finished" in "".join(Strict(result._repr_html_()).words)


def test_tables_about_individuals_fit_and_break_no_number(comparison):
    text = printed(comparison)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    lines = text[text.index("state at the end"):].splitlines()
    extreme = comparison.by_people.assign(difference=-0.888, low=-0.999, high=0.999)
    wide = dataclasses.replace(
        comparison,
        by_people=extreme,
        twins=comparison.twins.assign(q05=-0.888, q50=-0.888, q95=-0.888, gain=1.0, lose=1.0, luck=1.0),
    )
    stream = io.StringIO()
    individuals.print_individuals(wide, comparison.labels[1], Console(file=stream, width=80, highlight=False))
    text = stream.getvalue()
    assert text.count("(−0.888)") == 3 * len(people.LOOKED_AT)
    assert text.replace("(−0.888)", "").count("−0.888") == 3 * len(people.LOOKED_AT)
    assert text.count("100 %") >= 3 * len(people.LOOKED_AT)
    assert max(map(len, text.splitlines())) <= 80
    assert any(re.match(r" ?people +\d+ +\d+ +\d+", line) for line in lines)


def test_the_command_writes_what_its_notes_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "as_bytes", lambda figure: b"drawn")
    short = ["--months", "2", "--set", "study.warmup_months=1", "-r", "1", "-j", "1"]
    result = CliRunner().invoke(cli.app, ["compare", "village", "village", *short, "-o", "kept"])
    assert result.exit_code == 0, result.stderr
    assert "without an interval" in result.stdout
    for name in ("by_people", "twins", "who_gains", "places"):
        assert not pd.read_csv(tmp_path / "kept" / f"{name}.csv").empty
    assert not (tmp_path / "kept" / "ladder.csv").exists()


def test_luck_leaves_out_what_all_share_in_a_replicate_and_what_a_person_has_or_has_not(comparison):
    assert comparison.twins["luck"].isna().all()  # too few replicates
    pair = people.Pair(*arms_with_shared_shocks(), range(1, 9))
    found = pd.DataFrame(people.twins(pair)).set_index("outcome")["luck"]
    assert found["satisfaction"] == pytest.approx(0.0, abs=0.05)
    assert found[["participation", "voice", "fee_collection"]].isna().all()


def arms_with_shared_shocks():
    """Registers in which persons differ for good, and replicates by a shock that all share."""
    rng = np.random.default_rng(3)
    own, shock = rng.normal(0.0, 0.05, 200), rng.normal(0.0, 0.2, 8)
    keys = {"replicate": np.repeat(np.arange(1, 9), 200), "person": np.tile(np.arange(200), 8)}
    traits = {"household": 0, "building": 0, "group": 0, "age": 40.0, "tenure": 0, "months_lived": 9.0, "ties": 3.0}
    first = pd.DataFrame({**keys, **traits, "at_start": True, "at_end": True, **dict.fromkeys(PERSON_MEASURES, 0.5)})
    change = np.tile(own, 8) + np.repeat(shock, 200)
    return first, first.assign(satisfaction=first["satisfaction"] + change)
