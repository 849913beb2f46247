"""The network of residents at chosen months, as GraphML and GEXF: made by running the scenarios again."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import networkx as nx

from cosim.compare.saved import Result
from cosim.language import told
from cosim.scenario.errors import Problem, ScenarioError
from cosim.study import Study, plan_runs
from cosim.study.one_run import Run
from cosim.study.sweep import StudyFolder
from cosim.study.sweep.plan import Place

GRAPHML, GEXF = "graphml", "gexf"
FORMATS = (GRAPHML, GEXF)


class Asked(NamedTuple):
    """Which networks are wanted."""

    months: tuple[int, ...] = ()
    """Months at whose end they are taken; none: month 0 and the last."""
    replicate: int = 1
    point: int = 0
    """Point of a sweep's design."""
    people: Path | None = None
    """Folder of the files that a sweep's scenarios take their people from; none: where they were."""


class Network(NamedTuple):
    """The network of a run at the end of a month."""

    scenario: str
    month: int
    graph: nx.Graph


def runs_for(result: Result, asked: Asked) -> list[Run]:
    """Return the run of each scenario whose networks are wanted, at the replicate and point that were asked for.

    Raises ScenarioError for a replicate, point or month that the study does not have, OutputError where the files of
    people are not there.
    """
    runs = _of_sweep(result, asked) if isinstance(result, StudyFolder) else _of_study(result.study, asked)
    for run in runs:
        length = run.scenario.study
        wrong = [month for month in asked.months if not -length.warmup_months <= month < length.months]
        if wrong:
            message = told("{scenario} has no month {month}", scenario=run.label, month=wrong[0])
            allowed = told("{low} to {high}", low=-length.warmup_months, high=length.months - 1)
            raise ScenarioError([Problem(file="--network-month", message=message, allowed=allowed)])
    return runs


def _of_study(study: Study, asked: Asked) -> list[Run]:
    """Return a replicate's runs of a study; those that are finished in every scenario can be asked for."""
    _check("--replicate", asked.replicate, study.complete)
    planned = plan_runs(study.scenarios, study.replicates, study.seed, worlds=study.worlds)
    return [run for run in planned if run.replicate == asked.replicate]


def _of_sweep(study: StudyFolder, asked: Asked) -> list[Run]:
    """Return the runs of a sweep's point and replicate."""
    plan = study.plan
    _check("--point", asked.point, range(plan.points))
    _check("--replicate", asked.replicate, range(1, plan.most_replicates + 1))
    numbers = [plan.number(Place(asked.replicate, asked.point, arm)) for arm in range(plan.arms)]
    return [study.run(number, asked.people) for number in numbers]


def _check(option: str, given: int, allowed: Sequence[int]) -> None:
    """Raise ScenarioError unless a number is among those that there are."""
    if given not in allowed:
        what = told("replicate") if option == "--replicate" else told("point")
        known = told("{low} to {high}", low=allowed[0], high=allowed[-1]) if len(allowed) > 1 else str(allowed[0])
        raise ScenarioError(
            [Problem(file=option, message=told("there is no {what} {number}", what=what, number=given), allowed=known)]
        )


def networks(runs: Sequence[Run], months: Sequence[int]) -> Iterator[Network]:
    """Yield the networks of runs at the end of months; no months: month 0 and the last."""
    from cosim.community import Community

    for run in runs:
        wanted = set(months) or {0, run.scenario.study.months - 1}
        community = Community(run.scenario, rng=run.seed)
        while community.running and community.month <= max(wanted):
            month = community.month
            community.step()
            if month in wanted:
                yield Network(run.label, month, community.to_networkx())


def file_name(network: Network, kind: str) -> str:
    """Return the name of a network's file."""
    scenario = re.sub(r'[\\/:*?"<>|\s]', "_", network.scenario)
    return f"{scenario}_month_{network.month}.{kind}"


def as_graph_file(graph: nx.Graph, kind: str) -> bytes:
    """Return a network as GraphML or GEXF; the date that GEXF bears is fixed."""
    sink = BytesIO()
    if kind == GRAPHML:
        nx.write_graphml_xml(graph, sink)
        return sink.getvalue()
    nx.write_gexf(graph, sink)
    return re.sub(rb'lastmodifieddate="[^"]*"', b'lastmodifieddate="1980-01-01"', sink.getvalue(), count=1)
