"""Networks of residents, read back by NetworkX."""

import networkx as nx
import pandas as pd
import pytest
from small_exports import SHORT, small_sweep
from small_sweeps import make_here
from typer.testing import CliRunner

from cosim import Community, cli
from cosim.compare import compare, summarise
from cosim.compare.saved import read_result
from cosim.export.exporting import export
from cosim.export.network import Asked
from cosim.report.files import files_of
from cosim.scenario import ScenarioError, load_scenario
from cosim.scenario.reading import shipped_folder
from cosim.study import run_study, seed_of, write_study
from cosim.study.sweep import sweeping
from cosim.study.sweep.plan import Place


@pytest.fixture(scope="module")
def comparison():
    arms = [load_scenario("village", SHORT), load_scenario("village", SHORT | {"supply.mode": "multi_centre"})]
    arms[1] = arms[1].model_copy(update={"name": "改革: a/b"})
    return compare(arms, replicates=2, jobs=1)


@pytest.fixture(scope="module")
def folder(comparison, tmp_path_factory):
    place = tmp_path_factory.mktemp("x") / "export"
    export(comparison, place, formats=["graphml", "gexf", "csv"], asked=Asked(months=(3,), replicate=2))
    return place


@pytest.mark.parametrize("kind", ["graphml", "gexf"])
def test_a_network_is_that_of_the_same_run(folder, kind):
    read = nx.read_graphml if kind == "graphml" else nx.read_gexf
    names = sorted(path.name for path in (folder / "network").glob(f"*.{kind}"))
    assert names == [f"village_month_3.{kind}", f"改革__a_b_month_3.{kind}"]
    found = read(folder / "network" / f"village_month_3.{kind}", node_type=int)
    wanted = Community("village", rng=seed_of(1, 2), **SHORT | {"study.months": 4}).run().to_networkx()
    assert found.number_of_nodes() == wanted.number_of_nodes() > 5
    for node, told in wanted.nodes.items():
        there = {name: value for name, value in found.nodes[node].items() if name != "label"}
        assert there == pytest.approx(told)
        assert [type(there[name]) for name in told] == [type(value) for value in told.values()]
    assert {frozenset(pair): strength for *pair, strength in found.edges(data="weight")} == pytest.approx(
        {frozenset(pair): strength for *pair, strength in wanted.edges(data="weight")}
    )


def test_attributes_of_the_network_stand_in_the_dictionary(folder):
    told = pd.read_csv(folder / "csv" / "dictionary.csv", encoding="utf-8-sig")
    residents = told[told["table"] == "residents"].set_index("column")
    graph = nx.read_graphml(folder / "network" / "village_month_3.graphml")
    assert set(residents.index) == {"node", *next(iter(graph.nodes.values()))}
    assert residents.loc["trust_firm", "unit"] == "0 to 1"
    assert residents.loc["participation", "type"] == "boolean"
    assert residents.loc["group", "values"] == "long_term, migrant, member"
    assert told[told["table"] == "ties"]["column"].tolist() == ["weight"]


def test_by_default_networks_are_of_month_0_and_the_last(comparison, tmp_path):
    made = export(comparison, tmp_path / "x", formats=["gexf"])
    assert [name for name in made.files if "village" in name] == [
        "network/village_month_0.gexf", "network/village_month_5.gexf",
    ]  # fmt: skip
    assert b'lastmodifieddate="1980-01-01"' in (tmp_path / "x" / made.files[0]).read_bytes()


def test_a_network_of_a_sweep_is_of_its_point(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "is_warm", lambda: True)
    make_here(monkeypatch)
    sweep = small_sweep(tmp_path, replicates=1)
    made = export(sweep, tmp_path / "x", formats=["graphml"], asked=Asked(point=2))
    assert made.files[-1] == "network/village_month_11.graphml"
    run = sweep.run(sweep.plan.number(Place(1, 2, 0)))
    wanted = Community(run.scenario, rng=run.seed).run().to_networkx()
    found = nx.read_graphml(tmp_path / "x" / made.files[-1], node_type=int)
    satisfied = nx.get_node_attributes(wanted, "satisfaction")
    assert nx.get_node_attributes(found, "satisfaction") == pytest.approx(satisfied)
    with pytest.raises(ScenarioError) as refused:
        export(sweep, tmp_path / "y", formats=["graphml"], asked=Asked(point=3))
    assert "there is no point 3\n    allowed: 0 to 2" in str(refused.value)


def test_people_from_files_have_to_be_there(tmp_path, monkeypatch):
    own = load_scenario("own_community", {"study.months": 2, "study.warmup_months": 1})
    summary = summarise(run_study([own], jobs=1))
    write_study(summary.study, tmp_path / "own", files_of(summary))
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(cli.app, ["export", "own", "--format", "gexf"])
    assert refused.exit_code == 2
    assert "takes its people from files, and residents.csv is not in this folder. Say with --people" in refused.stderr
    result = read_result(tmp_path / "own", shipped_folder("scenarios") / "own_community")
    export(result, tmp_path / "x", formats=["gexf"])
    graph = nx.read_gexf(tmp_path / "x" / "network" / "own_community_month_1.gexf")
    assert graph.number_of_nodes() == summary.study.months["residents"].iloc[-1]
