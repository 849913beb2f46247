"""Who lives in the compound, who they know, and how they come and go."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import create_model, model_validator

from cosim.language import told
from cosim.scenario.errors import Refusal, Refused
from cosim.scenario.field import ENSEMBLE, PROTOTYPE, Section, fact
from cosim.scenario.own_community import (
    MOST_BUILDINGS,
    MOST_HOUSEHOLDS,
    MOST_RESIDENTS,
    changed,
    read_community,
)
from cosim.scenario.reading import POPULATION_FILES
from cosim.scenario.toml_text import write_value

FROM: dict[str, Any] = {
    "from": (
        str,
        fact(
            "", unit="file", source="choice", mark="assumed",
            en="File of residents, a row for each adult (docs/howto/own_community.md); empty: all are drawn",
            zh="居民文件",
        ),
    )
}  # fmt: skip
"""A field whose name is a word of Python's own, and which can be had only by `getattr`."""
LONGEST_NAME = 60
"""Characters that a person's name may have."""

if TYPE_CHECKING:
    _FromFile = Section
else:
    _FromFile = create_model("_FromFile", __base__=Section, **FROM)


class Population(_FromFile):
    """Who lives in the compound. Fixed within a comparison.

    People come from files where `from` names one: `households`, `residents` and `buildings` are then counted, and
    what the files leave out is drawn.
    """

    households_from: str = fact(
        "", unit="file", source="choice", mark="assumed",
        en="File of households, a row for each; only with `from`", zh="家庭文件",
    )
    ties_from: str = fact(
        "", unit="file", source="choice", mark="assumed",
        en="File of ties at the start, a row for each; only with `from`", zh="关系文件",
    )
    digest: str = fact(
        "", unit="hexadecimal digits", source="derived from the files when they are read", mark="derived",
        en="Digest of what the files say; files that say something else are refused", zh="文件摘要",
    )

    names: tuple[str, ...] = fact(
        (), unit="list", source="choice", mark="assumed",
        en="Names of those who live here when the run begins, row by row; nothing depends on them", zh="居民姓名",
    )

    seed: int = fact(
        1, ge=0, le=2**31 - 1, unit="seed", source="choice", mark="assumed",
        en="Seed of the population", zh="人口种子",
    )
    households: int = fact(
        350, ge=1, le=MOST_HOUSEHOLDS, unit="households", source="choice", mark="assumed",
        en="Households", zh="户数",
    )
    residents: int = fact(
        1000, ge=1, le=MOST_RESIDENTS, unit="adults", source="choice", mark="assumed",
        en="Adult residents, every one an agent; children are counted apart", zh="成年居民",
    )
    buildings: int = fact(
        12, ge=1, le=MOST_BUILDINGS, unit="buildings", source="choice", mark="assumed",
        en="Residential buildings", zh="楼栋数",
    )
    migrant_share: float = fact(
        0.4, ge=0.0, le=1.0, unit="share of households",
        source="the article says only that migrants are an absolute proportion; value chosen", mark="assumed",
        en="Migrant households", zh="外来流动人口比例",
    )
    member_share: float = fact(
        0.09, ge=0.0, le=1.0, unit="share of adults",
        source="about 99 million of China's adults; not checked, old compounds may have more", mark="assumed",
        en="Share of Party members", zh="党员比例",
    )
    children_share: float = fact(
        0.3, ge=0.0, le=1.0, unit="share of households", source="choice", mark="assumed",
        en="Households with children", zh="有孩子的家庭比例",
    )
    long_term_age: float = fact(
        52.0, ge=18.0, le=90.0, unit="years",
        source="gives 30 to 35 % aged 60 and over (34.7 % in a survey of Shanghai estates)", mark="derived",
        en="Mean age of long-term adults", zh="原居民平均年龄",
    )
    migrant_age: float = fact(
        35.0, ge=18.0, le=90.0, unit="years", source="choice", mark="assumed",
        en="Mean age of migrant adults", zh="外来人口平均年龄",
    )
    age_spread: float = fact(
        16.0, ge=0.0, le=30.0, unit="years (standard deviation)", source="choice", mark="assumed",
        en="Spread of ages", zh="年龄标准差",
    )
    free_riders: float = fact(
        0.3, ge=0.0, le=1.0, unit="share of adults", source="Fischbacher et al. 2001 (students); sweep ±.15",
        mark="read", en="Free riders", zh="搭便车者比例",
    )
    hump_shaped: float = fact(
        0.2, ge=0.0, le=1.0, unit="share of adults",
        source="Fischbacher et al. 2001: 14 %, and the unclassified; sweep ±.15", mark="derived",
        en="Hump-shaped cooperators", zh="驼峰型合作者比例",
    )
    threshold_spread: float = fact(
        0.10, ge=0.0, le=0.5, unit="intention (standard deviation)", source=PROTOTYPE, mark="assumed",
        en="Spread of personal thresholds", zh="个人阈值标准差",
    )
    migrants_rent: float = fact(
        0.85, ge=0.0, le=1.0, unit="share of migrant households", source="choice; tenure in LY not found",
        mark="assumed", en="Migrant households that rent from an absent owner", zh="外来家庭租住比例",
    )
    public_rental: float = fact(
        0.08, ge=0.0, le=1.0, unit="share of long-term households",
        source="choice; work-unit flats that were not privatised", mark="assumed",
        en="Long-term households in public rental", zh="公房承租比例",
    )
    let: float = fact(
        0.04, ge=0.0, le=1.0, unit="share of long-term households", source="choice", mark="assumed",
        en="Long-term households that rent from an absent owner", zh="原居民租住比例",
    )
    member_hours: float = fact(
        4.0, ge=0.0, le=40.0, unit="hours a month", source="choice", mark="assumed",
        en="Hours that a Party member can spare", zh="可用时间",
    )

    @model_validator(mode="before")
    @classmethod
    def counted(cls, given: Any) -> Any:
        """Count who is in the files, and take their digest unless one is given."""
        paths = [given.get(key, "") for key in POPULATION_FILES] if isinstance(given, dict) else [""]
        if not paths[0] or not all(isinstance(path, str) for path in paths):
            return given
        found, digest, _ = read_community(paths)
        if found is None:
            return given
        numbers = {
            "households": len(found.households), "residents": len(found.persons), "buildings": len(found.buildings)
        }  # fmt: skip
        return {**given, **numbers, "digest": given.get("digest") or digest}

    @model_validator(mode="after")
    def files_hold(self) -> "Population":
        """Refuse files that are faulty or have changed, and what says something of files that are not named."""
        if getattr(self, "from"):
            _, digest, found = read_community(files_of(self))
            faults = found or changed(self.digest, digest)
        else:
            idle = [key for key in ("households_from", "ties_from", "digest") if getattr(self, key)]
            message = told("there is no file of residents for this to go with")
            hint = told('add from = "residents.csv"')
            faults = tuple(Refusal(key, message, hint=hint) for key in idle)
        if faults:
            raise Refused(faults)
        return self

    @model_validator(mode="after")
    def names_hold(self) -> "Population":
        """Refuse names of people whom files name already, and names that do not tell one."""
        faults = tuple(self._name_faults())
        if faults:
            raise Refused(faults)
        return self

    def _name_faults(self) -> Iterator[Refusal]:
        if self.names and getattr(self, "from"):
            hint = told("delete this key")
            yield Refusal("names", told("the file of residents names them already"), hint=hint)
            return
        seen = set[str]()
        for name in self.names:
            if name in seen:
                yield Refusal("names", told("'{name}' stands there twice", name=name), told("each once"))
            elif reason := _no_name(name):
                allowed = told("a text such as {example}", example='"王秀兰 Wang Xiulan"')
                yield Refusal("names", told("{given}: {reason}", given=write_value(name), reason=reason), allowed)
            seen.add(name)


def files_of(who: Population) -> tuple[str, ...]:
    """Return the paths of residents, households and ties; "" where there is none."""
    return tuple(getattr(who, key) for key in POPULATION_FILES)


def _no_name(text: str) -> str:
    """Return why a text cannot be what a person is called, or nothing if it can."""
    if len(text) > LONGEST_NAME:
        return told("longer than {most} characters", most=LONGEST_NAME)
    if not text.isprintable() or text != " ".join(text.split()):
        return told("it is to have no blank at its ends, no two in a row, and no sign that cannot be seen")
    if not any(sign.isalpha() for sign in text):
        return told("a name has a letter in it; a number is a row") if text else told("it is empty")
    return ""


class Ties(Section):
    """Neighbourhood network. Strength in [0, 1]; an everyday level to which unused ties return."""

    neighbours: float = fact(
        7.5, ge=0.0, le=12.0, unit="ties", source="calibrated on near-isolates (pattern C4)", mark="calibrated",
        en="Near neighbours a person would know, on average, if origin made no difference", zh="平均近邻关系数",
    )
    acquaintances: float = fact(
        0.9, ge=0.0, le=6.0, unit="ties", source=PROTOTYPE, mark="assumed",
        en="Acquaintances farther away, on average", zh="平均熟人关系数",
    )
    across_buildings: float = fact(
        0.4, ge=0.0, le=1.0, unit="share of acquaintances", source="choice", mark="assumed",
        en="Acquaintances in another building", zh="跨楼熟人比例",
    )
    sociability: float = fact(
        0.4, ge=0.0, le=1.0, unit="relative spread", source="calibrated on near-isolates (pattern C4)",
        mark="calibrated", en="How much people differ in sociability", zh="社交性差异",
    )
    homophily: float = fact(
        0.7, ge=0.5, le=1.0, unit="share", source="not found; sweep .5 to .95", mark="assumed",
        en="Preference for ties within the same origin (0.5: none)", zh="同源偏好",
    )
    neighbour_base: float = fact(
        0.25, ge=0.0, le=1.0, unit="strength", source=ENSEMBLE, mark="calibrated",
        en="Everyday strength of a tie between near neighbours", zh="近邻日常关系强度",
    )
    other_base: float = fact(
        0.05, ge=0.0, le=1.0, unit="strength", source=PROTOTYPE, mark="assumed",
        en="Everyday strength of other ties", zh="其他日常关系强度",
    )
    newcomer_strength: float = fact(
        0.12, ge=0.0, le=1.0, unit="strength", source=ENSEMBLE, mark="calibrated",
        en="Strength of a newcomer's ties on arrival", zh="新居民初始关系强度",
    )
    pace: float = fact(
        0.03, ge=0.0, le=1.0, unit="share a month", source=PROTOTYPE, mark="assumed",
        en="Return of a tie to its everyday strength", zh="关系回归速度",
    )
    joint_gain: float = fact(
        0.15, ge=0.0, le=1.0, unit="share of the distance to 1", source=PROTOTYPE, mark="assumed",
        en="Gain of a tie by acting together once", zh="共同行动的关系增益",
    )
    crowding: float = fact(
        0.25, ge=0.0, le=10.0, unit="per tie", source=PROTOTYPE, mark="assumed",
        en="How far existing ties keep people from making new ones", zh="既有关系的挤出",
    )
    open_to_new: float = fact(
        1.0, ge=0.0, le=1.0, unit="share", source="choice: all that crowding leaves; 0 keeps people strangers",
        mark="assumed", en="Strangers who act together and are open to a new tie", zh="愿意结识新人的比例",
    )
    forgotten: float = fact(
        0.08, ge=0.0, le=0.5, unit="strength", source=PROTOTYPE, mark="assumed",
        en="Strength below which a tie is gone", zh="关系消失阈值",
    )
    near_isolate: float = fact(
        0.15, ge=0.0, le=1.0, unit="strength", source="choice: what counts as meeting in C4", mark="assumed",
        en="A near-isolate has at most one tie above this strength", zh="近孤立者的强度界限",
    )


class Moving(Section):
    """Leaving and arriving (`rules/moving.py`)."""

    migrant_rate: float = fact(
        0.025, ge=0.0, le=1.0, unit="probability a month",
        source="above the exit from the city, .19 to .25 a year; compounds not found", mark="derived",
        en="Migrant households that move away", zh="外来家庭迁出率",
    )
    long_term_rate: float = fact(
        0.003, ge=0.0, le=1.0, unit="probability a month", source="2 to 5 % a year, not checked", mark="assumed",
        en="Long-term households that move away", zh="原居民家庭迁出率",
    )
    w_satisfaction: float = fact(
        1.5, ge=0.0, le=10.0, unit="log rate per unit", source=PROTOTYPE, mark="assumed",
        en="Weight of satisfaction", zh="满意度权重",
    )
    w_belonging: float = fact(
        1.0, ge=0.0, le=10.0, unit="log rate per unit", source=PROTOTYPE, mark="assumed",
        en="Weight of belonging", zh="归属感权重",
    )
    usual_belonging: float = fact(
        0.4, ge=0.0, le=1.0, unit="belonging", source=PROTOTYPE, mark="assumed",
        en="Belonging at which the usual rate holds", zh="基准归属感",
    )
    log_hazard: float = fact(
        -10.5, ge=-30.0, le=0.0, unit="log yearly hazard at age 0", source="Gompertz, 2 % at 70; not checked",
        mark="assumed", en="Death: level", zh="死亡率水平",
    )
    hazard_slope: float = fact(
        0.095, ge=0.0, le=0.3, unit="per year of age", source="Gompertz; not checked", mark="assumed",
        en="Death: slope", zh="死亡率斜率",
    )
    joining: float = fact(
        0.03, ge=0.0, le=1.0, unit="probability a month", source="choice: keeps the number of residents steady",
        mark="assumed", en="An empty place in a household is filled by a grown child or a relative", zh="家庭补位概率",
    )
