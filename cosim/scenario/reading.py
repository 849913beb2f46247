"""Find a scenario's file and the files that it extends, and read them."""

import codecs
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cosim.scenario import toml_text
from cosim.scenario.errors import Problem, Refusal, ScenarioError, did_you_mean

LONGEST_CHAIN = 8
"""Largest number of files of which each extends the next."""
SAVE_AS_UTF8 = "save the file as UTF-8: an editor offers that under “Save as”, “Encoding”"


@dataclass(frozen=True)
class Layer:
    """What one file, or the command line, says about a scenario."""

    file: str
    """The file as the user knows it, or `--set`."""
    tree: dict[str, Any]
    """Its tables; lists as tuples."""
    text: str = ""
    """The text of the file."""

    @cached_property
    def lines(self) -> dict[toml_text.Path, int]:
        """The line of every key."""
        return toml_text.key_lines(self.text)

    def depth(self, path: Sequence[str]) -> int:
        """Return how much of a key stands in this layer: 1 for its first table alone, 0 for nothing."""
        tree: Any = self.tree
        for depth, part in enumerate(path):
            if not isinstance(tree, dict) or part not in tree:
                return depth
            tree = tree[part]
        return len(path)

    def problem(self, refusal: Refusal) -> Problem:
        """Return a refusal with its place in this layer."""
        path = tuple(refusal.key.split("."))
        return Problem(
            file=self.file,
            line=self.lines.get(path[: self.depth(path)]),
            key=refusal.key,
            message=refusal.message,
            allowed=refusal.allowed,
            hint=refusal.hint,
        )


def shipped_scenarios() -> dict[str, Path]:
    """Return the scenarios that come with cosim: their names and their files."""
    package = Path(__file__).resolve().parents[1]
    folder = package / "shipped" if (package / "shipped").is_dir() else package.parent / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def read_chain(source: str | Path) -> tuple[str, list[Layer]]:
    """Return a scenario's name and its layers, the furthest parent first. Raises ScenarioError."""
    path = _find(source)
    chain, layers = [path], [_read(path, source)]
    while "extends" in layers[0].tree:
        parent = _find_parent(layers[0], chain)
        chain.append(parent)
        layers.insert(0, _read(parent, parent))
    return chain[0].stem, layers


def frozen(value: Any) -> Any:
    """Return a copy of TOML's tables and lists in which every list is a tuple."""
    if isinstance(value, dict):
        return {key: frozen(part) for key, part in value.items()}
    return tuple(frozen(part) for part in value) if isinstance(value, list | tuple) else value
