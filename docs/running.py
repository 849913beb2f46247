"""Run the blocks of a page in an empty folder, and say what they print."""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import typer
from typer.testing import CliRunner

from blocks import ROOT, Block, PageError

WIDTH = 100
"""Columns of the terminal in which pages are made."""
SERVERS = ("dashboard",)
"""Commands that do not end: their options are read, no more."""
SHELL = re.compile(r"[|<>$*;&]")
"""What makes a line one for the shell."""
PROGRESS = re.compile(r" *\d+ %( of \d+ runs?\b|，共 \d+ 次模拟).*|(compiling, once|正在编译，仅此一次).*")
"""Lines that tell how far a command is."""
TIMES = re.compile(r"\d[\d,.]*(?= ?((s|ms|min|h|minutes?|seconds?|kB|MB|GB|runs/s)\b|秒|分钟|小时))")


class Session:
    """A reader who goes through one page: a folder, and the names that Python knows."""

    def __init__(self, folder: Path, blocks: list[Block]) -> None:
        self.folder = folder.resolve()
        self._blocks = blocks
        self._names: dict[str, Any] = {"__name__": "__main__"}
        pd.reset_option("^display")  # another page may have set some
        for result in sorted({*re.findall(r"\bresults/(\w+)", "".join(block.text for block in blocks))} - {"local"}):
            if (ROOT / "results" / result).is_dir():
                shutil.copytree(ROOT / "results" / result, folder / "results" / result)

    def run(self, block: Block) -> str:
        """Do what a block says, and return what it prints. Raises PageError."""
        if "not run" in block.marks:
            if block.language == "sh":
                _check_options(block)
            return ""
        if block.file:
            place = self.folder / block.file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(block.text, encoding="utf-8")
        with contextlib.chdir(self.folder), _terminal():
            if block.language == "sh":
                return self._shell(block)
            if block.language == "python" and not self._named_later(block):
                return self._python(block)
            if block.language == "toml":
                _check_toml(block)
        return ""

    def _named_later(self, block: Block) -> bool:
        """Whether a later command does something with the file that a block is."""
        later = self._blocks[self._blocks.index(block) + 1 :]
        return bool(block.file) and any(block.file in it.text for it in later if it.language in ("sh", "python"))

    def _shell(self, block: Block) -> str:
        said = []
        commands = list(_commands(block.text))
        for place, command in enumerate(commands):
            code, printed = _command(command, shlex.split(block.marks.get("smaller", "")), self.folder)
            said.append(printed)
            expected = int(block.marks.get("exits", "0")) if place == len(commands) - 1 else 0
            if code != expected:
                raise PageError(f"{block.place}: `{command}` exits with {code}, not {expected}:\n{printed}")
        return self._plain("".join(said))

    def _python(self, block: Block) -> str:
        code = compile("\n" * (block.first + 1) + block.text, str(block.page), "exec")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, self._names)
        return self._plain(printed.getvalue())

    def _plain(self, said: str) -> str:
        """Return what stays of what was said: no progress, no own folder, no empty lines at its ends."""
        lines = [line.rstrip() for line in said.splitlines() if not PROGRESS.fullmatch(line)]
        text = "\n".join(lines).strip("\n").replace(f"{self.folder}{os.sep}", "")
        return f"{text}\n" if text else ""


def shown(said: str, block: Block) -> str:
    """Return those lines of what was said that a `text` block shows."""
    if "shown" not in block.marks:
        return said
    lines, parts = said.splitlines(), []
    before = 0
    for first, last in (map(int, part.split("-")) for part in block.marks["shown"].split(",")):
        parts += ["…"] * (first > before + 1) + lines[first - 1 : last]
        before = last
    return "".join(f"{line}\n" for line in [*parts, *["…"] * (before < len(lines))])


def comparable(text: str, block: Block) -> str:
    """Return a text as it is compared: without the times that vary, where a block says so."""
    return TIMES.sub("…", text) if block.marks.get("varies") == "times" else text


def _commands(text: str) -> Iterator[str]:
    """Yield each command of a block: lines that end with a backslash joined, comments left out."""
    for line in text.replace("\\\n", " ").splitlines():
        command = re.sub(r"(^|\s)#.*", "", line).strip()
        if command:
            yield command


def _command(command: str, smaller: list[str], folder: Path) -> tuple[int, str]:
    """Run one command; return its exit code and what it printed."""
    words = shlex.split(command)
    if words[0] == "cosim" and not SHELL.search(command):
        return _cosim(words[1:], smaller)
    shims = folder / ".shims"
    shims.mkdir(exist_ok=True)
    for name, said in (("python", sys.executable), ("cosim", f"{sys.executable} -m cosim")):
        (shims / name).write_text(f'#!/bin/sh\nexec {said} "$@"\n')
        (shims / name).chmod(0o755)
    paths = {"PATH": f"{shims}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           encoding="utf-8", env=os.environ | paths, timeout=600, check=False)  # fmt: skip
    return ended.returncode, ended.stdout


def _cosim(words: list[str], smaller: list[str]) -> tuple[int, str]:
    """Run `cosim` in this process, with one process of its own and with smaller options where it knows them."""
    from cosim.cli import app

    command, at = _parsed(words)
    if command is not None:
        if words[at] in SERVERS:
            command.make_context(words[at], words[at + 1 :])
            return 0, ""
        known = {name for option in command.params for name in option.opts}
        extra = ["--jobs", "1"] if "--jobs" in known and not {"--jobs", "-j"} & set(words) else []
        for name, value in zip(smaller[::2], smaller[1::2], strict=True):
            extra += [name, value] if name in known else []
        words = [*words, *extra]
    ended = CliRunner().invoke(app, words, prog_name="cosim")
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.exit_code, ended.output


def _parsed(words: list[str]) -> "tuple[typer.core.TyperCommand | None, int]":
    """Return the command among the words and its place; none where only `cosim` itself is asked."""
    from cosim.cli import app

    commands = typer.main.get_command(app).commands
    at = next((place for place, word in enumerate(words) if word in commands), -1)
    return commands[words[at]] if at >= 0 else None, at


def _check_options(block: Block) -> None:
    """Check that commands which are not run have the options that are given. Raises PageError."""
    for line in _commands(block.text):
        words = shlex.split(line)
        if words[0] == "cosim" and not SHELL.search(line):
            command, at = _parsed(words)
            try:
                if command is not None:
                    command.make_context(words[at], words[at + 1 :])
            except Exception as error:
                raise PageError(f"{block.place}: `{line}`: {error}") from error


def _check_toml(block: Block) -> None:
    """Check that a block is an experiment, a scenario, or a part of one. Raises ScenarioError."""
    import tomllib

    from cosim.scenario import load_scenario
    from cosim.study.experiment import load_experiment

    tree = tomllib.loads(block.text)
    whole = "extends" in tree or "scenarios" in tree
    checked = Path("block_of_this_page.toml")
    checked.write_text(block.text if whole else f'extends = "ly"\n{block.text}', encoding="utf-8")
    try:
        (load_experiment if "scenarios" in tree else load_scenario)(checked)
    finally:
        checked.unlink()


@contextlib.contextmanager
def _terminal() -> Iterator[None]:
    """Let everything be as wide, and as colourless, as pages are."""
    wanted = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "TERM": "dumb", "COSIM_LANG": "en"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
