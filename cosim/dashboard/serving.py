"""Start the server: Solara in production mode, its settings made before it is imported."""

import os
from contextlib import suppress

from cosim.dashboard.room import Room

_ROOM = [Room()]

SETTINGS = {
    "SOLARA_APP": "cosim.dashboard.page",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "cosim",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
}
"""Settings of Solara, which it reads from the environment when it is imported."""


def room() -> Room:
    """Return the room that this server's visitors are in."""
    return _ROOM[0]


def serve(offered: Room, host: str, port: int) -> None:
    """Serve a room until somebody stops it."""
    _ROOM[0] = offered
    os.environ |= SETTINGS
    import uvicorn
    from solara.server.starlette import app

    with suppress(KeyboardInterrupt):
        uvicorn.run(app, host=host, port=port, log_level="warning", ws_max_size=2**21)


if __name__ == "__main__":
    import sys

    serve(Room(), "127.0.0.1", int(sys.argv[1]))
