"""What an experiment file may say: which scenarios, which factors, which design, how often, what is kept."""

from typing import Any, Literal, Unpack

from pydantic import Field

from cosim.outcomes.measures import MEASURES
from cosim.scenario.field import Bounds, Section

Method = Literal["grid", "latin_hypercube", "sobol", "morris", "list"]
MOST_POINTS = 1_000_000
"""Points of a design at most."""
HEADLINES = tuple(name for name, measure in MEASURES.items() if measure.headline)
"""Outcomes that are kept unless a file names its own."""


def key(default: Any, *, unit: str, en: str, zh: str, **bounds: Unpack[Bounds]) -> Any:
    """A key of an experiment file: its default (`...` if it must be said), unit, labels, and a number's bounds."""
    return Field(default, json_schema_extra={"unit": unit, "label": {"en": en, "zh": zh}}, **bounds)


class Range(Section):
    """All values of a factor from `low` to `high`.

    A grid takes `steps` of them, the ends included; other designs draw. On a scale "log" equal ratios are equally far
    apart. For a key whose value is a whole number, values are rounded, so that the ends are drawn half as often as
    numbers between them.
    """

    low: float = key(..., unit="as the factor", en="Lowest value", zh="最低值")
    high: float = key(..., unit="as the factor", en="Highest value", zh="最高值")
    steps: int | None = key(None, ge=2, le=1000, unit="values", en="Values that a grid takes", zh="网格取值数")
    scale: Literal["linear", "log"] = key("linear", unit="choice", en="How values are spread", zh="尺度")


class Design(Section):
    """How points are chosen among all combinations of the factors' values."""

    method: Method = key("grid", unit="choice", en="Method", zh="方法")
    points: int | None = key(None, ge=1, le=MOST_POINTS, unit="points", en="Points, or base sample of Sobol", zh="点数")
    trajectories: int | None = key(None, ge=2, le=10_000, unit="trajectories", en="Morris: trajectories", zh="轨迹数")
    levels: int | None = key(None, ge=2, le=100, unit="levels", en="Morris: levels of a factor (4)", zh="水平数")
    cases: str | None = key(None, unit="file", en="List: CSV file with a row for each case", zh="案例文件")


class Until(Section):
    """Further replicates, until an outcome's paired difference to the first scenario is known well enough."""

    outcome: str = key(..., unit="outcome", en="Outcome that is to be known", zh="结果变量")
    half_width: float = key(..., gt=0.0, unit="as the outcome", en="Half of the 95 % interval", zh="置信区间半宽")
    max_replicates: int = key(..., ge=2, le=100_000, unit="replicates", en="Replicates at most", zh="最多重复次数")


class Experiment(Section):
    """A sweep: scenarios at every point of a design, with replicates.

    `factors` maps a dotted key to its values or to a range; `settings` maps a dotted key to the value that it has in
    every run. `scenarios` and `design.cases` hold full paths where they name files.
    """

    name: str = key("experiment", unit="letters, digits, - and _", en="Name", zh="名称")
    title: str = key("", unit="text", en="Title in English", zh="英文标题")
    title_zh: str = key("", unit="text", en="Title in Chinese", zh="中文标题")
    description: str = key("", unit="text", en="The question, in words", zh="说明")
    scenarios: tuple[str, ...] = key(..., unit="names or files", en="Scenarios, the reference first", zh="情景")
    replicates: int = key(10, ge=1, le=100_000, unit="replicates", en="Replicates of each run", zh="重复次数")
    seed: int = key(1, ge=0, le=2**32 - 1, unit="seed", en="Seed of the study", zh="随机种子")
    outcomes: tuple[str, ...] = key(HEADLINES, unit="outcomes", en="Outcomes that are kept", zh="结果变量")
    record_every: int = key(1, ge=0, le=1200, unit="months", en="Every how many (0: no month)", zh="记录间隔")
    settings: dict[str, Any] = key({}, unit="keys of a scenario", en="The same in every run", zh="共同设置")
    factors: dict[str, tuple[Any, ...] | Range] = key({}, unit="keys of a scenario", en="What is varied", zh="因素")
    design: Design = Design()
    until: Until | None = None
