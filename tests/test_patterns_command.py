"""The command `cosim patterns`: what it prints and writes, and what it says of bad input."""

import csv
import io
import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cosim import cli
from cosim.patterns import asking, find_patterns
from cosim.report import patterns as report
from cosim.study import OutputError, WorkersDied, running

GOOD = (Path(__file__).parent / "patterns_of_a_user.py").read_text(encoding="utf-8")
FEW = ["--set", "population.residents=60", "--set", "population.households=24", "--set", "population.buildings=3"]


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    """Give every command in an empty folder, with everything compiled."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: True)
    monkeypatch.setattr(running, "is_warm", lambda: True)


@pytest.fixture
def mine() -> Path:
    """Return a file with two patterns, one that holds and one that fails."""
    Path("mine.py").write_text(GOOD, encoding="utf-8")
    return Path("mine.py")


def command(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["patterns", "--jobs", "1", *words])


def refused(*words: str) -> str:
    """Return what a command with bad input says in one paragraph, having made sure that it did nothing else."""
    before = sorted(Path().rglob("*"))
    result = command(*words)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert sorted(Path().rglob("*")) == before
    return " ".join(result.stderr.split())


def written(text: str, name: str = "bad.py") -> str:
    """Write a user's file: `text` below what every pattern needs."""
    head = GOOD[: GOOD.index("HOLDS")]
    Path(name).write_text(head + text, encoding="utf-8")
    return name


def line_with(name: str, text: str) -> int:
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


# What it prints and writes


def test_a_users_file_gives_a_table_and_a_fail_is_no_error(mine):
    result = command("mine.py", "--replicates", "5")
    assert result.exit_code == 0, result.stderr
    words = " ".join(result.stdout.split())
    assert "Verification: does the code do what the form says" in words
    assert "holds Pattern holds 5 to 20 12.0 5 pass" in words
    assert "at least 2" in words
    assert "Verification: 1 pass, 1 fail, of 2" in words
    assert result.stdout.endswith("\ncosim patterns mine.py --replicates 5 --seed 1\n")
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert [path.name for path in Path().iterdir()] == ["mine.py"]


def test_calibration_stands_apart_and_too_few_replicates_are_undecided():
    result = command("C1", "c3", "-r", "2", *FEW)
    assert result.exit_code == 0, result.stderr
    words = " ".join(result.stdout.split())
    assert words.startswith("Calibration: used to choose parameters, so no evidence")
    assert "Calibration (no evidence): 2 undecided, of 2" in words
    assert "undecided: C1, C3: 2 replicates; there is no verdict below 5, ask for --replicates 5 or more" in words


def test_json_is_strict_and_its_command_finds_the_same_again(mine):
    first = command("mine.py", "C2", "--format", "json", "-r", "5", "--seed", "4", "--set", "study.months=60", *FEW)
    assert first.exit_code == 0, first.stderr

    def no_constant(name: str) -> None:
        raise AssertionError(name)

    records = json.loads(first.stdout, parse_constant=no_constant)
    assert [record["id"] for record in records] == ["holds", "fails", "C2"]
    assert [record["kind"] for record in records] == ["verification", "verification", "calibration"]
    wanted = {"id", "kind", "verdict", "value", "criterion", "low", "high", "n", "title", "title_zh", "observed",
              "source", "mark", "command", "criteria"}  # fmt: skip
    assert all(wanted <= set(record) for record in records)
    of_each = {"name", "value", "low", "high", "bounds", "n", "verdict"}
    assert all(of_each <= set(record["criteria"][0]) for record in records)
    for record in records:
        words = shlex.split(record["command"])
        assert words[:2] == ["cosim", "patterns"]
        again = json.loads(command(*words[2:], "--format", "json").stdout)
        assert record in again


def test_nothing_to_read_is_null_in_json(mine):
    name = written("HOLDS = pattern('empty', Criterion('x', lambda it: it['village']['residents'] * float('nan'), 1))")
    (record,) = json.loads(command(name, "-r", "5", "--format", "json").stdout)
    assert (record["value"], record["low"], record["n"], record["verdict"]) == (None, None, 0, "undecided")
    assert record["reason"] == "there was nothing to read in any of 5 replicates"
    text = command(name, "-r", "5").stdout
    assert "0 of 5" in text


def test_a_folder_holds_table_json_and_figure_and_is_replaced(mine):
    for times in (5, 6):
        result = command("mine.py", "-r", str(times), "-o", "found")
        assert result.exit_code == 0
        assert f"results: {Path('found').resolve()}\n" in result.stderr
    place = Path("found")
    files = ["figure.png", "patterns.csv", "patterns.json"]
    assert sorted(path.name for path in place.iterdir()) == [*files, "study.json"]
    assert (place / "figure.png").read_bytes().startswith(b"\x89PNG")
    records = json.loads((place / "patterns.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO((place / "patterns.csv").read_text(encoding="utf-8"))))
    assert [(row["id"], row["n"], row["verdict"]) for row in rows] == [("holds", "6", "pass"), ("fails", "6", "fail")]
    assert [float(row["value"]) for row in rows] == [record["value"] for record in records]
    said = json.loads((place / "study.json").read_text(encoding="utf-8"))
    assert said["patterns"] == ["holds", "fails"]
    assert said["files"] == files


def test_what_a_users_file_prints_does_not_stand_in_the_json(mine):
    mine.write_text(f"print('running')\n{GOOD.replace('last = ', 'print(1 / 3); last = ')}", encoding="utf-8")
    result = command("mine.py", "-r", "2", "--format", "json")
    assert [record["id"] for record in json.loads(result.stdout)] == ["holds", "fails"]
    assert "running\n" in result.stderr
    assert "0.3333" in result.stderr


def test_a_pattern_with_more_criteria_has_a_line_for_each():
    name = written(
        "x = lambda it: it['village']['residents']\n"
        "BOTH = pattern('both', Criterion('few', x, high=20), Criterion('many', lambda it: x(it) > 12, low=0.5))\n"
        "ONE = pattern('one', Criterion('head count', x, low=5))\n"
    )
    text = command(name, "-r", "5").stdout
    words = " ".join(text.split())
    assert "both Pattern both undecided seen – few at most 20 12.0 5 pass" in words
    assert "– many at least 0.5 0.000 5 undecided 0.000 to 0.522" in words
    assert "one Pattern one at least 5 12.0 5 pass – head count" in words
    assert "undecided: both (many): 5 replicates; this share can pass from 6 on" in words


def test_compiling_is_announced_and_ctrl_c_ends_with_2(mine, monkeypatch):
    def press(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: False)
    monkeypatch.setattr(asking, "read", press)
    result = command("mine.py")
    assert result.exit_code == 2
    assert result.stderr == "compiling, once (about half a minute)\nstopped by Ctrl-C\n"


def test_all_patterns_but_those_that_make_no_sense():
    result = command("-r", "1", *FEW, "--set", "study.months=50")
    assert "C1 is left out, as it makes no sense here: it takes 60 months, and there are 50\n" in result.stderr


def test_if_none_is_left_that_is_bad_input(monkeypatch):
    monkeypatch.setattr("cosim.patterns.find_patterns", lambda names: find_patterns(["C1", "V3"]))
    assert "no pattern is left; leave a --set out" in refused(*FEW, "--set", "study.months=3")


# Bad input


def test_an_unknown_name():
    text = refused("C9x", "C1")
    assert "C9x there is no such pattern allowed: C1, C2" in text
    assert "or a Python file that holds a Pattern" in text
    assert "did you mean 'C1'?" in refused("CC1")


def test_an_unknown_key():
    text = refused("C1", "--set", "population.resident=60")
    assert "--set: population.resident there is no key 'resident' here allowed:" in text
    assert "did you mean 'residents'?" in text
    assert text == refused("--set", "population.resident=60")
    assert "this key is set twice" in refused("C1", "--set", "study.months=60", "--set", "study.months=61")


def test_a_setting_under_which_a_pattern_makes_no_sense():
    text = refused("C1", "--set", "study.months=12")
    assert text == (
        "--set: C1 makes no sense here: it takes 60 months, and there are 12 "
        "ask for other patterns, or leave this setting as it is"
    )


@pytest.mark.parametrize("words", [["-r", "0"], ["--seed", "-1"], ["--jobs", "0"], ["--format", "xml"]])
def test_options_that_make_no_sense_are_named(words):
    assert {"-r": "--replicates"}.get(words[0], words[0]) in refused("C1", *words)


def test_files_that_are_none(tmp_path):
    assert "nowhere.py this file cannot be read: no such file or directory" in refused("nowhere.py")
    Path("folder.py").mkdir()
    assert "folder.py this file cannot be read: is a directory" in refused("folder.py")
    written("")
    assert "bad.py this file defines no pattern at its top level: PATTERN = Pattern(id=…)" in refused("bad.py")
    written("from cosim.patterns import shipped_patterns\nC1 = shipped_patterns()[0]\n")
    assert "this file defines no pattern" in refused("bad.py")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 / 0  # HERE", "ZeroDivisionError: division by zero"),
        ("def HERE(:", "SyntaxError: invalid syntax"),
        ("raise SystemExit('over')  # HERE", "SystemExit: over"),
        ("pattern('x', Criterion('x', len, 2, 1))  # HERE", "criterion 'x': low (2) must not be above high (1)"),
        ("replace(pattern('x', Criterion('x', len, 1)), criteria=())  # HERE", "pattern 'x': criteria must be a tuple"),
        ("open('nothing.csv')  # HERE", "FileNotFoundError: "),
    ],
)
def test_a_file_that_does_not_run_is_told_by_line(text, said):
    name = written(f"from dataclasses import replace\n{text}")
    told = refused(name)
    assert f"bad.py, line {line_with(name, 'HERE')} this file does not run: " in told
    assert said in told


def test_ids_that_are_taken(mine):
    one = "pattern('{}', Criterion('x', len, low=1))\n"
    written("A = " + one.format("twice") + "B = " + one.format("Twice"))
    assert "bad.py bad.py has a pattern 'Twice' already give this one an id of its own" in refused("bad.py")
    written("A = " + one.format("c1"))
    assert "bad.py the catalogue of cosim has a pattern 'c1' already" in refused("bad.py")
    written("A = " + one.format("holds"))
    assert "bad.py mine.py has a pattern 'holds' already" in refused("mine.py", "bad.py")


def test_a_file_that_was_mended_is_run_again(mine):
    written("")
    refused("bad.py")
    written(GOOD[GOOD.index("HOLDS") :])
    assert command("bad.py", "-r", "1").exit_code == 0


@pytest.mark.parametrize(
    ("arm", "said"),
    [
        ("Arm('vilage')", "bad.py: x, arm 'there': vilage"),
        ("Arm('village', {'study.month': 3})", "bad.py: x, arm 'there': study.month there is no key 'month'"),
    ],
)
def test_an_arm_that_cannot_be(arm, said):
    written(f"A = pattern('x', Criterion('x', len, low=1), arms={{'there': {arm}}})")
    assert said in refused("bad.py")


def test_a_setting_is_not_blamed_on_the_arm(mine):
    assert refused("mine.py", "--set", "study.month=3").startswith("--set: study.month there is no key 'month' here")


def test_a_function_senseless_that_fails():
    written("A = pattern('x', Criterion('x', len, low=1), senseless=lambda scenario: scenario.nothing)  # HERE")
    text = refused("bad.py")
    assert "bad.py: x its function `senseless` failed: AttributeError: " in text
    assert f"(bad.py, line {line_with('bad.py', 'HERE')})" in text


def test_an_output_that_cannot_be_is_refused_before_anything_runs(mine, monkeypatch):
    monkeypatch.setattr(asking, "read", None)
    Path("taken").write_text("mine")
    assert "taken is a file. Results need a folder" in refused("mine.py", "-o", "taken")
    Path("other").mkdir()
    Path("other", "notes.txt").write_text("mine")
    assert "is not a result folder of cosim" in refused("mine.py", "-o", "other")


# Things that go wrong on the way


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    return {'x': 1 / 0}  # HERE", "ZeroDivisionError: division by zero (bad.py, line {})"),
        ("    return community.months['nothing']  # HERE", "KeyError: 'nothing' (bad.py, line {})"),
        ("    raise SystemExit(3)  # HERE", "SystemExit: 3 (bad.py, line {})"),
        ("    return []", "read must return names and numbers, such as {{'turnout': 0.5}}, not [] (bad.py, line {})"),
        ("    return {'x': 'many'}", "read returned 'many' for 'x', which is no number (bad.py, line {})"),
        ("    return {'x': None}", "read returned None for 'x', which is no number (bad.py, line {})"),
    ],
)
def test_a_read_that_fails_is_a_failed_run_with_its_line(body, said):
    name = written(f"def bad(community):  # def\n{body}\nA = pattern('x', Criterion('x', len, low=1), read=bad)\n")
    result = command(name, "-r", "2")
    line = line_with(name, "# HERE" if "# HERE" in body else "# def")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"failed: x village, replicate 1: {said.format(line)}\n" in result.stderr
    assert result.stderr.endswith("no replicate is whole; nothing was written\n")


def test_a_pattern_that_cannot_be_read_does_not_hide_the_others(mine):
    name = written("A = pattern('x', Criterion('x', len, low=1), read=lambda community: {'x': 1 / 0})")
    result = command("mine.py", name, "-r", "5", "--format", "json")
    assert result.exit_code == 1
    found = {record["id"]: record for record in json.loads(result.stdout)}
    assert [found[each]["verdict"] for each in ("holds", "fails", "x")] == ["pass", "fail", "undecided"]
    assert (found["x"]["value"], found["x"]["failed"]) == (None, 5)
    assert result.stderr.endswith("5 runs failed; verdicts rest on the replicates that are whole\n")
    text = command("mine.py", name, "-r", "5").stdout
    assert "undecided: x: every replicate has a run that failed" in text


def test_an_error_inside_cosim_is_told_by_its_line_there(mine, monkeypatch):
    monkeypatch.setattr("cosim.community.observe", lambda *_: 1 / 0)
    result = command("mine.py", "-r", "1")
    assert result.exit_code == 1
    assert "ZeroDivisionError: division by zero (cosim/community.py, line " in result.stderr


def test_failed_runs_are_named_and_what_is_whole_is_used(mine):
    at_odds = "    if community.world.seed % 2:\n        raise ValueError('odd')\n    last = "
    mine.write_text(GOOD.replace("    last = ", at_odds), encoding="utf-8")
    result = command("mine.py", "-r", "8", "-o", "found")
    seeds = [running.seed_of(1, replicate) for replicate in range(1, 9)]
    odd = sum(seed % 2 for seed in seeds)
    assert 0 < odd < 8
    assert result.exit_code == 1
    runs = f"{odd} run{'s' * (odd > 1)}"
    assert result.stderr.endswith(f"{runs} failed; verdicts rest on the replicates that are whole\n")
    assert "ValueError: odd (mine.py, line" in Path("found", "failures.txt").read_text()
    records = json.loads(Path("found", "patterns.json").read_text())
    assert [(record["failed"], record["n"]) for record in records] == [(odd, 8 - odd)] * 2


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("lambda it: it['nowhere']['x']  # HERE", "KeyError: 'nowhere' (bad.py, line {})"),
        ("lambda it: [1.0]  # HERE", "value must return one number per replicate, 2 here, and returned 1 numbers"),
        ("lambda it: ['a', 'b']  # HERE", "value must return numbers or booleans"),
        ("len  # HERE", "value must return one number per replicate"),
    ],
)
def test_a_criterion_that_cannot_be_worked_out_costs_only_its_pattern(mine, function, said):
    name = written(f"value = {function}\nA = pattern('x', Criterion('odd', value, low=1), arms={{'other': "
                   "Arm('village', SHORT)})\n")  # fmt: skip
    result = command("mine.py", name, "-r", "2")
    assert result.exit_code == 2
    assert "bad.py: x, criterion 'odd'\n" in result.stderr
    assert said.format(line_with(name, "# HERE")) in result.stderr
    assert "Traceback" not in result.stderr
    assert "Pattern holds" in result.stdout


def test_a_disk_that_fills_up_still_lets_the_table_out(mine, monkeypatch):
    def full(*_):
        raise OutputError("There is no room left on the disk for x.")

    monkeypatch.setattr(report, "write_files", full)
    result = command("mine.py", "-r", "1", "-o", "x")
    assert result.exit_code == 2
    assert "Pattern holds" in result.stdout
    assert "no room left" in result.stderr


def test_processes_that_cannot_start_are_a_failure(mine, monkeypatch):
    def dead(*_):
        raise WorkersDied

    monkeypatch.setattr(asking, "make_runs", dead)
    result = command("mine.py")
    assert result.exit_code == 1
    assert "ask for fewer workers: jobs=1" in result.stderr
