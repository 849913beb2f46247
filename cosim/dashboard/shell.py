"""The HTML that a tab begins with: Solara's, in a visitor's language, and without its own words."""

import base64
import hashlib
import re
from functools import cache
from html import escape
from typing import NamedTuple

from cosim.language import CODES, language

TAGS = {"en": "en", "zh": "zh-Hans"}
"""What HTML calls the languages."""


class ShellError(RuntimeError):
    """Raised where Solara's page is not built as this module expects."""


class Shell(NamedTuple):
    """A page, and the policy that says what it may load and run."""

    html: str
    policy: str


@cache
def shell(lang: str) -> Shell:
    """Return the page in a language. Raises ShellError for a version of Solara that builds its page otherwise."""
    from solara.server import server

    html = server.read_root("/") or ""
    changes = {
        r"<html>": f'<html lang="{TAGS[lang]}">',
        r'<meta name="viewport"[^>]*>': '<meta name="viewport" content="width=device-width, initial-scale=1">',
        r'<link rel="icon" type="image/png"[^>]*>': '<link rel="icon" href="data:,">',
        r'<link rel="icon" type="image/svg\+xml"[^>]*>': "",
        r'(<script type="x-template" id="vue-app-template"[^>]*>).*?</script>': _template(),
    }
    for pattern, made in changes.items():
        html, times = re.subn(pattern, lambda found, made=made: made, html, count=1, flags=re.DOTALL)  # type: ignore[misc]
        if not times:
            raise ShellError(f"Solara's page has no {pattern}; cosim knows that of versions 1.44 to 1.64")
    return Shell(html, _policy(html))


def refusal(lang: str) -> Shell:
    """Return the page for an address at which there is nothing."""
    say = language(lang)
    words, back = say("There is no such page here."), say("To the dashboard")
    html = (
        f'<!doctype html><html lang="{TAGS[lang]}"><meta charset="utf-8"><title>cosim</title>'
        f'<p>{escape(words)} <a href="/">{escape(back)}</a></p></html>'
    )
    return Shell(html, _policy(html))


def _policy(html: str) -> str:
    """Allow what comes from this server, and the scripts in the page by their hash; Vue compiles templates."""
    scripts = re.findall(r"<script(?![^>]*\b(?:src|id)=)[^>]*>(.*?)</script>", html, flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(it.encode()).digest()).decode() for it in scripts]
    known = " ".join(f"'sha256-{it}'" for it in hashes)
    return "; ".join([
        "default-src 'none'", f"script-src 'self' 'unsafe-eval' {known}".rstrip(), "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'",
    ])  # fmt: skip


def _template() -> str:
    """Return the frame around the page: what is said while it opens, and when the server does not answer.

    Every sentence stands there in each language, since a visitor may choose another one; `style.css` shows one.
    """
    return f"""<script type="x-template" id="vue-app-template" style="display: none">
    <v-app :key="forceUpdateTrigger">
        <div v-if="needsRefresh" class="shell" role="alert">{_in_all("gone")}
            <button type="button" id="reload" @click="reload()">{_in_all("reload")}</button></div>
        <div v-else-if="wasConnected && connectionStatus != 'connected'" class="shell"
             role="status">{_in_all("lost")}</div>
        <div v-if="loading" class="shell opening" role="status">{_in_all("opening")}</div>
        <div v-else>
            <jupyter-widget-mount-point v-if="!remounting" :key="remountKey" mount-id="solara-main">
            </jupyter-widget-mount-point>
        </div>
    </v-app>
</script>
<style>
.shell {{ position: fixed; z-index: 1000; top: 0; left: 0; right: 0; padding: .6rem 1rem; background: #fff4e5;
  border-bottom: .3rem solid #d55e00; color: #1d1d1d; font: 1.1rem/1.4 system-ui, sans-serif; text-align: center; }}
.shell.opening {{ top: 40%; background: none; border: 0; }}
.shell button {{ font: inherit; padding: .1rem .8rem; border: 1px solid #555; border-radius: .3rem; background: #fff; }}
html[lang=en] .shell [lang=zh-Hans], html[lang=zh-Hans] .shell [lang=en] {{ display: none; }}
</style>"""


def _in_all(what: str) -> str:
    """Return a sentence in every language."""
    return "".join(f'<span lang="{TAGS[code]}">{escape(_words(code)[what])}</span>' for code in CODES)


def _words(code: str) -> dict[str, str]:
    say = language(code)
    return {
        "opening": say("The dashboard is opening …"),
        "lost": say("The connection is lost. It goes on as soon as the server answers."),
        "gone": say("The server no longer knows this page. Its link brings back the same view."),
        "reload": say("Open it again"),
    }  # fmt: skip
