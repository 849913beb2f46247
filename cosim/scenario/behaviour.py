"""Constants of the rules of a person: one section per file of `cosim.rules`, under the same name."""

from typing import Literal

from cosim.scenario.field import CHOICE, ENSEMBLE, PROTOTYPE, Section, fact

TakingPartForm = Literal["planned", "threshold"]
"""How a person decides to act: by intention, or once enough others do."""
TalkForm = Literal["signals", "levels"]
"""What travels along ties: the last signals, or how much others trust."""


class Experience(Section):
    """Living with services (`rules/experience.py`)."""

    adaptation: float = fact(
        0.03, ge=0.0, le=1.0, unit="share a month", source="assumed between .02 and .10", mark="assumed",
        en="Adaptation of expectations", zh="期望适应速度",
    )
    aspiration: float = fact(
        0.06, ge=0.0, le=0.5, unit="condition", source=PROTOTYPE, mark="assumed",
        en="What people hope for above what they live with", zh="期望高于现状的幅度",
    )
    aspiration_ceiling: float = fact(
        0.9, ge=0.0, le=1.0, unit="condition", source=PROTOTYPE, mark="assumed",
        en="Condition above which nobody hopes for more", zh="期望上限",
    )
    newcomer: float = fact(
        0.5, ge=0.0, le=1.0, unit="condition", source="choice", mark="assumed",
        en="Condition that a newcomer expects", zh="新居民期望",
    )
    disconfirmation: float = fact(
        0.8, ge=0.0, le=3.0, unit="weight", source="pooled coefficients not found", mark="assumed",
        en="Weight of disconfirmation in satisfaction", zh="期望落差权重",
    )
    pace: float = fact(
        0.3, ge=0.0, le=1.0, unit="share a month", source="choice", mark="assumed",
        en="Speed at which satisfaction follows", zh="满意度调整速度",
    )


class Trust(Section):
    """Trust by target (`rules/trust.py`): neighbours, government, Party organisation, property firm, partners."""

    neighbours: float = fact(
        0.71, ge=0.05, le=0.95, unit="trust",
        source="gives the CFPS mean of 6.7 of 10 after the warm-up (pattern C3)", mark="calibrated",
        en="Mean set point: neighbours", zh="对邻居的信任基准",
    )
    government: float = fact(
        0.6, ge=0.05, le=0.95, unit="trust",
        source="township satisfaction 43.6 to 70.2 % (2003 to 2016) as a proxy", mark="derived",
        en="Mean set point: government", zh="对政府的信任基准",
    )
    party: float = fact(
        0.6, ge=0.05, le=0.95, unit="trust", source="as for government; residents' committees in %: not found",
        mark="assumed", en="Mean set point: Party organisation and residents' committee", zh="对党组织的信任基准",
    )
    firm: float = fact(
        0.5, ge=0.05, le=0.95, unit="trust", source="choice: no opinion", mark="assumed",
        en="Mean set point: property firm", zh="对物业公司的信任基准",
    )
    partners: float = fact(
        0.5, ge=0.05, le=0.95, unit="trust", source="choice: no opinion", mark="assumed",
        en="Mean set point: partners", zh="对共建单位的信任基准",
    )
    spread: float = fact(
        0.14, ge=0.0, le=0.3, unit="trust (standard deviation)", source=ENSEMBLE, mark="calibrated",
        en="Spread of personal set points", zh="信任基准标准差",
    )
    common_spread: float = fact(
        0.09, ge=0.0, le=0.3, unit="trust (standard deviation)", source=PROTOTYPE, mark="assumed",
        en="Part of the spread that all targets share in one person", zh="共同因子标准差",
    )
    gain: float = fact(
        0.05, ge=0.0, le=0.5, unit="trust at 0.5 per unit signal", source="assumed between .02 and .15", mark="assumed",
        en="Gain from own experience", zh="亲身经历的学习率",
    )
    hearsay_gain: float = fact(
        0.02, ge=0.0, le=0.5, unit="trust at 0.5 per unit signal", source="choice: smaller than own", mark="assumed",
        en="Gain from hearsay", zh="传闻的学习率",
    )
    loss_ratio: float = fact(
        2.0, ge=1.0, le=3.0, unit="ratio", source="sign: Slovic 1993; size by convention, sweep 1 to 3", mark="assumed",
        en="Bad against good own experience", zh="负面经历权重比",
    )
    hearsay_loss_ratio: float = fact(
        1.0, ge=1.0, le=2.0, unit="ratio", source="symmetric for described information (n = 286, 2023)", mark="read",
        en="Bad against good hearsay", zh="负面与正面传闻之比",
    )
    notice: float = fact(
        0.05, ge=0.0, le=1.0, unit="signal", source="modelling device; nothing empirical found", mark="assumed",
        en="Weakest signal that is noticed", zh="可察觉的信号阈值",
    )
    pull: float = fact(
        0.02, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE, mark="assumed",
        en="Return of trust to the set point", zh="信任回归速度",
    )
    encounter: float = fact(
        0.12, ge=0.0, le=1.0, unit="probability a month", source=PROTOTYPE, mark="assumed",
        en="Chance of an encounter with each body", zh="每月偶遇概率",
    )
    encounter_spread: float = fact(
        0.6, ge=0.0, le=1.0, unit="signal (standard deviation)", source=PROTOTYPE, mark="assumed",
        en="Luck in such an encounter", zh="偶遇信号标准差",
    )
    routine: float = fact(
        0.5, ge=0.0, le=1.0, unit="signal", source=PROTOTYPE, mark="assumed",
        en="Signal of an encounter when routine work is perfect (minus this when it is absent)", zh="日常工作信号幅度",
    )


class TakingPart(Section):
    """Deciding to act (`rules/taking_part.py`). Forms: order, deliberate, co-produce, vote, stand.

    Spread between residents at the start of LY: attitude about .1, norm about .1, control about .1.
    """

    form: TakingPartForm = fact(
        "planned", unit="choice", source="planned behaviour: Armitage & Conner 2001; threshold: Granovetter 1978, not "
        "checked", mark="assumed", en="How people decide: by intention, or once enough of their ties do",
        zh="参与决策形式",
    )
    mean_threshold: float = fact(
        0.2, ge=-1.0, le=2.0, unit="share of ties", source="choice: the share that people take for usual",
        mark="assumed", en="Threshold form: mean share of ties at which a person comes to a meeting",
        zh="阈值形式：参会的平均阈值",
    )
    threshold_stretch: float = fact(
        1.5, ge=0.0, le=20.0, unit="share of ties per unit intention", source=CHOICE, mark="assumed",
        en="Threshold form: how far personal thresholds lie apart", zh="阈值形式：个人阈值的离散倍数",
    )

    w_attitude: float = fact(
        0.4, ge=0.0, le=1.0, unit="weight", source="ranking: Armitage & Conner 2001; size not checked", mark="assumed",
        en="Weight of the attitude", zh="态度权重",
    )
    w_norm: float = fact(
        0.2, ge=0.0, le=1.0, unit="weight", source="the norm weighs least: Armitage & Conner 2001", mark="assumed",
        en="Weight of the visible norm", zh="规范权重",
    )
    w_control: float = fact(
        0.4, ge=0.0, le=1.0, unit="weight", source="ranking: Armitage & Conner 2001; size not checked", mark="assumed",
        en="Weight of perceived control", zh="控制感权重",
    )
    steepness: float = fact(
        9.0, ge=0.0, le=50.0, unit="logits per unit intention", source=PROTOTYPE, mark="assumed",
        en="How sharply intention decides", zh="意愿陡度",
    )
    order_threshold: float = fact(
        0.52, ge=-1.0, le=2.0, unit="intention", source="gives 0.1 to 0.3 orders per resident and year",
        mark="calibrated", en="Threshold: order", zh="下单阈值",
    )
    deliberate_threshold: float = fact(
        0.42, ge=-1.0, le=2.0, unit="intention", source=PROTOTYPE, mark="assumed",
        en="Threshold: deliberate", zh="协商阈值",
    )
    coproduce_threshold: float = fact(
        0.40, ge=-1.0, le=2.0, unit="intention", source=PROTOTYPE, mark="assumed",
        en="Threshold: co-produce", zh="共同生产阈值",
    )
    vote_threshold: float = fact(
        0.16, ge=-1.0, le=2.0, unit="intention", source="Shanghai turnout 47.9 % (pattern C2)", mark="calibrated",
        en="Threshold: vote", zh="投票阈值",
    )
    stand_threshold: float = fact(
        0.55, ge=-1.0, le=2.0, unit="intention", source="choice", mark="assumed",
        en="Threshold: stand for the committee", zh="参选阈值",
    )
    order_ceiling: float = fact(
        0.9, ge=0.0, le=1.0, unit="probability", source="near 1 for ordering", mark="assumed",
        en="Largest probability: order", zh="下单概率上限",
    )
    contribute_ceiling: float = fact(
        0.33, ge=0.0, le=1.0, unit="probability",
        source="under a third of those with maximal intention acted (Okun & Sloane 2002)", mark="read",
        en="Largest probability: deliberate, co-produce", zh="贡献概率上限",
    )
    vote_ceiling: float = fact(
        0.95, ge=0.0, le=1.0, unit="probability", source="near 1 for voting", mark="assumed",
        en="Largest probability: vote", zh="投票概率上限",
    )
    stand_ceiling: float = fact(
        0.05, ge=0.0, le=1.0, unit="probability", source="choice", mark="assumed",
        en="Largest probability: stand", zh="参选概率上限",
    )
    conditional_slope: float = fact(
        0.8, ge=0.0, le=1.0, unit="slope", source="imperfect (Fischbacher et al. 2001), .7 to .95", mark="assumed",
        en="Slope of conditional cooperation", zh="条件合作斜率",
    )
    usual_share: float = fact(
        0.2, ge=0.0, le=1.0, unit="share", source="choice: the share at which the norm neither pushes nor holds",
        mark="assumed", en="Share acting that people take for usual", zh="通常参与比例",
    )
    fatigue: float = fact(
        0.3, ge=0.0, le=1.0, unit="intention", source="choice", mark="assumed",
        en="Cost of acting again at once", zh="连续行动的疲劳",
    )
    fatigue_months: float = fact(
        6.0, ge=1.0, le=60.0, unit="months", source="choice", mark="assumed",
        en="Months after which that cost is gone", zh="疲劳消退月数",
    )
    habit: float = fact(
        0.1, ge=0.0, le=1.0, unit="intention", source="choice", mark="assumed",
        en="Weight of habit", zh="习惯权重",
    )
    habit_gain: float = fact(
        0.2, ge=0.0, le=1.0, unit="share of the distance to 1", source="choice", mark="assumed",
        en="Habit gained by contributing once", zh="习惯增益",
    )
    habit_half_life: float = fact(
        25.0, ge=1.0, le=240.0, unit="months", source=PROTOTYPE, mark="assumed",
        en="Half-life of habit", zh="习惯半衰期",
    )
    efficacy: float = fact(
        0.5, ge=0.0, le=1.0, unit="efficacy", source="choice: no opinion", mark="assumed",
        en="External efficacy of a newcomer", zh="初始效能感",
    )
    efficacy_gain: float = fact(
        0.15, ge=0.0, le=1.0, unit="share of the distance", source=PROTOTYPE, mark="assumed",
        en="Learning of efficacy from the outcome of one's own order", zh="效能感学习率",
    )
    efficacy_pull: float = fact(
        0.02, ge=0.0, le=1.0, unit="share a month", source="choice: as for trust", mark="assumed",
        en="Return of efficacy to the newcomer's level", zh="效能感回归速度",
    )
    mobilisation_floor: float = fact(
        0.15, ge=0.0, le=1.0, unit="share", source=PROTOTYPE, mark="assumed",
        en="Part of a visit's push that needs no kept promise", zh="走访动员的基础部分",
    )
    mobilisation_strength: float = fact(
        0.35, ge=0.0, le=1.0, unit="share of the distance to 1", source=PROTOTYPE, mark="assumed",
        en="Push of a visit", zh="走访动员强度",
    )
    mobilisation_decay: float = fact(
        0.35, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE, mark="assumed",
        en="Fading of mobilisation", zh="动员消退速度",
    )


class Handling(Section):
    """Judging how an order was handled (`rules/handling.py`). The four weights sum to 1."""

    w_outcome: float = fact(
        0.6, ge=0.0, le=1.0, unit="weight", source="outcome dominates procedure (Esaiasson et al. 2016)",
        mark="assumed", en="Weight of the outcome", zh="结果权重",
    )
    w_wait: float = fact(
        0.15, ge=0.0, le=1.0, unit="weight", source="usefulness counts more than speed (Hubei, n = 205)",
        mark="assumed", en="Weight of the wait", zh="等待权重",
    )
    w_reply: float = fact(
        0.15, ge=0.0, le=1.0, unit="weight", source="even a late reply helps (Hubei, n = 205)", mark="assumed",
        en="Weight of a reply", zh="回复权重",
    )
    w_explained: float = fact(
        0.1, ge=0.0, le=1.0, unit="weight", source="voice raises fairness (Nonami 2015)", mark="assumed",
        en="Weight of an explained decision", zh="解释权重",
    )
    fading: float = fact(
        0.08, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE, mark="assumed",
        en="Fading of the memory", zh="记忆消退速度",
    )
    patience: float = fact(
        12.0, ge=1.0, le=120.0, unit="months", source="choice", mark="assumed",
        en="Wait after which patience is used up", zh="耐心月数",
    )
    result_gain: float = fact(
        2.5, ge=0.0, le=10.0, unit="signal per unit condition", source=PROTOTYPE, mark="assumed",
        en="Signal of a result above expectation", zh="结果信号增益",
    )
    result_margin: float = fact(
        0.05, ge=0.0, le=1.0, unit="condition", source=PROTOTYPE, mark="assumed",
        en="Result above expectation that passes without a word", zh="结果信号余量",
    )
    failure: float = fact(
        0.6, ge=0.0, le=1.0, unit="signal", source=PROTOTYPE, mark="assumed",
        en="Signal of a failed or lost order (taken as negative)", zh="失败信号幅度",
    )
    handler_share: float = fact(
        0.4, ge=0.0, le=1.0, unit="share", source="choice", mark="assumed",
        en="Share of credit and blame that falls on whoever answers the order; the rest on those who pay and do",
        zh="接单方责任比例",
    )
    seen_weight: float = fact(
        0.35, ge=0.0, le=1.0, unit="weight", source=PROTOTYPE, mark="assumed",
        en="Weight of work seen in one's building against own orders", zh="旁观权重",
    )


class Talk(Section):
    """What people see and hear of each other (`rules/talk.py`)."""

    form: TalkForm = fact(
        "signals", unit="choice", source="averaging levels wears away what persons differ by, which panels find stable "
        "(Bekkers 2012)", mark="assumed", en="What travels: last signals, or levels of trust", zh="传播内容",
    )
    stubbornness: float = fact(
        0.5, ge=0.0, le=1.0, unit="weight", source="form of Friedkin and Johnsen; size assumed", mark="assumed",
        en="Talk of levels: weight of the own set point against what neighbours think; no effect where signals travel",
        zh="水平传播：固执程度",
    )

    visibility_floor: float = fact(
        0.4, ge=0.0, le=1.0, unit="share", source=PROTOTYPE, mark="assumed",
        en="Conduct seen without being informed", zh="无信息时的可见度",
    )
    small_numbers: float = fact(
        1000.0, ge=1.0, le=1e7, unit="adults", source=PROTOTYPE, mark="assumed",
        en="Size of a community in which conduct is seen anyway (e-folding)", zh="熟人社会规模",
    )
    forgetting: float = fact(
        0.15, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE, mark="assumed",
        en="Fading of news", zh="信息消退速度",
    )
    passing_on: float = fact(
        0.5, ge=0.0, le=1.0, unit="share", source="choice", mark="assumed",
        en="News that passes along a tie of full strength", zh="信息传递率",
    )


class Belonging(Section):
    """Belonging to the place (`rules/belonging.py`). The four weights sum to 1."""

    newcomer: float = fact(
        0.3, ge=0.0, le=1.0, unit="belonging", source="choice", mark="assumed",
        en="Belonging of a newcomer", zh="新居民归属感",
    )
    pace: float = fact(
        0.03, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE, mark="assumed",
        en="Drift to the target", zh="归属感调整速度",
    )
    settling: float = fact(
        80.0, ge=1.0, le=600.0, unit="months", source="length of residence is key (Theodori 2004); size assumed",
        mark="assumed", en="Months until half settled", zh="定居时间常数",
    )
    w_time: float = fact(
        0.35, ge=0.0, le=1.0, unit="weight", source="choice", mark="assumed",
        en="Weight of time lived here", zh="居住时间权重",
    )
    w_ties: float = fact(
        0.3, ge=0.0, le=1.0, unit="weight", source="choice", mark="assumed",
        en="Weight of ties", zh="关系权重",
    )
    w_condition: float = fact(
        0.25, ge=0.0, le=1.0, unit="weight", source="choice", mark="assumed",
        en="Weight of the condition of the place", zh="环境权重",
    )
    w_orders: float = fact(
        0.1, ge=0.0, le=1.0, unit="weight", source="choice", mark="assumed",
        en="Weight of orders signed off in the last year", zh="结单权重",
    )
