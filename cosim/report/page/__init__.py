"""One page that says what a result means: HTML that holds all it shows, to be handed on or printed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cosim.compare import Comparison, Summary
from cosim.compare.saved import Result
from cosim.language import Language
from cosim.report.page.comparison import comparison_page
from cosim.report.page.parts import Page
from cosim.report.page.run import run_page
from cosim.report.page.sweep import sweep_page
from cosim.study import OutputError
from cosim.version import VERSION


def report(result: Result, said: Mapping[str, Any], say: Language) -> str:
    """Return the page about a result, as HTML; the same result gives the same text.

    `said` is what the study.json of the result's folder says. Raises OutputError if no run of it is finished.
    """
    if isinstance(result, Comparison | Summary):
        if not result.study.complete:
            raise OutputError("No replicate is finished in every scenario: there is nothing to report yet.")
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
    loader = PackageLoader("cosim.report.page", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
