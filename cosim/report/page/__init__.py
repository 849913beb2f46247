"""One page that says what a result means: HTML that holds all it shows, to be handed on or printed."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cosim.compare import Comparison, Summary
from cosim.compare.saved import Result
from cosim.language import Language, told
from cosim.report.page.comparison import comparison_page
from cosim.report.page.parts import Page
from cosim.report.page.run import run_page
from cosim.report.page.sweep import sweep_page
from cosim.study import OutputError
from cosim.version import VERSION

CODE = re.compile(r"`([^`]+)`")


def report(result: Result, said: Mapping[str, Any], say: Language) -> str:
    """Return the page about a result, as HTML; the same result gives the same text.

    `said` is what the study.json of the result's folder says. Raises OutputError if no run of it is finished.
    """
    if isinstance(result, Comparison | Summary):
        if not result.study.complete:
            raise OutputError(told("No replicate is finished in every scenario: there is nothing to report yet."))
        page = comparison_page(result, said, say) if isinstance(result, Comparison) else run_page(result, said, say)
    else:
        page = sweep_page(result, str(said.get("command", "")), say)
    return rendered(page, say)


def rendered(page: Page, say: Language) -> str:
    """Return a page as HTML."""
    environment = _environment()
    style, _, _ = environment.loader.get_source(environment, "style.css") if environment.loader else ("", "", "")
    template = environment.get_template("page.html.jinja")
    return template.render(page=page, say=say, style=Markup(style), version=VERSION)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cosim.report.page", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["tied"] = tied
    return environment


def tied(text: str) -> Markup:
    """Return a text escaped, with a number and its % on one line, and words in `` as code."""
    safe = str(escape(text)).replace(" %", "\u00a0%")
    return Markup(CODE.sub(r"<code>\1</code>", safe))
