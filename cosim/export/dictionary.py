"""The dictionary: every column of every table, declared once with type, unit, bounds, labels and meaning.

Measures are declared in `outcomes/measures.py`, columns of runs in `study/tables.py`, factors in the schema of
scenarios; what comparisons, controls and sensitivity add stands here. `declared` finds any of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic.fields import FieldInfo

from cosim.compare.controls import RESOURCES, STAGES
from cosim.compare.people import WHO
from cosim.display.words import STAGES as STAGE_NAMES
from cosim.display.words import group_name
from cosim.language import Language, language
from cosim.outcomes.measures import CATEGORY_MEASURES, GROUPS, measure_of
from cosim.scenario.places import find_place
from cosim.scenario.schema import Scenario
from cosim.study.experiment import UNIT
from cosim.study.sensitivity.cells import is_outcome
from cosim.study.sweep.design import factor_metadata
from cosim.study.tables import KEYS, Declared, Kind
from cosim.world.columns import TENURES

OF_OUTCOME = "of the outcome"
"""Unit of columns whose rows are of different outcomes."""
OUTCOME = "outcome"
"""The column that names them."""
EFFECT_VERDICTS = ("wins", "loses", "raises", "lowers", "undecided")


def _value(name: str, en: str, zh: str, meaning: str) -> Declared:
    """Declare a value in the unit of the row's outcome."""
    return Declared(name, "number", OF_OUTCOME, en, zh, meaning)


def _share(name: str, en: str, zh: str, meaning: str, unit: str = "share") -> Declared:
    return Declared(name, "number", unit, en, zh, meaning, 0, 1)


def _count(name: str, unit: str, en: str, zh: str, meaning: str) -> Declared:
    return Declared(name, "integer", unit, en, zh, meaning, 0)


def _word(name: str, en: str, zh: str, meaning: str, *words: str, unit: str = "word") -> Declared:
    return Declared(name, "string", unit, en, zh, meaning, words=words)


def _by_name(*columns: Declared) -> Mapping[str, Declared]:
    return MappingProxyType({column.name: column for column in columns})


COMMON = _by_name(
    _word("against", "Compared with", "对照情景", "scenario that it is compared with, the first; empty if with none",
          unit="name"),
    _word(OUTCOME, "Outcome", "结果", "name of the measure; of a group or service, with its name behind a dot",
          unit="name"),
    _word("unit", "Unit", "单位", "unit of the row's outcome"),
    _value("mean_a", "Mean of the first", "对照情景均值", "mean of the first scenario over replicates"),
    _value("mean_b", "Mean of the scenario", "本情景均值", "mean of the scenario over the same replicates"),
    _value("difference", "Difference", "差异", "mean of the paired differences: the scenario less the first"),
    _value("low", "Lower end", "下限", "lower end of the 95 % t interval of the difference, for itself"),
    _value("high", "Upper end", "上限", "upper end of the 95 % t interval of the difference, for itself"),
    _value("low_all", "Lower end, family", "下限（整族）",
           "lower end of the t interval that covers at 95 % for all of the row's family at once (Bonferroni)"),
    _value("high_all", "Upper end, family", "上限（整族）",
           "upper end of the t interval that covers at 95 % for all of the row's family at once (Bonferroni)"),
    _value("low_boot", "Lower end, bootstrap", "下限（自助法）",
           "lower end of the 95 % bootstrap-t interval; none with fewer than eight pairs"),
    _value("high_boot", "Upper end, bootstrap", "上限（自助法）",
           "upper end of the 95 % bootstrap-t interval; none with fewer than eight pairs"),
    Declared("effect_size", "number", "standard deviations", "Effect size", "效应量",
             "difference in standard deviations between replicates (Hedges' d_av)"),
    _share("superiority", "Superiority", "优势概率", "share of pairs in which it is larger, ties counted half"),
    Declared("variance_removed", "number", "share", "Variance removed by pairing", "配对消除的方差",
             "share of the difference's variance that pairing took away; below 0 where pairing added some", None, 1),
    Declared("months_to_half", "number", "month", "Month of half the effect", "半效月份",
             "month from which on at least half of the final difference is there; none where that may be none", 0),
    Declared("months_to_half_low", "number", "month", "Month of half the effect, lower end", "半效月份下限",
             "lower end of its 95 % bootstrap interval", 0),
    Declared("months_to_half_high", "number", "month", "Month of half the effect, upper end", "半效月份上限",
             "upper end of its 95 % bootstrap interval", 0),
    _count("n", "pairs", "Pairs", "配对数", "number of pairs of replicates in which the outcome is known"),
    _share("p", "p-value", "p 值", "p-value of the paired t test", "probability"),
    _share("p_holm", "p-value, adjusted", "p 值（Holm 校正）", "p-value adjusted for the row's family (Holm)",
           "probability"),
    _word("mode_a", "Mode of the first", "对照情景供给模式", "mode by which the first scenario supplies the service",
          unit="name"),
    _word("mode_b", "Mode of the scenario", "本情景供给模式", "mode by which the scenario supplies the service",
          unit="name"),
    _value("mean", "Mean", "均值", "mean over replicates"),
    *(_value(f"q{share:02}", f"{share} % quantile", f"{share}% 分位数", f"{share} % quantile over replicates")
      for share in (5, 25, 50, 75, 95)),
    _count("trapped", "replicates", "Trapped", "陷入收费困境的重复数",
           "replicates that end with fewer than half of the households paying the property fee"),
    _count("replicates", "replicates", "Replicates", "重复次数", "number of replicates"),
    _word("who", "Who", "人群", "all present, stayers, or the cohort of month 0", *WHO),
    Declared("people_a", "number", "people", "People in the first", "对照情景人数", "how many they are, on average", 0),
    Declared("people_b", "number", "people", "People in the scenario", "本情景人数",
             "how many they are, on average", 0),
    _share("covered", "Covered", "覆盖比例", "share of the first scenario's residents who live in both worlds"),
    _share("gain", "Gain", "受益比例", "share whose difference is above 0.02"),
    _share("lose", "Lose", "受损比例", "share whose difference is below -0.02"),
    _share("luck", "Luck", "偶然性",
           "share of the variance between persons' differences that does not come back in other replicates"),
    _word("trait", "Trait", "特征", "what is told apart, at month 0"),
    _word("stratum", "Stratum", "分层", "group, tenure, building, or from and below which value"),
    _share("share", "Share", "占比", "share of the persons who live in both worlds"),
    _word("place", "Place", "地点", "all, or the number of a building"),
    _count("dwellings", "dwellings", "Dwellings", "住户数", "how many dwellings"),
    _word("control", "Control", "控制", "what is made equal: public cost, or all resources", *RESOURCES),
    _word("stage", "Stage", "环节", "stage of the reform", *STAGES),
    Declared("step", "integer", "number", "Step", "步骤", "number of the step, from 1", 1),
    _word("effect", "Effect", "效应", "supply without and with renovation, renovation under either, and interaction"),
    _word("part", "Part", "部分", "total, resources, or arrangement", "total", "resources", "arrangement"),
    _word("factor", "Factor", "因素", "key of the scenario that the design varies", unit="name"),
    _value("before", "Before", "此前", "mean over the last 12 months of the warm-up; of costs, over all of it"),
    _value("lowest", "Lowest", "最小值", "least over replicates"),
    _value("highest", "Highest", "最大值", "largest over replicates"),
)  # fmt: skip
"""Columns that mean the same in several tables."""

INDICES = _by_name(
    Declared("rank", "integer", "number", "Rank", "排名", "1 moves the outcome most", 1),
    _value("mu", "Mean effect", "基本效应均值", "mean of the factor's elementary effects (Morris)"),
    Declared("mu_star", "number", OF_OUTCOME, "Mean size of effects", "基本效应绝对均值",
             "mean size of the factor's elementary effects (Morris)", 0),
    Declared("mu_star_conf", "number", OF_OUTCOME, "Half interval of mean size", "绝对均值置信半宽",
             "half of the 95 % interval of the mean size", 0),
    Declared("sigma", "number", OF_OUTCOME, "Spread of effects", "基本效应标准差",
             "standard deviation of the factor's elementary effects", 0),
    Declared("S1", "number", "share", "First-order index", "一阶指数",
             "share of the variance that the factor alone moves (Sobol); estimated, so that it may leave 0 to 1"),
    Declared("S1_conf", "number", "share", "Half interval of first-order index", "一阶指数置信半宽",
             "half of its 95 % interval", 0),
    Declared("ST", "number", "share", "Total index", "总指数",
             "share of the variance that the factor moves, with others too (Sobol); estimated", 0),
    Declared("ST_conf", "number", "share", "Half interval of total index", "总指数置信半宽",
             "half of its 95 % interval", 0),
    Declared("luck", "number", OF_OUTCOME, "Luck", "偶然性",
             "mean size that luck alone would give (Morris), or the part of the total index that is luck (Sobol)", 0),
    _share("noise", "Noise", "噪声占比", "share of the variance between the points' means that is luck"),
    _count("used", "blocks", "Used", "使用的块数", "trajectories (Morris) or blocks of the base sample (Sobol) used"),
    _count("dropped", "blocks", "Dropped", "舍弃的块数", "those in which a point has no value"),
    _count("replicates", "replicates", "Replicates", "重复次数", "replicates of the point that has fewest"),
)  # fmt: skip

BOXES = _by_name(
    _word("box", "Box", "区域", "conditions on the factors, or everywhere", unit="text"),
    _count("points", "points", "Points", "设计点数", "points of the design in the box"),
    _count("wins", "points", "Wins", "占优点数", "points at which the scenario does better"),
    _count("loses", "points", "Loses", "落后点数", "points at which it does worse"),
    _count("raises", "points", "Raises", "升高点数", "points at which it has more of what is neither good nor bad"),
    _count("lowers", "points", "Lowers", "降低点数", "points at which it has less of that"),
    _count("undecided", "points", "Undecided", "未定点数", "points at which the interval covers zero"),
    _word("verdict", "Verdict", "结论", "the commonest in the box", *EFFECT_VERDICTS, "mixed"),
    _value("difference", "Difference", "差异", "mean difference over the box's points"),
    _share("right", "Foretold", "预测正确率", "share of points, each left out once, whose verdict the others foretell"),
    _share("right_without", "Foretold without boxes", "基准正确率", "share that the commonest verdict alone foretells"),
)  # fmt: skip

WORLDS = _by_name(
    _value("low", "5 % quantile", "5% 分位数",
           "5 % quantile of the pairs' differences: luck and what is not known"),
    _value("median", "Median", "中位数", "median of the pairs' differences"),
    _value("high", "95 % quantile", "95% 分位数",
           "95 % quantile of the pairs' differences: luck and what is not known"),
    _share("raises", "Raises", "升高比例", "share of pairs in which the scenario is above the first"),
    _share("lowers", "Lowers", "降低比例", "share of pairs in which it is below the first"),
    _count("pairs", "pairs", "Pairs", "配对数", "number of pairs, one in each world unless there are more"),
)  # fmt: skip

OWN: Mapping[str, Mapping[str, Declared]] = {
    "over_worlds": WORLDS,
    "indices": INDICES,
    "boxes": BOXES,
    "differences": _by_name(
        _word("verdict", "Verdict", "结论", "what the interval says; unknown without a pair",
              *EFFECT_VERDICTS, "unknown")
    ),
    "arms": _by_name(_count("n", "replicates", "Replicates", "重复次数", "replicates in which the outcome is known")),
    "resources": _by_name(
        Declared("factor", "number", "factor", "Factor", "倍数", "factor on the first scenario's public means", 0),
        Declared("aim", "number", "yuan per resident and year", "Aim", "目标", "what the other scenario costs", 0),
        Declared("reached", "number", "yuan per resident and year", "Reached", "达到",
                 "what the first costs with that factor", 0),
        _word("verdict", "Verdict", "结论", "whether both costs are equal to 2 %", "met", "nearest", "out of reach"),
    ),
    "twins": _by_name(
        *(_value(f"q{share:02}", f"{share} % quantile", f"{share}% 分位数", f"{share} % quantile over persons")
          for share in (5, 25, 50, 75, 95))
    ),
    "places": _by_name(
        *(_value(f"q{share:02}", f"{share} % quantile", f"{share}% 分位数", f"{share} % quantile over dwellings")
          for share in (5, 25, 50, 75, 95))
    ),
    "outcomes": _by_name(_count("n", "pairs", "Number", "数量", "pairs, or replicates of one scenario, that count")),
    "by_group": _by_name(_count("n", "pairs", "Number", "数量", "pairs, or replicates of one scenario, that count")),
    "by_category": _by_name(_count("n", "pairs", "Number", "数量", "pairs, or replicates of one scenario, that count")),
    "residents": _by_name(
        Declared("node", "integer", "row", "Node", "节点", "row of the resident, which is the node's name", 0),
        Declared("household", "integer", "row", "Household", "家庭", "household that the resident belongs to", 0),
        Declared("building", "integer", "number", "Building", "楼栋", "number of the building", 0),
        Declared("group", "string", "name", "Group", "群体",
                 "group of residents: long-term, migrant or Party member", words=GROUPS),
        Declared("migrant", "boolean", "yes or no", "Migrant", "外来流动人口", "whether the resident is a migrant"),
        Declared("member", "boolean", "yes or no", "Party member", "党员", "whether the resident is a Party member"),
        Declared("age", "number", "years", "Age", "年龄", "age of the resident", 18, 130),
        _word("tenure", "Tenure", "住房性质", "how the household holds its dwelling", *TENURES),
        Declared("months_lived", "integer", "months", "Months lived here", "居住月数", "months since arrival", 0),
        Declared("ties", "integer", "ties", "Ties", "关系数", "how many residents the resident has a tie to", 0),
    ),
    "ties": _by_name(
        _share("weight", "Strength", "关系强度", "strength of the tie between two residents", "0 to 1"),
    ),
    "dictionary": _by_name(
        _word("table", "Table", "表", "name of the table", unit="name"),
        _word("column", "Column", "变量", "name of the column", unit="text"),
        _word("type", "Type", "类型", "string, integer, number or boolean", "string", "integer", "number", "boolean"),
        _word("unit", "Unit", "单位", "unit of the values", unit="text"),
        Declared("minimum", "number", "of the column", "Minimum", "最小值", "least value that can be"),
        Declared("maximum", "number", "of the column", "Maximum", "最大值", "largest value that can be"),
        _word("label_en", "Label in English", "英文标签", "name for people, in English", unit="text"),
        _word("label_zh", "Label in Chinese", "中文标签", "name for people, in Chinese", unit="text"),
        _word("meaning_en", "Meaning in English", "英文含义", "what stands in the column, in English", unit="text"),
        _word("meaning_zh", "Meaning in Chinese", "中文含义", "what stands in the column, in Chinese", unit="text"),
        _word("values", "Values", "取值", "all that may stand there, if that is known", unit="text"),
        _word("statistics_name", "Name in Stata and SPSS", "Stata 和 SPSS 变量名",
              "name of the column where these refuse its own; empty if they do not", unit="text"),
    ),
    "provenance": _by_name(
        _word("what", "What", "项目", "what is told", unit="text"),
        _word("value", "Value", "内容", "what it is", unit="text"),
    ),
}  # fmt: skip
"""Columns that a table alone has, or that mean something else in it."""

TITLES = {
    "outcomes": "What came out: each outcome of the whole compound",
    "over_worlds": "In how many plausible worlds outcomes differ",
    "arms": "Each scenario by itself",
    "by_group": "Outcomes by group of residents",
    "by_category": "Outcomes by category of service",
    "fee_trap": "Replicates that end in the fee trap",
    "by_people": "Individuals: all present, stayers, cohort",
    "twins": "The same person in both worlds",
    "who_gains": "Who gains and who loses",
    "places": "The same dwelling in both worlds",
    "resources": "Equal resources: what made costs equal",
    "split": "Resources or arrangement",
    "square": "Supply and renovation",
    "ladder": "Stage by stage",
    "decomposition": "What each stage contributes (Shapley value)",
    "worlds": "The world of each replicate",
    "design": "Points of the design",
    "differences": "What scenarios change, point by point",
    "indices": "How much each factor moves outcomes",
    "boxes": "Where a reform wins and loses",
    "runs": "Runs, and what became of them",
    "months": "Time courses of the whole compound",
    "groups": "Time courses by group of residents",
    "categories": "Time courses by category of service",
    "orders": "Orders and their dates",
    "residents": "Residents: nodes of the network",
    "ties": "Ties: edges of the network",
    "dictionary": "All columns: type, unit, range, meaning",
    "provenance": "Where this comes from",
}
"""What each table holds, in the order in which they are read."""


Parts = Mapping[str, tuple[str, str]]
"""Names of groups and of categories of service, in English and Chinese, by their names in the code."""


def all_declared() -> Iterator[Declared]:
    """Yield every declaration but those of measures and of the schema's factors."""
    yield from KEYS.values()
    yield from COMMON.values()
    for own in OWN.values():
        yield from own.values()


def words_of(column: Declared, word: str, parts: Parts, say: Language) -> str:
    """Return a word that stands in a column as people read it: an outcome's label, a scenario's or service's name."""
    if column.name == OUTCOME:
        return say.label(_of_measure("", word, parts))
    if column.name == "unit":
        return say(word)
    if word in parts:
        return say.pick(*parts[word])
    return say(text_of(word))


def text_of(word: str) -> str:
    """Return a word of the code as people read it, in English."""
    return STAGE_NAMES.get(word) or group_name(word)


def parts_of(scenarios: Iterable[Mapping[str, Any]]) -> Parts:
    """Return the names of groups, and of the categories of service of scenarios as study.json has them."""
    chinese = language("zh")
    groups = {group: (group_name(group), group_name(group, chinese)) for group in GROUPS}
    categories = {name: it for tree in scenarios for name, it in tree["categories"].items()}
    return groups | {name: (it["label"], it["label_zh"] or it["label"]) for name, it in categories.items()}


def declared(table: str, column: str, parts: Parts = MappingProxyType({})) -> Declared:
    """Return the declaration of a table's column. Raises LookupError for one that nobody has declared.

    `parts` are the names that labels of outcomes such as "wait.heating" end with.
    """
    own = OWN.get(table, {})
    if column in own:
        return own[column]
    if column in KEYS or column in COMMON:
        return KEYS[column] if column in KEYS else COMMON[column]
    if is_outcome(column) or (table == "categories" and column in CATEGORY_MEASURES):
        return _of_measure(table, column, parts)
    place = find_place(Scenario, column.removeprefix(UNIT).split("."))
    if place is None or place.field is None:
        raise LookupError(f"no column {column!r} of a table {table!r} is declared")
    return _drawn(column) if column.startswith(UNIT) else _of_factor(column, place.field, place.kind)


def _of_measure(table: str, column: str, parts: Parts) -> Declared:
    """Return the column of a measure: its course, or in `runs` its level, which may have another unit."""
    name, _, part = column.partition(".")
    measure = CATEGORY_MEASURES[name] if table == "categories" else measure_of(column)
    unit = measure.unit_of_level if table == "runs" else measure.unit
    if table == "residents" and measure.unit == "share":
        return Declared(column, "boolean", "yes or no", measure.en, measure.zh, measure.meaning)
    en, zh = measure.en, measure.zh
    if part:
        of = parts.get(part, (part, part))
        en, zh = f"{en}: {of[0]}", f"{zh}：{of[1]}"
    return Declared(column, "number", unit, en, zh, measure.meaning, *measure.bounds)


def _drawn(column: str) -> Declared:
    """Return the column that says where a factor's value was drawn."""
    of = factor_metadata(column.removeprefix(UNIT))
    en, zh = f"Drawn: {of.get('en', column)}", f"抽样位置：{of.get('zh', column)}"
    return Declared(column, "number", "0 to 1", en, zh, "where the factor's value was drawn, from 0 to 1", 0, 1)


def _of_factor(key: str, field: FieldInfo, kind: type) -> Declared:
    """Return the column of a factor, as the schema of scenarios has it."""
    words = factor_metadata(key)
    kinds: Mapping[type, Kind] = {bool: "boolean", int: "integer", float: "number"}
    bounds = {name: getattr(limit, name) for limit in field.metadata for name in ("ge", "gt", "le", "lt")
              if hasattr(limit, name)}  # fmt: skip
    return Declared(
        key, kinds.get(kind, "string"), words["unit"], words.get("en", key), words.get("zh", key),
        "value of this key of the scenario, which the study varies",
        bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt")),
    )  # fmt: skip
