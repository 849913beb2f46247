"""A reform taken apart (`cosim mechanisms`): stages alone and taken out, null models, alternatives, and the page."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cosim import Community, cli
from cosim.compare import mechanisms as taking_apart
from cosim.compare.comparison import Work
from cosim.compare.controls import STAGES, differing_stages
from cosim.compare.mechanisms import OUTCOMES, READINGS, STANDARD, WAYS, WHOLE, mechanisms, read
from cosim.compare.variants import Variant, laid_over, read_variants, usual_ceilings
from cosim.month.residents_order import ask_for_services
from cosim.month.review import elect
from cosim.outcomes.measures import GROUPS, RESIDENT_MEASURES
from cosim.report.mechanisms import in_words, mechanisms_page
from cosim.scenario import ScenarioError, load_scenario
from cosim.scenario.reading import shipped_folder
from cosim.study import run_study

SHIPPED = shipped_folder("experiments") / "mechanisms.toml"
NAMES = [
    "no_network", "no_trust", "no_deliberation", "random_participation",
    "symmetric_trust", "talk_of_levels", "nobody_stubborn", "thresholds",
]  # fmt: skip
TAKEN_APART = [stage for stage in STAGES if stage != "mechanisms"]
"""Stages of the reform that is taken apart: it has no mechanism that only some compounds have."""
SMALL = {
    "population.residents": 120, "population.households": 45, "population.buildings": 3,
    "study.warmup_months": 2, "study.months": 6,
    **{f"{body}.staff_hours": 1000.0 for body in ("government", "committee")},
}  # fmt: skip


@pytest.fixture(scope="module")
def variants() -> dict[str, Variant]:
    return {variant.name: variant for variant in read_variants(SHIPPED)}


def settings(variant: Variant) -> dict:
    return {key: value for key, value in variant.settings.items() if not key.startswith("population.")}


@pytest.fixture(scope="module")
def taken_apart(variants) -> tuple[taking_apart.Mechanisms, list[Variant]]:
    """Return a small reform taken apart, under one null that measures rates and one alternative."""
    chosen = [variants["random_participation"], variants["thresholds"]]
    arms = [load_scenario(name, SMALL) for name in ("single_centre", "reform_2018")]
    return mechanisms(arms, chosen, replicates=2, jobs=1), chosen


class TestNulls:
    """Each takes away what it says, in both worlds, and nothing of it is left."""

    def test_the_shipped_file_has_nulls_and_alternatives(self, variants):
        assert list(variants) == NAMES
        assert [variant.kind for variant in variants.values()] == ["null"] * 4 + ["alternative"] * 4
        assert all(variant.label and variant.label_zh for variant in variants.values())

    def test_without_a_network_nobody_has_a_tie_whatever_people_do_together(self, compound, variants):
        busy = {
            "deliberate.meetings": 12, "party_leads.sessions": 12, "partners_deliver.routine_openings": 100,
            "party_leads.staff_hours": 4000.0, "moving.migrant_rate": 0.1, "study.months": 12,
        }  # fmt: skip
        def ties(community: Community) -> int:
            return int((community.world.ties.other >= 0).sum())

        never = []
        community = compound(**busy, **settings(variants["no_network"]), observers=(lambda c: never.append(ties(c)),))
        months = community.run().months
        assert months["meetings"].sum() > 0
        assert never == [0] * len(months)
        assert (months["near_isolates"] == 1.0).all()
        assert (months["tie_strength"] == 0.0).all()
        assert (community.world.residents.norm == 0.0).all()
        assert ties(compound(**busy).run()) > 0
        strangers = compound(**busy, **{"ties.neighbours": 0.0, "ties.acquaintances": 0.0}).run()
        assert ties(strangers) > 0, "without the fact that this null needs, people would come to know each other"

    def test_ties_of_files_are_left_out_too(self, variants):
        community = Community(laid_over(load_scenario("own_community"), variants["no_network"], {}), rng=1)
        assert (community.world.ties.other < 0).all()
        assert (Community("own_community", rng=1).world.ties.other >= 0).any()

    @pytest.mark.parametrize("mode", ["single_centre", "multi_centre"])
    def test_without_trust_nobody_trusts_more_or_less_than_on_arrival(self, compound, variants, mode):
        over = {"supply.mode": mode, "moving.migrant_rate": 0.1, "study.months": 12}
        r = compound(**over, **settings(variants["no_trust"])).run().world.residents
        assert np.array_equal(r.trust[r.present], r.set_point[r.present])
        moved = compound(**over).run().world.residents
        assert not np.isclose(moved.trust, moved.set_point, atol=1e-3).all()

    def test_without_deliberation_no_meeting_is_held_in_any_world(self, variants):
        for name in ("single_centre", "reform_2018", "village"):
            arm = laid_over(load_scenario(name, {"study.months": 14}), variants["no_deliberation"], {})
            community = Community(arm, rng=1).run()
            assert community.months["meetings"].sum() == 0.0, name
            assert (community.world.residents.deliberated < 0).all()
            assert not any(order.explained for order in community.world.orders.open.values())

    def test_at_random_nobody_is_more_likely_than_another(self, compound, variants):
        """People of quite another mind do the very same: their draws alone decide."""
        ceilings = {f"taking_part.{form}_ceiling": 0.8 for form in ("order", "vote", "stand")}
        acts = []
        for state in (0.02, 0.98):
            world = compound(**settings(variants["random_participation"]), **ceilings).world
            r = world.residents
            r.grievance[:] = r.trust[:] = r.efficacy[:] = r.norm[:] = r.mobilisation[:] = r.habit[:] = state
            r.threshold[:] = state
            asked = np.zeros(r.rows, bool)
            asked[ask_for_services(world)[0]] = True
            acts.append((asked, *elect(world)))
        for one, other in zip(*acts, strict=True):
            assert np.array_equal(one, other)
            assert one.mean() == pytest.approx(0.4, abs=0.12)

    def test_people_act_as_often_as_in_the_world_that_was_measured(self, variants):
        usual = load_scenario("single_centre", {"study.months": 36})
        ceilings = usual_ceilings(usual, seed=3)
        random = laid_over(usual, variants["random_participation"], ceilings)
        one, other = (Community(arm, rng=3).run().months.query("month >= 0") for arm in (usual, random))
        assert other["requests"].mean() == pytest.approx(one["requests"].mean(), rel=0.15)
        assert other["turnout"].iloc[-1] == pytest.approx(one["turnout"].iloc[-1], rel=0.1)
        assert other["deliberating"].mean() == pytest.approx(one["deliberating"].mean(), rel=0.25)
        assert all(0.0 < value <= 1.0 for value in ceilings.values())

    def test_where_nobody_could_act_nobody_will(self):
        closed = {
            "deliberate.hours_per_meeting": 10_000.0, "partners_deliver.asked_per_opening": 0.0, "committee.term": 240
        }  # fmt: skip
        found = usual_ceilings(load_scenario("single_centre", {**SMALL, **closed}), seed=1)
        assert [form for form, ceiling in found.items() if ceiling == 0.0] == [
            "taking_part.contribute_ceiling", "taking_part.vote_ceiling", "taking_part.stand_ceiling",
        ]  # fmt: skip


class TestTables:
    """What each stage adds, and what becomes of the effect."""

    def test_every_stage_is_on_in_the_reform_that_is_taken_apart(self):
        arms = [load_scenario(name) for name in ("single_centre", "reform_2018")]
        assert differing_stages(*arms) == TAKEN_APART

    def test_every_stage_outcome_and_group_has_its_rows(self, taken_apart):
        found, chosen = taken_apart
        parts = {outcome: [WHOLE, *(GROUPS if outcome in RESIDENT_MEASURES else ())] for outcome in OUTCOMES}
        per = sum(map(len, parts.values()))
        assert len(found.stages) == len(WAYS) * len(TAKEN_APART) * per
        assert len(found.variants) == (1 + len(chosen)) * per
        assert (found.stages["n"] == 2).all()
        assert (found.stages["low"] <= found.stages["difference"]).all()
        assert (found.stages["difference"] <= found.stages["high"]).all()

    def test_the_ladder_sums_to_the_effect_and_ends_with_the_last_stage_off(self, taken_apart):
        found, _ = taken_apart
        keys = ["outcome", "group"]
        by_way = {way: table.set_index(["stage", *keys]) for way, table in found.stages.groupby("way")}
        effect = found.variants[found.variants["variant"] == STANDARD].set_index(keys)["difference"]
        total = by_way["ladder"].groupby(keys)["difference"].sum().loc[effect.index]
        assert total.to_numpy() == pytest.approx(effect.to_numpy(), abs=1e-9)
        first, *_, last = TAKEN_APART
        same = ["mean_a", "mean_b", "difference"]
        pd.testing.assert_frame_equal(by_way["alone"].loc[first, same], by_way["ladder"].loc[first, same])
        pd.testing.assert_frame_equal(by_way["off"].loc[last, same], by_way["ladder"].loc[last, same])

    def test_each_number_is_the_paired_difference_of_runs_made_by_hand(self, taken_apart):
        found, _ = taken_apart
        threshold = {**SMALL, "taking_part.form": "threshold"}
        arms = [load_scenario(name, threshold) for name in ("single_centre", "reform_2018")]
        groups = run_study(arms, replicates=2, jobs=1).groups.query("month >= 0 and group == 'migrant'")
        means = groups.groupby(["scenario", "replicate"])["trust_neighbours"].mean()
        effect = (means["reform_2018"] - means["single_centre"]).mean()
        row = found.variants.set_index(["variant", "outcome", "group"]).loc["thresholds", "trust_neighbours", "migrant"]
        assert row["difference"] == pytest.approx(effect, abs=1e-9)
        usual = found.variants.set_index(["variant", "outcome", "group"]).loc[STANDARD, "trust_neighbours", "migrant"]
        assert row["change"] == pytest.approx(effect - usual["difference"], abs=1e-9)
        assert np.isnan(usual["change"])

    @pytest.mark.parametrize(
        ("usual", "effect", "change", "reading"),
        [
            ((0.3, True), (0.3, True), (0.0, False), "no clear change"),
            ((0.3, True), (0.1, True), (-0.2, True), "smaller"),
            ((0.3, True), (0.5, True), (0.2, True), "larger"),
            ((0.3, True), (0.0, False), (-0.3, True), "gone"),
            ((0.3, True), (-0.2, True), (-0.5, True), "turned"),
            ((-0.3, True), (-0.5, True), (-0.2, True), "larger"),
            ((0.0, False), (0.4, True), (0.4, True), "appears"),
            ((0.0, False), (0.4, True), (0.4, False), "no clear effect"),
            ((0.0, False), (0.1, False), (0.1, True), "no clear effect"),
            ((0.3, True), (0.3, True), (np.nan, False), ""),
        ],
    )
    def test_what_an_effect_says(self, usual, effect, change, reading):
        rows = [
            pd.Series({"difference": d, "clear": c, "change": change[0], "change_clear": change[1]})
            for d, c in (usual, effect)
        ]
        assert read(*rows) == reading
        assert reading in (*READINGS, "")

    def test_the_same_reform_is_the_same_table(self, taken_apart):
        found, chosen = taken_apart
        arms = [load_scenario(name, SMALL) for name in ("single_centre", "reform_2018")]
        again = mechanisms(arms, chosen[:1], replicates=2, jobs=1)
        assert again.stages.equals(found.stages)
        assert again.ceilings == found.ceilings


class TestPage:
    """Words and tables come from the numbers."""

    def test_words_name_what_is_clear_and_nothing_else(self, taken_apart):
        found, chosen = taken_apart
        stages = found.stages.assign(clear=False)
        clear = (stages["outcome"] == "participation") & (stages["stage"] == "partners_deliver")
        stages.loc[clear, ["difference", "low", "high", "clear"]] = [0.25, 0.2, 0.3, True]
        stages.loc[clear & (stages["group"] == "migrant"), "difference"] = 0.75
        stages.loc[clear & (stages["way"] == "alone"), ["low", "high"]] = [0.1, 0.15]
        variants = found.variants.assign(reading="no clear change", clear=True)
        variants.loc[variants["variant"] == "thresholds", ["reading", "difference"]] = ["larger", 0.5]
        made = taking_apart.Mechanisms(found.arms, 2, 6, stages, variants, found.ceilings)
        lines = list(in_words(made, chosen))
        assert len(lines) == len(OUTCOMES)
        assert "A stage alone that moves it: partners deliver (+0.250)" in lines[0]
        assert "On top of all the others: partners deliver (+0.250)" in lines[0]
        assert "More there than alone: partners deliver." in lines[0]
        assert "Partners deliver there, by group: migrants (+0.750), long-term (+0.250)" in lines[0]
        assert "no clear change under random participation; larger under thresholds (+0.500)" in lines[0]
        assert all("No stage alone moves it clearly. None does on top of all the others" in line for line in lines[1:])

    def test_every_stage_and_variant_stands_in_the_page(self, taken_apart):
        found, chosen = taken_apart
        page = mechanisms_page(found, chosen, 1, "cosim mechanisms")
        for words in ("Party leads", "public means", "random participation", "thresholds", "usual model", "migrants"):
            assert f"| {words} |" in page
        assert page.count("\n### ") == 2 * len(OUTCOMES)
        for key, value in found.ceilings.items():
            assert f"`{key} = {value:.4f}`" in page
        row = found.stages.query("way == 'alone' and stage == 'party_leads' and outcome == 'participation'").iloc[0]
        assert f"| Party leads | alone | {row['difference']:+.3f} (".replace("-", "−") in page.replace("**", "")

    def test_the_command_writes_it_and_json_holds_the_numbers(self, tmp_path):
        page = tmp_path / "mechanisms.md"
        asked = ["mechanisms", "village", "-r", "2", "--months", "3", "-j", "1", "--only", "symmetric_trust"]
        asked += ["--seed", "4", "--set", "fee.intercept=1.5"]
        again = (
            "cosim mechanisms village --replicates 2 --seed 4 --months 3 --set fee.intercept=1.5 --only symmetric_trust"
        )
        assert CliRunner().invoke(cli.app, [*asked, "-o", str(page)]).exit_code == 0
        text = page.read_text(encoding="utf-8")
        assert "| symmetric trust | alternative | `trust.loss_ratio = 1.0` |" in text
        assert f"Written by `{again}`.\n\n2 replicates, seed 4, 3 months; `village` against `" in text
        told = CliRunner().invoke(cli.app, [*asked, "--format", "json"])
        document = json.loads(told.stdout)
        assert (document["command"], document["seed"], document["months"]) == (again, 4, 3)
        assert {row["variant"] for row in document["variants"]} == {STANDARD, "symmetric_trust"}
        assert document["variants"][0]["change"] is None


class TestRefused:
    """Bad input is told in plain words, with exit code 2."""

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["nosuch"], "there is no such file and no such shipped scenario"),
            (["-r", "1"], "--replicates"),
            (["--only", "threshold"], "did you mean 'thresholds'?"),
            (["single_centre", "multi_centre", "ly"], "two scenarios, not 3"),
            (["single_centre", "single_centre"], "differ in no stage of the reform"),
            (["single_centre", "village"], "not the same people"),
            (["--variants", "nosuch.toml"], "nosuch.toml"),
            (["--months", "0"], "months"),
            (["-o", "."], ". cannot be written: is a directory. Choose another file with -o."),
            (["-o", f"{__file__}/page.md"], "page.md cannot be written: not a directory"),
            (["--set", "taking_part.form=threshold"], "thresholds\n    this variant is the usual model: both"),
        ],
    )
    def test_by_the_command(self, words, said, monkeypatch):
        monkeypatch.setattr(Work, "run", None)
        told = CliRunner().invoke(cli.app, ["mechanisms", *words])
        assert told.exit_code == 2
        assert said in told.output

    def test_every_fault_of_a_file_is_named_with_its_line(self, tmp_path):
        path = tmp_path / "mine.toml"
        path.write_text(
            '[nulls.one]\nen = "one"\nzh = "一"\n'
            'settings = { "trust.gian" = 0.0, "trust.pull" = 5.0 }\n'
            '[nulls.two]\nen = "two"\nzh = "二"\n'
            '[alternatives.one]\nen = "one"\nzh = "一"\nsettings = { "talk.form" = "levels" }\n',
            encoding="utf-8",
        )
        with pytest.raises(ScenarioError) as caught:
            read_variants(path)
        told = str(caught.value)
        for said in ("mean 'gain'?", "5.0 is too large", "this variant sets nothing", "a null has this name too"):
            assert said in told
        assert "mine.toml, line 8: alternatives.one" in told
        assert "nulls.one.settings.trust.pull" in told

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "describes no variant"),
            ("nulls = 5", "nulls"),
            ('[nulls.one]\nen = "one"\nsettings = {}', "nulls.one.zh"),
            ('[nulls.one]\nen = ""\nzh = "一"', "nulls.one.en"),
            ('[null.one]\nen = "one"', "null"),
            ("nulls = ", "mine.toml, line 1"),
        ],
    )
    def test_a_file_that_makes_no_sense(self, tmp_path, text, said):
        path = tmp_path / "mine.toml"
        path.write_text(text + "\n", encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            read_variants(path)
        assert said in str(caught.value)
        assert "mine.toml" in str(caught.value)

    def test_a_scenario_that_undoes_the_variant_later(self, variants):
        change = {"month": 2, "set": {"deliberate": {"rung": "delegate"}}}
        later = load_scenario("multi_centre", {"changes": (change,)})
        with pytest.raises(ScenarioError, match="sets this for all months, but the scenario changes it later"):
            laid_over(later, variants["no_deliberation"], {})

    @pytest.mark.parametrize(("arms", "replicates"), [(1, 2), (2, 1)])
    def test_numbers_that_make_no_sense(self, arms, replicates):
        with pytest.raises(ValueError, match="two arms and two replicates"):
            mechanisms([load_scenario("village")] * arms, [], replicates=replicates)

    def test_a_file_of_mechanisms_is_no_experiment(self):
        told = CliRunner().invoke(cli.app, ["sweep", "mechanisms"])
        assert told.exit_code == 2
        assert "run: cosim mechanisms\n" in told.output
