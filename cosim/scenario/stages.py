"""The reform, stage by stage: levers with their prices, and the facts that those prices rest on.

Each section bears the name of the phase in `cosim.month` that reads it. At its default every lever is off, which
is how an unreformed compound is served; levers act from month 0.
"""

from cosim.scenario.field import Section, fact, lever

STAFF = "choice: plausible working time; nothing measured was found"
ARTICLE = "the source article names the practice, not its extent"


class PartyLeads(Section):
    """Party leads: members visit residents. Members meet once a month in every world."""

    visits: float = lever(
        0.0, ge=0.0, le=4.0, unit="visits per member and month",
        price="`hours_per_visit` of each member's own spare hours, which cap the number of visits",
        source=ARTICLE, mark="assumed", en="Visits by Party members", zh="党员走访",
    )
    hours_per_visit: float = fact(
        1.5, gt=0.0, le=10.0, unit="hours", source=STAFF, mark="assumed",
        en="Time for one visit", zh="每次走访时间",
    )
    staff_hours: float = fact(
        30.0, ge=0.0, le=10_000.0, unit="hours a month per 1,000 residents", source=STAFF, mark="assumed",
        en="Working time of the Party branch", zh="党支部工作时间",
    )


class ResidentsOrder(Section):
    """Residents order: the channel through which a request is made."""

    order_desk: bool = lever(
        False, unit="yes or no",
        price="`desk_hours` of the residents' committee every month",
        source=ARTICLE, mark="assumed", en="Order desk in the community", zh="社区下单台",
    )
    desk_hours: float = fact(
        8.0, gt=0.0, le=1000.0, unit="hours a month per 1,000 residents", source=STAFF, mark="assumed",
        en="Time to keep the desk open", zh="下单台工作时间",
    )
    office_cost: float = fact(
        0.40, ge=0.0, le=1.0, unit="efficacy", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Cost of asking at the subdistrict office", zh="街道办事成本",
    )
    desk_cost: float = fact(
        0.22, ge=0.0, le=1.0, unit="efficacy", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Cost of asking at the desk", zh="下单台成本",
    )
    migrant_cost: float = fact(
        0.10, ge=0.0, le=1.0, unit="efficacy", source="eligibility and hours; size assumed",
        mark="assumed", en="Extra cost of every channel for migrants", zh="外来人口额外成本",
    )


class PartyTakes(Section):
    """Party takes the order: who answers it, with which working time."""

    delegation: bool = lever(
        False, unit="yes or no",
        price="`hours_per_case` of the Party branch and the residents' committee for every case of a building",
        source=ARTICLE, mark="assumed", en="Small matters are settled in the community", zh="小事不出社区",
    )
    replies: bool = lever(
        False, unit="yes or no",
        price="`hours_per_reply` of whoever takes the case, for every case",
        source=ARTICLE, mark="assumed", en="Reply to those who asked, with reasons", zh="答复并说明理由",
    )
    load_cap: float = lever(
        1.0, ge=0.0, le=1.0, unit="share of the residents' committee's time",
        price="the government does itself what it may no longer push down: the same hours leave its own pool",
        source=ARTICLE, mark="assumed", en="Cap on administrative load (responsibility lists)", zh="权责清单负担上限",
    )
    administrative_load: float = fact(
        0.7, ge=0.0, le=1.0, unit="share of the residents' committee's time", source=STAFF, mark="assumed",
        en="Time of the residents' committee taken by tasks from above", zh="行政事务负担",
    )
    hours_per_case: float = fact(
        6.0, gt=0.0, le=100.0, unit="hours", source=STAFF, mark="assumed",
        en="Time to take a case in the community", zh="社区接单工时",
    )
    office_hours_per_case: float = fact(
        12.0, gt=0.0, le=100.0, unit="hours", source=STAFF, mark="assumed",
        en="Time to take a case at the subdistrict office", zh="街道接单工时",
    )
    hours_per_reply: float = fact(
        1.5, gt=0.0, le=20.0, unit="hours", source=STAFF, mark="assumed",
        en="Time to answer with reasons", zh="答复工时",
    )
    tiers: int = fact(
        2, ge=0, le=4, unit="tiers", source="subdistrict and district; the article's chain", mark="derived",
        en="Tiers that a case climbs", zh="上报层级",
    )
    months_per_tier: int = fact(
        2, ge=0, le=12, unit="months", source="values that behaved in a throw-away prototype", mark="assumed",
        en="Delay at each tier", zh="每级延迟",
    )
    lost_per_tier: float = fact(
        0.12, ge=0.0, le=1.0, unit="probability", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Loss at each tier", zh="每级丢失概率",
    )
    age_weight: float = fact(
        0.1, ge=0.0, le=10.0, unit="priority per month", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Priority gained by waiting", zh="等待优先权",
    )


class Deliberate(Section):
    """Deliberate: meetings of residents, by which projects meet the need."""

    meetings: int = lever(
        1, ge=1, le=12, unit="meetings a year",
        price="`hours_per_meeting` of the residents' committee each; a meeting without these hours is not held",
        source=ARTICLE, mark="assumed", en="Residents' meetings", zh="居民议事会",
    )
    hours_per_meeting: float = fact(
        6.0, gt=0.0, le=1000.0, unit="hours per 1,000 residents", source=STAFF, mark="assumed",
        en="Time to prepare and hold a meeting", zh="议事会工时",
    )
    missed: float = fact(
        0.30, ge=0.0, le=1.0, unit="probability", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Risk that work misses the need", zh="项目偏离需求概率",
    )
    missed_deliberated: float = fact(
        0.09, ge=0.0, le=1.0, unit="probability", source="values that behaved in a throw-away prototype",
        mark="assumed", en="That risk when those concerned took part in a meeting", zh="协商后偏离概率",
    )
    meeting_cost: float = fact(
        0.2, ge=0.0, le=1.0, unit="efficacy", source="choice: an evening", mark="assumed",
        en="Cost of coming to a meeting", zh="参会成本",
    )


class PartnersDeliver(Section):
    """Partners deliver: coordination, oversight, and what happens when nobody comes."""

    oversight: float = lever(
        0.3, ge=0.3, le=1.0, unit="share of projects",
        price="`oversight_hours` of the overseer for every month of a project that is overseen",
        source=ARTICLE, mark="assumed", en="Projects that are overseen", zh="项目监督比例",
    )
    backstop_months: int = lever(
        0, ge=0, le=60, unit="months (0: none)",
        price="the government pays and does alone what no partner has taken up by then",
        source=ARTICLE, mark="assumed", en="Backstop: the government steps in after", zh="政府兜底期限",
    )
    hours_per_project: float = fact(
        10.0, gt=0.0, le=200.0, unit="hours a month", source=STAFF, mark="assumed",
        en="Government's time for a project that it carries out itself", zh="政府自办项目工时",
    )
    crew_hours: float = fact(
        40.0, gt=0.0, le=2000.0, unit="hours a month", source=STAFF, mark="assumed",
        en="Partner's time for a project", zh="共建单位项目工时",
    )
    coordination: float = fact(
        0.35, ge=0.0, le=2.0, unit="per further party", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Coordination cost κ₀", zh="协调成本系数",
    )
    coordination_hours: float = fact(
        12.0, ge=0.0, le=200.0, unit="hours a month", source=STAFF, mark="assumed",
        en="Arranger's time for coordination at κ = 1", zh="协调工时",
    )
    oversight_hours: float = fact(
        4.0, gt=0.0, le=100.0, unit="hours a month", source=STAFF, mark="assumed",
        en="Time to oversee a project", zh="监督工时",
    )
    workmanship: float = fact(
        0.92, ge=0.0, le=1.0, unit="condition", source="choice", mark="assumed",
        en="Condition that overseen work reaches", zh="监督下的工程质量",
    )
    unwatched: float = fact(
        0.14, ge=0.0, le=1.0, unit="condition", source="choice: what is not overseen is done worse", mark="assumed",
        en="Lost by work that nobody oversees", zh="无监督的质量损失",
    )
    uncoordinated: float = fact(
        0.10, ge=0.0, le=1.0, unit="condition", source="choice", mark="assumed",
        en="Lost by work that stood still for want of coordination", zh="协调不足的质量损失",
    )
    fit_of_a_miss: float = fact(
        0.5, ge=0.0, le=1.0, unit="share", source="what misses the need is worth half", mark="assumed",
        en="Worth of work that misses the need", zh="偏离需求的价值",
    )
    visit_share: float = fact(
        0.25, ge=0.0, le=1.0, unit="share of full cost", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Cost of the smallest repair", zh="最小维修成本比例",
    )
    severity_share: float = fact(
        1.4, ge=0.0, le=5.0, unit="share of full cost", source="values that behaved in a throw-away prototype",
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
        0.12, ge=0.0, le=1.0, unit="grievance × tie strength", source="choice", mark="assumed",
        en="Shared grievance times ties at which residents take work on", zh="居民自组织阈值",
    )
    return_months: float = fact(
        36.0, ge=0.0, le=240.0, unit="months", source="choice", mark="assumed",
        en="Time within which an enterprise wants its money back", zh="企业回收期",
    )


class ResidentsSignOff(Section):
    """Residents sign off: acceptance check, disclosure."""

    acceptance_check: bool = lever(
        False, unit="yes or no",
        price="`hours_per_check` of the residents' committee for every finished project; producers redo it unpaid",
        source=ARTICLE, mark="assumed", en="Residents accept or reopen the work", zh="群众验单",
    )
    disclosure: bool = lever(
        False, unit="yes or no",
        price="`disclosure_hours` of the residents' committee every month",
        source=ARTICLE, mark="assumed", en="Results are made public in the building", zh="结果公开",
    )
    hours_per_check: float = fact(
        2.0, gt=0.0, le=50.0, unit="hours", source=STAFF, mark="assumed",
        en="Time for an acceptance check", zh="验单工时",
    )
    disclosure_hours: float = fact(
        3.0, gt=0.0, le=1000.0, unit="hours a month per 1,000 residents", source=STAFF, mark="assumed",
        en="Time to make results public", zh="公开工时",
    )
    tolerance: float = fact(
        0.10, ge=0.0, le=1.0, unit="condition", source="choice", mark="assumed",
        en="Shortfall that residents accept", zh="验单容忍度",
    )
    reopenings: int = fact(
        1, ge=0, le=5, unit="times", source="choice", mark="assumed",
        en="How often an order can be reopened", zh="可返工次数",
    )
    noticed: float = fact(
        0.15, ge=0.0, le=1.0, unit="probability", source="choice", mark="assumed",
        en="Chance to notice an order of one's place that ended", zh="察觉概率",
    )
    noticed_disclosed: float = fact(
        0.40, ge=0.0, le=1.0, unit="probability", source="choice", mark="assumed",
        en="That chance when results are public", zh="公开后的察觉概率",
    )
    kept_memory: float = fact(
        0.1, ge=0.0, le=1.0, unit="share a month", source="choice", mark="assumed",
        en="Weight of this month in promises kept", zh="兑现率更新速度",
    )


class Government(Section):
    """The government's side: subdistrict office and city departments. One pool of hours, one earmarked budget."""

    budget: float = lever(
        180.0, ge=0.0, le=10_000.0, unit="yuan per resident and year", price="itself: public money for projects",
        source="values that behaved in a throw-away prototype (900,000 yuan a year in LY)", mark="assumed",
        en="Budget for projects", zh="项目预算",
    )
    staff_hours: float = fact(
        60.0, ge=0.0, le=10_000.0, unit="hours a month per 1,000 residents", source=STAFF, mark="assumed",
        en="Working time for this compound", zh="政府工作时间",
    )
    wage: float = fact(
        60.0, ge=0.0, le=1000.0, unit="yuan an hour", source="choice", mark="assumed",
        en="Cost of a staff hour (government, Party branch, residents' committee)", zh="工作人员时薪",
    )


class Committee(Section):
    """The residents' committee, elected by adults; its paid staff and its seats give hours."""

    staff_hours: float = fact(
        70.0, ge=0.0, le=10_000.0, unit="hours a month per 1,000 residents", source=STAFF, mark="assumed",
        en="Working time of paid staff", zh="居委会专职工时",
    )
    seats: int = fact(
        7, ge=1, le=99, unit="seats", source="five to nine by law; not checked", mark="assumed",
        en="Seats", zh="居委会席位",
    )
    seat_hours: float = fact(
        4.0, ge=0.0, le=200.0, unit="hours a month", source=STAFF, mark="assumed",
        en="Time that an elected member gives", zh="委员工时",
    )
    term: int = fact(
        36, ge=1, le=240, unit="months", source="three years by the law in force until the end of 2018; not checked",
        mark="assumed", en="Term of office", zh="任期",
    )
    vote_cost: float = fact(
        0.15, ge=0.0, le=1.0, unit="efficacy", source="choice", mark="assumed", en="Cost of voting", zh="投票成本",
    )
    stand_cost: float = fact(
        0.3, ge=0.0, le=1.0, unit="efficacy", source="choice", mark="assumed", en="Cost of standing", zh="参选成本",
    )


class PropertyFirm(Section):
    """The property firm. A nominal firm, appointed by the subdistrict, exists in every world and collects the fee."""

    residents_rate: bool = lever(
        False, unit="yes or no",
        price="`rating_hours` of the residents' committee every month",
        source=ARTICLE, mark="assumed", en="Residents rate the firm", zh="居民评价物业",
    )
    rating_hours: float = fact(
        4.0, gt=0.0, le=1000.0, unit="hours a month per 1,000 residents", source=STAFF, mark="assumed",
        en="Time for rating", zh="评价工时",
    )
    slack: float = fact(
        0.38, ge=0.0, le=1.0, unit="share of income", source="values that behaved in a throw-away prototype",
        mark="calibrated", en="Income that a firm nobody judges doesn't turn into work", zh="垄断松弛",
    )
    slack_rated: float = fact(
        0.10, ge=0.0, le=1.0, unit="share of income", source="choice", mark="assumed",
        en="That share when residents rate the firm", zh="受评价时的松弛",
    )
    full_cost: float = fact(
        0.75, gt=0.0, le=10.0, unit="yuan per square metre and month",
        source="choice: a fee of .8 carries full effort when nearly all pay", mark="assumed",
        en="Cost of full effort", zh="全额服务成本",
    )
    crew_hours: float = fact(
        60.0, ge=0.0, le=10_000.0, unit="hours a month per 1,000 residents, at full effort", source=STAFF,
        mark="assumed", en="Time for projects beside routine upkeep", zh="项目工时",
    )
    minimum_effort: float = fact(
        0.22, ge=0.0, le=1.0, unit="effort", source="values that behaved in a throw-away prototype",
        mark="calibrated", en="Least effort", zh="最低服务水平",
    )
    pace: float = fact(
        0.25, ge=0.0, le=1.0, unit="share a month", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Speed at which effort follows income", zh="服务调整速度",
    )
    upkeep: float = fact(
        0.12, ge=0.0, le=1.0, unit="share a month", source="values that behaved in a throw-away prototype",
        mark="assumed", en="Upkeep by full effort", zh="养护效果",
    )
    loss_months: int = fact(
        12, ge=1, le=120, unit="months", source="a year of loss ends in exit; choice", mark="assumed",
        en="Months of loss until the firm leaves", zh="弃管前亏损月数",
    )
    vacancy: int = fact(
        3, ge=1, le=60, unit="months", source="choice", mark="assumed",
        en="Months without a firm before another can be appointed", zh="空置月数",
    )
