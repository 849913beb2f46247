"""What households decide: constants of their rules, and of the disputes between them."""

from cosim.scenario.field import CHOICE, PROTOTYPE, Section, fact


class Fee(Section):
    """A household's property fee (`rules/fee.py`)."""

    rate: float = fact(
        0.8, ge=0.0, le=10.0, unit="yuan per square metre and month",
        source="Chongqing without lift .6 to 1.35; Shanghai .75 to 1.21", mark="read",
        en="Rate of the property fee", zh="物业费标准",
    )
    area: float = fact(
        75.0, ge=10.0, le=500.0, unit="square metres", source="choice", mark="assumed",
        en="Mean dwelling", zh="平均住房面积",
    )
    area_spread: float = fact(
        18.0, ge=0.0, le=100.0, unit="square metres (standard deviation)", source="choice", mark="assumed",
        en="Spread of dwellings", zh="住房面积标准差",
    )
    initial_share: float = fact(
        0.41, ge=0.0, le=1.0, unit="share of households", source="Pinge building before, 41 %", mark="read",
        en="Households paying at the start", zh="初始缴费率",
    )
    intercept: float = fact(
        1.0, ge=-10.0, le=10.0, unit="logits", source=PROTOTYPE, mark="calibrated",
        en="Readiness to pay at neutral service", zh="缴费截距",
    )
    w_service: float = fact(
        9.5, ge=0.0, le=30.0, unit="logits per unit service", source=PROTOTYPE, mark="calibrated",
        en="Weight of service", zh="服务权重",
    )
    neutral_service: float = fact(
        0.49, ge=0.0, le=1.0, unit="service", source=PROTOTYPE, mark="calibrated",
        en="Service that neither draws nor repels", zh="中性服务水平",
    )
    w_trust: float = fact(
        0.8, ge=0.0, le=10.0, unit="logits per unit trust", source=PROTOTYPE, mark="assumed",
        en="Weight of trust in the firm", zh="对物业信任权重",
    )
    w_others: float = fact(
        0.85, ge=0.0, le=10.0, unit="logits per unit share", source=PROTOTYPE, mark="assumed",
        en="Weight of neighbours who pay", zh="邻里缴费权重",
    )
    burden: float = fact(
        0.3, ge=0.0, le=10.0, unit="logits at the shipped fee for the mean dwelling", source="choice", mark="assumed",
        en="Burden of the fee", zh="费用负担",
    )
    taste_spread: float = fact(
        2.0, ge=0.0, le=5.0, unit="logits (standard deviation)", source=PROTOTYPE, mark="assumed",
        en="How much households differ", zh="家庭差异",
    )
    review: float = fact(
        0.16, ge=0.0, le=1.0, unit="probability a month", source="about twice a year", mark="assumed",
        en="Reviewing the decision", zh="重新考虑概率",
    )
    w_condition: float = fact(
        0.45, ge=0.0, le=1.0, unit="weight", source=PROTOTYPE, mark="assumed",
        en="Weight of condition against the firm's effort in property service", zh="设施状况权重",
    )


class Commons(Section):
    """Keeping or encroaching on what is shared: greens, roads, cleanliness (`rules/commons.py`)."""

    initial_share: float = fact(
        0.5, ge=0.0, le=1.0, unit="share of households",
        source="the article: greens became vegetable plots, roads car parks; no figure", mark="assumed",
        en="Households that keep at the start", zh="初始守护公共空间比例",
    )
    intercept: float = fact(
        0.2, ge=-10.0, le=10.0, unit="logits", source=CHOICE, mark="assumed",
        en="Readiness to keep when nothing else speaks", zh="守护意愿截距",
    )
    w_others: float = fact(
        2.0, ge=0.0, le=10.0, unit="logits per unit share", source="sign: conditional cooperation (Fischbacher et al. "
        "2001); more conditional cooperators and monitoring, better commons (Rustagi et al. 2010)", mark="assumed",
        en="Weight of neighbours who keep", zh="邻里示范权重",
    )
    w_belonging: float = fact(
        1.5, ge=0.0, le=10.0, unit="logits per unit", source=CHOICE, mark="assumed",
        en="Weight of belonging", zh="归属感权重",
    )
    w_sanction: float = fact(
        3.0, ge=0.0, le=10.0, unit="logits at certain and full sanction", source="a norm message with a sanction does "
        "more than either alone (experiments); size assumed", mark="assumed",
        en="Weight of sanctions", zh="惩戒权重",
    )
    w_reward: float = fact(
        0.8, ge=0.0, le=10.0, unit="logits per 100 yuan a year", source="incentives lead (Harbin experiments); size "
        "assumed", mark="assumed", en="Weight of rewards", zh="奖励权重",
    )
    review: float = fact(
        0.16, ge=0.0, le=1.0, unit="probability a month", source="as for the fee", mark="assumed",
        en="Reconsidering", zh="重新考虑概率",
    )
    conduct_seen: float = fact(
        0.5, ge=0.0, le=1.0, unit="share", source=CHOICE, mark="assumed",
        en="Keeping that neighbours notice without publicity", zh="无宣传时可见的守护行为",
    )
    intensity: float = fact(
        1.2, ge=0.0, le=2.0, unit="share of wear per share of households", source=CHOICE, mark="assumed",
        en="How much encroachment wears down common-pool services", zh="侵占的损耗强度",
    )
    ill_will: float = fact(
        0.4, ge=0.0, le=1.0, unit="signal", source="punishment can turn against the punisher (reviews); size assumed",
        mark="assumed", en="Ill will toward the committee of a household fully sanctioned", zh="受罚者的反感",
    )


class Disputes(Section):
    """Disputes between households (`month/disputes.py`): from encroachment and from works."""

    by_encroachment: float = fact(
        0.004, ge=0.0, le=1.0, unit="probability a month per share encroaching", source=CHOICE, mark="assumed",
        en="Disputes from encroachment", zh="侵占引发纠纷",
    )
    by_works: float = fact(
        0.002, ge=0.0, le=1.0, unit="probability a month per project at the place", source=CHOICE, mark="assumed",
        en="Disputes from works", zh="施工引发纠纷",
    )
    settling: float = fact(
        0.08, ge=0.0, le=1.0, unit="probability a month", source=CHOICE, mark="assumed",
        en="A dispute settles by itself", zh="纠纷自然化解概率",
    )
    hurt: float = fact(
        0.6, ge=0.0, le=1.0, unit="signal", source=CHOICE, mark="assumed",
        en="Signal about neighbours when a dispute breaks out (negative)", zh="纠纷信号",
    )
    relief: float = fact(
        0.3, ge=0.0, le=1.0, unit="signal", source=CHOICE, mark="assumed",
        en="Signal about neighbours when it is settled", zh="化解信号",
    )


class Voting(Section):
    """Owners' decisions by household (`rules/voting.py`; Civil Code, art. 278)."""

    quorum: float = fact(
        2 / 3, ge=0.0, le=1.0, unit="share of owners and of area", source="Civil Code art. 278", mark="read",
        en="Quorum", zh="参与表决门槛",
    )
    ordinary: float = fact(
        0.5, ge=0.0, le=1.0, unit="share of those voting, by heads and area", source="Civil Code art. 278: more than "
        "half", mark="read", en="Ordinary majority", zh="普通多数",
    )
    special: float = fact(
        0.75, ge=0.0, le=1.0, unit="share of those voting, by heads and area", source="Civil Code art. 278: three "
        "quarters", mark="read", en="Special majority", zh="特别多数",
    )
    intercept: float = fact(
        1.6, ge=-10.0, le=10.0, unit="logits", source=CHOICE, mark="assumed",
        en="Readiness to agree at neutral trust and no cost", zh="同意截距",
    )
    w_need: float = fact(
        3.0, ge=0.0, le=20.0, unit="logits per unit grievance", source=CHOICE, mark="assumed",
        en="Weight of grievance", zh="需求权重",
    )
    w_trust: float = fact(
        4.0, ge=0.0, le=20.0, unit="logits per unit trust", source=CHOICE, mark="assumed",
        en="Weight of trust in whoever proposes", zh="信任权重",
    )
    w_cost: float = fact(
        1.0, ge=0.0, le=20.0, unit="logits per month's fee", source=CHOICE, mark="assumed",
        en="Weight of what it costs the household", zh="费用权重",
    )
    by_proxy: float = fact(
        0.15, ge=0.0, le=1.0, unit="probability", source=CHOICE, mark="assumed",
        en="A household that does not come to vote gives a proxy of its own accord", zh="自发委托概率",
    )
    unwilling: float = fact(
        0.3, ge=0.0, le=1.0, unit="signal", source=CHOICE, mark="assumed",
        en="Signal about the committee of a household that is charged against its will (negative)", zh="强制分摊的反感",
    )
