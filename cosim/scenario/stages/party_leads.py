"""`[party_leads]`: levers and facts of the phase in `month/party_leads.py`."""

from cosim.scenario.field import CHOICE, HOURS, PER_THOUSAND, STAFF, WORK, Section, fact, hours, lever, switch


class PartyLeads(Section):
    """Party leads: groups and teams, bench sessions, contact routines, visits. Members meet monthly in every world."""

    visits: float = lever(
        0.0, ge=0.0, le=4.0, unit="visits per member and month",
        price="`hours_per_visit` of each member's own spare hours; past them visits get shorter, then fewer",
        through=("visits", "attention"), en="Visits by Party members", zh="党员走访",
    )
    building_groups: bool = switch(
        "`group_hours` of the Party branch for every building with enough members",
        ("asking",), "Building party groups, which ask neighbours to join in", "楼院党小组",
    )
    volunteer_teams: float = lever(
        0.0, ge=0.0, le=8.0, unit="hours per member and month",
        price="itself, out of members' spare hours, which visits and the duty rota need too",
        through=("openings",), en="Members' volunteer teams", zh="党员志愿服务队",
    )
    sessions: int = lever(
        0, ge=0, le=12, unit="sessions a year in every building",
        price="`session_hours` of the Party branch for each; without them it is not held",
        through=("sessions",), en="Bench sessions", zh="小板凳传习会",
    )
    contact_routine: bool = switch(
        "`contact_hours` of the Party branch", WORK,
        "Contact and decision routine: the branch asks before work is planned", "联系群众机制",
    )
    cadres: float = lever(
        0.0, ge=0.0, le=20.0, unit="cadres per 1,000 residents",
        price="`cadre_hours` each at the wage of staff, public money outside the projects' budget",
        through=HOURS,
        source="Erqi 2020: 680 cadres for 39,167 households, about 6 per 1,000 residents", mark="derived",
        en="Cadres assigned to the two committees, half to each", zh="下派干部",
    )
    hours_per_visit: float = hours(1.5, "per visit", "Time for one visit", "每次走访时间")
    shortest_visit: float = fact(
        0.5, gt=0.0, le=1.0, unit="share of a full visit", source=CHOICE, mark="assumed",
        en="Shortest visit that an overloaded member pays", zh="最短走访比例",
    )
    group_hours: float = hours(1.5, "a month per building", "Time to guide a building group", "楼院党小组工时")
    group_members: int = fact(
        3, ge=1, le=100, unit="members", source="three full members form a Party group by its statutes; not checked",
        mark="assumed", en="Members that a building group needs", zh="建组人数",
    )
    group_reach: float = fact(
        1.6, ge=1.0, le=10.0, unit="factor", source=CHOICE, mark="assumed",
        en="Residents asked to join in where a group asks, against without", zh="楼院党小组动员范围",
    )
    session_hours: float = hours(2.5, "per session", "Time for a bench session", "传习会工时")
    session_cost: float = fact(
        0.1, ge=0.0, le=1.0, unit="efficacy", source="choice: a bench in the yard", mark="assumed",
        en="Cost of coming to a session", zh="参加传习会成本",
    )
    contact_hours: float = hours(6.0, PER_THOUSAND, "Time for the contact routine", "联系群众工时")
    contact_gain: float = fact(
        0.25, ge=0.0, le=1.0, unit="share of the risk", source=CHOICE, mark="assumed",
        en="Risk of missing the need that asking first takes away", zh="联系群众降低的偏离风险",
    )
    cadre_hours: float = hours(20.0, "a month", "Time of a cadre for this compound", "下派干部工时")
    staff_hours: float = fact(
        30.0, ge=0.0, le=10_000.0, unit=f"hours {PER_THOUSAND}", source=STAFF, mark="assumed",
        en="Working time of the Party branch", zh="党支部工作时间",
    )
