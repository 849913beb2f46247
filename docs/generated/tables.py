"""The tables of results and exports with every column, as the dictionary of an export declares them."""

from collections.abc import Mapping

from cosim.export.dictionary import COMMON, OWN, TITLES
from cosim.study.tables import KEYS, Declared
from generated import table


def lines() -> str:
    """Return columns that stand in many tables, then those of each alone."""
    many = f"## In many tables\n\n{_columns({**KEYS, **COMMON})}"
    return "\n\n".join([many, *(f"## `{name}`\n\n{TITLES[name]}.\n\n{_columns(OWN.get(name, {}))}" for name in TITLES)])


def _columns(declared: Mapping[str, Declared]) -> str:
    if not declared:
        return "Columns of many tables, measures and factors alone."
    heads = ("column", "label", "中文", "unit", "meaning")
    return table(heads, [(f"`{it.name}`", it.en, it.zh, it.unit, _meaning(it)) for it in declared.values()])


def _meaning(it: Declared) -> str:
    return it.meaning + (f": {', '.join(map(str, it.words))}" if it.words else "")
