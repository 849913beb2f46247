"""Measures: each declared once, with unit, labels and the way in which a run is summed up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cosim.scenario.mechanisms import mechanism_class, mechanism_names

Level = Literal["resident", "community", "category"]
Summary = Literal["last_year", "per_resident_year"]

FEE_TRAP = 0.5
"""Share of households that pay the property fee, below which a compound counts as trapped."""


@dataclass(frozen=True)
class Measure:
    """One monthly measure.

    `summary` says how a run is summed up: mean of the last twelve months, or a monthly sum of yuan or hours over
    the whole branch, per resident and year. `better` is +1 or -1 where more is plainly better or worse, else 0.
    """

    name: str
    unit: str
    en: str
    zh: str
    meaning: str
    level: Level
    headline: bool = False
    summary: Summary = "last_year"
    better: int = 1

    @property
    def unit_of_level(self) -> str:
        """Unit of a run's level, such as share, or yuan per resident and year."""
        return f"{self.unit} per resident and year" if self.summary == "per_resident_year" else self.unit

    @property
    def bounds(self) -> tuple[float, float | None]:
        """Least and largest value that the measure can have; None where there is no largest."""
        return 0.0, {"share": 1.0, "0 to 1": 1.0, "0 to 100": 100.0, "standard deviation": 0.5}.get(self.unit)


def _trust(target: str, en: str, zh: str, headline: bool) -> Measure:
    return Measure(
        f"trust_{target}", "0 to 1", f"Trust in {en}", f"对{zh}的信任", "mean trust of residents", "resident", headline
    )


ALL = (
    Measure("participation", "share", "Participation", "参与",
            "residents who took part in a meeting or in joint work within twelve months", "resident", True),
    Measure("deliberating", "share", "Deliberation", "议事", "residents who came to a meeting within twelve months",
            "resident"),
    Measure("coproducing", "share", "Joint work", "共同生产",
            "residents who took part in joint work within twelve months", "resident"),
    Measure("voice", "share", "Voice", "诉求表达", "residents who placed an order within twelve months",
            "resident", True, better=0),
    Measure("turnout", "share", "Turnout", "投票率", "residents who voted in the committee's last election",
            "community", True),
    _trust("neighbours", "neighbours", "邻居", True),
    _trust("government", "government", "政府", True),
    _trust("party", "Party organisation and committee", "党组织和居委会", True),
    _trust("firm", "property firm", "物业公司", True),
    _trust("partners", "partners", "共建单位", False),
    Measure("satisfaction", "0 to 1", "Satisfaction", "满意度", "mean satisfaction with services", "resident", True),
    Measure("belonging", "0 to 1", "Belonging", "归属感", "mean belonging to the place", "resident", True),
    Measure("fee_collection", "share", "Fee collection", "物业费收缴率", "households that pay the property fee",
            "community", True),
    Measure("condition", "0 to 1", "Condition of services", "设施状况",
            "mean condition of services, as residents need them", "resident", True),
    Measure("cost_total", "yuan", "Total cost", "总成本",
            "all money spent on services, staff time, and priced hours of volunteers and members",
            "community", True, "per_resident_year", better=-1),
    Measure("cost_government", "yuan", "Public cost", "财政成本",
            "government's money for work, and paid staff time of government, Party branch and committee",
            "community", True, "per_resident_year", better=-1),
    Measure("cost_partners", "yuan", "Partners' cost", "共建单位成本", "partners' own money for work", "community",
            summary="per_resident_year", better=-1),
    Measure("cost_residents", "yuan", "Residents' cost", "居民成本", "residents' shares of work, and property fees",
            "community", summary="per_resident_year", better=-1),
    Measure("volunteer_hours", "hours", "Volunteer hours", "志愿工时", 
            "hours of volunteers, and of members for visits, teams, the duty rota and a chair",
            "community", summary="per_resident_year", better=0),
    Measure("safety", "0 to 1", "Perceived safety", "安全感", "mean perceived safety", "resident"),
    Measure("handling", "0 to 1", "Satisfaction with handling", "办理满意度",
            "mean memory of how own orders were handled", "resident"),
    Measure("expectation", "0 to 1", "Expectation", "期望", "mean expected condition of services", "resident",
            better=0),
    Measure("efficacy", "0 to 1", "External efficacy", "效能感", "mean belief that one's voice counts", "resident"),
    Measure("grievance", "0 to 1", "Grievance", "不满", "mean largest weighted shortfall of a service", "resident",
            better=-1),
    Measure("mobilisation", "0 to 1", "Mobilisation", "动员", "mean mobilisation", "resident", better=0),
    Measure("tie_strength", "sum of strengths", "Tie strength", "关系强度", "mean sum of a resident's tie strengths",
            "resident"),
    Measure("near_isolates", "share", "Near-isolates", "近孤立者", "residents with at most one tie of some strength",
            "resident", better=-1),
    Measure("informed", "0 to 1", "Informed", "知情", "mean of how well residents know of common affairs", "resident"),
    Measure("residents", "people", "Residents", "居民数", "adult residents", "resident", better=0),
    Measure("turnout_official", "share", "Official turnout", "官方投票率",
            "adults of households in which somebody voted: whoever votes brings the household's ballots", "community"),
    Measure("turnout_owners", "share", "Owners' turnout", "业主表决参与率",
            "owners represented in the last vote of all, by heads or area, whichever is less", "community"),
    Measure("keeping", "share", "Commons care", "公共空间守护率", "households that keep shared space", "community"),
    Measure("disputes", "disputes", "Disputes", "纠纷数", "disputes between households that stand", "community",
            better=-1),
    Measure("meetings", "meetings", "Meetings", "议事会", "meetings held this month", "community", better=0),
    Measure("openings", "openings", "Openings", "参与岗位", "places in joint work that were open this month",
            "community", better=0),
    Measure("index", "0 to 100", "Evaluation index", "综合评价指数", "mean of five parts with fixed anchors",
            "community"),
    Measure("index_convenience", "0 to 100", "Index: convenience", "便捷化", "open orders' mean age: 24 months is 0",
            "community"),
    Measure("index_precision", "0 to 100", "Index: precision", "精准化", "projects that met the need: all is 100",
            "community"),
    Measure("index_transparency", "0 to 100", "Index: transparency", "透明化", "informed: half of it is 100",
            "community"),
    Measure("index_low_cost", "0 to 100", "Index: low cost", "低成本化",
            "total cost: 200 yuan per resident and year is 100, 1,000 is 0", "community"),
    Measure("index_participation", "0 to 100", "Index: effective participation", "参与有效化",
            "participation times promises kept: a quarter is 100", "community"),
    Measure("fund", "yuan", "Maintenance fund", "维修资金", "balance of the maintenance fund", "community", better=0),
    Measure("firm_effort", "0 to 1", "Firm's effort", "物业服务水平", "effort of the property firm", "community"),
    Measure("promises_kept", "share", "Promises kept", "兑现率", "running share of requests that ended well, in time",
            "community"),
    Measure("trust_spread", "standard deviation", "Spread of trust", "信任标准差",
            "standard deviation of trust in neighbours between residents", "community", better=0),
    Measure("orders_placed", "orders", "Orders placed", "下单数", "orders placed this month", "community", better=0),
    Measure("requests", "requests", "Requests", "诉求人次", "people who asked, this month", "community", better=0),
    Measure("orders_open", "orders", "Orders open", "未结单数", "orders that have not ended", "community", better=-1),
    Measure("orders_signed_off", "orders", "Orders signed off", "结单数", "orders signed off this month", "community"),
    Measure("orders_rejected", "orders", "Orders rejected", "未接单数", "orders never taken, this month", "community",
            better=-1),
    Measure("orders_lost", "orders", "Orders lost", "丢失单数", "orders lost after they were taken, this month",
            "community", better=-1),
    Measure("wait", "months", "Wait", "等待时间", "months from placing to signing off, of this month's orders",
            "community", better=-1),
)  # fmt: skip

CATEGORY = (
    Measure("condition", "0 to 1", "Condition", "状况", "mean condition over buildings", "category", True),
    Measure("orders_placed", "orders", "Orders placed", "下单数", "orders placed this month", "category", better=0),
    Measure("orders_signed_off", "orders", "Orders signed off", "结单数", "orders signed off this month", "category"),
    Measure("orders_open", "orders", "Orders open", "未结单数", "orders that have not ended", "category", better=-1),
    Measure("wait", "months", "Wait", "等待时间", "months from placing to signing off", "category", True, better=-1),
    Measure("cost_government", "yuan", "Public cost", "财政成本", "government's money for work", "category", True,
            "per_resident_year", better=-1),
    Measure("cost_partners", "yuan", "Partners' cost", "共建单位成本", "partners' own money for work", "category", True,
            "per_resident_year", better=-1),
    Measure("cost_residents", "yuan", "Residents' cost", "居民成本", "residents' shares of work", "category", True,
            "per_resident_year", better=-1),
)  # fmt: skip



class Measures(dict[str, Measure]):
    """Measures of every compound by name; those of a mechanism are found by name too, and only so."""

    def __missing__(self, name: str) -> Measure:
        found = measures_of_mechanisms(mechanism_names())
        return found[name]


def measures_of_mechanisms(names: Iterable[str]) -> dict[str, Measure]:
    """Return the measures of the mechanisms with these names."""
    return {measure.name: measure for name in names for measure in mechanism_class(name).measures}


def is_measure(name: str) -> bool:
    """Whether a measure of the whole compound has this name, of every compound or of a mechanism."""
    return name in MEASURES or name in measures_of_mechanisms(mechanism_names())


MEASURES = Measures({measure.name: measure for measure in ALL})
CATEGORY_MEASURES = {measure.name: measure for measure in CATEGORY}
RESIDENT_MEASURES = tuple(measure.name for measure in ALL if measure.level == "resident")
GROUPS = ("long_term", "migrant", "member")
"""Groups of residents, as their classes: a Party member counts as such, whatever the origin."""
PERSON_MEASURES = (*(name for name in RESIDENT_MEASURES if name != "residents"), "fee_collection")
"""What the register knows of one person; paying the fee is the household's."""
TRAITS = ("household", "building", "group", "age", "tenure", "months_lived", "ties")
"""Who a person was at month 0: `group` and `tenure` by number, `ties` how many."""


def measure_of(outcome: str) -> Measure:
    """Return the declaration of an outcome: a measure, "condition", or one of a group or category, "wait.heating"."""
    measure, _, part = outcome.partition(".")
    return MEASURES[measure] if not part or part in GROUPS else CATEGORY_MEASURES[measure]
