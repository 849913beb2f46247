"""Figures as SVG inside a page: with a title and a description, and without anything that reaches out of them."""

import re

from markupsafe import Markup, escape
from matplotlib.figure import Figure as Drawing

from cosim.display.style import as_bytes
from cosim.report.page.parts import Figure

FRONT = re.compile(r".*?<svg\b[^>]*?\bviewBox=\"(?P<box>[^\"]+)\"[^>]*>", re.DOTALL)
DROPPED = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
EMPTY = re.compile(r"<defs>\s*</defs>")
NAMED, USED = re.compile(r' id="([^"]+)"'), re.compile(r'xlink:href="#([^"]+)"|url\(#([^)]+)\)')
COURSE, DIGITS = re.compile(r' d="[^"]*"'), re.compile(r"(\.\d\d)\d+")
SPACE = re.compile(r"\s*\n\s*")


def inline(figure: Drawing, name: str, title: str, description: str) -> Figure:
    """Return a figure for a page; `name` sets its parts apart from those of other figures, `title` is its caption."""
    text = as_bytes(figure, "svg").decode()
    found = FRONT.match(text)
    assert found is not None, "Matplotlib writes an svg with a viewBox"
    body = EMPTY.sub("", DROPPED.sub("", text[found.end() :]))
    used = {one or other for one, other in USED.findall(body)}
    body = NAMED.sub(lambda it: f' id="{name}-{it[1]}"' if it[1] in used else "", body)
    body = USED.sub(lambda it: f'href="#{name}-{it[1]}"' if it[1] else f"url(#{name}-{it[2]})", body)
    body = SPACE.sub("\n", COURSE.sub(lambda it: DIGITS.sub(r"\1", it[0]), body))
    head = (
        f'<svg viewBox="{found["box"]}" role="img" aria-labelledby="{name}-title {name}-about" '
        f'stroke-linejoin="round" stroke-linecap="butt">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(description)}</desc>'
    )
    return Figure(Markup(head + body), title)
