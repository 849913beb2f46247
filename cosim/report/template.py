"""A new scenario's file: every lever that it could set, commented out at the value it has now."""

import os
import re
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from cosim.language import told
from cosim.scenario import load_scenario, shipped_scenarios
from cosim.scenario.errors import Problem, ScenarioError
from cosim.scenario.keys import Key, keys_of, schema_keys
from cosim.scenario.levers import supplied_now
from cosim.scenario.places import Place, find_place
from cosim.scenario.reading import Layer, find_parent
from cosim.scenario.schema import Scenario
from cosim.scenario.supply import CategorySupply
from cosim.scenario.toml_text import write_key, write_value

WIDTH = 100
"""Columns of a comment."""
ABOUT = """\
A scenario over `{parent}`: what is not set here is as there. A lever stands behind a # without a space, at the value
that it has now. Take that # away and change the value. `cosim validate {file}` checks the file, `cosim diff {parent}
{file}` says what it changes, and `cosim compare {file}` what that does."""
EVENTS = """\
Levers may change later, and things may happen that no reform prevents, the same in every scenario that is compared.
Take the # away from all lines of a block; there may be several blocks of each kind, and they replace those of
`{parent}`."""


def new_scenario(path: Path, extends: str, title: str | None = None) -> Scenario:
    """Write the file of a new scenario over another one, and return it as it loads.

    `path` is the file, whose name the scenario will have; `extends` a shipped scenario or a file beside it. Raises
    ScenarioError for a file that exists or cannot be written, for a name that a scenario cannot have, and for a parent
    that does not exist or is faulty.
    """
    _check_name(path)
    if os.path.lexists(path):
        raise _refused(path, told("this file exists, and is not written over"), hint=told("choose another name"))
    if not os.path.isdir(path.parent):
        raise _refused(
            path,
            told("there is no folder '{folder}'", folder=path.parent),
            hint=told("make it first: mkdir -p {folder}", folder=path.parent),
        )
    parent = find_parent(path, Layer("--extends", {"extends": extends}))
    text = template(load_scenario(parent), path.name, title or f"{path.stem.replace('_', ' ')}, over {parent.stem}")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise _refused(path, told("the file cannot be written: {reason}", reason=error.strerror)) from None
    return load_scenario(path)


def _check_name(path: Path) -> None:
    allowed = told("letters, digits, _ and -, then .toml")
    if path.suffix != ".toml":
        raise _refused(
            path,
            told("the file of a scenario ends in .toml"),
            allowed,
            told("call it {name}.toml", name=path.stem or "mine"),
        )
    if not re.fullmatch(r"\w[\w-]*", path.stem):
        raise _refused(path, told("a scenario cannot be named '{name}'", name=path.stem), allowed)
    if path.stem in shipped_scenarios():
        message = told("a shipped scenario is named '{name}'", name=path.stem)
        raise _refused(path, message, told("a name of its own"), told("such as my_{name}", name=path.name))


def _refused(path: Path, message: str, allowed: str = "", hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(file=str(path), message=message, allowed=allowed, hint=hint)])


def template(parent: Scenario, file: str, title: str) -> str:
    """Return the text of a scenario's file over `parent`, with every lever commented out at its value there."""
    head = [
        *_comment(ABOUT.format(parent=parent.name, file=file)),
        "",
        f"extends = {write_value(parent.name)}",
        f"title = {write_value(title)}",
        'description = ""',
    ]
    blocks = ["\n".join(head)]
    levers = [key for key in keys_of(parent) if key.lever and not _of_one_category(key)]
    for table, members in groupby(levers, key=lambda key: key.table):
        place = find_place(Scenario, table.split("."))
        about = "" if place is None else (place.kind.__doc__ or "").split("\n\n")[0]
        lines = [*_comment(" ".join(about.split())), f"[{table}]"]
        for key in members:
            lines += ["", *_about(key), f"#{key.name} = {write_value(key.value)}"]
        if table == "supply":
            lines += _supply(parent)
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, _events(parent)]) + "\n"


def _of_one_category(key: Key) -> bool:
    return key.table.startswith("supply.")


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _about(key: Key) -> list[str]:
    """Say what a lever is, what it may be, and what it costs."""
    place = Place.of(key.field)
    return _comment(f"{key.about['label']['en']}: {place.allowed()}. Price: {key.about['price']}.")


def _supply(parent: Scenario) -> Iterator[str]:
    """Yield the parts of each category's arrangement that may be set, at what they are now."""
    yield ""
    yield from _comment("One category may be supplied in another way than the mode gives it:")
    for key in schema_keys(CategorySupply):
        place = Place.of(key.field)
        yield from _comment(f"{key.name}, {key.about['label']['en']}: {place.allowed()}. Price: {key.about['price']}.")
    for category in parent.categories:
        yield ""
        for name, value in supplied_now(parent, category).items():
            yield f"#{write_key(category)}.{name} = {write_value(value)}"


def _events(parent: Scenario) -> str:
    """Return an example of a change and of a shock, in a month of the run."""
    month = parent.study.months // 3
    visits = 0.0 if parent.party_leads.visits else 1.0
    lines = [
        *_comment(EVENTS.format(parent=parent.name)), "", "#[[changes]]", f"#month = {month}",
        f"#set.party_leads.visits = {write_value(visits)}", "", "#[[shocks]]", f"#month = {month}", '#kind = "flood"',
    ]  # fmt: skip
    return "\n".join(lines)
