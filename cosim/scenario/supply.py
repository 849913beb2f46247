"""Service categories, and the arrangements by which they are supplied.

An arrangement says who decides (arranger), who does it (producers), who pays (payers), how a producer is chosen
(award) and who looks after it (overseer). The seven named modes follow Savas (privatization and public-private
partnerships); "partner" stands for one institution among the category's `partners`, chosen by the award.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import ConfigDict, Field

from cosim.language import told
from cosim.scenario.errors import Refusal, together
from cosim.scenario.field import PROTOTYPE, WORK, Section, fact, lever

Mode = Literal[
    "direct", "contract", "market_entry", "grant", "voluntary", "self_provision", "co_production"
]
SupplyMode = Literal["single_centre", "multi_centre"]
Partner = Literal["property_firm", "social_organisation", "enterprise", "public_unit"]
Producer = Literal["government", "partner", "residents"]
Payer = Literal["government", "partner", "residents"]
Arranger = Literal["government", "community", "residents"]
Overseer = Literal["government", "community", "nobody"]
Award = Literal["assign", "contract", "open_entry", "self_provision"]


class Arrangement(Section):
    """How one category is supplied."""

    arranger: Arranger
    producers: tuple[Producer, ...]
    payers: dict[Payer, float]
    award: Award
    overseer: Overseer
    volunteer_openings: int = 0

    @property
    def parties(self) -> int:
        """Number of different parties that have to be brought together."""
        paying = [payer for payer, share in self.payers.items() if share > 0.0]
        return len({self.arranger, *self.producers, *paying} - {"community"})


MODES: dict[str, Arrangement] = {
    "direct": Arrangement(
        arranger="government", producers=("government",), payers={"government": 1.0},
        award="assign", overseer="government",
    ),
    "contract": Arrangement(
        arranger="community", producers=("partner",), payers={"government": 1.0},
        award="contract", overseer="community",
    ),
    "market_entry": Arrangement(
        arranger="community", producers=("partner",), payers={"partner": 1.0},
        award="open_entry", overseer="community",
    ),
    "grant": Arrangement(
        arranger="community", producers=("partner",), payers={"government": 0.5, "partner": 0.5},
        award="contract", overseer="community",
    ),
    "voluntary": Arrangement(
        arranger="community", producers=("partner", "residents"), payers={"government": 0.4, "partner": 0.6},
        award="open_entry", overseer="community", volunteer_openings=8,
    ),
    "self_provision": Arrangement(
        arranger="residents", producers=("residents",), payers={"residents": 1.0},
        award="self_provision", overseer="nobody", volunteer_openings=12,
    ),
    "co_production": Arrangement(
        arranger="community", producers=("partner", "residents"),
        payers={"government": 0.6, "partner": 0.3, "residents": 0.1},
        award="contract", overseer="community", volunteer_openings=6,
    ),
}  # fmt: skip


class Category(Section):
    """A service category: what it is, who needs it, how it wears, what work on it costs."""

    label: str = fact(..., unit="text", source="choice", mark="assumed", en="Name in English", zh="英文名")
    label_zh: str = fact("", unit="text", source="choice", mark="assumed", en="Name in Chinese", zh="中文名")
    tier: Literal["basic", "improved", "upgraded"] = fact(
        "basic", unit="choice", source="the article: basic, improved, upgraded", mark="read", en="Tier", zh="层次",
    )
    good: Literal["public", "common_pool", "club", "private"] = fact(
        "public", unit="choice", source="choice", mark="assumed", en="Kind of good", zh="物品类型",
    )
    scope: Literal["building", "compound"] = fact(
        "building", unit="choice", source="choice", mark="assumed", en="Place it serves", zh="服务范围",
    )
    need: float = fact(
        1.0, ge=0.0, le=100.0, unit="weight", source="choice", mark="assumed", en="Need of an adult", zh="一般需求",
    )
    need_old: float = fact(
        1.0, ge=0.0, le=100.0, unit="factor from age 60", source="choice", mark="assumed",
        en="Need of the old", zh="老年需求系数",
    )
    need_children: float = fact(
        1.0, ge=0.0, le=100.0, unit="factor with children", source="choice", mark="assumed",
        en="Need of families", zh="有孩子家庭需求系数",
    )
    need_migrant: float = fact(
        1.0, ge=0.0, le=100.0, unit="factor for migrants", source="choice", mark="assumed",
        en="Need of migrants", zh="外来人口需求系数",
    )
    initial: float = fact(
        0.45, ge=0.0, le=1.0, unit="condition", source="choice", mark="assumed",
        en="Condition at the start", zh="初始状况",
    )
    deterioration: float = fact(
        0.018, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE,
        mark="assumed", en="Deterioration", zh="老化速度",
    )
    fault: float = fact(
        0.015, ge=0.0, le=1.0, unit="probability a month", source=PROTOTYPE,
        mark="assumed", en="Sudden fault", zh="突发故障概率",
    )
    upkeep_share: float = fact(
        0.0, ge=0.0, le=1.0, unit="share", source="choice", mark="assumed",
        en="Part whose upkeep is the property firm's duty", zh="物业养护份额",
    )
    cost: float = fact(
        12_000.0, ge=0.0, le=1e9, unit="yuan per building, or per 1,000 residents for the compound",
        source=PROTOTYPE, mark="assumed",
        en="Cost of full work", zh="全额工程成本",
    )
    work_months: int = fact(
        2, ge=1, le=60, unit="months", source="choice", mark="assumed", en="Duration of work", zh="工期",
    )
    margin: float = fact(
        0.0, ge=0.0, le=1000.0, unit="yuan per user and month", source="choice", mark="assumed",
        en="What an enterprise earns from a user", zh="每用户月利润",
    )
    licensed: bool = fact(
        False, unit="yes or no", source="choice: work for licensed crews", mark="assumed",
        en="Only licensed crews may work on it, so that residents cannot", zh="须持证施工",
    )
    needs_site: bool = fact(
        False, unit="yes or no", source="the article: disused sites became stations and centres", mark="derived",
        en="Needs room that an old compound lacks", zh="需要场地",
    )
    partners: tuple[Partner, ...] = fact(
        (), unit="list of institutions", source="choice", mark="assumed",
        en="Institutions beside government that can do the work", zh="可参与单位",
    )
    multi_centre: Mode = fact(
        "direct", unit="choice", source="choice", mark="assumed",
        en="Mode that `supply.mode = \"multi_centre\"` gives this category", zh="多中心供给模式",
    )


def cannot_have(category: Category, mode: str) -> str:
    """Return why a category cannot be supplied by a mode, or nothing if it can."""
    if category.licensed and MODES[mode].volunteer_openings:
        return told("only licensed crews may work on it, and this mode needs residents' hands")
    if mode == "market_entry" and category.good == "public":
        return told("nobody can be charged for a public good, so no enterprise enters")
    if mode == "market_entry" and category.margin == 0.0:
        return told("no user pays for it: its margin is 0")
    return ""


def share_faults(key: str, payers: Mapping[Payer, float]) -> Iterator[Refusal]:
    """Refuse shares of what is paid, given at a key, that are not shares of a whole."""
    total = sum(payers.values())
    outside = [payer for payer, share in payers.items() if not 0 <= share <= 1]
    if outside:
        message = told("the share of {payers} is not from 0 to 1", payers=together(outside))
    elif not payers:
        message = told("nobody pays")
    elif abs(total - 1) > 1e-9:
        message = told("the shares sum to {total:.4g}", total=total)
    else:
        return
    allowed = told("shares from 0 to 1 that sum to 1")
    yield Refusal(key, message, allowed, told("such as payers = { government = 0.6, partner = 0.4 }"))


class CategorySupply(Section):
    """Override of one category's supply: another named mode, or parts of it."""

    mode: Mode | None = lever(
        None, unit="choice", price="what the mode's payers pay and its parties cost in coordination", through=WORK,
        en="Mode", zh="供给模式",
    )
    partners: tuple[Partner, ...] | None = lever(
        None, unit="list of institutions", price="their own money and staff hours", through=WORK,
        en="Who may do the work", zh="参与单位",
    )
    arranger: Arranger | None = lever(
        None, unit="choice", price="the arranger's hours for coordination", through=WORK,
        en="Who decides and coordinates", zh="安排方",
    )
    award: Award | None = lever(
        None, unit="choice", price="what the institution that is chosen costs", through=WORK,
        en="How the producer is chosen", zh="选定方式",
    )
    payers: dict[Payer, float] | None = lever(
        None, unit="shares that sum to 1", price="itself: who pays what", through=WORK,
        en="Who pays", zh="由谁承担",
    )
    overseer: Overseer | None = lever(
        None, unit="choice", price="the overseer's hours", through=WORK,
        en="Who looks after the work", zh="监督方",
    )


class Supply(Section):
    """`mode` fills the arrangements of all categories; a table per category overrides it."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, CategorySupply] = Field(init=False)

    mode: SupplyMode = lever(
        "single_centre", unit="choice", price="what the payers of each arrangement pay and its parties cost",
        through=WORK, source="the article: from a single centre to many", mark="read",
        en="Mode of supply", zh="供给模式",
    )

    @property
    def categories(self) -> dict[str, CategorySupply]:
        """The overrides by category: `[supply.elderly_care]` is the entry "elderly_care"."""
        return self.__pydantic_extra__


def _number(default: int) -> Any:
    return fact(
        default, ge=0, le=100, unit="institutions", source="choice", mark="assumed", en="Number", zh="数量",
    )


def _money(default: float) -> Any:
    return fact(
        default, ge=0.0, le=10_000.0, unit="yuan per resident and year, together", source="choice", mark="assumed",
        en="Own money for this compound", zh="自有资金",
    )


def _staff_hours(default: float) -> Any:
    return fact(
        default, ge=0.0, le=10_000.0, unit="hours a month per 1,000 residents, each", source="choice", mark="assumed",
        en="Working time for this compound", zh="工作时间",
    )


class SocialOrganisations(Section):
    """Means of social organisations."""

    number: int = _number(2)
    money: float = _money(12.0)
    staff_hours: float = _staff_hours(30.0)


class Enterprises(Section):
    """Means of enterprises."""

    number: int = _number(2)
    money: float = _money(40.0)
    staff_hours: float = _staff_hours(40.0)


class PublicUnits(Section):
    """Means of public institutions and utilities."""

    number: int = _number(2)
    money: float = _money(40.0)
    staff_hours: float = _staff_hours(40.0)


class Partners(Section):
    """Partners that exist around the compound in every world; an arrangement decides whether they may act."""

    social_organisation: SocialOrganisations = SocialOrganisations()
    enterprise: Enterprises = Enterprises()
    public_unit: PublicUnits = PublicUnits()
