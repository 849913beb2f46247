"""Experiments: what every lever moves, and every category under every mode."""

import pytest
from typer.testing import CliRunner

from cosim.cli import app
from cosim.compare.experiments import category_modes, lever_effects, levers_of, read_trials
from cosim.scenario import Scenario, ScenarioError, load_scenario
from cosim.scenario.reading import shipped_folder
from cosim.scenario.supply import MODES, cannot_have

SHORT = {"study.warmup_months": 0, "study.months": 4}


@pytest.fixture
def village() -> Scenario:
    return load_scenario("village", {**SHORT, "supply.mode": "multi_centre"})


def experiment(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


class TestLevers:
    """Each low against high, with the measure that moves most."""

    def test_the_shipped_experiment_tries_every_lever_at_two_settings(self):
        _, trials = read_trials(shipped_folder("experiments") / "levers.toml")
        assert [trial.key for trial in trials] == [key for key, _ in levers_of(Scenario)]
        assert all(trial.low != trial.high for trial in trials)

    def test_a_lever_that_does_something_is_found_out(self, tmp_path, village):
        _, trials = read_trials(experiment(tmp_path, 'scenario = "village"\n'))
        visits = [trial for trial in trials if trial.key == "party_leads.visits"]
        everybody = load_scenario(village, {"population.member_share": 1.0})
        (row,) = lever_effects(everybody, visits, replicates=3, jobs=1).to_dict("records")
        assert (row["low"], row["high"]) == (0.0, 4.0)
        assert row["outcome"] == "mobilisation"
        assert row["moves"]
        assert row["low_end"] > 0.0
        assert row["cost_total"] > 0.0
        assert row["cost_government"] == 0.0

    def test_a_lever_at_one_setting_twice_moves_nothing(self, tmp_path, village):
        text = '[levers."party_leads.visits"]\nlow = 1.0\nhigh = 1.0\n'
        _, trials = read_trials(experiment(tmp_path, text))
        same = [trial for trial in trials if trial.key == "party_leads.visits"]
        (row,) = lever_effects(village, same, replicates=2, jobs=1).to_dict("records")
        assert not row["moves"]
        assert row["difference"] == row["cost_total"] == 0.0

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("levers = 5", "line 1: levers\n    5 is not a table"),
            ('[levers]\n"party_leads.visits" = 3', "line 2: levers.party_leads.visits\n    3 is not a table"),
            ('[levers."party_leads.visits"]\nhgih = 2.0', "allowed: low, high, with\n    did you mean 'high'?"),
            ('[levers."party_leads.visits"]\nwith = 5', "line 2: levers.party_leads.visits.with\n    5 is not a table"),
            ('[levers."party_leads.visits"]\nhigh = 9.0', "9.0 is too large\n    allowed: a number from 0 to 4"),
            ('[levers."party_leads.visits"]\nwith = { "party_leads.visits" = 1.0 }', "sets the lever itself"),
            ('[levers."party_leads.vists"]\nhigh = 2.0', "did you mean 'party_leads.visits'?"),
            ("scenario = 5", "scenario\n    5 is not text"),
            ("surprise = 1", "there is no key 'surprise' here"),
            ("levers = ", "what follows '=' is not a TOML value"),
        ],
    )
    def test_a_faulty_experiment_is_refused(self, tmp_path, text, said):
        path = experiment(tmp_path, text + "\n")
        with pytest.raises(ScenarioError) as caught:
            read_trials(path)
        assert said in str(caught.value)
        assert "mine.toml" in str(caught.value)

    def test_the_command_writes_a_page(self, tmp_path):
        page = tmp_path / "levers.md"
        mine = experiment(tmp_path, 'scenario = "village"\n')
        asked = ["levers", str(mine), "--only", "party_leads.visits", "-r", "2", "--months", "2", "-j", "1"]
        assert CliRunner().invoke(app, [*asked, "-o", str(page)]).exit_code == 0
        assert "| `party_leads.visits` | 0.0 → 4.0 |" in page.read_text(encoding="utf-8")

    def test_a_lever_that_is_none_is_named(self):
        told = CliRunner().invoke(app, ["levers", "--only", "party_leads.vists"])
        assert told.exit_code == 2
        assert "did you mean 'party_leads.visits'?" in told.output


class TestModes:
    """Each category under each mode that makes sense."""

    def test_every_category_has_every_mode_that_it_can_have(self, village):
        table = category_modes(village, replicates=2, jobs=1)
        wanted = [
            (name, mode) for name, it in village.categories.items() for mode in MODES if not cannot_have(it, mode)
        ]
        assert list(table[["category", "mode"]].itertuples(index=False, name=None)) == wanted
        usual = table[table["usual"]].set_index("category")["mode"].to_dict()
        assert usual == {name: village.mode_of(name) for name in village.categories}

    def test_the_usual_mode_differs_in_nothing(self, village):
        table = category_modes(village, replicates=2, jobs=1)
        usual = table[table["usual"]]
        for outcome in ("trust_neighbours", "trust_government", "participation", "cost_total"):
            assert (usual[outcome] == 0.0).all(), outcome

    def test_what_a_scenario_says_of_payers_does_not_get_in_the_way(self, village):
        payers = {"government": 0.5, "partner": 0.5}
        own = load_scenario(village, {"supply.roads_parking.mode": "contract", "supply.roads_parking.payers": payers})
        assert len(category_modes(own, replicates=2, jobs=1)) == len(category_modes(village, replicates=2, jobs=1))

    def test_modes_that_change_later_are_refused(self, village):
        change = {"month": 2, "set": {"supply": {"water": {"mode": "contract"}}}}
        later = load_scenario(village, {"changes": (change,)})
        with pytest.raises(ScenarioError, match="modes cannot be tried in a scenario that changes them later"):
            category_modes(later, replicates=2, jobs=1)
