"""The reform, stage by stage: levers with their prices, and the facts that those prices rest on.

Each section bears the name of the phase in `cosim.month` that reads it; `norms` are those of the commons and of
disputes. At its default every lever is off, which
is how an unreformed compound is served; levers act from month 0. Working time is per month and 1,000 residents
unless a field says otherwise.
"""

from typing import Literal

from cosim.scenario.field import CHOICE, PROTOTYPE, STAFF, Section, fact, hours, lever, switch

PER_THOUSAND = "a month per 1,000 residents"
WORK = ("condition", "own", "seen", "verdict", "outcome", "kept", "works", "openings", "routine")
"""By what becomes of orders: facilities, verdicts, what is seen of them, work and openings, and bodies' standing."""
HOURS = (
    *WORK, "channel_cost", "migrant_cost", "meeting", "sessions", "told", "noticed", "watch", "sanction",
    "conduct_seen", "settling", "asking", "effort",
)  # fmt: skip
"""By whatever there are hours for."""

Rung = Literal["inform", "consult", "partner", "delegate"]


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


class ResidentsOrder(Section):
    """Residents order: the channels through which a request is made; each person takes the easiest."""

    counter_hours: float = lever(
        8.0, ge=0.0, le=8.0, unit=f"hours {PER_THOUSAND}",
        price="itself, out of the government's hours", through=("channel_cost",),
        source=STAFF, en="Open hours of the counter at the subdistrict office", zh="街道窗口开放时间",
    )
    hotline: bool = switch(
        "`hotline_hours` of the government", ("channel_cost",), "Hotline", "热线",
    )
    order_desk: bool = switch(
        "`desk_hours` of the residents' committee", ("channel_cost",), "Order desk in the community", "社区下单台",
    )
    digital_platform: bool = switch(
        "`platform_money` out of the government's budget; without it the platform is down",
        ("digital_cost",), "Digital one-stop: no wait, fee, distance or paperwork", "数字化一站式（四个零）",
    )
    smart_sensing: float = lever(
        0.0, ge=0.0, le=1.0, unit="share of buildings",
        price="`sensor_money` out of the government's budget for every building; without it sensors are off",
        through=WORK, en="Smart sensing: faults order their own repair", zh="智慧社区感知",
    )
    inclusion: bool = switch(
        "`inclusion_hours` of the residents' committee", ("migrant_cost",),
        "Migrants are admitted and helped to every form of taking part", "外来人口纳入社区参与",
    )
    settlement_months: int = lever(
        0, ge=0, le=240, unit="months lived here (0: never)",
        price="`settlement_money` of the government's budget for every household; without it nobody is settled",
        through=("path",), en="Migrants' way to become long-term residents after", zh="外来人口转为常住年限",
    )
    office_cost: float = fact(
        0.40, ge=0.0, le=1.0, unit="efficacy", source=PROTOTYPE, mark="assumed",
        en="Cost of asking at the counter with its usual hours", zh="街道办事成本",
    )
    no_counter_cost: float = fact(
        0.3, ge=0.0, le=1.0, unit="efficacy", source=CHOICE, mark="assumed",
        en="Cost added where the counter is closed", zh="窗口关闭的额外成本",
    )
    hotline_cost: float = fact(
        0.30, ge=0.0, le=1.0, unit="efficacy", source=CHOICE, mark="assumed",
        en="Cost of asking by telephone", zh="热线成本",
    )
    desk_cost: float = fact(
        0.22, ge=0.0, le=1.0, unit="efficacy", source=PROTOTYPE, mark="assumed",
        en="Cost of asking at the desk", zh="下单台成本",
    )
    online_cost: float = fact(
        0.10, ge=0.0, le=1.0, unit="efficacy", source=CHOICE, mark="assumed",
        en="Cost of asking online for somebody young", zh="线上成本",
    )
    age_divide: float = fact(
        0.02, ge=0.0, le=0.2, unit="efficacy per year above 45",
        source="direction: access falls with age; size assumed", mark="assumed",
        en="Cost of asking online that age adds", zh="数字鸿沟",
    )
    migrant_cost: float = fact(
        0.10, ge=0.0, le=1.0, unit="efficacy", source="eligibility and hours; size assumed",
        mark="assumed", en="Extra cost of taking part for migrants", zh="外来人口额外成本",
    )
    included_cost: float = fact(
        0.02, ge=0.0, le=1.0, unit="efficacy", source=CHOICE, mark="assumed",
        en="That extra cost when they are included", zh="纳入后的额外成本",
    )
    hotline_hours: float = hours(6.0, PER_THOUSAND, "Time to answer the hotline", "热线工时")
    desk_hours: float = hours(8.0, PER_THOUSAND, "Time to keep the desk open", "下单台工作时间")
    inclusion_hours: float = hours(3.0, PER_THOUSAND, "Time to include migrants", "纳入外来人口工时")
    platform_money: float = fact(
        6.0, gt=0.0, le=1000.0, unit="yuan per resident and year", source=CHOICE, mark="assumed",
        en="Running the platform", zh="平台运营费",
    )
    sensor_money: float = fact(
        12.0, gt=0.0, le=1000.0, unit="yuan per resident and year where it is used", source=CHOICE, mark="assumed",
        en="Running sensors", zh="传感运营费",
    )
    settlement_money: float = fact(
        1500.0, gt=0.0, le=1e6, unit="yuan per household, once", source=CHOICE, mark="assumed",
        en="Settling a migrant household", zh="落户服务费",
    )


class PartyTakes(Section):
    """Party takes the order: who answers it, with which working time."""

    triage: bool = switch(
        "`hours_per_triage` of whoever takes a case, for every case", WORK,
        "Orders are taken by how many ask and how bad it is, not by age alone", "诉求分级分类",
    )
    delegation: bool = switch(
        "`hours_per_case` of the Party branch and the residents' committee for every case of a building", WORK,
        "Small matters are settled in the community", "小事不出社区",
    )
    party_chain: bool = switch(
        "`chain_hours` of the Party branch for every case that climbs", WORK,
        "Large matters climb by the Party's chain, which is quicker than the offices", "大事由党组织逐级上报",
    )
    case_agent: bool = switch(
        "`agent_hours` of the residents' committee for every case that climbs", WORK,
        "A case agent follows what climbs", "大事有人代理",
    )
    replies: bool = switch(
        "`hours_per_reply` of whoever takes the case, for every case", WORK, "Reply to those who asked", "答复群众",
    )
    tailored: bool = switch(
        "`tailored_hours` more of whoever takes the case, for every case", WORK,
        "Cases are handled one by one, not by the standard", "差异化个性化办理",
    )
    training: float = lever(
        0.0, ge=0.0, le=40.0, unit=f"hours {PER_THOUSAND}",
        price="itself, out of the residents' committee's hours", through=HOURS,
        en="Training of the community's staff", zh="工作人员培训",
    )
    load_cap: float = lever(
        1.0, ge=0.0, le=1.0, unit="share of the residents' committee's time",
        price="the government does itself what it may no longer push down: the same hours leave its own pool",
        through=HOURS,
        en="Cap on administrative load (responsibility lists)", zh="权责清单负担上限",
    )
    administrative_load: float = fact(
        0.7, ge=0.0, le=1.0, unit="share of the residents' committee's time", source=STAFF, mark="assumed",
        en="Time of the residents' committee taken by tasks from above", zh="行政事务负担",
    )
    hours_per_triage: float = hours(0.5, "per case", "Time to sort a case", "分级工时")
    hours_per_case: float = hours(6.0, "per case", "Time to take a case in the community", "社区接单工时")
    office_hours_per_case: float = hours(
        12.0, "per case", "Time to take a case at the subdistrict office", "街道接单工时"
    )
    hours_per_reply: float = hours(1.5, "per case", "Time to reply", "答复工时")
    chain_hours: float = hours(4.0, "per case", "Time to bring a case to the Party's upper tiers", "逐级上报工时")
    agent_hours: float = hours(3.0, "per case", "Time of the case agent", "代理工时")
    tailored_hours: float = hours(3.0, "per case", "Time that tailored handling adds", "个性化办理工时")
    tailored_gain: float = fact(
        0.3, ge=0.0, le=1.0, unit="share of the risk", source=CHOICE, mark="assumed",
        en="Risk of missing the need that tailored handling takes away", zh="个性化办理降低的偏离风险",
    )
    skill_gain: float = fact(
        0.35, ge=0.0, le=0.9, unit="share of the time", source=CHOICE, mark="assumed",
        en="Time per case that full skill saves", zh="熟练节省工时",
    )
    skill_pace: float = fact(
        0.01, ge=0.0, le=1.0, unit="share of the distance to 1 per hour of training and 1,000 residents",
        source=CHOICE, mark="assumed", en="Learning", zh="学习速度",
    )
    skill_decay: float = fact(
        0.03, ge=0.0, le=1.0, unit="share a month", source=CHOICE, mark="assumed", en="Fading of skill", zh="技能衰减",
    )
    tiers: int = fact(
        2, ge=0, le=4, unit="tiers", source="subdistrict and district; the article's chain", mark="derived",
        en="Tiers that a case climbs", zh="上报层级",
    )
    months_per_tier: int = fact(
        2, ge=0, le=12, unit="months", source=PROTOTYPE, mark="assumed", en="Delay at each tier", zh="每级延迟",
    )
    party_months_per_tier: int = fact(
        1, ge=0, le=12, unit="months", source=CHOICE, mark="assumed",
        en="Delay at each tier of the Party's chain", zh="党组织每级延迟",
    )
    lost_per_tier: float = fact(
        0.12, ge=0.0, le=1.0, unit="probability", source=PROTOTYPE, mark="assumed",
        en="Loss at each tier", zh="每级丢失概率",
    )
    agent_gain: float = fact(
        0.8, ge=0.0, le=1.0, unit="share of the loss", source=CHOICE, mark="assumed",
        en="Loss on the way that a case agent prevents", zh="代理减少的丢失",
    )
    age_weight: float = fact(
        0.1, ge=0.0, le=10.0, unit="priority per month", source=PROTOTYPE, mark="assumed",
        en="Priority gained by waiting", zh="等待优先权",
    )


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


class PartnersDeliver(Section):
    """Partners deliver: alliances, coordination, oversight, sites, and what happens when nobody comes."""

    oversight: float = lever(
        0.3, ge=0.3, le=1.0, unit="share of projects",
        price="`oversight_hours` of the overseer for every month of a project that is overseen",
        through=WORK, en="Projects that are overseen", zh="项目监督比例",
    )
    backstop_months: int = lever(
        0, ge=0, le=60, unit="months (0: none)",
        price="the government pays and does alone what no partner has taken up by then",
        through=WORK, en="Backstop: the government steps in after", zh="政府兜底期限",
    )
    party_alliance: bool = switch(
        "`alliance_hours` of the Party branch", WORK, "Party-building alliance: public units' obligation", "党建联盟",
    )
    charity_alliance: bool = switch(
        "`alliance_hours` of the Party branch", WORK, "Charity alliance: social organisations' entry", "公益联盟",
    )
    self_governance_alliance: bool = switch(
        "`alliance_hours` of the Party branch", ("asking", *WORK),
        "Self-governance alliance: volunteers' hours", "社区自治联盟",
    )
    site_marking: bool = switch(
        "`marking_hours` of the residents' committee for every project of a building", WORK,
        "Marking out on site before work, with those concerned", "放线",
    )
    sites: int = lever(
        0, ge=0, le=20, unit="disused sites allotted",
        price="`site_money` out of the government's budget for converting each", through=WORK,
        en="Land: disused sites become room for upgraded services", zh="利用闲置场地",
    )
    talent_pool: bool = switch(
        "`pool_hours` of the residents' committee", WORK,
        "Talent pool: volunteers are matched to work by their skills", "社区人才库",
    )
    group_support: bool = switch(
        "`group_money` out of the government's budget", WORK, "Support for self-organised groups", "培育自组织",
    )
    hours_per_project: float = hours(
        10.0, "a month", "Government's time for a project that it carries out itself", "政府自办项目工时"
    )
    crew_hours: float = hours(40.0, "a month", "Partner's time for a project", "共建单位项目工时")
    coordination: float = fact(
        0.35, ge=0.0, le=2.0, unit="per further party", source=PROTOTYPE, mark="assumed",
        en="Coordination cost κ₀", zh="协调成本系数",
    )
    coordination_hours: float = fact(
        12.0, ge=0.0, le=200.0, unit="hours a month", source=STAFF, mark="assumed",
        en="Arranger's time for coordination at κ = 1", zh="协调工时",
    )
    oversight_hours: float = hours(4.0, "a month", "Time to oversee a project", "监督工时")
    alliance_hours: float = hours(5.0, PER_THOUSAND, "Time to keep an alliance", "联盟工时")
    alliance_gain: float = fact(
        0.08, ge=0.0, le=1.0, unit="share of the distance to 1", source=CHOICE, mark="assumed",
        en="Growth of an alliance by a joint project", zh="联盟增益",
    )
    alliance_fading: float = fact(
        0.03, ge=0.0, le=1.0, unit="share a month", source=CHOICE, mark="assumed",
        en="Fading of an alliance", zh="联盟消退",
    )
    alliance_coordination: float = fact(
        0.6, ge=0.0, le=1.0, unit="share of κ₀", source=PROTOTYPE, mark="assumed",
        en="Coordination that three full alliances save", zh="联盟节省的协调成本",
    )
    alliance_means: float = fact(
        1.0, ge=0.0, le=10.0, unit="share of usual means", source=CHOICE, mark="assumed",
        en="Money, hours or hands that a full alliance brings its side", zh="联盟带来的资源",
    )
    marking_hours: float = hours(2.0, "per project", "Time to mark out on site", "放线工时")
    marking_gain: float = fact(
        0.4, ge=0.0, le=1.0, unit="share of the risk", source=CHOICE, mark="assumed",
        en="Risk of missing the need that marking out takes away", zh="放线降低的偏离风险",
    )
    site_money: float = fact(
        15_000.0, gt=0.0, le=1e9, unit="yuan per site and 1,000 residents", source=CHOICE, mark="assumed",
        en="Converting a disused site", zh="场地改造费",
    )
    without_site: float = fact(
        0.6, ge=0.0, le=1.0, unit="condition", source=CHOICE, mark="assumed",
        en="Best condition of a service that lacks room", zh="无场地时的最高状况",
    )
    pool_hours: float = hours(2.0, PER_THOUSAND, "Time to keep the talent pool", "人才库工时")
    pool_gain: float = fact(
        3.0, ge=1.0, le=10.0, unit="factor", source="choice: a trade against unskilled work", mark="assumed",
        en="Paid work that an hour of matched volunteers replaces, against unmatched", zh="人才匹配增益",
    )
    group_money: float = fact(
        3.0, gt=0.0, le=1000.0, unit="yuan per resident and year", source=CHOICE, mark="assumed",
        en="Means for self-organised groups", zh="自组织经费",
    )
    group_gain: float = fact(
        0.4, ge=0.0, le=1.0, unit="share of the threshold", source=CHOICE, mark="assumed",
        en="How far support lowers the threshold at which residents take work on", zh="自组织扶持效果",
    )
    workmanship: float = fact(
        0.92, ge=0.0, le=1.0, unit="condition", source=CHOICE, mark="assumed",
        en="Condition that overseen work reaches", zh="监督下的工程质量",
    )
    unwatched: float = fact(
        0.14, ge=0.0, le=1.0, unit="condition", source="choice: what is not overseen is done worse", mark="assumed",
        en="Lost by work that nobody oversees", zh="无监督的质量损失",
    )
    uncoordinated: float = fact(
        0.10, ge=0.0, le=1.0, unit="condition", source=CHOICE, mark="assumed",
        en="Lost by work that stood still for want of coordination", zh="协调不足的质量损失",
    )
    fit_of_a_miss: float = fact(
        0.5, ge=0.0, le=1.0, unit="share", source="what misses the need is worth half", mark="assumed",
        en="Worth of work that misses the need", zh="偏离需求的价值",
    )
    visit_share: float = fact(
        0.25, ge=0.0, le=1.0, unit="share of full cost", source=PROTOTYPE,
        mark="assumed", en="Cost of the smallest repair", zh="最小维修成本比例",
    )
    severity_share: float = fact(
        1.4, ge=0.0, le=5.0, unit="share of full cost", source=PROTOTYPE,
        mark="assumed", en="Cost added by a ruin", zh="严重程度成本比例",
    )
    volunteer_value: float = fact(
        20.0, ge=0.0, le=200.0, unit="yuan an hour", source="choice: near a minimum wage", mark="assumed",
        en="Paid work that an hour of volunteers replaces; also their price in total cost", zh="志愿工时价值",
    )
    hours_per_volunteer: float = fact(
        5.2, gt=0.0, le=100.0, unit="hours", source="21.87 hours in 4.22 times (CASS Blue Book 2021)", mark="derived",
        en="Time that a volunteer gives at once", zh="每次志愿服务时间",
    )
    routine_openings: float = fact(
        4.0, ge=0.0, le=1000.0, unit="openings a month per 1,000 residents", source="choice: a clean-up day",
        mark="assumed", en="Openings for volunteers in the committee's routine work, in every world",
        zh="日常志愿岗位",
    )
    asked_per_opening: float = fact(
        6.0, ge=0.0, le=100.0, unit="residents asked per opening", source="choice: openings follow jobs",
        mark="assumed", en="Residents asked for each opening", zh="每个岗位邀请人数",
    )
    coproduce_cost: float = fact(
        0.25, ge=0.0, le=1.0, unit="efficacy", source="choice: half a day", mark="assumed",
        en="Cost of joining in work", zh="共同生产成本",
    )
    group_grievance: float = fact(
        0.12, ge=0.0, le=1.0, unit="grievance × tie strength", source=CHOICE, mark="assumed",
        en="Shared grievance times ties at which residents take work on", zh="居民自组织阈值",
    )
    return_months: float = fact(
        36.0, ge=0.0, le=240.0, unit="months", source=CHOICE, mark="assumed",
        en="Time within which an enterprise wants its money back", zh="企业回收期",
    )


class ResidentsSignOff(Section):
    """Residents sign off: acceptance check, and the second of two disclosures."""

    acceptance_check: bool = switch(
        "`hours_per_check` of the residents' committee for every finished project; producers redo it unpaid",
        WORK, "Residents accept or reopen the work", "群众验单",
    )
    disclosure: bool = switch(
        "`disclosure_hours` of the residents' committee", ("noticed",),
        "Results are made public in the building (the second of two disclosures)", "公开实施结果",
    )
    hours_per_check: float = hours(2.0, "per project", "Time for an acceptance check", "验单工时")
    disclosure_hours: float = hours(3.0, PER_THOUSAND, "Time to make results public", "公开工时")
    tolerance: float = fact(
        0.10, ge=0.0, le=1.0, unit="condition", source=CHOICE, mark="assumed",
        en="Shortfall that residents accept", zh="验单容忍度",
    )
    reopenings: int = fact(
        1, ge=0, le=5, unit="times", source=CHOICE, mark="assumed",
        en="How often an order can be reopened", zh="可返工次数",
    )
    noticed: float = fact(
        0.15, ge=0.0, le=1.0, unit="probability", source=CHOICE, mark="assumed",
        en="Chance to notice an order of one's place that ended", zh="察觉概率",
    )
    noticed_disclosed: float = fact(
        0.40, ge=0.0, le=1.0, unit="probability", source=CHOICE, mark="assumed",
        en="That chance when results are public", zh="公开后的察觉概率",
    )
    kept_memory: float = fact(
        0.1, ge=0.0, le=1.0, unit="share a month", source=CHOICE, mark="assumed",
        en="Weight of this month in promises kept", zh="兑现率更新速度",
    )


class Norms(Section):
    """Norms of the commons (`month/commons.py`): rewards, graduated sanctions, publicity; and mediation."""

    watch: float = lever(
        0.0, ge=0.0, le=1.0, unit="share of encroachments noticed",
        price="`watch_hours` of the residents' committee at 1", through=("watch",),
        en="Watching over shared space", zh="公共空间巡查",
    )
    sanctions: float = lever(
        0.0, ge=0.0, le=1.0, unit="severity",
        price="`sanction_hours` of the residents' committee for every household that is sanctioned; ill will",
        through=("sanction",), en="Graduated sanctions: a warning, then this", zh="分级惩戒",
    )
    rewards: float = lever(
        0.0, ge=0.0, le=500.0, unit="yuan a year per household that keeps",
        price="itself, out of the government's budget", through=("reward",),
        en="Rewards for keeping shared space", zh="守护奖励",
    )
    publicity: bool = switch(
        "`publicity_hours` of the residents' committee", ("conduct_seen",),
        "Publicity: who keeps is seen", "守约公示",
    )
    mediation: bool = switch(
        "`mediation_hours` of the residents' committee for every dispute taken up", ("settling",),
        "Mediation of disputes", "纠纷调解",
    )
    watch_hours: float = hours(12.0, PER_THOUSAND, "Time to notice every encroachment", "巡查工时")
    sanction_hours: float = hours(0.05, "per household", "Time to sanction a household", "惩戒工时")
    publicity_hours: float = hours(2.0, PER_THOUSAND, "Time to make keeping public", "公示工时")
    mediation_hours: float = hours(2.0, "per dispute", "Time to mediate a dispute", "调解工时")
    mediated: float = fact(
        0.5, ge=0.0, le=1.0, unit="probability", source=CHOICE, mark="assumed",
        en="A dispute that is taken up is settled within the month", zh="调解成功概率",
    )
