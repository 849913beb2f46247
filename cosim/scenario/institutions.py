"""What each body has and may do: means, who appoints whom, who decides what."""

from typing import Literal

from cosim.scenario.field import (
    CHOICE,
    HOURS,
    PER_THOUSAND,
    PROTOTYPE,
    STAFF,
    WORK,
    Section,
    fact,
    hours,
    lever,
    switch,
)
from cosim.scenario.stages import Rung


class RungTerms(Section):
    """What a meeting of a rung changes and costs: `fit` of the risk of a miss that full attendance takes away,
    `hours` as a factor, `months` of talk before work begins, and whether those who come set the order of work.
    """

    fit: float
    hours: float
    months: int
    sets_priorities: bool


RUNGS: dict[Rung, RungTerms] = {
    "inform": RungTerms(fit=0.2, hours=1.0, months=0, sets_priorities=False),
    "consult": RungTerms(fit=0.6, hours=1.25, months=0, sets_priorities=False),
    "partner": RungTerms(fit=0.75, hours=1.75, months=1, sets_priorities=True),
    "delegate": RungTerms(fit=0.85, hours=2.25, months=1, sets_priorities=True),
}
"""Rungs of participation, after Arnstein and IAP2; the numbers are assumed."""


class Government(Section):
    """The government's side: subdistrict office and city departments. One pool of hours, one earmarked budget."""

    budget: float = lever(
        180.0, ge=0.0, le=10_000.0, unit="yuan per resident and year", price="itself: public money for projects",
        through=WORK, source=f"900,000 yuan a year in LY; {PROTOTYPE}",
        en="Budget for projects", zh="项目预算",
    )
    transfers: float = lever(
        0.0, ge=0.0, le=1.0, unit="share of what the district lacks",
        price="itself: public money from above", through=WORK,
        en="Transfers by fiscal capacity", zh="转移支付",
    )
    fiscal_capacity: float = fact(
        1.0, ge=0.0, le=1.0, unit="share of the budget", source=CHOICE, mark="assumed",
        en="Part of its budget that the district can pay itself", zh="财政能力",
    )
    staff_hours: float = fact(
        68.0, ge=0.0, le=10_000.0, unit=f"hours {PER_THOUSAND}", source=STAFF, mark="assumed",
        en="Working time for this compound", zh="工作时间",
    )
    hired_hours: float = lever(
        0.0, ge=0.0, le=100_000.0, unit=f"hours {PER_THOUSAND}",
        price="the wage of every hour, used or not: public money outside the projects' budget",
        through=HOURS, source=CHOICE, en="Staff hired for this compound", zh="增聘工作人员工时",
    )
    wage: float = fact(
        60.0, ge=0.0, le=1000.0, unit="yuan an hour", source=CHOICE, mark="assumed",
        en="Cost of a staff hour (government, Party branch, residents' committee)", zh="工作人员时薪",
    )


class Committee(Section):
    """The residents' committee, elected by adults; its paid staff and its seats give hours."""

    staff_hours: float = fact(
        70.0, ge=0.0, le=10_000.0, unit=f"hours {PER_THOUSAND}", source=STAFF, mark="assumed",
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
        0.15, ge=0.0, le=1.0, unit="efficacy", source=CHOICE, mark="assumed", en="Cost of voting", zh="投票成本",
    )
    stand_cost: float = fact(
        0.3, ge=0.0, le=1.0, unit="efficacy", source=CHOICE, mark="assumed", en="Cost of standing", zh="参选成本",
    )


class Owners(Section):
    """The owners' committee, and which matters owners decide: by quorum and majorities of `voting`.

    Votes take the hours of the owners' committee first.

    matter: who decides otherwise: majority of owners. Forming the committee: nobody: ordinary. Hiring and
    dismissing the firm: the subdistrict: ordinary. Residents' share of a project: the residents' committee: special,
    at the place. Spending the maintenance fund: nobody may: ordinary. Common income: the firm keeps it: special.
    """

    committee: bool = switch(
        "`committee_hours` of the residents' committee, and `assembly_hours` for every vote",
        ("effort", *WORK), "Owners' committee, if owners vote for it and somebody stands", "业主委员会",
    )
    chaired_by_member: bool = switch(
        "`chair_hours` of the chair's own spare hours; without a member who stands there is no committee, without hours"
        " it rests",
        ("effort", *WORK), "Its chair is a Party member, and the branch stands behind its proposals",
        "党员担任业委会主任",
    )
    proxies: bool = switch(
        "`proxy_hours` of the residents' committee for every vote", ("effort", *WORK),
        "Proxies are collected at the door and from absent owners", "上门收集委托票",
    )
    hire_firm: bool = switch(
        "`assembly_hours` of the residents' committee for every vote, once a year", ("effort", "routine"),
        "Owners hire and dismiss the property firm (with an owners' committee)", "业主选聘解聘物业",
    )
    consent: bool = switch(
        "`assembly_hours` of the residents' committee for every project with a residents' share; work waits for it",
        WORK, "Owners of the place consent to residents' share of a project", "居民出资须业主表决",
    )
    use_fund: bool = switch(
        "the fund itself, and `assembly_hours` of the residents' committee once a year", WORK,
        "Owners may spend the maintenance fund (with an owners' committee)", "动用维修资金",
    )
    common_income: bool = switch(
        "what the firm loses; and `accounts_hours` of the residents' committee", ("effort", *WORK),
        "Income from common parts goes to the fund, not to the firm (with an owners' committee)", "公共收益归业主",
    )
    committee_hours: float = hours(2.0, PER_THOUSAND, "Time to help the owners' committee", "协助业委会工时")
    assembly_hours: float = hours(4.0, "per vote and 1,000 residents concerned", "Time to hold a vote", "表决工时")
    proxy_hours: float = hours(4.0, "per vote and 1,000 residents concerned", "Time to collect proxies", "收集委托工时")
    chair_hours: float = hours(2.0, "a month", "Time of the chair", "主任工时")
    accounts_hours: float = hours(1.0, PER_THOUSAND, "Time to keep accounts of common income", "公共收益账目工时")
    proxies_found: float = fact(
        0.75, ge=0.0, le=1.0, unit="probability", source=CHOICE, mark="assumed",
        en="An owner who does not come is reached for a proxy where these are collected", zh="委托收集成功率",
    )
    seats: int = fact(
        5, ge=1, le=99, unit="seats", source="five to eleven is usual; not checked", mark="assumed",
        en="Seats of the owners' committee", zh="业委会席位",
    )
    fund: float = fact(
        10.0, ge=0.0, le=10_000.0, unit="yuan per square metre", source="choice; old compounds often have little",
        mark="assumed", en="Maintenance fund at the start", zh="维修资金初始余额",
    )
    parts_income: float = fact(
        0.03, ge=0.0, le=100.0, unit="yuan per square metre and month", source="choice: parking and advertising",
        mark="assumed", en="Income from common parts", zh="公共收益",
    )


class PropertyFirm(Section):
    """The property firm. A nominal firm, appointed by the subdistrict, exists in every world and collects the fee."""

    residents_rate: bool = switch(
        "`rating_hours` of the residents' committee", ("effort",), "Residents rate the firm", "居民评价物业",
    )
    duty_rota: bool = switch(
        "`rota_hours` of members' spare hours together, and `rota_staff_hours` of the Party branch", ("effort",),
        "Red property: a duty rota shared with the Party branch", "红色物业值班",
    )
    linkage: bool = switch(
        "`linkage_hours` of the residents' committee", WORK,
        "Four-party linkage: community, firm, owners, members and residents", "四方联动",
    )
    fee_level: float = lever(
        1.0, ge=0.3, le=2.0, unit="of the fee's rate", price="the firm's income, or the households' money",
        through=("fee_level",), source="Pinge: 2.74 to 1.6 yuan", mark="derived",
        en="Level of the fee", zh="物业费水平",
    )
    rating_hours: float = hours(4.0, PER_THOUSAND, "Time for rating", "评价工时")
    rota_hours: float = hours(10.0, PER_THOUSAND, "Members' time for the rota", "值班工时")
    rota_staff_hours: float = hours(2.0, PER_THOUSAND, "The branch's time for the rota", "值班组织工时")
    linkage_hours: float = hours(3.0, PER_THOUSAND, "Time to bring the four together", "四方联动工时")
    linkage_gain: float = fact(
        0.25, ge=0.0, le=1.0, unit="share of κ₀", source=PROTOTYPE, mark="assumed",
        en="Coordination that the linkage saves", zh="联动节省的协调成本",
    )
    slack: float = fact(
        0.38, ge=0.0, le=1.0, unit="share of income", source=PROTOTYPE,
        mark="calibrated", en="Income that a firm nobody judges doesn't turn into work", zh="垄断松弛",
    )
    slack_rated: float = fact(
        0.10, ge=0.0, le=1.0, unit="share of income", source=CHOICE, mark="assumed",
        en="That share when residents rate the firm", zh="受评价时的松弛",
    )
    slack_hired: float = fact(
        0.20, ge=0.0, le=1.0, unit="share of income", source=CHOICE, mark="assumed",
        en="That share when owners can dismiss it", zh="业主选聘时的松弛",
    )
    slack_rota: float = fact(
        0.25, ge=0.0, le=1.0, unit="share of income", source=CHOICE, mark="assumed",
        en="That share under a full duty rota", zh="值班监督时的松弛",
    )
    full_cost: float = fact(
        0.75, gt=0.0, le=10.0, unit="yuan per square metre and month",
        source="choice: a fee of .8 carries full effort when nearly all pay", mark="assumed",
        en="Cost of full effort", zh="全额服务成本",
    )
    crew_hours: float = fact(
        60.0, ge=0.0, le=10_000.0, unit=f"hours {PER_THOUSAND}, at full effort", source=STAFF,
        mark="assumed", en="Time for projects beside routine upkeep", zh="项目工时",
    )
    minimum_effort: float = fact(
        0.22, ge=0.0, le=1.0, unit="effort", source=PROTOTYPE, mark="calibrated", en="Least effort", zh="最低服务水平",
    )
    pace: float = fact(
        0.25, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE,
        mark="assumed", en="Speed at which effort follows income", zh="服务调整速度",
    )
    upkeep: float = fact(
        0.12, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE,
        mark="assumed", en="Upkeep by full effort", zh="养护效果",
    )
    loss_months: int = fact(
        12, ge=1, le=120, unit="months", source="a year of loss ends in exit; choice", mark="assumed",
        en="Months of loss until the firm leaves", zh="弃管前亏损月数",
    )
    vacancy: int = fact(
        3, ge=1, le=60, unit="months", source=CHOICE, mark="assumed",
        en="Months without a firm before another can be appointed", zh="空置月数",
    )


class Raters(Section):
    """Weight of each rater in the annual evaluation; a weight of 0 is not asked."""

    residents: float = fact(
        0.4, ge=0.0, le=1.0, unit="weight", source=CHOICE, mark="assumed", en="Residents", zh="居民",
    )
    representatives: float = fact(
        0.2, ge=0.0, le=1.0, unit="weight", source=CHOICE, mark="assumed",
        en="Representatives: those who came to meetings", zh="代表",
    )
    third_party: float = fact(
        0.2, ge=0.0, le=1.0, unit="weight", source=CHOICE, mark="assumed", en="Third party", zh="第三方",
    )
    superior: float = fact(
        0.2, ge=0.0, le=1.0, unit="weight", source=CHOICE, mark="assumed", en="Superior", zh="上级",
    )


class Review(Section):
    """The annual review; the evaluation index itself is a measure (`outcomes/index.py`)."""

    evaluation: bool = switch(
        "`review_hours` of the government once a year", WORK,
        "Annual evaluation: how well work was done enters reputation; ratings move part of the budget", "年度评价考核",
    )
    review_hours: float = hours(6.0, "per 1,000 residents, once a year", "Time for the evaluation", "评价工时")
    raters: Raters = Raters()
    stake: float = fact(
        0.2, ge=0.0, le=1.0, unit="share of the budget", source=CHOICE, mark="assumed",
        en="Part of the government's budget that depends on its rating", zh="与评价挂钩的预算比例",
    )
    memory: float = fact(
        0.5, ge=0.0, le=1.0, unit="share", source=CHOICE, mark="assumed",
        en="How far a rating replaces a partner's standing", zh="评价对声誉的影响",
    )


Shocked = Literal["flood", "failure", "partner_quits"]


class Shock(Section):
    """Something that happens to every arm alike."""

    month: int = fact(
        ..., ge=-600, le=1199, unit="month", source=CHOICE, mark="assumed", en="Month", zh="月份",
    )
    kind: Shocked = fact(..., unit="choice", source=CHOICE, mark="assumed", en="What happens", zh="冲击类型")
    category: str = fact(
        "", unit="category", source=CHOICE, mark="assumed", en="Service that fails (failure)", zh="受影响服务",
    )
    partner: str = fact(
        "", unit="institution, such as social_organisation_1", source=CHOICE, mark="assumed",
        en="Partner that quits (partner_quits)", zh="退出单位",
    )
    size: float = fact(
        0.4, ge=0.0, le=1.0, unit="condition lost", source=CHOICE, mark="assumed",
        en="Condition lost (flood, failure)", zh="损失幅度",
    )


class Renovation(Section):
    """The renovation programme: a lever of its own, whatever the mode of supply. A pilot, then phases."""

    grant: float = lever(
        0.0, ge=0.0, le=200_000.0, unit="yuan per household",
        price="itself: public money beside the projects' budget; what is not spent goes back",
        through=("condition", "works"), en="Renovation grant", zh="改造补助",
    )
    start: int = lever(
        0, ge=0, le=1199, unit="month", price="the months without it", through=("condition", "works"),
        source=CHOICE, en="Month in which the pilot begins", zh="试点开始月份",
    )
    pilot: float = lever(
        0.2, gt=0.0, le=1.0, unit="share of buildings",
        price="`supervision_hours` of the government for every building under work",
        through=("condition", "works"), en="Buildings of the pilot, and of each phase after it", zh="试点比例",
    )
    months: int = fact(
        6, ge=1, le=60, unit="months", source=CHOICE, mark="assumed", en="Duration of a phase", zh="每期工期",
    )
    supervision_hours: float = hours(1.0, "a month per building", "Time to supervise the works", "改造监管工时")
    categories: tuple[str, ...] = fact(
        (), unit="categories (none: all of the basic tier)", source="the article: renovate the basic first",
        mark="read", en="Services that it covers", zh="改造内容",
    )
