"""Sweeps whose people come from files: read without these, replayed with them, and nothing of them in the folder."""

import shutil

import pytest

from cosim.scenario.reading import shipped_folder
from cosim.study import OutputError
from cosim.study.sweep import StudyFolder, replay, show_run, sweep


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_sweep_of_ones_own_people(tmp_path):
    people = tmp_path / "own_community"
    shutil.copytree(shipped_folder("scenarios") / "own_community", people)
    shutil.copy(shipped_folder("scenarios") / "own_community.toml", tmp_path)
    sweep(
        {
            "scenarios": [str(tmp_path / "own_community.toml")],
            "replicates": 1,
            "outcomes": ["participation"],
            "settings": {"study.months": 2, "study.warmup_months": 1},
            "factors": {"supply.mode": ["single_centre", "multi_centre"]},
        },
        output=tmp_path / "study", jobs=1, start_method="fork",
    )  # fmt: skip
    study = StudyFolder(tmp_path / "study")
    assert str(tmp_path) not in (study.path / "study.json").read_text(encoding="utf-8")
    assert replay(study, 1).differs == ()
    elsewhere = people.rename(tmp_path / "elsewhere")
    assert study.runs["status"].tolist() == ["done", "done"]
    assert show_run(study, 0)["supply.mode"] == "single_centre"
    with pytest.raises(OutputError, match=r"residents\.csv is not where it was\. Say with --people in which folder"):
        replay(study, 1)
    assert replay(study, 1, elsewhere).differs == ()
