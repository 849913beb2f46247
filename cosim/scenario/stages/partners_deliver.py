"""`[partners_deliver]`: levers and facts of the phase in `month/partners_deliver.py`."""

from cosim.scenario.field import CHOICE, PER_THOUSAND, PROTOTYPE, STAFF, WORK, Section, fact, hours, lever, switch


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
