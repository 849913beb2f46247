"""The lecture pack: its links open, and every number in it is what the model gives, in both languages."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest

import cosim
from cosim.dashboard.changes import changed
from cosim.dashboard.frames import MAPPED, STEPS, course
from cosim.dashboard.room import Room
from cosim.dashboard.visitor import Visitor
from cosim.dashboard.worlds import Worlds
from cosim.scenario import load_scenario
from cosim.scenario.inhabitants import person_rows
from cosim.world.columns import TARGETS

ROOT = Path(__file__).resolve().parent.parent
PAGES = {lang: (ROOT / "docs" / name).read_text(encoding="utf-8") for lang, name in
         (("en", "lecture.md"), ("zh", "lecture.zh.md"))}  # fmt: skip
PUBLISHED = pd.read_csv(ROOT / "results" / "ly" / "outcomes.csv").set_index("outcome")
NUMBER = re.compile(r"[+−]?(?:\d{1,3}(?:,\d{3})+|\d*\.\d+|\d+)(?![\d.])")
"""A number as the pages write it: 9,108 or −.140 or 12."""
VILLAGE = {"scenarios": ["village", "village_reform"], "seed": 26}
ORDER = "cleaning_greening@0"
END, YEAR = 120, 12
SEEN = ("participation", "trust_neighbours", "trust_government", "satisfaction", "fee_collection", "condition")
TOLD = (*SEEN, "cost_total", "cost_government", "cost_partners", "cost_residents", "volunteer_hours")
TAKEN_AWAY = (
    {},
    {"partners_deliver.backstop_months": 0},
    {"party_takes.load_cap": 1.0},
    {"partners_deliver.oversight": 0.3},
    {"residents_sign_off.acceptance_check": False},
    {"party_takes.delegation": False},
    {"residents_order.order_desk": False},
    {"party_leads.visits": 0.0},
    {"deliberate.meetings": 1},
    {"partners_deliver.backstop_months": 0, "party_takes.load_cap": 1.0},
)
"""What exercise 3 takes away from `multi_centre`, in the order of its table; then everything, `bare_multi_centre`."""
GIVEN_BACK = (
    ("bare_multi_centre", {"partners_deliver.backstop_months": 6}),
    ("premortem_partner_quits", {"partners_deliver.backstop_months": 6}),
    ("premortem_no_coordination", {"party_takes.load_cap": 0.4}),
)
"""What exercise 3 gives back, in the order of its table."""
POOR = {"government.budget": 20.0}


def share(value, sign=False):
    """Write a share as the pages do: .378, −.140, with a sign for a difference: +.062."""
    digits = f"{abs(value):.3f}"
    minus = "−" if value < 0 and digits.strip("0.") else ""
    return (minus or ("+" if sign else "")) + (digits[1:] if digits.startswith("0.") else digits)


def yuan(value, sign=False):
    """Write an amount as the pages do: 9,108, −129."""
    return ("−" if round(value) < 0 else "+" if sign else "") + f"{abs(round(value)):,}"


@cache
def world(name, levers=(), seed=1):
    """Return the frames of one world alone: tested below to be those of the same world beside another."""
    scenario = changed(load_scenario(name), None, dict(levers)) if levers else load_scenario(name)
    worlds = Worlds([scenario], seed)
    worlds.work(worlds.last, np.inf)
    return worlds.frames[0]


def at(frames, measure, position=END):
    return float(course(frames, measure)[position])


def of_last_year(frames, measure):
    return float(course(frames, measure)[-YEAR:].mean())


@cache
def traced(**subject):
    return cosim.trace(VILLAGE["scenarios"], seed=VILLAGE["seed"], **subject)


def events(kind, scenario, **subject):
    return [it for it in traced(**subject).events if it["kind"] == kind and it["scenario"] == scenario]


# The tables, in the order of the pages: each row's numbers


def order_table():
    """Who asks, takes, pays and signs off, in either village; months as the page counts them."""
    asked = [next(it for it in events("order", name, person="赵磊") if it["acted"]) for name in VILLAGE["scenarios"]]
    stages = {name: {} for name in VILLAGE["scenarios"]}
    for name, found in stages.items():
        for it in events("stage", name, order=ORDER):
            found.setdefault(it["stage"].split(" by ")[0].split(" ")[0].rstrip(","), []).append(str(it["month"] + 1))
    one, many = stages.values()
    verdicts = [events("verdict", name, order=ORDER)[0] for name in VILLAGE["scenarios"]]
    months = traced(order=ORDER).months.set_index(["scenario", "month"])["condition"]
    ends = [float(months[name, month]) for name, month in zip(VILLAGE["scenarios"], (5, 6), strict=True)]
    return [
        [one["placed"][0], many["placed"][0]],
        [share(it["probability"]) for it in asked],
        [share(it["draw"]) for it in asked],
        [one["begun"][0], many["begun"][0]],
        [yuan(it["cost"]) for it in verdicts],
        [yuan(verdicts[0]["cost"]), *(yuan(verdicts[1]["cost"] * part) for part in verdicts[1]["payers"].values())],
        [one["delivered"][0], *many["delivered"]],
        [one["signed"][0], many["signed"][0]],
        [share(it["verdict"]) for it in verdicts],
        [share(it) for it in ends],
    ]


def trust_table():
    """Trust in month 7 of both villages: two people, and everybody's mean."""
    rows = person_rows(load_scenario("village"))
    frames = [world(name, seed=VILLAGE["seed"]) for name in VILLAGE["scenarios"]]
    names = [f"trust_{target}" for target in TARGETS]
    people = [
        [share(it[7].people[MAPPED.index(name), rows[person]] / STEPS) for name in names[:4] for it in frames]
        for person in ("赵磊 Zhao Lei", "王秀兰 Wang Xiulan")
    ]
    return [*people, [share(at(it, name, 7)) for name in names[:4] for it in frames]]


def course_table():
    """What many centres change in LY with the luck of seed 1, after 1, 5 and 10 years."""
    one, many = world("single_centre"), world("multi_centre")
    return [[share(at(many, name, t) - at(one, name, t), sign=True) for t in (12, 60, END)] for name in SEEN]


def seed_table():
    """The same after 10 years with the luck of three seeds."""
    return [
        [str(seed), *(share(at(world("multi_centre", seed=seed), it) - at(world("single_centre", seed=seed), it), True)
                      for it in ("participation", "trust_government", "satisfaction"))]
        for seed in (1, 2, 3)
    ]  # fmt: skip


def published_table():
    """The published comparison: both levels, the difference, its interval, and the share of pairs in which it rises."""
    found = []
    for name in TOLD:
        row = PUBLISHED.loc[name]
        written = yuan if name.startswith("cost") else share
        found.append([
            *(written(row[it]) for it in ("mean_a", "mean_b")),
            *(written(row[it], sign=True) for it in ("difference", "low", "high")), f"{100 * row['superiority']:.0f}",
        ])  # fmt: skip
    return found


def taken_table():
    """What is left of the gain when something is taken away, after 10 years; public cost of the last year."""
    rights = [world("multi_centre", tuple(it.items())) for it in TAKEN_AWAY] + [world("bare_multi_centre")]
    return [_against(world("single_centre"), right) for right in rights]


def given_table():
    """What it brings to give something back, and what it costs."""
    return [_against(world(name), world(name, tuple(it.items())), all_costs=True) for name, it in GIVEN_BACK]


def poor_table():
    """A public budget of 20: no reform, the reform, the difference."""
    one, many = (world(name, tuple(POOR.items())) for name in ("single_centre", "multi_centre"))
    levels = [[share(at(it, name)) for it in (one, many)] for name in ("participation", "satisfaction")]
    levels.append([share(at(it, "trust_government")) for it in (one, many)])
    return [
        [*level, share(at(many, name) - at(one, name), sign=True)]
        for level, name in zip(levels, ("participation", "satisfaction", "trust_government"), strict=True)
    ]


def _against(one, many, *, all_costs=False):
    costs = ("cost_government", "cost_total") if all_costs else ("cost_government",)
    return [
        *(share(at(many, it) - at(one, it), sign=True) for it in ("participation", "trust_government", "satisfaction")),
        *(yuan(of_last_year(many, it) - of_last_year(one, it), sign=True) for it in costs),
    ]


TABLES = (
    order_table, trust_table, course_table, published_table, seed_table, taken_table, poor_table, given_table,
)  # fmt: skip


# What the pages say


def blocks(page):
    """Return the tables of a page that stand below an answer: for each, its rows without the head, as cells."""
    found, rows, answers = [], [], False
    for line in [*page.splitlines(), ""]:
        if line.startswith("#"):
            answers = line in ("### Answers", "### 答案")
        if line.startswith("|") and answers:
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            found.append(rows[2:])
            rows = []
    return found


def numbers(cells):
    """Return the numbers of a row in order, its name in the first cell left out unless it is a number itself."""
    first = cells[:1] if NUMBER.fullmatch(cells[0]) else []
    return [number for cell in (*first, *cells[1:]) for number in NUMBER.findall(cell)]


def answers(page):
    """Return the prose of the answers, without tables and links."""
    parts = re.split(r"^#+ .*$", page, flags=re.MULTILINE)
    heads = re.findall(r"^#+ .*$", page, flags=re.MULTILINE)
    prose = "\n".join(part for head, part in zip(heads, parts[1:], strict=True) if head in ("### Answers", "### 答案"))
    return "\n".join(line for line in prose.splitlines() if not line.startswith("|"))


def links(page):
    return re.findall(r"^\?\S+$", page, flags=re.MULTILINE)


@pytest.mark.parametrize("lang", PAGES)
@pytest.mark.parametrize("number", range(len(TABLES)), ids=[table.__name__ for table in TABLES])
def test_a_table_is_what_the_model_gives(lang, number):
    expected = TABLES[number]()
    assert [numbers(row) for row in blocks(PAGES[lang])[number]] == expected


@pytest.mark.parametrize("lang", PAGES)
def test_there_is_no_other_table_and_no_other_share_in_the_answers(lang):
    assert len(blocks(PAGES[lang])) == len(TABLES)
    assert re.findall(r"(?<![\w.])\.\d+|\d,\d{3}", answers(PAGES[lang])) == []


def test_both_pages_have_the_same_numbers_links_and_lessons():
    en, zh = PAGES.values()
    assert links(en) == [link.replace("&lang=zh", "") for link in links(zh)]
    assert [re.match("#+", it)[0] for it in re.findall(r"^#+ ", en, flags=re.MULTILINE)] == [
        re.match("#+", it)[0] for it in re.findall(r"^#+ ", zh, flags=re.MULTILINE)
    ]
    assert len(re.findall(r"^\| \d+–\d+ \|", en, flags=re.MULTILINE)) == len(
        re.findall(r"^\| \d+–\d+ \|", zh, flags=re.MULTILINE)
    )


@pytest.mark.parametrize("lang", PAGES)
def test_a_plan_fills_its_lesson(lang):
    times = [tuple(map(int, it)) for it in re.findall(r"^\| (\d+)–(\d+) \|", PAGES[lang], flags=re.MULTILINE)]
    starts = [place for place, (begin, _) in enumerate(times) if begin == 0]
    plans = [times[begin:end] for begin, end in zip(starts, [*starts[1:], None], strict=True)]
    assert len(plans) == 3
    for plan in plans:
        assert plan[-1][1] == 45
        assert all(one[1] == other[0] for one, other in pairwise(plan))


@pytest.mark.parametrize("link", sorted({link for page in PAGES.values() for link in links(page)}))
def test_a_link_shows_what_it_asks_for(link):
    visitor = Visitor(Room(), link, lambda: None)
    assert visitor.messages == []
    asked = parse_qs(link[1:])
    for key in asked.keys() - {"set"}:
        assert str(getattr(visitor.view, key)) == asked[key][0] or key == "month"
    assert visitor.goal == int(asked.get("month", ["0"])[0])
    assert list(visitor.view.changes) == asked.get("set", [])
    assert any(side.changed for side in visitor.sides.values()) == bool(visitor.view.changes)


def test_a_premortem_is_not_put_beside_a_compound_with_other_facts():
    visitor = Visitor(Room(), "?left=single_centre&right=premortem_partner_quits", lambda: None)
    assert "not the same people" in str(visitor.messages[0])


def test_a_world_alone_is_the_same_beside_another():
    worlds = Worlds([load_scenario("village"), load_scenario("village_reform")], VILLAGE["seed"])
    worlds.work(worlds.last, np.inf)
    for side, name in enumerate(VILLAGE["scenarios"]):
        for it in SEEN:
            assert at(worlds.frames[side], it, 12) == at(world(name, seed=VILLAGE["seed"]), it, 12)


# What is told of the first lesson's order, besides numbers


def test_who_takes_the_order_and_what_it_waits_for():
    stages = {name: [it["stage"] for it in events("stage", name, order=ORDER)] for name in VILLAGE["scenarios"]}
    assert stages["village"][1] == "taken at the office"
    assert stages["village"][3] == "begun by government"
    assert stages["village_reform"][1:5] == [
        "taken in the community", "begun by social_organisation_1", "delivered, but it misses the need", "reopened",
    ]  # fmt: skip
    waits = [it["text"] for it in events("waits", "village_reform", order=ORDER)]
    assert all("short of public money" in it and "a partner" in it and "consent" not in it for it in waits)
    climbs = {it["month"] for it in events("waits", "village", order=ORDER)}
    assert climbs == {0, 1, 2, 3}


def test_whose_trust_moves_and_why():
    own = {name: events("trust", name, person="赵磊") for name in VILLAGE["scenarios"]}
    causes = {
        name: {(it["month"], target): t["signals"] for it in told for target, t in it["targets"].items()}
        for name, told in own.items()
    }
    assert causes["village"][5, "government"]["own orders"] > 0
    assert causes["village_reform"][6, "party"]["own orders"] > 0
    other = [it for it in events("trust", "village_reform", person="王秀兰") if it["month"] == 2]
    assert "charged without consent" in other[0]["targets"]["party"]["signals"]


def test_the_lesson_on_failure_says_which_levers_turn_what():
    by_name = dict(zip(("nothing", "backstop", "cap"), taken_table(), strict=False))
    assert [row[1].startswith("−") for row in by_name.values()] == [False, True, False]
    both, everything = taken_table()[-2:]
    assert both[1].startswith("−")
    assert both[2].startswith("−")
    assert everything[2].startswith("−")


def test_what_is_said_of_patterns_is_published():
    verdicts = pd.read_csv(ROOT / "results" / "patterns" / "patterns.csv")
    once = verdicts[verdicts["kind"] == "validation"].drop_duplicates("id")["verdict_on_pattern"]
    assert (len(once), int((once == "pass").sum())) == (10, 2)


@pytest.mark.parametrize("lang", PAGES)
def test_what_a_page_points_at_is_there(lang):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", PAGES[lang]):
        assert (ROOT / "docs" / target).exists(), target
