"""The scenarios that come with cosim."""

import tomllib

from cosim.scenario import load_scenario, shipped_scenarios
from generated import table


def lines() -> str:
    """Return the table: name, title in both languages, and what the file itself says of it."""
    rows = []
    for name, path in shipped_scenarios().items():
        scenario = load_scenario(name)
        about = tomllib.loads(path.read_text(encoding="utf-8")).get("description", "")
        rows.append((f"[`{name}`](../../scenarios/{name}.toml)", scenario.title, scenario.title_zh, about))
    return table(("scenario", "title", "中文", "about it"), rows)


def value() -> str:
    """Return how many there are."""
    return str(len(shipped_scenarios()))
