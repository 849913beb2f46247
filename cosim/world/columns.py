"""The table of columns: all state of residents and households, declared once.

Documentation, labels, Parquet metadata and checks read this table; nothing springs up at run time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

TARGETS = ("neighbours", "government", "party", "firm", "partners")
"""Whom a resident trusts more or less; the order of the last axis of `trust`, `set_point` and signals."""

NEIGHBOURS, GOVERNMENT, PARTY, FIRM, PARTNERS = range(5)
TENURES = ("owned", "public_rental", "let")
OWNED, PUBLIC_RENTAL, LET = range(3)
"""Tenure of a household's dwelling."""
NEVER = -10_000
"""Month of something that has not happened yet."""


@dataclass(frozen=True)
class Column:
    """One column: `width` numbers per row, within [low, high]."""

    name: str
    dtype: Any
    unit: str
    low: float
    high: float
    en: str
    zh: str
    initial: float = 0
    width: int = 1


SHARE = ("share", 0.0, 1.0)
MONTH = ("month", NEVER, 100_000)

RESIDENT_COLUMNS = (
    # Who it is: fixed while the person lives here.
    Column("key", np.uint64, "key", 0, 2**64 - 1, "Key of the person", "个人编号"),
    Column("arrival", np.int32, "number", 0, 2**31 - 1, "Number of people who lived in this row before", "入住序号"),
    Column("present", np.bool_, "yes or no", 0, 1, "Lives here", "在住", 1),
    Column("household", np.int32, "row", 0, 2**31 - 1, "Household", "家庭"),
    Column("building", np.int32, "number", 0, 2**31 - 1, "Building", "楼栋"),
    Column("migrant", np.bool_, "yes or no", 0, 1, "Migrant", "外来流动人口"),
    Column("member", np.bool_, "yes or no", 0, 1, "Party member", "党员"),
    Column("cooperator", np.int8, "type", 0, 2, "Cooperator type: conditional, free rider, hump-shaped", "合作类型"),
    Column("threshold", np.float32, "intention", -4, 4, "Personal threshold to act", "个人阈值"),
    Column("hours", np.float32, "hours a month", 0, 400, "Hours that a Party member can spare", "可用时间"),
    Column("arrived", np.int32, "month", -100_000, 100_000, "Month of arrival", "入住月份"),
    Column("age", np.float32, "years", 18, 130, "Age", "年龄", 40),
    Column("profile", np.int8, "profile", 0, 7, "Profile of needs: old, children, migrant", "需求类型"),
    Column("set_point", np.float32, *SHARE, "Set point of trust, by target", "信任基准", 0.5, 5),
    # What the person thinks and feels.
    Column("trust", np.float32, *SHARE, "Trust, by target", "信任", 0.5, 5),
    Column("expectation", np.float32, *SHARE, "Expected condition of services", "期望", 0.5),
    Column("satisfaction", np.float32, *SHARE, "Satisfaction with services", "满意度", 0.5),
    Column("safety", np.float32, *SHARE, "Perceived safety", "安全感", 0.5),
    Column("grievance", np.float32, *SHARE, "Largest weighted shortfall of a service", "不满"),
    Column("handling", np.float32, *SHARE, "Satisfaction with handling of orders", "办理满意度", 0.5),
    Column("efficacy", np.float32, *SHARE, "External efficacy", "效能感", 0.5),
    Column("belonging", np.float32, *SHARE, "Belonging", "归属感", 0.4),
    Column("mobilisation", np.float32, *SHARE, "Mobilisation", "动员"),
    Column("habit", np.float32, *SHARE, "Habit of contributing", "参与习惯"),
    # What the person did last, by form.
    Column("ordered", np.int32, *MONTH, "Last order", "最近下单", NEVER),
    Column("deliberated", np.int32, *MONTH, "Last meeting", "最近议事", NEVER),
    Column("coproduced", np.int32, *MONTH, "Last joint work", "最近共同生产", NEVER),
    Column("voted", np.int32, *MONTH, "Last vote", "最近投票", NEVER),
    Column("stood", np.int32, *MONTH, "Last candidacy", "最近参选", NEVER),
    Column("signed_off", np.int32, *MONTH, "Last own order signed off", "最近结单", NEVER),
    # What the person has from others this month.
    Column("norm", np.float32, *SHARE, "Visible share of ties that contributed", "可见规范"),
    Column("embedded", np.float32, "sum of strengths", 0, 64, "Strength of all ties", "关系强度"),
    Column("close_ties", np.int16, "ties", 0, 64, "Ties above the near-isolate strength", "较强关系数"),
    # What others see of the person: written one month, read the next.
    Column("published", np.float32, "signal or share", -1, 1, "Signals; informed; contributed", "公开信号", 0, 8),
    Column("informed", np.float32, *SHARE, "Informed about common affairs", "知情"),
)  # fmt: skip

HOUSEHOLD_COLUMNS = (
    Column("key", np.uint64, "key", 0, 2**64 - 1, "Key of the household", "家庭编号"),
    Column("arrival", np.int32, "number", 0, 2**31 - 1, "Number of households that lived here before", "入住序号"),
    Column("building", np.int32, "number", 0, 2**31 - 1, "Building", "楼栋"),
    Column("first", np.int32, "row", 0, 2**31 - 1, "First row of its residents", "首行"),
    Column("size", np.int32, "adults", 1, 12, "Places for adults", "成人数", 1),
    Column("migrant", np.bool_, "yes or no", 0, 1, "Migrant household", "外来家庭"),
    Column("children", np.bool_, "yes or no", 0, 1, "Has children", "有孩子"),
    Column("arrived", np.int32, "month", -100_000, 100_000, "Month of arrival", "入住月份"),
    Column("area", np.float32, "square metres", 10, 500, "Dwelling", "住房面积", 75),
    Column("taste", np.float32, "logits", -40, 40, "Readiness to pay", "缴费倾向"),
    Column("tenure", np.int8, "type", 0, 2, "Tenure: owner lives here, public rental, let by an absent owner",
           "住房性质"),
    Column("keeps", np.bool_, "yes or no", 0, 1, "Keeps shared space instead of encroaching on it", "守护公共空间"),
    Column("warned", np.bool_, "yes or no", 0, 1, "Has been warned for encroaching", "曾被警告"),
    Column("rival", np.int32, "row", -1, 2**31 - 1, "Household it is in dispute with, or -1", "纠纷对方", -1),
    Column("pays", np.bool_, "yes or no", 0, 1, "Pays the property fee", "缴纳物业费"),
    Column("fee", np.float32, "yuan a month", 0, 5000, "Property fee due", "应缴物业费"),
)  # fmt: skip

SLOTS = 16
"""Ties that one person can keep."""
INFORMED, CONTRIBUTED = 5, 6
"""Places in `published` after the five signals."""


class Table:
    """Columns of equal length, each an attribute."""

    def __init__(self, columns: tuple[Column, ...], rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self.records: dict[Any, Any] = {}
        for column in columns:
            shape = (rows, column.width) if column.width > 1 else rows
            setattr(self, column.name, np.full(shape, column.initial, column.dtype))

    def __getattr__(self, name: str) -> np.ndarray:
        """Refuse a column that was never declared."""
        raise AttributeError(f"no column {name!r}")

    def faults(self) -> list[str]:
        """Return a line for every column with a value outside its declared range."""
        found = []
        for column in self.columns:
            values = getattr(self, column.name)
            if values.size and not (np.all(values >= column.low) and np.all(values <= column.high)):
                found.append(f"{column.name} leaves [{column.low}, {column.high}]")
        return found
