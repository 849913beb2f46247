"""The keys of a service category: what each says, what is allowed, and what holds without it."""

from cosim.scenario.keys import Key, schema_keys
from cosim.scenario.places import Place
from cosim.scenario.supply import Category
from cosim.scenario.toml_text import write_value


def lines() -> str:
    """Return a table with a row for each key below `[categories.NAME]`."""
    head = "| key | what it says | allowed | unless it is given |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| `{key.name}` | {key.about['label']['en']} | {_allowed(key)} | {_usual(key)} |\n" for key in _keys())


def _keys() -> list[Key]:
    return list(schema_keys(Category))


def _allowed(key: Key) -> str:
    return Place.of(key.field).allowed()


def _usual(key: Key) -> str:
    return "needed" if key.field.is_required() else f"`{write_value(key.value)}`"
