"""Bad input to the commands about sweeps: what is said, that nothing is written, and the exit code."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small_sweeps import FACTOR, Remembering, contents, experiment, make_here, run_here, write_experiment
from typer.testing import CliRunner, Result

import cosim
from cosim import cli
from cosim.study import OutputError, cluster
from cosim.study.sweep import How, StudyFolder, merge, plan_sweep, store, sweeping
from cosim.study.sweep.store import Store, describe

HERE = {"PYTHONPATH": str(Path(cosim.__file__).parent.parent)}
MADE_WITH = {"cosim": "0.1.0", "code": "1234", "numpy": "2.0"}


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    """Give every command in a folder of its own, with everything compiled, and runs made here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cosim.rules.compiled.is_warm", lambda: True)
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)
    monkeypatch.setattr(sweeping, "made_with", lambda: MADE_WITH)
    monkeypatch.setattr(store, "PATIENCE", 0.05)
    make_here(monkeypatch)


@pytest.fixture
def said(tmp_path, monkeypatch) -> dict[str, Any]:
    """Return an experiment of four runs, which stands in small.toml."""
    said = experiment(tmp_path, replicates=1, factors={FACTOR: [500.0, 2000.0]})
    make_here(monkeypatch, Remembering(plan_sweep(said)))
    write_experiment(tmp_path / "small.toml", said)
    return said


def command(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def everything() -> dict[str, bytes | None]:
    """Return all that is in the working folder, locks apart."""
    return {
        str(path): path.read_bytes() if path.is_file() else None
        for path in sorted(Path().rglob("*"))
        if path.name != ".lock"
    }


def refused(*words: str) -> str:
    """Return what a command with bad input says in one paragraph, having made sure that it did nothing else."""
    before = everything()
    result = command(*words)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert everything() == before
    return " ".join(result.stderr.split())


# Folders that are none


@pytest.mark.parametrize(
    "words", [["status", "x"], ["show", "x", "0"], ["replay", "x", "0"], ["merge", "x"], ["sensitivity", "x"]]
)
def test_a_folder_that_is_no_study(words, said):
    assert "x is not there. Name a folder that `cosim sweep` has written." in refused(*words)
    Path("x").mkdir()
    assert "x is no study: it has no study.json that can be read." in refused(*words)
    for text in ("{", "[]", "\x00"):
        Path("x", "study.json").write_text(text)
        assert "x is no study: it has no study.json that can be read." in refused(*words)
    Path("x", "study.json").write_text('{"cosim": "0.1.0", "files": []}')
    assert "x holds the results of `cosim run` or `cosim compare`, not those of a sweep" in refused(*words)
    Path("x", "study.json").write_text('{"store": 1, "shard": null, "made_with": {}}')
    assert "study.json is damaged: it lacks experiment, scenarios" in refused(*words)


@pytest.mark.parametrize("words", [["sweep", "small.toml", "-o", "x"], ["status", "x"], ["merge", "x"]])
def test_another_layout_of_studies(words, said):
    run_here(said, Path("x"))
    was = json.loads(Path("x", "study.json").read_text())
    for version, age in ((0, "an older"), (2, "a newer")):
        Path("x", "study.json").write_text(json.dumps(was | {"store": version}))
        told = refused(*words)
        assert f"x was written by {age} layout of studies (version {version}, this cosim has 1)" in told
        assert "Read it with cosim 0.1.0, or run the sweep anew into another folder with -o" in told


def test_a_study_of_another_version_with_other_keys(said):
    run_here(said, Path("x"))
    was = Path("x", "study.json").read_text()
    changed = json.loads(was)
    changed["scenarios"]["village"]["government"]["budget"] = "plenty"
    Path("x", "study.json").write_text(json.dumps(changed))
    told = "x was made by cosim 0.1.0, and what its study.json says cannot be used here: "
    assert told in refused("replay", "x", "1")
    assert "it differs in village.government.budget" in refused("sweep", "small.toml", "-o", "x")
    changed = json.loads(was)
    changed["experiment"]["colour"] = "red"
    Path("x", "study.json").write_text(json.dumps(changed))
    assert told in refused("status", "x")
    assert "it differs in colour" in refused("sweep", "small.toml", "-o", "x")


@pytest.mark.parametrize("name", ["runs.parquet", "design.parquet", "months/0000000.parquet"])
def test_a_table_that_is_damaged(name, said):
    run_here(said, Path("x"))
    Path("x", name).write_bytes(Path("x", name).read_bytes()[:200])
    words = ["replay", "x", "1"] if "months" in name else ["status", "x"]
    assert f"x/{name} cannot be read" in refused(*words)
    if "months" not in name:
        assert f"x/{name} cannot be read" in refused("sweep", "small.toml", "-o", "x")
    if "design" in name:
        Path("x", name).unlink()
        assert f"x/{name} cannot be read" in refused("status", "x")


# Folders into which nothing is written


def test_results_of_other_commands_are_left_alone(said):
    Path("x").mkdir()
    Path("x", "study.json").write_text('{"cosim": "0.1.0", "files": []}')
    assert "x holds the results of `cosim run` or `cosim compare`" in refused("sweep", "small.toml", "-o", "x")
    run_here(said, Path("y"))
    told = refused("run", "village", "--months", "1", "--jobs", "1", "-o", "y")
    assert "y holds files that are not cosim's" in told


def test_foreign_files_are_left_alone(said):
    Path("x").mkdir()
    Path("x", "thesis.docx").write_text("mine")
    told = refused("sweep", "small.toml", "-o", "x")
    assert "x holds files that are not a sweep's (thesis.docx); it is left alone. Choose another folder with -o" in told


@pytest.mark.parametrize("name", ["study.json", "runs.parquet", "months", "pending"])
def test_parts_of_a_study_are_left_alone(name, said):
    run_here(said, Path("y"))
    Path("x").mkdir()
    if name == "pending":
        Path("x", name).mkdir()
    elif name == "study.json":
        Path("x", name).write_text("{")
    else:
        shutil.move(Path("y", name), Path("x", name))
    told = refused("sweep", "small.toml", "-o", "x")
    assert "x holds parts of a study, and no study.json that can be read; it is left alone" in told


def test_an_output_that_cannot_be(said):
    Path("x").write_text("mine")
    assert "x cannot be written: file exists. Choose another folder with -o" in refused(
        "sweep", "small.toml", "-o", "x"
    )
    assert "x/y cannot be written: not a directory" in refused("sweep", "small.toml", "-o", "x/y")
    assert "/proc/x cannot be written" in refused("sweep", "small.toml", "-o", "/proc/x")
    run_here(said, Path("whole", "shard-1-of-1"), shard="1/1")
    assert "x cannot be written: file exists" in refused("merge", "whole", "-o", "x")


# Other studies


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"seed": 2}, "seed"),
        ({"outcomes": ["participation"]}, "outcomes"),
        ({"record_every": 12}, "record_every"),
        ({"settings": {"study.months": 11, "study.warmup_months": 1}}, "settings.study.months"),
        ({"factors": {FACTOR: [500.0, 1000.0]}}, f"factors.{FACTOR}"),
        ({"scenarios": ["village"]}, "scenarios"),
        ({"name": "other"}, "name"),
        ({"until": {"outcome": "cost_total", "half_width": 1.0, "max_replicates": 9}}, "until"),
    ],
)
def test_another_study_in_the_folder(said, change, where):
    run_here(said, Path("x"))
    write_experiment(Path("other.toml"), said | change)
    told = refused("sweep", "other.toml", "-o", "x")
    assert f"x holds another study: it differs in {where}" in told
    assert "Choose another folder with -o, or move that one away; it is left as it is." in told


def test_a_design_of_the_same_name_with_other_points(said):
    design = {"factors": {}, "design": {"method": "list", "cases": "cases.csv"}}
    for name, budget in (("a", 500), ("b", 600)):
        Path(name).mkdir()
        Path(name, "cases.csv").write_text(f"{FACTOR}\n{budget}\n")
        write_experiment(Path(name, "small.toml"), said | design)
    assert command("sweep", "a/small.toml", "-o", "x").exit_code == 0
    for more in ([], ["--accept-code"]):
        told = refused("sweep", "b/small.toml", "-o", "x", *more)
        assert "x holds another study: the points of its design are others" in told
    shutil.move("a", "c")
    assert command("sweep", "c/small.toml", "-o", "x").exit_code == 0


def test_fewer_replicates_than_there_are(said):
    run_here(said | {"replicates": 2}, Path("x"))
    told = refused("sweep", "small.toml", "-o", "x")
    assert "x holds another study: it differs in replicates" in told
    until = {"outcome": "cost_total", "half_width": 400.0}
    run_here(said | {"until": until | {"max_replicates": 3}}, Path("y"))
    write_experiment(Path("other.toml"), said | {"until": until | {"max_replicates": 2}})
    assert "it differs in until.max_replicates" in refused("sweep", "other.toml", "-o", "y")


def test_a_part_of_a_study_where_the_whole_is(said):
    run_here(said, Path("x"))
    with pytest.raises(OutputError, match="x holds the whole study"):
        run_here(said, Path("x"), shard="1/2")
    run_here(said, Path("y"), shard="1/2")
    with pytest.raises(OutputError, match="y holds shard 1/2"):
        run_here(said, Path("y"))


def test_other_code_is_refused_unless_it_is_accepted(said, monkeypatch):
    assert command("sweep", "small.toml", "-o", "x").exit_code == 0
    before = contents(Path("x"))
    monkeypatch.setattr(sweeping, "made_with", lambda: MADE_WITH | {"code": "5678", "numpy": "2.1"})
    told = refused("sweep", "small.toml", "-r", "2", "-o", "x")
    assert "x was made with other code (code 1234, numpy 2.0; here code 5678, numpy 2.1)" in told
    assert "or go on regardless with --accept-code" in told
    ended = command("sweep", "small.toml", "-r", "2", "-o", "x", "--accept-code")
    assert ended.exit_code == 0, ended.output
    study = StudyFolder(Path("x"))
    assert study.description["made_with"]["code"] == "5678"
    assert study.state.counts()["done"] == 8
    assert contents(Path("x"))["design.parquet"] == before["design.parquet"]
    assert command("sweep", "small.toml", "-r", "2", "-o", "x").exit_code == 0


# Two at once


def test_a_second_sweep_of_a_study_that_is_being_run(said):
    plan, told = plan_sweep(said), []

    def second(settled: int, *_: int) -> None:
        if settled == 2:
            told.append(command("sweep", "small.toml", "-o", "x"))
            told.append(command("status", "x"))

    cosim.sweep(said, output="x", jobs=1, progress=second)
    assert told[0].exit_code == 2
    assert f"x is being worked on by process {os.getpid()} on " in told[0].stderr
    assert "UTC. Wait until it is done, or stop it first." in told[0].stderr
    assert "2 of 4 runs done" in told[1].stdout
    assert f"it is being worked on by process {os.getpid()}" in told[1].stdout
    assert "nobody is working on it" in command("status", "x").stdout
    Path("x", "log.jsonl").unlink()
    with Store(Path("x"), plan, describe(plan, MADE_WITH)):
        assert "x is being worked on by another process." in refused("sweep", "small.toml", "-o", "x")
        assert json.loads(command("status", "x", "--format", "json").stdout)["at_work"] != ""


# Shards


@pytest.mark.parametrize("text", ["0/3", "4/3", "x", "", "1/0", "-1/3", "1/3/5", "1.5/3", "1"])
def test_a_shard_that_is_no_part(text, said):
    told = refused("sweep", "small.toml", f"--shard={text}")
    assert f"--shard '{text}' is no part of a study" in told
    assert "i/n with i from 1 to n, such as 3/10 for the third of ten" in told


def test_more_shards_than_there_is_to_share_out(said):
    told = refused("sweep", "small.toml", "--shard", "1/3")
    assert "3 shards for 2 pairs of a point and a replicate leave shards without a run" in told
    assert "at most 2 shards" in told
    until = {"outcome": "cost_total", "half_width": 400.0, "max_replicates": 9}
    write_experiment(Path("other.toml"), said | {"until": until})
    assert "3 shards for 2 points leave" in refused("sweep", "other.toml", "--shard", "1/3")


@pytest.fixture
def shards(said) -> list[Path]:
    """Return the two finished shards of the study."""
    places = [Path("x", f"shard-{part}-of-2") for part in (1, 2)]
    for part, place in enumerate(places, 1):
        run_here(said, place, shard=f"{part}/2")
    return places


def test_shards_that_do_not_make_a_whole(said, shards, monkeypatch):
    assert "Missing: shard 2/2. Run it with --shard 2/2, or copy" in refused("merge", str(shards[0]), "-o", "y")
    assert "Say with -o into which folder these shards are to be merged." in refused("merge", *map(str, shards))
    shutil.copytree(shards[0], "copy")
    assert "Shard 1/2 is there twice. Name one of them." in refused("merge", "x", "copy", "-o", "y")
    Path("empty").mkdir()
    run_here(said, Path("whole"))
    assert "There is no shard in whole: no folder shard-*-of-*." in refused("merge", "whole", "-o", "y")
    run_here(said | {"seed": 2}, Path("other", "shard-2-of-2"), shard="2/2")
    told = refused("merge", str(shards[0]), "other", "-o", "y")
    assert "other/shard-2-of-2 is a shard of another study than x/shard-1-of-2" in told
    assert "Nothing was merged." in told
    run_here(said | {"replicates": 2}, Path("three", "shard-3-of-3"), shard="3/3")
    assert "is a shard of another study than" in refused("merge", "x", "three", "-o", "y")
    (shards[0] / "study.json").unlink()
    assert "x/shard-1-of-2 is no study" in refused("merge", "x")


def test_a_shard_that_is_unfinished(said, shards):
    class Enough(BaseException):
        pass

    def stop(settled: int, *_: int) -> None:
        if settled:
            raise Enough

    shutil.rmtree(shards[1])
    with pytest.raises(Enough):
        cosim.sweep(said, output="x", shard="2/2", jobs=1, progress=stop)
    told = refused("merge", "x")
    assert "x/shard-2-of-2 is unfinished: 1 of its runs are missing. Go on with it: --shard 2/2." in told
    with pytest.raises(Enough):
        cosim.sweep(said, output="x", shard="2/2", jobs=1, progress=lambda settled, *_: stop(settled - 1))
    assert "x/shard-2-of-2 is unfinished: it was not closed" in refused("merge", "x")


def test_a_shard_of_other_code(said, shards, monkeypatch):
    shutil.rmtree(shards[1])
    monkeypatch.setattr(sweeping, "made_with", lambda: MADE_WITH | {"code": "5678"})
    run_here(said, shards[1], shard="2/2")
    told = refused("merge", "x")
    assert "x/shard-2-of-2 was made with other code or libraries than x/shard-1-of-2" in told
    assert "--accept-code takes both" in told
    assert command("merge", "x", "--accept-code").exit_code == 0
    assert StudyFolder(Path("x")).state.counts()["done"] == 4


def test_where_shards_cannot_be_merged_to(said, shards):
    run_here(said | {"seed": 2}, Path("y"))
    assert "y holds another study: it differs in seed" in refused("merge", "x", "-o", "y")
    Path("x", "notes.md").write_text("mine")
    assert "x holds files that are not a sweep's (notes.md)" in refused("merge", "x")
    with pytest.raises(OutputError, match="There is no shard in "):
        merge([])


# Numbers and options


@pytest.mark.parametrize("words", [["show", "x", "4"], ["replay", "x", "99"]])
def test_a_run_that_is_not_there(words, said):
    run_here(said, Path("x"))
    assert f"x this study has no run {words[2]} allowed: from 0 to 3" in refused(*words)
    run_here(said, Path("y"), shard="2/2")
    told = refused(words[0], "y", "0")
    assert "y this study has no run 0 allowed: one of shard 2/2" in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--jobs", "0"], "--jobs"),
        (["--replicates", "0"], "--replicates"),
        (["--max-failures", "-1"], "--max-failures"),
        (["--timeout", "0"], "--timeout: 0 is no time; give seconds above 0"),
        (["--timeout=-3"], "--timeout: -3 is no time"),
        (["--timeout", "nan"], "--timeout: nan is no time"),
        (["--timeout", "soon"], "Invalid value for '--timeout'"),
        (["--set", "study.moths=3"], "study.moths"),
        (["--set", "study.months"], "study.months"),
        (["--dask", "127.0.0.1:1"], "No Dask scheduler answers at 127.0.0.1:1"),
        (["--dask", "nowhere"], "is no address of a Dask scheduler"),
    ],
)
def test_options_that_make_no_sense(options, words, said, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.3)
    assert words in refused("sweep", "small.toml", *options)


@pytest.mark.parametrize("how", [{"jobs": 0}, {"timeout": 0.0}, {"max_failures": -1}, {"timeout": float("nan")}])
def test_numbers_that_make_no_sense_in_python(how, said):
    with pytest.raises(ValueError, match=f"{next(iter(how))} must be "):
        How(**how)
    with pytest.raises(ValueError, match=f"{next(iter(how))} must be "):
        cosim.sweep(said, output="x", **how)
    assert not Path("x").exists()


def test_an_experiment_that_is_none():
    assert "there is no such file and no such shipped experiment" in refused("sweep", "nothing")
    Path("bad.toml").write_text('scenarios = ["village"]\nreplicates = 0\n[factors]\n"government.bugdet" = [1.0]\n')
    told = refused("sweep", "bad.toml")
    assert "replicates" in told
    assert "government.bugdet" in told


def test_compiled_code_that_can_be_kept_nowhere(said):
    code = "import tempfile; tempfile.tempdir = '/proc/x'; from cosim.cli import main; main()"
    for words in (["sweep", "small.toml"], ["run", "village"]):
        ended = subprocess.run(
            [sys.executable, "-c", code, *words],
            env=os.environ | HERE | {"NUMBA_CACHE_DIR": "/proc/y"},
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 2
        assert ended.stderr == (
            "cosim cannot keep its compiled code: neither /proc/y nor /proc/x can be written. "
            "Set NUMBA_CACHE_DIR to a folder that can.\n"
        )
    assert not Path("results").exists()
