"""The page docs/where_it_loses.md quotes what its commands print."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cosim import cli

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "where_it_loses.md").read_text(encoding="utf-8")
LEFT_OUT = "…"


def quoted() -> list[tuple[str, str]]:
    """Return every block of a trace on the page, with the last command before it."""
    pairs, command = [], ""
    for part in re.split(r"(```text\n.*?```)", PAGE, flags=re.DOTALL):
        if part.startswith("```text"):
            pairs.append((command, part.removeprefix("```text\n").removesuffix("```")))
        else:
            found = re.findall(r"`(cosim\s+trace\s[^`]*)`", part)
            command = " ".join(found[-1].split()) if found else command
    return pairs


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("command", "block"), quoted(), ids=[f"{n}" for n in range(len(quoted()))])
def test_a_trace_is_quoted_as_it_is_printed(command, block):
    told = CliRunner().invoke(cli.app, shlex.split(command)[1:], env={"COLUMNS": "100"})
    assert told.exit_code == 0
    printed = plain(told.stdout)
    pieces = [plain(piece) for piece in re.split(rf"{LEFT_OUT}|\n(?=month|  +\d)", block) if piece.strip()]
    assert pieces
    for piece in pieces:
        assert piece.strip(", ") in printed


def test_there_are_blocks_for_every_case():
    commands = {shlex.split(command)[2] for command, _ in quoted()}
    assert commands >= {"single_centre", "premortem_no_coordination", "premortem_partner_quits"}
