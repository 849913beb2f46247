"""The table of parameters: of every section, or of one (`taking_part`, `categories.*`)."""

from itertools import groupby

from cosim.report.parameters import Parameter, parameters
from generated import table


def lines(section: str | None = None) -> str:
    """Return a table for each section under its heading, or that of one section alone."""
    found = [it for it in parameters() if section in (None, it.section)]
    if not found:
        raise ValueError(f"no section {section!r}")
    parts = []
    for name, members in groupby(found, key=lambda it: it.section):
        heading = [] if section else [f"## `[{name}]`", ""]
        parts.append("\n".join([*heading, table(("key", "default", "unit, range", "how known"), map(_row, members))]))
    return "\n\n".join(parts)


def _row(it: Parameter) -> tuple[str, str, str, str]:
    price = f" **Lever**; costs {it.price}" if it.price else ""
    bounds = f", {it.bounds}" if it.bounds else ""
    default = f"`{it.default}`" if it.default else ""
    return f"`{it.name}`", default, it.unit + bounds, f"*{it.mark}*: {it.source}.{price}"
