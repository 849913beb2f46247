"""The command: what it prints, where, and the exit code it leaves with."""

import io
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cosim
from cosim import cli
from cosim.community import Community
from cosim.report import files
from cosim.scenario import load_scenario, shipped_scenarios
from cosim.study import OutputError, WorkersDied, running, seed_of, store

SHORT = ["--months", "3", "--set", "study.warmup_months=1", "--jobs", "1"]
HERE = {"PYTHONPATH": str(Path(cosim.__file__).parent.parent)}


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    """Give every command in an empty folder, with everything compiled and no figure to wait for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "as_bytes", lambda figure: b"drawn")
    monkeypatch.setattr("cosim.display.figures.courses.comparison_figure", lambda study, say: None)
    monkeypatch.setattr("cosim.display.figures.courses.summary_figure", lambda study, say: None)
    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: True)


def command(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def refused(*words: str) -> str:
    """Return what a command with bad input says, having made sure that it did nothing else."""
    result = command(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert list(Path().iterdir()) == []
    return result.stderr


# Help


def test_help_names_the_commands_and_the_exit_codes():
    text = command("--help").stdout
    for name in ("run", "compare", "validate", "schema", "scenarios"):
        assert f"\n  {name} " in text
    assert "0 done, 1 something ran and failed, 2 bad input" in text
    assert command("--version").stdout == f"cosim {cosim.__version__}\n"


def test_help_and_import_load_nothing_heavy():
    code = (
        "import sys, cosim, cosim.cli\n"
        "assert 'compare' in dir(cosim)\n"
        "sys.argv = ['cosim', '--help']\n"
        "try: cosim.cli.main()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'scipy', 'matplotlib', 'pydantic', 'pyarrow'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=os.environ | HERE)


def test_public_names_are_fetched_when_they_are_used():
    assert cosim.Community is Community
    assert cosim.load_scenario is load_scenario
    assert cosim.shipped_scenarios is shipped_scenarios
    assert issubclass(cosim.ScenarioError, ValueError)
    assert set(cosim.__all__) <= set(dir(cosim))
    with pytest.raises(AttributeError, match="has no attribute 'sweep_all'"):
        cosim.sweep_all  # noqa: B018


# Run and compare


def test_run_prints_tables_and_keeps_the_results():
    result = command("run", "village", *SHORT)
    assert result.exit_code == 0
    assert "Participation" in result.stdout
    place = Path("results", "local", "village").resolve()
    assert result.stderr.endswith(f"results: {place}\n")
    assert (place / "figure.png").read_bytes() == b"drawn"
    assert json.loads((place / "study.json").read_text())["scenarios"]["village"]["study"]["months"] == 3


def test_run_as_json_prints_json_alone():
    result = command("run", "village", *SHORT, "--replicates", "2", "--seed", "7", "--format", "json", "-o", "x/y")
    document = json.loads(result.stdout)
    assert document["seed"] == 7
    assert document["complete"] == [1, 2]
    assert document["outcomes"][0]["outcome"] == "participation"
    assert Path("x", "y", "months.parquet").exists()


def test_compare_prints_differences_and_keeps_the_results():
    Path("reform.toml").write_text('extends = "village"\n[supply]\nmode = "multi_centre"\n')
    result = command("compare", "village", "reform.toml", *SHORT, "-r", "2")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("What changes with reform against village\n2 replicates, seed 1")
    assert Path("results", "local", "village-reform", "outcomes.csv").exists()


def test_compare_takes_the_shipped_pair_unless_told_otherwise():
    few = [
        "--set",
        "population.residents=60",
        "--set",
        "population.households=24",
        "--set",
        "population.buildings=3",
    ]
    result = command("compare", *SHORT, *few, "-r", "1", "--format", "json")
    assert json.loads(result.stdout)["scenarios"] == ["single_centre", "multi_centre"]


def test_compiling_is_announced(monkeypatch):
    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: False)
    result = command("run", "village", *SHORT)
    assert result.stderr.startswith("compiling, once (about half a minute)\n")


# Bad input


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["run", "village", "--replicates", "0"], "--replicates"),
        (["run", "village", "--jobs", "0"], "--jobs"),
        (["run", "village", "--months", "0"], "--months"),
        (["run", "village", "--months", "-5"], "--months"),
        (["run", "village", "--seed", "-1"], "--seed"),
        (["run", "village", "--seed", "x"], "--seed"),
        (["compare", "village", "village", "--replicates", "0"], "--replicates"),
        (["run"], "scenario"),
        (["sweep"], "sweep"),
        (["run", "village", "--format", "xml"], "--format"),
    ],
)
def test_options_that_make_no_sense_are_named(words, named):
    assert named in refused(*words)


def test_a_scenario_that_does_not_exist_is_answered_with_those_that_do():
    text = refused("run", "vilage")
    assert "vilage" in text
    assert "village" in text


def test_a_key_that_does_not_exist_is_answered_with_one_that_does():
    text = refused("run", "village", "--set", "supply.mod=multi_centre")
    assert "--set: supply.mod" in text
    assert "did you mean 'mode'" in text
    assert "--set" in refused("run", "village", "--set", "supply.mode")
    assert "study.months" in refused("run", "village", "--months", "99999999")


def test_one_scenario_is_compared_with_the_same_place_without_a_reform():
    result = command("compare", "village", *SHORT, "--set", "supply.mode=multi_centre")
    assert result.exit_code == 0
    assert result.stdout.startswith("What changes with village against no reform\n")


def test_other_people_are_not_compared():
    text = refused("compare", "village", "ly", "--months", "3")
    assert "not the same people with the same history" in text
    assert "population.residents" in text


def test_an_output_that_cannot_be_is_refused_before_anything_runs(monkeypatch):
    Path("taken").write_text("mine")
    monkeypatch.setattr("cosim.community.Community", None)
    result = command("run", "village", *SHORT, "-o", "taken")
    assert result.exit_code == 2
    assert "taken is a file. Results need a folder" in result.stderr
    assert Path("taken").read_text() == "mine"


# Things that go wrong on the way


def test_a_disk_that_fills_up_still_lets_the_tables_out(monkeypatch):
    def full(*_):
        raise OutputError("There is no room left on the disk for x.")

    monkeypatch.setattr(store, "_put_in_place", full)
    result = command("run", "village", *SHORT)
    assert result.exit_code == 2
    assert "Participation" in result.stdout
    assert "no room left" in result.stderr


def failing_for(monkeypatch, *replicates: int) -> None:
    seeds = {seed_of(1, replicate) for replicate in replicates}

    def community(scenario, rng):
        if rng in seeds:
            raise ZeroDivisionError("nobody pays")
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", community)


def test_a_failed_run_is_reported_and_the_others_are_kept(monkeypatch):
    failing_for(monkeypatch, 2)
    result = command("run", "village", *SHORT, "-r", "3")
    assert result.exit_code == 1
    assert "2 replicates, seed 1" in result.stdout
    assert "failed: village, replicate 2: ZeroDivisionError: nobody pays (cosim/" in result.stderr
    assert result.stderr.endswith("1 of 3 runs failed: 2 of 3 replicates are finished and are used\n")
    assert Path("results", "local", "village", "failures.txt").exists()


def test_if_every_run_fails_nothing_is_written_and_the_first_is_shown_in_full(monkeypatch):
    failing_for(monkeypatch, *range(1, 9))
    result = command("run", "village", *SHORT, "-r", "8")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("failed: village, replicate") == 5
    assert "failed: 3 more" in result.stderr
    assert "Traceback" in result.stderr
    assert "none of 8 replicates are finished; nothing was written" in result.stderr
    assert not Path("results", "local", "village").exists()


def stopping_in(monkeypatch, replicate: int) -> None:
    def community(scenario, rng):
        if rng == seed_of(1, replicate):
            raise KeyboardInterrupt
        return Community(scenario, rng=rng)

    monkeypatch.setattr("cosim.community.Community", community)


def test_ctrl_c_keeps_the_replicates_that_are_finished(monkeypatch):
    stopping_in(monkeypatch, 3)
    result = command("compare", "village", "village", *SHORT, "-r", "9")
    assert result.exit_code == 2
    assert "2 replicates, seed 1" in result.stdout
    assert result.stderr.endswith("stopped by Ctrl-C: 2 of 9 replicates are finished in every scenario and are used\n")
    place = Path("results", "local", "village-village (2)")
    assert json.loads((place / "study.json").read_text())["stopped"] is True


def test_ctrl_c_before_anything_is_finished_leaves_nothing(monkeypatch):
    stopping_in(monkeypatch, 1)
    result = command("run", "village", *SHORT)
    assert result.exit_code == 2
    assert result.stderr == ("stopped by Ctrl-C: none of 1 replicates are finished; nothing was written\n")
    assert not Path("results", "local", "village").exists()


def test_ctrl_c_at_any_other_moment_is_no_traceback(monkeypatch):
    def press(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "files_of", press)
    result = command("run", "village", *SHORT)
    assert result.exit_code == 2
    assert result.stderr == "stopped by Ctrl-C\n"


@pytest.fixture
def terminated(monkeypatch) -> Iterator[None]:
    """Have SIGTERM come in the third replicate; a command that lets it be would go on."""
    seed, before = seed_of(1, 3), signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def community(scenario, rng, **more):
        if rng == seed:
            signal.raise_signal(signal.SIGTERM)
        return Community(scenario, rng=rng, **more)

    for place in ("cosim.community", "cosim.patterns.reading"):
        monkeypatch.setattr(f"{place}.Community", community)
    yield
    assert signal.signal(signal.SIGTERM, before) == signal.SIG_IGN


NAMED = "SIGTERM has come; it does what Ctrl-C does\nstopped by Ctrl-C"


def test_sigterm_keeps_the_replicates_that_are_finished(terminated):
    result = command("compare", "village", "village", *SHORT, "-r", "9")
    assert result.exit_code == 2
    said, _, kept = result.stderr.splitlines()[-3:]
    assert f"{said}\n{kept}" == f"{NAMED}: 2 of 9 replicates are finished in every scenario and are used"
    assert json.loads(Path("results", "local", "village-village (2)", "study.json").read_text())["stopped"] is True


@pytest.mark.parametrize(
    "words",
    [
        ["modes", "village", *SHORT, "-r", "9"],
        ["levers", "--only", "deliberate.meetings", "--months", "3", "--jobs", "1", "-r", "9", "few.toml"],
        ["mechanisms", "village", *SHORT, "-r", "9", "--only", "symmetric_trust"],
        ["patterns", "C1", "-r", "9", "--jobs", "1", "--set", "population.residents=60",
         "--set", "population.households=24", "--set", "population.buildings=3"],
    ],
)  # fmt: skip
def test_sigterm_ends_what_needs_every_run_and_says_so(terminated, words):
    Path("few.toml").write_text('scenario = "village"\n')
    result = command(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.endswith(f"{NAMED}\n"), result.output


def test_levers_and_modes_are_not_told_of_some_runs_alone(monkeypatch):
    failing_for(monkeypatch, 2)
    result = command("modes", "village", *SHORT, "-r", "3")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "modes: 60 of 180 runs failed: 2 of 3 replicates are finished" in result.stderr
    assert result.stderr.endswith("; nothing was written\n")


def test_processes_that_cannot_start_are_a_failure(monkeypatch):
    def dead(*_):
        raise WorkersDied

    monkeypatch.setattr(running, "make_runs", dead)
    result = command("run", "village", *SHORT)
    assert result.exit_code == 1
    assert "ask for fewer workers: jobs=1" in result.stderr


# Validate, schema, scenarios


def test_validate_says_ok():
    result = command("validate", *shipped_scenarios())
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line for line in lines if line[0] != " "] == [f"ok  {name}" for name in shipped_scenarios()]


def test_validate_names_every_problem_of_every_file():
    Path("bad.toml").write_text('extends = "village"\n[supply]\nmod = "multi_centre"\n[study]\nmonths = 0\n')
    result = command("validate", "village", "bad.toml", "nowhere.toml")
    assert result.exit_code == 2
    assert result.stdout == "ok  village\n"
    assert "bad.toml, line 3: supply.mod" in result.stderr
    assert "bad.toml, line 5: study.months" in result.stderr
    assert "nowhere.toml" in result.stderr


def test_schema_is_json_schema_or_a_table():
    schema = json.loads(command("schema").stdout)
    assert schema["properties"]["supply"]
    table = command("schema", "--format", "table").stdout
    assert "[supply]" in table
    assert "lever, costs" in table


def test_scenarios_are_listed_with_their_titles():
    listed = command("scenarios").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(shipped_scenarios())
    assert any(line.endswith(load_scenario("ly").title) for line in listed)
    assert json.loads(command("scenarios", "--format", "json").stdout)["ly"] == load_scenario("ly").title


# The real thing


def test_the_module_is_the_command_and_survives_a_narrow_alphabet(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "cosim", "run", "village", *SHORT],
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | HERE | {"PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert b"Participation" in done.stdout
    assert b"?" in done.stdout
    png = tmp_path / "results" / "local" / "village" / "figure.png"
    assert png.read_bytes().startswith(b"\x89PNG")


def test_main_leaves_streams_alone_that_it_does_not_know(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "argv", ["cosim", "--version"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module("cosim", run_name="__main__")
    assert end.value.code == 0
    assert sys.stdout.getvalue() == f"cosim {cosim.__version__}\n"
