"""The doorman: what of the world outside reaches Solara, and what every answer carries."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cosim.dashboard.link import View
from cosim.dashboard.messages import LONGEST_PATH, is_allowed, is_for_browsers
from cosim.dashboard.room import Room
from cosim.dashboard.shell import Shell, refusal, shell
from cosim.language import CODES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COOKIE = "solara-session-id"
CDN = "/_solara/cdn/"
FOLDERS = ("/static/assets/", "/jupyter/nbextensions/")
"""Paths below which Solara serves the files of its page."""
SCRIPTS = re.compile(r"/static/[\w.-]+")
SOCKET = re.compile(r"/jupyter/api/kernels/[0-9a-f-]{36}/channels")
CLOSE = re.compile(r"/_solara/api/close/[0-9a-f-]{36}")
SPARE = 20
"""Connections beyond the visitors that have a place, for those that are told that the room is full."""
BURST, A_SECOND = 100, 30
"""Messages that one tab may send at once, and every second from then on; more of them wait."""
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
HEADERS = {
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


class Doorman:
    """An application in front of Solara's: serves its page, lets in what the page asks for, and nothing else.

    `files` is the folder of the page's scripts; `host` the address that the server listens at: one of this machine
    is asked for by a name of this machine, so that no other site's name can be made to point here.
    """

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], room: Room, files: Path, host: str,
                 lang: str | None) -> None:  # fmt: skip
        self.app, self.room, self.files, self.host, self.lang = app, room, files.resolve(), host, lang
        self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    # Pages and files

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if not self._is_host(scope):
            await self._page(refusal(self._lang(scope)), scope, send, 421)
        elif path == "/" and method in ("GET", "HEAD"):
            await self._open(scope, send)
        elif self._is_file(path, method) or (method == "POST" and CLOSE.fullmatch(path) and self._is_ours(scope)):
            await self.app(scope, receive, _with_headers(send, HEADERS))
        else:
            await self._page(refusal(self._lang(scope)), scope, send, 404)

    def _is_file(self, path: str, method: str) -> bool:
        """Whether it is a file of the page that is there: a missing one would be fetched from elsewhere."""
        if method not in ("GET", "HEAD"):
            return False
        if path.startswith(CDN):
            file = (self.files / path.removeprefix(CDN)).resolve()
            return file.is_relative_to(self.files) and file.is_file()
        return path == "/readyz" or path.startswith(FOLDERS) or SCRIPTS.fullmatch(path) is not None

    async def _open(self, scope: Scope, send: Send) -> None:
        """Send the page; a visitor whose browser prefers another language gets a link with that language."""
        lang, query = self._lang(scope), scope["query_string"].decode("latin-1")
        if len(query) >= LONGEST_PATH:
            await self._page(refusal(lang), scope, send, 414)
            return
        if lang != self._said(scope) and lang != self.room.usual.lang:
            await _answer(send, 302, b"", {"location": "/?" + "&".join(filter(None, (query, f"lang={lang}")))})
            return
        session = _cookies(scope).get(COOKIE) or str(uuid4())
        cookie = {"set-cookie": f"{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"}
        await self._page(shell(lang), scope, send, 200, cookie)

    async def _page(
        self, page: Shell, scope: Scope, send: Send, status: int, more: dict[str, str] | None = None
    ) -> None:
        headers = {
            "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "vary": "accept-language",
            "content-security-policy": page.policy,
        }  # fmt: skip
        body = b"" if scope["method"] == "HEAD" else page.html.encode()
        await _answer(send, status, body, headers | HEADERS | (more or {}))

    def _said(self, scope: Scope) -> str | None:
        """Return the language that the link asks for, if it does."""
        said = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        return said if said in CODES else None

    def _lang(self, scope: Scope) -> str:
        """Return the language of the link, else of the server, else the first that the browser knows of ours."""
        preferred = [part.split(";")[0].strip()[:2].lower() for part in _header(scope, "accept-language").split(",")]
        wished = next((code for code in preferred if code in CODES), View().lang)
        return self._said(scope) or self.lang or wished

    # Connections

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a page of ours in, and of its messages those that are allowed, at a pace that leaves others theirs."""
        known = SOCKET.fullmatch(scope["path"]) and self._is_host(scope) and self._is_ours(scope)
        session = parse_qs(scope["query_string"].decode("latin-1")).get("session_id")
        if not known or not session or self.open >= self.room.limits.visitors + SPARE:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        self.open += 1
        pace = Pace(BURST, A_SECOND)

        async def heard() -> MutableMapping[str, Any]:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                await asyncio.sleep(pace.wait())
                if is_allowed(message.get("text")):
                    return message

        async def told(message: MutableMapping[str, Any]) -> None:
            if is_for_browsers(message.get("text")):
                await send(message)

        try:
            await self.app(scope, heard, told)
        finally:
            self.open -= 1

    def _is_host(self, scope: Scope) -> bool:
        """Whether a server for this machine alone was asked for by a name of this machine."""
        return self.host not in HERE or urlsplit("//" + _header(scope, "host")).hostname in HERE

    @staticmethod
    def _is_ours(scope: Scope) -> bool:
        """Whether a page of this server asks, not one of another site."""
        host = _header(scope, "host")
        return bool(host) and urlsplit(_header(scope, "origin")).netloc == host


class Pace:
    """How long a sender must wait: `burst` messages at once, then `rate` a second."""

    def __init__(self, burst: int, rate: float) -> None:
        self._left, self._burst, self._rate = float(burst), burst, rate
        self._told = time.monotonic()

    def wait(self) -> float:
        """Count a message, and return the seconds to wait before it."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._told) * self._rate) - 1
        self._told = now
        return max(0.0, -self._left / self._rate)


def _header(scope: Scope, name: str) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name.encode()), "")


def _cookies(scope: Scope) -> dict[str, str]:
    try:
        return {name: it.value for name, it in SimpleCookie(_header(scope, "cookie")).items() if it.value.isalnum()
                or re.fullmatch(r"[\w-]{1,64}", it.value)}  # fmt: skip
    except CookieError:
        return {}


async def _answer(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    lines = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Send, headers: dict[str, str]) -> Send:
    """Return what sends an answer with these headers besides its own."""
    lines = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *lines]}
        await send(message)

    return sent
