"""The page docs/dashboard.md names what there is: options, tabs, keys of links, limits."""

import re
from pathlib import Path

import numpy as np
import pytest
import typer

from cosim import cli
from cosim.dashboard.guests import STALE
from cosim.dashboard.link import KEYS, LARGEST_SEED, PANELS, SET, View
from cosim.dashboard.panels import tabs
from cosim.dashboard.room import Limits, Room
from cosim.dashboard.topics import TOPICS
from cosim.dashboard.trials import LONGEST, PAIRS
from cosim.dashboard.visitor import Visitor
from cosim.dashboard.worlds import Worlds
from cosim.scenario import load_scenario
from cosim.scenario.from_text import LARGEST_TEXT

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "dashboard.md").read_text(encoding="utf-8")


def table(head):
    """Return the rows of the table whose first column is called `head`, as cells."""
    lines = PAGE.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {head} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_every_option_is_there_with_its_default():
    command = typer.main.get_command(cli.app).commands["dashboard"]
    known = {name: option for option in command.params for name in (*option.opts, *option.secondary_opts)}
    said = {name: row[2] for row in table("option") for name in re.findall(r"`(--[\w-]+)`", row[0])}
    assert said.keys() == known.keys() - {"--help", "-h"}
    for name in ("--host", "--port", "--seed", "--visitors", "--left", "--right"):
        assert str(known[name].default) in said[name]
    assert str(int(known["--idle"].default)) in said["--idle"]


def test_every_tab_is_there_by_its_name():
    say = Visitor(Room(), "", lambda: None).say
    labels = re.findall(r'say\("([^"]+)"\)', Path(tabs.__file__).read_text(encoding="utf-8"))
    assert {row[0] for row in table("tab")} == {say(label) for label in labels} - {"Panels"}
    assert len(table("tab")) == len(PANELS)


def test_every_key_of_a_link_is_there_with_what_it_may_be():
    rows = {key: row for row in table("key") for key in re.findall(r"`(\w+)`", row[0])}
    assert rows.keys() == {*KEYS, SET}
    assert re.findall(r"`(\w+)`", rows["panel"][1]) == list(PANELS)
    assert re.findall(r"`(\w+)`", rows["topic"][1]) == list(TOPICS)
    assert str(LARGEST_SEED) in rows["seed"][1]
    usual = View()
    for key in ("colour", "topic", "panel"):
        assert rows[key][2] == f"`{getattr(usual, key)}`"


@pytest.mark.parametrize("link", re.findall(r"`[?&](\S+?=\S+)`", PAGE))
def test_a_link_that_is_shown_can_be_followed(link):
    visitor = Visitor(Room(), link, lambda: None)
    assert visitor.messages == []
    assert visitor.view != View()


def test_limits_are_those_of_a_room():
    limits, said = Limits(), {row[0]: row[1] for row in table("what")}
    numbers = {name: re.findall(r"[\d,]+", text)[0].replace(",", "") for name, text in said.items()}
    assert numbers == {
        "residents of a scenario": str(limits.residents), "months of a scenario": str(limits.months),
        "months a second": str(limits.speed), "visitors at a time": str(limits.visitors),
        "minutes without use": f"{limits.idle / 60:.0f}",
    }  # fmt: skip
    assert f"{LARGEST_TEXT:,} bytes" in PAGE
    assert (PAIRS, LONGEST, STALE) == (30, 10, 300)


def test_the_memory_that_is_told_is_what_frames_take():
    worlds = Worlds([load_scenario("single_centre"), load_scenario("multi_centre")], 1)
    worlds.work(worlds.last, np.inf)
    told = int(re.search(r"is (\d+) MB for a visitor", PAGE)[1])
    assert round(worlds.size / 1e6) == told
