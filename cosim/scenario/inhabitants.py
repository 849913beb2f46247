"""Who lives in a scenario's compound, as far as its files or its list of names say it."""

from cosim.scenario.errors import ScenarioError
from cosim.scenario.own_community import OwnCommunity, changed, read_community
from cosim.scenario.people import files_of
from cosim.scenario.schema import Scenario
from cosim.scenario.sheets import STATES


def community_of(scenario: Scenario) -> OwnCommunity | None:
    """Return the community that a scenario takes from files; None if all of it is drawn.

    Raises ScenarioError if the files are faulty, or have changed since the scenario was loaded.
    """
    who = scenario.population
    if not getattr(who, "from"):
        return None
    reading = read_community(files_of(who))
    faults = reading.faults or changed(who.digest, reading.digest)
    if reading.community is None or faults:
        raise ScenarioError(fault.problem() for fault in faults)
    return reading.community


def person_names(scenario: Scenario) -> tuple[str, ...]:
    """Return what those who live here when the run begins are called, by row, as far as files or `names` say it."""
    community = community_of(scenario)
    return scenario.population.names if community is None else community.persons


def person_rows(scenario: Scenario) -> dict[str, int]:
    """Return the row of every person who has a name; empty if nobody has."""
    return {person: row for row, person in enumerate(person_names(scenario))}


def name_of(scenario: Scenario, row: int, arrival: int = 0) -> str | None:
    """Return what a person is called, by row and arrival; None for those without a name, and who came to a row later.

    `arrival` counts who has lived in a row since the run began, from 0, as `residents.arrival` does.
    """
    names = person_names(scenario)
    return names[row] if arrival == 0 and 0 <= row < len(names) else None


def building_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the buildings' names by their number; empty if all is drawn."""
    community = community_of(scenario)
    return () if community is None else community.buildings


def missing_words(scenario: Scenario) -> list[str]:
    """Say what of a community is given by its files and what is drawn, a line each; nothing if all is drawn."""
    community = community_of(scenario)
    if community is None:
        return []
    residents, households = len(community.persons), len(community.households)
    lines = [
        f"{_many(residents, 'resident')} of {_many(households, 'household')} in "
        f"{_many(len(community.buildings), 'building')}, "
        f"from {', '.join(community.files)}"
    ]
    groups: dict[str, list[str]] = {}
    for columns, number, whose in (
        (community.of_residents, residents, "residents"),
        (community.of_households, households, "households"),
    ):
        for name, values in columns.items():
            known = sum(value is not None for value in values)
            if known < number:
                extent = f"{known} of {number} {whose}, the others" if known else f"no {whose[:-1]}, all"
                how = "start as newcomers do" if name in STATES else "drawn"
                groups.setdefault(f"known of {extent} {how}", []).append(name)
    lines += [f"{', '.join(names)}: {words}" for words, names in groups.items()]
    lines.append("ties: drawn" if community.ties is None else f"ties: {len(community.ties)}, as given")
    return lines


def _many(count: int, what: str) -> str:
    """Return a number of things."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
