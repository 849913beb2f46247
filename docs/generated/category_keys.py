"""The keys of a service category: what each says, what is allowed, and what holds without it."""

from cosim.scenario.keys import Key, schema_keys
from cosim.scenario.places import Place
from cosim.scenario.supply import Category
from cosim.scenario.toml_text import write_value
from generated import table


def lines() -> str:
    """Return a table with a row for each key below `[categories.NAME]`."""
    return table(("key", "what it says", "allowed", "unless it is given"), map(_row, schema_keys(Category)))


def _row(key: Key) -> tuple[str, ...]:
    usual = "needed" if key.field.is_required() else f"`{write_value(key.value)}`"
    return f"`{key.name}`", key.about["label"]["en"], Place.of(key.field).allowed(), usual
