"""C1 to C5: the unreformed compound, five years in. They were used to choose parameters, and so are no evidence."""

import math

from cosim.community import Community
from cosim.patterns.pattern import Arm, Criterion, Pattern

UNREFORMED = Arm("single_centre", {"study.months": 60})
YEAR_5 = (48, 59)
"""Months of the window: a year after 48 months without a reform."""
MEASURES = ("fee_collection", "turnout", "trust_neighbours", "near_isolates", "trust_spread")


def read(community: Community) -> dict[str, float]:
    """Return the means of the fifth year."""
    months = community.run().months
    window = months[months["month"].between(*YEAR_5)]
    return {name: window[name].mean() for name in MEASURES}


def _pattern(
    name: str, measure: str, low: float, high: float, title: str, title_zh: str, observed: str, source: str, mark: str
) -> Pattern:
    criterion = Criterion(title, lambda readings: readings["unreformed"][measure], low, high)
    return Pattern(
        name, "calibration", title, title_zh, observed, source, mark, {"unreformed": UNREFORMED}, read, (criterion,),
        replicates=30,
    )  # fmt: skip


C1 = _pattern(
    "C1", "fee_collection", 0.30, 0.50, "Fee collection in an unmanaged compound", "失管小区物业费收缴率",
    "41 % of households paid before owners took over", "Pinge building, Beijing, China Daily 2009", "R",
)  # fmt: skip
C2 = _pattern(
    "C2", "turnout", 0.40, 0.56, "Turnout in the residents' committee's election", "居委会选举投票率",
    "47.9 % said they had voted, N = 6,581", "Shanghai survey, 《嬗变中的上海》", "R",
)  # fmt: skip
C3 = _pattern(
    "C3", "trust_neighbours", 0.60, 0.75, "Trust in neighbours", "对邻居的信任",
    "mean of 6.7 on a scale of 0 to 10", "CFPS, Zhang et al. 2025", "R",
)  # fmt: skip
C4 = _pattern(
    "C4", "near_isolates", 0.20, 0.30, "Near-isolates", "近孤立者",
    "27.5 % almost never meet neighbours, N = 8,213", "Shanghai SUNS 2017", "R",
)  # fmt: skip
C5 = _pattern(
    "C5", "trust_spread", 0.15, math.inf, "Spread of trust after 48 quiet months", "平静四年后的信任差异",
    "trust differs widely between residents: standard deviation about .2", "assumed", "B",
)  # fmt: skip
