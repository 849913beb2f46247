"""`[residents_order]`: levers and facts of the phase in `month/residents_order.py`."""

from cosim.scenario.field import CHOICE, PER_THOUSAND, PROTOTYPE, STAFF, WORK, Section, fact, hours, lever, switch


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
