"""The command that opens the dashboard: dashboard."""

import os
import webbrowser
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from cosim.cli.app import BAD_INPUT, Lang, app, leave, plain_errors
from cosim.cli.speaking import asked, say

if TYPE_CHECKING:
    from cosim.dashboard.link import View
    from cosim.dashboard.room import Room

HERE = ("127.0.0.1", "localhost", "::1")
"""Addresses that nobody else on the network can reach."""
INSTALL = "pip install 'cosim-community[dashboard]'"
NEEDED = ("solara", "solara_assets", "ipyvue", "ipyvuetify", "uvicorn", "websockets")


@app.command()
def dashboard(
    host: Annotated[str, typer.Option("--host", help="Address to listen at; 0.0.0.0 lets the network in.")] = HERE[0],
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen at; 0: any free one.")] = 8765,
    lang: Annotated[
        Lang | None, typer.Option("--lang", help="Language of links that name none  [default: the browser's].")
    ] = None,
    left: Annotated[str, typer.Option("--left", help="Left scenario: a shipped one's name, or a TOML file.")] = (
        "single_centre"
    ),
    right: Annotated[str, typer.Option("--right", help="Right scenario, or none: one world alone.")] = "multi_centre",
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Seed that visitors begin with.")] = 1,
    visitors: Annotated[int, typer.Option("--visitors", min=1, help="Visitors at a time, at most.")] = 40,
    idle: Annotated[
        float, typer.Option("--idle", min=0.05, help="Minutes after which a page that nobody uses is put away.")
    ] = 30.0,
    opened: Annotated[bool, typer.Option("--open/--no-open", help="Whether to open a browser.")] = True,
) -> None:
    """Open two communities side by side in a browser, for yourself or for a lecture hall."""
    if any(find_spec(name) is None for name in NEEDED):
        leave(say("The dashboard needs packages that are not there: {command}", command=INSTALL), BAD_INPUT)
    with plain_errors():
        from cosim.dashboard import serving
        from cosim.dashboard.link import View

        named = lang.value if lang else asked() or None
        room = _room(left, right, View(seed=seed, lang=named or View().lang), visitors, idle)
        try:
            listening = serving.listen(host, port)
        except serving.AddressError as error:
            what = {"address": f"{host}:{port}", "reason": error}
            leave(say("{address} cannot be used: {reason}. Choose another with --port or --host.", **what), BAD_INPUT)
        address = f"http://{_in_address(host)}:{listening.getsockname()[1]}/"
        try:
            _warm(room)
        except BaseException:
            listening.close()
            raise
        serving.serve(room, listening, host, named, lambda: _say_where(address, host, opened))


def _room(left: str, right: str, usual: "View", visitors: int, idle: float) -> "Room":
    """Return a room with two scenarios, which must be the same people. Raises ScenarioError."""
    from dataclasses import replace

    from cosim.dashboard.link import NO_SCENARIO
    from cosim.dashboard.room import Limits, Room
    from cosim.scenario import load_scenario, shipped_scenarios
    from cosim.scenario.same_people import check_same_people
    from cosim.study import labels_of

    asked = [left] if right == NO_SCENARIO else [left, right]
    arms = [load_scenario(name) for name in asked]
    check_same_people(arms, labels_of(arms))
    shown = shipped_scenarios()
    names = [name if name in shown else label for name, label in zip(asked, labels_of(arms), strict=True)]
    names = [name if asked[place] in shown or name not in shown else f"{name} (2)" for place, name in enumerate(names)]
    files = {name: arm for name, arm in zip(names, arms, strict=True) if name not in shown}
    view = replace(usual, left=names[0], right=names[1] if len(names) == 2 else NO_SCENARIO)
    room = Room(view, Limits(visitors=visitors, idle=60 * idle), files)
    room.check(arms)
    return room


def _warm(room: "Room") -> None:
    """Compile what is not compiled yet, and say so if that takes long."""
    from cosim.dashboard.serving import warm
    from cosim.rules.compiled import is_warm

    if not is_warm():
        typer.echo(say("compiling, once (about half a minute)"), err=True)
    warm(room)


def _say_where(address: str, host: str, opened: bool) -> None:
    typer.echo(say("The dashboard is at {address}  (Ctrl-C ends it)", address=address))
    if host not in HERE:
        open_to_all = say("Everybody on this network can open it: at this computer's address, with the same port.")
        typer.echo(open_to_all, err=True)
    if opened:
        webbrowser.open(address)


def _in_address(host: str) -> str:
    """Return an address as it stands in a link: one that means every address by a name of this computer."""
    if host in ("0.0.0.0", "::"):
        return os.uname().nodename if hasattr(os, "uname") else "localhost"
    return f"[{host}]" if ":" in host else host
