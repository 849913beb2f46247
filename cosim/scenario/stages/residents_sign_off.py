"""`[residents_sign_off]`: levers and facts of the phase in `month/residents_sign_off.py`."""

from cosim.scenario.field import CHOICE, PER_THOUSAND, WORK, Section, fact, hours, switch


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
