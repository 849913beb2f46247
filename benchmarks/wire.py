"""A visitor without a browser: speaks the protocol in which the dashboard's page and its server talk."""

import asyncio
import itertools
import json
import struct
import time
import urllib.request
import uuid
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import websockets

PATIENCE = 60.0
"""Seconds to wait for an answer."""


class ServerFault(RuntimeError):  # noqa: N818 (reads as what it is)
    """Raised when the server ends the connection or does not answer."""


class Wire:
    """One page of the dashboard, opened with `await Wire.open(...)`.

    `models` holds the state of every part of the page as the server has told it, by its number.
    """

    def __init__(self, socket: Any, kernel: str) -> None:
        self.models: dict[str, dict[str, Any]] = {}
        self.kernel = kernel
        self.received = 0
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._told: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._control = uuid.uuid4().hex
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, address: str, query: str = "", **headers: str) -> "Wire":
        """Open a page: fetch it for its cookie, connect, and let the server draw it for the first time."""
        cookie = await asyncio.to_thread(cookie_of, address + "/" + query)
        kernel, page = str(uuid.uuid4()), str(uuid.uuid4())
        where = urlsplit(address)
        socket = await websockets.connect(
            f"ws://{where.netloc}/jupyter/api/kernels/{kernel}/channels?session_id={page}",
            additional_headers={"Cookie": cookie} | headers, origin=address, max_size=None, compression=None,
            open_timeout=PATIENCE,
        )  # fmt: skip
        wire = cls(socket, kernel)
        await wire._request("comm_open", {"comm_id": wire._control, "target_name": "solara.control", "data": {}})
        path = "/" + quote(query, safe="?&=,")
        call = {"method": "run", "args": {"path": path, "appName": None, "dark": False, "themes": {}}}
        await wire._request("comm_msg", {"comm_id": wire._control, "data": call})
        return wire

    async def close(self) -> None:
        """Close the connection, as a tab does that is closed by a power cut."""
        self._reader.cancel()
        with suppress(Exception):
            await self._socket.close()

    def part(self, key: str) -> dict[str, Any]:
        """Return the state of the part of the page that has a property of this name."""
        return next(state for state in reversed(self.models.values()) if key in state)

    async def event(self, key: str, name: str, data: Any) -> float:
        """Do what a control does, and return the seconds until the page is drawn anew."""
        number = next(number for number in reversed(self.models) if key in self.models[number])
        begin = time.perf_counter()
        await self._request(
            "comm_msg", {"comm_id": number, "data": {"method": "custom", "content": {"event": name, "data": data}}}
        )
        return time.perf_counter() - begin

    async def send(self, text: str | bytes) -> None:
        """Send anything at all."""
        await self._socket.send(text)

    async def _request(self, kind: str, content: dict[str, Any]) -> None:
        number = uuid.uuid4().hex
        message = {
            "channel": "shell", "buffers": [], "parent_header": {}, "metadata": {}, "content": content,
            "header": {"msg_id": number, "msg_type": kind, "session": number, "username": "", "version": "5.3"},
        }  # fmt: skip
        done = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(json.dumps(message))
            await asyncio.wait_for(done, PATIENCE)
        except (TimeoutError, websockets.ConnectionClosed) as fault:
            raise ServerFault(f"no answer to {kind}: {fault!r}") from fault
        finally:
            del self._waiting[number]

    async def _read(self) -> None:
        try:
            async for raw in self._socket:
                self.received += len(raw)
                self._take(message_of(raw))
        except websockets.ConnectionClosed:
            pass
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ServerFault("the server has closed the connection"))

    def _take(self, message: dict[str, Any]) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "comm_open":
            self.models[content["comm_id"]] = with_buffers(content["data"], message)
        elif kind == "comm_close":
            self.models.pop(content["comm_id"], None)
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            self.models[content["comm_id"]].update(with_buffers(content["data"], message))
        elif kind == "status" and content["execution_state"] == "idle":
            waiting = self._waiting.get(message["parent_header"].get("msg_id", ""))
            if waiting and not waiting.done():
                waiting.set_result(None)


def cookie_of(address: str) -> str:
    """Fetch a page, and return the cookie that it sets."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        answer.read()
        return "; ".join(it.split(";")[0] for it in answer.headers.get_all("Set-Cookie") or ())


def message_of(raw: str | bytes) -> dict[str, Any]:
    """Return a message; those with buffers begin with the places of their parts."""
    if isinstance(raw, str):
        return json.loads(raw) | {"buffers": []}
    count = struct.unpack("!I", raw[:4])[0]
    places = [*struct.unpack(f"!{count}I", raw[4 : 4 * (count + 1)]), len(raw)]
    parts = [raw[begin:end] for begin, end in itertools.pairwise(places)]
    return json.loads(parts[0]) | {"buffers": parts[1:]}


def with_buffers(data: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a message with its buffers in their places."""
    state = data.get("state", {})
    for path, buffer in zip(data.get("buffer_paths", ()), message["buffers"], strict=True):
        place = state
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = buffer
    return state
