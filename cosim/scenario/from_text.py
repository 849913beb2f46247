"""A scenario from a text that a stranger gives: it may make this machine neither read files nor work for long."""

import re
from collections.abc import Iterator, Mapping, Sized

from cosim.language import told
from cosim.scenario.errors import Problem, Refusal, ScenarioError
from cosim.scenario.loader import scenario_of
from cosim.scenario.overrides import override_layer
from cosim.scenario.reading import POPULATION_FILES, Layer, chain_of_text, decoded
from cosim.scenario.schema import Scenario

LARGEST_TEXT = 100_000
"""Number of bytes of a scenario's text in UTF-8."""
LONGEST_NAME = 100
"""Number of characters of a scenario's name that are kept."""
MOST_PARTS = {"categories": 100, "supply": 100, "changes": 240, "shocks": 240}
"""Number of parts that a text may give each of these."""


def scenario_from_text(
    text: str | bytes, name: str, overrides: Mapping[str, object] | None = None
) -> Scenario:
    """Return the scenario of a TOML text, as `load_scenario` does that of a file, with the same messages.

    `name` is that of the file it came in, or any other; without folders and ".toml" it is the scenario's. The text
    may extend shipped scenarios alone, and neither it nor `overrides` may name files of people, and it is at most
    `LARGEST_TEXT` long. Raises ScenarioError, which names every problem with its line.
    """
    file = re.split(r"[/\\]", name)[-1][:LONGEST_NAME] or "text"
    files = chain_of_text(decoded(_content(text, file), file), file)
    said = [files[-1], override_layer(overrides or {})]
    problems = [layer.problem(fault) for layer in said for fault in _faults(layer)]
    if problems:
        raise ScenarioError(problems)
    return scenario_of(file.removesuffix(".toml") or file, files, overrides or {})


def _content(text: str | bytes, file: str) -> bytes:
    """Return the text as bytes. Raises ScenarioError if it is too long."""
    if len(text) <= LARGEST_TEXT:
        content = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        if len(content) <= LARGEST_TEXT:
            return content
    allowed = told("at most {most:_} bytes", most=LARGEST_TEXT)
    hint = told("leave out what is as in a shipped scenario, and extend it")
    raise ScenarioError([Problem(file=file, message=told("this text is too long"), allowed=allowed, hint=hint)])


def _faults(layer: Layer) -> Iterator[Refusal]:
    """Refuse what only an author on this machine may say."""
    population = layer.tree.get("population")
    for key in (*POPULATION_FILES, "digest"):
        if isinstance(population, Mapping) and population.get(key, "") != "":
            message = told("a community from files cannot be given here")
            hint = told("delete this key; cosim on your own machine reads such files")
            yield Refusal(f"population.{key}", message, hint=hint)
    for key, most in MOST_PARTS.items():
        parts = layer.tree.get(key)
        if isinstance(parts, Sized) and not isinstance(parts, str) and len(parts) > most:
            message = told("there are {count:_} of these", count=len(parts))
            yield Refusal(key, message, told("at most {most:_}", most=most))
