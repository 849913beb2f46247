"""Start the server: Solara in production mode, its settings made before it is imported."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from cosim.dashboard import memory
from cosim.dashboard.following import Followed, Picked
from cosim.dashboard.link import NO_SCENARIO, View
from cosim.dashboard.room import Room
from cosim.dashboard.worlds import Worlds

_ROOM = [Room()]

SETTINGS = {
    "SOLARA_APP": "cosim.dashboard.page",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "cosim",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "REACTON_FAST": "1",
}
"""Settings of Solara and Reacton, which they read from the environment when they are imported.

Reacton's fast way to draw a page takes a seventh off what thirty visitors cost.
"""
LARGEST_MESSAGE = 2**20
"""Bytes of a message from which on its connection is closed before it is read to its end."""
QUEUED = 128
"""Connections that may wait to be accepted."""


class AddressError(OSError):
    """Raised where the server cannot listen at the address that was asked for."""


class _Server(uvicorn.Server):
    """A server that tells when visitors can come."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def room() -> Room:
    """Return the room that this server's visitors are in."""
    return _ROOM[0]


def listen(host: str, port: int) -> socket.socket:
    """Return a socket at an address; port 0 takes one that is free. Raises AddressError with what is the matter."""
    try:
        kind, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(kind, socket.SOCK_STREAM)
        if os.name == "posix":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(place)
            found.listen(QUEUED)
        except OSError:
            found.close()
            raise
    except OSError as error:
        raise AddressError((error.strerror or str(error)).lower()) from error
    return found


def shown(view: View) -> list[str]:
    """Return the names of the scenarios of a view."""
    return [name for name in (view.left, view.right) if name != NO_SCENARIO]


def warm(offered: Room) -> None:
    """Pass a month in the usual worlds, and follow somebody, so that all is compiled before the first visitor comes."""
    for name in dict.fromkeys(shown(offered.usual)):
        worlds = Worlds([offered.scenario(name)], offered.usual.seed)
        while not worlds.work(1, 1.0):
            pass
        for picked in (Picked(row=0, arrival=0), Picked(building=0)):
            Followed(worlds, picked).catch_up(1)


def serve(offered: Room, at: socket.socket, host: str, lang: str | None = None,
          ready: Callable[[], None] = lambda: None) -> None:  # fmt: skip
    """Serve a room until somebody stops it; `ready` is called once visitors can come."""
    _ROOM[0] = offered
    os.environ |= SETTINGS | {"SOLARA_KERNEL_CULL_TIMEOUT": f"{offered.limits.idle:g}s"}
    memory.share_pools()
    from solara.server import settings
    from solara.server.starlette import app

    from cosim.dashboard.doorman import Doorman

    door = Doorman(app, offered, settings.assets.proxy_cache_dir, host, lang)
    config = uvicorn.Config(
        door, log_level="warning", ws_max_size=LARGEST_MESSAGE, server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    over = offered.guests.look_after(offered.limits.idle)
    server = _Server(config, ready)
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[at])
    finally:
        over.set()
        offered.line.close()
