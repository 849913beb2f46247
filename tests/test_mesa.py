"""cosim as a Mesa model: stepping, agents, AgentSets, data collector, batch runs, SolaraViz."""

import gc
import inspect
import warnings
import weakref

import mesa
import networkx as nx
import pytest

from cosim.agents.institutions import Enterprise, Government, PropertyFirm
from cosim.agents.residents import HasLeft, LongTermResident, Migrant, PartyMember
from cosim.community import Community
from cosim.outcomes.measures import MEASURES


@pytest.fixture
def village():
    return Community("village", rng=1, check=True)


def test_a_community_is_stepped_by_hand(village):
    assert isinstance(village, mesa.Model)
    village.step()
    village.step()
    assert (village.month, village.steps, village.running) == (0, 2, True)


def test_everybody_is_an_agent(village):
    village.step()
    kinds = village.agents_by_type
    residents = sum(len(kinds.get(kind, ())) for kind in (LongTermResident, Migrant, PartyMember))
    assert residents == village.latest("residents")
    assert len(kinds[Government]) == len(kinds[PropertyFirm]) == 1
    assert len(kinds[Enterprise]) == 2
    assert len(village.agents) == sum(len(kinds[kind]) for kind in village.agent_types)


def test_agent_sets_read_columns_through_windows(village):
    village.step()
    residents = village.agents.select(lambda agent: hasattr(agent, "row"))
    trust = residents.get("trust_government")
    assert sum(trust) / len(trust) == pytest.approx(village.latest("trust_government"), abs=1e-6)
    assert len(residents.select(lambda agent: agent.migrant)) == village.world.residents.migrant.sum()


def test_a_window_on_somebody_who_has_left_says_so(village):
    village.step()
    somebody = village.resident(0)
    assert 18 <= somebody.age <= 120
    assert set(somebody.neighbours) == {row for row in somebody.neighbours if row != 0}
    village.world.residents.arrival[0] += 1
    with pytest.raises(HasLeft, match=r"the person of row 0, arrival 0, has left"):
        _ = somebody.age


def test_the_registered_residents_follow_who_lives_here():
    village = Community("village", rng=1, **{"moving.migrant_rate": 0.5, "moving.long_term_rate": 0.5})
    village.step()
    before = {agent.row: agent.person for agent in village.agents if hasattr(agent, "row")}
    village.step()
    after = {agent.row: agent.person for agent in village.agents if hasattr(agent, "row")}
    assert before != after
    assert all(village.world.residents.arrival[row] == person for row, person in after.items())


def test_the_data_collector_has_every_month(village):
    village.run()
    frame = village.datacollector.get_model_vars_dataframe()
    assert list(frame["month"]) == list(range(-2, 12))
    assert set(MEASURES) < set(frame.columns)
    assert frame["participation"].tolist() == village.months["participation"].tolist()


def test_batch_run_varies_a_lever_by_its_dotted_key():
    seeds = {"rng": [1, 2]}
    takes_seeds = "rng" in inspect.signature(mesa.batch_run).parameters  # since Mesa 3.4
    in_parameters, as_argument = ({}, seeds) if takes_seeds else (seeds, {})
    rows = mesa.batch_run(
        Community,
        {"scenario": "village", "supply.mode": ["single_centre", "multi_centre"], "study.months": 3} | in_parameters,
        **as_argument,
        max_steps=50,
        number_processes=1,
        data_collection_period=1,
        display_progress=False,
    )
    assert len(rows) == 2 * 2 * 5
    assert {row["supply.mode"] for row in rows} == {"single_centre", "multi_centre"}
    alone = Community("village", rng=2, **{"supply.mode": "multi_centre", "study.months": 3}).run()
    last = [row for row in rows if row.get("rng", row.get("seed")) == 2 and row["supply.mode"] == "multi_centre"][-1]
    assert last["satisfaction"] == alone.latest("satisfaction")


def test_a_graph_of_residents_and_ties(village):
    village.step()
    graph = village.to_networkx()
    assert isinstance(graph, nx.Graph)
    assert graph.number_of_nodes() == village.latest("residents")
    assert graph.number_of_edges() == len(village.world.ties.edges())
    assert all(0 < strength <= 1 for _, _, strength in graph.edges(data="weight"))
    strengths = [strength for _, strength in graph.degree(weight="weight")]
    assert sum(strengths) / len(strengths) == pytest.approx(village.latest("tie_strength"), rel=0.2)


def test_a_finished_run_is_let_go():
    gone = weakref.ref(Community("village", rng=1, **{"study.months": 1}).run())
    gc.collect()
    assert gone() is None


def test_a_window_has_only_declared_columns(village):
    with pytest.raises(AttributeError, match="has no 'happiness'"):
        _ = village.resident(0).happiness


def test_an_empty_row_has_no_resident(village):
    with pytest.raises(LookupError, match="nobody lives in row 99; rows go from 0 to 11"):
        village.resident(99)


def test_a_seed_is_not_negative():
    with pytest.raises(ValueError, match="rng is -1"):
        Community("village", rng=-1)


def test_solara_shows_a_community_and_steps_it():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ipyvuetify and solara warn about each other
        import ipyvuetify
        import solara
        from mesa.visualization import SolaraViz, make_plot_component

        village = Community("village", rng=1)

        @solara.component
        def page():
            with solara.AppLayout():
                SolaraViz(
                    village,
                    components=[make_plot_component("trust_government")],
                    model_params={"scenario": "village", "rng": 1, "supply.mode": "multi_centre"},
                    name="village",
                )

        _, rendered = solara.render(page(), handle_error=False)
        buttons = {button.children[0]: button for button in rendered.find(ipyvuetify.Btn).widgets}
        assert {"Reset", "Step"} <= set(buttons)
        buttons["Step"].click()
        assert village.month == -1
