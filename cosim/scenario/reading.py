"""Find a scenario's file and the files that it extends, and read them."""

import codecs
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from cosim.language import told
from cosim.scenario import toml_text
from cosim.scenario.errors import Problem, Refusal, ScenarioError, closest, did_you_mean

POPULATION_FILES = ("from", "households_from", "ties_from")
"""Keys of `[population]` that name a file."""
LONGEST_CHAIN = 8
"""Largest number of files of which each extends the next."""
LONGEST_SHOWN = 100
"""Number of characters of a parent's name that a message repeats."""
IN_UTF8 = told("text in UTF-8")
SAVE_AS_UTF8 = told("save the file as UTF-8: an editor offers that under “Save as”, “Encoding”")


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
    return {path.stem: path for path in sorted(shipped_folder("scenarios").glob("*.toml"))}


def shipped_folder(name: str) -> Path:
    """Return a folder or file that comes with cosim: in the package, or beside it in a clone.

    These are "scenarios", "experiments", "results", of which some are shipped, and "CITATION.cff".
    """
    package = Path(__file__).resolve().parents[1]
    return (package / "shipped" if (package / "shipped").is_dir() else package.parent) / name


def read_chain(source: str | Path) -> tuple[str, list[Layer]]:
    """Return a scenario's name and its layers, the furthest parent first.

    `source` is the path of a TOML file or the name of a shipped scenario. Raises ScenarioError.
    """
    path = find_file(source, shipped_scenarios(), "scenario")
    return path.stem, _chain(path)


def chain_of_text(text: str, file: str) -> list[Layer]:
    """Return the layers of a text that extends shipped scenarios alone; `file` is what it is called in a message.

    Raises ScenarioError.
    """
    layer = _with_content(toml_layer(text, file))
    return [*(_chain(find_parent(None, layer)) if "extends" in layer.tree else ()), layer]


def _chain(path: Path) -> list[Layer]:
    """Return the layers of a file, the furthest parent first."""
    chain, layers = [path], [_read(path)]
    while "extends" in layers[0].tree:
        path = find_parent(path, layers[0])
        chain.append(path)
        _check_chain(chain, layers[0])
        layers.insert(0, _read(path))
    return layers


def frozen(value: Any) -> Any:
    """Return a copy of tables and lists in which every list is a tuple, and NumPy's numbers are Python's."""
    if isinstance(value, dict):
        return {key: frozen(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return tuple(frozen(part) for part in value)
    if isinstance(value, Real) and not isinstance(value, bool | int | float):
        return int(value) if isinstance(value, Integral) else float(value)
    return value


def find_file(source: str | Path, shipped: Mapping[str, Path], what: str) -> Path:
    """Return the file that the user named, one of `shipped` or another. Raises ScenarioError.

    `what` says what is in it, "scenario" or "experiment".
    """
    text = str(source)
    if isinstance(source, str) and text in shipped:
        return shipped[text]
    path = Path(source)
    if os.path.isfile(path):
        return path
    folder = path if os.path.isdir(path) else path.parent
    beside = sorted(folder.glob("*.toml")) if os.path.isdir(folder) else []
    if folder == path:
        names_beside = ", ".join(file.name for file in beside)
        hint = told("name a file in it: {files}", files=names_beside) if beside else ""
        raise _refused(told("this is a folder, not a file"), hint=hint, file=text or ".")
    if os.path.exists(path):
        raise _refused(told("this is not an ordinary file"), file=text)
    names = {name: name for name in shipped} | {file.stem: str(file) for file in beside if file != path}
    near = closest(path.stem, names)
    raise _refused(
        told("there is no such file and no such shipped {what}", what=told(what)),
        told("the path of a TOML file, or one of {names}", names=", ".join(shipped)),
        told("did you mean '{name}'?", name=names[near]) if near else "",
        file=text,
    )


def find_parent(child: Path | None, layer: Layer) -> Path:
    """Return the file that a layer extends: the one beside it, else the shipped one.

    `child` is the layer's own file; nothing stands beside a layer without one. Raises ScenarioError.
    """
    given = layer.tree["extends"]
    shown = given[:LONGEST_SHOWN] if isinstance(given, str) else ""
    name = given.removesuffix(".toml") if isinstance(given, str) else ""
    beside = [file for file in sorted(child.parent.glob("*.toml")) if file.is_file()] if child else []
    known = shipped_scenarios() | {file.stem: file for file in beside}
    if name in known:
        return known[name]
    if not name:
        message = told("this is not the name of a scenario")
    elif not re.search(r"[/\\]|^\.", name):
        message = told("there is no scenario '{name}'", name=shown)
    elif child:
        message = told("'{name}' leads out of the folder of the file", name=shown)
    else:
        message = told("'{name}' is the path of a file, which cannot be extended here", name=shown)
    shipped = ", ".join(shipped_scenarios())
    if child:
        allowed = told("a file in the same folder, or a shipped scenario: {names}", names=shipped)
    else:
        allowed = told("a shipped scenario: {names}", names=shipped)
    others = [other for other in known if child is None or other != child.stem]
    hint = did_you_mean(re.split(r"[/\\]", name)[-1], others)
    raise ScenarioError([layer.problem(Refusal("extends", message, allowed, hint))])


def _check_chain(chain: list[Path], layer: Layer) -> None:
    """Refuse a circle and a chain that is too long; `layer` names the last file of the chain."""
    names = " → ".join(path.stem for path in chain)
    if chain[-1].resolve() in [path.resolve() for path in chain[:-1]]:
        refusal = Refusal("extends", told("the files extend each other in a circle: {chain}", chain=names))
    elif len(chain) > LONGEST_CHAIN:
        message = told("the chain of files is too long: {chain}", chain=names)
        refusal = Refusal("extends", message, told("at most {most} files", most=LONGEST_CHAIN))
    else:
        return
    raise ScenarioError([layer.problem(refusal)])


def _read(path: Path) -> Layer:
    """Read one file."""
    shipped = path in shipped_scenarios().values()
    layer = read_toml(path, told("{file} (shipped)", file=path.name) if shipped else str(path))
    return replace(layer, tree=with_full_paths(_with_content(layer).tree, path.parent))


def _with_content(layer: Layer) -> Layer:
    """Refuse a layer that says nothing."""
    if layer.tree:
        return layer
    hint = told('start it with: extends = "ly"')
    raise _refused(told("nothing is set in this file"), hint=hint, file=layer.file)


def read_toml(path: Path, file: str) -> Layer:
    """Return what a TOML file says; `file` is what it is called in a message. Raises ScenarioError."""
    return toml_layer(read_text(path, file), file)


def toml_layer(text: str, file: str) -> Layer:
    """Return what a TOML text says; `file` is what it is called in a message. Raises ScenarioError."""
    try:
        return Layer(file, frozen(toml_text.parse(text)), text)
    except tomllib.TOMLDecodeError as error:
        line, message, hint = toml_text.explain_syntax(text, error)
        raise _refused(message, hint=hint, file=file, line=line) from None
    except toml_text.TooMuch as error:
        raise _refused(error.message, file=file) from None


def with_full_paths(tree: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a layer's tables with the full paths of the files that it names as seen from `folder`.

    They are other files than those of a layer below, whose digest does not hold for them, nor do names of the people
    who are drawn there.
    """
    population = tree.get("population")
    if not isinstance(population, dict) or not population.keys() & set(POPULATION_FILES):
        return tree
    named = {key: population[key] for key in POPULATION_FILES if isinstance(population.get(key), str)}
    full = {key: os.path.abspath(folder / name) if name else "" for key, name in named.items()}
    nameless = {"names": ()} if full.get("from") else {}
    return {**tree, "population": {"digest": "", **nameless, **population, **full}}


def read_text(path: Path, file: str) -> str:
    """Return the text of a file; `file` is what it is called in a message. Raises ScenarioError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(told("the file cannot be read: {reason}", reason=error.strerror), file=file) from None
    return decoded(content, file)


def decoded(content: bytes, file: str) -> str:
    """Return a text in UTF-8, with or without a byte order mark, its lines ending in a line feed.

    `file` is what it is called in a message. Raises ScenarioError.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        raise _refused(told("this is UTF-16 or not a text at all"), IN_UTF8, SAVE_AS_UTF8, file=file)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(told("this is not UTF-8"), IN_UTF8, SAVE_AS_UTF8, file=file, line=line) from None


def _refused(
    message: str, allowed: str = "", hint: str = "", file: str = "", line: int | None = None
) -> ScenarioError:
    return ScenarioError([Problem(file=file, line=line, message=message, allowed=allowed, hint=hint)])
