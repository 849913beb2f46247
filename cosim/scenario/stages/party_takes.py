"""`[party_takes]`: levers and facts of the phase in `month/party_takes.py`."""

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
