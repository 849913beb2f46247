"""`[norms]`: levers and facts of the commons (`month/commons.py`) and of disputes (`month/disputes.py`)."""

from cosim.scenario.field import CHOICE, PER_THOUSAND, Section, fact, hours, lever, switch


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
