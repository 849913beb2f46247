"""`[deliberate]`: levers and facts of the phase in `month/deliberate.py`."""

from typing import Literal

from cosim.scenario.field import CHOICE, PER_THOUSAND, PROTOTYPE, WORK, Section, fact, hours, lever, switch

Rung = Literal["inform", "consult", "partner", "delegate"]
"""How much a meeting may decide."""


class Deliberate(Section):
    """Deliberate: one call, three deliberations, two disclosures; by which work meets the need.

    How much the meeting may decide is its rung on the ladder of participation: what each rung changes and costs
    is the table `RUNGS` in `scenario/institutions.py`.
    """

    meetings: int = lever(
        1, ge=1, le=12, unit="meetings a year",
        price="`hours_per_meeting` of the residents' committee each; a meeting without these hours is not held",
        through=("meeting",), en="Residents' meetings", zh="居民议事会",
    )
    rung: Rung = lever(
        "inform", unit="choice",
        price="longer meetings, and months of talk before work begins, by rung",
        through=(*WORK, "meeting"), en="What a meeting may do: rung of the ladder", zh="参与阶梯",
    )
    call: bool = switch(
        "`call_hours` of the residents' committee for every meeting", (*WORK, "meeting"),
        "One call: proposals are collected from those who do not come", "一征",
    )
    disclosure: bool = switch(
        "`disclosure_hours` of the residents' committee", ("told", *WORK),
        "Decisions are made public with their reasons (the first of two disclosures)", "公开决议内容",
    )
    hours_per_meeting: float = hours(
        6.0, "per 1,000 residents", "Time to prepare and hold a meeting that informs", "议事会工时"
    )
    call_hours: float = hours(3.0, "per meeting and 1,000 residents", "Time to collect proposals", "征集工时")
    disclosure_hours: float = hours(3.0, PER_THOUSAND, "Time to make decisions public", "公开决议工时")
    told: float = fact(
        0.15, ge=0.0, le=1.0, unit="probability a month", source=CHOICE, mark="assumed",
        en="Residents who read what was decided", zh="知晓决议概率",
    )
    missed: float = fact(
        0.30, ge=0.0, le=1.0, unit="probability", source=PROTOTYPE, mark="assumed",
        en="Risk that work misses the need", zh="项目偏离需求概率",
    )
    breadth: float = fact(
        0.05, gt=0.0, le=1.0, unit="share of a place's adults", source=CHOICE, mark="assumed",
        en="Attendance at which a meeting knows the place's needs; fewer know less", zh="充分代表所需参会比例",
    )
    capture: float = fact(
        2.0, ge=1.0, le=10.0, unit="factor", source=CHOICE, mark="assumed",
        en="Risk of missing the need of a place from which nobody came to the meeting that decides, against usual",
        zh="少数人决定时的偏离风险倍数",
    )
    call_breadth: float = fact(
        0.4, ge=0.0, le=1.0, unit="share", source=CHOICE, mark="assumed",
        en="Part of that knowledge which the call brings without anybody coming", zh="征集带来的代表性",
    )
    meeting_cost: float = fact(
        0.2, ge=0.0, le=1.0, unit="efficacy", source="choice: an evening", mark="assumed",
        en="Cost of coming to a meeting", zh="参会成本",
    )
