"""Who lives in a scenario's compound, as far as its files or its list of names say it."""

from cosim.language import told
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
    residents, households, buildings = len(community.persons), len(community.households), len(community.buildings)
    said: list[str] = [
        told(
            "{residents} of {households} in {buildings}, from {files}",
            residents=told("1 resident") if residents == 1 else told("{count} residents", count=residents),
            households=told("1 household") if households == 1 else told("{count} households", count=households),
            buildings=told("1 building") if buildings == 1 else told("{count} buildings", count=buildings),
            files=list(community.files),
        )
    ]
    groups: dict[str, list[str]] = {}
    for columns, number, of_residents in (
        (community.of_residents, residents, True),
        (community.of_households, households, False),
    ):
        for name, values in columns.items():
            known = sum(value is not None for value in values)
            if known < number:
                words = _partly_known(known, number, of_residents, newcomers=name in STATES)
                groups.setdefault(words, []).append(name)
    said += [told("{names}: {words}", names=names, words=words) for words, names in groups.items()]
    ties = told("ties: drawn")
    if community.ties is not None:
        ties = told("ties: {count}, as given", count=len(community.ties))
    return [*said, ties]


def _partly_known(known: int, number: int, of_residents: bool, newcomers: bool) -> str:
    """Say of how many residents or households something is known, and what becomes of the others."""
    how = told("start as newcomers do") if newcomers else told("drawn")
    values = {"known": known, "number": number, "how": how}
    if of_residents and known:
        return told("known of {known} of {number} residents, the others {how}", **values)
    if of_residents:
        return told("known of no resident, all {how}", how=how)
    if known:
        return told("known of {known} of {number} households, the others {how}", **values)
    return told("known of no household, all {how}", how=how)
